"""Spoiled files: what the fuzzer has found, and a short run of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from quatrain.config import Sampling, settings, tables
from quatrain.corpus import read
from quatrain.corpus.line_ends import plain_line_ends
from quatrain.errors import CorpusError, SettingsError

SCRIPT = Path(__file__).parents[2] / "scripts" / "fuzz_readers.py"


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits memory as Linux does")
def test_spoiled_files_are_read_or_refused_in_a_sentence() -> None:
    run = subprocess.run(
        [sys.executable, str(SCRIPT), "--cases", "220", "--seed", "1", "--minutes", "5"],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "220 cases, 0 findings" in run.stdout


@pytest.mark.parametrize("number", ["9" * 400, "-" + "9" * 30, "0x" + "f" * 9_000])
@pytest.mark.parametrize("name", ["temperature", "top_k"])
def test_a_setting_that_no_machine_can_take(tmp_path: Path, name: str, number: str) -> None:
    """One too large for a float, and one of which Python refuses to print the digits."""
    path = tmp_path / "a.toml"
    path.write_text(f"[sampling]\n{name} = {number}\n")
    with pytest.raises(SettingsError, match=f"setting '{name}': got .*at most 64 bits") as caught:
        settings(Sampling, tables(path)["sampling"])
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("text", ["sampling = [0xHUGE]", "[sampling]\ntop_k = [0xHUGE]"])
def test_a_wrong_value_that_cannot_be_printed(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text.replace("HUGE", "f" * 9_000))
    with pytest.raises(SettingsError, match="a number of thousands of digits"):
        settings(Sampling, tables(path)["sampling"])


def test_texts_that_a_parquet_file_calls_numbers(tmp_path: Path) -> None:
    """The sizes of texts in a column of numbers: asked about them, pyarrow ends the process."""
    import pyarrow
    from pyarrow import parquet

    path = tmp_path / "forged.parquet"
    table = pyarrow.table({"poem": ["the tide\ngoes out"], "title": ["Tide"]})
    parquet.write_table(table, path)
    content = path.read_bytes()
    text, number = b"\x15\x0c\x25\x02\x18\x05title", b"\x15\x08\x25\x02\x18\x05title"
    assert text in content
    path.write_bytes(content.replace(text, number))
    with pytest.raises(CorpusError, match="a Parquet file"):
        read(path)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("the tide" + "\r" * 400_000 + "\ngoes out", "the tide\ngoes out"),
        ("the tide" + "\r\r\n" * 100_000, "the tide" + "\n" * 100_000),
        ("\r" * 400_000 + "the tide", "\n" * 400_000 + "the tide"),
        ("\r\n\r\r\r\n\r", "\n\n\n"),
    ],
    ids=["one end", "many ends", "no feed", "mixed"],
)
def test_a_long_run_of_returns_is_read_once(text: str, plain: str) -> None:
    """Such a run took a time that grew with its square."""
    assert plain_line_ends(text)[0] == plain


def forged(path: Path, before: bytes, after: bytes) -> Path:
    """Write a Parquet file of one text, seven times, and change a few of its bytes."""
    import pyarrow
    from pyarrow import parquet

    table = pyarrow.table({"poem": ["the tide\ngoes out"] * 7})
    parquet.write_table(table, path, compression="none", write_statistics=False)
    content = path.read_bytes()
    assert content.count(before) == 1
    path.write_bytes(content.replace(before, after))
    return path


@pytest.mark.parametrize("index", [b"\x01", b"\x7f", b"\xff"])
def test_a_row_that_points_outside_of_its_dictionary(tmp_path: Path, index: bytes) -> None:
    # Levels (seven times 1), the width of an index, then seven times index 0.
    run, wrong = b"\x02\x00\x00\x00\x0e\x01\x01\x0e\x00", b"\x02\x00\x00\x00\x0e\x01\x01\x0e"
    with pytest.raises(CorpusError, match="a row that points outside of its"):
        read(forged(tmp_path / "a.parquet", run, wrong + index))


@pytest.mark.slow
@pytest.mark.parametrize("line", ["1\n", "by me\n"])
def test_a_long_list_above_a_poem_is_read_once(tmp_path: Path, line: str) -> None:
    """Every line of it was held against all that follow: 100,000 lines took minutes."""
    path = tmp_path / "a.md"
    path.write_text(line * 100_000 + "\nthe tide goes out\nbeyond the wall\n")
    assert any("the tide goes out" in poem.text for poem in read(path).poems)
