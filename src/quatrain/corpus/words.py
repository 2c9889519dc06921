"""The definition of a word, and the words that a text uses.

`WordCounter` takes running text as UTF-8 and returns its word types. They tell an invented word
from one that the poet has read.
"""

from __future__ import annotations

import re
from collections import Counter

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
"""Letters, with apostrophes and hyphens inside: `o'er`, `to-day`, not `'tis`'s quote."""

MOST_WORDS = 100_000
"""Word types kept at most: the most frequent."""

_TYPES_IN_MEMORY = 2_000_000
_PLAIN = bytes(
    byte if chr(byte).isalpha() or byte >= 0x80 or chr(byte) in "'-" else 0x20
    for byte in range(256)
)
_LOWER = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz")
_LOWER_PLAIN = bytes(_PLAIN[byte] for byte in _LOWER)


def words_of(text: str) -> list[str]:
    """Every word of `text` in order, in lower case."""
    return WORD.findall(text.lower())


class WordCounter:
    """Counts words block by block, in bounded memory.

    Runs of letters, apostrophes and hyphens are counted as they stand and looked at with
    `WORD` only once per type. Past two million types those seen once are forgotten (lossy
    counting, Manku and Motwani 2002); none of them is among the 100,000 most frequent.
    """

    def __init__(self) -> None:
        self._runs: Counter[bytes] = Counter()

    def add(self, text: bytes) -> None:
        """Count the words of `text`, which is UTF-8 and does not end inside a word."""
        if text.isascii():
            plain = text.translate(_LOWER_PLAIN)
        else:
            plain = text.decode().lower().encode().translate(_PLAIN)
        self._runs.update(plain.split())
        if len(self._runs) > _TYPES_IN_MEMORY:
            self._runs = Counter({run: n for run, n in self._runs.items() if n > 1})

    def types(self) -> tuple[str, ...]:
        """Return the word types, sorted; at most `MOST_WORDS`, the most frequent."""
        counts: Counter[str] = Counter()
        for run, count in self._runs.items():
            for word in WORD.findall(run.decode()):
                counts[word] += count
        ranked = sorted(counts, key=lambda word: (-counts[word], word))
        return tuple(sorted(ranked[:MOST_WORDS]))
