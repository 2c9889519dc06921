"""Scores of models on a text, statistics of what they write, and what it copies."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from quatrain.records.deferred import HtmlRepr


@dataclass(frozen=True, slots=True)
class Score(HtmlRepr):
    """The total surprisal of a model at a text.

    The definition, everywhere in Quatrain: every character of every line is
    predicted, the line break that ends each line, the further line break
    between stanzas, and one end-of-poem symbol per poem. The start-of-poem
    symbol is given, not predicted. A character outside the model's alphabet is
    predicted as the unknown symbol and counted. The model's state is reset at
    the start of each poem.

    A word-level poet predicts words, marks and the ends of lines and stanzas instead,
    and the same end-of-poem symbol; its surprisal is divided by the number of
    characters too, so that the two kinds can be compared. A word outside its vocabulary
    is predicted as the unknown word, and then its letters are (`corpus.spelling`): both count.

    Attributes:
        nats: total surprisal of the text, the letters of unknown words included, in nats.
        characters: characters of the text, end-of-poem symbols included; the predictions of a
            character-level poet.
        unknown: how many predictions were the unknown symbol.
        poems: number of poems.
        words: predictions of a word-level poet; 0 for a character-level one.
        spelling_nats: the part of `nats` that is the letters of unknown words.
    """

    nats: float
    characters: int
    unknown: int
    poems: int
    words: int = 0
    spelling_nats: float = 0.0

    @property
    def nats_per_character(self) -> float:
        """Mean surprisal in nats per character."""
        return self.nats / self.characters

    @property
    def bits_per_character(self) -> float:
        """Mean surprisal in bits per character."""
        return self.nats_per_character / math.log(2)

    @property
    def perplexity_per_character(self) -> float:
        """exp(nats per character): the number of equally likely characters, on average."""
        return math.exp(self.nats_per_character)

    @property
    def perplexity_per_word(self) -> float | None:
        """exp(nats per word, mark and end), unknown words spelled; None for characters."""
        return math.exp(self.nats / self.words) if self.words else None

    @property
    def closed_vocabulary_perplexity(self) -> float | None:
        """Perplexity per word with every unknown word as one symbol; None for characters.

        This is what papers on language models with a fixed vocabulary report. It falls as the
        vocabulary shrinks, so it compares models of one vocabulary only.
        """
        return math.exp((self.nats - self.spelling_nats) / self.words) if self.words else None


@dataclass(frozen=True, slots=True)
class TextStatistics:
    """Statistics of some poems written with the same settings.

    Attributes:
        poems, lines, characters, words: their numbers; line breaks are characters.
        known_words: share of the words that occur in the poet's training text; None if there
            are no words, or the poet has no list of the text's words.
        distinct_words: share of the words that are different from each other; it falls as
            more is written.
        entropy: mean entropy of the distributions that units were drawn from, in bits; 0 at
            temperature 0, None if it was not measured.
        surprisal: mean surprisal of the units drawn, in bits, under the same distributions; over
            many draws it approaches the entropy. For poems in a form it is the poet's own
            surprisal, at temperature 1 and without the form.
        unit: "character" or "word": entropy and surprisal are per unit drawn.
    """

    poems: int
    lines: int
    characters: int
    words: int
    known_words: float | None
    distinct_words: float | None
    entropy: float | None
    surprisal: float
    unit: str = "character"


@dataclass(frozen=True, slots=True)
class Comparison(HtmlRepr):
    """The scores of a poet and of simpler models on one text.

    Attributes:
        source: the text, as the user named it.
        poet: the poet's name.
        scores: by model, the poet first.
        notes: remarks for the user, in sentences.
    """

    source: str
    poet: str
    scores: Mapping[str, Score]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """A run of words that a poem shares with a corpus.

    Attributes:
        text: the run as the poem has it, line breaks included.
        words: its number of words.
        whole: whether the run is the whole poem.
        line: number of the poem's line in which it begins, from 1; breaks of stanzas do not count.
        title, author, source: of the poem of the corpus, each possibly empty.
        source_line: number of that poem's line in which the run begins, from 1.
    """

    text: str
    words: int
    whole: bool
    line: int
    title: str
    author: str
    source: str
    source_line: int
