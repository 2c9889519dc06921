"""A poet reading a few lines: how surprising each letter or word is, and what was expected instead.

In: a poet of either kind and a text. Out: a `LineReading`, with the trace of the top LSTM layer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quatrain.corpus.tokens import LINE_END, STANZA_END, poem_tokens, reversed_line
from quatrain.corpus.vocabulary import is_control
from quatrain.explain.inspection.reading import trace_layers
from quatrain.layers import LSTMTrace, log_softmax
from quatrain.poet import CharacterPoet, WordPoet
from quatrain.records import Poem
from quatrain.write.bias.blocklist import BLOCKED_WORDS

ALTERNATIVES = 3
"""Likeliest symbols that are listed at each place."""

LINE_BREAK, SPACE, STANZA = "↵", "␣", "¶"
"""Signs for what can't be seen: a line break or the end of a line, a space, a break of stanzas."""

END, UNKNOWN = "end", "unknown"
"""Names of a poem's end and of whatever the poet doesn't know."""

_REPLACEMENT = "\ufffd"

Gate: TypeAlias = Literal["input", "forget", "output"]
GATES: tuple[Gate, ...] = ("input", "forget", "output")

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter or a word as it is shown.

    Attributes:
        sign: what is written: "e", "␣", "throat".
        name: what is said: "e", "space", "throat".
    """

    sign: str
    name: str


@dataclass(frozen=True, slots=True)
class Expected:
    """A symbol that may come next, and its probability."""

    symbol: Symbol
    probability: float


@dataclass(frozen=True, slots=True)
class ReadSymbol:
    """A symbol of the text, as the poet predicted it from those before.

    Attributes:
        symbol: the symbol. One that the poet doesn't know is shown as it stands in the text.
        known: whether the poet knows it. Otherwise the numbers are those of `UNKNOWN`.
        bits: surprisal, -log2 of the probability.
        probability: that it comes here, from 0 to 1.
        rank: its place among all symbols, 1 for the likeliest.
        expected: the likeliest symbols, likeliest first.
    """

    symbol: Symbol
    known: bool
    bits: float
    probability: float
    rank: int
    expected: tuple[Expected, ...]


@dataclass(frozen=True)
class LineReading:
    """A text as a poet reads it, from the start of a poem.

    Attributes:
        unit: "letter" or "word"; marks and line ends count as words.
        backwards: whether every line is read from its end.
        symbols: the symbols in the order in which they are read.
        after: the likeliest symbols after the last.
        alphabet: number of symbols that the poet chooses from.
        characters: characters of the text that the symbols stand for.
        trace: gates and cells of the top layer after each symbol, (symbols, 1, cells).
    """

    unit: Literal["letter", "word"]
    backwards: bool
    symbols: tuple[ReadSymbol, ...]
    after: tuple[Expected, ...]
    alphabet: int
    characters: int
    trace: LSTMTrace

    @property
    def bits(self) -> float:
        """Surprisal of all symbols together."""
        return math.fsum(symbol.bits for symbol in self.symbols)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Symbols that the poet doesn't know, each once."""
        return tuple(dict.fromkeys(s.symbol.sign for s in self.symbols if not s.known))

    @property
    def cells(self) -> int:
        """Number of cells in the top layer."""
        return int(self.trace.cell.shape[2])

    def gate(self, gate: Gate) -> Floats:
        """Return a gate after each symbol, shape (symbols, cells)."""
        values: Floats = getattr(self.trace, f"{gate}_gate")[:, 0].astype(np.float64)
        return values

    @property
    def squashed(self) -> Floats:
        """Cells after each symbol, as the output gate sees them: tanh(c), (symbols, cells)."""
        squashed: Floats = np.tanh(self.trace.cell[:, 0].astype(np.float64))
        return squashed

    def liveliest(self, count: int) -> tuple[int, ...]:
        """Return the cells whose tanh(c) has the largest standard deviation, largest first."""
        order = np.argsort(-self.squashed.std(axis=0), kind="stable")
        return tuple(order[:count].tolist())


