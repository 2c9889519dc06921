"""Learn the weights of the scanner from lines that people scanned, and cross-validate them.

    python scripts/train_scanner.py FBFV.jsonl.gz LITLAB.jsonl.gz

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
import gzip
import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file
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
FEET = ("iambic", "trochaic", "anapaestic", "dactylic")
FALLING = ("trochaic", "dactylic")
FIRST_LINES = {
    "O, my luve is like a red, red rose,": "A Red, Red Rose",
    "Pure spirit! O where art thou now!": "On the Death of Mr. Charles Burney",
    "Happy the man, whose wish and care": "Ode on Solitude",
    "A poet's Cat, sedate and grave": "The Retired Cat",
    "Stop, Christian passer-by! Stop, child of God,": "Epitaph",
    "O blush not so! O blush not so!": "Sharing Eve's Apple",
    "God moves in a mysterious way": "Light Shining out of Darkness",
    "I sing the Sofa. I who lately sang": "The Task",
    "I met a traveller from an antique land": "Ozymandias",
}
"""How the poems begin that the second collection has run together without a title."""


@dataclass
class Example:
    line: str
    poem: str
    foot: int
    golds: list[str]
    source: str
    metre: str = ""


def read(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        return [json.loads(row) for row in rows]


def foot_of(metre: str) -> int | None:
    """The foot a nominal metre written as marks is made of."""
    if metre.count("+") * 2 > len(metre) - 2 and "--" not in metre[1:-1]:
        return 0 if metre.startswith("-") else 1
    return 2 if metre.startswith("-") else 3


def examples_of(fbfv: Path, litlab: Path) -> list[Example]:
    names = {"iambic": 0, "trochaic": 1, "anapestic": 2, "dactylic": 3}
    found = []
    rows = read(fbfv)
    feet: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        feet[row["poem"]][foot_of(row["met"])] += 1
    for row in rows:
        foot = feet[row["poem"]].most_common(1)[0][0]
        golds = [row["stress"], *row["alternatives"]]
        found.append(Example(row["line"], "f:" + row["poem"], foot, golds, "fbfv", row["met"]))
    untitled = ""
    for row in read(litlab):
        untitled = FIRST_LINES.get(row["line"], untitled)
        poem = "l:" + (row["poem"] or untitled)
        golds = list(dict.fromkeys([row["stress"], row["stress2"] or row["stress"]]))
        found.append(Example(row["line"], poem, names[row["meter"]], golds, "litlab"))
    return found


def laid_out(
    said: LineCandidates, candidate: Candidate
) -> tuple[list[int], list[int], list[tuple[str, ...]]]:
    """What stands before each syllable, each syllable's look, and its features."""
    before: list[int] = []
    neighbour_classes: list[int] = []
    features: list[tuple[str, ...]] = []
    for place, variant in enumerate(candidate.variants):
        if place in candidate.elided or not variant.classes:
            continue
        before.append(PAUSE if said.pauses[place] else BETWEEN)
        before += [INSIDE] * (len(variant.classes) - 1)
        neighbour_classes += variant.neighbour_classes
        features += variant.features
    return before, neighbour_classes, features


