"""Answers of the tools, written for a language model: words and syllables, not offsets."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Repair(BaseModel):
    """A line that mends a fault."""

    label: str = Field(description="What it changes.")
    text: str = Field(description="The whole new line.")


class Fault(BaseModel):
    """A rule that a line or the poem does not keep."""

    asked: str = Field(description="What the form asks for: metre, rhyme, syllables, ...")
    brief: str = Field(description="The fault in a few words.")
    message: str = Field(description="What was found, and what was wanted.")
    passages: list[str] = Field(description="The syllables or words concerned, as written.")
    syllables: list[int] = Field(description="Their numbers in the line, from 1.")
    repairs: list[Repair] = Field(description="Lines that would mend it; may be empty.")


class CheckedLine(BaseModel):
    """A line of a poem, with what it keeps and what not."""

    number: int = Field(description="From 1.")
    text: str
    state: str = Field(description="kept, broken, empty (not written yet), or free (no rule).")
    wanted: str = Field(description="The metre or the syllables that the form asks for here.")
    syllables: int = Field(description="Number of syllables, as the line is read.")
    scansion: str = Field(
        description="The line as it is read: syllables apart by hyphens, those on a beat in "
        "capitals, those too many in [brackets]."
    )
    rhyme: str | None = Field(description="Its rhyme letter.")
    rhymes_with: list[int] = Field(description="Numbers of the lines that it has to rhyme with.")
    faults: list[Fault]
    notes: list[str] = Field(description="What is allowed but may be worth knowing.")
    guessed: list[str] = Field(description="Words whose pronunciation is a guess.")
    wish: str = Field(description="What an empty place asks for.")


class LikelyForm(BaseModel):
    """A form that lines may be on their way to."""

    name: str
    title: str
    why: str


class CheckedPoem(BaseModel):
    """A poem held against a form."""

    kept: bool = Field(description="Whether nothing that is written breaks the form.")
    complete: bool = Field(description="Whether no line is missing.")
    summary: str
    form: str = Field(description="Name of the form; empty if none was given.")
    metre: str
    faults: list[Fault] = Field(description="Faults of the whole poem, such as too many lines.")
    likely_forms: list[LikelyForm] = Field(description="Only without a form; likeliest first.")
    lines: list[CheckedLine] = Field(description="Every line of the form, written or not.")


class ScannedLine(BaseModel):
    """The scansion of a line."""

    text: str
    stress: str = Field(description="A sign for each syllable: + stressed, - not.")
    beats: str = Field(description="A sign for each syllable: + where the metre has a beat.")
    metre: str
    variations: list[str] = Field(description="Where it departs from the metre, and how.")
    rhyme: str | None = Field(description="Its rhyme letter.")
    guessed: list[str] = Field(description="Words whose pronunciation is a guess.")


class ScannedPoem(BaseModel):
    """The scansion of a poem."""

    metre: str
    confidence: float = Field(description="How sure the metre is, from 0 to 1.")
    regularity: float = Field(description="Share of the lines in that metre, from 0 to 1.")
    scheme: str = Field(description="Its rhyme scheme.")
    lines: list[ScannedLine]


class Rhyme(BaseModel):
    """The rhyme of a word with another."""

    word: str
    kind: str = Field(description="perfect, rich, family, slant, ...; none if they do not rhyme.")
    why: str
    syllables: int = Field(description="Syllables that rhyme.")
    probability: float = Field(description="How likely readers say the words so that they rhyme.")


class Rhymes(BaseModel):
    """Words that rhyme with a word, the best kind first."""

    word: str
    rhymes: list[Rhyme]


class Sense(BaseModel):
    """A meaning of a word."""

    part_of_speech: str
    definition: str


class OfferedWord(BaseModel):
    """A word that may stand in a place."""

    word: str
    stress: str = Field(description="Stresses of its syllables: 1 stressed, 0 not.")
    fits: bool | None = Field(description="Whether it fits the place; null if none was given.")
    why: str = Field(description="Why it does not fit.")
    used_in: list[int] = Field(description="Lines of the poem that have it already.")


class WordGroup(BaseModel):
    """Words of one kind."""

    name: str
    words: list[OfferedWord]


class Words(BaseModel):
    """Facts about a word, and words to put in its place."""

    word: str
    ipa: str
    said: str
    frequency: str
    senses: list[Sense]
    place: str = Field(description="Where it stands in the poem, and what that place asks for.")
    groups: list[WordGroup]


class WrittenLine(BaseModel):
    """A line of a poem, and who wrote it."""

    number: int
    text: str
    by: str = Field(description="Name of the poet; empty for a line that was given.")


class WrittenPoem(BaseModel):
    """A poem whose empty places have been written."""

    text: str = Field(description="The poem as it stands, an empty line between stanzas.")
    lines: list[WrittenLine]
    kept: bool = Field(description="Whether it keeps its form.")
    summary: str
    notes: list[str] = Field(description="Places that stay empty, given lines that break the form.")
    seed: int = Field(description="The same seed writes the same lines.")


class OtherLine(BaseModel):
    """A line that could stand in the place of another."""

    text: str
    by: str = Field(description="Name of the poet.")
    differs: str = Field(description="How it differs from the present line.")


class OtherWord(BaseModel):
    """A line with one word changed."""

    word: str
    text: str = Field(description="The whole line with it.")
    difference: float = Field(
        description="How much less likely the poet finds the poem with it, in nats; below 0 it is "
        "likelier than as it stands."
    )


class Alternatives(BaseModel):
    """Other lines for one, or other words for one; all of them keep the form."""

    lines: list[OtherLine]
    words: list[OtherWord]


class FormSummary(BaseModel):
    """A form in a list."""

    name: str = Field(description="What the other tools take as their form.")
    title: str
    lines: int | None = Field(description="Number of lines; null if the form leaves it open.")
    rhyme: str
    metre: str
    description: str


class Forms(BaseModel):
    """Forms, and the poets that can write in them."""

    forms: list[FormSummary]
    poets: list[str] = Field(description="Names of the poets, for write, revise, alternatives.")
    source: str = Field(description="The text of the form's file in TOML, if one was asked for.")
