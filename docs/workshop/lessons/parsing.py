"""A lesson's Markdown as pieces: text, code, questions."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

QUESTIONS = 3
LAST_HEADING = "Three questions"
"""Number of questions at the end of a lesson, and the heading above them."""

FIELD = re.compile(r"\{\{(.+?)\}\}")
"""A value in the text: what an f-string has between its braces, in double braces."""

_QUESTION = re.compile(r'\?\?\? question "(.+)"')


@dataclass(frozen=True, slots=True)
class Text:
    """Markdown; after the run, with values in place of the fields."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Code:
    """A block of Python.

    Attributes:
        source: the block.
        check: whether it checks the text and is not shown.
        outputs: what it showed when it was run, as outputs of a notebook's cell.
    """

    source: str
    check: bool = False
    outputs: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the code of its answer, and the answer."""

    title: str
    code: tuple[Code, ...]
    answer: Text


Piece: TypeAlias = Text | Code | Question


def parse(markdown: str) -> tuple[Piece, ...]:
    """Divide a lesson into pieces.

    Raises:
        ValueError: a block does not end or has an unknown option, an answer has code after its
            text, the lesson does not end with its questions, or an answer has no computed value.
    """
    pieces = tuple(_pieces(markdown))
    _check_end(pieces)
    return pieces


def _pieces(markdown: str) -> Iterator[Piece]:
    lines = markdown.split("\n")
    text: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        question = _QUESTION.fullmatch(line)
        if question:
            end = place + 1
            while end < len(lines) and (not lines[end].strip() or lines[end].startswith("    ")):
                end += 1
            piece: Piece = _question(question[1], "\n".join(lines[place + 1 : end]))
        elif line.startswith("```"):
            end = _block_end(lines, place)
            kind = line.removeprefix("```")
            if kind.split(" ")[0] != "python":
                text += lines[place:end]
                place = end
                continue
            if kind not in ("python", "python check"):
                raise ValueError(f"{line!r}: a block is 'python' or 'python check'")
            source = "\n".join(lines[place + 1 : end - 1])
            piece = Code(source, check=kind == "python check")
        else:
            text.append(line)
            place += 1
            continue
        yield from _text(text)
        text.clear()
        yield piece
        place = end
    yield from _text(text)


def _text(lines: list[str]) -> Iterator[Text]:
    markdown = "\n".join(lines).strip("\n")
    if markdown:
        yield Text(markdown)


def _block_end(lines: list[str], start: int) -> int:
    """Return the place after a fenced block."""
    for place in range(start + 1, len(lines)):
        if lines[place].rstrip() == "```":
            return place + 1
    raise ValueError(f"the block {lines[start]!r} does not end")


def _question(title: str, body: str) -> Question:
    *code, answer = list(_pieces(textwrap.dedent(body))) or [Text("")]
    blocks = tuple(piece for piece in code if isinstance(piece, Code))
    if not isinstance(answer, Text) or len(blocks) < len(code):
        raise ValueError(f"the answer to {title!r} is not code, if any, and then text")
    if not FIELD.search(answer.markdown):
        raise ValueError(f"nothing is computed in the answer to {title!r}")
    return Question(title, blocks, answer)


def _check_end(pieces: tuple[Piece, ...]) -> None:
    headings = [
        place
        for place, piece in enumerate(pieces)
        if isinstance(piece, Text) and f"## {LAST_HEADING}" in piece.markdown.split("\n")
    ]
    after = pieces[headings[-1] + 1 :] if headings else ()
    questions = [piece for piece in after if isinstance(piece, Question)]
    others = [piece for piece in after if not isinstance(piece, Question | Code)]
    end_is_right = not others or (
        len(others) == 1
        and others[0] is after[-1]
        and isinstance(others[0], Text)
        and others[0].markdown.startswith("## References\n")
    )
    if len(questions) != QUESTIONS or not end_is_right:
        raise ValueError(f"a lesson ends with {QUESTIONS} questions under '## {LAST_HEADING}'")
