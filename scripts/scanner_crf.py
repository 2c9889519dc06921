"""The scanner's grammar as a conditional random field, to be trained with torch.

In: scanned lines. Out: the likelihood of their stresses under the weights of
`quatrain.sound.scansion.grammar`, summed over beats and pronunciations. `scripts/train_scanner.py`
trains it.
"""

from __future__ import annotations

from typing import Any

import torch
from scanner_gold import FEET, Example
from torch import Tensor

from quatrain.sound.scansion.candidates import (
    BETWEEN,
    INSIDE,
    PAUSE,
    Candidate,
    LineCandidates,
    line_candidates,
)
from quatrain.sound.scansion.features import SyllableClass, VariantLexicon
from quatrain.sound.scansion.grammar import GROUP, KINDS
from quatrain.sound.scansion.parts_of_speech import PartOfSpeech

LOWEST = -1e4
"""Log weight of what is forbidden; finite, so that gradients stay finite."""

OTHER_PART_COST = -3.0
"""Prior mean, in nats, of the weight of a heteronym stressed as another part of speech: twice that
of any other licence, because the scanned verse has too few cases to learn it from."""

FALLING = ("trochaic", "dactylic")
MOST_LICENCES = 8


def flatten(
    line: LineCandidates, candidate: Candidate
) -> tuple[list[int], list[int], list[tuple[str, ...]]]:
    """Return each syllable's boundary before it, neighbour class, and features."""
    before: list[int] = []
    neighbour_classes: list[int] = []
    features: list[tuple[str, ...]] = []
    for place, variant in enumerate(candidate.variants):
        if not variant.classes:
            continue
        before.append(PAUSE if line.pauses[place] else BETWEEN)
        before += [INSIDE] * (len(variant.classes) - 1)
        neighbour_classes += variant.neighbour_classes
        features += variant.features
    return before, neighbour_classes, features


