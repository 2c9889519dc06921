"""Calibration: the scanner's confidence beside the share that is right.

    python benchmarks/calibration.py CORPUS.jsonl.gz [--gold FBFV.jsonl.gz LITLAB.jsonl.gz]

Two kinds of text that no weight was learned from are scanned. The first is verse in a known metre,
as CORPUS has it: Shakespeare's sonnets and *The Faerie Queene* are iambic. The second is text
without a metre: the held-out half of the free verse in CORPUS, of Python's manual cut into lines,
and of lists of titles and of words. Each is cut into passages of 1 to 30 lines; both kinds count
the same.

With --gold the lines of these files take the place of the known metre, and the marks of each line
are judged too. The weights in the package were learned from one half of each collection; give the
other half, or read the cross-validation of `scripts/train_scanner.py` instead.

The last rows say what was called how sure by kind of text: "certain" is 95 % and more.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import argparse
import gzip
import json
import sys
from pathlib import Path
from random import Random

from machine import machine

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
from scanner_confidence import (
    Passage,
    claims,
    cuts,
    free_passages,
    is_held_out,
    reliability,
    verse_passages,
)
from scanner_gold import read_examples

from quatrain.sound.scansion.confidence import shipped_confidences
from quatrain.sound.scansion.grammar import shipped

IAMBIC = ("shakespeare", "faerie-queene")
"""Parts of the names of sources whose poems are iambic, with few exceptions."""


def known_passages(corpus, count, random):
    """Yield passages of poems that are known to be iambic."""
    with gzip.open(corpus, "rt", encoding="utf-8") as rows:
        poems = [json.loads(row) for row in rows]
    iambic = [poem for poem in poems if any(part in poem["source"] for part in IAMBIC)]
    for poem in random.sample(iambic, min(count, len(iambic))):
        lines = [line for line in poem["lines"] if line]
        for start, end in cuts(len(lines), 2, random):
            yield Passage(tuple(lines[start:end]), "verse", poem["id"], "iambic")


def print_by_kind(made):
    """Print, for each kind of text, how often it was called right, and how sure."""
    for kind in dict.fromkeys(claim.passage.kind for claim in made):
        of_kind = [claim for claim in made if claim.passage.kind == kind]
        count = len(of_kind)
        right = sum(claim.is_right for claim in of_kind) / count
        wrong = [claim for claim in of_kind if not claim.is_right]
        certain = sum(claim.confidence >= 0.95 for claim in wrong)
        sure = sum(claim.confidence for claim in wrong) / max(1, len(wrong))
        print(
            f"  {kind:11} {count:4} passages, {right:6.1%} right; the {len(wrong)} wrong ones were"
            f" called {sure:.0%} sure on average, {certain} of them certain"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--gold", nargs=2, type=Path, metavar=("FBFV", "LITLAB"))
    parser.add_argument("--poems", type=int, default=150, help="poems of a known metre")
    options = parser.parse_args()
    print(machine("numpy"))
    random = Random(2)
    if options.gold:
        verse = list(verse_passages(read_examples(*options.gold), random))
    else:
        verse = list(known_passages(options.corpus, options.poems, random))
    free = [text for text in free_passages(options.corpus, random) if is_held_out(text.name)]
    made = claims([*verse, *free], [shipped()], shipped_confidences())
    print("metres")
    weights = [1 / len(verse) if claim.passage.foot else 1 / len(free) for claim in made]
    print(
        reliability(
            [claim.confidence for claim in made], [claim.is_right for claim in made], weights
        )
    )
    if options.gold:
        print("marks of lines")
        scanned = [claim for claim in made if len(claim.right_lines)]
        print(
            reliability(
                [value for claim in scanned for value in claim.line_confidences],
                [value for claim in scanned for value in claim.right_lines],
            )
        )
    print_by_kind(made)


if __name__ == "__main__":
    main()
