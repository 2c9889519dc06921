"""The measure of a line: a metre, or a number of syllables.

In: a line, and a metre or a number. Out: how the line keeps it, or what breaks it.

Reading order:

- `strength`: how strong the syllables of a word are.
- `automaton`: a metre as a finite automaton over syllables.
- `reader`: lines read under a metre; `reading`: what such a reading has and breaks.
- `syllables`: the syllables of a line, word by word.
"""

from quatrain.form.metre.automaton import FEET, LICENCES, MetreAutomaton, metre_with
from quatrain.form.metre.reader import MetreReader
from quatrain.form.metre.reading import Breach, LineReading
from quatrain.form.metre.strength import Pattern, Strength
from quatrain.form.metre.syllables import COUNT_LICENCES, SyllableCount, count_syllables

__all__ = [
    "COUNT_LICENCES",
    "FEET",
    "LICENCES",
    "Breach",
    "LineReading",
    "MetreAutomaton",
    "MetreReader",
    "Pattern",
    "Strength",
    "SyllableCount",
    "count_syllables",
    "metre_with",
]
