"""What `quatrain write` and `quatrain revise` share: poems in a form, shown with their form."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from quatrain.cli.options import console
from quatrain.errors import PoetError, SettingsError

if TYPE_CHECKING:
    from quatrain.records import Poem
    from quatrain.write import FormedWriting, WordWriter


class Shown(StrEnum):
    """What is shown beside a poem."""

    form = "form"


Form = Annotated[
    str | None,
    typer.Option(
        help="A form's name, or the path of its .toml; the poem keeps it.",
        rich_help_panel="In a form",
    ),
]
Particles = Annotated[
    int,
    typer.Option(
        help="Lines drawn side by side for each line kept.", min=1, rich_help_panel="In a form"
    ),
]
Show = Annotated[
    Shown | None,
    typer.Option(help="Stresses and rhyme letters beside the poem.", rich_help_panel="In a form"),
]
Explain = Annotated[
    bool,
    typer.Option(
        "--explain", help="Say for every line what it keeps.", rich_help_panel="In a form"
    ),
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
    """Write poems in a form and print them; `WordWriter.begin` says what the wishes are."""
    writer = opened(poet)
    seed = wishes.pop("seed")
    terminal = console()
    for number in range(poems):
        first = seed + number * best  # every poem is the best of seeds of its own
        if number and not json:
            typer.echo("\n* * *\n")
        writing = cast("FormedWriting", writer.begin(poems=best, seed=first, **wishes))
        if best == 1 and not (json or show or explain):
            _live(writing)
            continue
        with terminal.status(f"writing {best} poems" if best > 1 else "writing"):
            poem = writing.best
        printed(poem, wishes["form"], show, explain, json)
    typer.echo(f"seed {seed}", err=True)


def opened(poet: Path) -> WordWriter:
    """The poet, which must be one of words.

    Raises:
        PoetError: it is one of characters, or there is none.
    """
    from quatrain.write import WordWriter, load

    writer = load(poet)
    if not isinstance(writer, WordWriter):
        raise PoetError(
            str(poet), "a poet of characters", "a poet of words: only they keep a form",
            "Take 'verse' or 'sonnets', or train one with: quatrain train --kind words",
        )  # fmt: skip
    return writer


def _live(writing: FormedWriting) -> None:
    """The lines as they are found; Ctrl-C leaves those that are."""
    try:
        for piece in writing.pieces():
            typer.echo(piece, nl=False)
    finally:
        typer.echo()
    writing.poems  # noqa: B018  checked once more


def printed(poem: Poem, form: str, show: Shown | None, explain: bool, json: bool) -> None:
    """One finished poem."""
    from quatrain.form import check, load
    from quatrain.page import poems as page
    from quatrain.page import verdict as verdicts

    if json:
        typer.echo(page.as_json(poem))
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
        if not sign or not number.strip().isdigit() or not text.strip():
            raise SettingsError(
                "--line", repr(each), "the line's number, =, and its text",
                'Write for example --line 3="And all the winter lay upon the sea"',
            )  # fmt: skip
        found[int(number)] = text.strip()
    return found


def needs_form(name: str) -> SettingsError:
    """The mistake of a wish that only a form can keep."""
    option = "line" if name == "fixed" else name
    return SettingsError(f"--{option}", "no form", "a form beside it", "Give one, as --form sonnet")
