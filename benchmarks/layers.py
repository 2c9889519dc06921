"""The speed of the layers: Quatrain's NumPy against PyTorch on the processor.

Every layer is timed at sizes met in practice: its value alone, and its value with every gradient,
in float32. Both libraries read the same numbers with the same number of threads, take turns in one
run, and must agree before they are timed. PyTorch's side is its own layer: under `inference_mode`
for the value alone, with autograd and the gradients of inputs and weights for both.

    python benchmarks/layers.py
    python benchmarks/layers.py --only lstm conv2d --threads 2 --json

A ratio is Quatrain's median time divided by PyTorch's: below 1, Quatrain is faster. The targets
are 1.3 for reading with an LSTM, 2 for its training step, and 4 for convolution and pooling in two
dimensions; other rows have none. Below an LSTM's size the table has its recurrent products alone,
in the fastest of eight arrangements that NumPy offers, against the whole of torch's layer: no
layer in NumPy can be faster. As in sample.py, both libraries choose their kernels by the processor
unless you ask for others (`--kernels Haswell`); the output names the kernels in use.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from machine import machine
from sample import kernels

from quatrain.native import configure_native_libraries

EMBEDDING = 64
ALPHABET = 100
# hidden, layers, batch, length: the sizes `train` recommends, and a poem read by itself
LSTM_SIZES = ((384, 1, 8, 64), (512, 1, 16, 64), (768, 2, 64, 128), (256, 1, 1, 64))
# batch, channels, filters, kernel, height and width, stride, padding, groups
CONV2D_SIZES = (
    (16, 32, 64, 3, 32, 1, 1, 1),
    (32, 3, 8, 5, 32, 1, 0, 1),
    (8, 64, 64, 3, 28, 2, 1, 1),
    (8, 128, 128, 3, 14, 1, 1, 1),
    (16, 64, 64, 3, 32, 1, 1, 64),
)
# words or lines, channels, filters, kernel, letters; filters as in Kim et al. 2016, section 4
CONV1D_SIZES = (
    (320, 16, 50, 2, 21),
    (320, 16, 100, 4, 21),
    (320, 16, 150, 6, 21),
    (64, 64, 128, 5, 128),
)
# batch, channels, height and width, window, stride, padding
POOL2D_SIZES = ((16, 32, 32, 2, 2, 0), (16, 32, 64, 3, 2, 1), (8, 64, 56, 2, 2, 0))
# batch, channels, length
POOL1D_SIZES = ((320, 100, 18), (64, 128, 128))
VECTORS = 64 * 128

ALONE = 0.4  # seconds a side runs before it is timed
ROUNDS, FEWEST = 3, 3  # turns of each side, and runs in a turn


@dataclass(frozen=True)
class Row:
    """One layer at one size, in both libraries.

    `forward` returns the value first and the backward pass last. `reference` returns torch's
    value; `leaves` are the tensors that get gradients. `least` are ways to compute the part that
    no layer can do without.
    """

    layer: str
    size: str
    value: Callable[[], Any]
    forward: Callable[[], Any]
    reference: Callable[[], Any]
    leaves: Sequence[Any]
    targets: tuple[float | None, float | None] = (None, None)
    least: Sequence[Callable[[], Any]] = ()


def lstm_rows() -> Iterator[Row]:
    import torch

    from quatrain.layers.lstm import LSTM, LSTMStack

    for hidden, layers, batch, length in LSTM_SIZES:
        reference = torch.nn.LSTM(EMBEDDING, hidden, layers)
        weights = {
            name: parameter.detach().numpy() for name, parameter in reference.named_parameters()
        }
        stack = LSTMStack(
            tuple(
                LSTM(
                    weights[f"weight_ih_l{k}"],
                    weights[f"weight_hh_l{k}"],
                    weights[f"bias_ih_l{k}"] + weights[f"bias_hh_l{k}"],
                )
                for k in range(layers)
            )
        )
        x = torch.randn(length, batch, EMBEDDING, requires_grad=True)
        inputs = x.detach().numpy()
        yield Row(
            "LSTM",
            f"{hidden}x{layers} : {batch}x{length}",
            lambda stack=stack, inputs=inputs: stack.value(inputs)[0],
            lambda stack=stack, inputs=inputs: stack.forward(inputs),
            lambda reference=reference, x=x: reference(x)[0],
            [x, *reference.parameters()],
            (1.3, 2.0),
            [
                products(
                    [lstm.weight_hidden for lstm in stack.layers], batch, length, pieces, turned
                )
                for pieces in (1, 2, 4, 8)
                for turned in (False, True)
            ],
        )


def products(
    weights: Sequence[Any], batch: int, length: int, pieces: int, turned: bool
) -> Callable[[], None]:
    """Return a function that does all recurrent products, with the weights in pieces."""
    import numpy as np

    done = []
    for weight in weights:
        gates, hidden = weight.shape
        blocks = weight.reshape(pieces, gates // pieces, hidden)
        vectors = np.ones((batch, hidden), weight.dtype)
        if turned:
            left, right = blocks, np.ascontiguousarray(vectors.T)
        else:
            left, right = vectors, np.ascontiguousarray(blocks.transpose(0, 2, 1))
        done.append((left, right, left @ right))

    def run() -> None:
        for left, right, out in done:
            for _ in range(length):
                np.matmul(left, right, out=out)

    return run


def of_layer(
    name: str,
    size: str,
    layer: Any,
    inputs: Any,
    reference: Callable[[Any], Any],
    leaves: Sequence[Any],
    target: float | None = None,
) -> Row:
    """Make a row for a layer that reads one array, `inputs`, given as a tensor."""
    array = inputs.detach().numpy()
    return Row(
        name,
        size,
        lambda: layer.value(array),
        lambda: layer.forward(array),
        lambda: reference(inputs),
        leaves,
        (target, target),
    )


def conv2d_rows() -> Iterator[Row]:
    import torch

    from quatrain.layers.convolution import Conv2d

    for batch, channels, filters, kernel, side, stride, padding, groups in CONV2D_SIZES:
        reference = torch.nn.Conv2d(
            channels, filters, kernel, stride, padding, groups=groups, bias=True
        )
        weight, bias = (parameter.detach().numpy() for parameter in reference.parameters())
        x = torch.randn(batch, channels, side, side, requires_grad=True)
        yield of_layer(
            "depthwise 2-D" if groups > 1 else "convolution 2-D",
            f"{batch}x{channels}x{side}x{side}, {filters} of {kernel}x{kernel}"
            + (f" / {stride}" if stride > 1 else ""),
            Conv2d(weight, bias, stride, padding, groups=groups),
            x,
            reference,
            [x, *reference.parameters()],
            4.0,
        )


def conv1d_rows() -> Iterator[Row]:
    import torch

    from quatrain.layers.convolution import Conv1d

    for batch, channels, filters, kernel, length in CONV1D_SIZES:
        reference = torch.nn.Conv1d(channels, filters, kernel)
        weight, bias = (parameter.detach().numpy() for parameter in reference.parameters())
        x = torch.randn(batch, channels, length, requires_grad=True)
        yield of_layer(
            "convolution 1-D",
            f"{batch}x{channels}x{length}, {filters} of {kernel}",
            Conv1d(weight, bias),
            x,
            reference,
            [x, *reference.parameters()],
        )


def pool_rows() -> Iterator[Row]:
    import torch
    from torch.nn import functional

    from quatrain.layers.pooling import (
        AveragePool2d,
        GlobalAveragePool,
        GlobalMaxPool,
        MaxPool2d,
    )

    for batch, channels, side, window, stride, padding in POOL2D_SIZES:
        x = torch.randn(batch, channels, side, side, requires_grad=True)
        size = f"{batch}x{channels}x{side}x{side}, {window}x{window} / {stride}"
        settings = (window, stride, padding)
        for name, layer, reference in (
            ("max pooling 2-D", MaxPool2d(*settings), functional.max_pool2d),
            ("average pooling 2-D", AveragePool2d(*settings), functional.avg_pool2d),
        ):
            yield of_layer(
                name, size, layer, x, lambda x, f=reference, s=settings: f(x, *s), [x], 4.0
            )
    for shape in POOL1D_SIZES:
        x = torch.randn(shape, requires_grad=True)
        size = "x".join(map(str, shape))
        yield of_layer("max over time", size, GlobalMaxPool(), x, lambda x: x.max(2).values, [x])
        yield of_layer("mean over time", size, GlobalAveragePool(), x, lambda x: x.mean(2), [x])


def vector_rows() -> Iterator[Row]:
    import torch
    from torch.nn import functional

    from quatrain.layers.activations import ReLU, Sigmoid, Tanh
    from quatrain.layers.embedding import Embedding
    from quatrain.layers.highway import Highway
    from quatrain.layers.linear import Linear
    from quatrain.layers.losses import softmax_cross_entropy

    ids = torch.randint(ALPHABET, (128, 64))
    table = torch.nn.Embedding(ALPHABET, EMBEDDING)
    yield of_layer(
        "embedding",
        f"128x64 of {ALPHABET}, size {EMBEDDING}",
        Embedding(table.weight.detach().numpy()),
        ids,
        table,
        [table.weight],
    )

    def ours(layer: torch.nn.Linear) -> Linear:
        return Linear(layer.weight.detach().numpy(), layer.bias.detach().numpy())

    linear = torch.nn.Linear(512, ALPHABET)
    x = torch.randn(VECTORS, 512, requires_grad=True)
    yield of_layer(
        "linear", f"{VECTORS}x512 to {ALPHABET}", ours(linear), x, linear,
        [x, *linear.parameters()],
    )  # fmt: skip

    change, gate = torch.nn.Linear(256, 256), torch.nn.Linear(256, 256)

    def highway(x: Any) -> Any:
        opened = torch.sigmoid(gate(x))
        return opened * torch.relu(change(x)) + (1 - opened) * x

    x = torch.randn(1024, 256, requires_grad=True)
    yield of_layer(
        "highway", "1024x256", Highway(ours(change), ours(gate)), x, highway,
        [x, *change.parameters(), *gate.parameters()],
    )  # fmt: skip

    x = torch.randn(VECTORS, ALPHABET, requires_grad=True)
    for name, layer, function in (
        ("tanh", Tanh(), torch.tanh),
        ("sigmoid", Sigmoid(), torch.sigmoid),
        ("ReLU", ReLU(), torch.relu),
    ):
        yield of_layer(name, f"{VECTORS}x{ALPHABET}", layer, x, function, [x])

    targets = torch.randint(ALPHABET, (VECTORS,))
    logits, right = x.detach().numpy(), targets.numpy()
    yield Row(
        "softmax cross-entropy",
        f"{VECTORS}x{ALPHABET}",
        lambda: softmax_cross_entropy(logits, right)[0],
        lambda: softmax_cross_entropy(logits, right),
        lambda: functional.cross_entropy(x, targets),
        [x],
    )


KINDS: dict[str, Callable[[], Iterator[Row]]] = {
    "lstm": lstm_rows,
    "conv2d": conv2d_rows,
    "conv1d": conv1d_rows,
    "pool": pool_rows,
    "vectors": vector_rows,
}


def in_turns(actions: Sequence[Callable[[], object]], seconds: float) -> list[float]:
    """Time the actions in turns, three times, each alone for a while; return median seconds.

    The idle threads of one library spin at first and slow the other down. So nothing is timed
    until a side has run for `ALONE` seconds.
    """
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(ROUNDS):
        for action, durations in zip(actions, times, strict=True):
            awake = time.perf_counter() + ALONE
            while time.perf_counter() < awake:
                action()
            end = time.perf_counter() + seconds / (ROUNDS * len(actions))
            runs = 0
            while runs < FEWEST or time.perf_counter() < end:
                begin = time.perf_counter()
                action()
                durations.append(time.perf_counter() - begin)
                runs += 1
    return [statistics.median(durations) for durations in times]


def measure(row: Row, seconds: float) -> list[dict[str, Any]]:
    """Time the value, and the value with its gradients.

    Raises:
        SystemExit: the two libraries disagree, so that their times mean nothing.
    """
    import numpy as np
    import torch

    upstream = torch.randn_like(row.reference().detach())
    if upstream.ndim == 0:
        upstream = torch.tensor(1.0)
    gradient = upstream.numpy() if upstream.ndim else 1.0

    def value_of_torch() -> object:
        with torch.inference_mode():
            return row.reference()

    def both() -> tuple[Any, Any]:
        value, *_, backward = row.forward()
        return value, backward(gradient)

    def both_of_torch() -> Any:
        for leaf in row.leaves:
            leaf.grad = None
        value = row.reference()
        value.backward(upstream)
        return value

    value, gradients = both()
    theirs = both_of_torch().detach().numpy()
    first = gradients[0] if isinstance(gradients, tuple) else gradients
    expected = row.leaves[0].grad.numpy()
    for ours, right in ((row.value(), theirs), (value, theirs), (first, expected)):
        scale = float(np.abs(right).max())
        if not np.allclose(ours, right, rtol=0, atol=1e-4 * scale):
            raise SystemExit(f"{row.layer} {row.size}: the two libraries disagree")

    measured = []
    if row.least:
        theirs, *times = in_turns((value_of_torch, *row.least), seconds)
        measured.append(compared(row, "its products alone", min(times), theirs, None))
    for what, actions, target in (
        ("value", (row.value, value_of_torch), row.targets[0]),
        ("value and gradients", (both, both_of_torch), row.targets[1]),
    ):
        ours, theirs = in_turns(actions, seconds)
        measured.append(compared(row, what, ours, theirs, target))
    return measured


def compared(
    row: Row, what: str, ours: float, theirs: float, target: float | None
) -> dict[str, Any]:
    """Format a line of the table; times are in milliseconds."""
    return {
        "layer": row.layer,
        "size": row.size,
        "what": what,
        "quatrain_ms": round(1e3 * ours, 3),
        "torch_ms": round(1e3 * theirs, 3),
        "ratio": round(ours / theirs, 2),
        "target": target,
        "met": None if target is None else ours <= target * theirs,
    }


def show(row: dict[str, Any]) -> None:
    aim = "" if row["target"] is None else f"{row['target']:6.1f}  {'yes' if row['met'] else 'no'}"
    print(
        f"{row['layer']:22} {row['size']:30} {row['what']:20} {row['quatrain_ms']:9.2f} "
        f"{row['torch_ms']:9.2f} {row['ratio']:6.2f} {aim}".rstrip(),
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=KINDS, default=list(KINDS), metavar="KIND",
                        help=f"layers to time: {', '.join(KINDS)}")  # fmt: skip
    parser.add_argument(
        "--threads", type=int, default=os.cpu_count(), help="threads of OpenBLAS and of torch"
    )
    parser.add_argument("--kernels", default="", help="OpenBLAS kernels, such as Haswell")
    parser.add_argument("--seconds", type=float, default=4.0, help="seconds per line")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):  # read when NumPy is first imported
        os.environ[name] = str(options.threads)
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        os.environ.pop(name, None)
    if options.kernels:
        os.environ["OPENBLAS_CORETYPE"] = options.kernels
    configure_native_libraries()

    import torch

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    where = (
        f"{machine('numpy', 'torch')}, {options.threads} threads each, OpenBLAS {kernels()} kernels"
    )
    if not options.json:
        print(f"{where}\n\nMilliseconds, medians\n")
        print(
            f"{'layer':22} {'size':30} {'what':20} {'quatrain':>9} {'torch':>9} {'ratio':>6} "
            "target met"
        )
    rows = []
    for kind in options.only:
        for row in KINDS[kind]():
            for line in measure(row, options.seconds):
                rows.append(line)
                if not options.json:
                    show(line)
    if options.json:
        print(json.dumps({"machine": where, "rows": rows}, indent=2))


if __name__ == "__main__":
    main()
