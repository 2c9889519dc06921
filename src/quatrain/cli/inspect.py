"""`quatrain inspect`: a trained poet, opened."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quatrain.cli.options import Figure, Json, Latex, Poet, report_user_errors, show
from quatrain.errors import PoetError, SettingsError

if TYPE_CHECKING:
    from quatrain.poet import CharacterPoet
    from quatrain.records import Poem


@report_user_errors
def inspect(
    poet: Poet,
    text: Annotated[
        str | None, typer.Option(help="What the poet reads; it may have line breaks.")
    ] = None,
    corpus: Annotated[
        str | None,
        typer.Option(
            metavar="PATH", help="Verse to judge it by; its training corpus, if that is at hand."
        ),
    ] = None,
    training: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Draw the gradients of its training over time to .svg or .png."
        ),
    ] = None,
    near: Annotated[
        str | None,
        typer.Option(
            metavar="WORD", help="The words a poet of words takes for most like this one."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the poems that are drawn.", min=0)] = 0,
    json: Json = False,
    latex: Latex = False,
    figure: Figure = None,
) -> None:
    """A trained poet, opened: gates, cells and surprise over a text, and how far it remembers.

    Which cells track what, and how far back the gradient reaches, is measured
    on a corpus; the verdicts name their criteria.

    Example: [bold]quatrain inspect my-poet --text "Shall I compare thee"[/bold]

    Example: [bold]quatrain inspect my-poet --figure inside.svg --training gradients.svg[/bold]

    Example: [bold]quatrain inspect sonnets --near thoughtfulst[/bold]
    """
    from rich.console import Console

    from quatrain import explain
    from quatrain.page.figures import check_path
    from quatrain.poet import CharacterPoet, WordVocabulary, artifact, resolve

    if json and latex:
        raise SettingsError("--json and --latex", "both", "one of them", "Leave one out.")
    if near is not None:
        others = {"text": text, "corpus": corpus, "training": training, "figure": figure,
                  "latex": latex or None}  # fmt: skip
        for name, given in others.items():
            if given is not None:
                raise SettingsError(
                    f"--{name}",
                    "it beside --near",
                    "one of them: --near tells of one word alone",
                    "Leave one of them out.",
                )
        _near(poet, near, json=json)
        return
    if figure is not None:
        check_path(figure)
    read = artifact.load(resolve(poet))
    if isinstance(read.vocabulary, WordVocabulary):
        raise PoetError(
            str(poet),
            "a poet of words",
            "a poet of characters: gates are shown over characters",
            "Take 'letters', or ask which words this poet takes for alike: --near WORD",
        )
    opened = CharacterPoet.from_artifact(read)
    if training is not None:
        from quatrain.train.curve import draw_gradients

        draw_gradients(read.folder / "metrics.jsonl", training)
        typer.echo(f"Drawn: {training}", err=True)
    poems, about = _verse(opened, corpus)
    with Console(stderr=True).status(f"Reading {len(poems)} poems, to measure its cells"):
        reads = {} if text is None else {"text": text}
        explanation = explain.inspect(opened, **reads, corpus=poems, about=about, seed=seed)
    show(explanation, json=json, latex=latex, figure=figure)


def _near(poet: Path, word: str, *, json: bool) -> None:
    """Print the words whose vectors, made of their letters, are nearest to a word's."""
    from quatrain.page import neighbours as page
    from quatrain.poet import WordPoet

    opened = WordPoet.load(poet)
    neighbours = opened.nearest_words(word)
    known = word.lower() in opened.vocabulary.numbers
    if json:
        typer.echo(page.as_json(word, neighbours, known=known))
    else:
        typer.echo(page.as_text(word, neighbours, known=known))


def _verse(poet: CharacterPoet, given: str | None) -> tuple[tuple[Poem, ...], str]:
    """Verse to judge a poet by, and a sentence that says which."""
    from quatrain.corpus import read
    from quatrain.poet import Origin, training_corpus

    origin = Origin.of(poet)
    # Cleaned as its training corpus was: a poet knows no other characters.
    cleaning = dataclasses.replace(origin.cleaning, encoding=None)
    if given is not None:
        return tuple(read(given, cleaning=cleaning).poems), f"Measured on {given}."
    learned_from = training_corpus(origin)
    if learned_from is not None:
        return tuple(learned_from.poems), f"Measured on its training corpus, {learned_from.name}."
    return (
        tuple(read("anthology", cleaning=cleaning).poems),
        "Its training corpus is not at hand: measured on the anthology that comes with Quatrain. "
        "Give another with --corpus.",
    )
