"""What a low temperature would exaggerate, held to what it is at 1."""

from collections.abc import Callable, Iterable

import numpy as np
import pytest

import quatrain
from quatrain.form import load, parse
from quatrain.poet import WordVocabulary, words_of
from quatrain.records import Poem
from quatrain.write import ConstrainedGeneration, WordWriter, WriteOptions
from quatrain.write.bias import (
    LogitBias,
    LowTemperatureBias,
    final_mark_bias,
    repeat_bias,
    repetition,
)
from quatrain.write.bias.repetition import (
    DOUBLED_WORD_BIAS,
    FINAL_MARK_BIAS,
    JOINED_WORD_BIAS,
    REPEAT_BIAS,
)
from quatrain.write.constrained.poem_constraints import PoemConstraints
from quatrain.write.free.words import WordGeneration

VOCABULARY = WordVocabulary.from_counts({"sea": 9, "the": 8, "light": 7, ",": 6, "'s": 5})
SEA, THE, LIGHT, COMMA, ENDING = (VOCABULARY.numbers[word] for word in VOCABULARY.words)


def tempered(temperature: float, said: Iterable[int], ends: Iterable[int]) -> dict[str, float]:
    row = np.zeros(VOCABULARY.size, np.float32)
    LowTemperatureBias(VOCABULARY, temperature).add_to(row, list(said), set(ends))
    assert not row[: VOCABULARY.SPECIALS].any()
    return dict(zip(VOCABULARY.words, row[VOCABULARY.SPECIALS :].tolist(), strict=True))


def test_words_lose_for_every_time_they_were_said_and_light_ones_only_as_ends() -> None:
    said = [SEA, THE, SEA, COMMA, ENDING, LIGHT, VOCABULARY.LINE]
    lost = tempered(0.75, said, [LIGHT, THE])
    assert lost == pytest.approx(
        {"sea": -1.0, "the": -0.75, "light": -0.5 - 0.75, ",": -0.625, "'s": 0.0}
    )


@pytest.mark.parametrize("temperature", [0.0, 1.0, 1.5])
def test_nothing_is_lost_at_0_nor_from_1_on(temperature: float) -> None:
    assert set(tempered(temperature, [SEA], [SEA]).values()) == {0.0}
    assert LowTemperatureBias(VOCABULARY, temperature).strength == 0.0


def test_words_are_no_marks_endings_or_line_ends() -> None:
    line = [SEA, ENDING, COMMA, LIGHT, COMMA, VOCABULARY.LINE, VOCABULARY.UNKNOWN]
    assert LowTemperatureBias(VOCABULARY, 0.5).words_in(line) == [SEA, LIGHT]


def ends_again(poems: list[Poem]) -> float:
    """The share of lines that end in a word that has ended one before."""
    again = lines = 0
    for poem in poems:
        ends = [words_of(line.text)[-1] for line in poem.lines if words_of(line.text)]
        again += len(ends) - len(set(ends))
        lines += len(ends)
    return again / lines


