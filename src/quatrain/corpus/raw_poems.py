"""The interface of a file format: what its reader gets, and the raw poems that it yields.

`formats` lists the readers; `reader` calls them and cleans what they yield.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from quatrain.config import Cleaning
from quatrain.corpus.cleaning import Tally
from quatrain.records import Paratext


@dataclass(frozen=True)
class ReadContext:
    """Settings and counts that a reader gets beside the path of its file.

    Attributes:
        column: the column that holds the poems, as the user named it, for a table.
        cleaning: the user's settings, the encoding among them.
        tally: counts what the reader finds, such as the encoding.
    """

    column: str | None
    cleaning: Cleaning
    tally: Tally


class RawPoem(NamedTuple):
    """A poem as its file has it.

    Attributes:
        text: the verse, with blank lines between stanzas.
        title, author, form: as the file gives them, or empty.
        paratexts: what stands beside the verse, such as a dedication.
        line: number of its first line of verse in the file, or of its row; 0 if unknown.
    """

    text: str
    title: str = ""
    author: str = ""
    form: str = ""
    paratexts: tuple[Paratext, ...] = ()
    line: int = 0


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
