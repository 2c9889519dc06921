"""Poems in form: its cost, their speed, and their distance from people's.

    python benchmarks/write.py cost --poems 64 [--humans deepspeare_valid.jsonl.gz]
    python benchmarks/write.py theme --corpus gutenberg_main.jsonl.gz [--contrast 0]
    python benchmarks/write.py cold [--humans standardebooks.jsonl.gz]
    python benchmarks/write.py speed

cost: surprisal per word of sonnets in form, under the poet without a form, beside poems of as many
lines that it wrote freely at the same temperature, and beside people's sonnets if you give a file.
theme: the share of content words in themed sonnets that are near the theme, by strength. The poet
does not decide which words are near: they are the words whose share of the corpus's passages of
fourteen lines is at least three times as large among passages that name the theme as among the
others. Beside it, how often a poem repeats its content words, and how many lines are lists: three
content words near the theme or more, and half of all its words.
cold: repetition in free poems of eight lines, by temperature, with and without the penalty, and in
the first eight lines of people's poems.
speed: one sonnet, the first line, many at once, a process from its start; its memory, and the
share of time in the network's own steps.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from machine import machine

import quatrain
from quatrain.form import LIGHT_WORDS
from quatrain.poet import WordPoet, words_of
from quatrain.records import Poem
from quatrain.write import WordWriter
from quatrain.write.bias import repetition

AT_ONCE = 32
SONNET = "shakespearean-sonnet"
THEMES = "winter sea,battle sword,garden rose,church bell,corn harvest"
STRENGTHS = "0,0.5,1,2,4"
LIGHT = LIGHT_WORDS | {"a", "an", "the"}


def poet_of(asked: argparse.Namespace) -> WordWriter:
    """Load the poet."""
    poet = quatrain.load(asked.poet)
    if not isinstance(poet, WordWriter):
        raise SystemExit(f"{asked.poet} is not a word-level poet")
    return poet


def written(
    poet: WordWriter, count: int, form: str, asked: argparse.Namespace, **options: Any
) -> list[Poem]:
    """Write poems in a form, several at once."""
    poems: list[Poem] = []
    while len(poems) < count:
        many = min(AT_ONCE, count - len(poems))
        poems += poet.write_many(
            many, form=form, seed=asked.seed + len(poems), temperature=asked.temperature,
            particles=asked.particles, search=asked.search, contrast=asked.contrast, **options,
        )  # fmt: skip
    return poems


def surprisal(poet: WordPoet, poems: Sequence[Poem]) -> float:
    """Return the mean nats of words and punctuation marks, without the ends of lines."""
    encoded = [poet.encode(poem) for poem in poems]
    nats = np.concatenate(poet.surprisals(encoded))
    ids = np.concatenate([poem_ids[1:] for poem_ids in encoded])
    return float(nats[ids >= poet.vocabulary.SPECIALS].mean())


def facts(poet: WordPoet, poems: Sequence[Poem]) -> dict[str, float]:
    """Return figures that a reader can compare."""
    words = [word for poem in poems for word in words_of(poem.text)]
    lines = [line.text for poem in poems for line in poem.lines]
    lengths = [len(words_of(line)) for line in lines]
    pairs = Counter(
        tuple(sorted(words_of(poem.lines[place].text)[-1] for place in (12, 13)))
        for poem in poems
        if len(poem.lines) == 14 and all(words_of(poem.lines[place].text) for place in (12, 13))
    )
    sample = words[:2000]
    return {
        "nats": surprisal(poet, poems),
        "distinct of 2,000 words": len(set(sample)) / len(sample),
        "function words": sum(word in LIGHT for word in words) / len(words),
        "repeated lines": 1 - len(set(lines)) / len(lines),
        "words a line": statistics.mean(lengths),
        "their deviation": statistics.stdev(lengths),
        "couplets that rhyme alike": 1 - len(pairs) / max(sum(pairs.values()), 1),
    }


def cost(asked: argparse.Namespace) -> dict[str, object]:
    """Compare poems in form with free ones and with people's."""
    poet = poet_of(asked)
    sides = {
        "in form": written(poet, asked.poems, SONNET, asked),
        "free": poet.write_many(
            asked.poems, lines=14, seed=asked.seed, temperature=asked.temperature
        ),
    }
    if asked.humans:
        sides["people"] = [Poem.from_lines(lines) for lines in lines_of(asked.humans)]
    results = {name: facts(poet, poems) for name, poems in sides.items()}
    for fact in results["in form"]:
        row = "".join(f"{side[fact]:12.3f}" for side in results.values())
        print(f"{fact:28}{row}", file=sys.stderr)
    return {"poet": poet.name, "poems": asked.poems, **results,
            "cost": results["in form"]["nats"] - results["free"]["nats"]}  # fmt: skip


