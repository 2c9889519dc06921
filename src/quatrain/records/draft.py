"""The check of a draft: a poem still being written, with empty places anywhere.

All offsets count characters (code points) of the text of the line they belong to. A span is a
pair: its start, and its end, which is not part of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.records.deferred import HtmlRepr

Span = tuple[int, int]
"""Start and end of a run of characters."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A line that mends a fault; it keeps metre and rhyme by the same strict check.

    Attributes:
        label: what it changes, in a sentence; words of verse stand between asterisks.
        text: the whole new line.
    """

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a line, or the whole draft, does not keep.

    Attributes:
        asked: as in `Finding`: "metre", "syllables", "rhyme", "refrain" and so on.
        brief: the fault in at most five words.
        message: what was found and why it matters; words of verse stand between asterisks.
        spans: the characters concerned, in order.
        repairs: lines that mend it, the least change first; at most three.
    """

    asked: str
    brief: str
    message: str
    spans: tuple[Span, ...] = ()
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class SyllableMark:
    """A syllable of a line, and how it is stressed.

    Attributes:
        start, end: its characters.
        stress: "beat", "weak", "light" for a beat on a syllable that is too light to carry much,
            or "extra" for one too many.
    """

    start: int
    end: int
    stress: str


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One place of a draft, written or empty.

    Attributes:
        number: its number, from 1.
        text: the line; empty if it is still to be written.
        state: "kept", "broken", "empty", or "free" where nothing is asked of it.
        gap: whether a stanza begins here.
        indent: steps by which the form sets it in.
        syllables: number of syllables, as it is read.
        wanted: its metre ("iambic 5") or length ("5 syllables"), or empty.
        rhyme: its rhyme letter; None if it rhymes with none.
        mates: numbers of the nearest other lines with that letter, rising.
        rhyme_span: the letters from the rhyming vowel to the end of the word, or None.
        syllable_marks: its syllables in order.
        feet: the characters of each foot.
        faults: what it does not keep.
        breaks_off: whether it breaks the form only as the beginning of a line does that may still
            come to keep its metre or length.
        notes: licences taken, and other remarks, in plain words.
        guessed: words whose pronunciation is guessed.
        wish: what an empty place asks for: "iambic 5, rhymes with line 9, *day*".
    """

    number: int
    text: str
    state: str
    gap: bool = False
    indent: int = 0
    syllables: int = 0
    wanted: str = ""
    rhyme: str | None = None
    mates: tuple[int, ...] = ()
    rhyme_span: Span | None = None
    syllable_marks: tuple[SyllableMark, ...] = ()
    feet: tuple[Span, ...] = ()
    faults: tuple[Fault, ...] = ()
    breaks_off: bool = False
    notes: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()
    wish: str = ""


@dataclass(frozen=True, slots=True)
class LikelyForm:
    """A form that a draft without one may be on its way to.

    Attributes:
        name, title: of the form.
        why: what speaks for it, in a few words.
    """

    name: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class DraftCheck(HtmlRepr):
    """The check of a draft.

    Attributes:
        form, form_title: name and title of the form; empty without one.
        metre: the metre of its lines in words, or empty.
        summary: one sentence on the whole.
        kept: whether the lines that are there keep everything the form asks of them.
        complete: whether none is missing.
        faults: what the poem as a whole does not keep.
        likely_forms: without a form, those it may be on its way to, the likeliest first.
        lines: every place of the draft.
    """

    form: str
    form_title: str
    metre: str
    summary: str
    kept: bool
    complete: bool
    faults: tuple[Fault, ...]
    likely_forms: tuple[LikelyForm, ...]
    lines: tuple[DraftLine, ...]

    def __str__(self) -> str:
        return self.summary
