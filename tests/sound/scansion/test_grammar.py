"""The dynamic programme and the poem's prior against brute force.

All verse here was written for these tests.
"""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quatrain.sound import Ear
from quatrain.sound.scansion.batch import pad_candidates
from quatrain.sound.scansion.candidates import line_candidates
from quatrain.sound.scansion.features import VariantLexicon
from quatrain.sound.scansion.grammar import KINDS, MetricalGrammar, shipped
from quatrain.sound.scansion.poem_prior import LineFeature, PoemPrior, line_features


def count_features(beats: tuple[int, ...], marks: tuple[int, ...]) -> list[int]:
    """Count the features of one decoding, by another way than `line_features`."""
    on = [place for place, beat in enumerate(beats) if beat]
    opening = [0, 0, 0]
    if on or len(beats) > 1:
        opening[min(on[0], 2) if on else 2] = 1
    ending = [0, 0, 0]
    ending[min(len(beats) - 1 - on[-1], 2) if on else 2] = 1
    gaps = [after - before for before, after in pairwise(on)]
    # A beat that comes after two syllables of no beat is not counted where the line opens so.
    late = 1 if on and on[0] > 2 else 0
    steps = [gaps.count(1), gaps.count(2), sum(gap > 2 for gap in gaps) + late]
    return [*opening, *ending, *steps, int(beats[0] and marks[0]), len(on)]


def brute_force(
    grammar: MetricalGrammar, line: str, weights: np.ndarray
) -> dict[tuple[int, str], float]:
    """The best score of every kind of foot and every stressing, over all beats, by trying all."""
    said = line_candidates(line, VariantLexicon(Ear()))
    candidate = said.candidates[0]
    features = [each for variant in candidate.variants for each in variant.features]
    classes = [
        0,
        *(each for variant in candidate.variants for each in variant.neighbour_classes),
        0,
    ]
    before = [0]
    for place, variant in enumerate(candidate.variants):
        if place:
            before.append(2 if said.pauses[place] else 1)
        before += [0] * (len(variant.classes) - 1)
    before.append(2)
    unary = grammar.unary(features)
    count = len(features)
    found: dict[tuple[int, str], float] = {}
    for kind in range(len(KINDS)):
        for marks in product((0, 1), repeat=count):
            best = -np.inf
            for beats in product((0, 1), repeat=count):
                total = float(grammar.kind_weights[kind]) + float(grammar._start[kind, beats[0]])
                for k in range(count):
                    total += float(unary[k, kind, beats[k], marks[k]])
                    at = (kind, beats[k], marks[k])
                    total += float(grammar._previous[classes[k], before[k], classes[k + 1]][at])
                    total += float(
                        grammar._following[classes[k + 1], before[k + 1], classes[k + 2]][at]
                    )
                    if k:
                        earlier = beats[k - 2] if k > 1 else 2
                        total += float(grammar._beat[kind, earlier, beats[k - 1], beats[k]])
                        pair = (kind, beats[k - 1], marks[k - 1], beats[k], marks[k])
                        total += float(grammar._mark[pair])
                        if beats[k - 1] and beats[k]:
                            total += float(grammar._clash[kind, before[k]])
                last = beats[count - 2] if count > 1 else 0
                total += float(grammar._end[kind, last, beats[-1]])
                total += float(weights[kind] @ count_features(beats, marks))
                best = max(best, total)
            found[kind, "".join("-+"[mark] for mark in marks)] = best
    return found


