"""`quatrain explain model`: a poet, layer by layer."""

from __future__ import annotations

from quatrain.cli.options import Document, Figure, Json, Latex, Poet, report_user_errors, show


@report_user_errors
def model(
    poet: Poet,
    json: Json = False,
    latex: Latex = False,
    document: Document = False,
    figure: Figure = None,
) -> None:
    """Explain a poet layer by layer: shapes, parameters, multiply-adds, memory.

    For your own PyTorch network, use Python:
    quatrain.explain.model(module, example_input).

    Example: [bold]quatrain explain model my-poet[/bold]

    Example: [bold]quatrain explain model my-poet --figure layers.png[/bold]
    """
    from quatrain import explain

    show(explain.model(poet), json=json, latex=latex, document=document, figure=figure)
