"""The grammar of scansions: how well beats and stresses fit a way to say a line.

In: lines' candidates as arrays. Out: scores, the best scansions. The score of a scansion
is a sum of weights (Hayes, Wilson and Shisko 2012, maximum entropy grammars of metre):

    kind(f) + sum over licences of cost
    + sum over syllables of unary(feature, T, s) + before(class, boundary, class, T, s)
                             + after(class, boundary, class, T, s)
    + sum over neighbours of beat(f, T', T, T'') + mark(f, T, s, T', s')

with T whether the metre has a beat at a syllable, s whether the voice stresses it, f the
kind of foot. The
best scansion is found by dynamic programming over (T of the syllable before, T, s), for
many lines at once (Viterbi 1967).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quatrain.sound.candidates import INSIDE, PAUSE

KINDS = ("double", "triple")
"""Feet of two syllables and of three; rising and falling ones differ in how a line begins."""

_K = len(KINDS)

Float = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rows:
    """Candidates of lines as arrays, padded to the longest.

    Attributes:
        unary: what the words' features add, (rows, syllables, kinds, T, s).
        classes: (rows, syllables + 2), an edge at both ends.
        before: the boundary before each syllable, (rows, syllables + 1).
        lengths: syllables, (rows,).
        costs: what the licences add, (rows,).
    """

    unary: Float
    classes: NDArray[np.intp]
    before: NDArray[np.intp]
    lengths: NDArray[np.intp]
    costs: Float


class Grammar:
    """The weights, and what they say of lines."""

    def __init__(
        self, tensors: dict[str, NDArray[Any]], names: Sequence[str], costs: Sequence[str]
    ):
        self.features = dict(zip(names, tensors["unary"], strict=True))
        self.costs = dict(zip(costs, tensors["cost"].tolist(), strict=True))
        self._previous = tensors["previous"]  # (class, boundary, class, kind, T, s)
        self._following = tensors["following"]
        self._beat = tensors["beat"]  # (kind, T before or start, T, T after)
        self._start = tensors["start"]  # (kind, T)
        self._end = tensors["end"]  # (kind, T before, T)
        self._mark = tensors["mark"]  # (kind, T, s, T after, s after)
        self.kind: Float = tensors["foot"]  # (kind,)

    def unary(self, features: Sequence[Sequence[str]]) -> Float:
        """What the features of each syllable add, (syllables, kinds, T, s)."""
        total = np.zeros((len(features), _K, 2, 2), np.float32)
        for place, names in enumerate(features):
            for name in names:
                weight = self.features.get(name)
                if weight is not None:
                    total[place] += weight
        return total

    def potentials(self, rows: Rows) -> Float:
        """Words and neighbours together, (rows, syllables, kinds, T, s)."""
        classes, before = rows.classes, rows.before
        total = rows.unary + self._previous[classes[:, :-2], before[:, :-1], classes[:, 1:-1]]
        following = self._following[classes[:, 1:-1], before[:, 1:], classes[:, 2:]]
        found: Float = total + following
        return found

    def best(self, rows: Rows) -> tuple[Float, NDArray[np.int8], NDArray[np.int8]]:
        """The best scansion of every row under every kind of foot.

        Returns:
            Scores (rows, kinds); beats and stresses, (rows, kinds, syllables), 0 or 1.
        """
        potentials = self.potentials(rows)
        count, longest = potentials.shape[:2]
        step = self._beat[:, :2, :, None, :, None] + self._mark[:, None]  # f a b s c t
        score = self._first(potentials)
        back = np.zeros((longest, count, _K, 2, 2, 2), np.int8)
        final = np.zeros((count, _K, 2, 2, 2), np.float32)
        ended = rows.lengths == 1
        final[ended] = score[ended]
        for place in range(1, longest):
            if place == 1:
                grown = score[..., None, None] + (
                    self._beat[:, 2:3, :, None, :, None] + self._mark[:, None]
                )
            else:
                grown = score[..., None, None] + step
            grown = grown.transpose(0, 1, 3, 5, 6, 2, 4).reshape(count, _K, 2, 2, 2, 4)
            back[place] = grown.argmax(axis=-1)
            score = grown.max(axis=-1) + potentials[:, place, :, None]
            ended = rows.lengths == place + 1
            final[ended] = score[ended]
        final = final + self._end[:, :, :, None]
        flat = final.reshape(count, _K, 8)
        total = flat.max(axis=2) + self.kind + rows.costs[:, None]
        state = flat.argmax(axis=2)
        beats, stresses = self._traced(back, state, rows.lengths)
        return total, beats, stresses

    def margins(self, rows: Rows, feet: NDArray[np.intp]) -> Float:
        """How much worse, in nats, the best scansion is that stresses some syllable otherwise.

        Args:
            rows: candidates.
            feet: the foot of each.

        Returns:
            Shape (rows,). Forward and backward passes give the best score with each syllable
            stressed and not (max-marginals); the smallest gap is the margin.
        """
        count = len(feet)
        each = np.arange(count)
        potentials = self.potentials(rows)[each, :, feet]  # (rows, syllables, T, s)
        longest = potentials.shape[1]
        step = self._beat[feet][:, :2, :, None, :, None] + self._mark[feet][:, None]
        first = self._beat[feet][:, 2:3, :, None, :, None] + self._mark[feet][:, None]
        ahead = np.full((longest, count, 2, 2, 2), -np.inf, np.float32)
        ahead[0, :, 0] = potentials[:, 0] + self._start[feet][:, :, None]
        for place in range(1, longest):
            grown = ahead[place - 1][..., None, None] + (first if place == 1 else step)
            ahead[place] = grown.max(axis=(1, 3)) + potentials[:, place, None]
        behind = np.broadcast_to(self._end[feet][..., None], (count, 2, 2, 2)).copy()
        gaps = np.full(count, np.inf, np.float32)
        for place in range(longest - 1, -1, -1):
            inside = rows.lengths > place
            through = (ahead[place] + behind).max(axis=(1, 2))  # (rows, s)
            gap = np.abs(through[:, 1] - through[:, 0])
            gaps = np.where(inside, np.minimum(gaps, gap), gaps)
            if place == 0:
                break
            later = behind + potentials[:, place, None]  # (rows, b, c, t)
            grown = (first if place == 1 else step) + later[:, None, :, None]
            before = grown.max(axis=(4, 5))
            if place == 1:
                before = np.broadcast_to(before, (count, 2, 2, 2))
            behind = np.where((rows.lengths > place)[:, None, None, None], before, behind)
        return gaps

    def _first(self, potentials: Float) -> Float:
        """Scores at the first syllable, (rows, kinds, T before, T, s); nothing is before it."""
        count = len(potentials)
        score = np.full((count, _K, 2, 2, 2), -np.inf, np.float32)
        score[:, :, 0] = potentials[:, 0] + self._start[:, :, None]
        return score

    def _traced(
        self, back: NDArray[np.int8], state: NDArray[np.intp], lengths: NDArray[np.intp]
    ) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
        longest, count = back.shape[:2]
        beats = np.zeros((count, _K, longest), np.int8)
        stresses = np.zeros((count, _K, longest), np.int8)
        row, foot = np.arange(count)[:, None], np.arange(_K)[None]
        for place in range(longest - 1, -1, -1):
            inside = (lengths > place)[:, None]
            earlier, beat, stress = state >> 2 & 1, state >> 1 & 1, state & 1
            beats[:, :, place] = np.where(inside, beat, 0)
            stresses[:, :, place] = np.where(inside, stress, 0)
            if place:
                came = back[place].reshape(count, _K, 8)[row, foot, state].astype(np.intp)
                before = (came >> 1 & 1) << 2 | earlier << 1 | came & 1
                state = np.where(inside, before, state)
        return beats, stresses


def padded(
    numbers: Sequence[int],
    before: Sequence[int],
    lengths: Sequence[int],
    costs: Sequence[float],
    unary: Float,
    classes: NDArray[np.intp],
) -> Rows:
    """Candidates of different lengths as arrays.

    Args:
        numbers: of every syllable of every candidate, one after another.
        before: the boundary before each.
        lengths: syllables of each candidate.
        costs: what each candidate's licences add.
        unary: what each number adds, (numbers, kinds, T, s); number 0 adds nothing.
        classes: the class of each number; that of number 0 is an edge.
    """
    counts = np.array(lengths, np.intp)
    longest = int(counts.max(initial=1))
    inside = np.arange(longest) < counts[:, None]
    places = np.zeros((len(counts), longest + 2), np.intp)
    places[:, 1:-1][inside] = numbers
    all_before = np.full((len(counts), longest + 1), PAUSE, np.intp)
    all_before[:, :-1][inside] = before
    all_before[:, 0] = INSIDE
    return Rows(
        unary[places[:, 1:-1]], classes[places], all_before, counts, np.array(costs, np.float32)
    )


@cache
def shipped() -> Grammar:
    """The weights in the package, opened once."""
    from safetensors import safe_open

    path = resources.files("quatrain.sound") / "data" / "scanner.safetensors"
    with resources.as_file(path) as file, safe_open(file, framework="np") as opened:
        tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
        metadata = opened.metadata()
        return Grammar(tensors, json.loads(metadata["features"]), json.loads(metadata["costs"]))
