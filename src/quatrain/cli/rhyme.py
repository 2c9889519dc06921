"""`quatrain rhyme`: list the words that rhyme with a word, or say how two words rhyme."""

from __future__ import annotations

from typing import Annotated

import typer

from quatrain.cli.options import Json, report_user_errors
from quatrain.cli.streams import console, echo
from quatrain.errors import SettingsError


@report_user_errors
def rhyme(
    word: Annotated[str, typer.Argument(help="A word, or the words that end a line.")],
    other: Annotated[
        str | None, typer.Argument(help="A second word: say how the two rhyme, and why.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="Kinds of rhyme, with commas: perfect,slant.")
    ] = None,
    syllables: Annotated[int | None, typer.Option(min=1, help="Number of syllables.")] = None,
    stress: Annotated[
        str | None, typer.Option(help="Stress pattern a word begins with, e.g. 01 for delight.")
    ] = None,
    min_count: Annotated[
        int, typer.Option(min=0, help="Minimum count in a 12-million-word verse corpus.")
    ] = 3,
    all_words: Annotated[
        bool,
        typer.Option(
            "--all", help="Include words outside the verse corpus, fragments and far rhymes."
        ),
    ] = False,
    most: Annotated[int, typer.Option(min=1, help="Words of each kind, at most.")] = 40,
    json: Json = False,
) -> None:
    """List the words that rhyme with a word, by kind, the most useful first.

    Each way to say the word has a part of its own. Names stand apart, and so do words that rhyme
    only when they are said otherwise than is usual.

    Example: [bold]quatrain rhyme delight --syllables 2[/bold]

    Example: [bold]quatrain rhyme "dream of it" --kind mosaic,perfect[/bold]

    Example: [bold]quatrain rhyme love prove[/bold]
    """
    from quatrain.page import rhyme as rhyme_page
    from quatrain.sound import rhymes
    from quatrain.sound.rhyme.search import KINDS, rhyming_words

    if other is not None:
        pair = rhymes(word, other)
        echo(rhyme_page.as_json(pair) if json else str(pair))
        return
    kinds = kind.split(",") if kind else KINDS
    unknown = [name for name in kinds if name not in KINDS]
    if unknown:
        raise SettingsError(
            "--kind",
            repr(unknown[0]),
            f"some of {', '.join(KINDS)}",
            f"The kinds are {', '.join(KINDS)}.",
            message=f"{unknown[0]!r} is not a kind of rhyme.",
        )
    if stress is not None and set(stress) - set("01"):
        raise SettingsError(
            "--stress",
            repr(stress),
            "zeros and ones",
            "Write a 1 for each stressed syllable and a 0 for each other, as in --stress 01.",
            message=f"{stress!r} is not a stress pattern.",
        )
    listed = rhyming_words(
        word,
        kinds=kinds,
        syllables=syllables,
        stress=stress,
        min_count=min_count,
        all_words=all_words,
    )
    if json:
        for rhyming in listed:
            echo(rhyme_page.word_as_json(rhyming))
    else:
        console().print(rhyme_page.as_text(word, listed, most))
