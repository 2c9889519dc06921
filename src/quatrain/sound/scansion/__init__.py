"""The scanner: from pronunciations to the metre of a poem.

In: poems. Out: their scansions. The scanner finds the metre that a line is in. It doesn't decide
whether a form accepts the line; the automaton in `form/metre` does that, with rules of its own.

A line passes through the files in this order:

1. `parts_of_speech`, `features`: the variants of a word (its pronunciations), with the names of
   what holds for each syllable. `heteronyms`: the variants that suit the word's part of speech in
   the line, as its neighbours tell it.
2. `candidates`: combinations of variants, the ways to say a line, each with its licences.
3. `grammar`, on arrays of `batch`: the score of beats and stresses, and the best by dynamic
   programming (Viterbi). It is a maximum-entropy grammar.
4. `lattice`: candidates of many lines decoded together.
5. `poem_prior`, `poem_model`: what the lines of a poem have in common, and the decodings that
   suit the poem best.
6. `feet`: the traditional names of feet, metres and variations.
7. `confidence`: the probability that a poem's metre is right, and that a line's marks are.
8. `scanner`: all of it, for users.

Terms:

- variant: one way to say a word. Candidate: one way to say a line, a variant for each word.
- row: a candidate's place in arrays that hold the candidates of many lines.
- kind: the index of a kind of foot in `grammar.KINDS`, feet of two syllables or of three.
- decoding: the best beats and stresses of a row under one kind of foot.
- beat: the metre has a beat at the syllable. Stress: a speaker stresses it.
- licence: a departure that costs something: a syllable lost, a rarer pronunciation. Variation:
  a departure from the metre, or a licence, as the finished scansion names it.

Where to add a scansion rule:

- A licence in how a word is said (a syllable lost or sounded): yield it with a note from
  `poetic_variants` in `pronunciation/elision`; the note is the licence's name. Forms take it too.
- A licence between two words: in `candidates`, as *th' eternal* is.
- Something that holds for a syllable: one more name in `VariantLexicon` of `features`.
- A preference about beats and their neighbours: a table of weights in `grammar`, and the same
  table in `scripts/train_scanner.py`.
- A habit that poems have or lack: a `LineFeature` of `poem_prior`, counted in `line_features` and
  weighed in the tables of `grammar`. Two syllables before the first beat, for example, are there
  already (`OPENS_AFTER_MORE`).
- The name of a departure from the metre: in `feet`, as in `_rising_variation`; list the name in the
  docstring of `records.Variation` too.

The grammar allows any sequence of beats, at a price. So a departure from the metre needs no
permission here, only a weight and a name.

A new licence or syllable feature needs a weight: run `scripts/train_scanner.py`, which
cross-validates and writes `data/scanner.safetensors`. It needs two collections of scanned verse
that aren't in the repository (`data/NOTICE`, docs/scansion.md). Until then a licence costs
`UNTRAINED_LICENCE` and a feature weighs nothing.
"""
