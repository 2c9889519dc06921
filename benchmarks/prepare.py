"""The time and memory it takes to prepare a large text file for training.

    python benchmarks/prepare.py --megabytes 1000

Writes a file of made-up verse from a seed, then prepares it in a fresh process with one core and
one thread. About one poem in fifty is a near-duplicate of an earlier one, and one line in six has
typographic marks. Megabytes are 10**6 bytes of the file; memory is the process's largest resident
size.

The bound is the time to read, hash and decode the file, measured in the same run: no reader of
text can be faster.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STARTS = ("b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "w", "br", "sh")
VOWELS = ("a", "e", "i", "o", "u", "ea", "ai", "oo")
ENDS = ("", "n", "r", "st", "ll", "d")
SYLLABLES = [start + vowel + end for start in STARTS for vowel in VOWELS for end in ENDS]


def words(generator: random.Random, count: int) -> list[str]:
    """Make up words of one to three syllables."""
    return [
        "".join(generator.choices(SYLLABLES, k=generator.choice((1, 1, 2, 2, 3))))
        for _ in range(count)
    ]


def write_verse(path: Path, megabytes: int, seed: int) -> None:
    """Write poems of 4 to 40 lines whose words follow Zipf's law, several blank lines between."""
    generator = random.Random(seed)
    types = words(generator, 60_000)
    cumulative = []
    total = 0.0
    for rank in range(len(types)):
        total += 1.0 / (rank + 2.7)
        cumulative.append(total)
    size = 0
    earlier: list[list[str]] = []
    with path.open("w", encoding="utf-8", newline="\n") as file:
        while size < megabytes * 1_000_000:
            poems = []
            drawn = iter(generator.choices(types, cum_weights=cumulative, k=200_000))
            for _ in range(600):
                if earlier and generator.random() < 0.02:
                    poem = list(generator.choice(earlier))
                    poem[generator.randrange(len(poem))] = "One line the printer set anew,"
                else:
                    poem = []
                    for number in range(generator.choice((8, 12, 14, 14, 16, 20, 24, 40))):
                        line = " ".join([next(drawn) for _ in range(generator.randint(5, 9))])
                        ending = generator.choice(("", ",", ",", ";", ".", " — alas", "’s"))
                        poem.append(line.capitalize() + ending)
                        if number % 4 == 3:
                            poem.append("")
                    if not poem[-1]:
                        poem.pop()
                    if len(earlier) < 5_000:
                        earlier.append(poem)
                poems.append("\n".join(poem))
            size += file.write("\n\n\n".join(poems) + "\n\n\n")


def bound(path: Path) -> float:
    """Return the seconds to read, decode and hash the file, which any reader must do."""
    started = time.perf_counter()
    content = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(2**22):
            content.update(block)
            block.decode("utf-8", "replace")
    return time.perf_counter() - started


CHILD = """
import json, os, sys, time
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import quatrain.corpus
from quatrain.native import configure_native_libraries
configure_native_libraries()  # as the command line does
started, used = time.perf_counter(), time.process_time()
prepared = quatrain.corpus.prepare(sys.argv[1], sys.argv[2])
seconds = time.perf_counter() - started
print(json.dumps({
    "seconds": seconds,
    "processor_seconds": time.process_time() - used,
    "poems": prepared.report.poems,
    "dropped": prepared.report.dropped,
    "tokens": len(prepared.tokens),
    "vocabulary": prepared.vocabulary.size,
    "words": len(prepared.words),
}))
"""


def measure(path: Path, folder: Path) -> dict[str, float]:
    """Prepare the file in a process of its own; return its counts and its peak memory."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path), str(folder)],
        env={**os.environ, **dict.fromkeys(names, "1")},
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    found["peak_megabytes"] = peak * (1 if sys.platform == "darwin" else 1024) / 1_000_000
    return found


def main() -> None:
    """Parse, write the verse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as above:
        path = Path(above) / "verse.txt"
        write_verse(path, options.megabytes, options.seed)
        size = path.stat().st_size / 1_000_000
        found = {"megabytes": size, "bound_seconds": bound(path)}
        found |= measure(path, Path(above) / "prepared")
        found["megabytes_per_second"] = size / found["seconds"]
    if options.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name.replace('_', ' '):24}{value:>16,.{0 if value == int(value) else 2}f}")


if __name__ == "__main__":
    main()
