"""One line: every line that may be written, the search's choice among them, and the last check.

Reading order:

- `automaton`: every line that a metre or a number of syllables allows, over word classes.
- `constraint`: one line, with the demands on its first and last words.
- `scores`: what weighs finished lines once more; `lookahead`: by your line after them.
- `acceptance`: the last check of a line.
"""
