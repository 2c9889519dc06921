"""Sources that cannot be read: the exact words of the error, and that nothing is lost."""

import gzip
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from quatrain.config import Cleaning
from quatrain.corpus import prepare, read, stream
from quatrain.corpus.formats import SUFFIXES
from quatrain.errors import CorpusError, SettingsError

SUPPORTED = ", ".join(SUFFIXES)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8


def told(source: Path | str, **options: object) -> str:
    """The message of the error, with the folder's name left out."""
    with pytest.raises((CorpusError, SettingsError)) as caught:
        read(source, **options)  # type: ignore[arg-type]
    return re.sub(r"/\S*/", "", str(caught.value))


def test_missing_path(tmp_path: Path) -> None:
    assert told(tmp_path / "poems.txt") == ("There is no file or folder poems.txt. Check the path.")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.txt",
            b"",
            "a.txt is empty. Check that this is the file you meant.",
        ),
        (
            "a.txt",
            b" \n\t\r\n\n",
            "a.txt holds nothing but blank space. Check that this is the file you meant.",
        ),
        (
            "a.jsonl",
            b"",
            "a.jsonl is empty. Check that this is the file you meant.",
        ),
        (
            "a.jsonl",
            b'{"text": " "}\n\n',
            "a.jsonl holds no verse. Check that this is the source you meant.",
        ),
        (
            "a.txt",
            PNG,
            "a.txt is not a text file. Leave the file out. If it is text in UTF-16, use "
            "--encoding utf-16-le or --encoding utf-16-be.",
        ),
        (
            "a.txt",
            b"verse\nwith a \0 in it\n",
            "a.txt is not a text file. Leave the file out. If it is text in UTF-16, use "
            "--encoding utf-16-le or --encoding utf-16-be.",
        ),
        (
            "a.pdf",
            b"%PDF",
            f"a.pdf can't be read: .pdf is not supported. Supported are {SUPPORTED}: rename the "
            "file if it is one of these, or convert it.",
        ),
        (
            "poems",
            b"verse",
            f"poems can't be read: its name has no suffix. Supported are {SUPPORTED}: rename the "
            "file if it is one of these, or convert it.",
        ),
        (
            "a.txt",
            b"a\nb\n" + b"x" * 10_001 + b"\nc",
            "a.txt, line 3: a line of more than 10,000 characters can't be verse. "
            "Break the text into lines, or leave the file out.",
        ),
        (
            "a.jsonl",
            b'{"text": "a"}\n{"text": "b",}\n',
            "a.jsonl, line 2: got malformed JSON (Expecting property name enclosed in double "
            "quotes: line 1 column 14 (char 13)); expected one object. Write each poem as one "
            'line such as {"lines": ["first", "second"]}.',
        ),
        (
            "a.jsonl",
            b'{"lines": ["a"]}\n\n{"stanzas": "b", "id": 3}\n',
            "a.jsonl, line 3: got the keys 'stanzas', 'id'; expected 'lines' or 'text'. "
            'Write each poem as one line such as {"lines": ["first", "second"]}.',
        ),
        (
            "a.jsonl",
            b"[]\n",
            "a.jsonl, line 1: got a JSON list; expected one object. Write each poem as one "
            'line such as {"lines": ["first", "second"]}.',
        ),
        (
            "a.jsonl",
            b'{"lines": ["a", 3]}\n',
            "a.jsonl, line 1: this list is not verse. Write the poem as a text, or as a list of "
            "lines.",
        ),
        (
            "a.jsonl",
            b'{"lines": ["a", "' + b"b" * 10_001 + b'"]}\n',
            "a.jsonl, line 1, line 2: a line of more than 10,000 characters can't be verse. "
            "Break the text into lines, or leave the file out.",
        ),
        (
            "a.jsonl.gz",
            gzip.compress(b'{"text": "a line"}\n' * 500, mtime=0)[:-20],
            "a.jsonl.gz, line 287: got broken gzip data (Compressed file ended before the "
            "end-of-stream marker was reached); expected a whole gzip file. "
            "Fetch or pack the file again.",
        ),
        (
            "a.jsonl.gz",
            b'{"text": "not packed"}\n',
            "a.jsonl.gz, line 1: got broken gzip data (Not a gzipped file (b'{\"')); expected a "
            "whole gzip file. Fetch or pack the file again.",
        ),
        (
            "a.csv",
            b"title,ballad\nx,y\n",
            "a.csv is a table with the columns 'title', 'ballad'. Name the one that holds the "
            "poems with --column.",
        ),
        (
            "a.xml",
            b"<TEI>\n<text>\n<l>broken</text>\n</TEI>",
            "a.xml, line 3: got broken XML (Opening and ending tag mismatch: l line 3 and "
            "text, line 3, column 17); expected a well-formed TEI document. Correct the document.",
        ),
        (
            "a.xml",
            b"<html><p>prose</p></html>",
            "a.xml holds no verse under <html>. Check that the document is TEI and marks its "
            "verse with lg or l.",
        ),
    ],
)
def test_bad_files(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert told(path) == message
    assert path.read_bytes() == content


def test_a_line_of_ten_thousand_characters_is_still_verse(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 10_000 + b"\nb\n" + b"y" * 10_000)
    assert len(read(path).poems[0].lines) == 3


@pytest.mark.parametrize("block", [7, 1000, 10_001, 2**22])
def test_a_long_line_is_found_wherever_blocks_are_cut(
    tmp_path: Path, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quatrain.corpus.decoding.BLOCK", block)
    path = tmp_path / "a.txt"
    path.write_bytes("é\n".encode() * 30 + "é".encode() * 10_001 + b"\nshort")
    assert told(path).startswith("a.txt, line 31: a line of more than 10,000 characters")


def test_ten_megabytes_in_one_line_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "prose.txt"
    path.write_bytes(b"the quick brown fox and so on " * 350_000)
    assert told(path).startswith("prose.txt, line 1: a line of more than 10,000 characters")


def test_prose_in_one_short_line_is_one_poem_of_one_line(tmp_path: Path) -> None:
    path = tmp_path / "prose.txt"
    path.write_text("the quick brown fox and so on " * 90, encoding="utf-8")
    assert len(read(path).poems[0].lines) == 1
    with pytest.raises(CorpusError) as caught:
        prepare(path, tmp_path / "prepared")
    assert str(caught.value) == (
        f"{path}: got a single line; expected at least two lines, one to train on and one to "
        "validate with. Add more verse."
    )


FRENCH = """\
La fenêtre est restée ouverte sur le pré,
Le vent du soir y passe et relit une lettre ;
Ma mère l'a pliée, et le facteur, après,
N'est jamais revenu nous dire s'il faut mettre
Du bois dans le foyer ou du pain sur la table.
Les années ont passé, la maison est à nous,
Et la clé qui rouillait sous la pierre du sable
Attend que l'on revienne et se mette à genoux.
"""


def test_an_encoding_is_detected_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(FRENCH.encode("cp1252"))
    corpus = read(path)
    (found,) = corpus.report.encodings
    assert re.fullmatch(r"cp1252 \(detected, confidence 0\.\d\d\)", found)
    assert corpus.poems[0].text == FRENCH.strip()
    assert any(
        "the encoding is probably cp1252" in note for note in prepare(path, tmp_path / "out").notes
    )


@pytest.mark.parametrize(
    ("encoding", "told_as"),
    [
        ("utf-8-sig", "utf-8-sig (byte order mark)"),
        ("utf-16", "utf-16 (byte order mark)"),
        ("utf-32", "utf-32 (byte order mark)"),
    ],
)
def test_a_byte_order_mark_decides(tmp_path: Path, encoding: str, told_as: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(FRENCH.encode(encoding))
    assert read(path).poems[0].text == FRENCH.strip()
    assert read(path).report.encodings == {told_as: 1}


def test_the_encoding_asked_for_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("дождь\nснег".encode("koi8-r"))
    corpus = read(path, cleaning=Cleaning(encoding="koi8-r"))
    assert corpus.poems[0].text == "дождь\nснег"
    assert corpus.report.encodings == {"koi8-r (asked for)": 1}


def test_a_wrong_encoding_names_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"ete\n" * 5 + b"\xe9t\xe9\n")
    assert told(path, cleaning=Cleaning(encoding="utf-8")) == (
        "a.txt, line 6: got the byte 0xe9 at position 20; expected text in utf-8. Name the "
        "text's own encoding with --encoding, or save the file as UTF-8."
    )


def test_a_byte_cut_off_at_the_end_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("été".encode()[:-1])
    assert "got the byte 0xc3 at position 3" in told(path, cleaning=Cleaning(encoding="utf-8"))


def test_an_encoding_that_cannot_be_told_asks(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(
        bytes(byte for byte in range(0x80, 0x100)) * 3 + b"\x81\x8d\x8f\x90\x9d\n" * 40
    )
    assert told(path) == (
        "a.txt: the encoding can't be detected (the first byte that is not UTF-8 is at position "
        "0). Name it, for example with --encoding latin-1."
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_an_encoding_that_needs_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(FRENCH.encode(f"{encoding}-le"))
    name = encoding.upper()
    assert told(path, cleaning=Cleaning(encoding=encoding)) == (
        f"a.txt: got no text in {encoding} ({name} stream does not start with BOM); expected "
        "text in the encoding asked for. UTF-16 without a byte order mark is read with "
        "--encoding utf-16-le, or else utf-16-be."
    )
    named = read(path, cleaning=Cleaning(encoding=f"{encoding}-le"))
    assert named.poems[0].text == FRENCH.strip()


@pytest.mark.parametrize("name", ["utf-9", "base64", "undefined", "utf\0"])
def test_an_encoding_that_does_not_exist(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a")
    assert told(path, cleaning=Cleaning(encoding=name)) == (
        f"setting 'encoding': got {name!r}; expected an encoding Python knows, such as 'utf-8', "
        "'latin-1' or 'cp1252'. Correct the name."
    )


def test_a_column_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"title,poem\nx,y\n")
    assert told(path, column="poems") == ("a.csv has no column 'poems'. Did you mean 'poem'?")
    assert told(path, column="zzz").endswith("The columns are: 'title', 'poem'.")


@pytest.mark.slow
def test_a_gzip_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quatrain.corpus.tables.cells.LONGEST_ROW", 1000)
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"text": "a"}\n' * 1_000_000))
    size = path.stat().st_size
    message = told(path)
    assert f"got more than 30 times the {size:,} packed bytes; expected" in message
    assert f"a file that unpacks to at most {1000 + 30 * size:,} bytes. Unpack" in message


def test_an_endless_row_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quatrain.corpus.tables.cells.LONGEST_ROW", 1000)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "' + b"a\\n" * 1000 + b'"}')
    assert told(path) == (
        "a.jsonl, line 1: got a row of more than 1,000 bytes; expected one poem per row. "
        "Divide the row."
    )


DOCTYPE = '<?xml version="1.0"?>\n<!DOCTYPE TEI [\n{}\n]>\n'
BODY = "<TEI><text><body><lg><l>one &x; more</l></lg></body></text></TEI>"
LAUGHS = '<!ENTITY a "ha">\n' + "\n".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY x SYSTEM "http://127.0.0.1:9/x">',
        '<!ENTITY x "inside">',
    ],
)
def test_entities_are_never_expanded(tmp_path: Path, entities: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(DOCTYPE.format(entities) + BODY, encoding="utf-8")
    message = told(path)
    assert "root:" not in message
    assert "got the entity &x;, which is never expanded; expected plain characters" in message


@pytest.mark.parametrize("place", ['<l n="&j;">', "<l>&j;"])
def test_a_billion_laughs_are_cut_short(tmp_path: Path, place: str) -> None:
    path = tmp_path / "a.xml"
    body = BODY.replace("<l>", place).replace("&x;", "x")
    path.write_text(DOCTYPE.format(LAUGHS) + body, encoding="utf-8")
    assert "amplification" in told(path) or "entity" in told(path)


def test_outside_dtds_and_xinclude_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "other.xml").write_text("<l>from outside</l>", encoding="utf-8")
    path = tmp_path / "a.xml"
    path.write_text(
        '<!DOCTYPE TEI SYSTEM "other.dtd">\n<TEI xmlns:xi="http://www.w3.org/2001/XInclude">'
        '<text><body><lg><l>inside</l><xi:include href="other.xml"/></lg></body></text></TEI>',
        encoding="utf-8",
    )
    assert read(path).poems[0].text == "inside"


def test_a_huge_text_node_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<TEI><text><l>" + b"x" * 11_000_000 + b"</l></text></TEI>")
    assert "a.xml" in told(path)


def test_a_document_too_large_to_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quatrain.corpus.tei.document.LARGEST", 10)
    path = tmp_path / "a.xml"
    path.write_bytes(BODY.encode())
    assert told(path) == (
        "a.xml: got 65 bytes of XML; expected at most 10. Divide the document, one file per book."
    )


def test_a_folder_without_verse(tmp_path: Path) -> None:
    assert told(tmp_path).endswith(
        "holds no file that can be read. Check that this is the folder you meant. Supported are "
        f"{SUPPORTED}."
    )


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads anything")
def test_a_file_nobody_may_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"verse")
    path.chmod(0)
    assert told(path) == (
        "a.txt: got permission denied; expected a file that can be read. "
        "Check the file and who may read it."
    )


