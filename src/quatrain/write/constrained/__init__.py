"""Writing in a form: at each step the poet may only pick words that can still lead to the form.

Reading order:

- `plan`: what the form and the options ask of every line; `fixed_text` checks lines you give.
- `user_words`: words you give that the poet never saw; `stand_ins`: known words in their place;
  `inclusion`: the line of each word to include.
- `line/`: one line, from the automaton of a metre to the last check.
- `prosody`: the sounds, lines and rhymes of one poet's words; `theme`: the bias towards a theme.
- `poem_state`: one poem as far as it is written.
- `poem_constraints`: what the next line of a poem has to satisfy, or why no line can.
- `decoders/`: how a poet's symbols make words.
- `generation`: the poems while they are written.
"""
