"""Faults of the source dictionaries, found by comparing them with themselves and each other.

In: the pronunciations of every word, each with its sources. Out: the same without the faults that
can be shown. Used by `prepare_lexicon.py`. The rules:

- Where the lists agree on the number of syllables and the first reading has another number, the
  agreed reading comes first: *weren't*.
- Where the lists disagree by an n, m or r that is spelled, the reading that has it wins: *synapse*,
  *caterpillars*. These three are hardly ever silent in American speech. A reading without an n or
  an m is left out, one without an r comes last, because *worsted* and *governor* have both.
- A reading of a word that is the listed reading of its inflection is none of the word, if another
  reading of it has that inflection: *tern*, listed as *terns*.
- An inflection that only one list has, and whose consonants contradict its base, is formed from the
  base: *reiterates*, *hysterectomies*, *grotesques*. The voicing of a fricative is no
  contradiction, except in the ending: *laths* and *disused* are right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from quatrain.sound.pronunciation.letter_rules import past, plural
from quatrain.sound.pronunciation.phonemes import is_vowel, without_stress

Phonemes = tuple[str, ...]
Entries = list[tuple[Phonemes, set[str]]]
"""Pronunciations of a word, each with the names of its sources."""

INFLECTED = "inflection"
"""Name of the source of a pronunciation formed from its base."""

_FRICATIVES = ({"S", "Z"}, {"TH", "DH"}, {"F", "V"})
"""Consonants that an inflection may change: *house* and *houses*, *south* and *southing*."""

_DOUBLES = re.compile(r"[^aeiou]*[aeiou][bcdfgklmnprstvz]")
"""Stems whose last letter is doubled before an ending: *nag*, *nagging*."""

_SPELLED = {"N": "n", "M": "m", "R": "r"}
"""Consonants whose letter is sounded: the phoneme, and the letter."""


def alike(phonemes: Phonemes) -> Phonemes:
    """Return phonemes with unstressed IH as AH: sources write the same sound either way."""
    return tuple("AH0" if phoneme == "IH0" else phoneme for phoneme in phonemes)


def consonants(phonemes: Phonemes) -> Phonemes:
    """Return the consonants, an r-coloured vowel as R, NG as N, without glides."""
    return tuple(
        "R" if phoneme[:2] == "ER" else phoneme.removesuffix("G") or "G"
        for phoneme in phonemes
        if (phoneme[:2] == "ER" or not is_vowel(phoneme)) and phoneme not in ("Y", "W")
    )


def mend(words: dict[str, Entries], common: set[str], names: set[str]) -> dict[str, list[str]]:
    """Take the faults out of `words`; return the words each rule changed.

    Args:
        words: changed in place.
        common: words that a list writes without a capital.
        names: words that it writes with one only; they are no inflections.
    """
    rules = {
        "agreed syllables first": lambda word: _agreed_first(words[word]),
        "a spelled consonant missing": lambda word: _without_gaps(word, words[word]),
        "listed as its inflection": lambda word: _not_inflected(word, words, common),
        "an inflection against its base": lambda word: _from_base(word, words, common, names),
    }
    changed: dict[str, list[str]] = {}
    for name, rule in rules.items():
        changed[name] = []
        for word in words:
            entries = rule(word)
            if entries != words[word]:
                words[word] = entries
                changed[name].append(word)
    return changed


def _agreed_first(entries: Entries) -> Entries:
    """Return the entries with a reading first that the lists agree on but for its stress."""
    if len(entries) < 2 or len(entries[0][1]) > 1:
        return entries
    sources: dict[Phonemes, set[str]] = {}
    for phonemes, names in entries:
        sources.setdefault(without_stress(alike(phonemes)), set()).update(names)
    agreed = [entry for entry in entries if len(sources[without_stress(alike(entry[0]))]) > 1]
    counts = {_syllables(phonemes) for phonemes, _ in agreed}
    if len(counts) != 1 or _syllables(entries[0][0]) in counts:
        return entries
    return [*agreed, *(entry for entry in entries if entry not in agreed)]


def _syllables(phonemes: Phonemes) -> int:
    return sum(map(is_vowel, phonemes))


def _without_gaps(word: str, entries: Entries) -> Entries:
    """Return the entries, those last or left out that lack an n, m or r which another list has."""
    if any(len(names) > 1 for _, names in entries):
        return entries
    whole, without_r = [], []
    for phonemes, names in entries:
        lost = {
            _lost_letter(word, phonemes, other)
            for other, other_names in entries
            if other_names != names
        }
        if lost.isdisjoint("nm"):
            (without_r if "r" in lost else whole).append((phonemes, names))
    return whole + without_r


def _lost_letter(word: str, phonemes: Phonemes, other: Phonemes) -> str:
    """Return the n, m or r that a reading lacks of another one and of the spelling, or nothing."""
    short, long = consonants(phonemes), consonants(other)
    if len(long) != len(short) + 1:
        return ""
    for place, consonant in enumerate(long):
        if long[:place] + long[place + 1 :] == short:
            doubled = consonant in (long[place - 1 : place] + long[place + 1 : place + 2])
            letter = _SPELLED.get(consonant, "")
            spelled = letter and not doubled and word.count(letter) >= long.count(consonant)
            return letter if spelled else ""
    return ""


def bases(word: str) -> Iterator[tuple[str, Callable[[Phonemes], Phonemes]]]:
    """Yield the words that a word may be an inflection of, and how it is formed."""
    if len(word) < 4 or "'" in word:
        return
    if word.endswith("s") and not word.endswith("ss"):
        yield word[:-1], plural
        if word.endswith("ies"):
            yield word[:-3] + "y", plural
        if word.endswith(("ses", "xes", "zes", "ches", "shes", "oes")):
            yield word[:-2], plural
    for ending, formed in (("ed", past), ("ing", _gerund)):
        stem = word.removesuffix(ending)
        if stem != word:
            yield stem + "e", formed
            if not stem.endswith("e") and not _DOUBLES.fullmatch(stem):
                yield stem, formed
    if word.endswith("ied"):
        yield word[:-3] + "y", past


def _gerund(phonemes: Phonemes) -> Phonemes:
    return (*phonemes, "IH0", "NG")


def _not_inflected(word: str, words: dict[str, Entries], common: set[str]) -> Entries:
    """Return the entries without a reading that is the plural's, if another has that plural."""
    plurals = words.get(f"{word}s", [])
    entries = words[word]
    if len(entries) < 2 or word not in common or not plurals:
        return entries
    said = {alike(phonemes) for phonemes, _ in plurals}
    formed = {alike(plural(phonemes)) for phonemes, _ in entries}
    kept = [
        (phonemes, names)
        for phonemes, names in entries
        if not (alike(phonemes) in said and alike(phonemes) in formed)
    ]
    return kept or entries


