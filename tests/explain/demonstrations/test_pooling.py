"""The numbers of the pooling experiment, held against plain loops and against torch."""

import re
from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
import pytest

from quatrain.explain import demonstrate
from quatrain.records import Demonstration, Formula, Note


def outcome(demonstration: Demonstration, name: str) -> Mapping[str, Any]:
    found = demonstration.data[name]
    assert isinstance(found, Mapping)
    return found


def notes(demonstration: Demonstration) -> str:
    return " ".join(
        str(part)
        for section in demonstration.sections
        for part in section.parts
        if isinstance(part, Note)
    )


@pytest.mark.parametrize(("n", "k", "s"), [(8, 2, 2), (9, 3, 2), (7, 2, 3), (5, 5, 1), (1, 1, 4)])
@pytest.mark.parametrize("image", ["letter", "edge", "slope"])
def test_both_poolings_and_their_gradients_are_those_of_torch(
    n: int, k: int, s: int, image: str
) -> None:
    torch = pytest.importorskip("torch")
    shown = demonstrate("pooling", n=n, k=k, s=s, image=image, right=1, down=-1)
    functions = {
        "maximum": torch.nn.functional.max_pool2d,
        "average": torch.nn.functional.avg_pool2d,
    }
    for name, function in functions.items():
        inputs = torch.tensor(shown.data["moved"], dtype=torch.float64)[None, None]
        inputs.requires_grad_(True)
        value = function(inputs, k, s)
        value.sum().backward()
        assert np.allclose(outcome(shown, name)["value"], value.detach()[0, 0])
        assert np.allclose(outcome(shown, name)["gradient"], inputs.grad[0, 0])
        assert outcome(shown, name)["reached"] == int((inputs.grad != 0).sum())


@pytest.mark.parametrize(("right", "down"), list(product((-4, -1, 0, 2), (-2, 0, 3))))
def test_a_moved_image_loses_what_leaves_it_and_is_filled_with_paper(right: int, down: int) -> None:
    shown = demonstrate("pooling", n=6, right=right, down=down)
    image, moved = np.array(shown.data["image"]), np.array(shown.data["moved"])
    for y, x in product(range(6), repeat=2):
        row, column = y - down, x - right
        inside = 0 <= row < 6 and 0 <= column < 6
        assert moved[y, x] == (image[row, column] if inside else 0)


def test_kept_numbers_are_those_that_equal_the_numbers_before() -> None:
    for right, k, s in product((-2, 1, 2), (2, 3), (1, 2)):
        still = demonstrate("pooling", k=k, s=s)
        moved = demonstrate("pooling", k=k, s=s, right=right)
        for name in ("maximum", "average"):
            before = np.array(outcome(still, name)["value"])
            after = np.array(outcome(moved, name)["value"])
            assert np.array_equal(outcome(moved, name)["before"], before)
            assert outcome(moved, name)["kept"] == int(np.isclose(before, after).sum())


def test_one_point_moved_inside_its_window_leaves_the_maximum_and_the_mean() -> None:
    drawing = [[0] * 4 for _ in range(4)]
    drawing[0][0] = 9
    shown = demonstrate("pooling", n=4, image="own", drawing=drawing, right=1)
    assert outcome(shown, "maximum")["kept"] == outcome(shown, "average")["kept"] == 4
    shown = demonstrate("pooling", n=4, image="own", drawing=drawing, right=2)
    assert outcome(shown, "maximum")["kept"] == 2
    assert "by whole strides" in notes(shown)


@pytest.mark.parametrize(
    ("n", "k", "s", "p", "rest"),
    [
        (7, 3, 2, 1, "floor"),
        (8, 3, 2, 1, "ceil"),
        (8, 3, 3, 0, "ceil"),
        (6, 4, 5, 2, "ceil"),
        (1, 2, 1, 1, "floor"),
    ],
)
def test_padding_and_partial_windows_are_those_of_torch(
    n: int, k: int, s: int, p: int, rest: str
) -> None:
    torch = pytest.importorskip("torch")
    shown = demonstrate("pooling", n=n, k=k, s=s, p=p, rest=rest, down=1)
    for name, pool in (
        ("maximum", torch.nn.functional.max_pool2d),
        ("average", torch.nn.functional.avg_pool2d),
    ):
        inputs = torch.tensor(shown.data["moved"], dtype=torch.float64)[None, None]
        inputs.requires_grad_(True)
        value = pool(inputs, k, s, p, ceil_mode=rest == "ceil")
        value.sum().backward()
        assert np.allclose(outcome(shown, name)["value"], value.detach()[0, 0])
        assert np.allclose(outcome(shown, name)["gradient"], inputs.grad[0, 0])
    starts = shown.data["starts"]
    assert isinstance(starts, list)
    assert len(starts) == len(outcome(shown, "maximum")["value"])
    assert shown.data["reach"] == max(n + 2 * p, starts[-1] + k)
    [formula] = [part for part in shown.sections[0].parts if isinstance(part, Formula)]
    assert formula.value == len(starts)


def test_pixels_that_no_output_notices_are_counted_one_by_one() -> None:
    for image, k, s, p in (("letter", 3, 1, 0), ("cross", 2, 2, 1), ("edge", 2, 3, 0)):
        shown = demonstrate("pooling", n=7, k=k, s=s, p=p, image=image)
        moved = np.array(shown.data["moved"])
        unnoticed = {"maximum": 0, "average": 0}
        for y, x in np.argwhere(moved):
            drawing = moved.copy()
            drawing[y, x] = 0
            wiped = demonstrate(
                "pooling", n=7, k=k, s=s, p=p, image="own", drawing=drawing.tolist()
            )
            for name in unnoticed:
                same = np.isclose(outcome(wiped, name)["value"], outcome(shown, name)["value"])
                unnoticed[name] += bool(same.all())
        for name, count in unnoticed.items():
            assert outcome(shown, name)["unnoticed"] == count
        assert f"{unnoticed['maximum']} times no maximum changed" in notes(shown)


def test_a_padding_as_wide_as_the_window_is_said_with_a_remedy() -> None:
    shown = demonstrate("pooling", k=2, p=3)
    assert "padding is 3 and the window 2 wide" in shown.problem
    assert shown.problem.endswith("at most 1.")
    assert "maximum" not in shown.data


def test_a_window_wider_than_the_image_is_said_with_a_remedy() -> None:
    shown = demonstrate("pooling", n=2, k=5)
    assert re.search(r"window is 5 wide and the image 2.*at most 2", shown.problem)
    assert shown.data["moved"]
    assert "maximum" not in shown.data


def test_pixels_under_no_window_are_counted() -> None:
    shown = demonstrate("pooling", n=7, k=2, s=3, image="edge")
    seen = np.zeros((7, 7), bool)
    for top, left in product(range(0, 6, 3), repeat=2):
        seen[top : top + 2, left : left + 2] = True
    assert f"{int((~seen).sum())} of 49 pixels lie under no window" in notes(shown)
