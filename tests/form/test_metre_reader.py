"""The reading of a line: its breaches, its licences and its elisions; the words are invented."""

import pytest

from quatrain.form.metre import reader as metre_reader
from quatrain.form.metre.automaton import MetreAutomaton
from quatrain.form.metre.reader import MetreReader
from quatrain.form.metre.reading import Breach, LineReading
from quatrain.sound import Ear

WORDS = {
    "ba": ["B AA1"],
    "belo": ["B AH0 L OW1"],
    "lobo": ["L OW1 B AH0"],
    "dolorin": ["D OW1 L ER0 IH0 N"],
    "sonny": ["S AH1 N IY0"],
    "shadow": ["SH AE1 D OW0"],
    "lowly": ["L OW0"],
    "sofa": ["S OW1 F AH0"],
    "isle": ["AY1 L"],
    "ila": ["AY1 L", "L AH0 L AY1"],
    "lila": ["L AY1 L", "AY1 L AH0"],
    "varly": ["V AH0 R L IY1", "V AE1 R L IY0"],
    "delow": ["D EH1 L OW2"],
    "dolony": ["D OW1 L AH0 D IY0"],
    "hush": ["SH"],
    "vari": ["V AE1 R IH0", "V AH0 R IY1", "V AA1 R IH0"],
}
"""Invented words, and their pronunciations."""


@pytest.fixture(scope="module")
def reader() -> MetreReader:
    ear = Ear()
    for word, pronunciations in WORDS.items():
        for phonemes in pronunciations:
            ear.add(word, phonemes)
    return MetreReader(ear)


def metre(name: str, *allowed: str) -> MetreAutomaton:
    foot, feet = name.split()
    return MetreAutomaton(foot, int(feet), frozenset(allowed))


def is_wrong(number: int, word: str, said: str, quality: str) -> str:
    expected = "an unstressed" if quality == "stressed" else "a stressed"
    return (
        f"syllable {number}, in '{word}' ({said}), is {quality} where the metre has "
        f"{expected} syllable"
    )


def is_too_many(number: int, word: str, said: str) -> str:
    return f"syllable {number}, in '{word}' ({said}), is one too many"


IAMBIC = metre("iambic 2")


@pytest.mark.parametrize(
    ("line", "metre", "stress", "breaches"),
    [
        ("belo belo", IAMBIC, "-+-+", []),
        ("belo", IAMBIC, "-+", ["it is 2 syllables short"]),
        ("belo ba", IAMBIC, "-+-", ["it is 1 syllable short"]),
        ("ba", IAMBIC, "-", ["it is 3 syllables short"]),
        ("", IAMBIC, "", ["it is 4 syllables short"]),
        ("...", IAMBIC, "", ["it is 4 syllables short"]),
        ("belo belo ba", IAMBIC, "-+-++", [is_too_many(5, "ba", "B AA1")]),
        ("Belo belo Sofa", IAMBIC, "-+-++-",
         [is_too_many(5, "Sofa", "S OW1 F AH0"), is_too_many(6, "Sofa", "S OW1 F AH0")]),
        ("belo lobo", IAMBIC, "-+-+",
         [is_wrong(3, "lobo", "L OW1 B AH0", "stressed"),
          is_wrong(4, "lobo", "L OW1 B AH0", "unstressed")]),
        ("lobo lobo", IAMBIC, "+-+-",
         [is_too_many(1, "lobo", "L OW1 B AH0"), "it is 1 syllable short"]),
        ("the ba", metre("trochaic 1"), "+-", [is_wrong(1, "the", "DH AH0", "unstressed")]),
        ("lobo", metre("trochaic 2", "catalectic"), "+-", ["it is 2 syllables short"]),
        ("lobo ba", metre("trochaic 2", "catalectic"), "+-+", []),
        ("lobo ba", metre("trochaic 2"), "+-+", ["it is 1 syllable short"]),
        ("dolorin ba", metre("dactylic 2", "catalectic"), "+--+", []),
        ("dolorin", metre("dactylic 2", "catalectic"), "+--", ["it is 3 syllables short"]),
        ("ba", metre("anapaestic 2", "headless", "iamb"), "+", ["it is 3 syllables short"]),
    ],
)  # fmt: skip
def test_breaches_are_named_and_counted(
    line: str, metre: MetreAutomaton, stress: str, breaches: list[str], reader: MetreReader
) -> None:
    reading = reader.read(line, metre)
    assert list(reading.breaches) == breaches
    assert reading.stress == stress
    short = sum(int(breach.split()[2]) for breach in breaches if breach.startswith("it is"))
    named = sum(breach.startswith("syllable") for breach in breaches)
    assert reading.distance == short + named
    assert len(reading.places) == len(stress)


@pytest.mark.parametrize(
    ("line", "metre", "stress", "licences"),
    [
        ("sofa belo", metre("iambic 2", "inversion"), "+--+", ("trochaic inversion",)),
        ("belo belo", metre("iambic 2", "inversion"), "-+-+", ()),
        ("ba ba, sofa belo", metre("iambic 3", "inversion"), "-++--+", ("trochaic inversion",)),
        ("belo belo the", metre("iambic 2", "feminine"), "-+-+-", ("feminine ending",)),
        ("ba the ba ba", metre("iambic 2", "pyrrhic"), "---+", ("pyrrhic",)),
        ("the the ba ba ba", metre("iambic 2", "anapaest"), "--+-+", ("anapaestic substitution",)),
        ("belo the belo", metre("anapaestic 2", "iamb"), "-+--+", ("a syllable less",)),
    ],
)
def test_licences_are_named(
    line: str, metre: MetreAutomaton, stress: str, licences: tuple[str, ...], reader: MetreReader
) -> None:
    reading = reader.read(line, metre)
    assert (reading.stress, reading.licences) == (stress, licences)
    assert (reading.breaches, reading.distance) == ((), 0)


