"""`quatrain explain`: shapes, counts and gradients, with the numbers in them."""

from __future__ import annotations

import typer

from quatrain.cli.explain.gradients import flow, gradients
from quatrain.cli.explain.layers import convolution, embedding, highway, linear, lstm, pooling
from quatrain.cli.explain.model import model
from quatrain.cli.explain.sequences import windows

app = typer.Typer(
    help="Explain layers and poets: shapes, counts and gradients, with the numbers in them.",
    no_args_is_help=True,
)
app.command("conv")(convolution)
app.command("pool")(pooling)
for command in (embedding, linear, highway, lstm, gradients, flow, windows, model):
    app.command()(command)
