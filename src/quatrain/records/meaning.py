"""What words mean."""

from __future__ import annotations

from dataclasses import dataclass


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
