"""What spoils a long scan: bad rows, files, identifiers and options, lost parts, a full disk."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import quatrain
from quatrain.errors import CorpusError, OutputError, SettingsError
from quatrain.scale import RunRecord, ScanOptions, scan_corpus, scanning
from quatrain.scale.arrow import read_columns
from quatrain.scale.provenance import describe
from quatrain.scale.rows import year_of

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
pytest.importorskip("pyarrow.parquet")
LINE = "The lamps are lit along the quay"


def files(folder: Path) -> dict[str, bytes]:
    """Return the content of every table, by its name in the folder."""
    found = [path for path in folder.rglob("*.*") if path.name != "run.json"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(found)}


def rows(folder: Path, table: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = pa.parquet.read_table(folder / table).to_pylist()
    return found


def write(path: Path, count: int = 6, bad: str = "") -> Path:
    """Write poems of two lines, and a row that holds none."""
    verse = [LINE, "and all the boats have put to sea"]
    poems = [json.dumps({"id": f"p{number}", "lines": verse}) for number in range(count)]
    path.write_text("\n".join([*poems, bad]), encoding="utf-8")
    return path


def objects(path: Path, *given: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in given), encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_cells_that_no_table_can_hold_are_made_fit(tmp_path: Path, form: str) -> None:
    source = objects(
        tmp_path / "a.jsonl",
        {"id": "half", "text": LINE, "note \udc00": ["cut \ud83d", float("nan")]},
        {"id": "long", "text": LINE, "note": 'a\r\n"b"' * 40_000},
        {"id": None, "text": LINE, "n": 10**30},
    )
    out = tmp_path / "out"
    record = scan_corpus(source, out, ScanOptions(format=form))
    assert (record.counts["poems"], record.counts["problems"]) == (3, 0)
    if form == "parquet":
        found = rows(out, "poems")
    else:
        size = csv.field_size_limit(2**20)
        with (out / "poems" / "part-00000.csv").open(encoding="utf-8", newline="") as file:
            found = [dict(row) for row in csv.DictReader(file)]
        csv.field_size_limit(size)
    assert [row["poem_id"] for row in found] == ["half", "long", "a.jsonl:3"]
    assert json.loads(str(found[0]["fields"])) == {"note \ufffd": ["cut \ufffd", None]}
    assert json.loads(str(found[1]["fields"])) == {"note": 'a\r\n"b"' * 40_000}


def test_repeated_identifiers_are_told_apart(tmp_path: Path) -> None:
    ids = ["a", "a.2", "a", "b", "a", "a.2"]
    source = objects(tmp_path / "a.jsonl", *({"id": each, "text": LINE} for each in ids))
    scan_corpus(source, tmp_path / "out")
    expected = ["a", "a.2", "a.3", "b", "a.4", "a.2.2"]
    assert [poem["poem_id"] for poem in rows(tmp_path / "out", "poems")] == expected
    assert [line["poem_id"] for line in rows(tmp_path / "out", "lines")] == expected


def test_a_file_with_other_columns_does_not_stop_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "books"
    (folder / "more").mkdir(parents=True)
    for name in ("1.parquet", "2.parquet", "more/4.parquet"):
        pa.parquet.write_table(pa.table({"poem": [LINE]}), folder / name)
    pa.parquet.write_table(pa.table({"n": [1], "m": [2]}), folder / "more" / "3.parquet")
    record = scan_corpus(folder, tmp_path / "out")
    assert (record.counts["poems"], record.counts["problems"]) == (3, 1)
    (problem,) = rows(tmp_path / "out", "problems")
    assert (problem["poem_id"], problem["source_line"]) == ("more/3.parquet", None)
    assert "a table with the columns 'n', 'm'" in str(problem["problem"])
    pa.parquet.write_table(pa.table({"n": [1], "m": [2]}), folder / "1.parquet")
    with pytest.raises(CorpusError, match="Name the one that holds the poems"):
        scan_corpus(folder, tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("option", ["author", "id", "year"])
def test_a_misspelt_column_is_told_before_the_work(tmp_path: Path, option: str) -> None:
    plain = [{"lines": [LINE], "when": 1850, "who": "M. A."}] * 3
    source = objects(tmp_path / "a.jsonl", *plain)
    with pytest.raises(SettingsError, match="the first 3 poems have nothing in 'wohn'"):
        scan_corpus(source, tmp_path / "out", ScanOptions(**{option: "wohn"}))
    assert not (tmp_path / "out").exists()
    options = ScanOptions(author="who", id="when", year="")
    assert scan_corpus(source, tmp_path / "out", options).finished


def test_identifiers_may_be_the_numbers_of_rows(tmp_path: Path) -> None:
    source = objects(tmp_path / "a.jsonl", *({"key": n, "text": LINE} for n in (1, 2, 3)))
    scan_corpus(source, tmp_path / "out", ScanOptions(id="key"))
    assert [poem["poem_id"] for poem in rows(tmp_path / "out", "poems")] == ["1", "2", "3"]


@pytest.mark.parametrize("finished", [True, False])
@pytest.mark.parametrize("table", ["poems", "lines", "words", "rhymes", "problems"])
def test_a_lost_part_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, finished: bool
) -> None:
    monkeypatch.setattr(scanning, "BLOCK_LINES", 4)
    source = write(tmp_path / "a.jsonl", 6, bad="not json")
    record = scan_corpus(source, tmp_path / "out")
    before = files(tmp_path / "out")
    if not finished:
        path = tmp_path / "out" / "run.json"
        saved = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(saved | {"finished": False, "counts": {}}), encoding="utf-8")
    for path in (tmp_path / "out" / table).iterdir():
        path.unlink()
    again = scan_corpus(source, tmp_path / "out", resume=True)
    assert again.counts == record.counts
    assert files(tmp_path / "out") == before


def test_a_damaged_part_is_named(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl")
    scan_corpus(source, tmp_path / "out")
    part = tmp_path / "out" / "words" / "part-00000.parquet"
    part.write_bytes(part.read_bytes()[:100])
    with pytest.raises(OutputError, match="Delete this file; --resume makes it again") as told:
        scan_corpus(source, tmp_path / "out", resume=True)
    assert str(part) in str(told.value)
    part.unlink()
    assert scan_corpus(source, tmp_path / "out", resume=True).finished


def limited(source: Path, out: Path, blocks: int, *flags: str) -> subprocess.CompletedProcess[str]:
    """Run a scan whose files may not grow beyond a number of blocks of 1,024 bytes."""
    command = [sys.executable, "-m", "quatrain", "scan", str(source), "--out", str(out), *flags]
    return subprocess.run(
        ["bash", "-c", f'ulimit -f {blocks}; exec "$@"', "bash", *command],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the system has no ulimit")
@pytest.mark.parametrize("blocks", [1, 4])
def test_a_full_disk_is_told_and_the_run_goes_on(tmp_path: Path, blocks: int) -> None:
    source = write(tmp_path / "a.jsonl", 600)
    full = limited(source, tmp_path / "out", blocks)
    assert full.returncode == 1
    assert "Make room or choose another folder" in full.stderr.replace("\n", " ")
    assert "Traceback" not in full.stderr
    assert not list((tmp_path / "out").rglob("*partial*"))
    scan_corpus(source, tmp_path / "out", resume=True)
    scan_corpus(source, tmp_path / "whole")
    assert files(tmp_path / "out") == files(tmp_path / "whole")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the system has no process groups")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_run_ends_with_130_and_goes_on(tmp_path: Path, jobs: str) -> None:
    source = write(tmp_path / "a.jsonl", 11_000)
    out = tmp_path / "halted"
    command = [sys.executable, "-m", "quatrain", "scan", str(source), "--out", str(out)]
    process = subprocess.Popen(
        [*command, "--jobs", jobs], stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while process.poll() is None and not list(out.glob("poems/part-*.parquet")):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "--resume goes on" in errors.replace("\n", " ")
    assert "Traceback" not in errors
    assert not RunRecord.read(out).finished
    scan_corpus(source, out, resume=True)
    scan_corpus(source, tmp_path / "whole")
    assert files(out) == files(tmp_path / "whole")


def test_the_tables_keep_guesses_probabilities_and_places(tmp_path: Path) -> None:
    source = objects(
        tmp_path / "a.jsonl", {"lines": ["the kettle and the zorp", "a floating glorp"]}
    )
    scan_corpus(source, tmp_path / "out")
    guessed = {word["text"]: word["guessed"] for word in rows(tmp_path / "out", "words")}
    assert guessed == {
        "the": False,
        "kettle": False,
        "and": False,
        "zorp": True,
        "a": False,
        "floating": False,
        "glorp": True,
    }
    (poem,) = quatrain.read(source)
    (link,) = quatrain.rhyme_scheme(poem).links
    (pair,) = rows(tmp_path / "out", "rhymes")
    assert pair["probability"] == round(link.rhyme.probability, 4) < 1
    assert [each["source_line"] for each in rows(tmp_path / "out", "poems")] == [1]


def test_a_number_of_five_digits_is_no_year() -> None:
    assert year_of({"year": 9_999}) == 9_999
    assert year_of({"year": 10_000}) is None
    assert year_of({"year": 10_000.0}) is None


def test_the_record_tells_renamed_files_and_other_libraries(tmp_path: Path) -> None:
    one, two = write(tmp_path / "a.jsonl"), write(tmp_path / "b.jsonl")
    same, renamed = describe("x", [("a", one)]), describe("x", [("b", two)])
    assert same == describe("x", [("a", two)])
    assert same.sha256 != renamed.sha256
    record = RunRecord("scan", same, {})
    other = dataclasses.replace(record, libraries={**record.libraries, "numpy": "0.1"})
    (difference,) = record.differences(other)
    assert difference.startswith("the versions of the libraries (numpy: 0.1 before")


def test_a_long_cell_of_csv_is_read_again(tmp_path: Path) -> None:
    source = objects(tmp_path / "a.jsonl", {"text": LINE, "note": "z" * 200_000})
    scan_corpus(source, tmp_path / "out", ScanOptions(format="csv"))
    part = tmp_path / "out" / "poems" / "part-00000.csv"
    limit = csv.field_size_limit()
    columns = read_columns(part, "poems", ["fields", "lines"])
    assert columns["lines"] == [1]
    assert json.loads(columns["fields"][0]) == {"note": "z" * 200_000}
    assert csv.field_size_limit() == limit
