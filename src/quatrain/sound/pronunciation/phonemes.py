"""The phonemes of English in ARPAbet, with their manner of articulation.

The inventory is CMUdict's: 15 vowels, each with a stress, and 24 consonants.
Manner and place are the textbook's (Ladefoged and Johnson, A Course in
Phonetics, chapters 2 and 4).
"""

from __future__ import annotations

from collections.abc import Iterable

VOWELS = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW")
CONSONANTS = (
    "B",
    "CH",
    "D",
    "DH",
    "F",
    "G",
    "HH",
    "JH",
    "K",
    "L",
    "M",
    "N",
    "NG",
    "P",
    "R",
    "S",
    "SH",
    "T",
    "TH",
    "V",
    "W",
    "Y",
    "Z",
    "ZH",
)
PHONEMES = CONSONANTS + tuple(f"{vowel}{stress}" for vowel in VOWELS for stress in "012")
"""All phonemes with their stress; the index is the number in the lexicon's file."""

NUMBER_OF = {phoneme: number for number, phoneme in enumerate(PHONEMES)}

MANNER = {
    **dict.fromkeys(["P", "B", "T", "D", "K", "G"], "stop"),
    **dict.fromkeys(["CH", "JH"], "affricate"),
    **dict.fromkeys(["F", "V", "TH", "DH", "S", "Z", "SH", "ZH", "HH"], "fricative"),
    **dict.fromkeys(["M", "N", "NG"], "nasal"),
    **dict.fromkeys(["L", "R", "W", "Y"], "approximant"),
}
VOICELESS = frozenset(["P", "T", "K", "CH", "F", "TH", "S", "SH", "HH"])
SIBILANTS = frozenset(["S", "Z", "SH", "ZH", "CH", "JH"])


def is_vowel(phoneme: str) -> bool:
    """Return whether a phoneme is a vowel, that is, carries a stress digit."""
    return phoneme[-1].isdigit()


def without_stress(phonemes: Iterable[str]) -> tuple[str, ...]:
    """Return the phonemes without the digits of stress."""
    return tuple(phoneme.rstrip("012") for phoneme in phonemes)
