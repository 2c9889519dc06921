"""A poet's cells over a corpus: what each tracks, how its gates stand, which are dead.

In: a poet and poems. Out: a `Study`; next `verdicts` and `opened`, which tell it.

Cells are ranked by correlation over many poems, not by looking for one that seems to do
something on one line (as the cells of Karpathy, Johnson and Fei-Fei 2015, "Visualizing and
understanding recurrent networks", were found). The best of hundreds of cells looks good by
chance, so

- the search is made on one half of the poems and the correlation told is that on the other
  (`sample`);
- beside it stands what the same search finds where there is nothing to find: every poem's
  features are rolled round by a random number of characters, which keeps their rhythm and
  breaks their tie to the text. The chance level is the largest of `ROLLS` such searches: for
  each feature, a cell beyond it is one that chance gives in fewer than one of `ROLLS + 1` (a
  Monte Carlo test at 5 %; Davison and Hinkley 1997, section 4.2).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import CorpusError
from quatrain.explain.inspection.features import FEATURES, features
from quatrain.explain.inspection.reading import traces
from quatrain.explain.inspection.sample import Sample, sample
from quatrain.layers import LSTMState
from quatrain.layers.lstm_sequence import LSTMTrace
from quatrain.poet import CharacterPoet
from quatrain.records import Poem

FOREIGN = 0.1
"""A poet is judged only on verse of which it can read all but so large a share of the
characters. A convention: with one character in ten, nearly every second word has one."""

ROLLS = 19
TOLD = 3
"""Cells told for each feature."""

LOW, HIGH = 0.1, 0.9
"""A gate beyond these is saturated (Karpathy, Johnson and Fei-Fei 2015)."""

STILL = 0.01
"""A cell is dead if its output, which could go from -1 to 1, has a smaller standard deviation.

A convention: half a hundredth of the range, which no output weight of usual size turns into
a preference between characters.
"""

_TIMES, _SIDE_BY_SIDE = 32, 64
_LISTED = 8

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tracker:
    """A cell that may track a feature.

    Attributes:
        layer, number: which.
        searched: Pearson's r of the cell and the feature on the poems of the search.
        held_out: on the other poems.
    """

    layer: int
    number: int
    searched: float
    held_out: float


@dataclass(frozen=True, slots=True)
class Tracking:
    """Which cells track a feature best.

    Attributes:
        feature: one of `FEATURES`.
        cells: the best of the search, best first; empty if the feature never changes.
        chance: the largest held-out |r| of the same search over rolled features.
    """

    feature: str
    cells: tuple[Tracker, ...]
    chance: float

    def beyond_chance(self, cell: Tracker) -> bool:
        """Whether a cell's held-out r is beyond chance, in the direction of the search."""
        return math.copysign(1.0, cell.searched) * cell.held_out > self.chance

    @property
    def found(self) -> bool:
        """Whether the best cell is beyond chance."""
        return bool(self.cells) and self.beyond_chance(self.cells[0])


@dataclass(frozen=True, slots=True)
class Saturation:
    """Shares of a gate's activations over all cells of a layer and all characters.

    Attributes:
        layer: which layer.
        gate: "input", "forget" or "output".
        low: share below `LOW`.
        high: share above `HIGH`.
    """

    layer: int
    gate: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Study:
    """What reading a corpus showed of a poet.

    Attributes:
        sample: the texts read.
        unknown: share of their characters that are outside the poet's alphabet.
        tracking: by feature, in the order of `FEATURES`.
        saturation: of every gate of every layer.
        dead: (layer, cell) of the dead cells.
        cells: how many there are.
    """

    sample: Sample
    unknown: float
    tracking: tuple[Tracking, ...]
    saturation: tuple[Saturation, ...]
    dead: tuple[tuple[int, int], ...]
    cells: int


