"""Pauses of a line, as its punctuation shows them.

In: what stands between two words. Out: whether a speaker pauses there. The scanner and the form
checker share this rule: a beat may stand beside another over a pause, a foot be inverted after it.
"""

from __future__ import annotations

import re

_PAUSE = re.compile(r'[,;:.!?—–―…()\[\]{}"“”„«»/|]|\s[-‐‑−]|[-‐‑−]{2}')
"""Punctuation that makes a pause. Of hyphens, those that stand for a dash: after a space, or two.

An apostrophe makes none, because it can't be told from a single quotation mark there. A hyphen
between letters (*sea-foot*) or after the first half of a pair (*sea- and sky-blue*) makes none.
"""


def is_pause(between: str) -> bool:
    """Return whether a speaker pauses between two words.

    Args:
        between: the text from the end of one to the start of the other.
    """
    return between != " " and _PAUSE.search(between) is not None
