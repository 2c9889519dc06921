"""What a writer asks of a poem in form, and the plan of its lines.

In: a form and wishes. Out: `Plan`: line by line what is free and what is given. What cannot be
met is told here where it can be known before writing: which wish, and what would free it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from quatrain.errors import SettingsError
from quatrain.form import Form

USUAL_LINES = 12
"""About how many lines a form of any length is given, unless asked otherwise."""

MOST_LINES = 10_000
"""Of a form of any length: a day's writing."""

MOST_STRENGTH = 100
"""Of a theme; nothing is left of the poet long before."""


@dataclass(frozen=True)
class Request:
    """A form, and what else the poem must be.

    Attributes:
        form: the form.
        lines: how many lines, for a form of any length.
        start: the poem begins with this; without a line break at its end, its last line goes on.
        end: the poem's last line ends with these words.
        fixed: number of a line, from 1 -> its text.
        rhyme: letter of the scheme -> words that its lines end in, in order.
        include: words that must occur.
        avoid: words that must not.
        acrostic: letters that the lines begin with.
        about: words that the poem is steered towards.
        strength: how strongly; 0 not at all.
    """

    form: Form
    lines: int | None = None
    start: str = ""
    end: str = ""
    fixed: Mapping[int, str] = field(default_factory=dict)
    rhyme: Mapping[str, Sequence[str]] = field(default_factory=dict)
    include: Sequence[str] = ()
    avoid: Sequence[str] = ()
    acrostic: str = ""
    about: str = ""
    strength: float = 1.0


@dataclass(frozen=True)
class LinePlan:
    """One line.

    Attributes:
        number: from 0.
        letter: of the scheme, or None.
        repeats: the line that it repeats, or None.
        ends_like: the line whose last word it ends in, or None.
        text: the whole line, if it is given.
        begins: how it begins, if that is given.
        ends: how it ends, if that is given.
        initial: its first letter, or empty.
        need: a word that must occur in it, or empty.
        stanza_end: whether a stanza ends with it, and another follows.
    """

    number: int
    letter: str | None = None
    repeats: int | None = None
    ends_like: int | None = None
    text: str | None = None
    begins: str = ""
    ends: str = ""
    initial: str = ""
    need: str = ""
    stanza_end: bool = False

    @property
    def free(self) -> bool:
        """Whether the line must be written."""
        return self.text is None and self.repeats is None


def plan(request: Request) -> list[LinePlan]:
    """The lines of the poem asked for.

    Raises:
        SettingsError: a wish contradicts the form or another wish.
    """
    form = request.form
    rows = form.rhyme_letters(_stanzas(request))
    lines: list[LinePlan] = []
    for row in rows:
        for letter in row:
            lines.append(LinePlan(len(lines), letter))
        lines[-1] = replace(lines[-1], stanza_end=True)
    lines[-1] = replace(lines[-1], stanza_end=False)
    if request.lines not in (None, len(lines)):
        raise SettingsError(
            "the number of lines",
            str(request.lines),
            f"{len(lines)}, the nearest that {form.title} can have",
            "Take that number of lines, or another form.",
        )
    _check_words(request)
    lines = _tied(lines, form, rows)
    lines = _given(lines, request)
    lines = _rhymed(lines, request)
    return _lettered(lines, request.acrostic or form.acrostic)


def needs_form(where: str, found: str = "no form") -> SettingsError:
    """The mistake of a wish that only a form can keep."""
    return SettingsError(
        where, found, "a form beside it", "Give one, as form='sonnet' or --form sonnet."
    )


def check_strength(strength: float, about: str) -> None:
    """Raise if a theme cannot be pulled towards with such a strength, or there is no theme."""
    if not about.strip():
        raise SettingsError(
            "setting 'strength'",
            f"{strength!r} without a theme",
            "a theme beside it",
            "Say what the poem is about.",
        )
    if not 0 <= strength <= MOST_STRENGTH:
        raise SettingsError(
            "setting 'strength'",
            repr(strength),
            f"a number from 0 to {MOST_STRENGTH}",
            "Correct it.",
        )


def _check_words(request: Request) -> None:
    """Raise if what should be a word is none, or one that must occur must not."""
    for name, given in (("include", request.include), ("avoid", request.avoid)):
        for word in given:
            if len(word.split()) != 1:
                raise SettingsError(
                    f"setting {name!r}",
                    repr(word),
                    "a single word",
                    "Give several words one by one.",
                )
    avoided = {word.lower() for word in request.avoid}
    for word in request.include:
        if word.lower() in avoided:
            raise _twice("settings 'include' and 'avoid'", word, word)


