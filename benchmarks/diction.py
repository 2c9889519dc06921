"""Measure how archaic poems are in every diction, what that costs the poet, and people's verse.

    python benchmarks/diction.py [--poet verse] [--poems 40] [--others 20] [--seed 900]
                                 [--dictions any,modern,archaic] [--corpus CORPUS] [--out FOLDER]

The poems are sonnets, and as many in other forms as `--others` says, one form after another; every
diction has the same seeds. `archaic` is `quatrain.write.archaic_rate`: archaic words in a thousand.
`surprisal` is the poet's own, at temperature 1 and without the form, in nats a word; `seconds` is
processor time a sonnet, many written side by side.

With --corpus, verse of people as JSON lines with `lines` and the year of the author's `death`, the
rate of people by twenty years; a poem counts as written 30 years before. The words of the list come
in part from the same corpus (scripts/prepare_diction.py). With --out, the poems of each diction are
written into files, for other measures and to be read.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from machine import machine

import quatrain
from quatrain.records import Poem
from quatrain.write import ConstrainedGeneration, Writer, archaic_rate

FORMS = ("ballad", "blank-verse", "limerick", "villanelle", "heroic-couplets", "haiku",
         "terza-rima", "rubai", "free-verse", "common-measure")  # fmt: skip
BATCH = 8
"""Poems written side by side."""
YEARS, YEARS_BEFORE_DEATH = 20, 30
PEOPLE = 500
"""Most poems of people of twenty years, at even distances in the corpus."""


def write(
    poet: Writer, diction: str, form: str, count: int, seed: int
) -> tuple[list[Poem], list[float], float]:
    """Write poems of one form; return them, their surprisals in nats a word, and the seconds."""
    poems: list[Poem] = []
    surprisals: list[float] = []
    seconds = 0.0
    for first in range(0, count, BATCH):
        before = time.process_time()
        begun = poet.begin(
            poems=min(BATCH, count - first), form=form, seed=seed + first, diction=diction
        )
        poems += begun.poems
        seconds += time.process_time() - before
        if isinstance(begun, ConstrainedGeneration):
            surprisals += [begun.surprisal(number) for number in range(len(begun.poems))]
    return poems, surprisals, seconds


def with_error(values: Sequence[float]) -> str:
    """Return the mean of some values, and its standard error."""
    return f"{np.mean(values):.2f} ± {np.std(values) / np.sqrt(len(values)):.2f}"


def people(corpus: Path) -> dict[int, tuple[float, int]]:
    """Return the archaic words in a thousand, and the poems, by the first year of twenty."""
    lines: dict[int, list[list[str]]] = {}
    with gzip.open(corpus, "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            if row.get("death") is None:
                continue
            year = (int(row["death"]) - YEARS_BEFORE_DEATH) // YEARS * YEARS
            lines.setdefault(year, []).append(row["lines"])
    rates = {}
    for year, members in sorted(lines.items()):
        sample = members[:: -(-len(members) // PEOPLE)]
        rates[year] = archaic_rate(map(Poem.from_lines, sample)), len(sample)
    return rates


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--poet", default="verse")
    parser.add_argument("--poems", type=int, default=40)
    parser.add_argument("--others", type=int, default=20)
    parser.add_argument("--seed", type=int, default=900)
    parser.add_argument("--dictions", default="any,modern,archaic")
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    poet = quatrain.load(options.poet)
    print(f"{options.poet}, {options.poems} sonnets, {options.others} others; {machine()}\n")
    print("| diction | archaic, sonnets | archaic, other forms | surprisal | seconds |")
    print("| --- | --- | --- | --- | --- |")
    for diction in options.dictions.split(","):
        poems, surprisals, seconds = write(poet, diction, "sonnet", options.poems, options.seed)
        others: list[Poem] = []
        for number in range(options.others):
            form = FORMS[number % len(FORMS)]
            others += write(poet, diction, form, 1, options.seed + number)[0]
        cells = [
            with_error([archaic_rate(poem) for poem in poems]),
            with_error([archaic_rate(poem) for poem in others]) if others else "",
            with_error(surprisals),
            f"{seconds / len(poems):.2f}",
        ]
        print(f"| {diction} | {' | '.join(cells)} |", flush=True)
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
            for name, members in (("sonnets", poems), ("others", others)):
                rows = [{"lines": [line.text for line in poem.lines]} for poem in members]
                text = "".join(json.dumps(row) + "\n" for row in rows)
                (options.out / f"{diction}-{name}.jsonl").write_text(text, encoding="utf-8")
    if options.corpus:
        print("\n| people's verse of | archaic | poems |\n| --- | --- | --- |")
        for year, (rate, count) in people(options.corpus).items():
            print(f"| {year} to {year + YEARS - 1} | {rate:.1f} | {count:,} |")


if __name__ == "__main__":
    main()
