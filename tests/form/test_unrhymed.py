"""Lines that rhyme with none: a rhyme that a reader hears is refused, one of chance is not."""

from collections.abc import Callable

import pytest

from quatrain.form import check, parse
from quatrain.records import Finding

Findings = Callable[..., list[Finding]]

COUPLETS = """The baker lights his oven after two
And hears the rain come down the kitchen flue.
He turns the heavy dough upon the board
And cuts it with a length of copper cord."""

SONNET = """I keep a list of everything we lost:
The brown umbrella and the garden key,
The letter that we never found, the cost
Of tickets to a town beside the sea.
It hangs above the kettle on a nail
And no one ever takes a pen to it,
Except the winter when the roof let hail
Come in, and every match was damp and lit
With effort, and you wrote below the rest
A word I cannot read, and went upstairs.
I think of it when I am at my best,
And when the evening catches me in prayers
For little things: a button, or the name
Of someone who was sorry that she came."""

BLANK = """I keep a list of everything we lost:
The brown umbrella and the garden door,
The letter that we never found, the coins
For tickets to a town beside the sea.
It hangs above the kettle on a nail
And no one ever takes a pen to it,
Except the winter when the roof gave way
And every match was damp, and you came down
With half a candle, and below the rest
You wrote a word I cannot read, and slept."""


@pytest.mark.parametrize("poem", [COUPLETS, SONNET, "\n".join(SONNET.split("\n")[:4])])
@pytest.mark.parametrize("strict", [True, False])
def test_rhymed_verse_is_no_blank_verse(poem: str, strict: bool) -> None:
    verdict = check(poem, "blank-verse", strict=strict)
    broken = {finding.asked for finding in verdict.broken}
    assert broken == {"no rhyme"}, str(verdict)


def test_unrhymed_verse_is_blank_verse() -> None:
    verdict = check(BLANK, "blank-verse")
    assert verdict.kept, str(verdict)
    assert verdict.scheme == (None,) * 10
    assert not any(finding.licence for finding in verdict.findings if finding.asked == "no rhyme")


UNRHYMED = 'again = ["x"]'
PROSE = ["garden", "window", "river", "bread", "orchard", "candle", "lamp", "harbour", "fox"]


def found(ends: list[str], *, strict: bool, findings: Findings) -> list[tuple[int, bool, str]]:
    """Return line, whether it is kept, and licence of the lines that are found to rhyme."""
    rows = findings(" / ".join(ends), UNRHYMED, "no rhyme", strict=strict)
    assert len(rows) == len(ends)
    return [(row.line, row.kept, row.licence) for row in rows if row.found != "none"]


@pytest.mark.parametrize("distance", [1, 2, 3, 4])
def test_a_short_poem_has_no_chance_rhymes(distance: int, findings: Findings) -> None:
    ends = ["fite", *PROSE[: distance - 1], "zight"]
    expected = [(distance + 1, False, "")] if distance <= 3 else []
    for strict in (True, False):
        assert found(ends, strict=strict, findings=findings) == expected


@pytest.mark.parametrize(
    ("distance", "strict", "kept"),
    [(1, True, False), (2, True, True), (3, True, True), (1, False, True), (2, False, True)],
)
def test_one_rhyme_in_ten_lines_is_chance(
    distance: int, strict: bool, kept: bool, findings: Findings
) -> None:
    """Even then a strict check lets none pass between lines next to each other."""
    ends = [*PROSE[:3], "fite", *PROSE[3 : 2 + distance], "zight", *PROSE[2 + distance :]]
    ends = [*ends, "basket"][:11]
    licence = "a chance rhyme with line 4" if kept else ""
    expected = [(4 + distance, kept, licence)]
    assert found(ends, strict=strict, findings=findings) == expected
    assert found(ends[:9], strict=strict, findings=findings) == [(4 + distance, False, "")]


def test_two_rhymes_in_ten_lines_are_no_chance(findings: Findings) -> None:
    ends = ["fite", "lamp", "zight", "bread", "lee", "river", "ree", "window", "candle", "garden"]
    rows = found(ends, strict=False, findings=findings)
    assert rows == [(3, False, ""), (7, False, "")]


def test_what_is_no_full_rhyme_and_what_is_repeated_is_no_rhyme(findings: Findings) -> None:
    for ends in (["fite", "fide"], ["moot", "fite"], ["lamp", "lamp"], ["tivery", "lee"]):
        assert found(ends, strict=True, findings=findings) == []


def test_a_lettered_line_near_by_must_not_rhyme_with_it(findings: Findings) -> None:
    toml = 'stanzas = ["xAxA"]'
    rows = findings("a moot / a fite / a fide / a zight", toml, "no rhyme")
    assert [(row.line, row.kept) for row in rows] == [(1, True), (3, True)]
    rows = findings("a lamp / a fite / of zight / a zight", toml, "no rhyme")
    assert [(row.line, row.kept) for row in rows] == [(1, True), (3, False)]
    assert rows[1].found == "fite/zight, perfect rhyme with line 2"
    assert str(rows[1]).startswith("Line 3 should rhyme with no line; got fite/zight")
    assert str(rows[0]) == "Line 1 rhymes with no line near it."


def test_of_the_rhyme_of_a_dot_nothing_is_asked(findings: Findings) -> None:
    for toml in ('stanzas = [".."]', 'again = ["."]'):
        assert findings("a fite / a zight", toml, "no rhyme") == []
        assert findings("a fite / a zight", toml, "rhyme") == []
    form = parse('stanzas = ["A.xa"]', "made", "made.toml")
    assert form.rhyme_letters(0) == [["A", None, "x", "A"]]
    again = parse('again = ["A.xA"]', "made", "made.toml")
    assert again.rhyme_letters(2) == [["A", None, "x", "A"], ["B", None, "x", "B"]]


@pytest.mark.parametrize("form", ["haiku", "tanka", "cinquain", "free-verse", "sestina"])
def test_forms_that_do_not_care_for_rhyme_do_not_forbid_it(form: str) -> None:
    verdict = check(COUPLETS, form)
    assert not any(finding.asked in ("rhyme", "no rhyme") for finding in verdict.findings)


BALLAD = """The miller had a yellow dog,
    He kept it by the door,
It never barked at any thief
    And slept upon the floor.

The miller had a daughter, Sue,
    She kept it on a string,
And every evening after dark
    The two of them would sing."""


def test_a_ballad_rhymes_twice_or_four_times_in_a_stanza() -> None:
    verdict = check(BALLAD, "ballad")
    assert verdict.kept, str(verdict)
    assert verdict.variant == ""
    crossed = BALLAD.replace("any thief", "any fog").replace("after dark", "after two")
    verdict = check(crossed, "ballad")
    assert verdict.kept, str(verdict)
    assert verdict.variant == "ballad-abab"
    half = BALLAD.replace("any thief", "any fog")
    assert not check(half, "ballad").kept, "a rhyme in eight lines is no chance"
