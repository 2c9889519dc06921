"""Confidence of a scanner, learned from its own scansions, right and wrong.

In: scanners that have not seen the verse they scan, scanned verse, and texts without a metre. Out:
the weights of `quatrain.sound.scansion.confidence`, and tables that compare what was promised with
what held. `scripts/train_scanner.py` and `benchmarks/calibration.py` use it.

A poem's metre is right if its foot is that of the people who scanned it, and if a text without a
metre is called free. A line is right if every mark is.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from pydoc_data.topics import topics
from random import Random

import numpy as np
from scanner_gold import FEET, Example, compare, fold_of

from quatrain.records import Poem
from quatrain.sound.scansion.batch import Float
from quatrain.sound.scansion.confidence import ConfidenceModel
from quatrain.sound.scansion.grammar import MetricalGrammar
from quatrain.sound.scansion.scanner import Scanner

LENGTHS = (1, 2, 3, 4, 4, 6, 8, 12, 14, 14, 20, 30)
"""Lines of a passage, drawn alike: couplets, stanzas, sonnets, long poems."""

WRAPS = (15, 30, 40, 50, 60)
"""Characters of a line of prose that is cut into lines."""

FREE_POET = "whitman"
"""Part of the source's name of the poet whose verse is free."""

PENALTY = 2.0
"""Strength of the squared penalty on standardised weights."""

LIST_LINES = 30
"""Titles of a list, as of a table of contents."""


@dataclass(frozen=True)
class Passage:
    """Lines that stand together, and what is right about them.

    Attributes:
        lines: the lines.
        kind: where they are from: "verse", "free verse", "prose", "titles" or "words".
        name: of the poem or text.
        foot: of the poem; "" if it has no metre.
        golds: accepted stresses of each line; none if nobody scanned them.
    """

    lines: tuple[str, ...]
    kind: str
    name: str
    foot: str = ""
    golds: tuple[tuple[str, ...], ...] = ()


def is_held_out(name: str) -> bool:
    """Return whether a text without a metre is kept from training: half of them are."""
    return hashlib.sha256(name.encode()).digest()[4] % 2 == 1


