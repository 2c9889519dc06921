"""An explanation: formulas with their numbers, tables, matrices, pictures.

`explain` makes explanations; `page` shows them as text, JSON or LaTeX, and draws their
pictures as SVG or PNG.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, TypeAlias

from quatrain.errors import SettingsError
from quatrain.records.deferred import PictureRepr, RichRepr
from quatrain.records.grids import Grids

if TYPE_CHECKING:
    from quatrain.records.deferred import NotebookFigure

Cell: TypeAlias = str | int | float | None
"""An entry of a table; None is shown as a dash."""

_SHORT = 60
"""Most characters of a name that an error lists, which leaves out most of the prose."""


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph of plain prose; the text has no markup."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Heading:
    """A title for the parts that follow."""

    text: str

    def __str__(self) -> str:
        return f"\n{self.text}"


@dataclass(frozen=True, slots=True)
class Formula(RichRepr):
    """One quantity: the formula, the numbers put in, the result.

    Attributes:
        name: the quantity, in words: "weights", "output height".
        symbols: the formula in words and letters, or empty if there is only a result.
        numbers: the formula with numbers in place of the letters.
        value: the result; a shape is a tuple.
        unit: the unit of the result, or empty.
        latex_symbols, latex_numbers: both as LaTeX mathematics, without dollars.
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
class Equation(RichRepr):
    """A step of a derivation, in symbols.

    Attributes:
        text: the equation as plain text.
        latex: the equation as LaTeX mathematics, without dollars.
        why: the reason for the step, a short phrase, or empty.
    """

    text: str
    latex: str
    why: str = ""

    def __str__(self) -> str:
        return f"{self.text}    {self.why}".rstrip()


