"""How a poet's symbols make words: a word at a time, or letter by letter.

Reading order: `decoder` (the interface), `word_decoder`, `trie` (words by their letters),
`character_decoder`.
"""
