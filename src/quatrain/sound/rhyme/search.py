"""Search for words that rhyme with a word.

In: a word or a phrase. Out: the words of verse that rhyme with it, by kind, the most useful
first. The candidates are the words of the lexicon that end in the same vowel or consonants in
some pronunciation and that occur in verse, or, on request, all of them. After a phrase whose last
words lean on an earlier one, the rhymes of that earlier word with the same words after it come
first: *theme of it* for *dream of it*.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from quatrain.records import Listing, Pronunciation, Rhyme, RhymingWord, check_words
from quatrain.sound.frequency import count_of, usage
from quatrain.sound.function_words import LIGHT_WORDS
from quatrain.sound.pronunciation.abbreviations import is_by_letters
from quatrain.sound.pronunciation.ear import Ear
from quatrain.sound.pronunciation.lexicon import shipped as lexicon
from quatrain.sound.rhyme.endings import Ending, ending_of
from quatrain.sound.rhyme.parts import RhymePart
from quatrain.sound.rhyme.rhymer import shipped_rhymer
from quatrain.sound.rhyme.standing import standing_of

KINDS = (
    "mosaic", "perfect", "rich", "identical", "historical", "promoted", "family", "slant",
    "consonance", "assonance", "eye",
)  # fmt: skip
"""Kinds of rhyme, the most useful first."""

_EXACT = frozenset(("mosaic", "perfect", "rich", "identical", "historical"))
"""Kinds that are shown whatever their quality."""

MAX_NEAR_WORDS = 600
"""Most words judged that share only the last vowel or consonants; the most used come first."""

MAX_NEAR_RHYMES = 100
"""Near rhymes of one kind that are shown, the likest first; `all_words` shows all."""

MOST_ENDINGS = 50_000
"""Most endings of words kept in memory: finding one takes longer than judging a rhyme."""

_LIGHT = 0.2
"""Weight of light words (*of*, *when*, *he*): poets seldom end a line with one."""

_LIKELY_BEAT = 0.75
"""Weight of a word of several syllables, whose stress decides; one of one syllable has its own."""


def rhymes_with(
    phrase: str,
    *,
    kinds: Iterable[str] = KINDS,
    syllables: int | None = None,
    stress: str | None = None,
    min_count: int = 1,
    all_words: bool = False,
) -> Listing[Rhyme]:
    """Return the words that rhyme with a word or phrase.

    Args:
        phrase: the word, or the words that end a line ("dream of it").
        kinds: kinds of rhyme to return.
        syllables: number of syllables of a word.
        stress: stress pattern a word begins with, `01` for one like `delight`.
        min_count: minimum count of a word in the verse corpus.
        all_words: whether to include words that do not occur in the verse corpus, words that are
            neither defined nor much used, and near rhymes of little likeness.

    Returns:
        Kinds in the order of `KINDS`; within a kind, first the words that rhyme in their likeliest
        pronunciation, words before names, and those that poets are more likely to rhyme and use
        more often.
    """
    listed = rhyming_words(
        phrase,
        kinds=kinds,
        syllables=syllables,
        stress=stress,
        min_count=min_count,
        all_words=all_words,
    )
    return Listing(word.rhyme for word in listed)


def rhyming_words(
    phrase: str,
    *,
    kinds: Iterable[str] = KINDS,
    syllables: int | None = None,
    stress: str | None = None,
    min_count: int = 1,
    all_words: bool = False,
    among: Container[str] | None = None,
) -> list[RhymingWord]:
    """Return what `rhymes_with` does, each word with its standing.

    The arguments are those of `rhymes_with`, and `among`: the only words to try, or None for all;
    fewer take less time.
    """
    check_words("phrase", phrase)
    rhymer = shipped_rhymer()
    ending = ending_of(phrase, rhymer.ear)
    if ending is None:
        return []
    kinds = set(kinds)
    ways = rhymer.ear.pronounce(ending.word)
    ranked: list[tuple[_Rank, RhymingWord]] = []
    for text, head in _candidates(ending, rhymer.ear, 0 if all_words else min_count, among):
        other = _ending(text)
        if other is None or (not all_words and standing_of(head) == "other"):
            continue
        rhyme = rhymer.judge(ending, other)
        if rhyme.kind not in kinds or rhyme.pronunciations is None:
            continue
        pronunciation = rhyme.pronunciations[1]
        if text != head and rhyme.kind != "mosaic":
            continue
        if not _fits(pronunciation, syllables, stress):
            continue
        if not all_words and not _is_worth_showing(rhyme, ending, other):
            continue
        usual = _is_usual(pronunciation, rhymer.ear.pronounce(head)[0])
        reading = _reading(rhyme.pronunciations[0], ways)
        rhyme = replace(rhyme, first=phrase, second=text)
        word = RhymingWord(rhyme, standing_of(head), usual, reading)
        ranked.append((_rank(word, head), word))
    ranked.sort(key=lambda row: row[0])
    words = [word for _, word in ranked]
    return words if all_words else _best_of_each_kind(words)


_Rank = tuple[int, bool, bool, bool, float, float, str]
"""A key to sort by: kind, several words, unusual, a name, unlikeness, uselessness, spelling."""


@lru_cache(maxsize=MOST_ENDINGS)
def _ending(text: str) -> Ending | None:
    """Return the ending of a word or a phrase as it is usually said."""
    return ending_of(text, shipped_rhymer().ear)


def _rank(word: RhymingWord, head: str) -> _Rank:
    """Return the key by which rhymes are sorted; the least comes first."""
    rhyme = word.rhyme
    confidence = rhyme.pronunciations[1].confidence if rhyme.pronunciations else 1.0
    useful = rhyme.probability * confidence * _usefulness(head)
    likeness = 0.0 if rhyme.kind in _EXACT else round(rhyme.probability, 1)
    several = rhyme.second != head
    order = KINDS.index(rhyme.kind), several, not word.usual, word.standing == "name"
    return (*order, -likeness, -useful, rhyme.second)


def _best_of_each_kind(words: list[RhymingWord]) -> list[RhymingWord]:
    """Return the words, of each kind of near rhyme only the first hundred."""
    counts: Counter[str] = Counter()
    best = []
    for word in words:
        kind = word.rhyme.kind
        counts[kind] += 1
        if kind in _EXACT or counts[kind] <= MAX_NEAR_RHYMES:
            best.append(word)
    return best


def _fits(pronunciation: Pronunciation, syllables: int | None, stress: str | None) -> bool:
    """Return whether a pronunciation has the syllables and the stress that are asked for."""
    if "1" not in pronunciation.stress and "2" not in pronunciation.stress:
        return False  # the, a: never stressed, they end no line
    if syllables is not None and pronunciation.syllables != syllables:
        return False
    return stress is None or pronunciation.stress.replace("2", "1").startswith(stress)


def _is_usual(pronunciation: Pronunciation, likeliest: Pronunciation) -> bool:
    """Return whether a word, or the first of a phrase, is said as is likeliest where it rhymes."""
    if " " in pronunciation.word:
        start = likeliest.rhyming_part
        return pronunciation.rhyming_part[: len(start)] == start
    return pronunciation.rhyming_part == likeliest.rhyming_part


def _reading(ours: Pronunciation, ways: tuple[Pronunciation, ...]) -> int:
    """Return which way to say a phrase a rhyme takes, of those that rhyme differently.

    For a phrase said as one it is 0.
    """
    parts = list(dict.fromkeys(way.rhyming_part for way in ways))
    return parts.index(ours.rhyming_part) if ours.rhyming_part in parts else 0


def _usefulness(word: str) -> float:
    """Return how useful a word is at the end of a line: by its use, and by its use on beats."""
    used = usage(word)
    weight = used.beat_share if used.placed else _LIKELY_BEAT
    return weight * (_LIGHT if word in LIGHT_WORDS else 1.0) * math.sqrt(1 + used.count)


def _is_spelled(pronunciation: Pronunciation) -> bool:
    """Return whether a word is said letter by letter, as *us* may be."""
    word = pronunciation.word
    return len(word) > 1 and word.isalpha() and is_by_letters(word, pronunciation.phonemes)


def _is_worth_showing(rhyme: Rhyme, ending: Ending, other: Ending) -> bool:
    """Return whether a rhyme is one that a reader would take.

    Letters read one by one are no word (*ac*). A near rhyme has to share the stressed vowel or the
    consonants after it, and what follows; an ending without stress alone (*silver*, *never*) is
    none.
    """
    if rhyme.pronunciations is not None:
        ours, pronunciation = rhyme.pronunciations
        likeliest = ending.full[0].pronunciation
        if _is_spelled(pronunciation) or (_is_spelled(ours) and not _is_spelled(likeliest)):
            return False
    if rhyme.kind in _EXACT or rhyme.kind in ("promoted", "assonance", "eye"):
        return True
    for one in ending.full:
        for two in other.full:
            if len(one.vowels) == len(two.vowels) and _is_near(one, two):
                return True
    return all(_may_take_beat(side) for side in (ending, other))


def _is_near(one: RhymePart, two: RhymePart) -> bool:
    """Return whether two parts share the first vowel or the consonants after it, and the rest."""
    open_once = bool(one.codas[0]) is not bool(two.codas[0])  # sea, ear
    vowel = one.vowels[0] == two.vowels[0] and not open_once
    coda = bool(one.codas[0]) and one.codas[0] == two.codas[0]
    return (vowel and coda) or ((vowel or coda) and one.rime[1:] == two.rime[1:])


def _may_take_beat(ending: Ending) -> bool:
    """Return whether the last syllable has a stress, or none and the one before it none either."""
    stress = ending.full[0].pronunciation.stress
    return stress[-1] != "0" or len(stress) < 2 or stress[-2] == "0"


def _candidates(
    ending: Ending, ear: Ear, min_count: int, among: Container[str] | None
) -> Iterator[tuple[str, str]]:
    """Yield what may rhyme with an ending: a text, and the word of the lexicon it begins with.

    These are words of the same last sounds and the most used of those that share some of them;
    after a phrase, before them, words that end like its first one, with its other words.
    """
    if ending.mosaic:
        head, *tail = ending.mosaic[0].pronunciation.word.split()
        first = ending_of(head, ear)
        for word in _words_like(first, min_count, among)[0] if first else ():
            yield " ".join((word, *tail)), word
    same, near = _words_like(ending, min_count, among)
    nearest = sorted(near, key=lambda word: (-near[word], word))[:MAX_NEAR_WORDS]
    for word in (*same, *nearest):
        yield word, word


def _words_like(
    ending: Ending, min_count: int, among: Container[str] | None
) -> tuple[dict[str, int], dict[str, int]]:
    """Return the words of the same last sounds, and those that share some, with their counts."""
    same: dict[str, int] = {}
    near: dict[str, int] = {}
    parts = ending.full + ending.mosaic
    last_sounds = {(part.vowels[-1], part.codas[-1]) for part in parts}
    for part in parts:
        for word in lexicon().with_similar_ending(part.pronunciation.phonemes):
            if among is not None and word not in among:
                continue
            count = count_of(word)
            if word == ending.word or count < min_count:
                continue
            group = near if last_sounds.isdisjoint(_listed_sounds(word)) else same
            group[word] = count
    return same, near


@lru_cache(maxsize=MOST_ENDINGS)
def _listed_sounds(word: str) -> frozenset[tuple[str, tuple[str, ...]]]:
    """Return the last sounds of a word of the lexicon, in all its pronunciations."""
    return frozenset(_last_sounds(listed.phonemes) for listed in lexicon()[word])


def _last_sounds(phonemes: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the last vowel, without stress, and the consonants after it."""
    place = max(at for at, phoneme in enumerate(phonemes) if phoneme[-1].isdigit())
    return phonemes[place][:-1], phonemes[place + 1 :]
