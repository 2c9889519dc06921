"""The ways to say a line, syllable by syllable.

In: a line. Out: candidates, each a choice of one variant for each word. *The* and *to* may lose
their syllable before a vowel (*th' eternal*), as verse allows (Bridges 1921).
"""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.sound.pronunciation.pauses import is_pause
from quatrain.sound.pronunciation.tokenizer import Word, words
from quatrain.sound.scansion.features import ELIDING, Variant, VariantLexicon
from quatrain.sound.scansion.heteronyms import heteronyms, part_in_line

MAX_CANDIDATES = 12
"""Most candidates of a line that are scored; those with the fewest licences come first."""

MAX_COMBINED_WORDS = 60
"""Words of the longest line whose variants are combined; a longer one is no line of verse."""

INSIDE, BETWEEN, PAUSE = 0, 1, 2
"""Boundaries before a syllable: none (inside a word), a space, or punctuation."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to say a line.

    Attributes:
        variants: one for each word.
        licences: names of all licences taken.
    """

    variants: tuple[Variant, ...]
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
    line_words: list[Word] = []
    choices: list[tuple[Variant, ...]] = []
    heteronym_places = []
    listed = heteronyms()
    for word in words(line):
        variants = lexicon.variants(word)
        if variants:
            if word.spoken in listed:
                heteronym_places.append(len(line_words))
            line_words.append(word)
            choices.append(variants)
    pauses = [False] * len(line_words)
    for place in range(1, len(line_words)):
        between = line[line_words[place - 1].end : line_words[place].start]
        if between != " ":  # most are, and a call takes time
            pauses[place] = is_pause(between)
    if heteronym_places:
        spoken = [word.spoken for word in line_words]
        for place in heteronym_places:
            part = part_in_line(spoken, pauses, place)
            if part:
                choices[place] = lexicon.variants(line_words[place], part)
    if len(choices) > MAX_COMBINED_WORDS:
        choices = [variants[:1] for variants in choices]
    else:
        for place, before in enumerate(line_words[:-1]):
            if before.spoken in ELIDING and choices[place + 1][0].begins_with_vowel:
                choices[place] += lexicon.elided(before.spoken)
    return LineCandidates(tuple(line_words), tuple(pauses), _combine(choices, most))


def _combine(choices: list[tuple[Variant, ...]], most: int) -> tuple[Candidate, ...]:
    """Return the combinations with the fewest licences, by beam search over the words."""
    first = [variants[0] for variants in choices]
    ambiguous = [place for place, variants in enumerate(choices) if len(variants) > 1]
    if not ambiguous:
        licences = tuple([licence for variant in first for licence in variant.licences])
        return (Candidate(tuple(first), licences),)
    beam: list[tuple[Variant, ...]] = [()]
    for place in ambiguous:
        extended = [(*chosen, variant) for chosen in beam for variant in choices[place]]
        extended.sort(key=_count_licences)  # stable: among equals, the likelier first
        beam = extended[:most]
    fixed = [
        licence for variants in choices if len(variants) == 1 for licence in variants[0].licences
    ]
    candidates = []
    for chosen in beam:
        combination = first.copy()
        for place, variant in zip(ambiguous, chosen, strict=True):
            combination[place] = variant
        own = [licence for variant in chosen for licence in variant.licences]
        candidates.append(Candidate(tuple(combination), (*fixed, *own)))
    return tuple(candidates)


def _count_licences(chosen: tuple[Variant, ...]) -> int:
    return sum([len(variant.licences) for variant in chosen])
