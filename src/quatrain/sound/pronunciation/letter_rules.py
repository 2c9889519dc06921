"""Letter rules: pronunciations of words that no list has, from words that a list has.

In: a word, and a way to look others up. Out: its pronunciations, each with a note that says
which rule made it. The rules, in the order they are asked:

- an apostrophe stands for letters: seem'd, heav'n, wand'ring, know'st, th'eternal;
- i stands for j, u for v: ioy, euer; t for -ed, in for -ing: opprest, comin;
- an ending on a known word: soul's, seest, falleth, moonless, kindlier;
- an old or a British spelling of a known word: selfe, cruell, vpon, honour;
- a prefix or a compound of known words: unwept, moonlit, seafoam.

A lexicon is full of names and single letters, and rules that build on those do worse than the
network (`benchmarks/pronunciation.py` compares them on held-out words). So a respelling must
give a word that verse uses, and so must the parts of a compound and of most prefixed words.
"""

from __future__ import annotations

from collections.abc import Iterator

from quatrain.sound.frequency import usage
from quatrain.sound.function_words import (
    AUXILIARIES,
    DEMONSTRATIVES,
    RELATIVES,
    SUBJECT_PRONOUNS,
)
from quatrain.sound.pronunciation.elision import (
    NotedPhonemes,
    Phonemes,
    contract,
    drop_vowel,
)
from quatrain.sound.pronunciation.phonemes import SIBILANTS, VOICELESS, is_vowel
from quatrain.sound.pronunciation.respelling import (
    COMMON_COUNT,
    LookUp,
    clipped_ending,
    old_letters,
    respelled,
    respelled_twice,
    used_in_verse,
)

_SUBJECTS = SUBJECT_PRONOUNS | DEMONSTRATIVES | RELATIVES | {"there", "here", "where", "how", "why"}
"""Words that an auxiliary may lean on: *I'd*, *there'll*, *whats*."""

_MOST_UNAPOSTROPHED = 30
"""Occurrences in verse, of twelve million words, from which *well* and the like are themselves.

*Im* has 29 of them and *thats* 13; *cant*, which is a word, 109 (`frequency.tsv`).
"""

_MAX_LETTERS = 32
"""Letters of the longest word the rules are asked about."""


def pronounce_by_rule(word: str, look_up: LookUp) -> list[NotedPhonemes]:
    """Return the pronunciations of the first rule that has any, each with its note.

    Args:
        word: in lower case, apostrophes plain.
        look_up: gives the listed pronunciations of a word.
    """
    if len(word) > _MAX_LETTERS:
        return []
    for rule in (
        _contraction,
        old_letters,
        clipped_ending,
        _suffixed,
        respelled,
        _prefixed,
        _compound,
        respelled_twice,
    ):
        notes: dict[Phonemes, str] = {}
        for phonemes, note in rule(word, look_up):
            notes.setdefault(phonemes, note)
        if notes:
            return list(notes.items())
    return []


def plural(phonemes: Phonemes) -> Phonemes:
    """Add the ending of the plural or the possessive (Quirk et al. 1985, 5.80)."""
    last = phonemes[-1]
    if last in SIBILANTS:
        return (*phonemes, "AH0", "Z")
    return (*phonemes, "S" if last in VOICELESS else "Z")


def past(phonemes: Phonemes) -> Phonemes:
    """Add the ending of the past tense (Quirk et al. 1985, 3.7)."""
    last = phonemes[-1]
    if last in ("T", "D"):
        return (*phonemes, "AH0", "D")
    return (*phonemes, "T" if last in VOICELESS else "D")


