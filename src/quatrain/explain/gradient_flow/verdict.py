"""What a grid of gates and recurrent scales says about the claim, in numbers and in words.

In: `experiment.Grid`. Out: a table, a formula and sentences, next `grid`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from quatrain.explain.arithmetic.expression import Symbol, product
from quatrain.explain.gradient_flow.experiment import (
    CELL,
    FORGET_ALONE,
    PLAIN,
    TO_INPUT,
    TO_LOSS,
    Grid,
)
from quatrain.explain.gradient_flow.random_networks import TENFOLD, finite, in_words
from quatrain.layers.shapes import Array
from quatrain.records import Cell, Formula, Table

NEAR_ONE, NEAR_ZERO = 0.99, 0.1
"""The corner the claim speaks of: a forget gate at least, input and output gates at most so."""


def _corner(grid: Grid) -> NDArray[np.bool_]:
    forget, inputs, outputs, _ = grid.axes
    chosen: NDArray[np.bool_] = (
        (forget >= NEAR_ONE) & (inputs <= NEAR_ZERO) & (outputs <= NEAR_ZERO)
    )
    return chosen


def _regions(grid: Grid) -> dict[tuple[str, str], NDArray[np.bool_]]:
    """(forget gates, input and output gates) -> the points there; the claim's corner first."""
    forget, inputs, outputs, _ = grid.axes
    near = forget >= NEAR_ONE
    closed = (inputs <= NEAR_ZERO) & (outputs <= NEAR_ZERO)
    opened = (inputs > NEAR_ZERO) & (outputs > NEAR_ZERO)
    rest = {
        f"both <= {NEAR_ZERO:g}": closed,
        f"one > {NEAR_ZERO:g}": ~closed & ~opened,
        f"both > {NEAR_ZERO:g}": opened,
    }
    return {
        (label, name): side & chosen
        for label, side in ((f">= {NEAR_ONE:g}", near), (f"< {NEAR_ONE:g}", ~near))
        for name, chosen in rest.items()
    }


def regions(grid: Grid) -> Table:
    """How often each verdict falls in each part of the grid; a run is one network in a setting."""
    rows: list[tuple[Cell, ...]] = []
    for names, chosen in _regions(grid).items():
        here = np.broadcast_to(chosen, grid.norms[CELL].shape)
        if not here.any():
            continue
        cell, loss, inputs = (grid.norms[which][here] for which in (CELL, TO_LOSS, TO_INPUT))
        rows.append(
            (
                *names,
                int(here.sum()),
                *shares(cell).values(),
                finite(cell.min()),
                finite(np.median(cell)),
                finite(cell.max()),
                finite(np.median(loss)),
                finite(np.median(inputs)),
            )
        )
    return Table(
        f"{CELL} after {grid.steps} steps by region, log10; beside it the median of what"
        " arrives from the loss",
        (
            "forget",
            "input, output",
            "runs",
            "vanishes",
            "stable",
            "explodes",
            "minimum",
            "median",
            "maximum",
            TO_LOSS,
            TO_INPUT,
        ),
        tuple(rows),
    )


def shares(logarithms: Array) -> dict[str, float]:
    """Verdict -> share of the runs."""
    return {
        "vanishes": float((logarithms < -TENFOLD).mean()),
        "stable": float((np.abs(logarithms) <= TENFOLD).mean()),
        "explodes": float((logarithms > TENFOLD).mean()),
    }


def sentences(grid: Grid) -> list[str]:
    """The verdict: up to five sentences, each with the numbers behind it."""
    corner = np.broadcast_to(_corner(grid), grid.norms[CELL].shape)
    if not corner.any():
        return [
            f"The grid has no point with forget gates of {NEAR_ONE:g} or more and input and output"
            f" gates of {NEAR_ZERO:g} or less: it says nothing about the claim."
        ]
    return [
        _in_the_corner(grid, corner),
        _how_near(grid),
        _what_arrives(grid, corner),
        _outside(grid),
        _plain_rnn(grid),
    ]


def first_explosion(grid: Grid) -> Iterator[Formula]:
    """The smallest gain at which a run explodes in the claim's corner, if one does."""
    exploding = _corner(grid) & (grid.norms[CELL] > TENFOLD)
    if exploding.any():
        gain = np.where(exploding, _gain(grid), np.inf)
        place = np.unravel_index(gain.argmin(), gain.shape)
        yield product(
            Symbol("input gate", grid.inputs[place[1]]),
            Symbol("output gate", grid.outputs[place[2]]),
            Symbol("scale", grid.scales[place[3]]),
        ).formula("gain of the first explosion")


