"""Form: the number of Shakespeare's sonnets that pass as sonnets, why others fail, and the speed.

    python benchmarks/form.py SONNETS [--json]

SONNETS is a text of Shakespeare's 154 sonnets with an empty line between two. Each is checked
against the shipped Shakespearean form, strictly and leniently. Failures are counted by the rule
that is broken and, for rhymes, by the kind of rhyme that was heard. `CAUSES` gives, for each line
that the strict check refuses for its metre, the cause assigned when all of them were read by eye;
lines it does not list are counted as not read. Speed is in milliseconds per sonnet, for sonnets
whose words have been looked up before and whose lines have not: the median of five rounds, each
with a fresh reader.
"""

import argparse
import json
import statistics
import time
from collections import Counter
from pathlib import Path

from machine import machine

from quatrain.corpus import read
from quatrain.form import Checker, check
from quatrain.records import Poem
from quatrain.sound import Ear


def places(text: str) -> frozenset[str]:
    """Return the set of places, written as sonnet and line (12.5) and separated by spaces."""
    return frozenset(text.split())


CAUSES: dict[str, frozenset[str]] = {
    "an older stress (antíque, aspéct, pérspective, revénue)": places(
        """4.12 11.8 18.7 19.10 17.12 24.4 26.10 33.7 35.13 50.7 59.7 68.9 86.7 100.9 104.7 106.7
        47.10 104.11 125.2 126.12 128.5 130.7 133.8 142.8 142.10 143.4 55.4 79.6 9.9 13.13 3.5"""
    ),
    "a trochee in mid-phrase, or an accent the poet moves": places(
        """12.5 13.7 19.14 70.14 89.2 95.8 97.8 100.13 105.14 107.8 113.10 125.5 127.3 132.13
        135.4 147.12 151.2 107.2 124.4 115.8"""
    ),
    "a syllable lost that no rule here loses (lov'st, heav'nly, pleas're)": places(
        """1.12 8.3 8.4 9.2 10.4 17.8 22.14 33.4 33.14 39.8 41.9 48.6 70.10 80.9 87.10 96.4 105.10
        113.9 142.9 7.5 73.13 87.9 112.9 139.5 149.14 21.8 30.8 31.5 33.1"""
    ),
    "a syllable more than now (spaci-ous)": frozenset({"135.5", "135.7"}),
    "a syllable less than now (desiring)": frozenset({"29.7"}),
    "not pentameter: sonnet 145 has four feet; a gap in the text of 146": frozenset(
        [f"145.{line}" for line in range(1, 15)] + ["146.2"]
    ),
    "a stress between two light syllables, in a weak place": places(
        "15.14 21.4 21.10 42.8 70.9 133.11 153.1"
    ),
    "our error: the lexicon says the word with a syllable too few (glutton)": frozenset(
        {"1.13", "75.14"}
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sonnets", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    poems = list(read(str(options.sonnets)).poems)
    report: dict[str, object] = {"machine": machine(), "sonnets": len(poems)}
    for strict in (True, False):
        report["strict" if strict else "lenient"] = counts(poems, strict=strict)
    report["milliseconds"] = speed(poems)
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
        return
    for name, value in report.items():
        if not isinstance(value, dict):
            print(f"{name}: {value}")
            continue
        print(f"\n{name}: {value['kept']} of {len(poems)} keep the form")
        for table in ("broken", "causes"):
            for label, count in sorted(value[table].items(), key=lambda row: -row[1]):
                print(f"| {label} | {count} |")


def counts(poems: list[Poem], *, strict: bool) -> dict[str, object]:
    """Return how many sonnets keep the form, and what breaks the others."""
    broken: Counter[str] = Counter()
    causes: Counter[str] = Counter()
    kept = 0
    for number, poem in enumerate(poems, 1):
        verdict = check(poem, "sonnet", strict=strict)
        kept += verdict.kept
        for finding in verdict.broken:
            rhyme = finding.found.rsplit(", ", 1)[-1].removesuffix(" rhyme")
            kind = f" ({rhyme})" if finding.asked == "rhyme" else ""
            broken[finding.asked + kind] += 1
            if finding.asked == "metre":
                causes[cause_of(f"{number}.{finding.line}")] += 1
    return {"kept": kept, "broken": dict(broken), "causes": dict(causes)}


def cause_of(place: str) -> str:
    return next((cause for cause, places in CAUSES.items() if place in places), "not read")


def speed(poems: list[Poem]) -> float:
    ear = Ear()
    Checker(ear).check(poems[0], "sonnet")
    times = []
    for _ in range(6):
        checker = Checker(ear)
        begun = time.perf_counter()
        for poem in poems:
            checker.check(poem, "sonnet")
        times.append(1000 * (time.perf_counter() - begun) / len(poems))
    return round(statistics.median(times[1:]), 2)


if __name__ == "__main__":
    main()
