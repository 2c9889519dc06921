"""The file `metrics.jsonl` of a run: one JSON row per validation."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from quatrain.errors import TrainingError
from quatrain.records import Validation
from quatrain.text_files import read_text

_MOST_BYTES = 2**26
"""Bytes of the largest `metrics.jsonl` that is read: some 100,000 validations."""


def json_row(validation: Validation) -> dict[str, Any]:
    """Return a validation as the file has it: None for infinity and NaN, which JSON lacks."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in asdict(validation).items()
    }


def append(path: Path, validation: Validation) -> None:
    """Add the row of a validation."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(json_row(validation)) + "\n")


def truncate(path: Path, rows: int) -> None:
    """Keep the first `rows` rows: those written before the checkpoint a run resumes from."""
    if not path.exists():
        return
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)[:rows]
    partial = path.with_suffix(".partial")
    partial.write_text("".join(lines), encoding="utf-8")
    partial.replace(path)


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows; a null in the file is NaN here.

    Raises:
        TrainingError: the file cannot be read.
        ValueError: a line is not a JSON object.
    """
    rows = []
    text = read_text(path, _MOST_BYTES, TrainingError, "file of validations")
    for number, line in enumerate(text.splitlines(), start=1):
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError(f"line {number} is {line:.60}")
        rows.append({name: math.nan if value is None else value for name, value in row.items()})
    return rows


def tracker_values(validation: Validation) -> dict[str, float]:
    """Return the numbers of a validation under one name each, as trackers take them."""
    row = json_row(validation)
    del row["best"]
    norms = row.pop("gradient_norms")
    row |= {f"gradient_norm/{layer}": norm for layer, norm in norms.items()}
    return {name: value for name, value in row.items() if value is not None}
