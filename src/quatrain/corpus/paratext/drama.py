"""Speakers and stage directions of plays and dialogues in plain text.

`is_dramatic` says of the beginning of a file whether its paragraphs are speeches. Bracketed stage
directions are recognised anywhere, by the words that printers begin them with.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from quatrain.corpus.paratext.margins import Paragraphs
from quatrain.corpus.paratext.rows import Findings, Row

FEWEST_SPEECHES = 3
"""Speeches that make a play or a dialogue, at least."""

_NAME = r"[A-Z][\w'’.-]*(?: (?:[A-Z&][\w'’.-]*|of|the|and|de|to|\d)){0,4}"
_LABEL = re.compile(
    rf" *(?:_?(?P<capitals>[A-Z][A-Z'’-]+(?:[ .][A-Z'’&.-]+){{0,4}}|[A-Z]\.?(?= *:))_?[.:]?"
    rf"|_?(?P<colon>{_NAME})_?:_?)"
    r"(?: *[\[(](?P<aside>[^\])]*)[\])][.:]?)?"
)
_INLINE = re.compile(
    r" *(?:_?(?P<capitals>[A-Z][A-Z'’-]+(?: [A-Z][A-Z'’.-]*| \d){0,3})_?(?:\.|:|\.--|\.—)"
    r"|_?(?P<short>[A-Z][a-z]{1,9})\._?"
    r"|_?(?P<colon>[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)?)_?:)"
    r"(?P<gap> +)(?=\S)"
)
_STAGE = (
    r"(?:(?:re-?)?(?:enter|exit|exeunt|aside|manet|manent)|sings?|singing|dies|kneels?|kneeling"
    r"|rises|rising|weeps|reads|within|alarums?|flourish|curtain|scene|thunder|music|drums?"
    r"|trumpets?|they fight|to (?-i:[A-Z])\w+|stabs|drinks|falls|swoons|solus|laughs|pause"
    r"|looking|pointing|a pause|silence|offstage|knocking|lights?)\b"
)
_BRACKETED = re.compile(rf" *[\[(]_?{_STAGE}[^\[\]()]*_?[\])]?[.]?_?", re.IGNORECASE)
_CERTAIN = re.compile(
    r" *_?[\[(]_?(?:re-?)?(?:enter|exit|exeunt|aside)\b[^\[\]()]*(?:[\])]_?[.]?_?|$)", re.IGNORECASE
)
_WITHIN = re.compile(
    rf" *_?[\[(]_?{_STAGE}[^\[\]()]{{0,60}}_?[\])]_?",
    re.IGNORECASE,
)
_WITHIN_SURE = re.compile(
    r" *_?\[_?(?:(?:re-?)?enter|exit|exeunt|aside)\b[^\[\]]{0,60}_?(?:\]_?|$)"
    r"| *_?\(_?(?:aside|exit|exeunt)\b[^()]{0,40}_?\)_?",
    re.IGNORECASE,
)
_BARE = re.compile(
    r" *_?(?:(?:Re-?)?Enter (?:[A-Z]|the |a |an |two |several |divers )\S*.*"
    r"|(?:Exeunt|Exit)(?: [A-Z]\S*| all| omnes| both| severally)*"
    r"(?:,? (?:and|with|severally).*)?)\.?_?"
)
_DIVISION = re.compile(
    r" *_?(?:(?:ACT|SCENE|Act|Scene) (?:[IVXL]+|\d+|[A-Z]+)\b.*"
    r"|(?:DRAMATIS PERSON(?:AE|Æ)|PERSONS REPRESENTED|THE PERSONS OF THE PLAY)\.?)_?"
)


@dataclass(frozen=True)
class Cast:
    """The speakers of a play.

    Attributes:
        names: their names as they stand before the speeches, in small letters; empty for a
            text that is no play.
    """

    names: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.names)


def cast_of(paragraphs: Sequence[str]) -> Cast:
    """Return who speaks, if a text is a play or a dialogue: its speakers' names recur.

    Names stand at the start of paragraphs or, in a dialogue printed close, of lines.
    """
    first_lines = [paragraph.strip("\n").split("\n", 1)[0] for paragraph in paragraphs]
    by_paragraph = _names(first_lines)
    if 4 * by_paragraph.total() >= len(first_lines) and _is_cast(by_paragraph, 2):
        return Cast(frozenset(by_paragraph))
    every_line = [line for paragraph in paragraphs for line in paragraph.split("\n")]
    by_line = _names(every_line)
    # Where every other line is a name, or every line begins with one, fewer need to recur.
    ratio = 2 if 2 * by_line.total() >= sum(map(bool, every_line)) else 1.25
    enough = 8 * by_line.total() >= len(every_line) and len(by_line) > 1
    if enough and _is_cast(by_line, ratio):
        return Cast(frozenset(by_line))
    return Cast()


def _names(rows: Sequence[str]) -> Counter[str]:
    """Return the speakers' names at the start of lines, in small letters, and how often each."""
    names: Counter[str] = Counter()
    for row in rows:
        if label := _label(row):
            names[label.casefold()] += 1
        elif match := _INLINE.match(row):
            names[_speaker(match).casefold()] += 1
    return names


