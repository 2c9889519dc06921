"""Feet, and the names of what departs from them.

In: beats and stresses of lines. Out: a line's metre, its feet and its variations in
the traditional terms (Attridge 1982; Steele 1999); a poem's metre of its lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

from quatrain.records import LineScansion, Metre, Variation

RISING = frozenset({"iambic", "anapaestic", "amphibrachic"})
_KIN = {
    "amphibrachic": {"amphibrachic", "anapaestic"},
    "anapaestic": {"amphibrachic", "anapaestic"},
}
"""Feet whose lines differ only in how they begin or end."""

_LICENSED = Callable[[tuple[str, ...]], tuple[Variation, ...]]


@lru_cache(maxsize=20_000)
def divided(kind: str, beats: str, stress: str) -> tuple[Metre, tuple[str, ...], _LICENSED]:
    """A line's metre, its feet, and a function that adds its licences to its variations.

    Args:
        kind: whether its feet are "double" or "triple".
        beats: marks of its syllables, where the metre has its beats.
        stress: marks of its syllables, as they are stressed.
    """
    metre = Metre("")
    feet: tuple[str, ...] = (beats,)
    variations: tuple[Variation, ...] = ()
    if "+" in beats:  # a line of no beat has no foot
        foot = _foot(kind, beats)
        feet = _feet(foot, beats)
        variations = tuple(_variations(foot, feet, stress))
        metre = Metre(foot, (beats.count("+"),))

    def licensed(licences: tuple[str, ...]) -> tuple[Variation, ...]:
        if not licences:
            return variations
        return variations + tuple(Variation(each.removeprefix("way: ")) for each in licences)

    return metre, feet, licensed


def _foot(kind: str, beats: str) -> str:
    """The traditional name: whether the line rises to its beats or falls from them."""
    falls = beats.startswith("+")
    if kind == "double":
        return "trochaic" if falls else "iambic"
    if falls:
        return "dactylic"
    return "amphibrachic" if re.fullmatch(r"(-\+-){2,}", beats) else "anapaestic"


def _feet(foot: str, beats: str) -> tuple[str, ...]:
    """Rising feet end with their beat, falling ones begin with it; an inverted iamb is one."""
    if foot == "amphibrachic":
        return tuple(beats[start : start + 3] for start in range(0, len(beats), 3))
    if foot not in RISING:
        return tuple(re.findall(r"\+-*|^-+", beats))
    feet = re.findall(r"-*\+|-+$", beats)
    if len(feet) > 1 and "+" not in feet[-1]:
        feet[-2:] = [feet[-2] + feet[-1]]  # a feminine ending belongs to the last foot
    if foot == "iambic":
        for place in range(len(feet) - 1):
            if feet[place] == "+" and feet[place + 1].startswith("--"):
                feet[place : place + 2] = ["+-", feet[place + 1][1:]]
    return tuple(feet)


def _variations(foot: str, feet: Sequence[str], stress: str) -> list[Variation]:
    found = []
    start = 0
    usual = 2 if foot in ("iambic", "trochaic") else 3
    for number, each in enumerate(feet, 1):
        said = stress[start : start + len(each)]
        start += len(each)
        last = number == len(feet)
        if foot in RISING and foot != "amphibrachic":
            body = each.rstrip("-") if each.rstrip("-") and each != "+-" else each
            if last and len(body) < len(each):
                found.append(Variation("feminine ending", number))
                said = said[: len(body)]
            if foot == "iambic" and each == "+-":
                found.append(Variation("trochaic inversion", number))
                continue
            if number == 1 and len(body) < usual:
                found.append(Variation("headless", number))
            elif len(body) == 3 and usual == 2:
                found.append(Variation("anapaestic substitution", number))
            elif len(body) == 2 and usual == 3:
                found.append(Variation("iambic substitution", number))
        elif foot != "amphibrachic":
            if number == 1 and "+" not in each:
                found.append(Variation("anacrusis", number))
                continue
            if last and len(each) < usual:
                found.append(Variation("catalectic", number))
            elif len(each) > usual and not last:
                found.append(Variation("dactylic substitution", number))
            elif len(each) < usual:
                found.append(Variation("trochaic substitution", number))
        if said == "++":
            found.append(Variation("spondee", number))
        elif said == "--":
            found.append(Variation("pyrrhic", number))
        elif foot == "iambic" and said == "+-":
            found.append(Variation("trochaic inversion", number))
    return found


def measured(lines: Sequence[LineScansion]) -> tuple[Metre, float]:
    """The metre of a poem whose lines mostly have this foot, and the share of lines in it.

    Lines of one length, or of two or more in turn at least twice (as in a ballad), are a metre;
    else the verse is free, and no line is in its metre.
    """
    if not lines:
        return Metre(""), 0.0
    counts = [line.metre.feet[0] for line in lines]
    usual, times = Counter(counts).most_common(1)[0]
    feet = Counter(line.metre.foot for line in lines)
    foot = feet.most_common(1)[0][0]
    kin = _KIN.get(foot, {foot})
    of_foot = sum(feet[each] for each in kin)
    strange = sum(_strange(line) for line in lines)
    if len(lines) >= 3 and strange * 2 > len(lines):
        return Metre("free"), 0.0
    share = times / len(lines)
    if share >= 0.7 or len(lines) < 4:
        return Metre(foot, (usual,)), share * of_foot / len(lines)
    for period in range(2, min(6, len(lines) // 2) + 1):
        turns = [Counter(counts[turn::period]).most_common(1)[0] for turn in range(period)]
        agree = sum(times for _, times in turns) / len(lines)
        if agree >= 0.75:
            return Metre(foot, tuple(feet for feet, _ in turns)), agree * of_foot / len(lines)
    common = Counter(counts).most_common(2)
    if sum(times for _, times in common) / len(lines) >= 0.8:
        return Metre(foot, tuple(feet for feet, _ in common)), of_foot / len(lines)
    return Metre("free"), 0.0


def _strange(line: LineScansion) -> bool:
    """Whether a line departs from every metre: lapses of three, clashes, or far too long."""
    return "---" in line.beats or "++" in line.beats or line.metre.feet[0] > 8
