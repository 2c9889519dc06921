"""The findings of a check, one kind of demand at a time, for forms made for the purpose."""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

import pytest

from quatrain.errors import FormError
from quatrain.form import Checker, Form, check, nearest_forms, parse
from quatrain.form.library import ALIASES, forms, load, names
from quatrain.records import Finding, Poem, Verdict

Findings = Callable[..., list[Finding]]


def form(text: str) -> Form:
    return parse(text, "made", "made.toml")


# --- syllables


@pytest.mark.parametrize(
    ("text", "strict", "kept", "found", "licence"),
    [
        ("zight zight", True, True, "2 syllables", ""),
        ("kuke", True, True, "2 syllables", ""),
        ("kuke zight", True, False, "3 syllables", ""),
        ("zight", True, False, "1 syllable", ""),
        ("zight", False, True, "1 syllable", "1 syllable, one off"),
        ("zight zight zight", True, False, "3 syllables", ""),
        ("zight zight zight", False, True, "3 syllables", "3 syllables, one off"),
        ("zight zight zight zight", False, False, "4 syllables", ""),
        ("...", False, False, "0 syllables", ""),
        ("kuke", False, True, "2 syllables", ""),
        ("kuke zight", False, True, "2 syllables", "kuke counted as 1 (most people say 2)"),
    ],
)
def test_syllables_of_a_line(
    text: str, strict: bool, kept: bool, found: str, licence: str, findings: Findings
) -> None:
    toml = 'stanzas = ["x"]\nsyllables = 2'
    (finding,) = findings(text, toml, "syllables", strict=strict)
    assert (finding.line, finding.wanted) == (1, "2 syllables")
    assert (finding.kept, finding.found, finding.licence) == (kept, found, licence)
    likeliest = 1 if licence.startswith("kuke") else 2
    words = [
        f"{word} {likeliest if word == 'kuke' else 1}" for word in text.split() if word != "..."
    ]
    assert finding.why == (", ".join(words) or "no words")


def test_syllables_are_asked_of_each_line_in_turn(findings: Findings) -> None:
    lines = "zight / dolo / zight / dolo / dolo"
    counted = findings(lines, 'stanzas = ["xxxxx"]\nsyllables = [1, 2]', "syllables")
    assert [(finding.line, finding.kept, finding.wanted[0]) for finding in counted] == [
        (1, True, "1"), (2, True, "2"), (3, True, "1"), (4, True, "2"), (5, False, "1"),
    ]  # fmt: skip
    assert findings(lines, 'stanzas = ["xxxxx"]', "syllables") == []


# --- metre


IAMBIC = 'stanzas = ["x"]\nmetre = "iambic 3"\nallow = ["inversion"]'


@pytest.mark.parametrize(
    ("text", "strict", "kept", "stress", "why", "licence"),
    [
        ("The lamps are lit again", True, True, "-+-+-+", "", ""),
        ("Under the garden wall", True, True, "+--+-+", "", "trochaic inversion"),
        ("The lamps are lit", True, False, "-+-+", "it is 2 syllables short", ""),
        ("The lamps are lit", False, False, "-+-+", "it is 2 syllables short", ""),
        ("The lamps are lit again stones", False, True, "-+-+-++", "one breach is forgiven",
         "syllable 7, in 'stones' (S T OW1 N Z), is one too many"),
        ("The lamps are lit the stones stones", False, True, "-+-+--+", "",
         "anapaestic substitution"),
        ("The lamps are lit again gardens", False, False, "-+-+-++-",
         "syllable 7, in 'gardens' (G AA1 R D AH0 N Z), is one too many; "
         "syllable 8, in 'gardens' (G AA1 R D AH0 N Z), is one too many", ""),
        ("The lamps along the river", True, False, "-+-+-+-",
         "syllable 7, in 'river' (R IH1 V ER0), is one too many", ""),
        ("The lamps along the river", False, True, "-+-+-+-", "", "feminine ending"),
        ("...", True, False, "no words", "it is 6 syllables short", ""),
        ("...", False, False, "no words", "it is 6 syllables short", ""),
    ],
)  # fmt: skip
def test_metre_of_a_line(
    text: str, strict: bool, kept: bool, stress: str, why: str, licence: str, findings: Findings
) -> None:
    (finding,) = findings(text, IAMBIC, "metre", strict=strict)
    assert (finding.line, finding.wanted) == (1, "iambic trimeter")
    assert (finding.kept, finding.found) == (kept, stress)
    assert (finding.why, finding.licence) == (why, licence)


