"""The findings of a check, one kind of demand at a time, for forms made for the purpose."""

from dataclasses import replace
from importlib import import_module

import pytest

from quatrain.errors import FormError
from quatrain.form import Checker, Form, check, nearest_forms, parse
from quatrain.form.library import ALIASES, forms, load, names
from quatrain.form.repeats import is_carried
from quatrain.records import Finding, Poem
from quatrain.sound import Ear


@pytest.fixture(scope="module")
def checker() -> Checker:
    """A checker that knows some invented words."""
    ear = Ear()
    for word, *pronunciations in [
        ("kuke", "K UW1 K AH0 K", "K UW1 K"),  # two syllables, or one
        ("zight", "Z AY1 T"),
        ("fite", "F AY1 T"),
        ("fide", "F AY1 D"),
        ("fise", "F AY1 S"),
        ("moot", "M UW1 T"),
        ("dolo", "D OW1 L OW0"),
        ("tivery", "T IH1 V ER0 IY0"),
        ("lee", "L IY1"),
        ("ree", "R IY1"),
        ("ee", "IY1"),
        ("razery", "R AE1 Z ER0 R IY0"),
        ("razed", "R EY1 Z D"),
    ]:
        for phonemes in pronunciations:
            ear.add(word, phonemes)
    return Checker(ear)


def form(text: str) -> Form:
    return parse(text, "made", "made.toml")


def findings(
    checker: Checker, text: str, toml: str, asked: str, *, strict: bool = True
) -> list[Finding]:
    """Return the findings of one kind; the lines of the text are separated by ` / `."""
    poem = Poem.from_lines(text.split(" / "))
    verdict = checker.check(poem, form(toml), strict=strict)
    assert [each.line for each in verdict.findings] == sorted(
        each.line for each in verdict.findings
    )
    return [finding for finding in verdict.findings if finding.asked == asked]


# --- syllables


@pytest.mark.parametrize(
    ("text", "strict", "kept", "found", "licence"),
    [
        ("zight zight", True, True, "2 syllables", ""),
        ("kuke", True, True, "2 syllables", ""),
        ("kuke zight", True, True, "2 syllables", "counted as 2 syllables; most people say 3"),
        ("zight", True, False, "1 syllables", ""),
        ("zight", False, True, "1 syllables", "1 syllables, one off"),
        ("zight zight zight", True, False, "3 syllables", ""),
        ("zight zight zight", False, True, "3 syllables", "3 syllables, one off"),
        ("zight zight zight zight", False, False, "4 syllables", ""),
        ("...", False, False, "0 syllables", ""),
        ("kuke", False, True, "2 syllables", ""),
        ("kuke zight", False, True, "2 syllables", "counted as 2 syllables; most people say 3"),
    ],
)
def test_syllables_of_a_line(
    text: str, strict: bool, kept: bool, found: str, licence: str, checker: Checker
) -> None:
    toml = 'stanzas = ["x"]\nsyllables = 2'
    (finding,) = findings(checker, text, toml, "syllables", strict=strict)
    assert (finding.line, finding.wanted) == (1, "2 syllables")
    assert (finding.kept, finding.found, finding.licence) == (kept, found, licence)
    words = [f"{word} {2 if word == 'kuke' else 1}" for word in text.split() if word != "..."]
    assert finding.why == (", ".join(words) or "no words")


def test_syllables_are_asked_of_each_line_in_turn(checker: Checker) -> None:
    lines = "zight / dolo / zight / dolo / dolo"
    counted = findings(checker, lines, 'stanzas = ["xxxxx"]\nsyllables = [1, 2]', "syllables")
    assert [(each.line, each.kept, each.wanted[0]) for each in counted] == [
        (1, True, "1"), (2, True, "2"), (3, True, "1"), (4, True, "2"), (5, False, "1"),
    ]  # fmt: skip
    assert findings(checker, lines, 'stanzas = ["xxxxx"]', "syllables") == []


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
    text: str, strict: bool, kept: bool, stress: str, why: str, licence: str, checker: Checker
) -> None:
    (finding,) = findings(checker, text, IAMBIC, "metre", strict=strict)
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


