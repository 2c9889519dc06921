"""Text that you give for a poem: its tokens, and checks that it can stand in the form.

In: the plans of a poem's lines. Out: `FixedTokens` per line; an error where a line breaks its metre
or a rhyme, or has characters or tokens that cannot be used; and, once lines are written, the poem's
rows, in which your text stands as you gave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from quatrain.errors import FormError, SettingsError
from quatrain.form import UNRHYMED, Form
from quatrain.poet import tokens
from quatrain.write.constrained.line.automaton import Measure
from quatrain.write.constrained.plan import LinePlan
from quatrain.write.constrained.prosody import Prosody, describe_measure, last_word
from quatrain.write.user_text import LineText, drawn_tokens, set_lines
from quatrain.write.word_classes import FINAL_MARKS, PUNCTUATION, UNUSABLE


class FixedTokens(NamedTuple):
    """Tokens that were given for a line: of the whole line, of its beginning and of its end."""

    line: list[str]
    begins: list[str]
    ends: list[str]


def tokenize(plan: LinePlan) -> FixedTokens:
    """Return the tokens of the text that a plan gives.

    Raises:
        SettingsError: the line has no words or marks.
    """
    text = plan.text or ""
    fixed = FixedTokens(
        tokens.line_tokens(text),
        drawn_tokens(plan.begins),
        drawn_tokens(plan.ends, ends=True),
    )
    if text.strip() and not fixed.line and not plan.is_context:
        raise SettingsError(
            f"line {plan.number + 1}",
            repr(text),
            "words",
            "Give words.",
            message=f"The text {text!r} for line {plan.number + 1} has no words.",
        )
    return fixed


def user_text(plans: Sequence[LinePlan], number: int, count: int) -> LineText:
    """Return what you gave of a line of `count` tokens; a refrain has that of the line it repeats.

    Args:
        plans: of the poem's lines.
        number: of the line, from 0.
        count: number of its tokens.
    """
    line_plan = plans[number]
    if line_plan.repeats is None:
        return line_plan.user_text
    text = user_text(plans, line_plan.repeats, count)
    return text.opening(count) if line_plan.opening else text


def said_lines(
    lines: Sequence[list[str]], plans: Sequence[LinePlan], fixed: Sequence[FixedTokens]
) -> list[list[str]]:
    """Return the tokens of a poem's lines so far, and of your own lines that are still to come.

    Lines of a draft that are still empty are left out.
    """
    coming = plans[len(lines) :]
    yours = (fixed[plan.number].line for plan in coming if plan.text is not None)
    return [line for line in (*lines, *yours) if line]


def line_text(
    plans: Sequence[LinePlan], number: int, words: Sequence[str], typesetter: tokens.Typesetter
) -> str:
    """Return a line of a poem as text, with what you gave of it.

    Args:
        plans: of the poem's lines.
        number: of the line, from 0.
        words: its tokens, without its end.
        typesetter: sets what is not your text.
    """
    return user_text(plans, number, len(words)).set_with(typesetter, words)


def close_refrain(lines: Sequence[Sequence[str]], plans: Sequence[LinePlan]) -> list[Sequence[str]]:
    """Return the lines; a last line that is a refrain ends in a full stop, not in a comma.

    A comma of yours stays.
    """
    closed = list(lines)
    last = plans[-1]
    if len(lines) < len(plans) or last.repeats is None:
        return closed
    if last.opening:
        closed[-1] = [*closed[-1], "."]
    elif (
        closed[-1][-1] in PUNCTUATION - FINAL_MARKS and not plans[last.repeats].user_text.ends_line
    ):
        closed[-1] = [*closed[-1][:-1], "."]
    return closed


def printed_rows(
    lines: Sequence[Sequence[str]], plans: Sequence[LinePlan], typesetter: tokens.Typesetter
) -> list[str]:
    """Return the rows of a poem as far as it is written; an empty row stands between stanzas.

    Args:
        lines: the tokens of its lines, without their ends.
        plans: of all its lines.
        typesetter: sets what is not your text.
    """
    texts = [user_text(plans, number, len(words)) for number, words in enumerate(lines)]
    words = [
        [*line, *line_plan.end_tokens]
        for line, line_plan in zip(close_refrain(lines, plans), plans, strict=False)
    ]
    return set_lines(typesetter, zip(words, texts, strict=True))


def measure_of(form: Form, number: int) -> Measure:
    """Return the metre of a line by its number from 0, or its number of syllables, or None."""
    return form.metre_of(number) or form.syllables_of(number)


def check(
    plans: Sequence[LinePlan],
    fixed: Sequence[FixedTokens],
    form: Form,
    prosody: Prosody,
    alphabet: frozenset[str] | None,
) -> None:
    """Raise if text given for some lines cannot stand there; the lines of a draft always can.

    Args:
        plans: of the poem's lines.
        fixed: the tokens given for each line.
        form: the poem's form.
        prosody: the poet's prosody.
        alphabet: characters that the poet can read, or None for any.

    Raises:
        FormError: a line breaks its metre, two ends do not rhyme, or a token has no place in verse.
        SettingsError: the poet cannot read a character.
    """
    _check_unrhymed(plans, prosody)
    last_ends: dict[str, tuple[int, str]] = {}  # letter of the scheme -> line and its text
    for plan, line_tokens in zip(plans, fixed, strict=True):
        if plan.is_context:
            continue
        where = f"line {plan.number + 1}"
        if plan.text is not None:
            _check_metre(where, plan.text, measure_of(form, plan.number), prosody)
        end = plan.text or plan.ends
        if plan.letter and plan.repeats is None and end:
            _check_rhyme(where, end, last_ends.get(plan.letter), form, prosody)
            last_ends[plan.letter] = (plan.number, end)
        _check_characters(where, line_tokens, alphabet, prosody)
        _check_usable(where, line_tokens, prosody)


def _check_metre(where: str, text: str, measure: Measure, prosody: Prosody) -> None:
    """Raise if a line breaks its metre or number of syllables."""
    breach = prosody.describe_breach(text, measure)
    if not breach:
        return
    wanted = describe_measure(measure)
    line = f"{where.capitalize()}, {text!r},"
    raise FormError(
        where,
        f"{text!r}: {breach}",
        wanted,
        "Change the line, or give another form.",
        message=f"{line} has {breach}; the form needs {wanted}."
        if isinstance(measure, int)
        else f"{line} doesn't fit {wanted}: {breach}.",
    )


def _check_rhyme(
    where: str, end: str, partner: tuple[int, str] | None, form: Form, prosody: Prosody
) -> None:
    """Raise if a line's end has no word, or does not rhyme with the last one of its letter."""
    if not last_word(end):
        raise FormError(
            where,
            repr(end),
            "a word at its end",
            "Add one.",
            message=f"{where.capitalize()} must rhyme, but its end {end!r} has no word.",
        )
    if partner is None:
        return
    number, text = partner
    lines = f"{where.capitalize()} must rhyme with line {number + 1}"
    rhyme = prosody.checker.rhymer.rhyme_lines(text, end)
    if rhyme.kind not in form.rhymes:
        raise FormError(
            where,
            f"{rhyme.first!r} and {rhyme.second!r} ({rhyme.kind}: {rhyme.why})",
            f"a rhyme with line {number + 1}",
            "Give lines or words that rhyme, or leave one of them out.",
            message=f"{lines}, but {rhyme.first!r} and {rhyme.second!r} don't rhyme as the form "
            f"asks ({rhyme.kind}: {rhyme.why}).",
        )


