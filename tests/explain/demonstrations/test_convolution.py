"""The numbers of the convolution experiment, held against brute force in NumPy."""

import re
from collections.abc import Mapping
from itertools import product

import numpy as np
import pytest

import quatrain
from quatrain.explain import demonstrate
from quatrain.records import Demonstration, Formula


def brute_force(demonstration: Demonstration) -> tuple[np.ndarray, np.ndarray]:
    """Return every sum of one channel, and which pixels a window covers, by plain loops."""
    state, data = demonstration.state, demonstration.data
    n, k, s, p, d = (int(str(state[letter])) for letter in "nkspd")
    image, kernel = np.array(data["image"]), np.array(data["kernel"])
    seen = np.zeros((n, n), bool)
    starts = [start for start in range(-p, n + p, s) if start + d * (k - 1) < n + p]
    sums = np.zeros((len(starts), len(starts)), int)
    for (row, top), (column, left) in product(enumerate(starts), repeat=2):
        for i, j in product(range(k), repeat=2):
            y, x = top + i * d, left + j * d
            if 0 <= y < n and 0 <= x < n:
                sums[row, column] += kernel[i, j] * image[y, x]
                seen[y, x] = True
    return sums, seen


@pytest.mark.parametrize("n", [1, 2, 7, 14])
@pytest.mark.parametrize(("k", "s", "p", "d"), [(1, 1, 0, 1), (3, 2, 1, 1), (2, 4, 0, 2)])
@pytest.mark.parametrize("kernel", ["edges", "outlines", "sum", "sharpen"])
def test_sums_and_unseen_pixels_are_those_of_plain_loops(
    n: int, k: int, s: int, p: int, d: int, kernel: str
) -> None:
    shown = demonstrate("convolution", n=n, k=k, s=s, p=p, d=d, c=3, f=2, kernel=kernel)
    sums, seen = brute_force(shown)
    unseen = shown.data["unseen"]
    assert isinstance(unseen, Mapping)
    if shown.problem:
        assert not sums.size
        return
    assert np.array_equal(shown.data["sums"], sums)
    assert np.array_equal(shown.data["output"], 3 * sums)
    assert unseen["count"] == np.sum(~seen)
    assert unseen["of"] == n * n
    assert shown.data["parameters"] == 2 * k * k * 3 + 2
    assert shown.data["multiplications"] == sums.size * 2 * k * k * 3


def test_the_remedy_reaches_every_pixel_and_no_smaller_change_does() -> None:
    shown_remedies = set()
    for n, k, s, p, d in product(range(2, 9), (1, 2, 3, 5), (1, 2, 3, 4), (0, 1), (1, 2)):
        shown = demonstrate("convolution", n=n, k=k, s=s, p=p, d=d)
        unseen = shown.data["unseen"]
        assert isinstance(unseen, Mapping)
        remedy = str(unseen["remedy"])
        if shown.problem or not unseen["count"]:
            assert not remedy
            continue
        changes = {("padding", more): more - p for more in range(p + 1, 4)} | {
            ("stride", less): s - less for less in range(1, s)
        }
        helpful = {}
        for (what, number), change in changes.items():
            letter = {"padding": "p", "stride": "s"}[what]
            changed = {"n": n, "k": k, "s": s, "p": p, "d": d, letter: number}
            other = demonstrate("convolution", **changed)
            if not other.problem and brute_force(other)[1].all():
                helpful[what, number] = change
        found = re.match(r"A (padding|stride) of (\d+) would reach", remedy)
        if found is None:
            assert remedy.startswith("No padding up to 3 and no smaller stride")
            assert not helpful
        else:
            assert helpful[found[1], int(found[2])] == min(helpful.values())
        shown_remedies.add(found[1] if found else "none")
    assert shown_remedies == {"padding", "stride", "none"}


def test_formulas_agree_with_the_explanation_of_the_same_layer() -> None:
    shown = demonstrate("convolution", n=14, k=5, s=3, p=2, d=2, f=16, c=4)
    layer = quatrain.explain.convolution(
        (14, 14, 4), filters=16, kernel=5, stride=3, padding=2, dilation=2
    )
    values = {
        part.name: part.value
        for section in shown.sections
        for part in section.parts
        if isinstance(part, Formula)
    }
    assert values == {
        "out": layer["output height and width"],
        "parameters": layer["total"],
        "multiplications": layer["multiply-adds"],
    }


def test_a_kernel_wider_than_the_image_is_a_sentence_with_the_numbers() -> None:
    shown = demonstrate("convolution", n=1, k=3, p=0)
    assert shown.problem == (
        "The kernel is 3 wide and the image 1: it does not fit. "
        "Use a kernel of at most 1, or a padding of at least 1."
    )
    assert shown.data["image"] == ((9,),) or shown.data["image"] == ((0,),)
    assert shown.data["sums"] == ()
    assert not demonstrate("convolution", n=1, k=1, p=0).problem
    assert not demonstrate("convolution", n=1, k=3, p=1).problem
    dilated = demonstrate("convolution", n=4, k=3, p=0, d=3)
    assert "3 wide, dilated to 7, and the image 4" in dilated.problem
    assert "at most 2, or a padding of at least 2" in dilated.problem


def test_a_point_shows_the_kernel_turned_around() -> None:
    shown = demonstrate(
        "convolution", image="point", kernel="own", weights=[[1, 2], [3, 4]], n=3, k=2, s=1
    )
    assert shown.data["sums"] == ((36, 27), (18, 9))


def test_a_drawing_is_cut_or_filled_to_the_size_of_the_image() -> None:
    drawing = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    smaller = demonstrate("convolution", image="own", drawing=drawing, n=2, k=1)
    larger = demonstrate("convolution", image="own", drawing=drawing, n=4, k=1)
    assert smaller.data["image"] == ((1, 2), (4, 5))
    assert larger.data["image"] == ((1, 2, 3, 0), (4, 5, 6, 0), (7, 8, 9, 0), (0, 0, 0, 0))
