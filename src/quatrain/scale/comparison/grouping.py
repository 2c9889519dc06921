"""The keys of a poem, such as its author and decade, and the groups that they make."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from quatrain.errors import SettingsError

Label: TypeAlias = tuple[str | None, ...]
"""The values of the keys of a poem; None where the source does not say."""

COLUMNS = ("author", "year", "form", "foot", "metre")
"""Columns of `poems` that are keys."""

PERIODS: Mapping[str, int] = {"decade": 10, "century": 100}
"""Keys made of the year, and their years."""

FOLDER = "results"
"""Key whose value is the folder of results, if there are several."""

_CHRONOLOGICAL = frozenset(("year", *PERIODS))
_MOST_FIELDS = 200
"""Names of fields that are kept for the message that one is unknown."""


@dataclass
class Labels:
    """Reads the keys of poems; `of` remembers which fields there are.

    Attributes:
        by: the keys.
        fields: names of fields that poems have.
    """

    by: tuple[str, ...]
    fields: set[str] = field(default_factory=set)

    def of(self, poem: Mapping[str, Any]) -> Label:
        """Return the values of the keys of a row of `poems`."""
        fields: Mapping[str, Any] = {}
        if self.needs_fields:
            fields = json.loads(poem["fields"] or "{}")
            if len(self.fields) < _MOST_FIELDS or not self.fields.issuperset(self.by):
                self.fields.update(fields)
        return tuple(_value(key, poem, fields) for key in self.by)

    @property
    def needs_fields(self) -> bool:
        """Whether a key is a field of the source."""
        return any(key not in COLUMNS and key not in PERIODS for key in self.by)

    def check(self) -> None:
        """Raise an error if a key is no field of any poem.

        Raises:
            SettingsError: as said.
        """
        for key in self.by:
            if key in COLUMNS or key in PERIODS or key in self.fields:
                continue
            known = [*COLUMNS, *PERIODS, *sorted(self.fields)]
            near = difflib.get_close_matches(key, known, 1)
            raise SettingsError(
                "--by",
                repr(key),
                ", ".join(known),
                f"Did you mean {near[0]!r}?" if near else "Choose some of them.",
                message=f"No poem has the key {key!r}. The keys are {', '.join(known)}.",
            )


def keys_of(by: str) -> tuple[str, ...]:
    """Return the keys in a text such as "author,decade".

    Raises:
        SettingsError: a key is empty or named twice.
    """
    keys = tuple(key.strip() for key in by.split(",")) if by else ()
    if "" in keys or len(set(keys)) < len(keys):
        raise SettingsError(
            "--by",
            repr(by),
            "different keys with commas between them, such as author,decade",
            "Name every key once.",
        )
    return keys


def name_of(label: Label, by: Sequence[str]) -> str:
    """Return the name of a group."""
    return ", ".join(
        f"no {key}" if value is None else value for key, value in zip(by, label, strict=True)
    )


def in_order(counts: Counter[Label], by: Sequence[str], folders: Sequence[str]) -> list[Label]:
    """Return labels in reading order: by name and time; of one key that is no time, by size.

    Args:
        counts: number of poems by label.
        by: the keys.
        folders: values of the key `FOLDER`, in their order.
    """
    if len(by) == 1 and by[0] not in {FOLDER, *_CHRONOLOGICAL}:
        return sorted(counts, key=lambda label: (label[0] is None, -counts[label], label))
    return sorted(
        counts,
        key=lambda label: [_place(*part, folders) for part in zip(by, label, strict=True)],
    )


def _place(key: str, value: str | None, folders: Sequence[str]) -> tuple[bool, int, str]:
    if value is None:
        return (True, 0, "")
    if key == FOLDER:
        return (False, folders.index(value), "")
    return (False, _first_year(value) if key in _CHRONOLOGICAL else 0, value)


def _first_year(text: str) -> int:
    """Return a number that orders years, decades and centuries."""
    number = int(text.split(" ")[0].rstrip("sthndr"))
    return -number if text.endswith("BC") else number


def _value(key: str, poem: Mapping[str, Any], fields: Mapping[str, Any]) -> str | None:
    if key in PERIODS:
        year = poem["year"]
        return None if year is None else _period(int(year), PERIODS[key])
    value = poem[key] if key in COLUMNS else fields.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _period(year: int, years: int) -> str:
    if years == PERIODS["decade"]:
        return f"{year // years * years}s"
    # The 19th century is 1801 to 1900; there is no year 0, so it counts as 1 BC.
    number = (year - 1) // years + 1 if year > 0 else -year // years + 1
    return f"{number}{_ordinal(number)} century{'' if year > 0 else ' BC'}"


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
