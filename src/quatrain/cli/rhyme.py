"""`quatrain rhyme`: what rhymes with a word, and how two words rhyme."""

from __future__ import annotations

from typing import Annotated

import typer

from quatrain.cli.options import Json, console, report_user_errors
from quatrain.errors import SettingsError


@report_user_errors
def rhyme(
    word: Annotated[str, typer.Argument(help="A word, or the words that end a line.")],
    other: Annotated[
        str | None, typer.Argument(help="Another: say how the two rhyme, and why.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="Only these kinds, with commas: perfect,slant.")
    ] = None,
    syllables: Annotated[int | None, typer.Option(min=1, help="Words of so many.")] = None,
    stress: Annotated[
        str | None, typer.Option(help="Words stressed so from their start: 01 as in delight.")
    ] = None,
    least: Annotated[
        int, typer.Option(min=0, help="Words at least so frequent in 12 million of verse.")
    ] = 3,
    all_words: Annotated[
        bool, typer.Option("--all", help="Also words not seen in the verse that was counted.")
    ] = False,
    most: Annotated[int, typer.Option(min=1, help="Words to show of each kind.")] = 40,
    json: Json = False,
) -> None:
    """What rhymes with a word, by kind, the most useful first.

    Example: [bold]quatrain rhyme delight --syllables 2[/bold]

    Example: [bold]quatrain rhyme "dream of it" --kind mosaic,perfect[/bold]

    Example: [bold]quatrain rhyme love prove[/bold]
    """
    from quatrain.page import rhyme as page
    from quatrain.sound import rhymes, rhymes_with
    from quatrain.sound.rhyme.search import KINDS

    if other is not None:
        found = rhymes(word, other)
        typer.echo(page.as_json(found) if json else str(found))
        return
    kinds = kind.split(",") if kind else KINDS
    unknown = [each for each in kinds if each not in KINDS]
    if unknown:
        raise SettingsError(
            "--kind", repr(unknown[0]), f"some of {', '.join(KINDS)}", "Correct the name."
        )
    if stress is not None and set(stress) - set("01"):
        raise SettingsError(
            "--stress", repr(stress), "zeros and ones, a digit a syllable", "Write 01 or 10."
        )
    listed = rhymes_with(
        word, kinds=kinds, syllables=syllables, stress=stress, least=least, all_words=all_words
    )
    if json:
        for each in listed:
            typer.echo(page.as_json(each))
    else:
        console().print(page.as_text(word, listed, most))
