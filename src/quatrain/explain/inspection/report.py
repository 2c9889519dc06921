"""A trained poet from inside: its gates and cells over one text, and over a corpus.

In: a poet, a text to read, a corpus to measure on. Out: an `Explanation` with heat maps of the
gates, the cells and the surprisal over the text; the features that cells track (`cells`); the
saturation of the gates; the memory horizon (`layers.horizon`); and a diagnosis with the numbers
behind it (`diagnosis`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quatrain.explain.inspection.cells import (
    HIGH,
    LOW,
    SHIFTS,
    CellMeasurements,
    Floats,
    measure_cells,
)
from quatrain.explain.inspection.diagnosis import TRACKING_R, Memory, diagnose, is_tracked
from quatrain.explain.inspection.reading import DEFAULT_TEXT, encode_text, trace_layers
from quatrain.layers import LSTMState, log_softmax
from quatrain.layers.horizon import draw_predictions, gradient_by_lag
from quatrain.layers.lstm_sequence import LSTMTrace
from quatrain.layers.shapes import whole
from quatrain.poet import CharacterPoet
from quatrain.poet.scoring import Collection
from quatrain.records import (
    Chart,
    Explanation,
    Formula,
    Heading,
    Heatmap,
    Note,
    Part,
    Poem,
    Table,
)

SHOWN_CHARACTERS = 1_000
"""Most characters of a text whose gates and cells are drawn; a sonnet has some 600."""

PREDICTIONS = 128
"""Predictions that the memory horizon is averaged over; single gradients vary widely."""

LINE_BREAK, SPACE, START = "↵", "␣", "▷"
"""Signs for a line break, a space and the start of a poem."""

_READ_AT_ONCE = 256
"""Characters whose logits are kept at once, which bounds the memory."""

_DECIMALS = 3
"""Decimals of correlations and shares in tables; 50,000 characters give no more precision."""


def inspect(
    poet: CharacterPoet,
    text: str = DEFAULT_TEXT,
    *,
    corpus: Collection | Sequence[Poem],
    about: str = "",
    seed: int = 0,
) -> Explanation:
    """Look inside a poet while it reads a text, and measure it over a corpus.

    Args:
        poet: the poet.
        text: a text, read as the start of a poem; it may have line breaks.
        corpus: verse to measure the poet on, ideally what it was trained on; up to
            `sample.SAMPLE_CHARACTERS` characters of it are read.
        about: a sentence that names the corpus, for the reader.
        seed: seed of the choice of poems and predictions.

    Raises:
        CorpusError: the text is empty or holds characters outside the poet's alphabet, or the
            corpus has too few poems or too many such characters.
        SettingsError: the seed is not a whole number, or negative.
    """
    seed = whole("the seed", seed, 0)
    tokens = encode_text(poet, text)
    poems = corpus if isinstance(corpus, Sequence) else tuple(corpus.poems)
    measurements = measure_cells(poet, poems, seed)
    memory = _memory(poet, measurements.sample.texts, seed)
    diagnosis = diagnose(measurements, memory)
    reading = _read(poet, tokens)
    return Explanation(
        f"Inside the poet {poet.name}" if poet.name else "Inside a poet",
        (
            *diagnosis.messages,
            *([Note(about)] if about else []),
            *_unknown(measurements),
            Heading("The text"),
            *_surprisal(text, reading),
            Heading("Cells, and what they track"),
            *_tracking(measurements),
            *_maps(text, reading, measurements),
            Heading("Gates"),
            *_gates(measurements),
            Heading("Memory"),
            *_horizon(memory, measurements),
            Heading("Diagnosis"),
            diagnosis.table,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """The surprisal and the traces of one text.

    Attributes:
        bits: surprisal of every character, -log2 of its predicted probability, shape
            (characters,).
        traces: the trace of each layer, over the start symbol and the first
            `SHOWN_CHARACTERS` characters.
    """

    bits: Floats
    traces: tuple[LSTMTrace, ...]


def _read(poet: CharacterPoet, tokens: NDArray[np.intp]) -> _Reading:
    layer_traces, _ = trace_layers(poet, tokens[: SHOWN_CHARACTERS + 1, None])
    bits = np.empty(len(tokens) - 1)
    states: tuple[LSTMState, ...] | None = None
    for begin in range(0, len(bits), _READ_AT_ONCE):
        ids = tokens[begin : min(begin + _READ_AT_ONCE, len(bits))]
        logits, states = poet.network.value(ids[:, None], states)
        nats = log_softmax(logits[:, 0].astype(np.float64))  # (characters, alphabet)
        after = tokens[begin + 1 : begin + 1 + len(ids)]
        bits[begin : begin + len(ids)] = -nats[np.arange(len(ids)), after] / math.log(2)
    return _Reading(bits, tuple(layer_traces))


def _unknown(measurements: CellMeasurements) -> list[Part]:
    """Report the share of characters the poet doesn't know, if there are any."""
    if not measurements.unknown:
        return []
    return [
        Note(
            f"{100 * measurements.unknown:.2g}% of the characters of this verse are outside the "
            "poet's alphabet. To the poet they are all the same character."
        )
    ]


