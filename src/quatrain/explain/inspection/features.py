"""What a cell of a poet might track, as a number at every character of a poem.

In: a poem's text. Out: features by name; next `cells`, which correlates them
with the cells. A feature says something of the text up to and with the character just
read, as a cell that has just read it could know, but for two looks ahead: an apostrophe
is inside a word only if a letter follows it, and a quotation is one only if the poem
closes it. There a cell can at best foresee the feature.
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np
from numpy.typing import NDArray

FEATURES = (
    "position in the line",
    "position in the poem",
    "inside a word",
    "position in the word",
    "just after a line break",
    "inside a quotation",
    "at a vowel",
    "at a capital",
)

_PAIRS = {"“": "”", "«": "»", "„": "“"}
_VOWELS = frozenset("aeiouy")
_ELIDED = frozenset(
    {"cause", "em", "ere", "fore", "gainst", "gan", "mid", "midst", "mong", "mongst", "neath"}
    | {"pon", "round", "scape", "til", "till", "tis", "twas", "twere", "twill", "twixt", "twould"}
)
"""English words that an apostrophe begins, quotation or not."""

_OPENING = re.compile(r"(?<![^\W_])'(?=([^\W\d_]+))")
_CLOSING = re.compile(r"(?<=[,.!?;:-])'(?![^\W_])")


def features(text: str) -> NDArray[np.float32]:
    """The features of `FEATURES` after the start of a poem and after each of its characters.

    - position in the line: characters of the line read so far, 0 after a line break.
    - position in the poem: lines ended so far.
    - inside a word: 1 at a letter, and at an apostrophe between letters (which the character
      after it shows), otherwise 0.
    - position in the word: letters and such apostrophes of the word read so far, 0 outside
      words.
    - just after a line break: 1 at a line break.
    - inside a quotation: 1 from the opening mark to the character before the closing one, by
      `quoted`, which looks ahead for the closing one.
    - at a vowel, at a capital: 1 at a letter a, e, i, o, u or y, whatever its accents, and at
      an upper-case letter.

    Args:
        text: a poem's, lines ended by line breaks.

    Returns:
        Shape (1 + len(text), len(FEATURES)); the first row, after the start symbol, is zero.
    """
    found = np.zeros((1 + len(text), len(FEATURES)), np.float32)
    found[1:, FEATURES.index("inside a quotation")] = quoted(text)
    line = word = breaks = 0
    for place, character in enumerate(text):
        after = text[place + 1 : place + 2]
        letter = character.isalpha() or (character in "'’" and word > 0 and after.isalpha())
        line = 0 if character == "\n" else line + 1
        word = word + 1 if letter else 0
        breaks += character == "\n"
        base = unicodedata.normalize("NFD", character)[0].lower()
        found[place + 1, :5] = line, breaks, letter, word, character == "\n"
        found[place + 1, 6:] = base in _VOWELS, character.isupper()
    return found


def quoted(text: str) -> NDArray[np.bool_]:
    """Where a quotation is open, after each character; shape (len(text),).

    The mark " opens and closes in turn; “ ”, « » and „ “ open and close. The apostrophe quotes
    only where it cannot be anything else: it closes after a punctuation mark and before no
    letter, and opens the quotation at the first apostrophe before that begins a word, other
    than an elided one ('tis, 'gainst). A quotation that the poem does not close is none.
    """
    found = np.zeros(len(text), np.bool_)
    opened, closing = -1, ""
    for place, character in enumerate(text):
        if opened >= 0 and character == closing:
            found[opened:place] = True
            opened = -1
        elif opened < 0 and (character == '"' or character in _PAIRS):
            opened, closing = place, _PAIRS.get(character, '"')
    done = 0
    for close in _CLOSING.finditer(text):
        for start in _OPENING.finditer(text, done, close.start()):
            if start[1].lower() not in _ELIDED:
                found[start.start() : close.start()] = True
                break
        done = close.end()
    return found
