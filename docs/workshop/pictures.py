"""Pictures of the pages, drawn from what the code returns.

Every function returns HTML with the picture inline.
"""

from __future__ import annotations

import base64
from html import escape
from pathlib import Path

import numpy as np

from quatrain.corpus import Streams, Vocabulary, Windows
from quatrain.records import Poem

_CELL, _ROW, _TOP = 17, 26, 40
_MARKS = {"\n": "⏎", " ": "·"}


def streams(text: str, *, lanes: int, length: int) -> str:
    """Draw the lanes of `Streams` over one poem, step by step, with the state carried on."""
    tokens, vocabulary = _tokens(text)
    laid = Streams(*_where(tokens), lanes=lanes, length=length, seed=0)
    parts = []
    for step in range(laid.steps_per_epoch):
        inputs, _ = laid.batch(step)  # (length, lanes)
        left = _CELL * length * step + 18 * step
        parts.append(_text(left, _TOP - 22, f"step {step}: {laid.lanes} × {length}", "faint"))
        for lane in range(laid.lanes):
            row = _TOP + _ROW * lane
            kind = "first" if step % 2 == 0 else "second"
            parts += _cells(left, row, inputs[:, lane], vocabulary, f"cell {kind}")
            arrow = step + 1 < laid.steps_per_epoch
            if arrow:
                parts.append(_arrow(left + _CELL * length, row + 9, 16))
    last = laid.steps_per_epoch - 1
    width = _CELL * length * (last + 1) + 18 * last
    foot = _TOP + _ROW * laid.lanes + 16
    legend = "an arrow carries the state on; ⊢ is START, ⏎ a line break, · a space"
    parts.append(_text(0, foot, legend))
    return _picture(max(width, 8 * len(legend)), foot + 8, parts, "Contiguous streams")


def windows(text: str, *, length: int, stride: int) -> str:
    """Draw the windows of `Windows` over one poem, each below its text."""
    tokens, vocabulary = _tokens(text)
    count = Windows(*_where(tokens), lanes=1, length=length, stride=stride, seed=0).sequences
    laid = Windows(*_where(tokens), lanes=count, length=length, stride=stride, seed=0)
    inputs, _ = laid.batch(0)  # (length, lanes), in the order of this epoch
    starts = [_start(tokens, window) for window in inputs.T]
    parts = _cells(0, _TOP - 30, tokens, vocabulary, "cell")
    for row, lane in enumerate(np.argsort(starts)):
        top = _TOP + _ROW * row
        left = _CELL * starts[lane]
        kind = "first" if row % 2 == 0 else "second"
        parts += _cells(left, top, inputs[:, lane], vocabulary, f"cell {kind}")
    foot = _TOP + _ROW * count + 16
    legend = f"{count} windows of {length}, one every {stride}; each begins with a fresh state"
    parts.append(_text(0, foot, legend))
    return _picture(_CELL * len(tokens), foot + 8, parts, "Overlapping windows")


def file(path: str, alternative: str) -> str:
    """Return a PNG of the scratch folder as an inline image."""
    data = base64.b64encode(Path(path).read_bytes()).decode()
    return f'<img alt="{escape(alternative)}" src="data:image/png;base64,{data}">'


def _tokens(text: str) -> tuple[np.ndarray, Vocabulary]:
    poem = Poem.from_lines(text.split("\n"))
    vocabulary = Vocabulary.from_counts(dict.fromkeys(poem.text, 1))
    return vocabulary.encode_poem(poem), vocabulary


def _where(tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[int]]:
    return tokens, np.array([0, len(tokens)]), [0]


def _start(tokens: np.ndarray, window: np.ndarray) -> int:
    positions = [
        at
        for at in range(len(tokens) - len(window) + 1)
        if np.array_equal(tokens[at : at + len(window)], window)
    ]
    if len(positions) != 1:
        raise ValueError(f"a window occurs {len(positions)} times: use another text")
    return positions[0]


def _cells(
    left: int, top: int, numbers: np.ndarray, vocabulary: Vocabulary, kind: str
) -> list[str]:
    parts = []
    dark = "dark" if kind != "cell" else ""
    for index, number in enumerate(numbers.tolist()):
        x = left + _CELL * index
        parts.append(
            f'<rect class="{kind}" x="{x}" y="{top}" width="{_CELL}" height="18" stroke="#8a8a8a"/>'
        )
        sign = {Vocabulary.START: "⊢", Vocabulary.END: "⊣"}.get(number)
        sign = sign or vocabulary.decode(np.array([number]))
        sign = escape(_MARKS.get(sign, sign))
        parts.append(
            f'<text class="{dark}" x="{x + _CELL / 2}" y="{top + 13}" text-anchor="middle">'
            f"{sign}</text>"
        )
    return parts


def _arrow(left: int, y: int, length: int) -> str:
    tip = left + length
    return (
        f'<path class="line" d="M{left + 2} {y}H{tip - 4}" stroke-width="1.5"/>'
        f'<path class="head" d="M{tip - 6} {y - 4}l6 4l-6 4z"/>'
    )


def _text(left: int, y: int, text: str, kind: str = "faint") -> str:
    return f'<text class="{kind}" x="{left}" y="{y + 12}">{escape(text)}</text>'


def _picture(width: int, height: int, parts: list[str], title: str) -> str:
    return (
        f'<svg class="picture" viewBox="-1 0 {width + 2} {height + 8}" width="{width + 2}" '
        f'font-size="12" role="img" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )
