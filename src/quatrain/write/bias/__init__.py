"""Logit biases: terms that make words more or less likely while a poem is written in a form.

A term is a number of nats, always added, so a negative one discourages the word. One file per term:
`agreement`, `punctuation`, `register`, `repetition`, `rhythm`, `theme`; `diction` prefers archaic
words or leaves them out (`archaisms` lists them), and `blocklist` forbids words altogether.
`logit_bias` adds up the terms of one line.

Where the terms apply:

- In a form, terms are added after the logits were divided by the temperature
  (`search.proposal`), so a nat weighs the same at every temperature.
- In free verse only `LowTemperatureBias` applies (`free.words`). It is added before the division.
- `revise --word` (`revise.word_ranking`) uses no bias: it ranks words by the poet alone.

To add a term for poems in a form:

1. Write a function or a small class here that returns nats, and put its strength in a constant
   `..._BIAS` whose docstring says how the number was found.
2. What is the same for every poem of a poet, like `Agreement`, is made once, in `Prosody`
   (`constrained/prosody.py`).
3. If the term stays the same for a whole line, add it to the array in
   `ConstrainedGeneration._logit_bias` (`constrained/generation.py`).
4. If it depends on the words of the line itself, give `LogitBias` a field for it, pass the field in
   `ConstrainedGeneration._logit_bias`, and yield the term in `LogitBias._terms`. This serves
   word-level and character-level poets alike.
5. If it is about a line's first word, add it to `LogitBias.openings`, which see. If it is about a
   finished line as a whole, as `rhythm` is, add it in `ConstrainedGeneration._line_biases`.
6. Export it here, and test that `add_to` and `of_word` agree.

The words so far come in the order of writing: a poet that writes backwards draws a line's last word
first. `WordClasses` has what is known of the sound of every word: `rhyme_ids`, `homophone_ids`,
`onsets` (vowel or consonant), and the stress patterns of its class. For more, pronounce the word:
`word_classes.reader.ear.pronounce(word)` returns its pronunciations, phoneme by phoneme. That takes
seconds for a whole vocabulary, so either store the result as an array of `WordClasses` and run
scripts/prepare_word_classes.py again, or pronounce only the words that the term needs.
"""

from quatrain.write.bias.agreement import Agreement
from quatrain.write.bias.archaisms import archaic_rate, archaic_tokens, archaic_words
from quatrain.write.bias.blocklist import BLOCKED_WORDS
from quatrain.write.bias.diction import Diction
from quatrain.write.bias.logit_bias import LogitBias
from quatrain.write.bias.punctuation import closing_marks, punctuation_bias
from quatrain.write.bias.register import Registers
from quatrain.write.bias.repetition import (
    LowTemperatureBias,
    final_mark_bias,
    opening_bias,
    repeat_bias,
)
from quatrain.write.bias.rhythm import rhythm_bias
from quatrain.write.bias.theme import OPENING_FACTOR, theme_bias

__all__ = [
    "BLOCKED_WORDS",
    "OPENING_FACTOR",
    "Agreement",
    "Diction",
    "LogitBias",
    "LowTemperatureBias",
    "Registers",
    "archaic_rate",
    "archaic_tokens",
    "archaic_words",
    "closing_marks",
    "final_mark_bias",
    "opening_bias",
    "punctuation_bias",
    "repeat_bias",
    "rhythm_bias",
    "theme_bias",
]
