"""The forms that a draft without one may be on its way to.

In: the lines of a draft and the rhymes they have. Out: up to three `LikelyForm`s. Each shipped form
is held against the lines that are there: the share of its demands on metre, syllables and rhyme
that they keep. Lines are read in a few metres only, and remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quatrain.form.check import Checker
from quatrain.form.draft.wording import cardinal
from quatrain.form.form import UNRHYMED, Form
from quatrain.form.length import complete_length, rhyme_scheme
from quatrain.form.library import forms
from quatrain.form.metre import count_syllables, metre_with
from quatrain.form.one_metre import likeliest_metre
from quatrain.form.repeats import end_word_pairs, last_word, refrain_pairs, same_words
from quatrain.records import Metre
from quatrain.records.draft import LikelyForm

MOST_FORMS = 3
"""Forms that are named."""

MOST_LINES = 80
"""Lines of the longest draft for which forms are looked for, and lines of it that are compared."""

LEAST_LINES = 2
"""Lines from which a form is named."""

LEAST_RHYMES = 2
"""Rhymes or repeats that speak for a form whose metre says nothing."""

LEAST_SHARE = 0.75
"""Share of a form's demands that the lines must keep for it to be named."""

_CUSTOM = """
    shakespearean-sonnet haiku limerick petrarchan-sonnet ballad common-measure heroic-couplets
    villanelle blank-verse terza-rima triolet sestina rubai pantoum ottava-rima rondeau
    spenserian-sonnet rhyme-royal spenserian-stanza tanka cinquain rondel clerihew
    """
"""Forms by how often poets in English write them, by our judgement; decides between equals."""


Measures = dict[tuple[object, ...], tuple[str, tuple[bool, ...]]]
"""Metres of forms -> their names, and which lines keep them."""


@dataclass(frozen=True, slots=True)
class _Fit:
    """Fit of lines to a form.

    Attributes:
        form: the form, or a variant.
        metre: its metre in words, or its numbers of syllables.
        scheme: the rhyme letter it gives each line.
        total: number of lines the poem would have.
        measured: for each line whether it keeps the metre; empty if none is asked.
        rhymes: for each demand on rhymes and repeats whether it is kept.
    """

    form: Form
    metre: str
    scheme: tuple[str | None, ...]
    total: int
    measured: tuple[bool, ...]
    rhymes: tuple[bool, ...]

    @property
    def kept(self) -> int:
        """Number of demands that are kept."""
        return sum(self.measured) + sum(self.rhymes)

    @property
    def share(self) -> float:
        """Share of demands that are kept, 0 to 1; 0 without any."""
        asked = len(self.measured) + len(self.rhymes)
        return self.kept / asked if asked else 0.0


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
        measures: Measures = {}
        fits = []
        for form in forms():
            tries = [
                self._fit(lines, letters, variant, measures) for variant in (form, *form.variants)
            ]
            near = [fit for fit in tries if fit and fit.share >= LEAST_SHARE and _is_telling(fit)]
            if near:
                fits.append((form, max(near, key=lambda fit: (fit.share, fit.kept))))
        fits.sort(key=lambda entry: _rank(entry[0], entry[1], len(lines)))
        return tuple(
            LikelyForm(form.name, form.title, _why(fit, len(lines)))
            for form, fit in fits[:MOST_FORMS]
        )

    def _fit(
        self,
        lines: Sequence[str],
        letters: Sequence[str | None],
        form: Form,
        measures: Measures,
    ) -> _Fit | None:
        """Return how lines fit a form; None if it can't have as many, or rhymes otherwise.

        Args:
            lines: the lines.
            letters: the rhyme letter of each, or None.
            form: the form.
            measures: what is known of their metres, and is added to.
        """
        total = complete_length(len(lines), form)
        if total is None:
            return None
        scheme = tuple(rhyme_scheme(total, form)[: len(lines)])
        rhymes = list(_rhymes(lines, letters, scheme, form))
        if sum(rhymes) < LEAST_SHARE * len(rhymes):
            return None
        metre, kept = self._measured(lines, form, measures)
        return _Fit(form, metre, scheme, total, kept, tuple(rhymes))

    def _measured(
        self, lines: Sequence[str], form: Form, measures: Measures
    ) -> tuple[str, tuple[bool, ...]]:
        """Return the metre or the syllables of a form in words, and which lines keep them."""
        key = form.metre, form.syllables, form.one_metre and form.usual, form.allow
        if key not in measures:
            measures[key] = self._measure(lines, form)
        return measures[key]

    def _measure(self, lines: Sequence[str], form: Form) -> tuple[str, tuple[bool, ...]]:
        reader = self._checker.reader
        if form.one_metre:
            metre = likeliest_metre(lines, form, reader)
            return str(metre), tuple(reader.cost(line, metre) is not None for line in lines)
        if form.metre:
            automata = [metre_with(foot, feet, form.allow) for foot, feet in form.metre]
            title = str(Metre(form.metre[0][0], tuple(feet for _, feet in form.metre)))
            return title, tuple(
                reader.cost(line, automata[number % len(automata)]) is not None
                for number, line in enumerate(lines)
            )
        counts = form.syllables
        if not counts:
            return "", ()
        title = ", ".join(str(counts[number % len(counts)]) for number in range(len(lines)))
        return f"syllables {title}", tuple(
            count_syllables(line, self._checker.ear).total == counts[number % len(counts)]
            for number, line in enumerate(lines)
        )


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
    """Return whether what lines keep of a form says something, and isn't so of any lines."""
    if fit.form.one_metre or not fit.measured:
        return sum(fit.rhymes) >= LEAST_RHYMES
    return sum(fit.measured) >= max(LEAST_LINES, LEAST_SHARE * len(fit.measured))


def _rank(form: Form, fit: _Fit, count: int) -> tuple[object, ...]:
    """Return by what forms are ordered: whole poems first, then what is kept, then custom."""
    names = _CUSTOM.split()
    custom = names.index(form.name) if form.name in names else len(names)
    whole = fit.share == 1 and fit.total == count and form.fixed and bool(fit.measured)
    variant = fit.form.name != form.name
    return not whole, -round(fit.share, 1), not fit.measured, -sum(fit.rhymes), variant, custom


def _why(fit: _Fit, count: int) -> str:
    """Return what speaks for a form: `8 of 14 lines; iambic pentameter; rhymes ABABCDCD`."""
    parts = [f"{count} of {fit.total} lines" if count < fit.total else f"{count} lines"]
    if fit.metre:
        fitting = sum(fit.measured)
        parts.append(fit.metre + ("" if fitting == count else f" in {fitting} of them"))
    if any(letter not in (None, UNRHYMED) for letter in fit.scheme) and fit.rhymes:
        wrong = len(fit.rhymes) - sum(fit.rhymes)
        but = f", but for {cardinal(wrong)}" if wrong else ""
        parts.append(f"rhymes {''.join(letter or '.' for letter in fit.scheme)}{but}")
    return "; ".join(parts)
