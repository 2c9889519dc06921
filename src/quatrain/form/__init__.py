"""Form as data, and its check, which says why.

In: a poem and a form. Out: a verdict; next rooms `write`, which searches for verse that
keeps a form, and `page`, which shows verdicts.

Reading order: `metre`, `reading`, `form`, `check`.
"""

from quatrain.form.check import Checker, check, likeliest
from quatrain.form.form import Form, load, names, parse, source
from quatrain.form.metre import MetreAutomaton, Pattern, Strength
from quatrain.form.reading import Reader, syllable_counts
from quatrain.sound.function_words import AGREEMENT, ARTICLES, LIGHT_WORDS, SUBJECT_PRONOUNS

__all__ = [
    "AGREEMENT",
    "ARTICLES",
    "LIGHT_WORDS",
    "SUBJECT_PRONOUNS",
    "Checker",
    "Form",
    "MetreAutomaton",
    "Pattern",
    "Reader",
    "Strength",
    "check",
    "likeliest",
    "load",
    "names",
    "parse",
    "source",
    "syllable_counts",
]
