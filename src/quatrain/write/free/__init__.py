"""Free verse: poems without a form, character by character or word by word.

Reading order: `prompt` (the start that the user gives), `generation` (the loop that draws symbols),
`characters` and `words` (the two kinds of poets), `adjacency` (which words and punctuation marks
may be neighbours).
"""
