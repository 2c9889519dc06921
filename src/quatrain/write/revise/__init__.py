"""Revision of a poem in a form: whole lines (`lines`), or one word (`word`).

`word_place` says where a word stands, `word_ranking` how likely others are there.
"""
