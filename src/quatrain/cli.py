"""The command `quatrain`: parse, call, print.

Heavy rooms are imported inside the command that needs them, so that `--help`
answers at once. A user's mistake ends in one paragraph on standard error and
exit status 1; a wrong option in usage help and exit status 2.
"""

from __future__ import annotations

import io
import os
import secrets
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

import typer

import quatrain
from quatrain.errors import QuatrainError, SettingsError, UserError
from quatrain.native import settle

if TYPE_CHECKING:
    from rich.console import Console

    from quatrain.config import Cleaning, Split, Training

app = typer.Typer(
    name="quatrain",
    help="Train a poet. Hold it to its form. See inside.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
corpus = typer.Typer(
    help="Look at a collection of verse before training on it.", no_args_is_help=True
)
app.add_typer(corpus, name="corpus")

Parameters = ParamSpec("Parameters")
Asked = TypeVar("Asked", "Cleaning", "Split", "Training")

Source = Annotated[
    str,
    typer.Argument(
        metavar="PATH",
        help="A .txt, .jsonl(.gz), .csv, .parquet or TEI .xml file, a folder of them, "
        "gutenberg:NUMBER, or the name anthology.",
        show_default=False,
    ),
]
Column = Annotated[
    str | None, typer.Option(help="The column that holds the poem, for .csv and .parquet.")
]
Encoding = Annotated[str | None, typer.Option(help="The text's encoding, if detection is wrong.")]
Config = Annotated[
    Path | None, typer.Option(help="Settings in TOML; flags override it.", metavar="FILE")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]
Poet = Annotated[Path, typer.Argument(metavar="DIR", help="A poet's folder.", show_default=False)]


def told_plainly(
    command: Callable[Parameters, None],
) -> Callable[Parameters, None]:
    """Turn a user's mistake into one paragraph and exit status 1."""

    @wraps(command)
    def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            command(*arguments, **options)
        except UserError as error:
            typer.echo(f"quatrain: {error}", err=True)
            raise typer.Exit(1) from None
        except QuatrainError as error:
            typer.echo(f"quatrain: a bug of ours: {error}. Please report it.", err=True)
            raise typer.Exit(3) from error
        except KeyboardInterrupt:
            typer.echo("quatrain: stopped.", err=True)
            raise typer.Exit(130) from None
        except BrokenPipeError:  # the reader of our output left: `quatrain write ... | head`
            sys.stderr.close()
            raise typer.Exit(0) from None
        except MemoryError:
            typer.echo(
                "quatrain: this machine: found too little memory; wanted room for what was asked. "
                "Ask for fewer poems, a smaller network or a smaller text.",
                err=True,
            )
            raise typer.Exit(1) from None
        except OSError as error:  # of the standard output: rooms name the files they cannot use
            typer.echo(f"quatrain: the output: {error.strerror or error}.", err=True)
            raise typer.Exit(1) from None

    return run


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"quatrain {quatrain.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    pass


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def _tables(config: Path | None) -> dict[str, dict[str, Any]]:
    from quatrain.config import tables

    return tables(config)


@corpus.command("show")
@told_plainly
def corpus_show(
    path: Source,
    column: Column = None,
    encoding: Encoding = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """What a collection holds, what was cleaned, and the poet it could train.

    Example: [bold]quatrain corpus show poems.txt[/bold]
    """
    from quatrain.config import Cleaning, Split, settings
    from quatrain.corpus import read, statistics
    from quatrain.page import corpus as page
    from quatrain.train import size

    given = _tables(config)
    cleaning = settings(Cleaning, given.get("cleaning"), {"encoding": encoding})
    split = settings(Split, given.get("split"))
    found = statistics(read(path, column=column, cleaning=cleaning))
    proposed = size.propose(
        round(found.characters * (1 - split.validation)),
        len(found.alphabet) + 4,  # the line break and three symbols
    )
    if json:
        typer.echo(page.as_json(found, proposed.settings, proposed.reasons))
    else:
        _console().print(page.as_text(found, proposed.reasons))


@app.command()
@told_plainly
def train(
    path: Source,
    out: Annotated[
        Path, typer.Option(help="The folder for the poet.", metavar="DIR", show_default=False)
    ],
    minutes: Annotated[float | None, typer.Option(help="Training time.")] = None,
    epochs: Annotated[float | None, typer.Option(help="Passes, instead of minutes.")] = None,
    hidden: Annotated[int | None, typer.Option(help="Cells per LSTM layer.")] = None,
    layers: Annotated[int | None, typer.Option(help="LSTM layers.")] = None,
    dropout: Annotated[float | None, typer.Option(help="Share of inputs dropped.")] = None,
    recurrent_dropout: Annotated[
        float | None, typer.Option(help="Share of recurrent weights dropped.")
    ] = None,
    batch: Annotated[int | None, typer.Option(help="Sequences side by side.")] = None,
    length: Annotated[int | None, typer.Option(help="Characters per step.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="Peak of AdamW's.")] = None,
    sequences: Annotated[
        str | None, typer.Option(help="streams (state carried) or windows (overlapping).")
    ] = None,
    stride: Annotated[int | None, typer.Option(help="Between windows' starts.")] = None,
    precision: Annotated[
        str | None, typer.Option(help="auto, float32, bfloat16 or float16.")
    ] = None,
    validation: Annotated[float | None, typer.Option(help="Share of the text set apart.")] = None,
    threads: Annotated[int | None, typer.Option(help="Threads of torch.")] = None,
    seed: Annotated[int | None, typer.Option(help="The source of all randomness.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted run.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what DIR holds.")] = False,
    licence: Annotated[str, typer.Option(help="Of the texts, for the poet's card.")] = "",
    tracker: Annotated[
        list[str] | None, typer.Option(help="tensorboard, mlflow or wandb; may be repeated.")
    ] = None,
    column: Column = None,
    encoding: Encoding = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Train a poet on a collection of verse.

    With no flags the network and the time are chosen for the corpus and the
    machine, and the reason is told. Ctrl-C saves; --resume goes on.

    Example: [bold]quatrain train poems.txt --out my-poet --minutes 5[/bold]

    On several GPUs or machines: [bold]accelerate launch -m quatrain train ...[/bold]
    """
    from quatrain.config import Cleaning, Split, Training, settings
    from quatrain.page.training import (
        Steadfast,
        TerminalReporter,
        trained_as_json,
        trained_as_text,
    )
    from quatrain.train import train as run

    given = _tables(config)
    choices = {
        "minutes": minutes, "epochs": epochs, "hidden": hidden, "layers": layers,
        "dropout": dropout, "recurrent_dropout": recurrent_dropout, "batch": batch,
        "length": length, "learning_rate": learning_rate,
        "sequences": sequences, "stride": stride, "precision": precision, "threads": threads,
        "seed": seed,
    }  # fmt: skip

    def asked(kind: type[Asked], flags: dict[str, Any]) -> Asked | None:
        table = given.get(kind.__name__.lower())
        flags = {name: value for name, value in flags.items() if value is not None}
        return settings(kind, table, flags) if table or flags else None

    console = Steadfast(stderr=json, highlight=False)
    with TerminalReporter(console, lambda: _sample(out)) as reporter:
        trained = run(
            path,
            out,
            training=asked(Training, {}),
            cleaning=asked(Cleaning, {"encoding": encoding}),
            split=asked(Split, {"validation": validation}),
            column=column,
            licence=licence,
            resume=resume,
            overwrite=overwrite,
            trackers=tracker or (),
            reporter=reporter,
            **{name: value for name, value in choices.items() if value is not None},
        )
    if os.environ.get("RANK", "0") != "0":
        return  # one of several processes: the first one tells
    if json:
        typer.echo(trained_as_json(trained))
    else:
        console.print(trained_as_text(trained))


def _sample(folder: Path) -> str:
    """Four lines by the poet as it stands."""
    from quatrain.write import load

    return load(folder).write(lines=4, temperature=0.7, seed=0).text


@app.command()
@told_plainly
def write(
    poet: Poet,
    lines: Annotated[int | None, typer.Option(help="Exactly so many lines.")] = None,
    poems: Annotated[int, typer.Option(help="How many poems.", min=1)] = 1,
    start: Annotated[str, typer.Option(help="The poem begins with this.")] = "",
    temperature: Annotated[
        str, typer.Option(help="0 is greedy; several, as 1.5,0.75,0.25, print side by side.")
    ] = "0.8",
    top_k: Annotated[int | None, typer.Option(help="Only the k likeliest characters.")] = None,
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

    given = _tables(config).get("sampling")
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
            for poem in writing.poems:
                typer.echo(page.as_json(poem))
        return
    console = _console()
    if len(writings) > 1:
        console.print(
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
        if console.is_terminal:
            console.print(page.told(writings[0].figures), style="dim")
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


@app.command()
@told_plainly
def evaluate(
    poet: Poet,
    path: Source,
    training: Annotated[
        str | None,
        typer.Option(
            "--train",
            metavar="PATH",
            help="The poet's training corpus, if it is no longer where it was.",
        ),
    ] = None,
    part: Annotated[
        str, typer.Option(help="all, training or validation poems of the training corpus; or auto.")
    ] = "auto",
    column: Column = None,
    encoding: Encoding = None,
    json: Json = False,
) -> None:
    """How well a poet predicts a text, beside simpler models.

    Every character of every line is predicted, line breaks too, and one end
    per poem; the poet's state is reset at the start of each poem. If PATH is
    the corpus the poet was trained on, only the poems it never saw are counted.
    The simpler models are fitted on the poet's training poems.

    Example: [bold]quatrain evaluate my-poet poems.txt[/bold]
    """
    from quatrain.page import evaluation as page
    from quatrain.poet import Poet as TrainedPoet
    from quatrain.poet import compare

    comparison = compare(
        TrainedPoet.load(poet),
        path,
        training=training,
        part=part,
        column=column,
        encoding=encoding,
    )
    if json:
        typer.echo(page.as_json(comparison))
    else:
        _console().print(page.as_text(comparison))


def main() -> None:
    """Run the command line."""
    settle()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter shows a "?"
            stream.reconfigure(errors="replace")
    app()
