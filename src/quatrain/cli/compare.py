"""`quatrain compare`: groups of poems side by side, with intervals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quatrain.cli.options import (
    Document,
    Figure,
    Json,
    Latex,
    check_output,
    draw_pictures,
    report_user_errors,
)
from quatrain.cli.streams import console, echo
from quatrain.errors import SettingsError


@report_user_errors
def compare(
    results: Annotated[
        list[Path],
        typer.Argument(
            metavar="RESULTS...",
            help="Folders of results, as scan --out makes.",
            show_default=False,
        ),
    ],
    by: Annotated[
        str,
        typer.Option(
            metavar="KEYS",
            help="Divide the poems by author, year, decade, century, form, foot, metre or a field "
            "of the source; several with commas between them.",
            show_default=False,
        ),
    ] = "",
    group: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Compare this group only; name two for their differences.",
            show_default=False,
        ),
    ] = None,
    least: Annotated[
        int, typer.Option(help="Groups of fewer poems are put together as others.")
    ] = 20,
    most: Annotated[
        int, typer.Option(help="Metres, variations, schemes and so on that are shown at most.")
    ] = 10,
    resamples: Annotated[
        int, typer.Option(help="How often poems are drawn again for the intervals.")
    ] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of these draws.")] = 0,
    json: Json = False,
    csv: Annotated[
        bool, typer.Option("--csv", help="Print CSV: a row for each group and measure.")
    ] = False,
    latex: Latex = False,
    document: Document = False,
    figure: Figure = None,
) -> None:
    """Compare scanned poems: metres, variations, line lengths, rhymes, schemes of stanzas.

    Two folders are compared with each other; one is divided by --by. Every number has a
    95 % interval, from drawing the poems of a group again, and so has the difference
    between two groups. Pictures are bars for two or three groups, and heat maps for more.

    Example: [bold]quatrain compare results --by decade --figure metres.png[/bold]
    """
    from quatrain.page import explanation as explanation_page
    from quatrain.page import group_comparison as page
    from quatrain.page.figures import check_figure
    from quatrain.page.latex import as_document
    from quatrain.scale import compare as compare_groups

    if json + csv + latex > 1:
        raise SettingsError(
            "--json, --csv and --latex", "several", "one of them", "Leave the others out."
        )
    check_output(json=json, latex=latex, document=document, figure=figure)
    if figure is not None:
        check_figure(figure)
    comparison = compare_groups(
        *results,
        by=by,
        groups=group or (),
        least=least,
        most=most,
        resamples=resamples,
        seed=seed,
    )
    files: dict[str, str] = {}
    if figure is not None:
        files = draw_pictures(page.as_explanation(comparison, pictures=True), figure)
    if json:
        echo(page.as_json(comparison))
    elif csv:
        echo(page.as_csv(comparison).rstrip("\n"))
    elif latex:
        shown = page.as_explanation(comparison, pictures=bool(files))
        if document:
            echo(as_document(shown, files), nl=False)
        else:
            echo(explanation_page.as_latex(shown, files))
    else:
        console().print(explanation_page.as_text(page.as_explanation(comparison)))
