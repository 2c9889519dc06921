"""Texts for `train_poets.py`: Deep-speare's sonnets, and verse that resembles them.

In: paths of JSON lines with "lines". Out: poems as lines of tokens, line ends included, and
indexes of their n-grams.
"""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from quatrain.corpus.tokens import LINE_END, Typesetter, line_tokens
from quatrain.poet import NgramIndex

Tokens = list[list[str]]

MINIMUM_COUNT = 3
"""Count from which a word of the sonnets is in the vocabulary, whatever its other counts."""

SHARED_LINES = 2
"""Lines that two poems must share to count as versions of one poem."""

SHORT = 3
"""Words in a line that is too short to identify a poem: such lines do not count."""

LENGTHS = (10, 70)
"""Least and most lines of a poem that resembles sonnets; judgement."""

MEAN_WORDS = (6.9, 9.1)
"""Least and most words in a mean line of pentameter, counted at spaces; judgement."""

MOST_DEVIATION = 1.5
"""Largest standard deviation of the words in a line, beyond which metres change; judgement."""

SONNET_LINES = 14

NEAR_TOKENS = 900_000
"""Tokens of the poems that are taken for their words: what 75 minutes of one core read once."""

_OMITTED = frozenset('-"“”_*[]()')
"""Tokens that the published sonnets do not have."""


def spaced_tokens(line: str) -> list[str]:
    """Return the tokens of a line in lower case, where spaces separate them already."""
    return [token.replace("—", "--").replace("–", "-") for token in line.lower().split()]


def rows(path: Path) -> Iterator[list[str]]:
    """Yield the lines of each poem of a compressed file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in file:
            yield json.loads(row)["lines"]


def sonnets(path: Path) -> list[Tokens]:
    """Return the tokens of every line of every sonnet, line ends included."""
    return [[[*spaced_tokens(line), LINE_END] for line in lines] for lines in rows(path)]


def usual(poems: list[Tokens]) -> Iterator[str]:
    """Yield the words that the measurement on these sonnets distinguishes."""
    counts = Counter(token for poem in poems for line in poem for token in line)
    return (word for word, count in counts.items() if count >= MINIMUM_COUNT)


def lines_of(poem: Tokens) -> set[tuple[str, ...]]:
    """Return the lines of a poem without punctuation, leaving out short ones."""
    lines = (tuple(token for token in line if token[0].isalnum()) for line in poem)
    return {line for line in lines if len(line) > SHORT}


def halves_apart(valid: list[Tokens], train: list[Tokens]) -> tuple[list[Tokens], list[Tokens]]:
    """Return two halves of the valid sonnets that have no version in train.

    The first half chooses, the second reports.
    """
    seen = set[tuple[str, ...]]().union(*map(lines_of, train))
    apart = [poem for poem in valid if len(lines_of(poem) & seen) < SHARED_LINES]
    return apart[0::2], apart[1::2]


def unmarked_tokens(line: str) -> list[str]:
    """Return the tokens of a line as the published sonnets have them: no marks at its end."""
    tokens = [
        token.replace("—", "--").replace("–", "-")
        for token in line_tokens(line)
        if token not in _OMITTED
    ]
    while tokens and not any(map(str.isalnum, tokens[-1])):
        tokens.pop()
    return [*tokens, LINE_END]


def verse_like(corpora: Path, train: list[Tokens], valid: list[Tokens]) -> Iterator[Tokens]:
    """Yield the poems of a folder in lines about as long as pentameter.

    A poem with a line of `valid`, or with two of `train`, is left out.
    """
    seen = set[tuple[str, ...]]().union(*map(lines_of, train))
    apart = set[tuple[str, ...]]().union(*map(lines_of, valid))
    for path in sorted(corpora.glob("*.jsonl.gz")):
        for row in rows(path):
            lines = [line for line in row if line.strip()]
            if not LENGTHS[0] <= len(lines) <= LENGTHS[1]:
                continue
            words = np.array([len(line.split()) for line in lines])
            if not MEAN_WORDS[0] <= words.mean() <= MEAN_WORDS[1] or words.std() > MOST_DEVIATION:
                continue
            poem = [unmarked_tokens(line) for line in lines]
            own = lines_of(poem)
            short = any(len(line) < SHORT for line in poem)
            if not short and not own & apart and len(own & seen) < SHARED_LINES:
                yield poem


def verse_near(corpora: Path, train: list[Tokens], valid: list[Tokens]) -> list[Tokens]:
    """Return the poems of fourteen lines, and others whose words are most like those of `train`.

    A poem's likeness is the mean log odds of its tokens, in `train` against all poems compared
    (cross-entropy difference, Moore and Lewis 2010, with unigrams). The likeliest are taken until
    they have `NEAR_TOKENS`.
    """
    poems = list(verse_like(corpora, train, valid))
    likeness = log_odds(train, poems)
    four = [poem for poem in poems if len(poem) == SONNET_LINES]
    others = [poem for poem in poems if len(poem) != SONNET_LINES]
    scores = [np.mean([likeness[token] for line in poem for token in line]) for poem in others]
    near: list[Tokens] = []
    tokens = 0
    for place in np.argsort(scores, kind="stable")[::-1].tolist():
        if tokens > NEAR_TOKENS:
            break
        near.append(others[place])
        tokens += sum(map(len, others[place]))
    return four + near


def log_odds(target: list[Tokens], compared: list[Tokens]) -> dict[str, float]:
    """Return the log odds of each token of `compared`, with half a count added, in nats."""
    wanted, general = (
        Counter(token for poem in poems for line in poem for token in line)
        for poems in (target, compared)
    )
    smoothing = 0.5 * len(wanted.keys() | general.keys())
    shift = math.log(general.total() + smoothing) - math.log(wanted.total() + smoothing)
    return {
        token: math.log(wanted[token] + 0.5) - math.log(general[token] + 0.5) + shift
        for token in general
    }


def index(poems: list[Tokens]) -> NgramIndex | None:
    """Index poems that the poet must not copy from."""
    typesetter = Typesetter()
    return NgramIndex.from_texts(
        "\n".join(typesetter.line(line[:-1]) for line in poem) for poem in poems
    )