def _contraction(word: str, look_up: LookUp) -> Iterator[NotedPhonemes]:
    """Yield pronunciations of a word with an apostrophe in it or beside it."""
    if "'" not in word:
        return
    if word.endswith("'s"):
        for phonemes in _known_or_contracted(word[:-2], look_up):
            yield plural(phonemes), f"{word[:-2]} + 's"
        return
    if word.endswith("s'"):
        for phonemes in _known(word[:-1], look_up):
            yield phonemes, f"the possessive of {word[:-1]}"
        return
    if word.endswith("'d"):
        yield from _contracted_past(word[:-2], look_up)
        return
    if word.endswith("'st"):
        base = word[:-3]
        single = base[:-1] if base[-2:-1] == base[-1:] else base  # runn'st
        for stem in _likeliest(*dict.fromkeys((base, base + "e", single))):
            for phonemes in _known(stem, look_up):
                yield (*phonemes, "S", "T"), f"{stem} + 'st"
        return
    if word.endswith("in'"):
        for phonemes in _known(word[:-1] + "g", look_up):
            if phonemes[-1] == "NG":
                yield (*phonemes[:-1], "N"), f"{word[:-1]}g with its g dropped"
        return
    for ending, after_vowel, after_consonant in _ENCLITICS:
        if word.endswith(ending) and len(word) > len(ending):
            base = word[: -len(ending)]
            for phonemes in _known_or_contracted(base, look_up):
                sounds = after_vowel if is_vowel(phonemes[-1]) else after_consonant
                yield (*phonemes, *sounds), f"{base} + {ending}"
            return
    for proclitic, onset in _PROCLITICS:
        if word.startswith(proclitic):
            for phonemes in _known(word[len(proclitic) :], look_up):
                yield onset + phonemes, f"{proclitic} + {word[len(proclitic) :]}"
    yield from _syncopated(word, look_up)


_ENCLITICS: tuple[tuple[str, Phonemes, Phonemes], ...] = (
    ("n't", ("N", "T"), ("AH0", "N", "T")),
    ("'ll", ("L",), ("AH0", "L")),
    ("'ve", ("V",), ("AH0", "V")),
    ("'re", ("R",), ("ER0",)),
    ("'t", ("T",), ("T",)),
)
"""Contracted words that close another, as they sound after a vowel and after a consonant."""

_PROCLITICS: tuple[tuple[str, Phonemes], ...] = (
    ("th'", ("DH",)),
    ("t'", ("T",)),
    ("y'", ("Y",)),
    ("d'", ("D",)),
    ("l'", ("L",)),
)
"""Words that lose their vowel before another: th'eternal, t'advance, y'are."""


def _likeliest(*stems: str) -> list[str]:
    """Return the stems that verse uses, the most used first; all, if it uses none."""
    used = [stem for stem in stems if usage(stem).count]
    return sorted(used or stems, key=lambda stem: -usage(stem).count)


def _contracted_past(stem: str, look_up: LookUp) -> Iterator[NotedPhonemes]:
    """Yield past tenses whose ending is no syllable: seem'd, rais'd, cry'd, stopp'd, conquer'd."""
    stems = _likeliest(stem, stem + "e")
    doubled = f"{stem}{stem[-1:]}ed"  # rob'd, robbed
    if stem.endswith("y"):
        stems.append(stem[:-1] + "i")
    if len(stem) > 2 and stem[-1] == stem[-2]:
        stems.append(stem[:-1])
    listed = False
    for whole in (*(base + "d" if base.endswith("e") else base + "ed" for base in stems), doubled):
        for phonemes in look_up(whole):
            if len(phonemes) > 2 and phonemes[-2:] in (("AH0", "D"), ("IH0", "D")):
                if phonemes[-3] in ("T", "D"):
                    continue  # d after t or d keeps its syllable
                phonemes = (*phonemes[:-2], *past(phonemes[:-2])[-1:])
            listed = True
            yield phonemes, f"{whole} without its syllable"
    if listed:
        return
    for base in stems:
        for phonemes in _known(base, look_up):
            if phonemes[-1] not in ("T", "D") or base in _SUBJECTS:
                yield past(phonemes), f"{base} + 'd"
    yield from _syncopated(f"{stem}ed", look_up) if "'" in stem else ()


def _syncopated(word: str, look_up: LookUp) -> Iterator[NotedPhonemes]:
    """Yield words without the vowel an apostrophe stands for: heav'n, ev'ry, wand'ring."""
    place = word.index("'") if "'" in word else -1
    if place < 0:
        return
    for letter in ("e", "o", "i", "a", "u", "ve", ""):
        whole = word[:place] + letter + word[place + 1 :]
        known = list(_known(whole, look_up)) or [
            phonemes for phonemes, _ in _suffixed(whole, look_up)
        ]
        for phonemes in known:
            shorter = next((short for short, _ in contract(phonemes)), None)
            if shorter or letter:
                yield shorter or drop_vowel(phonemes), f"{whole} with a syllable less"
            else:
                yield phonemes, whole
        if known:
            return


