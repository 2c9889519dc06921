"""Poems in a form by character-level poets: kept whatever the weights, and words only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import product
from string import ascii_letters, ascii_lowercase

import numpy as np
import pytest

import quatrain
from quatrain.config import Sampling
from quatrain.errors import PoetError, UserError
from quatrain.form import Checker, names
from quatrain.poet import Vocabulary, WordVocabulary, bundled_words, tokens
from quatrain.poet.network import CharacterSize
from quatrain.records import Poem
from quatrain.write import CharacterWriter, ConstrainedGeneration, OverlapIndex, WriteOptions
from quatrain.write.bias import LogitBias
from quatrain.write.constrained.decoders.character_decoder import CharacterDecoder
from quatrain.write.constrained.decoders.trie import Trie, TrieView
from quatrain.write.constrained.line.constraint import LineConstraint, LineRequirements
from quatrain.write.constrained.prosody import Prosody
from quatrain.write.search import BeamSearch, ParticleFilter

CHECKER = Checker()
ENGLISH = ascii_letters + "\n ',;:.!?-"


@cache
def stranger(alphabet: str = ENGLISH, scale: float = 0.7) -> CharacterWriter:
    """A poet of weights drawn at random: nothing in it helps a form, or spells a word."""
    return at_random(alphabet, scale, {})


def at_random(alphabet: str, scale: float, config: dict[str, object]) -> CharacterWriter:
    vocabulary = Vocabulary(tuple(sorted(alphabet)))
    generator = np.random.default_rng(5)
    size = CharacterSize(vocabulary.size, 4, 8, 1)
    tensors = {
        name: generator.normal(0, scale, shape).astype(np.float32)
        for name, shape in size.shapes.items()
    }
    return CharacterWriter(tensors, vocabulary, config=config, name="stranger")


@pytest.mark.slow
@pytest.mark.parametrize("form", names())
def test_every_form_is_kept_whatever_the_weights(form: str) -> None:
    known = set(bundled_words().words)
    for poem in stranger().write_many(2, form=form, seed=3, particles=4):
        verdict = CHECKER.check(poem, form, strict=True)
        assert verdict.kept, f"{poem.text}\n{verdict.broken}"
        drawn = {token for line in poem.lines for token in tokens.line_tokens(line.text)}
        assert drawn <= known
        assert poem.lines[-1].text[-1].isalpha() or poem.lines[-1].text[-1] in ".!?"


@pytest.mark.slow
def test_wishes_are_met(
    every_wish: WriteOptions, assert_every_wish_is_met: Callable[[Poem], None]
) -> None:
    assert_every_wish_is_met(stranger().write(every_wish))


@pytest.mark.parametrize("capital_lines", [False, True])
def test_lines_begin_as_in_the_poets_own_corpus(capital_lines: bool) -> None:
    style = tokens.Style(capital_lines=capital_lines, capital_after=frozenset(), words={"i": "i"})
    poet = with_style(style.facts())
    poem = poet.write(form="haiku", seed=0, particles=4)
    for line in poem.lines:
        assert next(sign for sign in line.text if sign.isalpha()).isupper() == capital_lines
    assert tokens.Typesetter(CharacterDecoder(poet).vocabulary.style).line(["a", "i"]).endswith("i")


@pytest.mark.parametrize("facts", [{}, {"words": 3}, "small", 0])
def test_a_damaged_style_is_told(facts: object) -> None:
    with pytest.raises(PoetError, match="a style that can't be read"):
        with_style(facts).write(form="haiku")


def with_style(facts: object) -> CharacterWriter:
    """A poet that records the style of its corpus."""
    return at_random(ENGLISH, 0.7, {"corpus": {"style": facts}})


def test_a_word_outside_the_vocabulary_is_kept_where_it_is_given() -> None:
    poem = stranger().write(
        form="haiku", seed=0, particles=4, start="The xylems", end="some zithers.",
        fixed={2: "We kettledrum by the lake"},
    )  # fmt: skip
    assert poem.lines[0].text.startswith("The xylems")
    assert poem.lines[1].text == "We kettledrum by the lake"
    assert poem.lines[2].text.lower().endswith("some zithers.")
    assert not {"xylems", "kettledrum", "zithers"} & set(bundled_words().words)


@pytest.mark.slow
@pytest.mark.parametrize(
    "sampling",
    [Sampling(temperature=0.0), Sampling(top_k=3), Sampling(top_p=0.5), Sampling(min_p=0.2)],
    ids=["greedy", "top-k", "top-p", "min-p"],
)
def test_every_way_of_sampling_keeps_the_form(sampling: Sampling) -> None:
    poem = stranger().write(form="limerick", seed=1, particles=4, sampling=sampling)
    assert CHECKER.check(poem, "limerick", strict=True).kept


@pytest.mark.slow
def test_the_same_seed_gives_the_same_poem_and_pieces_are_its_text() -> None:
    writing = stranger().begin(form="villanelle", seed=4, particles=4)
    assert isinstance(writing, ConstrainedGeneration)
    text = "".join(writing.pieces())
    assert text == writing.poems[0].text
    assert text == stranger().write(form="villanelle", seed=4, particles=4).text
    assert stranger().write(form="villanelle", seed=5, particles=4).text != text
    assert (writing.statistics.lines, writing.statistics.unit) == (19, "character")


def test_the_poet_reads_what_the_page_shows() -> None:
    """Its surprise at a poem in a form is that at the same text read as any other."""
    poet = stranger()
    writing = poet.begin(form="sonnet", seed=2, particles=4)
    assert isinstance(writing, ConstrainedGeneration)
    read = poet.vocabulary.encode_poem(writing.poems[0])[:-1]
    (nats,) = poet.surprisals([read])
    assert writing.surprisal(0) == pytest.approx(float(nats.mean()), rel=1e-5)
    draft = writing._drafts[0]
    logits, state = poet.step(np.array([poet.vocabulary.START]), poet.start(1))
    for number in read[1:]:
        logits, state = poet.step(np.array([number]), state)
    assert np.allclose(draft.logits, logits, atol=1e-4)
    assert np.allclose(draft.state.cells[0], state.cells[0], atol=1e-4)


@pytest.mark.slow
def test_revising_leaves_the_other_lines() -> None:
    poem = stranger().write(form="villanelle", seed=1, particles=4)
    revised = stranger().revise(poem, 5, seed=9, particles=4)
    pairs = zip(poem.lines, revised.lines, strict=True)
    assert [number for number, (one, other) in enumerate(pairs, 1) if one != other] == [5]
    assert CHECKER.check(revised, "villanelle").kept


def test_a_guard_is_heard() -> None:
    poems = stranger().write_many(3, form="haiku", seed=1, particles=4)
    guard = OverlapIndex(poems, longest=2)
    again = stranger().write(form="haiku", seed=1, particles=4, guard=guard)
    run = guard.longest_run(again)
    assert run is None or run.words <= 2


@pytest.mark.slow
def test_an_alphabet_without_capitals_or_marks_writes_without_them() -> None:
    poem = stranger(ascii_lowercase + "\n ").write(form="sonnet", seed=1, particles=4)
    assert CHECKER.check(poem, "sonnet", strict=True).kept
    assert set(poem.text) <= set(ascii_lowercase + "\n ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("alphabet", "options", "told"),
    [
        ("абвгд \n", {}, "a space and letters that spell"),
        (ascii_letters + "\n", {}, "a space and letters that spell"),
        ("xyz \n", {}, "in this poet's"),
        (ENGLISH, {"about": "sea"}, "can't write about a theme"),
        (ENGLISH, {"about": "qwzrtp"}, "can't write about a theme"),
        (ENGLISH, {"include": ["qwzrtp"]}, "'qwzrtp'"),
        (ENGLISH, {"start": "The café is"}, "characters that the poet has never read: 'é'"),
        (ENGLISH, {"fixed": {2: "I walked along the water"}}, "3 syllables short"),
        (ENGLISH, {"rhyme": {"A": ["orange"]}}, "rhymes with '"),
        (ENGLISH, {"acrostic": "é"}, "begins with 'é'"),
    ],
)
def test_what_cannot_be_is_told(alphabet: str, options: dict[str, object], told: str) -> None:
    with pytest.raises(UserError) as raised:
        stranger(alphabet).write(form="sonnet", seed=1, **options)
    assert told in str(raised.value)


def test_the_trie_allows_what_begins_an_allowed_word() -> None:
    spelled = ["a", "an", "and", "ant", "be", "bean", "o", "o'er", ",", "-", "--", "the", "then"]
    alphabet = Vocabulary(tuple(sorted(set("".join(spelled)))))
    trie = Trie(range(len(spelled)), spelled, alphabet)
    generator = np.random.default_rng(3)
    for _ in range(200):
        allowed = generator.random(len(spelled)) < generator.random()
        view = TrieView(trie, allowed)
        open_texts = {"": trie.root}
        while open_texts:
            text, node = open_texts.popitem()
            onward = view.continuations(node)
            left = [token for token, may in zip(spelled, allowed, strict=True)
                    if may and token.startswith(text)]  # fmt: skip
            assert [spelled[number] for number in onward.complete] == [
                token for token in left if token == text
            ]
            after = {alphabet.decode(np.array([symbol])): each
                     for symbol, each in onward.nodes.items()}  # fmt: skip
            assert set(after) == {token[len(text)] for token in left if token != text}
            open_texts |= {text + sign: each for sign, each in after.items()}


@pytest.mark.slow
@pytest.mark.parametrize("search", [ParticleFilter, BeamSearch])
def test_lines_are_drawn_as_the_poet_would(search: type[ParticleFilter] | type[BeamSearch]) -> None:
    """Against the exact distribution over all lines of two syllables, listed one by one.

    Some of the words begin others, so that where a word ends is known only after it.
    """
    vocabulary = WordVocabulary.from_counts({"win": 9, "wind": 8, "wine": 7, "tin": 6, "tint": 5})
    poet = stranger("\n deintwTW", 0.4)
    lines_of = CharacterDecoder(poet, vocabulary)
    prosody = Prosody(lines_of)
    task = LineConstraint(
        prosody.automaton(2),
        prosody.word_classes,
        LineRequirements(prosody.word_classes.class_ids != 0),
    )
    logits, state = lines_of.start(poet)
    exact: dict[tuple[str, ...], float] = {}
    for line in product(vocabulary.words, repeat=2):
        (nats,) = lines_of.surprisals([[[*line, "\n"]]])
        exact[line] = float(np.exp(-nats.sum()))
    mass = sum(exact.values())

    def distance(count: int) -> float:
        plain = np.zeros(vocabulary.size, np.float32)
        hypothesis = lines_of.make_hypothesis(
            task, LogitBias(plain, plain > 0, doubled_word_bias=0.0)
        )
        found = search(poet, Sampling(temperature=1.0), count).lines(
            [hypothesis] * 500, state.select([0] * 500), np.repeat(logits, 500, axis=0),
            [np.random.default_rng([count, number]) for number in range(500)],
        )  # fmt: skip
        counts = Counter(each[0].hypothesis.tokens for each in found)
        assert set(counts) <= set(exact)
        return sum(abs(counts[line] / 500 - exact[line] / mass) for line in exact) / 2

    assert distance(16) < 0.09
    assert distance(1) > 0.4


@pytest.mark.slow
def test_a_shipped_poet_of_characters_keeps_a_form() -> None:
    poet = quatrain.load("letters")
    poem = poet.write(form="haiku", seed=1, particles=4)
    assert CHECKER.check(poem, "haiku", strict=True).kept
