"""Records of what words mean: senses of a word, words that a search finds, and all on one word."""

from __future__ import annotations

from dataclasses import dataclass

from quatrain.records.deferred import Facts, FactsRepr, HtmlRepr
from quatrain.records.pronunciation import Pronunciation
from quatrain.records.rhyme import Rhyme


@dataclass(frozen=True, slots=True)
class Sense(FactsRepr):
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

    @property
    def _facts(self) -> Facts:
        return {
            "word": self.word,
            "part of speech": self.part_of_speech,
            "definition": self.definition,
            "synonyms": ", ".join(self.synonyms),
        }


@dataclass(frozen=True, slots=True)
class Relative(FactsRepr):
    """A word related to another by meaning.

    Attributes:
        word: the related word, without endings.
        relation: what it is to the other word, the closest if several: "synonym", "narrower" ...
        strength: how close in meaning, above 0, and 1 for a synonym in the most used sense.
    """

    word: str
    relation: str
    strength: float

    @property
    def _facts(self) -> Facts:
        return {"word": self.word, "relation": self.relation, "strength": self.strength}


@dataclass(frozen=True, slots=True)
class WordMatch(FactsRepr):
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

    @property
    def _facts(self) -> Facts:
        return {
            "word": self.word,
            "stress": self.stress + ("?" if self.pronunciation.guessed else ""),
            "nearness": self.nearness,
            "relation": self.relation,
            "rhyme": self.rhyme.kind if self.rhyme else "",
            "definition": self.definition,
        }


@dataclass(frozen=True, slots=True)
class PanelWord:
    """A word that may stand for another, or in an empty slot of a line.

    Attributes:
        word: the word.
        stress: of its syllables, 1 or 0 for each: `01` for *delight*.
        fits: whether the line keeps its metre with the word, and rhymes where the form asks for
            it; None without a draft.
        why: why it doesn't fit, in a few words; empty if it does.
        used_in: numbers of the lines of the draft that have it already, from 1.
    """

    word: str
    stress: str
    fits: bool | None = None
    why: str = ""
    used_in: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WordGroup:
    """Words of one kind beside another.

    Attributes:
        name: for readers, such as "Full rhymes".
        kind: a kind of rhyme, "meaning", "verse", "opposite", or "likely" for words that verse
            has in such a place.
        words: the best first.
    """

    name: str
    kind: str
    words: tuple[PanelWord, ...]


@dataclass(frozen=True, slots=True)
class WordPanel(HtmlRepr):
    """All that helps to choose a word: how it is said and used, what it means, words beside it.

    Attributes:
        word: the word; empty for an empty slot of a line.
        ipa: its likeliest pronunciation in the International Phonetic Alphabet, or empty.
        said: its syllables and its stress, or its beat in the line, in words.
        frequency: how often it occurs in verse, in words.
        senses: what it means, the most used sense first.
        place: where it stands in the draft, in words; empty without one.
        groups: rhymes by kind, words close in meaning, near in verse, and of the opposite meaning.
    """

    word: str
    ipa: str = ""
    said: str = ""
    frequency: str = ""
    senses: tuple[Sense, ...] = ()
    place: str = ""
    groups: tuple[WordGroup, ...] = ()
