"""`quatrain words`: list words by meaning, sound and metre."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quatrain.cli.options import Json, report_user_errors
from quatrain.cli.streams import console, echo
from quatrain.errors import SettingsError

if TYPE_CHECKING:
    from quatrain.word_search import Place, WordFilters


@report_user_errors
def words(
    word: Annotated[
        str,
        typer.Argument(
            help="Show all about this word: sound, meaning, rhymes; with --fits, what may stand "
            "in its place.",
            show_default=False,
        ),
    ] = "",
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
    every: Annotated[
        bool,
        typer.Option("--every", help="With WORD and --fits: show what doesn't fit too, and why."),
    ] = False,
    poet: Annotated[
        Path,
        typer.Option(metavar="POET", help="Word-level poet whose verse says which words are near."),
    ] = Path("verse"),
    limit: Annotated[
        int | None, typer.Option(min=1, help="Most words to list. Default: 20.")
    ] = None,
    define: Annotated[
        bool, typer.Option("--define", help="Show what each word means most often.")
    ] = False,
    json: Json = False,
) -> None:
    """List words by meaning, sound and metre together, or show all about one word.

    Each filter works alone or with the others. Meaning comes from a dictionary, WordNet, and from
    the verse of a poet: the relation "association" is a word that goes with yours in verse.

    Example: [bold]quatrain words --near winter --rhyme sea --stress 01[/bold]

    Example: [bold]quatrain words --near "winter sea" --syllables 2 --define[/bold]

    Example: [bold]quatrain words --rhyme delight --stress 01 --json[/bold]

    Example: [bold]quatrain words --near winter --fits draft.txt:6:3 --form sonnet[/bold]

    Example: [bold]quatrain words worn[/bold]
    """
    from quatrain.page import words as words_page
    from quatrain.word_search import LIMIT, USUAL_KINDS, SearchOptions, WordFilters, WordSearch

    kinds = kind.split(",") if kind else USUAL_KINDS
    if word:
        filters = WordFilters(
            near=near, rhyme=rhyme, stress=stress, syllables=syllables, kinds=kinds
        )
        _check_flags({"--define": define, "--limit": limit is not None})
        _print_panel(word, filters, fits, form, poet, every=every, json=json)
        return
    if every:
        raise SettingsError(
            "--every",
            "no word",
            "a word",
            "Say which: quatrain words worn --fits draft.txt:6:3",
            message="--every only works with a word.",
        )
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
            limit=limit or LIMIT,
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


def _check_flags(flags: dict[str, bool]) -> None:
    """Raise `SettingsError` for a flag that has no effect on all about one word."""
    for flag, is_set in flags.items():
        if is_set:
            raise SettingsError(
                flag,
                "it beside a word",
                "one of them",
                "Leave it out.",
                message=f"{flag} has no effect with a word.",
            )


def _print_panel(
    word: str,
    filters: WordFilters,
    fits: str | None,
    form: str | None,
    poet: Path,
    *,
    every: bool,
    json: bool,
) -> None:
    """Print all about one word, in a place of a draft if one is given."""
    from quatrain.page import word_panel as panel_page
    from quatrain.records import as_poem
    from quatrain.word_search import DraftPlace, word_panel

    found = _place_of(fits, form)
    place = None
    if found is not None:
        number = found.word if isinstance(found.word, int) else None
        lines = [line.text for line in as_poem(found.poem)]
        place = DraftPlace(lines, found.line, number, found.form or None)
    panel = word_panel(word, filters=filters, place=place, only_fitting=not every, poet=poet)
    if json:
        echo(panel_page.as_json(panel))
    else:
        console().print(panel_page.as_text(panel))


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
