"""Copies, against a search of every run in every place."""

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quatrain.errors import CorpusError, SettingsError
from quatrain.poet import words_of
from quatrain.records import Copied, Poem
from quatrain.write.overlap import OverlapIndex

STREET = Poem.from_lines(
    ["The baker's boy runs down the street,", "a loaf beneath each arm.", "", "He sings."],
    title="Street",
    author="A. Reader",
    source="street.txt",
)
HARBOUR = Poem.from_lines(
    ["The tide comes in. The tide goes out;", "he sings to nobody at all."], title="Harbour"
)


def poem(text: str) -> Poem:
    return Poem.from_lines(text.split("\n"))


def shared(text: str, *corpus: str) -> Copied:
    found = OverlapIndex(map(poem, corpus)).longest_run(poem(text))
    assert found is not None
    return found


# Against a search of every run

lines = st.lists(st.sampled_from(["tide", "Tide,", "rain!", "o'er"]), max_size=6).map(" ".join)
poems = st.lists(lines, max_size=8).map(Poem.from_lines)
corpora = st.lists(poems, max_size=4)


def naive(words: Sequence[str], corpus: Sequence[Poem]) -> tuple[int, int, int, int] | None:
    """Words, first word, poem and its first word of the longest run."""
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            for number, one in enumerate(corpus):
                there = words_of(one.text)
                for place in range(len(there) - length + 1):
                    if there[place : place + length] == words[start : start + length]:
                        return length, start, number, place
    return None


def line_of(one: Poem, place: int) -> int:
    """The number of the line in which a word stands."""
    ends = 0
    for number, line in enumerate(one.lines, 1):
        ends += len(words_of(line.text))
        if place < ends:
            return number
    raise AssertionError


@given(corpora, poems, st.integers(1, 20))
@example([poem("tide " * 9), poem("rain " + "tide " * 30)], poem("tide " * 40), 3)
@example([poem("tide rain " * 9)] * 2, poem("tide rain " * 12), 3)
@example([poem("rain"), poem("tide")], poem("rain tide"), 1)
def test_as_a_search_of_every_run_finds_it(corpus: list[Poem], mine: Poem, longest: int) -> None:
    words = words_of(mine.text)
    if not any(words_of(one.text) for one in corpus):
        with pytest.raises(CorpusError):
            OverlapIndex(corpus, longest)
        return
    guard = OverlapIndex(
        [Poem(one.stanzas, title=str(number)) for number, one in enumerate(corpus)], longest
    )
    assert guard.poems == len(corpus)
    assert guard.words == sum(len(words_of(one.text)) for one in corpus)
    wanted, found = naive(words, corpus), guard.longest_run(mine)
    if wanted is None or found is None:
        assert wanted is found is None
        assert not guard.copies(words)
        return
    length, start, number, place = wanted
    assert guard.copies(words) == (length > longest)
    assert (found.words, found.whole) == (length, length == len(words))
    assert words_of(found.text) == words[start : start + length]
    assert found.text in "\n".join(line.text for line in mine.lines)
    assert found.line == line_of(mine, start)
    assert found.title == str(number)
    assert found.source_line == line_of(corpus[number], place)


@pytest.mark.slow
@given(st.lists(st.sampled_from("abc"), max_size=40), st.lists(st.sampled_from("abcd"), max_size=9))
@pytest.mark.parametrize("longest", [1, 3, 7, 8, 20])
def test_copies_is_about_runs_of_words(longest: int, there: list[str], words: list[str]) -> None:
    guard = OverlapIndex([poem(f"x {' '.join(there)}")], longest)
    text = f" {' '.join(there)} "
    runs = [words[start : start + longest + 1] for start in range(len(words) - longest)]
    assert guard.copies(words) == any(f" {' '.join(run)} " in text for run in runs)


# What a run is


def test_where_it_stands_in_both() -> None:
    mine = ["Nobody saw.", "", "And now the boy", "runs down the street — a loaf", "in hand."]
    found = OverlapIndex([HARBOUR, STREET]).longest_run(Poem.from_lines(mine))
    assert found == Copied(
        text="boy\nruns down the street — a loaf",
        words=7,
        whole=False,
        line=2,
        title="Street",
        author="A. Reader",
        source="street.txt",
        source_line=1,
    )


def test_a_run_crosses_lines_and_stanzas() -> None:
    found = shared("under each arm he sings", "a loaf\nbeneath each arm.\n\nHe sings.")
    assert (found.text, found.line, found.source_line) == ("each arm he sings", 1, 2)
    assert OverlapIndex([STREET]).copies(words_of("street a loaf beneath each arm he"))


