"""A lesson that was run, as a notebook: nbformat 4.5, with outputs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

import nbformat

from workshop.lessons.parsing import Code, Piece, Question, Text

INSTALL = """\
> This notebook is a lesson from Quatrain's documentation, with its outputs. To run the cells
> yourself, install Quatrain in the environment of this notebook:
> `pip install "quatrain[train,plot]"`. JupyterLab shows the formulas in the outputs as plain text
> until you run the cells or choose *Trust Notebook*."""

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s:]+\.md)(?:#[^)\s]*)?\)")


def as_notebook(name: str, pieces: Sequence[Piece]) -> Any:
    """Return the notebook of a lesson that was run.

    Args:
        name: the lesson: "pooling".
        pieces: what `running.run` returned.
    """
    cells = list(_cells(pieces))
    title, _, after = cells[0].source.partition("\n")
    cells[0].source = f"{title}\n\n{INSTALL}\n{after}"
    count = 0
    for place, cell in enumerate(cells):
        cell.id = f"{name}-{place:02}"
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = count
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def as_text(notebook: Any) -> str:
    """Return a notebook as the content of an `.ipynb` file."""
    return f"{nbformat.writes(notebook)}\n"


def _cells(pieces: Sequence[Piece]) -> Iterator[Any]:
    for piece in pieces:
        match piece:
            case Text(markdown):
                yield _markdown(markdown)
            case Code(source, False, outputs):
                yield nbformat.v4.new_code_cell(source, outputs=list(outputs))
            case Question(title, code, answer):
                yield _markdown(f"**{title}**")
                yield from _cells(code)
                yield _markdown(
                    f"<details>\n<summary>The answer</summary>\n\n{answer.markdown}\n\n</details>"
                )


def _markdown(text: str) -> Any:
    return nbformat.v4.new_markdown_cell(_LINK.sub(_link, text))


def _link(match: re.Match[str]) -> str:
    """Return a link to another lesson as one to its notebook; other pages are named only.

    A notebook is read far from the site, so that a link to a page would lead nowhere.
    """
    text, page = match[1], PurePosixPath(match[2])
    return f"[{text}]({page.with_suffix('.ipynb')})" if page.parent == PurePosixPath() else text
