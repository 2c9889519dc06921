"""Contiguous streams over a text, with every count as a formula.

Source: truncated backpropagation through time, Williams and Peng 1990.
"""

from __future__ import annotations

from collections.abc import Iterator

from quatrain.corpus import Streams
from quatrain.explain.arithmetic.expression import Symbol
from quatrain.explain.sequences.counts import StreamCounts, named
from quatrain.explain.sequences.pictures import lanes_of
from quatrain.explain.sequences.running_text import RunningText, Text, running_text
from quatrain.explain.sequences.tables import (
    LEGEND,
    as_numbers,
    check,
    comparison,
    counts_of_streams,
    ends,
    shown,
    streams_of,
)
from quatrain.layers.shapes import whole
from quatrain.records import Cell, Explanation, Heading, Note, Part, Table

_LANES, _STEPS = 4, 2
"""Lanes and steps listed from the start; the last of each is listed, too."""

_STRIDE = 3
"""Stride of the windows that streams are compared with, the default of training."""


def streams(text: Text, *, length: int = 40, lanes: int = 16, seed: int = 0) -> Explanation:
    """Explain contiguous streams over a text: lanes, steps, what is left, how far memory reaches.

    Args:
        text: as for `windows`.
        length: N, characters of a step in a lane.
        lanes: L, streams read side by side; fewer if the text is too short.
        seed: source of the poems' order, which changes with every pass.

    Returns:
        Formulas named "alphabet", "T, the running text", "lanes", "numbers in a lane", "steps in
        a pass", "characters in a pass", "left over", "passes over the text", "reach of the
        gradient", "reach of the memory".

    Raises:
        CorpusError: the text can't be read or is empty.
        SettingsError: a size is below 1, the seed negative, or the text is not longer than a step.
    """
    running = running_text(text)
    check(running, length=length, lanes=lanes)
    whole("setting 'seed'", seed, 0)
    laid = streams_of(running, length, lanes, seed)
    counts = counts_of_streams(running, laid)
    return Explanation(
        f"{laid.lanes:,} contiguous streams, {length:,} characters a step, over {running.name}",
        (
            *as_numbers(running),
            *_layout(running, laid, counts, lanes),
            *_pass(running, counts),
            *_reach(laid, counts),
            *comparison(running, length, min(_STRIDE, length), lanes),
        ),
    )


def _layout(text: RunningText, laid: Streams, counts: StreamCounts, wanted: int) -> Iterator[Part]:
    yield Heading("Lanes and steps")
    if laid.lanes < wanted:
        yield Note(
            f"The text is too short for {wanted:,} lanes of at least one step: there are "
            f"{laid.lanes:,}."
        )
    yield named("L", laid.lanes).formula("lanes")
    yield counts.lane.formula("numbers in a lane")
    yield counts.steps.formula("steps in a pass")
    yield Note(
        "T - 1, because nothing follows the last number, so that it is only a target. The lanes "
        "are read side by side. In each, the state at the end of a step is the start of the next."
    )
    steps = ends(laid.steps_per_epoch, _STEPS)
    batches = {step: laid.batch(step)[0] for step in steps if step is not None}
    rows: list[tuple[Cell, ...]] = []
    for lane in ends(laid.lanes, _LANES):
        if lane is None:
            rows.append(("…",) * 4)
            continue
        for step in steps:
            if step is None:
                rows.append((lane, "…", "…", "…"))
            else:
                first = lane * int(counts.lane.value) + step * laid.length
                inputs = batches[step][:, lane].astype(text.tokens.dtype)
                rows.append((lane, step, first, shown(inputs, text.vocabulary)))
    yield lanes_of(text, laid)
    yield Table(f"Inputs of the lanes; {LEGEND}", ("lane", "step", "from", "text"), tuple(rows))


def _pass(text: RunningText, counts: StreamCounts) -> Iterator[Part]:
    yield Heading("A pass over the text")
    yield counts.read.formula("characters in a pass")
    yield counts.left.formula("left over", "numbers")
    read = Symbol("characters in a pass", int(counts.read.value))
    yield (read / named("T", text.size)).formula("passes over the text")
    order = (
        "The poems are in another order in every pass, so that other numbers are left over."
        if text.poems > 1
        else "With a single poem, the same numbers are left over in every pass."
    )
    yield Note(f"Each number that is read is an input once. {order}")


def _reach(laid: Streams, counts: StreamCounts) -> Iterator[Part]:
    yield Heading("How far gradient and memory reach")
    yield named("N", laid.length).formula("reach of the gradient", "characters")
    yield counts.reach.formula("reach of the memory", "characters")
    yield Note(
        "The gradient is cut at the border of a step: it reaches back N characters at most. The "
        "state is carried on through the whole lane and is reset at the start of a pass. A lane "
        "may begin in the middle of a poem, and poems follow each other in it by chance."
    )
