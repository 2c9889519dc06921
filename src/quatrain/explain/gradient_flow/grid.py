"""The claim about gates near 0 and 1, over a grid of gates and recurrent weights.

"There is no explosion and no vanishing when the forget gates are near 1 and the input and
output gates near 0." The idea is the constant error carousel of Hochreiter and Schmidhuber 1997.

In: values for the gates and the scale. Out: `records.Explanation` with heat maps and counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from quatrain.explain.gradient_flow.experiment import (
    CELL,
    FORGET,
    OTHERS,
    PLAIN,
    SCALES,
    TO_INPUT,
    TO_LOSS,
    Grid,
    measure_grid,
)
from quatrain.explain.gradient_flow.random_networks import (
    definitions,
    finite,
    in_words,
    threshold,
    verdict_on,
)
from quatrain.explain.gradient_flow.verdict import first_explosion, regions, sentences
from quatrain.layers.shapes import Array
from quatrain.records import Explanation, Heading, Heatmap, Note, Part

_COLOURS = 4.0
"""Ten thousandfold either way has the last colour."""


def flow_grid(
    *,
    steps: int = 50,
    hidden: int = 32,
    seed: int = 0,
    networks: int = 3,
    forget_gates: Sequence[float] = FORGET,
    input_gates: Sequence[float] = OTHERS,
    output_gates: Sequence[float] = OTHERS,
    scales: Sequence[float] = SCALES,
) -> Explanation:
    """Test the claim in every combination of gates and recurrent scales.

    Args:
        steps: how far back, 1 to 10,000.
        hidden: cells of a network, 1 to 512.
        seed: of the weights and inputs, 0 or above; every setting of the gates meets the same
            ones.
        networks: random networks for each scale, 1 to 100.
        forget_gates: where the forget gates rest, above 0 and below 1.
        input_gates: where the input gates rest, alike.
        output_gates: where the output gates rest, alike.
        scales: standard deviations of the recurrent weights times sqrt(hidden).

    Returns:
        Heat maps, a table of the regions of the grid, the verdict in sentences; and, where runs
        explode with the forget gates near 1 and the others near 0, the formula "gain of the
        first explosion": input gate x output gate x scale of the one where it is smallest.

    Raises:
        SettingsError: a gate outside 0 to 1, a negative scale or seed, a count out of range, no
            value, or so many that they would not fit in memory.
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
        Heading("What is multiplied"),
        *definitions(),
        Note(
            f"{threshold(steps)} All norms are spectral. {networks} random networks of {hidden}"
            " cells for each scale; maps show the geometric mean over them. A gate rests at its"
            " value; strong recurrent weights move it, and `flow` shows how far."
        ),
        Heading("Along the cell"),
        *_along_the_cell(grid),
        Heading("From the loss to the cell, and to the input"),
        *_to_the_loss(grid),
        Heading("The whole grid"),
        regions(grid),
        *first_explosion(grid),
        Heading("What it says about the claim"),
        *(Note(sentence) for sentence in sentences(grid)),
    ]
    return Explanation(f"Gates, recurrent weights and a gradient {steps} steps back", tuple(parts))


def _along_the_cell(grid: Grid) -> tuple[Part, ...]:
    """Forget gate by scale, with the other gates at their smallest and at their largest."""
    maps = []
    plain = grid.norms[PLAIN].mean(axis=-1)
    for name, pick, extreme in (("closed", np.argmin, min), ("open", np.argmax, max)):
        at_input, at_output = int(pick(grid.inputs)), int(pick(grid.outputs))
        values = grid.norms[CELL][:, at_input, at_output].mean(axis=-1).T
        maps.append(
            _map(
                f"flow-{name}-gates",
                f"{CELL} after {grid.steps} steps, input gates at {extreme(grid.inputs):g} and"
                f" output gates at {extreme(grid.outputs):g}; the plain RNN beside it",
                ("forget gate", (*map(_label, grid.forget), "plain RNN")),
                ("recurrent scale", tuple(map(_label, grid.scales))),
                np.column_stack([values, plain]),
                verdict_on,
            )
        )
    return tuple(maps)


def _to_the_loss(grid: Grid) -> tuple[Part, ...]:
    """Input by output gate, with the forget gate nearest 1 and the largest scale."""
    forget, scale = int(np.argmax(grid.forget)), int(np.argmax(grid.scales))
    where = f"forget gates at {grid.forget[forget]:g}, recurrent scale {grid.scales[scale]:g}"
    titles = {
        CELL: ("flow-cell", "what the cell carries"),
        TO_LOSS: ("flow-loss", "what of the loss reaches the cell"),
        TO_INPUT: ("flow-input", "what of the loss reaches the input"),
    }
    return tuple(
        _map(
            name,
            f"{derivative} after {grid.steps} steps, {meaning}; {where}",
            ("input gate", tuple(map(_label, grid.inputs))),
            ("output gate", tuple(map(_label, grid.outputs))),
            grid.norms[derivative][forget, :, :, scale].mean(axis=-1).T,
            # The other two are not 1 at lag 0: how much arrives, not whether it changed.
            verdict_on if derivative == CELL else in_words,
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
        tuple(tuple(finite(value) for value in row) for row in values),
        limits=(-_COLOURS, _COLOURS),
        diverging=True,
        marks=tuple(tuple(mark(float(value)) for value in row) for row in values),
    )


def _label(value: float) -> str:
    return f"{value:g}"
