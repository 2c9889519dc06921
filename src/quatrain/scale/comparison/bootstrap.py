"""Intervals by the bootstrap: the poems of a group are drawn again, with replacement.

Poems are drawn, and not lines, since the lines of a poem are alike (a cluster bootstrap; Davison
and Hinkley, Bootstrap Methods and their Application, 1997, section 3.8). Intervals are percentiles
(Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13).

What no poem of a group has, no resample has either: an interval from 0 to 0 would say that it can't
occur. There the end of the exact interval for none of n poems is taken (Clopper and Pearson,
Biometrika 26, 1934), and the same for what every poem has throughout. A difference from such a
share combines the intervals of both sides (Newcombe, Statistics in Medicine 17, 1998, method 10).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quatrain.records import Estimate
from quatrain.scale.comparison.measures import Amounts

LEVEL = 0.95
"""Level of the intervals, usual in the field."""

_TAIL = (1 - LEVEL) / 2
"""Probability beyond each end of an interval."""

_CELLS = 2_000_000
"""Draws at a time, which bounds the memory."""


@dataclass(frozen=True)
class GroupEstimates:
    """The estimates of a group, and what their differences need.

    Attributes:
        estimates: one for each measure; None where its base is 0.
        resampled: shape (resamples, measures); NaN where the base of a resample is 0.
        bounded: whether the interval has an exact end, shape (measures,).
    """

    estimates: tuple[Estimate | None, ...]
    resampled: np.ndarray
    bounded: np.ndarray


def estimates_of(
    amounts: Amounts, poems: np.ndarray, resamples: int, generator: np.random.Generator
) -> GroupEstimates:
    """Return the estimates of a group with their intervals.

    Args:
        amounts: amounts of all poems.
        poems: numbers of the poems of the group; at least one.
        resamples: how often they are drawn again.
        generator: draws them.
    """
    numerators, bases = amounts.numerators[poems], amounts.bases[poems]
    values = _ratios(numerators.sum(axis=0), bases.sum(axis=0), amounts.base)
    resampled = _resampled(amounts, numerators, bases, resamples, generator)
    low, high = _percentiles(resampled)
    low, high = np.fmin(low, values), np.fmax(high, values)
    divisors = bases[:, amounts.base]
    none, all_ = _extremes(amounts, numerators, divisors)
    counted = np.maximum((divisors > 0).sum(axis=0), 1)
    exact = 100 * (1 - _TAIL ** (1 / counted))  # all extremes are percentages or per 100 lines
    high = np.where(none, exact, high)
    low = np.where(all_, 100 - exact, low)
    estimates = tuple(
        None if np.isnan(value) else Estimate(float(value), float(below), float(above))
        for value, below, above in zip(values, low, high, strict=True)
    )
    return GroupEstimates(estimates, resampled, none | all_)


def differences(first: GroupEstimates, second: GroupEstimates) -> tuple[Estimate | None, ...]:
    """Return the first group less the second, for each measure."""
    low, high = _percentiles(first.resampled - second.resampled)
    bounded = first.bounded | second.bounded
    rows: list[Estimate | None] = []
    pairs = zip(first.estimates, second.estimates, strict=True)
    for place, (one, other) in enumerate(pairs):
        if one is None or other is None:
            rows.append(None)
            continue
        value = one.value - other.value
        if bounded[place]:
            below = value - np.hypot(one.value - one.low, other.high - other.value)
            above = value + np.hypot(one.high - one.value, other.value - other.low)
        else:
            below, above = np.fmin(low[place], value), np.fmax(high[place], value)
        rows.append(Estimate(value, float(below), float(above)))
    return tuple(rows)


def _resampled(
    amounts: Amounts,
    numerators: np.ndarray,
    bases: np.ndarray,
    resamples: int,
    generator: np.random.Generator,
) -> np.ndarray:
    """Return the ratios of resamples of the poems, shape (resamples, measures)."""
    poems = len(numerators)
    at_once = max(1, _CELLS // poems)
    rows = []
    for begin in range(0, resamples, at_once):
        count = min(at_once, resamples - begin)
        draws = generator.integers(0, poems, (count, poems))
        draws += np.arange(count)[:, None] * poems
        times = np.bincount(draws.ravel(), minlength=count * poems).reshape(count, poems)
        times = times.astype(np.float64)  # how often each poem is drawn: (resamples, poems)
        rows.append(_ratios(times @ numerators, times @ bases, amounts.base))
    return np.concatenate(rows)


def _ratios(sums: np.ndarray, bases: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Return sums over their bases, NaN where a base is 0; the last axis is that of measures."""
    divisors = bases[..., base]
    ratios = np.full(sums.shape, np.nan)
    np.divide(sums, divisors, out=ratios, where=divisors > 0)
    return ratios


def _percentiles(resampled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of 95 % intervals over resamples whose base is not 0."""
    low, high = np.percentile(resampled, [100 * _TAIL, 100 * (1 - _TAIL)], axis=0)
    for place in np.flatnonzero(np.isnan(resampled).any(axis=0)):
        column = resampled[:, place]
        column = column[~np.isnan(column)]
        if len(column):
            low[place], high[place] = np.percentile(column, [100 * _TAIL, 100 * (1 - _TAIL)])
    return low, high


def _extremes(
    amounts: Amounts, numerators: np.ndarray, divisors: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return which measures no poem has, and which every poem has throughout."""
    units = np.array([measure.unit for measure in amounts.measures])
    none = ((units == "%") | (units == "per 100 lines")) & (numerators == 0).all(axis=0)
    return none, (units == "%") & (numerators == 100 * divisors).all(axis=0) & ~none
