"""Options that several commands share, and the report of errors."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec

import typer

from quatrain.cli.streams import console, echo
from quatrain.errors import CorpusError, QuatrainError, SettingsError, UserError

if TYPE_CHECKING:
    from quatrain.records import CleaningReport, Explanation, Poem

Parameters = ParamSpec("Parameters")

Source = Annotated[
    str,
    typer.Argument(
        metavar="PATH",
        help="A .txt, .md, .jsonl, .jsonl.gz, .csv, .parquet, .xml or .tei file, a folder of them, "
        "gutenberg:NUMBER, or the name anthology.",
        show_default=False,
    ),
]
Column = Annotated[
    str | None,
    typer.Option(help="The column that holds the poem, for .jsonl, .jsonl.gz, .csv and .parquet."),
]
Encoding = Annotated[str | None, typer.Option(help="The text's encoding, if detection is wrong.")]
KeepAll = Annotated[
    bool, typer.Option("--keep-all", help="Take everything as verse: titles, notes, licences too.")
]
Config = Annotated[
    Path | None, typer.Option(help="Settings in TOML; flags override it.", metavar="FILE")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]
Latex = Annotated[bool, typer.Option("--latex", help="Print LaTeX.")]
Document = Annotated[
    bool,
    typer.Option(
        "--document",
        help="With --latex: a whole document; with --figure FILE.png too, with its pictures.",
    ),
]
Figure = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Draw the pictures to a .svg or .png file, or into a folder; several pictures get a "
        "suffix each.",
    ),
]
Poet = Annotated[
    Path,
    typer.Argument(
        metavar="POET", help="A poet's folder, or a shipped poet's name.", show_default=False
    ),
]


_MOST_INPUT = 2**24
"""Bytes read from standard input at most: one poem is far shorter, and `yes` never ends."""

_UNMAPPED = re.compile("failed to map segment|cannot allocate memory", re.IGNORECASE)
"""Messages of the system for a library, such as torch, that there is no memory to load."""


def report_user_errors(
    command: Callable[Parameters, None],
) -> Callable[Parameters, None]:
    """Print a user's mistake as one paragraph, without a traceback, and exit with status 1."""

    @wraps(command)
    def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            command(*arguments, **options)
        except UserError as error:
            echo(f"quatrain: {error}", err=True)
            raise typer.Exit(1) from None
        except QuatrainError as error:
            echo(f"quatrain: this is a bug in Quatrain: {error}. Please report it.", err=True)
            raise typer.Exit(3) from error
        except KeyboardInterrupt:
            echo("quatrain: stopped.", err=True)
            raise typer.Exit(130) from None
        except (MemoryError, ImportError) as error:
            if isinstance(error, ImportError) and not _UNMAPPED.search(str(error)):
                raise
            echo(
                "quatrain: not enough memory. "
                "Ask for fewer poems, a smaller network or a smaller text.",
                err=True,
            )
            raise typer.Exit(1) from None

    return run


def report_reading(report: CleaningReport) -> None:
    """Tell on standard error what was not taken as verse, and what may not be verse."""
    from quatrain.corpus.reading_notes import omission_notes

    for note in omission_notes(report):
        echo(f"quatrain: {note}", err=True)


