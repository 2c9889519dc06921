"""Plan of a poem's lines: what the form and the options demand of each before it is written.

In: a form and options. Out: a `LinePlan` per line, which `poem_constraints` uses. If options
contradict the form or each other, the error says which, and what would help.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from quatrain.errors import SettingsError
from quatrain.form import UNRHYMED, Form
from quatrain.poet import tokens
from quatrain.write.options import WriteOptions
from quatrain.write.user_text import LineText, row_of, rows_of

USUAL_LINES = 12
"""Approximate number of lines of a form that has no fixed number, if the user sets none."""

MAXIMUM_LINES = 10_000
"""Most lines of such a form; they take about a day to write."""


@dataclass(frozen=True)
class LinePlan:
    """Demands on one line that are known before writing.

    Attributes:
        number: number of the line, from 0.
        letter: letter of the rhyme scheme, or None.
        unrhymed: whether it rhymes with no line near it.
        repeats: number of the line that it repeats, or None.
        opening: whether it repeats only the opening words of that line.
        ends_like: number of the line whose last word it ends with, or None.
        text: the whole line, if the user gives it.
        begins: its first words, if the user gives them.
        ends: its last words, if the user gives them.
        initial: its first letter, in lower case, or empty.
        need: a word that it must contain, or empty.
        stanza: number of its stanza, from 0.
        stanza_end: whether it is the last line of a stanza that is not the last.
        ends_sentence: whether a sentence must end with the line, or must not because the line after
            it goes on; None if both will do.
        is_open: whether it stays empty for now.
        is_context: whether its text stands as it is, whether or not it keeps the form.
        discords: numbers of the lines of its letter that it need not rhyme with: such a line
            doesn't rhyme with the others of the letter, so that no line can rhyme with all.
    """

    number: int
    letter: str | None = None
    unrhymed: bool = False
    repeats: int | None = None
    opening: bool = False
    ends_like: int | None = None
    text: str | None = None
    begins: str = ""
    ends: str = ""
    initial: str = ""
    need: str = ""
    stanza: int = 0
    stanza_end: bool = False
    ends_sentence: bool | None = None
    is_open: bool = False
    is_context: bool = False
    discords: frozenset[int] = frozenset()

    @property
    def free(self) -> bool:
        """True if the poet must write the line."""
        return self.text is None and self.repeats is None and not self.is_open

    def with_text(self, text: str) -> LinePlan:
        """Return the plan of the line once it has a text, which is not checked."""
        return replace(self, text=text, is_context=True, is_open=False, repeats=None, opening=False)

    @property
    def user_text(self) -> LineText:
        """Text that the user gives for the line."""
        return LineText(self.text, self.begins, self.ends)

    @property
    def end_tokens(self) -> list[str]:
        """Tokens that end the line."""
        return [tokens.LINE_END, tokens.STANZA_END] if self.stanza_end else [tokens.LINE_END]


@dataclass(frozen=True)
class PoemContext:
    """The poem around the lines that are written for it, if there is one.

    Attributes:
        typesetter: sets words on the page as the poem has them; None for the poet's own way.
        stanza_ends: numbers of the lines, from 0, after which it breaks a stanza; None for those
            of the form.
        ends_sentence: number of a line, from 0 -> whether a sentence must end with it.
        texts: number of a line, from 0 -> its text in a draft, which is not checked.
        places: numbers of the lines of a draft that are written, from 0, where its others stay
            as they are; None for a poem that is written to its end.
        begins: number of a line, from 0 -> text that it begins with.
    """

    typesetter: tokens.Typesetter | None = None
    stanza_ends: Collection[int] | None = None
    ends_sentence: Mapping[int, bool] = field(default_factory=dict)
    texts: Mapping[int, str] = field(default_factory=dict)
    places: Collection[int] | None = None
    begins: Mapping[int, str] = field(default_factory=dict)

    def applied_to(self, lines: Sequence[LinePlan]) -> list[LinePlan]:
        """Return the plans of lines as the poem has them."""
        ends = self.stanza_ends
        return [
            replace(
                self._in_draft(line),
                stanza_end=line.stanza_end if ends is None else line.number in ends,
                ends_sentence=self.ends_sentence.get(line.number),
            )
            for line in lines
        ]

    def _in_draft(self, line: LinePlan) -> LinePlan:
        """Return the plan of a line as a draft has it: there, to be written, or empty."""
        if self.places is None:
            return line
        if line.number in self.texts:
            return line.with_text(self.texts[line.number])
        if line.number not in self.places:
            return replace(line, is_open=True)
        begins = self.begins.get(line.number, line.begins)
        return replace(line, repeats=None, opening=False, begins=begins)


NO_CONTEXT = PoemContext()
"""The context of a poem that is new."""


def plan(form: Form, options: WriteOptions) -> list[LinePlan]:
    """Return the plan of every line of a poem.

    Raises:
        SettingsError: an option contradicts the form or another option.
    """
    rows = form.rhyme_letters(_stanzas(form, options))
    lines: list[LinePlan] = []
    for stanza, row in enumerate(rows):
        for letter in row:
            unrhymed = letter == UNRHYMED
            rhymed = None if unrhymed else letter
            lines.append(LinePlan(len(lines), rhymed, unrhymed, stanza=stanza))
        # A form that repeats a single line, as blank verse does, has no stanzas.
        lines[-1] = replace(lines[-1], stanza_end=len(row) > 1)
    lines[-1] = replace(lines[-1], stanza_end=False)
    if options.lines not in (None, len(lines)):
        raise SettingsError(
            "the number of lines",
            str(options.lines),
            str(len(lines)),
            "Take that number of lines, or another form.",
            message=f"A poem in the form {form.name} can't have {options.lines} lines; "
            f"the nearest number is {len(lines)}.",
        )
    lines = _apply_refrains(lines, form, rows)
    lines = _apply_end(_apply_fixed_lines(lines, form, options), options.end)
    lines = _apply_rhymes(lines, options.rhyme)
    return _apply_acrostic(lines, options.acrostic or form.acrostic)


def _stanzas(form: Form, options: WriteOptions) -> int:
    """Return the number of stanzas that come nearest to the number of lines; 0 if it is fixed."""
    if form.fixed:
        return 0
    goal = options.lines or max(USUAL_LINES, len(options.fixed) and max(options.fixed))
    if goal > MAXIMUM_LINES:
        raise SettingsError(
            "the number of lines", f"{goal:,}", f"at most {MAXIMUM_LINES:,}", "Ask for fewer."
        )
    others = len(form.stanzas) + len(form.close)
    their_lines = sum(map(len, form.stanzas)) + sum(map(len, form.close))
    stanza_lines = len(form.again[0])
    return others + max(form.least, -(-(goal - their_lines) // stanza_lines))


def _apply_refrains(
    lines: list[LinePlan], form: Form, rows: list[list[str | None]]
) -> list[LinePlan]:
    """Mark the lines that repeat another, and those that end with another's last word."""
    for first, places in form.refrains.items():
        for place in places:
            if place <= len(lines):
                lines[place - 1] = replace(lines[place - 1], repeats=first - 1)
    for place in form.rentrement:
        lines[place - 1] = replace(lines[place - 1], repeats=0, opening=True)
    starts = [sum(map(len, rows[:stanza])) for stanza in range(len(rows))]
    for stanza in range(len(form.stanzas) + 1, len(rows)):
        for before, now in form.carry:
            place = starts[stanza] + now - 1
            lines[place] = replace(lines[place], repeats=starts[stanza - 1] + before - 1)
    if form.end_words:
        for stanza, row in enumerate(form.end_words[1:], 1):
            for place, like in enumerate(row):
                number = starts[stanza] + place
                lines[number] = replace(lines[number], ends_like=like - 1)
    return lines


