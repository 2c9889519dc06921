"""Writing in a form: at each step the poet may only pick words that can still lead to the form.

Reading order:

- `plan`: what the form and the options ask of every line; `fixed_text` checks lines you give.
- `line_automaton`: every line that a metre or a number of syllables allows, over word classes.
- `line_constraint`: one line, with the demands on its first and last words.
- `prosody`: the sounds, lines and rhymes of one poet's words; `theme`: the bias towards a theme.
- `poem_state`: one poem as far as it is written.
- `poem_constraints`: what the next line of a poem has to satisfy, or why no line can.
- `decoder` (the interface), `word_decoder`, `character_decoder` and `trie`: how a poet's symbols
  make words.
- `line_scores`: what weighs finished lines once more; `lookahead`: by your line after them.
- `acceptance`: the last check of a line.
- `generation`: the poems while they are written.
"""
