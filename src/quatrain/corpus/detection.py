"""Detection of a text file's encoding, when it is neither marked nor plain UTF-8.

A file in UTF-8 with a few broken bytes must not be taken for a file in another encoding, where
every dash and every accent would turn into two or three wrong characters. So the evidence for
UTF-8 is counted first: in any other encoding, bytes hardly ever form its sequences by chance.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quatrain.errors import CorpusError

_SAMPLE = 2**22
"""Bytes from which the evidence is counted."""
_DETECTOR_SAMPLE = 2**18
"""Bytes shown to charset-normalizer, which is slow."""
_WESTERN = "cp1252"
_TRUSTED = frozenset(
    {
        *(f"cp{number}" for number in range(1250, 1259)),
        *(f"iso8859_{number}" for number in (2, 5, 7, 8, 9, 15)),
        *("koi8_r", "koi8_u", "gb18030", "gb2312", "gbk", "big5", "big5hkscs", "cp932", "cp949"),
        *("cp950", "euc_jp", "euc_kr", "johab", "shift_jis", "utf_16", "utf_32"),
    }
)
"""Encodings that are taken when they are detected.

Those of DOS, of old Macintoshes and of printers differ from one another in letters that any
text may lack: the user is asked.
"""
_MARGIN = 0.06
"""Confidence below the best, trusted or not, at which an encoding is still considered."""
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
_READING = 40
"""Bytes of a line, before and after a byte, that an error shows."""
_PLAIN = bytes(range(128))
_SIGN_IN_WORD = re.compile(r"(?<=[^\W\d_])(?:[^\w\s\x00-\x7f’‘–—…·]|[¹²³¼½¾])(?=[^\W\d_])")
_PAIR_IN_WORD = re.compile(r"[a-z][^\W\d_a-zA-Z]|[^\W\d_A-Za-z][A-Z]")


@dataclass(frozen=True)
class Utf8Evidence:
    """Evidence that a text is UTF-8, though some of its bytes are not.

    Attributes:
        whole: characters of several bytes in UTF-8.
        cut: beginnings of such characters, of two bytes or more, without the end.
        others: bytes over 0x7f that belong to neither.
    """

    whole: int
    cut: int
    others: int

    @classmethod
    def of(cls, data: bytes) -> Utf8Evidence:
        """Count the evidence in bytes of any kind."""
        rest, whole = _SEQUENCE.subn(b" ", data)
        rest, cut = _CUT_SEQUENCE.subn(b" ", rest)
        return cls(whole, cut, len(rest.translate(None, _PLAIN)))

    @property
    def is_utf8(self) -> bool:
        """True if the text is UTF-8 with broken bytes.

        A cut character alone says so only if nothing speaks against it: in Cyrillic text of
        single bytes, a letter before a closing quotation mark looks like one.
        """
        if not self.whole:
            return self.cut > 0 and not self.others
        return self.whole >= self.cut + self.others

    @property
    def is_mixed(self) -> bool:
        """True if too much of it is UTF-8 for text in a single-byte encoding."""
        return self.whole > _MIXED * (self.cut + self.others)


def detect(path: Path, position: int) -> tuple[str, float]:
    """Find the encoding of a file that is not valid UTF-8.

    Args:
        path: the file.
        position: where its first byte stands that is not UTF-8, from 0.

    Returns:
        The codec's name, and a confidence from 0 to 1: charset-normalizer's share of plausible
        characters times their likeness to a language.

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
    """Ask charset-normalizer about the text around the first byte that is not UTF-8.

    Its confidences lie close together. Of the encodings near the best, the one is taken in which
    the fewest words look odd; between equals cp1252, as most old files of Western Europe are in
    it. If the text looks better in an encoding that is not trusted, the user is asked.
    """
    from charset_normalizer import from_bytes

    with path.open("rb") as file:
        file.seek(max(0, position - _DETECTOR_SAMPLE // 4))
        sample = file.read(_DETECTOR_SAMPLE)
    matches = from_bytes(sample)
    confidences = {
        encoding: (1.0 - match.chaos) * match.coherence
        for match in matches
        for encoding in match.could_be_from_charset
    }
    top = max(confidences.values(), default=0.0)
    if top < _LEAST:
        if len(matches) != 1:
            raise _undetected(path, position, [])
        return matches[0].encoding, top
    odd = {encoding: _odd_words(sample, encoding) for encoding in confidences}

    def rank(encoding: str) -> tuple[int, bool, float, str]:
        return odd[encoding], encoding != _WESTERN, -confidences[encoding], encoding

    top_trusted = max((confidences[name] for name in confidences if name in _TRUSTED), default=0.0)
    near = [
        name
        for name, confidence in confidences.items()
        if confidence >= (top_trusted if name in _TRUSTED else top) - _MARGIN
    ]
    near.sort(key=rank)
    encoding = next((name for name in near if name in _TRUSTED), "")
    if not encoding or odd[encoding] > odd[near[0]]:
        raise _undetected(path, position, near)
    return encoding, confidences[encoding]


def _odd_words(sample: bytes, encoding: str) -> int:
    """Count the places inside words that no language writes, if the text is in an encoding.

    These are signs other than dashes and apostrophes between letters, and a capital after a
    small letter, beyond ASCII.
    """
    text = sample.decode(encoding, "replace")
    pairs: list[str] = _PAIR_IN_WORD.findall(text)
    capitals = sum(1 for pair in pairs if pair[0].islower() and pair[1].isupper())
    return len(_SIGN_IN_WORD.findall(text)) + capitals


def _is_single_byte(encoding: str) -> bool:
    """Return whether an encoding gives every byte a character of its own."""
    try:
        return len(codecs.decode(bytes(range(0xC0, 0x100)), encoding)) == 64
    except ValueError:
        return False


def _undetected(path: Path, position: int, encodings: Sequence[str]) -> CorpusError:
    """Return the error for a file whose encoding is unknown, with how its first line may read."""
    start = max(0, position - _READING)
    with path.open("rb") as file:
        file.seek(start)
        around = file.read(position - start + _READING)
    before, after = around[: position - start].splitlines(), around[position - start :].splitlines()
    line = (before[-1] if before else b"") + after[0]
    readings = {
        line.decode(encoding, "replace").strip(): encoding for encoding in reversed(encodings)
    }
    listed = [f"{reading!r} in {encoding}" for reading, encoding in reversed(readings.items())]
    reads = f" Line {line_of(path, position)} is {' or '.join(listed[:3])}." if listed else ""
    return CorpusError(
        str(path),
        f"bytes in no known encoding (the first at position {position:,})",
        "text in UTF-8, or in an encoding you name",
        "Name it, for example with --encoding latin-1.",
        message=f"{path}: the encoding can't be detected "
        f"(the first byte that is not UTF-8 is at position {position:,}).{reads}",
    )


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
