"""One poem of a text file, divided into verse and what stands beside it.

`separate` takes the text of one poem and returns its verse, with title, author and paratexts. Most
poems have nothing beside their verse; `is_plain` sees that at a glance, for speed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from quatrain.corpus.cleaning import Tally
from quatrain.corpus.paratext.drama import Cast, without_directions
from quatrain.corpus.paratext.head import without_head
from quatrain.corpus.paratext.lines import INLINE_NUMBER, NUMBERED, is_ruler, number_of
from quatrain.corpus.paratext.margins import (
    Paragraphs,
    without_line_numbers,
    without_notes,
    without_page_furniture,
)
from quatrain.corpus.paratext.markup import EMPHASIS_SIGNS, has_any, without_emphasis
from quatrain.corpus.paratext.rows import Findings, LineNumbers, Row, paragraphs_of, rows_of
from quatrain.corpus.paratext.tail import without_tail
from quatrain.corpus.paratext.titles import SHORTER
from quatrain.corpus.raw_poems import RawPoem

_SIGNS = tuple("[_*=~`+{<")
"""Characters that are rare in verse and common beside it. Each is looked for by itself: that is
thirty times faster than a search for two."""

_DIGITS = tuple("0145")
"""Digits of which every row of line numbers has at least one."""

_MARKS = tuple("†‡²¹³")
"""Marks of notes beyond ASCII."""

_DIRECTION = ("(Aside", "(aside", "(Exit", "(Exeunt", "(Enter", "(1)", "(2)", "(a)", "(*)")
"""Parentheses that may hold a stage direction or the mark of a note."""

_MARGIN = re.compile(r"\d[\])]? *(?:\n|$)|^ *\d", re.MULTILINE)
"""A number at an end of a line."""

_LONGEST_NUMBER = 30
"""Characters in the longest heading that shows by its form that it is one, such as `Canto IV`."""

_DEEP = " " * 8
"""Indentation of a line that may be an attribution or a signature."""

_TAIL_SIGNS = frozenset("-—–~©(*")
"""First characters of signatures and dates."""

_TAIL_STARTS = ("the e", "end", "finis", "fin", "sourc", "first", "https", "http:", "by ", "copyr")
"""Beginnings, in small letters, of lines that may stand below a poem."""

_TAIL_ENDS = tuple("0123456789])©*")
"""Ends of lines that may stand below a poem, such as a year."""

_CLOSED_END = frozenset(".,;:!?\"'”’-—–")
"""Characters that end a line of verse that stands alone below others, and no signature."""

_END_LENGTH = 700
"""Characters, at least, of the beginning and the end of a long poem that are looked at closely."""

_OPEN_END = frozenset(",;:.-—–")
"""Characters after which a line is no title."""


@dataclass
class Manner:
    """The manner in which a file sets out its poems.

    Attributes:
        cast: the speakers, in a play.
        titles: whether a first line that stands alone is the title.
        numerals: whether numbers are headings, even right above the verse; None if there is
            but one.
        sections: whether numbers below the title count the parts of the poem.
        inline: what numbers at the start of lines are: "title" or "section number", or "".
        rulers: whether there are ornaments between poems or stanzas.
        numbers: line numbers of the file.
    """

    cast: Cast = field(default_factory=Cast)
    titles: bool = False
    numerals: bool | None = None
    sections: bool = False
    inline: str = ""
    rulers: bool = False
    numbers: LineNumbers = field(default_factory=LineNumbers)

    @property
    def odd(self) -> bool:
        """True if every poem must be looked at line by line."""
        return bool(self.cast or self.sections or self.inline or self.rulers)


@dataclass
class Separation:
    """A poem, and what stood beside its verse.

    Attributes:
        verse: the verse, "" if there is none.
        line: number of its first line in the file.
        findings: title, author and all the rest.
    """

    verse: str
    line: int
    findings: Findings = field(default_factory=Findings)


def is_plain(text: str, manner: Manner) -> bool:
    """Return whether a text is nothing but verse at first glance; False if in doubt."""
    if manner.odd or has_signs(text):
        return False
    first, last = text.find("\n"), text.rfind("\n")
    second = text.find("\n", first + 1)
    if second < 0 or (second == first + 1 and text[first - 1] not in ",;"):
        return False
    end = text[last + 1 :]
    if _has_tail(end) or (text[last - 1] == "\n" and end[-1] not in _CLOSED_END):
        return False
    if text[second + 1 : second + 2] == "\n":
        return False
    stanza = text.find("\n\n")
    if stanza > 0 and text[text.rfind("\n", 0, stanza) + 1 : stanza].lstrip()[:1] in "-—–":
        return False
    return not _has_head(text[:first], second - first - 1)


def _has_head(line: str, below: int) -> bool:
    """Return whether a first line may be a heading, right above one of so many characters."""
    if line.isupper() or line.startswith(("#", _DEEP)) or line.partition(":")[0].isalpha():
        return True
    if len(line) <= _LONGEST_NUMBER and NUMBERED.fullmatch(line.rstrip()):
        return True
    if len(line) > SHORTER * below or line[-1] in _OPEN_END:
        return False
    words = line.split()
    long = [word[0].isupper() for word in words if len(word) > 3]
    return all(long) and (len(long) > 0 or len(words) == 1)


def _has_tail(line: str) -> bool:
    """Return whether a last line may be a signature, a date or the like."""
    text = line.lstrip(" ")
    return (
        text[0] in _TAIL_SIGNS
        or text[1:2] == "."
        or text.rstrip(".").endswith(_TAIL_ENDS)
        or line.startswith(_DEEP)
        or text[:5].lower().startswith(_TAIL_STARTS)
    )


def has_signs(text: str) -> bool:
    """Return whether there is a sign in a text that is rare in verse and common beside it."""
    if has_any(text, _SIGNS):
        return True
    if not text.isascii() and has_any(text, _MARKS):
        return True
    if has_any(text, _DIGITS) and _MARGIN.search(text):
        return True
    at = text.find("(")
    while at >= 0:
        if text.startswith(_DIRECTION, at):
            return True
        at = text.find("(", at + 1)
    return text[text.rfind("\n\n") + 2 :][:4].casefold() == "note"


def separate(text: str, line: int, manner: Manner, *, gap: int = 1) -> Separation:
    """Divide the text of one poem into verse and what stands beside it.

    If nothing is left, everything is verse.

    Args:
        text: the text.
        line: the line of the file at which it begins.
        manner: how the file sets out its poems.
        gap: blank lines, at least, after a first line that stands alone.
    """
    findings = Findings()
    signs = manner.odd or has_signs(text)
    top, middle, bottom = (text, "", "") if signs else _ends(text)
    above = paragraphs_of(rows_of(top, line, manner.numbers))
    below: Paragraphs = []
    if signs:
        above = beside(text, above, findings, manner.cast)
        if manner.sections or manner.inline:
            above = _without_section_numbers(above, findings, manner)
    if bottom:
        place = line + top.count("\n") + middle.count("\n")
        below = without_tail(paragraphs_of(rows_of(bottom, place, manner.numbers)), findings)
    else:
        above = without_tail(above, findings)
    above = without_head(above, findings, titles=manner.titles, numerals=manner.numerals, gap=gap)
    if signs:
        above = _without_rulers(above, findings)
    findings.omissions.sort(key=lambda omission: omission[2])
    findings.paratexts.sort(key=lambda paratext: _ORDER.get(paratext.kind, len(_ORDER)))
    verse = _text(above) + middle + _text(below)
    return Separation(verse, above[0][0].number if above else 0, findings)


def verse_of_cell(poem: RawPoem, tally: Tally) -> RawPoem:
    """Return a poem from a row of a table without what stands beside its verse.

    Its first and last lines are not weighed: a table has columns for title and author.
    """
    if not poem.text or not has_signs(poem.text):
        return poem
    findings = Findings()
    rows = [Row(poem.line, line) for line in poem.text.split("\n")]
    paragraphs = beside(poem.text, paragraphs_of(rows), findings, Cast())
    paragraphs = _without_rulers(paragraphs, findings)
    findings.count(tally)
    return poem._replace(text=_text(paragraphs), paratexts=(*poem.paratexts, *findings.paratexts))


def _ends(text: str) -> tuple[str, str, str]:
    """Divide a long text, so that only its ends have to be looked at line by line.

    Return its beginning, the middle with the blank lines around it, and the end; the last two are
    empty if the text is short.
    """
    start = text.find("\n\n", _END_LENGTH)
    end = text.rfind("\n\n", 0, -_END_LENGTH)
    if start < 0 or end <= start:
        return text, "", ""
    return text[:start], text[start : end + 2], text[end + 2 :]


def _text(paragraphs: Paragraphs) -> str:
    return "\n\n".join("\n".join(row.text for row in paragraph) for paragraph in paragraphs)


_ORDER = {
    kind: place
    for place, kind in enumerate(
        ("subtitle", "dedication", "epigraph", "date", "signature", "note", "rights")
    )
}


def beside(text: str, paragraphs: Paragraphs, findings: Findings, cast: Cast) -> Paragraphs:
    """Take from the paragraphs of a text what is never verse, wherever it stands."""
    digits = _MARGIN.search(text) is not None
    if digits or "[" in text or "{" in text:
        paragraphs = without_page_furniture(paragraphs, findings)
    paragraphs = without_notes(paragraphs, findings)
    if cast or "[" in text or "(" in text:
        paragraphs = without_directions(paragraphs, findings, cast)
    if digits:
        paragraphs = without_line_numbers(paragraphs, findings)
    if has_any(text, EMPHASIS_SIGNS):
        paragraphs = [without_emphasis(paragraph, findings) for paragraph in paragraphs]
    return paragraphs


def _without_section_numbers(
    paragraphs: Paragraphs, findings: Findings, manner: Manner
) -> Paragraphs:
    """Take out the numbers of a poem's parts; of a poem with a number for title, set it apart."""
    rest: Paragraphs = []
    for place, paragraph in enumerate(paragraphs):
        first = paragraph[0]
        match = INLINE_NUMBER.match(first.text) if manner.inline else None
        if match:
            number, text = match[0].strip(), first.text[match.end() :]
            if place == 0 and manner.inline == "title":
                findings.title = number
            findings.omit(manner.inline, number, first.number)
            paragraph = [Row(first.number, text), *paragraph[1:]]
        elif manner.sections and place and number_of(first.text):
            findings.omit("section number", first.text, first.number)
            paragraph = paragraph[1:]
        if paragraph:
            rest.append(paragraph)
    return rest


def _without_rulers(paragraphs: Paragraphs, findings: Findings) -> Paragraphs:
    """Take out ornaments; a stanza ends at each."""
    rest: Paragraphs = []
    for paragraph in paragraphs:
        stanza: Paragraphs = [[]]
        for row in paragraph:
            if is_ruler(row.text):
                findings.omit("ruler", row.text, row.number)
                stanza.append([])
            else:
                stanza[-1].append(row)
        rest.extend(filter(None, stanza))
    return rest
