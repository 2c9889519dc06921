"""`quatrain explain gradients` and `flow`: the gradients of an LSTM, at one step and many."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from quatrain.cli.explain.options import Candidate, refuse, without_none
from quatrain.cli.options import Document, Figure, Json, Latex, report_user_errors, show


@report_user_errors
def gradients(
    hidden: Annotated[int, typer.Option(help="Number of cells.")] = 2,
    inputs: Annotated[int, typer.Option(help="Size of an input vector.")] = 2,
    steps: Annotated[int, typer.Option(help="Number of steps, each with a loss.")] = 1,
    loss: Annotated[
        Literal["binary", "softmax", "log-only"], typer.Option(help="Loss function.")
    ] = "binary",
    target: Annotated[
        float, typer.Option(help="Target y: a probability, or a class for softmax.")
    ] = 1.0,
    seed: Annotated[
        int, typer.Option(help="Seed; the same seed gives the same numbers.", min=0)
    ] = 0,
    candidate: Candidate = "g",
    json: Json = False,
    latex: Latex = False,
    document: Document = False,
    figure: Figure = None,
) -> None:
    """Derive the gradients of an LSTM, put numbers in, and check them in four ways.

    The result derived by hand is compared with our own layer, with torch's
    autograd (if torch is installed) and with central differences.

    Example: [bold]quatrain explain gradients[/bold]

    Example: [bold]quatrain explain gradients --steps 3 --latex[/bold]

    Example: [bold]quatrain explain gradients --steps 6 --figure deltas.png[/bold]
    """
    from quatrain import explain

    show(
        explain.gradients(
            hidden=hidden,
            inputs=inputs,
            steps=steps,
            seed=seed,
            target=target,
            loss=loss,
            candidate=candidate,
        ),
        json=json,
        latex=latex,
        document=document,
        figure=figure,
    )


@report_user_errors
def flow(
    steps: Annotated[int | None, typer.Option(help="Number of steps back; 50 by default.")] = None,
    hidden: Annotated[int | None, typer.Option(help="Number of cells; 32 by default.")] = None,
    forget_gate: Annotated[
        float | None, typer.Option(help="Resting value, 0 to 1; 0.99 by default.")
    ] = None,
    input_gate: Annotated[
        float | None, typer.Option(help="Resting value, 0 to 1; 0.01 by default.")
    ] = None,
    output_gate: Annotated[
        float | None, typer.Option(help="Resting value, 0 to 1; 0.01 by default.")
    ] = None,
    scale: Annotated[
        float | None, typer.Option(help="Approximate largest eigenvalue of W_h; 1 by default.")
    ] = None,
    networks: Annotated[
        int | None, typer.Option(help="Number of random networks; 5 by default, 3 with --grid.")
    ] = None,
    grid: Annotated[
        bool, typer.Option("--grid", help="Test every combination of gates and scales.")
    ] = False,
    poet: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Use the gates of this poet while it reads."),
    ] = None,
    text: Annotated[str | None, typer.Option(help="Text for the poet to read.")] = None,
    layer: Annotated[int | None, typer.Option(help="Layer of the poet, from 1.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed; the same seed gives the same numbers.", min=0)
    ] = None,
    json: Json = False,
    latex: Latex = False,
    document: Document = False,
    figure: Figure = None,
) -> None:
    """Follow a gradient back in time: does it vanish, stay stable, or explode?

    Exact Jacobians of an LSTM cell are compared with those of a plain RNN. --grid
    tests a common claim over many settings: that nothing vanishes or explodes
    while forget gates are near 1 and the other gates near 0. --poet uses the
    gates of a trained poet that reads a text.

    Example: [bold]quatrain explain flow --forget-gate 0.9 --steps 100[/bold]

    Example: [bold]quatrain explain flow --grid --figure flow.png[/bold]

    Example: [bold]quatrain explain flow --poet my-poet --text "Shall I compare thee"[/bold]
    """
    from quatrain import explain
    from quatrain.poet import CharacterPoet

    size = {"steps": steps, "hidden": hidden, "networks": networks, "seed": seed}
    gates = {
        "forget_gate": forget_gate,
        "input_gate": input_gate,
        "output_gate": output_gate,
        "scale": scale,
    }
    reading = {"text": text, "layer": layer}
    if poet is not None:
        refuse("--poet", {**size, **gates, "grid": grid or None})
        explanation = explain.poet_flow(CharacterPoet.load(poet), **without_none(reading))
    elif grid:
        refuse("--grid", {**gates, **reading})
        explanation = explain.flow_grid(**without_none(size))
    else:
        refuse("random networks", reading)
        explanation = explain.flow(**without_none({**size, **gates}))
    show(explanation, json=json, latex=latex, document=document, figure=figure)
