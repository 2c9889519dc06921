"""What spelling says of a word that no list has.

In: a word, and a way to look others up. Out: its pronunciations, each with the rule
that made it in words. The rules, in the order they are asked:

- an apostrophe stands for letters: seem'd, heav'n, wand'ring, know'st, th'eternal;
- i stands for j, u for v: ioy, euer; t for -ed, in for -ing: opprest, comin;
- an ending on a known word: soul's, seest, falleth, moonless, kindlier;
- an old or a British spelling of a known word: selfe, cruell, vpon, honour;
- a beginning or a compound of known words: unwept, moonlit, seafoam.

A lexicon is full of names and letters, and rules that build on those do worse than the
network (`benchmarks/pronunciation.py` compares them on held-out words). So a respelling must
reach a word that verse uses, and a compound and most beginnings be made of such.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from quatrain.sound.frequency import usage
from quatrain.sound.pronunciation.elision import Found, Phonemes, less, run_together
from quatrain.sound.pronunciation.phonemes import SIBILANTS, VOICELESS, is_vowel

LookUp = Callable[[str], tuple[Phonemes, ...]]


_LONGEST = 32
"""Letters of the longest word the rules are asked about."""


def spelled(word: str, look_up: LookUp) -> list[Found]:
    """The pronunciations that the first rule with an answer gives.

    Args:
        word: in lower case, apostrophes plain.
        look_up: the pronunciations of a word in the lists; none is `()`.
    """
    if len(word) > _LONGEST:
        return []
    for rule in (
        _contracted,
        _old_letters,
        _clipped,
        _ended,
        _respelled_once,
        _begun,
        _compound,
        _respelled,
    ):
        found: dict[Phonemes, str] = {}
        for phonemes, note in rule(word, look_up):
            found.setdefault(phonemes, note)
        if found:
            return list(found.items())
    return []


def plural(phonemes: Phonemes) -> Phonemes:
    """With the ending of the plural or the possessive (Quirk et al. 1985, 5.80)."""
    last = phonemes[-1]
    if last in SIBILANTS:
        return (*phonemes, "AH0", "Z")
    return (*phonemes, "S" if last in VOICELESS else "Z")


def past(phonemes: Phonemes) -> Phonemes:
    """With the ending of the past tense (Quirk et al. 1985, 3.7)."""
    last = phonemes[-1]
    if last in ("T", "D"):
        return (*phonemes, "AH0", "D")
    return (*phonemes, "T" if last in VOICELESS else "D")


def _contracted(word: str, look_up: LookUp) -> Iterator[Found]:
    """An apostrophe inside or about the word."""
    if "'" not in word:
        return
    if word.endswith("'s"):
        bases = list(_known(word[:-2], look_up)) or [
            phonemes for phonemes, _ in _contracted(word[:-2], look_up)
        ]
        for phonemes in bases:
            yield plural(phonemes), f"{word[:-2]} + 's"
        return
    if word.endswith("s'"):
        for phonemes in _known(word[:-1], look_up):
            yield phonemes, f"the possessive of {word[:-1]}"
        return
    if word.endswith("'d"):
        yield from _past_contracted(word[:-2], look_up)
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
    for ending, sounds in (("'ll", ("L",)), ("'ve", ("V",)), ("'re", ("R",)), ("'t", ("T",))):
        if word.endswith(ending):
            for phonemes in _known(word[: -len(ending)], look_up):
                yield (*phonemes, *sounds), f"{word[: -len(ending)]} + {ending}"
            return
    for beginning, onset in _PROCLITICS:
        if word.startswith(beginning):
            for phonemes in _known(word[len(beginning) :], look_up):
                yield onset + phonemes, f"{beginning} + {word[len(beginning) :]}"
    yield from _syncopated(word, look_up)


_PROCLITICS: tuple[tuple[str, Phonemes], ...] = (
    ("th'", ("DH",)),
    ("t'", ("T",)),
    ("y'", ("Y",)),
    ("d'", ("D",)),
    ("l'", ("L",)),
)
"""Words that lose their vowel before another: th'eternal, t'advance, y'are."""


def _likeliest(*stems: str) -> list[str]:
    """The stems that verse uses, the one it uses more first; all, if it uses none."""
    used = [stem for stem in stems if usage(stem).count]
    return sorted(used or stems, key=lambda stem: -usage(stem).count)


def _past_contracted(stem: str, look_up: LookUp) -> Iterator[Found]:
    """seem'd, rais'd, cry'd, stopp'd, conquer'd: the ending without a syllable of its own."""
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
                    continue  # wanted: no syllable; d after t or d cannot lose it
                phonemes = (*phonemes[:-2], *past(phonemes[:-2])[-1:])
            listed = True
            yield phonemes, f"{whole} without its syllable"
    if listed:
        return
    for base in stems:
        for phonemes in _known(base, look_up):
            if phonemes[-1] not in ("T", "D"):
                yield past(phonemes), f"{base} + 'd"
    yield from _syncopated(f"{stem}ed", look_up) if "'" in stem else ()


def _syncopated(word: str, look_up: LookUp) -> Iterator[Found]:
    """heav'n, ev'ry, wand'ring, gen'rous: the vowel the apostrophe stands for is not said."""
    place = word.index("'") if "'" in word else -1
    if place < 0:
        return
    for letter in ("e", "o", "i", "a", "u", "ve", ""):
        whole = word[:place] + letter + word[place + 1 :]
        known = list(_known(whole, look_up)) or [each for each, _ in _ended(whole, look_up)]
        for phonemes in known:
            shorter = next((short for short, _ in run_together(phonemes)), None)
            if shorter or letter:
                yield shorter or less(phonemes), f"{whole} with a syllable less"
            else:
                yield phonemes, whole
        if known:
            return


