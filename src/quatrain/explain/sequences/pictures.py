"""Pictures of windows over a text and of the lanes of streams, a cell for each character.

In: what `corpus.Windows` and `corpus.Streams` return. Out: `records.Grids`.
"""

from __future__ import annotations

from collections.abc import Sequence

from quatrain.corpus import Streams, Windows
from quatrain.explain.pictures.positions import Shown
from quatrain.explain.sequences.running_text import RunningText
from quatrain.explain.sequences.tables import ends, signs
from quatrain.records import CellGrid, Grids, Hatching, Outline

_MOST_CELLS = 56
"""Characters of a row that are all shown, still readable in print."""

_MOST_WINDOWS, _FIRST, _LAST = 8, 5, 2
"""Windows that are all shown; of more, those at the start and at the end of the text."""

_MOST_STEP_CELLS = 14
"""Characters of a step that are all shown, so that three steps fit side by side."""

_FIRST_LANES, _FIRST_STEPS = 4, 2

_EVERY = 10
"""Distance of the positions that have a label."""


def windows_over(text: RunningText, laid: Windows) -> Grids:
    """Draw the first windows and the last ones, each below the characters it reads."""
    title = f"Windows of {laid.length:,} characters, one every {laid.stride:,}"
    count = laid.sequences
    if count <= _MOST_WINDOWS:
        bands = [_windows("The text and its windows", text, laid, range(count), to_end=True)]
    else:
        bands = [
            _windows("The start of the text", text, laid, range(_FIRST), to_end=False),
            _windows("Its end", text, laid, range(count - _LAST, count), to_end=True),
        ]
    return Grids("windows", title, tuple((band,) for band in bands))


def _windows(
    title: str, text: RunningText, laid: Windows, numbers: range, *, to_end: bool
) -> CellGrid:
    """Draw some windows below the part of the text that they are on."""
    starts = [number * laid.stride for number in numbers]
    first = starts[0]
    last = text.size if to_end else min(text.size, starts[-1] + laid.length + 1)
    telling = [place - first for start in starts for place in (start, start + laid.length)]
    columns = Shown.of(last - first, telling, _MOST_CELLS)
    places = [first + position for position in columns.positions]
    written = signs(text.tokens[places], text.vocabulary)
    rows: list[tuple[str | None, ...]] = [tuple(written)]
    outlines, targets = [], []
    read: set[int] = set()
    for row, (number, start) in enumerate(zip(numbers, starts, strict=True), 1):
        window = signs(laid.window(number), text.vocabulary)
        covered = range(start, start + laid.length)
        read.update(covered)
        rows.append(
            tuple(
                window[place - start] if place in covered or place == covered.stop else None
                for place in places
            )
        )
        inside = columns.places(place - first for place in covered)
        outlines.append(Outline("inputs of a window", tuple((row, place) for place in inside)))
        targets += [(row, place) for place in columns.places([covered.stop - first])]
    # Before the first window of the end, other windows read the text.
    unread = columns.places(place - first for place in range(first, last) if place not in read)
    beyond = 0 if to_end else 1  # what the next window reads is no matter of this picture
    hatched = tuple((0, place) for place in unread[: len(unread) - beyond])
    return CellGrid(
        title,
        tuple(rows),
        rows=("text", *(f"window {number:,}" for number in numbers)),
        columns=_labels(places),
        column_gaps=columns.gaps,
        hatchings=(
            Hatching("target of a window's last input", tuple(targets), "dots"),
            Hatching("no input of any window", hatched),
        ),
        outlines=tuple(outlines),
    )


def lanes_of(text: RunningText, laid: Streams) -> Grids:
    """Draw the lanes of the first steps and of the last, with the state carried on."""
    steps = ends(laid.steps_per_epoch, _FIRST_STEPS)
    lanes = ends(laid.lanes, _FIRST_LANES)
    chosen = [lane for lane in lanes if lane is not None]
    gaps = (lanes.index(None),) if None in lanes else ()
    columns = Shown.of(laid.length, (), _MOST_STEP_CELLS)
    grids: list[CellGrid] = []
    sign = ""
    for step in steps:
        if step is None:
            sign = "state → … →"
            continue
        inputs, _ = laid.batch(step)  # (length, lanes)
        picked = inputs[list(columns.positions)].astype(text.tokens.dtype)
        grids.append(
            CellGrid(
                f"Step {step:,}",
                tuple(tuple(signs(picked[:, lane], text.vocabulary)) for lane in chosen),
                rows=tuple(f"lane {lane:,}" for lane in chosen) if not grids else (),
                row_gaps=gaps,
                column_gaps=columns.gaps,
                sign=sign,
            )
        )
        sign = "state →"
    title = f"{laid.lanes:,} lanes, {laid.length:,} characters of each at a step"
    return Grids("streams", title, (tuple(grids),))


def _labels(places: Sequence[int]) -> tuple[str, ...]:
    return tuple(f"{place:,}" if place % _EVERY == 0 else "" for place in places)
