"""Confidence in a scansion: in a poem's metre, and in a line's marks.

In: the model of a poem. Out: probabilities that are calibrated: of the poems called 80 % sure, 80 %
are right. They come from logistic regressions over a few numbers that say how regular the poem is
and how far its scansions stand above the next best (Platt 1999). `scripts/train_scanner.py` learns
their weights from scanned verse, and from free verse, prose and lists; the docs page on scansion
shows how well they keep what they promise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from quatrain.sound.scansion.batch import Float
from quatrain.sound.scansion.grammar import shipped_tensors
from quatrain.sound.scansion.lattice import Lattice
from quatrain.sound.scansion.poem_model import PoemModel
from quatrain.sound.scansion.poem_prior import ENDING, OPENING, LineFeature

POEM_EVIDENCE = (
    "one",
    "log lines",
    "unusual gaps",
    "unusual beats",
    "usual opening",
    "usual ending",
    "score",
    "spread of lengths",
    "lines of the other kind",
    "evidence for the kind",
    "licences",
    "regularity",
    "log lines by unusual beats",
    "log syllables of a line",
)
"""Evidence for a poem's metre, in the order of `poem_evidence`."""

LINE_EVIDENCE = (
    "one",
    "margin",
    "root of margin",
    "log lines",
    "metre",
    "unusual beats",
    "licences",
)
"""Evidence for a line's marks, in the order of `line_evidence`."""

MAX_KIND_EVIDENCE = 12.0
"""Most log odds of the kind of foot that count, in nats: more says nothing about free verse."""

MAX_LOG_ODDS = 7.0
"""Most log odds of a probability, in nats: a thousand poems can't teach that one in a thousand is
wrong."""


@dataclass(frozen=True, slots=True)
class BestDecodings:
    """The best decoding of each line of a poem.

    Attributes:
        rows: of the poem, (lines,).
        kinds: index of its kind of foot in `KINDS`, (lines,).
        features: counts, (lines, features).
        beat_counts: number of beats, (lines,).
        lengths: syllables, (lines,).
        scores: without what the poem's prior adds, in nats, (lines,).
        off_kind: whether the line leaves the poem's kind of foot, (lines,).
        licences: number of licences, (lines,).
    """

    rows: NDArray[np.intp]
    kinds: NDArray[np.intp]
    features: Float
    beat_counts: NDArray[np.intp]
    lengths: NDArray[np.intp]
    scores: Float
    off_kind: NDArray[np.bool_]
    licences: NDArray[np.intp]

    @classmethod
    def of(cls, model: PoemModel, lattice: Lattice) -> BestDecodings:
        """Return those of a poem.

        Args:
            model: the poem.
            lattice: what its decodings are paths through.
        """
        rows, kinds = model.best()
        lattice_rows = rows + model.rows.start
        decodings = model.decodings
        licences = [len(lattice.rows[row][1].licences) for row in lattice_rows.tolist()]
        return cls(
            rows,
            kinds,
            decodings.features[rows, kinds],
            decodings.beat_counts[rows, kinds],
            lattice.lengths[lattice_rows],
            decodings.scores[rows, kinds],
            kinds != model.kind,
            np.array(licences),
        )

    @property
    def unusual_beats(self) -> NDArray[np.bool_]:
        """Marks of the lines with another number of beats than most, (lines,)."""
        unusual: NDArray[np.bool_] = self.beat_counts != np.bincount(self.beat_counts).argmax()
        return unusual


def poem_evidence(best: BestDecodings, model: PoemModel, regularity: float) -> Float:
    """Return what speaks for and against a poem's metre, as `POEM_EVIDENCE` names it.

    Args:
        best: the best decodings of its lines.
        model: the poem.
        regularity: the share of lines in its metre.
    """
    totals = best.features.sum(axis=0)
    log_lines = np.log(len(best.lengths))
    unusual_gap = LineFeature.DOUBLE_GAP if model.kind else LineFeature.TRIPLE_GAP
    gaps = totals[[LineFeature.CLASH, LineFeature.DOUBLE_GAP, LineFeature.TRIPLE_GAP]].sum()
    unusual_beats = best.unusual_beats.mean()
    return np.array(
        [
            1.0,
            log_lines,
            (totals[LineFeature.CLASH] + totals[unusual_gap]) / max(gaps, 1),
            unusual_beats,
            totals[OPENING].max() / max(totals[OPENING].sum(), 1),
            totals[ENDING].max() / max(totals[ENDING].sum(), 1),
            best.scores.sum() / best.lengths.sum(),  # nats per syllable
            best.lengths.std() / best.lengths.mean(),
            best.off_kind.mean(),
            min(model.kind_evidence, MAX_KIND_EVIDENCE),
            best.licences.mean(),
            regularity,
            log_lines * unusual_beats,
            np.log(best.lengths.mean()),
        ],
        np.float32,
    )


def line_evidence(best: BestDecodings, margins: Sequence[float], metre_confidence: float) -> Float:
    """Return what speaks for each line's marks, (lines, evidence), as `LINE_EVIDENCE` names it.

    Args:
        best: the best decodings of a poem's lines.
        margins: of each line, in nats.
        metre_confidence: probability of the poem's metre.
    """
    count = len(best.lengths)
    margin = np.array(margins)
    columns = (
        np.ones(count),
        margin,
        np.sqrt(margin),
        np.full(count, np.log(count)),
        np.full(count, metre_confidence),
        best.unusual_beats,
        best.licences,
    )
    return np.stack(columns, axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """Weights of the evidence.

    Attributes:
        metre: for a poem said to be in a metre, (poem evidence,).
        free: for a poem said to be free, (poem evidence,).
        line: for a line's marks, (line evidence,).
    """

    metre: Float
    free: Float
    line: Float

    @classmethod
    def untrained(cls) -> ConfidenceModel:
        """Return weights that know nothing: every probability is a half."""
        poem, line = (
            np.zeros(len(POEM_EVIDENCE), np.float32),
            np.zeros(len(LINE_EVIDENCE), np.float32),
        )
        return cls(poem, poem, line)

    def of_poem(self, evidence: Float, *, is_free: bool) -> float:
        """Return the probability that what is said of a poem's metre is right.

        Args:
            evidence: `poem_evidence`.
            is_free: whether it is said to have none.
        """
        return float(_probability(evidence @ (self.free if is_free else self.metre)))

    def of_lines(self, evidence: Float) -> list[float]:
        """Return the probability of each line that its marks are right.

        Args:
            evidence: `line_evidence`.
        """
        probabilities: list[float] = _probability(evidence @ self.line).tolist()
        return probabilities


def _probability(log_odds: Float) -> Float:
    bounded = np.clip(log_odds, -MAX_LOG_ODDS, MAX_LOG_ODDS)
    probability: Float = (1 / (1 + np.exp(-bounded))).astype(np.float32)
    return probability


@cache
def shipped_confidences() -> ConfidenceModel:
    """Open the weights in the package, once."""
    tensors = shipped_tensors()
    return ConfidenceModel(
        tensors["metre_confidence"], tensors["free_confidence"], tensors["line_confidence"]
    )
