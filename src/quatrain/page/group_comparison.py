"""Groups of poems side by side: tables, sentences and pictures; JSON and CSV.

The functions take a `GroupComparison`. Two or three groups have a table for each subject, with the
intervals; more have a row each, and heat maps.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict

from quatrain.page.numbers import number
from quatrain.records import (
    Bars,
    Cell,
    Estimate,
    Explanation,
    GroupComparison,
    Heading,
    Heatmap,
    Measure,
    Note,
    Part,
    Picture,
    PoemGroup,
    Table,
)

MOST_COLUMNS = 3
"""Groups that stand side by side; more have a row each."""

MOST_SENTENCES = 8
"""Differences that are told in sentences, the surest first."""

MOST_COLUMNS_DRAWN = 40
"""Columns of a heat map: the groups with the most poems."""

_OVERVIEW = (
    ("feet", "iambic", "iambic %"),
    ("regularity", "lines in the metre", "in the metre %"),
    ("syllables in a line", "mean", "syllables"),
    ("rhyme", "lines that rhyme", "rhyming %"),
    ("kinds of rhyme", "perfect", "perfect %"),
)
"""Section and name of the measures that the rows of many groups have, and their heading."""

_DRAWN = {
    "feet": "feet",
    "metres": "metres",
    "variations": "variations",
    "syllables in a line": "syllables",
    "kinds of rhyme": "kinds",
    "distance of rhymes": "distances",
    "schemes of stanzas": "schemes",
}
"""Sections with a picture, and the names of their files."""

_OTHERS = "others"


def as_explanation(record: GroupComparison, *, pictures: bool = False) -> Explanation:
    """Return the comparison as tables and sentences, and pictures if asked for."""
    names = [group.name for group in record.groups]
    title = " and ".join(names) if len(names) <= 2 else f"{len(names):,} groups of poems"
    few = len(record.groups) <= MOST_COLUMNS
    parts: list[Part] = [
        *(_sections(record) if few else [_rows(record)]),
        *_sentences(record),
        *map(Note, record.notes),
        Note(
            "In brackets: 95 % intervals, from drawing the poems of a group again "
            f"{record.resamples:,} times (seed {record.seed})."
        ),
    ]
    if pictures:
        parts += _pictures(record)
    return Explanation(title, tuple(parts))


def as_json(record: GroupComparison) -> str:
    """Return the comparison as one JSON object; a share is in percent."""
    return json.dumps(
        {
            "results": record.results,
            "by": record.by,
            "groups": [
                {
                    "name": group.name,
                    "poems": group.poems,
                    "lines": group.lines,
                    "measures": _measures(record, group.estimates),
                }
                for group in record.groups
            ],
            "differences": _measures(record, record.differences),
            "resamples": record.resamples,
            "seed": record.seed,
            "notes": record.notes,
        },
        ensure_ascii=False,
    )


def as_csv(record: GroupComparison) -> str:
    """Return a row for each group and measure; what is missing is empty."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        ("group", "poems", "lines", "section", "measure", "unit", "base", "value", "low", "high")
    )
    for group in record.groups:
        for measure, estimate in zip(record.measures, group.estimates, strict=True):
            numbers = (estimate.value, estimate.low, estimate.high) if estimate else ("", "", "")
            writer.writerow(
                (
                    group.name,
                    group.poems,
                    group.lines,
                    measure.section,
                    measure.name,
                    measure.unit,
                    measure.base,
                    *numbers,
                )
            )
    return file.getvalue()


def _measures(
    record: GroupComparison, estimates: tuple[Estimate | None, ...]
) -> list[dict[str, object]]:
    if not estimates:
        return []
    return [
        {**asdict(measure), **(asdict(estimate) if estimate else dict.fromkeys(_KEYS))}
        for measure, estimate in zip(record.measures, estimates, strict=True)
    ]


_KEYS = ("value", "low", "high")


def _sections(record: GroupComparison) -> Iterator[Part]:
    """Yield a table for each section, with a column for each group and one for the difference."""
    groups = record.groups
    columns = tuple(group.name for group in groups)
    counts: tuple[tuple[Cell, ...], ...] = (
        ("poems", *(group.poems for group in groups)),
        ("lines", *(group.lines for group in groups)),
    )
    yield Table("", ("", *columns), counts)
    for section in dict.fromkeys(measure.section for measure in record.measures):
        places = record.section(section)
        units = {record.measures[place].unit for place in places}
        base = record.measures[places[0]].base
        title = section
        if "%" in units:
            title += f", % of {base}" if section != "regularity" else f", mean % over {base}"
        elif len(units) == 1:
            title += f", {units.pop()}"
        rows = tuple(_row(record, place) for place in places)
        heads = ("", *columns, "difference") if record.differences else ("", *columns)
        yield Heading(title)
        yield Table("", heads, rows)
    if record.differences:
        yield Note("* The interval of the difference excludes 0.")


def _row(record: GroupComparison, place: int) -> tuple[str, ...]:
    measure = record.measures[place]
    name = f"{measure.name}, {measure.unit}" if measure.name == "mean" else measure.name
    cells = [_interval(group.estimates[place]) for group in record.groups]
    if record.differences:
        difference = record.differences[place]
        star = " *" if difference and difference.excludes_zero else ""
        cells.append(f"{_interval(difference, sign='+')}{star}")
    return (name, *cells)


