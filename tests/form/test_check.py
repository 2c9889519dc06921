"""Poems held to forms: the anthology keeps its labels; a spoiled poem is caught where it is."""

from collections.abc import Callable

import pytest

from quatrain.corpus import read
from quatrain.errors import FormError
from quatrain.form import check, load, names, nearest_forms
from quatrain.records import Poem

ANTHOLOGY = read("anthology").poems


@pytest.mark.parametrize("poem", ANTHOLOGY, ids=lambda poem: poem.title.replace(" ", "-"))
def test_the_anthology_keeps_its_labels(poem: Poem) -> None:
    verdict = check(poem, poem.form)
    assert verdict.kept, str(verdict)
    assert bool(verdict)


@pytest.mark.slow
@pytest.mark.parametrize("poem", ANTHOLOGY, ids=lambda poem: poem.title.replace(" ", "-"))
def test_the_likeliest_form_of_a_poem_is_its_own(poem: Poem) -> None:
    assert nearest_forms(poem)[0].form == poem.form


def of_form(form: str) -> Poem:
    return next(poem for poem in ANTHOLOGY if poem.form == form)


def spoiled(poem: Poem, line: int, change: Callable[[str], str]) -> Poem:
    lines = [each.text for each in poem.lines]
    lines[line - 1] = change(lines[line - 1])
    return Poem.from_lines(lines)


def other_end(line: str) -> str:
    return line.rsplit(" ", 1)[0] + " orange."


@pytest.mark.parametrize("line", [3, 8, 14])
def test_a_wrong_end_word_is_caught_where_it_stands(line: int) -> None:
    verdict = check(spoiled(of_form("shakespearean-sonnet"), line, other_end), "sonnet")
    assert not verdict.kept
    assert line in {finding.line for finding in verdict.broken if finding.asked == "rhyme"}


@pytest.mark.parametrize("line", [1, 7, 13])
def test_a_long_line_is_caught_where_it_stands(line: int) -> None:
    poem = spoiled(of_form("shakespearean-sonnet"), line, lambda text: "and moreover, " + text)
    (finding,) = check(poem, "sonnet").broken
    assert (finding.line, finding.asked) == (line, "metre")
    assert "is one too many" in finding.why


def test_a_missing_refrain_is_caught() -> None:
    poem = of_form("villanelle")
    verdict = check(
        spoiled(poem, 12, lambda _: poem.lines[0].text.replace("The", "A")), "villanelle"
    )
    assert {(each.line, each.asked) for each in verdict.broken} == {(12, "refrain")}


def test_swapped_lines_are_caught() -> None:
    lines = [line.text for line in of_form("shakespearean-sonnet").lines]
    lines[9], lines[10] = lines[10], lines[9]
    broken = {finding.line for finding in check(Poem.from_lines(lines), "sonnet").broken}
    assert broken
    assert broken <= {10, 11, 12}


def test_a_missing_line_is_a_finding_about_the_poem() -> None:
    poem = Poem.from_lines([line.text for line in of_form("limerick").lines[:-1]])
    (finding, *_) = check(poem, "limerick").broken
    assert (finding.line, finding.found, finding.wanted) == (0, "4 lines", "5 lines")
    assert str(finding) == "This limerick has 4 of 5 lines so far."


def test_a_haiku_says_how_it_was_counted() -> None:
    verdict = check(
        "Rain on the tin roof\nthe cat counts the drops with care\nnine, ten, asleep now", "haiku"
    )
    assert verdict.kept, str(verdict)
    long = check(
        "Rain on the corrugated roof\nthe cat counts the drops with care\nnine, ten, asleep",
        "haiku",
    )
    assert [(each.line, each.found) for each in long.broken] == [
        (1, "8 syllables"),
        (3, "4 syllables"),
    ]
    assert "corrugated 4" in long.broken[0].why
    assert [each.line for each in check(long.poem, "haiku", strict=False).broken] == [1]


def test_the_syllable_that_breaks_the_metre_is_named() -> None:
    verdict = check(
        "The garden window opens to the sea\nand carefully the evening enters it\n", "blank-verse"
    )
    assert verdict.kept, str(verdict)
    verdict = check(
        "The window garden opens to the sea\nThe blue hotel among the pines", "blank-verse"
    )
    assert "2 syllables short" in verdict.broken[-1].why
    verdict = check(
        "The old guitar forgotten on a shelf\nthe machine hums and nobody is there", "blank-verse"
    )
    (finding,) = verdict.broken
    assert finding.line == 2
    assert "in 'machine' (M AH0 SH IY1 N), is unstressed" in finding.why


