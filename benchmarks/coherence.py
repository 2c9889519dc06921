"""Measure how well sonnets hang together, beside people's, by contrast and by theme.

    python benchmarks/coherence.py CORPUS.jsonl.gz [--contrast default,0,0.5]
                                   [--temperature 0.6,0.7] [--particles 8,12]
                                   [--poems 80] [--seed 900] [--judge FOLDER --gguf FILE]
                                   [--themes] [--files FILE ...]

CORPUS holds poems of people, one JSON object per line with `lines`. Its sonnets of about ten
syllables are people's mark; 200 of them are set apart from everything that is learned here. Lines
in chance order are the zero. "default" is the poet as it writes when nothing is set. --files adds
rows for poems from elsewhere, in files like CORPUS.

topic: the cosine of a poem's halves in a space of latent semantic analysis (Deerwester et al.
1990) that is learned from CORPUS, own minus the mean of all others' first halves. More than
people's is not better: a poem that circles round one word has much.
judge: with --judge, what the own first half saves a language model on the second half, in nats a
word, against the next poem's first half. The judge is any causal model that transformers loads
from a folder; it must have had no part in writing. over none: the same against no first half.
order: what putting the poem's lines in chance order costs the judge, in nats a word.
repeated: share of content words that the poem has already. distinct: share of all words that
differ. first words: share of lines that open with a word of their own. And: share of lines that
open with "and". archaic: archaic words in a thousand (`quatrain.write.archaic_rate`). copied: poems
of a hundred with a run of six words that stands in CORPUS; people's are part of it.
seconds: processor time a sonnet, many written side by side.

--themes writes sonnets about themes and prints, for each, the cosine of its poems with the theme's
words, and with those of the other themes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import svds

import quatrain
from quatrain.write import archaic_rate

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
JUDGED = 80
"""Most poems of a row that the judge reads: it takes a second for each."""
RUN = 6
"""Words of a run that counts as copied."""
THEMES = ("winter sea", "battle sword", "garden rose", "church bell", "corn harvest", "night train")
COLUMNS = ("n", "topic", "judge", "over none", "order", "repeated", "distinct", "first words",
           "And", "archaic", "copied", "seconds")  # fmt: skip

WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
Poem = Sequence[str]


def words(lines: Poem) -> list[str]:
    """Return the words of some lines, in lower case."""
    return WORD.findall(" ".join(lines).lower().replace("’", "'"))


def read(path: Path) -> list[list[str]]:
    """Return the lines of each poem of a file, stanza breaks left out."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
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


class Runs:
    """All runs of `RUN` words of some poems, as hashes; one in 2**40 others passes for one.

    Args:
        poems: the poems.
    """

    def __init__(self, poems: Sequence[Poem]) -> None:
        self._hashes = np.unique(np.concatenate([self._of(poem) for poem in poems]))

    @staticmethod
    def _of(poem: Poem) -> NDArray[np.int64]:
        tokens = words(poem)
        runs = [hash(tuple(tokens[at : at + RUN])) for at in range(len(tokens) - RUN + 1)]
        return np.array(runs, np.int64)

    def share(self, poems: Sequence[Poem]) -> float:
        """Return the share of poems with a run that is among these."""
        copied = []
        for poem in poems:
            runs = self._of(poem)
            places = np.searchsorted(self._hashes, runs)
            copied.append((self._hashes[places % len(self._hashes)] == runs).any())
        return float(np.mean(copied))


