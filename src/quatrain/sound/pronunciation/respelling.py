"""Old, British and unusual spellings of words that have a listed pronunciation.

In: a word, and a way to look others up. Out: pronunciations of the word it is a spelling of:
ioy, euer; opprest, comin; selfe, cruell, vpon, honour. The rules are asked by `letter_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from quatrain.sound.frequency import usage
from quatrain.sound.pronunciation.elision import NotedPhonemes, Phonemes
from quatrain.sound.pronunciation.phonemes import is_vowel

LookUp = Callable[[str], tuple[Phonemes, ...]]
"""Gives the listed pronunciations of a word; none is `()`."""

COMMON_COUNT = 300
"""Occurrences in verse, of some twelve million words, from which a word counts as common.

`benchmarks/pronunciation.py` shows why: rules on rarer words do worse than the network.
"""


def used_in_verse(word: str, look_up: LookUp) -> tuple[Phonemes, ...]:
    """Return the pronunciations of a word if it occurs in verse, else none."""
    return look_up(word) if usage(word).count else ()


_RESPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"æ", "e"), (r"œ", "e"), (r"ſ", "s"),
        (r"^v(?=[bcdfgklmnprst])", "u"),
        (r"(?<=[aeiou])u(?=[aeiy])", "v"), (r"(?<=[lr])u(?=[ei])", "v"),
        (r"^i(?=[aeou])", "j"), (r"^y(?=[bcdfglmnrst])", "i"),
        (r"(?<=[bcdfghklmnprstvw])y(?=[bcdfgklmnprstvw])", "i"),
        (r"nesse$", "ness"), (r"lesse$", "less"), (r"esse$", "ess"), (r"full$", "ful"),
        (r"([bdfglmnprstz])\1e?$", r"\1"), (r"([bdfglmnprst])e$", r"\1"),
        (r"([bcdfgklmnprst])e(?=s$|d$|ly$)", r"\1"),
        (r"(?<=[aeo][aeiouwy])(\w)e$", r"\1"), (r"(?<=\w\w[knhwxy])e$", ""),
        (r"ee$", "y"), (r"ee$", "ey"), (r"ee$", "e"),
        (r"ie$", "y"), (r"ye$", "y"), (r"ies$", "ys"), (r"cke?$", "c"), (r"que$", "c"),
        (r"ke$", "k"),
        (r"our", "or"), (r"re$", "er"), (r"is(?=e|ing)", "iz"), (r"ll(?=[ei])", "l"),
        (r"^en", "in"), (r"^in", "en"), (r"aun", "an"), (r"oule?$", "oll"), (r"ow", "ou"),
        (r"ou", "ow"), (r"ay", "ai"), (r"ai", "ay"), (r"ea", "ee"), (r"ee", "ea"), (r"ie", "ee"),
        (r"sse", "ss"), (r"tt", "t"), (r"pt$", "ped"), (r"([ksfpx])t$", r"\1ed"), (r"d$", "ed"),
        (r"oo", "o"), (r"ck", "k"), (r"dg", "g"), (r"ph", "f"), (r"gh", ""), (r"vv", "w"),
        (r"mpt", "mt"), (r"ct", "t"), (r"ae", "e"), (r"oe", "e"), (r"([bdfglmnprst])\1", r"\1"),
    )
)  # fmt: skip
"""Changes that may give a modern American spelling, the likelier first."""

_OLD_LETTERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^i(?=[aeou])"), "j"),
    (re.compile(r"(?<=[aeioulr])u(?=[aeiy])"), "v"),
    (re.compile(r"^v(?=[bcdfgklmnprst])"), "u"),
    (re.compile(r"vv"), "w"),
)


def old_letters(word: str, look_up: LookUp) -> Iterator[NotedPhonemes]:
    """Yield the modern word of a spelling before 1650 or so: ioy, euer, vnder (j and v)."""
    modern = word
    for pattern, letter in _OLD_LETTERS:
        modern = pattern.sub(letter, modern)
    if modern == word:
        return
    for phonemes in used_in_verse(modern, look_up):
        yield phonemes, f"an old spelling of {modern}"


def clipped_ending(word: str, look_up: LookUp) -> Iterator[NotedPhonemes]:
    """Yield a past tense spelled with -t (opprest, stopt) and an -ing without its g (comin)."""
    if word.endswith("t"):
        for whole in (word[:-1] + "ed", word[:-1] + word[-2:-1] + "ed", word[:-1] + "d"):
            for phonemes in look_up(whole):
                if phonemes[-1] == "T":
                    yield phonemes, f"an old spelling of {whole}"
    if word.endswith("in"):
        for phonemes in look_up(word + "g"):
            if phonemes[-1] == "NG":
                yield (*phonemes[:-1], "N"), f"{word}g with its g dropped"


def respelled(word: str, look_up: LookUp) -> Iterator[NotedPhonemes]:
    """Yield a word that verse uses whose spelling is one change away."""
    for changed in _respellings(word):
        if pronunciations := used_in_verse(changed, look_up):
            for phonemes in pronunciations:
                yield phonemes, f"an old spelling of {changed}"
            return


def respelled_twice(word: str, look_up: LookUp) -> Iterator[NotedPhonemes]:
    """Yield a word that verse often uses whose spelling is two changes away."""
    if len(word) < 5:
        return
    for changed in _respellings(word):
        for twice in _respellings(changed):
            if usage(twice).count >= COMMON_COUNT:
                for phonemes in look_up(twice):
                    yield phonemes, f"an old spelling of {twice}"
                return


def _respellings(word: str) -> Iterator[str]:
    """Yield the spellings one change away."""
    for pattern, replacement in _RESPELLINGS:
        changed = pattern.sub(replacement, word)
        if changed != word and len(changed) > 1:
            yield changed


_FRENCH_VOWELS = {"a": "AA0", "e": "EH0", "i": "IY0", "o": "OW0", "u": "UW0"}
_OPEN_SYLLABLE = re.compile(r"(?:^|[^aeiouy])([aeiou])(?:[bcdfghjklmnprstvxz]|[gq]u)$")
_VOWEL_LETTERS = re.compile(r"[aeiouyàâäèéêëîïôöùûü]+")


def sound_final_e(stem: str, ways: list[Phonemes]) -> list[Phonemes]:
    """Return the ways to say a word that ends in é, from those of the same letters without it.

    Those that end in EY stay: *café*, *résumé*. Otherwise the é is a stressed syllable of its own,
    and the vowel before it has its French value, as in *pâté* and *lamé*. `ear` keeps a listed
    word whose last e is sounded anyway: *Daphné*.

    Args:
        stem: the letters before the é, without accents.
        ways: pronunciations of the stem with a plain e.
    """
    sounded = [phonemes for phonemes in ways if phonemes[-1][:2] == "EY"]
    if sounded:
        return sounded
    phonemes = list(ways[0])
    if phonemes[-1][:2] in ("IY", "AH", "IH"):
        phonemes.pop()
    vowels = [place for place, phoneme in enumerate(phonemes) if is_vowel(phoneme)]
    lengthened = _OPEN_SYLLABLE.search(stem)
    if lengthened and vowels:
        phonemes[vowels[-1]] = _FRENCH_VOWELS[lengthened[1]]
    lighter = "2" if len(vowels) > 1 else "0"
    return [(*(phoneme.replace("1", lighter) for phoneme in phonemes), "EY1")]


def open_e(word: str, ways: list[Phonemes]) -> list[Phonemes]:
    """Return the ways to say a word with è, whose vowel is that of *bed*: crème, Molière.

    Of ways with as many vowels as the spelling, those with that vowel stay; if there are none, the
    first gets it.

    Args:
        word: in lower case, with its accents.
        ways: pronunciations of its letters without accents.
    """
    groups = _VOWEL_LETTERS.findall(re.sub(r"(?<=[^aeiouyàâèéêëîïôù])es?$", "", word))
    places = [place for place, group in enumerate(groups) if "è" in group]
    fitting: list[tuple[int, Phonemes]] = []
    for phonemes in ways:
        vowels = [place for place, phoneme in enumerate(phonemes) if is_vowel(phoneme)]
        if len(vowels) == len(groups) and places and not word.endswith("è"):
            fitting.append((vowels[places[0]], phonemes))
    opened = [phonemes for place, phonemes in fitting if phonemes[place][:2] == "EH"]
    if opened or not fitting:
        return opened or ways
    place, phonemes = fitting[0]
    open_vowel = (f"EH{phonemes[place][-1]}", *(("R",) if phonemes[place][:2] == "ER" else ()))
    return [(*phonemes[:place], *open_vowel, *phonemes[place + 1 :])]
