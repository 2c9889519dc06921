"""The cells of a poet over a corpus: features they track, saturated gates, dead cells.

In: a poet and poems. Out: `CellMeasurements` for `diagnosis` and `report`.

Cells are ranked by correlation over many poems. (Karpathy, Johnson and Fei-Fei 2015,
"Visualizing and understanding recurrent networks", picked theirs by looking at single lines.)
The best of hundreds of cells looks good by chance, so

- cells are searched on one half of the poems, and the correlation reported is the one on the
  other half (`sample`);
- the same search is run where there is nothing to find: the features of every poem are shifted
  circularly by a random number of characters, which keeps their rhythm but breaks their link to
  the text. The chance level is the largest of `SHIFTS` such searches. For each feature, chance
  gives a cell beyond it in fewer than one of `SHIFTS + 1` cases (a Monte Carlo test at 5 %;
  Davison and Hinkley 1997, section 4.2).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import CorpusError
from quatrain.explain.inspection.features import FEATURES, features
from quatrain.explain.inspection.reading import trace_layers
from quatrain.explain.inspection.sample import Sample, sample
from quatrain.layers import LSTMState
from quatrain.layers.lstm_sequence import LSTMTrace
from quatrain.poet import CharacterPoet
from quatrain.records import Poem

MOST_UNKNOWN = 0.1
"""Largest share of characters outside the poet's alphabet.

A convention: with one in ten, nearly every second word has one.
"""

SHIFTS = 19
"""Searches over shifted features; with 19, chance exceeds the largest in 1 case of 20."""

CELLS_PER_FEATURE = 3
"""Cells reported for each feature."""

LOW, HIGH = 0.1, 0.9
"""Limits of an activation, outside of which a gate is saturated (Karpathy, Johnson and Fei-Fei
2015)."""

DEAD_DEVIATION = 0.01
"""Standard deviation of a cell's output, from -1 to 1, below which the cell is dead.

A convention: half a hundredth of the range. No output weight of usual size turns that into
a preference between characters.
"""

_STEPS_AT_ONCE, _BATCH = 32, 64
"""Time steps and texts that are read at once, which bounds the memory."""

_MOST_LISTED = 8
"""Most unknown characters listed in an error."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tracker:
    """A cell that may track a feature.

    Attributes:
        layer, number: the layer and the cell in it, from 0.
        searched: Pearson's r of the cell and the feature on the poems of the search.
        held_out: Pearson's r on the other poems.
    """

    layer: int
    number: int
    searched: float
    held_out: float


@dataclass(frozen=True, slots=True)
class FeatureTracking:
    """The cells that track a feature best.

    Attributes:
        feature: a name from `FEATURES`.
        cells: the best of the search, best first; empty if the feature never changes.
        chance: the largest held-out |r| of the same search over shifted features.
    """

    feature: str
    cells: tuple[Tracker, ...]
    chance: float

    def is_beyond_chance(self, cell: Tracker) -> bool:
        """Return whether the held-out r is beyond chance, in the direction of the search."""
        return math.copysign(1.0, cell.searched) * cell.held_out > self.chance

    @property
    def best_is_beyond_chance(self) -> bool:
        """True if the best cell is beyond chance."""
        return bool(self.cells) and self.is_beyond_chance(self.cells[0])


@dataclass(frozen=True, slots=True)
class Saturation:
    """Shares of a gate's activations over all cells of a layer and all characters.

    Attributes:
        layer: the layer, from 0.
        gate: "input", "forget" or "output".
        low: share below `LOW`.
        high: share above `HIGH`.
    """

    layer: int
    gate: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CellMeasurements:
    """Measurements of a poet's cells over a corpus.

    Attributes:
        sample: the texts read.
        unknown: share of their characters that are outside the poet's alphabet.
        tracking: one entry per feature, in the order of `FEATURES`.
        saturation: one entry for every gate of every layer.
        dead: (layer, cell) of each dead cell.
        cells: number of cells in all layers.
    """

    sample: Sample
    unknown: float
    tracking: tuple[FeatureTracking, ...]
    saturation: tuple[Saturation, ...]
    dead: tuple[tuple[int, int], ...]
    cells: int


