"""Features of a text that a cell might track, as a number at every character.

In: a poem's text. Out: features by name. `cells` correlates them with the cells.

A feature describes the text up to the character just read, included, so a cell can know
it. Two features look ahead: an apostrophe is inside a word only if a letter follows it,
and a quotation counts only if the poem closes it. A cell can at best predict those.
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
"""Names of the features, in the order of their columns."""

_PAIRS = {"“": "”", "«": "»", "„": "“"}
_VOWELS = frozenset("aeiouy")
_ELIDED = frozenset(
    {"cause", "em", "ere", "fore", "gainst", "gan", "mid", "midst", "mong", "mongst", "neath"}
    | {"pon", "round", "scape", "til", "till", "tis", "twas", "twere", "twill", "twixt", "twould"}
)
"""English words that can start with an apostrophe, as in 'tis."""

_OPENING = re.compile(r"(?<![^\W_])'(?=([^\W\d_]+))")
_CLOSING = re.compile(r"(?<=[,.!?;:-])'(?![^\W_])")


def features(text: str) -> NDArray[np.float32]:
    """Compute the features of `FEATURES` after the start symbol and after each character.

    - position in the line: characters of the line read so far, 0 after a line break.
    - position in the poem: complete lines so far.
    - inside a word: 1 at a letter, and at an apostrophe between letters (known from the next
      character), otherwise 0.
    - position in the word: letters and such apostrophes of the word read so far, 0 outside
      words.
    - just after a line break: 1 at a line break.
    - inside a quotation: 1 from the opening mark to the character before the closing one, by
      `quotation_mask`, which looks ahead for the closing mark.
    - at a vowel, at a capital: 1 at a letter a, e, i, o, u or y, whatever its accents, and at
      an upper-case letter.

    Args:
        text: the text of a poem, each line with its line break.

    Returns:
        Shape (1 + len(text), len(FEATURES)); the first row, after the start symbol, is zero.
    """
    columns = np.zeros((1 + len(text), len(FEATURES)), np.float32)
    columns[1:, FEATURES.index("inside a quotation")] = quotation_mask(text)
    line = word = breaks = 0
    for position, character in enumerate(text):
        after = text[position + 1 : position + 2]
        letter = character.isalpha() or (character in "'’" and word > 0 and after.isalpha())
        line = 0 if character == "\n" else line + 1
        word = word + 1 if letter else 0
        breaks += character == "\n"
        base = unicodedata.normalize("NFD", character)[0].lower()
        columns[position + 1, :5] = line, breaks, letter, word, character == "\n"
        columns[position + 1, 6:] = base in _VOWELS, character.isupper()
    return columns


def quotation_mask(text: str) -> NDArray[np.bool_]:
    """Mark the characters inside a quotation; shape (len(text),).

    The mark " opens and closes in turn; “ ”, « » and „ “ open and close. The apostrophe quotes
    only where it can't be anything else: it closes after a punctuation mark if no letter follows,
    and opens at the first apostrophe before that which starts a word, other than an elided one
    ('tis, 'gainst). A quotation that the poem doesn't close doesn't count.
    """
    inside = np.zeros(len(text), np.bool_)
    opening, closing = -1, ""
    for position, character in enumerate(text):
        if opening >= 0 and character == closing:
            inside[opening:position] = True
            opening = -1
        elif opening < 0 and (character == '"' or character in _PAIRS):
            opening, closing = position, _PAIRS.get(character, '"')
    done = 0
    for close in _CLOSING.finditer(text):
        for start in _OPENING.finditer(text, done, close.start()):
            if start[1].lower() not in _ELIDED:
                inside[start.start() : close.start()] = True
                break
        done = close.end()
    return inside
