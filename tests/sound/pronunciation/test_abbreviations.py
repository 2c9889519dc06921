"""Abbreviations, initialisms and Roman numerals, as their line has them said."""

import pytest

from quatrain.sound import Ear, pronounce, words


def spoken(line: str) -> str:
    return "|".join(word.spoken for word in words(line))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("We live at No. 5", "we|live|at|number|5"),
        ("The answer is no. I wept.", "the|answer|is|no|i|wept"),
        ("Tide vs. Oar", "tide|versus|oar"),
        ("St. Bride and Bride St. met", "saint|bride|and|bride|street|met"),
        ("St Bride met Dr. Marsh", "saint|bride|met|doctor|marsh"),
        ("On Jan. 5 and 6 Feb.", "on|january|5|and|6|february"),
        ("I saw our Jan. She waved.", "i|saw|our|jan|she|waved"),
        ("the 5th of Nov.", "the|5th|of|november"),
        ("at 5 p.m. or 3 a.m.", "at|5|p.m.|or|3|a.m."),
        ("in the U.S.A. e.g.", "in|the|u.s.a.|e.g."),
        ("A. E. Marsh got an A", "a.|e|marsh|got|an|a."),
        ("vs of the sea", "vs|of|the|sea"),
        ("on 5th Ave. by Marsh & Co.", "on|5th|avenue|by|marsh|and|company"),
        ("an A+ at rock 'n' roll", "an|a.|plus|at|rock|'n|roll"),
    ],
)
def test_abbreviations_are_said_in_full(line: str, said: str) -> None:
    assert spoken(line) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Henry VIII wept", "henry|the eighth|wept"),
        ("Louis XIV's hat", "louis|the fourteenth's|hat"),
        ("Chapter IV", "chapter|four"),
        ("World War II", "world|war|two"),
        ("Cantos II and III", "cantos|two|and|three"),
        ("Part I", "part|one"),
        ("When I and Jane, Jane I, go", "when|i|and|jane|jane|i|go"),
        ("Henry V sang, and John V. Marsh", "henry|the fifth|sang|and|john|v|marsh"),
        ("the XIXth hour", "the|nineteenth|hour"),
        ("to farthest Ind", "to|farthest|ind"),
        ("MCMXCIX", "nineteen ninety nine"),
        ("A CIVIL MIX", "a|civil|mix"),
        ("a CIVIL tongue", "a|civil|tongue"),
    ],
)
def test_roman_numerals_are_counts_and_ordinals(line: str, said: str) -> None:
    assert spoken(line) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("my BSOD and LGBT friends", "my|b.s.o.d.|and|l.g.b.t.|friends"),
        ("the YMCA said OMG", "the|y.m.c.a.|said|o.m.g."),
        ("NASA and NATO, a LASER", "nasa|and|nato|a|laser"),
        ("THE KING IN HIS HALL", "the|king|in|his|hall"),
        ("THE NHS IS OURS", "the|n.h.s.|is|ours"),
        ("the US and the UN", "the|u.s.|and|the|u.n."),
        ("He told US to go", "he|told|us|to|go"),
        ("two TVs, the NHS's", "two|t.v.s|the|n.h.s.'s"),
        ("in WWII", "in|w.w. 2"),
        ("THOU, my HEE and SHEPHEARD", "thou|my|hee|and|shepheard"),
    ],
)
def test_capitals_that_are_no_word_are_spelled_out(line: str, said: str) -> None:
    assert spoken(line) == said


@pytest.mark.parametrize(
    ("word", "phonemes"),
    [
        ("BSOD", "B IY2 EH2 S OW2 D IY1"),
        ("u.s.a.", "Y UW2 EH2 S EY1"),
        ("YMCA", "W AY2 EH2 M S IY2 EY1"),
        ("c.d.s", "S IY2 D IY1 Z"),
        ("π", "P AY1"),
        ("moon tide", "M UW1 N T AY1 D"),
    ],
)
def test_letters_are_said_one_by_one(word: str, phonemes: str) -> None:
    assert str(pronounce(word)[0]) == phonemes


def test_a_users_initialism_comes_first() -> None:
    ear = Ear()
    ear.add("BSOD", "B IY1 S AA2 D")
    (word,) = words("a BSOD")[1:]
    assert str(ear.pronounce(word.spoken)[0]) == "B IY1 S AA2 D"


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("couldnt", 2), ("wouldve", 2), ("thats", 1), ("theyre", 1),
        ("itll", 2), ("shouldntve", 3), ("i'd've", 2), ("they'll've", 2), ("shouldn't've", 3),
        ("y'all'd've", 2), ("daren't", 2),
    ],
)  # fmt: skip
def test_contractions_keep_their_syllables_without_an_apostrophe(word: str, syllables: int) -> None:
    assert pronounce(word)[0].syllables == syllables


@pytest.mark.parametrize("word", ["well", "shed", "hell", "its", "were", "cant"])
def test_a_word_of_its_own_is_no_contraction(word: str) -> None:
    assert all(not each.note for each in pronounce(word) if each.confidence == 1)
    assert pronounce(word)[0].source != "rule"


@pytest.mark.parametrize(
    ("word", "phonemes"),
    [
        ("rosé", "R OW0 Z EY1"),
        ("rosés", "R OW0 Z EY1 Z"),
        ("pâté", "P AA0 T EY1"),
        ("touché", "T UW0 SH EY1"),
        ("blasé", "B L AA0 Z EY1"),
        ("café", "K AE0 F EY1"),
        ("résumé", "R EH1 Z AH0 M EY2"),
        ("née", "N EY1"),
        ("Daphné", "D AE1 F N IY0"),
        ("crème", "K R EH1 M"),
        ("père", "P EH1 R"),
        ("walkèd", "W AO1 K AH0 D"),
        ("rose", "R OW1 Z"),
    ],
)
def test_accents_are_heard(word: str, phonemes: str) -> None:
    assert str(pronounce(word)[0]) == phonemes


def test_a_users_accented_word_is_not_the_plain_one() -> None:
    ear = Ear()
    ear.add("rosé", "R OW2 Z EY1")
    assert str(ear.pronounce("Rosé")[0]) == "R OW2 Z EY1"
    assert str(ear.pronounce("rose")[0]) == "R OW1 Z"


@pytest.mark.parametrize(("word", "syllables"), [("be'n", 1), ("e'en", 1), ("o'er", 1), ("th'", 0)])
def test_a_contraction_keeps_a_vowel_if_it_can(word: str, syllables: int) -> None:
    assert Ear().pronounce(word)[0].syllables == syllables
