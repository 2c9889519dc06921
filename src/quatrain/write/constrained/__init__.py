"""Poems in a form: which words may come next so that the form is kept.

Reading order: `plan` (what is asked of every line), `line_automaton` (every line a metre
allows), `line_constraint` (one line), `prosody` (the words of one poet, heard), `poem_constraints`
(the poem so far), `decoder`, `character_decoder` and `trie` (how a poet's symbols make words),
`generation` (the poems).
"""
