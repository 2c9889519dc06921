"""Parts of speech, as far as a voice needs them.

In: a word. Out: the part of speech it most often is, by itself: *light* is a noun. Words
that hold sentences together are listed here, verse's own among them; of the others those
that their ending does not give away stand in `data/parts.txt`, which
`scripts/prepare_parts.py` makes of Brill's lexicon (1992); the rest go by their ending.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from importlib import resources


class Part(IntEnum):
    """What a word is in a sentence."""

    NONE = 0  # no word: before the first, after the last
    NOUN = 1
    ADJECTIVE = 2
    VERB = 3
    PARTICIPLE = 4
    ADVERB = 5
    DETERMINER = 6
    PREPOSITION = 7  # and what joins a clause to another
    PRONOUN = 8
    CONJUNCTION = 9
    AUXILIARY = 10
    NUMERAL = 11  # and cries: both are stressed by themselves


_CLOSED = {
    Part.DETERMINER: """a an the no every each some any my thy his its our your their mine thine
        whose this that these those""",
    Part.PREPOSITION: """of to upon from by in on at for with like till until ere as than if though
        because when where while since save o'er 'neath 'mid 'midst 'gainst 'twixt amid amidst
        betwixt""",
    Part.PRONOUN: """i me he she it we us they them him her who whom which what none himself myself
        herself itself themselves ourselves yourself thou thee ye thyself whoso""",
    Part.CONJUNCTION: "and or but nor yet",
    Part.AUXILIARY: """am is are was were be been being do does did have has had will shall would
        should could can may might must need doth hath hast dost art wert wast wilt shalt wouldst
        shouldst couldst canst didst hadst 'tis 'twas""",
    Part.ADVERB: "ever never not still now then there here so too oft e'er ne'er e'en",
    Part.NUMERAL: "one two three four five six seven eight nine ten o oh ah lo alas",
}
_ENDINGS = (
    ("'s", Part.NOUN), ("'d", Part.PARTICIPLE), ("eth", Part.VERB), ("est", Part.ADJECTIVE),
    ("'st", Part.VERB), ("ing", Part.PARTICIPLE), ("in'", Part.PARTICIPLE),
    ("ed", Part.PARTICIPLE), ("ly", Part.ADVERB), ("less", Part.ADJECTIVE),
    ("ous", Part.ADJECTIVE), ("ful", Part.ADJECTIVE), ("y", Part.ADJECTIVE),
)  # fmt: skip


def by_ending(word: str) -> Part:
    """What a word's ending says of it; most words are nouns."""
    for ending, part in _ENDINGS:
        if word.endswith(ending):
            return part
    return Part.NOUN


@cache
def closed() -> dict[str, Part]:
    """The words that hold sentences together."""
    return {word: part for part, words in _CLOSED.items() for word in words.split()}


@cache
def _listed() -> dict[str, Part]:
    path = resources.files("quatrain.sound") / "data" / "parts.txt"
    lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {word: Part[name] for name, *words in lines for word in words}


def part_of(word: str) -> Part:
    """The part of speech a word most often is.

    Args:
        word: as spoken, in lower case.
    """
    found = closed().get(word) or _listed().get(word)
    return by_ending(word) if found is None else found