def _memory(poet: CharacterPoet, texts: Sequence[str], seed: int) -> Memory:
    vocabulary, network = poet.vocabulary, poet.network
    encoded = [
        np.concatenate([[vocabulary.START], vocabulary.encode(text), [vocabulary.END]])
        for text in texts
    ]
    predictions = draw_predictions(encoded, seed, windows=PREDICTIONS)
    with np.errstate(
        over="ignore", invalid="ignore"
    ):  # an explosion gets a diagnosis, not a warning
        norms = gradient_by_lag(network.embedding, network.lstm, network.output, predictions)
    text = "".join(texts)
    line_length = round(len(text) / max(1, text.count("\n")))
    return Memory(norms, line_length=line_length, predictions=PREDICTIONS)


def _surprisal(text: str, reading: _Reading) -> list[Part]:
    bits = reading.bits
    parts: list[Part] = [
        Formula("surprisal", "", "", float(bits.mean()), "bits per character"),
        Heatmap(
            name="surprisal",
            title="Surprisal of each character",
            x_label="characters",
            y_label="",
            value_label="bits",
            x=_visible(text[:SHOWN_CHARACTERS]),
            y=("surprisal",),
            values=(tuple(bits[:SHOWN_CHARACTERS].tolist()),),
            limits=(0.0, max(1.0, float(np.ceil(bits[:SHOWN_CHARACTERS].max())))),
        ),
    ]
    if len(text) > SHOWN_CHARACTERS:
        parts.append(
            Note(
                f"The text has {len(text):,} characters. The surprisal is the mean over all of "
                f"them; the heat maps show the first {SHOWN_CHARACTERS:,}."
            )
        )
    return parts


def _visible(text: str) -> tuple[str, ...]:
    signs = {"\n": LINE_BREAK, " ": SPACE}
    return tuple(signs.get(character, character) for character in text)


def _tracking(measurements: CellMeasurements) -> list[Part]:
    rows = [
        (
            tracking.feature,
            _name(cell.layer, cell.number),
            round(cell.searched, _DECIMALS),
            round(cell.held_out, _DECIMALS),
            round(tracking.chance, _DECIMALS),
            "yes" if tracking.is_beyond_chance(cell) else "no",
        )
        for tracking in measurements.tracking
        for cell in tracking.cells
    ]
    searched, held_out = measurements.sample.characters
    units, caution = "poems", ""
    if not measurements.sample.separate_poems:
        units = "pieces of the only poem"
        caution = "Both halves come from one poem, so it may be too high for other poems. "
    constant = [tracking.feature for tracking in measurements.tracking if not tracking.cells]
    note = (
        f"Pearson's correlation r between a cell's value and the feature, over every character of "
        f"{len(measurements.sample.texts):,} texts of the corpus. All {measurements.cells:,} cells "
        f"were searched on one half of the {units} ({searched:,} characters). The held-out r, "
        f"measured on the other half ({held_out:,} characters), is the one to trust. {caution}"
        f"Chance is the largest r of {SHIFTS} such searches over features shifted along their "
        f"text: for each feature, chance exceeds this {1 / (SHIFTS + 1):.0%} of the time. A cell "
        f"tracks a feature if it is beyond chance and its r is at least {TRACKING_R:g} in size."
    )
    parts: list[Part] = [
        Note(note),
        Table(
            "What the cells track",
            ("feature", "cell", "r where searched", "r held out", "chance", "beyond chance"),
            tuple(rows),
        ),
    ]
    if constant:
        parts.append(
            Note(f"Constant in these texts, so no cell can track it: {'; '.join(constant)}.")
        )
    return parts


