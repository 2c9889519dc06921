"""Runs a lesson in a notebook's kernel, and fills the values into its text."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from workshop.lessons.parsing import FIELD, Code, Piece, Question, Text

_COLOUR = re.compile(r"\x1b\[[\d;]*m")
_POWER = re.compile(r"(-?\d[\d.]*)e([+-]\d+)")

SECONDS = 120
"""Longest time of a single cell: several times what the slowest takes."""


def run(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Run the code of a lesson from top to bottom in a new kernel and an empty folder.

    Returns:
        The pieces, code with its outputs and text with its values.

    Raises:
        ValueError: a block failed or wrote to the standard error stream, a field of the text has no
            value, or the code of an answer showed something.
    """
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in _sources(pieces)]
    )
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=SECONDS,
            kernel_name="python3",
            record_timing=False,
            coalesce_streams=True,
            resources={"metadata": {"path": folder}},
            # It warns that it listens on this machine's ports without encryption.
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
        )
        try:
            # The folder also stands for IPython's own, whose settings are the user's.
            client.execute(env={**os.environ, "IPYTHONDIR": folder})
        except CellExecutionError as error:
            raise ValueError(_COLOUR.sub("", str(error))) from error
    cells = iter(notebook.cells)
    return tuple(_ran(piece, cells) for piece in pieces)


def _sources(pieces: Iterable[Piece]) -> Iterable[str]:
    """Yield what the kernel runs: a cell for each block, and one for each text with fields."""
    for piece in pieces:
        match piece:
            case Code(source, True):
                yield f"exec(compile({source!r}, 'check', 'exec'), dict(globals()))"
            case Code(source):
                yield source
            case Question(title, code, answer):
                yield from _sources([*code, Text(_whole(title, answer))])
            case Text(markdown):
                fields = FIELD.findall(markdown)
                if fields:
                    yield _values_source(fields)


def _values_source(fields: Sequence[str]) -> str:
    """Return Python that prints the values of fields as a list in JSON.

    Raises:
        ValueError: a field has something that cannot stand in an f-string.
    """
    for field in fields:
        if "\\" in field or "'''" in field:
            raise ValueError(f"{{{{{field}}}}}: a field has no backslash and no triple quotes")
    values = ", ".join(f"f'''{{{field.strip()}}}'''" for field in fields)
    return f"print(__import__('json').dumps([{values}]))"


def _ran(piece: Piece, cells: Any) -> Piece:
    """Return a piece with what its cells showed."""
    match piece:
        case Code():
            return replace(piece, outputs=_outputs(next(cells)))
        case Question(title, code, answer):
            ran = tuple(replace(block, outputs=_outputs(next(cells))) for block in code)
            if any(block.outputs for block in ran):
                raise ValueError(f"the code of the answer to {title!r} shows something")
            filled, _, text = _filled(_whole(title, answer), cells).partition("\n")
            return Question(filled, ran, Text(text))
        case Text(markdown):
            return Text(_filled(markdown, cells))


def _whole(title: str, answer: Text) -> str:
    return f"{title}\n{answer.markdown}"


def _outputs(cell: Any) -> tuple[Any, ...]:
    """Return the outputs of a cell, as HTML where there is HTML."""
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            raise ValueError(f"{cell.source}\nwrote to the standard error stream:\n{output.text}")
        data = output.get("data", {})
        data.pop("application/pdf", None)  # of pictures, beside SVG and PNG
        if data.keys() & {"text/html", "image/svg+xml"}:
            data.pop("text/plain", None)  # the record with all its fields, many pages
        if "execution_count" in output:
            output.execution_count = None  # `notebook` counts the cells that it has
    return tuple(cell.outputs)


def _filled(markdown: str, cells: Any) -> str:
    """Return text with the values, which the next cell printed, in place of its fields."""
    if not FIELD.search(markdown):
        return markdown
    printed = json.loads(next(cells).outputs[0].text)
    values = iter(printed)
    return FIELD.sub(lambda _: _power(next(values)), markdown)


def _power(value: str) -> str:
    r"""Return 6e-08 as 6 \times 10^{-8}, and everything else unchanged."""
    power = _POWER.fullmatch(value)
    return rf"{power[1]} \times 10^{{{int(power[2])}}}" if power else value
