"""`quatrain words`: list words by meaning, sound and metre."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quatrain.cli.options import Json, report_user_errors
from quatrain.cli.streams import console, echo


@report_user_errors
def words(
    near: Annotated[str, typer.Option(help="Word or words that the meaning should be near.")] = "",
    rhyme: Annotated[str, typer.Option(help="Word or phrase to rhyme with.")] = "",
    stress: Annotated[
        str, typer.Option(help="Stresses that the word begins with, e.g. 01 for delight.")
    ] = "",
    syllables: Annotated[int | None, typer.Option(min=1, help="Number of syllables.")] = None,
    kind: Annotated[
        str | None, typer.Option(help="Kinds of rhyme that count, with commas: perfect,slant.")
    ] = None,
    poet: Annotated[
        Path,
        typer.Option(metavar="POET", help="Word-level poet whose verse says which words are near."),
    ] = Path("verse"),
    limit: Annotated[int, typer.Option(min=1, help="Most words to list.")] = 20,
    define: Annotated[
        bool, typer.Option("--define", help="Show what each word means most often.")
    ] = False,
    json: Json = False,
) -> None:
    """List words by meaning, sound and metre together, the best first.

    Each filter works alone or with the others. Meaning comes from a dictionary, WordNet, and from
    the verse of a poet: the relation "association" is a word that goes with yours in verse.

    Example: [bold]quatrain words --near winter --rhyme sea --stress 01[/bold]

    Example: [bold]quatrain words --near "winter sea" --syllables 2 --define[/bold]

    Example: [bold]quatrain words --rhyme delight --stress 01 --json[/bold]
    """
    from quatrain.page import words as words_page
    from quatrain.word_search import USUAL_KINDS, WordSearch

    kinds = kind.split(",") if kind else USUAL_KINDS
    search = WordSearch(near, rhyme, stress, syllables, kinds, poet)
    matches = search.matches(limit)
    for word, others in search.stand_ins.items():
        instead = (
            f"; {', '.join(others)} stand in for it" if others else ", nor does the dictionary"
        )
        echo(f"This poet doesn't know {word!r}{instead}.", err=True)
    if json:
        for match in matches:
            echo(words_page.as_json(match))
    else:
        console().print(words_page.as_table(matches, definitions=define))