def test_the_verdict_has_the_stress_of_the_reading_taken(checker: Checker) -> None:
    poem = Poem.from_lines(["The lamps are lit again", "and lamps"])
    toml = 'stanzas = ["xx"]\nmetre = ["iambic 3", "iambic 1"]'
    verdict = checker.check(poem, form(toml))
    assert verdict.stresses == ("-+-+-+", "-+")
    assert [len(places) for places in verdict.places] == [6, 2]
    assert (verdict.form, verdict.strict, verdict.kept) == ("made", True, True)
    counted = checker.check(poem, form('stanzas = ["xx"]\nsyllables = [6, 2]'))
    assert (counted.stresses, counted.places) == (("", ""), ((), ()))


# --- rhymes


RHYMED = 'stanzas = ["AAAA"]\nrhymes = ["perfect"]'


def test_a_rhyme_is_asked_with_the_line_before_of_the_same_letter(findings: Findings) -> None:
    rhymes = findings("a zight / a moot / a fite / a fide", RHYMED, "rhyme")
    assert [(finding.line, finding.kept, finding.found, finding.wanted) for finding in rhymes] == [
        (2, False, "zight/moot, consonance rhyme", "a rhyme with line 1 (A)"),
        (3, False, "moot/fite, consonance rhyme", "a rhyme with line 2 (A)"),
        (4, False, "fite/fide, family rhyme", "a rhyme with line 3 (A)"),
    ]
    assert rhymes[2].why == (
        "the same vowel AY, and related consonants T and D (F AY1 T / F AY1 D)"
    )
    assert {finding.licence for finding in rhymes} == {""}


def test_lenient_rhymes_are_licences(findings: Findings) -> None:
    text = "a zight / a fite / a fide / a moot"
    rhymes = findings(text, RHYMED, "rhyme", strict=False)
    assert [(finding.kept, finding.licence) for finding in rhymes] == [
        (True, ""), (True, "family rhyme"), (False, ""),
    ]  # fmt: skip
    assert rhymes[2].found == "fide/moot, no rhyme"


def test_a_line_may_rhyme_with_itself_word_for_word(findings: Findings) -> None:
    text = "a moot / A moot! / the moot / ..."
    rhymes = findings(text, RHYMED, "rhyme")
    assert [(finding.kept, finding.licence) for finding in rhymes] == [
        (True, "identical rhyme"), (False, ""), (False, ""),
    ]  # fmt: skip
    assert rhymes[2].why == "'...' has no word"


def test_lines_that_rhyme_with_nothing_and_small_letters(findings: Findings) -> None:
    text = "a zight / a moot / a fite / a moot / a zight"
    rhymes = findings(text, 'stanzas = ["axAXa"]', "rhyme")
    assert [(finding.line, finding.kept) for finding in rhymes] == [(3, True), (5, True)]
    assert rhymes[1].wanted == "a rhyme with line 3 (A)"


def test_a_guessed_pronunciation_is_said(findings: Findings) -> None:
    (rhyme,) = findings("the brindlequort / the shandlequort", 'stanzas = ["AA"]', "rhyme")
    assert ", by a guess (" in rhyme.why
    (sure,) = findings("a zight / a fite", 'stanzas = ["AA"]', "rhyme")
    assert sure.why == "the same from the stressed AY on: AY T (Z AY1 T / F AY1 T)"


PROMOTED = 'stanzas = ["AA"]\nmetre = ["iambic 2", "iambic 2"]'


@pytest.mark.parametrize(
    ("text", "kept", "kind"),
    [
        ("a zight a lee / a tivery", True, "promoted"),
        ("a tivery / a zight a lee", True, "promoted"),
        ("a tivery / a zight an ee", True, "promoted"),
        ("a zight an ee / a tivery", True, "promoted"),
        ("a razery / a zight a ree", False, "slant"),  # the consonant before is the same
        ("a tivery / a zight alee the", False, "slant"),
        ("a zight a lee / the lamps", False, "no"),
        ("the lamps / a zight a lee", False, "no"),
    ],
)
def test_promoted_rhymes(text: str, kept: bool, kind: str, findings: Findings) -> None:
    rhyme, *_ = findings(text, PROMOTED, "rhyme")
    assert (rhyme.kept, rhyme.found.split(", ")[1]) == (kept, f"{kind} rhyme")