def lines_of(path: str) -> Iterator[list[str]]:
    """Yield the lines of each poem in a file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in file:
            yield json.loads(row)["lines"]


def passages(path: str) -> Iterator[frozenset[str]]:
    """Yield the content words of each passage of fourteen lines: longer poems have more words."""
    for lines in lines_of(path):
        full = [line for line in lines if line]
        for start in range(0, len(full) - 13, 14):
            yield frozenset(words_of("\n".join(full[start : start + 14]))) - LIGHT


def related(poems: Sequence[frozenset[str]], theme: frozenset[str]) -> frozenset[str]:
    """Return the theme's words and those much more frequent in passages that name the theme."""
    inside = [poem for poem in poems if theme <= poem]
    outside = Counter(word for poem in poems if not theme <= poem for word in poem)
    counts = Counter(word for poem in inside for word in poem)
    rest = len(poems) - len(inside)
    return (
        frozenset(
            word
            for word, count in counts.items()
            if count >= 0.02 * len(inside)
            and count / len(inside) >= 3 * (outside[word] + 1) / (rest + 1)
        )
        | theme
    )


def lists(poems: Sequence[Poem], near: frozenset[str]) -> float:
    """Return the share of lines that are lists of words near a theme."""
    lines = [words_of(line.text) for poem in poems for line in poem.lines]
    counts = [(sum(word in near for word in words if word not in LIGHT), words) for words in lines]
    return statistics.mean(count >= 3 and 2 * count >= len(words) for count, words in counts)


def theme(asked: argparse.Namespace) -> dict[str, object]:
    """Count words near a theme in sonnets about it, and measure the cost."""
    poet = poet_of(asked)
    corpus = list(passages(asked.corpus))
    near = {topic: related(corpus, frozenset(topic.split())) for topic in asked.themes.split(",")}
    rows = {}
    for strength in map(float, asked.strengths.split(",")):
        poems = {
            topic: written(poet, asked.poems, SONNET, asked, about=topic, strength=strength)
            for topic in near
        }
        shares = {
            topic: statistics.mean(
                word in near[topic]
                for poem in poems[topic] for word in words_of(poem.text) if word not in LIGHT
            )
            for topic in near
        }  # fmt: skip
        every = [poem for topic in near for poem in poems[topic]]
        rows[strength] = {
            "near": statistics.mean(shares.values()),
            "themes": shares,
            "lists": statistics.mean(lists(poems[topic], near[topic]) for topic in near),
            "repeated words": repeated(every)["words"],
            **facts(poet, every),
        }
        row = rows[strength]
        names = ("near", "lists", "repeated words", "nats", "function words")
        print(strength, *(f"{name} {row[name]:.3f}" for name in names), file=sys.stderr)
        if asked.show:
            for topic in near:
                print(topic, poems[topic][0].text, "", sep="\n", file=sys.stderr)
    return {"poet": poet.name, "poems": asked.poems * len(near),
            "related": {topic: len(words) for topic, words in near.items()},
            "strengths": rows}  # fmt: skip


def repeated(poems: Sequence[Poem]) -> dict[str, float]:
    """Return the rates of repeated line endings and content words, and the marks per line."""
    lines = ends = again = content = marks = 0
    for poem in poems:
        ended: set[str] = set()
        said: set[str] = set()
        for line in poem.lines:
            words = words_of(line.text)
            marks += len(re.findall(r"[,;:.!?]|--+|—", line.text))
            lines += 1
            ends += bool(words) and words[-1] in ended
            ended.update(words[-1:])
            for word in words:
                if word not in LIGHT:
                    content += 1
                    again += word in said
                    said.add(word)
    return {"ends": ends / lines, "words": again / content, "marks": marks / lines}


