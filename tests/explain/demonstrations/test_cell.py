"""The numbers of the LSTM cell experiment, held against plain arithmetic and its own Python."""

import contextlib
import io
import math
import re
from collections.abc import Mapping, Sequence
from itertools import product

import pytest

from quatrain.explain import demonstrate
from quatrain.explain.demonstrations.cell import GRID, PRESETS
from quatrain.records import Demonstration, Formula, Json, Note


def rows(value: Json) -> Sequence[Mapping[str, float]]:
    assert isinstance(value, Sequence)
    return value  # type: ignore[return-value]


def numbers_printed(demonstration: Demonstration) -> list[float]:
    """Run the lines of Python, and return the numbers that they print."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(demonstration.python, {})  # noqa: S102 - our own lines
    return [float(text) for text in re.findall(r"-?\d+\.\d*(?:e-?\d+)?", printed.getvalue())]


def values(demonstration: Demonstration, title: str) -> dict[str, float]:
    """Return the formulas' values of a section by the letter they begin with."""
    (section,) = [section for section in demonstration.sections if section.title == title]
    return {
        part.symbols.partition(" = ")[0]: float(str(part.value))
        for part in section.parts
        if isinstance(part, Formula)
    }


@pytest.mark.parametrize("z", list(product((-8.0, 0.25, 3.0), repeat=4))[::7])
@pytest.mark.parametrize(("before", "dh", "dc"), [(0.8, 1.0, 0.5), (-3.0, -2.0, 0.0)])
def test_values_and_gradients_are_those_of_plain_arithmetic(
    z: tuple[float, ...], before: float, dh: float, dc: float
) -> None:
    names = dict(zip(("z_i", "z_f", "z_g", "z_o"), z, strict=True))
    shown = demonstrate("cell", **names, c_before=before, dh=dh, dc=dc)
    i, f, o = (1 / (1 + math.exp(-z[place])) for place in (0, 1, 3))
    g = math.tanh(z[2])
    cell = f * before + i * g
    of_cell = dh * o * (1 - math.tanh(cell) ** 2) + dc
    deltas = {"i": of_cell * g, "f": of_cell * before, "g": of_cell * i, "o": dh * math.tanh(cell)}
    slopes = {"i": i * (1 - i), "f": f * (1 - f), "g": 1 - g * g, "o": o * (1 - o)}
    for gate in rows(shown.data["gates"]):
        name = str(gate["gate"])
        assert gate["value"] == pytest.approx({"i": i, "f": f, "g": g, "o": o}[name])
        assert gate["delta"] == pytest.approx(deltas[name])
        assert gate["delta_sum"] == pytest.approx(deltas[name] * slopes[name])
        assert gate["slope"] == pytest.approx(slopes[name])
    assert shown.data["cell"] == pytest.approx(cell)
    assert shown.data["hidden"] == pytest.approx(o * math.tanh(cell))
    assert shown.data["delta_cell"] == pytest.approx(of_cell)
    assert shown.data["delta_before"] == pytest.approx(of_cell * f)
    back = values(shown, "Back to the cell and its gates")
    assert back == pytest.approx(
        {f"delta {name}": value for name, value in deltas.items()}
        | {"delta c": of_cell, "delta c_{t-1}": of_cell * f}
    )
    through = values(shown, "Through the gates")
    assert through == pytest.approx({f"delta z_{k}": deltas[k] * slopes[k] for k in "ifgo"})


@pytest.mark.parametrize("state", [{}, {"z_f": -8.0, "dc": 0.0}, {"by": "gates", "f": 0.01}])
def test_the_python_gives_the_numbers_of_the_page(state: dict[str, object]) -> None:
    shown = demonstrate("cell", **state)
    gates = {str(gate["gate"]): gate for gate in rows(shown.data["gates"])}
    wanted = [
        *(shown.data[name] for name in ("cell", "hidden", "delta_cell")),
        *(gates[gate]["delta"] for gate in "oifg"),
        shown.data["delta_before"],
        *(gates[gate]["delta_sum"] for gate in "ifgo"),
    ]
    assert numbers_printed(shown) == pytest.approx(wanted, abs=1e-7)


@pytest.mark.parametrize("gates", [(0.01, 0.99, -0.99, 0.5), (0.5, 0.25, 0.3, 0.99)])
def test_gates_that_are_set_are_the_gates_that_are_shown(gates: tuple[float, ...]) -> None:
    shown = demonstrate("cell", by="gates", **dict(zip("ifgo", gates, strict=True)))
    assert [gate["value"] for gate in rows(shown.data["gates"])] == pytest.approx(gates)


@pytest.mark.parametrize("state", [{}, {"z_i": -8.0}, {"z_o": 6.0, "c_before": 3.0}])
def test_the_factors_of_a_way_back_multiply_to_its_share(state: dict[str, object]) -> None:
    for route in rows(demonstrate("cell", **state).data["routes"]):
        factors = route["factors"]
        assert isinstance(factors, Mapping)
        assert route["share"] == pytest.approx(math.prod(factors.values()), abs=1e-15)
        assert abs(factors[route["weakest"]]) == min(map(abs, factors.values()))


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ({"z_i": -6.0}, "at the sum of the candidate: the input gate is closed, it is 0.0025"),
        (
            {"z_f": 6.0},
            "at the sum of the forget gate: the forget gate is saturated, its slope is 0.0025",
        ),
        ({"z_f": -6.0}, "at the cell before: the forget gate is closed, it is 0.0025"),
        ({"z_o": -6.0}, "at the cell before: the output gate is closed, it is 0.0025"),
        (
            {"z_g": 0.0},
            "nothing arrives at the sum of the input gate: there is hardly anything to write",
        ),
        (
            {"c_before": 0.0},
            "nothing arrives at the sum of the forget gate: the cell had hardly anything to keep",
        ),
        ({"c_before": 3.0}, "at the cell before: the cell is so large that tanh hardly changes"),
        ({"z_f": 0.0, "z_g": 1.0, "z_i": 0.0}, "No gate is closed or saturated enough"),
    ],
)
def test_what_stops_a_gradient_is_named(state: dict[str, object], reason: str) -> None:
    parts = [part for section in demonstrate("cell", **state).sections for part in section.parts]
    notes = " ".join(part.text for part in parts if isinstance(part, Note))
    assert reason in notes


def test_the_short_form_is_exact_only_without_a_next_step() -> None:
    exact, wrong = (str(demonstrate("cell", dc=dc)) for dc in (0.0, 0.5))
    assert "the short form is exact here" in exact
    assert "The gradient of the cell is off by 77%" in wrong


def test_the_named_settings_lie_on_the_grid_of_the_static_page() -> None:
    for _, state in PRESETS:
        for name, value in state.items():
            assert value in GRID[name]


def test_ends_that_hardly_anything_reaches_are_marked_by_what_arrives() -> None:
    closed = demonstrate("cell", z_o=-6.0, dc=0.0)
    assert closed.data["hardly_reached"] == ["z_i", "z_f", "z_g", "z_o", "c_{t-1}"]
    fed_by_the_next_step = demonstrate("cell", z_o=-6.0, dc=1.0)
    assert fed_by_the_next_step.data["hardly_reached"] == ["z_o"]
    assert demonstrate("cell", dh=0.0, dc=0.0).data["hardly_reached"] == []
