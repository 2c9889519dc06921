"""Checks a draft against a form, or names the forms it may be on its way to.

In: the lines of a draft, empty where one is still to be written. Out: a `DraftCheck`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from quatrain.errors import FormError
from quatrain.form.check import Checker, Judgement
from quatrain.form.coming import coming_lines
from quatrain.form.draft.free_verse.drafts import FreeDrafts
from quatrain.form.draft.layout import Layout, layout
from quatrain.form.draft.line.parts import LineAnalyst, LineParts, filled
from quatrain.form.draft.mend.mending import Mender
from quatrain.form.draft.mend.surroundings import Surroundings
from quatrain.form.draft.repetition import beside_fault
from quatrain.form.draft.summary import poem_faults, summary_of
from quatrain.form.draft.wishes import wanted, wish_of
from quatrain.form.draft.written import MOST_LINES, nearest_mates, read_lines
from quatrain.form.form import UNRHYMED, Form
from quatrain.form.length import complete_length, rhyme_scheme
from quatrain.form.library import load
from quatrain.form.parsing import parse_metre
from quatrain.records import Finding
from quatrain.records.draft import DraftCheck, DraftLine, Fault

LEAST_LINES = 3
"""Lines from which a draft in a form of any metre may be in a very short one."""

LEAST_FEET = 3
"""Feet of the shortest metre of a draft just begun: a line being typed is short at first."""


class DraftChecker:
    """Checks drafts, and remembers every line it has read, so that one change costs one line.

    Args:
        checker: whose ear and caches are used.
    """

    def __init__(self, checker: Checker | None = None) -> None:
        self._checker = checker or Checker()
        self._analyst = LineAnalyst(self._checker.reader)
        self._mender = Mender(self._checker)
        self._free = FreeDrafts(self._checker, self._analyst)

    def check(
        self,
        lines: Sequence[str],
        form: Form | str | Path | None = None,
        metre: str = "",
        gaps: Sequence[bool] = (),
    ) -> DraftCheck:
        """Check a draft; `check_draft` describes arguments and errors."""
        wanted_metre = _metre(metre)
        if form is None or form == "":
            return self._free.check(lines, gaps, wanted_metre)
        the_form = _in_metre(form if isinstance(form, Form) else load(form), wanted_metre)
        return self._in_form(lines, the_form)

    def _in_form(self, lines: Sequence[str], form: Form) -> DraftCheck:
        written = read_lines(lines)
        last = written.last
        most = max(variant.opening_lines for variant in (form, *form.variants))
        judged = list(written.texts[: min(last, most if form.fixed else MOST_LINES)])
        self._mender.begin()
        judgement = self._judge(judged, form)
        settled = judgement.form
        places = layout(len(judged) if form.fixed else len(lines), len(judged), settled)
        total = max(places.total, last)
        draft_lines = self._lines(written.texts, judged, judgement, replace(places, total=total))
        for place, notes in written.notes.items():
            line = draft_lines[place]
            draft_lines[place] = replace(line, text=lines[place], notes=(*line.notes, *notes))
        faults = poem_faults(judgement, last)
        expected = complete_length(last, settled)
        kept = not faults and not any(line.faults for line in draft_lines)
        complete = last > 0 and expected == last and all(written.texts[:last])
        metre = judgement.metre or str(settled.metre_of(0) or "")
        return DraftCheck(
            form.name,
            form.title,
            metre,
            summary_of(draft_lines, settled, faults, expected),
            kept,
            complete,
            faults,
            (),
            tuple(draft_lines),
        )

    def _judge(self, lines: Sequence[str], form: Form) -> Judgement:
        """Judge lines by a form; the usual metre is theirs while a few words could be in any."""
        judgement = self._checker.judge(lines, form)
        begun = sum(map(bool, lines)) < LEAST_LINES
        if form.one_metre and begun and judgement.form.metre[0][1] < LEAST_FEET:
            return self._checker.judge(lines, _in_metre(form, form.usual))
        return judgement

    def _lines(
        self, texts: Sequence[str], judged: list[str], judgement: Judgement, places: Layout
    ) -> list[DraftLine]:
        """Return every place of a draft in a form."""
        form = judgement.form
        letters = rhyme_scheme(places.total, form)
        mates = nearest_mates([None if letter == UNRHYMED else letter for letter in letters])
        wishes = {
            coming.line: wish_of(coming, form)
            for coming in coming_lines(texts[: places.total], form, places.total)
        }
        broken: dict[int, list[Finding]] = defaultdict(list)
        licences: dict[int, list[str]] = defaultdict(list)
        for finding in judgement.findings:
            if not finding.kept:
                broken[finding.line].append(finding)
            elif finding.licence and finding.asked not in ("metre", "syllables"):
                licences[finding.line].append(finding.licence)
        around = Surroundings(judged, judgement)
        lines = []
        for number in range(1, places.total + 1):
            text = texts[number - 1] if number <= len(texts) else ""
            letter = letters[number - 1]
            line = DraftLine(
                number,
                text,
                "empty",
                gap=number in places.gaps,
                indent=int(number in places.indents),
                wanted=wanted(number, form),
                rhyme=None if letter == UNRHYMED else letter,
                mates=mates[number - 1],
                wish=wishes.get(number, ""),
            )
            if text and number <= len(judged):
                line = self._written(line, around, broken[number])
                line = replace(line, notes=(*line.notes, *licences[number]))
            elif text:
                line = self._beyond(line, form)
            lines.append(line)
        return lines

    def _written(self, line: DraftLine, around: Surroundings, broken: list[Finding]) -> DraftLine:
        """Return a line that is written, with what it has and what it breaks."""
        form, place = around.form, line.number - 1
        count = form.syllables_of(place)
        parts = self._analyst.parts(line.text, form.metre_of(place) or count)
        faults = [self._fault(finding, parts, around) for finding in broken]
        measured = [fault.asked for fault in faults]
        return replace(
            filled(line, parts),
            state="broken" if faults else "kept",
            faults=tuple(faults),
            breaks_off=bool(faults) and self._breaks_off(line, parts, form),
            syllables=count if count and "syllables" not in measured else parts.syllables,
        )

    def _breaks_off(self, line: DraftLine, parts: LineParts, form: Form) -> bool:
        """Return whether a line is the beginning of lines that keep their metre or length."""
        metre, count = form.metre_of(line.number - 1), form.syllables_of(line.number - 1)
        if metre is not None:
            return self._checker.reader.may_go_on(line.text, metre)
        return count is not None and parts.syllables < count

    def _fault(self, finding: Finding, parts: LineParts, around: Surroundings) -> Fault:
        """Return what a line breaks, with the changes that would mend it."""
        if finding.asked in ("metre", "syllables") and parts.fault is not None:
            repairs = self._mender.repairs(finding.line, around)
            return replace(parts.fault, repairs=repairs)
        asks = finding.asked == "rhyme"
        rhymes = self._mender.rhymes(finding.line, around) if asks else ()
        return beside_fault(finding, around.lines, parts.rhyme_span, rhymes)

    def _beyond(self, line: DraftLine, form: Form) -> DraftLine:
        """Return a line that is only counted: after the form's last one, or after `MOST_LINES`."""
        parts = self._analyst.parts(line.text, None)
        if not form.fixed:
            return replace(filled(line, parts), state="free")
        message = f"{form.title[:1].upper()}{form.title[1:]} has {form.opening_lines} lines."
        fault = Fault("lines", "after the last line", message)
        return replace(filled(line, parts), state="broken", faults=(fault,))


