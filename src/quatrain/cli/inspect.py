"""`quatrain inspect`: a trained poet from inside."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quatrain.cli.options import (
    Document,
    Figure,
    Json,
    Latex,
    Poet,
    check_output,
    report_user_errors,
    show,
)
from quatrain.cli.streams import console, echo
from quatrain.errors import PoetError, SettingsError

if TYPE_CHECKING:
    from quatrain.poet import CharacterPoet
    from quatrain.records import Poem


@report_user_errors
def inspect(
    poet: Poet,
    text: Annotated[
        str | None, typer.Option(help="Text for the poet to read; it may have line breaks.")
    ] = None,
    corpus: Annotated[
        str | None,
        typer.Option(
            metavar="PATH",
            help="Verse to measure the poet on; by default its training corpus, if available.",
        ),
    ] = None,
    training: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Draw the gradients during its training to .svg or .png."
        ),
    ] = None,
    near: Annotated[
        str | None,
        typer.Option(
            metavar="WORD", help="Show the nearest words to this one in a word-level poet."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the poems that are sampled.", min=0)] = 0,
    json: Json = False,
    latex: Latex = False,
    document: Document = False,
    figure: Figure = None,
) -> None:
    """Look inside a trained poet: its gates, cells and surprisal, and how far it remembers.

    The features that cells track, and how far back the gradient reaches, are
    measured on a corpus. The diagnosis names the criterion of each problem.

    Example: [bold]quatrain inspect my-poet --text "Shall I compare thee"[/bold]

    Example: [bold]quatrain inspect my-poet --figure inside.svg --training gradients.svg[/bold]

    Example: [bold]quatrain inspect sonnets --near thoughtfulst[/bold]
    """
    from quatrain import explain
    from quatrain.page.figures import check_figure
    from quatrain.poet import CharacterPoet, WordVocabulary, artifact, resolve

    check_output(json=json, latex=latex, document=document, figure=figure)
    if near is not None:
        options = {
            "text": text,
            "corpus": corpus,
            "training": training,
            "figure": figure,
            "latex": latex or None,
        }
        for name, value in options.items():
            if value is not None:
                raise SettingsError(
                    f"--{name}",
                    f"--{name} and --near",
                    "one of them",
                    "Leave one of them out.",
                    message=f"--near only lists words, so it doesn't go with --{name}.",
                )
        _near(poet, near, json=json)
        return
    if figure is not None:
        check_figure(figure)
    read = artifact.load(resolve(poet))
    if isinstance(read.vocabulary, WordVocabulary):
        raise PoetError(
            str(poet),
            "a word-level poet",
            "a character-level poet",
            "Use 'letters', or list a word-level poet's nearest words with --near WORD.",
            message=f"{poet} is a word-level poet; this needs a character-level one.",
        )
    trained = CharacterPoet.from_artifact(read)
    if training is not None:
        from quatrain.train.curve import draw_gradients

        draw_gradients(read.folder / "metrics.jsonl", training)
        echo(f"Drawn: {training}", err=True)
    poems, about = _verse(trained, corpus)
    with console(stderr=True).status(f"Reading {len(poems)} poems to measure the cells"):
        reads = {} if text is None else {"text": text}
        explanation = explain.inspect(trained, **reads, corpus=poems, about=about, seed=seed)
    show(explanation, json=json, latex=latex, document=document, figure=figure)


def _near(poet: Path, word: str, *, json: bool) -> None:
    """Print the words nearest to a word; vectors are computed from spellings."""
    from quatrain.page import neighbours as neighbours_page
    from quatrain.poet import WordPoet

    word_poet = WordPoet.load(poet)
    neighbours = word_poet.nearest_words(word)
    known = word.lower() in word_poet.vocabulary.numbers
    if json:
        echo(neighbours_page.as_json(word, neighbours, known=known))
    else:
        echo(neighbours_page.as_text(word, neighbours, known=known))


def _verse(poet: CharacterPoet, source: str | None) -> tuple[tuple[Poem, ...], str]:
    """Return the verse to measure a poet on, and a sentence that names it."""
    from quatrain.corpus import read
    from quatrain.poet import Origin, training_corpus

    origin = Origin.from_poet(poet)
    # Clean it like the training corpus, because a poet knows only those characters.
    cleaning = dataclasses.replace(origin.cleaning, encoding=None)
    if source is not None:
        return tuple(read(source, cleaning=cleaning).poems), f"Measured on {source}."
    corpus = training_corpus(origin)
    if corpus is not None:
        return tuple(corpus.poems), f"Measured on its training corpus, {corpus.name}."
    return (
        tuple(read("anthology", cleaning=cleaning).poems),
        "Measured on the anthology that comes with Quatrain, because the training corpus isn't "
        "available. Choose another corpus with --corpus.",
    )
