"""What a poem keeps of its source: an identifier, and the other columns of a table."""

from __future__ import annotations

import copy
import datetime
import gzip
import json
from pathlib import Path

import pytest

from quatrain.corpus import prepare, read, stream_all
from quatrain.page import poems as poems_page

RAIN = "Rain fills the pail by the kitchen door"
SNOW = "Snow fills the field to the top of the gate"
ROWS = [
    {"id": "w-1", "text": RAIN, "title": "Pail", "year": 1931, "book": "Weather", "tags": ["a"]},
    {"id": "w-2", "text": SNOW, "title": "Gate", "year": None, "book": "Weather", "tags": []},
]


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(lines.encode()))
    else:
        path.write_text(lines, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_every_other_field_of_a_row_stays(tmp_path: Path, name: str) -> None:
    poems = list(stream_all(write(tmp_path / name, ROWS)))
    assert [poem.id for poem in poems] == ["w-1", "w-2"]
    assert poems[0].fields == {"year": 1931, "book": "Weather", "tags": ["a"]}
    assert poems[1].fields == {"year": None, "book": "Weather", "tags": []}


def test_cells_of_csv_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"ID,poem,year\n7,{RAIN},1931\n8,{SNOW},\n", encoding="utf-8")
    told = [(poem.id, poem.fields) for poem in read(path).poems]
    assert told == [("7", {"year": "1931"}), ("8", {"year": ""})]


def test_parquet_has_dates_and_numbers(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow import parquet

    path = tmp_path / "a.parquet"
    table = {
        "text": [RAIN, SNOW],
        "id": [3, 4],
        "written": [datetime.date(1931, 5, 2), None],
        "score": [float("nan"), 0.5],
    }
    parquet.write_table(pyarrow.table(table), path)
    poems = read(path).poems
    assert [poem.id for poem in poems] == ["3", "4"]
    assert poems[0].fields == {"written": "1931-05-02", "score": None}
    assert poems[1].fields == {"written": None, "score": 0.5}


def test_a_poem_without_an_identifier_is_named_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    write(tmp_path / "inner" / "b.jsonl", [{"text": RAIN}, {"text": SNOW}])
    (tmp_path / "a.txt").write_text("The kettle clears its throat.\n", encoding="utf-8")
    whole = [poem.id for poem in read(tmp_path).poems]
    assert whole == ["a.txt:1", "inner/b.jsonl:1", "inner/b.jsonl:2"]
    one = read(tmp_path / "inner" / "b.jsonl").poems
    assert [poem.id for poem in one] == ["b.jsonl:1", "b.jsonl:2"]


def test_identifiers_do_not_depend_on_what_is_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [{"text": RAIN}, {"text": RAIN}, {"text": SNOW}])
    assert [poem.id for poem in read(path).poems] == ["a.jsonl:1", "a.jsonl:3"]
    assert [poem.id for poem in stream_all(path)] == ["a.jsonl:1", "a.jsonl:2", "a.jsonl:3"]


def test_poems_in_one_line_of_tei_differ(tmp_path: Path) -> None:
    pytest.importorskip("lxml", reason="lxml is not installed")
    path = tmp_path / "a.xml"
    path.write_text(
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body>'
        f'<lg type="poem"><l>{RAIN}</l></lg><lg type="poem"><l>{SNOW}</l></lg>'
        '<lg type="poem" xml:id="third"><l>The gate swings in the wind</l></lg>'
        "</body></text></TEI>",
        encoding="utf-8",
    )
    assert [poem.id for poem in read(path).poems] == ["a.xml:1", "a.xml:1.2", "third"]


def test_what_is_printed_can_be_read_again(tmp_path: Path) -> None:
    first = read(write(tmp_path / "a.jsonl", ROWS)).poems
    path = tmp_path / "b.jsonl"
    path.write_text("".join(poems_page.as_json(poem) + "\n" for poem in first), encoding="utf-8")
    again = read(path).poems
    assert [(poem.id, poem.fields) for poem in again] == [(poem.id, poem.fields) for poem in first]


def test_the_keys_are_the_same_for_every_poem(tmp_path: Path) -> None:
    rows = [*ROWS, {"text": "A gull walks along the wall"}]
    poems = read(write(tmp_path / "a.jsonl", rows)).poems
    keys = {tuple(poems_page.facts(poem)) for poem in poems}
    assert keys == {("id", "title", "author", "form", "source", "line", "paratexts", "fields")}


def test_preparing_needs_no_other_column(tmp_path: Path) -> None:
    """The numbers to train on are those of the verse alone."""
    plain = [{"text": row["text"]} for row in ROWS] * 3
    (tmp_path / "x").mkdir()
    (tmp_path / "y").mkdir()
    full = prepare(str(write(tmp_path / "x" / "a.jsonl", ROWS * 3)), str(tmp_path / "full"))
    bare = prepare(str(write(tmp_path / "y" / "a.jsonl", plain)), str(tmp_path / "bare"))
    assert full.tokens.tolist() == bare.tokens.tolist()


def test_poems_go_to_other_processes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{RAIN}\n", encoding="utf-8")
    for poem in [*read(path).poems, *read(write(tmp_path / "b.jsonl", ROWS)).poems]:
        assert copy.deepcopy(poem) == poem  # it copies as pickle does
