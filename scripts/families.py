"""Words of the lexicon that are held out, in whole families.

In: a word. Out: whether it belongs to the tenth on which guessing is measured. A word and its
inflections fall on the same side; otherwise the network would be asked about words it has seen.
"""

from __future__ import annotations

import hashlib
import re

_ENDINGS = re.compile(r"('s|s'|s|es|ed|er|ers|est|ing|ings|ly|y|ness|less|able|ies|ied|e|en)$")


def family(word: str) -> str:
    """Return the stem a word shares with its inflections: `walked` and `walker` give `walk`."""
    stem = word.split("-")[0]
    for _ in range(2):
        shorter = _ENDINGS.sub("", stem)
        if len(shorter) < 3:
            break
        stem = shorter
    return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem


def held_out(word: str) -> bool:
    """Return whether a word belongs to the tenth that no training sees."""
    return hashlib.sha256(family(word).encode()).digest()[0] % 10 == 0
