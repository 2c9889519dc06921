"""The best match of two endings: which pair of rhyme parts agrees best, and in what.

In: two endings. Out: their best match, and names of what agrees and what does not, which
`rhymer` weighs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from quatrain.errors import InternalError
from quatrain.sound.pronunciation.phonemes import MANNER
from quatrain.sound.rhyme.endings import Ending
from quatrain.sound.rhyme.parts import RhymePart

_FAMILY = {"stop": 1, "affricate": 1, "fricative": 2, "nasal": 3, "approximant": 4}
_GOOD_ENOUGH = 0.3
"""Cost below which no other pair of parts is looked at."""

SAME, RELATED, ONE_MORE, DIFFERENT = range(4)
"""Distances between consonants: the same; one differs, within its family or by voice; one
consonant more on one side; different."""


@dataclass(frozen=True, slots=True)
class Match:
    """A pair of rhyme parts, and how well they agree.

    Attributes:
        first, second: the parts.
        vowel: "=" if the first vowels are equal, else the two in order of the alphabet.
        coda: the distance of the consonants after them.
        rest: whether all that follows agrees.
        onset: whether the consonants before agree too.
        reach: from which vowels the parts are taken: "full" the last stressed, "last" the very
            last, "mixed" one of each, "mosaic" from one in an earlier word.
    """

    first: RhymePart
    second: RhymePart
    vowel: str
    coda: int
    rest: bool
    onset: bool
    reach: str

    @property
    def perfect(self) -> bool:
        """True if everything from the first vowel on is the same."""
        return self.vowel == "=" and self.coda == SAME and self.rest

    @property
    def cost(self) -> float:
        """Cost by which the best pair of parts is chosen; lower is better."""
        cost = 0.0 if self.vowel == "=" else 2.0
        cost += (0.0, 1.0, 1.2, 2.5)[self.coda] + (0.0 if self.rest else 1.5)
        cost += {"full": 0.0, "mixed": 0.8, "last": 1.0, "mosaic": 0.1}[self.reach]
        first, second = self.first.pronunciation, self.second.pronunciation
        return cost + 0.05 * (2.0 - first.confidence - second.confidence)


def best_match(first: Ending, second: Ending) -> Match:
    """Return the pair of parts that agrees best, of those with as many vowels.

    Every ending has a part of one vowel, in `full` or in `last`, so one pair at least has.
    """
    if first.word == second.word and first.mosaic and second.mosaic:
        mosaic = _best_mosaic(first.mosaic, second.mosaic)
        if mosaic is not None and mosaic.perfect:
            return mosaic
    best = _best_pair("full", first.full, second.full, None)
    if best is None or best.cost >= _GOOD_ENOUGH:
        best = _better(best, _best_mosaic(first.mosaic, second.full + second.mosaic))
        best = _better(best, _best_mosaic(first.full, second.mosaic))
    for reach, ones, others in (
        ("mixed", first.full, second.last),
        ("mixed", first.last, second.full),
        ("last", first.last, second.last),
    ):
        if best is not None and best.cost < _GOOD_ENOUGH:
            return best
        best = _best_pair(reach, ones, others, best)
    if best is None:
        raise InternalError(f"no parts of one vowel: {first.word!r}, {second.word!r}")
    return best


def _best_pair(
    reach: str, ones: Sequence[RhymePart], others: Sequence[RhymePart], best: Match | None
) -> Match | None:
    """Return the best match of two parts with as many vowels, or `best` if none is better."""
    for one, other in product(ones, others):
        if len(one.vowels) == len(other.vowels):
            best = _better(best, _match(one, other, reach))
    return best


def _best_mosaic(ones: Sequence[RhymePart], others: Sequence[RhymePart]) -> Match | None:
    """Return the first perfect match of two parts, else that of the first of each."""
    if not ones or not others:
        return None
    for one, other in product(ones, others):
        if one.rime == other.rime:
            return _match(one, other, "mosaic")
    return _best_pair("mosaic", ones[:1], others[:1], None)


def _better(best: Match | None, match: Match | None) -> Match | None:
    """Return the match that costs less; the first, if they cost the same."""
    if best is None or match is None:
        return best or match
    return match if match.cost < best.cost else best


def _match(first: RhymePart, second: RhymePart, reach: str) -> Match:
    a, b = first.vowels[0], second.vowels[0]
    vowel = "=" if a == b else "-".join(sorted((a, b)))
    coda = coda_distance(_consonants(first, 0), _consonants(second, 0))
    rest = first.rime[1:] == second.rime[1:]
    return Match(first, second, vowel, coda, rest, first.onset == second.onset, reach)


def _consonants(part: RhymePart, syllable: int) -> tuple[str, ...]:
    """Return the consonants after a vowel of a part; the vowel ER has an r of its own."""
    coda = part.codas[syllable]
    return ("R", *coda) if part.vowels[syllable] == "ER" else coda


@cache
def coda_distance(first: tuple[str, ...], second: tuple[str, ...]) -> int:
    """Return the distance of consonants after a vowel: SAME, RELATED, ONE_MORE or DIFFERENT."""
    if first == second:
        return SAME
    if len(first) == len(second):
        differing = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
        return RELATED if len(differing) == 1 and are_related(*differing[0]) else DIFFERENT
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    if len(longer) - len(shorter) == 1 and any(
        longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer))
    ):
        return ONE_MORE
    return DIFFERENT


def are_related(first: str, second: str) -> bool:
    """Return whether two consonants are of one family of manners (a stop and an affricate are)."""
    return _FAMILY[MANNER[first]] == _FAMILY[MANNER[second]]


def match_features(first: Ending, second: Ending) -> tuple[str, ...]:
    """Return names of what holds for a pair of endings, as the weights know them."""
    match = best_match(first, second)
    if first.word == second.word and match.reach != "mosaic":
        if first.mosaic and second.mosaic:
            return ("same word", "leaning on others")
        return ("same word",)
    names = [f"letters {min(_common_suffix(first.word, second.word), 4)}"]
    same_spelling = first.spelling == second.spelling
    if same_spelling:
        names.append("spelled alike")
    names.append(f"vowel {match.vowel}")
    names.append(f"coda {match.coda}")
    names.append(f"way {match.reach} {'perfect' if match.perfect else 'not'}")
    if match.vowel != "=" and match.coda == SAME:
        names.append(f"vowel {match.vowel} same coda")
    if match.vowel == "=":
        names.append(f"same vowel coda {match.coda}")
    if match.vowel != "=" and same_spelling:
        names.append("spelled alike, other vowel")
    if not match.rest:
        names.append("rest related" if _are_rests_related(match) else "rest differs")
    names.append(f"stress {match.first.stressed + match.second.stressed} {match.perfect}")
    if match.onset:
        names.append(f"onset too {match.perfect}")
    if len(match.first.vowels) > 1:
        names.append(f"syllables {min(3, len(match.first.vowels))} {match.perfect}")
    if match.first.pronunciation.guessed or match.second.pronunciation.guessed:
        names.append(f"guessed {match.perfect}")
    return tuple(names)


def _are_rests_related(match: Match) -> bool:
    """Return whether what follows has the same vowels, and consonants that are nearly the same."""
    ones, others = match.first.rime[1:], match.second.rime[1:]
    return all(
        a == b and coda_distance(coda, other) <= RELATED
        for (a, coda), (b, other) in zip(ones, others, strict=True)
    )


def _common_suffix(first: str, second: str) -> int:
    """Return how many letters two words share at their ends."""
    count = 0
    for a, b in zip(reversed(first), reversed(second), strict=False):
        if a != b:
            break
        count += 1
    return count


def may_agree(first: Ending, second: Ending) -> bool:
    """Return whether the last sounds of any two pronunciations are the same or related."""
    for one, other in product(first.full + first.last, second.full + second.last):
        a, b = _consonants(one, -1), _consonants(other, -1)
        if one.vowels[-1] == other.vowels[-1]:
            return True
        if a and b and (a[-1] == b[-1] or are_related(a[-1], b[-1])):
            return True
        if not a and not b:
            return True
    return False