def test_a_file_that_fails_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"verse")

    def fails(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("quatrain.corpus.plain.encoding_of", fails)
    assert told(path) == (
        "a.txt: got permission denied; expected a file that can be read. "
        "Check the file and who may read it."
    )


@pytest.mark.parametrize("missing", ["lxml", "pyarrow"])
def test_an_extra_that_is_not_installed(
    tmp_path: Path, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quatrain.errors import ExtraError

    monkeypatch.setitem(__import__("sys").modules, missing, None)
    path = tmp_path / ("a.xml" if missing == "lxml" else "a.parquet")
    path.write_bytes(b"<TEI/>")
    with pytest.raises(ExtraError, match=r"pip install '\.\[corpora\]'"):
        read(path, column="poem" if missing == "pyarrow" else None)


@pytest.mark.parametrize("call", [read, lambda source: next(stream(source))])
def test_a_corpus_of_one_character(tmp_path: Path, call: Callable[[Path], object]) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a")
    assert call(path)


def test_a_column_for_a_file_without_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a")
    assert told(path, column="poem") == (
        "setting 'column': got 'poem' for a.txt, which has no columns; expected a file with "
        "columns (.jsonl or .jsonl.gz or .csv or .parquet). Leave the column out."
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert told(tmp_path / "a.txt") == (
        "a.txt: got neither a file nor a folder; expected a file of verse. Check the path."
    )


def test_an_endless_device_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("/dev/zero")
    assert told(tmp_path / "a.txt") == (
        "a.txt: got neither a file nor a folder; expected a file of verse. Check the path."
    )
    assert told(tmp_path).startswith(f"{tmp_path.name} holds no file that can be read.")


@pytest.mark.parametrize("call", [read, lambda source: next(stream(source))])
def test_no_name_is_not_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Callable[[str], object]
) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CorpusError) as caught:
        call("")
    assert str(caught.value) == (
        f"The source has no name. Name a file ({SUPPORTED}), a folder, 'anthology' or "
        "'gutenberg:NUMBER'; the current folder is '.'."
    )
    assert call(".")


def test_a_poets_folder_is_not_verse(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"format": "quatrain-poet"}', encoding="utf-8")
    (tmp_path / "metrics.jsonl").write_text('{"step": 1}\n', encoding="utf-8")
    assert told(tmp_path) == (
        f"{tmp_path.name} is a poet's folder, not a folder of verse. Give the folder or the file "
        "that holds the texts."
    )