def _in_the_corner(grid: Grid, corner: NDArray[np.bool_]) -> str:
    cell, alone = grid.norms[CELL][corner], grid.norms[FORGET_ALONE][corner]
    gain = np.broadcast_to(_gain(grid), corner.shape)[corner]
    share = shares(cell)
    vanishing, exploding = cell < -TENFOLD, cell > TENFOLD
    text = (
        f"In the corner it speaks of (forget gates of {NEAR_ONE:g} or more, input and output gates"
        f" of {NEAR_ZERO:g} or less) {share['stable']:.0%} of {cell.size} runs are stable over"
        f" {grid.steps} steps: {CELL} lies between {in_words(cell.min())} and"
        f" {in_words(cell.max())}, in the median {in_words(np.median(cell - alone))} times what"
        " the forget gates alone give"
    )
    if vanishing.any():
        text += (
            f"; {share['vanishes']:.0%} vanish, to a median of"
            f" {in_words(np.median(cell[vanishing]))}, where the forget gates alone would leave"
            f" {in_words(np.median(alone[vanishing]))}"
        )
    else:
        text += "; none vanishes"
    if exploding.any():
        return (
            f"{text}; {share['explodes']:.0%} explode, all of these where input gate x output gate"
            f" x scale is {gain[exploding].min():.2g} or more."
        )
    return (
        f"{text}; none explodes, and input gate x output gate x scale is never above"
        f" {gain.max():.2g} there."
    )


def _how_near(grid: Grid) -> str:
    closed = grid.norms[CELL][:, int(np.argmin(grid.inputs)), int(np.argmin(grid.outputs))]
    means = closed.mean(axis=(1, 2))
    found = ", ".join(
        f"{in_words(mean)} at {forget:g}" for forget, mean in zip(grid.forget, means, strict=True)
    )
    return (
        f"Near 1 must mean near for the distance: with the other gates closed (input"
        f" {min(grid.inputs):g}, output {min(grid.outputs):g}), {CELL} after {grid.steps} steps is"
        f" {found}; below {10 ** (-TENFOLD / grid.steps):.3f} the forget gate alone already loses"
        " more than nine tenths."
    )


def _what_arrives(grid: Grid, corner: NDArray[np.bool_]) -> str:
    loss, inputs = grid.norms[TO_LOSS][corner], grid.norms[TO_INPUT][corner]
    outputs = np.broadcast_to(grid.axes[2], corner.shape)[corner]
    closed = loss[outputs == min(grid.outputs)]
    entering = (
        "a gradient hardly enters the cell there"
        if np.median(loss) < -TENFOLD
        else "here a gradient does enter the cell"
    )
    return (
        f"It leaves out the way in and the way out: {entering}. Of a loss's gradient at h_T,"
        f" {in_words(np.median(loss))} at best reaches c_t in the median, and"
        f" {in_words(np.median(inputs))} the input of that time; with output gates at"
        f" {min(grid.outputs):g} never more than {in_words(closed.max())} reaches c_t;"
        f" {(loss > -TENFOLD).mean():.0%} of the runs bring more than a tenth of it to the cell."
    )


def _outside(grid: Grid) -> str:
    forget = grid.axes[0]
    near = np.broadcast_to(forget >= NEAR_ONE, grid.norms[CELL].shape)
    outside = near & ~np.broadcast_to(_corner(grid), near.shape)
    cell, alone = grid.norms[CELL], grid.norms[FORGET_ALONE]
    if not outside.any():
        return "The grid has no open gates: it does not say what they would do."
    share = shares(cell[outside])
    gain = np.broadcast_to(_gain(grid), near.shape)[outside]
    exploding = cell[outside] > TENFOLD
    opening = (
        "Most runs are stable without the condition, too"
        if share["stable"] > 0.5
        else "Without the condition, at most half of the runs are stable"
    )
    text = (
        f"{opening}: with forget gates of {NEAR_ONE:g} or more and other gates open,"
        f" {share['stable']:.0%} of {int(outside.sum())} runs are stable,"
        f" {share['vanishes']:.0%} vanish and {share['explodes']:.0%} explode"
    )
    if exploding.any():
        text += (
            f" (up to {in_words(cell[outside].max())}, none where input gate x output gate x scale"
            f" is below {gain[exploding].min():.2g})"
        )
    return (
        f"{text}. What passes through the gates is {in_words((cell - alone)[outside].max())} times"
        " the product of the forget gates at most."
    )


def _plain_rnn(grid: Grid) -> str:
    found = ", ".join(
        f"{in_words(float(norms.mean()))} at scale {scale:g} (from {in_words(norms.min())} to"
        f" {in_words(norms.max())})"
        for scale, norms in zip(grid.scales, grid.norms[PLAIN], strict=True)
    )
    share = shares(grid.norms[PLAIN])
    return (
        f"The plain RNN with the same recurrent weights is stable in {share['stable']:.0%} of its"
        f" runs: dh_T/dh_t is {found}."
    )


def _gain(grid: Grid) -> Array:
    """Input gate x output gate x scale: the loop from the cell through h and the candidate."""
    _, inputs, outputs, scales = grid.axes
    gain: Array = inputs * outputs * scales
    return gain
