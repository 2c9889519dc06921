"""Which encoding a text file is in, when it is neither marked nor plain UTF-8.

A file in UTF-8 with a few broken bytes must not be taken for a file in another encoding, where
every dash and every accent would turn into two or three wrong characters. So the evidence for
UTF-8 is counted first: in any other encoding, bytes hardly ever form its sequences by chance.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from quatrain.errors import CorpusError

_SAMPLE = 2**22
"""Bytes from which the evidence is counted."""
_DETECTOR_SAMPLE = 2**18
"""Bytes shown to charset-normalizer, which is slow."""
_WESTERN = "cp1252"
_MARGIN = 0.06
"""Confidence by which another encoding must beat cp1252."""
_LEAST = 0.05
"""Confidence below which nothing counts as detected."""
_MIXED = 0.05
"""Sequences of UTF-8 per other byte from which a file in a single-byte encoding is doubtful.

Single-byte text has some by chance, as the end of French `AIMÉ»` in Latin-1. Chance makes less
than one in a hundred in English, French, German or Russian text.
"""

_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}"
    rb"|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
"""A character of several bytes in UTF-8 (RFC 3629, section 4)."""
_CUT_SEQUENCE = re.compile(
    rb"\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f]|\xf0[\x90-\xbf][\x80-\xbf]?"
    rb"|[\xf1-\xf3][\x80-\xbf]{1,2}|\xf4[\x80-\x8f][\x80-\xbf]?"
)
"""The beginning of such a character, of at least two bytes, without its end."""
_PLAIN = bytes(range(128))


@dataclass(frozen=True)
class Utf8Evidence:
    """How much of a text that is not valid UTF-8 is UTF-8 all the same.

    Attributes:
        sequences: characters of several bytes in UTF-8, cut ones included.
        others: bytes over 0x7f that belong to none.
    """

    sequences: int
    others: int

    @classmethod
    def of(cls, data: bytes) -> Utf8Evidence:
        """Count the evidence in bytes of any kind."""
        rest, whole = _SEQUENCE.subn(b" ", data)
        rest, cut = _CUT_SEQUENCE.subn(b" ", rest)
        return cls(whole + cut, len(rest.translate(None, _PLAIN)))

    @property
    def is_utf8(self) -> bool:
        """Whether the text is UTF-8 with broken bytes."""
        return self.sequences > 0 and self.sequences >= self.others

    @property
    def is_mixed(self) -> bool:
        """Whether too much of it is UTF-8 for text in a single-byte encoding."""
        return self.sequences > _MIXED * self.others


def detect(path: Path, position: int) -> tuple[str, float]:
    """Find the encoding of a file that is not valid UTF-8.

    Args:
        path: the file.
        position: where its first byte stands that is not UTF-8, from 0.

    Returns:
        The codec's name, and a confidence from 0 to 1: charset-normalizer's share of plausible
        characters times their likeness to a language. cp1252 is taken if it is as good within
        `_MARGIN`: most old files of Western Europe are in it, and its neighbours differ from it
        in letters those languages do not have.

    Raises:
        CorpusError: the file is UTF-8 with broken bytes, or partly UTF-8, or in no encoding
            that can be detected.
    """
    with path.open("rb") as file:
        data = file.read(_SAMPLE)
        if position >= _SAMPLE:
            file.seek(position - _SAMPLE // 4)
            data += file.read(_SAMPLE)
    evidence = Utf8Evidence.of(data)
    if evidence.is_utf8:
        raise _broken_utf8(path, position)
    encoding, confidence = _best_guess(path, position)
    if evidence.is_mixed and _is_single_byte(encoding):
        raise _mixed(path, position, encoding)
    return encoding, confidence


def line_of(path: Path, position: int) -> int:
    """Return the number of the line, from 1, in which a byte of a file stands."""
    feeds = returns = 0
    with path.open("rb") as file:
        while position > 0 and (data := file.read(min(position, _SAMPLE))):
            feeds += data.count(b"\n")
            returns += data.count(b"\r")
            position -= len(data)
    return 1 + (feeds or returns)


def _best_guess(path: Path, position: int) -> tuple[str, float]:
    """Ask charset-normalizer about the text around the first byte that is not UTF-8."""
    from charset_normalizer import CharsetMatch, from_bytes

    def confidence(match: CharsetMatch) -> float:
        return (1.0 - match.chaos) * match.coherence

    with path.open("rb") as file:
        file.seek(max(0, position - _DETECTOR_SAMPLE // 4))
        sample = file.read(_DETECTOR_SAMPLE)
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


def _is_single_byte(encoding: str) -> bool:
    """Return whether an encoding gives every byte a character of its own."""
    try:
        return len(codecs.decode(bytes(range(0xC0, 0x100)), encoding)) == 64
    except ValueError:
        return False


def _broken_utf8(path: Path, position: int) -> CorpusError:
    """Return the error for a file in UTF-8 that has a broken byte."""
    with path.open("rb") as file:
        file.seek(position)
        byte = file.read(1)
    meant = codecs.decode(byte, _WESTERN, "replace")
    hint = f" (in {_WESTERN} it would be {meant!r})" if meant.isprintable() else ""
    return CorpusError(
        f"{path}, line {line_of(path, position)}",
        f"the byte 0x{byte.hex()} at position {position:,}",
        "UTF-8, as in the rest of the file",
        f"Correct it and save the file as UTF-8, or name the encoding of the whole file, for "
        f"example with --encoding {_WESTERN}.",
        message=f"{path}, line {line_of(path, position)}: the file is in UTF-8, but the byte "
        f"0x{byte.hex()} at position {position:,} is not{hint}.",
    )


def _mixed(path: Path, position: int, encoding: str) -> CorpusError:
    """Return the error for a file of which some parts are UTF-8 and others are not."""
    return CorpusError(
        f"{path}, line {line_of(path, position)}",
        f"text partly in UTF-8 and partly in another encoding, perhaps {encoding}",
        "a text in one encoding",
        f"Save all of it as UTF-8, or name one encoding for all of it, for example with "
        f"--encoding {encoding}.",
        message=f"{path}: parts of the file are in UTF-8 and others are not; the first of those "
        f"is in line {line_of(path, position)}, at position {position:,}.",
    )
