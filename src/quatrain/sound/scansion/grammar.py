"""The grammar of scansions: how well beats and stresses fit a way to say a line.

In: lines' candidates as arrays. Out: scores, the best scansions. The score of a scansion
is a sum of weights (Hayes, Wilson and Shisko 2012, maximum entropy grammars of metre):

    kind(f) + sum over licences of cost
    + sum over syllables of unary(feature, T, s) + before(class, boundary, class, T, s)
                             + after(class, boundary, class, T, s)
    + sum over neighbours of beat(f, T', T, T'') + mark(f, T, s, T', s')
    + sum over beats side by side of clash(f, boundary)
    + sum over traits of the poem's manner

with T whether the metre has a beat at a syllable, s whether the voice stresses it, f the
kind of foot; before and after weigh the syllables' classes and their words' parts of speech.
The best scansion is found by dynamic programming over (T of the syllable before, T, s), for
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

from quatrain.sound.scansion.candidates import INSIDE, PAUSE
from quatrain.sound.scansion.features import Class
from quatrain.sound.scansion.parts_of_speech import Part
from quatrain.sound.scansion.poem_prior import Trait

KINDS = ("double", "triple")
"""Feet of two syllables and of three; rising and falling ones differ in how a line begins."""

_K = len(KINDS)

Float = NDArray[np.float32]

GROUP = np.array([{"PRIMARY": 1, "SECONDARY": 1, "BEFORE": 2, "AFTER": 2}.get(each.name, 0)
                  for each in Class])  # fmt: skip
"""Of each class: 0 a word of one syllable, 1 a stressed syllable of several, 2 an unstressed."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Candidates of lines as arrays, padded to the longest.

    Attributes:
        unary: what the words' features add, (rows, syllables, kinds, T, s).
        looks: class and part of speech of each (`Variant.looks`), (rows, syllables + 2), an
            edge at both ends.
        before: the boundary before each syllable, (rows, syllables + 1).
        lengths: syllables, (rows,).
        costs: what the licences add, (rows,).
    """

    unary: Float
    looks: NDArray[np.intp]
    before: NDArray[np.intp]
    lengths: NDArray[np.intp]
    costs: Float

    def some(self, chosen: NDArray[np.intp]) -> Rows:
        """Some of the rows, in the order given."""
        lengths = self.lengths[chosen]
        longest = int(lengths.max(initial=1))
        return Rows(
            self.unary[chosen, :longest], self.looks[chosen, : longest + 2],
            self.before[chosen, : longest + 1], lengths, self.costs[chosen],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Steps:
    """What beats and stresses add by where they stand, for every row, or once for all.

    Attributes:
        start: (kinds, T, s, rows).
        first, second, later: from the first syllable to the second, from there to the third,
            and on: (kinds, T before, T, s, T after, s after, rows); before the first is no T.
        end: (kinds, T before, T, s, rows).
    """

    start: Float
    first: Float
    second: Float
    later: Float
    end: Float

    def to(self, place: int) -> Float:
        """Those that lead to a syllable, counted from 0."""
        return self.first if place == 1 else self.second if place == 2 else self.later

    def of(self, kinds: NDArray[np.intp]) -> _Steps:
        """Of one kind of foot for each row, kept as the only kind."""
        each = np.arange(len(kinds)) if self.start.shape[-1] > 1 else np.zeros_like(kinds)
        return _Steps(
            *(
                np.ascontiguousarray(np.moveaxis(table[kinds, ..., each], 0, -1)[None])
                for table in (self.start, self.first, self.second, self.later, self.end)
            )
        )


class Grammar:
    """The weights, and what they say of lines."""

    def __init__(
        self, tensors: dict[str, NDArray[Any]], names: Sequence[str], costs: Sequence[str]
    ):
        self.features = dict(zip(names, tensors["unary"], strict=True))
        self.costs = dict(zip(costs, tensors["cost"].tolist(), strict=True))
        # (look, boundary, look, kind, T, s)
        self._previous = _joined(tensors["previous"], tensors["previous_part"], of_second=True)
        self._following = _joined(tensors["following"], tensors["following_part"], of_second=False)
        self._beat = tensors["beat"]  # (kind, T before or start, T, T after)
        self._clash = tensors["clash"]  # (kind, boundary), for two beats side by side
        self._start = tensors["start"]  # (kind, T)
        self._end = tensors["end"]  # (kind, T before, T)
        self._mark = tensors["mark"]  # (kind, T, s, T after, s after)
        self.kind: Float = tensors["foot"]  # (kind,)
        self.falling: Float = tensors["falling"]  # (kind,), what `Manner.unknown` takes
        self.usual: Float = tensors["usual"]  # (kind, 9), what `Manner.of_shares` takes

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
        looks, before = rows.looks, rows.before
        total = rows.unary + self._previous[looks[:, :-2], before[:, :-1], looks[:, 1:-1]]
        following = self._following[looks[:, 1:-1], before[:, 1:], looks[:, 2:]]
        found: Float = total + following
        return found

    def _steps(self, manners: Float) -> _Steps:
        """What beats add by where they stand; `manners` as for `best`."""
        trait = np.ascontiguousarray(manners.transpose(2, 1, 0))  # (traits, kinds, rows)
        count = len(manners)
        start = np.repeat(self._start[:, :, None, None], 2, axis=2).repeat(count, axis=3)
        start[:, 1] += trait[Trait.OPENS_ON_BEAT, :, None]
        start[:, 1, 1] += trait[Trait.FALLEN]
        beat, mark = self._beat[:, :, :, None, :, None, None], self._mark[:, None, ..., None]
        first = np.repeat(beat[:, 2:3] + mark, count, axis=-1)
        first[:, 0, 0, :, 1] += trait[Trait.OPENS_AFTER_ONE, :, None, None]
        first[:, 0, 0, :, 0] += trait[Trait.OPENS_AFTER_MORE, :, None, None]
        first[:, 0, 1, :, 1] += trait[Trait.CLASH, :, None, None]
        second = np.repeat(beat[:, :2] + mark, count, axis=-1)
        second[:, :, 1, :, 1] += trait[Trait.CLASH, :, None, None, None]
        second[:, 1, 0, :, 1] += trait[Trait.DOUBLE, :, None, None]
        later = second.copy()
        later[:, 0, 0, :, 1] += trait[Trait.TRIPLE, :, None, None]
        end = np.repeat(self._end[..., None, None], count, axis=-1)
        end[:, :, 1] += trait[Trait.ENDS_ON_BEAT, :, None, None]
        end[:, 1, 0] += trait[Trait.ENDS_AFTER_ONE, :, None]
        end[:, 0, 0] += trait[Trait.ENDS_AFTER_MORE, :, None]
        return _Steps(start, first, second, later, end)

    def best(self, rows: Rows, manners: Float) -> tuple[Float, NDArray[np.int8], NDArray[np.int8]]:
        """The best scansion of every row under every kind of foot.

        Args:
            rows: candidates.
            manners: what each trait adds, (rows, kinds, traits), or (1, kinds, traits) for all.

        Returns:
            Scores (rows, kinds), the traits' share in them included; beats and stresses,
            (rows, kinds, syllables), 0 or 1.
        """
        potentials = _rows_last(self.potentials(rows))  # (syllables, kinds, T, s, rows)
        potentials[:, :, 1] += manners[..., Trait.BEAT].T[:, None]
        steps = self._steps(manners)
        longest, count = len(potentials), potentials.shape[-1]
        score = _first(potentials, steps)  # (kinds, T before, T, s, rows)
        back = np.zeros((longest, _K, 2, 2, 2, count), np.int8)
        final = score.copy()
        for place in range(1, longest):
            grown = score[:, :, :, :, None, None] + steps.to(place)
            grown[:, :, 1, :, 1] += self._clash[:, None, None, None, rows.before[:, place]]
            earlier = grown[:, 1] > grown[:, 0]
            either = np.maximum(grown[:, 0], grown[:, 1])  # (kinds, T, s, T after, s after, rows)
            stressed = either[:, :, 1] > either[:, :, 0]
            earlier = np.where(stressed, earlier[:, :, 1], earlier[:, :, 0])
            back[place] = earlier * np.int8(2) + stressed
            score = np.maximum(either[:, :, 0], either[:, :, 1]) + potentials[place, :, None]
            ended = rows.lengths == place + 1
            final[..., ended] = score[..., ended]
        flat = (final + steps.end).reshape(_K, 8, count)
        total = flat.max(axis=1).T + self.kind + rows.costs[:, None]
        beats, stresses = self._traced(back, flat.argmax(axis=1), rows.lengths)
        return total, beats, stresses

    def margins(self, rows: Rows, kinds: NDArray[np.intp], manners: Float) -> Float:
        """How much worse, in nats, the best scansion is that stresses some syllable otherwise.

        Args:
            rows: candidates.
            kinds: the kind of foot of each.
            manners: as for `best`.

        Returns:
            Shape (rows,). Forward and backward passes give the best score with each syllable
            stressed and not (max-marginals); the smallest gap is the margin.
        """
        count = len(kinds)
        each = np.arange(count)
        potentials = _rows_last(self.potentials(rows)[each, :, kinds][:, :, None])
        beat = np.broadcast_to(manners[..., Trait.BEAT], (count, _K))[each, kinds]
        potentials[:, :, 1] += beat
        steps = self._steps(manners).of(kinds)
        longest = len(potentials)
        clash = self._clash[kinds[:, None], rows.before].T  # (syllables + 1, rows)
        ahead = [_first(potentials, steps)]
        for place in range(1, longest):
            grown = ahead[-1][:, :, :, :, None, None] + steps.to(place)
            grown[:, :, 1, :, 1] += clash[place]
            ahead.append(grown.max(axis=(1, 3)) + potentials[place, :, None])
        behind = np.broadcast_to(steps.end, (1, 2, 2, 2, count))
        gaps = np.full(count, np.inf, np.float32)
        for place in range(longest - 1, -1, -1):
            inside = rows.lengths > place
            through = (ahead[place] + behind).max(axis=(0, 1, 2))  # (s, rows)
            gaps = np.where(inside, np.minimum(gaps, np.abs(through[1] - through[0])), gaps)
            if place == 0:
                break
            later = behind + potentials[place, :, None]  # (1, T, T after, s after, rows)
            grown = steps.to(place) + later[:, None, :, None]
            grown[:, :, 1, :, 1] += clash[place]
            before = np.broadcast_to(grown.max(axis=(4, 5)), (1, 2, 2, 2, count))
            behind = np.where(inside, before, behind)
        return gaps

    def _traced(
        self, back: NDArray[np.int8], state: NDArray[np.intp], lengths: NDArray[np.intp]
    ) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
        """Beats and stresses, (rows, kinds, syllables), back from the states at the ends.

        Args:
            back: where each state came from, (syllables, kinds, T before, T, s, rows).
            state: at the end of each row, (kinds, rows).
            lengths: (rows,).
        """
        longest, count = len(back), back.shape[-1]
        marks = np.zeros((2, count, _K, longest), np.int8)
        kind, row = np.arange(_K)[:, None], np.arange(count)[None]
        for place in range(longest - 1, -1, -1):
            inside = lengths > place
            earlier, beat, stress = state >> 2 & 1, state >> 1 & 1, state & 1
            marks[0, :, :, place] = (beat * inside).T
            marks[1, :, :, place] = (stress * inside).T
            if place:
                came = back[place].reshape(_K, 8, count)[kind, state, row].astype(np.intp)
                before = (came >> 1 & 1) << 2 | earlier << 1 | came & 1
                state = np.where(inside, before, state)
        return marks[0], marks[1]


def _rows_last(table: Float) -> Float:
    """Rows from the first axis to the last, where many numbers are worked on at once."""
    return np.ascontiguousarray(np.moveaxis(table, 0, -1))


def _first(potentials: Float, steps: _Steps) -> Float:
    """Scores at the first syllable, (kinds, T before, T, s, rows); nothing is before it."""
    kinds, count = potentials.shape[1], potentials.shape[-1]
    score = np.full((kinds, 2, 2, 2, count), -np.inf, np.float32)
    score[:, 0] = potentials[0] + steps.start
    return score


def _joined(classes: Float, parts: Float, *, of_second: bool) -> Float:
    """Weights of two neighbours' classes and of their parts of speech, as one table of looks.

    Args:
        classes: (class, boundary, class, kinds, T, s).
        parts: (part, boundary, part, group, 1, T, s), the group that of the syllable weighed.
        of_second: whether that is the second of the two.
    """
    part, kind = np.divmod(np.arange(len(Class) * len(Part)), len(Class))
    boundary = np.arange(classes.shape[1])[None, :, None]
    first, second = kind[:, None, None], kind[None, None, :]
    group = GROUP[second if of_second else first]
    found: Float = classes[first, boundary, second]
    found += parts[part[:, None, None], boundary, part[None, None, :], group]
    return found


def padded(
    numbers: Sequence[int],
    before: Sequence[int] | NDArray[np.intp],
    lengths: Sequence[int],
    costs: Sequence[float],
    unary: Float,
    looks: NDArray[np.intp],
) -> Rows:
    """Candidates of different lengths as arrays.

    Args:
        numbers: of every syllable of every candidate, one after another.
        before: the boundary before each.
        lengths: syllables of each candidate.
        costs: what each candidate's licences add.
        unary: what each number adds, (numbers, kinds, T, s); number 0 adds nothing.
        looks: the look of each number; that of number 0 is an edge.
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
        unary[places[:, 1:-1]], looks[places], all_before, counts, np.array(costs, np.float32)
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
