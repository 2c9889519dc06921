"""Learn the weights of the scanner from lines that people scanned, and cross-validate them.

    python scripts/train_scanner.py FBFV.jsonl.gz LITLAB.jsonl.gz CORPUS.jsonl.gz

The files are not in the repository: scanned lines of For Better For Verse and of the Stanford
Literary Lab, one JSON object per line (`scanner_gold.read_examples` reads them), and poems among
which free verse is (`scanner_confidence.free_passages`).

The model is the grammar of `quatrain.sound.scansion.grammar`, trained as a conditional random
field with hidden variables (Lafferty, McCallum and Pereira 2001; Quattoni et al. 2007). Training
maximises the likelihood of the stresses people heard and of the poem's foot, summed over the beats
and over the pronunciations of the line. The folds of the cross-validation are whole poems. What
the lines of a poem have in common (`quatrain.sound.scansion.poem_prior`) is not trained: the
script only counts how common each feature is in verse at large, with the same weight for every
poem.

How sure the scanner may be is learned from what the scanners of the cross-validation say of poems
they have not seen, and of texts without a metre (`scanner_confidence`). Half of those are held out
for `benchmarks/calibration.py`.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path
from random import Random

import numpy as np
import torch
from safetensors.numpy import save_file
from scanner_confidence import (
    claims,
    fit_confidences,
    free_passages,
    is_held_out,
    reliability,
    verse_passages,
)
from scanner_crf import OTHER_PART_COST, Batch, Model, loss_of
from scanner_gold import (
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
from quatrain.sound.scansion.confidence import ConfidenceModel
from quatrain.sound.scansion.features import OTHER_PART, VariantLexicon
from quatrain.sound.scansion.grammar import KINDS, MetricalGrammar
from quatrain.sound.scansion.poem_prior import ENDING, GAP, OPENING, line_features
from quatrain.sound.scansion.scanner import Scanner

OUT = Path(__file__).parents[1] / "src" / "quatrain" / "sound" / "data" / "scanner.safetensors"


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
    if OTHER_PART in licences:
        with torch.no_grad():  # the gold verse has too few cases to learn it from
            model.cost[licences[OTHER_PART]] = OTHER_PART_COST
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
    del tensors["falling_end"]  # the scanner reads no line as that dozen were scanned
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


Totals = dict[bool, dict[str, list[float]]]
"""Counts of `scanner_gold.score` for lines in their poems (False) and alone (True)."""


def cross_validate(
    examples: list[Example], lexicon: VariantLexicon, options: argparse.Namespace
) -> list[MetricalGrammar]:
    """Print how well grammars scan the poems they have not seen, and return them, one per fold."""
    totals: Totals = {True: {}, False: {}}
    wrong: list[str] = []
    grammars = []
    for fold in range(options.folds):
        fold_numbers = [fold_of(example.poem, options.folds) for example in examples]
        inside = [e for e, number in zip(examples, fold_numbers, strict=True) if number != fold]
        outside = [e for e, number in zip(examples, fold_numbers, strict=True) if number == fold]
        grammar, *_ = train(inside, lexicon, options)
        grammars.append(grammar)
        scanner = Scanner(default(), grammar)
        if options.show:
            print_wrong_feet(outside, scanner)
        for alone in (False, True):
            for key, values in score(outside, scanner, alone).items():
                old = totals[alone].get(key, [0] * len(values))
                totals[alone][key] = [a + b for a, b in zip(old, values, strict=True)]
        for example in outside:
            if example.source in options.of and len(wrong) < options.show * (fold + 1):
                line = scanner.scan(Poem.from_lines([example.line])).lines[0]
                if not compare(example.golds, line.stress)[0]:
                    wrong.append(f"{example.golds} {line.stress} {example.source} {example.line}")
    print_totals(totals)
    print("\n".join(wrong))
    return grammars


def print_totals(totals: Totals) -> None:
    """Print the shares of right lines and syllables."""
    for alone in (False, True):
        print("single lines" if alone else "poems")
        for key in sorted(totals[alone]):
            lines, right_lines, syllables, right_syllables, same_length = totals[alone][key]
            print(
                f"  {key:20} {lines:5.0f} lines {right_lines / lines:.3f},"
                f" syllables {right_syllables / syllables:.3f},"
                f" lines of another length {1 - same_length / lines:.3f}"
            )


def learn_confidences(
    examples: list[Example], grammars: list[MetricalGrammar], corpus: Path
) -> ConfidenceModel:
    """Learn how sure the scanner may be, and print how well that holds in other folds."""
    random = Random(1)
    free = [passage for passage in free_passages(corpus, random) if not is_held_out(passage.name)]
    passages = [*verse_passages(examples, random), *free]
    made = claims(passages, grammars, ConfidenceModel.untrained())
    # The evidence of a line includes the confidence of its poem's metre, which must be there first.
    made = claims(passages, grammars, fit_confidences(made))
    promised, right, weights, line_promised, line_right = [], [], [], [], []
    verse = sum(bool(claim.passage.foot) for claim in made)
    for fold in range(len(grammars)):
        outside = [claim for claim in made if fold_of(claim.passage.name, len(grammars)) == fold]
        inside = [claim for claim in made if fold_of(claim.passage.name, len(grammars)) != fold]
        model = fit_confidences(inside)
        for claim in outside:
            promised.append(model.of_poem(claim.evidence, is_free=claim.is_free))
            right.append(claim.is_right)
            weights.append(1 / verse if claim.passage.foot else 1 / (len(made) - verse))
            if len(claim.right_lines):
                line_promised += model.of_lines(claim.line_evidence)
                line_right += claim.right_lines.tolist()
    print(f"metres of {Counter(passage.kind for passage in passages)}")
    print(reliability(promised, right, weights))
    print("marks of lines")
    print(reliability(line_promised, line_right))
    return fit_confidences(made)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fbfv", type=Path)
    parser.add_argument("litlab", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--folds", type=int, default=5)
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
    grammars = cross_validate(examples, lexicon, options)
    confidences = learn_confidences(examples, grammars, options.corpus)
    if options.write:
        _, tensors, names, licences = train(examples, lexicon, options)
        tensors |= {
            "metre_confidence": confidences.metre,
            "free_confidence": confidences.free,
            "line_confidence": confidences.line,
        }
        save_file(tensors, OUT, {"features": json.dumps(names), "licences": json.dumps(licences)})
        print(f"{OUT.name}: {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