def read_line(poet: CharacterPoet | WordPoet, text: str) -> LineReading | None:
    """Read a text as the start of a poem.

    Args:
        poet: a poet of either kind. Word by word, every line is read to its end.
        text: the text; characters or words that the poet doesn't know are read as unknown.

    Returns:
        The reading; None if the text has nothing to read.
    """
    if not text.strip():
        return None
    if isinstance(poet, WordPoet):
        poem = Poem.from_text(text)
        lines = poem_tokens(poem)
        if not lines:
            return None
        ordered = [reversed_line(line) if poet.backwards else line for line in lines]
        written = list(chain.from_iterable(ordered))
        tokens = poet.vocabulary.encode(written)
        characters = len(poem.text) + 1  # the end of the last line is read, too
    else:
        written, tokens, characters = list(text), poet.vocabulary.encode(text), len(text)
    ids = np.concatenate([[poet.vocabulary.START], tokens]).astype(np.intp)
    layers, _ = trace_layers(poet, ids[:, None])
    logs = _log_probabilities(poet, layers[-1].hidden[:, 0])  # (1 + symbols, alphabet)
    return LineReading(
        unit="word" if isinstance(poet, WordPoet) else "letter",
        backwards=poet.backwards,
        symbols=tuple(_read_symbols(poet, written, ids[1:], logs[:-1])),
        after=_expected(poet, logs[-1]),
        alphabet=logs.shape[1],
        characters=characters,
        trace=LSTMTrace(
            *(
                getattr(layers[-1], field)[1:]
                for field in (
                    "input_gate",
                    "forget_gate",
                    "candidate",
                    "output_gate",
                    "cell",
                    "hidden",
                )
            )
        ),
    )


def _log_probabilities(poet: CharacterPoet | WordPoet, hidden: NDArray[np.floating]) -> Floats:
    """Return the natural logarithms of what may come next, (time, alphabet)."""
    if isinstance(poet, WordPoet):
        hidden = poet.network.projection.value(hidden)
    logits = poet.network.output.value(hidden)
    return np.asarray(log_softmax(logits.astype(np.float64)), np.float64)


def _read_symbols(
    poet: CharacterPoet | WordPoet, written: list[str], ids: NDArray[np.intp], logs: Floats
) -> Iterator[ReadSymbol]:
    for text, number, row in zip(written, ids.tolist(), logs, strict=True):
        known = number != poet.vocabulary.UNKNOWN
        yield ReadSymbol(
            symbol=_symbol(text),
            known=known,
            bits=float(-row[number] / math.log(2)),
            probability=float(np.exp(row[number])),
            rank=1 + int((row > row[number]).sum()),
            expected=_expected(poet, row),
        )


def _expected(poet: CharacterPoet | WordPoet, logs: Floats) -> tuple[Expected, ...]:
    """Return the likeliest symbols; slurs are not offered, as they are never drawn."""
    count = min(len(logs), ALTERNATIVES + len(BLOCKED_WORDS)) - 1
    likeliest = np.argpartition(-logs, count)[: count + 1]
    ordered = likeliest[np.argsort(-logs[likeliest], kind="stable")]
    named = ((_numbered(poet, number), float(np.exp(logs[number]))) for number in ordered.tolist())
    offered = (Expected(*pair) for pair in named if pair[0].sign not in BLOCKED_WORDS)
    return tuple(islice(offered, ALTERNATIVES))


def _numbered(poet: CharacterPoet | WordPoet, number: int) -> Symbol:
    vocabulary = poet.vocabulary
    if number == vocabulary.END:
        return Symbol(END, "end of the poem")
    if number in (vocabulary.START, vocabulary.UNKNOWN):
        return Symbol(UNKNOWN, UNKNOWN)
    if isinstance(poet, WordPoet):
        return _symbol(poet.vocabulary.token(number))
    return _symbol(poet.vocabulary.decode(np.array([number])))


def _symbol(text: str) -> Symbol:
    shown = "".join(_REPLACEMENT if is_control(sign) else sign for sign in text)
    return _INVISIBLE.get(text) or Symbol(shown, shown)


_INVISIBLE = {
    " ": Symbol(SPACE, "space"),
    LINE_END: Symbol(LINE_BREAK, "line break"),
    STANZA_END: Symbol(STANZA, "break of stanzas"),
}
