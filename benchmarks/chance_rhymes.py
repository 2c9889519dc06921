"""Chance rhymes: full rhymes between lines of blank verse, by their distance.

    python benchmarks/chance_rhymes.py CORPUS "AUTHOR: TITLE"... [--json]

CORPUS is verse that `quatrain corpus` reads. Each AUTHOR: TITLE selects the poems of blank verse
whose author and title contain these words, in any case. The table has full rhymes, as `x` in a form
forbids them, in a hundred lines: with the line before, with the second line before, and so on. The
distance and the share in `quatrain.form.rhyming` come from it.
"""

import argparse
import json
from collections import Counter

from quatrain.corpus import stream_all
from quatrain.form import MAX_DISTANCE, Checker

FARTHEST = 8
"""Lines of the greatest distance that is counted."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("works", nargs="+", metavar="AUTHOR: TITLE")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    works = [tuple(part.strip().lower() for part in work.split(":", 1)) for work in options.works]
    full_rhyme = Checker().rhymes.full_rhyme
    rhymes: Counter[int] = Counter()
    count = 0
    for poem in stream_all(options.corpus):
        author, title = (poem.author or "").lower(), (poem.title or "").lower()
        if not any(name in author and work in title for name, work in works):
            continue
        lines = [line.text for line in poem.lines]
        count += max(0, len(lines) - FARTHEST)
        for number in range(FARTHEST, len(lines)):
            for distance in range(1, FARTHEST + 1):
                rhymes[distance] += full_rhyme(lines[number - distance], lines[number]) is not None
    if not count:
        raise SystemExit("No poem of these works is in the corpus.")
    table = {distance: round(100 * rhymes[distance] / count, 2) for distance in sorted(rhymes)}
    near = round(sum(table[distance] for distance in range(1, MAX_DISTANCE + 1)), 2)
    if options.json:
        print(json.dumps({"lines": count, "by distance": table, "near": near}))
        return
    print(f"{count:,} lines; {near} full rhymes in 100 lines within {MAX_DISTANCE} lines\n")
    print("| distance | in 100 lines |\n| --- | --- |")
    for distance, share in table.items():
        print(f"| {distance} | {share} |")


if __name__ == "__main__":
    main()
