"""Other lines for one place: in the form, in rhyme, and different from each other."""

from __future__ import annotations

import re

import pytest

import quatrain
from quatrain.errors import FormError, SettingsError
from quatrain.form import Checker
from quatrain.write import WriteOptions, Writer
from quatrain.write.draft.line_fit import LineFit
from quatrain.write.draft.places import find_places

DRAFT = [
    "The lamp is low, the evening settles down,",
    "The street is still, and no one passes by;",
    "I hear the rain upon the empty town,",
    "And wonder at the darkness of the sky.",
    *[""] * 4,
    "And still the window waits for you to say, to say,",
    *[""] * 5,
]
OPTIONS = WriteOptions(form="sonnet", seed=1)


def words(line: str) -> list[str]:
    return re.findall(r"[a-z']+", line.lower())


@pytest.mark.slow
@pytest.mark.parametrize("line", [2, 5, 9, 14])
def test_other_lines_keep_the_form_and_differ(verse: Writer, line: int) -> None:
    others = list(verse.line_alternatives(DRAFT, line, OPTIONS, count=4))
    assert len(others) == 4
    checker = Checker()
    rest = [text if number != line else "" for number, text in enumerate(DRAFT, 1)]
    fit = LineFit(find_places(rest, "sonnet", "", (), checker), line, checker)
    for other in others:
        assert other.number == line
        assert fit.keeps_metre(other.text)
        assert fit.discord(other.text) is None
        assert other.poet == "verse"
        assert other.differs
    texts = [DRAFT[line - 1], *(other.text for other in others)]
    assert len({text.lower() for text in texts}) == 5
    for place, one in enumerate(texts[1:], 1):
        for text in filter(None, texts[:place]):
            assert sum(a != b for a, b in zip(words(one), words(text), strict=False)) > 1 or (
                abs(len(words(one)) - len(words(text))) > 1
            )
    ends = [words(text)[-1] for text in filter(None, texts)]
    assert len(set(ends)) == len(ends)
    assert (others[0].difference is None) is (not DRAFT[line - 1])


@pytest.mark.slow
def test_a_line_is_finished_from_its_beginning(verse: Writer) -> None:
    for begin in ("And all the winter", "  and ALL the winter, ", "And all the wint"):
        for other in verse.line_alternatives(DRAFT, 4, OPTIONS, begin=begin, count=2):
            assert other.text.startswith(begin)
            assert len(other.text) > len(begin)
    completed = [
        other.text for other in verse.line_alternatives(DRAFT, 4, OPTIONS, begin="And all the wint")
    ]
    assert all(text.startswith(("And all the winter", "And all the wintry")) for text in completed)


@pytest.mark.slow
def test_the_best_fit_of_a_round_comes_first_and_a_seed_finds_the_same(verse: Writer) -> None:
    others = list(verse.line_alternatives(DRAFT, 2, OPTIONS, count=3))
    gains = [other.difference for other in others]
    assert gains == sorted(gains, key=lambda gain: gain or 0.0)
    assert list(verse.line_alternatives(DRAFT, 2, OPTIONS, count=3)) == others
    free = list(verse.line_alternatives(["the moon", "is out tonight"], 2, WriteOptions(seed=1)))
    assert len(free) == 3
    letters = quatrain.load("letters")
    assert next(letters.line_alternatives(DRAFT, 2, OPTIONS)).poet == "letters"


@pytest.mark.slow
def test_what_stands_in_the_way_is_named(verse: Writer) -> None:
    orange = [*DRAFT[:2], "And here I bring another golden month.", "", *DRAFT[4:]]
    with pytest.raises(FormError, match=r"Line 1 is impossible.*rhymes with 'month'.*Leave that"):
        next(verse.line_alternatives(orange, 1, OPTIONS))
    with pytest.raises(FormError, match=r"beginning with 'the the the'.*a place in iambic"):
        next(verse.line_alternatives(DRAFT, 2, OPTIONS, begin="The the the"))
    with pytest.raises(SettingsError, match="No word that fits there begins with 'wqz'"):
        verse.line_alternatives(DRAFT, 2, OPTIONS, begin="And all the wqz")
    with pytest.raises(SettingsError, match="Line 4 repeats line 1"):
        verse.line_alternatives(["a", "", "", ""], 4, WriteOptions(form="triolet"))
    with pytest.raises(SettingsError, match="There is no line 15"):
        verse.line_alternatives(DRAFT, 15, OPTIONS)
    with pytest.raises(SettingsError, match="setting 'count'"):
        verse.line_alternatives(DRAFT, 2, OPTIONS, count=0)
    with pytest.raises(SettingsError, match="one line"):
        verse.line_alternatives(DRAFT, 2, OPTIONS, begin="a\nb")


@pytest.mark.slow
def test_the_search_can_be_stopped(verse: Writer) -> None:
    assert list(verse.line_alternatives(DRAFT, 2, OPTIONS, stop=lambda: True)) == []
