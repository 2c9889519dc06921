"""Layers as their weights: a matrix times a vector, a row of a table, a gate, an LSTM's blocks.

In: sizes. Out: pictures.
"""

from __future__ import annotations

import numpy as np

from quatrain.explain.lstm_gradients.notation import Notation
from quatrain.explain.pictures.positions import Shown, blocks
from quatrain.layers import sigmoid
from quatrain.records import CellGrid, Chart, Grids, Outline

_MOST_NAMED = 8
"""Rows and columns of a matrix whose weights are named one by one."""

_MOST_BLANK = 12
"""Rows and columns of a larger matrix that are all shown."""

_GATE_RANGE = 6
"""Biases from minus this to this are on the axis: beyond it the sigmoid is nearly 0 or 1."""

GATES = (
    ("i", "input gate"),
    ("f", "forget gate"),
    ("g", "candidate"),
    ("o", "output gate"),
)


def matrix_and_vector(inputs: int, outputs: int, *, bias: bool) -> Grids:
    """Draw y = W x + b; the first output is outlined with everything it sees."""
    rows, columns = (Shown.of(count, (), _MOST_BLANK) for count in (outputs, inputs))
    named = max(inputs, outputs) <= _MOST_NAMED
    first = "output 0 and all that it sees: every input"
    weights = CellGrid(
        f"W: {outputs:,} x {inputs:,}",
        tuple(
            tuple(f"w{row},{column}" if named else None for column in columns.positions)
            for row in rows.positions
        ),
        rows=rows.labels(),
        columns=columns.labels(),
        row_gaps=rows.gaps,
        column_gaps=columns.gaps,
        outlines=(Outline(first, tuple((0, at) for at in range(len(columns.positions)))),),
    )

    def vector(name: str, shown: Shown, count: int, seen: int, sign: str) -> CellGrid:
        return CellGrid(
            f"{name}: {count:,}",
            tuple((f"{name}{position}",) for position in shown.positions),
            row_gaps=shown.gaps,
            outlines=(Outline(first, tuple((at, 0) for at in range(seen))),),
            sign=sign,
        )

    added = (vector("b", rows, outputs, 1, "+"),) if bias else ()
    return Grids(
        "linear",
        f"Every output sees every input: {outputs:,} x {inputs:,} weights",
        (
            (
                weights,
                vector("x", columns, inputs, len(columns.positions), "times"),
                *added,
                vector("y", rows, outputs, 1, "="),
            ),
        ),
    )


def lookup(alphabet: int, size: int) -> Grids:
    """Draw a one-hot vector, the table, and the row that comes out."""
    character = min(2, alphabet - 1)
    rows = Shown.of(alphabet, (), _MOST_BLANK)
    columns = Shown.of(size, (), _MOST_BLANK)
    row = f"row {character}, the vector of character {character}"
    across = range(len(columns.positions))
    one_hot = CellGrid(
        f"Character {character}: {alphabet:,} numbers, one of them 1",
        tuple((int(position == character),) for position in rows.positions),
        shaded=True,
        limits=(0.0, 1.0),
        rows=rows.labels(),
        row_gaps=rows.gaps,
    )
    table = CellGrid(
        f"The table: {alphabet:,} x {size:,}",
        tuple((None,) * len(columns.positions) for _ in rows.positions),
        rows=rows.labels(),
        row_gaps=rows.gaps,
        column_gaps=columns.gaps,
        outlines=(Outline(row, blocks((character,), across)),),
        sign="chooses a row of",
    )
    vector = CellGrid(
        f"The vector: {size:,} numbers",
        ((None,) * len(columns.positions),),
        column_gaps=columns.gaps,
        outlines=(Outline(row, blocks((0,), across)),),
        sign="copied",
    )
    return Grids("embedding", "A lookup copies one row of the table", ((one_hot, table, vector),))


def gate(bias: float, layers: int) -> Chart:
    """Draw the share that a highway's gate changes and carries, by its bias."""
    low, high = min(-_GATE_RANGE, bias - 1), max(_GATE_RANGE, bias + 1)
    biases = sorted({*np.linspace(low, high, 61).round(3).tolist(), float(bias)})
    changed = sigmoid(np.array(biases))
    curves: dict[str, tuple[float | None, ...]] = {
        "changed by a layer: t": tuple(changed.tolist()),
        "carried by a layer: 1 - t": tuple((1 - changed).tolist()),
    }
    if layers > 1:
        curves[f"carried through all {layers}: (1 - t)^{layers}"] = tuple(
            ((1 - changed) ** layers).tolist()
        )
    own = tuple(
        float(share) if at == bias else None for at, share in zip(biases, changed, strict=True)
    )
    curves[f"the bias of {bias:g}"] = own
    return Chart(
        "highway",
        "What the gate changes and carries at the start, by its bias",
        "bias of the gate",
        "share of each number",
        tuple(biases),
        curves,
    )


def gate_blocks(inputs: int, hidden: int, biases: int, notation: Notation) -> Grids:
    """Draw the blocks of an LSTM layer's weights: a row for each gate."""
    columns = (
        (f"W_x: from the {inputs:,} inputs", inputs),
        (f"W_h: from the {hidden:,} cells before", hidden),
        ("b: biases", biases),
    )
    blocks_ = tuple(
        CellGrid(
            title,
            tuple((f"{hidden:,} x {width:,}\n= {hidden * width:,}",) for _ in GATES),
            rows=tuple(f"{notation.of(letter)}, {name}" for letter, name in GATES)
            if not place
            else (),
            sign="+" if place else "",
        )
        for place, (title, width) in enumerate(columns)
    )
    width = sum(width for _, width in columns)
    total = hidden * width
    sums = CellGrid(
        "Parameters", tuple((f"{hidden:,} x {width:,}\n= {total:,}",) for _ in GATES), sign="="
    )
    return Grids(
        "lstm",
        f"The weights of layer 1: four blocks of {hidden:,} rows, {4 * total:,} parameters",
        ((*blocks_, sums),),
    )
