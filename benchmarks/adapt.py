"""Your own texts: the base that `quatrain train` chooses, what adapting gains, and the time.

Some poems of each text are set apart and never seen. The rest train poets with the settings that
`quatrain train` chooses: one from the base chosen by default, and one from each other start that
you name: a shipped poet, `words` or `characters` from scratch. All are scored on the poems set
apart, by `records.Score`. A word-level poet also pays for the letters of words it does not know,
so the figures can be compared.

    python benchmarks/adapt.py
    python benchmarks/adapt.py --text poems.txt others.jsonl --starts default sonnets characters
    python benchmarks/adapt.py --starts verse --rates 3e-4 1e-3
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import quatrain
from machine import machine
from quatrain.native import configure_native_libraries
from quatrain.poet import Poet
from quatrain.records import Poem

BASES = ("verse", "sonnets")
"""Shipped poets that are scored as they are."""

DEFAULT = "default"
"""The start that `quatrain train` chooses."""


def divided(source: str, share: float, seed: int) -> tuple[list[Poem], list[Poem]]:
    """Split the poems into those to train on and those set apart."""
    poems = list(quatrain.read(source).poems)
    order = np.random.default_rng(seed).permutation(len(poems)).tolist()
    apart = max(1, round(share * len(poems)))
    return [poems[k] for k in order[apart:]], [poems[k] for k in order[:apart]]


def runs(asked: argparse.Namespace) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name of every poet to train, and its settings."""
    for start in asked.starts:
        for rate in asked.rates:
            for dropout in asked.dropouts:
                chosen = {"learning_rate": rate, "dropout": dropout}
                changed = {name: value for name, value in chosen.items() if value is not None}
                name = start + "".join(f", {key} {value:g}" for key, value in changed.items())
                if start in ("words", "characters"):
                    changed |= {"base": "scratch", "kind": start}
                elif start != DEFAULT:
                    changed["base"] = start
                yield name, changed


def measure(text: str, asked: argparse.Namespace) -> list[dict[str, Any]]:
    """Train the poets on one text and return a row of figures for each."""
    training, apart = divided(text, asked.apart, asked.seed)
    sizes = {"text": Path(text).stem, "poems": len(training), "apart": len(apart)}
    rows = [
        {**sizes, "poet": f"{base} as it is", **_figures(Poet.load(base).evaluate(apart))}
        for base in BASES
    ]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "poems.jsonl"
        source.write_text(
            "".join(json.dumps({"lines": poem.text.split("\n")}) + "\n" for poem in training)
        )
        for number, (name, settings) in enumerate(runs(asked)):
            begun = time.monotonic()
            out = Path(folder) / str(number)
            trained = quatrain.train(source, out, threads=asked.threads, **settings)
            seconds = time.monotonic() - begun
            poet = Poet.load(out)
            base = poet.config["corpus"].get("base", {}).get("poet")
            if name == DEFAULT:
                name = f"default: from {base or 'scratch'}"
            rows.append(
                {
                    **sizes,
                    "poet": name,
                    "seconds": round(seconds, 1),
                    "epochs": trained.epochs,
                    **_figures(poet.evaluate(apart)),
                    "sentence": trained.messages[-1],
                }
            )
            print(rows[-1], flush=True)
    return rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--text", nargs="+", default=["anthology"], help="texts to adapt to")
    parser.add_argument(
        "--starts",
        nargs="+",
        default=[DEFAULT],
        help=f"{DEFAULT}, a poet's folder or name, words or characters",
    )
    parser.add_argument(
        "--rates", nargs="*", type=float, default=[None], help="learning rates to try"
    )
    parser.add_argument("--dropouts", nargs="*", type=float, default=[None])
    parser.add_argument("--apart", type=float, default=0.15, help="share of poems set apart")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    configure_native_libraries()
    rows = [row for text in asked.text for row in measure(text, asked)]
    if asked.json:
        print(json.dumps({"machine": machine("torch"), "rows": rows}))
        return
    print(machine("torch"))
    for row in rows:
        word = "" if row["perplexity"] is None else f"{row['perplexity']:.1f}"
        print(
            f"{row['text']:12} {row['poems']:4} + {row['apart']:3} poems  {row['poet']:32} "
            f"{row.get('seconds', 0):6.0f} s {row['bits_per_character']:7.3f} bits/character "
            f"{word:>8} a word {row['unknown']:6} unknown"
        )


def _figures(score: quatrain.Score) -> dict[str, Any]:
    return {
        "bits_per_character": score.bits_per_character,
        "perplexity": score.perplexity_per_word,
        "unknown": score.unknown,
    }


if __name__ == "__main__":
    main()