def measure_cells(poet: CharacterPoet, poems: Sequence[Poem], seed: int) -> CellMeasurements:
    """Measure what the cells do while the poet reads a sample of poems.

    Args:
        poet: the poet.
        poems: the corpus; up to `sample.SAMPLE_CHARACTERS` characters of it are read.
        seed: seed of the sample and of the shifts.

    Raises:
        CorpusError: there are fewer than two poems, and fewer than two pieces of one; or more
            than `MOST_UNKNOWN` of the characters are outside the poet's alphabet.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    drawn = sample(poems, generator)
    unknown = _unknown(poet, drawn.texts)
    halves = (_Sums(poet), _Sums(poet))
    for texts, sums in zip(drawn.halves, halves, strict=True):
        for batch in _batches(texts):
            sums.read(batch, generator)
    hidden = poet.network.lstm.layers[0].hidden
    characters = sum(drawn.characters)
    low = (halves[0].low + halves[1].low) / (characters * hidden)
    high = (halves[0].high + halves[1].high) / (characters * hidden)
    mean = (halves[0].hidden + halves[1].hidden) / characters
    square = (halves[0].hidden_squares + halves[1].hidden_squares) / characters
    still = np.flatnonzero(square - mean * mean < DEAD_DEVIATION**2)
    return CellMeasurements(
        sample=drawn,
        unknown=unknown,
        tracking=tuple(_rank_cells(*halves, hidden)),
        saturation=tuple(
            Saturation(layer, gate, float(low[layer, column]), float(high[layer, column]))
            for layer in range(len(low))
            for column, gate in enumerate(("input", "forget", "output"))
        ),
        dead=tuple(divmod(int(cell), hidden) for cell in still),
        cells=len(mean),
    )


def _rank_cells(search: _Sums, check: _Sums, hidden: int) -> Iterator[FeatureTracking]:
    """Rank the cells by their correlation with each feature on the half of the search."""
    correlations = [half.correlations() for half in (search, check)]
    for number, feature in enumerate(FEATURES):
        searched, held_out = (r[:, :, number] for r in correlations)  # (cells, 1 + SHIFTS)
        order = np.argsort(-np.abs(searched), axis=0, kind="stable")
        best = np.abs(np.take_along_axis(held_out, order[:1], axis=0)[0])
        varies = search.varies(number) and check.varies(number)
        trackers = tuple(
            Tracker(
                cell // hidden,
                cell % hidden,
                float(searched[cell, 0]),
                float(held_out[cell, 0]),
            )
            for cell in (order[:CELLS_PER_FEATURE, 0].tolist() if varies else [])
        )
        yield FeatureTracking(feature, trackers, float(best[1:].max()))


def _unknown(poet: CharacterPoet, texts: Sequence[str]) -> float:
    """Return the share of characters outside the poet's alphabet; to the poet all are the same.

    Raises:
        CorpusError: the share is above `MOST_UNKNOWN`.
    """
    vocabulary, text = poet.vocabulary, "".join(texts)
    share = float(np.mean(vocabulary.encode(text) == vocabulary.UNKNOWN))
    if share > MOST_UNKNOWN:
        listed = ", ".join(map(repr, list(vocabulary.unknown(text))[:_MOST_LISTED]))
        raise CorpusError(
            "the poems to measure the poet on",
            f"{share:.1%} of the characters outside its alphabet, most often {listed}",
            f"at most {MOST_UNKNOWN:.0%}",
            "Give other verse, ideally what the poet was trained on, cleaned in the same way.",
        )
    return share


def _batches(pieces: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield batches of pieces of similar length."""
    ordered = sorted(pieces, key=len)
    for first in range(0, len(ordered), _BATCH):
        yield ordered[first : first + _BATCH]


