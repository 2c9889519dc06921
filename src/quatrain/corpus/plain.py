"""Plain text files: where one poem ends and the next begins.

`poems` takes a `.txt` file and yields its poems, tidied, with their titles. It takes one rule per
file, from the first million characters, and reports it:

1. *Headings.* At least two lines, each after a blank line, are a number, a
   roman numeral ("XII.", "Sonnet 12"), a Markdown heading, or, alone between
   blank lines, a title in capitals. A heading begins a poem; so do several
   blank lines.
2. *Single blank lines*, if nearly all gaps are of one blank line and the
   median stanza between them would have ten lines or more. Stanzas that long
   are rare (Spenser's has nine), poems are not.
3. *Several blank lines* separate poems; a single one ends a stanza.
4. *One poem*, if there are none, or fewer than one in a hundred gaps.

With 3, a first line that stands alone is a title if at least half the poems
begin so. A Project Gutenberg header and footer are taken off first.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quatrain.config import Cleaning
from quatrain.corpus.cleaning import Tally, set_flush, tidy
from quatrain.corpus.decoding import blocks, encoding_of
from quatrain.corpus.raw_poems import RawBatch, RawPoem, ReadContext

LONGEST_POEM = 4 * 2**20
"""Characters after which a text without a break is cut, at a stanza if it has any."""

_SAMPLE = 2**20
"""Characters from which the rule is chosen."""
_POEM_LINES = 10
"""Median lines of a block from which blocks are poems rather than stanzas."""
_GAPS = 100
"""Paragraphs per wide gap above which wide gaps do not separate poems."""
_NEVER = "\0"
"""A gap that no tidied text has."""
_TITLE_LENGTH = 70
"""Characters in the longest title."""

_ROMAN = r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
_NUMBERED = re.compile(
    rf" *(?:#{{1,6}} +\S.*|[\[(]?(?:(?:sonnet|canto|poem|song|ode|no\.?|number) +)?"
    rf"(?:\d{{1,4}}|(?=[MDCLXVI])(?-i:{_ROMAN}))[\])]?[.:]?)",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^(?:\*\*\* ?START OF TH(?:E|IS) PROJECT GUTENBERG[\s\S]{0,400}?\*\*\*"
    r"|\*END\*? ?THE SMALL PRINT!.*)[^\n]*\n",
    re.MULTILINE,
)
_CREDIT = re.compile(
    r"\s*(?:produced by|e-?text prepared by|transcribed (?:by|from)|\[?transcriber)"
    r"(?:[^\n]+\n?)+",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"^(?:\*\*\* ?END OF TH(?:E|IS) PROJECT GUTENBERG|End of (?:the |this )?Project Gutenberg)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Rule:
    """The rule that separates a file's poems.

    Attributes:
        name: the rule in words, for the report.
        gap: the line breaks that separate poems.
        headings: whether headings begin poems.
        titles: whether a first line that stands alone is the title.
    """

    name: str
    gap: str = "\n\n\n"
    headings: bool = False
    titles: bool = False


def poems(path: Path, context: ReadContext) -> Iterator[RawBatch]:
    """Read a text file's poems in batches, tidied.

    Raises:
        CorpusError: as `encoding_of`.
    """
    cleaning, tally = context.cleaning, context.tally
    encoding, description = encoding_of(path, cleaning.encoding)
    tally.encodings[description] += 1
    rule: Rule | None = None
    parser: _Parser | None = None
    for text, done in _tidied(path, encoding, cleaning, tally):
        if parser is None:
            rule = rule_of(text[:_SAMPLE])
            tally.rules[rule.name] += 1
            parser = _Parser(rule, tally)
        yield _batch(*parser.feed(text), done, tally)
    if parser is not None:
        yield _batch(*parser.finish(), path.stat().st_size, tally)


def _batch(verse: list[str], titles: list[str], done: int, tally: Tally) -> RawBatch:
    """Return poems and their titles as a batch, set flush."""
    return RawBatch(list(map(RawPoem, set_flush(verse, tally), titles)), done)


def rule_of(sample: str) -> Rule:
    """Choose the rule for a tidied text from its beginning, as the module says."""
    sample = sample.strip("\n")
    chunks = re.split(r"\n{3,}", sample)
    paragraphs = [paragraph for chunk in chunks for paragraph in chunk.split("\n\n")]
    if sum(map(_heading, paragraphs)) >= 2:
        return Rule("each heading starts a new poem", headings=True)
    lengths = [paragraph.count("\n") + 1 for paragraph in paragraphs]
    if (
        len(paragraphs) > 1
        and 4 * (len(chunks) - 1) < len(paragraphs)
        and statistics.median(lengths) >= _POEM_LINES
    ):
        return Rule("single blank lines separate poems", gap="\n\n")
    if len(chunks) > 1 and len(paragraphs) > _GAPS * len(chunks):
        return Rule("all text is one poem (too few wide gaps to separate poems)", gap=_NEVER)
    if len(chunks) > 1:
        titled = sum(_title_stands_alone(chunk) for chunk in chunks)
        return Rule("several blank lines separate poems", titles=2 * titled >= len(chunks))
    return Rule("all text is one poem (no headings or wide gaps)")


class _Parser:
    """Divides tidied blocks into poems, keeping the unfinished last one for the next."""

    def __init__(self, rule: Rule, tally: Tally) -> None:
        self._rule = rule
        self._tally = tally
        self._held = ""
        self._title = ""
        self._first = True
        self._open: list[str] = []
        self._size = 0
        self._poems: list[str] = []
        self._titles: list[str] = []

    def feed(self, text: str) -> tuple[list[str], list[str]]:
        """Return the poems, and their titles, that are complete with this block."""
        text = self._held + text
        while "\n\n\n\n" in text:
            before = len(text)
            text = text.replace("\n\n\n\n", "\n\n\n")
            self._tally["blank"] += before - len(text)
        if self._rule.headings or self._rule.titles:
            self._by_paragraph(text)
            return self._take()
        if self._rule.gap != "\n\n\n":
            text = text.replace("\n\n\n", "\n\n")
        *pieces, self._held = text.split(self._rule.gap)
        complete = [piece for piece in pieces if piece.strip("\n")]
        if len(self._held) > LONGEST_POEM:
            piece, self._held = _cut(self._held)
            complete.append(piece)
            self._tally["cut"] += 1
        return complete, [""] * len(complete)

    def finish(self) -> tuple[list[str], list[str]]:
        """Return the last poem."""
        if not (self._rule.headings or self._rule.titles):
            return [self._held], [""]
        self._by_paragraph(self._held + "\n\n")
        self._close()
        return self._take()

    def _by_paragraph(self, text: str) -> None:
        """Divide a text at headings and lone titles, paragraph by paragraph."""
        end = len(text.rstrip("\n")) if text.endswith("\n\n") else text.rfind("\n\n")
        if end < 0:
            self._held = text
            return
        while end and text[end - 1] == "\n":
            end -= 1
        self._held = text[end:]
        for paragraph in text[:end].split("\n\n"):
            if paragraph.startswith("\n"):
                self._close()
                self._first = True
            verse = paragraph.strip("\n")
            if not verse:
                continue
            first, _, rest = verse.partition("\n")
            heading = _heading(verse) if self._rule.headings else False
            alone = not rest and self._first and self._rule.titles
            self._first = False
            if heading or (alone and _title(first)):
                self._close()
                self._title = first.strip(" #")
                self._tally.omit("title", self._title)
                verse = rest
            if verse:
                self._open.append(verse)
                self._size += len(verse)
            if self._size > LONGEST_POEM:
                self._close()
                self._tally["cut"] += 1

    def _close(self) -> None:
        """End the poem that is open."""
        if self._open:
            self._poems.append("\n\n".join(self._open))
            self._titles.append(self._title)
            self._title = ""
            self._open = []
            self._size = 0

    def _take(self) -> tuple[list[str], list[str]]:
        """Return the complete poems and their titles, and forget them."""
        complete = self._poems, self._titles
        self._poems, self._titles = [], []
        return complete


def _cut(text: str) -> tuple[str, str]:
    """Divide a text at its last stanza break, or line break, or nowhere better, at its end."""
    for gap in ("\n\n", "\n"):
        at = text.rfind(gap)
        if at > 0:
            return text[:at], text[at + len(gap) :]
    return text, ""


def _heading(paragraph: str) -> bool:
    """Return whether a paragraph begins with a number, or is a title in capitals."""
    first, _, rest = paragraph.strip("\n").partition("\n")
    if len(first) > _TITLE_LENGTH:
        return False
    if _NUMBERED.fullmatch(first.rstrip()):
        return True
    letters = sum(map(str.isalpha, first))
    capitals = first == first.upper() and first != first.lower()
    return not rest and letters >= 2 and capitals and not first.endswith((",", ";", ":"))


def _title(line: str) -> bool:
    """Return whether a line that stands alone can be a title: short, not broken off."""
    return len(line.strip()) <= _TITLE_LENGTH and not line.rstrip().endswith((",", ";", ":", "-"))


def _title_stands_alone(chunk: str) -> bool:
    """Return whether a poem's first line stands alone and can be a title."""
    first, gap, rest = chunk.strip("\n").partition("\n\n")
    return bool(gap and rest) and "\n" not in first and _title(first)


