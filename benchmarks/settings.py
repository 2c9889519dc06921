"""Settings by the size of the corpus: every point of a grid, trained and scored.

    adapted   a word-level poet from a trained one: learning rate x dropout x passes
    alone     a word-level poet from scratch: cells x dropout

The poems are Deep-speare's. Adapted poets learn from the first poems of VALID, which the shipped
`verse` never saw; poets from scratch learn from the first poems of TRAIN. Of the last sonnets of
VALID, every second one chooses the pass that is kept and so the setting; the others give the
figures.

    python benchmarks/settings.py adapted --base verse --valid VALID.jsonl.gz --poems 50 100 200
    python benchmarks/settings.py adapted --valid VALID.jsonl.gz --grid dropout=0.4,0.55
    python benchmarks/settings.py alone --train TRAIN.jsonl.gz --valid VALID.jsonl.gz --poems 1000
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from deepspeare import Sonnet, sonnets
from machine import machine
from quatrain.config import Training
from quatrain.corpus import PreparedWords, WordLimits
from quatrain.native import configure_native_libraries
from quatrain.poet import WordPoet, artifact, resolve
from quatrain.train.device import accelerator
from quatrain.train.report import NullReporter
from quatrain.train.publishing import Publisher
from quatrain.train.run import train_prepared
from quatrain.train.size import propose_for

APART = 130
"""Sonnets at the end of VALID that no poet learns from."""

GRIDS: dict[str, dict[str, tuple[Any, ...]]] = {
    "adapted": {"learning_rate": (1e-4, 1.7e-4, 3e-4), "dropout": (0.1, 0.25), "epochs": (6.0,)},
    "alone": {"hidden": (256, 384, 512), "dropout": (0.4, 0.5, 0.6, 0.7)},
}  # fmt: skip

FIXED: dict[str, dict[str, Any]] = {
    "adapted": {"validations": 8, "patience": 0},
    "alone": {"validations": 25, "patience": 0, "epochs": 25.0, "negatives": 0, "batch": 16},
}


def perplexity(poet: WordPoet, apart: list[Sonnet]) -> float:
    """Return the perplexity per word, with line ends and unknown words counted."""
    encode, backwards = poet.vocabulary.encode_lines, poet.backwards
    nats = poet.surprisals([encode(sonnet, backwards=backwards)[:-1] for sonnet in apart])
    return math.exp(float(np.concatenate(nats).mean()))


def measured(asked: argparse.Namespace, poems: int, chosen: dict[str, Any]) -> dict[str, Any]:
    """Train and score one poet."""
    configure_native_libraries()
    valid = list(sonnets(asked.valid))
    apart = valid[-APART:]
    choosing, reporting = apart[::2], apart[1::2]
    source = valid[:-APART] if asked.what == "adapted" else list(sonnets(asked.train))
    training = source[:poems]
    base = artifact.load(resolve(asked.base)) if asked.what == "adapted" else None
    own = {token for sonnet in training for line in sonnet for token in line if token[0].isalnum()}
    vocabulary = None
    if base is not None:
        known = WordPoet.from_artifact(base).vocabulary
        letters = set(known.alphabet)
        new = sorted(word for word in own - known.numbers.keys() if letters.issuperset(word))
        vocabulary = known.extended(new)
    count = len(training)
    data = PreparedWords.from_tokens(
        training + choosing, np.arange(count), np.arange(count, count + len(choosing)),
        backwards=True, vocabulary=vocabulary or WordLimits(minimum_count=2),
    )  # fmt: skip
    network = dict(base.config["network"]) if base else {}
    for name in ("letters", "vocabulary"):
        network.pop(name, None)
    settings = Training(**{
        **network, "kind": "words", "threads": asked.threads, **FIXED[asked.what], **chosen,
    })  # fmt: skip
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        trained = train_prepared(
            data,
            propose_for(data, settings, adapting=base is not None),
            accelerator(settings),
            Publisher(Path(folder)),
            NullReporter(),
            base,
        )
        seconds = time.monotonic() - begun
        poet = WordPoet.load(folder)
    return {
        "poems": count, **chosen, "seconds": round(seconds),
        "choosing": trained.validation.closed_vocabulary_perplexity,
        "reporting": perplexity(poet, reporting),
    }  # fmt: skip


def grid_of(asked: argparse.Namespace) -> dict[str, tuple[Any, ...]]:
    """Return the values to try for each setting."""
    given = (each.split("=") for each in asked.grid)
    return GRIDS[asked.what] | {
        name: tuple(map(json.loads, values.split(","))) for name, values in given
    }


def rows_of(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield the figures of each point as soon as it is done."""
    grid = grid_of(asked)
    points = [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]
    with ProcessPoolExecutor(asked.processes, mp_context=get_context("spawn")) as pool:
        waiting = [
            pool.submit(measured, asked, poems, point)
            for poems in sorted(asked.poems, reverse=True) for point in points
        ]  # fmt: skip
        for each in as_completed(waiting):
            row = each.result()
            print(json.dumps(row), flush=True)
            yield row


def main() -> None:
    """Print the table, the best settings of each size first."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=GRIDS)
    parser.add_argument("--base", default="verse", help="the poet to adapt")
    parser.add_argument("--train", type=Path, help="sonnets for training from scratch")
    parser.add_argument("--valid", required=True, type=Path, help="sonnets to score")
    parser.add_argument("--poems", nargs="*", type=int, default=[50, 100, 200])
    parser.add_argument("--grid", nargs="*", default=[], metavar="SETTING=VALUES",
                        help="values that replace the grid's, separated by commas")  # fmt: skip
    parser.add_argument("--processes", type=int, default=1, help="poets to train side by side")
    parser.add_argument("--threads", type=int, default=1, help="threads per poet")
    asked = parser.parse_args()
    if asked.what == "alone" and asked.train is None:
        parser.error("alone trains from scratch and needs --train")
    rows = sorted(rows_of(asked), key=lambda row: (row["poems"], row["choosing"]))
    print(machine("torch"))
    names = list(grid_of(asked))
    print(f"{'poems':>6}" + "".join(f"{name:>15}" for name in names)
          + f"{'seconds':>9}{'choosing':>10}{'reporting':>11}")  # fmt: skip
    for row in rows:
        print(f"{row['poems']:6}" + "".join(f"{row[name]:15g}" for name in names)
              + f"{row['seconds']:9}{row['choosing']:10.2f}{row['reporting']:11.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
