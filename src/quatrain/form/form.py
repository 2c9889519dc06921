"""A form, as data.

In: a TOML file, shipped or the user's. Out: a `Form`. Keys are strict: an unknown one is
told with the line it stands in and the nearest that exists. docs/forms.md explains each.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from quatrain.errors import FormError
from quatrain.form.metre import FEET, SUBSTITUTIONS, MetreAutomaton

RHYMES = ("perfect", "rich", "mosaic", "promoted", "identical", "historical", "family", "slant",
          "eye", "assonance", "consonance")  # fmt: skip
LARGEST = 64 * 1024
"""Bytes of the largest form file that is read."""

MOST_LINES = 500
"""Lines of the longest form."""

_KEYS: dict[str, type | tuple[type, ...]] = {
    "title": str, "about": str, "stanzas": list, "again": list, "chain": bool, "close": list,
    "metre": (str, list), "allow": list, "syllables": (int, list), "rhymes": list,
    "refrains": dict, "carry": list, "end_words": list, "acrostic": str, "least": int,
}  # fmt: skip
_METRE = re.compile(r"(\w+) (\d+)")


@dataclass(frozen=True)
class Form:
    """What a poem must keep.

    Attributes:
        name, title, about: what it is called and what it is.
        stanzas: the scheme of each stanza, a letter per line, x for a line that rhymes with none;
            small letters and capitals are the same letter.
        again: stanzas that follow as often as the poem likes, with letters of their own.
        chain: whether the middle rhyme of a stanza of `again` is the outer rhyme of the next.
        close: stanzas at the end of a form with `again`; its letters chain on too.
        metre: of each line in turn, repeated; empty if none is asked for.
        allow: substitutions allowed (`SUBSTITUTIONS`).
        syllables: of each line in turn, repeated; empty if none are asked for.
        rhymes: the kinds of rhyme allowed.
        refrains: number of a line, from 1 -> the lines that repeat it.
        carry: for each stanza of `again`, lines of the one before that it repeats, as pairs
            (line before, line now), from 1.
        end_words: stanza by stanza, the line of the first stanza whose last word each line ends
            in.
        acrostic: the first letters of the lines, or empty.
        least: the fewest stanzas of `again`.
    """

    name: str
    title: str
    about: str = ""
    stanzas: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    chain: bool = False
    close: tuple[str, ...] = ()
    metre: tuple[tuple[str, int], ...] = ()
    allow: frozenset[str] = frozenset()
    syllables: tuple[int, ...] = ()
    rhymes: frozenset[str] = frozenset({"perfect", "rich", "mosaic", "promoted"})
    refrains: dict[int, tuple[int, ...]] = field(default_factory=dict)
    carry: tuple[tuple[int, int], ...] = ()
    end_words: tuple[tuple[int, ...], ...] = ()
    acrostic: str = ""
    least: int = 1

    @property
    def fixed(self) -> bool:
        """Whether the number of lines is fixed."""
        return not self.again

    @property
    def shape(self) -> str:
        """The stanzas in a line: `ABAB CDCD EFEF GG`."""
        parts = list(self.stanzas)
        if self.again:
            parts += [*self.again, "..."]
        return " ".join([*parts, *self.close])

    def metre_of(self, line: int) -> MetreAutomaton | None:
        """The metre of a line, counted from 0, or None."""
        if not self.metre:
            return None
        foot, feet = self.metre[line % len(self.metre)]
        return MetreAutomaton(foot, feet, self.allow)

    def syllables_of(self, line: int) -> int | None:
        """How many syllables a line has, counted from 0, or None."""
        return self.syllables[line % len(self.syllables)] if self.syllables else None

    def laid_out(self, stanzas: int) -> list[list[str | None]]:
        """Letters of each line, stanza by stanza, for a poem of so many stanzas.

        Letters of `again` are fresh in each stanza, but for a chained one. The result may have
        another number of stanzas than asked for if the form does not allow that number.
        """
        laid = [
            [None if each in "xX" else each.upper() for each in stanza] for stanza in self.stanzas
        ]
        if not self.again:
            return laid
        fresh = len({each for row in laid for each in row if each})
        link: str | None = None
        for number in range(max(self.least, stanzas - len(self.stanzas) - len(self.close))):
            scheme = self.again[number % len(self.again)].upper()
            own = {scheme[0]: link} if self.chain and link else {}
            for each in scheme:
                if each != "X" and each not in own:
                    own[each] = _letter(fresh)
                    fresh += 1
            laid.append([own.get(each) for each in scheme])
            link = own[scheme[1]] if self.chain else None
        laid += [[link] * len(scheme) for scheme in self.close]
        return laid


def _letter(number: int) -> str:
    again, place = divmod(number, 26)
    return chr(ord("A") + place) + (str(again + 1) if again else "")


def names() -> list[str]:
    """The names of the shipped forms, sorted."""
    folder = resources.files("quatrain.form") / "forms"
    return sorted(each.name[:-5] for each in folder.iterdir() if each.name.endswith(".toml"))


ALIASES = {
    "sonnet": "shakespearean-sonnet",
    "couplets": "heroic-couplets",
    "spenserian": "spenserian-stanza",
}


def load(form: str | Path) -> Form:
    """A shipped form by its name, or a user's by the path of its file.

    Raises:
        FormError: there is no such form, or its file is not one.
    """
    name = str(form)
    if name.endswith(".toml") or "/" in name:
        path = Path(name)
        try:
            if path.stat().st_size > LARGEST:
                raise FormError(
                    name, f"{path.stat().st_size:,} bytes", f"at most {LARGEST:,}", "Shorten it."
                )
            return parse(path.read_text(encoding="utf-8"), path.stem, name)
        except (OSError, UnicodeDecodeError) as error:
            raise FormError(
                name, str(error), "a form's TOML file that can be read", "Check the path."
            ) from error
    wanted = ALIASES.get(name.lower(), name.lower())
    if wanted not in names():
        near = difflib.get_close_matches(wanted, [*names(), *ALIASES], 1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise FormError(
            "the form",
            repr(name),
            f"one of the {len(names())} that ship, or a .toml file",
            f"{hint}'quatrain forms' lists them.",
        )
    return _shipped(wanted)


def source(name: str) -> str:
    """The TOML of a shipped form.

    Raises:
        FormError: there is no such form.
    """
    wanted = load(name).name
    return _file(wanted)


def _file(name: str) -> str:
    path = resources.files("quatrain.form") / "forms" / f"{name}.toml"
    return path.read_text(encoding="utf-8")


@cache
def _shipped(name: str) -> Form:
    return parse(_file(name), name, f"{name}.toml")


def parse(text: str, name: str, where: str) -> Form:
    """A form of the text of its TOML file.

    Raises:
        FormError: a key is unknown, a value is none of those allowed, or two contradict.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FormError(where, str(error), "TOML", "Mend the line.") from error
    reader = _Reader(text, where)
    for key, value in table.items():
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, 1)
            raise reader.error(
                key,
                f"the key {key!r}",
                f"one of {', '.join(_KEYS)}",
                f"Did you mean {near[0]!r}?" if near else "Take it out.",
            )
        kinds = _KEYS[key]
        if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
            wanted = kinds.__name__ if isinstance(kinds, type) else "a value or a list"
            raise reader.error(key, repr(value), f"{wanted} for {key!r}", "Correct the value.")
    return reader.form(name, table)


