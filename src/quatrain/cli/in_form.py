"""What `quatrain write` and `quatrain revise` share: poems in a form, shown with their form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from quatrain.cli.options import console
from quatrain.errors import FormError, SettingsError

if TYPE_CHECKING:
    from quatrain.records import Poem
    from quatrain.write import ConstrainedGeneration


AT_ONCE = 8
"""Poems written side by side where nobody watches their lines come: more than twice as fast."""

BETWEEN = "\n* * *\n"

IN_A_FORM = "In a form"
"""The heading that --help gives such options."""


class Shown(StrEnum):
    """What is shown beside a poem."""

    form = "form"


Form = Annotated[
    str | None,
    typer.Option(
        help="A form's name, or the path of its .toml; the poem keeps it.",
        rich_help_panel=IN_A_FORM,
    ),
]
Particles = Annotated[
    int | None,
    typer.Option(
        help="Lines drawn side by side for each line kept.",
        min=1,
        show_default="8; 16 of characters",
        rich_help_panel=IN_A_FORM,
    ),
]
Avoid = Annotated[
    str, typer.Option(help="Words that must not occur, with commas.", rich_help_panel=IN_A_FORM)
]
Against = Annotated[
    str | None,
    typer.Option(
        metavar="CORPUS",
        help="No line copies more than 6 words in a row from these texts.",
        rich_help_panel=IN_A_FORM,
    ),
]


class Searches(StrEnum):
    """What finds the lines."""

    particles = "particles"
    beam = "beam"


Search = Annotated[
    Searches | None,
    typer.Option(
        help="A beam keeps the likeliest beginnings of a line: likelier verse, and plainer.",
        show_default="particles",
        rich_help_panel=IN_A_FORM,
    ),
]
MayCopy = Annotated[
    bool,
    typer.Option(
        "--may-copy",
        help="More than 6 words in a row may come from the poet's own texts.",
        rich_help_panel=IN_A_FORM,
    ),
]
Show = Annotated[
    Shown | None,
    typer.Option(help="Stresses and rhyme letters beside the poem.", rich_help_panel=IN_A_FORM),
]
Explain = Annotated[
    bool,
    typer.Option("--explain", help="Say for every line what it keeps.", rich_help_panel=IN_A_FORM),
]


def in_form(
    poet: Path,
    poems: int,
    best: int,
    show: Shown | None,
    explain: bool,
    json: bool,
    **wishes: Any,
) -> None:
    """Write poems in a form and print them; `begin` says what the wishes are."""
    from quatrain.write import load

    check_shown(show, explain, json)
    writer = load(poet)
    seed = wishes.pop("seed")
    terminal = console()
    # What is no terminal gets finished poems: there a poem begun again would stand twice.
    live = terminal.is_terminal and best == 1 and not (json or show or explain)
    at_once = 1 if live or best > 1 else max(1, min(AT_ONCE, 64 // (wishes["particles"] or 16)))
    try:
        for number in range(0, poems, at_once):
            first = seed + number * best  # every poem is the best of seeds of its own
            many = min(at_once, poems - number) * best
            writing = cast("ConstrainedGeneration", writer.begin(poems=many, seed=first, **wishes))
            if live:
                _live(writing, BETWEEN if number else None)
                continue
            written: Iterable[Poem]
            with terminal.status(f"writing {many} poems" if many > 1 else "writing"):
                try:
                    written = [writing.best] if best > 1 else writing.poems
                except FormError:
                    if best > 1 or many == 1:
                        raise
                    seeds = range(first, first + many)  # those before the one that fails
                    written = (writer.write(seed=each, **wishes) for each in seeds)
            for place, poem in enumerate(written, number):
                if place and not json:
                    typer.echo(BETWEEN)
                printed(poem, wishes["form"], show, explain, json)
            if best > 1:
                told = f"seed {poem.seed}, the best of {first} to {first + best - 1}"
                typer.echo(told, err=True)
    except KeyboardInterrupt:
        _tell_seed(seed, best)
        raise
    _tell_seed(seed, best)


def check_shown(show: Shown | None, explain: bool, json: bool) -> None:
    """Raise `SettingsError` for a poem asked for as JSON and as text."""
    if json and (show or explain):
        raise SettingsError(
            "--explain" if explain else "--show",
            "it beside --json",
            "one of them",
            "Leave one out. 'quatrain check --json' says of a poem what it keeps.",
        )


def _tell_seed(seed: int, best: int) -> None:
    if best == 1:  # else every poem was told its own
        typer.echo(f"seed {seed}", err=True)


def _live(writing: ConstrainedGeneration, before: str | None) -> None:
    """The lines as they are found; Ctrl-C leaves those that are."""
    if before:
        typer.echo(before)
    try:
        for piece in writing.pieces():
            typer.echo(piece, nl=False)
    finally:
        typer.echo()
    writing.poems  # noqa: B018  checked once more


def printed(
    poem: Poem,
    form: str,
    show: Shown | None,
    explain: bool,
    json: bool,
    beside: Mapping[str, object] | None = None,
) -> None:
    """One finished poem; `beside` is for its JSON."""
    from quatrain.form import check, load
    from quatrain.page import poems as page
    from quatrain.page import verdict as verdicts

    if json:
        typer.echo(page.as_json(poem, beside))
    elif show or explain:
        verdict = check(poem, load(form))
        terminal = console()
        terminal.print(verdicts.as_text(verdict), soft_wrap=True)
        if explain:
            terminal.print(verdicts.explained(verdict), soft_wrap=True)
    else:
        typer.echo(poem.text)


def lines_of(given: list[str]) -> dict[int, str]:
    """Lines given as 3=TEXT.

    Raises:
        SettingsError: one is not given so.
    """
    found: dict[int, str] = {}
    for each in given:
        number, sign, text = each.partition("=")
        if not sign or not number.strip().isdecimal() or not text.strip():
            raise SettingsError(
                "--line",
                repr(each),
                "the line's number, =, and its text",
                'Write for example --line 3="And all the winter lay upon the sea"',
            )
        if int(number) in found:
            raise SettingsError(
                "--line", f"line {int(number)} twice", "one text for it", "Take one of them out."
            )
        found[int(number)] = text.strip()
    return found


def words_of(given: str) -> tuple[str, ...]:
    """Words given with commas."""
    return tuple(word.strip() for word in given.split(",") if word.strip())
