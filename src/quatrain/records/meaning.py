"""Records of what words mean: senses of a word, and words that a search finds."""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.records.pronunciation import Pronunciation
from quatrain.records.rhyme import Rhyme


@dataclass(frozen=True, slots=True)
class Sense:
    """One sense of a word.

    Attributes:
        word: that has the sense, without endings: *goose* for *geese*.
        part_of_speech: "noun", "verb", "adjective" or "adverb".
        definition: in a few words.
        synonyms: words with the same sense.
        antonyms: words of the opposite sense; of an adjective without any, those of the adjectives
            that it is similar to.
        broader: words of the sense that this one is a kind of.
        narrower: words of the senses that are kinds of this one.
        similar: words of similar senses.
        wholes: words for what this is a part, a member or a substance of.
        parts: words for the parts, members or substances of this.
        derived: words of another part of speech from the same root.
        labels: how the sense is used, such as "archaism" or "slang".
        topics: fields that it belongs to, such as "music".
    """

    word: str
    part_of_speech: str
    definition: str
    synonyms: tuple[str, ...] = ()
    antonyms: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.word} ({self.part_of_speech}): {self.definition}"


@dataclass(frozen=True, slots=True)
class Relative:
    """A word related to another by meaning.

    Attributes:
        word: the related word, without endings.
        relation: what it is to the other word, the closest if several: "synonym", "narrower" ...
        strength: how close in meaning, above 0, and 1 for a synonym in the most used sense.
    """

    word: str
    relation: str
    strength: float


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A word that was searched for by meaning, sound and metre.

    Attributes:
        word: the word.
        pronunciation: the likeliest that fits.
        nearness: to the words asked for, 0 to 1; None if meaning was not asked for.
        relation: to the nearest of those words, such as "synonym"; "association" for a word that
            only goes with them in verse; empty if meaning was not asked for.
        rhyme: with the word asked for; None if rhyme was not asked for.
        definition: of its most used sense, or empty if the dictionary does not have it.
    """

    word: str
    pronunciation: Pronunciation
    nearness: float | None = None
    relation: str = ""
    rhyme: Rhyme | None = None
    definition: str = ""

    @property
    def stress(self) -> str:
        """Stress of its syllables, 1 or 0 for each: `01` for *delight*."""
        return self.pronunciation.stress.replace("2", "1")
