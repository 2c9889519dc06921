"""Multiply-adds by formula against layers written as loops that count every product they add.

Each loop computes what the layer computes, checked against the layer's own output, so that
the count is of the right thing.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
import torch
from torch import nn

from quatrain.explain.model_summary.model import model


class Count:
    """Inner products that count themselves."""

    def __init__(self) -> None:
        self.done = 0

    def inner(self, left: np.ndarray, right: np.ndarray) -> float:
        total = 0.0
        for a, b in zip(left.ravel(), right.ravel(), strict=True):
            total += float(a) * float(b)
            self.done += 1
        return total

    def affine(self, matrix: np.ndarray, vector: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
        values = np.array([self.inner(row, vector) for row in matrix])
        return values if bias is None else values + bias


def weights(layer: nn.Module) -> dict[str, np.ndarray]:
    return {name: tensor.detach().numpy() for name, tensor in layer.named_parameters()}


def random(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(7))


def check(layer: nn.Module, inputs: object, values: np.ndarray, count: Count) -> None:
    layer.eval()
    given = inputs if isinstance(inputs, tuple) else (inputs,)
    output = layer(*given)
    output = output[0] if isinstance(output, tuple) else output
    np.testing.assert_allclose(values, output.detach().numpy(), atol=1e-5)
    explained = model(layer, inputs)
    assert explained["total multiply-adds"] == count.done
    assert explained["total parameters"] == sum(p.numel() for p in layer.parameters())


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 4, 3), (2, 1, 2, 3)])
@pytest.mark.parametrize("bias", [True, False])
def test_linear_on_any_leading_sizes(shape: tuple[int, ...], bias: bool) -> None:
    layer, inputs, count = nn.Linear(3, 5, bias=bias), random(*shape), Count()
    held = weights(layer)
    values = np.array(
        [count.affine(held["weight"], v, held.get("bias")) for v in inputs.reshape(-1, 3).numpy()]
    )
    check(layer, inputs, values.reshape(*shape[:-1], 5), count)


@pytest.mark.parametrize("bias", [True, False])
def test_bilinear(bias: bool) -> None:
    # fvcore, thop and torch's own counter give a bilinear layer no multiply-adds.
    layer, count = nn.Bilinear(3, 4, 2, bias=bias), Count()
    first, second = random(5, 3), random(5, 4)
    held = weights(layer)
    values = np.zeros((5, 2))
    for row, output in product(range(5), range(2)):
        x1, x2 = first[row].numpy(), second[row].numpy()
        across = count.affine(held["weight"][output].T, x1, None)
        values[row, output] = count.inner(across, x2)
    check(layer, (first, second), values + (held["bias"] if bias else 0), count)


CONVOLUTIONS = [
    (nn.Conv1d(3, 4, 3), (2, 3, 7)),
    (nn.Conv1d(4, 6, 2, stride=2, padding=1, dilation=2, groups=2, bias=False), (2, 4, 8)),
    (nn.Conv1d(2, 2, 3, padding="same"), (2, 6)),
    (nn.Conv2d(3, 2, (2, 3)), (1, 3, 4, 5)),
    (nn.Conv2d(4, 4, 3, stride=(2, 1), padding=(1, 2), groups=4), (2, 4, 5, 4)),
    (nn.Conv2d(2, 2, 2, padding=1, padding_mode="circular"), (1, 2, 3, 3)),
    (nn.Conv3d(2, 2, 2, stride=2, padding=1, groups=2), (1, 2, 3, 3, 4)),
]


@pytest.mark.parametrize(("layer", "shape"), CONVOLUTIONS)
def test_convolutions(layer: nn.Conv2d, shape: tuple[int, ...]) -> None:
    inputs, count, held = random(*shape), Count(), weights(layer)
    axes = len(layer.kernel_size)
    batched = inputs if inputs.dim() == axes + 2 else inputs[None]
    steps = layer.dilation, layer.kernel_size
    if isinstance(layer.padding, str):
        spans = [d * (k - 1) for d, k in zip(*steps, strict=True)]
        pads = [(span // 2, span - span // 2) for span in spans]
    else:
        pads = [(side, side) for side in layer.padding]
    mode = "wrap" if layer.padding_mode == "circular" else "constant"
    padded = np.pad(batched.numpy(), [(0, 0), (0, 0), *pads], mode=mode)
    sizes = [
        (n - d * (k - 1) - 1) // s + 1
        for n, d, k, s in zip(padded.shape[2:], *steps, layer.stride, strict=True)
    ]
    values = np.zeros((len(batched), layer.out_channels, *sizes))
    each = layer.in_channels // layer.groups
    for image, output in product(range(len(batched)), range(layer.out_channels)):
        group = output // (layer.out_channels // layer.groups)
        for place in product(*map(range, sizes)):
            window = tuple(
                slice(s * p, s * p + d * (k - 1) + 1, d)
                for p, s, d, k in zip(place, layer.stride, *steps, strict=True)
            )
            seen = padded[(image, slice(group * each, (group + 1) * each), *window)]
            values[(image, output, *place)] = count.inner(seen, held["weight"][output])
    if layer.bias is not None:
        values += held["bias"].reshape(1, -1, *[1] * axes)
    check(layer, inputs, values.reshape(layer(inputs).shape), count)


TRANSPOSED = [
    (nn.ConvTranspose1d(3, 4, 3), (2, 3, 5)),
    (nn.ConvTranspose1d(4, 6, 3, stride=3, padding=1, output_padding=1, groups=2), (1, 4, 4)),
    (nn.ConvTranspose2d(3, 2, 2, stride=2), (1, 3, 2, 2)),
    (nn.ConvTranspose2d(4, 4, 3, dilation=2, groups=4, bias=False), (2, 4, 3, 2)),
    (nn.ConvTranspose3d(2, 3, 2, stride=2), (1, 2, 2, 2, 3)),
]


@pytest.mark.parametrize(("layer", "shape"), TRANSPOSED)
def test_transposed_convolutions(layer: nn.ConvTranspose2d, shape: tuple[int, ...]) -> None:
    inputs, held = random(*shape), weights(layer)
    done = 0
    output_shape = layer(inputs).shape
    widest = [n + 2 * p for n, p in zip(output_shape[2:], layer.padding, strict=True)]
    values = np.zeros((shape[0], layer.out_channels, *widest))
    each = layer.out_channels // layer.groups
    for image, channel in product(range(shape[0]), range(layer.in_channels)):
        group = channel // (layer.in_channels // layer.groups)
        for place in product(*map(range, shape[2:])):
            for output in range(each):
                for offset in product(*map(range, layer.kernel_size)):
                    at = tuple(
                        s * p + d * o
                        for s, p, d, o in zip(
                            layer.stride, place, layer.dilation, offset, strict=True
                        )
                    )
                    weight = held["weight"][(channel, output, *offset)]
                    values[(image, group * each + output, *at)] += (
                        weight * inputs[(image, channel, *place)].item()
                    )
                    done += 1
    kept = [slice(p, n - p) for n, p in zip(widest, layer.padding, strict=True)]
    values = values[(slice(None), slice(None), *kept)]
    if layer.bias is not None:
        values = values + held["bias"].reshape(1, -1, *[1] * len(widest))
    count = Count()
    count.done = done
    check(layer, inputs, values, count)


def sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))


def cell(kind: str) -> Callable[..., tuple[np.ndarray, ...]]:
    def lstm(x: np.ndarray, h: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, ...]:
        i, f, g, o = np.split(x + h, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c

    def gru(x: np.ndarray, h: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, ...]:
        (xr, xz, xn), (hr, hz, hn) = np.split(x, 3), np.split(h, 3)
        z = sigmoid(xz + hz)
        new = (1 - z) * np.tanh(xn + sigmoid(xr + hr) * hn) + z * c
        return new, new

    def rnn(x: np.ndarray, h: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, ...]:
        return np.tanh(x + h), c

    return {"LSTM": lstm, "GRU": gru, "RNN": rnn}[kind]


def read(layer: nn.LSTM, sequence: np.ndarray, count: Count) -> np.ndarray:
    """One sequence (time, inputs) through a recurrent network, matrix rows times vectors."""
    held, step = weights(layer), cell(type(layer).__name__)
    for number in range(layer.num_layers):
        sides = []
        for way in range(1 + layer.bidirectional):
            suffix = f"l{number}" + "_reverse" * way
            h = np.zeros(layer.proj_size or layer.hidden_size)
            c = np.zeros(layer.hidden_size)
            out = []
            for x in sequence[::-1] if way else sequence:
                from_input = count.affine(
                    held[f"weight_ih_{suffix}"], x, held.get(f"bias_ih_{suffix}")
                )
                from_state = count.affine(
                    held[f"weight_hh_{suffix}"], h, held.get(f"bias_hh_{suffix}")
                )
                h, c = step(from_input, from_state, c)
                if layer.proj_size:
                    h = count.affine(held[f"weight_hr_{suffix}"], h, None)
                out.append(h)
            sides.append(np.array(out[::-1] if way else out))
        sequence = np.concatenate(sides, axis=1)
    return sequence


RECURRENT = [
    nn.LSTM(3, 4),
    nn.LSTM(3, 2, num_layers=3, bias=False),
    nn.LSTM(3, 2, num_layers=2, bidirectional=True),
    nn.LSTM(3, 4, proj_size=2),
    nn.LSTM(2, 3, num_layers=2, bidirectional=True, proj_size=2),
    nn.GRU(3, 4),
    nn.GRU(3, 2, num_layers=2, bidirectional=True, bias=False),
    nn.RNN(3, 4),
    nn.RNN(3, 2, num_layers=2, bidirectional=True),
]


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
@pytest.mark.parametrize("layer", RECURRENT, ids=str)
def test_recurrent_networks(layer: nn.LSTM) -> None:
    inputs, count = random(5, 2, layer.input_size), Count()
    values = np.stack([read(layer, inputs[:, one].numpy(), count) for one in range(2)], axis=1)
    check(layer, inputs, values, count)


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU, nn.RNN])
def test_recurrent_networks_batch_first_and_without_a_batch(kind: type[nn.LSTM]) -> None:
    layer, inputs, count = kind(3, 2, batch_first=True), random(2, 5, 3), Count()
    values = np.stack([read(layer, one.numpy(), count) for one in inputs])
    check(layer, inputs, values, count)
    count = Count()
    check(layer, inputs[0], read(layer, inputs[0].numpy(), count), count)


def test_packed_sequences_count_their_own_steps_alone() -> None:
    layer, count = nn.LSTM(3, 2, num_layers=2, bidirectional=True), Count()
    sequences = [random(length, 3) for length in (5, 2, 1)]
    for sequence in sequences:
        read(layer, sequence.numpy(), count)
    packed = nn.utils.rnn.pack_sequence(sequences)
    explained = model(layer, (packed,))
    assert (
        explained["total multiply-adds"]
        == count.done
        == model(layer, packed)["total multiply-adds"]
    )
    assert explained.parts[2].rows[0][2] == "packed 8 x 3"


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", [nn.LSTMCell, nn.GRUCell, nn.RNNCell])
def test_cells(kind: type[nn.LSTMCell], bias: bool) -> None:
    layer, inputs, count = kind(3, 4, bias=bias), random(2, 3), Count()
    held, step, values = weights(layer), cell(kind.__name__.removesuffix("Cell")), []
    for x in inputs.numpy():
        from_input = count.affine(held["weight_ih"], x, held.get("bias_ih"))
        from_state = count.affine(held["weight_hh"], np.zeros(4), held.get("bias_hh"))
        values.append(step(from_input, from_state, np.zeros(4))[0])
    check(layer, inputs, np.array(values), count)
    one = model(layer, inputs[0])["total multiply-adds"]
    assert one == count.done // 2


ATTENTION = [
    {},
    {"bias": False},
    {"kdim": 3, "vdim": 5},
    {"kdim": 3},
    {"add_bias_kv": True},
    {"add_zero_attn": True},
    {"batch_first": True},
]


@pytest.mark.parametrize("options", ATTENTION, ids=str)
def test_attention(options: dict[str, object]) -> None:
    layer = nn.MultiheadAttention(4, 2, **options)
    batch, queries, keys = 3, 2, 5
    query, key, value = (
        random(batch, queries, 4),
        random(batch, keys, layer.kdim),
        random(batch, keys, layer.vdim),
    )
    held, count = weights(layer), Count()
    if "in_proj_weight" in held:
        matrices = np.split(held["in_proj_weight"], 3)
    else:
        matrices = [held[f"{name}_proj_weight"] for name in "qkv"]
    biases = np.split(held.get("in_proj_bias", np.zeros(12)), 3)
    values = np.zeros((batch, queries, 4))
    for one in range(batch):
        q, k, v = (
            np.array([count.affine(matrix, vector, bias) for vector in given[one].numpy()])
            for matrix, bias, given in zip(matrices, biases, (query, key, value), strict=True)
        )
        if layer.bias_k is not None:
            k = np.concatenate([k, held["bias_k"][0]])
            v = np.concatenate([v, held["bias_v"][0]])
        if layer.add_zero_attn:
            k, v = np.concatenate([k, np.zeros((1, 4))]), np.concatenate([v, np.zeros((1, 4))])
        for place in range(queries):
            heads = []
            for head in (slice(0, 2), slice(2, 4)):
                scores = count.affine(k[:, head], q[place, head], None) / np.sqrt(2)
                share = np.exp(scores) / np.exp(scores).sum()
                heads.append(count.affine(v[:, head].T, share, None))
            values[one, place] = count.affine(
                held["out_proj.weight"], np.concatenate(heads), held.get("out_proj.bias")
            )
    if layer.batch_first:
        check(layer, (query, key, value), values, count)
    else:
        given = tuple(tensor.transpose(0, 1) for tensor in (query, key, value))
        check(layer, given, values.swapaxes(0, 1), count)
        unbatched = model(layer, (query[0], key[0], value[0]))
        assert unbatched["total multiply-adds"] == count.done // batch


def test_a_bag_multiplies_only_where_it_is_weighted() -> None:
    bag = nn.EmbeddingBag(6, 3, mode="sum")
    indices, shares = torch.tensor([[1, 2], [3, 5]]), random(2, 2)
    assert model(bag, indices)["total multiply-adds"] == 0
    count = Count()
    table = weights(bag)["weight"]
    values = [
        count.affine(table[row].T, share, None)
        for row, share in zip(indices.numpy(), shares.numpy(), strict=True)
    ]
    check(bag, (indices, None, shares), np.array(values), count)


WITHOUT = [
    (nn.Embedding(7, 3), torch.tensor([[1, 2, 6]]), 21),
    (nn.BatchNorm1d(3), random(4, 3), 6),
    (nn.BatchNorm2d(3, affine=False), random(2, 3, 4, 4), 0),
    (nn.BatchNorm3d(3), random(2, 3, 2, 2, 2), 6),
    (nn.InstanceNorm1d(3), random(2, 3, 5), 0),
    (nn.InstanceNorm2d(3, affine=True), random(2, 3, 4, 4), 6),
    (nn.InstanceNorm3d(3, affine=True), random(2, 3, 2, 2, 2), 6),
    (nn.LayerNorm((4, 5)), random(2, 4, 5), 40),
    (nn.LayerNorm(5, bias=False), random(2, 5), 5),
    (nn.LayerNorm(5, elementwise_affine=False), random(2, 5), 0),
    (nn.GroupNorm(2, 4), random(2, 4, 3), 8),
    (nn.GroupNorm(2, 4, affine=False), random(2, 4, 3), 0),
    (nn.RMSNorm(6), random(2, 6), 6),
    (nn.RMSNorm((2, 3), elementwise_affine=False), random(4, 2, 3), 0),
    (nn.LocalResponseNorm(2), random(1, 4, 3, 3), 0),
    (nn.MaxPool1d(2), random(1, 3, 6), 0),
    (nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True), random(1, 3, 6, 6), 0),
    (nn.MaxPool3d(2), random(1, 3, 4, 4, 4), 0),
    (nn.AvgPool1d(2), random(1, 3, 6), 0),
    (nn.AvgPool2d(2, count_include_pad=False), random(1, 3, 6, 6), 0),
    (nn.AvgPool3d(2), random(1, 3, 4, 4, 4), 0),
    (nn.LPPool2d(2, 2), random(1, 3, 4, 4), 0),
    (nn.FractionalMaxPool2d(2, output_size=2), random(1, 3, 5, 5), 0),
    (nn.AdaptiveAvgPool1d(2), random(1, 3, 7), 0),
    (nn.AdaptiveAvgPool2d((2, None)), random(1, 3, 6, 5), 0),
    (nn.AdaptiveMaxPool2d(1), random(1, 3, 6, 5), 0),
    (nn.AdaptiveAvgPool3d(1), random(1, 3, 3, 3, 3), 0),
    (nn.PReLU(3), random(2, 3, 4), 3),
    (nn.ReLU(), random(2, 3), 0),
    (nn.GELU(), random(2, 3), 0),
    (nn.Softmax(dim=-1), random(2, 3), 0),
    (nn.Dropout(0.5), random(2, 3), 0),
    (nn.Identity(), random(2, 3), 0),
    (nn.Flatten(), random(2, 3, 2), 0),
    (nn.Upsample(scale_factor=2), random(1, 2, 3, 3), 0),
    (nn.PixelShuffle(2), random(1, 4, 3, 3), 0),
    (nn.ZeroPad2d(1), random(1, 2, 3, 3), 0),
    (nn.Unfold(2), random(1, 2, 3, 3), 0),
    (nn.Fold((3, 3), 2), random(1, 8, 4), 0),
]


@pytest.mark.parametrize(("layer", "inputs", "parameters"), WITHOUT, ids=str)
def test_layers_without_inner_products(
    layer: nn.Module, inputs: torch.Tensor, parameters: int
) -> None:
    explained = model(layer, inputs)
    assert explained["total parameters"] == parameters
    assert explained["total multiply-adds"] == 0
    name = type(layer).__name__
    notes = [part.text for part in explained.parts if hasattr(part, "text")]
    assert any(f"Without multiply-adds: {name} ({name}: " in note for note in notes), notes
    if parameters:
        formula = explained.formulas[f"{name}: parameters"]
        assert formula.symbols != "weight + bias", "a formula in words, not tensors by name"


@pytest.mark.parametrize(
    ("layer", "inputs", "why"),
    [
        (nn.Softmax(dim=-1), random(2, 3), "no inner product with weights"),
        (nn.GLU(), random(2, 4), "no inner product with weights"),
        (nn.Fold((3, 3), 2), random(1, 8, 4), "copies patches, or adds them up"),
        (
            nn.Upsample(scale_factor=2, mode="bilinear"),
            random(1, 2, 3, 3),
            "repeats or blends neighbours, which isn't counted",
        ),
    ],
)
def test_the_reason_holds_for_every_layer_of_its_kind(
    layer: nn.Module, inputs: torch.Tensor, why: str
) -> None:
    name = type(layer).__name__
    notes = [part.text for part in model(layer, inputs).parts if hasattr(part, "text")]
    assert f"Without multiply-adds: {name} ({name}: {why})." in notes


FORMULAS = {
    "inputs x outputs + outputs": (nn.Linear(3, 5), random(2, 3)),
    "filters x channels x kernel height x kernel width + filters": (
        nn.Conv2d(3, 8, 5),
        random(1, 3, 32, 32),
    ),
    "filters x channels / groups x kernel": (
        nn.Conv1d(4, 8, 3, groups=2, bias=False),
        random(1, 4, 9),
    ),
    "gates x hidden x (inputs + hidden + bias vectors)": (nn.LSTM(3, 4), random(5, 2, 3)),
    "hidden x (inputs + hidden)": (nn.RNN(3, 4, bias=False), random(5, 2, 3)),
    "3 x size x size + 3 x size": (nn.MultiheadAttention(4, 2), (random(2, 4),) * 3),
    "2 x features": (nn.LayerNorm((4, 5)), random(4, 5)),
}


@pytest.mark.parametrize("symbols", FORMULAS)
def test_parameters_are_told_in_words(symbols: str) -> None:
    layer, inputs = FORMULAS[symbols]
    explained = model(layer, inputs)
    assert explained.formulas[f"{type(layer).__name__}: parameters"].symbols == symbols


def test_the_numbers_stand_where_the_words_stood() -> None:
    formulas = model(nn.Conv2d(3, 8, 5), random(1, 3, 32, 32)).formulas
    held, done = formulas["Conv2d: parameters"], formulas["Conv2d: multiply-adds"]
    assert held.numbers == "8 x 3 x 5 x 5 + 8"
    assert held.value == 608
    assert done.symbols == (
        "batch x output height x output width x filters x channels x kernel height x kernel width"
    )
    assert done.numbers == "1 x 28 x 28 x 8 x 3 x 5 x 5"
    assert done.value == 470_400
    lstm = model(nn.LSTM(10, 20), random(7, 2, 10)).formulas["LSTM: multiply-adds"]
    assert lstm.symbols == "time x batch x gates x hidden x (inputs + hidden)"
    assert lstm.numbers == "7 x 2 x 4 x 20 x (10 + 20)"
    assert lstm.latex_symbols.startswith(r"\text{time} \times \text{batch}")
