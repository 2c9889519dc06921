"""The command `quatrain`. Each command parses its options, calls the package and prints.

There is one module per command, or for two that belong together, such as `check` and `forms`.
Read `poets` first, the smallest, then:

    options, usage    options that commands share, the report of errors; wrong options
    streams, workers  what is printed, and where it goes; processes that share a command's work
    write, revise     and `in_form`, which they share
    the others        each on its own; `explain` is a folder of sub-commands

Heavy packages are imported inside the command that needs them, so that `--help` answers at
once. A user's mistake prints one paragraph to standard error, with exit status 1. A wrong
option prints a hint, with exit status 2. A signal ends with 128 and its number, as 130 for Ctrl-C.

To add a command:

1. Write a module with one function whose parameters are the options. Put `@report_user_errors`
   on it. Its docstring is the help, with an `Example:`.
2. Name the function in `PANELS` below.
3. Write `docs/cli.md` again with `python docs/workshop/cli_help.py`, and test the command in
   `tests/cli`.
"""

from __future__ import annotations

from typing import Annotated

import typer

import quatrain
from quatrain.cli import corpus, exercise, explain
from quatrain.cli.check import check, forms
from quatrain.cli.cite import cite
from quatrain.cli.compare import compare
from quatrain.cli.demo import demo
from quatrain.cli.evaluate import evaluate
from quatrain.cli.export import export
from quatrain.cli.hub import pull, push
from quatrain.cli.inspect import inspect
from quatrain.cli.mcp import mcp
from quatrain.cli.poets import poets
from quatrain.cli.revise import revise
from quatrain.cli.rhyme import rhyme
from quatrain.cli.scan import scan
from quatrain.cli.streams import echo, standard_streams
from quatrain.cli.studio import studio
from quatrain.cli.train import train
from quatrain.cli.usage import PlainGroup
from quatrain.cli.words import words
from quatrain.cli.write import write
from quatrain.native import configure_native_libraries

app = typer.Typer(
    name="quatrain",
    cls=PlainGroup,
    help="Train small neural poets, write verse in a form, scan verse, and see how it works.\n\n"
    "Try one: [bold]quatrain write verse --form haiku[/bold]",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

PANELS = {
    "Write": (write, revise, poets, studio, mcp),
    "Find words": (words, rhyme),
    "Read verse": (scan, check, forms, compare, cite),
    "Train": (train, evaluate),
    "Share": (push, pull, export),
    "Look inside": (inspect, demo),
}
"""Commands by the heading they stand under in the help."""

for panel, commands in PANELS.items():
    for command in commands:
        app.command(rich_help_panel=panel)(command)
app.add_typer(corpus.app, name="corpus", rich_help_panel="Train")
app.add_typer(explain.app, name="explain", rich_help_panel="Look inside")
app.add_typer(exercise.app, name="exercise", rich_help_panel="Look inside")


def _version(asked: bool) -> None:
    if asked:
        echo(f"quatrain {quatrain.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line."""
    configure_native_libraries()
    with standard_streams():
        app()
