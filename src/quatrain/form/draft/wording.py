"""Numbers and lists in words, for the sentences about a draft."""

from __future__ import annotations

from collections.abc import Sequence

_CARDINALS = """
    no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty
    """

_ORDINALS = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
    """


def cardinal(number: int) -> str:
    """Return a number in words up to twenty, in figures above."""
    names = _CARDINALS.split()
    return names[number] if number < len(names) else f"{number:,}"


def ordinal(number: int) -> str:
    """Return the ordinal of a number from 1: in words up to twelve, in figures above."""
    names = _ORDINALS.split()
    if number <= len(names):
        return names[number - 1]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number // 10 % 10 != 1 else 0, "th")
    return f"{number}{ending}"


def counted(number: int, noun: str) -> str:
    """Return a number in words with its noun: `one syllable`, `two syllables`."""
    return f"{cardinal(number)} {noun}{'' if number == 1 else 's'}"


def joined(items: Sequence[str]) -> str:
    """Return items as a list in a sentence: `a, b and c`."""
    return " and ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def sentence(text: str) -> str:
    """Return a text with a capital at its start, also behind an asterisk."""
    for place, character in enumerate(text):
        if character.isalnum():
            return text[:place] + character.upper() + text[place + 1 :]
        if character == "*":
            break
    return text