class _Reader:
    """Turns a checked table into a form, and says where an error stands."""

    def __init__(self, text: str, where: str) -> None:
        self._lines = text.splitlines()
        self._where = where

    def error(self, key: str, found: str, wanted: str, remedy: str) -> FormError:
        for number, line in enumerate(self._lines, 1):
            if re.match(rf"\s*\[?{re.escape(key)}\b", line):
                return FormError(f"{self._where}, line {number}", found, wanted, remedy)
        return FormError(self._where, found, wanted, remedy)

    def form(self, name: str, table: dict[str, Any]) -> Form:
        stanzas, again, close = (self._schemes(table, key) for key in ("stanzas", "again", "close"))
        if not stanzas and not again:
            raise self.error(
                "stanzas",
                "neither 'stanzas' nor 'again'",
                "the stanzas of the form",
                'Write for example stanzas = ["ABAB"].',
            )
        lines = sum(map(len, stanzas)) + sum(map(len, close))
        if lines > MOST_LINES:
            raise self.error("stanzas", f"{lines} lines", f"at most {MOST_LINES}", "Shorten it.")
        if close and not table.get("chain"):
            raise self.error(
                "close",
                "'close' without 'chain'",
                "a chained form that it closes",
                "Add chain = true.",
            )
        if close and not again:
            raise self.error("close", "'close' without 'again'", "both", "Put it into 'stanzas'.")
        if table.get("chain") and any(len(set(each.upper())) < 2 for each in again):
            raise self.error(
                "chain",
                "a chained stanza of one rhyme",
                "at least two letters",
                'Write for example again = ["ABA"].',
            )
        form = Form(
            name,
            table.get("title", name.replace("-", " ")),
            table.get("about", ""),
            stanzas,
            again,
            table.get("chain", False),
            close,
            self._metres(table.get("metre", [])),
            self._chosen(table, "allow", tuple(SUBSTITUTIONS)),
            self._numbers(table.get("syllables", [])),
            self._chosen(table, "rhymes", RHYMES) or Form.rhymes,
            self._refrains(table.get("refrains", {}), lines if not again else MOST_LINES),
            self._pairs(table.get("carry", []), again),
            self._end_words(table.get("end_words", []), stanzas),
            table.get("acrostic", ""),
            table.get("least", 1),
        )
        if form.acrostic and form.fixed and len(form.acrostic) > lines:
            raise self.error(
                "acrostic", f"{len(form.acrostic)} letters", f"at most {lines}", "Shorten it."
            )
        if form.acrostic and not form.acrostic.isalpha():
            raise self.error("acrostic", repr(form.acrostic), "letters only", "Correct it.")
        if not 1 <= form.least <= MOST_LINES:
            raise self.error("least", str(form.least), f"1 to {MOST_LINES}", "Correct it.")
        self._agree(form)
        if form.metre and form.syllables:
            raise self.error(
                "syllables",
                "'metre' and 'syllables'",
                "one of them",
                "A metre counts its syllables itself.",
            )
        return form

    def _agree(self, form: Form) -> None:
        """Whether a refrain's lines have one rhyme, one metre and one number of syllables."""
        letters = "".join(form.stanzas).upper()
        for first, repeats in form.refrains.items():
            for later in repeats:
                one, other = first - 1, later - 1
                told = ""
                if later <= len(letters) and letters[one] != letters[other]:
                    told = f"rhymes {letters[one]} and {letters[other]}"
                elif form.metre_of(one) != form.metre_of(other):
                    told = f"metres {form.metre_of(one)} and {form.metre_of(other)}"
                elif form.syllables_of(one) != form.syllables_of(other):
                    told = "different numbers of syllables"
                if told:
                    raise self.error(
                        "refrains",
                        f"lines {first} and {later} of {told}",
                        "a line that comes back as it was",
                        "Change the refrain or the lines.",
                    )

    def _schemes(self, table: dict[str, Any], key: str) -> tuple[str, ...]:
        for each in table.get(key, []):
            if not isinstance(each, str) or not re.fullmatch(r"[A-Za-z]+", each):
                raise self.error(
                    key, repr(each), "letters, one a line", 'Write for example "ABAB".'
                )
        return tuple(table.get(key, []))

    def _metres(self, value: str | list[object]) -> tuple[tuple[str, int], ...]:
        found = []
        for each in [value] if isinstance(value, str) else value:
            match = _METRE.fullmatch(str(each))
            if match is None or match[1] not in FEET or not 1 <= int(match[2]) <= 12:
                near = difflib.get_close_matches(str(each).split()[0] if str(each) else "", FEET, 1)
                hint = f"Did you mean '{near[0]} 5'?" if near else "Write for example 'iambic 5'."
                raise self.error(
                    "metre", repr(each), f"a foot ({', '.join(FEET)}) and 1 to 12", hint
                )
            found.append((match[1], int(match[2])))
        return tuple(found)

    def _numbers(self, value: int | list[object]) -> tuple[int, ...]:
        found = [value] if isinstance(value, int) else value
        for each in found:
            if type(each) is not int or not 1 <= each <= 40:
                raise self.error("syllables", repr(each), "numbers from 1 to 40", "Correct it.")
        return tuple(each for each in found if isinstance(each, int))

    def _chosen(self, table: dict[str, Any], key: str, choices: Sequence[str]) -> frozenset[str]:
        for each in table.get(key, []):
            if each not in choices:
                near = difflib.get_close_matches(str(each), choices, 1)
                hint = f"Did you mean {near[0]!r}?" if near else "Correct it."
                raise self.error(key, repr(each), f"some of {', '.join(choices)}", hint)
        return frozenset(table.get(key, []))

    def _refrains(self, value: dict[str, Any], lines: int) -> dict[int, tuple[int, ...]]:
        found = {}
        for first, later in value.items():
            numbers = [first, *later] if isinstance(later, list) else [first]
            if len(numbers) < 2 or not all(str(each).isdecimal() for each in numbers):
                raise self.error(
                    "refrains",
                    f"{first} = {later!r}",
                    "a line and its repeats",
                    "Write for example 1 = [6, 12].",
                )
            places = [int(each) for each in numbers]
            if sorted(set(places)) != places or not 1 <= places[0] <= places[-1] <= lines:
                raise self.error(
                    "refrains",
                    f"{first} = {later!r}",
                    f"rising, 1 to {lines}",
                    "Correct the numbers.",
                )
            found[places[0]] = tuple(places[1:])
        return found

    def _pairs(self, value: list[object], again: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
        found = []
        length = len(again[0]) if again else 0
        for each in value:
            if (
                not isinstance(each, list)
                or len(each) != 2
                or not all(type(part) is int and 1 <= part <= length for part in each)
            ):
                raise self.error(
                    "carry",
                    repr(each),
                    f"pairs of lines from 1 to {length}",
                    "Write for example carry = [[2, 1], [4, 3]].",
                )
            found.append((each[0], each[1]))
        return tuple(found)

    def _end_words(
        self, value: list[object], stanzas: tuple[str, ...]
    ) -> tuple[tuple[int, ...], ...]:
        if not value:
            return ()
        lengths = [len(each) for each in stanzas]
        found: list[tuple[int, ...]] = []
        for row in value:
            if not isinstance(row, list) or not all(
                type(each) is int and 1 <= each <= lengths[0] for each in row
            ):
                raise self.error(
                    "end_words",
                    repr(row),
                    f"lines from 1 to {lengths[0]}",
                    "Give a row of numbers for each stanza.",
                )
            if len(found) < len(lengths) and len(row) != lengths[len(found)]:
                raise self.error(
                    "end_words",
                    f"{len(row)} numbers in row {len(found) + 1}",
                    f"{lengths[len(found)]}, one a line",
                    "Correct it.",
                )
            found.append(tuple(row))
        if len(found) != len(stanzas):
            raise self.error(
                "end_words",
                f"{len(found)} rows",
                f"{len(stanzas)}, one a stanza",
                "Add the rows that are missing.",
            )
        return tuple(found)
