"""From pronunciations to metre: a maximum-entropy grammar of scansions, and a model of each poem.

In: poems. Out: their scansions. A line passes through the files in this order:

1. `parts_of_speech`, `features`: the variants of a word (its pronunciations), with the names of
   what holds for each syllable.
2. `candidates`: combinations of variants, the ways to say a line, each with its licences.
3. `grammar`, on arrays of `batch`: the score of beats and stresses, and the best by dynamic
   programming (Viterbi).
4. `lattice`: candidates of many lines decoded together.
5. `poem_prior`, `poem_model`: what the lines of a poem have in common, and the decodings that
   suit the poem best.
6. `feet`: the traditional names of feet, metres and variations.
7. `scanner`: all of it, for users.

Where to add a scansion rule:

- A licence in how a word is said (a syllable lost or sounded): yield it with a note from
  `poetic_variants` in `pronunciation/elision`; the note is the licence's name.
- A licence between two words: in `candidates`, as *th' eternal* is.
- Something that holds for a syllable: one more name in `VariantLexicon` of `features`.
- A preference about beats and their neighbours: a table of weights in `grammar`, and the same
  table in `scripts/train_scanner.py`.
- A habit that poems have or lack: a `LineFeature` of `poem_prior`.
- The name of a departure from the metre: in `feet`.

A new licence or syllable feature needs a weight: run `scripts/train_scanner.py`, which
cross-validates and writes `data/scanner.safetensors`. Until then a licence costs
`UNTRAINED_LICENCE` and a feature weighs nothing.
"""