def test_a_run_does_not_cross_poems() -> None:
    guard = OverlapIndex([STREET, HARBOUR], longest=2)
    assert not guard.copies(["he", "sings", "the", "tide"])
    found = guard.longest_run(poem("arm he sings the tide comes in"))
    assert found is not None
    assert (found.text, found.title) == ("the tide comes in", "Harbour")


def test_capitals_and_punctuation_are_not_looked_at() -> None:
    assert shared("“THE TIDE (comes) in: the 7 tide!”", str(HARBOUR)).whole


@pytest.mark.parametrize("other", ["Don’t wait, cafe\u0301", "DON'T… wait — CAFÉ"])
def test_one_spelling_of_apostrophes_and_accents(other: str) -> None:
    for mine, corpus in [(other, "don't wait café"), ("don't wait café", other)]:
        assert shared(mine, corpus).whole
        guard = OverlapIndex([poem(corpus)], longest=2)
        assert guard.copies(words_of("don’t wait café"))
        assert guard.copies(words_of("don't wait café"))


def test_the_text_is_as_the_poem_has_it_whatever_its_capitals_become() -> None:
    found = shared("İİ 7, the Tide -- comes IN", "the tide comes in")
    assert found.text == "the Tide -- comes IN"
    assert shared("ok, İzmir (then)", "izmir then", "i\u0307zmir then").text == "İzmir (then"


def test_words_inside_words_are_not_it() -> None:
    found = shared("atide otide-tide tide", "tide")
    assert (found.text, found.words) == ("tide", 1)
    assert shared("theatre, the act", "the act").text == "the act"


def test_of_equals_the_first_is_told() -> None:
    found = shared("the sea was grey\nthe rain was cold", "so the rain was", "then\nthe sea was",
                   "the sea was")  # fmt: skip
    assert (found.text, found.line, found.source_line) == ("the sea was", 1, 2)
    long = " ".join("abcdefghijkl")
    assert shared(long, "x", f"y\n{long}", long).source_line == 2


def test_the_whole_poem() -> None:
    guard = OverlapIndex([HARBOUR, STREET])
    found = guard.longest_run(STREET)
    assert found is not None
    assert found.whole
    assert (found.words, found.line, found.source_line, found.title) == (14, 1, 1, "Street")
    assert found.text == "\n".join(line.text for line in STREET.lines).rstrip(".")


@pytest.mark.parametrize("count", [1, 7, 8, 9, 300])
def test_one_word_again_and_again(count: int) -> None:
    guard = OverlapIndex([poem("la " * count)])
    for mine, extra in product([count - 1, count, count + 1], ["", "ho "]):
        found = guard.longest_run(poem(extra + "la " * mine))
        assert (found.words if found else 0) == min(count, mine)
    assert guard.copies(["la"] * 7) == (count >= 7)


# Little and nothing


def test_poems_without_words() -> None:
    guard = OverlapIndex([Poem(()), poem("* * *"), STREET, poem("1 2 3")])
    for mine in [Poem(()), poem("1 2 3\n\n—")]:
        assert guard.longest_run(mine) is None
    assert not guard.copies([])
    found = guard.longest_run(poem("—\nhe sings"))
    assert found is not None
    assert (found.line, found.title, found.source_line) == (2, "Street", 3)


def test_fewer_words_than_may_be_shared() -> None:
    guard = OverlapIndex([STREET], longest=1000)
    assert not guard.copies(words_of(STREET.text))
    assert guard.longest_run(STREET) == OverlapIndex([STREET], longest=1).longest_run(STREET)


@pytest.mark.parametrize(
    ("corpus", "count"),
    [([], "0 poems"), ([Poem(())], "1 poem"), ([poem("1"), Poem(())], "2 poems")],
)
def test_a_corpus_without_words(corpus: list[Poem], count: str) -> None:
    with pytest.raises(CorpusError) as caught:
        OverlapIndex(corpus)
    assert str(caught.value) == (
        f"the corpus to guard against copying: got no word in {count}; expected at least one "
        "word. Check that this is the corpus you meant."
    )


@pytest.mark.parametrize("longest", [0, -3])
def test_no_word_may_be_shared(longest: int) -> None:
    with pytest.raises(SettingsError) as caught:
        OverlapIndex([STREET], longest)
    assert str(caught.value) == (
        f"longest: got {longest}; expected a number of words, 1 or more. Leave it out for 6."
    )
