"""Requests and answers about verse that is there: checks, scans, rhymes, forms, poets."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonValue

from quatrain.studio.schemas.texts import MOST_LINES, Answer, LineText, Model, ShortText

Lines = Annotated[
    list[LineText],
    Field(max_length=MOST_LINES, description="The lines; an empty text is an empty place."),
]
Gaps = Annotated[
    list[bool],
    Field(max_length=MOST_LINES, description="For each line, whether a stanza begins there."),
]
Span = Annotated[
    list[int],
    Field(min_length=2, max_length=2, description="Start and end, in UTF-16 units as JS counts."),
]

COUPLET: list[JsonValue] = [
    "The lamps are lit along the harbour wall,",
    "I hear the evening tide begin to call.",
]
"""Two lines of verse for examples."""


class CheckRequest(Model):
    """Lines to check, with a form or without."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"lines": COUPLET, "gaps": [], "form": "heroic-couplets", "metre": ""},
                {"lines": COUPLET, "gaps": [False, False]},
            ]
        }
    )

    lines: Lines
    gaps: Gaps = Field(default_factory=list)
    form: ShortText = Field(default="", description='Name of a form, or "" for none.')
    metre: ShortText = Field(default="", description='A metre such as "iambic 4", or "".')


class Repair(Answer):
    """A line that mends a fault."""

    label: str = Field(description="What it does; words of verse stand between asterisks.")
    text: str = Field(description="The whole new line.")


class Fault(Answer):
    """A rule that a line or the poem doesn't keep, and what would mend it."""

    asked: str = Field(description='What was asked: "metre", "rhyme", "syllables", ...')
    brief: str = Field(description="The fault in a few words.")
    message: str = Field(description="What was found, and what was wanted.")
    spans: list[Span]
    repairs: list[Repair]


class SyllableMark(Answer):
    """A syllable of a line, and its stress."""

    start: int
    end: int
    stress: Literal["beat", "weak", "light", "extra"]


class CheckedLine(Answer):
    """A line, with what it keeps and what not."""

    number: int
    text: str
    state: Literal["kept", "broken", "empty", "free"]
    gap: bool
    indent: int
    syllables: int
    wanted: str = Field(description="Its metre or length, as the form asks for.")
    rhyme: str | None = Field(description="Its rhyme letter.")
    mates: list[int] = Field(description="Numbers of lines that it rhymes with.")
    rhyme_span: Span | None
    syllable_marks: list[SyllableMark]
    feet: list[Span]
    faults: list[Fault]
    breaks_off: bool = Field(description="Whether it may still come to keep its metre or length.")
    notes: list[str]
    guessed: list[str] = Field(description="Words whose pronunciation is guessed.")
    wish: str = Field(description="What an empty place asks for.")


class LikelyForm(Answer):
    """A form that the lines may be on their way to."""

    name: str
    title: str
    why: str


class DraftCheck(Answer):
    """The check of a draft, line by line."""

    form: str
    form_title: str
    metre: str
    summary: str = Field(description="One sentence on the whole.")
    kept: bool
    complete: bool
    faults: list[Fault] = Field(description="Faults of the whole poem.")
    likely_forms: list[LikelyForm]
    lines: list[CheckedLine]


class ScanRequest(Model):
    """Lines to scan."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"lines": COUPLET, "gaps": []}]})

    lines: Lines
    gaps: Gaps = Field(default_factory=list)


class ScannedLine(Answer):
    """The scansion of a line."""

    text: str
    stress: str = Field(description="A sign for each syllable: + stressed, - not.")
    beats: str = Field(description="A sign for each syllable: whether the metre has a beat there.")
    metre: str
    feet: list[str]
    variations: list[str]
    rhyme: str | None
    guessed: list[str]
    score: float
    margin: float | None = None
    confidence: float | None = None


class Scan(Answer):
    """The scansion of a poem."""

    model_config = ConfigDict(extra="allow")

    metre: str
    confidence: float
    regularity: float
    scheme: str
    lines: list[ScannedLine]


class RhymeRequest(Model):
    """One of three questions: what rhymes with a word, how two words rhyme, or a rhyme scheme."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"word": "harbour", "kinds": ["perfect", "slant"], "limit": 20},
                {"first": "love", "second": "prove"},
                {"lines": COUPLET},
            ]
        }
    )

    word: ShortText = Field(default="", description="A word, or the words that end a line.")
    kinds: list[ShortText] = Field(
        default_factory=list, max_length=20, description="Kinds of rhyme; none for all."
    )
    limit: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=40, description="Most words of each kind."
    )
    first: ShortText = Field(default="", description="The first of two words.")
    second: ShortText = Field(default="", description="The second of two words.")
    lines: Annotated[list[LineText], Field(max_length=MOST_LINES)] = Field(
        default_factory=list, description="Lines whose rhyme scheme is asked for."
    )

    @model_validator(mode="after")
    def _check_question(self) -> RhymeRequest:
        pair = bool(self.first.strip()) + bool(self.second.strip())
        asked = (bool(self.word.strip()), pair == 2, bool(self.lines))
        if sum(asked) != 1 or pair == 1:
            raise ValueError("either a word, or first and second, or lines")
        return self


class Rhyme(Answer):
    """The rhyme of two words."""

    first: str
    second: str
    kind: str
    why: str
    pronunciations: list[str] | None
    sources: list[str] | None
    syllables: int
    probability: float


class RhymingWord(Rhyme):
    """A word that rhymes with the one asked for."""

    standing: str = Field(description='"word", "name" or "other".')
    usual: bool = Field(description="Whether it rhymes as it is usually said.")
    reading: int = Field(description="Which way to say the word it rhymes with; 0 is likeliest.")


class RhymeLink(Answer):
    """Two lines that rhyme, by their numbers."""

    first: int
    second: int
    rhyme: Rhyme


class RhymingWords(Answer):
    """Words that rhyme with a word."""

    word: str
    rhymes: list[RhymingWord]


class WordPair(Answer):
    """The rhyme of two words."""

    rhyme: Rhyme


class RhymeScheme(Answer):
    """The rhyme scheme of some lines."""

    scheme: str
    letters: list[str | None]
    links: list[RhymeLink]


class FormSummary(Answer):
    """A form in a list."""

    name: str
    title: str
    lines: int | None = Field(description="Number of lines, or null if the form leaves it open.")
    rhyme: str = Field(description="The rhyme scheme, stanzas apart.")
    metre: str
    description: str
    usable: bool = Field(description="False for a form of your own whose file has an error.")
    why: str = Field(description="What is wrong with it.")


class FormList(Answer):
    """The forms at hand."""

    forms: list[FormSummary]


class FormDetails(FormSummary):
    """A form with the text of its file."""

    stanzas: list[str]
    variants: list[FormSummary]
    source: str = Field(description="The form's file, in TOML.")


class Poet(Answer):
    """A poet that can be asked to write."""

    name: str
    title: str
    kind: str = Field(description='"words" or "characters".')
    source: str = Field(description='"shipped", "trained" or "folder".')
    words: int = Field(description="Number of words that it knows; 0 if it spells.")
    description: str
    usable: bool
    why: str = Field(description="Why it can't be used, and what to do.")


class PoetList(Answer):
    """The poets at hand."""

    poets: list[Poet]
    message: str = Field(description="What to do if there is no poet; else empty.")
