"""A corpus as tables: the same numbers as a scan, the same files however the run went."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import quatrain
from quatrain.cli import app
from quatrain.errors import CorpusError, OutputError, SettingsError
from quatrain.records import Poem
from quatrain.scale import RunRecord, ScanOptions, scan_corpus, scanning
from quatrain.scale.columns import TABLES
from quatrain.scale.rows import year_of

pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")

RUN = CliRunner()
VERSES = (
    ["The lamps are lit along the quay", "and all the boats have put to sea"],
    ["A gull comes in against the rain", "and lets the wind go out again", "", "without a word"],
    ["Nobody keeps the kettle on the boil", "Nobody sweeps the path of leaves and soil"],
)


def write(path: Path, count: int = 6, bad: str = "") -> Path:
    rows = [
        json.dumps({"id": f"p{n}", "lines": VERSES[n % 3], "author": f"A{n % 2}", "year": 1900 + n})
        for n in range(count)
    ]
    path.write_text("\n".join([*rows, bad]) + "\n", encoding="utf-8")
    return path


def files(folder: Path) -> dict[str, bytes]:
    """Return the content of every table, by its name in the folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


def rows(folder: Path, table: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = pq.read_table(folder / table).to_pylist()
    return found


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "BLOCK_LINES", 4)


def test_the_tables_say_what_a_scan_says(tmp_path: Path) -> None:
    record = scan_corpus(write(tmp_path / "sea.jsonl"), tmp_path / "out")
    poems, lines = rows(tmp_path / "out", "poems"), rows(tmp_path / "out", "lines")
    words, pairs = rows(tmp_path / "out", "words"), rows(tmp_path / "out", "rhymes")
    assert record.counts == {"poems": 6, "lines": 14, "words": 94, "rhymes": 6, "problems": 0}
    assert [poem["poem_id"] for poem in poems] == [f"p{n}" for n in range(6)]
    assert [poem["year"] for poem in poems] == list(range(1900, 1906))
    assert json.loads(str(poems[1]["fields"])) == {"year": 1901}
    for number, verse in enumerate(VERSES):
        scansion = quatrain.scan(Poem.from_lines(verse))
        scheme = quatrain.rhyme_scheme(Poem.from_lines(verse))
        own = [line for line in lines if line["poem_id"] == f"p{number}"]
        assert poems[number]["metre"] == str(scansion.metre)
        assert poems[number]["scheme"] == str(scheme)
        assert [line["stress"] for line in own] == [line.stress for line in scansion.lines]
        assert [line["rhyme"] for line in own] == list(scheme.letters)
        assert [line["confidence"] for line in own] == [
            round(line.confidence or 0, 4) for line in scansion.lines
        ]
        told = [word for word in words if word["poem_id"] == f"p{number}" and word["line"] == 1]
        assert [word["text"] for word in told] == [word[0] for word in scansion.lines[0].words]
        links = [pair for pair in pairs if pair["poem_id"] == f"p{number}"]
        assert [(pair["first_line"], pair["second_line"], pair["kind"]) for pair in links] == [
            (link.first + 1, link.second + 1, link.rhyme.kind) for link in scheme.links
        ]
    assert [line["stanza"] for line in lines if line["poem_id"] == "p1"] == [1, 1, 2]


@pytest.mark.usefixtures("small_blocks")
def test_a_run_that_was_stopped_goes_on_to_the_same_files(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 9)
    scan_corpus(source, tmp_path / "whole")

    class StopError(Exception): ...

    def stop(progress: scanning.ScanProgress) -> None:
        if progress.poems >= 4:
            raise StopError

    with pytest.raises(StopError):
        scan_corpus(source, tmp_path / "halted", progress=stop)
    assert not RunRecord.read(tmp_path / "halted").finished
    assert 0 < len(list((tmp_path / "halted" / "poems").iterdir())) < 5
    scanned: list[int] = []
    record = scan_corpus(
        source, tmp_path / "halted", resume=True, progress=lambda p: scanned.append(p.scanned)
    )
    assert record.finished
    assert scanned[0] == 0, "the first block was done before"
    assert files(tmp_path / "halted") == files(tmp_path / "whole")
    assert record.counts == RunRecord.read(tmp_path / "whole").counts