_SUFFIXES: tuple[tuple[str, Phonemes], ...] = (
    ("eth", ("AH0", "TH")),
    ("est", ("AH0", "S", "T")),
    ("edst", ("D", "S", "T")),
    ("st", ("S", "T")),
    ("ing", ("IH0", "NG")),
    ("ings", ("IH0", "NG", "Z")),
    ("ingly", ("IH0", "NG", "L", "IY0")),
    ("er", ("ER0",)),
    ("ers", ("ER0", "Z")),
    ("iest", ("IY0", "AH0", "S", "T")),
    ("ier", ("IY0", "ER0")),
    ("ness", ("N", "AH0", "S")),
    ("nesse", ("N", "AH0", "S")),
    ("less", ("L", "AH0", "S")),
    ("lesse", ("L", "AH0", "S")),
    ("lessly", ("L", "AH0", "S", "L", "IY0")),
    ("ful", ("F", "AH0", "L")),
    ("full", ("F", "AH0", "L")),
    ("fully", ("F", "AH0", "L", "IY0")),
    ("ly", ("L", "IY0")),
    ("lie", ("L", "IY0")),
    ("like", ("L", "AY2", "K")),
    ("ward", ("W", "ER0", "D")),
    ("wards", ("W", "ER0", "D", "Z")),
    ("some", ("S", "AH0", "M")),
    ("ish", ("IH0", "SH")),
    ("y", ("IY0",)),
    ("ie", ("IY0",)),
    ("dom", ("D", "AH0", "M")),
    ("ship", ("SH", "IH2", "P")),
    ("ship's", ("SH", "IH2", "P", "S")),
    ("hood", ("HH", "UH2", "D")),
    ("ment", ("M", "AH0", "N", "T")),
    ("able", ("AH0", "B", "AH0", "L")),
    ("ous", ("AH0", "S")),
    ("en", ("AH0", "N")),
    ("self", ("S", "EH1", "L", "F")),
    ("man", ("M", "AH0", "N")),
    ("men", ("M", "EH0", "N")),
)

_PREFIXES: tuple[tuple[str, Phonemes], ...] = (
    ("un", ("AH0", "N")),
    ("in", ("IH0", "N")),
    ("be", ("B", "IH0")),
    ("dis", ("D", "IH0", "S")),
    ("mis", ("M", "IH0", "S")),
    ("en", ("EH0", "N")),
    ("em", ("EH0", "M")),
    ("fore", ("F", "AO0", "R")),
    ("out", ("AW0", "T")),
    ("over", ("OW2", "V", "ER0")),
    ("under", ("AH2", "N", "D", "ER0")),
    ("up", ("AH0", "P")),
    ("o'er", ("AO0", "R")),
    ("inter", ("IH2", "N", "T", "ER0")),
    ("sub", ("S", "AH0", "B")),
    ("super", ("S", "UW2", "P", "ER0")),
    ("a", ("AH0",)),
)


def _suffixed(word: str, look_up: LookUp) -> Iterator[NotedPhonemes]:
    """Yield a known word with a suffix."""
    if word.endswith("s") and not word.endswith(("ss", "us")):
        for stem in _stems(word[:-1], "s"):
            for phonemes in _known(stem, look_up):
                yield plural(phonemes), f"{stem} + -s"
                return
    if word.endswith("ed"):
        for stem in _stems(word[:-2], "ed"):
            for phonemes in _known(stem, look_up):
                yield past(phonemes), f"{stem} + -ed"
                return
    for ending, sounds in _SUFFIXES:
        if not word.endswith(ending) or len(word) < len(ending) + 2:
            continue
        for stem in _stems(word[: -len(ending)], ending):
            for phonemes in _known(stem, look_up):
                base = phonemes
                if sounds[0] == base[-1] and not is_vowel(base[-1]):
                    base = base[:-1]  # wholly, fulness: one l
                if ending == "ly" and stem.endswith("le") and phonemes[-2:] == ("AH0", "L"):
                    base = phonemes[:-2]  # nobly
                if ending == "self":
                    base = tuple(
                        phoneme[:-1] + "0" if is_vowel(phoneme) else phoneme for phoneme in base
                    )
                yield base + sounds, f"{stem} + -{ending}"
            if any(look_up(stem)):
                return


