"""From pronunciations to rhymes and rhyme schemes.

Reading order: `parts` (the rhyming end of a pronunciation), `mosaic` (those that begin in an
earlier word of a line), `endings` (all the parts of a line's end), `match` (how well two endings
agree), `rhymer` (the odds that two endings rhyme, and the kind of rhyme), `stanza` (the rhymes of a
stanza, and what speaks for rhyme), `scheme` (the rhyme scheme of a poem), `standing` (whether a
word is worth listing), `search` (the words that rhyme with a word).
"""
