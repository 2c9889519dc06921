"""Measure what a critic does to sonnets, to their themes, and to the time they take.

    python benchmarks/critic.py reading hf:PATH
    python benchmarks/critic.py sonnets hf:PATH CORPUS.jsonl.gz [--strengths 0,0.25,0.5,1]
    python benchmarks/critic.py themes hf:PATH CORPUS.jsonl.gz [--strengths 0,0.5,1]

reading: processor time to score eight lines after thirteen, in bfloat16 and in float32, with the
text's keys and values kept from the line before and without.
sonnets: per strength, the measures of `coherence.py` (topic, repeated content words, openings), the
poet's own surprisal, and seconds a sonnet. A language model's gain is left out: a critic is a
language model, and would judge itself.
themes: share of content words near the theme, as `write.py theme` counts them, in sonnets about
`THEMES`. "prompt" has the theme in the critic's prompt alone, "about" is the poet's own theme.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from coherence import LINES, PEOPLE, SHORTEST, Topics, read, words
from machine import machine
from write import LIGHT, passages, related

import quatrain
from quatrain.critic import Critic

THEMES = ("winter sea", "war", "garden", "death", "spring", "love", "storm", "night")

TEXT = "A sonnet\n\n" + 13 * "The river ran below the quiet house,\n"
CANDIDATES = [f"And in the night we heard it {word}.\n" for word in (
    "go", "flow", "turn", "sing", "break", "fall", "rise", "wake",
)]  # fmt: skip


def timed(action: Callable[[], object], runs: int = 5) -> float:
    """Return the median processor time of an action, in seconds."""
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        action()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds)


def reading(asked: argparse.Namespace) -> None:
    """Print how long a line takes."""
    import torch

    torch.set_num_threads(1)
    print("| numbers | cache | seconds a line |")
    print("| --- | --- | ---: |")
    features = torch.cpu.get_capabilities
    for name, native in (("bfloat16", True), ("float32", False)):
        torch.cpu.get_capabilities = lambda native=native: {"bf16": native}
        critic: Any = quatrain.load_critic(asked.critic)
        critic.log_probabilities(TEXT, CANDIDATES)
        cached = timed(lambda critic=critic: critic.log_probabilities(TEXT, CANDIDATES))
        critic._scorer._reuse = False
        whole = timed(lambda critic=critic: critic.log_probabilities(TEXT, CANDIDATES))
        print(f"| {name} | kept | {cached:.2f} |\n| {name} | none | {whole:.2f} |", flush=True)
    torch.cpu.get_capabilities = features


def written(
    poet: Any, critic: Critic, strength: float, seeds: Sequence[int], options: Mapping[str, Any]
) -> tuple[list[quatrain.Poem], float, float]:
    """Write a sonnet per seed; return them, nats a word by the poet, and seconds for each."""
    if strength:
        options = {**options, "critic": critic, "critic_strength": strength}
    poems, nats, start = [], [], time.process_time()
    for seed in seeds:
        writing = poet.begin(form="sonnet", seed=seed, **options)
        poems += writing.poems
        nats.append(writing.surprisal())
    return poems, statistics.mean(nats), (time.process_time() - start) / len(poems)


def sonnets(asked: argparse.Namespace) -> None:
    """Print the measures of sonnets by the critic's strength."""
    corpus = read(asked.corpus)
    people = [
        poem for poem in corpus if len(poem) == LINES and np.mean([*map(len, poem)]) > SHORTEST
    ]
    random.Random(0).shuffle(people)
    apart = {poem[0] for poem in people[:PEOPLE]}
    topics = Topics([poem for poem in corpus if poem and poem[0] not in apart])
    poet, critic = quatrain.load(asked.poet), quatrain.load_critic(asked.critic)
    poet.write(form="sonnet", seed=1)
    print("| strength | n | topic | repeated | first words | And | nats a word | seconds |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for strength in asked.strengths:
        seeds = range(asked.seed, asked.seed + asked.poems)
        particles = {"particles": asked.particles}
        poems, nats, seconds = written(poet, critic, strength, seeds, particles)
        cells = measures([[line.text for line in poem.lines] for poem in poems], topics)
        print(f"| {strength:g} | {len(poems)} | {cells} | {nats:.2f} | {seconds:.1f} |", flush=True)


def measures(poems: Sequence[Sequence[str]], topics: Topics) -> str:
    """Return the cells of a row: topic, repeated content words, openings."""
    gains = topics.gains(poems)
    openings = [[words([line])[0] for line in poem if words([line])] for poem in poems]
    return (
        f"{gains.mean():.3f} ± {gains.std() / np.sqrt(len(gains)):.3f}"
        f" | {np.mean([topics.repeated(poem) for poem in poems]):.3f}"
        f" | {np.mean([len(set(firsts)) / len(firsts) for firsts in openings]):.2f}"
        f" | {np.mean([firsts.count('and') / len(firsts) for firsts in openings]):.2f}"
    )


def themes(asked: argparse.Namespace) -> None:
    """Print the share of words near a theme, by who knows of the theme."""
    corpus = list(passages(str(asked.corpus)))
    near = {theme: related(corpus, frozenset(theme.split())) for theme in THEMES}
    poet, critic = quatrain.load(asked.poet), quatrain.load_critic(asked.critic)
    print("| theme known to | critic's strength | n | share near the theme |")
    print("| --- | ---: | ---: | ---: |")
    for strength in asked.strengths:
        for name, own in (("the critic" if strength else "nobody", {"strength": 0}), ("both", {})):
            shares = []
            for place in range(asked.poems):
                theme = THEMES[place % len(THEMES)]
                options = {"about": theme, "particles": asked.particles, **own}
                poems, _, _ = written(poet, critic, strength, [asked.seed + place], options)
                shares.append(share_near(poems[0].text, near[theme]))
            known = "the poet" if name == "both" and not strength else name
            print(f"| {known} | {strength:g} | {len(shares)} | {error_of(shares)} |", flush=True)


def share_near(text: str, near: frozenset[str]) -> float:
    """Return the share of a text's content words that are near a theme."""
    content = [word for word in words(text.split("\n")) if word not in LIGHT]
    return sum(word in near for word in content) / max(len(content), 1)


def error_of(values: Sequence[float]) -> str:
    """Return a mean with its standard error."""
    return f"{np.mean(values):.3f} ± {np.std(values) / np.sqrt(len(values)):.3f}"


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=("reading", "sonnets", "themes"))
    parser.add_argument("critic", metavar="hf:PATH")
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--poet", default="verse")
    parser.add_argument("--poems", type=int, default=24)
    parser.add_argument("--seed", type=int, default=3200)
    parser.add_argument("--particles", type=int)
    parser.add_argument(
        "--strengths",
        type=lambda text: [float(part) for part in text.split(",")],
        default=[0.0, 0.25, 0.5, 1.0],
    )
    asked = parser.parse_args()
    if asked.part != "reading" and asked.corpus is None:
        parser.error(f"{asked.part} needs a corpus")
    print(machine("numpy", "torch", "transformers"))
    {"reading": reading, "sonnets": sonnets, "themes": themes}[asked.part](asked)


if __name__ == "__main__":
    main()