def _stems(stem: str, ending: str) -> Iterator[str]:
    """Yield the forms a stem may have had before the ending changed its spelling."""
    if stem.endswith("e") and len(stem) < 3:
        yield stem + "e"  # seest, fleeth
    yield stem
    vowel = ending[0] in "aeiouy"
    if vowel or ending == "s":
        yield stem + "e"
    if stem.endswith("i") and ending != "st":
        yield stem[:-1] + "y"
    if stem.endswith("ie") and ending == "s":
        yield stem[:-2] + "y"
    if stem.endswith("e") and ending == "s":
        yield stem[:-1]
    if vowel and len(stem) > 2 and stem[-1] == stem[-2]:
        yield stem[:-1]
    if ending in ("ly", "y", "ful", "fully") and stem.endswith("l"):
        yield stem + "l"
    if ending == "ly":
        yield stem + "le"


_PRODUCTIVE = frozenset(
    ("un", "dis", "mis", "out", "over", "under", "up", "o'er", "inter", "super")
)
"""Prefixes that combine with any word, and seldom stand in one by chance."""


def _prefixed(word: str, look_up: LookUp) -> Iterator[NotedPhonemes]:
    """Yield a known word with a prefix; it may have a suffix too."""
    for prefix, sounds in _PREFIXES:
        rest = word[len(prefix) :]
        if word.startswith(prefix) and len(rest) > 2:
            productive = prefix in _PRODUCTIVE
            stems = list(_known(rest, look_up) if productive else used_in_verse(rest, look_up))
            if not stems and productive:
                stems = [phonemes for phonemes, _ in _suffixed(rest, look_up)]
            if not stems and "'" in rest:
                stems = [phonemes for phonemes, _ in _contraction(rest, look_up)]
            for phonemes in stems:
                yield sounds + phonemes, f"{prefix}- + {rest}"
            if stems:
                return


def _compound(word: str, look_up: LookUp) -> Iterator[NotedPhonemes]:
    """Yield two known words as one: the first stressed, the second less (Chomsky and Halle 1968).

    Of all places to cut, take the one that leaves the shorter part longest.
    """
    places = sorted(range(3, len(word) - 2), key=lambda place: -min(place, len(word) - place))
    for place in places:
        parts = (word[:place], word[place:])
        if min(usage(part).count for part in parts) < COMMON_COUNT:
            continue
        first, second = map(look_up, parts)
        if first and second and not parts[1].startswith(("ss", "tt", parts[0][-1])):
            lighter = tuple(phoneme.replace("1", "2") for phoneme in second[0])
            yield first[0] + lighter, " + ".join(parts)
            return


def without_apostrophe(word: str, look_up: LookUp) -> Iterator[NotedPhonemes]:
    """Yield a contraction that is printed without its apostrophe: didnt, couldve, whats, arent.

    A word that verse uses as often as this is no contraction: *well*, *shed*, *its*.
    """
    if usage(word).count > _MOST_UNAPOSTROPHED:
        return
    for ending in ("nt", "ve", "ll", "re", "d", "s", "m"):
        base = word[: -len(ending)]
        if not word.endswith(ending) or not base:
            continue
        whole = f"{base}n't" if ending == "nt" else f"{base}'{ending}"
        contracts = ending == "nt" or base in _SUBJECTS | AUXILIARIES
        known = look_up(whole) if contracts else ()
        if not known and ending == "ve" and base.endswith("nt"):
            known = tuple(
                (*phonemes, "AH0", "V") for phonemes, _ in without_apostrophe(base, look_up)
            )
        for phonemes in known:
            yield phonemes, f"{whole} without its apostrophe"


def _known_or_contracted(word: str, look_up: LookUp) -> list[Phonemes]:
    """Return the pronunciations of a word, or of a contraction: shouldn't in shouldn't've."""
    return list(_known(word, look_up)) or [phonemes for phonemes, _ in _contraction(word, look_up)]


def _known(word: str, look_up: LookUp) -> Iterator[Phonemes]:
    """Yield the pronunciations of a word; a single letter is none, but for i, o and a."""
    if len(word) > 1 or word in ("i", "o", "a"):
        yield from look_up(word)
