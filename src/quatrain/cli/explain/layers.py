"""`quatrain explain conv`, `pool` and the other layers: shapes and counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from quatrain.cli.explain.options import (
    Candidate,
    padding_of,
    per_axis,
    refuse,
    single_number,
    sizes,
    without_none,
)
from quatrain.cli.options import Document, Figure, Json, Latex, report_user_errors, show
from quatrain.errors import SettingsError

if TYPE_CHECKING:
    from quatrain.records import Explanation

Bias = Annotated[bool, typer.Option("--bias/--no-bias", help="With or without biases.")]


@report_user_errors
def convolution(
    inputs: Annotated[
        str,
        typer.Option(
            "--input",
            help="HEIGHTxWIDTHxCHANNELS of a picture (1 channel for a grey one), or "
            "LENGTHxCHANNELS of a text.",
            show_default=False,
        ),
    ],
    filters: Annotated[int, typer.Option(help="Number of output channels.", show_default=False)],
    kernel: Annotated[str, typer.Option(help="Size of the kernel: 5, or 5x3.", show_default=False)],
    stride: Annotated[str, typer.Option(help="Step between windows: 2, or 2x1.")] = "1",
    padding: Annotated[str, typer.Option(help="valid, same, 2, or 2x1.")] = "0",
    dilation: Annotated[str, typer.Option(help="Step between the numbers under the kernel.")] = "1",
    groups: Annotated[int, typer.Option(help="Number of groups of channels.")] = 1,
    bias: Bias = True,
    transposed: Annotated[
        bool,
        typer.Option("--transposed", help="A transposed convolution, which enlarges its input."),
    ] = False,
    output_padding: Annotated[str, typer.Option(help="For a transposed convolution.")] = "0",
    json: Json = False,
    latex: Latex = False,
    document: Document = False,
    figure: Figure = None,
) -> None:
    """Explain a convolution: parameters, output shape, multiply-adds, receptive field.

    Example: [bold]quatrain explain conv --input 32x32x3 --filters 8 --kernel 5[/bold]

    Example: [bold]quatrain explain conv --input 40x64 --filters 128 --kernel 3 --padding same[/bold]

    Example: [bold]quatrain explain conv --input 9x9x1 --filters 1 --kernel 3 --stride 4 --figure walk.png[/bold]
    """  # noqa: E501
    from quatrain import explain

    show(
        explain.convolution(
            sizes("--input", inputs),
            filters=filters,
            kernel=per_axis("--kernel", kernel),
            stride=per_axis("--stride", stride),
            padding=padding_of(padding),
            dilation=per_axis("--dilation", dilation),
            groups=groups,
            bias=bias,
            transposed=transposed,
            output_padding=per_axis("--output-padding", output_padding),
        ),
        json=json,
        latex=latex,
        document=document,
        figure=figure,
    )


@report_user_errors
def pooling(
    matrix: Annotated[
        Path | None,
        typer.Argument(metavar="FILE.csv", help="Rows of numbers to pool.", show_default=False),
    ] = None,
    inputs: Annotated[
        str | None,
        typer.Option("--input", help="A shape instead of a file: HEIGHTxWIDTHxCHANNELS."),
    ] = None,
    kind: Annotated[
        Literal["max", "average"] | None,
        typer.Option(help="Maximum or mean of each window; max by default."),
    ] = None,
    window: Annotated[
        str | None, typer.Option(help="Size of a window: 2, or 3x2; 2 by default.")
    ] = None,
    stride: Annotated[
        str | None, typer.Option(help="Step between windows; by default their size.")
    ] = None,
    padding: Annotated[
        str | None, typer.Option(help="valid, same, 2, or 2x1; 0 by default.")
    ] = None,
    ceil: Annotated[
        bool | None, typer.Option("--ceil", help="Round up: allow a partial last window.")
    ] = None,
    count_padding: Annotated[
        bool | None,
        typer.Option(
            "--count-padding/--no-count-padding",
            help="Count padding in an average, as by default, or not.",
        ),
    ] = None,
    corners: Annotated[
        bool, typer.Option("--corners", help="Compare four images with a block in a corner.")
    ] = False,
    invariance: Annotated[
        bool, typer.Option("--invariance", help="Measure how much pooling keeps under shifts.")
    ] = False,
    seed: Annotated[int | None, typer.Option(help="Seed of the random shapes.", min=0)] = None,
    json: Json = False,
    latex: Latex = False,
    document: Document = False,
    figure: Figure = None,
) -> None:
    """Explain pooling: the windows of a matrix, the result, and the gradient.

    Example: [bold]quatrain explain pool --kind average --window 2 --stride 2 image.csv[/bold]

    Example: [bold]quatrain explain pool --input 28x28x8 --window 2[/bold]

    Example: [bold]quatrain explain pool --corners --figure corners.png[/bold]

    Example: [bold]quatrain explain pool --invariance --figure pooling.svg[/bold]
    """
    from quatrain import explain

    modes = {
        "FILE.csv": matrix is not None,
        "--input": inputs is not None,
        "--corners": corners,
        "--invariance": invariance,
    }
    if sum(modes.values()) != 1:
        raise SettingsError(
            "quatrain explain pool",
            " and ".join(name for name, used in modes.items() if used) or "nothing to pool",
            "one of FILE.csv, --input, --corners and --invariance",
            "Give a file of numbers, or for example --input 28x28x8.",
        )
    sides = {
        "window": None if window is None else per_axis("--window", window),
        "stride": None if stride is None else per_axis("--stride", stride),
    }
    windows = {
        **sides,
        "kind": kind,
        "padding": None if padding is None else padding_of(padding),
        "ceil_mode": ceil,
        "count_padding": count_padding,
    }
    explanation: Explanation
    if corners:
        refuse("--corners", {**windows, "seed": seed})
        explanation = explain.pooling_corners()
    elif invariance:
        refuse("--invariance", {**windows, **dict.fromkeys(sides)})
        squares = {
            name: single_number(f"--{name}", size) for name, size in without_none(sides).items()
        }
        explanation = explain.pooling_invariance(**squares, **without_none({"seed": seed}))
    else:
        refuse("a file or --input", {"seed": seed})
        windows["window"] = windows["window"] or 2
        if matrix is not None:
            explanation = explain.pooling_of(explain.read_matrix(matrix), **without_none(windows))
        else:
            explanation = explain.pooling(sizes("--input", inputs or ""), **without_none(windows))
    show(explanation, json=json, latex=latex, document=document, figure=figure)


@report_user_errors
def embedding(
    alphabet: Annotated[int, typer.Option(help="Number of characters.", show_default=False)],
    size: Annotated[int, typer.Option(help="Size of a vector.", show_default=False)],
    json: Json = False,
    latex: Latex = False,
    document: Document = False,
    figure: Figure = None,
) -> None:
    """Explain an embedding: a table, and why a lookup needs no multiplication.

    Example: [bold]quatrain explain embedding --alphabet 65 --size 64[/bold]

    Example: [bold]quatrain explain embedding --alphabet 65 --size 64 --figure lookup.png[/bold]
    """
    from quatrain import explain

    show(
        explain.embedding(alphabet, size), json=json, latex=latex, document=document, figure=figure
    )


@report_user_errors
def linear(
    inputs: Annotated[int, typer.Option(help="Size of an input vector.", show_default=False)],
    outputs: Annotated[int, typer.Option(help="Size of an output vector.", show_default=False)],
    bias: Bias = True,
    json: Json = False,
    latex: Latex = False,
    document: Document = False,
    figure: Figure = None,
) -> None:
    """Explain a linear layer: every output sees every input.

    Example: [bold]quatrain explain linear --inputs 512 --outputs 65[/bold]

    Example: [bold]quatrain explain linear --inputs 4 --outputs 3 --figure linear.png[/bold]
    """
    from quatrain import explain

    show(
        explain.linear(inputs, outputs, bias=bias),
        json=json,
        latex=latex,
        document=document,
        figure=figure,
    )


@report_user_errors
def highway(
    size: Annotated[int, typer.Option(help="Size of the vector, in and out.", show_default=False)],
    layers: Annotated[int, typer.Option(help="Number of stacked layers.")] = 1,
    gate_bias: Annotated[float, typer.Option(help="Initial value of the gate's biases.")] = -2.0,
    json: Json = False,
    latex: Latex = False,
    document: Document = False,
    figure: Figure = None,
) -> None:
    """Explain a highway layer: a learned gate mixes new numbers with the input.

    Example: [bold]quatrain explain highway --size 525 --layers 2[/bold]

    Example: [bold]quatrain explain highway --size 525 --layers 2 --figure gate.png[/bold]
    """
    from quatrain import explain

    show(
        explain.highway(size, layers=layers, gate_bias=gate_bias),
        json=json,
        latex=latex,
        document=document,
        figure=figure,
    )


@report_user_errors
def lstm(
    inputs: Annotated[int, typer.Option(help="Size of an input vector.", show_default=False)],
    hidden: Annotated[int, typer.Option(help="Cells per layer.", show_default=False)],
    layers: Annotated[int, typer.Option(help="Number of stacked layers.")] = 1,
    biases: Annotated[int, typer.Option(help="Bias vectors per gate; 2 in PyTorch.")] = 1,
    length: Annotated[int, typer.Option(help="Characters in a sequence.")] = 100,
    batch: Annotated[int, typer.Option(help="Sequences read at the same time.")] = 1,
    candidate: Candidate = "g",
    json: Json = False,
    latex: Latex = False,
    document: Document = False,
    figure: Figure = None,
) -> None:
    """Explain an LSTM: parameters of its gates, work per character, memory.

    Example: [bold]quatrain explain lstm --inputs 64 --hidden 512 --layers 2[/bold]

    Example: [bold]quatrain explain lstm --inputs 64 --hidden 512 --figure gates.png[/bold]
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
            biases=1 if biases == 1 else 2,
            length=length,
            batch=batch,
            candidate=candidate,
        ),
        json=json,
        latex=latex,
        document=document,
        figure=figure,
    )
