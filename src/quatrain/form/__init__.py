"""Verse forms as data, and the check that says why a poem keeps one or not.

In: a poem and a form. Out: a `Verdict`, which `page` shows. `write` searches for verse that keeps
a form.

Reading order:

- `metre/`: a metre as a finite automaton over syllables, and lines read under it or counted.
- `rhythm`: whether a line sounds like its metre, by the scanner.
- `form`: the `Form` record.
- `parsing`, `contradictions` and `library`: forms from TOML files, shipped or the user's.
- `length`: how many lines a poem has, and the rhyme letter of each.
- `one_metre`: the metre of a poem whose form leaves it open.
- `rhyming`: lines that rhyme, and lines that must not.
- `repeats`: refrains, end words and acrostics.
- `coming`: what the lines have to do that a poem still lacks, at its end or in between.
- `check`: everything together.
- `draft/`: the check of a draft with empty places, with what would mend its faults.

The automaton in `metre` decides whether a line keeps a form's metre. The scanner in `sound` is
another model of metre, with trained weights: it finds the metre that a line is in. The two share
pronunciations, but no rules. `rhythm` asks the scanner; it forbids nothing.

To add a form:

1. Put a .toml file into `forms/`; nothing has to register it. docs/forms.md lists the keys.
2. Put a poem in that form into the anthology (`corpus/anthology/poems.jsonl`): one JSON line with
   `id`, `title`, `form` (the file's name, not an alias), `author` and `lines`. The tests ask for
   one, and that no other form fits the poem better.
3. Optional: give it a short name, as *sonnet* has, in `library.ALIASES`.

To add a licence that a form may `allow`:

1. Put its name and meaning into `metre.automaton.LICENCES`; in `metre_with` say which feet take it.
2. Add its transition, cost and name in `MetreAutomaton.after`. `start` is for syllables left out
   at the beginning of a line, `accepts` for its end. What may happen once a line needs a bit of
   the state, as `extra` is.
3. If a lenient check accepts it in any form, add it to `check.LENIENT_LICENCES`.
4. Add a row to the table in docs/forms.md, and `allow` it in the forms that take it.
5. Add it to the reference in tests/form/test_metre_reference.py, which lays syllables on feet.

The search for verse needs no change: `write` takes the licence from `MetreAutomaton.tables`. (A
licence that depends on more than the syllable, its word's start and a pause before it needs more
letters there; see `Tables`.)

To add a new kind of demand, give `Form` a field, `parsing` its key, and `check` its findings.

The word lists of `sound.function_words` are passed on here, because `write` doesn't import `sound`.
"""

from quatrain.form.check import Checker, check, nearest_forms
from quatrain.form.draft import DraftChecker, check_draft
from quatrain.form.form import UNRHYMED, Form
from quatrain.form.length import complete_length
from quatrain.form.library import forms, load, names, source
from quatrain.form.metre import (
    LineReading,
    MetreAutomaton,
    MetreReader,
    Pattern,
    Strength,
    count_syllables,
)
from quatrain.form.parsing import parse, parse_metre
from quatrain.form.rhyming import FULL_RHYMES, MAX_DISTANCE
from quatrain.form.rhythm import DOUBLE_FEET, Rhythm
from quatrain.sound.function_words import (
    AGREEMENT,
    ARTICLES,
    LIGHT_WORDS,
    NEVER_AFTER_ARTICLES,
    SUBJECT_PRONOUNS,
)

__all__ = [
    "AGREEMENT",
    "ARTICLES",
    "DOUBLE_FEET",
    "FULL_RHYMES",
    "LIGHT_WORDS",
    "MAX_DISTANCE",
    "NEVER_AFTER_ARTICLES",
    "SUBJECT_PRONOUNS",
    "UNRHYMED",
    "Checker",
    "DraftChecker",
    "Form",
    "LineReading",
    "MetreAutomaton",
    "MetreReader",
    "Pattern",
    "Rhythm",
    "Strength",
    "check",
    "check_draft",
    "complete_length",
    "count_syllables",
    "forms",
    "load",
    "names",
    "nearest_forms",
    "parse",
    "parse_metre",
    "source",
]
