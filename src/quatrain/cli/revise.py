"""`quatrain revise`: some lines of a poem written anew, the others kept."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quatrain.cli.in_form import Explain, Particles, Show, opened, printed
from quatrain.cli.options import Json, told_plainly
from quatrain.errors import SettingsError

if TYPE_CHECKING:
    from quatrain.records import Poem


@told_plainly
def revise(
    path: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="The poem: text, or .jsonl as 'write --json' prints it; - reads standard input.",
            show_default=False,
        ),
    ],
    line: Annotated[
        list[int], typer.Option(help="The number of a line to write anew; may be repeated.", min=1)
    ],
    form: Annotated[
        str | None, typer.Option(help="The form it keeps, if the file does not say it.")
    ] = None,
    poet: Annotated[
        Path, typer.Option(metavar="POET", help="A poet's folder, or a shipped poet's name.")
    ] = Path("verse"),
    alternatives: Annotated[
        int, typer.Option(help="Show so many ways to write the lines.", min=1)
    ] = 1,
    temperature: Annotated[float, typer.Option(help="0 is greedy.")] = 0.8,
    about: Annotated[str, typer.Option(help="Words of a theme.")] = "",
    seed: Annotated[int | None, typer.Option(help="The same seed, the same lines.", min=0)] = None,
    particles: Particles = 8,
    show: Show = None,
    explain: Explain = False,
    json: Json = False,
) -> None:
    """Write some lines of a poem anew; the others stay, and the form is kept.

    Example: [bold]quatrain revise sonnet.txt --line 7 --form sonnet[/bold]

    Example: [bold]quatrain revise sonnet.txt --line 13 --line 14 --form sonnet[/bold]
    """
    poem = _poem(path)
    wanted = form or poem.form
    if not wanted:
        raise SettingsError("--form", "no form", "the form that the poem keeps",
                            "Give it, as --form sonnet.")  # fmt: skip
    writer = opened(poet)
    seed = secrets.randbelow(2**31) if seed is None else seed
    for number in range(alternatives):
        revised = writer.revise(
            poem, line, form=wanted, temperature=temperature, about=about, seed=seed + number,
            particles=particles,
        )  # fmt: skip
        if alternatives == 1 or json or show or explain:
            printed(revised, wanted, show, explain, json)
            continue
        for place in sorted(set(line)):
            typer.echo(f"{place:>3}  {revised.lines[place - 1].text}")
        typer.echo("")
    typer.echo(f"seed {seed}", err=True)


def _poem(path: str) -> Poem:
    """The first poem of a file."""
    from quatrain.corpus import every
    from quatrain.records import Poem

    if path == "-":
        poem = Poem.from_lines(sys.stdin.read().splitlines())
    else:
        poem = next(iter(every(path)), Poem(()))
    if not poem.lines:
        raise SettingsError(path, "no poem", "a poem of at least one line", "Give another file.")
    return poem
