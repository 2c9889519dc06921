"""Candidates of many lines, decoded together.

In: the ways to say lines. Out: for every candidate and every kind of foot the best scansion, its
beats, stresses and features; and other decodings, when a poem asks for them (`poem_model`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quatrain.sound.scansion.batch import CandidateBatch, Float, pad_candidates
from quatrain.sound.scansion.candidates import BETWEEN, INSIDE, PAUSE, Candidate, LineCandidates
from quatrain.sound.scansion.features import SyllableClass, Variant
from quatrain.sound.scansion.grammar import KINDS, UNTRAINED_LICENCE, MetricalGrammar
from quatrain.sound.scansion.poem_prior import PoemPrior, line_features

_BITS_TO_MARKS = bytes.maketrans(b"\0\1", b"-+")
"""Table for `bytes.translate`: 0 becomes -, 1 becomes +."""


class PotentialTable:
    """Potentials and neighbour classes of all syllables met so far, numbered.

    Number 0 is no syllable: an edge, with nothing to add.

    Attributes:
        known: the numbers of a variant's syllables, by the variant's identity.
        unary: what the features of each number add, (numbers, kinds, beat, stressed); the
            table is longer than what is known.
        neighbour_classes: by number.
        word_initial: whether a syllable is its word's first, by number.
    """

    def __init__(self, grammar: MetricalGrammar) -> None:
        self._grammar = grammar
        # Keeping the variants alive keeps their identities from being used again.
        self._variants: list[Variant] = []
        self._count = 1
        self.known: dict[int, list[int]] = {}
        self.unary: Float = np.zeros((1024, len(KINDS), 2, 2), np.float32)
        self.neighbour_classes = np.full(1024, int(SyllableClass.EDGE), np.intp)
        self.word_initial = np.zeros(1024, bool)

    def add(self, variant: Variant) -> list[int]:
        """Give the syllables of a variant new numbers, and return them."""
        classes = variant.neighbour_classes
        if not classes:
            return []
        start, end = self._count, self._count + len(classes)
        while end > len(self.neighbour_classes):
            self.unary, self.neighbour_classes, self.word_initial = (
                np.concatenate((table, np.zeros_like(table)))
                for table in (self.unary, self.neighbour_classes, self.word_initial)
            )
        self.unary[start:end] = self._grammar.unary(variant.features)
        self.neighbour_classes[start:end] = classes
        self.word_initial[start] = True
        self._count = end
        self._variants.append(variant)
        numbers = self.known[id(variant)] = list(range(start, end))
        return numbers


@dataclass(slots=True)
class Decodings:
    """The best scansion of every row under every kind of foot.

    Mutable: rescoring a poem overwrites decodings in place.

    Attributes:
        scores: under the grammar, without what the poem's prior adds, (rows, kinds).
        beats, stresses: (rows, kinds, syllables), 0 or 1.
        features: counts, (rows, kinds, features).
        beat_counts: number of beats, (rows, kinds).
    """

    scores: Float
    beats: NDArray[np.int8]
    stresses: NDArray[np.int8]
    features: Float
    beat_counts: NDArray[np.intp]

    def view(self, rows: slice) -> Decodings:
        """Return some of the rows, sharing memory with all of them."""
        return Decodings(
            self.scores[rows],
            self.beats[rows],
            self.stresses[rows],
            self.features[rows],
            self.beat_counts[rows],
        )

    def overwrite_in_place(
        self, rows: NDArray[np.intp], new: Decodings, new_rows: NDArray[np.intp], kind: int
    ) -> None:
        """Overwrite the decodings `rows` with `new_rows` of `new`, for one kind of foot."""
        self.scores[rows, kind] = new.scores[new_rows, kind]
        self.features[rows, kind] = new.features[new_rows, kind]
        self.beat_counts[rows, kind] = new.beat_counts[new_rows, kind]
        longest = new.beats.shape[2]
        self.beats[rows, kind, :longest] = new.beats[new_rows, kind]
        self.stresses[rows, kind, :longest] = new.stresses[new_rows, kind]

    def marks(self, row: int, kind: int, length: int) -> tuple[str, str]:
        """Return beats and stresses of one decoding of `length` syllables, as - and +."""
        beats = self.beats[row, kind, :length].tobytes()
        stresses = self.stresses[row, kind, :length].tobytes()
        return beats.translate(_BITS_TO_MARKS).decode(), stresses.translate(_BITS_TO_MARKS).decode()


class Lattice:
    """All candidates of a block of lines, ready to be decoded.

    Attributes:
        grammar: what scores them.
        rows: a line's candidates and one of them, for each row.
        lengths: syllables, (rows,).
    """

    def __init__(
        self,
        grammar: MetricalGrammar,
        table: PotentialTable,
        rows: list[tuple[LineCandidates, Candidate]],
    ) -> None:
        self.grammar, self.rows = grammar, rows
        numbers: list[int] = []
        lengths: list[int] = []
        licence_costs: list[float] = []
        after_pause: list[int] = []
        known, cost_of = table.known, grammar.licence_costs
        for line, candidate in rows:
            start = len(numbers)
            words = [known.get(id(variant)) or table.add(variant) for variant in candidate.variants]
            if True in line.pauses:
                for place, syllables in enumerate(words):
                    if line.pauses[place] and syllables:
                        after_pause.append(len(numbers))
                    numbers += syllables
            else:  # the usual line, which the loop above would treat alike, but slower
                for syllables in words:
                    numbers += syllables
            lengths.append(len(numbers) - start)
            licence_costs.append(
                sum([cost_of.get(name, UNTRAINED_LICENCE) for name in candidate.licences])
            )
        boundaries = np.where(table.word_initial[numbers], BETWEEN, INSIDE)
        boundaries[after_pause] = PAUSE
        self._batch = pad_candidates(
            numbers, boundaries, lengths, licence_costs, table.unary, table.neighbour_classes
        )
        self.lengths: NDArray[np.intp] = self._batch.lengths

    def decode_independently(self) -> tuple[Decodings, Float]:
        """Decode every row as a line by itself.

        Returns:
            The decodings, and their scores with what the neutral prior adds, (rows, kinds).
        """
        neutral = [PoemPrior.neutral(float(bonus)) for bonus in self.grammar.falling_bonus]
        weights = np.stack([prior.feature_weights for prior in neutral])
        decodings = self._decode(self._batch, weights[None])
        independent_scores = decodings.scores + (decodings.features * weights).sum(axis=2)
        return decodings, independent_scores

    def decode(self, rows: NDArray[np.intp], feature_weights: Float) -> Decodings:
        """Decode some rows again; `feature_weights` as for `MetricalGrammar.best`."""
        return self._decode(self._batch.select(rows), feature_weights)

    def _decode(self, batch: CandidateBatch, feature_weights: Float) -> Decodings:
        scores, beats, stresses = self.grammar.best(batch, feature_weights)
        features = line_features(beats, stresses, batch.lengths)
        scores = scores - (features * feature_weights).sum(axis=2)
        return Decodings(scores, beats, stresses, features, beats.sum(axis=2, dtype=np.intp))

    def margins(
        self, rows: NDArray[np.intp], kinds: NDArray[np.intp], feature_weights: Float
    ) -> list[float]:
        """Return the margin of each of some rows; see `MetricalGrammar.margins`."""
        margins = self.grammar.margins(self._batch.select(rows), kinds, feature_weights)
        values: list[float] = margins.tolist()
        return values