def test_a_rhyme_is_asked_with_the_line_before_of_the_same_letter(checker: Checker) -> None:
    rhymes = findings(checker, "a zight / a moot / a fite / a fide", RHYMED, "rhyme")
    assert [(each.line, each.kept, each.found, each.wanted) for each in rhymes] == [
        (2, False, "zight/moot, consonance rhyme", "a rhyme with line 1 (A)"),
        (3, False, "moot/fite, consonance rhyme", "a rhyme with line 2 (A)"),
        (4, False, "fite/fide, family rhyme", "a rhyme with line 3 (A)"),
    ]
    assert rhymes[2].why == (
        "the same vowel AY, and related consonants T and D (F AY1 T / F AY1 D)"
    )
    assert {each.licence for each in rhymes} == {""}


def test_lenient_rhymes_are_licences(checker: Checker) -> None:
    text = "a zight / a fite / a fide / a moot"
    rhymes = findings(checker, text, RHYMED, "rhyme", strict=False)
    assert [(each.kept, each.licence) for each in rhymes] == [
        (True, ""), (True, "family rhyme"), (False, ""),
    ]  # fmt: skip
    assert rhymes[2].found == "fide/moot, no rhyme"


def test_a_line_may_rhyme_with_itself_word_for_word(checker: Checker) -> None:
    text = "a moot / A moot! / the moot / ..."
    rhymes = findings(checker, text, RHYMED, "rhyme")
    assert [(each.kept, each.licence) for each in rhymes] == [
        (True, "identical rhyme"), (False, ""), (False, ""),
    ]  # fmt: skip
    assert rhymes[2].why == "'...' has no word"


def test_lines_that_rhyme_with_nothing_and_small_letters(checker: Checker) -> None:
    text = "a zight / a moot / a fite / a moot / a zight"
    rhymes = findings(checker, text, 'stanzas = ["axAXa"]', "rhyme")
    assert [(each.line, each.kept) for each in rhymes] == [(3, True), (5, True)]
    assert rhymes[1].wanted == "a rhyme with line 3 (A)"


def test_a_guessed_pronunciation_is_said(checker: Checker) -> None:
    (rhyme,) = findings(checker, "the brindlequort / the shandlequort", 'stanzas = ["AA"]', "rhyme")
    assert ", by a guess (" in rhyme.why
    (sure,) = findings(checker, "a zight / a fite", 'stanzas = ["AA"]', "rhyme")
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
def test_promoted_rhymes(text: str, kept: bool, kind: str, checker: Checker) -> None:
    rhyme, *_ = findings(checker, text, PROMOTED, "rhyme")
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
    toml: str, lines: int, kept: bool, expected: str, why: str, checker: Checker
) -> None:
    (finding,) = findings(checker, " / ".join(["a zight"] * lines), toml, "lines")
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
        ('again = ["AxA"]', 8, "AxABxBxx"),
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


# --- repeats


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
def test_carried_lines(opening: int, stanzas: int, checker: Checker) -> None:
    toml = PANTOUM + (f'\nstanzas = ["{"x" * opening}"]' if opening else "")
    lines = ["an opening line"] * opening + pantoum(stanzas)
    carried = [
        (opening + 4 * stanza + now, opening + 4 * (stanza - 1) + before)
        for stanza in range(1, stanzas)
        for before, now in ((2, 1), (4, 3))
    ]
    refrains = findings(checker, " / ".join(lines), toml, "refrain")
    assert [(each.line, each.kept, each.wanted) for each in refrains] == [
        (now, True, f"line {before} again, {lines[before - 1]!r}") for now, before in carried
    ]
    rhymes = findings(checker, " / ".join(lines), toml, "rhyme")
    rhyming = [opening + 3, opening + 4] + [opening + 4 * n for n in range(2, stanzas + 1)]
    assert [each.line for each in rhymes] == rhyming, "a carried line is asked for no rhyme"
    record = form(toml)
    assert [number + 1 for number in range(len(lines)) if is_carried(number, record)] == [
        now for now, _ in carried
    ]
    place = carried[-1][0] - 1
    lines[place] += " or so"
    broken = [
        each for each in findings(checker, " / ".join(lines), toml, "refrain") if not each.kept
    ]
    assert place + 1 in [each.line for each in broken]
    assert broken[0].found == repr(lines[place])


