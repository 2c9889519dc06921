"""The grammar of scansions: how well beats and stresses fit a way to say a line.

In: a batch of candidates. Out: scores and the best scansions. The score of a scansion is a sum of
weights (Hayes, Wilson and Shisko 2012, maximum entropy grammars of metre):

    kind(f) + sum over licences of cost
    + sum over syllables of unary(feature, T, s) + previous(class, boundary, class, T, s)
                             + following(class, boundary, class, T, s)
    + sum over neighbours of beat(f, T', T, T'') + mark(f, T, s, T', s')
    + sum over beats side by side of clash(f, boundary)
    + sum over the line's features of the poem's prior (`poem_prior`)

where T is 1 if the metre has a beat at a syllable, s is 1 if a speaker stresses it, and f is the
kind of foot. The tables `previous` and `following` weigh a syllable by its neighbours: their
classes, their words' parts of speech, and the boundary between. The best scansion is found by
dynamic programming over the state (T of the syllable before, T, s), for many lines at once
(Viterbi 1967). In array shapes, the axes of T and s are called `beat` and `stressed`; both have
length 2 (0 no, 1 yes). A row is one candidate, `kind` is the index of a kind of foot in `KINDS`.
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

from quatrain.sound.scansion.batch import CandidateBatch, Float
from quatrain.sound.scansion.features import SyllableClass
from quatrain.sound.scansion.parts_of_speech import PartOfSpeech
from quatrain.sound.scansion.poem_prior import LineFeature

KINDS = ("double", "triple")
"""Kinds of foot: of two syllables and of three; rising and falling differ in how a line begins."""

KIND_COUNT = len(KINDS)

UNTRAINED_LICENCE = -1.0
"""Cost, in nats, of a licence that the weights do not know."""

_GROUPS = {"PRIMARY": 1, "SECONDARY": 1, "BEFORE": 2, "AFTER": 2}
GROUP = np.array([_GROUPS.get(syllable_class.name, 0) for syllable_class in SyllableClass])
"""Group of each class: 0 a word of one syllable, 1 a stressed syllable of several, 2 an
unstressed one."""


@dataclass(frozen=True, slots=True)
class _Transitions:
    """Weights of beats and stresses by where they stand, for every row, or once for all.

    Attributes:
        start: at the first syllable, (kinds, beat, stressed, rows).
        first, second, later: from the first syllable to the second, from there to the third,
            and on: (kinds, beat before, beat, stressed, beat after, stressed after, rows). No
            syllable stands before the first, so `first` has one entry for `beat before`.
        end: after the last, (kinds, beat before, beat, stressed, rows).
    """

    start: Float
    first: Float
    second: Float
    later: Float
    end: Float

    def into(self, place: int) -> Float:
        """Return the table of transitions into a syllable, counted from 0."""
        return self.first if place == 1 else self.second if place == 2 else self.later

    def for_kinds(self, kinds: NDArray[np.intp]) -> _Transitions:
        """Return the tables of one kind of foot for each row; the axis of kinds has length 1."""
        rows = np.arange(len(kinds)) if self.start.shape[-1] > 1 else np.zeros_like(kinds)
        return _Transitions(
            *(
                np.ascontiguousarray(np.moveaxis(table[kinds, ..., rows], 0, -1)[None])
                for table in (self.start, self.first, self.second, self.later, self.end)
            )
        )


class MetricalGrammar:
    """Weights of scansions, and the best scansions under them.

    Args:
        tensors: the weights, as `scripts/train_scanner.py` writes them.
        features: names of the syllable features, in the order of `tensors["unary"]`.
        licences: names of the licences, in the order of `tensors["cost"]`.

    Attributes:
        licence_costs: by name.
        kind_weights: how usual each kind of foot is, (kinds,).
        falling_bonus: what `PoemPrior.neutral` takes, (kinds,).
        usual_shares: what `PoemPrior.fit` takes, (kinds, 9).
    """

    def __init__(
        self, tensors: dict[str, NDArray[Any]], features: Sequence[str], licences: Sequence[str]
    ):
        # By feature: (kind, beat, stressed)
        self._unary = dict(zip(features, tensors["unary"], strict=True))
        self.licence_costs = dict(zip(licences, tensors["cost"].tolist(), strict=True))
        # (neighbour class, boundary, neighbour class, kind, beat, stressed)
        self._previous = _join_class_and_part(
            tensors["previous"], tensors["previous_part"], of_second=True
        )
        self._following = _join_class_and_part(
            tensors["following"], tensors["following_part"], of_second=False
        )
        self._beat = tensors["beat"]  # (kind, beat before or start, beat, beat after)
        self._clash = tensors["clash"]  # (kind, boundary), for two beats side by side
        self._start = tensors["start"]  # (kind, beat)
        self._end = tensors["end"]  # (kind, beat before, beat)
        self._mark = tensors["mark"]  # (kind, beat, stressed, beat after, stressed after)
        self.kind_weights: Float = tensors["foot"]
        self.falling_bonus: Float = tensors["falling"]
        self.usual_shares: Float = tensors["usual"]

    def unary(self, features: Sequence[Sequence[str]]) -> Float:
        """Return what the features of each syllable add, (syllables, kinds, beat, stressed)."""
        total = np.zeros((len(features), KIND_COUNT, 2, 2), np.float32)
        for place, names in enumerate(features):
            for name in names:
                weight = self._unary.get(name)
                if weight is not None:
                    total[place] += weight
        return total

    def potentials(self, batch: CandidateBatch) -> Float:
        """Return what features and neighbours add together.

        Shape (rows, syllables, kinds, beat, stressed).
        """
        classes, boundaries = batch.neighbour_classes, batch.boundaries
        before = self._previous[classes[:, :-2], boundaries[:, :-1], classes[:, 1:-1]]
        total = batch.unary + before
        after = self._following[classes[:, 1:-1], boundaries[:, 1:], classes[:, 2:]]
        potentials: Float = total + after
        return potentials

    def _transitions(self, feature_weights: Float) -> _Transitions:
        """Return the transition weights, those of a poem's features included.

        The dynamic programme sees two syllables at a time and the beat before them. That is
        enough to know every feature of the line at one transition, so its weight is added there.

        Args:
            feature_weights: as for `best`.
        """
        # (features, kinds, rows): `feature[X]` broadcasts over the tables' last axes
        feature = np.ascontiguousarray(feature_weights.transpose(2, 1, 0))
        rows = len(feature_weights)
        first, second, later = self._inner_transitions(feature, rows)
        return _Transitions(
            self._start_weights(feature, rows), first, second, later,
            self._end_weights(feature, rows),
        )  # fmt: skip

    def _start_weights(self, feature: Float, rows: int) -> Float:
        """Return weights at the first syllable, (kinds, beat, stressed, rows)."""
        start = np.repeat(self._start[:, :, None, None], 2, axis=2).repeat(rows, axis=3)
        start[:, 1] += feature[LineFeature.OPENS_ON_BEAT, :, None]
        start[:, 1, 1] += feature[LineFeature.FALLING_START]
        return start

    def _inner_transitions(self, feature: Float, rows: int) -> tuple[Float, Float, Float]:
        """Return the tables `first`, `second` and `later` of `_Transitions`."""
        # both (kinds, beat before, beat, stressed, beat after, stressed after, rows), with length 1
        # on the axes they do not depend on
        beat, mark = self._beat[:, :, :, None, :, None, None], self._mark[:, None, ..., None]
        # Into the second syllable: a line that has not opened on a beat opens here or later.
        first = np.repeat(beat[:, 2:3] + mark, rows, axis=-1)
        first[:, 0, 0, :, 1] += feature[LineFeature.OPENS_AFTER_ONE, :, None, None]
        first[:, 0, 0, :, 0] += feature[LineFeature.OPENS_AFTER_MORE, :, None, None]
        first[:, 0, 1, :, 1] += feature[LineFeature.CLASH, :, None, None]
        # Into the third: a beat may be two syllables after the last one.
        second = np.repeat(beat[:, :2] + mark, rows, axis=-1)
        second[:, :, 1, :, 1] += feature[LineFeature.CLASH, :, None, None, None]
        second[:, 1, 0, :, 1] += feature[LineFeature.DOUBLE_GAP, :, None, None]
        # Into any later one: a beat after two syllables off the beat is three or more on.
        later = second.copy()
        later[:, 0, 0, :, 1] += feature[LineFeature.TRIPLE_GAP, :, None, None]
        return first, second, later

    def _end_weights(self, feature: Float, rows: int) -> Float:
        """Return weights after the last syllable, (kinds, beat before, beat, stressed, rows)."""
        end = np.repeat(self._end[..., None, None], rows, axis=-1)
        end[:, :, 1] += feature[LineFeature.ENDS_ON_BEAT, :, None, None]
        end[:, 1, 0] += feature[LineFeature.ENDS_AFTER_ONE, :, None]
        end[:, 0, 0] += feature[LineFeature.ENDS_AFTER_MORE, :, None]
        return end

    def best(
        self, batch: CandidateBatch, feature_weights: Float
    ) -> tuple[Float, NDArray[np.int8], NDArray[np.int8]]:
        """Return the best scansion of every row under every kind of foot (Viterbi).

        Args:
            batch: candidates.
            feature_weights: what each `LineFeature` adds, (rows, kinds, features), or
                (1, kinds, features) for all rows.

        Returns:
            Scores (rows, kinds), with what the features add; beats and stresses, (rows, kinds,
            syllables), 0 or 1.
        """
        potentials = _rows_last(self.potentials(batch))  # (syllables, kinds, beat, stressed, rows)
        potentials[:, :, 1] += feature_weights[..., LineFeature.BEAT].T[:, None]
        transitions = self._transitions(feature_weights)
        longest, count = len(potentials), potentials.shape[-1]
        # (kinds, beat before, beat, stressed, rows)
        score = _initial_scores(potentials, transitions)
        back = np.zeros((longest, KIND_COUNT, 2, 2, 2, count), np.int8)
        final = score.copy()
        for place in range(1, longest):
            # (kinds, beat before, beat, stressed, beat after, stressed after, rows)
            extended = score[:, :, :, :, None, None] + transitions.into(place)
            extended[:, :, 1, :, 1] += self._clash[:, None, None, None, batch.boundaries[:, place]]
            # Maximise over `beat before`, then over `stressed`, and remember both choices.
            on_beat = extended[:, 1] > extended[:, 0]
            # (kinds, beat, stressed, beat after, stressed after, rows)
            over_beat = np.maximum(extended[:, 0], extended[:, 1])
            stressed = over_beat[:, :, 1] > over_beat[:, :, 0]
            on_beat = np.where(stressed, on_beat[:, :, 1], on_beat[:, :, 0])
            back[place] = on_beat * np.int8(2) + stressed
            score = np.maximum(over_beat[:, :, 0], over_beat[:, :, 1]) + potentials[place, :, None]
            ended = batch.lengths == place + 1
            final[..., ended] = score[..., ended]
        flat = (final + transitions.end).reshape(KIND_COUNT, 8, count)
        total = flat.max(axis=1).T + self.kind_weights + batch.licence_costs[:, None]
        beats, stresses = self._trace_back(back, flat.argmax(axis=1), batch.lengths)
        return total, beats, stresses

    def margins(
        self, batch: CandidateBatch, kinds: NDArray[np.intp], feature_weights: Float
    ) -> Float:
        """Return how much worse, in nats, the best scansion with another stress is.

        Args:
            batch: candidates.
            kinds: the kind of foot of each row.
            feature_weights: as for `best`.

        Returns:
            Shape (rows,). Forward and backward passes give the best score with each syllable
            stressed and not (max-marginals); the smallest gap is the margin.
        """
        count = len(kinds)
        rows = np.arange(count)
        potentials = _rows_last(self.potentials(batch)[rows, :, kinds][:, :, None])
        beat = np.broadcast_to(feature_weights[..., LineFeature.BEAT], (count, KIND_COUNT))[
            rows, kinds
        ]
        potentials[:, :, 1] += beat
        transitions = self._transitions(feature_weights).for_kinds(kinds)
        longest = len(potentials)
        clash = self._clash[kinds[:, None], batch.boundaries].T  # (syllables + 1, rows)
        forward = [_initial_scores(potentials, transitions)]
        for place in range(1, longest):
            extended = forward[-1][:, :, :, :, None, None] + transitions.into(place)
            extended[:, :, 1, :, 1] += clash[place]
            forward.append(extended.max(axis=(1, 3)) + potentials[place, :, None])
        backward = np.broadcast_to(transitions.end, (1, 2, 2, 2, count))
        gaps = np.full(count, np.inf, np.float32)
        for place in range(longest - 1, -1, -1):
            inside = batch.lengths > place
            through = (forward[place] + backward).max(axis=(0, 1, 2))  # (stressed, rows)
            gaps = np.where(inside, np.minimum(gaps, np.abs(through[1] - through[0])), gaps)
            if place == 0:
                break
            # (1, beat, beat after, stressed after, rows)
            later = backward + potentials[place, :, None]
            extended = transitions.into(place) + later[:, None, :, None]
            extended[:, :, 1, :, 1] += clash[place]
            before = np.broadcast_to(extended.max(axis=(4, 5)), (1, 2, 2, 2, count))
            backward = np.where(inside, before, backward)
        return gaps

    def _trace_back(
        self, back: NDArray[np.int8], state: NDArray[np.intp], lengths: NDArray[np.intp]
    ) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
        """Return beats and stresses, (rows, kinds, syllables), from the states at the ends.

        Args:
            back: the state each state came from, as 2 beat before + stressed, (syllables, kinds,
                beat before, beat, stressed, rows).
            state: at the end of each row, 4 beat before + 2 beat + stressed, (kinds, rows).
            lengths: (rows,).
        """
        longest, count = len(back), back.shape[-1]
        marks = np.zeros((2, count, KIND_COUNT, longest), np.int8)
        kind, row = np.arange(KIND_COUNT)[:, None], np.arange(count)[None]
        for place in range(longest - 1, -1, -1):
            inside = lengths > place
            beat_before, beat, stress = state >> 2 & 1, state >> 1 & 1, state & 1
            marks[0, :, :, place] = (beat * inside).T
            marks[1, :, :, place] = (stress * inside).T
            if place:
                came_from = (
                    back[place].reshape(KIND_COUNT, 8, count)[kind, state, row].astype(np.intp)
                )
                before = (came_from >> 1 & 1) << 2 | beat_before << 1 | came_from & 1
                state = np.where(inside, before, state)
        return marks[0], marks[1]


def _rows_last(table: Float) -> Float:
    """Return a copy with rows as the last axis, so that inner loops run over many numbers."""
    return np.ascontiguousarray(np.moveaxis(table, 0, -1))


def _initial_scores(potentials: Float, transitions: _Transitions) -> Float:
    """Return scores at the first syllable, (kinds, beat before, beat, stressed, rows).

    No syllable stands before it, so `beat before` is 0.
    """
    kinds, count = potentials.shape[1], potentials.shape[-1]
    score = np.full((kinds, 2, 2, 2, count), -np.inf, np.float32)
    score[:, 0] = potentials[0] + transitions.start
    return score


def _join_class_and_part(classes: Float, parts: Float, *, of_second: bool) -> Float:
    """Return one table by neighbour class from the weights of classes and of parts of speech.

    Args:
        classes: (class, boundary, class, kinds, beat, stressed).
        parts: (part, boundary, part, group, 1, beat, stressed), the group that of the syllable
            weighed.
        of_second: whether that syllable is the second of the two.
    """
    part, kind = np.divmod(np.arange(len(SyllableClass) * len(PartOfSpeech)), len(SyllableClass))
    boundary = np.arange(classes.shape[1])[None, :, None]
    first, second = kind[:, None, None], kind[None, None, :]
    group = GROUP[second if of_second else first]
    table: Float = classes[first, boundary, second]
    table += parts[part[:, None, None], boundary, part[None, None, :], group]
    return table


@cache
def _shipped_file() -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """Read the weights in the package and their names, once."""
    from safetensors import safe_open

    path = resources.files("quatrain.sound") / "data" / "scanner.safetensors"
    with resources.as_file(path) as path_on_disk, safe_open(path_on_disk, "np") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        metadata: dict[str, str] = file.metadata()
    return tensors, metadata


def shipped_tensors() -> dict[str, NDArray[Any]]:
    """Return the weights in the package by name; do not change them."""
    return _shipped_file()[0]


@cache
def shipped() -> MetricalGrammar:
    """Return the grammar in the package, made once."""
    tensors, metadata = _shipped_file()
    features, licences = json.loads(metadata["features"]), json.loads(metadata["licences"])
    return MetricalGrammar(tensors, features, licences)
