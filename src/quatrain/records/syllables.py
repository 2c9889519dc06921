"""Cut a written word into as many syllables as it is spoken with.

In: a word's letters and a number. Out: its parts, and where a mark above each belongs. A
consonant, or a pair of them that can begin a word, goes with the vowel after it (maximal onset).
Where letters and syllables do not agree, vowels are cut or joined.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

_VOWELS = re.compile(r"[aeiouyàèéêëïôûü]+", re.IGNORECASE)
_ONSET = re.compile(
    r"(?:[bcfgpk][lr]|[dt]r|[st]h|[cpw]h|s[cklmnpqtw]|sch|scr|shr|spl|spr|str|thr|[tw]w|qu|gu"
    r"|[bcdfghjklmnpqrstvwxz])$",
    re.IGNORECASE,
)
_SILENT_E = re.compile(r"(?<=[^aeiouy])e(?:s|d)?$", re.IGNORECASE)


@lru_cache(maxsize=50_000)
def syllabify(word: str, syllables: int) -> tuple[str, ...]:
    """Cut a word into syllables.

    Args:
        word: its letters, apostrophes and hyphens included.
        syllables: the number of syllables it is spoken with; 0 gives nothing, 1 the word.

    Returns:
        Exactly that many parts, which joined give the word; parts may be empty if a word has
        fewer letters than syllables.
    """
    if syllables <= 1:
        return (word,) * syllables
    nuclei = _nuclei(word, syllables)
    if len(nuclei) < syllables:
        cuts = [len(word) * number // syllables for number in range(syllables + 1)]
    else:
        inner = [_cut(word, before[1], after[0]) for before, after in itertools.pairwise(nuclei)]
        cuts = [0, *inner, len(word)]
    return tuple(word[start:end] for start, end in itertools.pairwise(cuts))


def _nuclei(word: str, syllables: int) -> list[tuple[int, int]]:
    """Return the spans of the vowels that carry a syllable; fewer if there are too few letters."""
    nuclei = [match.span() for match in _VOWELS.finditer(word)]
    silent = _SILENT_E.search(word)
    if silent and len(nuclei) > syllables:
        nuclei = [span for span in nuclei if span[0] != silent.start()]
    while len(nuclei) > syllables:  # join the two that stand closest
        gaps = [after[0] - before[1] for before, after in itertools.pairwise(nuclei)]
        place = gaps.index(min(gaps))
        nuclei[place : place + 2] = [(nuclei[place][0], nuclei[place + 1][1])]
    while len(nuclei) < syllables:  # cut the longest
        longest = max(nuclei, key=lambda span: span[1] - span[0], default=(0, 0))
        if longest[1] - longest[0] < 2:
            break
        place = nuclei.index(longest)
        middle = (longest[0] + longest[1]) // 2
        nuclei[place : place + 1] = [(longest[0], middle), (middle, longest[1])]
    return nuclei


def _cut(word: str, end: int, start: int) -> int:
    """Return the place to cut between a nucleus that ends and the next one, which starts."""
    between = word[end:start]
    if not between:
        return end
    onset = _ONSET.search(between)
    return start - len(onset.group()) if onset else start


def vowel_positions(word: str, syllables: int) -> list[int]:
    """Return the index in a word of the vowel of each syllable, for a mark above it."""
    positions = []
    start = 0
    for part in syllabify(word, syllables):
        vowel = next((at for at, letter in enumerate(part) if letter.lower() in "aeiouy"), 0)
        positions.append(min(start + vowel, len(word) - 1))
        start += len(part)
    return positions
