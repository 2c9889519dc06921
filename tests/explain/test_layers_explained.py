"""The arithmetic of embedding, linear, highway and LSTM, against PyTorch and against counting."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.layers import embedding, highway, linear
from quatrain.explain.arithmetic.lstm import lstm
from quatrain.layers import LSTM, Linear
from quatrain.layers.lstm_sequence import read
from quatrain.records import Explanation, Matrix, Note, Table

SIZE = st.integers(1, 40)


def counted(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def formula(explanation: Explanation, name: str) -> tuple[str, str]:
    found = explanation.formulas[name]
    return found.symbols, found.numbers


def notes(explanation: Explanation) -> str:
    return "\n".join(part.text for part in explanation.parts if isinstance(part, Note))


@settings(max_examples=30, deadline=None)
@given(SIZE, SIZE)
def test_an_embedding_counts_as_torch_does(alphabet: int, size: int) -> None:
    explanation = embedding(alphabet, size)
    module = torch.nn.Embedding(alphabet, size)
    assert explanation["total"] == counted(module)
    assert explanation["output shape"] == tuple(module(torch.tensor(0)).shape)
    assert explanation["multiply-adds"] == 0
    one_by_one = sum(1 for _ in range(size) for _ in range(alphabet))
    assert explanation["multiply-adds as a product"] == one_by_one
    assert explanation["memory of the parameters"] == 4 * alphabet * size
    assert explanation["memory of the output"] == 4 * size


def test_an_embedding_shows_its_look_up_as_a_product() -> None:
    explanation = embedding(80, 16)
    assert formula(explanation, "total") == ("alphabet x size", "80 x 16")
    shown = {part.title: part.values for part in explanation.parts if isinstance(part, Matrix)}
    (one_hot,), table, product, row = (np.array(values) for values in shown.values())
    assert (one_hot @ table == product[0]).all()
    assert (row == product).all()
    assert one_hot.tolist() == [0, 0, 1, 0]


@settings(max_examples=30, deadline=None)
@given(SIZE, SIZE, st.booleans())
def test_a_linear_layer_counts_as_torch_does(inputs: int, outputs: int, bias: bool) -> None:
    explanation = linear(inputs, outputs, bias=bias)
    module = torch.nn.Linear(inputs, outputs, bias=bias)
    assert explanation["total"] == counted(module)
    assert explanation["weights"] == module.weight.numel()
    assert explanation["biases"] == (outputs if bias else 0)
    assert explanation["output shape"] == tuple(module(torch.zeros(inputs)).shape)
    one_by_one = sum(1 for _ in range(outputs) for _ in range(inputs))
    assert explanation["multiply-adds"] == one_by_one
    assert explanation["memory of the parameters"] == 4 * counted(module)


def test_a_linear_layer_in_formulas() -> None:
    explanation = linear(256, 80)
    assert formula(explanation, "weights") == ("outputs x inputs", "80 x 256")
    assert formula(explanation, "total") == ("weights + biases", "20480 + 80")
    assert explanation["total"] == 20_560


@settings(max_examples=20, deadline=None)
@given(SIZE, st.integers(1, 4))
def test_a_highway_counts_as_two_linear_layers_of_torch(size: int, layers: int) -> None:
    explanation = highway(size, layers=layers)
    module = torch.nn.ModuleList(torch.nn.Linear(size, size) for _ in range(2 * layers))
    assert explanation["total"] == counted(module)
    assert explanation["transform"] == explanation["gate"] == size * size + size
    assert explanation["multiply-adds"] == 2 * layers * size**2
    assert explanation["element-wise multiplications"] == 2 * layers * size
    assert explanation["output shape"] == (size,)


def test_a_highway_carries_at_the_start() -> None:
    explanation = highway(100, layers=2)
    assert formula(explanation, "total") == (
        "layers x 2 x (size x size + size)",
        "2 x 2 x (100 x 100 + 100)",
    )
    assert formula(highway(100), "total") == ("2 x (size x size + size)", "2 x (100 x 100 + 100)")
    changed = 1 / (1 + math.exp(2))
    assert explanation["share changed at the start"] == pytest.approx(changed)
    assert explanation["share carried at the start"] == pytest.approx(1 - changed)
    assert formula(explanation, "share changed at the start") == (
        "e^bias / (1 + e^bias)",
        "2.71828^(-2) / (1 + 2.71828^(-2))",
    )
    through = explanation["share carried through all layers at the start"]
    assert through == pytest.approx((1 - changed) ** 2)
    steep = highway(3, gate_bias=-1)
    assert steep["share changed at the start"] == pytest.approx(1 / (1 + math.e))


@settings(max_examples=40, deadline=None)
@given(SIZE, st.integers(1, 20), st.integers(1, 4), st.integers(1, 9), st.integers(1, 3))
def test_an_lstm_counts_as_torch_and_as_our_layer_do(
    inputs: int, hidden: int, layers: int, length: int, batch: int
) -> None:
    module = torch.nn.LSTM(inputs, hidden, layers)
    two = lstm(inputs, hidden, layers=layers, biases=2, length=length, batch=batch)
    one = lstm(inputs, hidden, layers=layers, biases=1, length=length, batch=batch)
    assert two["total"] == one["total with 2 bias vectors"] == counted(module)
    ours = [
        LSTM(
            np.zeros((4 * hidden, size)), np.zeros((4 * hidden, hidden)), np.zeros(4 * hidden)
        )
        for size in [inputs] + [hidden] * (layers - 1)
    ]  # fmt: skip
    held = [layer.weight_input.size + layer.weight_hidden.size + layer.bias.size for layer in ours]
    assert one["total"] == two["total with 1 bias vector"] == sum(held)
    assert one["layer 1"] == one["four gates"] == held[0]
    assert one["one gate"] == held[0] // 4
    if layers > 1:
        assert one["each further layer"] == held[1]
    (table,) = (part for part in one.parts if isinstance(part, Table))
    assert [row[-1] for row in table.rows] == held
    value, (hidden_state, cell_state) = module(torch.zeros(length, batch, inputs))
    assert one["output shape"] == tuple(value.shape)
    assert one["memory of the state"] == 4 * (hidden_state.numel() + cell_state.numel())
    weights = sum(layer.weight_input.size + layer.weight_hidden.size for layer in ours)
    assert one["multiply-adds per character"] == two["multiply-adds per character"] == weights
    assert one["multiply-adds per sequence"] == weights * length
    assert one["multiply-adds of the batch"] == weights * length * batch
    kept = 0
    for layer in ours:
        vectors = np.zeros((length, batch, layer.inputs))
        read_ = read(
            layer.weight_input, layer.weight_hidden, layer.bias, vectors, layer.start(batch)
        )
        kept += read_.gates.size + read_.cells[1:].size + read_.hiddens[1:].size
    assert one["memory for the backward pass"] == 4 * kept


def test_multiply_adds_of_an_lstm_counted_one_by_one() -> None:
    inputs, hidden, layers, length = 3, 4, 2, 5
    products = element_wise = 0
    for _time in range(length):
        for layer in range(layers):
            for _gate in range(4):
                for _cell in range(hidden):
                    for _number in range(inputs if layer == 0 else hidden):
                        products += 1
                    for _number in range(hidden):
                        products += 1
            for _cell in range(hidden):
                for _pair in ("f c", "i g", "o tanh(c)"):
                    element_wise += 1
    explanation = lstm(inputs, hidden, layers=layers, length=length)
    assert explanation["multiply-adds per sequence"] == products
    found = explanation["element-wise multiplications per character"]
    assert isinstance(found, int)
    assert found * length == element_wise


def test_an_lstm_in_formulas() -> None:
    explanation = lstm(64, 256, layers=3)
    assert explanation.title == "LSTM of 64 inputs and 3 x 256 cells"
    assert formula(explanation, "one gate") == (
        "hidden x (inputs + hidden + bias vectors)",
        "256 x (64 + 256 + 1)",
    )
    assert formula(explanation, "layer 1") == (
        "4 x hidden x (inputs + hidden + bias vectors)",
        "4 x 256 x (64 + 256 + 1)",
    )
    assert formula(explanation, "total") == (
        "layer 1 + (layers - 1) x each further layer",
        "328704 + (3 - 1) x 525312",
    )
    assert formula(explanation, "total with 2 bias vectors")[1] == (
        "4 x 256 x (64 + 256 + 2) + (3 - 1) x 4 x 256 x (256 + 256 + 2)"
    )
    assert formula(lstm(64, 256, biases=2), "layer 1")[1] == "4 x 256 x (64 + 256 + 2)"
    assert explanation["total"] == 1_379_328
    deep = lstm(2, 2, layers=20)
    (table,) = (part for part in deep.parts if isinstance(part, Table))
    assert (table.title, len(table.rows)) == ("Parameters by layer: the first 8 of 20", 8)
    assert lstm(64, 256).title == "LSTM of 64 inputs and 256 cells"


def test_two_bias_vectors_move_twice_as_far() -> None:
    """What the note on the two conventions says, tried."""
    torch.manual_seed(0)
    module = torch.nn.LSTM(2, 3)
    module(torch.randn(4, 1, 2))[0].sum().backward()
    of_input, of_hidden = (getattr(module, f"bias_{kind}_l0").grad for kind in ("ih", "hh"))
    torch.testing.assert_close(of_input, of_hidden)
    assert "moves their sum twice as far" in notes(lstm(2, 3))


def test_a_gradient_as_the_linear_note_has_it() -> None:
    """What the note on the linear layer's gradient says, against torch."""
    random = np.random.default_rng(0)
    layer = Linear(random.normal(size=(3, 2)), random.normal(size=3))
    vectors, arriving = random.normal(size=(5, 2)), random.normal(size=(5, 3))
    weight, bias = (torch.tensor(part, requires_grad=True) for part in (layer.weight, layer.bias))
    given_ = torch.tensor(vectors, requires_grad=True)
    (given_ @ weight.T + bias).backward(torch.tensor(arriving))
    assert weight.grad is not None
    assert bias.grad is not None
    assert given_.grad is not None
    np.testing.assert_allclose(weight.grad.numpy(), arriving.T @ vectors)
    np.testing.assert_allclose(bias.grad.numpy(), arriving.sum(0))
    np.testing.assert_allclose(given_.grad.numpy(), arriving @ layer.weight)


