"""Free verse: poems without a form, character by character or word by word.

Reading order: `prompt` (the start that the user gives), `generation` (the loop that draws symbols),
`characters` and `words` (what a symbol is, and which may come next), `page_rules` (marks and words
side by side).
"""