def study(poet: CharacterPoet, poems: Sequence[Poem], seed: int) -> Study:
    """Read a sample of poems and see what the cells do.

    Args:
        poet: the poet.
        poems: the corpus; up to `sample.SAMPLE` characters of it are read.
        seed: of the choice of poems and of the rolls.

    Raises:
        CorpusError: there are not two poems, or pieces of a long one; or more than `FOREIGN` of
            their characters are outside the poet's alphabet.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    drawn = sample(poems, generator)
    unknown = _unknown(poet, drawn.texts)
    halves = (_Sums(poet), _Sums(poet))
    for texts, sums in zip(drawn.halves, halves, strict=True):
        for batch in _batches(texts):
            sums.read(batch, generator)
    r = [sums.correlations() for sums in halves]  # each (cells, 1 + ROLLS, features)
    hidden = poet.network.lstm.layers[0].hidden
    tracking = []
    for number, feature in enumerate(FEATURES):
        searched, held_out = (part[:, :, number] for part in r)
        order = np.argsort(-np.abs(searched), axis=0, kind="stable")  # (cells, 1 + ROLLS)
        best = np.abs(np.take_along_axis(held_out, order[:1], axis=0)[0])
        varies = all(sums.varies(number) for sums in halves)
        told = order[:TOLD, 0].tolist() if varies else []
        tracking.append(
            Tracking(
                feature,
                tuple(
                    Tracker(
                        cell // hidden,
                        cell % hidden,
                        float(searched[cell, 0]),
                        float(held_out[cell, 0]),
                    )
                    for cell in told
                ),
                float(best[1:].max()),
            )
        )
    characters = sum(drawn.characters)
    low = (halves[0].low + halves[1].low) / (characters * hidden)
    high = (halves[0].high + halves[1].high) / (characters * hidden)
    mean = (halves[0].hidden + halves[1].hidden) / characters
    square = (halves[0].hidden_squares + halves[1].hidden_squares) / characters
    still = np.flatnonzero(square - mean * mean < STILL**2)
    return Study(
        sample=drawn,
        unknown=unknown,
        tracking=tuple(tracking),
        saturation=tuple(
            Saturation(layer, gate, float(low[layer, place]), float(high[layer, place]))
            for layer in range(len(low))
            for place, gate in enumerate(("input", "forget", "output"))
        ),
        dead=tuple(divmod(int(cell), hidden) for cell in still),
        cells=len(mean),
    )


def _unknown(poet: CharacterPoet, texts: Sequence[str]) -> float:
    """The share of characters outside the poet's alphabet, which it cannot tell apart.

    Raises:
        CorpusError: it is above `FOREIGN`.
    """
    vocabulary, text = poet.vocabulary, "".join(texts)
    share = float(np.mean(vocabulary.encode(text) == vocabulary.UNKNOWN))
    if share > FOREIGN:
        listed = ", ".join(map(repr, list(vocabulary.unknown(text))[:_LISTED]))
        raise CorpusError(
            "the poems to judge the poet by",
            f"{share:.1%} of the characters outside its alphabet, most often {listed}",
            f"at most {FOREIGN:.0%}",
            "Give other verse, best what the poet was trained on, cleaned as it was then.",
        )
    return share


def _batches(pieces: Sequence[str]) -> Iterator[Sequence[str]]:
    """Pieces of similar length, to be read side by side."""
    ordered = sorted(pieces, key=len)
    for first in range(0, len(ordered), _SIDE_BY_SIDE):
        yield ordered[first : first + _SIDE_BY_SIDE]


class _Sums:
    """Sums over the characters of some texts, from which correlations and shares follow."""

    def __init__(self, poet: CharacterPoet) -> None:
        layers = poet.network.lstm.layers
        cells, columns = sum(layer.hidden for layer in layers), (1 + ROLLS) * len(FEATURES)
        self._poet = poet
        self.characters = 0
        self.low, self.high = np.zeros((len(layers), 3)), np.zeros((len(layers), 3))
        self.hidden, self.hidden_squares = np.zeros(cells), np.zeros(cells)
        self._cell, self._cell_squares = np.zeros(cells), np.zeros(cells)
        self._feature, self._feature_squares = np.zeros(columns), np.zeros(columns)
        self._products = np.zeros((cells, columns))

    def read(self, texts: Sequence[str], generator: np.random.Generator) -> None:
        """Read texts side by side and add up what is seen after each character."""
        longest = max(map(len, texts))
        vocabulary = self._poet.vocabulary
        ids = np.full((longest + 1, len(texts)), vocabulary.END, np.intp)
        read = np.zeros((longest + 1, len(texts)), np.bool_)
        columns = np.zeros((longest + 1, len(texts), len(self._feature)), np.float32)
        for lane, text in enumerate(texts):
            rows = slice(1, len(text) + 1)
            ids[0, lane], ids[rows, lane] = vocabulary.START, vocabulary.encode(text)
            read[rows, lane] = True  # what comes after the start symbol alone is not looked at
            own = features(text)[1:]
            # By 1 to len(text) - 1: rolled by its length, a text would keep its tie to itself.
            by = generator.integers(1, max(2, len(text)), ROLLS)
            rolled = (np.roll(own, characters, 0) for characters in by)
            columns[rows, lane] = np.concatenate([own, *rolled], axis=1)
        states: list[LSTMState] | None = None
        for begin in range(0, longest + 1, _TIMES):
            times = slice(begin, begin + _TIMES)
            found, states = traces(self._poet, ids[times], states)
            self._add(found, columns[times][read[times]], read[times])

    def _add(
        self, found: Sequence[LSTMTrace], columns: NDArray[np.float32], read: NDArray[np.bool_]
    ) -> None:
        self.characters += len(columns)
        for layer, trace in enumerate(found):
            for place, gate in enumerate((trace.input_gate, trace.forget_gate, trace.output_gate)):
                activations = gate[read]
                self.low[layer, place] += np.count_nonzero(activations < LOW)
                self.high[layer, place] += np.count_nonzero(activations > HIGH)
        hidden = np.concatenate([trace.hidden[read] for trace in found], axis=1)
        cell = np.concatenate([trace.cell[read] for trace in found], axis=1)  # (characters, cells)
        self.hidden += hidden.sum(axis=0, dtype=np.float64)
        self.hidden_squares += np.square(hidden, dtype=np.float64).sum(axis=0)
        self._cell += cell.sum(axis=0, dtype=np.float64)
        self._cell_squares += np.square(cell, dtype=np.float64).sum(axis=0)
        self._feature += columns.sum(axis=0, dtype=np.float64)
        self._feature_squares += np.square(columns, dtype=np.float64).sum(axis=0)
        self._products += cell.T @ columns

    def varies(self, feature: int) -> bool:
        """Whether a feature has more than one value."""
        return bool(_spread(self._feature, self._feature_squares, self.characters)[feature] > 0)

    def correlations(self) -> Floats:
        """Pearson's r of every cell with every column, (cells, 1 + ROLLS, features).

        0 where one of the two never changes. With a feature of 0 and 1 it is the
        point-biserial correlation.
        """
        cell = _spread(self._cell, self._cell_squares, self.characters)
        feature = _spread(self._feature, self._feature_squares, self.characters)
        product = self._products / self.characters
        product -= np.outer(self._cell, self._feature) / self.characters**2
        scale = np.outer(cell, feature)
        r: Floats = np.divide(product, scale, out=np.zeros_like(product), where=scale > 0)
        return r.reshape(len(cell), 1 + ROLLS, len(FEATURES))


def _spread(sums: Floats, squares: Floats, count: int) -> Floats:
    """Standard deviations; 0 where rounding is all there is."""
    variance = squares / count - (sums / count) ** 2
    spread: Floats = np.sqrt(np.where(variance > 1e-9 * squares / count, variance, 0.0))
    return spread