def _apply_fixed_lines(lines: list[LinePlan], form: Form, options: WriteOptions) -> list[LinePlan]:
    """Put in the lines that the user gives one by one, and those of the start."""
    *rows, begun = rows_of(options.start)
    whole = [row for row in rows if row.strip()]
    fixed = dict(options.fixed)
    for number, row in enumerate(whole, 1):
        if number in fixed and fixed[number] != row:
            raise _conflict(f"line {number}", row, fixed[number])
        fixed[number] = row
    if begun and len(whole) < len(lines):
        lines[len(whole)] = replace(lines[len(whole)], begins=begun)
    lines = _break_stanzas(lines, rows, begun=bool(begun.strip()))
    for number, text in fixed.items():
        if not 1 <= number <= len(lines):
            raise SettingsError(
                f"line {number}",
                "a text for it",
                f"1 to {len(lines)}",
                "Correct the number of the line.",
                message=f"There is no line {number}: {form.title} has {len(lines)} lines.",
            )
        line = lines[number - 1]
        if line.repeats is not None:
            raise SettingsError(
                f"line {number}",
                repr(text),
                "no text",
                f"Give it as line {line.repeats + 1}.",
                message=f"Line {number} can't be {text!r}, because {form.title} repeats line "
                f"{line.repeats + 1} there.",
            )
        if line.begins:
            raise _conflict(f"line {number}", line.begins, text)
        lines[number - 1] = replace(line, text=row_of(text))
    if len(fixed) > len(lines) or (begun and len(fixed) >= len(lines) and not lines[-1].free):
        raise SettingsError(
            "setting 'start'",
            f"{len(fixed)} lines",
            f"fewer than {len(lines)}",
            "Shorten the start.",
        )
    return lines


