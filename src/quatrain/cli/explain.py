"""`quatrain explain`: shapes, counts and gradients, with the numbers in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from quatrain.cli.options import Figure, Json, Latex, Poet, show, told_plainly
from quatrain.errors import SettingsError

if TYPE_CHECKING:
    from quatrain.records import Explanation

app = typer.Typer(
    help="Shapes, counts and gradients of every layer, with the numbers in them.",
    no_args_is_help=True,
)

Dilation = Annotated[str, typer.Option(help="Steps between the numbers under the kernel.")]
Padding = Annotated[str, typer.Option(help="valid, same, 2, or 2x1 (one number per axis).")]
Bias = Annotated[bool, typer.Option("--bias/--no-bias", help="Whether there are biases.")]
Seed = Annotated[int, typer.Option(help="The same seed, the same numbers.", min=0)]
Hidden = Annotated[int, typer.Option(help="Cells.")]


@app.command("conv")
@told_plainly
def convolution(
    inputs: Annotated[
        str,
        typer.Option(
            "--input",
            help="HEIGHTxWIDTHxCHANNELS, or LENGTHxCHANNELS.",
            show_default=False,
        ),
    ],
    filters: Annotated[int, typer.Option(help="Feature maps made.", show_default=False)],
    kernel: Annotated[str, typer.Option(help="5, or 5x3.", show_default=False)],
    stride: Annotated[str, typer.Option(help="2, or 2x1.")] = "1",
    padding: Padding = "0",
    dilation: Dilation = "1",
    groups: Annotated[int, typer.Option(help="Channels are split into so many.")] = 1,
    bias: Bias = True,
    transposed: Annotated[bool, typer.Option("--transposed", help="The way up.")] = False,
    output_padding: Annotated[str, typer.Option(help="Of a transposed convolution.")] = "0",
    json: Json = False,
    latex: Latex = False,
) -> None:
    """A convolution: parameters, output shape, multiply-adds, receptive field.

    Example: [bold]quatrain explain conv --input 32x32x3 --filters 8 --kernel 5[/bold]

    Example: [bold]quatrain explain conv --input 40x64 --filters 128 --kernel 3 --padding same[/bold]
    """  # noqa: E501
    from quatrain import explain

    show(
        explain.convolution(
            _sizes("--input", inputs),
            filters=filters,
            kernel=_per_axis("--kernel", kernel),
            stride=_per_axis("--stride", stride),
            padding=_padding(padding),
            dilation=_per_axis("--dilation", dilation),
            groups=groups,
            bias=bias,
            transposed=transposed,
            output_padding=_per_axis("--output-padding", output_padding),
        ),
        json=json,
        latex=latex,
    )


@app.command("pool")
@told_plainly
def pooling(
    matrix: Annotated[
        Path | None,
        typer.Argument(metavar="FILE.csv", help="Rows of numbers to pool.", show_default=False),
    ] = None,
    inputs: Annotated[
        str | None, typer.Option("--input", help="A shape instead: HEIGHTxWIDTHxCHANNELS.")
    ] = None,
    kind: Annotated[Literal["max", "average"], typer.Option(help="What a window gives.")] = "max",
    window: Annotated[str, typer.Option(help="2, or 3x2.")] = "2",
    stride: Annotated[str | None, typer.Option(help="By default the window.")] = None,
    padding: Padding = "0",
    ceil: Annotated[
        bool, typer.Option("--ceil", help="A last window may hang over the end.")
    ] = False,
    count_padding: Annotated[
        bool,
        typer.Option("--count-padding/--no-count-padding", help="Whether it counts in an average."),
    ] = True,
    corners: Annotated[
        bool, typer.Option("--corners", help="Four images with a block in one corner, pooled.")
    ] = False,
    invariance: Annotated[
        bool, typer.Option("--invariance", help="What pooling keeps under shifts, measured.")
    ] = False,
    seed: Seed = 0,
    json: Json = False,
    latex: Latex = False,
    figure: Figure = None,
) -> None:
    """Pooling: the windows of a matrix, the result, and how a gradient comes back.

    Example: [bold]quatrain explain pool --kind average --window 2 --stride 2 image.csv[/bold]

    Example: [bold]quatrain explain pool --input 28x28x8 --window 2[/bold]

    Example: [bold]quatrain explain pool --invariance --figure pooling.svg[/bold]
    """
    from quatrain import explain

    asked = {
        "FILE.csv": matrix is not None,
        "--input": inputs is not None,
        "--corners": corners,
        "--invariance": invariance,
    }
    if sum(asked.values()) != 1:
        raise SettingsError(
            "quatrain explain pool",
            " and ".join(name for name, given in asked.items() if given) or "nothing to pool",
            "one of FILE.csv, --input, --corners and --invariance",
            "Give a file of numbers, or for example --input 28x28x8.",
        )
    windows = _per_axis("--window", window)
    strides = None if stride is None else _per_axis("--stride", stride)
    explanation: Explanation
    if corners:
        explanation = explain.pooling_corners()
    elif invariance:
        explanation = explain.pooling_invariance(
            window=_one("--window", windows),
            stride=None if strides is None else _one("--stride", strides),
            seed=seed,
        )
    elif matrix is not None:
        explanation = explain.pooling_of(
            explain.read_matrix(matrix),
            kind=kind,
            window=windows,
            stride=strides,
            padding=_padding(padding),
            ceil_mode=ceil,
            count_padding=count_padding,
        )
    else:
        explanation = explain.pooling(
            _sizes("--input", inputs or ""),
            kind=kind,
            window=windows,
            stride=strides,
            padding=_padding(padding),
            ceil_mode=ceil,
            count_padding=count_padding,
        )
    show(explanation, json=json, latex=latex, figure=figure)


@app.command()
@told_plainly
def embedding(
    alphabet: Annotated[int, typer.Option(help="Characters.", show_default=False)],
    size: Annotated[int, typer.Option(help="Numbers in a vector.", show_default=False)],
    json: Json = False,
    latex: Latex = False,
) -> None:
    """An embedding: a table, and why looking up needs no multiplication.

    Example: [bold]quatrain explain embedding --alphabet 65 --size 64[/bold]
    """
    from quatrain import explain

    show(explain.embedding(alphabet, size), json=json, latex=latex)


@app.command()
@told_plainly
def linear(
    inputs: Annotated[int, typer.Option(help="Numbers in.", show_default=False)],
    outputs: Annotated[int, typer.Option(help="Numbers out.", show_default=False)],
    bias: Bias = True,
    json: Json = False,
    latex: Latex = False,
) -> None:
    """A linear layer: every output sees every input.

    Example: [bold]quatrain explain linear --inputs 512 --outputs 65[/bold]
    """
    from quatrain import explain

    show(explain.linear(inputs, outputs, bias=bias), json=json, latex=latex)


@app.command()
@told_plainly
def highway(
    size: Annotated[int, typer.Option(help="Numbers in and out.", show_default=False)],
    layers: Annotated[int, typer.Option(help="One upon the other.")] = 1,
    gate_bias: Annotated[float, typer.Option(help="Where the gate's biases begin.")] = -2.0,
    json: Json = False,
    latex: Latex = False,
) -> None:
    """A highway layer: changed by a share that the layer itself decides.

    Example: [bold]quatrain explain highway --size 525 --layers 2[/bold]
    """
    from quatrain import explain

    show(explain.highway(size, layers=layers, gate_bias=gate_bias), json=json, latex=latex)


@app.command()
@told_plainly
def lstm(
    inputs: Annotated[int, typer.Option(help="Numbers in a vector read.", show_default=False)],
    hidden: Annotated[int, typer.Option(help="Cells per layer.", show_default=False)],
    layers: Annotated[int, typer.Option(help="One upon the other.")] = 1,
    biases: Annotated[int, typer.Option(help="Vectors per gate: 2 as PyTorch counts.")] = 1,
    length: Annotated[int, typer.Option(help="Characters in a sequence.")] = 100,
    batch: Annotated[int, typer.Option(help="Sequences side by side.")] = 1,
    json: Json = False,
    latex: Latex = False,
) -> None:
    """An LSTM: four gates' parameters, work per character, memory.

    Example: [bold]quatrain explain lstm --inputs 64 --hidden 512 --layers 2[/bold]
    """
    from quatrain import explain

    if biases not in (1, 2):
        raise SettingsError(
            "--biases", str(biases), "1 or 2", "PyTorch keeps two vectors, most books one."
        )
    show(
        explain.lstm(
            inputs,
            hidden,
            layers=layers,
            biases=cast(Literal[1, 2], biases),
            length=length,
            batch=batch,
        ),
        json=json,
        latex=latex,
    )


@app.command()
@told_plainly
def gradients(
    hidden: Hidden = 2,
    inputs: Annotated[int, typer.Option(help="Numbers in a vector read.")] = 2,
    steps: Annotated[int, typer.Option(help="Steps of the sequence; the loss is at each.")] = 1,
    loss: Annotated[
        Literal["binary", "softmax", "log-only"], typer.Option(help="Which loss.")
    ] = "binary",
    target: Annotated[float, typer.Option(help="The right answer, y.")] = 1.0,
    seed: Seed = 0,
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


@app.command()
@told_plainly
def flow(
    steps: Annotated[int | None, typer.Option(help="Steps back; 50 by default.")] = None,
    hidden: Annotated[int | None, typer.Option(help="Cells; 32 by default.")] = None,
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
    seed: Annotated[int | None, typer.Option(help="The same seed, the same numbers.")] = None,
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
    from quatrain.poet import Poet as TrainedPoet

    size = {"steps": steps, "hidden": hidden, "networks": networks, "seed": seed}
    gates = {
        "forget_gate": forget_gate,
        "input_gate": input_gate,
        "output_gate": output_gate,
        "scale": scale,
    }
    reading = {"text": text, "layer": layer}
    if poet is not None:
        _leave_out("--poet", {**size, **gates, "grid": grid or None})
        explanation = explain.flow_through(TrainedPoet.load(poet), **_given(reading))
    elif grid:
        _leave_out("--grid", {**gates, **reading})
        explanation = explain.flow_grid(**_given(size))
    else:
        _leave_out("random networks", reading)
        explanation = explain.flow(**_given({**size, **gates}))
    show(explanation, json=json, latex=latex, figure=figure)


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _leave_out(what: str, options: Mapping[str, object]) -> None:
    """Raise `SettingsError` if an option was given that would not be heard."""
    given = [f"--{name.replace('_', '-')}" for name in _given(options)]
    if given:
        raise SettingsError(
            "quatrain explain flow",
            f"{', '.join(given)} with {what}",
            "options that go together",
            f"Leave {' and '.join(given)} out.",
        )


@app.command()
@told_plainly
def model(poet: Poet, json: Json = False, latex: Latex = False) -> None:
    """A poet layer by layer: shapes, parameters, multiply-adds, memory.

    For any network of your own in PyTorch, in Python:
    quatrain.explain.model(module, example_input).

    Example: [bold]quatrain explain model my-poet[/bold]
    """
    from quatrain import explain

    show(explain.model(poet), json=json, latex=latex)


def _per_axis(option: str, text: str) -> int | tuple[int, ...]:
    """'5' as 5, '5x3' as (5, 3)."""
    sizes = _sizes(option, text)
    return sizes if len(sizes) > 1 else sizes[0]


def _sizes(option: str, text: str) -> tuple[int, ...]:
    """'32x32x3' as (32, 32, 3)."""
    if not re.fullmatch(r"-?\d{1,18}(x-?\d{1,18})*", text, re.ASCII):
        raise SettingsError(
            option, repr(text), "whole numbers with x between them", "Write for example 5 or 5x3."
        )
    return tuple(map(int, text.split("x")))


def _padding(text: str) -> Literal["valid", "same"] | int | tuple[int, ...]:
    if text in ("valid", "same"):
        return cast(Literal["valid", "same"], text)
    return _per_axis("--padding", text)


def _one(option: str, sizes: int | tuple[int, ...]) -> int:
    if not isinstance(sizes, int):
        raise SettingsError(
            option, "x".join(map(str, sizes)), "one number", "--invariance pools square windows."
        )
    return sizes