def _name(layer: int, cell: int) -> str:
    return f"lstm.{layer} cell {cell}"


def _maps(text: str, reading: _Reading, measurements: CellMeasurements) -> list[Part]:
    """Draw the values and gates of the cells that track a feature, over the text."""
    tracked: dict[tuple[int, int], list[str]] = {}
    for tracking in filter(is_tracked, measurements.tracking):
        best = tracking.cells[0]
        tracked.setdefault((best.layer, best.number), []).append(tracking.feature)
    if not tracked:  # then the best of each feature
        tracked = {
            (cell.layer, cell.number): []
            for tracking in measurements.tracking
            for cell in tracking.cells
        }
    labels = tuple(
        " ".join((f"{layer}/{cell}", ", ".join(features))).rstrip()
        for (layer, cell), features in tracked.items()
    )
    characters = (START, *_visible(text[:SHOWN_CHARACTERS]))

    def heatmap(name: str, field: str, title: str, label: str, low: float) -> Heatmap:
        values = [getattr(reading.traces[layer], field)[:, 0, cell] for layer, cell in tracked]
        if field == "cell":
            values = [np.tanh(value) for value in values]
        return Heatmap(
            name=name,
            title=title,
            x_label=f"characters read, from the start of the poem ({START})",
            y_label="layer/cell, and the features it tracks",
            value_label=label,
            x=characters,
            y=labels,
            values=tuple(tuple(value.tolist()) for value in values),
            limits=(low, 1.0),
            diverging=low < 0,
        )

    return [
        heatmap("cells", "cell", "Values of the cells after each character", "tanh(c)", -1.0),
        heatmap("input-gates", "input_gate", "Input gates: how much is written", "i", 0.0),
        heatmap("forget-gates", "forget_gate", "Forget gates: how much is kept", "f", 0.0),
        heatmap("output-gates", "output_gate", "Output gates: how much is shown", "o", 0.0),
    ]


def _gates(measurements: CellMeasurements) -> list[Part]:
    return [
        Table(
            "Saturation of the gates",
            ("layer", "gate", f"share below {LOW:g}", f"share above {HIGH:g}"),
            tuple(
                (
                    f"lstm.{gate.layer}",
                    gate.gate,
                    round(gate.low, _DECIMALS),
                    round(gate.high, _DECIMALS),
                )
                for gate in measurements.saturation
            ),
        ),
        Note(
            "Shares of all activations, over the cells of the layer and the characters of the "
            "texts. A saturated gate passes little gradient to its own weights: the slope of the "
            f"sigmoid is {LOW * (1 - LOW):.2f} at {LOW:g} and at {HIGH:g}, and at most 0.25. A "
            "cell remembers when its forget gate is near 1."
        ),
    ]


def _horizon(memory: Memory, measurements: CellMeasurements) -> list[Part]:
    norms: NDArray[np.floating] = memory.norms
    curve = tuple(
        float(norm) if norm > 0 and math.isfinite(norm) else None for norm in norms.tolist()
    )
    parts: list[Part] = []
    if memory.horizon is not None:
        parts.append(Formula("memory horizon", "", "", memory.horizon, "characters"))
    parts += [
        Formula("gradient kept per character", "", "", memory.retention),
        Chart(
            name="gradient-by-lag",
            title="Gradient of a prediction at the characters before it",
            x_label="characters before the last one read",
            y_label="norm of the gradient, nats per unit",
            x=tuple(float(lag) for lag in range(len(norms))),
            curves={"mean norm": curve},
            logarithmic=True,
        ),
        Note(
            f"The gradient of the loss of one prediction, with respect to the vector of the "
            f"character k characters before: its Euclidean norm, averaged over "
            f"{memory.predictions} predictions in the same {len(measurements.sample.texts):,} "
            "texts. The memory horizon is the smallest n such that the last n characters hold "
            f"half of the sum over the {len(norms)} measured. The gradient kept per character is "
            "the slope of the logarithm."
        ),
    ]
    return parts