_ENDINGS: tuple[tuple[str, Phonemes], ...] = (
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

_BEGINNINGS: tuple[tuple[str, Phonemes], ...] = (
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


def _ended(word: str, look_up: LookUp) -> Iterator[Found]:
    """A known word and an ending."""
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
    for ending, sounds in _ENDINGS:
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
                    base = tuple(each[:-1] + "0" if is_vowel(each) else each for each in base)
                yield base + sounds, f"{stem} + -{ending}"
            if any(look_up(stem)):
                return


def _stems(stem: str, ending: str) -> Iterator[str]:
    """What a word may have been before the ending changed its spelling."""
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


_FREE = frozenset(("un", "dis", "mis", "out", "over", "under", "up", "o'er", "inter", "super"))
"""Beginnings that are joined to any word, and seldom stand in one by chance."""


def _begun(word: str, look_up: LookUp) -> Iterator[Found]:
    """A beginning and a known word, or one with an ending."""
    for beginning, sounds in _BEGINNINGS:
        rest = word[len(beginning) :]
        if word.startswith(beginning) and len(rest) > 2:
            sure = beginning in _FREE
            found = list(_known(rest, look_up) if sure else _used(rest, look_up))
            if not found and sure:
                found = [phonemes for phonemes, _ in _ended(rest, look_up)]
            if not found and "'" in rest:
                found = [phonemes for phonemes, _ in _contracted(rest, look_up)]
            for phonemes in found:
                yield sounds + phonemes, f"{beginning}- + {rest}"
            if found:
                return


_OFTEN = 300
"""Occurrences in verse, of some twelve million words, from which a word may be part of another.

`benchmarks/pronunciation.py` shows why: rules on rarer words do worse than the network.
"""


def _compound(word: str, look_up: LookUp) -> Iterator[Found]:
    """Two known words as one: the first stressed, the second less (Chomsky and Halle 1968).

    Of all places to cut, the one that leaves the shorter part longest.
    """
    places = sorted(range(3, len(word) - 2), key=lambda place: -min(place, len(word) - place))
    for place in places:
        parts = (word[:place], word[place:])
        if min(usage(part).count for part in parts) < _OFTEN:
            continue
        first, second = map(look_up, parts)
        if first and second and not parts[1].startswith(("ss", "tt", parts[0][-1])):
            lighter = tuple(each.replace("1", "2") for each in second[0])
            yield first[0] + lighter, " + ".join(parts)
            return


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


_OLD_LETTERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^i(?=[aeou])"), "j"),
    (re.compile(r"(?<=[aeioulr])u(?=[aeiy])"), "v"),
    (re.compile(r"^v(?=[bcdfgklmnprst])"), "u"),
    (re.compile(r"vv"), "w"),
)


def _old_letters(word: str, look_up: LookUp) -> Iterator[Found]:
    """ioy, euer, vnder: i for j, u for v and v for u, before 1650 or so; all at once."""
    modern = word
    for pattern, letter in _OLD_LETTERS:
        modern = pattern.sub(letter, modern)
    if modern == word:
        return
    for phonemes in _used(modern, look_up):
        yield phonemes, f"an old spelling of {modern}"


def _clipped(word: str, look_up: LookUp) -> Iterator[Found]:
    """opprest, stopt, lookt: -t for a past tense that is said so; comin, settin: -in for -ing."""
    if word.endswith("t"):
        for whole in (word[:-1] + "ed", word[:-1] + word[-2:-1] + "ed", word[:-1] + "d"):
            for phonemes in look_up(whole):
                if phonemes[-1] == "T":
                    yield phonemes, f"an old spelling of {whole}"
    if word.endswith("in"):
        for phonemes in look_up(word + "g"):
            if phonemes[-1] == "NG":
                yield (*phonemes[:-1], "N"), f"{word}g with its g dropped"


def _respelled_once(word: str, look_up: LookUp) -> Iterator[Found]:
    """An old, British or unusual spelling of a known word, one change away."""
    for changed in _changed(word):
        if found := _used(changed, look_up):
            for phonemes in found:
                yield phonemes, f"an old spelling of {changed}"
            return


def _respelled(word: str, look_up: LookUp) -> Iterator[Found]:
    """An old spelling two changes away from a word that verse uses often."""
    if len(word) < 5:
        return
    for changed in _changed(word):
        for twice in _changed(changed):
            if usage(twice).count >= _OFTEN:
                for phonemes in look_up(twice):
                    yield phonemes, f"an old spelling of {twice}"
                return


def _changed(word: str) -> Iterator[str]:
    for pattern, replacement in _RESPELLINGS:
        changed = pattern.sub(replacement, word)
        if changed != word and len(changed) > 1:
            yield changed


def _used(word: str, look_up: LookUp) -> tuple[Phonemes, ...]:
    """The pronunciations of a word that verse uses."""
    return look_up(word) if usage(word).count else ()


def _known(word: str, look_up: LookUp) -> Iterator[Phonemes]:
    if len(word) > 1 or word in ("i", "o", "a"):
        yield from look_up(word)
