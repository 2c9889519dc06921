"""A network and a budget for a corpus and a machine, with the reason in words.

No torch here: `quatrain corpus show` proposes a size too. The rows of `_SIZES` for
up to 150,000 characters were chosen by validation on two collections, of 30,000 and
85,000 characters; the others are judgement. `docs/decisions/0004-training.md` has
what was measured. With little text, a large network with much dropout beats a
small one with little.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from quatrain.config import Training
from quatrain.corpus import PreparedWords
from quatrain.poet.network import WordSize
from quatrain.train.data import Data

FROM_A_BASE = (
    "quatrain train starts from the shipped poet that predicts these poems best, if one predicts "
    "them better than an n-gram of them. From scratch it would be:"
)
"""Sentence before the proposal for a poet from scratch."""

SMALL_CORPUS = 20_000
"""Training characters below which the user is warned of invented words."""


@dataclass(frozen=True)
class Plan:
    """Training settings with nothing left to choose, and why they were chosen.

    Attributes:
        settings: for the network and the run.
        parameters: of the network, as the artifact stores them.
        reasons: sentences for the user.
    """

    settings: Training
    parameters: int
    reasons: tuple[str, ...]


def propose_for(
    data: Data, settings: Training, *, adapting: bool = False, gpu: bool = False
) -> Plan:
    """Choose what `settings` leave open, for a prepared corpus.

    Args:
        data: the corpus, as characters or as words.
        settings: the user's; what is set there stays.
        adapting: whether the poet starts from another's weights.
        gpu: whether a GPU will train.
    """
    if isinstance(data, PreparedWords):
        return propose_words(
            data.predictions(data.training),
            data.vocabulary.size,
            data.vocabulary.letters,
            dataclasses.replace(
                settings, direction="reversed" if data.backwards else "forward", vocabulary=None
            ),
            adapting=adapting,
            gpu=gpu,
        )
    return propose(
        data.characters(data.training), data.vocabulary.size, settings, adapting=adapting, gpu=gpu
    )


@dataclass(frozen=True)
class _Row:
    characters: int  # up to this many training characters
    hidden: int
    layers: int
    dropout: float
    recurrent_dropout: float
    batch: int
    length: int
    learning_rate: float
    epochs: float | None = None
    minutes: float | None = None


_SIZES = (
    _Row(20_000, 256, 1, 0.6, 0.5, 8, 64, 5e-3, epochs=40),
    _Row(50_000, 384, 1, 0.6, 0.5, 8, 64, 5e-3, epochs=40),
    _Row(150_000, 512, 1, 0.5, 0.4, 16, 64, 6e-3, epochs=30),
    _Row(500_000, 512, 1, 0.5, 0.3, 16, 64, 5e-3, epochs=20),
    _Row(3_000_000, 512, 1, 0.4, 0.2, 16, 64, 6e-3, epochs=15),
    _Row(20_000_000, 768, 2, 0.2, 0.0, 64, 128, 3e-3, minutes=60),
    _Row(1 << 62, 1024, 2, 0.1, 0.0, 64, 128, 2e-3, minutes=240),
)


def parameters(alphabet: int, embedding: int, hidden: int, layers: int) -> int:
    """Count the parameters as the artifact stores them: one bias vector per LSTM layer."""
    inputs = [embedding] + [hidden] * (layers - 1)
    cells = sum(4 * hidden * (size + hidden + 1) for size in inputs)
    return alphabet * embedding + cells + alphabet * (hidden + 1)


WORDS_FROM = 600_000
"""Training characters from which a word-level poet is proposed: below, most words occur once."""


@dataclass(frozen=True)
class _WordRow:
    tokens: int  # up to this many training words and marks
    filters: int
    hidden: int
    projection: int
    dropout: float
    recurrent_dropout: float
    word_dropout: float
    negatives: int
    vocabulary: int
    batch: int
    learning_rate: float
    epochs: float | None = None
    minutes: float | None = None


_WORD_SIZES = (
    _WordRow(60_000, 8, 256, 128, 0.5, 0.4, 0.1, 0, 10_000, 8, 3e-3, epochs=25),
    _WordRow(250_000, 12, 256, 192, 0.5, 0.4, 0.1, 0, 10_000, 16, 3e-3, epochs=20),
    _WordRow(1_000_000, 16, 512, 256, 0.5, 0.3, 0.1, 1024, 15_000, 16, 3e-3, epochs=12),
    _WordRow(6_000_000, 16, 512, 256, 0.3, 0.1, 0.05, 2048, 20_000, 32, 3e-3, minutes=60),
    _WordRow(1 << 62, 16, 640, 256, 0.0, 0.0, 0.0, 2048, 20_000, 64, 3e-3, minutes=120),
)
"""`benchmarks/settings.py` chose cells and dropout of the first two; the rest is judgement."""

_STARTED = "The poet starts from a trained one, so a few passes are enough."
"""Reason for a short budget."""

_LITTLE = 2_000
"""Words and marks below which an adaptation changes little: judgement.

