"""Frozen values that travel between rooms.

A record holds facts and derives nothing that costs more than a join. Rooms
make records; `page` shows them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """One line of verse, without its line break."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Poem:
    """Stanzas of lines, and what is known of where they come from.

    Attributes:
        stanzas: at least one stanza, each of at least one line.
        title, author: as the source gives them, or empty.
        form: the form the source or the writer names, or empty.
        source: the file or book the poem was read from, or the poet that wrote it.
        seed: the seed it was written with; None for a poem that was read.
        settings: the sampling settings it was written with.
    """

    stanzas: tuple[tuple[Line, ...], ...]
    title: str = ""
    author: str = ""
    form: str = ""
    source: str = ""
    seed: int | None = None
    settings: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def from_lines(
        cls,
        lines: Iterable[str],
        *,
        title: str = "",
        author: str = "",
        form: str = "",
        source: str = "",
        seed: int | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> Poem:
        """Make a poem of lines in which one or more blank lines end a stanza."""
        stanzas: list[tuple[Line, ...]] = []
        stanza: list[Line] = []
        for line in lines:
            if line.strip():
                stanza.append(Line(line))
            elif stanza:
                stanzas.append(tuple(stanza))
                stanza = []
        if stanza:
            stanzas.append(tuple(stanza))
        return cls(tuple(stanzas), title, author, form, source, seed, settings or {})

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line in order, stanza breaks left out."""
        return tuple(line for stanza in self.stanzas for line in stanza)

    @property
    def text(self) -> str:
        """The verse alone: lines on lines, an empty line between stanzas, no final break."""
        return "\n\n".join("\n".join(line.text for line in stanza) for stanza in self.stanzas)

    def __str__(self) -> str:
        return f"{self.title}\n\n{self.text}" if self.title else self.text

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)


@dataclass(frozen=True, slots=True)
class Score:
    """How well a model predicts a text.

    The definition, everywhere in Quatrain: every character of every line is
    predicted, the line break that ends each line, the further line break
    between stanzas, and one end-of-poem symbol per poem. The start-of-poem
    symbol is given, not predicted. A character outside the model's alphabet is
    predicted as the unknown symbol and counted. The model's state is reset at
    the start of each poem.

    Attributes:
        nats: total surprise over the text, in nats.
        characters: number of predictions, end-of-poem symbols included.
        unknown: how many of them were the unknown symbol.
        poems: number of poems.
    """

    nats: float
    characters: int
    unknown: int
    poems: int

    @property
    def nats_per_character(self) -> float:
        """Mean surprise in nats per predicted character."""
        return self.nats / self.characters

    @property
    def bits_per_character(self) -> float:
        """Mean surprise in bits per predicted character."""
        return self.nats_per_character / math.log(2)

    @property
    def perplexity(self) -> float:
        """exp(nats per character): the size of an equally puzzling fair die."""
        return math.exp(self.nats_per_character)


@dataclass(frozen=True, slots=True)
class CleaningReport:
    """What was read, and everything that was changed or left out on the way in.

    Attributes:
        files: files read.
        unsupported: files of a folder left out for their suffix, links that leave it, and what
            is hidden or a poet's own, a folder of that counting as one.
        encodings: encoding taken -> files; a detected one says its confidence.
        rules: how poems were told apart -> text files, in words.
        poems: poems kept.
        empty: entries of the source that held no text.
        duplicates: poems nearly the same as an earlier one.
        dropped: how many of those were left out (all of them, or none).
        cut: breaks put into texts too long to be one poem.
        boilerplate: Project Gutenberg headers and footers taken off.
        titles: headings and titles taken out of the verse of text files.
        line_endings: line ends other than a line feed.
        quotes, dashes: typographic characters folded.
        spaces: tabs and unusual spaces turned into plain ones.
        control: control and invisible characters removed.
        trailing: lines whose trailing spaces were removed.
        blank: blank lines removed from runs of them.
        indented: poems whose common indentation was removed.
        normalised: lines changed by Unicode NFC.
    """

    files: int = 0
    unsupported: int = 0
    encodings: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)
    poems: int = 0
    empty: int = 0
    duplicates: int = 0
    dropped: int = 0
    cut: int = 0
    boilerplate: int = 0
    titles: int = 0
    line_endings: int = 0
    quotes: int = 0
    dashes: int = 0
    spaces: int = 0
    control: int = 0
    trailing: int = 0
    blank: int = 0
    indented: int = 0
    normalised: int = 0


@dataclass(frozen=True, slots=True)
class CorpusStatistics:
    """The size and the shape of a corpus.

    Attributes:
        name, source, sha256: which corpus.
        poems, stanzas, lines, words, characters: how many; characters count every line
            break but not the start and end symbols.
        alphabet: every character used, in code point order, the line break left out.
        minimum_count: characters the training poems have fewer times become unknown by default.
        rare: characters seldom seen, known or not -> times seen.
        line_lengths: characters in a line -> lines of that length.
        longest_line: the longest line.
        longest_where: the poem and line it stands in, in words.
        report: what was cleaned.
    """

    name: str
    source: str
    sha256: str
    poems: int
    stanzas: int
    lines: int
    words: int
    characters: int
    alphabet: tuple[str, ...]
    minimum_count: int
    rare: Mapping[str, int]
    line_lengths: Mapping[int, int]
    longest_line: str
    longest_where: str
    report: CleaningReport


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over some poems written with the same settings.

    Attributes:
        poems, lines, characters, words: how many; line breaks are characters.
        known_words: share of the words that stand in the poet's training text; None if there
            are no words, or none of the text's are kept.
        distinct_words: share of the words that are different from each other; it falls as
            more is written.
        entropy: mean entropy of the distributions the characters were drawn from, in bits;
            0 with temperature 0.
        surprise: mean surprise at the characters drawn, in bits, under the same
            distributions; over many draws it comes to the entropy.
    """

    poems: int
    lines: int
    characters: int
    words: int
    known_words: float | None
    distinct_words: float | None
    entropy: float
    surprise: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A poet's score on a text, and simpler models' beside it.

    Attributes:
        source: the text, as the user named it.
        poet: the poet's name.
        scores: by model, the poet first.
        notes: what the user should be told, in sentences.
    """

    source: str
    poet: str
    scores: Mapping[str, Score]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advance:
    """A look at a training run between validations."""

    step: int
    progress: float
    epoch: float
    training_nats: float
    characters_per_second: float
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Validation:
    """One validation of a training run: a row of `metrics.jsonl`.

    Losses are in nats per character unless they say bits.
    """

    step: int
    epoch: float
    progress: float
    seconds: float
    training_nats: float
    nats_per_character: float
    bits_per_character: float
    learning_rate: float
    gradient_norm: float
    best: bool


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training run leaves.

    Attributes:
        folder: the poet; `quatrain.load(folder)` opens it.
        validation: score of the poet's weights on the validation poems.
        stopped: "budget", "patience" (validation no longer fell) or "interrupted".
        steps, epochs, seconds: how long it trained.
        training_nats: recent training loss in nats per character, dropout on.
        told: sentences for the user: over-fitting, what was saved, what to try.
    """

    folder: str
    validation: Score
    stopped: str
    steps: int
    epochs: float
    seconds: float
    training_nats: float
    told: tuple[str, ...]
