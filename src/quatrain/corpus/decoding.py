"""Decoding of text files, without silent guesses.

`encoding_of` finds a file's encoding, and `blocks` yields its text with plain line ends. A byte
order mark decides; then strict UTF-8; then `detection`, whose choice is reported with its
confidence. A file that is UTF-8 but for some bytes, or in no encoding that can be recognised, is
not read.
"""

from __future__ import annotations

import codecs
import string
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from quatrain.corpus.detection import detect, line_of
from quatrain.corpus.line_ends import plain_line_ends, unfinished_end
from quatrain.errors import CorpusError, SettingsError

BLOCK = 4 * 2**20
"""Bytes read at a time."""

LONGEST_LINE = 10_000
"""Characters in the longest line taken for verse. Whitman's longest have about 1,500."""

_PRINTABLE = frozenset(string.printable.encode())
_UNREADABLE = frozenset({"Cc", "Cn", "Co", "Cs"})
"""Unicode categories that text hardly has: control, unassigned, private, surrogate."""
_MOST_UNREADABLE = 0.1
"""Share of such characters above which marked bytes are not text."""
_SHORTEST_MARKED = 3
"""Characters beyond ASCII after a mark of UTF-16 that are enough to be text."""
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(path: Path, requested: str | None) -> tuple[str, str]:
    """Find a text file's encoding by reading all of it once, a block at a time.

    Args:
        path: the file.
        requested: the encoding that the user named; None to detect it.

    Returns:
        The codec's name, and how it was found, to be reported.

    Raises:
        CorpusError: the file is empty, binary, not in the encoding asked for, in none that
            can be detected, or has a line longer than `LONGEST_LINE`.
        SettingsError: the encoding asked for does not exist.
    """
    if requested is not None:
        check_encoding(requested)
        _check(path, requested)
        return requested, f"{requested} (asked for)"
    with path.open("rb") as file:
        start = file.read(4)
    for mark, encoding in _BYTE_ORDER_MARKS:
        if start.startswith(mark):
            _check(path, encoding)
            _check_mark(path, encoding)
            return encoding, f"{encoding} (byte order mark)"
    try:
        _check(path, "utf-8")
    except UndecodableError as error:
        encoding, confidence = detect(path, error.position)
        _check(path, encoding)
        return encoding, f"{encoding} (detected, confidence {confidence:.2f})"
    return "utf-8", "utf-8"


def check_encoding(name: str) -> None:
    """Raise `SettingsError` unless `name` is a text encoding."""
    try:
        "".encode(name)
    except (LookupError, ValueError):  # ValueError: 'undefined' encodes nothing
        raise SettingsError(
            "setting 'encoding'",
            repr(name),
            "an encoding Python knows, such as 'utf-8', 'latin-1' or 'cp1252'",
            "Correct the name.",
        ) from None


