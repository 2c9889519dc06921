"""From spelling to pronunciations.

Reading order: `phonemes` (the symbols), `tokenizer` (the words of a line), `pauses` (those between
words), `abbreviations` (what a line spells shorter than it says), `ear` (which asks all of the
following, and is what other packages use), `lexicon` (the pronouncing dictionary), `numerals` and
`quantities` (what holds a digit, in words), `letter_rules` and `respelling` (rules that build on
listed words), `g2p` (the network that guesses), `elision` (poetic variants).
"""
