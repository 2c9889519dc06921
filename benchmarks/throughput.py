"""The time of a training step against the bound of its own matrix products.

The step is the trainer's own: data, forward pass, loss, backward pass, clipping, AdamW. The bound
is the time of the matrix products that the step cannot do without: same shapes, same precision,
same threads, nothing between them. For each LSTM layer these are the input projection of the whole
chunk, one recurrent product per time step, and their gradients with respect to inputs and weights;
the same for the output layer. Each product is timed with torch's own matrix multiplication and
with oneDNN's linear, and the faster of the two counts, so the bound is the best this machine was
seen to do.

    python benchmarks/throughput.py
    python benchmarks/throughput.py --sizes 512x1 --precision float32
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch

from in_memory import prepared
from machine import machine
from quatrain.config import Training
from quatrain.corpus import Prepared
from quatrain.native import configure_native_libraries
from quatrain.records import Poem
from quatrain.train.device import accelerator, precision
from quatrain.train.loop import Trainer
from quatrain.train.publishing import Publisher
from quatrain.train.report import NullReporter

# hidden x layers, batch, length: the sizes `train` recommends, by corpus
SIZES = ("384x1:8x64", "512x1:16x64", "768x2:64x128")


def made_up(characters: int) -> Prepared:
    """Make up letters in lines; their content does not change the time they take."""
    draw = random.Random(0)
    letters = "abcdefghijklmnopqrstuvwxyz ,.'ABCDEFGHIJKLMNOPQRSTUVWXYZ-;:?!"
    poems = [
        Poem.from_lines(["".join(draw.choices(letters, k=40)) for _ in range(14)])
        for _ in range(characters // 570)
    ]
    return prepared(poems[:-2], poems[-2:], name="made up")


def median_seconds(action: Callable[[], object], runs: int) -> float:
    """Return the median wall time of `action`, after a warm-up."""
    for _ in range(3):
        action()
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        action()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def product_seconds(rows: int, inner: int, columns: int, kind: torch.dtype) -> float:
    """Return the best median time of one (rows, inner) x (inner, columns) product."""
    left = torch.randn(rows, inner).to(kind)
    right = torch.randn(columns, inner).to(kind)
    out = torch.empty(rows, columns, dtype=kind)
    right_transposed = right.t().contiguous()
    runs = max(5, min(200, int(2e10 / (rows * inner * columns))))
    ways: list[Callable[[], object]] = [
        lambda: torch.mm(left, right.t(), out=out),
        lambda: torch.mm(left, right_transposed, out=out),
        lambda: torch.ops.mkldnn._linear_pointwise(left, right, None, "none", [], ""),
    ]
    with torch.no_grad():
        return min(median_seconds(way, runs) for way in ways)


def bound_seconds(trainer: Trainer, kind: torch.dtype) -> float:
    """Return the seconds of the matrix products of one step."""
    settings = trainer.settings
    time_steps, batch = settings.length or 0, settings.batch or 0
    hidden, alphabet = settings.hidden or 0, trainer.data.vocabulary.size
    chunk = time_steps * batch
    total = 0.0
    for layer in range(settings.layers or 0):
        inputs = (settings.embedding or 0) if layer == 0 else hidden
        total += product_seconds(chunk, inputs, 4 * hidden, kind)  # inputs to gates
        total += product_seconds(batch, hidden, 4 * hidden, kind) * time_steps  # hidden to gates
        total += product_seconds(batch, 4 * hidden, hidden, kind) * time_steps  # gates to hidden
        total += product_seconds(chunk, 4 * hidden, inputs, kind)  # gates to inputs
        total += product_seconds(4 * hidden, chunk, inputs, kind)  # to the input weights
        total += product_seconds(4 * hidden, chunk, hidden, kind)  # to the recurrent weights
    total += product_seconds(chunk, hidden, alphabet, kind)
    total += product_seconds(chunk, alphabet, hidden, kind)
    total += product_seconds(alphabet, chunk, hidden, kind)
    return total


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", nargs="*", default=SIZES, metavar="HIDDENxLAYERS:BATCHxLENGTH")
    parser.add_argument("--precision", default="both", choices=("float32", "bfloat16", "both"))
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    configure_native_libraries()

    data = made_up(1_000_000)
    precisions = ["float32"]
    if given.precision == "bfloat16" or (
        given.precision == "both" and precision("auto") == "bfloat16"
    ):
        precisions.append("bfloat16")
    if given.precision == "bfloat16":
        precisions.remove("float32")
    rows = []
    for name in precisions:
        for size in given.sizes:
            cells, chunk = size.split(":")
            hidden, layers = map(int, cells.split("x"))
            batch, length = map(int, chunk.split("x"))
            settings = Training(
                embedding=64, hidden=hidden, layers=layers, dropout=0.3, recurrent_dropout=0.2,
                batch=batch, length=length, learning_rate=1e-3, epochs=100.0, precision=name,
            )  # fmt: skip
            with tempfile.TemporaryDirectory() as folder:
                publisher = Publisher(Path(folder))
                trainer = Trainer(data, settings, accelerator(settings), publisher, NullReporter())
                step = median_seconds(trainer._step, given.steps)
                bound = bound_seconds(trainer, getattr(torch, name))
                again = median_seconds(trainer._step, given.steps)
                step = min(step, again)
            rows.append(
                {
                    "precision": name,
                    "size": size,
                    "step_ms": round(1e3 * step, 2),
                    "bound_ms": round(1e3 * bound, 2),
                    "ratio": round(step / bound, 3),
                    "characters_per_second": round(batch * length / step),
                }
            )
            # A fresh accelerator for the next precision: accelerate keeps one per process.
            trainer.accelerator.free_memory()
        from accelerate.state import AcceleratorState

        AcceleratorState._reset_state(reset_partial_state=True)
    if given.json:
        print(json.dumps({"machine": machine("torch"), "rows": rows}))
        return
    print(machine("torch"))
    print(
        f"{'precision':10} {'size':16} {'step ms':>9} {'bound ms':>9} {'ratio':>6} {'chars/s':>10}"
    )
    for row in rows:
        print(
            f"{row['precision']:10} {row['size']:16} {row['step_ms']:9.1f} {row['bound_ms']:9.1f} "
            f"{row['ratio']:6.2f} {row['characters_per_second']:10,}"
        )


if __name__ == "__main__":
    main()