def _from_base(word: str, words: dict[str, Entries], common: set[str], names: set[str]) -> Entries:
    """Return the entries, formed from the base where one list alone contradicts it."""
    entries = words[word]
    if word in names or any(len(sources) > 1 for _, sources in entries):
        return entries
    ways = [
        (formed(phonemes), sources)
        for base, formed in bases(word)
        if base in common and len(base) > 2
        for phonemes, sources in words.get(base, ())
    ]
    skeletons = {consonants(phonemes) for phonemes, _ in ways}
    if any(consonants(phonemes) in skeletons for phonemes, _ in entries):
        return entries
    for way, sources in ways:
        for phonemes, _ in entries:
            lost = _lost_letter(word, phonemes, way) in ("n", "m")
            if lost or (len(sources) > 1 and _is_fault(phonemes, way)):
                return [(way, {INFLECTED})]
    return entries


def _is_fault(phonemes: Phonemes, expected: Phonemes) -> bool:
    """Return whether a reading is one consonant away from the expected, and that is a fault."""
    found, right = consonants(phonemes), consonants(expected)
    if found[:-1] == right[:-1] and {found[-1:], right[-1:]} == {("S",), ("Z",)}:
        return alike(phonemes)[:-1] == alike(expected)[:-1]  # the voice of the ending
    if len(found) == len(right):
        pairs = [{a, b} for a, b in zip(found, right, strict=True) if a != b]
        return len(pairs) == 1 and pairs[0] not in _FRICATIVES
    if len(found) + 1 == len(right):
        return any(right[:place] + right[place + 1 :] == found for place in range(len(right)))
    return False