class _Sums:
    """Sums over the characters of some texts, from which correlations and shares follow."""

    def __init__(self, poet: CharacterPoet) -> None:
        layers = poet.network.lstm.layers
        cells, columns = sum(layer.hidden for layer in layers), (1 + SHIFTS) * len(FEATURES)
        self._poet = poet
        self.characters = 0
        self.low, self.high = np.zeros((len(layers), 3)), np.zeros((len(layers), 3))
        self.hidden, self.hidden_squares = np.zeros(cells), np.zeros(cells)
        self._cell, self._cell_squares = np.zeros(cells), np.zeros(cells)
        self._feature, self._feature_squares = np.zeros(columns), np.zeros(columns)
        self._products = np.zeros((cells, columns))

    def read(self, texts: Sequence[str], generator: np.random.Generator) -> None:
        """Read a batch of texts and add up the cells and features after each character."""
        longest = max(map(len, texts))
        vocabulary = self._poet.vocabulary
        ids = np.full((longest + 1, len(texts)), vocabulary.END, np.intp)
        read = np.zeros((longest + 1, len(texts)), np.bool_)
        columns = np.zeros((longest + 1, len(texts), len(self._feature)), np.float32)
        for lane, text in enumerate(texts):
            rows = slice(1, len(text) + 1)
            ids[0, lane], ids[rows, lane] = vocabulary.START, vocabulary.encode(text)
            read[rows, lane] = True  # the state after the start symbol is left out
            own = features(text)[1:]
            # By 1 to len(text) - 1: a shift by the whole length would change nothing.
            shifts = generator.integers(1, max(2, len(text)), SHIFTS)
            shifted = (np.roll(own, shift, 0) for shift in shifts)
            columns[rows, lane] = np.concatenate([own, *shifted], axis=1)
        states: list[LSTMState] | None = None
        for begin in range(0, longest + 1, _STEPS_AT_ONCE):
            times = slice(begin, begin + _STEPS_AT_ONCE)
            layer_traces, states = trace_layers(self._poet, ids[times], states)
            self._add(layer_traces, columns[times][read[times]], read[times])

    def _add(
        self, layers: Sequence[LSTMTrace], columns: NDArray[np.float32], read: NDArray[np.bool_]
    ) -> None:
        self.characters += len(columns)
        for layer, trace in enumerate(layers):
            for column, gate in enumerate((trace.input_gate, trace.forget_gate, trace.output_gate)):
                activations = gate[read]
                self.low[layer, column] += np.count_nonzero(activations < LOW)
                self.high[layer, column] += np.count_nonzero(activations > HIGH)
        hidden = np.concatenate([trace.hidden[read] for trace in layers], axis=1)
        cell = np.concatenate([trace.cell[read] for trace in layers], axis=1)  # (characters, cells)
        self.hidden += hidden.sum(axis=0, dtype=np.float64)
        self.hidden_squares += np.square(hidden, dtype=np.float64).sum(axis=0)
        self._cell += cell.sum(axis=0, dtype=np.float64)
        self._cell_squares += np.square(cell, dtype=np.float64).sum(axis=0)
        self._feature += columns.sum(axis=0, dtype=np.float64)
        self._feature_squares += np.square(columns, dtype=np.float64).sum(axis=0)
        self._products += cell.T @ columns

    def varies(self, feature: int) -> bool:
        """Return whether a feature has more than one value."""
        return bool(_spread(self._feature, self._feature_squares, self.characters)[feature] > 0)

    def correlations(self) -> Floats:
        """Return Pearson's r of every cell and column, (cells, 1 + SHIFTS, features).

        It is 0 where one of the two never changes. With a feature of 0 and 1 it is the
        point-biserial correlation.
        """
        cell = _spread(self._cell, self._cell_squares, self.characters)
        feature = _spread(self._feature, self._feature_squares, self.characters)
        product = self._products / self.characters
        product -= np.outer(self._cell, self._feature) / self.characters**2
        scale = np.outer(cell, feature)
        r: Floats = np.divide(product, scale, out=np.zeros_like(product), where=scale > 0)
        return r.reshape(len(cell), 1 + SHIFTS, len(FEATURES))


def _spread(sums: Floats, squares: Floats, count: int) -> Floats:
    """Return standard deviations, 0 where they are only rounding."""
    variance = squares / count - (sums / count) ** 2
    spread: Floats = np.sqrt(np.where(variance > 1e-9 * squares / count, variance, 0.0))
    return spread
