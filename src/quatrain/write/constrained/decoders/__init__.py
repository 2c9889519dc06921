"""Decoders: they make words of a poet's symbols, a word at a time or letter by letter.

Reading order: `decoder` (the interface), `word_decoder`, `trie` (words by their letters),
`character_decoder`.
"""
