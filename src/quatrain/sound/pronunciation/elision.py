"""Poetic licence in pronunciation: heav'n, wand'ring, glor-yous, walkèd.

In: a word's phonemes. Out: variants with a syllable less or more, each with a note that names
the licence. A vowel lost between consonants or before r, l, n is syncope; two vowels run
together are synaeresis. These are the commonest of the rules in Bridges (Milton's Prosody,
1921). A new licence is one more `yield` here; see `sound/scansion` for its weight.
"""

from __future__ import annotations

from collections.abc import Iterator

from quatrain.sound.pronunciation.phonemes import is_vowel

Phonemes = tuple[str, ...]
NotedPhonemes = tuple[Phonemes, str]
"""Phonemes, and a note how they were made."""


def poetic_variants(word: str, phonemes: Phonemes) -> Iterator[NotedPhonemes]:
    """Yield the ways verse may say a word with a syllable more or less.

    `-ed` is sounded (walkèd); an unstressed vowel is lost before r, l, n and a vowel (ev'ry), or
    before a last n or l after v, z or another sound that carries it (heav'n); two vowels run
    together (glor-yous, pow'r, ru'n).
    """
    if word.endswith("ed") and len(word) > 3 and not word.endswith("eed"):
        silent = phonemes[-2:-1] not in (("AH0",), ("IH0",))
        if phonemes[-1] in ("T", "D") and len(phonemes) > 1 and silent:
            yield (*phonemes[:-1], "AH0", "D"), "-ed sounded"
    yield from contract(phonemes)


def contract(phonemes: Phonemes) -> Iterator[NotedPhonemes]:
    """Yield the variants with one syllable less, from the first place to the last."""
    for place in range(1, len(phonemes)):
        phoneme = phonemes[place]
        before = phonemes[place - 1]
        after = phonemes[place + 1] if place + 1 < len(phonemes) else ""
        rest = phonemes[place + 1 :]
        if phoneme in ("AH0", "IH0") and after in ("R", "L", "N") and place > 1:
            if rest[1:] and is_vowel(rest[1]) and rest[1][-1] == "0" and not is_vowel(before):
                yield phonemes[:place] + rest, "a vowel lost before a liquid"
            elif len(rest) == 1 and before in ("V", "Z", "TH", "S", "D", "T") and after != "R":
                yield phonemes[:place] + rest, "a vowel lost before the last consonant"
        if phoneme in ("ER0", "ER2") and after.endswith("0"):
            yield (*phonemes[:place], "R", *rest), "a vowel lost before r"
        if phoneme == "ER0" and before in ("AW1", "AY1", "AW2", "AY2", "OY1"):
            yield (*phonemes[:place], "R", *rest), "two syllables as one"
        if phoneme == "ER0" and before in ("IY1", "UW1", "OW1", "EY1"):
            yield (*phonemes[:place], "R", *rest), "two syllables as one"
        if before == "IY0" and is_vowel(phoneme) and phoneme[-1] == "0" and place > 2:
            yield (*phonemes[: place - 1], "Y", *phonemes[place:]), "a glide for a vowel"
        if before == "UW0" and is_vowel(phoneme) and phoneme[-1] == "0" and place > 2:
            yield (*phonemes[: place - 1], "W", *phonemes[place:]), "a glide for a vowel"
        if before == "AH0" and phoneme == "W" and after.endswith("0") and place > 2:
            yield phonemes[: place - 1] + phonemes[place:], "a glide for a vowel"
        if before in ("UW1", "IY1", "AY1", "OW1") and phoneme in ("AH0", "IH0") and place > 1:
            yield phonemes[:place] + rest, "two vowels as one"


def drop_vowel(phonemes: Phonemes) -> Phonemes:
    """Drop the last unstressed vowel before r, l or n, if there is one: swoll'n, tak'n."""
    for place in range(len(phonemes) - 2, 0, -1):
        if phonemes[place] in ("AH0", "IH0") and phonemes[place + 1] in ("R", "L", "N"):
            return phonemes[:place] + phonemes[place + 1 :]
    return phonemes
