"""Verse to tokens and back onto the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import quatrain
from quatrain.corpus.style_counter import StyleCounter
from quatrain.corpus.tokens import (
    LINE_END,
    STANZA_END,
    Style,
    Typesetter,
    line_tokens,
    poem_tokens,
    reversed_line,
)
from quatrain.records import Poem

LETTERS = st.text("abcdefgh", min_size=1, max_size=6)
MARKS = st.sampled_from([",", ";", ".", "!", "--", ":", "?!"])


@pytest.mark.parametrize(
    ("line", "tokens"),
    [
        ("The lamp's low; I'd look'd.", "the|lamp|'s|low|;|i|'d|look|'d|."),
        ("They can't, won't, shan't", "they|ca|n't|,|wo|n't|,|sha|n't"),
        ("'Tis th' hour o'er-ripe", "‘|tis|th|’|hour|o'er|-|ripe"),
        ('"Stay," she said, "a while."', "“|stay|,|”|she|said|,|“|a|while|.|”"),
        ("“Stay,” she said", "“|stay|,|”|she|said"),
        ("gone--quite gone!--and lost—", "gone|--|quite|gone|!--|and|lost|--"),
        ("(so it went) ... on", "(|so|it|went|)|...|on"),
        ("the boys' boats", "the|boys|’|boats"),
        ("wand'ring heav'n lov'st", "wand'ring|heav'n|lov'st"),
        ("1889, in 3 parts", "1889|,|in|3|parts"),
        ("an _old_ song", "an|old|song"),
        ("'s and 'd alone", "'s|and|'d|alone"),
        ("été über naïve", "été|über|naïve"),
        ("", ""),
    ],
)
def test_a_line_by_hand(line: str, tokens: str) -> None:
    assert line_tokens(line) == (tokens.split("|") if tokens else [])


def test_a_poem_ends_its_lines_and_stanzas() -> None:
    poem = Poem.from_lines(["One gull,", "two", "", "and then none."])
    assert poem_tokens(poem) == [
        ["one", "gull", ",", LINE_END],
        ["two", LINE_END, STANZA_END],
        ["and", "then", "none", ".", LINE_END],
    ]


@pytest.mark.parametrize(
    "line",
    [
        "The lamp's low; I'd look'd twice.",
        "'Tis th' hour: o'er-ripe, the sloe",
        '"Stay," she said, "a while."',
        "Gone--quite gone!--and lost--",
        "(So it went)... on [and on]",
        "The boys' boats can't be reach'd",
        "O Time, I know thee",
    ],
)
def test_a_line_comes_back_as_it_was(line: str) -> None:
    style = Style(words={"i": "I", "o": "O", "time": "Time"})
    assert Typesetter(style).line(line_tokens(line)) == line


@pytest.mark.parametrize(
    "line",
    [
        "it was 3.14 and 1,000 more, then 10,000,000.50",
        "in the U.S.A. we wait, i.e., at 10:30 p.m.",
        "the 1990s cost $5, £5.50 and 50% of #1",
        "the 3rd and/or 4th, at 1/2 past 24/7",
        "bread & wine, AT&T and R&D",
        "write to me@home.com, at -5 or 20°C",
        "we sang in C++, in C# and C",
        "so x + y = z and a / b",
        "our H2O and CO2",
        "I'd've said, \"She said 'no' to me,\" and so",
        "the sea—the sea… and so",
        "the sea – the sea",
        "and ½ a cup, 5'10\"",
        "the NHS and the NHS",
        "J. R. Marsh, Ph.D. and M.A.",
    ],
)
def test_numbers_signs_and_short_forms_come_back_as_they_were(line: str) -> None:
    counter = StyleCounter()
    for text in (line, f"so {line}", "and so it goes"):
        counter.add(text)
    assert Typesetter(counter.style()).line(line_tokens(line)) == line


def test_dashes_and_ellipses_are_those_of_the_majority() -> None:
    counter = StyleCounter()
    for line in ("so — and so", "and -- so", "no — no…", "yes..."):
        counter.add(line)
    style = counter.style()
    assert (style.dash, style.ellipsis) == ("—", "...")
    assert Typesetter(style).line(["so", "--", "no", "..."]) == "so — no..."


def test_the_anthology_comes_back_as_it_was() -> None:
    poems = quatrain.read("anthology").poems
    counter = StyleCounter()
    for poem in poems:
        counter.add_poem(line.text for line in poem.lines)
    typesetter = Typesetter(counter.style())
    lines = same = 0
    for poem in poems:
        again = typesetter.poem(poem_tokens(poem))
        assert len(again.stanzas) == len(poem.stanzas)
        assert again.text.lower().split() == poem.text.lower().split()
        lines += len(poem.lines)
        same += sum(a == b for a, b in zip(again.lines, poem.lines, strict=True))
    assert same >= 0.95 * lines  # the rest are names the corpus mostly writes small


@given(st.lists(st.one_of(LETTERS, MARKS), min_size=1, max_size=12))
def test_what_the_page_shows_is_read_as_the_same_tokens(drawn: list[str]) -> None:
    tokens = [drawn[0]]
    for token in drawn[1:]:  # two marks in a row are one on the page
        if token[0].isalnum() or tokens[-1][0].isalnum():
            tokens.append(token)
    assert line_tokens(Typesetter().line(tokens)) == tokens


@given(st.lists(LETTERS, max_size=8), st.booleans())
def test_a_line_turned_twice_is_itself(words: list[str], stanza: bool) -> None:
    line = [*words, LINE_END] + [STANZA_END] * stanza
    assert reversed_line(reversed_line(line)) == line
    assert reversed_line(line)[: len(words)] == words[::-1]


def test_capitals_are_those_of_the_majority() -> None:
    counter = StyleCounter()
    for line in ["we saw Rome and rome and Rome", "no, it was I. And then", "so they CRIED out"]:
        counter.add(line)
    style = counter.style()
    assert style.words == {"rome": "Rome", "i": "I"}
    assert not style.capital_lines
    assert style.capital_after == {"."}
    typesetter = Typesetter(style)
    assert typesetter.line(["rome", "is", "old", ".", "it", "cried"]) == "Rome is old. It cried"
    assert typesetter.line(["it", "is"]) == "it is"
    assert typesetter.line(["it", "is"], sentence=True) == "It is"


def test_dashes_stand_between_spaces_where_the_corpus_has_them_so() -> None:
    counter = StyleCounter()
    for line in ["gone -- quite gone", "no--never", "and on -- and on"]:
        counter.add(line)
    typesetter = Typesetter(counter.style())
    assert (
        typesetter.line(["gone", "--", "quite", "!--", "gone", "--"]) == "gone -- quite!--gone --"
    )
    assert typesetter.line(["--", "gone"]) == "-- gone"


def test_typographic_marks_where_they_are_asked_for() -> None:
    tokens = ["“", "stay", ",", "”", "--", "i", "said"]
    assert Typesetter(typographic=True).line(tokens) == "“Stay,”--I said"
    assert Typesetter().line(tokens) == '"Stay,"--I said'