def _tidied(
    path: Path, encoding: str, cleaning: Cleaning, tally: Tally
) -> Iterator[tuple[str, int]]:
    """Yield the file's text in tidied blocks of whole lines, without Gutenberg's own."""
    held = ""
    gutenberg: bool | None = None
    for text, ends, done in blocks(path, encoding):
        tally["line_endings"] += ends
        held += text
        at = held.rfind("\n") + 1
        if not at:
            continue
        block, held = tidy(held[:at], cleaning, tally), held[at:]
        if gutenberg is None:
            whole = block
            block, gutenberg = _without_header(whole)
            if gutenberg:
                header = whole[: len(whole) - len(block)]
                tally.omit("licence", header, 1)
        if gutenberg and (footer := _FOOTER.search(block)):
            rest = block[footer.start() :]
            tally.omit("licence", rest)
            yield block[: footer.start()], done
            return
        yield block, done
    if held:
        yield tidy(held + "\n", cleaning, tally), path.stat().st_size


def _without_header(text: str) -> tuple[str, bool]:
    """Take off a Project Gutenberg header; return whether there was one, too."""
    header = _HEADER.search(text, 0, 200_000)
    if not header:
        return text, False
    text = text[header.end() :]
    while credit := _CREDIT.match(text):
        text = text[credit.end() :]
    return text, True
