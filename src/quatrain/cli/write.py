"""`quatrain write`: a trained poet writes."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer

from quatrain.cli.options import Config, Json, Poet, console, tables_of, told_plainly
from quatrain.errors import SettingsError


@told_plainly
def write(
    poet: Poet,
    lines: Annotated[int | None, typer.Option(help="Exactly so many lines.")] = None,
    poems: Annotated[int, typer.Option(help="How many poems.", min=1)] = 1,
    start: Annotated[str, typer.Option(help="The poem begins with this.")] = "",
    temperature: Annotated[
        str, typer.Option(help="0 is greedy; several, as 1.5,0.75,0.25, print side by side.")
    ] = "0.8",
    top_k: Annotated[int | None, typer.Option(help="Only the k likeliest symbols.")] = None,
    top_p: Annotated[float | None, typer.Option(help="Only the likeliest, up to this sum.")] = None,
    min_p: Annotated[
        float | None, typer.Option(help="Only those this likely relative to the likeliest.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed, the same poem.", min=0)] = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Write poems with a trained poet.

    Example: [bold]quatrain write my-poet --lines 8 --temperature 0.7 --seed 1[/bold]

    Example: [bold]quatrain write my-poet --temperature 1.5,0.75,0.25 --start "Shall I"[/bold]
    """
    from quatrain.config import Sampling, settings
    from quatrain.page import poems as page
    from quatrain.write import load

    given = tables_of(config).get("sampling")
    filters = {"top_k": top_k, "top_p": top_p, "min_p": min_p}
    samplings = [
        settings(Sampling, given, {**filters, "temperature": value})
        for value in _temperatures(temperature)
    ]
    seed = secrets.randbelow(2**31) if seed is None else seed
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


def _temperatures(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise SettingsError(
            "--temperature",
            repr(text),
            "a number, or several with commas between them",
            "Write for example --temperature 0.7 or --temperature 1.5,0.75,0.25",
        ) from None
