"""Measure how well sonnets hang together, by the strength of contrast, beside people's.

    python benchmarks/coherence.py CORPUS.jsonl.gz [--contrast 0,0.5,0.75] [--temperature 0.6,0.7]
                                   [--particles 8,12] [--poems 80] [--seed 900]
                                   [--judge FOLDER --gguf FILE]

CORPUS holds poems of people, one JSON object per line with `lines`. Its sonnets of about ten
syllables are people's mark; 200 of them are set apart from everything that is learned here.

Every measure compares a poem's second half with its own first half and with other poems'. Lines
in chance order are the zero.

topic: the cosine of the halves in a space of latent semantic analysis (Deerwester et al. 1990) that
is learned from CORPUS, own minus the mean of all others. (One other alone has the same mean, but a
larger error: 0.028 instead of 0.021 for 40 sonnets.) More than people's is not better: a poem that
circles round one word has much.
judge: with --judge, what the own first half saves a language model on the second half, in nats a
word, against the next poem's first half. The judge is any causal model that transformers loads from
a folder; it must have had no part in writing.
repeated: share of content words that the poem has already. first words: share of lines that open
with a word of their own. And: share of lines that open with "and".
seconds: processor time a sonnet, many written side by side.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import svds

import quatrain

LINES = 14
PEOPLE = 200
"""Sonnets of people that are set apart."""
DIMENSIONS = 120
RAREST, COMMONEST = 25, 0.15
"""A content word stands in at least so many poems, and in at most this share of them."""
SHORTEST = 35
"""Mean characters per line from which a poem of fourteen lines counts as a sonnet."""
DRAWS = 1000
"""Bootstrap draws for a standard error."""

WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
Poem = Sequence[str]


def words(lines: Poem) -> list[str]:
    """Return the words of some lines, in lower case."""
    return WORD.findall(" ".join(lines).lower().replace("’", "'"))


def read(path: Path) -> list[list[str]]:
    """Return the lines of each poem of a file, stanza breaks left out."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        poems = [json.loads(row)["lines"] for row in file]
    return [[line.strip() for line in poem if line.strip()] for poem in poems]


