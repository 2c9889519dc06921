"""Parts of speech, as far as stress depends on them.

In: a word. Out: its most frequent part of speech, whatever its neighbours: *light* is a noun.
Words of closed classes are listed here, verse's own among them. Of the others,
`data/parts.txt` lists those whose ending would mislead; `scripts/prepare_parts.py` makes it from
Brill's lexicon (1992). The rest are guessed from their ending.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from importlib import resources


class PartOfSpeech(IntEnum):
    """The part of speech of a word."""

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
    NUMERAL = 11  # and interjections: both are stressed by themselves


_CLOSED = {
    PartOfSpeech.DETERMINER: """
        a an the no every each some any my thy his its our your their mine thine whose this that
        these those
    """,
    PartOfSpeech.PREPOSITION: """
        of to upon from by in on at for with like till until ere as than if though because when
        where while since save o'er 'neath 'mid 'midst 'gainst 'twixt amid amidst betwixt
    """,
    PartOfSpeech.PRONOUN: """
        i me he she it we us they them him her who whom which what none himself myself herself
        itself themselves ourselves yourself thou thee ye thyself whoso
    """,
    PartOfSpeech.CONJUNCTION: "and or but nor yet",
    PartOfSpeech.AUXILIARY: """
        am is are was were be been being do does did have has had will shall would should could
        can may might must need doth hath hast dost art wert wast wilt shalt wouldst shouldst
        couldst canst didst hadst 'tis 'twas
    """,
    PartOfSpeech.ADVERB: """
        ever never not still now then there here so too oft e'er ne'er e'en
    """,
    PartOfSpeech.NUMERAL: """
        one two three four five six seven eight nine ten o oh ah lo alas
    """,
}
_ENDINGS = (
    ("'s", PartOfSpeech.NOUN),
    ("'d", PartOfSpeech.PARTICIPLE),
    ("eth", PartOfSpeech.VERB),
    ("est", PartOfSpeech.ADJECTIVE),
    ("'st", PartOfSpeech.VERB),
    ("ing", PartOfSpeech.PARTICIPLE),
    ("in'", PartOfSpeech.PARTICIPLE),
    ("ed", PartOfSpeech.PARTICIPLE),
    ("ly", PartOfSpeech.ADVERB),
    ("less", PartOfSpeech.ADJECTIVE),
    ("ous", PartOfSpeech.ADJECTIVE),
    ("ful", PartOfSpeech.ADJECTIVE),
    ("y", PartOfSpeech.ADJECTIVE),
)


def guess_from_ending(word: str) -> PartOfSpeech:
    """Return the part of speech that a word's ending suggests; most words are nouns."""
    for ending, part in _ENDINGS:
        if word.endswith(ending):
            return part
    return PartOfSpeech.NOUN


@cache
def closed_class() -> dict[str, PartOfSpeech]:
    """Return the words of closed classes: determiners, prepositions, pronouns and the like."""
    return {word: part for part, words in _CLOSED.items() for word in words.split()}


@cache
def _listed() -> dict[str, PartOfSpeech]:
    path = resources.files("quatrain.sound") / "data" / "parts.txt"
    lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {word: PartOfSpeech[name] for name, *words in lines for word in words}


def part_of_speech(word: str) -> PartOfSpeech:
    """Return the part of speech a word most often is.

    Args:
        word: as spoken, in lower case.
    """
    part = closed_class().get(word) or _listed().get(word)
    return guess_from_ending(word) if part is None else part