@pytest.mark.slow
@pytest.mark.parametrize("line", ["the moon, alone", "Silver water falls", "night", "in it I am"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_best_scansion_and_its_margin_are_those_of_trying_all(line: str, seed: int) -> None:
    """Under random weights of the poem's features; seed 0 has none."""
    grammar = shipped()
    said = line_candidates(line, VariantLexicon(Ear()))
    candidate = said.candidates[0]
    unary = [grammar.unary([()])[0]]
    classes, numbers, before = [0], [], []
    for place, variant in enumerate(candidate.variants):
        before.append(2 if said.pauses[place] else 1)
        before += [0] * (len(variant.classes) - 1)
        for feature, neighbour_class in zip(
            variant.features, variant.neighbour_classes, strict=True
        ):
            numbers.append(len(classes))
            classes.append(neighbour_class)
            unary.append(grammar.unary([feature])[0])
    rows = pad_candidates(
        numbers, before, [len(numbers)], [0.0], np.stack(unary), np.array(classes, np.intp)
    )
    weights = np.random.default_rng(seed).normal(0, 2, (len(KINDS), len(LineFeature)))
    weights = (weights * (seed > 0)).astype(np.float32)
    scores, beats, stresses = grammar.best(rows, weights[None])
    tried = brute_force(grammar, line, weights)
    for kind in range(len(KINDS)):
        own = {marks: score for (of, marks), score in tried.items() if of == kind}
        ranked = sorted(own.values(), reverse=True)
        assert scores[0, kind] == pytest.approx(ranked[0], abs=1e-3)
        taken = "".join("-+"[mark] for mark in stresses[0, kind, : len(numbers)])
        assert own[taken] == pytest.approx(ranked[0], abs=1e-3)
        margin = grammar.margins(rows, np.array([kind]), weights[None])[0]
        assert margin == pytest.approx(ranked[0] - ranked[1], abs=1e-3)
    counted = line_features(beats, stresses, rows.lengths)[0]
    for kind in range(len(KINDS)):
        decoding = tuple(beats[0, kind].tolist()), tuple(stresses[0, kind].tolist())
        assert counted[kind].tolist() == count_features(*decoding)


@given(
    st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12), st.integers(0, 3)
)
def test_features_are_counted_as_they_are_defined(
    decoding: list[tuple[bool, bool]], padding: int
) -> None:
    beats = tuple(int(beat) for beat, _ in decoding)
    marks = tuple(int(mark) for _, mark in decoding)
    wide = [np.array([[[*each, *[0] * padding]]], np.int8) for each in (beats, marks)]
    assert line_features(*wide, np.array([len(beats)]))[0, 0].tolist() == count_features(
        beats, marks
    )


def test_a_prior_rewards_what_its_poem_does_more_often_than_verse() -> None:
    usual = np.array([0.2, 0.7, 0.1, 0.8, 0.15, 0.05, 0.02, 0.9, 0.08], np.float32)
    counted = np.zeros((40, len(LineFeature)), np.float32)
    counted[:, LineFeature.OPENS_ON_BEAT] = 1
    counted[:, LineFeature.ENDS_AFTER_ONE] = 1
    counted[:, LineFeature.DOUBLE_GAP] = 3
    numbers = np.full(40, 4)
    prior = PoemPrior.fit(counted, numbers, np.ones(40), 40, usual, 2.0)
    weights = prior.feature_weights
    assert weights[LineFeature.OPENS_ON_BEAT] == pytest.approx(
        1.4 * np.log((40 + 6 * 0.2) / 46 / 0.2)
    )
    assert weights[LineFeature.OPENS_AFTER_ONE] == pytest.approx(1.4 * np.log(6 / 46))
    assert weights[LineFeature.ENDS_AFTER_ONE] == pytest.approx(
        0.9 * np.log((40 + 3 * 0.15) / 43 / 0.15)
    )
    assert weights[LineFeature.ENDS_AFTER_MORE] == pytest.approx(0.9 * np.log(3 / 43))
    assert weights[LineFeature.TRIPLE_GAP] < 0 < weights[LineFeature.DOUBLE_GAP]
    assert weights[LineFeature.FALLING_START] == pytest.approx(2.0)
    assert prior.beat_count_weights.argmax() == 4
    odd = counted[:2].copy()
    odd[1, LineFeature.TRIPLE_GAP] = 1
    assert prior.is_typical(odd).tolist() == [True, False]
