"""A claim about gates near 0 and 1, tested over a grid of gates and recurrent weights.

"There is no explosion and no vanishing when the forget gates are near 1 and the input and
output gates near 0." The idea is the constant error carousel of Hochreiter and Schmidhuber 1997.

In: values for the gates and the scale. Out: `records.Explanation` with heat maps and counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from quatrain.explain.gradient_flow.conclusions import conclusions, first_explosion, region_table
from quatrain.explain.gradient_flow.experiment import (
    CELL,
    FORGET_GATES,
    INPUT_OUTPUT_GATES,
    PLAIN,
    SCALES,
    TO_INPUT,
    TO_LOSS,
    Grid,
    measure_grid,
)
from quatrain.explain.gradient_flow.random_networks import (
    definitions,
    finite_or_none,
    power_of_ten,
    regime_of,
    stability_rule,
)
from quatrain.layers.shapes import Array
from quatrain.records import Explanation, Heading, Heatmap, Note, Part

_COLOUR_LIMIT = 4.0
"""Limit of the colours, log10 of a norm: a factor of 10,000 either way."""


def flow_grid(
    *,
    steps: int = 50,
    hidden: int = 32,
    seed: int = 0,
    networks: int = 3,
    forget_gates: Sequence[float] = FORGET_GATES,
    input_gates: Sequence[float] = INPUT_OUTPUT_GATES,
    output_gates: Sequence[float] = INPUT_OUTPUT_GATES,
    scales: Sequence[float] = SCALES,
) -> Explanation:
    """Test the claim in every combination of gates and recurrent scales.

    Args:
        steps: number of steps back, 1 to 10,000.
        hidden: cells of a network, 1 to 512.
        seed: seed of the weights and inputs, 0 or above; every setting of the gates has the same
            ones.
        networks: random networks for each scale, 1 to 100.
        forget_gates: resting values of the forget gates, above 0 and below 1.
        input_gates: resting values of the input gates, above 0 and below 1.
        output_gates: resting values of the output gates, above 0 and below 1.
        scales: standard deviations of the recurrent weights times sqrt(hidden).

    Returns:
        Heat maps, a table of the regions of the grid, and the conclusions in sentences. If runs
        explode with the forget gates near 1 and the others near 0, also the formula "gain of the
        first explosion": the smallest input gate x output gate x scale among them.

    Raises:
        SettingsError: a gate outside 0 to 1, a negative scale or seed, a count out of range, no
            value, or too many values to fit in memory.
    """
    grid = measure_grid(
        steps=steps,
        hidden=hidden,
        seed=seed,
        networks=networks,
        forget_gates=forget_gates,
        input_gates=input_gates,
        output_gates=output_gates,
        scales=scales,
    )
    parts: list[Part] = [
        Note(
            "The claim: no explosion and no vanishing when the forget gates are near 1 and the"
            " input and output gates near 0."
        ),
        Heading("The Jacobians"),
        *definitions(),
        Note(
            f"{stability_rule(steps)} All norms are spectral. There are {networks} random networks"
            f" of {hidden} cells for each scale; the maps show their geometric mean. A gate rests"
            " at its value, but strong recurrent weights move it: `flow` shows how far."
        ),
        Heading("Along the cell"),
        *_along_the_cell(grid),
        Heading("From the loss to the cell, and to the input"),
        *_to_the_loss(grid),
        Heading("The whole grid"),
        region_table(grid),
        *first_explosion(grid),
        Heading("The claim"),
        *(Note(sentence) for sentence in conclusions(grid)),
    ]
    return Explanation(f"Gates, recurrent weights and a gradient {steps} steps back", tuple(parts))


def _along_the_cell(grid: Grid) -> tuple[Part, ...]:
    """Map forget gate by scale, with the other gates at their smallest and largest."""
    maps = []
    plain = grid.norms[PLAIN].mean(axis=-1)
    for name, pick, extreme in (("closed", np.argmin, min), ("open", np.argmax, max)):
        at_input, at_output = int(pick(grid.inputs)), int(pick(grid.outputs))
        values = grid.norms[CELL][:, at_input, at_output].mean(axis=-1).T
        maps.append(
            _map(
                f"flow-{name}-gates",
                f"{CELL} after {grid.steps} steps, input gates at {extreme(grid.inputs):g} and"
                f" output gates at {extreme(grid.outputs):g}; on the right the plain RNN",
                ("forget gate", (*map(_label, grid.forget), "plain RNN")),
                ("recurrent scale", tuple(map(_label, grid.scales))),
                np.column_stack([values, plain]),
                regime_of,
            )
        )
    return tuple(maps)


def _to_the_loss(grid: Grid) -> tuple[Part, ...]:
    """Map input by output gate, with the largest forget gate and the largest scale."""
    forget, scale = int(np.argmax(grid.forget)), int(np.argmax(grid.scales))
    where = f"forget gates at {grid.forget[forget]:g}, recurrent scale {grid.scales[scale]:g}"
    titles = {
        CELL: ("flow-cell", "from cell to cell"),
        TO_LOSS: ("flow-loss", "from the loss to the cell"),
        TO_INPUT: ("flow-input", "from the loss to the input"),
    }
    return tuple(
        _map(
            name,
            f"{derivative} after {grid.steps} steps, {meaning}; {where}",
            ("input gate", tuple(map(_label, grid.inputs))),
            ("output gate", tuple(map(_label, grid.outputs))),
            grid.norms[derivative][forget, :, :, scale].mean(axis=-1).T,
            # The other two aren't 1 at lag 0, so they show an amount, not a regime.
            regime_of if derivative == CELL else power_of_ten,
        )
        for derivative, (name, meaning) in titles.items()
    )


def _map(
    name: str,
    title: str,
    x: tuple[str, tuple[str, ...]],
    y: tuple[str, tuple[str, ...]],
    values: Array,
    mark: Callable[[float], str],
) -> Heatmap:
    return Heatmap(
        name,
        title,
        x[0],
        y[0],
        "log10 of the spectral norm",
        x[1],
        y[1],
        tuple(tuple(finite_or_none(value) for value in row) for row in values),
        limits=(-_COLOUR_LIMIT, _COLOUR_LIMIT),
        diverging=True,
        marks=tuple(tuple(mark(float(value)) for value in row) for row in values),
    )


def _label(value: float) -> str:
    return f"{value:g}"
