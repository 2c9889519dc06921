"""Names that users give, made into names of files and folders that stay where they are put.

`file_name` takes whatever a browser or an attacker sends as the name of a file, and `title` the
name of a corpus or of a poet. Both return one component of a path, which no system reads as
anything else.
"""

from __future__ import annotations

import re
import unicodedata

from quatrain.errors import SettingsError

MOST_BYTES = 120
"""Bytes of a name in UTF-8; file systems take 255, and an ending may be added."""

_FORBIDDEN = re.compile(r'[<>:"|?*\\/]')
"""Characters that one system or another does not take in a file's name."""

_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""Names of devices on Windows, with any ending."""

_OPTION = re.compile(r"(?:^| )--\w")
"""An option of the command line."""

_SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z-])")
"""The space between two sentences; one of them may begin with an option."""

_IN_TITLES = " -_',&()"
"""Characters that a title may have besides letters, marks and figures."""


def file_name(raw: str) -> str:
    """Return a name for an uploaded file: the last part of its path, without what can do harm.

    The suffix stays, because it says how the file is read. A name of which nothing remains
    becomes "text".
    """
    name = unicodedata.normalize("NFC", raw.encode("utf-8", "replace").decode("utf-8"))
    name = re.split(r"[\\/]", name)[-1]
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    name = " ".join(_FORBIDDEN.sub("_", name).split()).lstrip(". ").rstrip(". ")
    stem, dot, suffix = name.partition(".")
    if len(suffix) > 20:  # a sentence with a full stop, not a suffix
        stem, dot, suffix = (
            name.rpartition(".") if len(name.rpartition(".")[2]) <= 20 else (name, "", "")
        )
    ending = f"{dot}{suffix}"
    name = f"{_cut(stem, MOST_BYTES - len(ending.encode()))}{ending}"
    if not stem.strip("_ ."):
        name = f"text{ending}"
    return f"_{name}" if _RESERVED.fullmatch(name) else name


def numbered(name: str, number: int) -> str:
    """Return the name of the `number`-th file with a name: "a.txt", "a-2.txt", "a-3.txt"."""
    stem, dot, suffix = name.partition(".")
    return name if number == 1 else f"{stem}-{number}{dot}{suffix}"


def title(raw: str, what: str) -> str:
    """Return the name of a corpus or a poet as it is shown, and as its folder is called.

    Letters of every script, figures, spaces and a few marks stay.

    Args:
        raw: the name as the user gave it.
        what: what it is the name of, for the error.

    Raises:
        SettingsError: nothing readable remains of it.
    """
    text = unicodedata.normalize("NFC", raw.encode("utf-8", "replace").decode("utf-8"))
    text = "".join(
        sign if sign in _IN_TITLES or unicodedata.category(sign)[0] in "LMN" else " "
        for sign in text
    )
    name = _cut(" ".join(text.split()).strip("-_',& "), MOST_BYTES)
    if not any(unicodedata.category(sign)[0] in "LN" for sign in name):
        raise SettingsError(
            f"the name of the {what}",
            repr(raw) if len(raw) <= 40 else "a name without letters",
            "a name with at least one letter or figure",
            "Choose another name.",
            message=f"The {what} needs a name with at least one letter or figure.",
        )
    return f"_{name}" if _RESERVED.fullmatch(name) else name


def without_options(text: str) -> str:
    """Return a text without its sentences on options of the command line, which a page has not."""
    return " ".join(part for part in _SENTENCE.split(text) if not _OPTION.search(part))


def _cut(text: str, most: int) -> str:
    """Return the beginning of a text, at most `most` bytes of UTF-8."""
    return text.encode()[:most].decode("utf-8", "ignore").strip()
