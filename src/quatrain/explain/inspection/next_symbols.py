"""The letters or words that may come next in free verse, and how temperature shares them out.

In: a poet and the text before. Out: `NextSymbols`, with logits as `write` draws from them, and
`Share`, the distribution at a temperature.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from quatrain import write
from quatrain.config import Sampling
from quatrain.corpus.tokens import line_tokens
from quatrain.errors import InternalError
from quatrain.write.free.generation import FreeGeneration
from quatrain.write.sampling import distribution
from quatrain.write.writer import CharacterWriter, WordWriter

_MOST_POETS, _MOST_TEXTS = 3, 64
"""Poets and texts kept in memory: the shipped poets, and some kilobytes for each text."""

_SIGNS = {"\n": "line break", " ": "space"}
"""Characters that can't be seen, by their names."""


@dataclass(frozen=True)
class NextSymbols:
    """The symbols that may come after a text, likeliest first.

    Attributes:
        unit: "letter" or "word".
        start: the text as the poet begins with it.
        full_lines: number of lines that it completes.
        backwards: whether the poet writes lines from their end, so that the symbol is the last of
            the next line.
        names: names of the symbols.
        logits: their logits, shape (symbols,).
        unknown: words of the text that the poet doesn't know.
    """

    unit: str
    start: str
    full_lines: int
    backwards: bool
    names: tuple[str, ...]
    logits: NDArray[np.float64]
    unknown: tuple[str, ...]

    def shares(self, sampling: Sampling) -> NDArray[np.float64]:
        """Return the probabilities that free verse draws from, shape (symbols,)."""
        allowed = np.ones((1, len(self.logits)), dtype=bool)
        shares: NDArray[np.float64] = distribution(self.logits[None], sampling, allowed)[0]
        return shares


@lru_cache(maxsize=_MOST_POETS)
def open_writer(poet: str) -> CharacterWriter | WordWriter:
    """Return a poet that writes, kept in memory."""
    return write.load(poet)


@lru_cache(maxsize=_MOST_TEXTS)
def next_symbols(poet: str, text: str) -> NextSymbols:
    """Return what may come after a text.

    A word-level poet writes whole lines, so it takes the text's last line as complete.

    Args:
        poet: name of a shipped poet, or a folder.
        text: the text before; empty at the beginning of a poem.

    Raises:
        SettingsError: the poet's alphabet lacks a character of the text.
    """
    writer = open_writer(poet)
    words = isinstance(writer, WordWriter)
    start = f"{text.rstrip()}\n" if words and text.strip() else text
    full_lines = sum(bool(line.strip()) for line in start.split("\n")[:-1])
    # More lines than one: at the beginning of the last line, only a mark that ends it may come.
    generation = writer.begin(start=start, lines=full_lines + 2, temperature=1.0, seed=0)
    if not isinstance(generation, FreeGeneration):
        raise InternalError("writing without a form began in a form")
    logits, allowed = generation.next_symbols
    order = np.argsort(-np.where(allowed[0], logits[0], -np.inf), kind="stable")
    order = order[: int(allowed[0].sum())]
    return NextSymbols(
        unit="word" if words else "letter",
        start=start,
        full_lines=full_lines,
        backwards=writer.backwards,
        names=tuple(_name(writer, int(number)) for number in order),
        logits=logits[0, order].astype(np.float64),
        unknown=_unknown_words(writer, text),
    )


def _name(writer: CharacterWriter | WordWriter, number: int) -> str:
    if isinstance(writer, WordWriter):
        stanza = number == writer.vocabulary.STANZA
        return "stanza break" if stanza else writer.vocabulary.token(number)
    sign = writer.vocabulary.decode(np.array([number]))
    return _SIGNS.get(sign, sign)


def _unknown_words(writer: CharacterWriter | WordWriter, text: str) -> tuple[str, ...]:
    if not isinstance(writer, WordWriter):
        return ()
    known = writer.vocabulary.numbers
    tokens = (token for line in text.split("\n") for token in line_tokens(line))
    return tuple(dict.fromkeys(token for token in tokens if token not in known))
