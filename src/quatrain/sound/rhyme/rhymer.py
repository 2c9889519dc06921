"""Whether two ends rhyme, how, and why.

In: words, phrases or lines. Out: the kind of rhyme with its reason, and the log odds
that poets would rhyme them. The odds are a sum of weights of what agrees and what does not in
the best pair of pronunciations and in the spelling (logistic regression on stanzas whose
rhymes people marked; `scripts/train_rhyme.py`), so that rhymes sounds have left since
(love and prove, wind and find) are known by their vowels and letters.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product

from quatrain.records import Rhyme
from quatrain.sound.pronunciation.ear import Ear, default
from quatrain.sound.pronunciation.phonemes import MANNER
from quatrain.sound.pronunciation.tokenizer import words
from quatrain.sound.rhyme.endings import End, Tail, end_of

_FAMILY = {"stop": 1, "affricate": 1, "fricative": 2, "nasal": 3, "approximant": 4}
OF_OLD = 0.9
"""The chance from which a rhyme of other vowels is historical: poets of the past made it."""

_NONE = -9.0
"""Log odds of a pair of which neither vowel nor consonants nor letters agree."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well two tails agree.

    Attributes:
        first, second: the tails.
        vowel: the stressed vowels, equal or a pair in order of the alphabet.
        coda: 0 the consonants after them agree; 1 they differ by voice or manner's kin; 2 one
            has a consonant more; 3 they differ.
        rest: whether all that follows agrees.
        onset: whether the consonants before agree too.
        way: from which vowels the tails are taken: "full" the last stressed, "last" the very last,
            "mixed" one of each, "mosaic" from one in an earlier word.
    """

    first: Tail
    second: Tail
    vowel: str
    coda: int
    rest: bool
    onset: bool
    way: str

    @property
    def perfect(self) -> bool:
        """Whether everything from the stressed vowel on is the same."""
        return self.vowel == "=" and self.coda == 0 and self.rest

    @property
    def cost(self) -> float:
        """Less is better; what the best pair of tails is chosen by."""
        cost = 0.0 if self.vowel == "=" else 2.0
        cost += (0.0, 1.0, 1.2, 2.5)[self.coda] + (0.0 if self.rest else 1.5)
        cost += {"full": 0.0, "mixed": 0.8, "last": 1.0, "mosaic": 0.1}[self.way]
        return cost + 0.05 * (2.0 - self.first.said.confidence - self.second.said.confidence)


def best_match(first: End, second: End) -> Match | None:
    """The pair of tails that agrees best, or None if no two are of a length."""
    best: Match | None = None
    if first.spoken == second.spoken and first.mosaic and second.mosaic:
        return (
            _match(first.mosaic[0], second.mosaic[0], "mosaic")
            if len(first.mosaic[0].vowels) == len(second.mosaic[0].vowels)
            else None
        )
    ways = (
        ("full", first.full, second.full),
        ("mosaic", first.mosaic, second.full + second.mosaic),
        ("mosaic", first.full, second.mosaic),
        ("mixed", first.full, second.last),
        ("mixed", first.last, second.full),
        ("last", first.last, second.last),
    )
    for way, ones, others in ways:
        for one, other in product(ones, others):
            if len(one.vowels) != len(other.vowels):
                continue
            match = _match(one, other, way)
            if best is None or match.cost < best.cost:
                best = match
        if best is not None and best.cost < 0.3:
            return best
    return best


def _match(one: Tail, other: Tail, way: str) -> Match:
    a, b = one.vowels[0], other.vowels[0]
    vowel = "=" if a == b else "-".join(sorted((a, b)))
    coda = coda_distance(one.codas[0], other.codas[0])
    rest = one.vowels[1:] == other.vowels[1:] and one.codas[1:] == other.codas[1:]
    return Match(one, other, vowel, coda, rest, one.onset == other.onset, way)


@cache
def coda_distance(first: tuple[str, ...], second: tuple[str, ...]) -> int:
    """0 the same, 1 kin (one differs in voice or is of a family), 2 one more, 3 different."""
    if first == second:
        return 0
    if len(first) == len(second):
        differing = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
        if len(differing) == 1 and _kin(*differing[0]):
            return 1
        return 3
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    if len(longer) - len(shorter) == 1 and any(
        longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer))
    ):
        return 2
    return 3


def _kin(one: str, other: str) -> bool:
    return _FAMILY[MANNER[one]] == _FAMILY[MANNER[other]]


def features(first: End, second: End) -> tuple[str, ...]:
    """Names of what holds of a pair of ends."""
    if first.spoken == second.spoken and not (first.mosaic and second.mosaic):
        return ("same word",)
    names = []
    shared = _common_ending(first.spoken, second.spoken)
    names.append(f"letters {min(shared, 4)}")
    alike = first.spelling == second.spelling
    if alike:
        names.append("spelled alike")
    match = best_match(first, second)
    if match is None:
        return (*names, "no match")
    names.append(f"vowel {match.vowel}")
    names.append(f"coda {match.coda}")
    names.append(f"way {match.way} {'perfect' if match.perfect else 'not'}")
    if match.vowel != "=" and match.coda == 0:
        names.append(f"vowel {match.vowel} same coda")
    if match.vowel == "=":
        names.append(f"same vowel coda {match.coda}")
    if match.vowel != "=" and alike:
        names.append("spelled alike, other vowel")
    if not match.rest:
        names.append("rest differs")
    names.append(f"stress {match.first.stressed + match.second.stressed} {match.perfect}")
    if match.onset:
        names.append(f"onset too {match.perfect}")
    if len(match.first.vowels) > 1:
        names.append(f"syllables {min(3, len(match.first.vowels))} {match.perfect}")
    if match.first.said.guessed or match.second.said.guessed:
        names.append(f"guessed {match.perfect}")
    return tuple(names)


def _common_ending(one: str, other: str) -> int:
    count = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        count += 1
    return count


class Rhymer:
    """Judges pairs of ends."""

    def __init__(self, ear: Ear | None = None, weights: dict[str, float] | None = None) -> None:
        self.ear = ear or default()
        self._weights = weights if weights is not None else shipped_weights()
        self._odds: dict[tuple[str, str], float] = {}

    def odds(self, first: End, second: End) -> float:
        """The log odds that the ends rhyme, against a pair of lines taken at random."""
        key = (first.spoken, second.spoken)
        plain = not (first.mosaic or second.mosaic)
        found = self._odds.get(key) if plain else None
        if found is None:
            found = self._weigh(first, second)
            if plain:
                if len(self._odds) > 2_000_000:
                    self._odds.clear()
                self._odds[key] = found
        return found

    def _weigh(self, first: End, second: End) -> float:
        if first.spelling[-1] != second.spelling[-1] and not _may_agree(first, second):
            return _NONE
        weights = self._weights
        return weights[""] + sum(weights.get(name, 0.0) for name in features(first, second))

    def rhyme(self, first: str, second: str) -> Rhyme:
        """How two words or phrases rhyme, over all their pronunciations."""
        one, other = end_of(first, self.ear), end_of(second, self.ear)
        if one is None or other is None:
            silent = first if one is None else second
            return Rhyme(first, second, "none", f"{silent!r} has no word", None, 0, 0.0)
        odds = self.odds(one, other)
        chance = 1.0 / (1.0 + math.exp(-odds))
        match = best_match(one, other)
        if match is None:
            return Rhyme(
                first, second, "none", "their endings differ in syllables", None, 0, chance
            )
        kind, why = self._kind(one, other, match, chance)
        said = (match.first.said, match.second.said)
        return Rhyme(first, second, kind, why, said, len(match.first.vowels), chance)

    def rhyme_lines(self, first: str, second: str) -> Rhyme:
        """How the ends of two lines rhyme: their last words, or a mosaic of their last two."""
        one, other = words(first), words(second)
        if not one or not other:
            return self.rhyme(first, second)
        found = self.rhyme(one[-1].spoken, other[-1].spoken)
        if found.kind in ("perfect", "rich", "identical"):
            return found
        phrases = [" ".join(word.spoken for word in each[-2:]) for each in (one, other)]
        mosaic = self.rhyme(*phrases)
        return mosaic if mosaic.kind == "mosaic" else found

    def _kind(self, one: End, other: End, match: Match, chance: float) -> tuple[str, str]:
        vowel = match.first.vowels[0]
        sounds = " ".join(_sounds(match.first))
        if one.spoken == other.spoken and (match.way != "mosaic" or match.onset):
            return "identical", "the same word"
        if match.perfect and match.way in ("full", "mosaic"):
            if match.first.said.phonemes == match.second.said.phonemes:
                return "identical", f"pronounced alike: {match.first.said}"
            if match.onset:
                return "rich", f"the same from {sounds} on, and the consonants before it too"
            if match.way == "mosaic":
                return "mosaic", f"the same from {sounds} on, over more than one word"
            return "perfect", f"the same from the stressed {vowel} on: {sounds}"
        if match.perfect:
            return "slant", f"the same last syllable, {sounds}, but it is not stressed in both"
        vowels = f"vowels {match.first.vowels[0]} and {match.second.vowels[0]}"
        same_coda = match.coda == 0 and match.rest and match.way == "full"
        if match.vowel != "=" and same_coda and match.first.codas[-1:] != ((),):
            if one.spelling == other.spelling:
                if chance >= OF_OLD:
                    return "historical", f"spelled alike, {vowels}, rhymed by poets of the past"
                return "eye", f"spelled alike, but {vowels}"
            if chance >= OF_OLD:
                return "historical", f"{vowels} before the same sounds, rhymed by poets of the past"
            return "consonance", f"the same consonants after other {vowels}"
        if match.vowel != "=" and one.spelling == other.spelling:
            return "eye", f"spelled alike, but {vowels}"
        if match.vowel == "=" and match.way == "full" and match.rest:
            ends = f"{_spell(match.first.codas[0])} and {_spell(match.second.codas[0])}"
            if match.coda == 1:
                return "family", f"the same vowel {vowel}, and kindred consonants {ends}"
            if match.coda == 2:
                return "slant", f"the same vowel {vowel}, and one consonant more in one"
            return "assonance", f"the same vowel {vowel}, but {ends}"
        if chance >= 0.5:
            return "slant", "close enough that poets rhyme such words"
        return "none", f"{vowels}, and what follows differs too"


def _sounds(tail: Tail) -> list[str]:
    return [
        sound
        for vowel, coda in zip(tail.vowels, tail.codas, strict=True)
        for sound in (vowel, *coda)
    ]


def _spell(coda: tuple[str, ...]) -> str:
    return " ".join(coda) or "no consonant"


def _may_agree(first: End, second: End) -> bool:
    """Whether the last sounds of any two pronunciations are the same or kin."""
    for one, other in product(first.full + first.last, second.full + second.last):
        a, b = one.codas[-1], other.codas[-1]
        if one.vowels[-1] == other.vowels[-1]:
            return True
        if a and b and (a[-1] == b[-1] or _kin(a[-1], b[-1])):
            return True
        if not a and not b:
            return True
    return False


@cache
def shipped_weights() -> dict[str, float]:
    """The weights in the package."""
    path = resources.files("quatrain.sound") / "data" / "rhyme.json"
    weights: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))["weights"]
    return weights


@cache
def _shipped() -> Rhymer:
    return Rhymer()


def rhymes(first: str, second: str) -> Rhyme:
    """How two words or phrases rhyme: the kind, why, and under which pronunciations."""
    return _shipped().rhyme(first, second)
