"""The difference between two lines, in a few words.

In: a line as it is, and another for its place. Out: phrases such as "one word fewer" or "ends in
*worn*", computed from the two.
"""

from __future__ import annotations

from collections.abc import Sequence

from quatrain.form import ARTICLES, LIGHT_WORDS
from quatrain.poet import tokens

LEAST_SHARED = 3
"""Words at a line's beginning or end from which it is worth saying that they were kept."""

MOST_DIFFERENT = 1
"""Words by which lines differ that are named: no more fit beside the line."""

_NAMES = {
    "inversion": "with an inversion",
    "feminine": "with a feminine ending",
    "headless": "headless",
    "anapaest": "with an anapaest",
}
"""Licence, as readings name it -> phrase."""


def differences(
    before: str, after: str, *, licences: tuple[Sequence[str], Sequence[str]] = ((), ())
) -> list[str]:
    """Return how a line differs from the one it may replace, in phrases; the most telling first.

    Args:
        before: the line as it is; empty if there is none yet.
        after: the other line.
        licences: the metrical licences that each of the two takes.
    """
    old, new = _words(before), _words(after)
    if not old:
        return [*_end([], new), *_names([], new)]
    return _changed_words(old, new) or [
        *_kept(old, new),
        *_count(old, new),
        *_licences(*licences),
        *_end(old, new),
        *_names(old, new),
        "other words",
    ]


def _words(line: str) -> list[str]:
    return [token for token in tokens.line_tokens(line) if tokens.is_word(token)]


def _changed_words(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return which word stands for which, where lines of as many words differ in one or two."""
    if len(old) != len(new):
        return []
    pairs = [(one, other) for one, other in zip(old, new, strict=True) if one != other]
    if not 0 < len(pairs) <= MOST_DIFFERENT:
        return []
    return [f"*{other}* for *{one}*" for one, other in pairs]


def _end(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return the last word, if it is another."""
    if not new:
        return []
    return ["the same last word"] if old[-1:] == new[-1:] else [f"ends in *{new[-1]}*"]


def _names(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return the words that only the new line has and that carry meaning, the longest first."""
    words = {word for word in new if word not in old} - LIGHT_WORDS - ARTICLES
    return [f"names *{word}*" for word in sorted(words, key=lambda word: (-len(word), word))]


def _kept(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return whether the beginning or the end of the line was kept."""
    first = _shared(old, new)
    last = _shared(old[::-1], new[::-1])
    if first >= LEAST_SHARED:
        return ["keeps the beginning"]
    return ["keeps the end"] if last >= LEAST_SHARED else []


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many words two lines share from their beginning on."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _licences(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Return the metrical licences that the new line takes and the old one doesn't."""
    old = {licence for name in before for licence in _NAMES if name.startswith(licence)}
    new = {licence for name in after for licence in _NAMES if name.startswith(licence)}
    return [phrase for name, phrase in _NAMES.items() if name in new and name not in old]


def _count(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return by how many words the lines differ."""
    difference = len(new) - len(old)
    if not difference:
        return []
    names = {1: "one word", 2: "two words", 3: "three words"}
    count = names.get(abs(difference), f"{abs(difference)} words")
    return [f"{count} {'more' if difference > 0 else 'fewer'}"]
