"""The places of a draft: which of its lines are there, and which are to be written.

In: the lines of a draft, an empty text for each that is still to come, and a form, or none. Out:
`DraftPlaces`: the form as the draft has it, the lines that stand, the places to write, and notes
on what stands in the way.

A draft without a form is held to one that asks for nothing, or for the metre alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from quatrain.errors import SettingsError
from quatrain.form import Checker, Form, complete_length, load, parse_metre
from quatrain.poet import is_control, tokens
from quatrain.records import Line, Poem
from quatrain.write.constrained.fixed_text import measure_of
from quatrain.write.constrained.plan import LinePlan, PoemContext, plan
from quatrain.write.constrained.prosody import describe_measure
from quatrain.write.options import WriteOptions
from quatrain.write.revise.lines import begins_sentence, typesetter_of

MORE_LINES = 4
"""Lines that a draft without a form is continued by, if it has no empty places at its end."""

OPEN_FORM = "free-verse"
"""Form of a draft without one: it asks for nothing."""

METRICAL_FORM = "blank-verse"
"""Form whose licences hold in a draft that names a metre, but no form."""


@dataclass(frozen=True)
class DraftPlaces:
    """A draft as far as it is there, and the places to write.

    Lines have numbers from 1.

    Attributes:
        form: in the variant and the metre of the draft.
        count: lines of the whole poem.
        texts: number of a line that stands -> its text, without characters that can't be shown.
        places: numbers of the lines to write, in order.
        sources: number of a line to write that repeats another -> that line.
        begins: number of a line to write -> what it begins with, because another line that repeats
            its opening words stands.
        former: number of a line that is written again -> its text so far.
        notes: sentences on lines that break the form, and on places that can't be written.
    """

    form: Form
    count: int
    texts: Mapping[int, str]
    places: tuple[int, ...]
    sources: Mapping[int, int]
    begins: Mapping[int, str]
    former: Mapping[int, str]
    notes: tuple[str, ...]

    @property
    def rows(self) -> list[str]:
        """The lines that stand, in order."""
        return [self.texts[number] for number in sorted(self.texts)]

    def context(self, base: tokens.Style) -> PoemContext:
        """Return the draft as what stands around the lines that are written.

        Args:
            base: the poet's style, for what the draft doesn't show.
        """
        typesetter = typesetter_of(self.rows, base) if self.texts else None
        ends_sentence = {}
        for number in self.places:
            if typesetter is None or number + 1 not in self.texts:
                continue
            ends = begins_sentence(self.texts[number + 1], typesetter.style)
            if ends is not None:
                ends_sentence[number - 1] = ends
        return PoemContext(
            typesetter,
            None,
            ends_sentence,
            {number - 1: text for number, text in self.texts.items()},
            {number - 1 for number in self.places if number not in self.sources},
            {number - 1: text for number, text in self.begins.items()},
        )

    def as_poem(self) -> Poem:
        """Return the draft as a poem in which a line that is missing is empty."""
        lines = (Line(self.texts.get(number, "")) for number in range(1, self.count + 1))
        return Poem((tuple(lines),), form=self.form.name)

    def repeated_by(self, number: int) -> int | None:
        """Return the earlier line that a line to write repeats, as a whole or in part; or None."""
        source = self.sources.get(number)
        return source if source is not None and source < number else None

    def plans(self) -> list[LinePlan]:
        """Return what the form asks of each line."""
        return plan(self.form, WriteOptions(form=self.form, lines=self.count))


def find_places(
    lines: Sequence[str],
    form: Form | str | Path | None,
    metre: str,
    only: Collection[int] | None,
    checker: Checker,
    *,
    skip: Collection[int] = (),
) -> DraftPlaces:
    """Return the places of a draft.

    Args:
        lines: its lines; an empty text is an empty place.
        form: its form, or None.
        metre: its metre where the form leaves it open, or where there is no form; may be empty.
        only: numbers of the places to write, from 1; None for all that are empty. A line that
            stands there is written again.
        checker: hears metres and rhymes.
        skip: numbers of empty places that stay empty.

    Raises:
        SettingsError: a text has several lines, the metre is none, or the poem has no such line.
        FormError: there is no such form.
    """
    rows = [_row(number, line) for number, line in enumerate(lines, 1)]
    settled = _settled(_form(form, metre), rows, checker)
    count = _line_count(rows, settled, only, continues=form is None)
    _check_numbers(only, count, settled)
    notes = []
    if len(rows) > count and any(rows[count:]):
        notes.append(
            f"The form {settled.name} has {count} lines; what comes after them was left as it is."
        )
    standing = {number: row for number, row in enumerate(rows[:count], 1) if row}
    former = {number: standing.pop(number) for number in sorted(only or ()) if number in standing}
    places = [number for number in range(1, count + 1) if number not in standing]
    if only is not None:
        places = sorted(set(only))
    elif form is None:
        last = max(standing, default=0)
        places = [number for number in places if number > last]
    places = [number for number in places if number not in skip]
    draft = DraftPlaces(settled, count, standing, tuple(places), {}, {}, former, tuple(notes))
    return _with_repetitions(replace(draft, notes=(*notes, *_faults(draft, checker))))


def _row(number: int, line: str) -> str:
    """Return a line without characters that can't be shown; empty if it has no others.

    Raises:
        SettingsError: it is several lines.
    """
    if not isinstance(line, str):
        raise SettingsError(f"line {number}", repr(line), "a text", "Pass a list of str.")
    if len(line.splitlines()) > 1:
        raise SettingsError(
            f"line {number}",
            f"{line!r:.60}",
            "one line",
            "Pass each line by itself.",
            message=f"Line {number} has several lines of text.",
        )
    row = "".join(" " if is_control(sign) else sign for sign in line)
    return row if row.strip() else ""


def _form(form: Form | str | Path | None, metre: str) -> Form:
    """Return the form of a draft; without one, a form that asks for the metre alone, or nothing.

    A form that has a metre of its own keeps it.

    Raises:
        SettingsError: the metre is none.
    """
    name = form if form is not None else METRICAL_FORM if metre else OPEN_FORM
    found = name if isinstance(name, Form) else load(name)
    if not metre:
        return found
    parsed = parse_metre(" ".join(metre.split()).lower())
    if parsed is None:
        raise SettingsError(
            "setting 'metre'",
            repr(metre),
            "a metre such as 'iambic 4'",
            "Correct the value.",
            message=f"{metre!r} is not a metre.",
        )
    if form is None:
        return replace(found, again=(".",), metre=(parsed,))
    return found.in_metre(*parsed) if found.one_metre else found


def _settled(form: Form, rows: Sequence[str], checker: Checker) -> Form:
    """Return a form in the variant that the lines of a draft break least, in their metre."""
    last = max((number for number, row in enumerate(rows, 1) if row), default=0)
    longest = max(variant.opening_lines for variant in (form, *form.variants))
    return checker.judge(rows[: min(last, longest) if form.fixed else last], form).form


def _line_count(
    rows: Sequence[str], form: Form, only: Collection[int] | None, *, continues: bool
) -> int:
    """Return the number of lines of the whole poem.

    Args:
        rows: the lines of the draft.
        form: its form.
        only: numbers of the places to write, or None.
        continues: whether lines are written after the last one even if there is no empty place.
    """
    if form.fixed:
        return form.opening_lines
    goal = max([len(rows), *(only or ())])
    if continues and only is None and (not rows or rows[-1]):
        goal += MORE_LINES
    return complete_length(goal, form) or goal


def _check_numbers(only: Collection[int] | None, count: int, form: Form) -> None:
    """Raise `SettingsError` unless the poem has the places to write."""
    for number in only or ():
        if type(number) is not int or not 1 <= number <= count:
            raise SettingsError(
                "setting 'only'",
                f"line {number!r}",
                f"1 to {count}",
                "Correct the number of the line.",
                message=f"There is no line {number!r}: the form {form.name} has {count} lines.",
            )


def _faults(draft: DraftPlaces, checker: Checker) -> list[str]:
    """Return a sentence for each line of a draft that breaks its metre or number of syllables."""
    notes = []
    for number, row in draft.texts.items():
        findings, _ = checker.line(number - 1, row, draft.form)
        if not all(finding.kept for finding in findings):
            wanted = describe_measure(measure_of(draft.form, number - 1))
            notes.append(f"Line {number} doesn't fit {wanted}; it was left as it is.")
    return notes


def _with_repetitions(draft: DraftPlaces) -> DraftPlaces:
    """Return a draft whose places that repeat another line know that line.

    Of lines that are the same, one that stands is repeated by the others, or else the first that
    is written. A place that repeats a line which stays empty stays empty too, with a note.
    """
    plans = draft.plans()
    groups: dict[int, list[int]] = {}  # the line that others repeat -> all of them, from 1
    for line in plans:
        first = line
        while first.repeats is not None and not first.opening:
            first = plans[first.repeats]
        groups.setdefault(first.number, []).append(line.number + 1)
    sources: dict[int, int] = {}
    for group in groups.values():
        known = [number for number in group if number in draft.texts]
        written = [number for number in group if number in draft.places]
        for number in written:
            source = (known or written)[0]
            if number != source:
                sources[number] = source
    begins, notes, left = {}, list(draft.notes), set()
    for line in (line for line in plans if line.opening):
        number = line.number + 1
        if number in draft.texts and 1 in draft.places and 1 not in sources:
            begins[1] = draft.texts[number].rstrip(" .,;:!?-")
        elif number in draft.places and not {1} & {*draft.texts, *draft.places}:
            notes.append(f"Line {number} repeats the beginning of line 1, which is still empty.")
            left.add(number)
        elif number in draft.places:
            sources[number] = 1
    places = tuple(number for number in draft.places if number not in left)
    return replace(draft, sources=sources, begins=begins, notes=tuple(notes), places=places)
