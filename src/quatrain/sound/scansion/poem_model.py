"""The model of a poem: its kind of foot, its prior, and the decodings that suit both best.

In: the decodings of its lines (`lattice`). Out: of each line the best decoding. The lines
together decide the poem's kind of foot; expectation-maximisation (EM) fits the poem's prior.
Then `rescore` decodes lines that do not fit the poem again, under its prior, because what the
poem would prefer may not have been the best decoding of that line by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from quatrain.sound.scansion.batch import Float
from quatrain.sound.scansion.grammar import KINDS, MetricalGrammar
from quatrain.sound.scansion.lattice import Decodings, Lattice
from quatrain.sound.scansion.poem_prior import LineFeature, PoemPrior

EM_ROUNDS = 3
"""Rounds of expectation-maximisation for a poem's prior; it changes little after two."""

RESCORING_PASSES = 2
"""Passes in which atypical lines are decoded again and the prior is fitted to the result."""

BEAT_BONUSES = (1.5, 4.0)
"""Bonus of each beat, in nats, tried in turn on lines with fewer beats than the poem's others.

Lines with more beats get it as a penalty.
"""

MAJORITY = 0.6
"""Share of a poem's lines from which on their number of beats is the usual one."""

KIND_BONUSES = np.array([0.0, 1.7], np.float32)
"""Bonus of each kind of foot, in nats per line, (kinds,).

Feet of three get one because their lines have fewer ways to be regular.

Set by `scripts/train_scanner.py`'s cross-validation: from 1.5 to 1.9 nothing changes. With 1.2,
*The Charge of the Light Brigade* is iambic; with 2.4, iambic poems with many inversions are not.
"""

OFF_METRE_PENALTY = -5.0
"""Penalty, in nats, of a line that leaves the kind of foot of its poem."""


