"""From pronunciations to rhymes and rhyme schemes.

Reading order: `endings`, `rhymer`, `scheme`, `search`.
"""
