"""Decoding of text files, without silent guesses.

`encoding_of` finds a file's encoding, and `blocks` yields its text with plain line ends. A byte
order mark decides; then strict UTF-8; then charset-normalizer, whose choice is reported with its
confidence. If even that is undecided, the user is asked.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from quatrain.errors import CorpusError, SettingsError

BLOCK = 4 * 2**20
"""Bytes read at a time."""

LONGEST_LINE = 10_000
"""Characters in the longest line taken for verse. Whitman's longest have about 1,500."""

_SAMPLE = 2**18
"""Bytes shown to the detector."""
_WESTERN = "cp1252"
_MARGIN = 0.06
"""Confidence by which another encoding must beat cp1252."""
_LEAST = 0.05
"""Confidence below which nothing counts as detected."""
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
            return encoding, f"{encoding} (byte order mark)"
    try:
        _check(path, "utf-8")
    except UndecodableError as error:
        encoding, confidence = _detected(path, error.position)
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
    with path.open("rb") as file:
        while data := file.read(BLOCK):
            done += len(data)
            text = held + _decoded(decoder, data, False, path, encoding)
            held = "\r" if text.endswith("\r") else ""
            text = text.removesuffix(held)
            yield *_plain_ends(text), done
        yield *_plain_ends(held + _decoded(decoder, b"", True, path, encoding)), done


def _plain_ends(text: str) -> tuple[str, int]:
    if "\r" not in text:
        return text, 0
    return text.replace("\r\n", "\n").replace("\r", "\n"), text.count("\r")


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
            str(path),
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
            ends = text.replace("\r", "\n") if "\r" in text else text
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
            lines += text.count("\n")
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


def _detected(path: Path, position: int) -> tuple[str, float]:
    """Ask charset-normalizer about the text around the first byte that is not UTF-8.

    The confidence is its share of plausible characters times its likeness to a language.
    cp1252 is taken if it is as good within `_MARGIN`: most old files of Western Europe are
    in it, and its neighbours differ from it in letters those languages do not have.
    """
    from charset_normalizer import CharsetMatch, from_bytes

    def confidence(match: CharsetMatch) -> float:
        return (1.0 - match.chaos) * match.coherence

    with path.open("rb") as file:
        file.seek(max(0, position - _SAMPLE // 4))
        sample = file.read(_SAMPLE)
    matches = from_bytes(sample)
    best = matches.best()
    if best is None or (len(matches) > 1 and confidence(best) < _LEAST):
        raise CorpusError(
            str(path),
            f"bytes in no known encoding (the first at position {position:,})",
            "text in UTF-8, or in an encoding you name",
            "Name it, for example with --encoding latin-1.",
            message=f"{path}: the encoding can't be detected "
            f"(the first byte that is not UTF-8 is at position {position:,}).",
        )
    for match in matches:
        if _WESTERN in match.could_be_from_charset:
            if confidence(match) >= confidence(best) - _MARGIN:
                return _WESTERN, confidence(match)
            break
    return best.encoding, confidence(best)