class Topics:
    """A space in which texts about the same things lie close together.

    Args:
        poems: what it is learned from.
    """

    def __init__(self, poems: Sequence[Poem]) -> None:
        found = Counter(word for poem in poems for word in set(words(poem)))
        most = COMMONEST * len(poems)
        known = sorted(word for word, poems in found.items() if RAREST <= poems <= most)
        self.numbers = {word: number for number, word in enumerate(known)}
        self._rarity = np.array([np.log(len(poems) / found[word]) + 1 for word in known])
        _, _, self._space = svds(self._weighted(poems), DIMENSIONS, random_state=0)

    def _weighted(self, poems: Iterable[Poem]) -> csr_matrix:
        """Return the tf-idf of poems, (poems, words), rows of length 1."""
        rows, columns, values = [], [], []
        for row, poem in enumerate(poems):
            counts = Counter(self.numbers[word] for word in words(poem) if word in self.numbers)
            weights = [(1 + np.log(n)) * self._rarity[word] for word, n in counts.items()]
            length = float(np.linalg.norm(weights)) or 1.0
            rows += [row] * len(counts)
            columns += list(counts)
            values += [weight / length for weight in weights]
        return csr_matrix((values, (rows, columns)), shape=(row + 1, len(self.numbers)))

    def vectors(self, poems: Sequence[Poem]) -> NDArray[np.float64]:
        """Return the places of texts, (texts, dimensions), of length 1."""
        places = np.asarray(self._weighted(poems) @ self._space.T)
        return places / (np.linalg.norm(places, axis=1, keepdims=True) + 1e-9)

    def gains(self, poems: Sequence[Poem]) -> NDArray[np.float64]:
        """Return each poem's topic gain, (poems,)."""
        first = self.vectors([poem[: LINES // 2] for poem in poems])
        second = self.vectors([poem[LINES // 2 : LINES] for poem in poems])
        cosines = second @ first.T  # second halves in rows, first halves in columns
        own = np.diagonal(cosines)
        return own - (cosines.sum(1) - own) / (len(poems) - 1)

    def repeated(self, poem: Poem) -> float:
        """Return the share of a poem's content words that it has had already."""
        content = [word for word in words(poem) if word in self.numbers]
        return 1 - len(set(content)) / max(1, len(content))


class Judge:
    """A language model that scores the second half of a poem after a first half."""

    def __init__(self, folder: str, gguf: str | None) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        options: dict[str, Any] = {"gguf_file": gguf} if gguf else {}
        self._tokens = AutoTokenizer.from_pretrained(folder, **options)
        self._model = AutoModelForCausalLM.from_pretrained(folder, **options).eval()

    def nats(self, before: Poem, after: Poem) -> float:
        """Return the nats of all of `after`, given `before`."""
        import torch

        def encode(lines: Poem) -> list[int]:
            text = "\n".join(lines) + "\n"
            return list(self._tokens(text, add_special_tokens=False).input_ids)

        target = encode(after)
        read = torch.tensor([[self._tokens.bos_token_id, *encode(before), *target]])
        with torch.inference_mode():
            logits = self._model(read).logits[0, -len(target) - 1 : -1].float()
        return float(-logits.log_softmax(-1).gather(1, torch.tensor(target)[:, None]).sum())

    def gain(self, poems: Sequence[Poem]) -> tuple[float, float]:
        """Return the gain in nats a word over all poems, and its standard error."""
        half = LINES // 2
        saved, counts = [], []
        for poem, other in zip(poems, [*poems[1:], poems[0]], strict=True):
            second = poem[half:LINES]
            saved.append(self.nats(other[:half], second) - self.nats(poem[:half], second))
            counts.append(len(" ".join(second).split()))
        nats, sizes = np.array(saved), np.array(counts)
        drawn = np.random.default_rng(0).integers(len(poems), size=(DRAWS, len(poems)))
        return nats.sum() / sizes.sum(), float((nats[drawn].sum(1) / sizes[drawn].sum(1)).std())


def show(
    name: str, poems: Sequence[Poem], topics: Topics, judge: Judge | None, seconds: float | None
) -> None:
    """Print a row of the table."""
    gains = topics.gains(poems)
    openings = [[words([line])[0] for line in poem if words([line])] for poem in poems]
    cells = [
        f"{len(poems)}",
        f"{gains.mean():.3f} ± {gains.std() / np.sqrt(len(gains)):.3f}",
        "{:.3f} ± {:.3f}".format(*judge.gain(poems)) if judge else "",
        f"{np.mean([topics.repeated(poem) for poem in poems]):.3f}",
        f"{np.mean([len(set(firsts)) / len(firsts) for firsts in openings]):.2f}",
        f"{np.mean([firsts.count('and') / len(firsts) for firsts in openings]):.2f}",
        "" if seconds is None else f"{seconds:.2f}",
    ]
    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def sonnets(poet: Any, count: int, seed: int, **settings: float) -> tuple[list[list[str]], float]:
    """Write sonnets; return their lines, and the processor's seconds for each."""
    start = time.process_time()
    poems = poet.write_many(count, form="sonnet", seed=seed, **settings)
    seconds = (time.process_time() - start) / count
    return [[line.text for line in poem.lines] for poem in poems], seconds


def numbers(text: str) -> list[float]:
    """Return the numbers of a list with commas."""
    return [float(number) for number in text.split(",") if number]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--contrast", default=[0.0, 0.5, 0.75], type=numbers)
    parser.add_argument(
        "--temperature", default=[], type=numbers, help="default: 0.8 without contrast, else 0.7"
    )
    parser.add_argument("--particles", default=[8], type=numbers)
    parser.add_argument("--poet", default="verse")
    parser.add_argument("--poems", type=int, default=80)
    parser.add_argument("--seed", type=int, default=900)
    parser.add_argument("--judge", metavar="FOLDER")
    parser.add_argument("--gguf", metavar="FILE", help="file of the judge in its folder")
    asked = parser.parse_args()
    corpus = read(asked.corpus)
    people = [
        poem for poem in corpus if len(poem) == LINES and np.mean([*map(len, poem)]) > SHORTEST
    ]
    random.Random(0).shuffle(people)
    people = people[:PEOPLE]
    apart = {poem[0] for poem in people}
    topics = Topics([poem for poem in corpus if poem and poem[0] not in apart])
    judge = Judge(asked.judge, asked.gguf) if asked.judge else None
    lines = [line for poem in people for line in poem]
    random.Random(1).shuffle(lines)
    chance = [lines[at : at + LINES] for at in range(0, len(lines), LINES)]
    print(machine("numpy", "scipy", "transformers"))
    print("| | n | topic | judge | repeated | first words | And | seconds |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    show("people's sonnets", people, topics, judge, None)
    show("people's lines in chance order", chance, topics, judge, None)
    poet = quatrain.load(asked.poet)
    for contrast in asked.contrast:
        for temperature in asked.temperature or [0.7 if contrast else 0.8]:
            for particles in map(int, asked.particles):
                settings = {
                    "contrast": contrast,
                    "temperature": temperature,
                    "particles": particles,
                }
                poems, seconds = sonnets(poet, asked.poems, asked.seed, **settings)
                name = ", ".join(f"{key} {value:g}" for key, value in settings.items())
                show(f"`{asked.poet}`, {name}", poems, topics, judge, seconds)


if __name__ == "__main__":
    main()