@pytest.mark.parametrize(
    ("text", "kept", "kind"),
    [
        ("a zight a lee / a tivery", True, "promoted"),
        ("a tivery / a zight a lee", True, "promoted"),
        ("a razery / a zight a ree", False, "slant"),  # the consonant before is the same
        ("a zight a lee / the lamps", False, "no"),
    ],
)
def test_promoted_rhymes_without_a_metre(
    text: str, kept: bool, kind: str, findings: Findings
) -> None:
    rhyme, *_ = findings(text, 'stanzas = ["AA"]', "rhyme")
    assert (rhyme.kept, rhyme.found.split(", ")[1]) == (kept, f"{kind} rhyme")


# --- lines


@pytest.mark.parametrize(
    ("toml", "lines", "kept", "expected", "why"),
    [
        ('stanzas = ["xx", "x"]', 3, True, "3 lines", ""),
        ('stanzas = ["xx", "x"]', 2, False, "3 lines", "This made has 2 of 3 lines so far."),
        ('stanzas = ["xx", "x"]', 5, False, "3 lines", "This made has 5 lines, 2 too many."),
        ('again = ["xx"]', 2, True, "a multiple of 2, at least 2", ""),
        ('again = ["xx"]', 4, True, "a multiple of 2, at least 2", ""),
        ('again = ["xx"]', 3, False, "a multiple of 2, at least 2", "has 3 lines; expected"),
        ('again = ["xx"]', 1, False, "a multiple of 2, at least 2", "has 1 line; expected"),
        ('again = ["xx"]\nleast = 2', 2, False, "a multiple of 2, at least 4", "has 2 lines"),
        ('again = ["xx"]\nleast = 2', 4, True, "a multiple of 2, at least 4", ""),
        ('stanzas = ["x"]\nagain = ["xx", "x"]', 4, True, "1 + a multiple of 3, at least 3", ""),
        ('stanzas = ["x"]\nagain = ["xx", "x"]', 3, False, "1 + a multiple of 3, at least 3",
         "expected 1 + a multiple of 3, at least 3."),
        ('again = ["ABA"]\nchain = true\nclose = ["A"]\nstanzas = ["x"]', 5, True,
         "2 + a multiple of 3, at least 3", ""),
        ('again = ["ABA"]\nchain = true\nclose = ["A"]', 7, True,
         "1 + a multiple of 3, at least 3", ""),
        ('again = ["ABA"]\nchain = true\nclose = ["A"]', 1, False,
         "1 + a multiple of 3, at least 3", "has 1 line;"),
    ],
)  # fmt: skip
def test_number_of_lines(
    toml: str, lines: int, kept: bool, expected: str, why: str, findings: Findings
) -> None:
    (finding,) = findings(" / ".join(["a zight"] * lines), toml, "lines")
    assert (finding.line, finding.kept, finding.wanted) == (0, kept, expected)
    assert finding.found == f"{lines} line{'' if lines == 1 else 's'}"
    assert why in finding.why
    assert bool(finding.why) == (not kept)


@pytest.mark.parametrize(
    ("toml", "lines", "scheme"),
    [
        ('stanzas = ["ABB"]', 3, "ABB"),
        ('stanzas = ["ABB"]', 5, "ABBxx"),
        ('stanzas = ["ABB"]', 2, "AB"),
        ('again = ["AxA"]', 6, "AxABxB"),
        ('again = ["AxA"]', 8, "AxABxBCx"),
        ('stanzas = ["AA"]\nagain = ["BB"]', 6, "AABBCC"),
        ('again = ["AA", "AB"]', 8, "AABCDDEF"),
        ('again = ["AB", "AB"]\nleast = 2', 5, "ABCDE"),
        ('again = ["ABA"]\nchain = true\nclose = ["AA"]', 8, "ABABCBCC"),
        ('again = ["ABA"]\nchain = true\nclose = ["A"]\nstanzas = ["ZZ"]', 9, "ZZBCBCDCD"),
        ('again = ["A"]', 28, "ABCDEFGHIJKLMNOPQRSTUVWXYZ,A2,B2"),
    ],
)
def test_the_letters_a_form_gives_the_lines(
    toml: str, lines: int, scheme: str, checker: Checker
) -> None:
    poem = Poem.from_lines(["a zight"] * lines)
    letters = checker.check(poem, form(toml)).scheme
    first, *more = scheme.split(",")
    assert [letter or "x" for letter in letters] == [*first, *more]


# --- the nearest forms


def demands(verdict: Verdict) -> list[Finding]:
    """Return the findings that bring a poem nearer to a form: that it doesn't rhyme does not."""
    return [
        finding for finding in verdict.findings if not finding.kept or finding.asked != "no rhyme"
    ]


