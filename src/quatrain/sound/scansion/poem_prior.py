"""A poem's prior over decodings: what its lines have in common, beyond their kind of foot.

In: how the lines of a poem are decoded. Out: log weights that favour decodings like the rest of
the poem. Verse is regular in its own way: one poem never has three syllables between two
beats, another has them in every line; one opens on a beat, another before it. A decoding gains
by each feature that the poem shows more often than verse at large: the logarithm of the
poem's share divided by the usual share. While the poem's lines are few, its share is smoothed
towards the usual one (a Dirichlet prior).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]

MAX_SYLLABLES = 40
"""Syllables of the longest line that is scanned; a longer one is prose."""


class LineFeature(IntEnum):
    """Features of a decoded line; each is counted."""

    OPENS_ON_BEAT = 0
    OPENS_AFTER_ONE = 1  # syllable off the beat
    OPENS_AFTER_MORE = 2
    ENDS_ON_BEAT = 3
    ENDS_AFTER_ONE = 4
    ENDS_AFTER_MORE = 5
    CLASH = 6  # a beat, and the next one syllable on
    DOUBLE_GAP = 7  # two syllables on
    TRIPLE_GAP = 8  # three or more
    FALLING_START = 9  # the first syllable is on a beat, and stressed
    BEAT = 10


OPENING, ENDING, GAP = slice(0, 3), slice(3, 6), slice(6, 9)


class FeatureGroup(NamedTuple):
    """Features that exclude each other, and how much the poem's share of them counts.

    Attributes:
        features: the group's places among the features.
        strength: factor on the log weights.
        prior_count: sightings that the shares in verse at large count for.
    """

    features: slice
    strength: float
    prior_count: float


FEATURE_GROUPS = (
    FeatureGroup(OPENING, 1.4, 6.0),
    FeatureGroup(ENDING, 0.9, 3.0),
    FeatureGroup(GAP, 1.2, 20.0),
)
"""`scripts/train_scanner.py`'s cross-validation chose the numbers."""

_BEAT_COUNT_SMOOTHING = 0.15
"""Sightings added to each number of beats, of which eight count as possible."""


def line_features(
    beats: NDArray[np.int8], stresses: NDArray[np.int8], lengths: NDArray[np.intp]
) -> Float:
    """Count the features of every decoding.

    Args:
        beats: (rows, kinds, syllables), 0 or 1, 0 past a row's end.
        stresses: the same shape.
        lengths: syllables, (rows,).

    Returns:
        Counts, (rows, kinds, features).
    """
    on = beats.astype(bool)
    beat_counts = on.sum(axis=2)
    any_beat = beat_counts > 0
    first = np.where(any_beat, on.argmax(axis=2), 2)
    last = on.shape[2] - 1 - on[:, :, ::-1].argmax(axis=2)
    after = np.where(any_beat, lengths[:, None] - 1 - last, 2)
    counts = np.zeros((*beat_counts.shape, len(LineFeature)), np.float32)
    counts[..., OPENING] = np.minimum(first, 2)[..., None] == np.arange(3)
    counts[..., LineFeature.OPENS_AFTER_MORE] *= lengths[:, None] > 1
    counts[..., ENDING] = np.minimum(after, 2)[..., None] == np.arange(3)
    counts[..., LineFeature.CLASH] = (on[:, :, :-1] & on[:, :, 1:]).sum(axis=2)
    arrived = ~on[:, :, 1:-1] & on[:, :, 2:]
    counts[..., LineFeature.DOUBLE_GAP] = (on[:, :, :-2] & arrived).sum(axis=2)
    counts[..., LineFeature.TRIPLE_GAP] = (~on[:, :, :-2] & arrived)[:, :, 1:].sum(axis=2)
    counts[..., LineFeature.FALLING_START] = on[:, :, 0] & (stresses[:, :, 0] > 0)
    counts[..., LineFeature.BEAT] = beat_counts
    return counts


@dataclass(frozen=True, slots=True)
class PoemPrior:
    """Log weights of what a poem's lines do.

    Attributes:
        feature_weights: (features,).
        beat_count_weights: of each number of beats, (LONGEST + 1,).
    """

    feature_weights: Float
    beat_count_weights: Float

    @classmethod
    def neutral(cls, falling_bonus: float) -> PoemPrior:
        """Return the prior of a line by itself.

        Args:
            falling_bonus: what a stressed first beat is worth in a poem whose lines all open on
                a beat; a line by itself gets half of it.
        """
        weights = np.zeros(len(LineFeature), np.float32)
        weights[LineFeature.FALLING_START] = falling_bonus / 2
        return cls(weights, np.zeros(MAX_SYLLABLES + 1, np.float32))

    @classmethod
    def fit(
        cls,
        features: Float,
        beat_counts: NDArray[np.intp],
        probabilities: NDArray[np.float64],
        lines: int,
        usual_shares: Float,
        falling_bonus: float,
    ) -> PoemPrior:
        """Return the prior that expected counts over a poem's decodings give.

        Args:
            features: counts in the decodings, (decodings, features).
            beat_counts: beats of each decoding.
            probabilities: of each decoding within its line, (decodings,).
            lines: number of lines the decodings are of.
            usual_shares: of openings, endings and gaps in verse at large, (9,).
            falling_bonus: see `neutral`.
        """
        expected = probabilities @ features
        weights = np.zeros(len(LineFeature), np.float32)
        for group, strength, prior_count in FEATURE_GROUPS:
            usual = usual_shares[group]
            share = (expected[group] + prior_count * usual) / (expected[group].sum() + prior_count)
            weights[group] = strength * np.log(share / usual)
        on_beat = expected[LineFeature.OPENS_ON_BEAT] / max(1e-9, expected[OPENING].sum())
        weights[LineFeature.FALLING_START] = falling_bonus * on_beat if on_beat > 0.5 else 0.0
        by_count = (
            np.bincount(beat_counts, probabilities, MAX_SYLLABLES + 1) + _BEAT_COUNT_SMOOTHING
        )
        beat_count_weights = np.log(by_count / (lines + 8 * _BEAT_COUNT_SMOOTHING))
        return cls(weights, beat_count_weights.astype(np.float32))

    def score(self, features: Float, beat_counts: NDArray[np.intp]) -> Float:
        """Return what the prior adds to decodings, given their features and numbers of beats."""
        added: Float = features @ self.feature_weights + self.beat_count_weights[beat_counts]
        return added

    def is_typical(self, features: Float) -> NDArray[np.bool_]:
        """Return whether decodings have the poem's favourite feature of every group, and no other.

        Args:
            features: counts, (..., features).
        """
        typical = np.ones(features.shape[:-1], bool)
        for group, _, _ in FEATURE_GROUPS:
            rarer = self.feature_weights[group] < self.feature_weights[group].max()
            typical &= ~(features[..., group][..., rarer] > 0).any(axis=-1)
        return typical
