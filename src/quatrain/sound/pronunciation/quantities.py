"""Numbers, units and money in words: 1990s, 3pm, $5.50, 24/7, 10:30, 2½, H2O.

In: a run of digits with the letters and signs that touch it. Out: the ways to read it, each a
list of words, the likeliest first. Letters that are read one by one come out dotted (`p.m.`), as
`ear` spells them.

The rules are tried in order where the reading stands; the first that matches takes its characters.
To read something new, add a rule to `_RULES`.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable

from quatrain.sound.frequency import usage
from quatrain.sound.pronunciation.numerals import (
    MOST_DIGITS,
    after_hour,
    cardinal,
    ordinal,
    plural,
    read_whole,
    spell_digits,
)
from quatrain.sound.pronunciation.respelling import COMMON_COUNT

Readings = list[list[str]]
"""Ways to read something, each as words."""

MAX_READINGS = 16
"""Most ways to read a quantity whose parts have several each."""

FRACTIONS = "\u00bc-\u00be\u2150-\u215e"
"""Single characters for fractions, as the inside of a class of a regular expression."""

CURRENCIES = {
    "$": ("dollar", "dollars"),
    "£": ("pound", "pounds"),
    "€": ("euro", "euros"),
    "¥": ("yen", "yen"),
    "₹": ("rupee", "rupees"),
}
"""Signs before an amount, with one and with several of it."""

_SCALES = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "bn": "billion",
    "b": "billion",
    "tn": "trillion",
}
"""Letters after an amount of money."""

UNITS = {
    "am": ("a.m.", "a.m."),
    "pm": ("p.m.", "p.m."),
    "ft": ("foot", "feet"),
    "yd": ("yard", "yards"),
    "mi": ("mile", "miles"),
    "mph": ("mile an hour", "miles an hour"),
    "km": ("kilometer", "kilometers"),
    "kmh": ("kilometer an hour", "kilometers an hour"),
    "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"),
    "kg": ("kilogram", "kilograms"),
    "mg": ("milligram", "milligrams"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "ml": ("milliliter", "milliliters"),
    "hz": ("hertz", "hertz"),
    "kb": ("kilobyte", "kilobytes"),
    "mb": ("megabyte", "megabytes"),
    "gb": ("gigabyte", "gigabytes"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "min": ("minute", "minutes"),
    "mins": ("minute", "minutes"),
    "sec": ("second", "seconds"),
    "secs": ("second", "seconds"),
    "yr": ("year", "years"),
    "yrs": ("year", "years"),
    "in": ("inch", "inches"),
    "m": ("meter", "meters"),
    "h": ("hour", "hours"),
    "p": ("pence", "pence"),
}
"""Units written after a number, for one and for several."""

SIGNS = {
    "&": "and",
    "@": "at",
    "+": "plus",
    "=": "equals",
    "%": "percent",
    "‰": "per thousand",
    "#": "number",
    "№": "number",
    "§": "section",
    "©": "copyright",
    "°": "degrees",
    "×": "times",
    "÷": "divided by",
    "±": "plus or minus",
    "√": "root",
    "∞": "infinity",
    "≠": "is not",
    "≈": "about",
    "²": "squared",
    "³": "cubed",
    "¢": "cents",
    "♯": "sharp",
    "♭": "flat",
    "−": "minus",
    **{sign: several for sign, (_, several) in CURRENCIES.items()},
}
"""Signs that are said, with their words."""

_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_FRACTION_NAMES = {2: "half", 4: "quarter"}
_DENOMINATORS = frozenset({*range(2, 11), 12, 16, 20, 32, 64, 100, 1000})
"""Numbers under a stroke that make a fraction; under others, the two are said side by side."""


def read_out(quantity: str) -> Readings:
    """Return the ways to read a quantity, `1001st`, `1817` or `$5`, each as a list of words.

    Args:
        quantity: in lower case, with digits of any script; spaces may stand in it.
    """
    text = _plain_digits(quantity)
    pieces: list[Readings] = []
    place = 0
    while place < len(text):
        for pattern, reading in _RULES:
            if match := pattern.match(text, place):
                pieces.append(reading(match))
                place = match.end()
                break
        else:
            place += 1
    combinations = itertools.islice(itertools.product(*pieces), MAX_READINGS)
    readings = [list(itertools.chain(*combination)) for combination in combinations]
    return [list(words) for words in dict.fromkeys(map(tuple, readings))]


def _plain_digits(text: str) -> str:
    """Return text with digits of every script and subscripts as 0 to 9, and ½ as 1⁄2."""
    if text.isascii():
        return text
    text = re.sub(f"(?<=\\d)[{FRACTIONS}]", lambda match: " " + match.group(), text)
    return "".join(map(_plain_digit, text))


def _plain_digit(character: str) -> str:
    """Return a numeral of any script as 0 to 9; other characters stay."""
    if character in SIGNS or character.isalpha() or not character.isnumeric():
        return character
    if re.match(f"[{FRACTIONS}]", character):
        return unicodedata.normalize("NFKC", character)
    return f"{unicodedata.numeric(character):g}"


def _number(text: str) -> Readings:
    """Return the ways to read digits with commas and a decimal point."""
    whole, _, decimals = text.partition(".")
    if not decimals:
        return [_count(whole)] if "," in whole else read_whole(whole)
    return [[*_count(whole), "point", *spell_digits(decimals)]]


def _count(text: str) -> list[str]:
    """Return digits with commas as a count; so many that they have no name, one by one."""
    digits = text.replace(",", "")
    return cardinal(int(digits)) if len(digits) <= MOST_DIGITS else spell_digits(digits, "zero")


def _amount(text: str) -> tuple[Readings, bool]:
    """Return the ways to read a count, and whether it is one."""
    plain = text.replace(",", "")
    return [_count(text)] if plain.isdecimal() else _number(text), plain == "1"


def _money(match: re.Match[str]) -> Readings:
    sign, number, scale = match.group(1, 2, 3)
    (count, *_), single = _amount(number)
    one, several = CURRENCIES[sign]
    if scale:
        return [[*count, _SCALES.get(scale, scale), several]]
    whole, _, cents = number.partition(".")
    if len(cents) != 2:
        return [[*count, one if single else several]]
    (count, *_), single = _amount(whole)
    unit = one if single else several
    if not int(cents):
        return [[*count, unit]]
    after = cardinal(int(cents))
    return [[*count, unit, *after], [*count, *after]]


def _time(match: re.Match[str]) -> Readings:
    hours, *rest = (int(part) for part in match.group().split(":"))
    if rest == [0] and match.string[match.end() :].lstrip()[:2] in ("am", "pm"):
        return [cardinal(hours)]
    if rest == [0]:
        return [[*cardinal(hours), "o'clock"]]
    return [[*cardinal(hours), *itertools.chain(*map(after_hour, rest))]]


def _height(match: re.Match[str]) -> Readings:
    return [[*cardinal(int(match[1])), "foot", *cardinal(int(match[2]))]]


def _fraction(match: re.Match[str]) -> Readings:
    whole, above, below = match.group(1, 2, 3)
    plain = [*_number(above)[0], *_number(below)[0]]
    numerator, denominator = int(above), int(below)
    if denominator not in _DENOMINATORS or not 0 < numerator < denominator:
        return [[*(_number(whole)[0] if whole else []), *plain]]
    name = _FRACTION_NAMES.get(denominator) or ordinal(cardinal(denominator))[-1]
    if denominator > 20 and denominator < 100:
        name = "-".join(ordinal(cardinal(denominator)))
    several = "halves" if name == "half" else f"{name}s"
    words = [*cardinal(numerator), name if numerator == 1 else several]
    if whole:
        before = [*_number(whole)[0], "and"]
        return [[*before, "a", name]] if numerator == 1 else [[*before, *words]]
    readings = [words]
    if numerator == 1:
        readings += [["a", name]] if name != "half" else [["a", "half"], ["half"]]
    return readings if "⁄" in match.group() else [*readings, plain]


def _range(match: re.Match[str]) -> Readings:
    first, second = match.group(1, 2)
    if len(first) == 3 and len(second) == 4:  # a telephone number
        return [[*spell_digits(first), *spell_digits(second)]]
    before, after = _number(first)[0], _number(second)[0]
    with_to, plain = [*before, "to", *after], [*before, *after]
    return [plain, with_to] if first == second else [with_to, plain]


def _plural(match: re.Match[str]) -> Readings:
    return [plural(_number(match[1])[0])]


def _ordinal(match: re.Match[str]) -> Readings:
    return [ordinal(_count(match[1]))]


def _old_ordinal(match: re.Match[str]) -> Readings:
    """Read 2d and 3d, which were ordinals once, and 53d."""
    words = _count(match[1])
    return [[*words, "d."], ordinal(words)]


def _measure(match: re.Match[str]) -> Readings:
    count, single = _amount(match[1])
    one, several = UNITS[match[2]]
    return [[*words, *(one if single else several).split()] for words in count]


def _temperature(match: re.Match[str]) -> Readings:
    count, single = _amount(match[1])
    scale = {"c": ["celsius"], "f": ["fahrenheit"]}.get(match[2], [])
    return [[*words, "degree" if single else "degrees", *scale] for words in count]


def _cents(match: re.Match[str]) -> Readings:
    count, single = _amount(match[1])
    return [[*words, "cent" if single else "cents"] for words in count]


def _digits(match: re.Match[str]) -> Readings:
    return _number(match.group())


def _decimals(match: re.Match[str]) -> Readings:
    return [["point", *spell_digits(match[1])]]


def _letters(match: re.Match[str]) -> Readings:
    """Read letters beside digits as a word, or one by one if they are no word: B12, covid19."""
    letters = match.group()
    is_word = not _VOWELS.isdisjoint(letters) and (
        len(letters) > 2 or (len(letters) == 2 and usage(letters).count >= COMMON_COUNT)
    )
    return [[letters if is_word else "".join(f"{letter}." for letter in letters)]]


def _sign(match: re.Match[str]) -> Readings:
    return [SIGNS.get(match.group(), "minus").split()]


def _between(match: re.Match[str]) -> Readings:
    return [["to" if match.group() == ":" else "by"]]


_VOWELS = frozenset("aeiouy")
_LETTER = rf"[^\W\d_{FRACTIONS}²³]"
_END = r"(?![^\W_])"


def _alternatives(names: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Readings]], ...] = tuple(
    (re.compile(pattern), reading)
    for pattern, reading in (
        (
            rf"([{''.join(CURRENCIES)}])\s?({_NUMBER})"
            rf"(?:\s?({_alternatives(_SCALES)}|hundred|thousand|million|billion|trillion){_END})?",
            _money,
        ),
        (r"\d{1,2}:\d{2}(?::\d{2})?(?!\d)", _time),
        (r"(\d+)'(\d{1,2})\"?(?!\d)", _height),
        (r"(?:(\d+)[ -])?(\d{1,4})[/⁄](\d{1,4})(?![/\d])", _fraction),
        (r"(\d+)[-–](\d+)(?![-–\d])", _range),
        (rf"(\d+(?:,\d{{3}})*)'?s{_END}", _plural),
        (rf"(\d+(?:,\d{{3}})*)(?:st|nd|rd|th){_END}", _ordinal),
        (rf"(\d*[23])d{_END}", _old_ordinal),
        (rf"({_NUMBER})\s?({_alternatives(UNITS)}){_END}", _measure),
        (rf"({_NUMBER})\s?°\s?([cf]?){_END}", _temperature),
        (rf"({_NUMBER})\s?¢", _cents),
        (r"(?<=\d)[x×:](?=\d)", _between),
        (r"(?<!\d)[-−](?=\.?\d)", _sign),
        (_NUMBER, _digits),
        (r"\.(\d+)", _decimals),
        (rf"{_LETTER}+(?:'{_LETTER}+)*", _letters),
        (rf"[{re.escape(''.join(SIGNS))}]", _sign),
    )
)
