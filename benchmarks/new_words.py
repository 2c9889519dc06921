"""Measure how words that a poet never saw are scored and placed when they are asked for.

    python benchmarks/new_words.py [--poet verse] [--poems 6] [--seed 3000] [--contrast 0.75]
                                   [--corpus CORPUS]

Placing: couplets of four lines that include one word each, new ones and known ones, with the nats
that a line gains for the word (`include_gain`) and without. `first` is the share of words that come
first in their line, where a poet that writes backwards draws them last; `line` is the poet's own
surprisal at the lines with the word, nats a line, `around` that at their other words, nats a word,
`others` that in the poems' other lines; `seconds` is processor time a poem, many written side by
side, and `first poem` the seconds of one poem alone, new words learned.

Scoring, with --corpus (verse the poet was not trained on, JSON lines): words that the poet knows
are scored as if it did not, by their stand-ins. `at` is the log probability where the corpus has
the word and `elsewhere` at other places, in nats; `area` is the probability that the word scores
higher at its own place than elsewhere (area under the ROC curve).
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from itertools import islice
from pathlib import Path

import numpy as np
from machine import machine
from numpy.typing import NDArray

import quatrain
from quatrain.poet import WordPoet, WordVocabulary
from quatrain.records import Poem
from quatrain.write import WordWriter
from quatrain.write.constrained import user_words
from quatrain.write.contrast import log_softmax
from quatrain.write.stand_ins import may_stand_in

NEW = ("smartphone", "wifi", "podcast", "selfie", "googled", "laptop")
KNOWN = ("lantern", "kettle", "orchard", "bread", "harbour", "window")
HELD_OUT, RARE, POEMS, ELSEWHERE = 300, 3_000, 150, 400
"""Words scored, the rank from which they are taken, poems of the corpus, and other places."""


def place(poet: WordWriter, words: tuple[str, ...], poems: int, seed: int, contrast: float) -> str:
    """Return a row of the table: where some words come, and what their lines cost."""
    first, lines, around, others = [], [], [], []
    started = time.process_time()
    for word in words:
        written = poet.write_many(
            poems, form="heroic-couplets", lines=4, seed=seed, include=[word], contrast=contrast
        )
        more = poet.with_words([word])
        number = more.vocabulary.numbers[word]
        for poem in written:
            tokens = more.encode(poem)
            nats = more.surprisals([tokens])[0]
            ends = np.flatnonzero(tokens == WordVocabulary.LINE)
            for start, end in zip([1, *(ends[:-1] + 1)], ends, strict=True):
                line, cost = tokens[start : end + 1], nats[start - 1 : end]
                if number in line:
                    place = int(np.flatnonzero(line == number)[0])
                    first.append(place == (len(line) - 2 if poet.backwards else 0))
                    lines.append(cost.sum())
                    around.append(np.delete(cost, place).mean())
                else:
                    others.append(cost.mean())
    seconds = (time.process_time() - started) / (poems * len(words))
    alone = time.process_time()
    quatrain.load(poet.name).write(form="sonnet", seed=seed, include=words[:1], contrast=contrast)
    alone = time.process_time() - alone
    means = [np.mean(first), np.mean(lines), np.mean(around), np.mean(others), seconds, alone]
    return " | ".join(f"{mean:.2f}" for mean in means)


def score(poet: WordPoet, corpus: Path) -> None:
    """Print how known words are scored by themselves and by their stand-ins."""
    with gzip.open(corpus, "rt", encoding="utf-8") as rows:
        poems = [Poem.from_lines(json.loads(row)["lines"]) for row in islice(rows, POEMS)]
    queries, targets = _queries(poet, poems)
    logits = queries @ poet.network.output.weight.T + poet.network.output.bias
    norms = logits.max(axis=1) - log_softmax(logits).max(axis=1)
    generator = np.random.default_rng(0)
    elsewhere = generator.choice(len(queries), ELSEWHERE, replace=False)
    known = [
        number
        for number in np.unique(targets).tolist()
        if number >= RARE and poet.vocabulary.token(number).isalpha()
    ]
    words = [int(number) for number in generator.permutation(known)[:HELD_OUT]]
    names = [poet.vocabulary.token(number) for number in words]
    hidden = set(names)
    print("\n| scored by | at | elsewhere | area |\n| --- | --- | --- | --- |")
    ways = {
        "itself": None,
        "any stand-ins": lambda _, other: other not in hidden,
        "stand-ins of its part of speech": lambda new, other: (
            other not in hidden and may_stand_in(new, other)
        ),
    }
    for way, suitable in ways.items():
        rows = []
        for number, name in zip(words, names, strict=True):
            ids, shares = np.array([number]), np.ones(1)
            if suitable is not None:
                ids, shares = poet.stand_ins(name, suitable)
            weight = shares @ poet.network.output.weight[ids]
            scores = queries @ weight + shares @ poet.network.output.bias[ids] - norms
            own, other = scores[targets == number], scores[elsewhere]
            rows.append((own.mean(), other.mean(), (own[:, None] > other).mean()))
        cells = [f"{value:.2f}" for value in np.mean(rows, axis=0)]
        print(f"| {way} | {' | '.join(cells)} |", flush=True)


def _queries(poet: WordPoet, poems: list[Poem]) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Return what the network asks its output layer after each token of poems, and the answers."""
    queries, targets = [], []
    for poem in poems:
        ids = poet.encode(poem).astype(np.intp)
        values, _ = poet.network.read(poet.vectors(ids[:-1])[:, None])
        queries.append(values[:, 0])
        targets.append(ids[1:])
    return np.concatenate(queries), np.concatenate(targets)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--poet", default="verse")
    parser.add_argument("--poems", type=int, default=6)
    parser.add_argument("--seed", type=int, default=3000)
    parser.add_argument("--contrast", type=float, default=0.75)
    parser.add_argument("--corpus", type=Path)
    options = parser.parse_args()
    poet = quatrain.load(options.poet)
    if not isinstance(poet, WordWriter):
        raise SystemExit("Only a word-level poet has words that are new to it.")
    print(f"{options.poet}, {options.poems} poems a word; {machine()}\n")
    print("| words | gain | first | line | around | others | seconds | first poem |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    gain = user_words.include_gain
    for name, words in (("new", NEW), ("known", KNOWN)):
        for use, function in (("no", lambda *_: 0.0), ("yes", gain)):
            user_words.include_gain = function
            row = place(poet, words, options.poems, options.seed, options.contrast)
            print(f"| {name} | {use} | {row} |", flush=True)
    if options.corpus:
        score(poet, options.corpus)


if __name__ == "__main__":
    main()
