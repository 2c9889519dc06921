"""Write poems in every form by both searches, and check each strictly as a stranger would.

    python benchmarks/guarantee.py RESULTS.jsonl [--poems 2400] [--poet verse] [--random]

The poems are shared out evenly over the shipped forms and the searches "particles" and "beam". Each
is checked from its printed text alone, by a `Checker` that had no part in writing it: metre or
syllables, rhymes, refrains, and that lines without a letter don't rhyme. --random draws the poet's
weights at random, so that nothing in them helps the search.

RESULTS gets a line per poem as soon as it is checked; run again, the script goes on where it
stopped. A poem that breaks its form, or that could not be written, is printed with the reason.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from machine import machine

import quatrain
from quatrain.errors import UserError
from quatrain.form import Checker, load, names
from quatrain.poet.network import WordSize
from quatrain.records import Poem
from quatrain.write import WordWriter
from quatrain.write.options import SEARCH_NAMES

AT_ONCE = 10
"""Poems written side by side."""

Key = tuple[str, str, int]
"""A form, a search and a seed."""


def random_poet(poet: WordWriter) -> WordWriter:
    """Return a small poet with the words of another and random weights."""
    size = WordSize(poet.vocabulary.size, poet.vocabulary.letters, 4, 2, 3, 1, 8, 1, 6)
    generator = np.random.default_rng(0)
    tensors = {
        name: generator.normal(0, 0.7, shape).astype(np.float32)
        for name, shape in size.shapes.items()
    }
    return WordWriter(tensors, poet.vocabulary, backwards=poet.backwards, name="random")


def shares(poems: int, first_seed: int) -> Iterator[tuple[str, str, range]]:
    """Yield every form and search with some seeds of its poems, all forms in turn."""
    pairs = [(form, search) for form in names() for search in SEARCH_NAMES]
    counts = [poems // len(pairs) + (place < poems % len(pairs)) for place in range(len(pairs))]
    for start in range(0, max(counts), AT_ONCE):
        for (form, search), count in zip(pairs, counts, strict=True):
            stop = min(start + AT_ONCE, count)
            if start < stop:
                yield form, search, range(first_seed + start, first_seed + stop)


def checked(poem: Poem, form: str, checker: Checker) -> str:
    """Return why the printed text of a poem breaks a form; empty if it keeps it."""
    printed = Poem.from_lines(poem.text.split("\n"))
    verdict = checker.check(printed, load(form), strict=True)
    return "" if verdict.kept else "; ".join(map(str, verdict.broken))


def written(
    poet: WordWriter, form: str, search: str, seeds: range, options: argparse.Namespace
) -> list[Poem | str]:
    """Write one poem per seed; a poem that cannot be written is its error."""
    settings = {"form": form, "search": search, "particles": options.particles}
    try:
        return list(poet.write_many(len(seeds), seed=seeds[0], **settings))
    except UserError:  # one of them failed: find out which
        poems: list[Poem | str] = []
        for seed in seeds:
            try:
                poems.append(poet.write(seed=seed, **settings))
            except UserError as error:
                poems.append(str(error))
        return poems


def read(path: Path) -> dict[Key, str]:
    """Return what is known already: a reason, empty for a poem that keeps its form, by its key."""
    if not path.exists():
        return {}
    rows = [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]
    return {(row["form"], row["search"], row["seed"]): row["broken"] for row in rows}


def table(results: dict[Key, str]) -> str:
    """Return the number of poems that keep their form out of those written, as Markdown."""
    written_poems, kept = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for (form, search, _), broken in results.items():
        for row in (form, "all"):
            written_poems[row, search] += 1
            kept[row, search] += not broken
    rows = [f"| form | {' | '.join(SEARCH_NAMES)} |", "| --- |" + " ---: |" * len(SEARCH_NAMES)]
    for form in [*names(), "all"]:
        cells = [f"{kept[form, name]} of {written_poems[form, name]}" for name in SEARCH_NAMES]
        rows.append(f"| {form} | {' | '.join(cells)} |")
    return "\n".join(rows)


def main() -> None:
    """Write what is missing, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("results", type=Path)
    parser.add_argument("--poems", type=int, default=2400)
    parser.add_argument("--poet", default="verse")
    parser.add_argument("--random", action="store_true", help="draw the weights at random")
    parser.add_argument("--particles", type=int, help="lines drawn side by side")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, help="stop after so long; a later run goes on")
    options = parser.parse_args()
    poet = quatrain.load(options.poet)
    if not isinstance(poet, WordWriter):
        raise SystemExit(f"{options.poet} is not a word-level poet")
    poet = random_poet(poet) if options.random else poet
    checker, began = Checker(), time.monotonic()
    results = read(options.results)
    for form, search, seeds in shares(options.poems, options.seed):
        if options.minutes and time.monotonic() - began > 60 * options.minutes:
            break
        if all((form, search, seed) in results for seed in seeds):
            continue
        with options.results.open("a", encoding="utf-8") as file:
            for seed, poem in zip(seeds, written(poet, form, search, seeds, options), strict=True):
                broken = poem if isinstance(poem, str) else checked(poem, form, checker)
                results[form, search, seed] = broken
                row = {"form": form, "search": search, "seed": seed, "broken": broken}
                file.write(json.dumps(row) + "\n")
                if broken:
                    print(f"{form}, {search}, seed {seed}: {broken}", flush=True)
    print(machine("numpy"))
    print(table(results))


if __name__ == "__main__":
    main()
