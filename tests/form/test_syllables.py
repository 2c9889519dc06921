"""Syllables of a line: as most people say its words, or otherwise where that is allowed."""

import pytest

from quatrain.form import Checker, count_syllables, parse
from quatrain.records import Poem
from quatrain.sound import Ear


@pytest.fixture(scope="module")
def ear() -> Ear:
    ear = Ear()
    for phonemes in ("K UW1 K AH0 K", "K UW1 K", "K UW1 K AH0 K AH0 K AH0 K"):
        ear.add("kuke", phonemes)  # most people say two syllables, some one, or four
    return ear


@pytest.mark.parametrize(
    ("text", "total", "account"),
    [
        ("", 0, "no words"),
        ("... !", 0, "no words"),
        ("kuke", 2, "kuke 2"),
        ("the kuke, Kuke", 5, "the 1, kuke 2, Kuke 2"),
    ],
)
def test_a_line_counts_as_most_people_say_it(text: str, total: int, account: str, ear: Ear) -> None:
    count = count_syllables(text, ear)
    assert (count.total, count.account, count.variants) == (total, account, "")


@pytest.mark.parametrize(
    ("text", "wanted", "counted"),
    [
        ("kuke", 1, [1]),
        ("kuke", 2, [2]),
        ("kuke", 3, [2]),  # nobody says three
        ("the kuke", 5, [1, 4]),
        ("kuke kuke", 3, [2, 1]),
        ("kuke kuke kuke", 8, [2, 2, 4]),  # as few words as possible count otherwise
        ("kuke kuke", 20, [2, 2]),
    ],
)
def test_a_number_is_reached_with_few_other_pronunciations(
    text: str, wanted: int, counted: list[int], ear: Ear
) -> None:
    count = count_syllables(text, ear, wanted)
    assert sorted(word.counted for word in count.words) == sorted(counted)
    assert count.total == sum(counted)
    assert bool(count.variants) == any(word.counted != word.likeliest for word in count.words)


def test_a_page_without_line_ends_is_counted_no_further_than_needed(ear: Ear) -> None:
    assert count_syllables("the " * 9000, ear).total == 2001


LINE = "A fire in the hall"  # six syllables as the dictionary has it, five if *fire* has one


@pytest.mark.parametrize(
    ("toml", "strict", "kept", "licence"),
    [
        ("syllables = 5", True, False, ""),
        ("syllables = 6", True, True, ""),
        ('syllables = 5\nallow = ["variant"]', True, True, "fire counted as 1"),
        ("syllables = 5", False, True, "fire counted as 1"),
        ("syllables = 7", False, True, "6 syllables, one off"),
        ("syllables = 8", False, False, ""),
    ],
)
def test_a_looser_count_is_allowed_by_the_form_or_by_you_and_named(
    toml: str, strict: bool, kept: bool, licence: str
) -> None:
    form = parse(f'stanzas = ["x"]\n{toml}', "made", "made.toml")
    verdict = Checker(Ear()).check(Poem.from_lines([LINE]), form, strict=strict)
    (finding,) = [finding for finding in verdict.findings if finding.asked == "syllables"]
    assert finding.kept == kept
    assert finding.licence.startswith(licence) if licence else not finding.licence
    account = sum(int(part.rsplit(" ", 1)[1]) for part in finding.why.split(", "))
    assert finding.found == f"{account} syllables", "the account adds up to the number"


@pytest.mark.parametrize(
    "line",
    [
        "The power of the hour", "Our fire is higher", "A flower in a tower", "Heaven is seven",
        "The violet is real", "Every evening", "Many a mile away", "In a different family",
        "She blessed the learned man", "The idea of being", "Towards the poem", "A quiet giant",
    ],
)  # fmt: skip
def test_the_account_adds_up(line: str) -> None:
    count = count_syllables(line, Ear())
    for wanted in range(1, 12):
        for strict in (True, False):
            form = parse(f'stanzas = ["x"]\nsyllables = {wanted}', "made", "made.toml")
            verdict = Checker(Ear()).check(Poem.from_lines([line]), form, strict=strict)
            (finding,) = [item for item in verdict.findings if item.asked == "syllables"]
            account = sum(int(part.rsplit(" ", 1)[1]) for part in finding.why.split(", "))
            assert finding.found.split()[0] == str(account)
            assert finding.kept == (wanted == count.total) or not strict
