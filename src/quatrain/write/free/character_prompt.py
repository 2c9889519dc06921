"""The text a poem is made to begin with, in characters the poet knows.

In: what the user typed. Out: the same, laid out as verse, with characters the
alphabet lacks replaced by near ones where there are any; the replacements are
told, never silent.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from quatrain.errors import SettingsError

_FOLDED = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "–": "-", "—": "--", "―": "--", "−": "-",
    "…": "...", "\t": " ", "\u00a0": " ", "'": "’", '"': "“",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Start:
    """A beginning.

    Attributes:
        text: in the poet's alphabet.
        substituted: character typed -> what stands in its place.
    """

    text: str
    substituted: Mapping[str, str]


def prepare(text: str, alphabet: Collection[str]) -> Start:
    """Lay `text` out as verse in the characters of `alphabet`.

    Line ends become line breaks, blank lines at the beginning are dropped, and several
    blank lines become one. A character the alphabet lacks is tried in the other case, with
    quotation marks and dashes folded, without its accent, and so in the other case.

    Raises:
        SettingsError: a character has no stand-in; the message names all of them.
    """
    laid_out = _as_verse(unicodedata.normalize("NFC", text))
    substituted: dict[str, str] = {}
    lacking = []
    for character in dict.fromkeys(laid_out):
        if character in alphabet:
            continue
        for candidate in _candidates(character):
            if candidate and all(part in alphabet for part in candidate):
                substituted[character] = candidate
                break
        else:
            lacking.append(character)
    if lacking:
        raise SettingsError(
            "the start of the poem",
            ", ".join(f"{character!r}" for character in lacking),
            "characters of the poet's alphabet",
            "Begin with other characters: the poet has never read these.",
        )
    return Start(
        "".join(substituted.get(character, character) for character in laid_out), substituted
    )


def _as_verse(text: str) -> str:
    lines: list[str] = []
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for row in rows[:-1]:
        if row.strip():
            lines.append(row)
        elif lines and lines[-1]:
            lines.append("")
    lines.append(rows[-1])  # what the poet goes on with; empty after a line break
    return "\n".join(lines)


def _candidates(character: str) -> Iterator[str]:
    yield character.swapcase()
    yield _FOLDED.get(character, "")
    decomposed = unicodedata.normalize("NFKD", character)
    plain = "".join(part for part in decomposed if not unicodedata.combining(part))
    yield plain
    yield plain.swapcase()
