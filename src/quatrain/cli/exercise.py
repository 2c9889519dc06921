"""`quatrain exercise`: problem sheets from a seed, for one student or a class, and their check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quatrain.cli.options import Json, report_user_errors
from quatrain.cli.streams import console, echo
from quatrain.errors import OutputError, SettingsError

if TYPE_CHECKING:
    from quatrain.explain.exercises.sheet_file import Student
    from quatrain.records import ProblemSheet


class Format(StrEnum):
    """A kind of file for a sheet."""

    latex = "latex"
    markdown = "markdown"
    html = "html"
    ipynb = "ipynb"


_ENDINGS = {
    Format.latex: ".tex",
    Format.markdown: ".md",
    Format.html: ".html",
    Format.ipynb: ".ipynb",
}

_SUBJECTS = {
    "convolution": "parameters, output shapes, pixels that are never seen",
    "pooling": "maximum and average of given images, their gradients, what each forgets",
    "lstm": "the deltas of an LSTM's cell and gates, in symbols and numbers; the short form",
    "gradients": "when gradients vanish or explode",
    "preprocessing": "a text as numbers, windows and streams, and what is lost at the borders",
    "training": "a training curve, where to stop, perplexity",
    "temperature": "distributions, the order of three samples, entropy",
}
"""Topics and what they ask, for the help; `explain.exercises` has the topics themselves."""

app = typer.Typer(
    help="Make problem sheets whose numbers come from a seed, and check the answers.",
    no_args_is_help=True,
)


def _topic_command(topic: str, subject: str) -> Callable[..., None]:
    """Return the command that makes sheets on a topic."""

    @report_user_errors
    def make(
        seed: Annotated[
            str, typer.Option(help="Any text, such as a name; the same seed gives the same sheet.")
        ] = "",
        level: Annotated[int, typer.Option(help="Level, 1 to 3.", min=1, max=3)] = 1,
        students: Annotated[
            Path | None,
            typer.Option(
                metavar="FILE",
                help="A class, one name a line: a sheet each, from the seed and the name.",
            ),
        ] = None,
        out: Annotated[
            Path | None,
            typer.Option(
                metavar="PATH",
                help="The files to write: sheet.tex, sheet.md, sheet.html, sheet.ipynb for "
                "--out sheet, and sheet.json to check with. With --students, a folder. Without "
                "it, the sheet is printed.",
            ),
        ] = None,
        formats: Annotated[
            list[Format] | None,
            typer.Option("--format", help="A format to write; may be repeated. All by default."),
        ] = None,
        solutions: Annotated[
            bool, typer.Option("--solutions", help="Write the worked solutions too.")
        ] = False,
    ) -> None:
        from quatrain.explain.exercises.exercise import exercise
        from quatrain.explain.exercises.sheet_file import Student, class_sheets, read_class
        from quatrain.page.problem_sheet import as_markdown

        if students is None:
            sheet = exercise(topic, seed=seed, level=level)
            if out is None:
                echo(as_markdown([sheet], solutions=solutions), nl=False)
            else:
                _write_one(Student(sheet.seed, sheet), out, formats, solutions=solutions)
            return
        if out is None:
            raise SettingsError(
                "--students", "no --out", "a folder to write to", "Add, for example: --out sheets"
            )
        group = class_sheets(topic, read_class(students), seed=seed, level=level)
        _write_class(group, out, formats, solutions=solutions)

    make.__doc__ = (
        f"Ask for {subject}.\n\n"
        f"Example: [bold]quatrain exercise {topic} --seed Ada --level 2 --out sheet[/bold]"
    )
    return make


for _name, _subject in _SUBJECTS.items():
    app.command(_name)(_topic_command(_name, _subject))


@app.command("check")
@report_user_errors
def check(
    sheet: Annotated[
        Path, typer.Argument(metavar="SHEET", help="The .json file that was written with it.")
    ],
    answers: Annotated[
        Path,
        typer.Argument(
            metavar="ANSWERS",
            help='JSON, {"1": 608} or {"Ada": {"1": 608}}, or CSV with the columns student, 1, 2.',
        ),
    ],
    table: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write the marks as a table.")
    ] = None,
    json: Json = False,
) -> None:
    """Check the answers of a student or a class, and name the likely mistakes.

    Example: [bold]quatrain exercise check sheets/class.json answers.json --csv marks.csv[/bold]
    """
    from quatrain.explain.exercises.class_results import class_results
    from quatrain.explain.exercises.sheet_file import mark_class, read_answers, read_sheet
    from quatrain.page.problem_sheet import marks_as_csv, marks_as_json, marks_as_text

    markings = mark_class(read_sheet(sheet), read_answers(answers))
    if table is not None:
        _write(table, marks_as_csv(markings))
    if json:
        echo(marks_as_json(markings))
    else:
        console().print(marks_as_text(markings, class_results(markings)))


def _write_one(
    student: Student, out: Path, formats: Sequence[Format] | None, *, solutions: bool
) -> None:
    """Write the sheet of one student beside its JSON."""
    from quatrain.explain.exercises.sheet_file import sheet_as_json

    by_ending = {ending: name for name, ending in _ENDINGS.items()}
    if out.suffix in by_ending:
        formats, out = (formats or [by_ending[out.suffix]]), out.with_suffix("")
    elif out.suffix == ".json":
        out = out.with_suffix("")
    _write(out.with_name(f"{out.name}.json"), sheet_as_json([student]))
    for name in formats or _ENDINGS:
        for solved in (False, True) if solutions else (False,):
            stem = f"{out.name}-solutions" if solved else out.name
            _write(
                out.with_name(stem + _ENDINGS[name]),
                _document(name, [student.sheet], solved=solved),
            )


def _write_class(
    students: Sequence[Student], folder: Path, formats: Sequence[Format] | None, *, solutions: bool
) -> None:
    """Write a file for each student, one with all sheets to print, and the JSON of the class."""
    from quatrain.explain.exercises.sheet_file import sheet_as_json
    from quatrain.page.export import file_name

    _write(folder / "class.json", sheet_as_json(students))
    for name in formats or _ENDINGS:
        for solved in (False, True) if solutions else (False,):
            ending = ("-solutions" if solved else "") + _ENDINGS[name]
            if name is not Format.ipynb:
                sheets = [student.sheet for student in students]
                _write(folder / f"class{ending}", _document(name, sheets, solved=solved))
            for number, student in enumerate(students, start=1):
                own = file_name(f"{number:0{len(str(len(students)))}d} {student.name}", ending)
                _write(folder / own, _document(name, [student.sheet], solved=solved), quiet=True)
    echo(f"Written: a sheet for each of {len(students):,} students in {folder}", err=True)


def _document(name: Format, sheets: Sequence[ProblemSheet], *, solved: bool) -> str:
    from quatrain.page import problem_sheet

    if name is Format.latex:
        return problem_sheet.as_latex(sheets, solutions=solved)
    if name is Format.markdown:
        return problem_sheet.as_markdown(sheets, solutions=solved)
    if name is Format.html:
        return problem_sheet.as_web_page(sheets, solutions=solved)
    return problem_sheet.as_notebook(sheets[0], solutions=solved)


def _write(path: Path, text: str, *, quiet: bool = False) -> None:
    """Write a file and its folder, and say so."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(
            str(path),
            f"an error of the system ({reason})",
            "a file that can be written",
            "Check the path and the permissions.",
            message=f"{path} can't be written: {reason}.",
        ) from error
    if not quiet:
        echo(f"Written: {path}", err=True)
