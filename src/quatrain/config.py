"""Frozen settings: their names, defaults and limits.

Defaults come from the classes here; a TOML file overrides them, and flags
override the file. In the file each class is a table named after it in lower
case (`[cleaning]`, `[split]`, `[training]`, `[sampling]`). An unknown key names
its nearest neighbour; a value out of range says the range.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from quatrain.errors import InternalError, SettingsError
from quatrain.text_files import read_text, toml_table

Settings = TypeVar("Settings", bound="_Checked")

_MOST_BYTES = 2**20
"""Bytes of the largest settings file that is read: far more than all settings fill."""

_MOST_SHOWN = 60
"""Characters of a wrong value that an error shows, at most."""

Precision = Literal["auto", "float32", "bfloat16", "float16"]


@dataclass(frozen=True)
class _Checked:
    """Base of the settings classes: every field is checked for its type on creation."""

    def __post_init__(self) -> None:
        hints = typing.get_type_hints(type(self))
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            hint = hints[field.name]
            if isinstance(value, int) and not -(2**63) <= value < 2**63:
                raise SettingsError(
                    f"setting {field.name!r}",
                    _shown(value),
                    "a number of at most 64 bits",
                    "Correct the value.",
                )
            if isinstance(value, int) and not isinstance(value, bool) and _allows_float(hint):
                value = float(value)
                object.__setattr__(self, field.name, value)
            if not _fits(value, hint):
                raise SettingsError(
                    f"setting {field.name!r}",
                    _shown(value),
                    _describe(hint),
                    "Correct the value.",
                )
        self.check()

    def check(self) -> None:
        """Raise `SettingsError` if a value is out of range or contradicts another."""

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the settings."""
        return tuple(field.name for field in dataclasses.fields(cls))

    @classmethod
    def overridden(
        cls,
        table: Mapping[str, Any],
        flags: Mapping[str, Any],  # noqa: ARG003 - for subclasses
    ) -> dict[str, Any]:
        """Return `table` without the settings that `flags` contradict; here there are none."""
        return dict(table)

    def require(self, name: str, *, low: float = -math.inf, high: float = math.inf) -> None:
        """Raise `SettingsError` unless `low <= self.name <= high` (None passes)."""
        value = getattr(self, name)
        if value is not None and not low <= value <= high:  # NaN fails both comparisons
            if high == math.inf:
                limits = f"{low:g} or more"
            elif low == -math.inf:
                limits = f"{high:g} or less"
            else:
                limits = f"a number from {low:g} to {high:g}"
            raise SettingsError(f"setting {name!r}", f"{value!r}", limits, "Correct the value.")


@dataclass(frozen=True)
class Cleaning(_Checked):
    """Settings for cleaning a text on its way in. Every change is counted.

    Attributes:
        fold_quotes: turn typographic quotation marks and apostrophes into ' and ".
        fold_dashes: turn en and em dashes into - and --.
        drop_duplicates: leave out poems nearly the same as an earlier one.
        encoding: the text's encoding; None detects and reports it.
        keep_all: take everything as verse, titles and notes too.
    """

    fold_quotes: bool = True
    fold_dashes: bool = True
    drop_duplicates: bool = True
    encoding: str | None = None
    keep_all: bool = False


@dataclass(frozen=True)
class Split(_Checked):
    """Settings for dividing poems into training and validation.

    Attributes:
        validation: share of the characters set apart, by whole poems.
        seed: random seed; another one sets other poems apart.
        minimum_count: rarer characters count as unknown; None chooses by the size of the corpus.
    """

    validation: float = 0.1
    seed: int = 0
    minimum_count: int | None = None

    def check(self) -> None:
        """Raise `SettingsError` for a share that leaves nothing on one side."""
        self.require("validation", low=0.001, high=0.5)
        self.require("seed", low=0, high=2**63 - 1)
        self.require("minimum_count", low=1)


