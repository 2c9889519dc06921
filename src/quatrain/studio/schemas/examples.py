"""Answers as examples, shortened from real ones. A test holds them to their schemas."""

from __future__ import annotations

from typing import Any

_RHYME = {
    "first": "harbour",
    "second": "arbour",
    "kind": "perfect",
    "why": "the same from the stressed AA on: AA R B ER",
    "pronunciations": ["HH AA1 R B ER0", "AA1 R B ER0"],
    "sources": ["cmudict+misaki", "cmudict+misaki"],
    "syllables": 2,
    "probability": 0.999,
}
_PAIR = {
    "first": "wall",
    "second": "call",
    "kind": "perfect",
    "why": "the same from the stressed AO on: AO L",
    "pronunciations": ["W AO1 L", "K AO1 L"],
    "sources": ["cmudict+misaki", "cmudict+misaki"],
    "syllables": 1,
    "probability": 0.9952,
}
_HAIKU = {
    "name": "haiku",
    "title": "haiku",
    "lines": 3,
    "rhyme": "...",
    "metre": "5, 7, 5 syllables",
    "description": "Five syllables, seven and five.",
    "usable": True,
    "why": "",
}
_LINE = {
    "number": 1,
    "text": "The lamps are lit along the long harbour wall,",
    "state": "broken",
    "gap": False,
    "indent": 0,
    "syllables": 11,
    "wanted": "iambic 5",
    "rhyme": "A",
    "mates": [2],
    "rhyme_span": [42, 45],
    "syllable_marks": [
        {"start": 0, "end": 3, "stress": "weak"},
        {"start": 4, "end": 9, "stress": "beat"},
    ],
    "feet": [[0, 9]],
    "faults": [
        {
            "asked": "metre",
            "brief": "one syllable too many",
            "message": "Eleven syllables, and iambic pentameter has ten.",
            "spans": [[28, 32]],
            "repairs": [
                {
                    "label": "Leave out *long*, and it keeps the metre.",
                    "text": "The lamps are lit along the harbour wall,",
                }
            ],
        }
    ],
    "breaks_off": False,
    "notes": [],
    "guessed": [],
    "wish": "",
}

ANSWERS: dict[str, list[dict[str, Any]]] = {
    "health": [
        {
            "status": "ok",
            "version": "0.1.0",
            "ready": {"check": 2, "words": 1, "write": 2, "inside": 1},
            "waiting": {"check": 0, "words": 0, "write": 0, "inside": 0},
        }
    ],
    "check": [
        {
            "form": "heroic-couplets",
            "form_title": "heroic couplets",
            "metre": "iambic pentameter",
            "summary": "1 line; line 1 has one syllable too many",
            "kept": False,
            "complete": False,
            "faults": [],
            "likely_forms": [],
            "lines": [
                _LINE,
                {
                    **_LINE,
                    "number": 2,
                    "text": "",
                    "state": "empty",
                    "syllables": 0,
                    "mates": [1],
                    "rhyme_span": None,
                    "syllable_marks": [],
                    "feet": [],
                    "faults": [],
                    "wish": "iambic 5, rhymes with line 1, *wall*",
                },
            ],
        }
    ],
    "scan": [
        {
            "metre": "iambic pentameter",
            "confidence": 0.9528,
            "regularity": 1.0,
            "scheme": "A",
            "lines": [
                {
                    "text": "The lamps are lit along the harbour wall,",
                    "stress": "-+-+-+-+-+",
                    "beats": "-+-+-+-+-+",
                    "metre": "iambic pentameter",
                    "feet": ["-+", "-+", "-+", "-+", "-+"],
                    "variations": [],
                    "rhyme": "A",
                    "guessed": [],
                    "score": 44.474,
                    "margin": 6.4,
                    "confidence": 0.972,
                }
            ],
        }
    ],
    "rhyme": [
        {
            "word": "harbour",
            "rhymes": [{**_RHYME, "standing": "word", "usual": True, "reading": 0}],
        },
        {"rhyme": _PAIR},
        {
            "scheme": "AA",
            "letters": ["A", "A"],
            "links": [{"first": 1, "second": 2, "rhyme": _PAIR}],
        },
    ],
    "words": [
        {
            "word": "wing",
            "ipa": "wɪŋ",
            "said": "one syllable, on the beat",
            "frequency": "about once in 6,000 words of verse",
            "senses": [
                {
                    "part_of_speech": "noun",
                    "definition": "a movable organ for flying (one of a pair)",
                    "labels": [],
                }
            ],
            "place": "end of line 2, rhyme B",
            "groups": [
                {
                    "name": "Full rhymes",
                    "kind": "perfect",
                    "words": [
                        {"word": "sing", "stress": "1", "fits": True, "why": "", "used_in": [4]}
                    ],
                }
            ],
        }
    ],
    "list_forms": [{"forms": [_HAIKU]}],
    "get_form": [
        {
            **_HAIKU,
            "stanzas": ["..."],
            "variants": [],
            "source": 'title = "haiku"\nstanzas = ["..."]\nsyllables = [5, 7, 5]\n',
        }
    ],
    "list_poets": [
        {
            "poets": [
                {
                    "name": "verse",
                    "title": "Verse",
                    "kind": "words",
                    "source": "shipped",
                    "words": 20005,
                    "description": "Trained on verse of Project Gutenberg.",
                    "usable": True,
                    "why": "",
                }
            ],
            "message": "",
        }
    ],
    "word_alternatives": [
        {
            "alternatives": [
                {
                    "word": "lights",
                    "text": "The lights are lit along the harbour wall,",
                    "difference": -1.204,
                }
            ]
        }
    ],
    "list_demonstrations": [
        {
            "topics": [
                {
                    "topic": "convolution",
                    "title": "Convolution",
                    "lead": "A small square of weights, the kernel, slides across an image.",
                }
            ]
        }
    ],
    "demonstrate": [
        {
            "topic": "convolution",
            "title": "Convolution",
            "lead": "A small square of weights, the kernel, slides across an image.",
            "controls": [
                {
                    "kind": "slider",
                    "name": "n",
                    "label": "image",
                    "symbol": "n",
                    "low": 1,
                    "high": 14,
                    "step": 1,
                    "value": 10,
                }
            ],
            "state": {"n": 1},
            "problem": "",
            "data": {"image": [[9]], "sums": [[9]], "parameters": 80},
            "sections": [{"title": "Parameters", "html": "<p>72 weights and 8 biases.</p>"}],
            "python": "import quatrain\n",
            "exercise": ["convolution", 1],
            "summary": "A 1 by 1 kernel on a 1 by 1 image: output 1 by 1 by 8.",
        }
    ],
    "demonstrate_latex": [{"latex": "% Convolution\n"}],
    "make_exercises": [
        {
            "topic": "convolution",
            "title": "Convolution",
            "seed": "Ada",
            "level": 1,
            "html": "<p>A convolution reads an input of 28 x 28 x 1.</p>",
            "questions": [
                {
                    "number": 1,
                    "text": "How many weights does the layer have?",
                    "kind": "whole number",
                    "rounding": "",
                    "options": [],
                    "variables": [],
                    "html": "",
                }
            ],
        }
    ],
    "check_exercises": [
        {
            "right": 0,
            "marks": [
                {
                    "question": 1,
                    "verdict": "wrong",
                    "message": "72 is wrong. You get it if the channels are left out.",
                    "mistakes": ["the channels are left out"],
                }
            ],
        }
    ],
    "solve_exercise": [{"question": 1, "answer": "216", "html": "<p>8 x 3 x 3 x 3</p>"}],
}
"""Identifier of an operation -> examples of its answer."""
