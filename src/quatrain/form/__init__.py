"""Verse forms as data, and the check that says why a poem keeps one or not.

In: a poem and a form. Out: a `Verdict`. Next: `write`, which searches for verse that keeps a
form, and `page`, which shows verdicts.

Reading order:

- `metre`: a metre as a finite automaton over syllables.
- `metre_reader`: a line read under a metre, with its breaches.
- `form`: the `Form` record.
- `parsing` and `library`: forms from TOML files, shipped or the user's.
- `repeats`: refrains, end words and acrostics.
- `check`: everything together.

To add a form, put a .toml file into `forms/` and a poem in that form into the anthology; the
tests hold the one to the other. To add a new kind of demand, give `Form` a field, `parsing`
its key, and `check` its findings.
"""

from quatrain.form.check import Checker, check, nearest_forms
from quatrain.form.form import Form
from quatrain.form.library import forms, load, names, source
from quatrain.form.metre import MetreAutomaton, Pattern, Strength
from quatrain.form.metre_reader import MetreReader, syllable_counts
from quatrain.form.parsing import parse
from quatrain.sound.function_words import AGREEMENT, ARTICLES, LIGHT_WORDS, SUBJECT_PRONOUNS

__all__ = [
    "AGREEMENT",
    "ARTICLES",
    "LIGHT_WORDS",
    "SUBJECT_PRONOUNS",
    "Checker",
    "Form",
    "MetreAutomaton",
    "MetreReader",
    "Pattern",
    "Strength",
    "check",
    "forms",
    "load",
    "names",
    "nearest_forms",
    "parse",
    "source",
    "syllable_counts",
]
