"""Learn the weights of the scanner from lines that people scanned, and cross-validate them.

    python scripts/train_scanner.py FBFV.jsonl.gz LITLAB.jsonl.gz

The files are not in the repository: scanned lines of For Better For Verse and of the Stanford
Literary Lab, one JSON object per line (`scanner_gold.read_examples` reads them).

The model is the grammar of `quatrain.sound.scansion.grammar`, trained as a conditional random
field with hidden variables (Lafferty, McCallum and Pereira 2001; Quattoni et al. 2007). Training
maximises the likelihood of the stresses people heard and of the poem's foot, summed over the beats
and over the pronunciations of the line. The folds of the cross-validation are whole poems. What
the lines of a poem have in common (`quatrain.sound.scansion.poem_prior`) is not trained: the
script only counts how common each feature is in verse at large, with the same weight for every
poem.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file
from scanner_gold import (
    FEET,
    Example,
    compare,
    conventions,
    fold_of,
    print_wrong_feet,
    read_examples,
    score,
)
from torch import Tensor

from quatrain.records import Poem
from quatrain.sound.pronunciation.ear import default
from quatrain.sound.scansion.candidates import (
    BETWEEN,
    INSIDE,
    PAUSE,
    Candidate,
    LineCandidates,
    line_candidates,
)
from quatrain.sound.scansion.features import SyllableClass, VariantLexicon
from quatrain.sound.scansion.grammar import GROUP, KINDS, MetricalGrammar
from quatrain.sound.scansion.parts_of_speech import PartOfSpeech
from quatrain.sound.scansion.poem_prior import ENDING, GAP, OPENING, line_features
from quatrain.sound.scansion.scanner import Scanner

OUT = Path(__file__).parents[1] / "src" / "quatrain" / "sound" / "data" / "scanner.safetensors"
LOWEST = -1e4
"""Log weight of what is forbidden; finite, so that gradients stay finite."""

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
        if place in candidate.elided or not variant.classes:
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
        final = final + self.end[:, :, :, None]
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


def weight_of(example: Example, sizes: Counter[str], options: argparse.Namespace) -> float:
    """Return the weight of a line: less in a long poem, so that other poems count as well."""
    own = options.fbfv_weight if example.source == "fbfv" else 1.0
    return own * (sizes[example.poem] / 20) ** -options.damping


def train(
    examples: list[Example], lexicon: VariantLexicon, options: argparse.Namespace
) -> tuple[MetricalGrammar, dict[str, np.ndarray], list[str], list[str]]:
    """Train a grammar; return it, its tensors, and the names of features and licences."""
    names: dict[str, int] = {}
    licences: dict[str, int] = {}
    sizes = Counter(example.poem for example in examples)
    ordered = sorted(examples, key=lambda example: len(example.golds[0]))
    part = -(-len(ordered) // 6)  # lines of like length together: less padding
    parts = [ordered[start : start + part] for start in range(0, len(ordered), part)]
    batches = [Batch(group, lexicon, names, licences, grow=True) for group in parts]
    weights = [
        torch.tensor([weight_of(example, sizes, options) for example in group]) for group in parts
    ]
    model = Model(len(names), len(licences))
    start = {name: value.detach().clone() for name, value in model.named_parameters()}
    strength = {
        "unary": options.l2, "shared": options.l2 / 2, "previous": options.l2_context,
        "following": options.l2_context,
        "previous_part": options.l2_part, "following_part": options.l2_part,
        "own_mark": 0.5, "beat": 0.2, "clash": 0.5, "start": 0.5, "foot": 1.0, "cost": 0.5,
    }  # fmt: skip
    optimizer = torch.optim.LBFGS(
        model.parameters(), lr=1.0, max_iter=options.iterations, history_size=20,
        line_search_fn="strong_wolfe",
    )  # fmt: skip

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = torch.zeros(())
        for batch, weight in zip(batches, weights, strict=True):
            part_loss = loss_of(model, batch, weight)
            part_loss.backward()
            loss = loss + part_loss.detach()
        penalty = torch.zeros(())
        for name, value in model.named_parameters():
            mean = start[name]
            penalty = penalty + strength.get(name, 0.05) * ((value - mean) ** 2).sum()
        penalty.backward()
        return loss + penalty.detach()

    optimizer.step(closure)
    tensors = pack(model)
    grammar = MetricalGrammar(tensors, list(names), list(licences))
    tensors["usual"][:] = usual_shares(examples, Scanner(default(), grammar))
    return grammar, tensors, list(names), list(licences)


def pack(model: Model) -> dict[str, np.ndarray]:
    """Return the tensors of `MetricalGrammar`; the usual shares are still to be counted."""
    tensors = {
        name: value.detach().numpy().astype(np.float32) for name, value in model.named_parameters()
    }
    for name in ("own_mark", "shared_mark"):
        del tensors[name]
    tensors["mark"] = model.mark.detach().numpy()
    tensors["unary"] = (tensors["unary"] + tensors.pop("shared"))[1:]
    tensors["cost"] = tensors["cost"][1:]
    tensors["falling"] = np.array([tensors["falling"][0], 0.0], np.float32)
    tensors["usual"] = np.ones((len(KINDS), GAP.stop), np.float32)
    return tensors


def usual_shares(examples: list[Example], scanner: Scanner) -> np.ndarray:
    """Return the shares of openings, endings and gaps, (kinds, 9); every poem counts the same."""
    shares: dict[int, list[np.ndarray]] = defaultdict(list)
    poems: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        poems[example.poem].append(example)
    for group in poems.values():
        total = np.full(GAP.stop, 0.1)
        for example in group:
            line = scanner.scan(Poem.from_lines([example.line])).lines[0]
            beats, stress = (
                np.array([[[mark == "+" for mark in marks]]], np.int8)
                for marks in (line.beats, line.stress)
            )
            total += line_features(beats, stress, np.array([len(line.beats)]))[0, 0, : GAP.stop]
        for group_features in (OPENING, ENDING, GAP):
            total[group_features] /= total[group_features].sum()
        shares[group[0].foot // 2].append(total)
    return np.array([np.mean(shares[kind], axis=0) for kind in range(len(KINDS))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fbfv", type=Path)
    parser.add_argument("litlab", type=Path)
    parser.add_argument(
        "--folds", type=int, default=5, help="number of folds; 0 skips the cross-validation"
    )
    parser.add_argument("--l2", type=float, default=1.0)
    parser.add_argument("--l2-context", type=float, default=3.0)
    parser.add_argument("--l2-part", type=float, default=6.0)
    parser.add_argument(
        "--damping", type=float, default=0.3, help="how much less a long poem counts"
    )
    parser.add_argument("--fbfv-weight", type=float, default=2.5)
    parser.add_argument("--iterations", type=int, default=60)
    parser.add_argument("--show", type=int, default=0, help="number of wrong lines to print")
    parser.add_argument("--of", default="fbfv litlab", help="collection whose wrong lines to print")
    parser.add_argument(
        "--write", action="store_true", help="train on all lines and write the weights"
    )
    options = parser.parse_args()
    torch.set_num_threads(2)
    lexicon = VariantLexicon(default())
    examples = read_examples(options.fbfv, options.litlab)
    print(conventions(examples))
    totals: dict[bool, dict[str, list[float]]] = {True: {}, False: {}}
    wrong: list[str] = []
    for fold in range(options.folds):
        fold_numbers = [fold_of(example.poem, options.folds) for example in examples]
        inside = [e for e, number in zip(examples, fold_numbers, strict=True) if number != fold]
        outside = [e for e, number in zip(examples, fold_numbers, strict=True) if number == fold]
        grammar, *_ = train(inside, lexicon, options)
        scanner = Scanner(default(), grammar)
        if options.show:
            print_wrong_feet(outside, scanner)
        for alone in (False, True):
            for key, values in score(outside, scanner, alone).items():
                old = totals[alone].get(key, [0, 0, 0, 0])
                totals[alone][key] = [a + b for a, b in zip(old, values, strict=True)]
        for example in outside:
            if example.source in options.of and len(wrong) < options.show * (fold + 1):
                line = scanner.scan(Poem.from_lines([example.line])).lines[0]
                if not compare(example.golds, line.stress)[0]:
                    wrong.append(f"{example.golds} {line.stress} {example.source} {example.line}")
    for alone in (False, True):
        print("single lines" if alone else "poems")
        for key in sorted(totals[alone]):
            lines, right_lines, syllables, right_syllables = totals[alone][key]
            print(
                f"  {key:20} {lines:5.0f} lines {right_lines / lines:.3f},"
                f" syllables {right_syllables / syllables:.3f}"
            )
    print("\n".join(wrong))
    if options.write:
        _, tensors, names, licences = train(examples, lexicon, options)
        save_file(tensors, OUT, {"features": json.dumps(names), "licences": json.dumps(licences)})
        print(f"{OUT.name}: {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
