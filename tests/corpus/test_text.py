"""Plain text files: where poems end, and what is cleaned."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quatrain.config import Cleaning
from quatrain.corpus import decoding, plain, read, stream
from quatrain.corpus.cleaning import Tally, clean
from quatrain.records import Poem

KEEP_ALL = Cleaning(drop_duplicates=False)


def poems(path: Path, text: str, cleaning: Cleaning = KEEP_ALL) -> list[Poem]:
    path.write_bytes(text.encode())
    return list(read(path, cleaning=cleaning).poems)


def texts(path: Path, text: str) -> list[str]:
    return [poem.text for poem in poems(path, text)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "verse.txt"


def rule(path: Path) -> str:
    (name,) = read(path, cleaning=KEEP_ALL).report.rules
    return name


def test_several_blank_lines_separate_poems_and_one_ends_a_stanza(file: Path) -> None:
    found = texts(file, "a b\nc d\n\ne f\n\n\n\n\ng h\n\ni j\n\n\nk l\n")
    assert found == ["a b\nc d\n\ne f", "g h\n\ni j", "k l"]
    assert rule(file) == "several blank lines separate poems"


def test_fourteen_line_stanzas_apart_by_one_blank_line_are_poems(file: Path) -> None:
    sonnets = ["\n".join(f"line {n} of sonnet {s}" for n in range(14)) for s in range(5)]
    assert texts(file, "\n\n".join(sonnets)) == sonnets
    assert rule(file) == "single blank lines separate poems"


def test_quatrains_apart_by_one_blank_line_are_one_poem(file: Path) -> None:
    quatrains = ["\n".join(f"line {n} of stanza {s}" for n in range(4)) for s in range(5)]
    assert texts(file, "\n\n".join(quatrains)) == ["\n\n".join(quatrains)]
    assert rule(file) == "all text is one poem (no headings or wide gaps)"


def test_a_few_double_gaps_in_a_long_poem_do_not_cut_it(file: Path) -> None:
    stanzas = ["a short\nstanza"] * 400
    assert len(texts(file, "\n\n".join(stanzas[:200]) + "\n\n\n" + "\n\n".join(stanzas))) == 1
    assert rule(file) == "all text is one poem (too few wide gaps to separate poems)"


@pytest.mark.parametrize(
    "marks",
    [
        ("I", "II", "XIV."),
        ("1", "2", "3."),
        ("Sonnet 1", "SONNET 2", "sonnet XIX"),
        ("[1]", "(2)", "[3]"),
        ("# Rain", "## Snow", "# Hail"),
        ("RAIN", "SNOW AND WIND", "O'ER THE HILL"),
    ],
)
def test_headings_begin_poems_and_become_titles(file: Path, marks: tuple[str, ...]) -> None:
    verse = ["first line\nsecond\n\nthird", "one more line", "and another\nand the last"]
    text = "\n\n".join(f"  {mark}\n\n{poem}" for mark, poem in zip(marks, verse, strict=True))
    found = poems(file, text)
    assert [poem.text for poem in found] == verse
    assert [poem.title for poem in found] == [mark.strip("# ") for mark in marks]
    assert rule(file) == "each heading starts a new poem"
    assert read(file, cleaning=KEEP_ALL).report.omitted["title"] == 3


def test_a_number_right_above_its_poem_is_a_heading(file: Path) -> None:
    assert texts(file, "1.\nfirst\nline\n\n2.\nsecond\nline\n") == ["first\nline", "second\nline"]


def test_speakers_and_shouted_lines_are_not_headings(file: Path) -> None:
    assert len(texts(file, "ROMEO:\n\nlove me\n\nJULIET:\n\nI do\n\nNO,\n\nNO;\n\nwell")) == 1


def test_titles_that_stand_alone_above_most_poems(file: Path) -> None:
    text = "The Mill\n\nit turns\nand on\n\n\nThe Weir\n\nit falls\n\nand on\n\n\nuntitled\nverse"
    found = poems(file, text)
    assert [poem.title for poem in found] == ["The Mill", "The Weir", ""]
    assert [poem.text for poem in found] == [
        "it turns\nand on",
        "it falls\n\nand on",
        "untitled\nverse",
    ]


def test_one_lonely_first_line_among_many_poems_is_verse(file: Path) -> None:
    text = "alone\n\nit turns\n\n\nthis\nverse\n\n\nthat\nverse"
    assert texts(file, text) == ["alone\n\nit turns", "this\nverse", "that\nverse"]


GUTENBERG = """\
The Project Gutenberg eBook of Nothing Much

*** START OF THE PROJECT GUTENBERG EBOOK NOTHING MUCH ***

Produced by nobody
and friends



  I

  The kettle sings upon the hob,
    The cat is on the chair,

  II

  The kettle has forgotten how,
    The cat is on the stair.

*** END OF THE PROJECT GUTENBERG EBOOK NOTHING MUCH ***

