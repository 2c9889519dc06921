"""Spoiled files: what the fuzzer has found, and a short run of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from quatrain import form
from quatrain.config import Sampling, tables
from quatrain.corpus import read
from quatrain.corpus.line_ends import plain_line_ends
from quatrain.errors import CorpusError, FormError, SettingsError

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
def test_numbers_that_toml_does_not_have(tmp_path: Path, number: str) -> None:
    """One too large for a float, and one of which Python refuses to print the digits."""
    path = tmp_path / "a.toml"
    path.write_text(f"[sampling]\ntemperature = {number}\n")
    with pytest.raises(SettingsError, match="a whole number of more than 64 bits"):
        tables(path)
    path.write_text(f'title = "a"\nstanzas = ["xx"]\nsyllables = [5, {number}]\n')
    with pytest.raises(FormError, match="a whole number of more than 64 bits"):
        form.load(path)


def test_a_setting_too_large_for_a_float() -> None:
    with pytest.raises(SettingsError, match="setting 'temperature'"):
        Sampling(temperature=10**400)


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