@pytest.mark.slow
def test_several_processes_write_the_same_files(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 6000)
    one = scan_corpus(source, tmp_path / "one")
    two = scan_corpus(source, tmp_path / "two", ScanOptions(jobs=2))
    assert len(list((tmp_path / "one" / "poems").iterdir())) == 2
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert one.counts == two.counts


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no SIGKILL")
def test_a_killed_run_loses_nothing_that_was_done(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 16_000)
    out = tmp_path / "killed"
    command = [sys.executable, "-m", "quatrain", "scan", str(source), "--out", str(out)]
    process = subprocess.Popen([*command, "--jobs", "2"], stderr=subprocess.DEVNULL)
    while process.poll() is None and not list(out.glob("poems/part-*.parquet")):
        time.sleep(0.01)
    process.kill()
    process.wait()
    scan_corpus(source, out, resume=True)
    scan_corpus(source, tmp_path / "whole")
    assert files(out) == files(tmp_path / "whole")


def test_a_row_that_cannot_be_read_is_set_aside(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 2, bad='{"title": "no verse"}\nnot json')
    record = scan_corpus(source, tmp_path / "out")
    assert (record.counts["poems"], record.counts["problems"]) == (2, 2)
    problems = rows(tmp_path / "out", "problems")
    assert [(row["poem_id"], row["source_line"]) for row in problems] == [
        ("a.jsonl:3", 3),
        ("a.jsonl:4", 4),
    ]
    assert "malformed JSON" in str(problems[1]["problem"])


def test_a_poem_that_cannot_be_scanned_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = scanning.Scanner.scan_many

    def failing(self: object, poems: list[Poem], **options: bool) -> object:
        if any(poem.id == "p1" for poem in poems):
            raise ZeroDivisionError("a fault of the scanner")
        return right(self, poems, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(scanning.Scanner, "scan_many", failing)
    record = scan_corpus(write(tmp_path / "a.jsonl", 3), tmp_path / "out")
    assert (record.counts["poems"], record.counts["problems"]) == (2, 1)
    (problem,) = rows(tmp_path / "out", "problems")
    assert problem["poem_id"] == "p1"
    assert problem["problem"] == "ZeroDivisionError: a fault of the scanner"


def test_csv_has_the_same_rows(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 3)
    scan_corpus(source, tmp_path / "parquet")
    record = scan_corpus(source, tmp_path / "csv", ScanOptions(format="csv"))
    assert record.counts == RunRecord.read(tmp_path / "parquet").counts
    for table in ("poems", "lines", "words", "rhymes"):
        with (tmp_path / "csv" / table / "part-00000.csv").open(encoding="utf-8") as file:
            written = list(csv.DictReader(file))
        expected = rows(tmp_path / "parquet", table)
        assert [row["poem_id"] for row in written] == [row["poem_id"] for row in expected]
        assert list(written[0]) == [column.name for column in TABLES[table]] == list(expected[0])
    assert json.loads(written_cell(tmp_path / "csv", "lines", "feet")) == ["-+", "-+", "-+", "-+"]


def written_cell(folder: Path, table: str, column: str) -> str:
    with (folder / table / "part-00000.csv").open(encoding="utf-8") as file:
        return next(csv.DictReader(file))[column]


def test_other_results_are_never_overwritten(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 3)
    out = tmp_path / "out"
    scan_corpus(source, out)
    before = files(out)
    with pytest.raises(OutputError, match="holds all results of this run"):
        scan_corpus(source, out)
    with pytest.raises(OutputError, match=r"differs in the options \(format: parquet before, csv"):
        scan_corpus(source, out, ScanOptions(format="csv"), resume=True)
    write(source, 4)
    with pytest.raises(OutputError, match="differs in the corpus"):
        scan_corpus(source, out, resume=True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("Dear", encoding="utf-8")
    with pytest.raises(OutputError, match=r"holds other files, such as letter.txt"):
        scan_corpus(source, tmp_path / "mine")
    assert files(out) == before


def test_results_of_another_version_are_not_resumed(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 3)
    scan_corpus(source, tmp_path / "out")
    path = tmp_path / "out" / "run.json"
    saved = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(saved | {"quatrain": "0.0.9"}), encoding="utf-8")
    with pytest.raises(OutputError, match=r"the version of Quatrain \(0.0.9 before"):
        scan_corpus(source, tmp_path / "out", resume=True)
    path.write_text(json.dumps(saved | {"quatrain_results": 7}), encoding="utf-8")
    with pytest.raises(OutputError, match="results of version 7"):
        scan_corpus(source, tmp_path / "out", resume=True)
    path.write_text("[1]", encoding="utf-8")
    with pytest.raises(OutputError, match="the record of a run"):
        scan_corpus(source, tmp_path / "out", resume=True)


@pytest.mark.usefixtures("small_blocks")
def test_a_source_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", 6)

    def change(_: scanning.ScanProgress) -> None:
        write(source, 7)

    with pytest.raises(CorpusError, match="changed while it was read"):
        scan_corpus(source, tmp_path / "out", progress=change)
    assert not RunRecord.read(tmp_path / "out").finished


def test_columns_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "n,stuff,who,when\n7,The lamps are lit along the quay,M. A.,in 1931 or so\n",
        encoding="utf-8",
    )
    scan_corpus(
        path, tmp_path / "out", ScanOptions(column="stuff", author="who", id="n", year="when")
    )
    (poem,) = rows(tmp_path / "out", "poems")
    assert (poem["poem_id"], poem["author"], poem["year"]) == ("7", "M. A.", 1931)
    assert json.loads(str(poem["fields"])) == {"when": "in 1931 or so"}
    with pytest.raises(CorpusError, match=r"has no column 'whom'\. Did you mean 'who'"):
        scan_corpus(path, tmp_path / "other", ScanOptions(column="stuff", author="whom"))


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ({"year": 1850}, 1850),
        ({"Publication_Year": "1850"}, 1850),
        ({"date": "written May 1850, printed 1862"}, 1850),
        ({"year": 1850.0}, 1850),
        ({"year": True}, None),
        ({"year": "185"}, None),
        ({"year": "118500"}, None),
        ({"price": 1850}, None),
        ({}, None),
    ],
)
def test_a_year_is_found_where_it_usually_stands(
    fields: dict[str, object], year: int | None
) -> None:
    assert year_of(fields) == year