def test_strict_and_lenient_differ_as_defined() -> None:
    poem = "I counted every light along the shore\nand found that one of them was very far"
    strict, lenient = check(poem, "heroic-couplets"), check(poem, "heroic-couplets", strict=False)
    assert [each.asked for each in strict.broken] == ["rhyme"]
    assert lenient.kept
    assert any(finding.licence for finding in lenient.findings)


def test_terza_rima_chains_and_closes() -> None:
    laid = load("terza-rima").rhyme_letters(4)
    assert ["".join(letter or "x" for letter in row) for row in laid] == ["ABA", "BCB", "CDC", "D"]


def test_a_pantoum_carries_its_lines() -> None:
    lines = [
        "We left the key beneath the stone",
        "and took the path along the wall.",
        "The valley kept its undertone",
        "of water, far below it all.",
    ]
    second = [
        lines[1], "the latch still swinging in the cold.", lines[3],
        "What can be left cannot be sold.",
    ]  # fmt: skip
    poem = "\n".join([*lines, "", *second])
    verdict = check(poem, "pantoum")
    refrains = [each for each in verdict.findings if each.asked == "refrain"]
    assert [(each.line, each.kept) for each in refrains] == [(5, True), (7, True)]
    broken = check(poem.replace(second[2], "of something else below it all", 1), "pantoum")
    assert any(each.asked == "refrain" and not each.kept for each in broken.findings)


def test_a_sestina_turns_its_end_words() -> None:
    words = ["stone", "river", "house", "morning", "bread", "salt"]
    order = [each for row in load("sestina").end_words for each in row]
    lines = [f"the word that ends this line of mine is {words[each - 1]}" for each in order]
    verdict = check(Poem.from_lines(lines), "sestina")
    ends = [each for each in verdict.findings if each.asked == "end word"]
    assert len(ends) == 33
    assert all(each.kept for each in ends)
    lines[7] = lines[7].replace("stone", "water")
    wrong = [
        each for each in check(Poem.from_lines(lines), "sestina").broken if each.asked == "end word"
    ]
    assert [(each.line, each.found, each.wanted) for each in wrong] == [(8, "'water'", "'stone'")]


@pytest.mark.parametrize("form", names())
def test_any_text_gets_a_verdict(form: str) -> None:
    for text in ("", "!!!", "🙂\n🙂", "寂\n寞\n雨", "word " * 2000, "12 34\n56", "\n\n\n"):
        verdict = check(text, form)
        assert verdict.form == form
        assert len(verdict.scheme) == len(verdict.stresses) == len(verdict.poem.lines)


def test_an_unknown_form_names_its_neighbour() -> None:
    with pytest.raises(FormError, match="Did you mean 'villanelle'"):
        check("a line", "villanele")


def test_every_shipped_form_has_a_poem() -> None:
    assert {poem.form for poem in ANTHOLOGY} == set(names())


def test_a_rhyme_on_a_promoted_syllable_counts() -> None:
    poem = "I kept the apple and I kept the tree\nand every other thing in memory"
    verdict = check(poem, "heroic-couplets")
    assert verdict.kept, str(verdict)
    assert "tree/memory, promoted rhyme" in [each.found for each in verdict.findings]


def test_a_promoted_syllable_is_heard_as_the_metre_was_read() -> None:
    poem = "I saw the garden wall that time defaced\nand all the houses that the river razed"
    broken = check(poem, "heroic-couplets").broken
    assert [(each.line, each.asked) for each in broken] == [(2, "rhyme")]


def test_a_line_of_four_feet_is_no_line_of_five_even_leniently() -> None:
    poem = "The winter came along the wall\nand put its hand across it all"
    broken = check(poem, "heroic-couplets", strict=False).broken
    assert [(each.line, each.asked) for each in broken] == [(1, "metre"), (2, "metre")]


def test_marks_stand_above_vowels() -> None:
    verdict = check("Under the bridge the water turns to glass", "blank-verse")
    assert [verdict.poem.lines[0].text[place] for place in verdict.places[0]] == list(
        "UeeieaeuOa".replace("O", "o")
    )


def test_guessed_words_are_listed() -> None:
    assert check("The brindlequort is sitting on the wall", "blank-verse").guessed
