"""Reads the TOML of a form, strictly.

In: the text of a form's file. Out: a `Form`. An unknown key or a value that cannot be is an
error with the line it stands on and the nearest name that exists.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from quatrain.errors import FormError
from quatrain.form.contradictions import (
    MAX_LINES,
    check_carry,
    check_refrains,
    check_stanzas,
    check_values,
    shown,
)
from quatrain.form.form import DEFAULT_RHYMES, Form
from quatrain.form.metre import COUNT_LICENCES, FEET, LICENCES
from quatrain.records.scansion import NUMBERS
from quatrain.text_files import toml_table

MOST_FEET = 12
"""Feet of the longest metre that a form may name."""

ANY_METRE = "any"
"""Value of `metre` that asks for one metre in all lines, whichever it is."""

MAX_SHOWN = 100
"""Characters of a wrong value that its error repeats: enough to know it again."""

RHYME_KINDS = (
    "perfect",
    "rich",
    "mosaic",
    "promoted",
    "identical",
    "historical",
    "family",
    "slant",
    "eye",
    "assonance",
    "consonance",
)
"""Kinds of rhyme a form may allow; docs/rhyme.md defines them."""

_KEYS: dict[str, type | tuple[type, ...]] = {
    "title": str, "about": str, "stanzas": list, "again": list, "chain": bool, "close": list,
    "metre": (str, list), "allow": list, "syllables": (int, list), "rhymes": list,
    "refrains": dict, "carry": list, "end_words": list, "acrostic": str, "least": int,
    "usual": str, "variants": dict, "rentrement": list, "gaps": list, "indents": list,
}  # fmt: skip
_TYPE_NAMES: dict[type, str] = {
    bool: "true or false",
    dict: "a table",
    int: "a whole number",
    list: "a list",
    str: "a text",
}
_METRE = re.compile(r"(\w+) ([0-9]{1,2})")

_LINE_NUMBER = re.compile(r"[0-9]{1,4}")
"""A line's number as the key of a table; no form has more than `MAX_LINES` lines."""


def parse(text: str, name: str, where: str) -> Form:
    """Return the form that the text of a TOML file describes.

    Args:
        text: the text.
        name: the name of the form.
        where: the file, for error messages.

    Raises:
        FormError: a key is unknown, a value is not allowed, or two values contradict.
    """
    try:
        table = toml_table(text)
    except ValueError as error:
        raise FormError(where, str(error), "TOML", "Correct the line.") from error
    parser = _Parser(text, where)
    parser.check_keys(table)
    variants = table.pop("variants", {})
    form = parser.form(name, table)
    return replace(form, variants=tuple(parser.variants(table, variants)))


def parse_metre(text: str) -> tuple[str, int] | None:
    """Return the foot and the number of feet of a metre; None if it is none.

    It is written `iambic 5`, or as a check names it: `iambic pentameter`.
    """
    foot, _, name = text.partition(" ")
    if foot in FEET and name in NUMBERS:
        return foot, NUMBERS.index(name) + 1
    match = _METRE.fullmatch(text)
    if match is None or match[1] not in FEET or not 1 <= int(match[2]) <= MOST_FEET:
        return None
    return match[1], int(match[2])


