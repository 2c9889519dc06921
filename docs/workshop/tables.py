"""Tables of the pages, each made from the code it describes.

Every function returns Markdown. What is missing on either side is an error, so
that a page cannot fall behind the code.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from quatrain.config import Sampling
from quatrain.poet import CharacterPoet
from quatrain.write.sampling import distribution

ROOMS = (
    "corpus",
    "train",
    "layers",
    "poet",
    "sound",
    "meaning",
    "critic",
    "form",
    "write",
    "explain",
    "page",
)

FACTS = {
    "format": "always `quatrain-poet`",
    "format_version": "version of this layout; a newer one than the program knows is refused",
    "kind": "the kind of network",
    "quatrain": "version that trained it",
    "created": "the date",
    "network": "the sizes that fix the shape of every tensor",
    "network.alphabet": "numbers in the vocabulary, the three special symbols included",
    "network.embedding": "size of a character's vector",
    "network.hidden": "cells per LSTM layer",
    "network.layers": "LSTM layers",
    "direction": "`forward`, or `reversed` if it reads and writes each line from its end",
    "stored": "how matrices are stored: `float32`, or `int8` with a scale for each row",
    "corpus": "what it was trained on",
    "corpus.name": "short name",
    "corpus.source": "as the user gave it",
    "corpus.sha256": "hash of the cleaned poems in order; `evaluate` knows the corpus by it",
    "corpus.poems": "poems, training and validation",
    "corpus.training_characters": "predictions in the training poems",
    "corpus.validation_characters": "predictions in the validation poems",
    "corpus.split": "how poems were set apart",
    "corpus.cleaning": "how the text was cleaned",
    "corpus.copy_index": "whether a copy index of the training poems goes with the poet",
    "corpus.style": "how a character-level poet's texts set capitals and marks",
    "corpus.licence": "of the texts, as `--licence` gave it",
    "training": "every setting of the run, the chosen ones included",
    "training.steps": "steps to these weights",
    "training.epochs_done": "passes to these weights",
    "training.minutes_done": "minutes to these weights",
    "validation": "how these weights predict poems they were not trained on",
    "validation.nats_per_character": "mean surprisal in nats",
    "validation.bits_per_character": "the same in bits",
    "validation.perplexity_per_word": "of a word-level poet: exp(nats per word, mark and end)",
    "files": "size and SHA-256 of the other files; a file that differs is refused",
}
"""Every field of `config.json`; tables of settings are listed by their own classes."""

_SETTINGS = {"training", "corpus.split", "corpus.cleaning"}
_OPAQUE = {"files", "corpus.style"}
_OF_WORDS = {"validation.perplexity_per_word"}
"""Fields that only a word-level poet has."""


def table(heading: Sequence[str], rows: Iterable[Sequence[object]], align: str = "") -> str:
    """Return a table; `align` has an r for each column of numbers and an l for the others."""
    marks = ["---:" if letter == "r" else "---" for letter in align.ljust(len(heading), "l")]
    lines = [heading, marks, *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def rooms() -> str:
    """Return a table of the packages, each with the first sentence of its docstring."""
    rows = []
    for room in ROOMS:
        described = inspect.getdoc(importlib.import_module(f"quatrain.{room}")) or ""
        rows.append((f"`{room}/`", described.split("\n", 1)[0].rstrip(".")))
    return table(("package", "what it does"), rows)


def settings(kind: type, none: str) -> str:
    """Return a table of the settings of a class: name, default and meaning.

    A default of None is shown as the word `none`.
    """
    described = _attributes(kind)
    rows = []
    for field in dataclasses.fields(kind):
        default = none if field.default is None else f"`{json.dumps(field.default)}`"
        rows.append((f"`{field.name}`", default, _words(described.pop(field.name))))
    _none_left(described, kind.__name__)
    return table(("setting", "default", "meaning"), rows)


def fields(folder: str) -> str:
    """Return a table of the fields of a poet's `config.json`, with their values in `folder`."""
    config = json.loads(Path(folder, "config.json").read_text(encoding="utf-8"))
    left = dict(FACTS)
    rows = []
    for name, value in _flat(config):
        shown = f"`{_short(json.dumps(value))}`" if not isinstance(value, dict) else ""
        rows.append((f"`{name}`", shown, left.pop(name)))
    rows += [(f"`{name}`", "", left.pop(name)) for name in _OF_WORDS & left.keys()]
    _none_left(left, "config.json")
    return table(("field", "here", "meaning"), rows)