def test_the_nearest_forms_are_ranked_by_what_the_poem_keeps(checker: Checker) -> None:
    """Kept ones first, then those of the larger share of demands, fixed before open."""
    haiku = "Rain on the tin roof / the cat counts the drops with care / nine, ten, asleep now"
    poem = Poem.from_lines(haiku.split(" / "))
    verdicts = checker.nearest_forms(poem, 100)
    assert verdicts[0].form == "haiku"
    assert not any(verdict.strict for verdict in verdicts)
    ranks = []
    for verdict in verdicts:
        asked = len(demands(verdict))
        share = sum(finding.kept for finding in demands(verdict)) / asked
        assert share > 0.5
        assert verdict.findings[0].kept, "it has the form's number of lines"
        fixed = load(verdict.form).fixed
        ranks.append((not verdict.kept, -share, not fixed, -asked, verdict.form))
    assert ranks == sorted(ranks)
    expected = {
        record.name
        for record in forms()
        for verdict in [checker.check(poem, record, strict=False)]
        if verdict.findings[0].kept and 2 * len(verdict.broken) < len(demands(verdict))
    }
    assert {verdict.form for verdict in verdicts} == expected
    for count in (0, 1, 2):
        nearest = checker.nearest_forms(poem, count)
        assert [verdict.form for verdict in nearest] == [
            finding.form for finding in verdicts[:count]
        ]
    assert nearest_forms(poem) == checker.nearest_forms(poem, 3)


def test_a_form_half_of_which_is_broken_is_not_near(
    checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first form breaks two of four demands, the second breaks one."""
    half = 'stanzas = ["xxx"]\nsyllables = [1, 7, 7]'
    most = 'stanzas = ["xxx"]\nsyllables = [1, 1, 7]'
    made = [parse(half, "half", "f"), parse(most, "most", "f")]
    monkeypatch.setattr(import_module("quatrain.form.check"), "forms", lambda: made)
    poem = Poem.from_lines(["zight", "fite", "moot"])
    assert [verdict.form for verdict in checker.nearest_forms(poem)] == ["most"]


def test_a_poem_is_checked_against_the_form_it_names() -> None:
    poem = Poem.from_lines(["Rain", "or", "snow"])
    with pytest.raises(FormError, match="The poem names no form"):
        check(poem)
    assert check(replace(poem, form="haiku")).form == "haiku"
    assert check(replace(poem, form="haiku"), "free-verse").form == "free-verse"


def test_guessed_words_are_listed_once_in_order(checker: Checker) -> None:
    lines = ["The Shandlequort and zight", "a brindlequort, the Shandlequort"]
    verdict = checker.check(Poem.from_lines(lines), "free-verse")
    assert verdict.guessed == ("Shandlequort", "brindlequort")


# --- forms


def test_properties_of_a_form() -> None:
    chained = form('stanzas = ["xy"]\nagain = ["ABA", "AB"]\nchain = true\nclose = ["A", "AA"]')
    assert (chained.opening_lines, chained.repeated_lines, chained.closing_lines) == (2, 5, 3)
    assert chained.shape == "xy ABA AB ... A AA"
    assert not chained.fixed
    fixed = form('stanzas = ["AA", "xB"]')
    assert (fixed.shape, fixed.fixed, fixed.title) == ("AA xB", True, "made")
    assert str(fixed) == "made"
    assert str(form('stanzas = ["AA"]\nabout = "Two lines."')) == "made: Two lines."
    assert fixed.metre_of(0) is None
    assert fixed.syllables_of(0) is None
    assert Form("a", "b").rhymes == {"perfect", "rich", "mosaic", "promoted"}


def test_stanzas_that_a_form_has_at_least() -> None:
    record = form('again = ["AB"]\nleast = 2')
    for asked, given in [(0, 2), (1, 2), (2, 2), (3, 3)]:
        assert len(record.rhyme_letters(asked)) == given
    closed = form('again = ["ABA"]\nchain = true\nclose = ["A"]\nstanzas = ["xx"]')
    assert [len(closed.rhyme_letters(asked)) for asked in (0, 3, 4, 5)] == [3, 3, 4, 5]


def test_short_names_of_forms() -> None:
    assert set(ALIASES.values()) <= set(names())
    assert load("Sonnet").name == "shakespearean-sonnet"
    assert check("a line", "sonnet").form == "shakespearean-sonnet"
