"""The derivation's formulas as expressions, which carry their numbers.

In: quantities as expressions. Out: expressions, each of which is the formula, the numbers put in
and the result. The equations are those of `derivation`.
"""

from __future__ import annotations

from collections.abc import Mapping

from quatrain.explain.arithmetic.expression import Expression, Symbol
from quatrain.explain.lstm_gradients.cell_step import CellStep


def cell_gradient(
    delta_hidden: Expression,
    gates: Mapping[str, Expression],
    squashed: Expression,
    later: Expression | None = None,
) -> Expression:
    """Return delta c_t = delta h_t o_t (1 - tanh^2 c_t), plus what comes from the next step.

    Args:
        delta_hidden: delta h_t.
        gates: i, f, g, o by name.
        squashed: tanh c_t.
        later: delta c_{t+1} f_{t+1}; None is the short form.
    """
    short = delta_hidden * gates["o"] * (1 - squashed**2)
    return short if later is None else short + later


def gate_gradients(
    delta_hidden: Expression,
    delta_cell: Expression,
    gates: Mapping[str, Expression],
    cell_before: Expression,
    squashed: Expression,
) -> dict[str, Expression]:
    """Return the gradients of the activations, o first, as the derivation has them.

    Args:
        delta_hidden: delta h_t.
        delta_cell: delta c_t.
        gates: i, f, g, o by name.
        cell_before: c_{t-1}.
        squashed: tanh c_t.
    """
    return {
        "o": delta_hidden * squashed,
        "i": delta_cell * gates["g"],
        "f": delta_cell * cell_before,
        "g": delta_cell * gates["i"],
    }


def slopes(gates: Mapping[str, Expression]) -> dict[str, Expression]:
    """Return sigma' of i, f, o and tanh' of g, from the activations, in the order i, f, g, o."""
    i, f, g, o = (gates[name] for name in "ifgo")
    return {"i": i * (1 - i), "f": f * (1 - f), "g": 1 - g**2, "o": o * (1 - o)}


def gate_symbols(step: CellStep) -> dict[str, Expression]:
    """Return the activations as symbols with their numbers."""
    return {gate: Symbol(gate, value, gate) for gate, value in step.gates.items()}