def cold_verse(asked: argparse.Namespace) -> dict[str, object]:
    """Count repetition at low temperatures."""
    poet = poet_of(asked)
    usual = {
        name: getattr(repetition, name)
        for name in ("MARK_BIAS", "RECENT_WORD_BIAS", "LINE_END_BIAS")
    }
    rows = {}
    for name, constants in (("left alone", dict.fromkeys(usual, 0.0)), ("tempered", usual)):
        vars(repetition).update(constants)
        for temperature in (0.4, 0.6, 0.8, 1.0):
            poems = poet.write_many(asked.poems, lines=8, seed=1001, temperature=temperature)
            rows[f"{temperature} {name}"] = repeated(poems)
    if asked.humans:
        eight = ([line for line in lines if line][:8] for lines in lines_of(asked.humans))
        rows["people"] = repeated([Poem.from_lines(lines) for lines in eight if len(lines) == 8])
    for name, row in rows.items():
        print(f"{name:16}" + "".join(f"{value:8.3f}" for value in row.values()), file=sys.stderr)
    return {"poet": poet.name, "poems": asked.poems, **rows}


def timed(action: Callable[[], object]) -> float:
    """Return the seconds an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def speed(asked: argparse.Namespace) -> dict[str, object]:
    """Measure seconds and megabytes."""
    poet = poet_of(asked)
    options: dict[str, Any] = {"form": "sonnet", "temperature": asked.temperature,
                               "particles": asked.particles, "search": asked.search}  # fmt: skip
    poet.write(seed=999, **options)

    def first(seed: int) -> None:
        next(iter(poet.begin(seed=seed, **options).pieces()))

    spent = 0.0
    step = poet.step

    def stepped(*arguments: object) -> object:
        nonlocal spent
        start = time.perf_counter()
        answer = step(*arguments)  # type: ignore[arg-type]
        spent += time.perf_counter() - start
        return answer

    poet.step = stepped  # type: ignore[method-assign,assignment]
    whole = [timed(lambda seed=seed: poet.write(seed=seed, **options)) for seed in range(20)]  # type: ignore[misc]
    network = spent / sum(whole)
    poet.step = step  # type: ignore[method-assign]
    firsts = [timed(lambda seed=seed: first(seed)) for seed in range(20)]  # type: ignore[misc]
    batch = timed(lambda: poet.write_many(AT_ONCE, seed=1, **options))
    command = [sys.executable, "-m", "quatrain", "write", asked.poet, "--form", "sonnet",
               "--seed", "1", "--particles", str(asked.particles)]  # fmt: skip
    processes = [
        timed(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(5)
    ]
    return {
        "poet": poet.name, "particles": asked.particles,
        "a sonnet, median": statistics.median(whole), "slowest of 20": max(whole),
        "first line, median": statistics.median(firsts),
        f"sonnets a second, {AT_ONCE} at once": AT_ONCE / batch,
        "process, median of 5": statistics.median(processes),
        "process memory, MB": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "share in the network": network,
    }  # fmt: skip


def main() -> None:
    """Run the measurement you chose."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    for name, action, poems in (
        ("cost", cost, 64),
        ("theme", theme, 8),
        ("cold", cold_verse, 100),
        ("speed", speed, 0),
    ):
        command = commands.add_parser(name, help=action.__doc__)
        command.set_defaults(action=action)
        command.add_argument("--poet", default="verse")
        command.add_argument("--poems", type=int, default=poems)
        command.add_argument("--particles", type=int, default=8)
        command.add_argument("--search", default="particles", choices=["particles", "beam"])
        command.add_argument("--temperature", type=float, default=0.8)
        command.add_argument("--contrast", type=float, help="the poet's own by default")
        command.add_argument("--seed", type=int, default=1)
        if name == "theme":
            command.add_argument("--corpus", required=True, help="verse as JSON lines")
            command.add_argument("--themes", default=THEMES)
            command.add_argument("--strengths", default=STRENGTHS)
            command.add_argument("--show", action="store_true", help="print a poem of each")
        if name in {"cost", "cold"}:
            command.add_argument("--humans")
    asked = parser.parse_args()
    print(machine("numpy"), file=sys.stderr)
    print(json.dumps(asked.action(asked), indent=2))


if __name__ == "__main__":
    main()