67 words gained nothing, 9,400 gained 1.5 to 3 %.
"""

_FEW_WORDS = 150_000
"""Words and marks up to which `_ADAPTING` holds.

It is judgement: 25,000 words chose these settings, 370,000 those of `_ADAPTING_MORE`.
"""

_ADAPTING = {
    "dropout": 0.1,
    "recurrent_dropout": 0.3,
    "word_dropout": 0.1,
    "negatives": 0,
    "batch": 8,
    "length": 35,
    "learning_rate": 2e-4,
    "epochs": 6.0,
}
"""Settings of an adapted word-level poet; `benchmarks/settings.py` chose dropout, rate, passes."""


_ADAPTING_MORE = {
    "dropout": 0.25,
    "recurrent_dropout": 0.3,
    "word_dropout": 0.0,
    "negatives": 0,
    "batch": 16,
    "length": 35,
    "learning_rate": 1e-3,
    "epochs": 4.0,
}
"""Settings of a poet adapted to more words than that, as of the shipped `sonnets`.

`scripts/train_poets.py sonnets` has them for 370,000 words.
"""

_ADAPTING_CHARACTERS = {
    "dropout": 0.2,
    "recurrent_dropout": 0.2,
    "batch": 8,
    "length": 64,
    "learning_rate": 5e-4,
    "epochs": 6.0,
}
"""Settings of an adapted character-level poet: judgement, but for the rate (docs/benchmarks.md)."""

_ADAPTING_MINUTES = 60.0
"""Minutes instead of passes for an adaptation to over `_ADAPTING_PASSES` words: judgement."""

_ADAPTING_PASSES = 1_000_000
"""Words and marks, or quarters of characters, up to which an adaptation is counted in passes."""


def kind_for(characters: int) -> tuple[str, str]:
    """Choose the kind of poet for a number of training characters; say why in a sentence."""
    if characters < WORDS_FROM:
        return "characters", (
            f"With under {WORDS_FROM:,} characters most words occur only once or twice, so the "
            "poet learns letter by letter. --kind words learns words."
        )
    return "words", (
        f"With {characters:,} characters words repeat often enough to be learned whole. "
        "--kind characters learns letter by letter."
    )


def propose_words(
    tokens: int,
    vocabulary: int,
    letters: int,
    settings: Training,
    *,
    adapting: bool = False,
    gpu: bool = False,
) -> Plan:
    """Choose what `settings` leave open, for a word-level poet.

    Args:
        tokens: words, marks and line ends to train on.
        vocabulary: how many of them are different, special symbols included.
        letters: numbers that spellings are made of.
        settings: the user's; what is set there stays.
        adapting: whether the poet starts from another's weights.
        gpu: whether a GPU will train.
    """
    row = next(row for row in _WORD_SIZES if tokens <= row.tokens)
    open_choices: dict[str, Any] = dataclasses.asdict(row)
    del open_choices["tokens"]
    open_choices |= {"embedding": 16, "widths": 6, "highway": 1, "layers": 1, "length": 35}
    if adapting:
        open_choices |= _ADAPTING if tokens <= _FEW_WORDS else _ADAPTING_MORE
        open_choices |= _adapting_budget(tokens, open_choices["epochs"])
    if settings.epochs is not None or settings.minutes is not None:
        open_choices |= {"epochs": None, "minutes": None}
    if gpu and open_choices["batch"] >= 16:
        open_choices["batch"] *= 4
    open_choices |= {"kind": "words", "direction": "reversed"}
    open_choices["length"] = max(2, min(open_choices["length"], (tokens - 1) // 2))
    filled = dataclasses.replace(
        settings,
        **{name: value for name, value in open_choices.items() if getattr(settings, name) is None},
    )
    size = word_size(vocabulary, letters, filled)
    layers = filled.chosen("layers")
    reasons = [
        f"{tokens:,} words and marks to learn from, {vocabulary:,} different: {size.features} "
        f"features of a word's letters, {_lstm(layers, size.hidden)}, "
        f"{size.parameters:,} parameters."
    ]
    if adapting:
        reasons.append(_STARTED)
        if tokens < _LITTLE:
            reasons.append(
                f"With less than about {_LITTLE:,} words and marks (some fifteen sonnets), it "
                "stays close to that one. More poems help more than any setting."
            )
    reasons += _budget_reason(open_choices["epochs"], open_choices["minutes"])
    return Plan(filled, size.parameters, tuple(reasons))


def _adapting_budget(words: int, epochs: float) -> dict[str, float | None]:
    """Return the passes of an adaptation, or minutes where the corpus is large."""
    if words > _ADAPTING_PASSES:
        return {"epochs": None, "minutes": _ADAPTING_MINUTES}
    return {"epochs": epochs, "minutes": None}


def word_size(vocabulary: int, letters: int, settings: Training) -> WordSize:
    """Return the sizes of the word-level network that `settings` ask for."""
    return WordSize(
        vocabulary=vocabulary,
        letters=letters,
        embedding=settings.chosen("embedding"),
        filters=settings.chosen("filters"),
        widths=settings.chosen("widths"),
        highway=settings.chosen("highway"),
        hidden=settings.chosen("hidden"),
        layers=settings.chosen("layers"),
        projection=settings.chosen("projection"),
    )


def vocabulary_for(tokens: int, settings: Training) -> int:
    """Return the size of the vocabulary for a number of words to train on."""
    if settings.vocabulary is not None:
        return settings.vocabulary
    return next(row.vocabulary for row in _WORD_SIZES if tokens <= row.tokens)


def propose(
    characters: int,
    alphabet: int,
    settings: Training | None = None,
    *,
    adapting: bool = False,
    gpu: bool = False,
) -> Plan:
    """Choose what `settings` leave open, for a character-level poet.

    Args:
        characters: characters in the training poems.
        alphabet: size of the vocabulary.
        settings: the user's; what is set there stays.
        adapting: whether the poet starts from another's weights.
        gpu: whether a GPU will train.
    """
    settings = settings or Training()
    row = next(row for row in _SIZES if characters <= row.characters)
    open_choices: dict[str, Any] = dataclasses.asdict(row)
    del open_choices["characters"]
    if adapting:
        open_choices |= _ADAPTING_CHARACTERS
        open_choices |= _adapting_budget(characters // 4, open_choices["epochs"])
    if settings.epochs is not None or settings.minutes is not None:
        open_choices |= {"epochs": None, "minutes": None}  # the user's budget counts alone
    if gpu and open_choices["batch"] >= 16:
        open_choices["batch"] *= 4
    open_choices |= {
        "kind": "characters",
        "direction": "forward",
        "embedding": 64 if row.hidden >= 256 else 32,
        "stride": 3 if settings.sequences == "windows" else None,
    }
    if settings.sequences == "windows":
        open_choices["length"] = 40
    # A chunk of every sequence has to fit into the corpus.
    open_choices["length"] = max(2, min(open_choices["length"], (characters - 1) // 2))
    filled = dataclasses.replace(
        settings,
        **{name: value for name, value in open_choices.items() if getattr(settings, name) is None},
    )
    hidden, layers = filled.chosen("hidden"), filled.chosen("layers")
    dropout = filled.chosen("dropout")
    count = parameters(alphabet, filled.chosen("embedding"), hidden, layers)
    reasons = [
        f"{characters:,} characters to learn from: {_lstm(layers, hidden)}, "
        f"{count:,} parameters ({_per_character(count, characters)} per character)."
    ]
    if adapting:
        reasons.append(_STARTED)
    elif settings.dropout is None:
        reasons.append(
            f"Small corpus: dropout {dropout:g} to limit overfitting."
            if dropout >= 0.3
            else f"Large corpus: dropout {dropout:g}."
        )
    reasons += _budget_reason(open_choices["epochs"], open_choices["minutes"])
    if characters < SMALL_CORPUS and not adapting:
        reasons.append(
            f"With less than about {SMALL_CORPUS:,} characters (a small booklet), expect invented "
            "words. More text helps more than any setting."
        )
    return Plan(filled, count, tuple(reasons))


def _lstm(layers: int, cells: int) -> str:
    return f"{layers} LSTM layer{'s' if layers != 1 else ''} of {cells} cells"


def _per_character(parameters: int, characters: int) -> str:
    """Return parameters per character, rounded to two digits: 0.083, 4.1, 110."""
    ratio = parameters / max(characters, 1)
    digits = max(0, 1 - math.floor(math.log10(ratio))) if ratio else 0
    return f"{round(ratio, 1 - math.floor(math.log10(ratio))):,.{digits}f}" if ratio else "0"


def _budget_reason(epochs: float | None, minutes: float | None) -> list[str]:
    if not epochs and not minutes:
        return []
    budget = f"{epochs:g} pass{'es' if epochs != 1 else ''}" if epochs else f"{minutes:g} minutes"
    return [f"Budget for a corpus of this size: {budget}. Change it with --epochs or --minutes."]
