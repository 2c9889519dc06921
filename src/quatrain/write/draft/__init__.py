"""Drafts: poems some of whose lines are there, and some still to come.

    fill(poets, lines, options)     # write the empty places

Reading order: `places` (which lines are there, which are to be written), `line_fit` (whether a
text may stand in one of them), `generation` (one poet at one place), `filling` (all places, by one
poet or by several in turn), `line_alternatives` (other lines for one place; `difference` says how
they differ), `expectation` (words that a poet expects in one slot).
"""
