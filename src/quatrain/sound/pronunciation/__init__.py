"""From spelling to pronunciations.

Reading order: `phonemes`, `lexicon`, `elision`, `letter_rules`, `g2p`, `numerals`, `ear`,
`tokenizer`, `syllabifier`.
"""
