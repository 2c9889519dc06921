"""A poet reads a line: the surprise at each letter or word, the gates, the cells.

In: the state of the controls. Out: a `Demonstration`. The numbers are those of
`inspection.line_reading`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from quatrain.explain.arithmetic.expression import Symbol
from quatrain.explain.demonstrations.state import State
from quatrain.explain.inspection.cells import HIGH, LOW
from quatrain.explain.inspection.line_reading import (
    GATES,
    Expected,
    LineReading,
    ReadSymbol,
    read_line,
)
from quatrain.explain.inspection.next_symbols import open_writer
from quatrain.explain.inspection.reading import DEFAULT_TEXT
from quatrain.records import (
    Choice,
    Control,
    Demonstration,
    Equation,
    Formula,
    Json,
    Note,
    Part,
    Section,
    Slider,
    Table,
    TextField,
)

TITLE = "A line, read"
LEAD = (
    "Before each letter or word, a poet guesses what comes. Surprisal says in bits how wrong it "
    "was. Below it, what the gates and the cells do as the line goes by."
)

_LINES = (
    ("a plain line", "The lamp went out, and all the house was still."),
    ("a word out of place", "The lamp went out, and all the house was tax."),
    ("misspelled", "Teh lmap wnet out, adn all the huose was still."),
    ("two lines", DEFAULT_TEXT),
)
"""Lines to begin with: their names and texts."""

CONTROLS: tuple[Control, ...] = (
    TextField("text", "the line", _LINES[0][1], 120),
    Choice(
        "poet",
        "read by",
        (
            ("letters", "letters, letter by letter"),
            ("verse", "verse, word by word"),
            ("sonnets", "sonnets, word by word"),
        ),
        "letters",
    ),
    Slider("cell", "one more cell", "", 0, 895, 1, 0),
)

GRID = {"text": tuple(text for _, text in _LINES), "poet": ("letters", "verse", "sonnets")}

_LIVELIEST = 8
"""Cells that are drawn because they vary most."""

_MOST_SURPRISING = 5
"""Symbols in the table of surprises."""

_DIGITS = 3
"""Decimals of activations and bits in the data; a colour shows no more."""

_MOST_READINGS = 64
"""Readings kept in memory, of some hundred kilobytes each."""


def demonstrate(state: State) -> Demonstration:
    """Read the text, and return what the poet expected and what its cells did."""
    text, name, cell = state.text("text"), state.text("poet"), state.whole("cell")
    reading = _reading(name, text)
    return Demonstration(
        topic="line",
        title=TITLE,
        lead=LEAD,
        controls=CONTROLS,
        state=dict(state),
        problem=_problem(reading, cell),
        data=_data(reading, cell),
        sections=tuple(_sections(reading)) if reading else (),
        python=_python(name, text),
        exercise=("temperature", 3),
        summary=_summary(reading, name),
    )


@lru_cache(maxsize=_MOST_READINGS)
def _reading(poet: str, text: str) -> LineReading | None:
    return read_line(open_writer(poet), text)


def _problem(reading: LineReading | None, cell: int) -> str:
    if reading is None:
        return "There is nothing to read. Write a line."
    if cell >= reading.cells:
        return (
            f"This poet has {reading.cells} cells, from 0 to {reading.cells - 1}; there is no cell "
            f"{cell}."
        )
    return ""


def _data(reading: LineReading | None, cell: int) -> dict[str, Json]:
    lines: list[Json] = [{"name": name, "text": text} for name, text in _LINES]
    if reading is None:
        return {"lines": lines, "symbols": [], "cells": []}
    numbers = list(reading.liveliest(_LIVELIEST))
    if cell < reading.cells and cell not in numbers:
        numbers.append(cell)
    squashed, trace = reading.squashed, reading.trace
    return {
        "lines": lines,
        "unit": reading.unit,
        "backwards": reading.backwards,
        "symbols": [_symbol_data(symbol) for symbol in reading.symbols],
        "after": _expected_data(reading.after),
        "bits": round(reading.bits, _DIGITS),
        "gates": {gate: _rounded(reading.gate(gate).mean(axis=1)) for gate in GATES},
        "cells": [
            {
                "number": number,
                "cell": _rounded(squashed[:, number]),
                "candidate": _rounded(trace.candidate[:, 0, number]),
                "hidden": _rounded(trace.hidden[:, 0, number]),
                **{gate: _rounded(reading.gate(gate)[:, number]) for gate in GATES},
            }
            for number in numbers
        ],
    }


def _symbol_data(symbol: ReadSymbol) -> Mapping[str, Json]:
    return {
        "sign": symbol.symbol.sign,
        "name": symbol.symbol.name,
        "known": symbol.known,
        "bits": round(symbol.bits, _DIGITS),
        "probability": _short(symbol.probability),
        "rank": symbol.rank,
        "expected": _expected_data(symbol.expected),
    }


def _expected_data(expected: Sequence[Expected]) -> list[Json]:
    return [
        {
            "sign": one.symbol.sign,
            "name": one.symbol.name,
            "probability": _short(one.probability),
        }
        for one in expected
    ]


def _short(number: float) -> float:
    return float(f"{number:.{_DIGITS}g}")


def _rounded(values: NDArray[np.floating]) -> list[float]:
    return [round(value, _DIGITS) for value in values.tolist()]


def _sections(reading: LineReading) -> Iterator[Section]:
    yield Section("Surprisal", tuple(_surprisal(reading)))
    yield Section("Where the poet was surprised", tuple(_surprises(reading)))
    yield Section("Gates", tuple(_gates(reading)))
    yield Section("Cells", tuple(_cells(reading)))
    yield Section("How the poet reads", tuple(_how(reading)))


def _surprisal(reading: LineReading) -> Iterator[Part]:
    unit, count = reading.unit, len(reading.symbols)
    yield Equation(
        "I(x_t) = -log2 p(x_t | x_1, ..., x_(t-1))",
        r"I(x_t) = -\log_2 p(x_t \mid x_1, \ldots, x_{t-1})",
        "half as probable is one bit more (Shannon 1948)",
    )
    worst = max(reading.symbols, key=lambda symbol: symbol.bits)
    yield Formula(
        f"largest, at “{worst.symbol.sign}”",
        "I = -log2 p",
        f"-log2 {worst.probability:.3g}",
        worst.bits,
        "bits",
        r"I = -\log_2 p",
        rf"-\log_2 {_in_latex(worst.probability)}",
    )
    yield Formula(
        "the whole text", "H = sum_t I(x_t)", "", reading.bits, "bits", r"H = \sum_t I(x_t)"
    )
    total, n = Symbol("H", reading.bits, "H"), Symbol("n", count, "n")
    mean = total / n
    yield mean.formula(f"per {unit}", "bits")
    if unit == "word":
        yield (total / Symbol("characters", reading.characters)).formula("per character", "bits")
    bits = float(mean.value)
    yield Formula(
        "perplexity",
        "2^(H / n)",
        f"2^{bits:.4g}",
        2**bits,
        latex_symbols="2^{H / n}",
        latex_numbers=f"2^{{{bits:.4g}}}",
    )
    a = reading.alphabet
    yield Formula(
        f"if all {a:,} were as likely",
        "log2 a",
        f"log2 {a}",
        math.log2(a),
        f"bits per {unit}",
        r"\log_2 a",
        rf"\log_2 {a}",
    )


def _in_latex(number: float) -> str:
    digits, exponential, exponent = f"{number:.3g}".partition("e")
    if not exponential:
        return digits
    return rf"\left({digits} \times 10^{{{int(exponent)}}}\right)"


def _surprises(reading: LineReading) -> Iterator[Part]:
    places = sorted(range(len(reading.symbols)), key=lambda place: -reading.symbols[place].bits)
    shown = [(place, reading.symbols[place]) for place in places[:_MOST_SURPRISING]]
    yield Table(
        "The most surprising",
        ("place", reading.unit, "bits", "p", "rank", "expected instead"),
        tuple(
            (
                place + 1,
                symbol.symbol.sign,
                symbol.bits,
                symbol.probability,
                symbol.rank,
                ", ".join(one.symbol.sign for one in symbol.expected),
            )
            for place, symbol in shown
        ),
    )
    top = sum(symbol.rank == 1 for symbol in reading.symbols)
    yield Note(
        f"{top} of {len(reading.symbols)} {reading.unit}s were the poet's first guess. A "
        f"{reading.unit} of rank 1 had the largest probability of all {reading.alphabet:,}."
    )


def _gates(reading: LineReading) -> Iterator[Part]:
    rows = []
    for gate in GATES:
        values = reading.gate(gate)
        means = values.mean(axis=1)
        lowest, highest = (
            reading.symbols[int(at)].symbol.sign for at in (means.argmin(), means.argmax())
        )
        rows.append(
            (
                gate,
                float(values.mean()),
                lowest,
                highest,
                float((values < LOW).mean()),
                float((values > HIGH).mean()),
            )
        )
    yield Table(
        f"Over all {reading.cells} cells and {len(reading.symbols)} {reading.unit}s",
        ("gate", "mean", "lowest at", "highest at", f"below {LOW:g}", f"above {HIGH:g}"),
        tuple(rows),
    )
    yield Note(
        "Each row of the heat map is the mean of a gate over the cells: 0 is closed, 1 open. A low "
        "forget gate lets go of what was read; a high output gate shows the cell to the next guess."
    )


def _cells(reading: LineReading) -> Iterator[Part]:
    squashed = reading.squashed
    yield Table(
        "The cells that vary most, as tanh(c)",
        ("cell", "standard deviation", "lowest", "highest"),
        tuple(
            (
                number,
                float(squashed[:, number].std()),
                float(squashed[:, number].min()),
                float(squashed[:, number].max()),
            )
            for number in reading.liveliest(_LIVELIEST)
        ),
    )
    yield Note(
        "A cell that goes up and down with the line has no name. What it follows can only be "
        "measured, over many poems: quatrain inspect does that."
    )


def _how(reading: LineReading) -> Iterator[Part]:
    if reading.unit == "letter":
        yield Note("Letter by letter, capitals, spaces, marks and line breaks too.")
    else:
        yield Note(
            "Word by word, in lower case; marks, endings such as 's, and the end of each line are "
            "words too."
        )
    if reading.backwards:
        yield Note(
            "This poet reads each line from its end, so that it can rhyme. The words stand in that "
            "order."
        )
    yield Note("It reads the text as the start of a poem, so the first guess is made from nothing.")
    if reading.unknown:
        listed = ", ".join(reading.unknown)
        yield Note(
            f"It doesn't know {listed}. It reads each as unknown; the probability is that of any "
            "unknown one, so the bits leave out which one it is."
        )


def _python(poet: str, text: str) -> str:
    if poet == "letters":
        ids = "np.append(poet.vocabulary.START, poet.vocabulary.encode(text)).astype(int)"
        vectors = "poet.network.embedding.value(ids)"
    else:
        ids = "poet.encode(quatrain.Poem.from_text(text))[:-1].astype(int)"
        vectors = "poet.vectors(ids)"
    return f"""\
import numpy as np
import quatrain

poet = quatrain.load({poet!r})
text = {text!r}
ids = {ids}

bits = poet.surprisals([ids])[0] / np.log(2)
print("bits:", np.round(bits, 2), "together", bits.sum())

vectors = {vectors}
trace, _ = poet.network.lstm.layers[-1].trace(vectors[:, None])
for gate in ("input_gate", "forget_gate", "output_gate"):
    print(gate, np.round(getattr(trace, gate)[1:, 0].mean(axis=1), 2))
print("cells:", np.tanh(trace.cell[1:, 0]).shape)
"""


def _summary(reading: LineReading | None, poet: str) -> str:
    if reading is None:
        return "There is nothing to read."
    count = len(reading.symbols)
    units = f"1 {reading.unit}" if count == 1 else f"{count} {reading.unit}s"
    worst = max(reading.symbols, key=lambda symbol: symbol.bits)
    return (
        f"The poet {poet} reads {units} with a surprisal of {reading.bits:.1f} bits, "
        f"{reading.bits / count:.2f} per {reading.unit}; the largest is {worst.bits:.1f} bits, at "
        f"{worst.symbol.name}."
    )
