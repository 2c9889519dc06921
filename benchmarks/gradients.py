"""The exactness of the layers: every value and every gradient against two references.

Every layer gets random shapes, settings and numbers. The first reference is PyTorch in float32,
whose autograd shares no code with ours. The second is central differences in float64, which need
no derivatives: a few numbers of every array are moved by 1e-5 both ways.

    python benchmarks/gradients.py
    python benchmarks/gradients.py --cases 1000 --only lstm conv2d --json

The output is the largest difference in any case, divided by the largest magnitude in the reference
array, or by 1 if that is less. A central difference with this step is itself accurate to about
1e-9. Max pooling is also given ties. They have no slope to measure, so they are compared with
PyTorch alone; both libraries send the gradient to the first.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from machine import machine

from quatrain.layers import (
    LSTM,
    AveragePool1d,
    AveragePool2d,
    Conv1d,
    Conv2d,
    Embedding,
    GlobalAveragePool,
    GlobalMaxPool,
    Highway,
    Linear,
    LSTMStack,
    LSTMState,
    MaxPool1d,
    MaxPool2d,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
    sigmoid_binary_cross_entropy,
    softmax_cross_entropy,
)

STEP = 1e-5
MARGIN = 1e-3  # how far numbers are kept from corners, which have no slope
STEPS_OF_TIME = 50

Arrays = Mapping[str, Any]
Backward = Callable[[Sequence[Any]], dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """One random case of a layer, in both libraries.

    Attributes:
        arrays: inputs and parameters by name, float64. A dot and a number at the end of a name
            mark arrays that are reported together.
        ours: maps the arrays to values and to the backward pass, which takes the gradients of the
            values and returns those of the arrays.
        theirs: maps the same arrays, as tensors, to the same values.
        smooth: whether every point has a slope.
    """

    arrays: Arrays
    ours: Callable[[Arrays], tuple[list[Any], Backward]]
    theirs: Callable[[Arrays], list[Any]]
    smooth: bool = True


def normal(generator: np.random.Generator, *shape: int) -> np.ndarray:
    return generator.normal(size=shape)


def apart(generator: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw numbers that differ from each other and from 0 by at least the margin."""
    count = int(np.prod(shape))
    spread = generator.permutation(count) - count // 2 + 0.5
    return (spread * max(2 * MARGIN, 4 / count)).reshape(shape)


def simple(
    layer: Any, arrays: Arrays, reference: Callable[[Any], Any], smooth: bool = True
) -> Case:
    """Make a case of a layer without parameters."""

    def ours(args: Arrays) -> tuple[list[Any], Backward]:
        value, backward = layer.forward(args["inputs"])
        return [value], lambda gradients: {"inputs": backward(gradients[0])}

    return Case(arrays, ours, lambda args: [reference(args["inputs"])], smooth)


def embedding(generator: np.random.Generator) -> Case:
    alphabet, size = generator.integers(1, 80), generator.integers(1, 32)
    ids = generator.integers(0, alphabet, generator.integers(1, 20, generator.integers(1, 4)))

    def ours(args: Arrays) -> tuple[list[Any], Backward]:
        value, backward = Embedding(args["weight"]).forward(ids)
        return [value], lambda gradients: backward(gradients[0])._asdict()

    def theirs(args: Arrays) -> list[Any]:
        return [torch.nn.functional.embedding(torch.from_numpy(ids), args["weight"])]

    return Case({"weight": normal(generator, alphabet, size)}, ours, theirs)


def linear(generator: np.random.Generator) -> Case:
    *leading, inputs, outputs = generator.integers(1, 24, generator.integers(2, 5))

    def ours(args: Arrays) -> tuple[list[Any], Backward]:
        value, backward = Linear(args["weight"], args["bias"]).forward(args["inputs"])
        return [value], lambda gradients: backward(gradients[0])._asdict()

    def theirs(args: Arrays) -> list[Any]:
        return [torch.nn.functional.linear(args["inputs"], args["weight"], args["bias"])]

    arrays = {
        "inputs": normal(generator, *leading, inputs),
        "weight": normal(generator, outputs, inputs) / np.sqrt(inputs),
        "bias": normal(generator, outputs),
    }
    return Case(arrays, ours, theirs)


