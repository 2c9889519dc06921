"""Search for words that rhyme with a word.

In: a word or a phrase. Out: the words of verse that rhyme with it, by kind, the most useful
first. The candidates are the words of the lexicon that end in the same vowel or consonants in
some pronunciation and that occur in verse, or, on request, all of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from quatrain.records import Rhyme, check_words
from quatrain.sound.frequency import usage
from quatrain.sound.pronunciation.lexicon import shipped as lexicon
from quatrain.sound.rhyme.endings import Ending, ending_of
from quatrain.sound.rhyme.rhymer import Rhymer

KINDS = (
    "perfect", "mosaic", "rich", "identical", "historical", "promoted", "family", "slant",
    "consonance", "assonance", "eye",
)  # fmt: skip
"""Kinds of rhyme, the most useful first."""

MAX_NEAR_WORDS = 600
"""Most words judged that share only the last vowel or consonants; the most used come first."""


def rhymes_with(
    phrase: str,
    *,
    kinds: Iterable[str] = KINDS,
    syllables: int | None = None,
    stress: str | None = None,
    min_count: int = 1,
    all_words: bool = False,
) -> list[Rhyme]:
    """Return the words that rhyme with a word or phrase.

    Args:
        phrase: the word, or the words that end a line ("dream of it").
        kinds: kinds of rhyme to return.
        syllables: number of syllables of a word.
        stress: stress pattern a word begins with, `01` for one like `delight`.
        min_count: minimum count of a word in the verse corpus.
        all_words: whether to include words that do not occur in the verse corpus.

    Returns:
        Kinds in the order of `KINDS`; within a kind, first the words that poets are more likely
        to rhyme and use more often.
    """
    check_words("phrase", phrase)
    rhymer = Rhymer()
    ending = ending_of(phrase, rhymer.ear)
    if ending is None:
        return []
    kinds = set(kinds)
    ranked: list[tuple[int, float, str, Rhyme]] = []
    for word in _candidates(ending, 0 if all_words else min_count):
        rhyme = rhymer.rhyme(phrase, word)
        if rhyme.kind not in kinds or rhyme.pronunciations is None:
            continue
        pronunciation = rhyme.pronunciations[1]
        if "1" not in pronunciation.stress and "2" not in pronunciation.stress:
            continue  # the, a: never stressed, they end no line
        if syllables is not None and pronunciation.syllables != syllables:
            continue
        if stress is not None and not pronunciation.stress.replace("2", "1").startswith(stress):
            continue
        likely = rhyme.probability * pronunciation.confidence
        usefulness = likely * (1 + usage(word).count) ** 0.5
        ranked.append((KINDS.index(rhyme.kind), -usefulness, word, rhyme))
    ranked.sort(key=lambda row: row[:3])
    return [rhyme for *_, rhyme in ranked]


def _candidates(ending: Ending, min_count: int) -> list[str]:
    """Return words of the same last sounds, and the most used of those that share some of them."""
    same: dict[str, int] = {}
    near: dict[str, int] = {}
    parts = ending.full + ending.mosaic
    last_sounds = {(part.vowels[-1], part.codas[-1]) for part in parts}
    for part in parts:
        for word in lexicon().with_similar_ending(part.pronunciation.phonemes):
            count = usage(word).count
            if word == ending.word or count < min_count:
                continue
            sounds = (_last_sounds(each.phonemes) for each in lexicon()[word])
            group = near if last_sounds.isdisjoint(sounds) else same
            group[word] = count
    nearest = sorted(near, key=lambda word: (-near[word], word))[:MAX_NEAR_WORDS]
    return [*same, *nearest]


def _last_sounds(phonemes: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the last vowel, without stress, and the consonants after it."""
    place = max(at for at, phoneme in enumerate(phonemes) if phoneme[-1].isdigit())
    return phonemes[place][:-1], phonemes[place + 1 :]
