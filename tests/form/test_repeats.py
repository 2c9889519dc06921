"""Lines and words that a form repeats: refrains, carried lines, end words; and acrostics."""

from collections.abc import Callable

import pytest

from quatrain.form import parse
from quatrain.form.repeats import refrain_pairs
from quatrain.records import Finding

Findings = Callable[..., list[Finding]]


def pantoum(stanzas: int) -> list[str]:
    """Return a poem whose quatrains carry their second and fourth lines on."""
    lines = ["stanza 0 line 1 a zight", "stanza 0 line 2 a moot",
             "stanza 0 line 3 a fite", "stanza 0 line 4 a moot"]  # fmt: skip
    for stanza in range(1, stanzas):
        lines += [
            lines[-3], f"stanza {stanza} line 2 a fide",
            lines[-1], f"stanza {stanza} line 4 a fide",
        ]  # fmt: skip
    return lines


PANTOUM = 'again = ["ABAB"]\ncarry = [[2, 1], [4, 3]]\nleast = 2'


@pytest.mark.parametrize(("opening", "stanzas"), [(0, 2), (0, 3), (0, 4), (2, 3), (3, 4)])
def test_carried_lines(opening: int, stanzas: int, findings: Findings) -> None:
    toml = PANTOUM + (f'\nstanzas = ["{"x" * opening}"]' if opening else "")
    lines = ["an opening line"] * opening + pantoum(stanzas)
    carried = [
        (opening + 4 * stanza + now, opening + 4 * (stanza - 1) + before)
        for stanza in range(1, stanzas)
        for before, now in ((2, 1), (4, 3))
    ]
    refrains = findings(" / ".join(lines), toml, "refrain")
    assert [(finding.line, finding.kept, finding.wanted) for finding in refrains] == [
        (now, True, f"line {before} again, {lines[before - 1]!r}") for now, before in carried
    ]
    rhymes = findings(" / ".join(lines), toml, "rhyme")
    rhyming = [opening + 3, opening + 4] + [opening + 4 * n for n in range(2, stanzas + 1)]
    assert [finding.line for finding in rhymes] == rhyming, "a carried line is asked for no rhyme"
    record = parse(toml, "made", "made.toml")
    assert refrain_pairs(len(lines), record) == [(before, now) for now, before in carried]
    place = carried[-1][0] - 1
    lines[place] += " or so"
    broken = [
        finding for finding in findings(" / ".join(lines), toml, "refrain") if not finding.kept
    ]
    assert place + 1 in [finding.line for finding in broken]
    assert broken[0].found == repr(lines[place])


def test_no_line_is_carried_without_carry() -> None:
    record = parse('again = ["ABAB"]', "made", "made.toml")
    assert not refrain_pairs(12, record)


def test_refrains_are_compared_word_by_word(findings: Findings) -> None:
    toml = 'stanzas = ["AAA", "AA"]\n[refrains]\n1 = [3, 5]\n2 = [4]'
    text = "A zight / the fite / a, ZIGHT! / the fight / a zight zight"
    refrains = findings(text, toml, "refrain")
    assert [(finding.line, finding.kept) for finding in refrains] == [
        (3, True),
        (4, False),
        (5, False),
    ]
    assert refrains[1].found == "'the fight'"
    assert refrains[1].wanted == "line 2 again, 'the fite'"
    rhymes = findings(text, toml, "rhyme")
    assert [finding.line for finding in rhymes] == [2], "a refrain is asked for no rhyme"


def test_end_words(findings: Findings) -> None:
    toml = 'stanzas = ["xx", "xx", "x"]\nend_words = [[1, 2], [2, 1], [2]]'
    text = "a zight / a moot / the Moot. / a fite / wide"
    words = findings(text, toml, "end word")
    assert [
        (finding.line, finding.kept, finding.found, finding.wanted, finding.why)
        for finding in words
    ] == [
        (3, True, "'moot'", "'moot'", "the last word of line 2"),
        (4, False, "'fite'", "'zight'", "the last word of line 1"),
        (5, False, "'wide'", "'moot'", "the last word of line 2"),
    ]
    last = findings("a / b / b / a / ...", toml, "end word")[-1]
    assert (last.kept, last.found) == (False, "''")


def test_acrostic(findings: Findings) -> None:
    toml = 'stanzas = ["xxxx"]\nacrostic = "Abc"'
    letters = findings("a zight / '12 bees / zight / more", toml, "acrostic")
    assert [(finding.line, finding.kept, finding.found, finding.wanted) for finding in letters] == [
        (1, True, "'a'", "'A'"), (2, True, "'b'", "'b'"), (3, False, "'z'", "'c'"),
    ]  # fmt: skip
    (empty, *_) = findings("... / b / c / d", toml, "acrostic")
    assert (empty.kept, empty.found) == (False, "''")
    short = findings("a zight", toml, "acrostic")
    assert [finding.line for finding in short] == [1], "lines that are not there yet are not asked"


def test_a_poem_that_is_too_long_is_asked_for_nothing_more(
    findings: Findings,
) -> None:
    toml = 'stanzas = ["AAA"]\n[refrains]\n1 = [2]'
    for asked in ("rhyme", "refrain", "end word"):
        assert findings("a zight / a moot / a fite / a fide", toml, asked) == []
