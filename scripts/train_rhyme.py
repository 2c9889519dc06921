"""Learn the weights of rhyme from stanzas whose rhymes people marked, and cross-validate them.

    python scripts/train_rhyme.py CHICAGO.jsonl.gz [--test FBFV.jsonl.gz] [--write]

The model is a logistic regression over pairs of lines of a stanza (features of
`quatrain.sound.rhyme.rhymer`), with counts of schemes and of rhymes by distance. The folds of the
cross-validation are whole authors.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from quatrain.sound.rhyme.endings import ending_of
from quatrain.sound.rhyme.match import match_features
from quatrain.sound.rhyme.rhymer import Rhymer
from quatrain.sound.rhyme.scheme import Schemer
from quatrain.sound.rhyme.stanza import MAX_DISTANCE

OUT = Path(__file__).parents[1] / "src" / "quatrain" / "sound" / "data" / "rhyme.json"
L2 = 1.0
CENTURY = {
    "Sir Thomas More": 16, "Thomas Lodge": 16, "Samuel Daniel": 16, "Bartholomew Griffin": 16,
    "William Shakespeare": 16, "Richard Lovelace": 17, "Ben Jonson": 17, "Jonathan Swift": 18,
    "Matthew Prior": 18, "William Wordsworth": 19, "Percy Shelley": 19, "A. E. Housman": 19,
    "Rudyard Kipling": 19, "TWH Crosland": 20, "Rupert Brooke": 20,
}  # fmt: skip


def read(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        return [json.loads(row) for row in rows]


def canonical(letters: list[str]) -> list[str]:
    """Letters in order of appearance; a line that rhymes with none is x."""
    counts = Counter(letters)
    names: dict[str, str] = {}
    return [
        names.setdefault(each, chr(ord("A") + len(names)))
        if counts[each] > 1 and each != "X"
        else "x"
        for each in letters
    ]


def fit(rows: list[dict[str, Any]]) -> tuple[dict[str, float], dict[str, int], list[float]]:
    ear = Rhymer(weights={"": 0.0}).ear
    names: dict[str, int] = {}
    columns, starts, labels = [], [0], []
    schemes: Counter[str] = Counter()
    same: Counter[int] = Counter()
    pairs: Counter[int] = Counter()
    for row in rows:
        letters = canonical(row["scheme"])
        schemes["".join(letters)] += 1
        ends = [ending_of(line, ear) for line in row["lines"]]
        for first, second in combinations(range(len(ends)), 2):
            together = letters[first] == letters[second] != "x"
            distance = second - first
            if distance > MAX_DISTANCE:
                continue
            same[distance] += together
            pairs[distance] += 1
            one, other = ends[first], ends[second]
            if one is None or other is None:
                continue
            columns += [names.setdefault(each, len(names)) for each in match_features(one, other)]
            starts.append(len(columns))
            labels.append(together)
    matrix = csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(labels), len(names)))
    target = np.array(labels, float)
    prior = math.log(target.mean() / (1 - target.mean()))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        logits = matrix @ weights[1:] + weights[0] + prior
        probability = 1 / (1 + np.exp(-logits))
        value = (
            np.logaddexp(0, logits).sum() - (target * logits).sum() + L2 / 2 * (weights**2).sum()
        )
        difference = probability - target
        return value, np.concatenate(([difference.sum()], matrix.T @ difference)) + L2 * weights

    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B",
                     options={"maxiter": 300}).x  # fmt: skip
    weights = {"": round(float(found[0]), 4)}
    weights |= {name: round(float(found[place + 1]), 4) for name, place in names.items()}
    distances = [0.0] + [
        round(math.log((same[d] + 1) / (pairs[d] - same[d] + 1)), 4)
        for d in range(1, MAX_DISTANCE + 1)
    ]
    kept = {scheme: count for scheme, count in schemes.most_common() if len(scheme) <= 24}
    return weights, kept, distances


def score(rows: list[dict[str, Any]], schemer: Schemer, show: int = 0) -> dict[str, np.ndarray]:
    """Per century: true pairs found, pairs found, true pairs, whole stanzas, stanzas."""
    totals: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(5))
    for row in rows:
        gold = canonical(row["scheme"])
        ends = [ending_of(line, schemer._rhymer.ear) for line in row["lines"]]
        found = schemer.stanza(ends)
        sizes = Counter(found)
        marks = [each if sizes[each] > 1 else -place - 1 for place, each in enumerate(found)]
        counts = np.zeros(5)
        for first, second in combinations(range(len(gold)), 2):
            true = gold[first] == gold[second] != "x"
            said = marks[first] == marks[second]
            counts[:3] += (true and said, said, true)
        whole = counts[0] == counts[1] == counts[2]
        counts[3:] = whole, 1
        if not whole and show > 0:
            show -= 1
            heard = "".join(canonical([str(each) for each in found]))
            print("".join(gold), heard, [end.word if end else None for end in ends])
        for key in ("all", f"century {CENTURY.get(row['author'], 0)}"):
            totals[key] += counts
    return totals


def table(title: str, totals: dict[str, np.ndarray]) -> None:
    print(title)
    for key in sorted(totals):
        both, said, true, whole, stanzas = totals[key]
        precision, recall = both / max(1, said), both / max(1, true)
        print(
            f"  {key:12} precision {precision:.3f}, recall {recall:.3f},"
            f" F1 {2 * precision * recall / max(1e-9, precision + recall):.3f};"
            f" whole stanzas {whole / stanzas:.3f} of {stanzas:.0f}"
        )


def fold_of(author: str, folds: int) -> int:
    return int.from_bytes(hashlib.sha256(author.encode()).digest()[:4], "big") % folds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("chicago", type=Path)
    parser.add_argument("--test", type=Path, help="another gold file, used only to score")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--show", type=int, default=0, help="wrong stanzas to print per fold")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = read(options.chicago)
    totals: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(5))
    for fold in range(options.folds):
        inside = [row for row in rows if fold_of(row["author"], options.folds) != fold]
        outside = [row for row in rows if fold_of(row["author"], options.folds) == fold]
        weights, schemes, distances = fit(inside)
        schemer = Schemer(Rhymer(weights=weights), schemes, distances)
        for key, counts in score(outside, schemer, options.show).items():
            totals[key] += counts
    table("cross-validated by author", totals)
    weights, schemes, distances = fit(rows)
    if options.test:
        schemer = Schemer(Rhymer(weights=weights), schemes, distances)
        table(options.test.name, score(read(options.test), schemer, options.show))
    if options.write:
        record = {"weights": weights, "distances": distances, "schemes": schemes}
        OUT.write_text(json.dumps(record, indent=0) + "\n", encoding="utf-8")
        print(f"{OUT.name}: {len(weights)} weights, {len(schemes)} schemes")


if __name__ == "__main__":
    main()