def _interval(estimate: Estimate | None, sign: str = "") -> str:
    if estimate is None:
        return "-"
    value, low, high = (
        f"{end:{sign}.1f}" if end else f"{0:.1f}"
        for end in (round(end, 1) + 0.0 for end in (estimate.value, estimate.low, estimate.high))
    )
    return f"{value} ({low} to {high})" if sign else f"{value} ({low}-{high})"


def _short(estimate: Estimate | None, measure: Measure) -> str:
    """Return an estimate for a narrow column: a share in whole percent."""
    if estimate is None:
        return "-"
    digits = 0 if measure.unit == "%" else 1
    value, low, high = (
        f"{end:.{digits}f}" for end in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value} ({low}-{high})"


def _rows(record: GroupComparison) -> Table:
    """Return a table with a row for each group."""
    columns = [
        (heading, place)
        for section, name, heading in _OVERVIEW
        for place in record.section(section)
        if record.measures[place].name == name
    ]
    rows = tuple(
        (
            group.name,
            group.poems,
            group.lines,
            _commonest(record, group),
            *(_short(group.estimates[place], record.measures[place]) for _, place in columns),
        )
        for group in record.groups
    )
    heads = ("group", "poems", "lines", "commonest metre, %", *(heading for heading, _ in columns))
    return Table("", heads, rows)


def _commonest(record: GroupComparison, group: PoemGroup) -> str | None:
    """Return the most frequent metre of a group with its share."""
    shares = [
        (estimate.value, record.measures[place].name)
        for place in record.section("metres")
        if (estimate := group.estimates[place]) and record.measures[place].name != _OTHERS
    ]
    return "{1} {0:.0f}".format(*max(shares)) if shares else None


def _sentences(record: GroupComparison) -> Iterator[Part]:
    """Yield what differs, in sentences, the surest first."""
    if not record.differences:
        return
    sure = [
        (abs(difference.value) / (difference.high - difference.low or 1e-9), place)
        for place, difference in enumerate(record.differences)
        if difference and difference.excludes_zero and record.measures[place].name != _OTHERS
    ]
    yield Heading("What differs" if sure else "No interval of a difference excludes 0")
    for _, place in sorted(sure, key=lambda item: (-item[0], item[1]))[:MOST_SENTENCES]:
        yield Note(_sentence(record, place))
    if len(sure) > MOST_SENTENCES:
        yield Note(f"And {len(sure) - MOST_SENTENCES} more, marked in the tables.")


def _sentence(record: GroupComparison, place: int) -> str:
    measure, difference = record.measures[place], record.differences[place]
    first, second = (group.estimates[place] for group in record.groups)
    if difference is None or first is None or second is None:
        return ""
    one, other = (group.name for group in record.groups)
    more = difference.value > 0
    if measure.name == "mean" or measure.section == "regularity":
        comparative = "higher" if more else "lower"
    else:
        comparative = "more frequent" if more else "rarer"
    ends = sorted((abs(difference.low), abs(difference.high)))
    unit = {"%": "points", "per 100 lines": ""}.get(measure.unit, measure.unit)
    amount = f"{abs(difference.value):.1f} {unit}".rstrip()
    share = f"% of {measure.base}" if measure.unit == "%" else measure.unit
    if measure.section == "regularity":
        share = "%"
    return (
        f"{measure.section}: {measure.name}, {comparative} in {one} than in {other}: "
        f"{first.value:.1f} against {second.value:.1f} {share}, a difference of {amount} "
        f"({ends[0]:.1f} to {ends[1]:.1f})."
    )


def _pictures(record: GroupComparison) -> Iterator[Picture]:
    for section, name in _DRAWN.items():
        places = [
            place for place in record.section(section) if record.measures[place].name != "mean"
        ]
        if not places:
            continue
        label = _label(record.measures[places[0]])
        if len(record.groups) <= MOST_COLUMNS:
            yield _bars(record, places, name, label)
        else:
            yield _heatmap(record, places, name, label)


def _label(measure: Measure) -> str:
    return f"% of {measure.base}" if measure.unit == "%" else measure.unit


def _bars(record: GroupComparison, places: list[int], name: str, label: str) -> Bars:
    """Return the shares of each group below each other, with intervals."""
    bars = [
        (f"{record.measures[place].name}: {group.name}", estimate)
        for place in places
        for group in record.groups
        if (estimate := group.estimates[place])
    ]
    return Bars(
        name,
        f"{record.measures[places[0]].section}, with 95 % intervals",
        label,
        tuple(text for text, _ in bars),
        tuple(estimate.value for _, estimate in bars),
        tuple((estimate.low, estimate.high) for _, estimate in bars),
    )


def _heatmap(record: GroupComparison, places: list[int], name: str, label: str) -> Heatmap:
    largest = sorted(record.groups, key=lambda group: -group.poems)[:MOST_COLUMNS_DRAWN]
    groups = [group for group in record.groups if group in largest]
    values = tuple(
        tuple(None if (cell := group.estimates[place]) is None else cell.value for group in groups)
        for place in places
    )
    left_out = len(record.groups) - len(groups)
    title = record.measures[places[0]].section
    if left_out:
        title += f", in the {number(len(groups))} groups with the most poems"
    return Heatmap(
        name,
        title,
        ", ".join(record.by),
        "",
        label,
        tuple(group.name for group in groups),
        tuple(record.measures[place].name for place in places),
        values,
        (0.0, max((value for row in values for value in row if value is not None), default=1.0)),
    )
