"""Plain text files: where one poem ends and the next begins, and what is not verse.

`poems` takes a `.txt` file and yields its poems, tidied, with their titles. `poem_borders` says by
what rule it tells poems apart, one per file, which it reports. `paratext` says what is not verse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from quatrain.config import Cleaning
from quatrain.corpus.cleaning import Tally, set_flush, tidy
from quatrain.corpus.decoding import blocks, encoding_of
from quatrain.corpus.paratext import lines
from quatrain.corpus.paratext.head import is_marked
from quatrain.corpus.paratext.licence import LicenceFilter
from quatrain.corpus.paratext.margins import notes_in
from quatrain.corpus.paratext.markup import plain_text, with_plain_breaks
from quatrain.corpus.paratext.poem import Manner, Separation, is_plain, separate
from quatrain.corpus.paratext.rows import LineNumbers
from quatrain.corpus.paratext.titles import Judgement, judge, runs_on
from quatrain.corpus.poem_borders import Rule, kind_of_heading, rule_of
from quatrain.corpus.raw_poems import RawBatch, RawPoem, ReadContext
from quatrain.records import CleaningReport, Paratext, Poem

LONGEST_POEM = 4 * 2**20
"""Characters after which a text without a break is cut, at a stanza if it has any."""

_LONGEST_HEAD = 2000
"""Characters above a wide gap that may be the head of the poem below it."""

_SAMPLE = 2**20
"""Characters from which the rule is chosen."""

Rewriting = Callable[[str, Tally, int, LineNumbers], str]
"""A function that turns a block of a file into plain text, as `markup.plain_text` does."""


def poems(
    path: Path, context: ReadContext, rewriting: Rewriting = plain_text
) -> Iterator[RawBatch]:
    """Read a text file's poems in batches, tidied.

    Args:
        path: the file.
        context: settings and counts.
        rewriting: what turns a block of the file into plain text.

    Raises:
        CorpusError: as `encoding_of`.
    """
    cleaning, tally = context.cleaning, context.tally
    encoding, description = encoding_of(path, cleaning.encoding)
    tally.encodings[description] += 1
    numbers = LineNumbers()
    parser: _Parser | None = None
    for text, done in _tidied(path, encoding, context, numbers, rewriting):
        if parser is None:
            rule = rule_of(text[:_SAMPLE])
            tally.rules[rule.name] += 1
            parser = _Parser(rule, tally, numbers, keep_all=cleaning.keep_all)
        yield RawBatch(_flush(parser.feed(text), tally), done)
    if parser is not None:
        yield RawBatch(_flush(parser.finish(), tally), path.stat().st_size)


def poem_of_text(text: str, *, keep_all: bool = False) -> tuple[Poem, CleaningReport]:
    """Return a text as one poem, its typography as it is, and what was not taken as verse.

    Args:
        text: the text of one poem, with a title perhaps.
        keep_all: take everything as verse.
    """
    tally, numbers = Tally(), LineNumbers()
    tally.file = "standard input"
    text = text.replace("\0", "") + "\n"
    if not keep_all:
        text = plain_text(text, tally, 1, numbers)
    text = tidy(text, Cleaning(fold_quotes=False, fold_dashes=False), tally)
    separation = Separation(text.strip("\n"), 1)
    if not keep_all and separation.verse:
        blank = len(text) - len(text.lstrip("\n"))
        manner = _manner(rule_of(text[:_SAMPLE]), numbers)
        separation = separate(text.strip("\n"), 1 + blank, manner)
        if not separation.verse:
            separation = Separation(text.strip("\n"), 1)
    findings = separation.findings
    findings.count(tally)
    poem = Poem.from_lines(
        separation.verse.split("\n"), title=findings.title, author=findings.author
    )
    return replace(poem, paratexts=tuple(findings.paratexts), line=separation.line), tally.report()


def _manner(rule: Rule, numbers: LineNumbers) -> Manner:
    """Return how the poems of a file are set out, by its rule."""
    return Manner(
        cast=rule.cast,
        titles=rule.titles or "title" in rule.headings,
        numerals=rule.numerals,
        sections=rule.sections,
        inline=rule.inline,
        rulers=rule.has_rulers,
        numbers=numbers,
    )


def _flush(batch: list[RawPoem], tally: Tally) -> list[RawPoem]:
    """Return poems set flush."""
    texts = set_flush([poem.text for poem in batch], tally)
    return [
        poem if text == poem.text else poem._replace(text=text)
        for poem, text in zip(batch, texts, strict=True)
    ]


def _tidied(
    path: Path, encoding: str, context: ReadContext, numbers: LineNumbers, rewriting: Rewriting
) -> Iterator[tuple[str, int]]:
    """Yield the file's text in tidied blocks of whole lines, without Gutenberg's own."""
    cleaning, tally = context.cleaning, context.tally
    licence = LicenceFilter(tally, numbers)
    line = 1

    def plain(text: str) -> str:
        text = with_plain_breaks(text, tally, line, numbers)
        if not cleaning.keep_all:
            text = rewriting(text, tally, line, numbers)
        text = tidy(text, cleaning, tally)
        return text if cleaning.keep_all else licence.filtered(text, line)

    held = ""
    size = path.stat().st_size
    for text, ends, done in blocks(path, encoding):
        tally["line_endings"] += ends
        held += text
        if done >= size and not held.endswith("\n"):
            held += "\n"  # so that the rule is chosen with the last line, too
        at = held.rfind("\n") + 1
        if at:
            block, held = plain(held[:at]), held[at:]
            yield block, done
            line += block.count("\n")
    if held:
        yield plain(held + "\n"), path.stat().st_size


class _Parser:
    """Divides tidied blocks into poems, keeping the unfinished last one for the next."""

    def __init__(
        self, rule: Rule, tally: Tally, numbers: LineNumbers, *, keep_all: bool = False
    ) -> None:
        self._rule = rule
        self._tally = tally
        self._keep_all = keep_all
        self._manner = _manner(rule, numbers)
        self._held = ""
        self._line = 1
        self._poems: list[RawPoem] = []
        self._open: list[str] = []
        self._open_line = 0
        self._has_verse = False
        self._has_marks = False
        self._size = 0
        self._wide = True
        self._waiting: tuple[str, int] | None = None

    def feed(self, text: str) -> list[RawPoem]:
        """Return the poems that are complete with this block, but for the last.

        The last one waits, because a date or a signature below it may still come.
        """
        text = self._held + text
        if self._rule.by_paragraph:
            self._by_paragraph(text)
        else:
            self._by_gap(text)
        complete, self._poems = self._poems[:-1], self._poems[-1:]
        return complete

    def finish(self) -> list[RawPoem]:
        """Return the last poems."""
        if self._rule.by_paragraph:
            self._by_paragraph(self._held + "\n\n")
            self._close()
        else:
            self._piece(self._held)
        self._settle(last=True)
        return self._poems

    def _by_gap(self, text: str) -> None:
        """Divide a text at its gaps."""
        gap = self._rule.gap
        *pieces, self._held = text.split(gap)
        for piece in pieces:
            self._piece(piece)
            self._line += len(gap)
        if len(self._held) > LONGEST_POEM:
            piece, self._held = _cut(self._held)
            self._piece(piece)
            self._tally["cut"] += 1

    def _piece(self, piece: str) -> None:
        """Take the text between two gaps, blank lines at its ends and all."""
        text = piece.lstrip("\n")
        blank = len(piece) - len(text)
        text = text.rstrip("\n")
        if self._rule.gap == "\n\n\n":
            self._tally["blank"] += blank if text else len(piece) + 3
        if text:
            self._poem(text, self._line + blank)
        self._line += piece.count("\n")

    def _by_paragraph(self, text: str) -> None:
        """Divide a text at headings and lone titles, paragraph by paragraph."""
        end = len(text.rstrip("\n")) if text.endswith("\n\n") else text.rfind("\n\n")
        if end < 0:
            self._held = text
            return
        while end and text[end - 1] == "\n":
            end -= 1
        line = self._line
        for place, paragraph in enumerate(text[:end].split("\n\n")):
            verse = paragraph.lstrip("\n")
            blank = len(paragraph) - len(verse)
            if blank or (place and not paragraph):
                self._wide = True
                self._tally["blank"] += max(0, blank - 1) if verse else blank + 1
            if verse:
                self._paragraph(verse, line + blank)
                self._wide = False
            line += paragraph.count("\n") + 2
        self._line += text.count("\n", 0, end)
        self._held = text[end:]

    def _paragraph(self, paragraph: str, line: int) -> None:
        """Take one paragraph: it begins a poem, or goes on with the one that is open."""
        rule = self._rule
        kind = kind_of_heading(paragraph, wide=self._wide, rule=rule)
        if rule.sections and kind == "number" and self._open and not self._wide:
            kind = ""
        if self._wide or (kind and self._has_verse):
            self._close()
        if rule.rulers and not self._keep_all and lines.is_ruler(paragraph):
            self._close()
            self._tally.omit("ruler", paragraph, self._manner.numbers.in_file(line))
            return
        if not self._open:
            self._open_line = line
        self._open.append(paragraph)
        self._has_verse = self._has_verse or not kind or "\n" in paragraph
        self._size += len(paragraph)
        if self._size > LONGEST_POEM:
            self._close()
            self._tally["cut"] += 1

    def _close(self) -> None:
        """End the poem that is open."""
        if self._open:
            self._poem("\n\n".join(self._open), self._open_line)
            self._open = []
            self._has_verse = False
            self._size = 0

    def _poem(self, text: str, line: int) -> None:
        """Take the text of a poem, which may be only its title, or what stands below it."""
        if self._keep_all or (self._waiting is None and is_plain(text, self._manner)):
            if self._rule.gap != "\n\n\n":
                text = _with_single_gaps(text)
            self._poems.append(RawPoem(text, line=self._manner.numbers.in_file(line)))
            self._has_marks = False
            return
        gap = 1
        if self._waiting is not None:
            above, first = self._waiting
            if len(above) <= _LONGEST_HEAD and _belongs_to(above, text):
                text = above + "\n" * (line - first - above.count("\n")) + text
                line, gap = first, 2
                self._waiting = None
            else:
                self._settle()
        elif _may_be_head(text) and not (self._poems and lines.is_date(text)):
            self._waiting = text, line
            return
        if self._notes_of_last(text, line):
            return
        separation = separate(text, line, self._manner, gap=gap)
        if separation.verse:
            self._append(separation)
        elif self._poems and separation.findings.is_below:
            findings = separation.findings
            findings.count(self._tally)
            last = self._poems[-1]
            self._poems[-1] = last._replace(paratexts=(*last.paratexts, *findings.paratexts))
        else:
            self._waiting = text, line

    def _notes_of_last(self, text: str, line: int) -> bool:
        """Take a text as notes to the last poem, if that has marks of notes and these are such."""
        notes = notes_in(text) if self._has_marks else []
        if not notes or not self._poems:
            return False
        for note in notes:
            number = self._manner.numbers.in_file(line + text[: text.index(note)].count("\n"))
            self._tally.omit("note", note, number)
        last = self._poems[-1]
        paratexts = (Paratext("note", note) for note in notes)
        self._poems[-1] = last._replace(paratexts=(*last.paratexts, *paratexts))
        return True

    def _settle(self, *, last: bool = False) -> None:
        """Decide on a text that waits for a poem below it, if none comes: a line may be verse."""
        if self._waiting is None:
            return
        text, line = self._waiting
        self._waiting = None
        separation = separate(text, line, self._manner)
        if separation.verse or not self._poems:
            number = self._manner.numbers.in_file(line)
            separation = Separation(_with_single_gaps(text), number)
            if self._poems or not last:
                separation.findings.doubt("title", text, number)
            self._append(separation)
        else:
            separation.findings.count(self._tally)

    def _append(self, separation: Separation) -> None:
        """Add a poem."""
        findings = separation.findings
        findings.count(self._tally)
        self._has_marks = any(kind == "note mark" for kind, _, _ in findings.omissions)
        self._poems.append(
            RawPoem(
                separation.verse,
                findings.title,
                findings.author,
                "",
                tuple(findings.paratexts),
                separation.line,
            )
        )


def _belongs_to(above: str, text: str) -> bool:
    """Return whether what stands above a wide gap is the head of the poem below it.

    A line that no mark shows to be a title may also be a poem of one line.
    """
    first, _, rest = above.partition("\n")
    if rest or not separate(above, 0, Manner()).verse:
        return True
    stanzas = [stanza.split("\n") for stanza in text.split("\n\n") if stanza.strip("\n")]
    return judge(first, stanzas, gap=2) is Judgement.TITLE


def _may_be_head(text: str) -> bool:
    """Return whether a text between wide gaps may be the title, and more, of what follows."""
    line, *others = text.split("\n", 4)
    return all(map(is_marked, others)) and (
        len(line) <= lines.LONGEST_TITLE
        and not runs_on(line)
        and not lines.is_ruler(line)
        and not lines.is_signature(line)
        and not (line.rstrip().endswith(".") and not line.isupper() and not lines.is_numbered(line))
    )


def _with_single_gaps(text: str) -> str:
    """Return a text with no more than one blank line in a row."""
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


def _cut(text: str) -> tuple[str, str]:
    """Divide a text at its last stanza break, or line break, or nowhere better, at its end."""
    for gap in ("\n\n", "\n"):
        at = text.rfind(gap)
        if at > 0:
            return text[:at], text[at:]
    return text, ""
