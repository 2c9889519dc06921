"""The counts of windows and streams as formulas: how many, in how many steps, what is left over.

The one place of these formulas; the explanations and the exercises take them from here, and the
tests hold them against `corpus.Windows` and `corpus.Streams`. In all of them, T is the length of
the running text, N that of a sequence, S the stride, L the sequences side by side.
"""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.explain.arithmetic.expression import Expression, Symbol, ceiling, floor, product


def named(name: str, number: int) -> Symbol:
    """Return a symbol: a letter in italics, words upright."""
    return Symbol(name, number, name if len(name) == 1 else "")


@dataclass(frozen=True, slots=True)
class WindowCounts:
    """Counts of overlapping windows over a text of more than `length` numbers.

    Attributes:
        total: T, numbers in the running text.
        length: N, inputs of a window.
        stride: S, numbers between the starts of two windows.
        lanes: L, windows read side by side, at most as many as there are.
    """

    total: int
    length: int
    stride: int
    lanes: int = 1

    @property
    def count(self) -> Expression:
        """Windows: the last one starts at (T - N - 1) / S, rounded down, for it needs a target."""
        return ceiling((named("T", self.total) - self._n) / self._s)

    @property
    def steps(self) -> Expression:
        """Steps in a pass; the windows of an incomplete batch wait for the next pass."""
        return floor(self._windows / named("L", self.lanes))

    @property
    def read(self) -> Expression:
        """Characters that a pass predicts."""
        return product(named("L", self.lanes), named("steps", int(self.steps.value)), self._n)

    @property
    def covered(self) -> Expression:
        """Numbers of the text that are an input of at least one window."""
        apart = self._s if self.stride <= self.length else self._n
        return (self._windows - 1) * apart + self._n

    @property
    def tail(self) -> Expression:
        """Numbers after the last window's inputs."""
        return named("T", self.total) - ((self._windows - 1) * self._s + self._n)

    @property
    def skipped(self) -> Expression:
        """Numbers between windows; with a stride above the length, no window has them."""
        return (self._windows - 1) * (self._s - self._n)

    @property
    def times(self) -> Expression:
        """Mean number of windows that a number inside the text is in."""
        return self._n / self._s

    @property
    def _windows(self) -> Symbol:
        return named("windows", int(self.count.value))

    @property
    def _n(self) -> Symbol:
        return named("N", self.length)

    @property
    def _s(self) -> Symbol:
        return named("S", self.stride)


@dataclass(frozen=True, slots=True)
class StreamCounts:
    """Counts of contiguous streams over a text of more than `length` numbers.

    Attributes:
        total: T, numbers in the running text.
        length: N, inputs of a step in a lane.
        lanes: L, lanes side by side, at most (T - 1) / N.
    """

    total: int
    length: int
    lanes: int

    @property
    def lane(self) -> Expression:
        """Numbers in a lane; nothing follows the last number of the text, so it is no input."""
        return floor((named("T", self.total) - 1) / named("L", self.lanes))

    @property
    def steps(self) -> Expression:
        """Steps in a pass."""
        return floor(named("numbers in a lane", int(self.lane.value)) / named("N", self.length))

    @property
    def read(self) -> Expression:
        """Characters that a pass predicts."""
        return product(
            named("L", self.lanes),
            named("steps", int(self.steps.value)),
            named("N", self.length),
        )

    @property
    def left(self) -> Expression:
        """Numbers that are no input in a pass."""
        return named("T", self.total) - self.read

    @property
    def reach(self) -> Expression:
        """Numbers over which a lane carries its state in a pass."""
        return named("steps", int(self.steps.value)) * named("N", self.length)
