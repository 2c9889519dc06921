"""Search for one line of a poem under constraints: a particle filter and a beam search.

Reading order: `hypothesis` (the protocols: what a search asks of a model and of an unfinished
line), `proposal` (the distribution that the next symbol is drawn from), `smc` (sequential Monte
Carlo) and `beam` (beam search, stochastic above temperature 0).
"""

from quatrain.write.search.beam import BeamSearch
from quatrain.write.search.hypothesis import (
    Hypothesis,
    LanguageModel,
    LineScorer,
    Particle,
    Search,
)
from quatrain.write.search.proposal import Proposal
from quatrain.write.search.smc import ParticleFilter

__all__ = [
    "BeamSearch",
    "Hypothesis",
    "LanguageModel",
    "LineScorer",
    "Particle",
    "ParticleFilter",
    "Proposal",
    "Search",
]
