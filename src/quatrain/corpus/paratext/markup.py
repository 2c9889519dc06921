"""HTML, entities and the marks of data sets in texts that should be plain.

`plain_text` takes a text as a file has it and returns it without tags, with entities such as
`&mdash;` as the characters they stand for. `without_emphasis` takes the signs for italics and
bold print out of the lines of a poem.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from quatrain.corpus.cleaning import Tally
from quatrain.corpus.paratext.rows import Findings, LineNumbers, Row

_INLINE = (
    "a|abbr|acronym|b|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike"
    "|strong|sub|sup|tt|u|var|wbr|nobr|img|input|label|lb|hi|poem|verse|stanza|line"
)
_BLOCK = (
    "address|article|aside|blockquote|body|caption|center|dd|div|dl|dt|figcaption|figure|footer"
    "|form|header|html|hr|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul|h[1-6]"
    "|head|title|meta|link|lg|l|doctype"
)
_TAG = re.compile(
    rf"</?(?:(?P<inline>{_INLINE})|(?P<break>br)|(?P<block>{_BLOCK}))(?=[\s/>])[^<>]{{0,2000}}>",
    re.IGNORECASE,
)
_LINE_TAGS = frozenset({"l", "line", "li", "td", "tr", "dt", "dd"})
"""Tags whose text is a line; the other blocks are paragraphs."""
_HEADING = re.compile(r"<h[1-6]\b[^<>]*>\s*", re.IGNORECASE)
_SUPERSCRIPT = re.compile(r"<sup\b[^<>]*>\s*(?P<mark>[\w*†‡]{1,3})\s*</sup>", re.IGNORECASE)
_HIDDEN = re.compile(
    r"<!--.*?-->|<(?P<name>script|style|head)\b[^<>]*>.*?</(?P=name)\s*>|<!DOCTYPE[^<>]*>"
    r"|<!\[CDATA\[|\]\]>",
    re.IGNORECASE | re.DOTALL,
)
_TOKEN = re.compile(
    r"<\|[\w ./:=-]{1,60}\|>"
    r"|</?(?:s|bos|eos|pad|sos|eot|unk|start|end|sep|cls|mask|eop|bop|endoftext|startoftext"
    r"|newline|nl)>|\[(?:CLS|SEP|PAD|EOS|BOS|MASK|UNK|INST|/INST)\]"
)
_ANY_TAG = re.compile(r"</?[A-Za-z|!]")
_BREAK_TOKEN = re.compile(r"<\|?(?:newline|nl|br|line|line_?break|stanza)\|?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")

_BREAKS = re.compile("[\v\f\x85\u2028\u2029]")
"""Characters that end a line beside the line feed."""

_UNDERSCORE = re.compile(r"(?<![^\W_])_+(?=[^\s_])|(?<=[^\s_])_+(?![^\W_])")
_BLANK = re.compile(r"_{3,}")
_STARS = re.compile(
    r"(?<![\w*])(?P<stars>\*{1,3})(?=[^\s*])(?P<text>[^*\n]*[^\s*])(?P=stars)(?!\w)"
)
_OTHERS = re.compile(
    r"(?<!\w)(?P<sign>=|~~|\+|~|`)(?=[^\s=+~`])(?P<text>[^=+~`]*[^\s=+~`])(?P=sign)(?!\w)"
)
EMPHASIS_SIGNS = "_*=~+`"
"""Signs that stand around words set in italics, in bold or with wide spaces."""


def has_any(text: str, signs: Iterable[str]) -> bool:
    """Return whether one of some characters is in a text."""
    for sign in signs:  # noqa: SIM110 - a generator would take three times as long
        if sign in text:
            return True
    return False


def _places_of_markup(text: str) -> list[int]:
    """Return where in a text tags, entities and tokens begin, or seem to.

    The characters are looked for one by one, since most texts have none of them and a search
    for one character is many times faster than a pattern.
    """
    places: list[int] = []
    for sign, pattern in (("<", _ANY_TAG), ("&", _ENTITY), ("[", _TOKEN)):
        at = text.find(sign)
        while at >= 0:
            if pattern.match(text, at):
                places.append(at)
            at = text.find(sign, at + 1)
    return sorted(places)


def plain_text(text: str, tally: Tally, line: int = 0, numbers: LineNumbers | None = None) -> str:
    """Return a text without tags, with the characters that entities stand for.

    Args:
        text: whole lines.
        tally: counts what is taken out.
        line: number of the first line; 0 if unknown.
        numbers: gets a note of every line that is added or taken out.
    """
    if not (places := _places_of_markup(text)):
        return text
    numbers = numbers or LineNumbers()
    if "<" in text and (
        hidden := _HIDDEN.sub(lambda match: _hidden(match, text, tally, line), text)
    ):
        text, places = hidden, _places_of_markup(hidden)
    pieces: list[str] = []
    done, count = 0, line
    for at in places:
        if at < done:
            continue
        start = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        count += text.count("\n", done, start)
        number = numbers.in_file(count) if line else 0
        plain = _plain_row(text[start:end], tally, number, closing="</" in text)
        pieces.append(text[done:start])
        pieces.append("\n".join(plain))
        done = end
        if not plain:
            done = min(end + 1, len(text))  # nothing is left of the line
            numbers.shift(count, -1)
        for added in range(1, len(plain)):
            numbers.shift(count + added, 1)
        count += max(0, len(plain) - 1)
    pieces.append(text[done:])
    return "".join(pieces)


def with_plain_breaks(text: str, tally: Tally, line: int, numbers: LineNumbers) -> str:
    """Return a text whose page breaks and the like are line feeds, and note the lines added."""
    if not _has_breaks(text):
        return text
    rows: list[str] = []
    for row in text.split("\n"):
        parts = _BREAKS.split(row)
        if len(parts) > 1:
            tally["line_endings"] += len(parts) - 1
            numbers.shift(line + len(rows) + 1, len(parts) - 1)
        rows.extend(parts)
    return "\n".join(rows)


def _has_breaks(text: str) -> bool:
    return any(sign in text for sign in "\f\v") or (
        not text.isascii() and any(sign in text for sign in "\x85\u2028\u2029")
    )


def _hidden(match: re.Match[str], text: str, tally: Tally, line: int) -> str:
    """Return what is left of a comment or the like: its line ends."""
    first = line + text.count("\n", 0, match.start()) if line else 0
    tally.omit("markup", match[0], first)
    return "\n" * match[0].count("\n")


def _plain_row(row: str, tally: Tally, number: int, *, closing: bool) -> list[str]:
    """Return a line without tags and entities, as several lines if a tag breaks it.

    In a text with closing tags these end paragraphs; otherwise the opening ones begin them.
    """
    signs: list[str] = []

    def note(match: re.Match[str]) -> str:
        signs.append(match[0])
        if match.re is _TOKEN:
            return "\n\n\n" if _separates(match[0]) else ""
        if match.re is _BREAK_TOKEN or match["break"]:
            return "\n"
        name = (match["block"] or "").lower()
        if name == "hr":
            return "\n\n***\n\n"
        if not name:
            return ""
        opening = closing and not match[0].startswith("</")
        return "\n" if opening or name in _LINE_TAGS else "\n\n"

    plain = _HEADING.sub("\n\n\n# ", row)
    plain = _SUPERSCRIPT.sub(r"[\g<mark>]", plain)
    for pattern in (_BREAK_TOKEN, _TOKEN, _TAG):
        plain = pattern.sub(note, plain)
    if plain == row:
        return [_without_entities(row, tally)]
    tally.omit("markup", " ".join(signs) or row, number)
    if not plain.strip():
        return [""] * min(plain.count("\n") // 2, 2)
    # The line has an end of its own: a line that ends in <br> ends but once.
    plain = plain.removesuffix("\n").removeprefix("\n")
    return [_without_entities(part, tally) for part in plain.split("\n")]


def _separates(token: str) -> bool:
    """Return whether a token of a data set stands between texts."""
    return any(word in token.lower() for word in ("endoftext", "startoftext", "eos", "bos"))


def _without_entities(text: str, tally: Tally) -> str:
    """Return a text in which entities are characters, even those that were escaped twice."""
    for _ in range(2):
        if "&" in text:
            text, count = _ENTITY.subn(lambda match: html.unescape(match[0]), text)
            tally["entities"] += count
    return text


def without_emphasis(rows: list[Row], findings: Findings) -> list[Row]:
    """Take the signs for italics, bold and spaced print out of lines."""
    return [
        _without_emphasis(row, findings) if has_any(row.text, EMPHASIS_SIGNS) else row
        for row in rows
    ]


def _without_emphasis(row: Row, findings: Findings) -> Row:
    """Take the signs for emphasis out of a line; a row of three underscores is a blank."""
    text = row.text
    if "_" in text and not _BLANK.search(text):
        text = _UNDERSCORE.sub("", text)
    if "*" in text:
        text = _STARS.sub(r"\g<text>", text)
    if any(sign in text for sign in "=~+`"):
        text = _OTHERS.sub(r"\g<text>", text)
    if text == row.text or not text.strip():
        return row
    findings.omit("emphasis", row.text, row.number)
    return Row(row.number, text)
