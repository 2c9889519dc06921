"""Index the runs of words that a poet is most likely to copy from its training texts.

    python scripts/prepare_copies.py CORPUS.jsonl.gz ... --poet src/quatrain/poet/shipped/verse

CORPUS holds poems as JSON lines with "lines". The texts of `verse` have twelve million runs of six
words, whose index would take 15 MB. A poet that copies by chance says what is likely anyway, "that
was the end of all", so we keep the runs that are likeliest: by a trigram model of the texts
themselves, in which a word counts for all places but its own (interpolated by `WEIGHTS`). The index
of the likeliest `--runs` replaces `copies.safetensors` in the poet's folder.

Prints the share of runs kept, their least log probability, and the size. With --verse FILE, poems
as JSON lines, also how many of the runs that these copy the index holds, and how many others it
takes for copies.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import NgramIndex, artifact, words_in
from quatrain.poet.artifact import card
from quatrain.poet.artifact.layout import CARD, CONFIG, COPIES
from quatrain.poet.ngram_index import run_hashes

WEIGHTS = (0.05, 0.45, 0.5)
"""Weights of the word alone, after one word, and after two; judgement, no others were tried."""

WORDS = 6
"""Words of a run."""

Numbers = NDArray[np.int64]


def poems(path: Path) -> Iterator[list[str]]:
    """Yield the words of each poem of a file, as they are indexed."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for row in file:
            if row.startswith("{"):
                lines = [
                    line if isinstance(line, str) else line["text"]
                    for line in json.loads(row)["lines"]
                ]
                yield words_in("\n".join(lines))


def counts(histories: Numbers, words: Numbers, size: int) -> tuple[Numbers, Numbers]:
    """Return the number of each pair of a history and a word, and how often it occurs."""
    _, numbers, occurrences = np.unique(
        histories * size + words, return_inverse=True, return_counts=True
    )
    return numbers, occurrences[numbers]


def log_probabilities(words: Numbers) -> NDArray[np.float64]:
    """Return the log probability of every word after the two before it, (words,).

    Probabilities are shares of the other places with the same words before.
    """
    size = int(words.max()) + 1
    alone = np.bincount(words, minlength=size)
    probability = WEIGHTS[0] * (alone[words] + 1) / (len(words) + size)
    pairs, pair_counts = counts(words[:-1], words[1:], size)
    before = np.maximum(alone[words[:-1]] - 1, 1)
    probability[1:] += WEIGHTS[1] * (pair_counts - 1) / before
    _, triple_counts = counts(pairs[:-1].astype(np.int64), words[2:], size)
    before = np.maximum(pair_counts[:-1] - 1, 1)
    probability[2:] += WEIGHTS[2] * (triple_counts - 1) / before
    return np.log(probability)


def scored_runs(corpora: list[Path]) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """Return the hash of every run of `WORDS` words, and its log probability in nats."""
    numbers: dict[str, int] = {}
    read = [poem for path in corpora for poem in poems(path)]
    words = np.array([numbers.setdefault(word, len(numbers)) for poem in read for word in poem])
    total = np.concatenate(([0.0], np.cumsum(log_probabilities(words))))
    lengths = np.array([len(poem) for poem in read])
    starts = np.concatenate(([0], np.cumsum(lengths)))
    places = np.concatenate(
        [
            first + np.arange(max(length - WORDS + 1, 0))
            for first, length in zip(starts, lengths, strict=False)
        ]
    )
    hashes = np.concatenate([run_hashes(poem, WORDS) for poem in read])
    return hashes, total[places + WORDS] - total[places]


def likeliest(
    hashes: NDArray[np.uint64], scores: NDArray[np.float64], most: int
) -> tuple[NDArray[np.uint64], float]:
    """Return the hashes of the likeliest runs, sorted, each once, and the least score of them."""
    order = np.argsort(-scores, kind="stable")
    _, first = np.unique(hashes[order], return_index=True)
    places = order[np.sort(first)[:most]]
    return np.sort(hashes[places]), float(scores[places[-1]])


def store(folder: Path, index: NgramIndex, note: str) -> None:
    """Write an index into a poet's folder, and its facts into config.json and README.md."""
    content = index.to_bytes()
    (folder / COPIES).write_bytes(content)
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    config["files"][COPIES] = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
    }
    if note and note not in config.setdefault("notes", []):
        config["notes"].append(note)
    (folder / CONFIG).write_text(json.dumps(config, indent=2), encoding="utf-8")
    (folder / CARD).write_text(card.write(config, index), encoding="utf-8")
    artifact.load(folder)


def report(index: NgramIndex, hashes: NDArray[np.uint64], path: Path) -> None:
    """Print how many of the runs that some poems copy are in the index, and of the others."""
    distinct = np.unique(hashes)
    copied, others = [], []
    for poem in poems(path):
        runs = run_hashes(poem, WORDS)
        places = np.minimum(np.searchsorted(distinct, runs), len(distinct) - 1)
        is_copied = distinct[places] == runs
        for start, copy in enumerate(is_copied.tolist()):
            (copied if copy else others).append(index.copies(poem[start : start + WORDS]))
    print(f"{path}: of {len(copied):,} copied runs {sum(copied):,} are found;")
    print(f"of {len(others):,} others {sum(others):,} ({np.mean(others):.2%}) are taken for one")


def main() -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--poet", required=True, type=Path)
    parser.add_argument("--runs", type=int, default=1_600_000, help="runs kept: 1.25 bytes each")
    parser.add_argument("--verse", type=Path, help="poems to count copied runs in")
    parser.add_argument("--note", default="", help="a sentence for the poet's card")
    parser.add_argument("--measure", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    hashes, scores = scored_runs(arguments.corpora)
    kept, least = likeliest(hashes, scores, arguments.runs)
    index = NgramIndex.from_hashes(kept, WORDS - 1)
    distinct = len(np.unique(hashes))
    print(
        f"{len(kept):,} of {distinct:,} runs of {WORDS} words, those of {least:.1f} nats and more; "
        f"{index.megabytes:.2f} MB"
    )
    if arguments.verse:
        report(index, hashes, arguments.verse)
    if not arguments.measure:
        store(arguments.poet, index, arguments.note)


if __name__ == "__main__":
    main()
