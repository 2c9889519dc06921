"""The head of a poem: title, author, dedication, epigraph, date.

`without_head` reads the paragraphs of a poem from the top until it meets verse. A line that no
mark shows to be a title is weighed by `titles`.
"""

from __future__ import annotations

from collections.abc import Sequence

from quatrain.corpus.paratext import lines
from quatrain.corpus.paratext.margins import Paragraphs
from quatrain.corpus.paratext.rows import Findings, Row
from quatrain.corpus.paratext.titles import SMALL, Judgement, judge, runs_on

LONGEST_EPIGRAPH = 12
"""Lines in the longest epigraph that is recognised by its attribution."""

_DEEP = 8
"""Spaces by which an attribution without a dash is indented further than the text above it."""

_FIELDS = {
    "title": "title",
    "subtitle": "subtitle",
    "author": "author",
    "poet": "author",
    "by": "author",
    "date": "date",
    "year": "date",
    "written": "date",
    "published": "date",
    "dedication": "dedication",
    "epigraph": "epigraph",
}
"""Names of fields, as in `Title: The Mill`, and what they are; the others are notes."""

_NEAR = 40
"""Lines after one of a head that are looked at, in its paragraph: far more than a head has. With
all of them, a paragraph that is one long list of numbers would take time that grows with its
square."""


_WINDOW = 100
"""Paragraphs that are looked at together, for the same reason."""


