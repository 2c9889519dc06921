"""Words of a line: the place of each in the text and among the tokens.

In: the text of a line, and a word or its number. Out: a `WordPlace`, which `word` uses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quatrain.errors import SettingsError
from quatrain.poet import tokens

_WORD = re.compile(r"[^\W_]+(?:['’‘][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class WordPlace:
    """Part of a line that changes with a word.

    Attributes:
        start, end: of the part, in the text.
        token: number of its first token in the line.
        ending: the token after it that belongs to the word, like *'s* in *king's*, or empty.
    """

    start: int
    end: int
    token: int
    ending: str = ""

    def in_text(self, text: str) -> str:
        """Return the part of a text."""
        return text[self.start : self.end]


def find_places(text: str) -> list[WordPlace]:
    """Return the places of the words that are tokens of their own, in order."""
    line = tokens.line_tokens(text)
    places = []
    for match in _WORD.finditer(text):
        parts = tokens.line_tokens(match.group())
        number = len(tokens.line_tokens(text[: match.start()]))
        after = line[number + len(parts) :]
        if line[number : number + len(parts)] != parts:
            continue
        is_last = not any(token[0].isalnum() for token in after)
        has_ending = len(parts) == 2 and parts[1] != "n't" and not is_last
        end = match.start() + len(parts[0]) if has_ending else match.end()
        places.append(WordPlace(match.start(), end, number, parts[1] if has_ending else ""))
    return places


def choose_place(text: str, places: Sequence[WordPlace], word: int | str) -> int:
    """Return the index of the place that a word, or its number from 1, names.

    Raises:
        SettingsError: the line has no such word, or has it several times.
    """
    words = [place.in_text(text) for place in places]
    if not words:
        raise SettingsError(
            "setting 'word'",
            repr(word),
            "a line with words",
            "Take another line.",
            message="The line has no words.",
        )
    if isinstance(word, int):
        if not 1 <= word <= len(places):
            raise SettingsError(
                "setting 'word'",
                f"word {word}",
                f"1 to {len(places)}",
                "Correct the number of the word.",
                message=f"There is no word {word}: the line has {len(places)} words, "
                f"{' '.join(words)}.",
            )
        return word - 1
    name = _fold(word.strip())
    matches = [
        index
        for index, place in enumerate(places)
        if name in {_fold(words[index]), _fold(words[index]) + place.ending}
    ]
    if len(matches) != 1:
        times = f"{len(matches)} times" if matches else "not"
        raise SettingsError(
            "setting 'word'",
            repr(word),
            "a word that the line has once",
            "Give the number of the word, from 1." if matches else "Take a word of the line.",
            message=f"The word {word!r} is {times} in the line {text!r}.",
        )
    return matches[0]


def _fold(word: str) -> str:
    return word.lower().replace("’", "'")