class Batch:
    """All candidates of all lines as tensors."""

    def __init__(
        self,
        examples: list[Example],
        syllables: VariantLexicon,
        names: dict[str, int],
        costs: dict[str, int],
        grow: bool,
    ) -> None:
        rows, lines, golds = [], [], []
        for number, example in enumerate(examples):
            said = line_candidates(example.line, syllables, most=6)
            for candidate in said.candidates:
                before, neighbour_classes, features = laid_out(said, candidate)
                if not neighbour_classes:
                    continue
                if grow:
                    for each in features:
                        for name in each:
                            names.setdefault(name, len(names) + 1)
                    for name in candidate.licences:
                        costs.setdefault(name, len(costs) + 1)
                rows.append((before, neighbour_classes, features, candidate.licences))
                lines.append(number)
                golds.append(
                    [gold for gold in example.golds if len(gold) == len(neighbour_classes)]
                )
        longest = max(len(neighbour_classes) for _, neighbour_classes, _, _ in rows)
        widest = max(len(each) for _, _, features, _ in rows for each in features)
        count = len(rows)
        self.lines = torch.tensor(lines)
        self.number = len(examples)
        self.lengths = torch.tensor([len(neighbour_classes) for _, neighbour_classes, _, _ in rows])
        self.features = torch.zeros((count, longest, widest), dtype=torch.long)
        looks_of = torch.full((count, longest + 2), int(SyllableClass.EDGE))
        self.before = torch.full((count, longest + 1), 2)
        self.costs = torch.zeros((count, 8), dtype=torch.long)
        most = max(len(each) for each in golds)
        self.gold = torch.full((count, max(1, most), longest, 2, 2), LOWEST)  # T, s
        self.has_gold = torch.zeros((count, max(1, most)), dtype=torch.bool)
        for row, (before, neighbour_classes, features, licences) in enumerate(rows):
            length = len(neighbour_classes)
            looks_of[row, 1 : length + 1] = torch.tensor(neighbour_classes)
            self.before[row, :length] = torch.tensor(before)
            self.before[row, 0] = 0
            for place, each in enumerate(features):
                ids = [names[name] for name in each if name in names]
                self.features[row, place, : len(ids)] = torch.tensor(ids)
            ids = [costs[name] for name in licences if name in costs][:8]
            self.costs[row, : len(ids)] = torch.tensor(ids, dtype=torch.long)
            for which, gold in enumerate(golds[row]):
                self.has_gold[row, which] = True
                for place, mark in enumerate(gold):
                    stressed = int(mark == "+")
                    metre = examples[lines[row]].metre
                    if len(metre) == len(gold):
                        self.gold[row, which, place, int(metre[place] == "+"), stressed] = 0.0
                    else:
                        self.gold[row, which, place, :, stressed] = 0.0
        self.parts, self.classes = looks_of // len(SyllableClass), looks_of % len(SyllableClass)
        self.groups = torch.tensor(GROUP)[self.classes[:, 1:-1]]
        self.feet = torch.tensor([example.foot // 2 for example in examples])
        falls = torch.tensor([float(FEET[example.foot] in FALLING) for example in examples])
        self.falls = falls[self.lines]


class Model(torch.nn.Module):
    def __init__(self, features: int, costs: int) -> None:
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
        self.cost = zeros(costs + 1)
        self.falling = zeros(1)  # of trochees; dactyls gain nothing by it
        self.foot = zeros(2)
        with (
            torch.no_grad()
        ):  # a beat is stressed, to begin with: the hidden variable has a meaning
            self.unary[0] = 0
            self.shared_mark[:, 1, 1] += 1.0
            self.shared_mark[:, 0, 0] += 1.0
            for kind, double in enumerate((-3, 1)):
                self.beat[kind, :, 1, 1] += -4
                self.beat[kind, 0, 0, 0] += -5
                self.beat[kind, 1, 0, 0] += double
                self.beat[kind, 2, 0, 0] += double
                self.beat[kind, 1, 0, 1] += -double
            # What tradition says, from which the weights are drawn away only by evidence: the
            # first beat of a falling line and the last beat of any line are heard, and a
            # licence is rare.
            self.previous[int(SyllableClass.EDGE), :, :, :, 1, 1] += 2.5
            self.following[:, 2, int(SyllableClass.EDGE), :, 1, 1] += 0.5
            self.cost -= 1.5
            self.start[0] = torch.tensor([0.5, -0.5])
            # Two beats meet where the voice pauses, if anywhere.
            self.clash[:, BETWEEN] = -2.0

    @property
    def mark(self) -> Tensor:
        return self.shared_mark + self.own_mark

    def potentials(self, batch: Batch) -> Tensor:
        mask = (batch.features > 0)[..., None, None, None]
        unary = ((self.unary + self.shared)[batch.features] * mask).sum(2)
        classes, parts, groups, before = batch.classes, batch.parts, batch.groups, batch.before
        unary = unary + self.previous[classes[:, :-2], before[:, :-1], classes[:, 1:-1]]
        unary = unary + self.following[classes[:, 1:-1], before[:, 1:], classes[:, 2:]]
        unary = unary + self.previous_part[parts[:, :-2], before[:, :-1], parts[:, 1:-1], groups]
        return unary + self.following_part[parts[:, 1:-1], before[:, 1:], parts[:, 2:], groups]

    def totals(self, potentials: Tensor, batch: Batch, reduce: Any) -> Tensor:
        """Of every row and foot."""
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
            grown = score[..., None, None] + (first if place == 1 else step) + side_by_side
            score = reduce(grown, (2, 4)) + potentials[:, place, :, None]
            ends.append(score)
        final = torch.stack(ends, 1)[torch.arange(len(potentials)), batch.lengths - 1]
        final = final + self.end[:, :, :, None]
        cost = self.cost[batch.costs] * (batch.costs > 0)
        return reduce(final, (2, 3, 4)) + self.foot + cost.sum(1, keepdim=True)


def by_line(values: Tensor, lines: Tensor, number: int) -> Tensor:
    """Log of the sum of exponentials of each line's rows, (lines, feet)."""
    top = torch.full((number, values.shape[1]), LOWEST * 10)
    top = top.index_reduce(0, lines, values.detach(), "amax")
    total = torch.zeros((number, values.shape[1]))
    total = total.index_add(0, lines, (values - top[lines]).exp())
    return total.clamp_min(1e-30).log() + top


def loss_of(model: Model, batch: Batch, weights: Tensor) -> Tensor:
    potentials = model.potentials(batch)
    everything = by_line(
        model.totals(potentials, batch, torch.logsumexp), batch.lines, batch.number
    )
    golden = []
    for which in range(batch.gold.shape[1]):
        chosen = batch.has_gold[:, which].nonzero()[:, 0]
        part = Chosen(batch, chosen)
        held = potentials[chosen] + batch.gold[chosen, which][:, :, None]
        golden.append((model.totals(held, part, torch.logsumexp), batch.lines[chosen]))
    scores = torch.cat([score for score, _ in golden])
    lines = torch.cat([line for _, line in golden])
    right = by_line(scores, lines, batch.number)
    reachable = torch.zeros(batch.number, dtype=torch.bool)
    reachable[lines] = True
    rows = torch.arange(batch.number)
    of_all = torch.logsumexp(everything, 1)
    likelihood = right[rows, batch.feet] - of_all
    return -(likelihood * weights)[reachable].sum()


class Chosen:
    """Some rows of a batch."""

    def __init__(self, batch: Batch, chosen: Tensor) -> None:
        self.lengths, self.costs = batch.lengths[chosen], batch.costs[chosen]
        self.falls, self.before = batch.falls[chosen], batch.before[chosen]


def weight_of(example: Example, sizes: Counter[str], options: argparse.Namespace) -> float:
    """What a line counts: in a long poem less, for what is learned must hold for other poems."""
    own = options.fbfv_weight if example.source == "fbfv" else 1.0
    return own * (sizes[example.poem] / 20) ** -options.damping


def train(
    examples: list[Example], syllables: VariantLexicon, options: argparse.Namespace
) -> MetricalGrammar:
    names: dict[str, int] = {}
    costs: dict[str, int] = {}
    sizes = Counter(each.poem for each in examples)
    ordered = sorted(examples, key=lambda each: len(each.golds[0]))
    part = -(-len(ordered) // 6)  # lines of like length together: less padding
    parts = [ordered[start : start + part] for start in range(0, len(ordered), part)]
    batches = [Batch(each, syllables, names, costs, grow=True) for each in parts]
    weights = [torch.tensor([weight_of(each, sizes, options) for each in group]) for group in parts]
    model = Model(len(names), len(costs))
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
            pull = start[name]
            penalty = penalty + strength.get(name, 0.05) * ((value - pull) ** 2).sum()
        penalty.backward()
        return loss + penalty.detach()

    optimizer.step(closure)
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
    grammar = MetricalGrammar(tensors, list(names), list(costs))
    tensors["usual"][:] = usual(examples, Scanner(default(), grammar))
    return grammar, tensors, list(names), list(costs)


def usual(examples: list[Example], scanner: Scanner) -> np.ndarray:
    """The shares of openings, endings and steps, (kinds, 9), every poem counting as much."""
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
        for family in (OPENING, ENDING, GAP):
            total[family] /= total[family].sum()
        shares[group[0].foot // 2].append(total)
    return np.array([np.mean(shares[kind], axis=0) for kind in range(len(KINDS))])


def right(golds: list[str], found: str) -> tuple[bool, int]:
    """Whether a line is right, and how many of its syllables, by any of the golds given."""
    best = 0
    for gold in golds:
        if len(gold) == len(found):
            best = max(best, sum(a == b for a, b in zip(gold, found, strict=True)))
    return found in golds, best


def score(examples: list[Example], scanner: Scanner, alone: bool) -> dict[str, list[float]]:
    totals: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    poems: dict[str, list[Example]] = defaultdict(list)
    for number, example in enumerate(examples):
        poems[f"{number}" if alone else example.poem].append(example)
    for group in poems.values():
        scansion = scanner.scan(Poem.from_lines([each.line for each in group]))
        for example, line in zip(group, scansion.lines, strict=True):
            first = example.golds if example.source == "fbfv" else example.golds[:1]
            by_first, by_any = right(first, line.stress), right(example.golds, line.stress)
            named = {
                example.source: by_first,
                f"{example.source} {FEET[example.foot]}": by_first,
                f"{example.source} either gold": by_any,
            }
            for key, (whole, syllables) in named.items():
                total = totals[key]
                total[0] += 1
                total[1] += whole
                total[2] += len(example.golds[0])
                total[3] += syllables
    return totals


def conventions(examples: list[Example]) -> str:
    """How often the first collection's voice leaves the metre, where their lengths agree."""
    pairs = Counter(
        pair
        for each in examples
        if len(each.metre) == len(each.golds[0])
        for pair in zip(each.metre, each.golds[0], strict=True)
    )
    off, on = pairs["-", "+"], pairs["+", "-"]
    return (
        f"fbfv: {off} of {off + pairs['-', '-']} syllables off the beat are stressed,"
        f" {on} of {on + pairs['+', '+']} on it are not"
    )


def feet_heard(examples: list[Example], scanner: Scanner) -> None:
    """Print the poems whose foot is heard wrongly."""
    poems: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        poems[example.poem].append(example)
    for poem, group in poems.items():
        scansion = scanner.scan(Poem.from_lines([each.line for each in group]))
        if not scansion.metre.foot.startswith(FEET[group[0].foot][:4]):
            print(f"  {poem}: {len(group)} lines of {FEET[group[0].foot]}, {scansion.metre}")


def fold_of(poem: str, folds: int) -> int:
    title = poem[2:]  # a poem in both collections is in one fold
    return int.from_bytes(hashlib.sha256(title.encode()).digest()[:4], "big") % folds


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
    syllables = VariantLexicon(default())
    examples = examples_of(options.fbfv, options.litlab)
    print(conventions(examples))
    totals: dict[bool, dict[str, list[float]]] = {True: {}, False: {}}
    wrong: list[str] = []
    for fold in range(options.folds):
        inside = [each for each in examples if fold_of(each.poem, options.folds) != fold]
        outside = [each for each in examples if fold_of(each.poem, options.folds) == fold]
        grammar, *_ = train(inside, syllables, options)
        scanner = Scanner(default(), grammar)
        if options.show:
            feet_heard(outside, scanner)
        for alone in (False, True):
            for key, values in score(outside, scanner, alone).items():
                old = totals[alone].get(key, [0, 0, 0, 0])
                totals[alone][key] = [a + b for a, b in zip(old, values, strict=True)]
        for example in outside:
            if example.source in options.of and len(wrong) < options.show * (fold + 1):
                line = scanner.scan(Poem.from_lines([example.line])).lines[0]
                if not right(example.golds, line.stress)[0]:
                    wrong.append(f"{example.golds} {line.stress} {example.source} {example.line}")
    for alone in (False, True):
        print("single lines" if alone else "poems")
        for key in sorted(totals[alone]):
            lines, whole, marks, good = totals[alone][key]
            print(
                f"  {key:20} {lines:5.0f} lines {whole / lines:.3f}, syllables {good / marks:.3f}"
            )
    print("\n".join(wrong))
    if options.write:
        _, tensors, names, costs = train(examples, syllables, options)
        save_file(tensors, OUT, {"features": json.dumps(names), "licences": json.dumps(costs)})
        print(f"{OUT.name}: {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