@dataclass(frozen=True, kw_only=True)
class Training(_Checked):
    """Settings of the network and its training. None: chosen for the corpus and the machine.

    Attributes:
        kind: "characters", or "words": words made of their letters (Kim et al. 2016).
        direction: "forward", or "reversed": each line from its end; only with words.
        vocabulary: size of the vocabulary, at most; only with words.
        embedding: size of a character's vector.
        filters: filters of the narrowest convolution over letters; width w has w times as many.
        widths: the widest convolution.
        highway: highway layers over the pooled filters.
        projection: size of the vectors that words are scored by.
        negatives: random words for the sampled softmax; 0 scores every word at every step.
        word_dropout: share of the words read that are replaced by unknown while training.
        hidden: cells per LSTM layer.
        layers: LSTM layers.
        dropout: share of each LSTM layer's output values dropped while training.
        recurrent_dropout: share of the recurrent weights dropped at each step of training.
        batch: sequences trained on side by side, over all processes.
        length: characters per step of truncated back-propagation.
        sequences: "streams" (contiguous, state carried) or "windows" (overlapping, state reset).
        stride: characters between the starts of two windows (only with "windows").
        learning_rate: peak learning rate of AdamW.
        weight_decay: decoupled weight decay.
        clip: largest gradient norm.
        warmup: share of the budget over which the learning rate rises.
        averaging: weight of the past in the moving average of the weights; 0 turns it off.
        minutes: training time on this machine, validations and samples included.
        epochs: passes over the training poems, instead of minutes.
        patience: validations without an improvement before stopping; 0 never stops early.
        validations: validations over the whole budget.
        precision: "float32", "bfloat16", "float16" (GPU only), or "auto".
        threads: threads of PyTorch, at most one per core; None is one per core.
        seed: random seed.
    """

    kind: Literal["characters", "words"] | None = None
    direction: Literal["forward", "reversed"] | None = None
    vocabulary: int | None = None
    embedding: int | None = None
    filters: int | None = None
    widths: int | None = None
    highway: int | None = None
    projection: int | None = None
    negatives: int | None = None
    word_dropout: float | None = None
    hidden: int | None = None
    layers: int | None = None
    dropout: float | None = None
    recurrent_dropout: float | None = None
    batch: int | None = None
    length: int | None = None
    sequences: Literal["streams", "windows"] = "streams"
    stride: int | None = None
    learning_rate: float | None = None
    weight_decay: float = 0.01
    clip: float = 1.0
    warmup: float = 0.05
    averaging: float = 0.0
    minutes: float | None = None
    epochs: float | None = None
    patience: int = 5
    validations: int = 20
    precision: Precision = "auto"
    threads: int | None = None
    seed: int = 0

    @classmethod
    def overridden(cls, table: Mapping[str, Any], flags: Mapping[str, Any]) -> dict[str, Any]:
        """Return `table` without the settings that `flags` contradict.

        A budget replaces the other one, and streams need no stride.
        """
        dropped = {"epochs", "minutes"} if {"epochs", "minutes"} & flags.keys() else set()
        if flags.get("sequences") == "streams":
            dropped.add("stride")
        return {name: value for name, value in table.items() if name not in dropped}

    def chosen(self, name: str) -> Any:
        """Return the value of a setting that has to be decided by now.

        Raises:
            InternalError: it is still None.
        """
        value = getattr(self, name)
        if value is None:
            raise InternalError(f"the setting {name!r} was left open")
        return value

    def check(self) -> None:
        """Raise `SettingsError` for values out of range or two budgets at once."""
        for name in ("embedding", "hidden", "projection"):
            self.require(name, low=1, high=16_384)
        self.require("vocabulary", low=1, high=65_000)
        self.require("filters", low=1, high=1024)
        self.require("widths", low=1, high=12)
        self.require("highway", low=0, high=16)
        self.require("negatives", low=0, high=1_000_000)
        self.require("word_dropout", low=0.0, high=0.95)
        self.require("layers", low=1, high=64)
        for name in ("batch", "stride"):
            self.require(name, low=1, high=1_000_000)
        self.require("threads", low=1, high=1024)  # more than any single machine has cores
        self.require("seed", low=0, high=2**63 - 1)
        self.require("length", low=2, high=1_000_000)
        self.require("dropout", low=0.0, high=0.95)
        self.require("recurrent_dropout", low=0.0, high=0.95)
        self.require("learning_rate", low=1e-8, high=10.0)
        self.require("weight_decay", low=0.0, high=10.0)
        self.require("clip", low=1e-6)
        self.require("warmup", low=0.0, high=1.0)
        self.require("averaging", low=0.0, high=0.99999)
        self.require("minutes", low=1 / 600, high=1_000_000)
        self.require("epochs", low=0.001, high=1_000_000)
        self.require("patience", low=0)
        self.require("validations", low=1, high=10_000)
        if self.minutes is not None and self.epochs is not None:
            raise SettingsError(
                "settings 'minutes' and 'epochs'",
                "both",
                "one budget",
                "Give the training time or the number of passes, not both.",
            )
        if self.stride is not None and self.sequences != "windows":
            raise SettingsError(
                "setting 'stride'",
                f"{self.stride} with sequences = 'streams'",
                "overlapping windows",
                "Set sequences = 'windows', or leave the stride out.",
            )