def test_no_line_is_carried_without_carry() -> None:
    record = form('again = ["ABAB"]')
    assert not any(is_carried(number, record) for number in range(12))


def test_refrains_are_compared_word_by_word(checker: Checker) -> None:
    toml = 'stanzas = ["AAA", "AA"]\n[refrains]\n1 = [3, 5]\n2 = [4]'
    text = "A zight / the fite / a, ZIGHT! / the fight / a zight zight"
    refrains = findings(checker, text, toml, "refrain")
    assert [(each.line, each.kept) for each in refrains] == [(3, True), (4, False), (5, False)]
    assert refrains[1].found == "'the fight'"
    assert refrains[1].wanted == "line 2 again, 'the fite'"
    rhymes = findings(checker, text, toml, "rhyme")
    assert [each.line for each in rhymes] == [2], "a refrain is asked for no rhyme"


def test_end_words(checker: Checker) -> None:
    toml = 'stanzas = ["xx", "xx", "x"]\nend_words = [[1, 2], [2, 1], [2]]'
    text = "a zight / a moot / the Moot. / a fite / wide"
    words = findings(checker, text, toml, "end word")
    assert [(each.line, each.kept, each.found, each.wanted, each.why) for each in words] == [
        (3, True, "'moot'", "'moot'", "the last word of line 2"),
        (4, False, "'fite'", "'zight'", "the last word of line 1"),
        (5, False, "'wide'", "'moot'", "the last word of line 2"),
    ]
    last = findings(checker, "a / b / b / a / ...", toml, "end word")[-1]
    assert (last.kept, last.found) == (False, "''")


def test_acrostic(checker: Checker) -> None:
    toml = 'stanzas = ["xxxx"]\nacrostic = "Abc"'
    letters = findings(checker, "a zight / '12 bees / zight / more", toml, "acrostic")
    assert [(each.line, each.kept, each.found, each.wanted) for each in letters] == [
        (1, True, "'a'", "'A'"), (2, True, "'b'", "'b'"), (3, False, "'z'", "'c'"),
    ]  # fmt: skip
    (empty, *_) = findings(checker, "... / b / c / d", toml, "acrostic")
    assert (empty.kept, empty.found) == (False, "''")
    short = findings(checker, "a zight", toml, "acrostic")
    assert [each.line for each in short] == [1], "lines that are not there yet are not asked"


def test_a_poem_of_the_wrong_length_is_asked_for_no_repeats_and_no_rhymes(checker: Checker) -> None:
    toml = 'stanzas = ["AAA"]\n[refrains]\n1 = [2]'
    for asked in ("rhyme", "refrain", "end word"):
        assert findings(checker, "a zight / a moot", toml, asked) == []


# --- the nearest forms


def test_the_nearest_forms_are_ranked_by_what_the_poem_keeps(checker: Checker) -> None:
    """Kept ones first, then those of the larger share of demands, fixed before open."""
    haiku = "Rain on the tin roof / the cat counts the drops with care / nine, ten, asleep now"
    poem = Poem.from_lines(haiku.split(" / "))
    verdicts = checker.nearest_forms(poem, 100)
    assert verdicts[0].form == "haiku"
    assert not any(verdict.strict for verdict in verdicts)
    ranks = []
    for verdict in verdicts:
        asked = len(verdict.findings)
        share = sum(finding.kept for finding in verdict.findings) / asked
        assert share > 0.5
        assert verdict.findings[0].kept, "it has the form's number of lines"
        fixed = load(verdict.form).fixed
        ranks.append((not verdict.kept, -share, not fixed, -asked, verdict.form))
    assert ranks == sorted(ranks)
    expected = {
        record.name
        for record in forms()
        for verdict in [checker.check(poem, record, strict=False)]
        if verdict.findings[0].kept and 2 * len(verdict.broken) < len(verdict.findings)
    }
    assert {verdict.form for verdict in verdicts} == expected
    for count in (0, 1, 2):
        nearest = checker.nearest_forms(poem, count)
        assert [verdict.form for verdict in nearest] == [each.form for each in verdicts[:count]]
    assert nearest_forms(poem) == checker.nearest_forms(poem, 3)


def test_a_form_half_of_which_is_broken_is_not_near(
    checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of four demands the first breaks two, the second one."""
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
