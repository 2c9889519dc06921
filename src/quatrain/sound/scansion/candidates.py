"""The ways to say a line, syllable by syllable.

In: a line. Out: candidates, each a choice of one variant for each word. An unstressed word that
ends in a vowel may lose its syllable before another vowel (th' eternal), as verse allows
(Bridges 1921).
"""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.sound.pronunciation.pauses import is_pause
from quatrain.sound.pronunciation.tokenizer import Word, words
from quatrain.sound.scansion.features import Variant, VariantLexicon

MAX_CANDIDATES = 12
"""Most candidates of a line that are scored; those with the fewest licences come first."""

MAX_COMBINED_WORDS = 60
"""Words of the longest line whose variants are combined; a longer one is no line of verse."""

INSIDE, BETWEEN, PAUSE = 0, 1, 2
"""Boundaries before a syllable: none (inside a word), a space, or punctuation."""

ELIDED = "the vowel elided before a vowel"
"""The licence of *th' eternal*."""

_NO_ELISIONS: frozenset[int] = frozenset()
_ELIDING = frozenset({"the", "to"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to say a line.

    Attributes:
        variants: one for each word.
        elided: places of words whose only syllable is lost before a vowel.
        licences: names of all licences taken.
    """

    variants: tuple[Variant, ...]
    elided: frozenset[int]
    licences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineCandidates:
    """The words of a line and the ways to say them.

    Attributes:
        words: its words; those that cannot be said at all are left out.
        pauses: per word, whether punctuation stands before it.
        candidates: at least one; the fewest licences first.
    """

    words: tuple[Word, ...]
    pauses: tuple[bool, ...]
    candidates: tuple[Candidate, ...]


def line_candidates(
    line: str, lexicon: VariantLexicon, most: int = MAX_CANDIDATES
) -> LineCandidates:
    """Return the ways to say a line, at most `most`, the fewest licences first."""
    line_words, choices = [], []
    for word in words(line):
        variants = lexicon.variants(word)
        if variants:
            line_words.append(word)
            choices.append(variants)
    pauses = [False] * len(line_words)
    for place in range(1, len(line_words)):
        between = line[line_words[place - 1].end : line_words[place].start]
        pauses[place] = is_pause(between)
    elidable = [
        place
        for place in range(len(line_words) - 1)
        if line_words[place].spoken in _ELIDING and _begins_with_vowel(choices[place + 1][0])
    ]
    if len(choices) > MAX_COMBINED_WORDS:
        choices = [variants[:1] for variants in choices]
        elidable = []
    ambiguous = [variants for variants in choices if len(variants) > 1]
    if not ambiguous and not elidable:
        only = tuple(variants[0] for variants in choices)
        licences = tuple([licence for variant in only for licence in variant.licences])
        candidates: tuple[Candidate, ...] = (Candidate(only, _NO_ELISIONS, licences),)
    else:
        candidates = _combine(choices, elidable, most)
    return LineCandidates(tuple(line_words), tuple(pauses), candidates)


def _combine(
    choices: list[tuple[Variant, ...]], elidable: list[int], most: int
) -> tuple[Candidate, ...]:
    """Return the combinations with the fewest licences, by beam search over the words."""
    ambiguous = [place for place, variants in enumerate(choices) if len(variants) > 1]
    beam: list[tuple[Variant, ...]] = [()]
    for place in ambiguous:
        extended = [(*chosen, variant) for chosen in beam for variant in choices[place]]
        extended.sort(key=_count_licences)  # stable: among equals, the likelier first
        beam = extended[:most]
    first = [variants[0] for variants in choices]
    fixed = [
        licence for variants in choices if len(variants) == 1 for licence in variants[0].licences
    ]
    candidates = []
    for chosen in beam:
        combination = first.copy()
        for place, variant in zip(ambiguous, chosen, strict=True):
            combination[place] = variant
        own = [licence for variant in chosen for licence in variant.licences]
        candidates.append(Candidate(tuple(combination), _NO_ELISIONS, (*fixed, *own)))
    for place in elidable:
        candidates += [
            Candidate(candidate.variants, candidate.elided | {place}, (*candidate.licences, ELIDED))
            for candidate in candidates
        ]
    if elidable:
        candidates.sort(key=lambda candidate: len(candidate.licences))
    return tuple(candidates[:most])


def _count_licences(chosen: tuple[Variant, ...]) -> int:
    return sum([len(variant.licences) for variant in chosen])


def _begins_with_vowel(variant: Variant) -> bool:
    return variant.pronunciation.phonemes[0][-1].isdigit()
