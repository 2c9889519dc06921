"""Unfinished poems: what holds so far, and what the lines to come have to do."""

import json

import pytest
from rich.text import Text

from quatrain.form import check, parse
from quatrain.form.check import Checker
from quatrain.page import verdict as page
from quatrain.records import ComingLine, Poem

QUATRAIN = """The harbour lamps are lit along the quay,
And one by one the little boats come home;
I count them as they rise and fall away,
The last of them still white with salt and foam."""


def test_a_sonnet_of_four_lines_holds_so_far() -> None:
    verdict = check(QUATRAIN, "sonnet")
    assert (verdict.kept, verdict.unfinished, verdict.problems) == (False, True, ())
    assert verdict.summary == (
        "shakespearean-sonnet: unfinished, 4 of 14 lines; keeps the form so far (strict check)."
    )
    assert [line.line for line in verdict.coming] == list(range(5, 15))
    assert str(verdict.coming[0]) == "line 5: iambic pentameter; begins rhyme C"
    assert str(verdict.coming[2]) == "line 7: iambic pentameter; rhymes with line 5"
    asked = {finding.asked for finding in verdict.findings}
    assert asked == {"lines", "metre", "rhyme"}, "the rhymes that are there are checked"
    assert "To come:" in str(verdict)
    seven = check(f"{QUATRAIN}\nThe evening puts its hand upon the wall,", "sonnet")
    assert str(seven.coming[1]) == "line 7: iambic pentameter; rhymes with line 5, *wall*"


def test_a_fault_of_an_unfinished_poem_is_told() -> None:
    verdict = check(QUATRAIN.replace("foam", "sand"), "sonnet")
    (problem,) = verdict.problems
    assert (problem.line, problem.asked) == (4, "rhyme")
    assert "4 of 14 lines; 1 problem so far" in verdict.summary
    assert str(verdict).count("so far") == 1, "the number of lines is told once"


def coming(text: str, toml: str) -> list[str]:
    form = parse(toml, "made", "made.toml")
    verdict = Checker().check(Poem.from_lines(text.split(" / ")), form)
    assert verdict.unfinished == bool(verdict.coming)
    return [str(line) for line in verdict.coming]


@pytest.mark.parametrize(
    ("text", "toml", "expected"),
    [
        ("a lamp", 'stanzas = ["AA"]', ["line 2: rhymes with line 1, *lamp*"]),
        ("a lamp", 'stanzas = ["A.x"]\nsyllables = 2',
         ["line 2: 2 syllables", "line 3: 2 syllables; rhymes with no line"]),
        ("a lamp", 'stanzas = [".."]', ["line 2: nothing is asked of it"]),
        ("a lamp", 'stanzas = ["ABA"]\nrefrains = {1 = [3]}',
         ["line 2: begins rhyme B", "line 3: line 1 again, 'a lamp'"]),
        ("a lamp", 'stanzas = ["ABBA"]\nrefrains = {2 = [3]}',
         ["line 2: begins rhyme B", "line 3: line 2 again",
          "line 4: rhymes with line 1, *lamp*"]),
        ("a lamp", 'stanzas = ["..", ".."]\nend_words = [[1, 2], [2, 1]]',
         ["line 2: nothing is asked of it", "line 3: ends in the last word of line 2",
          "line 4: ends in *lamp*, the last word of line 1"]),
        ("Or", 'stanzas = [".."]\nacrostic = "ON"', ["line 2: begins with 'N'"]),
        ("a lamp / a wall / a stone / a fall / a door", 'again = ["xAxA"]',
         ["line 6: begins rhyme B", "line 7: rhymes with no line",
          "line 8: rhymes with line 6"]),
        ("a lamp / a wall / a stamp / a door", 'again = ["ABA"]\nchain = true\nclose = ["A"]', []),
        ("a lamp / a wall / a stamp", 'again = ["ABA"]\nchain = true\nclose = ["A"]',
         ["line 4: rhymes with line 2, *wall*"]),
        ("a lamp / a wall / a stamp / a fall / a house",
         'again = ["ABAB"]\ncarry = [[2, 1], [4, 3]]',
         ["line 6: begins rhyme D", "line 7: line 4 again, 'a fall'",
          "line 8: rhymes with line 6"]),
        ("a lamp / a wall / a stamp", 'stanzas = ["AA"]', []),
        ("a lamp", 'again = ["x"]', []),
    ],
)  # fmt: skip
def test_what_the_lines_to_come_have_to_do(text: str, toml: str, expected: list[str]) -> None:
    assert coming(text, toml) == expected


def test_the_lines_to_come_of_an_open_metre_are_in_the_poems() -> None:
    verdict = check("The rain is near.\nThe swallows fly.\nWe end the year.", "villanelle")
    assert str(verdict.coming[0]) == "line 4: iambic dimeter; rhymes with line 3, *year*"
    assert str(verdict.coming[2]) == "line 6: line 1 again, 'The rain is near.'"


def test_the_lines_to_come_are_printed_and_are_fields_of_the_json() -> None:
    verdict = check(QUATRAIN, "villanelle")
    text = page.as_text(verdict)
    assert isinstance(text, Text)
    assert "line 6: line 1 again, 'The harbour lamps are lit along the quay,'" in text.plain
    assert "and 1 lines more" not in text.plain
    assert text.plain.rstrip().splitlines()[-1].startswith("  and 1 line more")
    record = json.loads(page.as_json(verdict))
    assert record["unfinished"] is True
    assert record["metre"] == "iambic pentameter"
    assert [line["line"] for line in record["coming"]] == list(range(5, 20))
    assert record["coming"][1]["repeats"] == 1
    finished = json.loads(page.as_json(check("a lamp", "free-verse")))
    assert (finished["unfinished"], finished["coming"]) == (False, [])


def test_a_line_to_come_of_which_nothing_is_known() -> None:
    assert str(ComingLine(3)) == "line 3: nothing is asked of it"