class PoemModel:
    """The model of one poem: what its lines have in common, and their decodings.

    Rows are candidates. Methods count rows and lines from the poem's first; `rows` says where
    the poem's rows are in the lattice.

    Args:
        grammar: where the weights of priors come from.
        decodings: of the poem's rows; the model overwrites them when it rescores.
        independent_scores: of the poem's rows, each as a line by itself, (rows, kinds).
        lattice_bounds: where the rows of each line begin in the lattice, and where those of the
            last end.

    Attributes:
        decodings: as they are now.
        rows: in the lattice.
        starts: the first row of each line that has any.
        sizes: rows of each such line.
        kind: index of its kind of foot in `KINDS`.
        kind_evidence: by how much, in nats, its lines favour that kind over the other.
        prior: fitted to its lines.
    """

    def __init__(
        self,
        grammar: MetricalGrammar,
        decodings: Decodings,
        independent_scores: Float,
        lattice_bounds: list[int],
    ) -> None:
        self._grammar = grammar
        self.decodings = decodings
        first, last = lattice_bounds[0], lattice_bounds[-1]
        self.rows = slice(first, last)
        self.starts = np.array(
            [start - first for start, end in pairwise(lattice_bounds) if end > start]
        )
        self.sizes = np.diff(self.starts, append=last - first)
        self.kind, self.kind_evidence = self._decide_kind(independent_scores)
        self._neutral = [PoemPrior.neutral(float(bonus)) for bonus in grammar.falling_bonus]
        self.prior = self._neutral[self.kind]
        self._kind_penalties = np.full(len(KINDS), OFF_METRE_PENALTY, np.float32)
        self._kind_penalties[self.kind] = 0.0
        if self.has_several_lines:
            self.fit_prior()

    @property
    def has_several_lines(self) -> bool:
        """True if there are enough lines to have something in common."""
        return len(self.starts) > 1

    def _decide_kind(self, independent_scores: Float) -> tuple[int, float]:
        """Return the likeliest kind of foot of all lines together, and its lead in nats."""
        # Each line's score contains the weight of its kind of foot; a poem counts it once.
        kind_weights = self._grammar.kind_weights
        best = np.maximum.reduceat(independent_scores, self.starts, axis=0) - kind_weights
        evidence = best.sum(axis=0) + kind_weights + len(self.starts) * KIND_BONUSES
        kind = int(np.argmax(evidence))
        return kind, float(evidence[kind] - np.delete(evidence, kind).max())

    def fit_prior(self) -> None:
        """Fit the prior to the decodings by expectation-maximisation.

        E: how likely each decoding of a line is under the prior so far. M: the prior that the
        expected counts of features give.
        """
        features = self.decodings.features[:, self.kind]
        beat_counts = self.decodings.beat_counts[:, self.kind]
        for _ in range(EM_ROUNDS):
            scores = self.decodings.scores[:, self.kind] + self.prior.score(features, beat_counts)
            best = np.maximum.reduceat(scores, self.starts)
            share = np.exp(scores - np.repeat(best, self.sizes)).astype(np.float64)
            share /= np.repeat(np.add.reduceat(share, self.starts), self.sizes)
            self.prior = PoemPrior.fit(
                features,
                beat_counts,
                share,
                len(self.starts),
                self._grammar.usual_shares[self.kind],
                float(self._grammar.falling_bonus[self.kind]),
            )

    def scores(self) -> Float:
        """Return the score of every decoding in this poem, (rows, kinds)."""
        scores = self.decodings.scores + self._kind_penalties
        for kind in range(len(KINDS)):
            prior = self.prior if kind == self.kind else self._neutral[kind]
            scores[:, kind] += prior.score(
                self.decodings.features[:, kind], self.decodings.beat_counts[:, kind]
            )
        return scores

    def best(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the row and the kind of foot of each line's best decoding, two arrays (lines,)."""
        scores = self.scores()
        best = np.maximum.reduceat(scores.max(axis=1), self.starts)
        is_best = scores == np.repeat(best, self.sizes)[:, None]
        rows, kinds = np.nonzero(is_best)
        # Of equally good decodings of a line, take the first.
        lines = np.searchsorted(self.starts, rows, side="right") - 1
        _, first = np.unique(lines, return_index=True)
        return rows[first], kinds[first]

    def feature_weights(self) -> Float:
        """Return the weights its lines are decoded with, (kinds, features)."""
        weights = np.stack([prior.feature_weights for prior in self._neutral])
        weights[self.kind] = self.prior.feature_weights
        return weights

    def atypical_rows(self) -> NDArray[np.intp]:
        """Return the rows of lines whose best decoding lacks one of the poem's usual features."""
        rows, kinds = self.best()
        typical = self.prior.is_typical(self.decodings.features[rows, kinds])
        return self._rows_of(np.flatnonzero(~(typical & (kinds == self.kind))))

    def off_length_rows(self) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Return the rows of lines with another number of beats than most.

        Returns:
            The rows, and for each 1 if its line has too few beats, -1 if too many. None, if
            no number of beats is that of a majority.
        """
        counts = self.decodings.beat_counts[self.best()]
        usual = int(np.bincount(counts).argmax())
        settled = (counts == usual).mean() >= MAJORITY
        lines = np.flatnonzero((counts != usual) & settled)
        signs = np.sign(usual - counts[lines]).astype(np.float32)
        return self._rows_of(lines), np.repeat(signs, self.sizes[lines])

    def keep_if_better(self, rows: NDArray[np.intp], new: Decodings) -> None:
        """Overwrite the decodings of rows, in place, where the new ones suit the poem better.

        Args:
            rows: of the poem.
            new: a decoding for each, under the poem's kind of foot.
        """
        kind, old = self.kind, self.decodings
        old_scores = old.scores[rows, kind] + self.prior.score(
            old.features[rows, kind], old.beat_counts[rows, kind]
        )
        new_scores = new.scores[:, kind] + self.prior.score(
            new.features[:, kind], new.beat_counts[:, kind]
        )
        better = np.flatnonzero(new_scores > old_scores)
        old.overwrite_in_place(rows[better], new, better, kind)

    def margins(self, lattice: Lattice) -> list[float]:
        """Return, per line, how much worse the best decoding with another stress is, in nats."""
        rows, kinds = self.best()
        return lattice.margins(rows + self.rows.start, kinds, self.feature_weights()[None])

    def _rows_of(self, lines: NDArray[np.intp]) -> NDArray[np.intp]:
        chosen = np.zeros(len(self.starts), bool)
        chosen[lines] = True
        return np.flatnonzero(np.repeat(chosen, self.sizes))


def rescore(lattice: Lattice, models: Sequence[PoemModel]) -> None:
    """Decode lines that do not fit their poem again, under its prior, in place.

    First lines that lack a usual feature, with the prior fitted again after each pass; then lines
    of another length than the poem's others, with a bonus (or penalty) on every beat, first a
    small one, then a large one.
    """
    if not models:
        return
    for _ in range(RESCORING_PASSES):
        atypical = [model.atypical_rows() for model in models]
        _decode_again(lattice, models, atypical)
        for model, rows in zip(models, atypical, strict=True):
            if len(rows):
                model.fit_prior()
    for bonus in BEAT_BONUSES:
        off_length = [model.off_length_rows() for model in models]
        beat_bonuses = np.concatenate([bonus * signs for _, signs in off_length])
        _decode_again(lattice, models, [rows for rows, _ in off_length], beat_bonuses)


def _decode_again(
    lattice: Lattice,
    models: Sequence[PoemModel],
    rows: Sequence[NDArray[np.intp]],
    beat_bonuses: Float | None = None,
) -> None:
    """Decode rows of several poems again, all at once; each keeps what suits it better.

    Args:
        lattice: all rows.
        models: the poems.
        rows: of each poem.
        beat_bonuses: what each beat is worth besides, for each of the rows.
    """
    sizes = [len(poem_rows) for poem_rows in rows]
    if not sum(sizes):
        return
    weights = np.repeat(np.stack([model.feature_weights() for model in models]), sizes, axis=0)
    if beat_bonuses is not None:
        weights[..., LineFeature.BEAT] = beat_bonuses[:, None]
    in_lattice = [
        poem_rows + model.rows.start for model, poem_rows in zip(models, rows, strict=True)
    ]
    decodings = lattice.decode(np.concatenate(in_lattice), weights)
    start = 0
    for model, poem_rows, size in zip(models, rows, sizes, strict=True):
        if size:
            model.keep_if_better(poem_rows, decodings.view(slice(start, start + size)))
        start += size