def verse_passages(examples: Sequence[Example], random: Random) -> Iterator[Passage]:
    """Yield passages of scanned poems, more of the longer ones."""
    poems: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        poems[example.poem].append(example)
    for name, poem in poems.items():
        for start, end in cuts(len(poem), max(2, min(14, len(poem) // 3)), random):
            part = poem[start:end]
            golds = tuple(tuple(example.golds) for example in part)
            lines = tuple(example.line for example in part)
            yield Passage(lines, "verse", name, FEET[part[0].foot], golds)


def free_passages(corpus: Path, random: Random) -> Iterator[Passage]:
    """Yield passages of free verse, of prose cut into lines, and of lists of titles.

    Args:
        corpus: poems with `source`, `id` and `title`; those of `FREE_POET` are free. The titles are
            those of all, and the words those of titles. The prose is that of Python's own manual.
        random: where the passages are cut.
    """
    with gzip.open(corpus, "rt", encoding="utf-8") as rows:
        poems = [json.loads(row) for row in rows]
    for poem in poems:
        lines = [line for line in poem["lines"] if line]
        if FREE_POET in poem["source"] and len(lines) > 2:
            for start, end in cuts(len(lines), 1, random):
                yield Passage(tuple(lines[start:end]), "free verse", poem["id"])
    for name, text in sorted(topics.items()):
        paragraphs = [part for part in text.split("\n\n") if len(part) > 200 and part[0] != " "]
        for paragraph in paragraphs[:2]:
            lines = textwrap.wrap(" ".join(paragraph.split()), random.choice(WRAPS))
            for start, end in cuts(len(lines), 1, random):
                yield Passage(tuple(lines[start:end]), "prose", name)
    titles = list(dict.fromkeys(poem["title"] for poem in poems if poem["title"]))
    for first in range(0, len(titles) - LIST_LINES, LIST_LINES // 4):
        part = titles[first : first + LIST_LINES]
        for start, end in cuts(len(part), 1, random):
            yield Passage(tuple(part[start:end]), "titles", f"titles {first // LIST_LINES}")
        single_words = sorted({word for title in part for word in title.split() if word.isalpha()})
        random.shuffle(single_words)
        for start, end in cuts(len(single_words), 1, random):
            name = f"words {first // LIST_LINES}"
            yield Passage(tuple(single_words[start:end]), "words", name)


def cuts(lines: int, count: int, random: Random) -> Iterator[tuple[int, int]]:
    """Yield starts and ends of `count` passages of a text of `lines` lines."""
    for _ in range(count):
        length = min(lines, random.choice(LENGTHS))
        start = random.randrange(lines - length + 1)
        yield start, start + length


@dataclass(frozen=True, slots=True)
class Recorder(ConfidenceModel):
    """A model that notes the evidence it is given.

    Attributes:
        poems: evidence of each poem.
        lines: evidence of the lines of each poem.
    """

    poems: list[Float] = field(default_factory=list)
    lines: list[Float] = field(default_factory=list)

    def of_poem(self, evidence: Float, *, is_free: bool) -> float:
        """Note the evidence, and return the probability."""
        self.poems.append(evidence)
        return ConfidenceModel.of_poem(self, evidence, is_free=is_free)

    def of_lines(self, evidence: Float) -> list[float]:
        """Note the evidence, and return the probabilities."""
        self.lines.append(evidence)
        return ConfidenceModel.of_lines(self, evidence)


@dataclass(frozen=True)
class Claim:
    """Metre that a scanner named for a passage, and the marks of its lines.

    Attributes:
        passage: the passage.
        is_free: whether it was said to have none.
        is_right: whether that is so.
        confidence: the scanner's.
        evidence: for the metre.
        line_evidence: for the marks of each line, (lines, evidence).
        right_lines: whether the marks of each line are right, (lines,); none without golds.
        line_confidences: the scanner's, (lines,).
    """

    passage: Passage
    is_free: bool
    is_right: bool
    confidence: float
    evidence: Float
    line_evidence: Float
    right_lines: np.ndarray
    line_confidences: np.ndarray


def claims(
    passages: Sequence[Passage], grammars: Sequence[MetricalGrammar], confidences: ConfidenceModel
) -> list[Claim]:
    """Return what a scanner says of each passage, with the grammar that has not seen its poem.

    Args:
        passages: the passages; those with a line that can't be scanned are left out.
        grammars: one for each fold of poems.
        confidences: how sure the scanner is.
    """
    recorder = Recorder(confidences.metre, confidences.free, confidences.line)
    scanners = [Scanner(grammar=grammar, confidences=recorder) for grammar in grammars]
    made = []
    for passage in passages:
        scanner = scanners[fold_of(passage.name, len(scanners))]
        recorder.poems.clear()
        recorder.lines.clear()
        scansion = scanner.scan(Poem.from_lines(passage.lines))
        if not recorder.poems or not all(line.is_scanned for line in scansion.lines):
            continue
        foot = scansion.metre.foot
        same = foot[:4] == passage.foot[:4] or {foot, passage.foot} == {
            "amphibrachic",
            "anapaestic",
        }
        made.append(
            Claim(
                passage,
                not scansion.metre.feet,
                same if passage.foot else not scansion.metre.feet,
                scansion.confidence,
                recorder.poems[0],
                recorder.lines[0],
                np.array(
                    [
                        compare(list(golds), line.stress)[0]
                        for golds, line in zip(passage.golds, scansion.lines, strict=False)
                    ]
                ),
                np.array([line.confidence for line in scansion.lines]),
            )
        )
    return made


def fit(evidence: Float, right: np.ndarray, weights: np.ndarray) -> Float:
    """Return the weights of a logistic regression, by Newton's method.

    Args:
        evidence: (claims, evidence); the first is 1 everywhere.
        right: whether each claim is right, (claims,).
        weights: how much each claim counts, (claims,).
    """
    centre, scale = evidence.mean(axis=0), evidence.std(axis=0) + 1e-6
    centre[0], scale[0] = 0.0, 1.0
    standard = (evidence - centre) / scale
    penalty = np.full(evidence.shape[1], PENALTY)
    penalty[0] = 1e-3
    solution = np.zeros(evidence.shape[1])
    for _ in range(30):
        probability = 1 / (1 + np.exp(-standard @ solution))
        gradient = standard.T @ (weights * (probability - right)) + penalty * solution
        curvature = (standard * (weights * probability * (1 - probability))[:, None]).T @ standard
        solution -= np.linalg.solve(curvature + np.diag(penalty), gradient)
    raw = solution / scale
    raw[0] -= (solution[1:] / scale[1:]) @ centre[1:]
    return raw.astype(np.float32)


def fit_confidences(made: Sequence[Claim]) -> ConfidenceModel:
    """Return the model that claims give; verse and texts without a metre count the same."""
    verse = np.array([bool(claim.passage.foot) for claim in made])
    weights = np.where(verse, 0.5 / max(verse.mean(), 1e-9), 0.5 / max(1 - verse.mean(), 1e-9))
    evidence = np.stack([claim.evidence for claim in made])
    right = np.array([claim.is_right for claim in made])
    free = np.array([claim.is_free for claim in made])
    scanned = [claim for claim in made if len(claim.right_lines)]
    return ConfidenceModel(
        fit(evidence[~free], right[~free], weights[~free]),
        fit(evidence[free], right[free], weights[free]),
        fit(
            np.concatenate([claim.line_evidence for claim in scanned]),
            np.concatenate([claim.right_lines for claim in scanned]),
            np.concatenate(
                [
                    np.full(len(claim.right_lines), len(claim.right_lines) ** -0.5)
                    for claim in scanned
                ]
            ),
        ),
    )


def reliability(
    confidences: Sequence[float], right: Sequence[bool], weights: Sequence[float] | None = None
) -> str:
    """Return a table: of what was called so sure, what share was right; and the mean gap.

    Args:
        confidences: of each claim.
        right: whether it is right.
        weights: how much it counts; the same by default.
    """
    promised, held = np.array(confidences, float), np.array(right, float)
    weight = np.ones(len(held)) if weights is None else np.array(weights, float)
    weight /= weight.sum()
    edges = (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0001)
    rows, gap = [], 0.0
    for low, high in pairwise(edges):
        inside = (promised >= low) & (promised < high)
        if inside.any():
            said = np.average(promised[inside], weights=weight[inside])
            share = np.average(held[inside], weights=weight[inside])
            gap += weight[inside].sum() * abs(said - share)
            rows.append(
                f"  {low:4.0%} to {min(high, 1):4.0%}: {inside.sum():5} called {said:6.1%} sure,"
                f" {share:6.1%} right"
            )
    return "\n".join([*rows, f"  expected calibration error {gap:.3f} over {len(held):,}"])