Section 1. General Terms of Use
"""


def test_gutenbergs_header_footer_and_margin_are_taken_off(file: Path) -> None:
    found = poems(file, GUTENBERG)
    assert [(poem.title, poem.text) for poem in found] == [
        ("I", "The kettle sings upon the hob,\n  The cat is on the chair,"),
        ("II", "The kettle has forgotten how,\n  The cat is on the stair."),
    ]
    report = read(file).report
    assert (report.omitted["licence"], report.omitted["producer's note"]) == (4, 2)
    assert report.indented == 2


@pytest.mark.parametrize("size", [1, 2, 3, 7, 16, 64])
@pytest.mark.parametrize(
    "text",
    [
        "  I\n\n  a b\n\n  c\n\n  II\n\n  d\n\n\n  e\n",
        "a b\r\nc d\r\n\r\n\r\n\r\ne f\r\ng é\r\n\r\n\r\n\r\n\r\n\r\nh",
        "The Mill\n\nit turns\n\n\n\nThe Weir\n\nit falls\n\n\n",
        "\n\n".join("\n".join("abcdefghijkl") for _ in range(4)),
    ],
)
def test_where_blocks_are_cut_makes_no_difference(
    file: Path, text: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = poems(file, text)
    rule = plain.rule_of(text.replace("\r\n", "\n"))
    monkeypatch.setattr(decoding, "BLOCK", size)
    monkeypatch.setattr(plain, "rule_of", lambda sample: rule)
    assert list(read(file, cleaning=KEEP_ALL).poems) == whole


def test_a_text_without_breaks_is_cut_and_counted(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "LONGEST_POEM", 40)
    monkeypatch.setattr(decoding, "BLOCK", 50)
    stanzas = [f"a line of {n}\nand another" for n in range(8)]
    found = texts(file, "\n\n".join(stanzas))
    assert len(found) > 2
    assert "\n\n".join(found) == "\n\n".join(stanzas)
    assert read(file, cleaning=KEEP_ALL).report.cut == len(found) - 1


def test_everything_changed_is_counted(file: Path) -> None:
    text = (
        "\ufeff‘Twas the “cold”\u00a0moon’s\ttea \u200b—\r\n"
        "cafe\u0301 – e\u0301te\u0301\x07 \r"
        "\u00adsoft\x0bhard\x85next\u2028last"
    )
    (poem,) = poems(file, text)
    assert poem.text == ("'Twas the \"cold\" moon's tea --\ncafé - été\nsoft\nhard\nnext\nlast")
    report = read(file).report
    assert report.encodings == {"utf-8-sig (byte order mark)": 1}
    assert (report.quotes, report.dashes, report.spaces) == (4, 2, 2)
    assert (report.control, report.line_endings, report.trailing) == (3, 5, 1)
    assert report.normalised == 1


def test_quotes_and_dashes_stay_if_asked(file: Path) -> None:
    text = "‘so’ – “so” — it goes"
    file.write_text(text, encoding="utf-8")
    kept = read(file, cleaning=Cleaning(fold_quotes=False, fold_dashes=False))
    assert kept.poems[0].text == text
    assert (kept.report.quotes, kept.report.dashes) == (0, 0)


def test_joiners_that_spell_persian_and_hindi_stay(file: Path) -> None:
    assert texts(file, "می\u200cخواهم\nक्\u200dष") == ["می\u200cخواهم\nक्\u200dष"]


def test_what_a_terminal_would_obey_never_reaches_a_poet() -> None:
    categories = {"Cc", "Cf", "Cs"}
    obeyed = [
        character
        for character in map(chr, range(0x110000))
        if unicodedata.category(character) in categories and character not in "\u200c\u200d"
    ]
    (text,) = clean(["a".join(["", *obeyed, ""])], Cleaning(), Tally())
    assert set(text) <= {"a", " ", "\n"}  # tabs and the line ends of old machines


def test_control_characters_do_not_keep_an_accent_from_its_letter() -> None:
    assert clean(["cafe\x07\u0301"], Cleaning(), Tally()) == ["café"]


def test_long_runs_of_trailing_spaces_are_trimmed() -> None:
    tally = Tally()
    lines = [f"  line {number} of many" for number in range(400)]
    padded = "\n".join(line + " " * (number % 10) * 1000 for number, line in enumerate(lines))
    assert clean([padded], Cleaning(), tally) == ["\n".join(line[2:] for line in lines)]
    assert tally["trailing"] == 360


def test_old_line_ends_and_blank_lines_of_spaces(file: Path) -> None:
    assert texts(file, "a b\rc d\r \r\t\r\re f") == ["a b\nc d", "e f"]


def test_the_common_margin_goes_and_the_poets_own_stays(file: Path) -> None:
    assert texts(file, "    a\n      b\n\n    c") == ["a\n  b\n\nc"]
    assert texts(file, "a\n  b") == ["a\n  b"]


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6))
def test_cleaning_twice_changes_nothing_more(raw: list[str]) -> None:
    once = clean(raw, Cleaning(), Tally())
    assert len(once) == len(raw)
    again = Tally()
    assert clean(once, Cleaning(), again) == once
    assert again == Tally()
    for text in once:
        assert unicodedata.is_normalized("NFC", text)
        assert not any(unicodedata.category(c) == "Cc" and c != "\n" for c in text)
        assert not text.startswith("\n")
        assert " \n" not in text
        assert "\n\n\n" not in text


def test_the_hash_is_of_the_verse_and_its_order(tmp_path: Path) -> None:
    one, two, three = (tmp_path / f"{name}.txt" for name in "abc")
    one.write_bytes(b"first poem\n\n\nsecond poem\n\n\nthird")
    two.write_bytes("\ufefffirst poem\r\n\r\n\r\n\r\nsecond poem\n\n\nthird\n".encode())
    three.write_bytes(b"second poem\n\n\nfirst poem\n\n\nthird")
    assert read(one).sha256 == read(two).sha256 != read(three).sha256


def test_stream_gives_the_poems_of_read(verse_file: Path) -> None:
    assert tuple(stream(verse_file)) == read(verse_file).poems
    assert len(read(verse_file).poems) == 60


def test_an_abandoned_stream_leaves_nothing_open(verse_file: Path) -> None:
    poems = stream(verse_file)
    next(poems)
    poems.close()


def test_name_and_source(verse_file: Path) -> None:
    corpus = read(str(verse_file))
    assert (corpus.name, corpus.source) == ("verse", str(verse_file))
    assert corpus.poems[0].source == str(verse_file)
