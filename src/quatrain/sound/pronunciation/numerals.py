"""Whole numbers in words: `1817` is eighteen seventeen, or one thousand eight hundred seventeen.

In: digits, or their value. Out: the ways to read them, each a list of words, the likeliest first.
`quantities` reads what stands beside digits: signs, units, fractions, times.
"""

from __future__ import annotations

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}

MOST_DIGITS = 12
"""Digits of the longest number that is read as one; a longer one is read digit by digit."""

LIKELY_YEARS = range(1010, 2100)
"""Numbers that are likelier a year than a count when they stand without a comma."""


def read_whole(digits: str) -> list[list[str]]:
    """Return the ways to read a whole number without a comma.

    Four digits may be a year, read by hundreds: eighteen seventeen. A number that begins with a
    zero, or has more than twelve digits, is read digit by digit.
    """
    if len(digits) > MOST_DIGITS:
        return [spell_digits(digits, zero="zero")]
    if len(digits) > 1 and int(digits[0]) == 0:
        return [spell_digits(digits)]
    value = int(digits)
    year = _year(value) if len(digits) == 4 else []
    if value in LIKELY_YEARS:
        return [*year, cardinal(value)]
    return [cardinal(value), *year]


def cardinal(value: int) -> list[str]:
    """Return a number below a million million in words."""
    if value < 20:
        return [_ONES[value]]
    if value < 100:
        tens, ones = divmod(value, 10)
        return [_TENS[tens - 2], *([_ONES[ones]] if ones else [])]
    scale, name = next(row for row in _SCALES if value >= row[0])
    count, rest = divmod(value, scale)
    return [*cardinal(count), name, *(cardinal(rest) if rest else [])]


def ordinal(words: list[str]) -> list[str]:
    """Return the ordinal of a number in words: twenty first."""
    last = words[-1]
    plain = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    return [*words[:-1], _ORDINALS.get(last, plain)]


def plural(words: list[str]) -> list[str]:
    """Return a number in words in the plural: nineteen nineties, hundreds."""
    if words[0] == "one" and len(words) > 1:
        words = words[1:]
    last = words[-1]
    ending = "ies" if last.endswith("y") else "es" if last.endswith("x") else "s"
    return [*words[:-1], last.removesuffix("y") + ending]


def spell_digits(digits: str, zero: str = "oh") -> list[str]:
    """Return digits one by one; zeros alone are *zero*."""
    values = [int(digit) for digit in digits]
    zero = zero if any(values) else "zero"
    return [_ONES[value] if value else zero for value in values]


def after_hour(value: int) -> list[str]:
    """Return the two digits after an hour or a century: oh five, thirty."""
    return cardinal(value) if value > 9 else ["oh", _ONES[value]]


def _year(value: int) -> list[list[str]]:
    hundreds, rest = divmod(value, 100)
    if not 10 <= hundreds <= 99 or (hundreds % 10 == 0 and rest < 10):
        return []
    return [[*cardinal(hundreds), *(after_hour(rest) if rest else ["hundred"])]]
