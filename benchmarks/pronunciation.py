"""Pronunciation: what the lexicon covers, how well the rest is guessed, how soon it answers.

    python benchmarks/pronunciation.py [--corpus CORPUS.jsonl.gz ...] [--yardstick PYTHON]

Coverage: of the words of the corpora, how many each source says, in tokens and types.
Guessing: on the tenth of the lexicon that the network never saw, phoneme error rate, whole
words, stress patterns and rhyming parts, for all its words and for those that occur in
verse. Loading: a fresh process, from before the import to the first answer. The yardstick is
a Python of an environment of its own where `g2p_en` is installed; it has seen these words.
"""

import argparse
import gzip
import json
import subprocess
import sys
import time
from collections import Counter

import numpy as np

from machine import machine

from quatrain.sound import pronounce, words
from quatrain.sound.families import held_out
from quatrain.sound.frequency import usage
from quatrain.sound.guesser import LETTERS, READ, shipped
from quatrain.sound.lexicon import shipped as lexicon

LOAD = (
    "import time; t = time.perf_counter(); from quatrain.sound import pronounce;"
    " pronounce('heaven'); print(time.perf_counter() - t);"
    " import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
)
G2P = """
import sys, json
from g2p_en import G2p
g = G2p()
for line in sys.stdin:
    print(json.dumps([p for p in g.predict(line.strip())]))
"""


def coverage(corpora):
    counts = Counter()
    for corpus in corpora:
        with gzip.open(corpus, "rt", encoding="utf-8") as rows:
            for row in rows:
                for line in json.loads(row)["lines"]:
                    counts.update(word.spoken for word in words(line))
    tokens, types = Counter(), Counter()
    for word, count in counts.items():
        said = pronounce(word)
        source = said[0].source.split("+")[0] if said else "none"
        tokens[source] += count
        types[source] += 1
    print(f"{sum(counts.values()):,} words, {len(counts):,} types")
    for source, count in tokens.most_common():
        print(
            f"  {source:10} {count / sum(tokens.values()):8.3%} of tokens,"
            f" {types[source] / len(counts):7.2%} of types"
        )


def distance(one, other):
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row, before = [i], row
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
    return row[-1]


def plain(phonemes):
    return [each.rstrip("012") for each in phonemes]


def rhyming(phonemes):
    places = [k for k, each in enumerate(phonemes) if each[-1] in "12"] or [0]
    return plain(phonemes[places[-1] :])


def alike(phonemes):
    return ["AH" if each in ("IH", "AH") else each for each in phonemes]


def figures(title, pairs):
    totals = np.zeros(6)
    for golds, found in pairs:
        nearest = min(golds, key=lambda gold: distance(plain(gold), plain(found)))
        stresses = {"".join(p[-1] for p in gold if p[-1].isdigit()) for gold in golds}
        stress = "".join(p[-1] for p in found if p[-1].isdigit())
        primary = {each.replace("2", "0") for each in stresses}
        totals += (
            distance(plain(nearest), plain(found)),
            len(nearest),
            any(plain(gold) == plain(found) for gold in golds),
            stress.replace("2", "0") in primary,
            any(rhyming(gold) == rhyming(found) for gold in golds),
            any(alike(rhyming(gold)) == alike(rhyming(found)) for gold in golds),
        )
    count = len(pairs)
    print(
        f"{title:34} {count:6} words: phoneme errors {totals[0] / totals[1]:.1%},"
        f" whole words {totals[2] / count:.1%}, stress {totals[3] / count:.1%},"
        f" rhyming part {totals[4] / count:.1%}"
        f" ({totals[5] / count:.1%} with unstressed IH and AH as one)"
    )


def guessing(yardstick, most):
    listed = lexicon()
    chosen = [
        word
        for word in listed
        if held_out(word) and 1 < len(word) <= READ and set(word) <= set(LETTERS)
    ]
    rng = np.random.default_rng(0)
    chosen = [chosen[k] for k in rng.permutation(len(chosen))[:most]]
    golds = {word: [each.phonemes for each in listed[word]] for word in chosen}
    guesser = shipped()
    began = time.perf_counter()
    pairs = {word: (golds[word], guesser.guess(word)[0][0]) for word in chosen}
    each = (time.perf_counter() - began) / len(chosen)
    verse = [pairs[word] for word in chosen if usage(word).count]
    figures("network, held-out tenth", list(pairs.values()))
    figures("network, of these in verse", verse)
    sure = [guesser.guess(word)[0][1] for word in chosen]
    right = [any(plain(g) == plain(pairs[word][1]) for g in golds[word]) for word in chosen]
    for low, high in ((0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)):
        inside = [r for s, r in zip(sure, right, strict=True) if low <= s < high]
        if inside:
            print(f"  confidence {low:.1f} to {high:.1f}: {len(inside)} words, {np.mean(inside):.0%} right")
    print(f"{each * 1e3:.2f} ms a word")
    if yardstick:
        told = subprocess.run(
            [yardstick, "-c", G2P], input="\n".join(chosen), capture_output=True, text=True, check=True
        ).stdout.splitlines()
        found = [(golds[w], json.loads(line)) for w, line in zip(chosen, told, strict=True)]
        figures("g2p_en (has seen many of them)", found)


def loading():
    seconds, memory = [], []
    for _ in range(7):
        told = subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, check=True)
        first, second = told.stdout.split()
        seconds.append(float(first))
        memory.append(int(second) / 1024)
    print(
        f"import and first answer: median {np.median(seconds):.3f} s, least {min(seconds):.3f} s;"
        f" peak memory of the process {np.median(memory):.0f} MiB"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", nargs="*", default=[])
    parser.add_argument("--yardstick", help="a Python where g2p_en is installed")
    parser.add_argument("--most", type=int, default=30_000, help="held-out words to guess")
    options = parser.parse_args()
    print(machine("numpy"))
    loading()
    guessing(options.yardstick, options.most)
    if options.corpus:
        coverage(options.corpus)


if __name__ == "__main__":
    main()
