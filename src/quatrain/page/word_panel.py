"""All that helps to choose a word, as JSON.

The functions take a `WordPanel`.
"""

from __future__ import annotations

import json

from quatrain.records import WordPanel

MOST_SENSES = 12
"""Senses of a word that are shown, the most used first; *break* has over seventy."""


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