def _metre(text: str) -> tuple[str, int] | None:
    """Return the metre that a user asks for; None if none."""
    if not text.strip():
        return None
    metre = parse_metre(" ".join(text.split()).lower())
    if metre is None:
        raise FormError(
            "the metre",
            repr(text[:40]),
            "a foot and a number, such as 'iambic 5'",
            "Write one of the five feet and a number from 1 to 12, or leave it empty.",
        )
    return metre


def _in_metre(form: Form, metre: tuple[str, int] | None) -> Form:
    """Return a form in the metre asked for, if the form leaves it open."""
    if metre is None or form.metre or form.syllables:
        return form
    variants = tuple(_in_metre(variant, metre) for variant in form.variants)
    return replace(form, metre=(metre,), one_metre=False, variants=variants)


@cache
def _draft_checker() -> DraftChecker:
    return DraftChecker()


def check_draft(
    lines: Sequence[str],
    form: Form | str | Path | None = None,
    metre: str = "",
    gaps: Sequence[bool] = (),
) -> DraftCheck:
    """Check a poem that is still being written, with empty places anywhere.

    Args:
        lines: the lines, empty ("" or only spaces) where one is still to be written. With a form,
            line k of the draft is line k of the form.
        form: the form, its name or the path of its file; None or "" for a draft without one.
        metre: the metre in a form that leaves it open, or without a form, such as "iambic 5".
        gaps: without a form, whether a stanza begins with each line.

    Returns:
        Every place of the draft, with what it has, breaks and lacks. Without a form every line is
        scanned, and the likeliest forms are named. The first 1,000 lines are judged, further ones
        only counted.

    Raises:
        FormError: there is no such form, or no such metre.
    """
    return _draft_checker().check(lines, form, metre, gaps)