def blocks(path: Path, encoding: str) -> Iterator[tuple[str, int, int]]:
    """Read a file's text, with every line end turned into a line feed.

    Yields:
        A text of up to `BLOCK` bytes, how many line ends were other than a line feed, and
        how many bytes have been read so far.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    held = ""
    done = 0
    last = False
    with path.open("rb") as file:
        while not last:
            data = file.read(BLOCK)
            last = len(data) < BLOCK
            done += len(data)
            text = held + _decoded(decoder, data, last, path, encoding)
            held = "" if last else unfinished_end(text)
            yield *plain_line_ends(text.removesuffix(held)), done


def check_lines(text: str, where: str, longest: int = LONGEST_LINE) -> None:
    """Raise `CorpusError` if `text` has a line too long to be verse.

    Jumps from line break to line break, as far as the limit lets it, so that a text of
    short lines costs one search per `longest` characters.
    """
    at = -1
    while len(text) - at > longest + 1:
        after = text.rfind("\n", at + 1, at + longest + 2)
        if after < 0:
            raise too_long(f"{where}, line {text.count(chr(10), 0, at + 1) + 1}")
        at = after


def too_long(where: str) -> CorpusError:
    """Return the error for a line that cannot be verse."""
    return CorpusError(
        where,
        f"a line of more than {LONGEST_LINE:,} characters",
        "verse, with a line break at the end of every line",
        "Break the text into lines, or leave the file out.",
        message=f"{where}: a line of more than {LONGEST_LINE:,} characters can't be verse.",
    )


class UndecodableError(CorpusError):
    """A byte that is not in the encoding tried.

    Attributes:
        position: where in the file it stands, from 0.
    """

    def __init__(self, path: Path, encoding: str, byte: int, position: int) -> None:
        self.position = position
        super().__init__(
            f"{path}, line {line_of(path, position)}",
            f"the byte 0x{byte:02x} at position {position:,}",
            f"text in {encoding}",
            "Name the text's own encoding with --encoding, or save the file as UTF-8.",
        )


def binary(path: Path) -> CorpusError:
    """Return the error for a file that is not text."""
    return CorpusError(
        str(path),
        "bytes that are not text",
        "a text file",
        "Leave the file out. If it is text in UTF-16, use --encoding utf-16-le or "
        "--encoding utf-16-be.",
        message=f"{path} is not a text file.",
    )


def unmarked(path: Path, encoding: str, error: UnicodeError) -> CorpusError:
    """Return the error for a file that lacks the byte order mark it needs."""
    return CorpusError(
        str(path),
        f"no text in {encoding} ({error})",
        "text in the encoding asked for",
        "UTF-16 without a byte order mark is read with --encoding utf-16-le, or else utf-16-be.",
    )


def _decoded(
    decoder: codecs.IncrementalDecoder, data: bytes, final: bool, path: Path, encoding: str
) -> str:
    try:
        return decoder.decode(data, final)
    except UnicodeDecodeError as error:
        raise UndecodableError(path, encoding, error.object[error.start], error.start) from None
    except UnicodeError as error:
        raise unmarked(path, encoding, error) from None


def _check_mark(path: Path, encoding: str) -> None:
    """Raise `CorpusError` if the bytes after a byte order mark are not text of its encoding.

    Two bytes make a mark of UTF-16, and nearly any two that follow make a character, so that
    junk reads as Chinese.
    """
    with path.open("rb") as file:
        data = file.read(2**16)
    text = codecs.getincrementaldecoder(encoding)("strict").decode(data)
    unreadable = sum(
        unicodedata.category(character) in _UNREADABLE and not character.isspace()
        for character in text
    )
    too_short = (
        len(text.lstrip("\ufeff")) < _SHORTEST_MARKED and not text.lstrip("\ufeff").isascii()
    )
    if too_short or unreadable > _MOST_UNREADABLE * len(text):
        raise binary(path)
    if encoding == "utf-16" and all(byte in _PRINTABLE for byte in data[2:]):
        raise CorpusError(
            str(path),
            "a byte order mark of UTF-16 before text in single bytes",
            "text in UTF-16 after the mark",
            "Take the mark off, or name the encoding, for example with --encoding utf-16.",
            message=f"{path} starts with the mark of UTF-16, but its text is not in UTF-16.",
        )


def _check(path: Path, encoding: str) -> None:
    """Read the whole file once: it must decode, be text and have lines of verse."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    done = lines = run = 0
    blank = True
    with path.open("rb") as file:
        while True:
            data = file.read(BLOCK)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(data, not data)
            except UnicodeDecodeError as error:
                if b"\0" in data:
                    raise binary(path) from None
                position = done - pending + error.start
                byte = error.object[error.start]
                raise UndecodableError(path, encoding, byte, position) from None
            except UnicodeError as error:
                raise unmarked(path, encoding, error) from None
            if "\0" in text:
                raise binary(path)
            blank = blank and not text.strip()
            ends, _ = plain_line_ends(text)
            first = ends.find("\n")
            if run + (first if first >= 0 else len(ends)) > LONGEST_LINE:
                raise too_long(f"{path}, line {lines + 1}")
            if first >= 0:
                try:
                    check_lines(ends, "")
                except CorpusError as error:
                    within = int(error.where.rsplit(" ", 1)[1])
                    raise too_long(f"{path}, line {lines + within}") from None
                run = len(ends) - ends.rfind("\n") - 1
            else:
                run += len(ends)
            lines += ends.count("\n")
            done += len(data)
            if not data:
                break
    if blank:
        raise CorpusError(
            str(path),
            "an empty file" if not done else "nothing but blank space",
            "verse",
            "Check that this is the file you meant.",
            message=f"{path} is empty." if not done else f"{path} holds nothing but blank space.",
        )