def _is_cast(names: Counter[str], ratio: float) -> bool:
    """Return whether names are those of speakers: there are enough, and most of them recur."""
    recurring = sum(count for count in names.values() if count > 1)
    return names.total() >= FEWEST_SPEECHES and ratio * recurring >= names.total()


def without_directions(paragraphs: Paragraphs, findings: Findings, cast: Cast) -> Paragraphs:
    """Take out stage directions, and in a play the speakers' names."""
    dramatic = bool(cast)
    rest: Paragraphs = []
    for paragraph in paragraphs:
        rows: list[Row] = []
        for row in paragraph:
            if _is_direction(row.text, dramatic):
                findings.omit("stage direction", row.text, row.number)
                continue
            if dramatic and _DIVISION.fullmatch(row.text):
                findings.omit("title", row.text, row.number)
                continue
            if dramatic:
                row = _without_speaker(row, findings, cast, first=not rows)
            if "[" in row.text or "(" in row.text:
                row = _without_asides(row, findings, dramatic)
            if not row.blank:
                rows.append(row)
        if rows:
            rest.append(rows)
    return rest


def _is_direction(text: str, dramatic: bool) -> bool:
    """Return whether a whole line is a stage direction."""
    if _CERTAIN.fullmatch(text):
        return True
    return dramatic and bool(_BRACKETED.fullmatch(text) or _BARE.fullmatch(text))


def _label(text: str) -> str:
    """Return the speaker's name that is all of a line; "" if it is none."""
    match = _LABEL.fullmatch(text.rstrip())
    return (match["capitals"] or match["colon"]).strip(" .:") if match else ""


def _speaker(match: re.Match[str]) -> str:
    """Return the name that a speech begins with."""
    return match["capitals"] or match["short"] or match["colon"]


def _without_speaker(row: Row, findings: Findings, cast: Cast, *, first: bool) -> Row:
    """Take a speaker's name from a line, or from its start."""
    label = _label(row.text)
    colon = row.text.rstrip(" _").endswith(":")
    if label and (colon or (first and label.casefold() in cast.names)):
        findings.omit("speaker", row.text, row.number)
        return Row(row.number, "")
    match = _INLINE.match(row.text)
    if match and _speaker(match).casefold() in cast.names:
        findings.omit("speaker", match[0], row.number)
        return Row(row.number, row.text[match.end() :])
    return row


def _without_asides(row: Row, findings: Findings, dramatic: bool) -> Row:
    """Take stage directions out of a line of verse."""
    pattern = _WITHIN if dramatic else _WITHIN_SURE
    text = row.text
    while match := pattern.search(text):
        findings.omit("stage direction", match[0], row.number)
        before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
        joined = "" if not before or after[:1] in ".,;:!?" else " "
        text = f"{before}{joined}{after}".rstrip()
    return row if text == row.text else Row(row.number, text)