def test_the_record_does_not_name_the_machine(tmp_path: Path) -> None:
    scan_corpus(write(tmp_path / "sea.jsonl"), tmp_path / "out")
    text = (tmp_path / "out" / "run.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    assert json.loads(text)["corpus"]["name"] == "sea.jsonl"
    assert len(json.loads(text)["data"]["lexicon.safetensors"]) == 64


def test_the_command_tells_what_it_wrote_and_cites_it(tmp_path: Path) -> None:
    source = write(tmp_path / "sea.jsonl", 3, bad="not json")
    done = RUN.invoke(app, ["scan", str(source), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "3 poems, 7 lines, 47 words, 3 rhymes, 1 problem." in done.stdout.replace("\n", "")
    assert "What was set aside, and why" in done.stderr.replace("\n", " ")
    cited = RUN.invoke(app, ["cite", str(tmp_path / "out")])
    assert cited.exit_code == 0, cited.output
    assert "sea.jsonl (3 poems, 7 lines, 47 words" in cited.stdout.replace("\n", " ")
    assert RunRecord.read(tmp_path / "out").corpus.sha256[:16] in cited.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--out", "OUT", "--json"], "--out writes tables of a file or folder"),
        (["--year", "when"], "--year is about the tables that --out writes"),
        (["--resume"], "--resume is about the tables that --out writes"),
    ],
)
def test_flags_that_do_not_go_together(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    source = write(tmp_path / "a.jsonl")
    given = [str(tmp_path / "out") if word == "OUT" else word for word in arguments]
    done = RUN.invoke(app, ["scan", str(source), *given])
    assert (done.exit_code, done.stdout) == (1, "")
    assert sentence in done.stderr.replace("\n", " ")


def test_a_format_that_is_not_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="'parquet' or 'csv'"):
        scan_corpus(write(tmp_path / "a.jsonl"), tmp_path / "out", ScanOptions(format="xls"))