@dataclass(frozen=True, slots=True)
class Table(RichRepr):
    """Rows under headings. Numbers stay numbers until they are printed."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __str__(self) -> str:
        rows = (self.columns, *self.rows)
        return "\n".join([self.title, *("\t".join(map(_plain, row)) for row in rows)])


@dataclass(frozen=True, slots=True)
class Matrix(RichRepr):
    """Numbers in rows, as in mathematics.

    Attributes:
        title: the name of the matrix.
        values: rows of equal length; None is shown as a point.
    """

    title: str
    values: tuple[tuple[float | None, ...], ...]

    @classmethod
    def of(cls, title: str, rows: Iterable[Iterable[float]]) -> Matrix:
        """Return a matrix of rows of numbers, for example an array of shape (rows, columns)."""
        return cls(title, tuple(tuple(float(number) for number in row) for row in rows))

    def __str__(self) -> str:
        return "\n".join([self.title, *("\t".join(map(_plain, row)) for row in self.values)])


@dataclass(frozen=True, slots=True)
class Heatmap(PictureRepr):
    """Values on a grid, shown as colours.

    Attributes:
        name: the file name of the picture: short, lower case, with hyphens.
        title: a caption.
        x_label, y_label, value_label: quantities of the axes and the colour, with units.
        x, y: labels of columns and of rows.
        values: a row per `y`, an entry per `x`; None is left blank.
        limits: the values of the first and the last colour; None: fitted to the values.
        diverging: whether the colour in the middle is neutral.
        marks: texts in the cells, in the shape of `values`, or empty.
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
class Chart(PictureRepr):
    """Curves over a common axis.

    Attributes:
        name: the file name of the picture: short, lower case, with hyphens.
        title: a caption.
        x_label, y_label: quantities of the axes, with units.
        x: positions on the common axis.
        curves: name -> a value per position; None is a gap.
        logarithmic: whether the y axis is logarithmic.
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


@dataclass(frozen=True, slots=True)
class Bars(PictureRepr):
    """Amounts as horizontal bars, from the top.

    Attributes:
        name: the file name of the picture: short, lower case, with hyphens.
        title: a caption.
        value_label: the quantity, with its unit.
        labels: the name of each bar.
        values: the length of each bar, 0 or above.
        intervals: the ends of the interval of each bar, or empty.
    """

    name: str
    title: str
    value_label: str
    labels: tuple[str, ...]
    values: tuple[int | float, ...]
    intervals: tuple[tuple[float, float], ...] = ()

    def __str__(self) -> str:
        return f"[picture {self.name}] {self.title}"


Picture: TypeAlias = Heatmap | Chart | Bars | Grids
Part: TypeAlias = Note | Heading | Formula | Equation | Table | Matrix | Picture


@dataclass(frozen=True, slots=True)
class Explanation(RichRepr):
    """Parts in reading order under one title.

    `str` gives plain lines; `page.explanation` makes aligned text, JSON and LaTeX.
    """

    title: str
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        return "\n".join([self.title, *map(str, self.parts)])

    @property
    def formulas(self) -> Mapping[str, Formula]:
        """Formulas by name; the first if a name occurs twice."""
        formulas: dict[str, Formula] = {}
        for part in self.parts:
            if isinstance(part, Formula):
                formulas.setdefault(part.name, part)
        return formulas

    @property
    def tables(self) -> Mapping[str, Table]:
        """Tables by title; the first if a title occurs twice."""
        return {part.title: part for part in reversed(self.parts) if isinstance(part, Table)}

    @property
    def matrices(self) -> Mapping[str, Matrix]:
        """Matrices by title; the first if a title occurs twice."""
        return {part.title: part for part in reversed(self.parts) if isinstance(part, Matrix)}

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Heat maps, charts, bars and grids, in order."""
        return tuple(part for part in self.parts if isinstance(part, Picture))

    def figure(self, name: str = "") -> NotebookFigure:
        """Return a picture as a matplotlib figure, to change or to save.

        Args:
            name: the picture's file name or title; not needed if there is only one picture.

        Raises:
            SettingsError: there is no picture of that name, or a name is needed.
            ExtraError: matplotlib is not installed.
        """
        named = {text: part for part in reversed(self.pictures) for text in _names(part)}
        if name in named:
            return named[name].figure()
        if len(self.pictures) == 1 and not name:
            return self.pictures[0].figure()
        names = [part.name for part in self.pictures]
        calls = " or ".join(f"explanation.figure({other!r})" for other in names)
        raise SettingsError(
            f"figures of {self.title!r}" if self.title else "figures of an explanation",
            repr(name) if name else f"{len(names)} pictures and no name",
            ", ".join(map(repr, names)) or "an explanation with a picture",
            f"Write {calls}." if names else "Print it to see what it has.",
            message=f"This explanation has no figure{f' called {name!r}' if name else ''}."
            if name or not names
            else f"This explanation has {len(names)} figures.",
        )

    def only(self, *names: str) -> Explanation:
        """Return some of the parts, in the order of their names, without the title.

        Args:
            names: the name of a formula; the title of a table, a matrix or a picture, or a
                picture's file name; a note or an equation; a heading, for everything up to the
                next one. The beginning is enough. If several parts match, the first is taken, and
                a whole name goes before a beginning.

        Raises:
            SettingsError: there is no such part.
        """
        return Explanation("", tuple(part for name in names for part in self._parts_called(name)))

    def _parts_called(self, name: str) -> tuple[Part, ...]:
        named = [(text, place) for place, part in enumerate(self.parts) for text in _names(part)]
        places = [place for text, place in named if text == name]
        places += [place for text, place in named if name and text.startswith(name)]
        if not places:
            texts = list(dict.fromkeys(text for text, _ in named if len(text) <= _SHORT))
            near = difflib.get_close_matches(name, texts, 1)
            raise SettingsError(
                f"parts of {self.title!r}" if self.title else "parts of an explanation",
                repr(name),
                ", ".join(map(repr, texts)) or "nothing: it has no parts with a name",
                f"Did you mean {near[0]!r}?" if near else "Print the explanation to see its parts.",
            )
        part, *after = self.parts[places[0] :]
        if not isinstance(part, Heading):
            return (part,)
        return tuple(takewhile(lambda later: not isinstance(later, Heading), after))

    def __getitem__(self, name: str) -> int | float | tuple[int, ...]:
        """Return the value of a formula by its name.

        Raises:
            KeyError: there is no such formula.
        """
        return self.formulas[name].value


def _names(part: Part) -> tuple[str, ...]:
    """Return what a part can be called: its name, title or text, if it has one."""
    match part:
        case Heading() | Note() | Equation():
            names: tuple[str, ...] = (part.text,)
        case Formula():
            names = (part.name,)
        case Table() | Matrix():
            names = (part.title,)
        case _:
            names = (part.name, part.title)
    return tuple(filter(None, names))


def _plain(cell: Cell) -> str:
    if cell is None:
        return "-"
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)