class Judge:
    """A language model that scores the lines of a poem; weights in bfloat16.

    Args:
        folder: of the model.
        gguf: file of its weights in the folder, or None for safetensors.
    """

    def __init__(self, folder: str, gguf: str | None) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        options: dict[str, Any] = {"gguf_file": gguf} if gguf else {}
        self._tokens = AutoTokenizer.from_pretrained(folder, **options)
        model = AutoModelForCausalLM.from_pretrained(folder, **options)
        self._model = model.eval().to(torch.bfloat16)

    def nats(self, *parts: Poem) -> list[float]:
        """Return the nats of each part of a text, after the parts before it."""
        import torch

        rows = [
            self._tokens("\n".join(lines) + "\n", add_special_tokens=False).input_ids
            for lines in parts
        ]
        target = torch.tensor([token for row in rows for token in row])
        read = torch.cat((torch.tensor([self._tokens.bos_token_id]), target))
        with torch.inference_mode():
            logits = self._model(read[None]).logits[0, :-1].float()
        nats = -logits.log_softmax(-1).gather(1, target[:, None])[:, 0]
        return [float(part.sum()) for part in nats.split([len(row) for row in rows])]

    def gains(self, poems: Sequence[Poem]) -> list[tuple[float, float]]:
        """Return the gain over another first half, over none, and of order, with their errors."""
        half = LINES // 2
        counts = np.array([len(" ".join(poem[half:]).split()) for poem in poems])
        over_other, over_none, order = [], [], []
        for number, (poem, other) in enumerate(zip(poems, [*poems[1:], poems[0]], strict=True)):
            first, own = self.nats(poem[:half], poem[half:])
            shuffled = random.Random(number).sample(poem, len(poem))
            over_other.append(self.nats(other[:half], poem[half:])[1] - own)
            over_none.append(self.nats(poem[half:])[0] - own)
            order.append(self.nats(shuffled)[0] - first - own)
        words_of_poems = [len(" ".join(poem).split()) for poem in poems]
        return [
            _ratio(over_other, counts), _ratio(over_none, counts), _ratio(order, words_of_poems)
        ]  # fmt: skip


def _ratio(nats: Sequence[float], counts: Sequence[int] | NDArray[np.int64]) -> tuple[float, float]:
    """Return the nats a word over all poems, and its standard error by the bootstrap."""
    sums, sizes = np.array(nats), np.array(counts)
    drawn = np.random.default_rng(0).integers(len(sums), size=(DRAWS, len(sums)))
    return sums.sum() / sizes.sum(), float((sums[drawn].sum(1) / sizes[drawn].sum(1)).std())


class Measures:
    """Everything that a row of the table says of some poems.

    Args:
        topics: the space of topics.
        runs: runs of words that count as copied.
        judge: the language model, or None.
    """

    def __init__(self, topics: Topics, runs: Runs, judge: Judge | None) -> None:
        self.topics, self._runs, self._judge = topics, runs, judge

    def show(
        self, name: str, poems: Sequence[Poem], seconds: float | None = None, *, own: bool = True
    ) -> None:
        """Print a row of the table.

        Args:
            name: of the row.
            poems: at least `LINES` lines each; further lines are left out.
            seconds: processor time a poem, or None.
            own: whether the poems are no part of the corpus, so that copied runs mean something.
        """
        poems = [poem[:LINES] for poem in poems]
        gains = self.topics.gains(poems)
        openings = [[words([line])[0] for line in poem if words([line])] for poem in poems]
        tokens = [words(poem) for poem in poems]
        judged = ["", "", ""]
        if self._judge:
            judged = ["{:.3f} ± {:.3f}".format(*pair) for pair in self._judge.gains(poems[:JUDGED])]
        cells = [
            f"{len(poems)}",
            f"{gains.mean():.3f} ± {gains.std() / np.sqrt(len(gains)):.3f}",
            *judged,
            f"{np.mean([self.topics.repeated(poem) for poem in poems]):.3f}",
            f"{np.mean([len(set(row)) / len(row) for row in tokens]):.2f}",
            f"{np.mean([len(set(firsts)) / len(firsts) for firsts in openings]):.2f}",
            f"{np.mean([firsts.count('and') / len(firsts) for firsts in openings]):.2f}",
            f"{np.mean([archaic_rate(chr(10).join(poem)) for poem in poems]):.1f}",
            f"{100 * self._runs.share(poems):.0f}" if own else "",
            "" if seconds is None else f"{seconds:.2f}",
        ]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)

    def show_themes(self, poet: Any, count: int, seed: int) -> None:
        """Print how near themed sonnets are to their themes, and to the others."""
        targets = self.topics.vectors([[theme] for theme in THEMES])
        print("\n| theme | own theme | other themes |\n| --- | ---: | ---: |")
        for number, theme in enumerate(THEMES):
            poems = poet.write_many(count, form="sonnet", about=theme, seed=seed + 100 * number)
            places = self.topics.vectors([[line.text for line in poem.lines] for poem in poems])
            cosines = (places @ targets.T).mean(axis=0)
            others = np.delete(cosines, number).mean()
            print(f"| {theme} | {cosines[number]:.3f} | {others:.3f} |", flush=True)


