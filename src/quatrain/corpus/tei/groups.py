"""Groups of lines: poem or stanza?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quatrain.corpus.tei.document import Document

_POEMS = frozenset({"poem", "sonnet"})
"""Types of a group or a division that is a poem."""

_STANZAS = frozenset(
    {
        *("stanza", "strophe", "antistrophe", "epode", "stave", "verseparagraph", "para"),
        *("couplet", "tercet", "terzet", "quatrain", "cinquain", "quintain", "quintet"),
        *("sestet", "sexain", "sixain", "septet", "octave", "octet"),
        *("refrain", "chorus", "burden", "envoi", "envoy"),
    }
)
"""Types of a group that is part of a poem: the names that books on verse have for stanzas."""


def is_poem_or_more(document: Document, group: Any, division: Any) -> bool:
    """Return whether a group outside poems is a poem, or holds poems, rather than being a stanza.

    A type such as "quatrain" makes a stanza of it even if it has a head (a number, mostly) or holds
    groups. A neighbour of this type does the same: in a sonnet of the TEI Guidelines, three
    quatrains are in a group, and the couplet stands after it.

    Args:
        document: the document.
        group: the group.
        division: the division it stands in, None if none.
    """
    kind = group.get("type")
    if kind in _POEMS:
        return True
    if kind in _STANZAS or (division is not None and division.get("type") in _POEMS):
        return False
    names = [document.name(child) for child in group.iterchildren("*")]
    if "head" in names:
        return True
    if not any(name.startswith("lg") for name in names):
        return False
    return not any(neighbour.get("type") in _STANZAS for neighbour in _neighbours(group))


def holds_poems(document: Document, group: Any) -> bool:
    """Return whether a group that is no poem itself holds groups that are."""
    return group.get("type") not in _POEMS and any(
        child.get("type") in _POEMS and document.name(child).startswith("lg")
        for child in group.iterchildren("*")
    )


def _neighbours(element: Any) -> Iterator[Any]:
    """Yield the element before and the element after another, if there are any."""
    for neighbour in (element.getprevious(), element.getnext()):
        if neighbour is not None and isinstance(neighbour.tag, str):
            yield neighbour
