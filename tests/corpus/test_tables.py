"""Tables: which column is the verse, and nothing of a row lost or invented."""

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from quatrain.corpus import read
from quatrain.corpus.tables.columns import choose
from quatrain.errors import CorpusError

RAIN = "The rain keeps time\nupon the pail."


def write_csv(folder: Path, rows: list[list[str]], delimiter: str = ",") -> Path:
    path = folder / "a.csv"
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode())
    return path


@pytest.mark.parametrize(
    "name", ["poem", "Poem", "TEXT", "Lines", "verse", " Content", "poem_text"]
)
@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_a_column_that_says_it_holds_verse_is_taken_and_told(
    tmp_path: Path, name: str, kind: str
) -> None:
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        path = write_csv(tmp_path, [["id", name, "Title", "Author"], ["1", RAIN, "Pail", "A. N."]])
    elif kind == "jsonl":
        row = {"id": 1, name: RAIN, "Title": "Pail", "Author": "A. N."}
        path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    else:
        pyarrow = pytest.importorskip("pyarrow")
        from pyarrow import parquet

        table = {"id": [1], name: [RAIN], "Title": ["Pail"], "Author": ["A. N."]}
        parquet.write_table(pyarrow.table(table), path)
    corpus = read(path)
    assert [poem.text for poem in corpus] == [RAIN]
    assert (corpus[0].title, corpus[0].author) == ("Pail", "A. N.")
    assert list(corpus.report.columns) == [f"{name!r} (title 'Title', author 'Author', id 'id')"]


def test_the_only_column_is_the_verse(tmp_path: Path) -> None:
    assert read(write_csv(tmp_path, [["stuff"], [RAIN]]))[0].text == RAIN


def test_two_columns_that_could_hold_verse_are_asked_about() -> None:
    with pytest.raises(CorpusError, match="'text' and 'poem' could each hold the poems"):
        choose(["text", "id", "poem"], None, "a.csv")


@pytest.mark.parametrize("names", [["poem", "poem"], ["poem", "title", "title"]])
def test_two_columns_of_one_name_are_refused(tmp_path: Path, names: list[str]) -> None:
    path = write_csv(tmp_path, [names, ["a line"] * len(names)])
    with pytest.raises(CorpusError, match=f"has 2 columns named '{names[-1]}'"):
        read(path, column="poem")
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = pyarrow.Table.from_arrays([pyarrow.array(["a line"])] * len(names), names=names)
    parquet.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(CorpusError, match=f"has 2 columns named '{names[-1]}'"):
        read(tmp_path / "a.parquet", column="poem")


def test_other_columns_of_one_name_do_no_harm(tmp_path: Path) -> None:
    assert read(write_csv(tmp_path, [["tag", "poem", "tag"], ["x", RAIN, "y"]]))[0].text == RAIN


def test_a_key_that_comes_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "first"}\n{"text": "second", "text": "third"}\n', encoding="utf-8")
    with pytest.raises(CorpusError, match="line 2: got the key 'text' twice"):
        read(path)


def test_many_keys_are_not_all_listed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({f"key{n}": n for n in range(100_000)}), encoding="utf-8")
    with pytest.raises(CorpusError, match="and 99,988 more") as caught:
        read(path)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("ends", ["\r\r\n", "\r\n", "\n\r", "\r"])
def test_every_line_end_is_one_in_a_cell_a_string_and_a_file(tmp_path: Path, ends: str) -> None:
    text = "one\ntwo\n\nthree\nfour".replace("\n", ends)
    cell = write_csv(tmp_path, [["title", "poem"], [f"{ends}   A{ends} title{ends}", text]])
    string = tmp_path / "a.jsonl"
    string.write_text(json.dumps({"text": text}), encoding="utf-8")
    plain = tmp_path / "a.txt"
    plain.write_bytes(text.encode())
    for path in (cell, string, plain):
        poem = read(path)[0]
        assert poem.text == "one\ntwo\n\nthree\nfour"
    assert read(cell)[0].title == "A title"