def tensors(poet: CharacterPoet) -> str:
    """Return a table of the tensors of a poet: name, shape and size."""
    from quatrain.poet.network import CharacterSize

    size = CharacterSize(**poet.config["network"])
    letters = {size.alphabet: "alphabet", size.embedding: "embedding", size.hidden: "hidden"}
    letters[4 * size.hidden] = "4 · hidden"
    if len(letters) != 4:
        raise ValueError(f"two sizes of {size} are equal: so their names are ambiguous")
    rows = [
        (
            f"`{name}`",
            f"({', '.join(letters[side] for side in shape)})",
            str(shape),
            f"{int(np.prod(shape)):,}",
        )
        for name, shape in size.shapes.items()
    ]
    rows.append(("together", "", "", f"{size.parameters:,}"))
    return table(("tensor", "shape", "here", "numbers"), rows, "lllr")


def next_characters(
    poet: CharacterPoet, text: str, samplings: Mapping[str, Sampling], rows: int
) -> str:
    """Return a table of the probabilities, in per cent, of the character after `text`."""
    vocabulary = poet.vocabulary
    logits, state = poet.step(np.array([vocabulary.START]), poet.start())
    for number in vocabulary.encode(text):
        logits, state = poet.step(np.array([number]), state)
    allowed = np.ones(logits.shape, dtype=bool)
    allowed[:, [vocabulary.START, vocabulary.UNKNOWN, vocabulary.END]] = False
    columns = [distribution(logits, sampling, allowed)[0] for sampling in samplings.values()]
    order = np.argsort(-columns[0], kind="stable")
    body = [
        (
            f"`{vocabulary.decode(order[k : k + 1])!r}`",
            *(_share(column[order[k]]) for column in columns),
        )
        for k in range(rows)
    ]
    body.append(("others", *(_share(column[order[rows:]].sum()) for column in columns)))
    body.append(("still possible", *(f"{int((column > 0).sum())}" for column in columns)))
    return table(("next", *samplings), body, "l" + "r" * len(samplings))


def counted(report: object) -> str:
    """Return a table of the counts of a `CleaningReport` that are not 0."""
    meanings = _attributes(type(report))
    rows = [
        (f"`{field.name}`", _count(value), _words(meanings.get(field.name, "")))
        for field in dataclasses.fields(report)  # type: ignore[arg-type]
        if (value := getattr(report, field.name))
    ]
    return table(("field", "count", "meaning"), rows, "lrl")


def _count(value: int | Mapping[str, int] | tuple[str, ...]) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, tuple):
        return ", ".join(value)
    return ", ".join(f"{name}: {count:,}" for name, count in value.items())


def _share(value: float) -> str:
    return f"{100 * value:.1f}" if value else "·"


def _short(text: str) -> str:
    return text if len(text) <= 24 else f'{text[:12]}..."'


def _flat(config: Mapping[str, Any], above: str = "") -> Iterable[tuple[str, Any]]:
    for key, value in config.items():
        name = f"{above}{key}"
        if above == "training." and name not in FACTS:
            continue  # a setting
        yield name, {} if isinstance(value, dict) else value
        if isinstance(value, dict) and name not in (_SETTINGS - {"training"}) | _OPAQUE:
            yield from _flat(value, f"{name}.")


def _attributes(kind: type) -> dict[str, str]:
    """Parse the `Attributes:` of a docstring in Google's style: name -> description."""
    text = (inspect.getdoc(kind) or "").partition("Attributes:\n")[2]
    entries: dict[str, str] = {}
    names: list[str] = []
    for line in text.splitlines():
        start = re.match(r" {4}([a-z_0-9, ]+): (.*)", line)
        if start:
            names = start[1].split(", ")
            entries |= dict.fromkeys(names, start[2])
        elif line.startswith(" " * 8):
            entries |= {name: f"{entries[name]} {line.strip()}" for name in names}
        elif line.strip():
            break
    return entries


def _words(text: str) -> str:
    return text.rstrip(".")


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|")


def _none_left(left: Mapping[str, object], where: str) -> None:
    if left:
        raise ValueError(f"{where} no longer has {', '.join(left)}")
