"""A trained poet, opened: what it does on one line, and what it does in general.

In: a poet, a text to read, a corpus to judge by. Out: an `Explanation` with heat maps of the
gates, the cells and the surprise over the text; the cells and what they track (`cells`); how
saturated the gates are; the memory horizon (`layers.horizon`); and a verdict with the numbers
it rests on (`verdicts`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quatrain.explain.inspection.cells import HIGH, LOW, ROLLS, Floats, Study, study
from quatrain.explain.inspection.reading import LINES, tokens_of, traces
from quatrain.explain.inspection.verdicts import TRACKS, Memory, judge, tracks
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

SHOWN = 1_000
"""Characters of a text whose gates and cells are drawn: a sonnet has some 600."""

PREDICTIONS = 128
"""Of the memory horizon: the norm of a gradient varies much from one to the next."""

LINE_BREAK, SPACE, START = "↵", "␣", "▷"
"""What stands for characters that cannot be seen."""

_READ_AT_ONCE = 256

_DECIMALS = 3
"""Of correlations and shares in tables: over some 50,000 characters r is no surer."""


def inspect(
    poet: CharacterPoet,
    text: str = LINES,
    *,
    corpus: Collection | Sequence[Poem],
    about: str = "",
    seed: int = 0,
) -> Explanation:
    """Open a poet: over a text, and over a corpus.

    Args:
        poet: the poet.
        text: read from the start of a poem, as the poet reads; line breaks in it count.
        corpus: verse to judge the poet by, best what it was trained on; up to
            `sample.SAMPLE` characters of it are read.
        about: what the corpus is, as a sentence to be told.
        seed: of the choice of poems and predictions.

    Raises:
        CorpusError: the text is empty or holds characters outside the poet's alphabet, or the
            corpus has too few poems or too many such characters.
        SettingsError: the seed is no whole number, or negative.
    """
    seed = whole("the seed", seed, 0)
    tokens = tokens_of(poet, text)
    poems = corpus if isinstance(corpus, Sequence) else tuple(corpus.poems)
    found = study(poet, poems, seed)
    memory = _memory(poet, found.sample.texts, seed)
    verdicts = judge(found, memory)
    reading = _read(poet, tokens)
    return Explanation(
        f"The poet {poet.name}, opened" if poet.name else "A poet, opened",
        (
            *verdicts.told,
            *([Note(about)] if about else []),
            *_unknown(found),
            Heading("The text"),
            *_surprisal(text, reading),
            Heading("Cells, and what they track"),
            *_tracking(found),
            *_maps(text, reading, found),
            Heading("Gates"),
            *_gates(found),
            Heading("Memory"),
            *_horizon(memory, found),
            Heading("Verdicts"),
            verdicts.table,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text as the poet read it.

    Attributes:
        bits: surprise at every character, -log2 of its probability before it was read,
            (characters,).
        traces: per layer, over the start symbol and the first `SHOWN` characters.
    """

    bits: Floats
    traces: tuple[LSTMTrace, ...]


def _read(poet: CharacterPoet, tokens: NDArray[np.intp]) -> _Reading:
    found, _ = traces(poet, tokens[: SHOWN + 1, None])
    bits = np.empty(len(tokens) - 1)
    states: tuple[LSTMState, ...] | None = None
    for begin in range(0, len(bits), _READ_AT_ONCE):
        ids = tokens[begin : min(begin + _READ_AT_ONCE, len(bits))]
        logits, states = poet.network.value(ids[:, None], states)
        nats = log_softmax(logits[:, 0].astype(np.float64))  # (characters, alphabet)
        after = tokens[begin + 1 : begin + 1 + len(ids)]
        bits[begin : begin + len(ids)] = -nats[np.arange(len(ids)), after] / math.log(2)
    return _Reading(bits, tuple(found))


def _unknown(found: Study) -> list[Part]:
    """What of the corpus the poet could not read, if anything."""
    if not found.unknown:
        return []
    return [
        Note(
            f"{100 * found.unknown:.2g}% of the characters of this verse are outside the poet's "
            "alphabet: it reads them all as one."
        )
    ]


def _memory(poet: CharacterPoet, texts: Sequence[str], seed: int) -> Memory:
    vocabulary, network = poet.vocabulary, poet.network
    encoded = [
        np.concatenate([[vocabulary.START], vocabulary.encode(text), [vocabulary.END]])
        for text in texts
    ]
    predictions = draw_predictions(encoded, seed, windows=PREDICTIONS)
    with np.errstate(over="ignore", invalid="ignore"):  # what explodes is judged, not warned of
        norms = gradient_by_lag(network.embedding, network.lstm, network.output, predictions)
    text = "".join(texts)
    return Memory(norms, line=round(len(text) / max(1, text.count("\n"))), predictions=PREDICTIONS)


def _surprisal(text: str, reading: _Reading) -> list[Part]:
    bits = reading.bits
    parts: list[Part] = [
        Formula("surprisal", "", "", float(bits.mean()), "bits per character"),
        Heatmap(
            name="surprisal",
            title="How much each character surprised the poet",
            x_label="characters",
            y_label="",
            value_label="bits",
            x=_visible(text[:SHOWN]),
            y=("surprisal",),
            values=(tuple(bits[:SHOWN].tolist()),),
            limits=(0.0, max(1.0, float(np.ceil(bits[:SHOWN].max())))),
        ),
    ]
    if len(text) > SHOWN:
        parts.append(
            Note(
                f"The text has {len(text):,} characters. The surprise per character is that over "
                f"all of them; the heat maps show the first {SHOWN:,}."
            )
        )
    return parts


