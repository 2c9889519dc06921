"""`quatrain demo`: an experiment with sliders, in the terminal or as a page without a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quatrain.cli.options import Json, Latex, report_user_errors
from quatrain.cli.streams import console, echo
from quatrain.errors import OutputError, SettingsError

if TYPE_CHECKING:
    from quatrain.explain.demonstrations.topics import Topic


@report_user_errors
def demo(
    topic: Annotated[
        str, typer.Argument(metavar="[TOPIC]", help="What to show. Without it: the topics.")
    ] = "",
    state: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE", help="The value of a control, such as n=12; may be repeated."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.html",
            help="Write a page with sliders that opens without a server, for a course page.",
        ),
    ] = None,
    python: Annotated[
        bool, typer.Option("--python", help="Print lines of Python that give the same numbers.")
    ] = False,
    json: Json = False,
    latex: Latex = False,
) -> None:
    """Show what a layer or a poet does as its sizes and inputs change.

    The desk has the same experiments with every value of every slider: quatrain studio, then
    More, Inside. A page that is written has the values of a grid, computed beforehand.

    Example: [bold]quatrain demo convolution --state n=12 --state k=5[/bold]

    Example: [bold]quatrain demo convolution --out convolution.html[/bold]
    """
    from quatrain.explain import demonstrate
    from quatrain.explain.demonstrations.state import read_state
    from quatrain.explain.demonstrations.topics import find_topic, list_topics
    from quatrain.page import demonstration as page

    if sum((python, json, latex, out is not None)) > 1:
        raise SettingsError(
            "--out, --python, --json and --latex", "several", "one of them", "Leave the others out."
        )
    if not topic:
        if state or out or python or json or latex:
            raise SettingsError(
                "the topic", "none", "one of them", "Name it, as in: quatrain demo convolution"
            )
        _list(list_topics())
        return
    subject = find_topic(topic)
    values = read_state(subject.controls, _pairs(state or []))
    if out is not None:
        _write_page(topic, values, out)
        return
    shown = demonstrate(topic, **values)
    if json:
        echo(page.as_json(shown))
    elif latex:
        echo(page.as_latex(shown))
    elif python:
        echo(shown.python, nl=False)
    else:
        console().print(page.as_text(shown))


def _list(topics: tuple[Topic, ...]) -> None:
    for topic in topics:
        names = ", ".join(control.name for control in topic.controls)
        echo(f"{topic.name}\n    {topic.title}. {topic.lead}\n    Controls: {names}")


def _pairs(texts: list[str]) -> dict[str, str]:
    """Return the names and values of NAME=VALUE."""
    pairs = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise SettingsError(
                "--state", f"{text!r:.60}", "a name and a value", "Write it as in: --state n=12"
            )
        pairs[name] = value
    return pairs


def _write_page(topic: str, values: dict[str, object], out: Path) -> None:
    """Write the page of a topic, with a bar for the states that are computed."""
    from rich.progress import Progress

    import quatrain
    from quatrain.explain.demonstrations.grid import state_grid
    from quatrain.page.demonstration_page import DemonstrationTable, as_page

    if out.suffix.lower() not in (".html", ".htm"):
        raise SettingsError("--out", str(out), "a name that ends in .html", "Add .html to it.")
    grid = state_grid(topic, values)
    table = DemonstrationTable(grid.values, grid.first)
    with Progress(console=console(stderr=True), transient=True) as progress:
        for shown in progress.track(grid, description=f"{len(grid):,} states"):
            table.add(shown)
    text = as_page(table, Path(quatrain.__file__).parent / "studio" / "static")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8", newline="\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(
            str(out),
            f"an error of the system ({reason})",
            "a file that can be written",
            "Check the path and the permissions.",
            message=f"{out} can't be written: {reason}.",
        ) from error
    size = f"{len(text.encode()) / 2**20:.1f} MB"
    echo(f"Written: {out} ({size}, {len(grid):,} states of {', '.join(grid.values)})", err=True)