class Batch:
    """Candidates of lines as tensors.

    Args:
        examples: the lines.
        lexicon: variants of words.
        names: numbers of the syllable features, from 1.
        licences: numbers of the licences, from 1.
        grow: whether to number features and licences that are new.
    """

    def __init__(
        self,
        examples: list[Example],
        lexicon: VariantLexicon,
        names: dict[str, int],
        licences: dict[str, int],
        grow: bool,
    ) -> None:
        rows, lines, golds = [], [], []
        for number, example in enumerate(examples):
            line = line_candidates(example.line, lexicon, most=6)
            for candidate in line.candidates:
                before, neighbour_classes, features = flatten(line, candidate)
                if not neighbour_classes:
                    continue
                if grow:
                    for syllable in features:
                        for name in syllable:
                            names.setdefault(name, len(names) + 1)
                    for name in candidate.licences:
                        licences.setdefault(name, len(licences) + 1)
                rows.append((before, neighbour_classes, features, candidate.licences))
                lines.append(number)
                golds.append(
                    [gold for gold in example.golds if len(gold) == len(neighbour_classes)]
                )
        longest = max(len(neighbour_classes) for _, neighbour_classes, _, _ in rows)
        widest = max(len(syllable) for _, _, features, _ in rows for syllable in features)
        count = len(rows)
        self.lines = torch.tensor(lines)
        self.number = len(examples)
        self.lengths = torch.tensor([len(neighbour_classes) for _, neighbour_classes, _, _ in rows])
        self.features = torch.zeros((count, longest, widest), dtype=torch.long)
        padded_classes = torch.full((count, longest + 2), int(SyllableClass.EDGE))
        self.before = torch.full((count, longest + 1), 2)
        self.licences = torch.zeros((count, MOST_LICENCES), dtype=torch.long)
        most = max(map(len, golds))
        self.gold = torch.full((count, max(1, most), longest, 2, 2), LOWEST)  # beat, stressed
        self.has_gold = torch.zeros((count, max(1, most)), dtype=torch.bool)
        for row, (before, neighbour_classes, features, taken) in enumerate(rows):
            length = len(neighbour_classes)
            padded_classes[row, 1 : length + 1] = torch.tensor(neighbour_classes)
            self.before[row, :length] = torch.tensor(before)
            self.before[row, 0] = 0
            for place, syllable in enumerate(features):
                ids = [names[name] for name in syllable if name in names]
                self.features[row, place, : len(ids)] = torch.tensor(ids)
            ids = [licences[name] for name in taken if name in licences][:MOST_LICENCES]
            self.licences[row, : len(ids)] = torch.tensor(ids, dtype=torch.long)
            for which, gold in enumerate(golds[row]):
                self.has_gold[row, which] = True
                for place, mark in enumerate(gold):
                    stressed = int(mark == "+")
                    metre = examples[lines[row]].metre
                    if len(metre) == len(gold):
                        self.gold[row, which, place, int(metre[place] == "+"), stressed] = 0.0
                    else:
                        self.gold[row, which, place, :, stressed] = 0.0
        self.parts, self.classes = (
            padded_classes // len(SyllableClass),
            padded_classes % len(SyllableClass),
        )
        self.groups = torch.tensor(GROUP)[self.classes[:, 1:-1]]
        self.feet = torch.tensor([example.foot // 2 for example in examples])
        falls = torch.tensor([float(FEET[example.foot] in FALLING) for example in examples])
        self.falls = falls[self.lines]


class Model(torch.nn.Module):
    """The weights of `MetricalGrammar`, and the log partition function over its scansions."""

    def __init__(self, features: int, licences: int) -> None:
        super().__init__()
        zeros = lambda *shape: torch.nn.Parameter(torch.zeros(shape))  # noqa: E731
        self.unary = zeros(features + 1, len(KINDS), 2, 2)
        self.shared = zeros(features + 1, 1, 2, 2)
        self.previous = zeros(9, 3, 9, len(KINDS), 2, 2)
        self.following = zeros(9, 3, 9, len(KINDS), 2, 2)
        self.previous_part = zeros(len(PartOfSpeech), 3, len(PartOfSpeech), 3, 1, 2, 2)
        self.following_part = zeros(len(PartOfSpeech), 3, len(PartOfSpeech), 3, 1, 2, 2)
        self.beat = zeros(2, 3, 2, 2)
        self.clash = zeros(2, 3)
        self.start = zeros(2, 2)
        self.end = zeros(2, 2, 2)
        self.shared_mark = zeros(1, 2, 2, 2, 2)
        self.own_mark = zeros(2, 2, 2, 2, 2)
        self.cost = zeros(licences + 1)
        self.falling = zeros(1)  # of trochees; dactyls gain nothing by it
        self.falling_end = zeros(1)  # of dactyls; `MetricalGrammar` has no such weight
        self.foot = zeros(2)
        self._initialise()

    @torch.no_grad()
    def _initialise(self) -> None:
        # A beat is stressed, to begin with, so that the hidden variable gets its meaning.
        self.shared_mark[:, 1, 1] += 1.0
        self.shared_mark[:, 0, 0] += 1.0
        for kind, alternating in enumerate((-3, 1)):
            self.beat[kind, :, 1, 1] += -4
            self.beat[kind, 0, 0, 0] += -5
            self.beat[kind, 1, 0, 0] += alternating
            self.beat[kind, 2, 0, 0] += alternating
            self.beat[kind, 1, 0, 1] += -alternating
        # What metrists say, as a prior mean: the first beat of a falling line and the last
        # beat of any line are stressed, and a licence is rare.
        self.previous[int(SyllableClass.EDGE), :, :, :, 1, 1] += 2.5
        self.following[:, 2, int(SyllableClass.EDGE), :, 1, 1] += 0.5
        self.cost -= 1.5
        self.start[0] = torch.tensor([0.5, -0.5])
        # Two beats meet over a pause, if anywhere.
        self.clash[:, BETWEEN] = -2.0

    @property
    def mark(self) -> Tensor:
        """Weights of beat and stress at two neighbours.

        Shape (kinds, beat, stressed, beat after, stressed after).
        """
        return self.shared_mark + self.own_mark

    def potentials(self, batch: Batch) -> Tensor:
        """Return what features and neighbours add, (rows, syllables, kinds, beat, stressed)."""
        mask = (batch.features > 0)[..., None, None, None]
        unary = ((self.unary + self.shared)[batch.features] * mask).sum(2)
        classes, parts, groups, before = batch.classes, batch.parts, batch.groups, batch.before
        unary = unary + self.previous[classes[:, :-2], before[:, :-1], classes[:, 1:-1]]
        unary = unary + self.following[classes[:, 1:-1], before[:, 1:], classes[:, 2:]]
        unary = unary + self.previous_part[parts[:, :-2], before[:, :-1], parts[:, 1:-1], groups]
        return unary + self.following_part[parts[:, 1:-1], before[:, 1:], parts[:, 2:], groups]

    def totals(self, potentials: Tensor, batch: Batch, reduce: Any) -> Tensor:
        """Return the total of every row under every kind of foot, (rows, kinds).

        Args:
            potentials: see `potentials`.
            batch: the rows.
            reduce: `torch.logsumexp` for the log of the sum over scansions.
        """
        mark = self.mark[:, None]
        step = self.beat[:, :2, :, None, :, None] + mark
        first = self.beat[:, 2:3, :, None, :, None] + mark
        opening = potentials[:, 0] + self.start[:, :, None]
        falling = torch.zeros_like(opening)
        falling[:, 0, 1, 1] = batch.falls * self.falling
        opening = opening + falling
        score = torch.stack((opening, torch.full_like(opening, LOWEST)), dim=2)
        ends = [score]
        for place in range(1, potentials.shape[1]):
            clash = self.clash[:, batch.before[:, place]].T  # rows, kinds
            side_by_side = torch.zeros((len(clash), 2, 1, 2, 1, 2, 1))
            side_by_side[:, :, 0, 1, 0, 1, 0] = clash
            extended = score[..., None, None] + (first if place == 1 else step) + side_by_side
            score = reduce(extended, (2, 4)) + potentials[:, place, :, None]
            ends.append(score)
        final = torch.stack(ends, 1)[torch.arange(len(potentials)), batch.lengths - 1]
        # Some dactylic lines were scanned with a last word unstressed that any speaker stresses
        # (*light as a flower fell*). Without a weight of their own they would take the last stress
        # from anapaestic lines.
        falling_end = torch.zeros_like(final)
        falling_end[:, 1, 0, 0] = (batch.falls * self.falling_end)[:, None]
        final = final + self.end[:, :, :, None] + falling_end
        cost = self.cost[batch.licences] * (batch.licences > 0)
        return reduce(final, (2, 3, 4)) + self.foot + cost.sum(1, keepdim=True)


def by_line(values: Tensor, lines: Tensor, number: int) -> Tensor:
    """Return the log of the sum of exponentials of each line's rows, (lines, kinds)."""
    top = torch.full((number, values.shape[1]), LOWEST * 10)
    top = top.index_reduce(0, lines, values.detach(), "amax")
    total = torch.zeros((number, values.shape[1]))
    total = total.index_add(0, lines, (values - top[lines]).exp())
    return total.clamp_min(1e-30).log() + top


def loss_of(model: Model, batch: Batch, weights: Tensor) -> Tensor:
    """Return the weighted negative log likelihood of the golds, in nats."""
    potentials = model.potentials(batch)
    everything = by_line(
        model.totals(potentials, batch, torch.logsumexp), batch.lines, batch.number
    )
    gold_totals = []
    for which in range(batch.gold.shape[1]):
        chosen = batch.has_gold[:, which].nonzero()[:, 0]
        part = BatchRows(batch, chosen)
        held = potentials[chosen] + batch.gold[chosen, which][:, :, None]
        gold_totals.append((model.totals(held, part, torch.logsumexp), batch.lines[chosen]))
    scores = torch.cat([score for score, _ in gold_totals])
    lines = torch.cat([line for _, line in gold_totals])
    gold_total = by_line(scores, lines, batch.number)
    reachable = torch.zeros(batch.number, dtype=torch.bool)
    reachable[lines] = True
    rows = torch.arange(batch.number)
    of_all = torch.logsumexp(everything, 1)
    likelihood = gold_total[rows, batch.feet] - of_all
    return -(likelihood * weights)[reachable].sum()


class BatchRows:
    """Some rows of a batch."""

    def __init__(self, batch: Batch, chosen: Tensor) -> None:
        self.lengths, self.licences = batch.lengths[chosen], batch.licences[chosen]
        self.falls, self.before = batch.falls[chosen], batch.before[chosen]