@pytest.mark.parametrize("mark", list(',;:.!?—–-…()[]"“”'))
def test_a_foot_may_be_inverted_after_any_pause(mark: str, reader: MetreReader) -> None:
    inverted = metre("iambic 3", "inversion")
    assert not reader.read(f"belo {mark} sofa belo", inverted).breaches
    assert reader.read("belo sofa belo", inverted).breaches


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("ba the isle ba ba", "the"),
        ("ba to isle ba ba", "to"),
        ("ba sonny isle ba", "sonny"),
        ("ba Shadow isle ba", "Shadow"),
        ("ba sonny ila ba", "sonny"),  # the likeliest pronunciation begins with a vowel
        ("ba varly isle ba", "varly"),  # in its second pronunciation
        ("ba the ba ba ba", ""),  # before a consonant
        ("ba sonny ba ba", ""),
        ("ba sonny hush ba ba", ""),
        ("ba sonny lila ba", ""),
        ("ba the, isle ba ba", ""),  # before a pause
        ("ba sonny; isle ba", ""),
        ("ba of isle ba ba", ""),  # another word
        ("ba sofa isle ba", ""),  # another vowel
        ("ba delow isle ba", ""),  # a stressed one
        ("ba lowly isle ba ba", ""),  # the only syllable of the word
    ],
)
def test_a_vowel_is_run_into_the_next(line: str, word: str, reader: MetreReader) -> None:
    """Each line has a syllable too many unless a vowel is elided."""
    reading = reader.read(line, IAMBIC)
    assert bool(reading.breaches) == (not word), reading
    if word:
        assert reading.licences == (f"{word} elided before a vowel",)
        assert reading.stress == "-+-+"
        assert len(reading.places) == 4
        assert [said.text for said, _ in reading.said] == line.split()


def test_a_longer_word_loses_only_its_last_syllable(reader: MetreReader) -> None:
    reading = reader.read("ba dolony isle ba ba", metre("iambic 3"))
    assert (reading.stress, reading.breaches) == ("-+-+-+", ())
    assert reading.licences == ("dolony elided before a vowel",)


def test_nothing_follows_the_last_word_to_run_into(reader: MetreReader) -> None:
    assert reader.read("ba ba ba sonny", IAMBIC).breaches
    assert reader.read("ba ba ba ba the", IAMBIC).breaches


def test_the_options_of_a_word(reader: MetreReader) -> None:
    """The likeliest pronunciation of each pattern; those that a rule made cost more."""

    def options(word: str) -> list[tuple[str, int, tuple[str, ...]]]:
        return [(str(option.said), option.cost, option.licences) for option in reader.options(word)]

    assert options("vari") == [("V AE1 R IH0", 0, ()), ("V AH0 R IY1", 1, ())]
    assert options("heaven") == [("HH EH1 V AH0 N", 0, ()), ("HH EH1 V N", 1, ())]
    shortened = ("F L AW1 R", 2, ("flower: two syllables as one",))
    assert options("flower") == [("F L AW1 ER0", 0, ()), shortened]
    assert options("...") == []


def test_a_shortened_word_is_a_licence(reader: MetreReader) -> None:
    assert reader.read("ba flower ba", IAMBIC).licences == ()
    reading = reader.read("ba flower ba ba", IAMBIC)
    assert (reading.stress, reading.breaches) == ("-+-+", ())
    assert reading.licences == ("flower: two syllables as one",)
    assert [str(said) for _, said in reading.said] == ["B AA1", "F L AW1 R", "B AA1", "B AA1"]


def test_the_cheapest_licence_is_taken(reader: MetreReader) -> None:
    """Variants of a word that are listed cost least, then an inversion, then other licences."""
    inverting = metre("iambic 2", "inversion")
    assert reader.read("vari belo", inverting).licences == (), "the second pronunciation"
    lenient = metre("iambic 3", "inversion", "midline")
    line = "belo, sofa belo"
    assert reader.read(line, lenient).licences == ("trochaic inversion",)
    line = "belo sofa belo"
    assert reader.read(line, lenient).licences == ("inversion within a phrase",)


def test_lines_of_too_many_words_are_not_read(reader: MetreReader) -> None:
    most = reader.read("ba " * 40, IAMBIC)
    assert (len(most.stress), most.distance, len(most.breaches)) == (40, 36, 36)
    more = reader.read("ba " * 41, IAMBIC)
    long = Breach("long", 0, 4, "a line of 41 words is far from it")
    assert more == LineReading("", (), broken=(long,), distance=4)


def test_the_marks_stand_on_the_vowels_of_the_line(reader: MetreReader) -> None:
    line = "... belo,  lobo"
    reading = reader.read(line, metre("iambic 2", "inversion"))
    assert reading.places == (5, 7, 12, 14)
    assert [line[place] for place in reading.places] == list("eooo")


def test_readings_are_the_same_when_asked_again(
    reader: MetreReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metre_reader, "LINE_CACHE_LIMIT", 1)
    monkeypatch.setattr(metre_reader, "WORD_CACHE_LIMIT", 1)
    fresh = MetreReader(reader.ear)
    for line in ("belo belo", "belo lobo", "belo", "belo belo", "belo lobo"):
        assert fresh.read(line, IAMBIC) == reader.read(line, IAMBIC)
        assert fresh.read(line, IAMBIC) is fresh.read(line, IAMBIC)
