"""How verse sounds: from spelling to pronunciations, metre and rhyme.

In: words, lines, poems. Out: pronunciations, scansions, rhymes and their schemes; next
rooms `form`, which holds verse to a form, and `write`.

Reading order: `phonemes`, `lexicon`, `spelling`, `guesser`, `ear`, `words`; then for metre
`frequency`, `syllables`, `candidates`, `grammar`, `feet`, `scanner`,
`syllabified`; for rhyme `tails`, `rhyme`, `scheme`, `rhyming`.
"""

from quatrain.sound.ear import Ear, pronounce
from quatrain.sound.rhyme import Rhymer, rhymes
from quatrain.sound.rhyming import rhymes_with
from quatrain.sound.scanner import Scanner, scan, scan_many
from quatrain.sound.scheme import Schemer, rhyme_scheme
from quatrain.sound.syllabified import places_of_syllables, syllabified
from quatrain.sound.words import Word, words

__all__ = [
    "Ear",
    "Rhymer",
    "Scanner",
    "Schemer",
    "Word",
    "places_of_syllables",
    "pronounce",
    "rhyme_scheme",
    "rhymes",
    "rhymes_with",
    "scan",
    "scan_many",
    "syllabified",
    "words",
]
