"""The card of a poet: its `README.md`, with the facts of `config.json` for people.

In: the facts of `config.json`. Out: Markdown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from quatrain.poet.ngram_index import NgramIndex

_KINDS = {
    "character-lstm": "A character-level LSTM",
    "word-cnn-lstm": "A word-level LSTM (a convolution reads the letters of each word)",
}
_PREDICTED = {
    "character-lstm": "character, line break",
    "word-cnn-lstm": "word, mark, line end, stanza end",
}

_SPELLED = {"word-cnn-lstm": " A word it doesn't know costs its letters, too."}


def write(config: Mapping[str, Any], training_ngrams: NgramIndex | None = None) -> str:
    """Return the card in Markdown, without the facts that the config does not hold.

    Args:
        config: from `artifact.describe`.
        training_ngrams: the index that goes with the poet.
    """
    corpus, validation = config["corpus"], config["validation"]
    sections = [
        "---\nlibrary_name: quatrain\npipeline_tag: text-generation\ntags:\n- poetry\n---",
        f"# A poet trained on {_plain(corpus.get('name') or 'verse')}",
        f"{_KINDS[config['kind']]} that writes verse, trained and written by "
        f"Quatrain {_plain(config['quatrain'])} "
        f"on {_plain(config['created'])}.",
        "## Use",
        "```\nquatrain write FOLDER --lines 8 --temperature 0.7 --seed 1\n```",
        '```python\nimport quatrain\n\npoet = quatrain.load("FOLDER")\n'
        "print(poet.write(lines=8, temperature=0.7, seed=1))\n```",
        "`FOLDER` is this folder. Nothing in it is executed when it is opened.",
        "## Training text",
        _table(_corpus_rows(corpus)),
        "## Network",
        _table(config["network"]),
        "## Training",
        _table(config["training"]),
    ]
    if validation:
        sections += [
            "## How well it predicts poems it was not trained on",
            _table(validation),
            f"Every {_PREDICTED[config['kind']]} and end of a poem is predicted once. "
            f"The poet's state is reset before each poem.{_SPELLED.get(config['kind'], '')}",
        ]
    if config.get("adaptation"):
        sections += _adaptation(config["adaptation"])
    if training_ngrams is not None:
        sections += [
            "## Copying",
            f"`copies.safetensors` holds hashes of {len(training_ngrams.low):,} runs of "
            f"{training_ngrams.longest + 1} words in these texts. When the poet writes in a "
            "form, it avoids all of them, unless asked not to. Anyone who knows part of a text "
            "can use the file to test how the text goes on.",
        ]
    notes = config.get("notes")
    if notes:
        sections += ["## Notes", *(_plain(note) for note in notes)]
    sections += [
        "## Limits",
        "It has learned how its texts read, and knows nothing about the world. "
        "It may repeat phrases of its texts, and it repeats their views and their words.",
    ]
    return "\n\n".join(sections) + "\n"


def _adaptation(facts: Mapping[str, Any]) -> list[str]:
    """Return the sections on the poet that this one started from, and the gain over it.

    Args:
        facts: the fields of `records.Adaptation`.
    """
    base = _plain(facts["base"])
    old, new = facts["base_nats_per_character"], facts["nats_per_character"]
    return [
        f"## Adapted from {base}",
        _table(
            {
                "poems it never saw": facts["poems"],
                "of these better predicted now": facts["better"],
                "bits per character before": old / math.log(2),
                "bits per character after": new / math.log(2),
                "gain": f"{1.0 - new / old:.1%}",
            }
        ),
        f"With one seed, {base} writes",
        _indented(facts["sample_before"]),
        "and this poet",
        _indented(facts["sample_after"]),
    ]


def _indented(text: str) -> str:
    """Return a text as a Markdown code block, in which no character means anything."""
    return "\n".join(f"    {line}" for line in text.splitlines())


def _corpus_rows(corpus: Mapping[str, Any]) -> dict[str, Any]:
    known = ("name", "sha256", "poems", "training_characters", "validation_characters", "licence")
    rows = {name: corpus[name] for name in known if corpus.get(name) not in (None, "")}
    rows.setdefault("licence", "not stated")
    return rows


def _table(facts: Mapping[str, Any]) -> str:
    rows = ["| | |", "| --- | --- |"]
    for name, value in facts.items():
        if value is not None:
            label = str(name).replace("_", " ")
            rows.append(f"| {_plain(label)} | {_plain(_number(value))} |")
    return "\n".join(rows)


def _number(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _plain(text: object) -> str:
    """Return a text on one line, with Markdown's special characters escaped."""
    line = " ".join(str(text).split())
    return "".join(f"\\{mark}" if mark in "\\`*_[]<>|#" else mark for mark in line)
