"""A line of a draft by itself: where its syllables stand, what it breaks, what it makes use of.

- `spans`: the characters of syllables, feet and rhymes.
- `faults` and `notes`: why it breaks its metre, and the licences it takes, in words.
- `parts`: all of it together, remembered.
"""
