"""Encodings: broken UTF-8 stays UTF-8, other encodings stay themselves, junk is no text."""

from pathlib import Path

import pytest

from quatrain.corpus import read
from quatrain.corpus.detection import Utf8Evidence
from quatrain.corpus.line_ends import plain_line_ends
from quatrain.errors import CorpusError

DASHES = "The tide — the grey, the turning tide,\n" * 400
RUSSIAN = (
    "Над полем тихо снег идёт,\nи в каждом доме кто-то ждёт:\n«Ещё, — сказал он, — день пройдёт».\n"
)
GERMAN = (
    "Über dem Hügel hängt der Mond,\nmüde, als hätt’ er früh gewohnt\n"
    "in größern Häusern, „schön“ und rund.\n"
)
FRENCH = (
    "Où vont les bateaux dès l’été fini ?\nVers l’île où déjà rien n’est à midi\n"
    "que l’eau, « l’eau », dit-elle, à côté.\n"
)
KOREAN = "눈이 오는 밤에는\n강물도 소리를 낮추고\n불빛 하나 멀리서 온다.\n"
CHINESE = "河水慢慢向东流，\n灯下的人不回头。\n窗外的雪落在舟上，\n一夜白了旧时秋。\n"


@pytest.mark.parametrize(
    ("content", "line", "byte"),
    [
        (DASHES.encode() + b"I\x92m here\n", 401, "0x92"),
        ("It’s late\n".encode() + b"at the caf\xe9\n", 2, "0xe9"),
        ("and then …\n".encode() + b"the rain \x97 the rain\n", 2, "0x97"),
        (GERMAN.encode() + b"\xfcber\n", 4, "0xfc"),
        (b"The tide \xe2\x80\nthe tide\n", 1, "0xe2"),
        (DASHES.encode() + b"The tide \xe2", 401, "0xe2"),
        (b"\xf0\x9f\x8c\x8a and \xf0\x9f\x8c\n", 1, "0xf0"),
        ("naïve\r\nnaïve\r\n".encode() + b"na\xefve\r\n", 3, "0xef"),
        (RUSSIAN.encode() + b"\xc0\n", 4, "0xc0"),
        (CHINESE.encode() + CHINESE.encode()[:1] + b"\n", 5, "0xe6"),
    ],
)
def test_utf_8_with_a_broken_byte_stops_and_names_it(
    tmp_path: Path, content: bytes, line: int, byte: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(
        CorpusError, match=f"line {line}: the file is in UTF-8, but the byte {byte}"
    ):
        read(path)


def test_the_encoding_can_be_named_for_a_file_with_a_broken_byte(tmp_path: Path) -> None:
    from quatrain.config import Cleaning

    path = tmp_path / "a.txt"
    path.write_bytes("It’s late\n".encode() + b"at the caf\xe9\n")
    assert read(path, cleaning=Cleaning(encoding="cp1252"))[0].lines[1].text == "at the café"


def test_a_file_of_two_encodings_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes((GERMAN * 4).encode("cp1252") + GERMAN.encode())
    with pytest.raises(CorpusError, match="parts of the file are in UTF-8 and others are not"):
        read(path)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(FRENCH, "cp1252"), (GERMAN, "cp1252"), (RUSSIAN, "cp1251"), (CHINESE, "gb18030")],
)
def test_other_encodings_are_still_recognised(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes((text * 8).encode(encoding))
    corpus = read(path)
    assert next(iter(corpus.report.encodings)).startswith(f"{encoding} (detected")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "cp1252"),
        (GERMAN, "latin-1"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (CHINESE, "gb18030"),
        (CHINESE, "big5"),
        (KOREAN, "euc-kr"),
    ],
)
def test_other_encodings_are_hardly_utf_8(text: str, encoding: str) -> None:
    evidence = Utf8Evidence.of(text.encode(encoding, "replace"))
    assert not evidence.is_utf8
    assert evidence.others > evidence.whole


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfeab", b"\xff\xfea line\nof text.", b"\xfe\xff\x89\x88", b"\xff\xfe\x01\x02\x03\x04"],
)
def test_junk_after_a_mark_of_utf_16_is_not_text(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(CorpusError):
        read(path)


@pytest.mark.parametrize("text", ["a", "The tide\nis out\n", CHINESE, RUSSIAN])
def test_marked_utf_16_is_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(("\ufeff" + text).encode("utf-16-le"))
    assert read(path)[0].lines[0].text.startswith(text[0])


@pytest.mark.parametrize(
    ("text", "plain", "ends"),
    [
        ("a\nb", "a\nb", 0),
        ("a\r\nb\r\n\r\nc", "a\nb\n\nc", 3),
        ("a\r\r\nb\r\r\n\r\r\nc", "a\nb\n\nc", 3),
        ("a\r\r\r\nb", "a\nb", 1),
        ("a\rb\r\rc", "a\nb\n\nc", 3),
        ("a\n\rb\n\r\n\rc", "a\nb\n\nc", 3),
        ("a\n\r\nb", "a\n\nb", 1),
        ("a\r\nb\rc\nd\r\r\ne", "a\nb\nc\nd\ne", 3),
    ],
)
def test_line_ends(text: str, plain: str, ends: int) -> None:
    assert plain_line_ends(text) == (plain, ends)


@pytest.mark.slow
@pytest.mark.parametrize("end", ["\r\r\n", "\r\n", "\n"])
def test_line_ends_at_the_edge_of_a_block(tmp_path: Path, end: str) -> None:
    from quatrain.corpus.decoding import BLOCK, blocks

    path = tmp_path / "a.txt"
    for shift in range(4):
        content = "x" * (BLOCK - shift) + end + "y"
        path.write_text(content, encoding="ascii", newline="")
        assert "".join(text for text, _, _ in blocks(path, "utf-8")) == content.replace(end, "\n")


def test_old_encodings_are_asked_about_with_their_readings(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(
        ("The tide is in at the café\nthe rôle of rain — of rain\n" * 9).encode("mac-roman")
    )
    with pytest.raises(CorpusError, match="Line 1 is 'The tide is in at the café' in mac_"):
        read(path)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("OÙ VONT LES BATEAUX DÈS L'ÉTÉ ?\nVers l'île où déjà rien n'est gai.\n", "latin-1"),
        ("Deniz bu akşam yine sessiz,\nışığı söndü kıyıların.\n", "cp1254"),
        ("The rain in the café window,\nthe rain in the street.\n", "latin-1"),
        ("I don’t know — the way,\nand you don’t know it too.\n", "cp1252"),
    ],
)
def test_the_text_is_as_it_was(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes((text * 8).encode(encoding))
    assert read(path)[0].lines[0].text == text.split("\n")[0].replace("’", "'").replace("—", "--")