def convolution(dimensions: int) -> Callable[[np.random.Generator], Case]:
    layer = (Conv1d, Conv2d)[dimensions - 1]
    functional = (torch.nn.functional.conv1d, torch.nn.functional.conv2d)[dimensions - 1]

    def draw(generator: np.random.Generator) -> Case:
        groups, *per_group = (int(number) for number in generator.integers(1, 4, 3))
        kernel = tuple(generator.integers(1, 6, dimensions).tolist())
        dilation = tuple(generator.integers(1, 4, dimensions).tolist())
        stride = tuple(generator.integers(1, 4, dimensions).tolist())
        extents = [apart * (width - 1) + 1 for apart, width in zip(dilation, kernel, strict=True)]
        around = [tuple(pair) for pair in generator.integers(0, 4, (dimensions, 2)).tolist()]
        padding: Any = around
        match generator.integers(0, 4):
            case 0:
                padding, around = "valid", [(0, 0)] * dimensions
            case 1:
                padding, stride = "same", (1,) * dimensions
                around = [((extent - 1) // 2, extent // 2) for extent in extents]
            case 2:
                padding = tuple(before for before, _ in around)
                around = [(size, size) for size in padding]
        sizes = [
            max(1, extent - before - after) + int(generator.integers(0, 9))
            for extent, (before, after) in zip(extents, around, strict=True)
        ]
        arrays = {
            "inputs": normal(generator, generator.integers(1, 4), groups * per_group[0], *sizes),
            "weight": normal(generator, groups * per_group[1], per_group[0], *kernel)
            / np.sqrt(per_group[0] * np.prod(kernel)),
        }
        if generator.random() < 0.5:
            arrays["bias"] = normal(generator, groups * per_group[1])

        def ours(args: Arrays) -> tuple[list[Any], Backward]:
            made = layer(args["weight"], args.get("bias"), stride, padding, dilation, groups)
            value, backward = made.forward(args["inputs"])

            def back(gradients: Sequence[Any]) -> dict[str, Any]:
                results = backward(gradients[0])._asdict()
                return {name: results[name] for name in args}

            return [value], back

        def theirs(args: Arrays) -> list[Any]:
            sides = [side for pair in reversed(around) for side in pair]
            padded = torch.nn.functional.pad(args["inputs"], sides)
            return [
                functional(padded, args["weight"], args.get("bias"), stride, 0, dilation, groups)
            ]

        return Case(arrays, ours, theirs)

    return draw


def pooling(kind: str, dimensions: int) -> Callable[[np.random.Generator], Case]:
    layers: dict[tuple[str, int], Any] = {
        ("max", 1): MaxPool1d,
        ("max", 2): MaxPool2d,
        ("average", 1): AveragePool1d,
        ("average", 2): AveragePool2d,
    }
    short = {"max": "max", "average": "avg"}[kind]
    functional = getattr(torch.nn.functional, f"{short}_pool{dimensions}d")

    def draw(generator: np.random.Generator) -> Case:
        window = tuple(generator.integers(1, 6, dimensions).tolist())
        stride = tuple(generator.integers(1, 5, dimensions).tolist())
        padding = tuple(int(generator.integers(0, width // 2 + 1)) for width in window)
        ceil_mode, count_padding = (bool(number) for number in generator.integers(0, 2, 2))
        sizes = [
            max(1, width - 2 * beside) + int(generator.integers(0, 9))
            for width, beside in zip(window, padding, strict=True)
        ]
        shape = (*generator.integers(1, 4, 2), *sizes)
        settings: dict[str, Any] = {"padding": padding, "ceil_mode": ceil_mode}
        if kind == "average":
            layer = layers[kind, dimensions](
                window, stride, count_padding=count_padding, **settings
            )
            settings["count_include_pad"] = count_padding
        else:
            layer = layers[kind, dimensions](window, stride, **settings)
        return selecting(
            generator,
            layer,
            shape,
            lambda args: functional(args, window, stride, **settings),
            kind == "max",
        )

    return draw


def selecting(
    generator: np.random.Generator,
    layer: Any,
    shape: Sequence[int],
    reference: Callable[[Any], Any],
    greatest: bool,
) -> Case:
    """Make a case of a pooling layer; max pooling has ties in every other case."""
    if not greatest:
        return simple(layer, {"inputs": normal(generator, *shape)}, reference)
    if generator.random() < 0.5:
        tied = generator.integers(-2, 3, shape).astype(np.float64)
        return simple(layer, {"inputs": tied}, reference, smooth=False)
    return simple(layer, {"inputs": apart(generator, *shape)}, reference)


def global_pooling(kind: str) -> Callable[[np.random.Generator], Case]:
    layer = {"max": GlobalMaxPool(), "average": GlobalAveragePool()}[kind]
    short = {"max": "max", "average": "avg"}[kind]

    def draw(generator: np.random.Generator) -> Case:
        dimensions = int(generator.integers(1, 3))
        functional = getattr(torch.nn.functional, f"adaptive_{short}_pool{dimensions}d")
        shape = (*generator.integers(1, 5, 2), *generator.integers(1, 12, dimensions))
        return selecting(
            generator, layer, shape, lambda args: functional(args, 1).flatten(1), kind == "max"
        )

    return draw


def activation(name: str) -> Callable[[np.random.Generator], Case]:
    layer = {"tanh": Tanh(), "sigmoid": Sigmoid(), "relu": ReLU(), "softmax": Softmax()}[name]
    functional = getattr(torch, name)

    def draw(generator: np.random.Generator) -> Case:
        shape = generator.integers(1, 12, generator.integers(1, 4))
        scale = generator.choice([1.0, 5.0])
        arrays = {"inputs": apart(generator, *shape) * scale}
        along = (-1,) if name == "softmax" else ()
        return simple(layer, arrays, lambda args: functional(args, *along))

    return draw


def highway(generator: np.random.Generator) -> Case:
    rectified = bool(generator.integers(0, 2))
    *leading, size = generator.integers(1, 16, generator.integers(1, 4))
    while True:
        arrays = {
            "inputs": normal(generator, *leading, size),
            "transform.weight": normal(generator, size, size) / np.sqrt(size),
            "transform.bias": normal(generator, size),
            "gate.weight": normal(generator, size, size) / np.sqrt(size),
            "gate.bias": normal(generator, size),
        }
        summed = arrays["inputs"] @ arrays["transform.weight"].T + arrays["transform.bias"]
        if not rectified or np.abs(summed).min() > MARGIN:
            break

    def ours(args: Arrays) -> tuple[list[Any], Backward]:
        layer = Highway(
            Linear(args["transform.weight"], args["transform.bias"]),
            Linear(args["gate.weight"], args["gate.bias"]),
            ReLU() if rectified else Tanh(),
        )
        value, backward = layer.forward(args["inputs"])

        def back(gradients: Sequence[Any]) -> dict[str, Any]:
            results = backward(gradients[0])
            return {
                "inputs": results.inputs,
                "transform.weight": results.transform.weight,
                "transform.bias": results.transform.bias,
                "gate.weight": results.gate.weight,
                "gate.bias": results.gate.bias,
            }

        return [value], back

    def theirs(args: Arrays) -> list[Any]:
        x, affine = args["inputs"], torch.nn.functional.linear
        changed = affine(x, args["transform.weight"], args["transform.bias"])
        changed = torch.relu(changed) if rectified else torch.tanh(changed)
        opened = torch.sigmoid(affine(x, args["gate.weight"], args["gate.bias"]))
        return [opened * changed + (1 - opened) * x]

    return Case(arrays, ours, theirs)


def lstm(generator: np.random.Generator) -> Case:
    time, batch, inputs, hidden = (
        int(generator.integers(1, most + 1)) for most in (STEPS_OF_TIME, 4, 12, 24)
    )
    layers, carried = int(generator.integers(1, 4)), bool(generator.integers(0, 2))
    arrays = {"inputs": normal(generator, time, batch, inputs)}
    for layer in range(layers):
        if carried:
            arrays[f"hidden.{layer}"] = np.tanh(normal(generator, batch, hidden))
            arrays[f"cell.{layer}"] = normal(generator, batch, hidden)
        read = inputs if layer == 0 else hidden
        arrays[f"weight_input.{layer}"] = normal(generator, 4 * hidden, read) / np.sqrt(read)
        arrays[f"weight_hidden.{layer}"] = normal(generator, 4 * hidden, hidden) / np.sqrt(hidden)
        arrays[f"bias.{layer}"] = normal(generator, 4 * hidden)

    def ours(args: Arrays) -> tuple[list[Any], Backward]:
        stack = LSTMStack(
            tuple(
                LSTM(*(args[f"{name}.{layer}"] for name in LSTM_PARAMETERS))
                for layer in range(layers)
            )
        )
        before = [
            LSTMState(args[f"hidden.{layer}"], args[f"cell.{layer}"]) for layer in range(layers)
        ] if carried else None  # fmt: skip
        values, after, backward = stack.forward(args["inputs"], before)

        def back(gradients: Sequence[Any]) -> dict[str, Any]:
            of_states = [LSTMState(*pair) for pair in zip(*gradients[1:], strict=True)]
            results = backward(gradients[0], of_states)
            named = {"inputs": results.inputs}
            for layer, gradient in enumerate(results.layers):
                named |= {f"{name}.{layer}": getattr(gradient, name) for name in LSTM_PARAMETERS}
                if carried:
                    named[f"hidden.{layer}"] = results.states[layer].hidden
                    named[f"cell.{layer}"] = results.states[layer].cell
            return named

        stacked = (
            np.stack([getattr(state, name) for state in after]) for name in LSTMState._fields
        )
        return [values, *stacked], back

    def theirs(args: Arrays) -> list[Any]:
        module = torch.nn.LSTM(inputs, hidden, layers, dtype=args["inputs"].dtype)
        parameters = {}
        for layer in range(layers):
            weight_input, weight_hidden, bias = (
                args[f"{name}.{layer}"] for name in LSTM_PARAMETERS
            )
            parameters |= {
                f"weight_ih_l{layer}": weight_input,
                f"weight_hh_l{layer}": weight_hidden,
                f"bias_ih_l{layer}": bias,
                f"bias_hh_l{layer}": torch.zeros_like(bias),
            }
        before = [
            torch.stack([args[f"{name}.{layer}"] for layer in range(layers)])
            for name in LSTMState._fields
        ] if carried else None  # fmt: skip
        values, after = torch.func.functional_call(module, parameters, (args["inputs"], before))
        return [values, *after]

    return Case(arrays, ours, theirs)


LSTM_PARAMETERS = ("weight_input", "weight_hidden", "bias")


def loss(name: str) -> Callable[[np.random.Generator], Case]:
    def draw(generator: np.random.Generator) -> Case:
        shape = generator.integers(1, 12, generator.integers(1, 4))
        logits = normal(generator, *shape) * generator.choice([1.0, 10.0])
        if name == "softmax":
            targets = np.asarray(generator.integers(0, shape[-1], shape[:-1]))
        else:
            targets = generator.random(shape)
            targets = np.round(targets) if generator.random() < 0.5 else targets

        def ours(args: Arrays) -> tuple[list[Any], Backward]:
            scores = args["logits"]
            if name == "softmax":
                value, backward = softmax_cross_entropy(scores, targets)
            else:
                value, backward = sigmoid_binary_cross_entropy(scores, targets.astype(scores.dtype))
            return (
                [np.asarray(value, scores.dtype)],
                lambda gradients: {"logits": backward(float(gradients[0]))},
            )

        def theirs(args: Arrays) -> list[Any]:
            scores = args["logits"]
            if name == "softmax":
                flat = scores.reshape(-1, shape[-1])
                right = torch.from_numpy(targets).reshape(-1)
                return [torch.nn.functional.cross_entropy(flat, right)]
            right = torch.from_numpy(targets).to(scores.dtype)
            return [torch.nn.functional.binary_cross_entropy_with_logits(scores, right)]

        return Case({"logits": logits}, ours, theirs)

    return draw


LAYERS: dict[str, Callable[[np.random.Generator], Case]] = {
    "embedding": embedding,
    "linear": linear,
    "conv1d": convolution(1),
    "conv2d": convolution(2),
    "maxpool1d": pooling("max", 1),
    "maxpool2d": pooling("max", 2),
    "averagepool1d": pooling("average", 1),
    "averagepool2d": pooling("average", 2),
    "globalmaxpool": global_pooling("max"),
    "globalaveragepool": global_pooling("average"),
    "highway": highway,
    "tanh": activation("tanh"),
    "sigmoid": activation("sigmoid"),
    "relu": activation("relu"),
    "softmax": activation("softmax"),
    "lstm": lstm,
    "softmax cross-entropy": loss("softmax"),
    "sigmoid cross-entropy": loss("sigmoid"),
}


def difference(ours: np.ndarray, reference: np.ndarray) -> float:
    """Return the largest difference, relative to the reference's largest magnitude (at least 1)."""
    assert ours.shape == reference.shape, (ours.shape, reference.shape)
    if not ours.size:
        return 0.0
    apart = np.abs(ours.astype(np.float64) - reference)
    return float(apart.max() / max(1.0, np.abs(reference).max()))


def against_torch(case: Case, generator: np.random.Generator) -> Iterator[tuple[str, float]]:
    """Compare values and gradients with torch in float32."""
    arrays = {name: array.astype(np.float32) for name, array in case.arrays.items()}
    values, backward = case.ours(arrays)
    gradients = [np.asarray(generator.normal(size=value.shape), np.float32) for value in values]
    results = backward(gradients)
    tensors = {name: torch.from_numpy(array).requires_grad_() for name, array in arrays.items()}
    reference = case.theirs(tensors)
    torch.autograd.backward(reference, [torch.from_numpy(gradient) for gradient in gradients])
    for ours, theirs in zip(values, reference, strict=True):
        assert ours.dtype == np.float32, ours.dtype
        yield "value", difference(ours, theirs.detach().numpy())
    for name, tensor in tensors.items():
        assert results[name].dtype == np.float32, (name, results[name].dtype)
        yield name, difference(results[name], tensor.grad.numpy())


def against_differences(
    case: Case, generator: np.random.Generator, entries: int
) -> Iterator[tuple[str, float]]:
    """Compare gradients with central differences in float64, for a few numbers of each array."""
    arrays = {name: array.copy() for name, array in case.arrays.items()}
    values, backward = case.ours(arrays)
    gradients = [generator.normal(size=value.shape) for value in values]
    results = backward(gradients)

    def weighted() -> float:
        return sum(
            float((value * gradient).sum())
            for value, gradient in zip(case.ours(arrays)[0], gradients, strict=True)
        )

    for name, array in arrays.items():
        numbers = array.reshape(-1)
        places = generator.permutation(numbers.size)[:entries]
        slopes = np.empty(len(places))
        for count, place in enumerate(places):
            before = numbers[place]
            numbers[place] = before + STEP
            above = weighted()
            numbers[place] = before - STEP
            slopes[count] = (above - weighted()) / (2 * STEP)
            numbers[place] = before
        yield name, difference(results[name].reshape(-1)[places], slopes)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=200, help="cases per layer")
    parser.add_argument("--entries", type=int, default=5, help="numbers of each array to move")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", choices=LAYERS, default=tuple(LAYERS), metavar="LAYER")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()

    rows = []
    for layer in options.only:
        generator = np.random.default_rng([options.seed, zlib.crc32(layer.encode())])
        torchs: dict[str, float] = defaultdict(float)
        slopes: dict[str, float] = defaultdict(float)
        measured = 0
        for _ in range(options.cases):
            case = LAYERS[layer](generator)
            measured += case.smooth
            for name, largest in against_torch(case, generator):
                torchs[group(name)] = max(torchs[group(name)], largest)
            if case.smooth:
                for name, largest in against_differences(case, generator, options.entries):
                    slopes[group(name)] = max(slopes[group(name)], largest)
        rows += [
            {
                "layer": layer,
                "of": "value" if name == "value" else f"gradient of {name}",
                "cases": options.cases,
                "torch_float32": worst,
                "cases_with_slopes": measured if name in slopes else 0,
                "differences_float64": slopes.get(name),
            }
            for name, worst in torchs.items()
        ]

    where = machine("numpy", "torch")
    if options.json:
        print(json.dumps({"machine": where, "seed": options.seed, "rows": rows}, indent=2))
        return
    print(
        f"{where}\n\nLargest difference in {options.cases} cases per layer, seed {options.seed}\n"
    )
    print(f"{'layer':<22} {'of':<28} {'torch, float32':>15} {'differences, float64':>21}")
    for row in rows:
        slope = row["differences_float64"]
        slope_text = "-" if slope is None else f"{slope:.1e}"
        print(f"{row['layer']:<22} {row['of']:<28} {row['torch_float32']:>15.1e} {slope_text:>21}")


def group(name: str) -> str:
    """Return the name without the number of a layer in a stack."""
    head, _, number = name.rpartition(".")
    return head if number.isdigit() else name


if __name__ == "__main__":
    main()