def test_rows_that_end_in_two_returns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'poem,title\r\r\n"one\r\r\ntwo",A\r\r\n"three\r\r\nfour",B\r\r\n')
    poems = read(path)
    assert [(poem.text, poem.title) for poem in poems] == [("one\ntwo", "A"), ("three\nfour", "B")]


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_cells_may_be_separated_by_semicolons_or_tabs(tmp_path: Path, delimiter: str) -> None:
    rows = [["Title", "Poem"], ["Pail", RAIN + "\nAnd, then; again,\tit stops."]]
    poem = read(write_csv(tmp_path, rows, delimiter))[0]
    assert (poem.title, len(poem.lines)) == ("Pail", 3)


def test_cells_beyond_the_columns_are_not_dropped(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("title,poem\nPail,The rain, the pail\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="line 2: got a row of 3 cells; expected 2"):
        read(path)
    path.write_text("title,poem\nPail,The rain,,\n", encoding="utf-8")
    assert read(path)[0].text == "The rain"


def test_a_quotation_mark_that_is_never_closed_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('poem\n"one"\n"two\nthree\nfour\n', encoding="utf-8")
    with pytest.raises(CorpusError, match="line 3: got a quotation mark that is never closed"):
        read(path)


def test_poems_know_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "one"}\n\n\n{"text": "two"}\n', encoding="utf-8")
    assert [poem.line for poem in read(path)] == [1, 4]
    rows = write_csv(tmp_path, [["poem"], ["a\nb"], ["c\nd"]])
    assert [poem.line for poem in read(rows)] == [2, 4]


def test_a_key_can_be_named_for_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"stanzas": ["one", "two"], "text": "no verse"}\n', encoding="utf-8")
    assert read(path, column="stanzas")[0].text == "one\ntwo"
    with pytest.raises(CorpusError, match="Did you mean 'stanzas'"):
        read(path, column="Stanzas")


@pytest.mark.slow
def test_blank_lines_that_fill_a_packed_file_cost_little(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b"\n" * 10_000_000 + b'{"text": "one"}\n'))
    assert read(path)[0].line == 10_000_001


def parquet_file(path: Path, columns: dict[str, Any], **options: Any) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(pyarrow.table(columns), path, **options)


@pytest.mark.parametrize("dictionary", [True, False])
def test_a_parquet_file_that_repeats_one_huge_text_is_stopped(
    tmp_path: Path, dictionary: bool
) -> None:
    path = tmp_path / "a.parquet"
    text = "a line\n" * 200_000
    parquet_file(path, {"poem": [text] * 300}, compression="zstd", use_dictionary=dictionary)
    assert path.stat().st_size < 200_000
    with pytest.raises(CorpusError, match="more than 30 times the"):
        read(path)


def test_repeated_texts_and_lists_of_a_parquet_file_are_read(tmp_path: Path) -> None:
    from quatrain.config import Cleaning

    pyarrow = pytest.importorskip("pyarrow")
    path = tmp_path / "a.parquet"
    everything = Cleaning(drop_duplicates=False)
    parquet_file(path, {"poem": [RAIN, None, RAIN, "one"]})
    assert [poem.text for poem in read(path, cleaning=everything)] == [RAIN, RAIN, "one"]
    parquet_file(path, {"lines": [["a", "b"], None, [], ["a", None], ["b"]]})
    with pytest.raises(CorpusError, match="row 4: this list is not verse"):
        read(path)
    parquet_file(path, {"lines": [["a", "b"], None, [], ["b"]]})
    assert [poem.text for poem in read(path, cleaning=everything)] == ["a\nb", "b"]
    parquet_file(path, {"poem": pyarrow.array([RAIN.encode()], type=pyarrow.binary())})
    assert read(path)[0].text == RAIN


def test_text_of_a_parquet_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    path = tmp_path / "a.parquet"
    bad = pyarrow.Array.from_buffers(
        pyarrow.string(),
        1,
        [None, pyarrow.py_buffer(b"\0\0\0\0\3\0\0\0"), pyarrow.py_buffer(b"a\x92b")],
    )
    parquet_file(path, {"poem": bad})
    with pytest.raises(CorpusError, match="can't decode byte 0x92"):
        read(path)


def test_a_parquet_schema_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    parquet_file(path, {"poem": [RAIN], "notebook": ["x"]}, store_schema=False)
    path.write_bytes(path.read_bytes().replace(b"notebook", b"note\xffook"))
    with pytest.raises(CorpusError, match="expected a Parquet file"):
        read(path)
