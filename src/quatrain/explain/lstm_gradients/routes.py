"""Ways of the gradient back from h_t through one cell, factor by factor, and what stops it.

In: a `cell_step.CellStep`. Out: `Route`, one for each sum of a gate and for the cell before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quatrain.explain.inspection.cells import LOW
from quatrain.explain.lstm_gradients.cell_step import CellStep, cell_step
from quatrain.explain.lstm_gradients.formulas import gate_symbols, slopes
from quatrain.records import Note, Part, Table

GATE_NAMES = {
    "i": "input gate",
    "f": "forget gate",
    "g": "candidate",
    "o": "output gate",
}
"""Names of the activations in words."""

_END_NAMES = {
    "c_{t-1}": "cell before",
    **{f"z_{gate}": f"sum of the {name}" for gate, name in GATE_NAMES.items()},
}
"""Ends of the ways back in words."""

STOPPED = 0.05
"""Share of a gradient below which the page names the factor that stops it: a twentieth. Several
steps in a row then leave nothing that training would notice."""


@dataclass(frozen=True, slots=True)
class Route:
    """A way of the gradient back from h_t to what the step was given.

    Attributes:
        to: where it ends: "z_i", "z_f", "z_g", "z_o" or "c_{t-1}".
        factors: its factors by name.
        share: their product: what arrives of a gradient of 1 at h_t.
    """

    to: str
    factors: Mapping[str, float]
    share: float

    @property
    def weakest(self) -> str:
        """Name of the factor nearest to 0."""
        return min(self.factors, key=lambda name: abs(self.factors[name]))

    @property
    def is_stopped(self) -> bool:
        """True if hardly anything arrives, and one factor is to blame."""
        return abs(self.share) < STOPPED and abs(self.factors[self.weakest]) < LOW


def routes_of(step: CellStep) -> tuple[Route, ...]:
    """Follow a gradient of 1 at h_t along each way back."""
    alone = cell_step(step.sums, step.cell_before, delta_hidden=1.0, delta_cell=0.0)
    slope = {name: float(value.value) for name, value in slopes(gate_symbols(step)).items()}
    to_cell = {"o": step.gates["o"], "tanh'(c)": 1 - step.squashed**2}
    return (
        Route(
            "c_{t-1}",
            {**to_cell, "f": step.gates["f"]},
            alone.delta_before,
        ),
        Route(
            "z_f",
            {**to_cell, "c_{t-1}": step.cell_before, "sigma'(z_f)": slope["f"]},
            alone.delta_sums["f"],
        ),
        Route(
            "z_i",
            {**to_cell, "g": step.gates["g"], "sigma'(z_i)": slope["i"]},
            alone.delta_sums["i"],
        ),
        Route(
            "z_g",
            {**to_cell, "i": step.gates["i"], "tanh'(z_g)": slope["g"]},
            alone.delta_sums["g"],
        ),
        Route(
            "z_o",
            {"tanh c": step.squashed, "sigma'(z_o)": slope["o"]},
            alone.delta_sums["o"],
        ),
    )


def explain_routes(routes: tuple[Route, ...]) -> Iterator[Part]:
    """Tabulate the ways, and say for each that is stopped what stops it."""
    yield Table(
        "What arrives of a gradient of 1 at h",
        ("at", "share", "smallest factor", "its value"),
        tuple(
            (
                _END_NAMES[route.to],
                route.share,
                _factor_name(route.weakest),
                route.factors[route.weakest],
            )
            for route in routes
        ),
    )
    stopped = [route for route in routes if route.is_stopped]
    for route in stopped:
        share = f"only {abs(route.share):.2g}" if route.share else "nothing"
        yield Note(
            f"Of a gradient of 1 at h, {share} arrives at the {_END_NAMES[route.to]}: "
            f"{_reason(route.weakest, route.factors[route.weakest])}."
        )
    if not stopped:
        yield Note("No gate is closed or saturated enough to stop the gradient.")


def _factor_name(factor: str) -> str:
    """Return a factor in words."""
    if factor.startswith(("sigma'", "tanh'(z")):
        return f"slope of the {GATE_NAMES[factor[-2]]}"
    return {
        **GATE_NAMES,
        "tanh'(c)": "slope of tanh at the cell",
        "tanh c": "tanh of the cell",
        "c_{t-1}": "cell before",
    }[factor]


def _reason(factor: str, value: float) -> str:
    """Say what a small factor means."""
    if factor.startswith(("sigma'", "tanh'(z")):
        return f"the {GATE_NAMES[factor[-2]]} is saturated, its slope is {value:.2g}"
    if factor == "tanh'(c)":
        return f"the cell is so large that tanh hardly changes, its slope is {value:.2g}"
    if factor in "ifo":
        return f"the {GATE_NAMES[factor]} is closed, it is {value:.2g}"
    if factor == "tanh c":
        return f"the cell has hardly anything to show, its tanh is {value:.2g}"
    if factor == "c_{t-1}":
        return f"the cell had hardly anything to keep, it was {value:.2g}"
    return f"there is hardly anything to write, the candidate is {value:.2g}"
