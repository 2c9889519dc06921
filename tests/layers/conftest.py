"""Two independent references for values and gradients: PyTorch, and central differences."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import torch

TOLERANCE = {"float32": 1e-5, "float64": 1e-12}

Same = Callable[[np.ndarray, "torch.Tensor | np.ndarray | None"], None]
Slopes = Callable[[Callable[[], float], np.ndarray], np.ndarray]


@pytest.fixture(scope="session")
def same() -> Same:
    """Assert equality to PyTorch's array, relative to the greatest number in it or to 1."""

    def check(ours: np.ndarray, theirs: "torch.Tensor | np.ndarray | None") -> None:
        assert theirs is not None
        expected = theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else theirs
        assert ours.dtype == expected.dtype
        assert ours.shape == expected.shape
        scale = max(1.0, float(np.abs(expected).max(initial=0)))
        np.testing.assert_allclose(ours, expected, rtol=0, atol=scale * TOLERANCE[str(ours.dtype)])

    return check


@pytest.fixture(scope="session")
def slopes() -> Slopes:
    """How much `function()` changes with each number of a float64 array, by central differences.

    The numbers are changed in place, one at a time, and put back.
    """

    def measure(function: Callable[[], float], array: np.ndarray) -> np.ndarray:
        assert array.dtype == np.float64
        actual = np.zeros_like(array)
        for place in np.ndindex(array.shape):
            before = array[place]
            step = 1e-6 * max(1.0, abs(before))
            array[place] = before + step
            above = function()
            array[place] = before - step
            below = function()
            array[place] = before
            actual[place] = (above - below) / (2 * step)
        return actual

    return measure


@pytest.fixture(scope="session")
def agree(slopes: Slopes) -> Callable[..., None]:
    """Assert that gradients are those that central differences give, relative to the scale."""

    def check(
        function: Callable[[], float], pairs: Sequence[tuple[np.ndarray, np.ndarray]]
    ) -> None:
        for array, gradient in pairs:
            expected = slopes(function, array)
            scale = max(1.0, float(np.abs(expected).max(initial=0)))
            np.testing.assert_allclose(gradient, expected, rtol=0, atol=1e-7 * scale)

    return check