@pytest.mark.slow
def test_cold_verse_repeats_itself_no_more_than_verse_at_1(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poet = quatrain.load("verse")
    usual = ends_again(poet.write_many(40, lines=8, seed=1, temperature=1.0))
    tempered = ends_again(poet.write_many(40, lines=8, seed=1, temperature=0.6))
    with monkeypatch.context() as patch:
        for name in ("MARK_BIAS", "RECENT_WORD_BIAS", "LINE_END_BIAS"):
            patch.setattr(repetition, name, 0.0)
        plain = ends_again(poet.write_many(40, lines=8, seed=1, temperature=0.6))
    assert plain > 0.15
    assert usual < 0.07
    assert tempered < 0.09


@pytest.mark.slow
def test_what_was_said_long_ago_is_forgotten() -> None:
    poet = quatrain.load("verse")
    start = (
        "The sea was calm beneath the light,\n" + "A lamp went by, and no one heard it go.\n" * 30
    )
    writing = poet.begin(start=start, lines=40, seed=1, temperature=0.5)
    assert isinstance(writing, WordGeneration)
    (verse,) = writing._drafts
    numbers = poet.vocabulary.numbers
    assert len(verse.recent_words) == repetition.RECENT_WORDS
    assert not {numbers["sea"], numbers["light"]} & {*verse.recent_words, *verse.recent_ends}
    assert set(verse.recent_ends) == {numbers["go"]}


@pytest.mark.slow
def test_a_start_counts_as_said() -> None:
    poet = quatrain.load("verse")
    start = "The sea was calm beneath the light,\n" * 3
    lines = [
        line.text.lower()
        for poem in poet.write_many(10, start=start, lines=7, seed=1, temperature=0.5)
        for line in poem.lines[3:]
    ]
    assert sum(words_of(line)[-1] == "light" for line in lines) <= 1


def test_a_word_of_the_poem_loses_for_every_time_it_was_said() -> None:
    bias = repeat_bias({SEA: 2, LIGHT: 1}, VOCABULARY.size)
    assert bias[[SEA, LIGHT, THE]].tolist() == [2 * REPEAT_BIAS, REPEAT_BIAS, 0.0]


def test_a_word_of_the_line_loses_and_more_beside_itself() -> None:
    none = np.zeros(VOCABULARY.size, np.float32)
    bias = LogitBias(none, np.ones(VOCABULARY.size, np.bool_))
    logits = none.copy()
    bias.add_to(logits, [SEA, LIGHT])
    expected = {SEA: REPEAT_BIAS, LIGHT: REPEAT_BIAS + DOUBLED_WORD_BIAS, THE: 0.0}
    assert {number: logits[number] for number in expected} == expected
    assert {number: bias.of_word(number, [SEA, LIGHT]) for number in expected} == expected


def test_a_word_that_would_be_joined_to_itself_loses_more() -> None:
    none = np.zeros(VOCABULARY.size, np.float32)
    is_content = np.ones(VOCABULARY.size, np.bool_)
    is_content[THE] = False
    bias = LogitBias(none, is_content, conjunctions={THE})
    joined = REPEAT_BIAS + JOINED_WORD_BIAS
    assert bias.of_word(SEA, [SEA, THE]) == joined
    assert bias.of_word(SEA, [SEA, LIGHT]) == bias.of_word(SEA, [SEA, THE, LIGHT]) == REPEAT_BIAS
    assert bias.of_word(LIGHT, [SEA, THE]) == bias.of_word(LIGHT, [THE]) == 0.0
    logits = none.copy()
    bias.add_to(logits, [LIGHT, SEA, THE])
    assert logits[[LIGHT, SEA]].tolist() == [REPEAT_BIAS, joined]


WORDS = ["sea", "light", "stone", "rain", "lamp", "door", "hill", "boat", "bird", "wind", "star",
         "tree", "road", "wall", "bell", "leaf"]  # fmt: skip


@pytest.mark.parametrize("backwards", [True, False])
def test_a_poem_in_a_form_repeats_few_words(
    backwards: bool, make_word_writer: Callable[..., WordWriter]
) -> None:
    """Without the penalty there are 1.2 repetitions within lines and 2.1 across them."""
    form = parse('stanzas = ["XX"]\nsyllables = [6]\n', "six", "here")
    within = across = 0
    poems = make_word_writer(WORDS, backwards=backwards).write_many(20, form=form, seed=1)
    for poem in poems:
        lines = [words_of(line.text) for line in poem.lines]
        within += sum(len(line) - len(set(line)) for line in lines)
        across += len(set(lines[0]) & set(lines[1]))
    assert within / len(poems) < 0.6
    assert across / len(poems) < 1.5


def test_articles_may_repeat_like_other_light_words(
    make_word_writer: Callable[..., WordWriter],
) -> None:
    """Counted as content, *a* was half as frequent in sonnets as in people's."""
    poet = make_word_writer(["the", "a", "an", "and", *WORDS], backwards=True)
    constraints = PoemConstraints(
        poet._decoder, poet._prosody, load("haiku"), WriteOptions(form="haiku")
    )
    numbers = poet.vocabulary.numbers
    light = [constraints.is_content[numbers[word]] for word in ("the", "a", "an", "and")]
    assert light == [False] * 4
    assert constraints.is_content[numbers["sea"]]


@pytest.mark.parametrize("form", ["free-verse", "haiku", "blank-verse"])
def test_a_line_written_from_its_end_weighs_what_its_opening_does(
    form: str, make_word_writer: Callable[..., WordWriter]
) -> None:
    """Wherever the line might have ended on the way, only its real opening counts in the end."""
    poet = make_word_writer(["and", "the", "of", ",", *WORDS], backwards=True)
    constraints = PoemConstraints(poet._decoder, poet._prosody, load(form), WriteOptions(form=form))
    generation = poet.begin(form=form, lines=None if form == "haiku" else 2, seed=1)
    assert isinstance(generation, ConstrainedGeneration)
    constraint = constraints.line_constraint(generation._drafts[0], 1)
    numbers, openings = poet.vocabulary.numbers, {"and": -1.5, "the": -0.5, "sea": -3.0}
    bias = LogitBias(
        np.zeros(poet.vocabulary.size, np.float32),
        constraints.is_content,
        openings={numbers[word]: nats for word, nats in openings.items()},
        backwards=True,
    )
    draw = np.random.default_rng(4)
    begun = set()
    for _ in range(60):
        line, weight = poet._decoder.make_hypothesis(constraint, bias), 0.0
        while not line.done:
            weights = line.symbol_weights()
            symbol = int(draw.choice(np.flatnonzero(weights)))
            weight += float(np.log(weights[symbol]))
            line = line.advance(symbol)
        first = line.tokens[-1]
        begun.add(first)
        assert weight == pytest.approx(openings.get(first, 0.0), abs=1e-4)
    assert begun & openings.keys()


def test_a_line_written_forwards_opens_with_its_bias() -> None:
    none = np.zeros(VOCABULARY.size, np.float32)
    bias = LogitBias(none, np.zeros(VOCABULARY.size, np.bool_), openings={THE: -1.5})
    scores = none.copy()
    bias.add_to(scores, [])
    assert (scores[THE], scores[SEA]) == (-1.5, 0.0)
    assert (bias.of_word(THE, []), bias.of_word(THE, [SEA])) == (-1.5, 0.0)


def test_a_question_at_the_end_of_a_line_asks_for_no_more_of_them() -> None:
    vocabulary = WordVocabulary.from_counts({"?": 5, ".": 4, "sea": 3})
    lines = [["the", "sea", "?"], ["?", "sea"], ["a", "sea", "?"], ["sea", "."], ["sea", "!"]]
    assert final_mark_bias(lines, vocabulary) == {vocabulary.numbers["?"]: 2 * FINAL_MARK_BIAS}
    assert not any(final_mark_bias(lines[3:], vocabulary).values())


@pytest.mark.slow
@pytest.mark.parametrize(("contrast", "nats"), [(0.65, FINAL_MARK_BIAS), (0, 0.0)])
def test_questions_lose_only_under_contrast(contrast: float, nats: float) -> None:
    poet = quatrain.load("verse")

    def bias_of_questions(line: str) -> float:
        generation = poet.begin(form="haiku", seed=1, contrast=contrast, fixed={1: line})
        assert isinstance(generation, ConstrainedGeneration)
        bias = generation._logit_bias(generation._drafts[0])
        return float(bias.whole_line[poet.vocabulary.numbers["?"]])

    asked = bias_of_questions("Who has called the rain?")
    assert asked - bias_of_questions("He has called the rain.") == pytest.approx(nats)
