"""The ways a line may be said, syllable by syllable.

In: a line. Out: candidates, each a choice of one variant per word. An unstressed word that
ends in a vowel may lose its syllable before another vowel (th' eternal), as verse allows
(Bridges 1921).
"""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.sound.pronunciation.tokenizer import Word, words
from quatrain.sound.scansion.features import Syllables, Variant

MOST = 12
"""How many candidates of a line are weighed; those with the fewest licences come first."""

INSIDE, BETWEEN, PAUSE = 0, 1, 2
"""What lies before a syllable: nothing (inside a word), a space, or punctuation."""

_PAUSES = frozenset(',;:.!?—–…()[]"“”')
_NONE: frozenset[int] = frozenset()
_ELIDING = frozenset({"the", "to"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to say a line.

    Attributes:
        variants: one per word.
        elided: places of words whose only syllable is lost before a vowel.
        costs: names of every licence taken.
    """

    variants: tuple[Variant, ...]
    elided: frozenset[int]
    costs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A line's words and the ways to say them.

    Attributes:
        words: its words; those that cannot be said at all are left out.
        pauses: per word, whether punctuation stands before it.
        candidates: at least one; the plainest first.
    """

    words: tuple[Word, ...]
    pauses: tuple[bool, ...]
    candidates: tuple[Candidate, ...]


def candidates(line: str, syllables: Syllables, most: int = MOST) -> Said:
    """Every way to say a line, up to `most`, the plainest first."""
    spoken, choices = [], []
    for word in words(line):
        found = syllables.variants(word)
        if found:
            spoken.append(word)
            choices.append(found)
    pauses = [False] * len(spoken)
    for place in range(1, len(spoken)):
        between = line[spoken[place - 1].end : spoken[place].start]
        if between != " ":
            pauses[place] = not _PAUSES.isdisjoint(between)
    elidable = [
        place
        for place in range(len(spoken) - 1)
        if spoken[place].spoken in _ELIDING and _begins_with_vowel(choices[place + 1][0])
    ]
    if len(choices) > 60:  # no line of verse: said the plainest way
        choices = [found[:1] for found in choices]
        elidable = []
    plain = [found for found in choices if len(found) > 1]
    if not plain and not elidable:
        only = tuple(found[0] for found in choices)
        costs = tuple([cost for variant in only for cost in variant.costs])
        return Said(tuple(spoken), tuple(pauses), (Candidate(only, _NONE, costs),))
    return Said(tuple(spoken), tuple(pauses), _combined(choices, elidable, most))


def _combined(
    choices: list[tuple[Variant, ...]], elidable: list[int], most: int
) -> tuple[Candidate, ...]:
    """The cheapest combinations, by how many licences each takes."""
    open_places = [place for place, found in enumerate(choices) if len(found) > 1]
    partial: list[tuple[Variant, ...]] = [()]
    for place in open_places:
        grown = [(*chosen, variant) for chosen in partial for variant in choices[place]]
        grown.sort(key=_licences)  # stable: among equals, the likelier first
        partial = grown[:most]
    plain = [found[0] for found in choices]
    fixed = [cost for found in choices if len(found) == 1 for cost in found[0].costs]
    whole = []
    for chosen in partial:
        variants = plain.copy()
        for place, variant in zip(open_places, chosen, strict=True):
            variants[place] = variant
        own = [cost for variant in chosen for cost in variant.costs]
        whole.append(Candidate(tuple(variants), _NONE, (*fixed, *own)))
    for place in elidable:
        whole += [
            Candidate(
                each.variants,
                each.elided | {place},
                (*each.costs, "the vowel elided before a vowel"),
            )
            for each in whole
        ]
    if elidable:
        whole.sort(key=lambda each: len(each.costs))
    return tuple(whole[:most])


def _licences(chosen: tuple[Variant, ...]) -> int:
    return sum([len(variant.costs) for variant in chosen])


def _begins_with_vowel(variant: Variant) -> bool:
    return variant.pronunciation.phonemes[0][-1].isdigit()
