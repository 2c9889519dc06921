"""All that helps to choose a word, as JSON or for the terminal.

The functions take a `WordPanel`.
"""

from __future__ import annotations

import json

from rich.text import Text

from quatrain.records import PanelWord, WordPanel

MOST_SENSES = 12
"""Senses of a word that are shown, the most used first; *break* has over seventy."""


SENSES_IN_TEXT = 4
"""Senses that are shown in the terminal."""


def as_json(panel: WordPanel) -> str:
    """Return a panel as one JSON object on one line, with at most `MOST_SENSES` senses."""
    fields = {
        "word": panel.word,
        "ipa": panel.ipa,
        "said": panel.said,
        "frequency": panel.frequency,
        "senses": [
            {
                "part_of_speech": sense.part_of_speech,
                "definition": sense.definition,
                "labels": list(sense.labels),
            }
            for sense in panel.senses[:MOST_SENSES]
        ],
        "place": panel.place,
        "groups": [
            {
                "name": group.name,
                "kind": group.kind,
                "words": [
                    {
                        "word": word.word,
                        "stress": word.stress,
                        "fits": word.fits,
                        "why": word.why,
                        "used_in": list(word.used_in),
                    }
                    for word in group.words
                ],
            }
            for group in panel.groups
        ],
    }
    return json.dumps(fields, ensure_ascii=False)


def as_text(panel: WordPanel) -> Text:
    """Return a panel as lines of text: facts, senses, then a line for each group."""
    facts = [panel.word, panel.ipa and f"/{panel.ipa}/", panel.said, panel.frequency]
    rows = [", ".join(filter(None, [" ".join(filter(None, facts[:2])), *facts[2:]]))]
    rows += [panel.place]
    for number, sense in enumerate(panel.senses[:SENSES_IN_TEXT], 1):
        rows.append(f"{number}. {sense.part_of_speech}: {sense.definition}")
    for group in panel.groups:
        rows.append(f"{group.name}: {', '.join(map(_word, group.words))}")
    return Text("\n".join(filter(None, rows)))


def _word(word: PanelWord) -> str:
    """Return a word of a group, with why it doesn't fit."""
    return f"{word.word} ({word.why})" if word.why else word.word
