"""Tables and matrices within the width of a page: smaller type, fewer digits, or in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quatrain.page.latex.displays import figures
from quatrain.page.latex.mathematics import mixed, unbroken, whole
from quatrain.page.latex.text import printed
from quatrain.page.latex.width import width, words_width
from quatrain.page.numbers import DIGITS, cell
from quatrain.records import Cell, Matrix, Table

_SIZES = (
    ("", DIGITS, 1.0, 2.4),
    (r"\small", DIGITS, 0.93, 2.4),
    (r"\footnotesize", DIGITS, 0.86, 1.2),
    (r"\footnotesize", 5, 0.86, 1.2),
    (r"\footnotesize", 4, 0.86, 1.2),
    (r"\scriptsize", 4, 0.8, 1.2),
)
"""Type, digits of a number, width of the type in that of the text, and the space between columns
in digits of the text: tried in order. Computer Modern is relatively wider in small sizes."""

_NARROW = r"\setlength{\tabcolsep}{3pt}"
_LONG_CELL = 30
"""Letters of a text that is set in several lines if a table would be too wide."""

_HEADING = 9
"""Letters of a heading that aren't broken."""

_PAGE = 35
"""Rows of a table that stay on one page; a longer one is broken across pages."""

_MOST_ROWS, _MOST_COLUMNS = 40, 60
"""Rows and columns of a matrix that are shown; of a larger one, the middle is left out."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a table, formatted."""

    heading: tuple[str, ...]
    cells: tuple[str, ...]
    widths: tuple[float, ...]
    is_text: bool

    @classmethod
    def of(cls, heading: str, values: Sequence[Cell], digits: int, *, labels: bool) -> _Column:
        """Format a column; `labels` says that it names the rows, so that formulas are set."""
        is_text = any(isinstance(value, str) for value in values)
        longest = max((words_width(cell(value, digits)) for value in values), default=0)
        lines = _lines(heading, max(_HEADING, int(longest) if longest <= _LONG_CELL else 0))
        cells, widths = [], []
        for value in values:
            if value is None or isinstance(value, str):
                text = cell(value)
                formula = _label(text) if labels else ""
                cells.append(f"${formula}$" if formula else printed(text))
                widths.append(words_width(text))
            else:
                cells.append(f"${figures(value, digits)}$")
                widths.append(width(figures(value, digits)))
        return cls(lines, tuple(cells), tuple(widths), is_text)

    @property
    def width(self) -> float:
        """Width in digits."""
        return max([*self.widths, *map(words_width, self.heading)], default=0)


def table(part: Table, line: float) -> list[str]:
    """Return a table, in type so small that it fits; if that isn't enough, in several parts."""
    lines = [rf"{mixed(part.title)}\par\nopagebreak"] if part.title else []
    for type_, digits, size, gap in _SIZES:
        columns = _columns(part, digits)
        wrapped = _wrapped(columns, line / size, gap / size)
        if _total(columns, wrapped, gap / size) * size <= line:
            return [*lines, *_tabular(columns, wrapped, type_)]
    type_, digits, size, gap = _SIZES[-1]
    columns = _columns(part, digits)
    for chosen in _parts(columns, line / size, gap / size):
        wrapped = _wrapped(chosen, line / size, gap / size)
        lines += [*_tabular(chosen, wrapped, type_), r"\par\medskip"]
    return lines[:-1]


def matrix(part: Matrix, line: float) -> list[str]:
    """Return a matrix in brackets, in small type or in blocks of columns if it is wide."""
    title = [rf"{mixed(part.title)}\par\nopagebreak"] if part.title else []
    values = part.values
    count = max(map(len, values), default=0)
    rows, columns = _ends(len(values), _MOST_ROWS), _ends(count, _MOST_COLUMNS)
    if None in rows or None in columns:
        title.append(
            rf"{{\footnotesize {len(values):,} by {count:,}; the middle is left out.}}\par"
        )
    for type_, digits, size, gap in _SIZES:
        texts = [[_entry(values, row, column, digits) for column in columns] for row in rows]
        widths = [max(width(text) for text in column) for column in zip(*texts, strict=True)]
        if sum(widths) * size + (len(widths) + 1) * gap <= line:
            return [*title, *_bmatrix(texts, type_)]
    blocks: list[list[int]] = [[]]
    for place, wide in enumerate(widths):
        taken = size * (sum(widths[other] for other in blocks[-1]) + wide)
        if blocks[-1] and taken + (len(blocks[-1]) + 2) * gap > line:
            blocks.append([])
        blocks[-1].append(place)
    for block in blocks:
        first, last = block[0] + 1, block[-1] + 1
        title.append(rf"{{\footnotesize Columns {first} to {last}:}}\par\nopagebreak")
        title += _bmatrix([[row[place] for place in block] for row in texts], type_)
    return title


def needs_long_tables(part: Table) -> bool:
    """Return whether a table is broken across pages."""
    return len(part.rows) > _PAGE


def _columns(part: Table, digits: int) -> list[_Column]:
    return [
        _Column.of(heading, [row[place] for row in part.rows], digits, labels=place == 0)
        for place, heading in enumerate(part.columns)
    ]