class _Parser:
    """Turns the table of a TOML file into a form, and finds the line an error stands on."""

    def __init__(self, text: str, where: str) -> None:
        self._lines = text.splitlines()
        self._where = where

    def error(self, key: str, found: str, wanted: str, remedy: str) -> FormError:
        """Return an error that names the line with `key`."""
        if len(found) > MAX_SHOWN:
            found = f"{found[:MAX_SHOWN]}..."
        for number, line in enumerate(self._lines, 1):
            if re.match(rf"\s*\[?(variants\.[\w-]+\.)?{re.escape(key)}\b", line):
                return FormError(f"{self._where}, line {number}", found, wanted, remedy)
        return FormError(self._where, found, wanted, remedy)

    def check_keys(self, table: dict[str, Any]) -> None:
        """Raise `FormError` for a key that is unknown, or a value of the wrong type."""
        for key, value in table.items():
            if key not in _KEYS:
                near = difflib.get_close_matches(key, _KEYS, 1)
                raise self.error(
                    key,
                    f"the key {key!r}",
                    f"one of {', '.join(_KEYS)}",
                    f"Did you mean {near[0]!r}?" if near else "Remove it.",
                )
            types = _KEYS[key]
            if not isinstance(value, types) or (isinstance(value, bool) and types is not bool):
                options = types if isinstance(types, tuple) else (types,)
                expected = " or ".join(_TYPE_NAMES[option] for option in options)
                raise self.error(key, shown(value), f"{expected} for {key!r}", "Correct the value.")

    def variants(self, table: dict[str, Any], variants: dict[str, Any]) -> Iterator[Form]:
        """Yield the variants of a form: its table, with other values for some keys.

        Raises:
            FormError: a key is unknown, a value is not allowed, or two values contradict.
        """
        for name, changes in variants.items():
            if not isinstance(changes, dict) or not changes or "variants" in changes:
                raise self.error(
                    "variants",
                    f"{name} = {shown(changes)}",
                    "a table with the keys that differ",
                    'Write for example [variants.long] and stanzas = ["ABAB"] below it.',
                )
            self.check_keys(changes)
            yield self.form(name, table | changes)

    def form(self, name: str, table: dict[str, Any]) -> Form:
        """Return the form of a table whose keys have been checked.

        Raises:
            FormError: a value is not allowed, or two values contradict.
        """
        stanzas, again, close = (self._schemes(table, key) for key in ("stanzas", "again", "close"))
        chain = table.get("chain", False)
        check_stanzas(stanzas, again, close, chain=chain, error=self.error)
        lines = sum(map(len, stanzas)) + sum(map(len, close))
        form = Form(
            name,
            title=table.get("title", name.replace("-", " ")),
            about=table.get("about", ""),
            stanzas=stanzas,
            again=again,
            chain=chain,
            close=close,
            metre=() if table.get("metre") == ANY_METRE else self._metres(table.get("metre", [])),
            one_metre=table.get("metre") == ANY_METRE,
            usual=self._usual(table),
            allow=self._choices(table, "allow", (*LICENCES, *COUNT_LICENCES)),
            syllables=self._syllables(table.get("syllables", [])),
            rhymes=self._choices(table, "rhymes", RHYME_KINDS) or DEFAULT_RHYMES,
            refrains=self._refrains(table.get("refrains", {}), lines if not again else MAX_LINES),
            rentrement=self._rentrement(table.get("rentrement", []), lines if not again else 0),
            carry=self._pairs(table.get("carry", []), again),
            end_words=self._end_words(table.get("end_words", []), stanzas),
            acrostic=table.get("acrostic", ""),
            least=table.get("least", 1),
            gaps=self._places(table, "gaps", stanzas),
            indents=self._places(table, "indents", stanzas),
        )
        check_values(form, self.error)
        check_refrains(form, self.error)
        check_carry(form, self.error)
        return form

    def _schemes(self, table: dict[str, Any], key: str) -> tuple[str, ...]:
        for scheme in table.get(key, []):
            if not isinstance(scheme, str) or not re.fullmatch(r"[A-Za-z.]+", scheme):
                raise self.error(
                    key,
                    shown(scheme),
                    "letters or dots, one per line of verse",
                    'Write for example "ABAB".',
                )
        return tuple(table.get(key, []))

    def _metres(self, value: str | list[object], key: str = "metre") -> tuple[tuple[str, int], ...]:
        metres = []
        for metre in [value] if isinstance(value, str) else value:
            text = metre if isinstance(metre, str) else ""
            parsed = parse_metre(text)
            if parsed is None:
                near = difflib.get_close_matches(text.split()[0] if text.split() else "", FEET, 1)
                hint = f"Did you mean '{near[0]} 5'?" if near else "Write for example 'iambic 5'."
                raise self.error(
                    key,
                    shown(metre),
                    f"a foot ({', '.join(FEET)}) and a number from 1 to {MOST_FEET}",
                    hint,
                )
            metres.append(parsed)
        return tuple(metres)

    def _usual(self, table: dict[str, Any]) -> tuple[str, int]:
        """Return the metre in which a form of any one metre is written."""
        if "usual" not in table:
            return Form.usual
        if table.get("metre") != ANY_METRE:
            raise self.error(
                "usual",
                "'usual' without any metre to choose from",
                f'metre = "{ANY_METRE}" beside it',
                "Remove it, or leave the metre open.",
            )
        return self._metres(table["usual"], "usual")[0]

    def _syllables(self, value: int | list[object]) -> tuple[int, ...]:
        counts: list[int] = []
        for count in [value] if isinstance(value, int) else value:
            if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= 40:
                raise self.error(
                    "syllables", shown(count), "numbers from 1 to 40", "Correct the value."
                )
            counts.append(count)
        return tuple(counts)

    def _choices(self, table: dict[str, Any], key: str, choices: Sequence[str]) -> frozenset[str]:
        for choice in table.get(key, []):
            if choice not in choices:
                near = difflib.get_close_matches(shown(choice).strip("'"), choices, 1)
                hint = f"Did you mean {near[0]!r}?" if near else "Correct the value."
                raise self.error(key, shown(choice), f"some of {', '.join(choices)}", hint)
        return frozenset(table.get(key, []))

    def _refrains(self, value: dict[str, Any], lines: int) -> dict[int, tuple[int, ...]]:
        refrains = {}
        for first, later in value.items():
            numbers = [first, *later] if isinstance(later, list) else [first]
            if len(numbers) < 2 or not all(
                _LINE_NUMBER.fullmatch(shown(number).strip("'")) for number in numbers
            ):
                raise self.error(
                    "refrains",
                    f"{first} = {shown(later)}",
                    "a line and its repeats",
                    "Write for example 1 = [6, 12].",
                )
            places = [int(number) for number in numbers]
            if sorted(set(places)) != places or not 1 <= places[0] <= places[-1] <= lines:
                raise self.error(
                    "refrains",
                    f"{first} = {shown(later)}",
                    f"rising numbers from 1 to {lines}",
                    "Correct the numbers.",
                )
            refrains[places[0]] = tuple(places[1:])
        return refrains

    def _rentrement(self, value: list[object], lines: int) -> tuple[int, ...]:
        """Return the lines that repeat the opening words of the first."""
        if not _all_lines(value, lines) or 1 in value:
            raise self.error(
                "rentrement",
                shown(value),
                f"lines from 2 to {lines}" if lines else "none beside 'again'",
                "Write for example rentrement = [9, 15].",
            )
        return tuple(number for number in value if isinstance(number, int))

    def _places(self, table: dict[str, Any], key: str, stanzas: tuple[str, ...]) -> tuple[int, ...]:
        """Return the lines that the page sets apart."""
        value, lines = table.get(key, []), sum(map(len, stanzas))
        if not _all_lines(value, lines):
            raise self.error(
                key,
                shown(value),
                f"lines from 1 to {lines}" if lines else "none without 'stanzas'",
                f"Write for example {key} = [5, 9].",
            )
        return tuple(number for number in value if isinstance(number, int))

    def _pairs(self, value: list[object], again: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
        pairs = []
        length = len(again[0]) if again else 0
        for pair in value:
            if not isinstance(pair, list) or len(pair) != 2 or not _all_lines(pair, length):
                raise self.error(
                    "carry",
                    shown(pair),
                    f"pairs of lines from 1 to {length}",
                    "Write for example carry = [[2, 1], [4, 3]].",
                )
            pairs.append((pair[0], pair[1]))
        return tuple(pairs)

    def _end_words(
        self, value: list[object], stanzas: tuple[str, ...]
    ) -> tuple[tuple[int, ...], ...]:
        if not value:
            return ()
        if not stanzas:
            raise self.error(
                "end_words",
                "'end_words' without 'stanzas'",
                "the stanzas whose lines they end",
                'Write for example stanzas = ["xxx", "xxx"].',
            )
        lengths = [len(stanza) for stanza in stanzas]
        rows: list[tuple[int, ...]] = []
        for row in value:
            if not isinstance(row, list) or not _all_lines(row, lengths[0]):
                raise self.error(
                    "end_words",
                    shown(row),
                    f"lines from 1 to {lengths[0]}",
                    "Write a row of numbers for each stanza.",
                )
            if len(rows) < len(lengths) and len(row) != lengths[len(rows)]:
                raise self.error(
                    "end_words",
                    f"{len(row)} numbers in row {len(rows) + 1}",
                    f"{lengths[len(rows)]}, one per line",
                    "Correct the row.",
                )
            rows.append(tuple(row))
        if len(rows) != len(stanzas):
            raise self.error(
                "end_words",
                f"{len(rows)} rows",
                f"{len(stanzas)}, one per stanza",
                "Write a row for each stanza.",
            )
        return tuple(rows)


def _all_lines(numbers: list[object], last: int) -> bool:
    """Return whether every number is that of a line, from 1 to `last`."""
    return all(type(number) is int and 1 <= number <= last for number in numbers)