def sonnets(
    poet: Any, count: int, seed: int, settings: dict[str, float | int]
) -> tuple[list[list[str]], float]:
    """Write sonnets; return their lines, and the processor's seconds for each."""
    start = time.process_time()
    poems = poet.write_many(count, form="sonnet", seed=seed, **settings)
    seconds = (time.process_time() - start) / count
    return [[line.text for line in poem.lines] for poem in poems], seconds


def combinations(asked: argparse.Namespace) -> Iterator[dict[str, float | int]]:
    """Yield the settings of each row; "default" leaves a setting out."""
    kinds = {"contrast": float, "temperature": float, "particles": int}
    values = [getattr(asked, name).split(",") for name in kinds]
    for chosen in product(*values):
        named = zip(kinds.items(), chosen, strict=True)
        yield {name: kind(value) for (name, kind), value in named if value != "default"}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    for name in ("contrast", "temperature", "particles"):
        parser.add_argument(f"--{name}", default="default", metavar="VALUE,...")
    parser.add_argument("--poet", default="verse")
    parser.add_argument("--poems", type=int, default=80)
    parser.add_argument("--seed", type=int, default=900)
    parser.add_argument("--judge", metavar="FOLDER")
    parser.add_argument("--gguf", metavar="FILE", help="file of the judge in its folder")
    parser.add_argument("--themes", action="store_true")
    parser.add_argument("--files", type=Path, nargs="*", default=[])
    asked = parser.parse_args()
    corpus = read(asked.corpus)
    people = [
        poem for poem in corpus if len(poem) == LINES and np.mean([*map(len, poem)]) > SHORTEST
    ]
    random.Random(0).shuffle(people)
    people = people[:PEOPLE]
    apart = {poem[0] for poem in people}
    learned = [poem for poem in corpus if poem and poem[0] not in apart]
    judge = Judge(asked.judge, asked.gguf) if asked.judge else None
    measures = Measures(Topics(learned), Runs(corpus), judge)
    lines = [line for poem in people for line in poem]
    random.Random(1).shuffle(lines)
    chance = [lines[at : at + LINES] for at in range(0, len(lines), LINES)]
    print(machine("numpy", "scipy", "transformers"))
    print("| | " + " | ".join(COLUMNS) + " |\n| --- " + "| ---: " * len(COLUMNS) + "|")
    measures.show("people's sonnets", people, own=False)
    measures.show("people's lines in chance order", chance, own=False)
    poet = quatrain.load(asked.poet)
    for settings in combinations(asked):
        poems, seconds = sonnets(poet, asked.poems, asked.seed, settings)
        name = ", ".join(f"{key} {value:g}" for key, value in settings.items()) or "default"
        measures.show(f"`{asked.poet}`, {name}", poems, seconds)
    for path in asked.files:
        measures.show(path.stem, [poem for poem in read(path) if len(poem) >= LINES])
    if asked.themes:
        measures.show_themes(poet, asked.poems // len(THEMES), asked.seed)


if __name__ == "__main__":
    main()
