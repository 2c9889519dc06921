"""From pronunciations to rhymes and rhyme schemes.

Reading order: `endings` (the part of a word or line that rhymes), `match` (how well two endings
agree), `rhymer` (the odds that two endings rhyme, and the kind of rhyme), `scheme` (the rhyme
scheme of a poem), `search` (the words that rhyme with a word).
"""
