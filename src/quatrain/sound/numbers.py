"""Numbers, read out: `1817` is one thousand eight hundred seventeen."""

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


def read_out(number: str) -> list[str]:
    """The words of a number as it is written, `1,001st` or `42`.

    Digit by digit from a million million on.
    """
    ordinal = number[-2:].isalpha()
    digits = "".join(str(int(each)) for each in number if each.isdecimal())
    words = _cardinal(int(digits)) if len(digits) <= 12 else [_ONES[int(each)] for each in digits]
    if ordinal:
        last = words[-1]
        plain = last[:-1] + "ieth" if last.endswith("y") else last + "th"
        words[-1] = _ORDINALS.get(last, plain)
    return words


def _cardinal(value: int) -> list[str]:
    if value < 20:
        return [_ONES[value]]
    if value < 100:
        tens, ones = divmod(value, 10)
        return [_TENS[tens - 2], *([_ONES[ones]] if ones else [])]
    scale, name = next(each for each in _SCALES if value >= each[0])
    many, rest = divmod(value, scale)
    return [*_cardinal(many), name, *(_cardinal(rest) if rest else [])]
