"""A written word cut into as many syllables as are said.

In: a word's letters and a number. Out: its parts. Spelling keeps a consonant or an
allowed pair of them with the vowel after it (maximal onset); what is left over or
missing, because letters and syllables do not agree, is cut or joined where vowels meet.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from quatrain.records import LineScansion

_VOWELS = re.compile(r"[aeiouyàèéêëïôûü]+", re.IGNORECASE)
_ONSET = re.compile(
    r"(?:[bcfgpk][lr]|[dt]r|[st]h|[cpw]h|s[cklmnpqtw]|sch|scr|shr|spl|spr|str|thr|[tw]w|qu|gu"
    r"|[bcdfghjklmnpqrstvwxz])$",
    re.IGNORECASE,
)
_SILENT = re.compile(r"(?<=[^aeiouy])e(?:s|d)?$", re.IGNORECASE)


@lru_cache(maxsize=50_000)
def syllabified(word: str, syllables: int) -> tuple[str, ...]:
    """Cut a word into syllables.

    Args:
        word: its letters, apostrophes and hyphens included.
        syllables: how many are said; 0 gives nothing, 1 the word.

    Returns:
        Exactly so many parts which joined give the word; parts may be empty if a word has
        fewer letters than syllables.
    """
    if syllables <= 1:
        return (word,) * syllables
    nuclei = [match.span() for match in _VOWELS.finditer(word)]
    silent = _SILENT.search(word)
    if silent and len(nuclei) > syllables:
        nuclei = [span for span in nuclei if span[0] != silent.start()]
    while len(nuclei) > syllables:
        gaps = [after[0] - before[1] for before, after in itertools.pairwise(nuclei)]
        place = gaps.index(min(gaps))
        nuclei[place : place + 2] = [(nuclei[place][0], nuclei[place + 1][1])]
    while len(nuclei) < syllables:
        wide = max(nuclei, key=lambda span: span[1] - span[0], default=(0, 0))
        if wide[1] - wide[0] < 2:
            break
        place = nuclei.index(wide)
        middle = (wide[0] + wide[1]) // 2
        nuclei[place : place + 1] = [(wide[0], middle), (middle, wide[1])]
    if len(nuclei) < syllables:
        cuts = [len(word) * number // syllables for number in range(syllables + 1)]
    else:
        inner = [_cut(word, before[1], after[0]) for before, after in itertools.pairwise(nuclei)]
        cuts = [0, *inner, len(word)]
    return tuple(word[start:end] for start, end in itertools.pairwise(cuts))


def vowels_of(word: str, syllables: int) -> list[int]:
    """Where in a word the vowel of each syllable stands, for a mark above it."""
    found = []
    place = 0
    for part in syllabified(word, syllables):
        vowel = next((at for at, each in enumerate(part) if each.lower() in "aeiouy"), 0)
        found.append(min(place + vowel, len(word) - 1))
        place += len(part)
    return found


def vowels_of_line(line: LineScansion) -> list[int]:
    """Where in a scanned line the vowel of each syllable stands."""
    return [
        start + place
        for text, start, syllables, _ in line.words
        for place in vowels_of(text, syllables)
    ]


def _cut(word: str, end: int, start: int) -> int:
    """Where to cut between a nucleus that ends and the next one that starts."""
    between = word[end:start]
    if not between:
        return end
    onset = _ONSET.search(between)
    return start - len(onset.group()) if onset else start
