"""How words are said: the lexicon, the words of verse, the rules, the guess, the user's entries."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quatrain import sound
from quatrain.errors import CorpusError, SettingsError
from quatrain.records import Pronunciation
from quatrain.sound import Ear, pronounce
from quatrain.sound.pronunciation.elision import contract, poetic_variants
from quatrain.sound.pronunciation.g2p import LETTERS, shipped
from quatrain.sound.pronunciation.lexicon import shipped as lexicon
from quatrain.sound.pronunciation.phonemes import NUMBER_OF
from quatrain.sound.pronunciation.quantities import read_out

SCRIPTS = Path(__file__).parents[3] / "scripts"


def first(word: str) -> str:
    return str(pronounce(word)[0])


@pytest.mark.parametrize(
    ("word", "phonemes"),
    [
        ("beauty", "B Y UW1 T IY0"),
        ("'tis", "T IH1 Z"),
        ("o'er", "AO1 R"),
        ("e'en", "IY1 N"),
        ("thro'", "TH R UW1"),
        ("heav'n", "HH EH1 V N"),
        ("th'", "DH"),
        ("seem'd", "S IY1 M D"),
        ("rais'd", "R EY1 Z D"),
        ("stopp'd", "S T AA1 P T"),
        ("cry'd", "K R AY1 D"),
        ("know'st", "N OW1 S T"),
        ("seest", "S IY1 AH0 S T"),
        ("falleth", "F AO1 L AH0 TH"),
        ("flower's", "F L AW1 ER0 Z"),
        ("roses'", "R OW1 Z IH0 Z"),
        ("lingerin'", "L IH1 NG G ER0 IH0 N"),
        ("moonless", "M UW1 N L AH0 S"),
        ("ev'ry", "EH1 V R IY0"),
        ("wand'ring", "W AA1 N D R IH0 NG"),
        ("owne", "OW1 N"),
        ("cruell", "K R UW1 L"),
        ("vpon", "AH0 P AA1 N"),
        ("shouldst", "SH UH1 D S T"),
        ("opprest", "AH0 P R EH1 S T"),
        ("possest", "P AH0 Z EH1 S T"),
        ("stretcht", "S T R EH1 CH T"),
        ("frettin", "F R EH1 T IH0 N"),
        ("countree", "K AH1 N T R IY0"),
        ("skilful", "S K IH1 L F AH0 L"),
        ("twixt", "T W IH1 K S T"),
        ("runn'st", "R AH1 N S T"),
        ("ioyes", "JH OY1 Z"),
        ("vnder", "AH1 N D ER0"),
        ("swoll'n", "S W OW1 L N"),
        ("op'ning", "OW1 P N IH0 NG"),
        ("vent'rous", "V EH1 N T R AH0 S"),
        ("th'eternal", "DH IH0 T ER1 N AH0 L"),
        ("t'advance", "T AH0 D V AE1 N S"),
        ("repos'd", "R IH0 P OW1 Z D"),
        ("pow'r's", "P AW1 R Z"),
        ("dar'st", "D EH1 R S T"),
        ("1817", " ".join(first(w) for w in ["eighteen", "seventeen"])),
    ],
)
def test_words_of_verse_are_said_as_worked_out_by_hand(word: str, phonemes: str) -> None:
    said = [str(each) for each in pronounce(word)]
    alike = [each.replace("IH0", "AH0") for each in said]
    assert phonemes.replace("IH0", "AH0") in alike[:2], said


def test_every_listed_pronunciation_is_kept_with_its_source() -> None:
    record = pronounce("record")
    stresses = {each.stress.replace("2", "1")[:2] for each in record}
    assert {"10", "01"} <= stresses, "the noun and the verb"
    assert all(each.source for each in record)
    assert "cmudict" in record[0].source


def test_a_syllable_verse_may_lose_or_sound_is_a_further_way() -> None:
    heaven = {each.syllables for each in pronounce("heaven")}
    walked = {str(each): each for each in pronounce("walked")}
    assert heaven == {1, 2}
    assert walked["W AO1 K AH0 D"].note == "-ed sounded"
    assert walked["W AO1 K AH0 D"].confidence < walked["W AO1 K T"].confidence == 1
    assert {each.syllables for each in pronounce("power")} == {1, 2}
    assert {each.syllables for each in pronounce("glorious")} == {2, 3}


@pytest.mark.parametrize("word", ["naked", "winged", "carried", "kiss'd", "pass'd", "damn'd"])
def test_no_way_stands_twice_and_no_ending_is_sounded_twice(word: str) -> None:
    said = [each.phonemes for each in pronounce(word)]
    assert len(said) == len(set(said))
    assert all(each[-3:] not in (("AH0", "AH0", "D"), ("IH0", "AH0", "D")) for each in said)


def test_both_words_that_a_contraction_may_be_are_kept() -> None:
    said = {str(each): each.note for each in pronounce("rob'd")}
    assert said["R OW1 B D"] == "robed without its syllable"
    assert said["R AA1 B D"] == "robbed without its syllable"


def test_an_accent_sounds_the_ending() -> None:
    assert {each.stress for each in pronounce("walkèd")} == {"10"}


def test_a_compound_stresses_its_first_part() -> None:
    said = pronounce("winterfire")[0]
    assert said.stress[0] == "1"
    assert said.note == "winter + fire"


def test_an_unknown_word_is_guessed_and_says_so() -> None:
    said = pronounce("brindlequort")
    assert all(each.guessed for each in said)
    assert 0 < said[0].confidence < 1
    assert said[0].stress.count("1") == 1


def test_the_network_says_most_words_it_was_not_shown_as_the_lexicon_does() -> None:
    words = ["maternal", "laggard", "clapped", "drowsed", "suckled", "guesses", "avenging"]
    held_out = runpy.run_path(str(SCRIPTS / "families.py"))["held_out"]
    assert all(held_out(word) for word in words)
    for word in words:
        guessed, confidence = shipped().predict(word)
        listed = [each.stress for each in lexicon()[word]]
        assert "".join(p[-1] for p in guessed if p[-1].isdigit()) in listed
        assert 0 < confidence <= 1


def test_the_lexicon_finds_each_word_it_lists() -> None:
    listed = list(lexicon())
    assert listed == sorted(listed, key=str.encode)
    assert len(lexicon()) == len(listed) == len(set(listed))
    for word in listed[:: len(listed) // 200]:
        assert word in lexicon()
        assert all(set(each.phonemes) <= set(NUMBER_OF) for each in lexicon()[word])
    assert lexicon()["zzyzzyx"] == ()


def test_words_that_end_alike_are_found_in_the_whole_lexicon() -> None:
    found = set(lexicon().with_similar_ending(("N", "AY1", "T")))
    assert {"light", "despite", "height"} <= found
    assert {"heat", "side"} <= found, "alike in the consonants, or in the vowel"
    assert "moon" not in found


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0", "zero"),
        ("12", "twelve"),
        ("21st", "twenty first"),
        ("100", "one hundred"),
        ("1002", "one thousand two"),
        ("40th", "fortieth"),
        ("1817", "eighteen seventeen / one thousand eight hundred seventeen"),
        ("1900", "nineteen hundred / one thousand nine hundred"),
        ("2005", "two thousand five"),
        ("1605", "sixteen oh five / one thousand six hundred five"),
        ("٣", "three"),
        ("1000000000000", "one " + "zero " * 11 + "zero"),
    ],
)
def test_numbers_are_read_out(number: str, words: str) -> None:
    assert [" ".join(way) for way in read_out(number)] == words.split(" / ")


@pytest.mark.parametrize(
    ("written", "parts"),
    [("1,002", "one thousand two"), ("4-fold", "four fold"), ("٣", "three"), ("2x", "two x")],
)
def test_numbers_are_said_with_what_stands_beside_them(written: str, parts: str) -> None:
    said = [each.phonemes for each in pronounce(written)]
    assert tuple(p for part in parts.split() for p in pronounce(part)[0].phonemes) == said[0]


def test_a_hyphenated_word_keeps_every_way_of_its_parts() -> None:
    said = {str(each) for each in pronounce("wind-swept")}
    assert {"W IH1 N D S W EH1 P T", "W AY1 N D S W EH1 P T"} <= said


def test_a_users_hyphenated_word_is_not_said_by_its_parts() -> None:
    ear = Ear()
    ear.add("mari-lwyd", "M AE1 R IY0 L UW2 IH0 D")
    assert [each.source for each in ear.pronounce("Mari-Lwyd")] == ["user"]


def test_what_is_remembered_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quatrain.sound.pronunciation.ear.CACHE_LIMIT", 3)
    ear = Ear()
    first = ear.pronounce("moon")
    for word in ("tide", "oar", "lamp", "moon"):
        ear.pronounce(word)
    assert len(ear._remembered) <= 3
    assert ear.pronounce("moon") == first


def test_a_word_is_said_before_numpy_is_imported() -> None:
    program = (
        "import sys; from quatrain.sound import pronounce; pronounce('heaven');"
        " print(sorted({'numpy', 'torch', 'quatrain.layers'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_every_name_of_the_room_is_there_and_none_hides_a_module() -> None:
    for name in sound.__all__:
        assert callable(getattr(sound, name)), name
    with pytest.raises(AttributeError, match="no attribute 'sonnet'"):
        sound.sonnet  # noqa: B018


def test_a_users_entries_come_first(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("# mine\ngwyll\tG W IH1 L\nbeauty  B UW1 T IY0\n", encoding="utf-8")
    ear = Ear.with_entries(path)
    assert [str(each) for each in ear.pronounce("Gwyll")] == ["G W IH1 L"]
    assert str(ear.pronounce("beauty")[0]) == "B UW1 T IY0"
    assert ear.pronounce("beauty")[0].source == "user"
    assert str(Ear().pronounce("beauty")[0]) == "B Y UW1 T IY0", "other ears are as before"
    ear.add("gwyll", "G W AY1 L")
    assert len(ear.pronounce("gwyll")) == 2


def test_a_users_mistake_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("good\tG UH1 D\nbad\tB AE D\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"mine.txt, line 2: got the phoneme 'AE'"):
        Ear.with_entries(path)
    with pytest.raises(SettingsError, match="got the phoneme 'QQ'; expected ARPAbet"):
        Ear().add("word", "QQ")
    with pytest.raises(CorpusError, match="There is no file of pronunciations"):
        Ear.with_entries(tmp_path / "none.txt")


def test_the_rhyming_part_begins_at_the_last_stressed_vowel() -> None:
    assert Pronunciation("x", ("D", "IH0", "L", "AY1", "T"), "user").rhyming_part == ("AY", "T")
    assert Pronunciation("x", ("P", "OW1", "AH0", "T"), "user").rhyming_part == (
        "OW",
        "AH",
        "T",
    )
    assert Pronunciation("x", ("DH", "AH0"), "user").rhyming_part == ("AH",)


@given(st.lists(st.sampled_from(sorted(NUMBER_OF)), min_size=1, max_size=9).map(tuple))
def test_whatever_is_said_may_lose_one_syllable_or_sound_one(phonemes: tuple[str, ...]) -> None:
    before = sum(each[-1].isdigit() for each in phonemes)
    for ways, change in ((contract(phonemes), -1), (poetic_variants("walked", phonemes), None)):
        for variant, note in ways:
            after = sum(each[-1].isdigit() for each in variant)
            assert after - before == (change or (1 if note == "-ed sounded" else -1)), note


@given(st.text(max_size=40))
def test_anything_is_answered(word: str) -> None:
    said = pronounce(word)
    assert all(each.phonemes for each in said)
    if any(letter in LETTERS[:26] for letter in word.lower()):
        assert said


def test_what_no_one_can_say_is_silent_or_guessed() -> None:
    assert pronounce("") == pronounce("!?") == pronounce("😀") == ()
    assert pronounce("寂寞")[0].confidence == 0
    assert pronounce("z" * 400)[0].guessed
    assert pronounce("moon\ud800")
    assert pronounce("9" * 3000)[0].source == "number"
