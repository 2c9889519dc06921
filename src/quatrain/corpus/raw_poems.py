"""The interface of a file format: what its reader gets, and the raw poems that it yields.

`formats` lists the readers; `reader` calls them and cleans what they yield.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from quatrain.config import Cleaning
from quatrain.corpus.cleaning import Tally
from quatrain.errors import CorpusError
from quatrain.records import Paratext


@dataclass(frozen=True)
class ReadContext:
    """Settings and counts that a reader gets beside the path of its file.

    Attributes:
        column: the column that holds the poems, as the user named it, for a table.
        cleaning: the user's settings, the encoding among them.
        tally: counts what the reader finds, such as the encoding.
        with_fields: whether the other columns of a table are wanted, too.
        facts: the columns that hold title, author, form or id, as the user named them.
        sets_aside: whether a row that can't be read is noted and passed over.
    """

    column: str | None
    cleaning: Cleaning
    tally: Tally
    with_fields: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    sets_aside: bool = False

    def refuse(self, error: CorpusError, line: int) -> None:
        """Set a row aside, or raise the error.

        Raises:
            CorpusError: rows are not set aside, or too many were.
        """
        if not self.sets_aside:
            raise error
        self.tally.set_aside(line, str(error))


NO_FIELDS: Mapping[str, object] = {}
"""Fields of a poem whose file says nothing else; plain, because poems go to other processes."""


class RawPoem(NamedTuple):
    """A poem as its file has it.

    Attributes:
        text: the verse, with blank lines between stanzas.
        title, author, form: as the file gives them, or empty.
        paratexts: what stands beside the verse, such as a dedication.
        line: number of its first line of verse in the file, or of its row; 0 if unknown.
        id: its identifier in the file, or empty.
        fields: what else the file says of it: the other columns of a table, as JSON has values.
    """

    text: str
    title: str = ""
    author: str = ""
    form: str = ""
    paratexts: tuple[Paratext, ...] = ()
    line: int = 0
    id: str = ""
    fields: Mapping[str, object] = NO_FIELDS


class RawBatch(NamedTuple):
    """Some poems of a file.

    Attributes:
        poems: the poems, in the file's order.
        done: bytes of the file read so far.
    """

    poems: list[RawPoem]
    done: int


def one_line(value: object) -> str:
    """Return a title or name on one line, without what a terminal would obey; "" if none."""
    if not isinstance(value, str):
        return ""
    return "".join(filter(str.isprintable, " ".join(value.split())))


_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair, which JSON can escape and no file in UTF-8 can hold."""


def json_value(value: object) -> object:
    """Return a cell as JSON has values; bytes, and what else JSON has no word for, become None.

    Dates and times become ISO 8601 text, decimal numbers text with all their digits, NaN and
    infinity None. Half of a surrogate pair becomes U+FFFD, the replacement character.
    """
    if isinstance(value, str):
        return _HALF_CHARACTER.sub("\ufffd", value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return json_object(value)
    if isinstance(value, list | tuple):
        return [json_value(part) for part in value]
    return None


def json_object(values: Mapping[str, object]) -> dict[str, object]:
    """Return cells by name as a JSON object; see `json_value`."""
    return {_HALF_CHARACTER.sub("\ufffd", str(name)): json_value(v) for name, v in values.items()}
