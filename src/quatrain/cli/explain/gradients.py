"""`quatrain explain gradients` and `flow`: where the LSTM's gradients come from and go."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from quatrain.cli.explain.options import given, leave_out
from quatrain.cli.options import Figure, Json, Latex, report_user_errors, show


@report_user_errors
def gradients(
    hidden: Annotated[int, typer.Option(help="Number of cells.")] = 2,
    inputs: Annotated[int, typer.Option(help="Size of an input vector.")] = 2,
    steps: Annotated[int, typer.Option(help="Steps read; each has a loss.")] = 1,
    loss: Annotated[
        Literal["binary", "softmax", "log-only"], typer.Option(help="Which loss.")
    ] = "binary",
    target: Annotated[float, typer.Option(help="The right answer, y.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed, the same numbers.", min=0)] = 0,
    json: Json = False,
    latex: Latex = False,
) -> None:
    """The LSTM's gradients, derived, then with numbers, checked in four ways.

    The hand-derived value stands beside our layer's, torch autograd's (if torch
    is installed) and central differences.

    Example: [bold]quatrain explain gradients[/bold]

    Example: [bold]quatrain explain gradients --steps 3 --latex[/bold]
    """
    from quatrain import explain

    show(
        explain.gradients(
            hidden=hidden, inputs=inputs, steps=steps, seed=seed, target=target, loss=loss
        ),
        json=json,
        latex=latex,
    )


@report_user_errors
def flow(
    steps: Annotated[int | None, typer.Option(help="Steps back; 50 by default.")] = None,
    hidden: Annotated[int | None, typer.Option(help="Number of cells; 32 by default.")] = None,
    forget_gate: Annotated[
        float | None, typer.Option(help="Where it rests, 0 to 1; 0.99 by default.")
    ] = None,
    input_gate: Annotated[
        float | None, typer.Option(help="Where it rests, 0 to 1; 0.01 by default.")
    ] = None,
    output_gate: Annotated[
        float | None, typer.Option(help="Where it rests, 0 to 1; 0.01 by default.")
    ] = None,
    scale: Annotated[
        float | None, typer.Option(help="About the largest eigenvalue of W_h; 1 by default.")
    ] = None,
    networks: Annotated[int | None, typer.Option(help="Random networks; 5 by default.")] = None,
    grid: Annotated[
        bool, typer.Option("--grid", help="Every combination of gates and scales instead.")
    ] = False,
    poet: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The gates of this poet, measured while it reads."),
    ] = None,
    text: Annotated[str | None, typer.Option(help="What it reads.")] = None,
    layer: Annotated[int | None, typer.Option(help="Which of its layers, from 1.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="The same seed, the same numbers.", min=0)
    ] = None,
    json: Json = False,
    latex: Latex = False,
    figure: Figure = None,
) -> None:
    """How a gradient travels back: does it vanish, stay, or explode?

    Exact Jacobians of the cell, beside those of a plain RNN. With --grid, the
    claim that nothing vanishes or explodes while forget gates are near 1 and
    the other gates near 0 is tested over a grid. With --poet, the gates are
    those of a trained poet over a text.

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
        leave_out("--poet", {**size, **gates, "grid": grid or None})
        explanation = explain.flow_through(CharacterPoet.load(poet), **given(reading))
    elif grid:
        leave_out("--grid", {**gates, **reading})
        explanation = explain.flow_grid(**given(size))
    else:
        leave_out("random networks", reading)
        explanation = explain.flow(**given({**size, **gates}))
    show(explanation, json=json, latex=latex, figure=figure)
