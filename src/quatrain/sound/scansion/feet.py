"""Feet, metres and variations, by their traditional names.

In: beats and stresses of lines. Out: a line's metre, its feet and its variations (Attridge 1982;
Steele 1999); a poem's metre, from those of its lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from quatrain.records import LineScansion, Metre, Variation

RISING = frozenset({"iambic", "anapaestic", "amphibrachic"})
_SAME_METRE = {
    "amphibrachic": {"amphibrachic", "anapaestic"},
    "anapaestic": {"amphibrachic", "anapaestic"},
}
"""Feet whose lines differ only in how they begin or end."""

ONE_METRE_SHARE = 0.7
"""Share of lines from which on their number of beats is the whole poem's."""

ALTERNATING_SHARE = 0.75
"""Share of lines that must agree with a metre of lengths in turn, as a ballad's 4 and 3."""

TWO_LENGTHS_SHARE = 0.8
"""Share of lines that two lengths in no fixed order must have."""

MAX_PERIOD = 6
"""Most lines after which a metre of lengths in turn repeats."""


@lru_cache(maxsize=20_000)
def divide_into_feet(
    kind_name: str, beats: str, stress: str
) -> tuple[Metre, tuple[str, ...], tuple[Variation, ...]]:
    """Return a line's metre, its feet, and its variations.

    Args:
        kind_name: "double" or "triple", for feet of two syllables or of three.
        beats: + for each syllable where the metre has a beat, - for each other.
        stress: + for each syllable that is stressed, - for each other.
    """
    if "+" not in beats:  # a line without a beat has no foot
        return Metre(""), (beats,), ()
    foot = _name_foot(kind_name, beats)
    feet = _split_feet(foot, beats)
    return Metre(foot, (beats.count("+"),)), feet, tuple(_variations(foot, feet, stress))


def _name_foot(kind_name: str, beats: str) -> str:
    """Return the traditional name: does the line rise to its beats or fall from them?"""
    falls = beats.startswith("+")
    if kind_name == "double":
        return "trochaic" if falls else "iambic"
    if falls:
        return "dactylic"
    return "amphibrachic" if re.fullmatch(r"(-\+-){2,}", beats) else "anapaestic"


def _split_feet(foot: str, beats: str) -> tuple[str, ...]:
    """Return the feet: rising ones end with their beat, falling ones begin with it."""
    if foot == "amphibrachic":
        return tuple(beats[start : start + 3] for start in range(0, len(beats), 3))
    if foot not in RISING:
        return tuple(re.findall(r"\+-*|^-+", beats))
    feet = re.findall(r"-*\+|-+$", beats)
    if len(feet) > 1 and "+" not in feet[-1]:
        feet[-2:] = [feet[-2] + feet[-1]]  # a feminine ending belongs to the last foot
    if foot == "iambic":
        for place in range(len(feet) - 1):  # +, --+ is an inverted foot and a regular one
            if feet[place] == "+" and feet[place + 1].startswith("--"):
                feet[place : place + 2] = ["+-", feet[place + 1][1:]]
    return tuple(feet)


def _variations(foot: str, feet: Sequence[str], stress: str) -> list[Variation]:
    """Return what departs from the metre, foot by foot."""
    variations = []
    start = 0
    for number, marks in enumerate(feet, 1):
        spoken = stress[start : start + len(marks)]
        start += len(marks)
        last = number == len(feet)
        names: list[str] = []
        if foot in RISING and foot != "amphibrachic":
            if last and marks != "+-" and "+" in marks and marks.endswith("-"):
                marks = marks.rstrip("-")
                spoken = spoken[: len(marks)]
                names.append("feminine ending")
            names += _rising_variation(foot, marks, number)
        elif foot != "amphibrachic":
            names += _falling_variation(foot, marks, number, last)
        if "trochaic inversion" not in names and "anacrusis" not in names:
            names += _stress_variation(foot, spoken)
        variations += [Variation(name, number) for name in names]
    return variations


def _rising_variation(foot: str, marks: str, number: int) -> list[str]:
    usual = 2 if foot == "iambic" else 3
    if foot == "iambic" and marks == "+-":
        return ["trochaic inversion"]
    if number == 1 and len(marks) < usual:
        return ["headless"]
    if len(marks) == 3 and usual == 2:
        return ["anapaestic substitution"]
    if len(marks) == 2 and usual == 3:
        return ["iambic substitution"]
    return []


def _falling_variation(foot: str, marks: str, number: int, last: bool) -> list[str]:
    usual = 2 if foot == "trochaic" else 3
    if number == 1 and "+" not in marks:
        return ["anacrusis"]
    if last and len(marks) < usual:
        return ["catalectic"]
    if len(marks) > usual and not last:
        return ["dactylic substitution"]
    if len(marks) < usual:
        return ["trochaic substitution"]
    return []


def _stress_variation(foot: str, spoken: str) -> list[str]:
    if spoken == "++":
        return ["spondee"]
    if spoken == "--":
        return ["pyrrhic"]
    if foot == "iambic" and spoken == "+-":
        return ["trochaic inversion"]
    return []


def poem_metre(lines: Sequence[LineScansion]) -> tuple[Metre, float]:
    """Return the metre of a poem, and the share of its lines in that metre.

    Lines mostly of one length, or of several lengths in turn (as in a ballad), or of two lengths
    in any order are a metre. Other verse is free, and the share is 0.

    Args:
        lines: those that have a beat.
    """
    if not lines:
        return Metre(""), 0.0
    lengths = [line.metre.feet[0] for line in lines]
    usual, times = Counter(lengths).most_common(1)[0]
    feet = Counter(line.metre.foot for line in lines)
    foot = feet.most_common(1)[0][0]
    of_foot = sum(feet[name] for name in _SAME_METRE.get(foot, {foot}))
    irregular = sum(_is_irregular(line) for line in lines)
    if len(lines) >= 3 and irregular * 2 > len(lines):
        return Metre("free"), 0.0
    share = times / len(lines)
    if share >= ONE_METRE_SHARE or len(lines) < 4:
        return Metre(foot, (usual,)), share * of_foot / len(lines)
    for period in range(2, min(MAX_PERIOD, len(lines) // 2) + 1):
        turns = [Counter(lengths[turn::period]).most_common(1)[0] for turn in range(period)]
        share = sum(times for _, times in turns) / len(lines)
        if share >= ALTERNATING_SHARE:
            return Metre(foot, tuple(length for length, _ in turns)), share * of_foot / len(lines)
    common = Counter(lengths).most_common(2)
    if sum(times for _, times in common) / len(lines) >= TWO_LENGTHS_SHARE:
        return Metre(foot, tuple(length for length, _ in common)), of_foot / len(lines)
    return Metre("free"), 0.0


def _is_irregular(line: LineScansion) -> bool:
    """Return whether a line departs from every metre: lapses of three, clashes, or far too long."""
    return "---" in line.beats or "++" in line.beats or line.metre.feet[0] > 8