def standard_input(*, keep_all: bool = False, exact: bool = False) -> Poem:
    """Read one poem from standard input, cleaned as a file is; tell what is not verse.

    Args:
        keep_all: take everything as verse.
        exact: leave the spaces and accents of its lines as they were typed.

    Raises:
        CorpusError: the input is closed, can't be read or is not text.
    """
    from quatrain.corpus.plain import poem_of_text
    from quatrain.corpus.poem_file import as_in_text

    if sys.stdin is None:
        raise CorpusError(
            "standard input",
            "nothing, because it is closed",
            "a poem",
            "Pipe a poem to the command, or pass a file.",
            message="Standard input is closed.",
        )
    try:
        content = sys.stdin.buffer.read(_MOST_INPUT + 1)
    except OSError as error:
        raise CorpusError(
            "standard input",
            error.strerror or str(error),
            "a poem",
            "Pipe a poem to the command, or pass a file.",
            message=f"Standard input can't be read: {error.strerror or error}.",
        ) from error
    if len(content) > _MOST_INPUT:
        raise CorpusError(
            "standard input",
            f"more than {_MOST_INPUT:,} bytes",
            "one poem",
            "Pass a file, which may hold many poems.",
        )
    if content.lstrip().startswith(b"{"):
        raise CorpusError(
            "standard input",
            "JSON",
            "verse as text",
            "Save it as a file whose name ends in .jsonl, and pass the file.",
        )
    text = _decoded_input(content, sys.stdin.encoding)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    poem, report = poem_of_text(text, keep_all=keep_all)
    report_reading(report)
    return as_in_text(poem, text) if exact else poem


def _decoded_input(content: bytes, encoding: str) -> str:
    """Return the text that was piped in: in UTF-8, or in the terminal's encoding.

    A terminal that only knows ASCII must not cost the letters beyond it, so UTF-8 comes first.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        with suppress(UnicodeDecodeError, LookupError):
            return content.decode(encoding)
        raise CorpusError(
            "standard input",
            f"the byte 0x{content[error.start]:02x} at position {error.start:,}",
            "text in UTF-8",
            "Convert the text, or pass a file, whose encoding is found out.",
        ) from None


def tables_of(config: Path | None) -> dict[str, dict[str, Any]]:
    """Return the settings of a TOML file by table; no file has none."""
    from quatrain.config import tables

    return tables(config)


def show(
    explanation: Explanation,
    *,
    json: bool,
    latex: bool,
    document: bool = False,
    figure: Path | None = None,
) -> None:
    """Print an explanation in the form asked for, and draw its pictures."""
    from quatrain.page import explanation as explanation_page
    from quatrain.page.latex import as_document

    check_output(json=json, latex=latex, document=document, figure=figure)
    files = {} if figure is None else draw_pictures(explanation, figure)
    if json:
        echo(explanation_page.as_json(explanation))
    elif document:
        echo(as_document(explanation, files), nl=False)
    elif latex:
        echo(explanation_page.as_latex(explanation, files))
    else:
        console().print(explanation_page.as_text(explanation))


def check_output(*, json: bool, latex: bool, document: bool, figure: Path | None) -> None:
    """Refuse forms that exclude each other."""
    if json and latex:
        raise SettingsError("--json and --latex", "both", "one of them", "Leave one out.")
    if document and not latex:
        raise SettingsError(
            "--document",
            "no --latex",
            "--latex --document",
            "Add --latex.",
            message="--document is a form of LaTeX.",
        )
    if document and figure is not None and figure.suffix.lower() == ".svg":
        raise SettingsError(
            f"--figure {figure}",
            "an SVG",
            "a name that ends in .png",
            "Give such a name, or leave --document out.",
            message="LaTeX can't include an SVG.",
        )


def draw_pictures(explanation: Explanation, figure: Path) -> dict[str, str]:
    """Draw the pictures of an explanation; return the files that LaTeX includes, by their names.

    Raises:
        SettingsError: it has no picture.
        OutputError: a picture can't be drawn there.
    """
    from quatrain.page.figures import draw, picture_files

    pictures = explanation.pictures
    if not pictures:
        raise SettingsError(
            "--figure",
            "an explanation without a figure",
            "one with a figure",
            "Leave out --figure.",
            message="This explanation has no figure.",
        )
    files = {}
    for picture, path in zip(pictures, picture_files(pictures, figure), strict=True):
        draw(picture, path)
        echo(f"Drawn: {path}", err=True)
        if path.suffix.lower() != ".svg":  # LaTeX doesn't include SVG
            files[picture.name] = path.as_posix()
    return files
