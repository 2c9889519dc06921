"""Words that rhyme with a word.

In: a word or a phrase. Out: the words of verse that rhyme with it, by kind, the most
useful first. The words looked through are those of the lexicon whose last sounds are alike in
some pronunciation and that occur in verse, or, on request, all of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from quatrain.records import Rhyme
from quatrain.sound.frequency import usage
from quatrain.sound.pronunciation.lexicon import shipped as lexicon
from quatrain.sound.rhyme.endings import End, end_of
from quatrain.sound.rhyme.rhymer import Rhymer

KINDS = (
    "perfect", "mosaic", "rich", "identical", "historical", "family", "slant", "consonance",
    "assonance", "eye",
)  # fmt: skip
"""The kinds of rhyme, the most useful first."""


NEAR = 600
"""Of the words that share only a vowel or consonants, how many of the most used are weighed."""


def rhymes_with(
    phrase: str,
    *,
    kinds: Iterable[str] = KINDS,
    syllables: int | None = None,
    stress: str | None = None,
    least: int = 1,
    all_words: bool = False,
) -> list[Rhyme]:
    """The words that rhyme with a word or phrase.

    Args:
        phrase: the word, or the words that end a line ("dream of it").
        kinds: which kinds of rhyme.
        syllables: only words of so many.
        stress: only words whose stress begins so, `01` for one like `delight`.
        least: only words that occur at least so often in the verse counted.
        all_words: look also at words that do not occur in the verse counted.

    Returns:
        Kinds in the order of `KINDS`; within a kind, the words poets would sooner rhyme and
        use more often first.
    """
    rhymer = Rhymer()
    end = end_of(phrase, rhymer.ear)
    if end is None:
        return []
    wanted = set(kinds)
    found: list[tuple[int, float, str, Rhyme]] = []
    for word in _alike(end, 0 if all_words else least):
        rhyme = rhymer.rhyme(phrase, word)
        if rhyme.kind not in wanted or rhyme.pronunciations is None:
            continue
        said = rhyme.pronunciations[1]
        if "1" not in said.stress and "2" not in said.stress:
            continue  # the, a: never stressed, it ends no line
        if syllables is not None and said.syllables != syllables:
            continue
        if stress is not None and not said.stress.replace("2", "1").startswith(stress):
            continue
        usefulness = -(rhyme.probability * said.confidence * (1 + usage(word).count) ** 0.5)
        found.append((KINDS.index(rhyme.kind), usefulness, word, rhyme))
    found.sort(key=lambda each: each[:3])
    return [each[3] for each in found]


def _alike(end: End, least: int) -> list[str]:
    """Words whose last sounds are alike: all with the same ones, the most used of the others."""
    same: dict[str, int] = {}
    near: dict[str, int] = {}
    endings = {(tail.vowels[-1], tail.codas[-1]) for tail in end.full + end.mosaic}
    for tail in end.full + end.mosaic:
        for word in lexicon().ending_alike(tail.said.phonemes):
            count = usage(word).count
            if word == end.spoken or count < least:
                continue
            said = [each.phonemes for each in lexicon()[word]]
            group = same if any(_ending(each) in endings for each in said) else near
            group[word] = count
    nearest = sorted(near, key=lambda word: (-near[word], word))[:NEAR]
    return sorted(same, key=lambda word: (-same[word], word)) + nearest


def _ending(phonemes: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    place = max(number for number, each in enumerate(phonemes) if each[-1].isdigit())
    return phonemes[place][:-1], phonemes[place + 1 :]