def _stanzas(request: Request) -> int:
    form = request.form
    if form.fixed:
        return 0
    wanted = request.lines or max(USUAL_LINES, len(request.fixed) and max(request.fixed))
    if wanted > MOST_LINES:
        raise SettingsError(
            "the number of lines", f"{wanted:,}", f"at most {MOST_LINES:,}", "Ask for fewer."
        )
    around = len(form.stanzas) + len(form.close)
    given = sum(map(len, form.stanzas)) + sum(map(len, form.close))
    unit = len(form.again[0])
    return around + max(form.least, -(-(wanted - given) // unit))


def _tied(lines: list[LinePlan], form: Form, rows: list[list[str | None]]) -> list[LinePlan]:
    """Lines that come back, and last words that do."""
    for first, places in form.refrains.items():
        for place in places:
            if place <= len(lines):
                lines[place - 1] = replace(lines[place - 1], repeats=first - 1)
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


def _given(lines: list[LinePlan], request: Request) -> list[LinePlan]:
    fixed = dict(request.fixed)
    begun = ""
    if request.start.strip():
        rows = request.start.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        whole = [row for row in rows[:-1] if row.strip()]
        begun = rows[-1].strip()
        for number, row in enumerate(whole, 1):
            if number in fixed and fixed[number] != row:
                raise _twice(f"line {number}", row, fixed[number])
            fixed[number] = row
        if begun and len(whole) < len(lines):
            lines[len(whole)] = replace(lines[len(whole)], begins=begun)
    for number, text in fixed.items():
        if not 1 <= number <= len(lines):
            raise SettingsError(
                f"line {number}",
                "a text for it",
                f"1 to {len(lines)}: {request.form.title} has {len(lines)} lines",
                "Correct the number of the line.",
            )
        place = number - 1
        repeated = lines[place].repeats
        if repeated is not None:
            raise SettingsError(
                f"line {number}",
                repr(text),
                f"no text: {request.form.title} repeats line {repeated + 1} there",
                f"Give it as line {repeated + 1}.",
            )
        if lines[place].begins:
            raise _twice(f"line {number}", lines[place].begins, text)
        lines[place] = replace(lines[place], text=text.strip())
    if len(fixed) > len(lines) or (begun and len(fixed) >= len(lines) and not lines[-1].free):
        raise SettingsError(
            "setting 'start'",
            f"{len(fixed)} lines",
            f"fewer than {len(lines)}",
            "Shorten the start.",
        )
    if request.end.strip():
        last = len(lines) - 1
        while lines[last].repeats is not None:
            last = lines[last].repeats or 0
        if lines[last].text is not None:
            raise _twice("the end", request.end, lines[last].text or "")
        lines[last] = replace(lines[last], ends=request.end.strip())
    return lines


def _rhymed(lines: list[LinePlan], request: Request) -> list[LinePlan]:
    letters = {each.letter for each in lines if each.letter}
    for letter, words in request.rhyme.items():
        if letter.upper() not in letters:
            raise SettingsError(
                "setting 'rhyme'",
                f"the letter {letter!r}",
                f"one of {', '.join(sorted(letters)) or 'none: the form has no rhymes'}",
                "'quatrain forms' shows the letters of every form.",
            )
        places = [each.number for each in lines if each.letter == letter.upper() and each.free]
        if len(words) > len(places):
            raise SettingsError(
                "setting 'rhyme'",
                f"{len(words)} words for the letter {letter!r}",
                f"at most {len(places)}, one a line",
                "Leave some out.",
            )
        for place, word in zip(places, words, strict=False):
            if lines[place].ends:
                raise _twice(f"the end of line {place + 1}", lines[place].ends, word)
            lines[place] = replace(lines[place], ends=word)
    return lines


def _lettered(lines: list[LinePlan], acrostic: str) -> list[LinePlan]:
    letters = [each.lower() for each in acrostic if each.isalpha()]
    if len(letters) > len(lines):
        raise SettingsError(
            "setting 'acrostic'",
            f"{len(letters)} letters",
            f"at most {len(lines)}",
            "Take a shorter word, or a longer form.",
        )
    if acrostic and not letters:
        raise SettingsError("setting 'acrostic'", repr(acrostic), "letters", "Give a word.")
    for place, letter in enumerate(letters):
        each = lines[place]
        if each.repeats is not None and lines[each.repeats].initial != letter:
            raise SettingsError(
                "setting 'acrostic'",
                f"the letter {letter!r} for line {place + 1}",
                f"{lines[each.repeats].initial!r}: that line repeats line {each.repeats + 1}",
                "Take another word, or a form without refrains.",
            )
        given = each.text or each.begins
        first = next((sign for sign in given.lower() if sign.isalpha()), letter)
        if first != letter:
            raise _twice(f"line {place + 1}", given, f"an acrostic's {letter!r}")
        lines[place] = replace(each, initial=letter)
    return lines


def _twice(where: str, one: str, other: str) -> SettingsError:
    return SettingsError(where, f"{one!r} and {other!r}", "one of them", "Take one of them out.")
