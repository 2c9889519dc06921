"""Poems in a form: at every word, only what can still keep the form may come next.

Reading order:

- `plan`: what the form and the options ask of every line; `fixed_text` checks lines you give.
- `line_automaton`: every line that a metre or a number of syllables allows, over word classes.
- `line_constraint`: one line, with the demands on its first and last words.
- `prosody`: the sounds, lines and rhymes of one poet's words.
- `poem_constraints`: what the next line of a poem must be, or why there can't be one.
- `decoder` (the interface), `word_decoder`, `character_decoder` and `trie`: how a poet's symbols
  make words.
- `generation`: the poems while they are written.
"""