def _lines(heading: str, longest: int) -> tuple[str, ...]:
    """Break a heading into lines as wide as its column, but not within a formula."""
    lines: list[str] = []
    for word in unbroken(heading):
        if lines and len(lines[-1]) + 1 + len(word) <= longest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def _wrapped(columns: Sequence[_Column], line: float, gap: float) -> dict[int, float]:
    """Return the widths of the columns that are set in several lines, in digits."""
    room = line - gap * len(columns)
    long = [
        place
        for place, column in enumerate(columns)
        if column.is_text and max(column.widths, default=0) > _LONG_CELL
    ]
    if not long or sum(column.width for column in columns) <= room:
        return {}
    room -= sum(column.width for place, column in enumerate(columns) if place not in long)
    share = room / len(long)
    return dict.fromkeys(long, share) if share >= _LONG_CELL / 2 else {}


def _total(columns: Sequence[_Column], wrapped: dict[int, float], gap: float) -> float:
    widths = (wrapped.get(place, column.width) for place, column in enumerate(columns))
    return sum(widths) + gap * len(columns)


def _parts(columns: Sequence[_Column], line: float, gap: float) -> Iterator[list[_Column]]:
    """Yield the first column with as many others as fit, again and again."""
    first, *others = columns
    chosen: list[_Column] = []
    for column in others:
        taken = [first, *chosen, column]
        if chosen and sum(each.width for each in taken) + gap * len(taken) > line:
            yield [first, *chosen]
            chosen = []
        chosen.append(column)
    yield [first, *chosen]


def _tabular(columns: Sequence[_Column], wrapped: dict[int, float], type_: str) -> list[str]:
    count = max((len(column.cells) for column in columns), default=0)
    long = count > _PAGE
    kinds = "".join(
        rf"p{{{wrapped[place] / 2:.1f}em}}" if place in wrapped else "l" if column.is_text else "r"
        for place, column in enumerate(columns)
    )
    name = "longtable" if long else "tabular"
    place = "[l]" if long else ""
    heading = " & ".join(_heading(column) for column in columns)
    opening = [
        rf"\begin{{{name}}}{place}{{{kinds}}}",
        rf"  {heading} \\ \hline\noalign{{\vskip 2pt}}",
    ]
    if long:
        opening.append(r"  \endhead")
    rows = [
        _row([_cell(column, row, place in wrapped) for place, column in enumerate(columns)])
        for row in range(count)
    ]
    body = [*opening, *rows, rf"\end{{{name}}}"]
    if not type_:
        return body
    narrow = "" if type_ == r"\small" else _NARROW
    return [rf"{{{type_}{narrow}", *body, r"\par}"]


def _label(text: str) -> str:
    """Return a name of a row or a column as mathematics, if it is a formula or a letter."""
    return text if len(text) == 1 and text.isascii() and text.isalpha() else whole(text)


def _heading(column: _Column) -> str:
    lines = [f"${_label(line)}$" if _label(line) else mixed(line) for line in column.heading]
    if len(lines) < 2:
        return "".join(lines)
    side = "l" if column.is_text else "r"
    return rf"\begin{{tabular}}[b]{{@{{}}{side}@{{}}}}" + r" \\ ".join(lines) + r"\end{tabular}"


def _cell(column: _Column, row: int, in_lines: bool) -> str:
    return rf"\raggedright {column.cells[row]}" if in_lines else column.cells[row]


def _row(cells: Sequence[str]) -> str:
    # After the end of a row a bracket would start an option, and a star would join the command.
    text = " & ".join(cells)
    return rf"  {'{}' if text.startswith(('[', '*')) else ''}{text} \tabularnewline"


def _bmatrix(texts: Sequence[Sequence[str]], type_: str) -> list[str]:
    columns = max(map(len, texts), default=0)
    rows = " \\\\\n".join(f"  {' & '.join(row)}" for row in texts)
    lines = [
        # amsmath stops at ten columns by default.
        *([rf"\setcounter{{MaxMatrixCols}}{{{columns}}}"] if columns > 10 else []),
        r"\[",
        r"\begin{bmatrix}",
        rows,
        r"\end{bmatrix}",
        r"\]",
    ]
    if not type_:
        return lines
    narrow = "" if type_ == r"\small" else r"\setlength{\arraycolsep}{3pt}"
    return [rf"{{{type_}{narrow}", *lines, r"\par}"]


def _entry(
    values: Sequence[Sequence[float | None]], row: int | None, column: int | None, digits: int
) -> str:
    if row is None or column is None:
        return r"\vdots" if column is not None else r"\cdots" if row is not None else r"\ddots"
    value = values[row][column]
    return r"\cdot" if value is None else figures(float(value), digits)


def _ends(count: int, most: int) -> list[int | None]:
    """Return positions 0 to count - 1; beyond `most`, only both ends, with None between them."""
    if count <= most:
        return list(range(count))
    return [*range(most // 2), None, *range(count - most // 2, count)]
