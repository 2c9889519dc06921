"""`quatrain revise`: some lines of a poem, or one word of it, written anew; the rest is kept."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quatrain.cli.check import guard_of
from quatrain.cli.in_form import (
    Against,
    Avoid,
    Explain,
    MayCopy,
    Particles,
    Search,
    Show,
    check_shown,
    printed,
    words_of,
)
from quatrain.cli.options import Json, report_user_errors, standard_input
from quatrain.errors import SettingsError

if TYPE_CHECKING:
    from quatrain.records import Poem


@report_user_errors
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
    which: Annotated[
        int, typer.Option("--poem", help="Which poem of a file that holds several.", min=1)
    ] = 1,
    poet: Annotated[
        Path, typer.Option(metavar="POET", help="A poet's folder, or a shipped poet's name.")
    ] = Path("verse"),
    alternatives: Annotated[
        int, typer.Option(help="Show so many ways to write the lines.", min=1)
    ] = 1,
    word: Annotated[
        str | None,
        typer.Option(
            metavar="N|WORD",
            help="Change only this word of the line: its number in the line, or itself.",
        ),
    ] = None,
    temperature: Annotated[
        float | None, typer.Option(help="0 is greedy.", show_default="0.8")
    ] = None,
    about: Annotated[str, typer.Option(help="Words of a theme.")] = "",
    avoid: Avoid = "",
    against: Against = None,
    may_copy: MayCopy = False,
    seed: Annotated[
        int | None,
        typer.Option(
            help="The same seed, the same lines; each further alternative has the next number.",
            min=0,
        ),
    ] = None,
    particles: Particles = None,
    search: Search = None,
    show: Show = None,
    explain: Explain = False,
    json: Json = False,
) -> None:
    """Write some lines of a poem anew, or change one word; the rest stays, and the form is kept.

    With --word nothing is drawn by lot: of all words that keep the form, the ones that make the
    poem likeliest to the poet are told, with how many nats it expects the poem less (or more,
    with a minus) than as it was.

    Example: [bold]quatrain revise sonnet.txt --line 7 --form sonnet[/bold]

    Example: [bold]quatrain revise sonnet.txt --line 13 --line 14 --form sonnet[/bold]

    Example: [bold]quatrain revise mine.txt --line 2 --word 3 --form haiku --alternatives 5[/bold]
    """
    from quatrain.write import load
    from quatrain.write.revise.lines import form_of

    check_shown(show, explain, json)
    poem = _poem(path, which)
    wanted = form or poem.form
    if not wanted:
        raise SettingsError(
            "--form", "no form", "the form that the poem keeps", "Give it, as --form sonnet."
        )
    if form is None:
        form_of(poem, None)
    writer = load(poet)
    guard = guard_of(against, None) if against else None
    if word is not None:
        drawing = {
            "temperature": temperature is not None, "about": about, "seed": seed is not None,
            "particles": particles is not None, "search": search,
        }  # fmt: skip
        for name, given in drawing.items():
            if given:
                raise SettingsError(
                    f"--{name}",
                    "it beside --word",
                    "one of them: a word is not drawn by lot",
                    "Leave one of them out.",
                )
        if len(set(line)) > 1:
            raise SettingsError(
                "--line", "several beside --word", "the line of the word", "Give one line."
            )
        found = writer.alternatives(
            poem, line[0], int(word) if word.strip().isdecimal() else word, count=alternatives,
            form=wanted, avoid=words_of(avoid), guard=guard, may_copy=may_copy,
        )  # fmt: skip
        for each in found:
            beside = {"word": each.word, "surprisal": each.surprisal, "difference": each.difference}
            if alternatives == 1 or json or show or explain:
                printed(each.poem, wanted, show, explain, json, beside)
            else:
                text = each.poem.lines[line[0] - 1].text
                typer.echo(f"{line[0]:>3}  {text}  ({each.word}, {each.difference:+.1f} nats)")
        return
    seed = secrets.randbelow(2**31) if seed is None else seed
    for number in range(alternatives):
        revised = writer.revise(
            poem, line, form=wanted, temperature=0.8 if temperature is None else temperature,
            about=about, avoid=words_of(avoid), guard=guard, seed=seed + number,
            particles=particles, search=search, may_copy=may_copy,
        )  # fmt: skip
        if alternatives == 1 or json or show or explain:
            printed(revised, wanted, show, explain, json)
            continue
        for place in sorted(set(line)):
            typer.echo(f"{place:>3}  {revised.lines[place - 1].text}")
        typer.echo("")
    typer.echo(f"seed {seed}", err=True)


def _poem(path: str, number: int) -> Poem:
    """A poem of a file, by its number from 1; if it is the first of several, that is told."""
    from quatrain.corpus import stream_all
    from quatrain.records import Poem

    poems = iter([standard_input()] if path == "-" else stream_all(path))
    poem = next(poems, Poem(()))
    for place in range(1, number):
        following = next(poems, None)
        if following is None:
            raise SettingsError(
                "--poem", str(number), f"1 to {place}: {path} has no more", "Correct the number."
            )
        poem = following
    if number == 1 and next(poems, None) is not None:
        typer.echo(
            f"{path} holds several poems: this is the first. --poem 2 takes the next.", err=True
        )
    if not poem.lines:
        raise SettingsError(path, "no poem", "a poem of at least one line", "Give another file.")
    return poem
