"""The columns of a table that hold the verse, its identifier, title, author and form.

`choose` takes the names of the columns and the one that the user asked for. If the user named
none, a column is taken whose name says that it holds verse, and the report tells which.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quatrain.errors import CorpusError

VERSE_NAMES = ("lines", "text", "poem", "verse", "content", "body", "poem text", "poem content")
"""Names of a column that holds verse, in lower case, with spaces for hyphens and underscores."""

_FACT_NAMES = {
    "title": ("title", "poem title", "poem name"),
    "author": ("author", "poet", "author name", "poet name"),
    "form": ("form",),
    "id": ("id", "poem id", "identifier", "xml id", "uuid"),
}
"""Names of the columns that hold what a poem record keeps, the likeliest first."""

MOST_LISTED = 12
"""Columns that an error lists, at most."""


@dataclass(frozen=True)
class Columns:
    """The columns of a table that are read, by their names in the table; "" if there is none.

    Attributes:
        verse: the column of the poems.
        title, author, form, id: the columns of these facts.
    """

    verse: str
    title: str = ""
    author: str = ""
    form: str = ""
    id: str = ""

    @property
    def names(self) -> list[str]:
        """Names of the columns that are read first, the verse before the facts."""
        columns = (self.verse, self.title, self.author, self.form, self.id)
        return [name for name in columns if name]

    def __str__(self) -> str:
        facts = [f"{fact} {getattr(self, fact)!r}" for fact in _FACT_NAMES if getattr(self, fact)]
        return repr(self.verse) + (f" ({', '.join(facts)})" if facts else "")


def choose(
    names: Sequence[str],
    requested: str | None,
    where: str,
    requested_facts: Mapping[str, str] | None = None,
) -> Columns:
    """Choose the columns to read.

    Args:
        names: the names of the table's columns, as it has them.
        requested: the column of the poems that the user named, or None.
        where: the file, for an error.
        requested_facts: the columns of title, author, form or id that the user named.

    Raises:
        CorpusError: there is no such column, or none or several that could hold the verse, or
            two of one name.
    """
    verse = _verse_column(names, requested, where)
    facts = {
        fact: next((name for kind in kinds for name in _called(names, kind) if name != verse), "")
        for fact, kinds in _FACT_NAMES.items()
    }
    for fact, name in (requested_facts or {}).items():
        facts[fact] = _column(names, name, where)
    columns = Columns(verse, **facts)
    counts = Counter(names)
    for name in columns.names:
        if counts[name] > 1:
            raise CorpusError(
                where,
                f"{counts[name]} columns named {name!r}",
                "one column of that name",
                "Rename or remove the others.",
                message=f"{where} has {counts[name]} columns named {name!r}.",
            )
    return columns


def obvious(names: Sequence[str]) -> list[str]:
    """Return the columns whose names say that they hold verse."""
    return list(dict.fromkeys(name for kind in VERSE_NAMES for name in _called(names, kind)))


def listed(names: Sequence[str]) -> str:
    """Return names for an error, the first ones if there are many."""
    shown = ", ".join(f"{name!r:.60}" for name in names[:MOST_LISTED])
    more = len(names) - MOST_LISTED
    return (f"{shown} and {more:,} more" if more > 0 else shown) or "none"


def _column(names: Sequence[str], requested: str, where: str) -> str:
    """Return a column that the user named, if there is one."""
    if requested in names:
        return requested
    near = difflib.get_close_matches(requested, names[:1000], n=1, cutoff=0.4)
    near = _called(names, requested) or near
    raise CorpusError(
        where,
        f"no column {requested!r}",
        "a column of the table",
        f"Did you mean {near[0]!r}?" if near else f"The columns are: {listed(names)}.",
        message=f"{where} has no column {requested!r}.",
    )


def _verse_column(names: Sequence[str], requested: str | None, where: str) -> str:
    if requested is not None:
        return _column(names, requested, where)
    candidates = list(names) if len(names) == 1 else obvious(names)
    if len(candidates) != 1:
        several = f", and {' and '.join(map(repr, candidates))} could each hold the poems"
        raise CorpusError(
            where,
            f"a table with the columns {listed(names)}",
            "the name of the one that holds the poems",
            "Name the one that holds the poems with --column.",
            message=f"{where} is a table with the columns {listed(names)}"
            f"{several if candidates else ''}.",
        )
    return candidates[0]


def _called(names: Sequence[str], kind: str) -> list[str]:
    """Return the columns of a name, whatever its capitals, hyphens and underscores."""
    return [name for name in names if _plain(name) == _plain(kind)]


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())
