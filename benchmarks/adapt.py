"""Your own texts: a trained poet adapted to them, beside poets trained from scratch.

Some poems are set apart and never seen. The rest train three poets with the settings that
`quatrain train` chooses: one adapted from a base, a word-level and a character-level one from
scratch. All are scored on the poems set apart, by `records.Score`. A word-level poet also pays for
the letters of words it does not know, so the figures can be compared.

    python benchmarks/adapt.py --base verse
    python benchmarks/adapt.py --base verse --text poems.txt --rates 3e-4 1e-3
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

import quatrain
from machine import machine
from quatrain.native import configure_native_libraries
from quatrain.poet import Poet
from quatrain.records import Poem


def divided(source: str, share: float, seed: int) -> tuple[list[Poem], list[Poem]]:
    """Split the poems into those to train on and those set apart."""
    poems = list(quatrain.read(source).poems)
    order = np.random.default_rng(seed).permutation(len(poems)).tolist()
    apart = max(1, round(share * len(poems)))
    return [poems[k] for k in order[apart:]], [poems[k] for k in order[:apart]]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", required=True, help="a word-level poet: its folder or its name")
    parser.add_argument("--text", default="anthology")
    parser.add_argument(
        "--rates", nargs="*", type=float, default=[None], help="learning rates to try"
    )
    parser.add_argument("--dropouts", nargs="*", type=float, default=[None])
    parser.add_argument("--apart", type=float, default=0.15, help="share of poems set apart")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--only-base", action="store_true", help="train no poet from scratch")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    configure_native_libraries()
    training, apart = divided(asked.text, asked.apart, asked.seed)
    runs: list[tuple[str, dict[str, Any]]] = [
        (f"from {asked.base}" + "".join(f", {name} {value:g}" for name, value in chosen.items()),
         {"base": asked.base, **chosen})
        for rate in asked.rates for drop in asked.dropouts
        for chosen in [{name: value for name, value in
                        (("learning_rate", rate), ("dropout", drop)) if value is not None}]
    ]  # fmt: skip
    if not asked.only_base:
        runs += [("words", {"kind": "words"}), ("characters", {"kind": "characters"})]
    rows: list[dict[str, Any]] = []
    base = Poet.load(asked.base).evaluate(apart)
    rows.append({"poet": f"{asked.base} as it is", "seconds": 0.0, **_figures(base)})
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "poems.jsonl"
        source.write_text(
            "".join(json.dumps({"lines": poem.text.split("\n")}) + "\n" for poem in training)
        )
        for number, (name, settings) in enumerate(runs):
            begun = time.monotonic()
            out = Path(folder) / str(number)
            trained = quatrain.train(source, out, threads=asked.threads, **settings)
            seconds = time.monotonic() - begun
            score = Poet.load(out).evaluate(apart)
            rows.append({"poet": name, "seconds": round(seconds, 1), "epochs": trained.epochs,
                         **_figures(score)})  # fmt: skip
            print(rows[-1], flush=True)
    if asked.json:
        print(json.dumps({"machine": machine("torch"), "rows": rows}))
        return
    print(machine("torch"))
    print(f"{len(training)} poems to train on, {len(apart)} set apart, of {asked.text}")
    print(
        f"{'poet':40} {'seconds':>8} {'bits/character':>15} {'perplexity/word':>16} {'unknown':>8}"
    )
    for row in rows:
        word = "" if row["perplexity"] is None else f"{row['perplexity']:.1f}"
        print(
            f"{row['poet']:40} {row['seconds']:8.0f} {row['bits_per_character']:15.3f} "
            f"{word:>16} {row['unknown']:8}"
        )


def _figures(score: quatrain.Score) -> dict[str, Any]:
    return {
        "bits_per_character": score.bits_per_character,
        "perplexity": score.perplexity_per_word,
        "unknown": score.unknown,
    }


if __name__ == "__main__":
    main()