def _visible(text: str) -> tuple[str, ...]:
    signs = {"\n": LINE_BREAK, " ": SPACE}
    return tuple(signs.get(character, character) for character in text)


def _tracking(found: Study) -> list[Part]:
    rows = [
        (
            tracking.feature,
            _name(cell.layer, cell.number),
            round(cell.searched, _DECIMALS),
            round(cell.held_out, _DECIMALS),
            round(tracking.chance, _DECIMALS),
            "yes" if tracking.beyond_chance(cell) else "no",
        )
        for tracking in found.tracking
        for cell in tracking.cells
    ]
    searched, held_out = found.sample.characters
    halved, caution = "poems", ""
    if not found.sample.apart:
        halved = "pieces of the only poem"
        caution = "As both halves are of one poem, it may be too high for another. "
    constant = [tracking.feature for tracking in found.tracking if not tracking.cells]
    note = (
        f"Pearson's correlation r between a cell's value and the feature, over every character "
        f"of {len(found.sample.texts):,} texts of the corpus. The cells were searched, "
        f"{found.cells:,} of them, on one half of the {halved} ({searched:,} characters); the r to "
        f"believe is the one on the other half ({held_out:,} characters). {caution}Chance is the "
        f"largest that {ROLLS} such searches found where every feature was rolled round its text: "
        f"for each feature, luck gets beyond it once in {ROLLS + 1}. A cell is said to track a "
        f"feature if it is beyond chance and its r at least {TRACKS:g} in size."
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
            Note(f"Never seen to change in these texts, so no cell can track it: "
                 f"{'; '.join(constant)}.")
        )  # fmt: skip
    return parts


def _name(layer: int, cell: int) -> str:
    return f"lstm.{layer} cell {cell}"


def _maps(text: str, reading: _Reading, found: Study) -> list[Part]:
    """The cells that track something, over the text: their values and their gates."""
    tracked: dict[tuple[int, int], list[str]] = {}
    for tracking in filter(tracks, found.tracking):
        best = tracking.cells[0]
        tracked.setdefault((best.layer, best.number), []).append(tracking.feature)
    if not tracked:  # then those that come nearest
        tracked = {(cell.layer, cell.number): [] for each in found.tracking for cell in each.cells}
    labels = tuple(
        " ".join((f"{layer}/{cell}", ", ".join(features))).rstrip()
        for (layer, cell), features in tracked.items()
    )
    characters = (START, *_visible(text[:SHOWN]))

    def heatmap(name: str, field: str, title: str, label: str, low: float) -> Heatmap:
        values = [getattr(reading.traces[layer], field)[:, 0, cell] for layer, cell in tracked]
        if field == "cell":
            values = [np.tanh(value) for value in values]
        return Heatmap(
            name=name,
            title=title,
            x_label=f"characters read, from the start of the poem ({START})",
            y_label="layer/cell, and what it tracks",
            value_label=label,
            x=characters,
            y=labels,
            values=tuple(tuple(value.tolist()) for value in values),
            limits=(low, 1.0),
            diverging=low < 0,
        )

    return [
        heatmap("cells", "cell", "What the cells hold after each character", "tanh(c)", -1.0),
        heatmap("input-gates", "input_gate", "Input gates: what is let in", "i", 0.0),
        heatmap("forget-gates", "forget_gate", "Forget gates: what is kept", "f", 0.0),
        heatmap("output-gates", "output_gate", "Output gates: what is shown", "o", 0.0),
    ]


def _gates(found: Study) -> list[Part]:
    return [
        Table(
            "How saturated the gates are",
            ("layer", "gate", f"share below {LOW:g}", f"share above {HIGH:g}"),
            tuple(
                (
                    f"lstm.{each.layer}",
                    each.gate,
                    round(each.low, _DECIMALS),
                    round(each.high, _DECIMALS),
                )
                for each in found.saturation
            ),
        ),
        Note(
            "Shares of all activations, over the cells of the layer and the characters of the "
            "texts. A saturated gate passes little gradient to its own weights: the sigmoid's "
            f"slope is {LOW * (1 - LOW):.2f} at {LOW:g} and at {HIGH:g}, and 0.25 at most. "
            "A forget gate near 1 is how a cell remembers."
        ),
    ]


def _horizon(memory: Memory, found: Study) -> list[Part]:
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
            title="How much of a prediction's gradient reaches the characters before it",
            x_label="characters before the last one read",
            y_label="norm of the gradient, nats per unit",
            x=tuple(float(lag) for lag in range(len(norms))),
            curves={"mean norm": curve},
            logarithmic=True,
        ),
        Note(
            f"The gradient of the loss at one prediction with respect to the vector of the "
            f"character read k characters before, its Euclidean norm averaged over "
            f"{memory.predictions} predictions of the same {len(found.sample.texts):,} texts. The "
            "memory horizon is the smallest n such that the last n characters hold half of the "
            f"sum over the {len(norms)} looked at. What is kept per character is the slope of "
            "the logarithm."
        ),
    ]
    return parts