class _Head:
    """The top of one poem, in the reading."""

    def __init__(
        self, findings: Findings, *, titles: bool, numerals: bool | None, gap: int
    ) -> None:
        self._findings = findings
        self._titles = titles
        self._numerals = numerals
        self._gap = gap

    def rest(self, paragraphs: Paragraphs) -> Paragraphs:
        """Return the paragraphs without those of the head."""
        near: Paragraphs = []
        far = 0
        while near or far < len(paragraphs):
            if not near:
                near, far = paragraphs[far : far + _WINDOW], far + _WINDOW
            shorter = self._shorter(near)
            if shorter is None:
                break
            near = shorter
        return [*near, *paragraphs[far:]]

    def _shorter(self, paragraphs: Paragraphs) -> Paragraphs | None:
        """Return the paragraphs without the next part of the head; None if there is none."""
        above, *below = paragraphs
        for step in (self._marked, self._epigraph, self._unmarked):
            shorter = step(above, below)
            if shorter is not None:
                return shorter
        return None

    def _marked(self, above: list[Row], below: Paragraphs) -> Paragraphs | None:
        """Take off lines at the top of a paragraph that show by their form what they are."""
        taken = 0
        for place, row in enumerate(above):
            kind = self._kind(row, above[place + 1 : place + 1 + _NEAR], below)
            if not kind:
                break
            self._take(kind, row, same=place > 0)
            taken += 1
        if not taken:
            return None
        return [above[taken:], *below] if taken < len(above) else below

    def _kind(self, row: Row, after: list[Row], below: Paragraphs) -> str:
        """Return what a line of the head is; "" if it is verse, or nothing shows it."""
        text = row.text.strip()
        titled = bool(self._findings.title)
        if not (lines.may_speak(text) or lines.is_numbered(text) or text.isupper()):
            return ""
        if lines.is_ruler(text):
            return "ruler"
        name = lines.field_of(text)[0]
        if name:
            certain = name in ("title", "author", "poet") or titled
            return _FIELDS.get(name, "note") if certain else ""
        if lines.is_numbered(text):
            return self._kind_of_number(row, after, titled=titled)
        last = all(is_marked(row.text) for row in after)
        if lines.author_of(text) and (titled or (last and " " in lines.author_of(text))):
            return "author"
        if last and lines.is_date(text) and (titled or not lines.is_year(text)):
            return "date"
        if last and lines.is_dedication(text) and (titled or text[:1].islower()):
            return "dedication"
        if last and titled and lines.is_subtitle(text):
            return "subtitle"
        if last and lines.is_rights(text):
            return "source"
        if lines.in_capitals(text) and not _mostly_capitals(
            [*after, *(r for p in below for r in p)]
        ):
            if after and not last and _goes_on(after):
                return ""
            return "title"
        return ""

    def _kind_of_number(self, row: Row, after: list[Row], *, titled: bool) -> str:
        """Return what a line is that may be a heading with a number, or a year."""
        text = row.text.strip()
        if lines.is_date(text) and (titled or text[:1] in "(["):
            return "date"
        bare = text.isalnum() and lines.number_of(text) > 0
        if bare and (self._numerals is False or (after and not self._numerals)):
            self._findings.doubt("title", text, row.number)
            return ""
        return "title"

    def _take(self, kind: str, row: Row, *, same: bool = False) -> None:
        """Note a line of the head; a second title line continues the first or is a subtitle."""
        findings, text = self._findings, row.text.strip()
        name, value = lines.field_of(text)
        if kind == "title":
            title = (value if name else text).strip(" #*_").strip()
            if not title:
                findings.omit("title", text, row.number)
            elif not findings.title:
                findings.omit("title", title, row.number)
                findings.title = title
            elif lines.number_of(text) or same:
                findings.omit("title", title, row.number)
                comma = (
                    ""
                    if findings.title.endswith((",", ":", ".")) or not lines.number_of(text)
                    else ","
                )
                findings.title += f"{comma} {title}"
            else:
                findings.keep("subtitle", title, row.number)
        elif kind == "author":
            findings.omit("author", text, row.number)
            findings.author = findings.author or value or lines.author_of(text) or text
        elif kind in ("ruler", "source", "note"):
            findings.omit(kind, text, row.number)
        else:
            findings.keep(kind, value or text, row.number)

    def _epigraph(self, above: list[Row], below: Paragraphs) -> Paragraphs | None:
        """Take off a quotation with its attribution below it."""
        if not below or len(above) > LONGEST_EPIGRAPH:
            return None
        verse = [row.text.lstrip()[:1] for rows in below[1:] or below for row in rows]
        if any(sign in "-—–" for sign in verse):
            return None  # a dialogue, whose speeches begin with dashes
        if len(above) > 1 and _is_attribution(above):
            self._keep_epigraph(above)
            return below
        if len(below) > 1 and len(below[0]) == 1 and _is_attribution([*above, *below[0]]):
            self._keep_epigraph([*above, *below[0]])
            return below[1:]
        return None

    def _keep_epigraph(self, rows: Sequence[Row]) -> None:
        self._findings.keep("epigraph", "\n".join(row.text.strip() for row in rows), rows[0].number)

    def _unmarked(self, above: list[Row], below: Paragraphs) -> Paragraphs | None:
        """Take off a title that only its look and its place show to be one."""
        findings, first = self._findings, above[0]
        text = first.text.strip()
        if len(above) > 1 and (text[-1] in ".,;:-—–" or findings.title):
            return None
        stanzas = [[row.text for row in rows] for rows in _verse_of(below)]
        if len(above) > 1:
            return self._title_right_above(above, below, stanzas)
        if not stanzas:
            return None
        if (
            self._titles
            and not findings.title
            and len(text) <= lines.LONGEST_TITLE
            and not runs_on(text)
        ):
            judgement = Judgement.TITLE
        else:
            judgement = judge(text, stanzas, gap=self._gap)
        if judgement is Judgement.TITLE and not findings.title:
            self._take(_kind_of_title(text), first)
            return below
        if judgement is Judgement.TITLE and _is_person(text):
            self._take("author", first)
            return below
        if judgement is not Judgement.VERSE:
            findings.doubt("subtitle" if findings.title else "title", text, first.number)
        return None

    def _title_right_above(
        self, above: list[Row], below: Paragraphs, stanzas: list[list[str]]
    ) -> Paragraphs | None:
        """Take off a title with no blank line below it, or with more lines of the head."""
        findings, first = self._findings, above[0]
        if stanzas and all(is_marked(row.text) for row in above[1:]):
            if judge(first.text, stanzas, gap=1) is not Judgement.VERSE:
                self._take("title", first)
                return [above[1:], *below]
            return None
        if len(above) == 2 and stanzas and _is_person(above[1].text.strip()):
            if judge(first.text, stanzas, gap=1) is Judgement.TITLE:
                self._take("title", first)
                goes_on = first.text.split()[-1].casefold() in SMALL
                self._take("title" if goes_on else "author", above[1], same=True)
                return below
            return None
        judgement = judge(first.text, [[row.text for row in above[1:]], *stanzas], gap=0)
        if judgement is Judgement.TITLE:
            self._take("title", first)
            return [above[1:], *below]
        if judgement is Judgement.DOUBTFUL:
            findings.doubt("title", first.text, first.number)
        return None