REFUSED: dict[str, tuple[Callable[[], Explanation], str]] = {
    "alphabet": (
        lambda: embedding(0, 3),
        "'alphabet' of the embedding layer: got 0; expected a whole number of at least 1. Give "
        "another number.",
    ),
    "outputs": (
        lambda: linear(3, -2),
        "'outputs' of the linear layer: got -2; expected a whole number of at least 1. Give "
        "another number.",
    ),
    "size": (
        lambda: highway(2.5),  # type: ignore[arg-type]
        "'size' of the highway layer: got 2.5; expected a whole number of at least 1. Give "
        "another number.",
    ),
    "gate bias": (
        lambda: highway(2, gate_bias=math.nan),
        "'gate_bias' of the highway layer: got nan; expected a number from -100 to 100, such as "
        "-2. Choose a number in that range.",
    ),
    "hidden": (
        lambda: lstm(2, True),
        "'hidden' of the LSTM layer: got True; expected a whole number of at least 1. Give "
        "another number.",
    ),
    "biases": (
        lambda: lstm(2, 3, biases=3),  # type: ignore[arg-type]
        "'biases' of the LSTM layer: got 3; expected 1 or 2. PyTorch keeps 2 bias vectors per "
        "layer, most books 1.",
    ),
    "length": (
        lambda: lstm(2, 3, length=0),
        "'length' of the LSTM layer: got 0; expected a whole number of at least 1. Give another "
        "number.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_with_its_numbers(name: str) -> None:
    call, message = REFUSED[name]
    with pytest.raises(SettingsError) as caught:
        call()
    assert str(caught.value) == message
