"""Judge pairs of words, phrases or lines: do they rhyme, how, and why?

In: words, phrases or lines. Out: the kind of rhyme with its reason, and the log odds that poets
would rhyme them. The log odds are a sum of weights of what agrees and what does not in the best
pair of pronunciations and in the spelling (logistic regression on stanzas whose rhymes
people marked; `scripts/train_rhyme.py`). So pairs that rhymed once and no longer do (love and
prove, wind and find) are known by their vowels and letters.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache
from importlib import resources

from quatrain.records import Rhyme, check_words
from quatrain.sound.pronunciation.ear import Ear, default
from quatrain.sound.rhyme.endings import Ending, ending_of
from quatrain.sound.rhyme.match import (
    ONE_MORE,
    RELATED,
    SAME,
    Match,
    best_match,
    match_features,
    may_agree,
)
from quatrain.sound.rhyme.parts import RhymePart

HISTORICAL_PROBABILITY = 0.9
"""Probability from which a rhyme of different vowels is historical: poets of the past made it."""

SLANT_PROBABILITY = 0.25
"""Probability from which a pair that agrees in nothing with a name is slant: a scheme joins it.

`scripts/train_rhyme.py`: at 0.5, 2 % of the stanzas lose a rhyme that is marked in them.
"""

NO_AGREEMENT = -9.0
"""Log odds of a pair of which neither vowels nor consonants nor letters agree."""

CACHE_LIMIT = 2_000_000
"""Most pairs of endings whose log odds are kept in memory; one more clears the cache."""


class Rhymer:
    """Judges pairs of endings.

    Args:
        ear: how words are pronounced.
        weights: log odds by feature (`match_features`); "" is the intercept.
    """

    def __init__(self, ear: Ear | None = None, weights: dict[str, float] | None = None) -> None:
        self.ear = ear or default()
        self._weights = weights if weights is not None else shipped_weights()
        self._log_odds: dict[tuple[str, str], float] = {}

    def log_odds(self, first: Ending, second: Ending) -> float:
        """Return the log odds that two endings rhyme, compared with two random lines."""
        key = (_phrase(first), _phrase(second))
        log_odds = self._log_odds.get(key)
        if log_odds is None:
            log_odds = self._weigh(first, second)
            if len(self._log_odds) > CACHE_LIMIT:
                self._log_odds.clear()
            self._log_odds[key] = log_odds
        return log_odds

    def _weigh(self, first: Ending, second: Ending) -> float:
        if first.spelling[-1] != second.spelling[-1] and not may_agree(first, second):
            return NO_AGREEMENT
        weights = self._weights
        return weights[""] + sum(weights.get(name, 0.0) for name in match_features(first, second))

    def rhyme(self, first: str, second: str) -> Rhyme:
        """Return how two words or phrases rhyme, over all their pronunciations."""
        one, other = ending_of(first, self.ear), ending_of(second, self.ear)
        if one is None or other is None:
            silent = first if one is None else second
            return Rhyme(first, second, "none", f"{silent!r} has no word", None, 0, 0.0)
        return replace(self.judge(one, other), first=first, second=second)

    def rhyme_lines(self, first: str, second: str) -> Rhyme:
        """Return how two lines rhyme; it names the words that make the rhyme."""
        one, other = ending_of(first, self.ear), ending_of(second, self.ear)
        if one is None or other is None:
            return self.rhyme(first, second)
        return self.judge(one, other)

    def share_a_sound(self, first: Ending, second: Ending) -> bool:
        """Return whether two endings rhyme in any way that `rhyme` has a name for."""
        return self.judge(first, second).kind != "none"

    def judge(self, first: Ending, second: Ending) -> Rhyme:
        """Return how two endings rhyme."""
        probability = 1.0 / (1.0 + math.exp(-self.log_odds(first, second)))
        match = best_match(first, second)
        kind, why = _kind(first, second, match, probability)
        pronunciations = (match.first.pronunciation, match.second.pronunciation)
        one, other = first.word, second.word
        if match.reach == "mosaic" and kind != "identical":
            one, other = (pronunciation.word for pronunciation in pronunciations)
        return Rhyme(one, other, kind, why, pronunciations, len(match.first.vowels), probability)


def _phrase(ending: Ending) -> str:
    """Return the words that an ending is known by: its last, or all that its rhyme may run over."""
    return ending.mosaic[0].pronunciation.word if ending.mosaic else ending.word


def _kind(first: Ending, second: Ending, match: Match, probability: float) -> tuple[str, str]:
    """Return the kind of rhyme of a pair of endings, and the reason."""
    if first.word == second.word and (match.reach != "mosaic" or match.onset):
        return "identical", "the same word"
    sounds = " ".join(_sounds(match.first))
    if match.perfect and match.reach == "mosaic":
        return "mosaic", f"the same from {sounds} on, over more than one word"
    if match.perfect and match.reach == "full":
        if match.first.pronunciation.phonemes == match.second.pronunciation.phonemes:
            return "identical", f"pronounced alike: {match.first.pronunciation}"
        if match.onset:
            return "rich", f"the same from {sounds} on, and the consonants before it too"
        return "perfect", f"the same from the stressed {match.first.vowels[0]} on: {sounds}"
    if match.perfect and _is_promoted(match):
        return "promoted", f"the same last syllable, {sounds}, which metre may give a beat"
    if match.perfect:
        return "slant", f"the same last syllable, {sounds}, but it is not stressed in both"
    same_spelling = first.spelling == second.spelling
    if match.vowel == "=":
        return _kind_of_same_vowel(match, probability)
    return _kind_of_other_vowels(match, probability, same_spelling)


def _is_promoted(match: Match) -> bool:
    """Return whether metre may give the last syllable of both words a beat: *thee*, *Arcady*.

    It does so where the syllable bears stress, or where the one before it bears none either.
    """
    stresses = (match.first.pronunciation.stress, match.second.pronunciation.stress)
    return not match.onset and all(
        stress[-1] in "12" or stress.endswith("00") or len(stress) == 1 for stress in stresses
    )


def _kind_of_other_vowels(match: Match, probability: float, same_spelling: bool) -> tuple[str, str]:
    vowels = f"vowels {match.first.vowels[0]} and {match.second.vowels[0]}"
    same_coda = match.coda == SAME and match.rest and match.reach == "full"
    if same_coda and match.first.codas[-1]:
        if probability >= HISTORICAL_PROBABILITY:
            what = (
                "spelled alike, " + vowels if same_spelling else vowels + " before the same sounds"
            )
            return "historical", f"{what}, rhymed by poets of the past"
        if not same_spelling:
            return "consonance", f"the same consonants after different {vowels}"
    if same_spelling:
        return "eye", f"spelled alike, but {vowels}"
    return _kind_by_probability(match, probability)


def _kind_of_same_vowel(match: Match, probability: float) -> tuple[str, str]:
    if match.reach != "full" or not match.rest:
        return _kind_by_probability(match, probability)
    vowel = match.first.vowels[0]
    ends = f"{_spell(match.first.codas[0])} and {_spell(match.second.codas[0])}"
    if match.coda == RELATED:
        return "family", f"the same vowel {vowel}, and related consonants {ends}"
    if match.coda == ONE_MORE:
        return "slant", f"the same vowel {vowel}, and one consonant more in one"
    return "assonance", f"the same vowel {vowel}, but {ends}"


def _kind_by_probability(match: Match, probability: float) -> tuple[str, str]:
    if probability >= SLANT_PROBABILITY:
        return "slant", "close enough that poets rhyme such words"
    a, b = match.first.vowels[0], match.second.vowels[0]
    if a == b:
        return "none", f"the same vowel {a}, but what follows differs"
    return "none", f"vowels {a} and {b}, and what follows differs too"


def _sounds(part: RhymePart) -> list[str]:
    return [
        sound
        for vowel, coda in zip(part.vowels, part.codas, strict=True)
        for sound in (vowel, *coda)
    ]


def _spell(coda: tuple[str, ...]) -> str:
    return " ".join(coda) or "no consonant"


@cache
def shipped_weights() -> dict[str, float]:
    """Return the weights in the package."""
    path = resources.files("quatrain.sound") / "data" / "rhyme.json"
    weights: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))["weights"]
    return weights


@cache
def shipped_rhymer() -> Rhymer:
    """Return a rhymer with the usual ear, always the same one."""
    return Rhymer()


def rhymes(first: str, second: str) -> Rhyme:
    """Return how two words or phrases rhyme: the kind, why, and in which pronunciations."""
    check_words("first", first)
    check_words("second", second)
    return shipped_rhymer().rhyme(first, second)
