"""The scanner: from poems to their scansions.

In: poems. Out: their scansions, which `page` shows. Many poems are scanned at once: the candidates
of their lines become rows of arrays, and the grammar finds each row's best scansion under every
kind of foot (`lattice`). Then the lines of each poem decide its metre and prior together, which
decide between the decodings of each line (`poem_model`).
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from quatrain.records import (
    Line,
    LineScansion,
    Metre,
    Poem,
    Pronunciation,
    Scansion,
    Variation,
    Verse,
    as_poem,
)
from quatrain.sound.pronunciation.ear import Ear, default
from quatrain.sound.scansion.candidates import Candidate, LineCandidates, line_candidates
from quatrain.sound.scansion.confidence import (
    BestDecodings,
    ConfidenceModel,
    line_evidence,
    poem_evidence,
    shipped_confidences,
)
from quatrain.sound.scansion.features import VariantLexicon
from quatrain.sound.scansion.feet import divide_into_feet, poem_metre
from quatrain.sound.scansion.grammar import KINDS, MetricalGrammar, shipped
from quatrain.sound.scansion.lattice import Lattice, PotentialTable
from quatrain.sound.scansion.poem_model import PoemModel, rescore
from quatrain.sound.scansion.poem_prior import MAX_SYLLABLES

BLOCK_LINES = 512
"""Lines scanned at once, about: enough to fill the arrays, few enough to fit a cache."""

CACHE_LIMIT = 300_000
"""Most variants of words kept in memory; one more clears the cache."""


@dataclass(frozen=True, slots=True)
class _PoemPart:
    """A poem's part of a block.

    Attributes:
        poem: the poem.
        lines: candidates of each line.
        lattice_bounds: where the rows of each line begin in the lattice, and where those of the
            last end.
        model: its model; None if no line of it can be scanned.
    """

    poem: Poem
    lines: Sequence[LineCandidates]
    lattice_bounds: list[int]
    model: PoemModel | None


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Pause the search for reference cycles: scanning makes none, and it takes a fifth of time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Scanner:
    """Scans verse with an ear and a metrical grammar.

    Args:
        ear: what says words; the package's by default.
        grammar: what scores scansions; the package's by default.
        confidences: what says how sure they are; the package's by default.
    """

    def __init__(
        self,
        ear: Ear | None = None,
        grammar: MetricalGrammar | None = None,
        confidences: ConfidenceModel | None = None,
    ) -> None:
        self._grammar = grammar or shipped()
        self._confidences = confidences or shipped_confidences()
        self._ear = ear or default()
        self._lexicon = VariantLexicon(self._ear)
        self._table = PotentialTable(self._grammar)

    def scan(self, poem: Poem) -> Scansion:
        """Scan one poem, with the margin and the confidence of every line."""
        return next(self.scan_many([poem], margins=True))

    def scan_many(self, poems: Iterable[Poem], *, margins: bool = False) -> Iterator[Scansion]:
        """Scan poems one after another, in bounded memory.

        Args:
            poems: the poems.
            margins: whether to compute each line's margin and confidence too, which takes a
                tenth more time.
        """
        remaining = iter(poems)
        while block := self._next_block(remaining):
            with _no_garbage_collection():
                scansions = self._scan_block(block, margins)
            yield from scansions

    def kind_scores(self, lines: Sequence[str]) -> NDArray[np.float64]:
        """Return how well each line scans by itself under each kind of foot, (lines, kinds), nats.

        The kinds are those of `KINDS`. A line without a syllable, or too long to be verse, scores
        the same under all.
        """
        self._bound_cache()
        candidates = [line_candidates(line, self._lexicon) for line in lines]
        rows = _scannable_rows(candidates)
        scores = np.full((len(lines), len(KINDS)), -np.inf)
        if rows:
            lattice = Lattice(self._grammar, self._table, [row for _, row in rows])
            _, independent_scores = lattice.decode_independently()
            np.maximum.at(scores, [number for number, _ in rows], independent_scores)
        return np.where(np.isfinite(scores), scores, 0.0)

    def _bound_cache(self) -> None:
        """Clear what is kept of words if it has grown too large."""
        if len(self._table.known) > CACHE_LIMIT:  # both: the table knows variants by identity
            self._lexicon, self._table = VariantLexicon(self._ear), PotentialTable(self._grammar)

    def _next_block(self, poems: Iterator[Poem]) -> list[Poem]:
        block, lines = [], 0
        for poem in poems:
            block.append(poem)
            lines += len(poem.lines)
            if lines >= BLOCK_LINES:
                break
        return block

    def _scan_block(self, poems: Sequence[Poem], margins: bool) -> list[Scansion]:
        """Return the scansions of poems whose lines are decoded together."""
        self._bound_cache()
        lines = [line_candidates(line.text, self._lexicon) for poem in poems for line in poem.lines]
        rows = _scannable_rows(lines)
        # The rows of a line stand together; `ends` says where those of each line end.
        ends = np.cumsum(np.bincount([number for number, _ in rows], minlength=len(lines))).tolist()
        lattice = Lattice(self._grammar, self._table, [row for _, row in rows])
        parts = self._model_poems(poems, lines, ends, lattice)
        models = [part.model for part in parts if part.model is not None]
        rescore(lattice, [model for model in models if model.has_several_lines])
        return [_scansion(part, lattice, self._confidences, margins) for part in parts]

    def _model_poems(
        self,
        poems: Sequence[Poem],
        lines: Sequence[LineCandidates],
        ends: Sequence[int],
        lattice: Lattice,
    ) -> list[_PoemPart]:
        """Decode every line by itself, and model each poem on what its lines give.

        Args:
            poems: the poems of the block.
            lines: candidates of all their lines.
            ends: where the rows of each line end in the lattice.
            lattice: the candidates that can be scanned.
        """
        decodings, independent_scores = lattice.decode_independently()
        parts = []
        line = row = 0
        for poem in poems:
            next_line = line + len(poem.lines)
            lattice_bounds = [row, *ends[line:next_line]]
            model = None
            if lattice_bounds[-1] > row:
                rows = slice(row, lattice_bounds[-1])
                model = PoemModel(
                    self._grammar, decodings.view(rows), independent_scores[rows], lattice_bounds
                )
            parts.append(_PoemPart(poem, lines[line:next_line], lattice_bounds, model))
            line, row = next_line, lattice_bounds[-1]
        return parts


def _scansion(
    part: _PoemPart, lattice: Lattice, confidences: ConfidenceModel, margins: bool
) -> Scansion:
    """Return the scansion of a poem from the best decoding of each of its lines.

    Args:
        part: the poem.
        lattice: what its decodings are paths through.
        confidences: the weights that say how sure it is.
        margins: whether to compute each line's margin and confidence.
    """
    model = part.model
    if model is None:
        silent = map(_silent_line, part.poem.lines, part.lines)
        return Scansion(part.poem, Metre(""), 0.0, 0.0, tuple(silent))
    decodings = BestDecodings.of(model, lattice)
    best = zip(decodings.rows.tolist(), decodings.kinds.tolist(), strict=True)
    scanned = [
        _silent_line(line, candidates)
        if start == end
        else _scanned_line(line, lattice, model, *next(best))
        for line, candidates, (start, end) in zip(
            part.poem.lines, part.lines, pairwise(part.lattice_bounds), strict=True
        )
    ]
    metre, regularity = poem_metre([line for line in scanned if "+" in line.beats])
    evidence = poem_evidence(decodings, model, regularity)
    confidence = confidences.of_poem(evidence, is_free=not metre.feet) if metre.foot else 0.0
    if margins:
        line_margins = model.margins(lattice)
        line_confidences = confidences.of_lines(line_evidence(decodings, line_margins, confidence))
        measured = zip(line_margins, line_confidences, strict=True)
        scanned = [
            _with_margin(line, *next(measured)) if line.is_scanned else line for line in scanned
        ]
    return Scansion(part.poem, metre, confidence, regularity, tuple(scanned))


def _with_margin(line: LineScansion, margin: float, confidence: float) -> LineScansion:
    return replace(line, margin=margin, confidence=confidence)


def _silent_line(line: Line, candidates: LineCandidates) -> LineScansion:
    """Return the scansion of a line without a syllable, or with too many to be verse."""
    words = _scanned_words(candidates, candidates.candidates[0])
    return LineScansion(line.text, "", "", words, Metre(""))


def _scanned_line(
    line: Line, lattice: Lattice, model: PoemModel, row: int, kind: int
) -> LineScansion:
    """Return the scansion that a decoding gives.

    Args:
        line: the line.
        lattice: what the decoding is a path through.
        model: the line's poem.
        row: of the decoding, counted from the poem's first.
        kind: index of its kind of foot in `KINDS`.
    """
    lattice_row = model.rows.start + row
    candidates, chosen = lattice.rows[lattice_row]
    beats, stress = model.decodings.marks(row, kind, int(lattice.lengths[lattice_row]))
    metre, feet, variations = divide_into_feet(KINDS[kind], beats, stress)
    if chosen.licences:
        variations += tuple(map(Variation, dict.fromkeys(chosen.licences)))
    score = float(model.decodings.scores[row, kind])
    words = _scanned_words(candidates, chosen)
    return LineScansion(line.text, stress, beats, words, metre, feet, variations, score)


def _scannable_rows(
    lines: Sequence[LineCandidates],
) -> list[tuple[int, tuple[LineCandidates, Candidate]]]:
    """Return the candidates that can be scanned: index of the line, and line and candidate."""
    return [
        (number, (line, candidate))
        for number, line in enumerate(lines)
        for candidate in line.candidates
        if _is_scannable(candidate)
    ]


def _is_scannable(candidate: Candidate) -> bool:
    """Return whether a candidate has syllables, and few enough to be a line of verse."""
    if len(candidate.variants) > MAX_SYLLABLES:
        return False
    syllables = sum([len(variant.classes) for variant in candidate.variants])
    return 0 < syllables <= MAX_SYLLABLES


def _scanned_words(
    candidates: LineCandidates, chosen: Candidate
) -> tuple[tuple[str, int, int, Pronunciation], ...]:
    """Return the words of a line as `LineScansion.words` holds them."""
    words = [
        (word.text, word.start, len(variant.classes), variant.pronunciation)
        for word, variant in zip(candidates.words, chosen.variants, strict=True)
    ]
    return tuple(words)


@cache
def _shipped() -> Scanner:
    return Scanner()


def scan(poem: Verse) -> Scansion:
    """Scan a poem, or a text whose lines are lines of verse."""
    return _shipped().scan(as_poem(poem))


def scan_many(poems: Iterable[Poem]) -> Iterator[Scansion]:
    """Scan poems one after another, in bounded memory."""
    return _shipped().scan_many(poems)
