"""The answers of a whole class, question by question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import get_args

from quatrain.records import Marking, QuestionResult
from quatrain.records.exercises import Verdict


def class_results(markings: Sequence[Marking]) -> tuple[QuestionResult, ...]:
    """Return how often each question was right, wrong, not understood and missing, and why.

    A mistake counts for every answer that it leads to, so that an answer of two mistakes counts
    for both.

    Args:
        markings: a marking for each student; the sheets have the same number of questions.
    """
    results = []
    for marks in zip(*markings, strict=True):
        verdicts = Counter(mark.verdict for mark in marks)
        mistakes = Counter(mistake for mark in marks for mistake in mark.mistakes)
        counts = {verdict: verdicts[verdict] for verdict in get_args(Verdict)}
        results.append(QuestionResult(marks[0].question, counts, tuple(mistakes.most_common())))
    return tuple(results)
