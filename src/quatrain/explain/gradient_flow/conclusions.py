"""Conclusions about the claim from a grid of gates and recurrent scales, in numbers and words.

In: `experiment.Grid`. Out: a table, a formula and sentences for `grid`.
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
from quatrain.explain.gradient_flow.random_networks import TENFOLD, finite_or_none, power_of_ten
from quatrain.layers.shapes import Array
from quatrain.records import Cell, Formula, Table

NEAR_ONE, NEAR_ZERO = 0.99, 0.1
"""Smallest forget gate, and largest input and output gates, in the corner of the claim."""


def _corner(grid: Grid) -> NDArray[np.bool_]:
    forget, inputs, outputs, _ = grid.axes
    chosen: NDArray[np.bool_] = (
        (forget >= NEAR_ONE) & (inputs <= NEAR_ZERO) & (outputs <= NEAR_ZERO)
    )
    return chosen


def _regions(grid: Grid) -> dict[tuple[str, str], NDArray[np.bool_]]:
    """Map (forget gates, input and output gates) to the points there, the claim's corner first."""
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


def region_table(grid: Grid) -> Table:
    """Count vanishing, stable and exploding runs by region; a run is one network in one setting."""
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
                *regime_shares(cell).values(),
                finite_or_none(cell.min()),
                finite_or_none(np.median(cell)),
                finite_or_none(cell.max()),
                finite_or_none(np.median(loss)),
                finite_or_none(np.median(inputs)),
            )
        )
    return Table(
        f"{CELL} after {grid.steps} steps by region, log10, and the median that"
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


def regime_shares(logarithms: Array) -> dict[str, float]:
    """Return the share of runs that vanish, are stable and explode."""
    return {
        "vanishes": float((logarithms < -TENFOLD).mean()),
        "stable": float((np.abs(logarithms) <= TENFOLD).mean()),
        "explodes": float((logarithms > TENFOLD).mean()),
    }


def conclusions(grid: Grid) -> list[str]:
    """Return the conclusions: up to five paragraphs, each with the numbers behind it."""
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
    """Yield the smallest gain at which a run explodes in the claim's corner, if one does."""
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
    share = regime_shares(cell)
    vanishing, exploding = cell < -TENFOLD, cell > TENFOLD
    text = (
        f"In the corner of the claim (forget gates of {NEAR_ONE:g} or more, input and output gates"
        f" of {NEAR_ZERO:g} or less) {share['stable']:.0%} of {cell.size} runs are stable over"
        f" {grid.steps} steps. {CELL} is between {power_of_ten(cell.min())} and"
        f" {power_of_ten(cell.max())}; its median is {power_of_ten(np.median(cell - alone))} times"
        " what the forget gates alone give."
    )
    if vanishing.any():
        text += (
            f" {share['vanishes']:.0%} vanish, to a median of"
            f" {power_of_ten(np.median(cell[vanishing]))}; the forget gates alone would leave"
            f" {power_of_ten(np.median(alone[vanishing]))}."
        )
    else:
        text += " None vanishes."
    if exploding.any():
        return (
            f"{text} {share['explodes']:.0%} explode, and in all of these input gate x output gate"
            f" x scale is {gain[exploding].min():.2g} or more."
        )
    return (
        f"{text} None explodes; input gate x output gate x scale is at most {gain.max():.2g} there."
    )


def _how_near(grid: Grid) -> str:
    closed = grid.norms[CELL][:, int(np.argmin(grid.inputs)), int(np.argmin(grid.outputs))]
    means = ", ".join(
        f"{power_of_ten(mean)} at {forget:g}"
        for forget, mean in zip(grid.forget, closed.mean(axis=(1, 2)), strict=True)
    )
    return (
        "The longer the distance, the nearer to 1 the forget gate must be. With the other gates"
        f" closed (input {min(grid.inputs):g}, output {min(grid.outputs):g}), {CELL} after"
        f" {grid.steps} steps is {means}. Below {10 ** (-TENFOLD / grid.steps):.3f} the forget gate"
        " alone loses more than nine tenths."
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
        f"The claim leaves out the way into the cell and out of it: {entering}. Of a loss's"
        f" gradient at h_T, a median of {power_of_ten(np.median(loss))} reaches c_t, and"
        f" {power_of_ten(np.median(inputs))} reaches the input of that time. With output gates at"
        f" {min(grid.outputs):g}, at most {power_of_ten(closed.max())} reaches c_t."
        f" {(loss > -TENFOLD).mean():.0%} of the runs bring more than a tenth of it to the cell."
    )


def _outside(grid: Grid) -> str:
    forget = grid.axes[0]
    near = np.broadcast_to(forget >= NEAR_ONE, grid.norms[CELL].shape)
    outside = near & ~np.broadcast_to(_corner(grid), near.shape)
    cell, alone = grid.norms[CELL], grid.norms[FORGET_ALONE]
    if not outside.any():
        return "The grid has no open gates, so it doesn't say what they would do."
    share = regime_shares(cell[outside])
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
            f" (up to {power_of_ten(cell[outside].max())}; none if input gate x output gate x scale"
            f" is below {gain[exploding].min():.2g})"
        )
    return (
        f"{text}. The norm is at most {power_of_ten((cell - alone)[outside].max())} times the"
        " product of the forget gates."
    )


def _plain_rnn(grid: Grid) -> str:
    norms_by_scale = ", ".join(
        f"{power_of_ten(float(norms.mean()))} at scale {scale:g} (from"
        f" {power_of_ten(norms.min())} to {power_of_ten(norms.max())})"
        for scale, norms in zip(grid.scales, grid.norms[PLAIN], strict=True)
    )
    share = regime_shares(grid.norms[PLAIN])
    return (
        f"The plain RNN with the same recurrent weights is stable in {share['stable']:.0%} of its"
        f" runs: dh_T/dh_t is {norms_by_scale}."
    )


def _gain(grid: Grid) -> Array:
    """Return input gate x output gate x scale, the gain from the cell through h and back."""
    _, inputs, outputs, scales = grid.axes
    gain: Array = inputs * outputs * scales
    return gain
