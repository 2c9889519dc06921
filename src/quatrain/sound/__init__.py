"""The sound of verse: from spelling to pronunciations, metre and rhyme.

In: words, lines, poems. Out: pronunciations, scansions, rhymes and rhyme schemes. Used by
`form`, which checks verse against a form, and by the commands that scan, rhyme and check.

- `pronunciation/`: all ways to pronounce a word, and the words of a line.
- `scansion/`: stresses, beats, feet and metre of a poem.
- `rhyme/`: how two words rhyme, the words that rhyme with a word, and rhyme schemes.
- `frequency` (counts of words in verse) and `function_words` serve all three.
- `data/`: the dictionary, lists and trained weights; NOTICE says where they come from.

Each folder's docstring gives a reading order.

Quatrain has two models of metre, which share pronunciations but no rules:

- The scanner (`scansion`) finds the metre that a line is in. Every line gets a scansion, the one
  with the best score; the weights are trained on verse that people scanned.
- The form checker (`form/metre`) decides whether a line keeps the metre that a form asks for. It
  is an automaton with rules written by hand, and `write` searches with the same automaton.

A licence is a departure from the rule that verse allows. For the scanner, add it as `scansion`
says under "Where to add a scansion rule"; for forms, as `form` says under "To add a licence". A
licence in how one word is said (`pronunciation/elision`) reaches both.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from quatrain.sound.pronunciation.ear import Ear, pronounce
from quatrain.sound.pronunciation.pauses import is_pause
from quatrain.sound.pronunciation.tokenizer import Word, unspoken, words

if TYPE_CHECKING:
    from quatrain.sound.data_files import data_hashes
    from quatrain.sound.rhyme.rhymer import Rhymer, rhymes
    from quatrain.sound.rhyme.scheme import Schemer, rhyme_scheme
    from quatrain.sound.rhyme.search import rhymes_with
    from quatrain.sound.scansion.scanner import Scanner, scan, scan_many

_MODULE_OF = {
    "Rhymer": "rhyme.rhymer",
    "Scanner": "scansion.scanner",
    "Schemer": "rhyme.scheme",
    "data_hashes": "data_files",
    "rhyme_scheme": "rhyme.scheme",
    "rhymes": "rhyme.rhymer",
    "rhymes_with": "rhyme.search",
    "scan": "scansion.scanner",
    "scan_many": "scansion.scanner",
}
"""Modules loaded on first use, so that a word can be pronounced without importing NumPy."""

__all__ = [
    "Ear",
    "Rhymer",
    "Scanner",
    "Schemer",
    "Word",
    "data_hashes",
    "is_pause",
    "pronounce",
    "rhyme_scheme",
    "rhymes",
    "rhymes_with",
    "scan",
    "scan_many",
    "unspoken",
    "words",
]


def __getattr__(name: str) -> object:
    """Load a name from its module on first use (PEP 562)."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'quatrain.sound' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"quatrain.sound.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value