def _check_unrhymed(plans: Sequence[LinePlan], prosody: Prosody) -> None:
    """Raise if given lines rhyme where the form has no rhyme."""
    ends = ["" if plan.is_context else plan.text or plan.ends for plan in plans]
    letters = [UNRHYMED if plan.unrhymed else plan.letter for plan in plans]
    for finding in prosody.checker.rhymes.unrhymed(ends, letters, strict=True):
        if not finding.kept:
            raise FormError(
                f"line {finding.line}",
                finding.found,
                "a line that rhymes with none near it",
                "Give another line.",
                message=str(finding),
            )


def _check_characters(
    where: str, line_tokens: FixedTokens, alphabet: frozenset[str] | None, prosody: Prosody
) -> None:
    """Raise if the poet cannot read a character of a line."""
    if alphabet is None:
        return
    unread = set("".join(map(prosody.typesetter.line, line_tokens))) - alphabet
    if unread:
        raise SettingsError(
            where,
            ", ".join(map(repr, sorted(unread))),
            "characters of the poet's alphabet",
            "Give other words.",
            message=f"{where.capitalize()} has characters that the poet has never read: "
            f"{', '.join(map(repr, sorted(unread)))}.",
        )


def _check_usable(where: str, line_tokens: FixedTokens, prosody: Prosody) -> None:
    """Raise if a token that begins or ends a line cannot stand in verse."""
    for token in (*line_tokens.begins, *line_tokens.ends):
        if prosody.word_classes.class_id_of(token) == UNUSABLE:
            raise FormError(
                where,
                f"{token!r}, which cannot be pronounced as a word of verse",
                "words",
                "Leave it out.",
                message=f"{where.capitalize()} can't have {token!r}: it cannot be pronounced as a "
                "word of verse.",
            )
