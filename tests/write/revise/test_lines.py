"""Lines written anew between lines that stay: marks, capitals and likelihood at the seams."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from quatrain.config import Sampling
from quatrain.form import parse
from quatrain.poet import tokens
from quatrain.records import Poem
from quatrain.write import WriteOptions, Writer
from quatrain.write.constrained.generation import ConstrainedGeneration
from quatrain.write.constrained.line.lookahead import Lookahead
from quatrain.write.revise.lines import context_of
from quatrain.write.search import Particle

WORDS = (
    "the", "lamp", "is", "low", "a", "moth", "goes", "by", "and", "river", "rain", "in", "we",
    "sleep", "light", "i", ",", ".", "!", "--", ";", "...",
)  # fmt: skip
SENTENCES = """The lamp is low, a moth goes by
and in the rain we sleep.
The river — “light” — is in the rain,
the moth is in the lamp,
a light."""
SMALL = SENTENCES.lower()
BASE = tokens.Style()


@pytest.fixture(scope="module")
def poets(
    make_word_writer: Callable[..., Writer], make_writer: Callable[..., Writer]
) -> list[Writer]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [
        make_word_writer(WORDS, backwards=False),
        make_word_writer(WORDS, backwards=True),
        make_writer({"\n": 1.0}, alphabet="\n '\",;:.!?-" + letters + letters.upper()),
    ]


def seams(text: str, *numbers: int) -> dict[int, bool]:
    """Whether a sentence ends with each line that changes, by its number from 1."""
    context = context_of(Poem.from_text(text), numbers, BASE)
    return {number + 1: ends for number, ends in context.ends_sentence.items()}


def test_the_first_letter_after_a_line_says_whether_a_sentence_ends_with_it() -> None:
    assert seams(SENTENCES, 1) == {1: False}
    assert seams(SENTENCES, 2) == {2: True}
    assert seams(SENTENCES, 3, 4) == {4: False}
    assert seams(SENTENCES, 5) == {}


def test_where_letters_do_not_say_it_the_old_marks_do() -> None:
    capitals = "The lamp is low,\nAnd so am I.\nThe moth goes by...\nWe sleep!” he said\nIn rain."
    assert seams(capitals, 1) == {1: False}
    assert seams(capitals, 2) == {2: True}
    assert seams(capitals, 3) == {}
    assert seams("We said ‘Go!’\nThe lamp,\nA moth goes by", 1) == {1: True}
    assert seams(SMALL, 1) == {1: False}
    assert seams(SMALL, 2) == {2: True}
    assert seams("the lamp,\nI sleep in rain,\nand by the light", 1) == {1: False}


def test_a_poem_is_set_as_it_is() -> None:
    context = context_of(Poem.from_text(SENTENCES + "\n\nLow."), [1], BASE)
    typesetter = context.typesetter
    assert typesetter is not None
    assert (typesetter.style.capital_lines, typesetter.style.dash) == (False, "—")
    assert typesetter.typographic
    assert context.stanza_ends == {4}
    small = context_of(Poem.from_text(SMALL), [1], BASE).typesetter
    assert small is not None
    assert small.line(["i", "sleep", ".", "we"], sentence=bool(small.style.capital_after)) == (
        "i sleep. we"
    )


@pytest.mark.parametrize("search", ["particles", "beam"])
@pytest.mark.parametrize(("number", "ends"), [(1, False), (2, True), (4, False)])
def test_a_new_line_ends_as_the_line_after_it_asks(
    poets: Sequence[Writer], number: int, ends: bool, search: str
) -> None:
    poem = Poem.from_text(SENTENCES)
    for poet in poets:
        for seed in range(3):
            revised = poet.revise(
                poem, number, form="free-verse", seed=seed, particles=3, search=search
            )
            pairs = zip(poem.lines, revised.lines, strict=True)
            changed = [place for place, (old, new) in enumerate(pairs, 1) if old != new]
            assert changed in ([number], [])
            line = revised.lines[number - 1].text
            assert (line[-1] in ".!?" and not line.endswith("...")) == ends, line
            first = next(sign for sign in line if sign.isalpha())
            begins = number in {1, 3}
            assert first.isupper() == begins or line.lower().split()[0] == "i"
            assert [len(stanza) for stanza in revised.stanzas] == [5]


def test_a_poem_with_breaks_of_its_own_keeps_them_and_its_indentation(
    poets: Sequence[Writer],
) -> None:
    text = "  The lamp is low.\n\n\tthe moth,\nwe sleep\n\n    in rain."
    for poet in poets:
        revised = poet.revise(Poem.from_text(text), 2, form="free-verse", seed=1, particles=3)
        rows = revised.text.split("\n")
        assert [rows[place] for place in (0, 1, 3, 4, 5)] == [
            "  The lamp is low.", "", "we sleep", "", "    in rain.",
        ]  # fmt: skip
        assert rows[2].startswith("\t")
        assert not rows[2][1].isspace()


@pytest.mark.parametrize("temperature", [1.0, 0.5])
def test_the_weight_of_the_line_after_is_its_probability(
    poets: Sequence[Writer], temperature: float
) -> None:
    form = parse('again = ["."]', "made", "made.toml")
    options = WriteOptions(
        form=form, lines=3, fixed={3: "the river, the lamp"}, seed=1, particles=2, contrast=0.0,
        temperature=temperature,
    )  # fmt: skip
    for poet in poets:
        writing = poet.begin(options)
        assert isinstance(writing, ConstrainedGeneration)
        decoder = poet._decoder
        model = decoder.poet
        sampling = Sampling(temperature=temperature)
        lookahead = Lookahead(decoder, model, sampling, writing._constraints)
        assert [lookahead.sees(line) for line in range(3)] == [False, True, False]
        draft = writing._drafts[0]
        line = ["a", "moth", "goes"]
        _, state = decoder.read(model, line, draft.state)
        particle = Particle(_Finished(), 0.0, state)
        (gains,) = lookahead.gains([draft], 1, [[particle, particle]])
        ends = draft.plans[1].end_tokens
        logits, state = decoder.read(model, [*line, *ends], draft.state)
        expected = 0.0
        for number in decoder.encode(line_tokens_of("the river, the lamp")):
            scores = logits[0].astype(np.float64) / temperature
            expected += float(scores[number] - np.log(np.exp(scores).sum()))
            logits, state = model.step(np.array([number]), state)
        assert gains == pytest.approx([expected, expected], abs=1e-3)


def line_tokens_of(text: str) -> list[str]:
    return tokens.line_tokens(text)


class _Finished:
    """A finished line, of which lookahead only reads the state."""

    tokens: tuple[str, ...] = ()
    word_ids: tuple[int, ...] = ()
    done = True


def test_your_lines_count_as_said_wherever_they_stand(poets: Sequence[Writer]) -> None:
    fixed = {1: "the river", 3: "the river and the lamp"}
    for poet in poets:
        writing = poet.begin(WriteOptions(form="free-verse", lines=3, fixed=fixed, seed=1))
        assert isinstance(writing, ConstrainedGeneration)
        numbers = poet._decoder.vocabulary.numbers
        counts = writing._drafts[0].word_counts
        assert counts == {numbers["river"]: 2, numbers["lamp"]: 1}


@pytest.mark.slow
def test_a_line_that_can_end_in_no_such_mark_may_end_without(verse: Writer) -> None:
    lines = ["We left the window open to the rain.", "The rain is in the room"]
    poem = Poem.from_lines(lines)
    revised = verse.revise(poem, 1, form="free-verse", avoid=[".", "!", "?"], particles=4, seed=1)
    assert revised.lines[1].text == lines[1]
