"""The forms that a draft without one may be on its way to.

In: the lines of a draft and the rhymes they have. Out: up to three `LikelyForm`s. Each shipped form
is held against the lines that are there: the share of its demands on metre, syllables and rhyme
that they keep. Lines are read in a few metres only, and remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quatrain.form.check import Checker
from quatrain.form.form import UNRHYMED, Form
from quatrain.form.length import complete_length, rhyme_scheme
from quatrain.form.library import forms
from quatrain.form.metre import count_syllables
from quatrain.form.repeats import end_word_pairs, last_word, refrain_pairs, same_words
from quatrain.records import Metre
from quatrain.records.draft import LikelyForm

MOST_FORMS = 3
"""Forms that are named."""

MOST_LINES = 80
"""Lines of the longest draft for which forms are looked for, and lines of it that are compared."""

LEAST_LINES = 2
"""Lines from which a form is named."""

LEAST_SHARE = 0.75
"""Share of a form's demands that the lines must keep for it to be named."""

_CUSTOM = """
    shakespearean-sonnet haiku limerick petrarchan-sonnet ballad common-measure heroic-couplets
    villanelle blank-verse terza-rima triolet sestina rubai pantoum ottava-rima rondeau
    spenserian-sonnet rhyme-royal spenserian-stanza tanka cinquain rondel clerihew
    """
"""Forms by how often poets in English write them, by our judgement; decides between equals."""


@dataclass(frozen=True, slots=True)
class _Fit:
    """How lines fit a form.

    Attributes:
        form: the form.
        kept, asked: number of its demands that they keep, and of all.
        total: number of lines the poem would have.
        measured: number of lines that keep their metre or their syllables.
        rhymed: number of lines that rhyme, or repeat, as they should.
    """

    form: Form
    kept: float
    asked: float
    total: int
    measured: int
    rhymed: int

    @property
    def share(self) -> float:
        return self.kept / self.asked if self.asked else 0.0


class LikelyForms:
    """Names the forms that lines come near to.

    Args:
        checker: reads lines.
    """

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    def forms(self, lines: Sequence[str], letters: Sequence[str | None]) -> tuple[LikelyForm, ...]:
        """Return the likeliest forms, the likeliest first; none for a very short or long draft.

        Args:
            lines: the lines that are written.
            letters: the rhyme letter of each, or None.
        """
        if not LEAST_LINES <= len(lines) <= MOST_LINES:
            return ()
        fits = []
        for form in forms():
            tries = [self._fit(lines, letters, variant) for variant in (form, *form.variants)]
            near = [fit for fit in tries if fit and fit.share >= LEAST_SHARE and _is_telling(fit)]
            if near:
                fits.append((form, max(near, key=lambda fit: (fit.share, fit.kept))))
        fits.sort(key=lambda entry: _rank(entry[0], entry[1], len(lines)))
        return tuple(
            LikelyForm(form.name, form.title, _why(fit, len(lines)))
            for form, fit in fits[:MOST_FORMS]
        )

    def _fit(self, lines: Sequence[str], letters: Sequence[str | None], form: Form) -> _Fit | None:
        """Return how lines fit a form; None if it can't have as many."""
        count = len(lines)
        total = complete_length(count, form)
        if total is None:
            return None
        settled = self._checker.settle_metre(lines, form) if form.one_metre else form
        measured = [self._is_measured(number, line, settled) for number, line in enumerate(lines)]
        asked = [kept for kept in measured if kept is not None]
        rhymes = list(_rhymes(lines, letters, rhyme_scheme(total, form)[:count], form))
        return _Fit(
            settled,
            sum(asked) + sum(rhymes),
            len(asked) + len(rhymes),
            total,
            sum(asked),
            sum(rhymes),
        )

    def _is_measured(self, number: int, line: str, form: Form) -> bool | None:
        """Return whether a line keeps its metre or its syllables; None if nothing is asked."""
        metre, count = form.metre_of(number), form.syllables_of(number)
        if metre is not None:
            return self._checker.reader.cost(line, metre) is not None
        if count is not None:
            return count_syllables(line, self._checker.ear).total == count
        return None


def _rhymes(
    lines: Sequence[str], letters: Sequence[str | None], scheme: Sequence[str | None], form: Form
) -> Iterator[bool]:
    """Yield for each line whether it rhymes, repeats and ends as a form has it.

    Args:
        lines: the lines.
        letters: the rhyme letter that each has, or None.
        scheme: the letter that the form gives each.
        form: the form.
    """
    repeats = {later: first for first, later in refrain_pairs(len(lines), form)}
    ends = {line: first for line, first in end_word_pairs(form) if line <= len(lines)}
    for number, (letter, asked) in enumerate(zip(letters, scheme, strict=True)):
        if number + 1 in repeats:
            yield same_words(lines[number], lines[repeats[number + 1] - 1])
            continue
        if number + 1 in ends:
            yield last_word(lines[number]) == last_word(lines[ends[number + 1] - 1])
            continue
        if asked is None:
            continue
        has = {other for other in range(number) if letter and letters[other] == letter}
        wants = {other for other in range(number) if asked != UNRHYMED and scheme[other] == asked}
        if has or wants:
            yield bool(has & wants) or (not has and not wants)
            if has - wants and wants:
                yield False


def _is_telling(fit: _Fit) -> bool:
    """Return whether what lines keep of a form says something: two rhymes, or most measures."""
    form = fit.form
    if form.syllables:
        return fit.measured >= 2
    if form.metre and not form.one_metre:
        return fit.measured >= 2
    return fit.rhymed >= 2


def _rank(form: Form, fit: _Fit, count: int) -> tuple[object, ...]:
    """Return by what forms are ordered: rhyme first, then what is kept, then custom."""
    names = _CUSTOM.split()
    custom = names.index(form.name) if form.name in names else len(names)
    whole = fit.share == 1 and fit.total == count and form.fixed
    return not whole, -round(fit.share, 1), -round(fit.kept), custom


def _why(fit: _Fit, count: int) -> str:
    """Return what speaks for a form: `8 of 14 lines, iambic pentameter, rhymes ABABCDCD`."""
    form = fit.form
    parts = [f"{count} of {fit.total} lines" if count < fit.total else f"{count} lines"]
    if form.metre:
        feet = tuple(feet for _, feet in form.metre)
        whole = "" if fit.measured == count else f" in {fit.measured} of {count}"
        parts.append(f"{Metre(form.metre[0][0], feet)}{whole}")
    elif form.syllables:
        counts = ", ".join(map(str, form.syllables[:count]))
        parts.append(f"syllables {counts}" if len(form.syllables) > 1 else f"{counts} syllables")
    letters = rhyme_scheme(fit.total, form)[:count]
    if any(letter not in (None, UNRHYMED) for letter in letters):
        parts.append(f"rhymes {''.join(letter or '.' for letter in letters)}")
    return ", ".join(parts)
