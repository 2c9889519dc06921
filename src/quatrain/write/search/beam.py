"""Beam search: find the likeliest line of several poems under constraints, or a sample of lines.

In: the poet's state before the line, and a `Hypothesis` per poem, which knows what may come. Out:
several finished lines of each poem, the likeliest first. Of all unfinished lines, each one symbol
longer than before, only the best few stay on the beam.

Above temperature 0 this is stochastic beam search (Kool et al. 2019): every line's log probability
is perturbed by Gumbel noise, drawn so that the best continuation of a line has exactly that line's
perturbed value. The lines that remain are a sample without replacement from the poet's own
distribution over lines, in the order of drawing. Symbols that may not come take part together as
one more symbol, and are dropped when it is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from quatrain.config import Sampling
from quatrain.poet import State
from quatrain.write.search.hypothesis import (
    Hypothesis,
    LanguageModel,
    LineScorer,
    Particle,
    line_scores,
)
from quatrain.write.search.proposal import Proposal

_TINY = np.float32(1e-30)
"""Least exponential variable taken the logarithm of; in single precision one may be 0."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A line on the beam.

    Attributes:
        particle: the line; its weight is its log probability.
        key: the value that lines are ranked by, perturbed above temperature 0.
        row: its row in the poet's state; meaningless once the line is finished.
    """

    particle: Particle
    key: float
    row: int


@dataclass(frozen=True, slots=True)
class _Extension:
    """A line one symbol longer than `parent`, not built before it is known to stay."""

    parent: _Node
    symbol: int
    weight: float
    key: float


@dataclass(slots=True)
class _Batch:
    """Symbols that the poet reads next, and the rows of the state that they follow."""

    symbols: list[int] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)


class BeamSearch:
    """Beam search for lines, deterministic at temperature 0 and stochastic above.

    Args:
        model: the poet that reads and scores the lines.
        sampling: temperature and filters; at temperature 0 nothing is random.
        count: lines kept on the beam per poem.
    """

    def __init__(self, model: LanguageModel, sampling: Sampling, count: int) -> None:
        self._model, self._count = model, count
        self._stochastic = sampling.temperature > 0
        if not self._stochastic:  # lines are then ranked by their probability at temperature 1
            sampling = replace(sampling, temperature=1.0)
        self._proposal = Proposal(sampling)

    def lines(
        self,
        hypotheses: Sequence[Hypothesis],
        state: State,
        logits: NDArray[np.float32],
        generators: Sequence[np.random.Generator],
        scorer: LineScorer | None = None,
    ) -> list[list[Particle]]:
        """Find finished lines for each poem, as `Search.lines` says."""
        perturbed = self._stochastic and scorer is not None
        beams = [
            [_Node(Particle(line), _first_key(generator) if perturbed else 0.0, row)]
            for row, (line, generator) in enumerate(zip(hypotheses, generators, strict=True))
        ]
        while True:
            active = [node for beam in beams for node in beam if node.particle.state is None]
            if not active:
                scores = line_scores([[node.particle for node in beam] for beam in beams], scorer)
                return [
                    _distinct_lines(beam, nats) for beam, nats in zip(beams, scores, strict=True)
                ]
            probabilities, log_increments = self._proposal.evaluate(
                logits, [node.particle.hypothesis for node in active]
            )
            if not self._stochastic:  # a sample needs probabilities that sum to 1
                log_increments = (log_increments + self._proposal.log_masses(logits)).tolist()
            batch = _Batch()
            for poem, beam in enumerate(beams):
                candidates: list[_Node | _Extension] = []
                for node in beam:
                    if node.particle.state is not None:
                        candidates.append(node)
                        continue
                    candidates += self._best_extensions(
                        node, probabilities[node.row], log_increments[node.row], generators[poem]
                    )
                candidates.sort(key=lambda candidate: candidate.key, reverse=True)
                beams[poem] = [
                    candidate if isinstance(candidate, _Node) else _build(candidate, state, batch)
                    for candidate in candidates[: self._count]
                ]
            if batch.symbols:
                logits, state = self._model.step(
                    np.array(batch.symbols), state.select(batch.parents)
                )

    def _best_extensions(
        self,
        node: _Node,
        probabilities: NDArray[np.floating],
        log_increment: float,
        generator: np.random.Generator,
    ) -> list[_Extension]:
        """Return the best lines that are one symbol longer than a node's, at most `count`.

        Args:
            node: the line to extend.
            probabilities: of every symbol, unnormalised, (symbols,).
            log_increment: log of the share of probability that the line allows.
            generator: random generator of the poem.
        """
        symbols = np.flatnonzero(probabilities)
        if not symbols.size:
            return []
        weights = np.log(probabilities[symbols])
        weights += (
            node.particle.weight + log_increment - np.log(probabilities.sum(dtype=np.float64))
        )
        keys, maximum = weights, 0.0
        if self._stochastic:
            keys = weights + _gumbel(generator, len(weights))
            # Everything that may not come is one more symbol, with the rest of the probability.
            log_rest = node.particle.weight + log1mexp(log_increment)
            maximum = max(float(keys.max()), log_rest + float(_gumbel(generator, 1)[0]))
        places = np.arange(len(symbols))
        if len(symbols) > self._count:
            places = np.argpartition(-keys, self._count)[: self._count]
        best_keys = keys[places].astype(np.float64)
        if self._stochastic:
            best_keys = condition_on_maximum(best_keys, maximum, node.key)
        return [
            _Extension(node, int(symbols[place]), float(weights[place]), float(key))
            for place, key in zip(places, best_keys, strict=True)
        ]


def _first_key(generator: np.random.Generator) -> float:
    """Draw the perturbed value of the empty line: the maximum over all lines.

    It does not change their order and is 0 where that is all. A scorer's nats are added to the
    values, which must then be plain Gumbel variables around the log probabilities: the best sum is
    a sample in proportion to probability times exp(nats) (Gumbel-max), of the lines on the beam.
    """
    return float(_gumbel(generator, 1)[0])


def _build(extension: _Extension, state: State, batch: _Batch) -> _Node:
    """Return an extension as a node; add its symbol to the batch unless it ends the line."""
    parent = extension.parent
    hypothesis = parent.particle.hypothesis.advance(extension.symbol)
    if hypothesis.done:
        end = state.select([parent.row])
        return _Node(Particle(hypothesis, extension.weight, end), extension.key, row=-1)
    batch.symbols.append(extension.symbol)
    batch.parents.append(parent.row)
    row = len(batch.symbols) - 1
    return _Node(Particle(hypothesis, extension.weight), extension.key, row)


def _distinct_lines(
    beam: Sequence[_Node], scores: Mapping[tuple[str, ...], float]
) -> list[Particle]:
    """Return the finished lines, the best first; of lines with the same tokens the first.

    Args:
        beam: in order.
        scores: tokens of a line -> nats to add to its key.
    """
    if scores:
        beam = sorted(
            beam,
            key=lambda node: node.key + scores[node.particle.hypothesis.tokens],
            reverse=True,
        )
    by_tokens = {node.particle.hypothesis.tokens: node.particle for node in reversed(beam)}
    return list(by_tokens.values())[::-1]


def _gumbel(generator: np.random.Generator, count: int) -> NDArray[np.float32]:
    """Draw standard Gumbel variables, (count,)."""
    return -np.log(np.maximum(generator.standard_exponential(count, np.float32), _TINY))


def condition_on_maximum(
    keys: NDArray[np.float64], maximum: float, target: float
) -> NDArray[np.float64]:
    """Shift Gumbel variables whose maximum was `maximum` so that it becomes `target`.

    The result is distributed as the variables under the condition that their maximum is `target`
    (Kool et al. 2019, appendix B.3, in its numerically stable form).
    """
    with np.errstate(divide="ignore"):  # log(0) for the maximum itself
        gaps = target - keys + np.log(-np.expm1(np.minimum(keys - maximum, 0.0)))
    return target - np.maximum(gaps, 0.0) - np.log1p(np.exp(-np.abs(gaps)))


def log1mexp(value: float) -> float:
    """Return log(1 - exp(value)) for a value of at most 0."""
    return float(np.log(-np.expm1(min(value, -1e-12))))
