"""Numbers in words: `1817` is one thousand eight hundred seventeen, or a year."""

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
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip


def read_out(number: str) -> list[list[str]]:
    """Return the ways to read a number, `1001st` or `1817`, each as a list of words.

    Four digits may be a year, read by hundreds: eighteen seventeen. A number of more than
    twelve digits is read digit by digit.

    Args:
        number: decimal digits of any script, with `st`, `nd`, `rd` or `th` for an ordinal.
    """
    digits = [int(digit) for digit in number if digit.isdecimal()]
    ordinal = not number[-1].isdecimal()
    if len(digits) > 12:
        return [[_ONES[digit] for digit in digits]]
    value = int("".join(map(str, digits)))
    words = _cardinal(value)
    if ordinal:
        last = words[-1]
        plain = last[:-1] + "ieth" if last.endswith("y") else last + "th"
        return [[*words[:-1], _ORDINALS.get(last, plain)]]
    return [words, *_year(value)]


def _year(value: int) -> list[list[str]]:
    hundreds, rest = divmod(value, 100)
    if not 11 <= hundreds <= 99 or hundreds % 10 == 0:
        return []
    tail = _cardinal(rest) if rest > 9 else ["oh", _ONES[rest]] if rest else ["hundred"]
    return [[*_cardinal(hundreds), *tail]]


def _cardinal(value: int) -> list[str]:
    if value < 20:
        return [_ONES[value]]
    if value < 100:
        tens, ones = divmod(value, 10)
        return [_TENS[tens - 2], *([_ONES[ones]] if ones else [])]
    scale, name = next(row for row in _SCALES if value >= row[0])
    count, rest = divmod(value, scale)
    return [*_cardinal(count), name, *(_cardinal(rest) if rest else [])]
