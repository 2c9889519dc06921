"""Archaic words: which they are, and how many a text has.

In: verse. Out: its archaic tokens, and their number among a thousand words. The list is
`data/archaic.tsv`; `scripts/prepare_diction.py` makes it, and says from what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from quatrain.form import SUBJECT_PRONOUNS
from quatrain.poet import tokens
from quatrain.poet.scoring import Poems, list_poems

SHIPPED = Path(__file__).parents[1] / "data" / "archaic.tsv"
"""The list: a word, and the rule that marks it."""

UNCOUNTED = frozenset({"ambiguous", "stem"})
"""Rules whose words are not archaic wherever they stand.

An ambiguous word, as *wilt*, has a sense of today, and a stem, as *lov*, stands before 'd, which
counts itself.
"""

BEFORE_D = (SUBJECT_PRONOUNS - {"thou", "ye"}) | {
    "who", "that", "there", "what", "where", "how", "why", "here", "this", "one", "someone",
    "everyone", "nobody", "somebody", "nothing",
}  # fmt: skip
"""Words after which 'd is *would* or *had*, as today; after others it is a past tense: *walk'd*."""


@cache
def archaic_words() -> Mapping[str, str]:
    """Return the archaic words: word -> the rule of scripts/prepare_diction.py that marks it."""
    rows = SHIPPED.read_text(encoding="utf-8").splitlines()
    return MappingProxyType(dict(row.split("\t") for row in rows))


def archaic_tokens(line: Sequence[str]) -> list[str]:
    """Return the archaic ones among the tokens of a line, in their order.

    Args:
        line: tokens as `quatrain.poet.tokens.line_tokens` returns them.
    """
    archaic = archaic_words()
    return [
        word
        for word, previous in zip(line, ("'", *line), strict=False)
        if archaic.get(word, "ambiguous") not in UNCOUNTED
        or (word == "'d" and tokens.is_word(previous) and previous not in BEFORE_D)
    ]


def archaic_rate(poems: Poems) -> float:
    """Return how many of a thousand words of some verse are archaic.

    A past tense in 'd counts as one. Ambiguous words, as *wilt* and *art*, do not count.

    Example:
        archaic_rate("Thou art my love") == 250.0

    Args:
        poems: a poem, a text or lines; several poems; a `Corpus`; or the `Path` of a file.

    Raises:
        CorpusError: there are no poems, or `poems` is something else.
    """
    words = archaic = 0
    for poem in list_poems(poems):
        for line in poem.lines:
            line_tokens = tokens.line_tokens(line.text)
            words += sum(tokens.is_word(token) for token in line_tokens)
            archaic += len(archaic_tokens(line_tokens))
    return 1000.0 * archaic / max(words, 1)
