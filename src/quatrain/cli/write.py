"""`quatrain write`: a trained poet writes."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer

from quatrain.cli.check import guard_of
from quatrain.cli.in_form import (
    IN_A_FORM,
    Against,
    Avoid,
    Explain,
    Form,
    MayCopy,
    Particles,
    Search,
    Show,
    in_form,
    lines_of,
    words_of,
)
from quatrain.cli.options import Config, Json, Poet, console, report_user_errors, tables_of
from quatrain.errors import SettingsError


@report_user_errors
def write(
    poet: Poet,
    lines: Annotated[int | None, typer.Option(help="Exactly so many lines.")] = None,
    poems: Annotated[int, typer.Option(help="How many poems.", min=1)] = 1,
    start: Annotated[str, typer.Option(help="The poem begins with this.")] = "",
    temperature: Annotated[
        str | None,
        typer.Option(
            help="0 is greedy; several, as 1.5,0.75,0.25, print side by side.", show_default="0.8"
        ),
    ] = None,
    top_k: Annotated[int | None, typer.Option(help="Only the k likeliest symbols.")] = None,
    top_p: Annotated[float | None, typer.Option(help="Only the likeliest, up to this sum.")] = None,
    min_p: Annotated[
        float | None, typer.Option(help="Only those this likely relative to the likeliest.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            help="The same seed, the same poem; each further poem has the next number.", min=0
        ),
    ] = None,
    form: Form = None,
    about: Annotated[str, typer.Option(help="Words of a theme.", rich_help_panel=IN_A_FORM)] = "",
    strength: Annotated[
        float | None,
        typer.Option(
            help="How strongly the theme pulls, 0 not at all.",
            show_default="1",
            rich_help_panel=IN_A_FORM,
        ),
    ] = None,
    end: Annotated[
        str, typer.Option(help="The last line ends with this.", rich_help_panel=IN_A_FORM)
    ] = "",
    line: Annotated[
        list[str] | None,
        typer.Option(
            metavar="N=TEXT",
            help="A line of your own; may be repeated.",
            rich_help_panel=IN_A_FORM,
        ),
    ] = None,
    rhyme: Annotated[
        list[str] | None,
        typer.Option(
            metavar="A=WORDS",
            help="Rhyme words of a letter, with commas; may be repeated.",
            rich_help_panel=IN_A_FORM,
        ),
    ] = None,
    include: Annotated[
        str, typer.Option(help="Words that must occur, with commas.", rich_help_panel=IN_A_FORM)
    ] = "",
    avoid: Avoid = "",
    acrostic: Annotated[
        str, typer.Option(help="The lines' first letters.", rich_help_panel=IN_A_FORM)
    ] = "",
    against: Against = None,
    may_copy: MayCopy = False,
    particles: Particles = None,
    search: Search = None,
    best: Annotated[
        int,
        typer.Option(
            help="Write so many, with seeds of their own; show the one that surprises the poet "
            "least, and its seed.",
            min=1,
            rich_help_panel=IN_A_FORM,
        ),
    ] = 1,
    show: Show = None,
    explain: Explain = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """Write poems with a trained poet.

    With --form every poem keeps the form: number of lines, metre, rhymes, refrains. If none can,
    the reason is told.

    Example: [bold]quatrain write my-poet --lines 8 --temperature 0.7 --seed 1[/bold]

    Example: [bold]quatrain write my-poet --temperature 1.5,0.75,0.25 --start "Shall I"[/bold]

    Example: [bold]quatrain write verse --form sonnet --about "winter sea" --show form[/bold]

    Example: [bold]quatrain write verse --form limerick --rhyme A=night,light --avoid love[/bold]
    """
    from quatrain.config import Sampling, settings
    from quatrain.page import poems as page
    from quatrain.write import load
    from quatrain.write.constrained.request import needs_form

    given = tables_of(config).get("sampling")
    filters = {"top_k": top_k, "top_p": top_p, "min_p": min_p}
    samplings = [
        settings(Sampling, given, {**filters, "temperature": value})
        for value in _temperatures(temperature)
    ]
    seed = secrets.randbelow(2**31) if seed is None else seed
    wishes = {
        "end": end, "about": about, "acrostic": acrostic, "fixed": lines_of(line or []),
        "rhyme": _rhymes(rhyme or []), "include": words_of(include), "avoid": words_of(avoid),
    }  # fmt: skip
    if form is None:
        only_with = {
            "about": about, "strength": strength is not None, "end": end, "line": line,
            "rhyme": rhyme, "include": include, "avoid": avoid, "acrostic": acrostic,
            "against": against is not None, "may-copy": may_copy,
            "particles": particles is not None, "search": search, "best": best > 1, "show": show,
            "explain": explain,
        }  # fmt: skip
        for name, value in only_with.items():
            if value:
                raise needs_form(f"--{name}")
    else:
        if len(samplings) > 1:
            raise SettingsError(
                "--temperature",
                repr(temperature),
                "one number, with a form",
                "Give one temperature, or no form.",
            )
        in_form(
            poet, poems, best, show, explain, json, form=form, lines=lines, start=start, seed=seed,
            sampling=samplings[0], strength=strength, particles=particles, search=search,
            may_copy=may_copy,
            guard=guard_of(against, None) if against else None, **wishes,
        )  # fmt: skip
        return
    writer = load(poet)
    writings = [
        writer.begin(poems=poems, lines=lines, start=start, sampling=sampling, seed=seed)
        for sampling in samplings
    ]
    for typed, taken in writings[0].substituted.items():
        typer.echo(f"This poet does not know {typed!r}; it begins with {taken!r} there.", err=True)
    if json:
        for writing in writings:
            for poem in writing.finished():
                typer.echo(page.as_json(poem))
        return
    terminal = console()
    if len(writings) > 1:
        terminal.print(
            page.side_by_side(
                [
                    (f"temperature {sampling.temperature:g}", writing.poems, writing.figures)
                    for sampling, writing in zip(samplings, writings, strict=True)
                ]
            )
        )
    else:
        for number in range(poems):
            if number:
                typer.echo("\n* * *\n")
            for piece in writings[0].pieces(number):
                typer.echo(piece, nl=False)
            typer.echo()
        if terminal.is_terminal:
            terminal.print(page.told(writings[0].figures), style="dim")
    typer.echo(f"seed {seed}", err=True)


def _temperatures(text: str | None) -> list[float] | list[None]:
    if text is None:  # as the file of settings says
        return [None]
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise SettingsError(
            "--temperature",
            repr(text),
            "a number, or several with commas between them",
            "Write for example --temperature 0.7 or --temperature 1.5,0.75,0.25",
        ) from None


def _rhymes(given: list[str]) -> dict[str, tuple[str, ...]]:
    found = {}
    for each in given:
        letter, sign, words = each.partition("=")
        if not sign or len(letter.strip()) != 1 or not words_of(words):
            raise SettingsError(
                "--rhyme",
                repr(each),
                "a letter, =, and words",
                "Write for example --rhyme A=light,night",
            )
        if letter.strip().upper() in found:
            raise SettingsError(
                "--rhyme",
                f"the letter {letter.strip()!r} twice",
                "it once",
                "Write for example --rhyme A=light,night",
            )
        found[letter.strip().upper()] = words_of(words)
    return found
