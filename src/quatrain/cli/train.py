"""`quatrain train`: train a poet on a collection of verse."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from quatrain.cli.options import (
    Column,
    Config,
    Encoding,
    Json,
    KeepAll,
    Source,
    report_user_errors,
    tables_of,
)
from quatrain.cli.streams import LastingOutput, console, echo


@report_user_errors
def train(
    path: Source,
    out: Annotated[
        Path, typer.Option(help="The folder for the poet.", metavar="DIR", show_default=False)
    ],
    base: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="POET",
            help="Start from this poet: a folder or a shipped name; scratch: from none. "
            "Default: the shipped poet that predicts your poems best.",
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(help="characters or words. Default: chosen by corpus size."),
    ] = None,
    direction: Annotated[
        str | None, typer.Option(help="forward, or reversed: each line from its end (words only).")
    ] = None,
    minutes: Annotated[float | None, typer.Option(help="Training time in minutes.")] = None,
    epochs: Annotated[
        float | None, typer.Option(help="Passes over the training poems, instead of minutes.")
    ] = None,
    hidden: Annotated[int | None, typer.Option(help="Cells per LSTM layer.")] = None,
    layers: Annotated[int | None, typer.Option(help="LSTM layers.")] = None,
    dropout: Annotated[
        float | None, typer.Option(help="Share of each layer's output dropped while training.")
    ] = None,
    recurrent_dropout: Annotated[
        float | None, typer.Option(help="Share of recurrent weights dropped while training.")
    ] = None,
    batch: Annotated[int | None, typer.Option(help="Sequences trained on side by side.")] = None,
    length: Annotated[int | None, typer.Option(help="Characters (or words) per step.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="Peak learning rate (AdamW).")] = None,
    sequences: Annotated[
        str | None, typer.Option(help="streams (state carried over) or windows (overlapping).")
    ] = None,
    stride: Annotated[
        int | None, typer.Option(help="Characters between the starts of two windows.")
    ] = None,
    precision: Annotated[
        str | None, typer.Option(help="auto, float32, bfloat16 or float16.")
    ] = None,
    validation: Annotated[
        float | None, typer.Option(help="Share of the text set apart for validation.")
    ] = None,
    threads: Annotated[int | None, typer.Option(help="Threads that PyTorch uses.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="Random seed: the same seed gives the same poet.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue an interrupted run.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the poet in DIR.")
    ] = False,
    licence: Annotated[str, typer.Option(help="Licence of the texts, for the poet's card.")] = "",
    copy_index: Annotated[
        bool,
        typer.Option(
            "--copy-index/--no-copy-index",
            help="Store hashes of your poems with the poet, so that it can avoid copying them.",
        ),
    ] = True,
    tracker: Annotated[
        list[str] | None, typer.Option(help="tensorboard, mlflow or wandb; repeat for several.")
    ] = None,
    column: Column = None,
    encoding: Encoding = None,
    keep_all: KeepAll = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """Train a poet on a collection of verse.

    Without flags, Quatrain starts from the shipped poet that predicts your poems best,
    chooses the settings and the training time, and says why. At the end you see the gain on
    poems it never saw, and lines from before and after. Ctrl-C saves the poet and exits with
    status 130; --resume continues.

    Example: [bold]quatrain train poems.txt --out my-poet --minutes 5[/bold]

    Example: [bold]quatrain train poems.txt --from sonnets --out my-poet[/bold]

    Example: [bold]quatrain train poems.txt --from scratch --kind words --out my-poet[/bold]

    On several GPUs or machines: [bold]accelerate launch -m quatrain train ...[/bold]
    """
    from quatrain.config import Cleaning, Split, Training, settings
    from quatrain.page.training import (
        TerminalReporter,
        trained_as_json,
        trained_as_text,
    )
    from quatrain.train import train as train_poet
    from quatrain.train.options import TrainOptions

    tables = tables_of(config)
    cleaning, split = tables.get("cleaning"), tables.get("split")
    settings(Training, tables.get("training"))  # the table may hold nothing else
    output = LastingOutput(sys.stderr if json else sys.stdout)
    terminal = console(file=output.text())
    with TerminalReporter(terminal, lambda: _sample(out)) as reporter:
        options = settings(
            TrainOptions,
            tables.get("training"),
            {
                "kind": kind,
                "direction": direction,
                "minutes": minutes,
                "epochs": epochs,
                "hidden": hidden,
                "layers": layers,
                "dropout": dropout,
                "recurrent_dropout": recurrent_dropout,
                "batch": batch,
                "length": length,
                "learning_rate": learning_rate,
                "sequences": sequences,
                "stride": stride,
                "precision": precision,
                "threads": threads,
                "seed": seed,
                "cleaning": settings(
                    Cleaning, cleaning, {"encoding": encoding, "keep_all": keep_all or None}
                )
                if cleaning or encoding or keep_all
                else None,
                "split": settings(Split, split, {"validation": validation})
                if split or validation is not None
                else None,
                "column": column,
                "licence": licence,
                "copy_index": copy_index,
                "resume": resume,
                "overwrite": overwrite,
                "base": base,
                "trackers": tracker or (),
                "reporter": reporter,
            },
        )
        trained = train_poet(path, out, options)
    if os.environ.get("RANK", "0") != "0":
        return  # one of several processes: the first one prints
    if json:
        echo(trained_as_json(trained))
    else:
        terminal.print(trained_as_text(trained), soft_wrap=True)
    if output.failure is not None and not isinstance(output.failure, BrokenPipeError):
        raise output.failure
    if trained.signal is not None:
        raise typer.Exit(128 + trained.signal)


def _sample(folder: Path) -> str:
    """Write four lines with the poet as it stands."""
    from quatrain.write import load

    return load(folder).write(lines=4, temperature=0.7, seed=0).text
