"""Search for one line under constraints: a particle filter and a beam.

Reading order: `proposal` (the distribution that symbols are drawn from), `smc`, `beam`.
"""
