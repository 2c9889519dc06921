"""`quatrain words`: list words by meaning, sound and metre."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quatrain.cli.options import Json, report_user_errors
from quatrain.cli.streams import console, echo
from quatrain.errors import SettingsError

if TYPE_CHECKING:
    from quatrain.word_search import Place


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
    fits: Annotated[
        str | None,
        typer.Option(
            metavar="FILE:LINE:WORD",
            help="Place of a draft that the word has to fit in its form, e.g. draft.txt:6:3.",
        ),
    ] = None,
    form: Annotated[
        str | None, typer.Option(help="The form of the draft, if the file does not name it.")
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

    Example: [bold]quatrain words --near winter --fits draft.txt:6:3 --form sonnet[/bold]
    """
    from quatrain.page import words as words_page
    from quatrain.word_search import USUAL_KINDS, SearchOptions, WordSearch

    kinds = kind.split(",") if kind else USUAL_KINDS
    place = _place_of(fits, form)
    search = WordSearch(
        SearchOptions(
            near=near,
            rhyme=rhyme,
            stress=stress,
            syllables=syllables,
            kinds=kinds,
            fits=place,
            poet=poet,
            limit=limit,
        )
    )
    matches = search.matches()
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


def _place_of(fits: str | None, form: str | None) -> Place | None:
    """Return the place of a draft written as FILE:LINE:WORD.

    Raises:
        SettingsError: it is written otherwise, or a form stands without a draft.
    """
    from quatrain.records import as_poem
    from quatrain.word_search import Place

    if fits is None:
        if form is None:
            return None
        raise SettingsError(
            "--form",
            f"{form!r} without a draft",
            "--fits beside it",
            "Say which place the word has to fit, as in --fits draft.txt:6:3",
            message="--form only works with --fits.",
        )
    file, line, word = ("", "", *fits.rsplit(":", 2))[-3:]
    if not file or not line.isdecimal() or not word:
        raise SettingsError(
            "--fits",
            repr(fits),
            "the file, the number of the line and that of the word",
            "Write for example --fits draft.txt:6:3",
        )
    place = int(word) if word.isdecimal() else word
    return Place(as_poem(Path(file)), int(line), place, form)
