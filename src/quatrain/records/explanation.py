"""An explanation: formulas with the numbers in them, tables, matrices, pictures.

`explain` makes them; `page` shows the same explanation as text, JSON, LaTeX, and its
pictures as SVG or PNG.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from quatrain.records.doors import HtmlRepr

Cell: TypeAlias = str | int | float | None
"""An entry of a table; None is shown as a dash."""


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph of plain prose; the text has no markup."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of the parts that follow."""

    text: str

    def __str__(self) -> str:
        return f"\n{self.text}"


@dataclass(frozen=True, slots=True)
class Formula:
    """One quantity: the formula, the numbers put in, the result.

    Attributes:
        name: the quantity, in words: "weights", "output height".
        symbols: the formula in words and letters, or empty if there is only a result.
        numbers: the same with the numbers in the letters' places.
        value: the result; a shape is a tuple.
        unit: of the result, or empty.
        latex_symbols, latex_numbers: both once more, as LaTeX mathematics without dollars.
    """

    name: str
    symbols: str
    numbers: str
    value: int | float | tuple[int, ...]
    unit: str = ""
    latex_symbols: str = ""
    latex_numbers: str = ""

    def __str__(self) -> str:
        value = self.value
        result = " x ".join(map(str, value)) if isinstance(value, tuple) else _plain(value)
        steps = " = ".join(step for step in (self.symbols, self.numbers, result) if step)
        return f"{self.name}: {steps} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Equation:
    """A step of a derivation, in symbols alone.

    Attributes:
        text: as plain text.
        latex: as LaTeX mathematics without dollars.
        why: the reason for the step, a short phrase, or empty.
    """

    text: str
    latex: str
    why: str = ""

    def __str__(self) -> str:
        return f"{self.text}    {self.why}".rstrip()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings. Numbers stay numbers until they are shown."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __str__(self) -> str:
        rows = (self.columns, *self.rows)
        return "\n".join([self.title, *("\t".join(map(_plain, row)) for row in rows)])


@dataclass(frozen=True, slots=True)
class Matrix:
    """Numbers in rows, as in mathematics.

    Attributes:
        title: what it is.
        values: rows of equal length; None is shown as a point.
    """

    title: str
    values: tuple[tuple[float | None, ...], ...]

    def __str__(self) -> str:
        return "\n".join([self.title, *("\t".join(map(_plain, row)) for row in self.values)])


@dataclass(frozen=True, slots=True)
class Heatmap:
    """Values on a grid, shown as colours.

    Attributes:
        name: short, lower case, hyphens: the file name of the picture.
        title: a sentence saying what is seen.
        x_label, y_label, value_label: what the axes and the colour stand for, with units.
        x, y: labels of columns and of rows.
        values: a row per `y`, an entry per `x`; None is left blank.
        limits: the values of the first and the last colour; None fits the values.
        diverging: whether the middle of the limits is a neutral colour.
        marks: text to print in cells, same shape as `values`, or empty.
    """

    name: str
    title: str
    x_label: str
    y_label: str
    value_label: str
    x: tuple[str, ...]
    y: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    limits: tuple[float, float] | None = None
    diverging: bool = False
    marks: tuple[tuple[str, ...], ...] = ()

    def __str__(self) -> str:
        return f"[picture {self.name}] {self.title}"


@dataclass(frozen=True, slots=True)
class Chart:
    """Curves over a common axis.

    Attributes:
        name: short, lower case, hyphens: the file name of the picture.
        title: a sentence saying what is seen.
        x_label, y_label: what the axes stand for, with units.
        x: positions.
        curves: name -> a value per position; None is a gap.
        logarithmic: whether the y axis is.
    """

    name: str
    title: str
    x_label: str
    y_label: str
    x: tuple[float, ...]
    curves: Mapping[str, tuple[float | None, ...]]
    logarithmic: bool = False

    def __str__(self) -> str:
        return f"[picture {self.name}] {self.title}"


Picture: TypeAlias = Heatmap | Chart
Part: TypeAlias = Note | Heading | Formula | Equation | Table | Matrix | Heatmap | Chart


@dataclass(frozen=True, slots=True)
class Explanation(HtmlRepr):
    """Parts in reading order under one title.

    `str` gives them plainly; `page.explanation` sets them in columns, as JSON or as LaTeX.
    """

    title: str
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        return "\n".join([self.title, *map(str, self.parts)])

    @property
    def formulas(self) -> Mapping[str, Formula]:
        """Name -> formula; where a name comes twice, the first."""
        found: dict[str, Formula] = {}
        for part in self.parts:
            if isinstance(part, Formula):
                found.setdefault(part.name, part)
        return found

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The parts to be drawn."""
        return tuple(part for part in self.parts if isinstance(part, Heatmap | Chart))

    def __getitem__(self, name: str) -> int | float | tuple[int, ...]:
        """The value of the formula of that name.

        Raises:
            KeyError: there is none.
        """
        return self.formulas[name].value


def _plain(cell: Cell) -> str:
    if cell is None:
        return "-"
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)
