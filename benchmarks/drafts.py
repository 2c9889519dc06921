"""The check of a draft: how long it takes after a change, and in long drafts.

    python benchmarks/drafts.py [--json]

CPU time in ms of `DraftChecker.check`, in one process that has checked a draft before. The sonnet
is one of the anthology's. "Typing" takes each beginning of its sixth line in turn; "a faulty line"
has a word too many in each of its lines in turn, so that repairs are looked for. Long drafts repeat
the anthology's lines, of which half are no pentameter.
"""

import argparse
import json
import statistics
import time
from collections.abc import Sequence

from quatrain.corpus import read
from quatrain.form import DraftChecker


def milliseconds(checker: DraftChecker, lines: Sequence[str], form: str | None) -> float:
    """Return the CPU time of one check in ms."""
    start = time.process_time()
    checker.check(lines, form)
    return 1000 * (time.process_time() - start)


def spread(times: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile of some times."""
    ranked = sorted(times)
    return statistics.median(ranked), ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))]


def typed(lines: Sequence[str], number: int) -> list[list[str]]:
    """Return a draft at each letter of one of its lines."""
    return [
        [*lines[:number], lines[number][:end], *lines[number + 1 :]]
        for end in range(1, len(lines[number]) + 1)
    ]


def spoiled(lines: Sequence[str]) -> list[list[str]]:
    """Return a draft with a word too many in each of its lines in turn."""
    drafts = []
    for number, line in enumerate(lines):
        first, _, rest = line.partition(" ")
        drafts.append([*lines[:number], f"{first} and {rest}", *lines[number + 1 :]])
    return drafts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    poems = read("anthology").poems
    sonnets = [poem for poem in poems if poem.form == "shakespearean-sonnet"]
    sonnet, other = ([line.text for line in poem.lines] for poem in sonnets[:2])
    all_lines = [line.text for poem in poems for line in poem.lines]
    rows: dict[str, tuple[float, float]] = {}
    for form, name in (("sonnet", "in its form"), (None, "without a form")):
        checker = DraftChecker()
        checker.check(other, form)
        rows[f"first check of a sonnet, {name}"] = spread([milliseconds(checker, sonnet, form)])
        rows[f"again, {name}"] = spread([milliseconds(checker, sonnet, form) for _ in range(20)])
        drafts = typed(sonnet, 5)
        rows[f"typing, {name}"] = spread([milliseconds(checker, draft, form) for draft in drafts])
        drafts = spoiled(sonnet)
        times = [milliseconds(checker, draft, form) for draft in drafts]
        rows[f"a faulty line, {name}"] = spread(times)
    for count in (100, 1000, 10_000):
        lines = [all_lines[number % len(all_lines)] for number in range(count)]
        for form in ("blank-verse", None):
            checker = DraftChecker()
            checker.check(other, form)
            first = milliseconds(checker, lines, form)
            again = spread([milliseconds(checker, lines, form) for _ in range(5)])
            name = form or "without a form"
            rows[f"{count:,} lines, {name}, first"] = (first, first)
            rows[f"{count:,} lines, {name}, again"] = again
    if options.json:
        print(json.dumps({name: {"median": row[0], "p95": row[1]} for name, row in rows.items()}))
        return
    print("| check | median, ms | 95th percentile, ms |\n| --- | --- | --- |")
    for name, (middle, high) in rows.items():
        print(f"| {name} | {middle:.1f} | {high:.1f} |")


if __name__ == "__main__":
    main()