def _break_stanzas(lines: list[LinePlan], rows: Sequence[str], *, begun: bool) -> list[LinePlan]:
    """Break stanzas between the lines of the start where the user does, whatever the form does.

    Args:
        lines: the plans.
        rows: the start, without the line that the poet continues.
        begun: whether that line has words.
    """
    ends: list[bool] = []  # of each line of the start: whether an empty row follows
    for row in rows:
        if row.strip():
            ends.append(False)
        elif ends:
            ends[-1] = True
    if ends and not begun and not ends[-1]:
        ends.pop()  # the form decides about what the poet writes next
    for number, is_end in enumerate(ends[: len(lines) - 1]):
        lines[number] = replace(lines[number], stanza_end=is_end)
    return lines


def _apply_end(lines: list[LinePlan], end: str) -> list[LinePlan]:
    """Put in the words that the last line ends with."""
    if not end.strip():
        return lines
    end = row_of(end)
    last = lines[-1]
    while last.repeats is not None:
        last = lines[last.repeats]
    if last.text is not None:
        raise _conflict("the end", end, last.text)
    lines[last.number] = replace(last, ends=end)
    return lines


def _apply_rhymes(lines: list[LinePlan], rhyme: Mapping[str, Sequence[str]]) -> list[LinePlan]:
    """Put in the words that the lines of a letter end with."""
    letters = {line.letter for line in lines if line.letter}
    for letter, words in rhyme.items():
        if letter.upper() not in letters:
            names = ", ".join(sorted(letters))
            raise SettingsError(
                "setting 'rhyme'",
                f"the letter {letter!r}",
                f"one of {names}" if letters else "no letter",
                "'quatrain forms' shows the letters of every form.",
                message=f"The form has no rhyme letter {letter!r}, only {names}."
                if letters
                else "The form has no rhymes.",
            )
        places = [line.number for line in lines if line.letter == letter.upper() and line.free]
        if len(words) > len(places):
            raise SettingsError(
                "setting 'rhyme'",
                f"{len(words)} words for the letter {letter!r}",
                f"at most {len(places)}, one per line",
                "Leave some out.",
            )
        for place, word in zip(places, words, strict=False):
            if lines[place].ends:
                raise _conflict(f"the end of line {place + 1}", lines[place].ends, word)
            lines[place] = replace(lines[place], ends=word)
    return lines


def _apply_acrostic(lines: list[LinePlan], acrostic: str) -> list[LinePlan]:
    """Put in the letters that the lines begin with."""
    letters = [sign.lower() for sign in acrostic if sign.isalpha()]
    if len(letters) > len(lines):
        raise SettingsError(
            "setting 'acrostic'",
            f"{len(letters)} letters",
            f"at most {len(lines)}",
            "Take a shorter word, or a longer form.",
        )
    if acrostic and not letters:
        raise SettingsError("setting 'acrostic'", repr(acrostic), "letters", "Give a word.")
    for line, letter in zip(lines[: len(letters)], letters, strict=True):
        where = f"line {line.number + 1}"
        if line.repeats is not None and lines[line.repeats].initial != letter:
            raise SettingsError(
                "setting 'acrostic'",
                f"the letter {letter!r} for {where}",
                f"{lines[line.repeats].initial!r}: that line repeats line {line.repeats + 1}",
                "Take another word, or a form without refrains.",
            )
        text = line.text or line.begins
        first = next((sign for sign in text.lower() if sign.isalpha()), letter)
        if first != letter:
            raise SettingsError(
                where,
                repr(text),
                f"a line that begins with {letter!r}",
                "Change the line, or the acrostic.",
                message=f"The acrostic needs {letter!r} at the beginning of {where}, not {text!r}.",
            )
        lines[line.number] = replace(line, initial=letter)
    return lines


def _conflict(where: str, first: str, second: str) -> SettingsError:
    """Return the error of two texts for the same place."""
    return SettingsError(
        where,
        f"{first!r} and {second!r}",
        "one of them",
        "Take one of them out.",
        message=f"For {where}, both {first!r} and {second!r} were given.",
    )
