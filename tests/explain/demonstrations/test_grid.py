"""The states of a page without a server."""

import pytest

from quatrain.errors import SettingsError
from quatrain.explain.demonstrations.grid import StateGrid, state_grid


def test_every_combination_is_shown_once_and_other_controls_keep_their_value() -> None:
    whole = state_grid("convolution", {"f": 3})
    grid = StateGrid(whole.topic, whole.first, {"n": (1, 2), "kernel": ("edges", "sum")})
    states = [shown.state for shown in grid]
    assert len(grid) == len(states) == 4
    assert [(state["n"], state["kernel"]) for state in states] == [
        (1, "edges"),
        (1, "sum"),
        (2, "edges"),
        (2, "sum"),
    ]
    assert {state["f"] for state in states} == {3}


def test_a_value_that_the_page_does_not_have_is_added_in_its_place() -> None:
    grid = state_grid("convolution", {"k": 4, "kernel": "sharpen"})
    assert grid.values["k"] == (1, 2, 3, 4, 5)
    assert grid.values["kernel"] == ("edges", "outlines", "sum", "sharpen")
    assert grid.first["k"] == 4
    assert len(grid) == 14 * 5 * 3 * 3 * 2 * 4


def test_a_wrong_value_is_refused_before_anything_is_computed() -> None:
    with pytest.raises(SettingsError, match="from 1 to 14"):
        state_grid("convolution", {"n": 0})