def without_head(
    paragraphs: Paragraphs, findings: Findings, *, titles: bool, numerals: bool | None, gap: int
) -> Paragraphs:
    """Take off what stands above the verse, and note it.

    Args:
        paragraphs: of one poem.
        findings: gets title, author and paratexts.
        titles: whether a first line that stands alone is the title.
        numerals: whether numbers are headings in this file; None if it has but one.
        gap: blank lines, at least, after a first line that stands alone.
    """
    return _Head(findings, titles=titles, numerals=numerals, gap=gap).rest(paragraphs)


def _kind_of_title(text: str) -> str:
    """Return what a line is that stands where a title would: a quotation is an epigraph."""
    if text[0] == "(":
        return "subtitle"
    words = [word for word in text.strip('"“”').split() if word[0].isalpha()]
    quoted = text[0] in '"“«' and text[-1] in '"”»'
    return "epigraph" if quoted and any(word.islower() for word in words[-1:]) else "title"


def is_marked(text: str) -> bool:
    """Return whether a line below a title shows by its form that it is no verse."""
    return lines.may_speak(text.lstrip()) and bool(
        lines.author_of(text)
        or lines.is_date(text)
        or lines.is_dedication(text)
        or lines.is_subtitle(text)
        or lines.is_rights(text)
        or lines.field_of(text)[0]
        or lines.is_ruler(text)
    )


def _verse_of(below: Paragraphs) -> Paragraphs:
    """Return the paragraphs below a title from the first that could be verse."""
    start = 0
    while start < len(below) and (
        all(is_marked(row.text) for row in below[start]) or _is_attribution(below[start])
    ):
        start += 1
    return below[start:]


def _is_attribution(rows: Sequence[Row]) -> bool:
    """Return whether the last of some rows says whose words the others are."""
    if len(rows) < 2:
        return False
    last, above = rows[-1].text, rows[-2].text
    quoted = rows[0].text.strip()[:1] in "\"“'‘«„_"
    if lines.is_attribution(last) and not above.lstrip().startswith(("-", "—", "–")):
        return quoted or lines.is_signature(last)
    deeper = len(last) - len(last.lstrip()) - (len(above) - len(above.lstrip())) >= _DEEP
    return deeper and quoted and _is_person(last.strip(" ._"))


def _is_person(text: str) -> bool:
    """Return whether a line reads like a person's name: two to four words, all with capitals."""
    words = text.strip(" .").split()
    return (
        (2 <= len(words) <= 4 or (len(words) == 1 and text.isupper()))
        and all(word[0].isupper() for word in words)
        and not any(word in ("The", "A", "An", "Of", "In", "On", "To", "I", "My") for word in words)
        and not text.endswith((",", ";", ":", "!", "?"))
    )


def _goes_on(after: Sequence[Row]) -> bool:
    """Return whether verse goes on after a first line in capitals rather than beginning there."""
    return (
        len(after) < 2
        or after[0].text.strip()[:1].islower()
        or any(row.text == row.text.upper() for row in after)
    )


def _mostly_capitals(rows: Sequence[Row]) -> bool:
    """Return whether a poem is itself in capitals."""
    if not rows:
        return True
    return 2 * sum(row.text == row.text.upper() for row in rows) > len(rows)