@dataclass(frozen=True)
class Sampling(_Checked):
    """Settings of how the next character or word is drawn at random.

    Attributes:
        temperature: divides the logits; 0 always takes the likeliest character.
        top_k: keep only the k likeliest characters.
        top_p: keep the fewest characters whose probabilities sum to p (Holtzman et al. 2020).
        min_p: keep those at least min_p times as likely as the likeliest (Nguyen et al. 2024).
        contrast: how much what follows from the poem so far counts extra (Shi et al. 2024).
    """

    temperature: float = 0.8
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    contrast: float | None = None

    def check(self) -> None:
        """Raise `SettingsError` for values out of range."""
        self.require("contrast", low=0.0, high=10.0)
        self.require("temperature", low=0.0, high=100.0)
        self.require("top_k", low=1)
        self.require("top_p", low=1e-9, high=1.0)
        self.require("min_p", low=0.0, high=1.0)


def _shown(value: object) -> str:
    """Return a value as it would be written, shortened if it is long."""
    try:
        text = repr(value)
    except ValueError:  # Python writes no number of more than some 4,300 digits
        return "a number of thousands of digits"
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."


def tables(path: Path | None) -> dict[str, dict[str, Any]]:
    """Read a settings file into one mapping per table; no file is no settings.

    Raises:
        SettingsError: the file is missing, is not TOML, or has an unknown table.
    """
    if path is None:
        return {}
    text = read_text(path, _MOST_BYTES, SettingsError, "settings file")
    try:
        read = toml_table(text)
    except ValueError as error:
        raise SettingsError(
            str(path), str(error), "a settings file in TOML", "Correct the file."
        ) from error
    known = {kind.__name__.lower() for kind in (Cleaning, Split, Training, Sampling)}
    for name, table in read.items():
        if name not in known:
            raise _unknown(f"table [{name}] for the settings in {path}", name, known)
        if not isinstance(table, dict):
            raise SettingsError(
                f"{name!r} in {path}", _shown(table), f"a table [{name}]", "Correct the file."
            )
    return read


def settings(
    kind: type[Settings],
    table: Mapping[str, Any] | None = None,
    flags: Mapping[str, Any] | None = None,
) -> Settings:
    """Make settings of `kind`: defaults, overridden by `table`, overridden by `flags`.

    A flag whose value is None counts as absent.

    Raises:
        SettingsError: a key is unknown or a value is not allowed.
    """
    flags = {name: value for name, value in (flags or {}).items() if value is not None}
    for name in (*(table or {}), *flags):
        if name not in kind.names():
            raise _unknown(
                f"setting {name!r} in [{kind.__name__.lower()}]", name, set(kind.names())
            )
    return kind(**(kind.overridden(table or {}, flags) | flags))


def _unknown(where: str, name: str, known: set[str]) -> SettingsError:
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    remedy = f"Did you mean {near[0]!r}?" if near else f"Known are: {', '.join(sorted(known))}."
    return SettingsError(
        where, "an unknown name", "a known one", remedy, message=f"There is no {where}."
    )


def _options(hint: Any) -> tuple[Any, ...]:
    """Return the types a hint allows."""
    joined = typing.get_origin(hint) in {types.UnionType, typing.Union}
    return typing.get_args(hint) if joined else (hint,)


def _allows_float(hint: Any) -> bool:
    return float in _options(hint) and int not in _options(hint)


def _fits(value: object, hint: Any) -> bool:
    """Return whether a value is of a type that a hint allows."""
    return any(_is_of(value, option) for option in _options(hint))


def _is_of(value: object, option: Any) -> bool:
    origin = typing.get_origin(option)
    if origin is Literal:
        return value in typing.get_args(option)
    if origin is Sequence:
        (item,) = typing.get_args(option)
        return isinstance(value, list | tuple) and all(_is_of(entry, item) for entry in value)
    if option in _NAMES:
        return type(value) is option  # True is no number
    return isinstance(value, option)


_NAMES = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}
"""Plain types -> their names in an error."""


def _describe(hint: Any) -> str:
    """Return the types a hint allows, in words."""
    described = []
    for option in _options(hint):
        origin = typing.get_origin(option)
        if origin is Literal:
            choices = ", ".join(repr(choice) for choice in typing.get_args(option))
            described.append(f"one of {choices}")
        elif origin is Sequence:
            described.append("a list of texts")
        elif option is not type(None):
            described.append(_NAMES.get(option, f"a {option.__name__}"))
    return " or ".join(described)
