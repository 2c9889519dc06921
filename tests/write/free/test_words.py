"""What a word poet writes, whatever its weights: lines in order, marks in place, seeds kept."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quatrain.config import Sampling
from quatrain.corpus import WordVocabulary
from quatrain.corpus.tokens import poem_tokens
from quatrain.errors import SettingsError
from quatrain.poet.network import WordSize
from quatrain.write import WordWriter
from quatrain.write.free.adjacency import LONGEST_LINE, AdjacencyRules, drop_unpaired
from quatrain.write.free.prompt import WordPrompt, draw_line_end

WORDS = [
    "the", "lamp", "is", "low", "a", "moth", "goes", "by", "i", "'s", "'d", ",", ".", "!", "--",
    "“", "”", "‘", "’", "(", ")", "-", "kettle",
]  # fmt: skip
VOCABULARY = WordVocabulary.from_counts({word: 90 - k for k, word in enumerate(WORDS)})


def writer(
    leaning: Mapping[str, float] | None = None, *, backwards: bool = False, end: float = 0.0
) -> WordWriter:
    generator = np.random.default_rng(7)
    size = WordSize(VOCABULARY.size, VOCABULARY.letters, 4, 2, 3, 1, 10, 1, 6)
    tensors = {
        name: generator.normal(0, 0.7, shape).astype(np.float32)
        for name, shape in size.shapes.items()
    }
    for word, more in (leaning or {}).items():
        tensors["output.bias"][VOCABULARY.numbers[word]] += more
    tensors["output.bias"][VOCABULARY.END] += end
    return WordWriter(tensors, VOCABULARY, words={"lamp"}, backwards=backwards, name="tiny")


BOTH = pytest.mark.parametrize("backwards", [False, True], ids=["forward", "reversed"])


@BOTH
@pytest.mark.parametrize("temperature", [0.0, 0.7, 3.0, 50.0])
def test_the_page_is_in_order_whatever_is_drawn(backwards: bool, temperature: float) -> None:
    poet = writer({"\n": 1.0}, backwards=backwards)
    for poem in poet.write_many(20, lines=6, temperature=temperature, seed=0):
        assert len(poem.lines) == 6
        assert poem.text.count('"') % 2 == 0
        assert not re.search(r"\n\n\n|^\n|\n$", poem.text)
        for line in poem.lines:
            assert re.search(r"[A-Za-z]", line.text)
            assert line.text == line.text.strip()
            assert not re.match(r"[,.!)]|'[sd]\b|-(?!-)", line.text), line.text
            assert not re.search(r"[(]$|(?<!-)-$", line.text), line.text
            assert not re.search(r" [,.!)]|\( |  ", line.text), line.text
            assert line.text.count("(") == line.text.count(")")


@BOTH
def test_a_line_that_goes_on_is_ended(backwards: bool) -> None:
    poem = writer({"\n": -60.0}, backwards=backwards).write(lines=3, temperature=1.0, seed=0)
    assert len(poem.lines) == 3
    assert all(len(line.text.split()) <= LONGEST_LINE + 4 for line in poem.lines)


@BOTH
def test_the_same_seed_the_same_poem(backwards: bool) -> None:
    poet = writer(backwards=backwards)
    together = poet.write_many(4, lines=5, temperature=0.9, seed=3)
    again = [poet.write(lines=5, temperature=0.9, seed=3 + k) for k in range(4)]
    assert [poem.text for poem in together] == [poem.text for poem in again]
    assert [poem.seed for poem in together] == [3, 4, 5, 6]
    assert len({poem.text for poem in together}) == 4


@BOTH
def test_pieces_joined_are_the_poem(backwards: bool) -> None:
    writing = writer(backwards=backwards).begin(lines=7, seed=2, temperature=1.5)
    pieces = list(writing.pieces())
    assert len(pieces) > 3
    assert "".join(pieces) == writing.poems[0].text


CLOSED = (".", "!", '."', '!"')


def test_a_poem_of_a_poet_of_sentences_ends_in_a_full_stop_or_the_like() -> None:
    poet = writer({".": 2.0, "!": 1.0, ",": 2.5}, backwards=True)
    for options in (
        {"lines": 4},
        {},
        {"maximum_characters": 100},
        {"start": "A moth\n"},
        {"start": "A moth goes", "lines": 1},
    ):
        for poem in poet.write_many(12, seed=2, temperature=1.0, **options):
            assert poem.text.endswith(CLOSED), (options, poem.text)
    without = writer({".": -9.0, "!": -9.0}, backwards=True)
    assert not all(poem.text.endswith(CLOSED) for poem in without.write_many(12, lines=4, seed=2))


def test_the_poet_may_end_its_poem_and_must_end_some_time() -> None:
    short = writer(end=30.0).write(temperature=0.5, seed=0)
    assert (len(short.lines), short.settings["ended"]) == (1, "end")
    endless = writer(end=-60.0).write(temperature=0.5, maximum_characters=300, seed=0)
    assert endless.settings["ended"] == "words"
    drawn = sum(map(len, poem_tokens(endless)))
    assert 30 <= drawn <= 60 + LONGEST_LINE  # marks without partners were left out


@BOTH
def test_a_start_is_kept_word_for_word(backwards: bool) -> None:
    start = "The lamp, a  moth\n\n  zyx GOES by\n"
    poem = writer(backwards=backwards).write(start=start, lines=4, seed=1)
    assert poem.text.startswith(start)
    assert len(poem.lines) == 4
    with pytest.raises(SettingsError, match="a start of 2 full lines"):
        writer().write(start=start, lines=2, seed=0)


@BOTH
def test_a_line_that_was_begun_goes_on(backwards: bool) -> None:
    poet = writer({"\n": 1.0}, backwards=backwards)
    poems = poet.write_many(5, start="The lamp\nA zyx moth", lines=3, seed=1, temperature=0.8)
    for poem in poems:
        assert poem.text.startswith("The lamp\nA zyx moth")
        assert len(poem.lines) == 3
    assert len({poem.lines[1].text for poem in poems}) > 1
    again = poet.write(start="The lamp\nA zyx moth", lines=3, seed=3, temperature=0.8)
    assert again.text == poems[2].text
    one = poet.write(start="A moth", lines=1, seed=1)
    assert re.match("A moth.", one.text)


def test_a_likely_end_is_found_for_a_line_that_was_begun() -> None:
    poet = writer(backwards=True)
    begun = WordPrompt.of("The lamp")
    logits, state = poet.step(np.array([VOCABULARY.START]), poet.start())
    grammar = AdjacencyRules(VOCABULARY, backwards=True)
    end = draw_line_end(
        poet,
        VOCABULARY,
        begun,
        logits,
        state,
        Sampling(temperature=1.0),
        grammar,
        np.random.default_rng(0),
    )
    assert 1 <= len(end) <= 10
    assert VOCABULARY.LINE not in end
    greedy = Sampling(temperature=0.0)

    def best(seed: int) -> list[int]:
        generator = np.random.default_rng(seed)
        return draw_line_end(poet, VOCABULARY, begun, logits, state, greedy, grammar, generator)

    assert best(0) == best(9)


def test_a_stanza_may_end_before_the_line_that_was_begun() -> None:
    start = WordPrompt.of("One\n\nTwo three")
    assert start.lines == [["one", "\n", "\n\n"]]
    assert start.prefix == ["two", "three"]
    assert WordPrompt.of("One\n") == WordPrompt([["one", "\n"]], ["One"], [], "")
    assert WordPrompt.of("") == WordPrompt([], [], [], "")


def test_settings_out_of_range() -> None:
    for bad in ({"lines": 0}, {"poems": 0}, {"seed": -1}, {"temperature": -1.0}):
        with pytest.raises(SettingsError):
            writer().begin(**bad)


def test_statistics_are_per_word() -> None:
    writing = writer().begin(lines=4, temperature=1.0, seed=0)
    statistics = writing.statistics
    assert statistics.unit == "word"
    assert 0 < statistics.entropy < np.log2(VOCABULARY.size)
    assert statistics.known_words is not None


@pytest.mark.parametrize(
    ("line", "quoted", "kept", "open_after"),
    [
        ("“ a ”", False, "“ a ”", False),
        ("a ” b", False, "a b", False),
        ("“ a “ b", False, "“ a b", True),
        ("a ”", True, "a ”", False),
        ("( a", False, "a", False),
        ("a ) ( b )", False, "a ( b )", False),
        ("( a ]", False, "a", False),
    ],
)
def test_marks_without_partners_go(line: str, quoted: bool, kept: str, open_after: bool) -> None:
    assert drop_unpaired(line.split(), quoted=quoted) == (kept.split(), open_after)


@given(st.lists(st.sampled_from(["a", "(", ")", "“", "”", "["]), max_size=12), st.booleans())
def test_pairing_leaves_only_pairs(line: list[str], quoted: bool) -> None:
    kept, after = drop_unpaired(line, quoted=quoted)
    assert drop_unpaired(kept, quoted=quoted) == (kept, after)
    assert kept.count("(") == kept.count(")")
    assert "[" not in kept
    assert (kept.count("“") - kept.count("”")) == after - quoted


@BOTH
def test_what_may_come_next_by_hand(backwards: bool) -> None:
    grammar = AdjacencyRules(VOCABULARY, backwards=backwards)
    number = VOCABULARY.numbers

    def may(*drawn: str) -> set[str]:
        allowed = grammar.allowed([number[word] for word in drawn])
        return {VOCABULARY.token(k) for k in np.flatnonzero(allowed).tolist()}

    assert "\n" not in may()
    assert {"lamp", "--"} <= may()
    assert not {"(", "“"} & may() if backwards else not {",", "'s", "-", ")"} & may()
    if backwards:
        assert may("'s") == may("-") == {word for word in WORDS if word[0].isalpha()}
        assert "\n" not in may(",")
        assert "lamp" in may(",")
    else:
        assert may("-") == {word for word in WORDS if word[0].isalpha()}
        assert "\n" in may("lamp", ",")
    assert not {"", "\n\n"} & may("lamp")
