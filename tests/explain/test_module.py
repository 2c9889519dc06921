"""Any torch module: totals, sharing, calls, memory, and that it is left as it was."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from quatrain.errors import SettingsError
from quatrain.explain.model_summary.memory import Lifetimes
from quatrain.explain.model_summary.model import model
from quatrain.records import Explanation, Formula, Note, Table


def table(explained: Explanation) -> dict[str, dict[str, object]]:
    """Layer -> column -> entry."""
    part = next(part for part in explained.parts if isinstance(part, Table))
    rows = [dict(zip(part.columns, row, strict=True)) for row in part.rows]
    return {str(row["layer"]): row for row in rows}


def notes(explained: Explanation) -> str:
    return "\n".join(part.text for part in explained.parts if isinstance(part, Note))


def check(module: nn.Module, example: object) -> Explanation:
    """Explain, and hold the totals against torch's own count and the table's sums."""
    explained = model(module, example)
    assert explained["total parameters"] == sum(p.numel() for p in module.parameters())
    rows = table(explained).values()
    for column, name in (
        ("parameters", "total parameters"),
        ("multiply-adds", "total multiply-adds"),
    ):
        assert sum(row[column] or 0 for row in rows) == explained[name]
        shares = [row[f"% of {column}"] for row in rows if row[f"% of {column}"] is not None]
        assert not explained[name] or sum(shares) == pytest.approx(100)
    return explained


def counted_by_torch(module: nn.Module, *arguments: Tensor) -> int:
    """Half of torch's own count of floating-point operations, its blind spots switched off."""
    slow = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with (
            torch.no_grad(),
            torch.backends.mkldnn.flags(enabled=False),  # its LSTM is one opaque operation
            torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH),
            FlopCounterMode(display=False) as counter,
        ):
            module.eval()(*arguments)
    finally:
        torch.backends.mha.set_fastpath_enabled(slow)
    return counter.get_total_flops() // 2


class Recurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(11, 6)
        self.lstm = nn.LSTM(6, 5, num_layers=2, bidirectional=True)
        self.gru = nn.GRU(10, 4)
        self.output = nn.Linear(4, 11)

    def forward(self, ids: Tensor) -> Tensor:
        return self.output(self.gru(self.lstm(self.embedding(ids))[0])[0])


WHOLE = {
    "convolutional": (
        nn.Sequential(
            nn.Conv2d(3, 8, 3, stride=2, padding=1),
            nn.BatchNorm2d(8),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 8, 3, groups=4, dilation=2, padding=2, bias=False),
            nn.ConvTranspose2d(8, 4, 2, stride=2),
            nn.AdaptiveAvgPool2d(2),
            nn.Flatten(),
            nn.Linear(16, 5),
        ),
        torch.randn(2, 3, 16, 16),
    ),
    "recurrent": (Recurrent(), torch.randint(0, 11, (7, 3))),
    "encoder": (
        nn.TransformerEncoder(
            nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2, enable_nested_tensor=False
        ),
        torch.randn(2, 5, 8),
    ),
    "three axes": (
        nn.Sequential(nn.Conv3d(2, 3, 2), nn.InstanceNorm3d(3), nn.ConvTranspose3d(3, 2, 2)),
        torch.randn(1, 2, 4, 4, 4),
    ),
}


@pytest.mark.filterwarnings("ignore:TF32 acceleration on top of oneDNN")
@pytest.mark.parametrize("name", WHOLE)
def test_totals_against_torch_own_counters(name: str) -> None:
    module, inputs = WHOLE[name]
    assert check(module, inputs)["total multiply-adds"] == counted_by_torch(module, inputs)


@pytest.mark.filterwarnings("ignore:TF32 acceleration on top of oneDNN")
def test_a_transformer_of_both_halves() -> None:
    module = nn.Transformer(8, 2, 1, 2, 16, batch_first=True)
    source, target = torch.randn(2, 5, 8), torch.randn(2, 3, 8)
    explained = check(module, (source, target))
    assert explained["total multiply-adds"] == counted_by_torch(module, source, target)
    assert (
        explained["total multiply-adds"]
        == check(module, {"src": source, "tgt": target})["total multiply-adds"]
    )


# Where well-known tools are wrong, by what they get wrong.


def test_a_longer_sequence_costs_more() -> None:
    # fvcore, and torch's own counter on a processor, give an LSTM no multiply-adds at any length.
    lstm = nn.LSTM(10, 20)
    short, long = (check(lstm, torch.randn(length, 1, 10)) for length in (5, 50))
    assert short["total multiply-adds"] == 5 * 4 * 20 * 30
    assert long["total multiply-adds"] == 10 * short["total multiply-adds"]


def test_a_bias_is_no_multiplication_of_an_lstm() -> None:
    # torchinfo and thop count the biases of recurrent layers at every step.
    with_bias, without = nn.LSTM(3, 4), nn.LSTM(3, 4, bias=False)
    inputs = torch.randn(5, 2, 3)
    assert check(with_bias, inputs)["total multiply-adds"] == 5 * 2 * 4 * 4 * 7
    assert check(without, inputs)["total multiply-adds"] == 5 * 2 * 4 * 4 * 7


def test_a_packed_batch_costs_its_real_steps() -> None:
    # torchinfo and fvcore cannot read a packed batch; thop counts more than its steps.
    sequences = [torch.randn(length, 3) for length in (6, 2, 1)]
    packed = nn.utils.rnn.pack_sequence(sequences)
    assert check(nn.GRU(3, 4), packed)["total multiply-adds"] == 9 * 3 * 4 * 7


def test_a_linear_layer_on_matrices_of_vectors() -> None:
    # torchinfo looks at the first and the last size alone.
    explained = check(nn.Linear(3, 8), torch.randn(5, 10, 7, 3))
    assert explained["total multiply-adds"] == 5 * 10 * 7 * 3 * 8


def test_a_lookup_multiplies_nothing() -> None:
    # torchinfo counts every entry of the table as a multiply-add.
    assert check(nn.Embedding(100, 8), torch.tensor([[3, 4]]))["total multiply-adds"] == 0


def test_normalisation_is_no_inner_product() -> None:
    # torchinfo counts scales and shifts once per image, whatever its size; fvcore every pixel.
    assert check(nn.BatchNorm2d(4), torch.randn(2, 4, 9, 9))["total multiply-adds"] == 0


def test_a_transposed_convolution_works_on_its_input() -> None:
    # torchinfo and thop multiply by the size of the output, in which most products are not.
    layer = nn.ConvTranspose2d(32, 1, 3, bias=False)
    assert check(layer, torch.randn(1, 32, 1, 1))["total multiply-adds"] == 32 * 9
    strided = nn.ConvTranspose2d(3, 1, 2, stride=2)
    assert check(strided, torch.randn(1, 3, 2, 2))["total multiply-adds"] == 3 * 2 * 2 * 4


def test_attention_is_all_there() -> None:
    # torchinfo and thop give attention no multiply-adds, thop no parameters either.
    layer = nn.MultiheadAttention(8, 2, batch_first=True)
    inputs = torch.randn(2, 5, 8)
    explained = check(layer, (inputs, inputs, inputs))
    assert explained["total parameters"] == 4 * 8 * 8 + 4 * 8
    assert explained["total multiply-adds"] == 2 * (4 * 5 * 8 * 8 + 2 * 5 * 5 * 8)
    assert "out_proj was never called as a module: MultiheadAttention computes" in notes(explained)


@pytest.mark.parametrize("training", [True, False])
def test_the_fused_transformer_hides_nothing(training: bool) -> None:
    # In evaluation mode torch runs one fused operation and hooks of the layers never fire:
    # torchinfo then counts the parameters, torch's own counter nothing.
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).train(training)
    explained = check(layer, torch.randn(2, 5, 8))
    attention = 2 * (4 * 5 * 8 * 8 + 2 * 5 * 5 * 8)
    assert explained["total multiply-adds"] == attention + 2 * 2 * 5 * 8 * 16
    assert table(explained)["linear1"]["calls"] == 1


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
def test_padding_hides_nothing_either() -> None:
    # With a mask, torch's shortcut drops the padding before the layers.
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    encoder = nn.TransformerEncoder(layer, 2).eval()
    inputs, padding = torch.randn(2, 5, 8), torch.arange(5) > torch.tensor([[4], [2]])
    masked = check(encoder, {"src": inputs, "src_key_padding_mask": padding})
    assert masked["total multiply-adds"] == check(encoder, inputs)["total multiply-adds"]


def test_attention_without_weights_is_counted_in_a_fused_kernel() -> None:
    # torch's own counter gives the fused attention of a processor no operations at all.
    class Attend(nn.Module):
        def forward(self, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
            return functional.scaled_dot_product_attention(query, key, value)

    query, key, value = torch.randn(2, 3, 4, 8), torch.randn(2, 3, 5, 8), torch.randn(2, 3, 5, 6)
    explained = check(Attend(), (query, key, value))
    assert explained["total multiply-adds"] == 2 * 3 * 4 * 5 * (8 + 6)


class Tied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(10, 4)
        self.output = nn.Linear(4, 10)
        self.output.weight = self.embedding.weight

    def forward(self, ids: Tensor) -> Tensor:
        return self.output(self.embedding(ids))


def test_a_tied_weight_is_counted_once() -> None:
    # torchinfo adds a weight again for every layer that holds it.
    explained = check(Tied(), torch.tensor([[1, 2, 3]]))
    assert explained["total parameters"] == 50
    formula = explained.formulas["output: parameters"]
    assert formula.symbols == "inputs x outputs + outputs - weight shared with embedding"
    assert formula.numbers == "4 x 10 + 10 - 40"
    assert formula.value == table(explained)["output"]["parameters"] == 10
    assert explained["total multiply-adds"] == 3 * 4 * 10
    assert "The weight of output shares memory with the weight of embedding: 40" in notes(explained)


class Twice(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)
        self.again = self.layer
        self.act = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.again(self.act(self.layer(x[:1]))) + self.act(self.layer(x))


def test_a_module_used_several_times() -> None:
    # Parameters once, multiply-adds every time, also on other shapes.
    explained = check(Twice(), torch.randn(3, 4))
    row = table(explained)["layer"]
    assert row["calls"] == 3
    assert row["parameters"] == 20
    assert row["multiply-adds"] == (1 + 1 + 3) * 16
    assert row["input"] == "1 x 4; 3 x 4"
    assert explained.formulas["layer: multiply-adds"].numbers == "2 x 1 x 4 x 4 + 3 x 4 x 4"
    assert "again is the same module as layer" in notes(explained)
    assert "layer was called 3 times: its 20 parameters are counted once" in notes(explained)


def test_a_cell_in_a_loop() -> None:
    # torchinfo multiplies all numbers of a cell, biases too, by the size of its output.
    class Loop(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = nn.LSTMCell(3, 4)

        def forward(self, inputs: Tensor) -> Tensor:
            state = None
            for now in inputs:
                state = self.cell(now, state)
            return state[0]

    explained = check(Loop(), torch.randn(9, 2, 3))
    assert table(explained)["cell"]["calls"] == 9
    assert explained["total multiply-adds"] == 9 * 2 * 4 * 4 * 7


class Bare(nn.Module):
    """Parameters beside layers, a product without a layer, and a layer nobody calls."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(3))
        self.mix = nn.Parameter(torch.randn(3, 5), requires_grad=False)
        self.several = nn.ParameterList([torch.zeros(5, 2)])
        self.layer = nn.Linear(3, 3)
        self.spare = nn.Linear(7, 7)
        self.idle = nn.Dropout()

    def forward(self, inputs: Tensor) -> Tensor:
        return (self.layer(inputs) * self.scale) @ self.mix @ self.several[0]


def test_bare_parameters_and_layers_never_called() -> None:
    # torchinfo does not see products outside of layers; thop drops what is not in a called layer.
    explained = check(Bare(), torch.randn(4, 3))
    rows = table(explained)
    assert rows["Bare"]["parameters"] == 18
    assert explained.formulas["Bare: parameters"].symbols == "scale + mix"
    assert explained.formulas["Bare: parameters"].numbers == "3 + 3 x 5"
    assert explained.formulas["several: parameters"].symbols == "several.0"
    assert rows["Bare"]["multiply-adds"] == 4 * 3 * 5 + 4 * 5 * 2
    assert rows["layer"]["multiply-adds"] == 4 * 3 * 3
    assert rows["spare"]["calls"] == 0
    assert explained["frozen parameters"] == 15
    told = notes(explained)
    assert "spare was never called in this forward pass; its 56 parameters are counted." in told
    assert "idle was never called in this forward pass." in told
    assert "several was never called as a module: Bare computes with its weights" in told
    assert "Bare (Bare) computes outside of any known layer: its 100 multiply-adds" in told


OPERATIONS: dict[str, tuple[Callable[..., Tensor], tuple[tuple[int, ...], ...], int]] = {
    "matrices": (torch.matmul, ((2, 3, 4), (2, 4, 5)), 2 * 3 * 4 * 5),
    "matrix and vector": (torch.mv, ((3, 4), (4,)), 12),
    "vectors": (torch.dot, ((4,), (4,)), 4),
    "einsum": (lambda a, b: torch.einsum("bij,bjk->bik", a, b), ((2, 3, 4), (2, 4, 5)), 120),
    "linear": (functional.linear, ((2, 3), (5, 3), (5,)), 30),
    "convolution": (functional.conv1d, ((1, 2, 6), (4, 2, 3)), 4 * 4 * 2 * 3),
    "grouped": (lambda x, w: functional.conv2d(x, w, groups=2), ((1, 4, 3, 3), (2, 2, 3, 3)), 36),
    "transposed": (functional.conv_transpose1d, ((1, 2, 6), (2, 4, 3)), 6 * 2 * 4 * 3),
    "added": (torch.addmm, ((3, 5), (3, 4), (4, 5)), 60),
    "sum": (torch.add, ((3, 5), (3, 5)), 0),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_outside_of_any_layer(name: str) -> None:
    function, shapes, expected = OPERATIONS[name]

    class Custom(nn.Module):
        def forward(self, *given: Tensor) -> Tensor:
            return function(*given)

    explained = check(Custom(), tuple(torch.randn(shape) for shape in shapes))
    assert explained["total multiply-adds"] == expected
    assert ("computes outside of any known layer" in notes(explained)) == bool(expected)


def test_a_derived_layer_that_computes_otherwise_is_not_taken_for_its_parent() -> None:
    class TwoPasses(nn.Linear):
        def forward(self, inputs: Tensor) -> Tensor:
            return super().forward(inputs) @ self.weight

    class Spread(nn.Conv1d):
        def _conv_forward(self, inputs: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
            return functional.conv1d(inputs, weight, bias, stride=3)

    assert check(TwoPasses(3, 5), torch.randn(2, 3))["total multiply-adds"] == 2 * 2 * 15
    assert check(Spread(1, 1, 3), torch.randn(1, 1, 9))["total multiply-adds"] == 3 * 3
    patched = nn.Linear(3, 5)
    patched.forward = lambda inputs: inputs  # type: ignore[method-assign]
    assert check(patched, torch.randn(2, 3))["total multiply-adds"] == 0

    class Named(nn.Linear):
        def __init__(self) -> None:
            super().__init__(3, 5)
            self.extra = nn.Parameter(torch.zeros(2))

    explained = check(Named(), torch.randn(2, 3))
    assert explained.formulas["Named: parameters"].symbols == "weight + bias + extra"
    assert explained.formulas["Named: multiply-adds"].symbols == "vectors x inputs x outputs"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_compiled_script_is_seen_from_outside() -> None:
    module = torch.jit.script(nn.Sequential(nn.Linear(3, 4), nn.GRU(4, 5)))
    explained = check(module, torch.randn(2, 3))
    assert explained["total multiply-adds"] == 2 * 3 * 4 + 2 * 3 * 5 * 9
    assert "1 is compiled by torch.jit, so its inside isn't listed." in notes(explained)


def test_parametrised_weights() -> None:
    layer = torch.nn.utils.parametrizations.weight_norm(nn.Linear(3, 5))
    assert check(layer, torch.randn(2, 3))["total multiply-adds"] == 30


def test_what_is_not_known_is_told() -> None:
    class Distances(nn.Module):
        def forward(self, one: Tensor, other: Tensor) -> Tensor:
            return torch.fft.rfft(torch.linalg.inv(one) @ other).abs()

    explained = check(Distances(), (torch.eye(3), torch.randn(3, 4)))
    assert explained["total multiply-adds"] == 36
    assert "Distances ran aten::linalg_inv_ex (1 call), whose multiply-adds" in notes(explained)
    assert "Distances ran aten::_fft_r2c (1 call), whose multiply-adds" in notes(explained)

    class Sparse(nn.Module):
        def forward(self, one: Tensor, other: Tensor) -> Tensor:
            return torch.sparse.mm(one, other) + one @ other

    explained = check(Sparse(), (torch.eye(3).to_sparse(), torch.randn(3, 4)))
    assert table(explained)["Sparse"]["multiply-adds"] is None
    assert "Sparse ran aten::_sparse_addmm (1 call)" in notes(explained)
    assert "Sparse ran aten::mm (1 call), whose multiply-adds are not known" in notes(explained)


def test_modules_without_numbers_have_shapes_and_counts() -> None:
    with torch.device("meta"):
        module = nn.Sequential(nn.Linear(10_000, 50_000), nn.ReLU())
        explained = check(module, torch.empty(2, 10_000))
    assert explained["total multiply-adds"] == 10**9
    assert explained["peak activation memory"] == 4 * 2 * (10_000 + 2 * 50_000)


def test_repeated_layers_share_a_formula_and_keep_their_rows() -> None:
    module = nn.Sequential(*(nn.Linear(4, 4) for _ in range(12)))
    explained = check(module, torch.randn(1, 4))
    assert len(table(explained)) == 13
    assert sum(isinstance(part, Formula) and ": " in part.name for part in explained.parts) == 2
    assert "The formulas of 0 also hold for 1, 2, 3, 4, 5, 6, 7 and 4 others." in notes(explained)
    total = explained.formulas["total parameters"]
    assert total.value == 240
    assert total.symbols.startswith("0 (Linear) + 1 (Linear) + ")
    assert total.symbols.endswith(" + the rest")
    assert total.numbers.endswith(" + 100")


# What goes in and comes out.


@dataclass
class Result:
    values: Tensor
    name: str


class Talkative(nn.Module):
    def forward(
        self,
        ids: list[Tensor],
        mode: str,
        *,
        scale: int = 1,
        extra: dict[str, Tensor] | None = None,
    ) -> Result:
        return Result(ids[0] * scale + extra["more"], mode)


def test_any_arguments_and_any_output() -> None:
    lists, more = [torch.ones(2, 3)], {"more": torch.ones(3)}
    explained = check(Talkative(), {"ids": lists, "mode": "loud", "scale": 2, "extra": more})
    row = table(explained)["Talkative"]
    assert (row["input"], row["output"]) == ("2 x 3, 3", "2 x 3")


def test_a_module_that_takes_nothing() -> None:
    class Constant(nn.Module):
        def forward(self) -> Tensor:
            return torch.ones(())

    assert table(check(Constant(), ()))["Constant"]["output"] == "one number"


# Memory: small cases, worked by hand. A float32 has 4 bytes.


def test_peak_memory_of_a_chain() -> None:
    # input 2x3, then 2x8, then 2x8, then 2x5: at the activation, 6 + 16 + 16 numbers.
    chain = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 5))
    explained = check(chain, torch.randn(2, 3))
    assert explained["peak activation memory"] == 4 * (6 + 16 + 16)
    formula = explained.formulas["peak activation memory"]
    assert formula.symbols == "the example input + made in 0 (Linear) + made in 1 (Tanh)"
    assert formula.numbers == "24 + 64 + 64"
    assert formula.unit == "bytes"
    assert explained["memory of the parameters"] == 4 * (3 * 8 + 8 + 8 * 5 + 5)


def test_work_in_place_and_views_add_nothing() -> None:
    chain = nn.Sequential(nn.Linear(3, 8), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(8, 5))
    assert check(chain, torch.randn(2, 3))["peak activation memory"] == 4 * (6 + 16 + 10)


def test_what_is_kept_for_later_stays_in_the_peak() -> None:
    class Skip(nn.Module):
        def __init__(self, keep: bool) -> None:
            super().__init__()
            self.first, self.second, self.third = (nn.Linear(4, 4, bias=False) for _ in range(3))
            self.keep = keep

        def forward(self, x: Tensor) -> Tensor:
            first = self.first(x)
            values = self.third(self.second(first).tanh_() if self.keep else self.second(first))
            return values + first if self.keep else values

    inputs = torch.randn(1, 4)
    # input, first, second, third; `second` is freed before the sum is made.
    assert check(Skip(keep=True), inputs)["peak activation memory"] == 4 * 4 * 4


def test_a_tensor_from_outside_is_not_made_here() -> None:
    class Outside(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.constant = torch.ones(1000, 4)

        def forward(self, x: Tensor) -> Tensor:
            return x + self.constant[:2]

    assert check(Outside(), torch.randn(2, 4))["peak activation memory"] == 4 * (8 + 8)


class Piece:
    """Stands for the memory of a tensor, at an address of our choice."""

    def __init__(self, address: int, size: int) -> None:
        self._cdata, self._size = address, size

    def nbytes(self) -> int:
        return self._size


def test_lifetimes() -> None:
    lives = Lifetimes()
    first, second = Piece(1, 10), Piece(2, 20)
    lives.follow(first, "first")
    lives.follow(first, "a view")
    lives.follow(second, "second")
    del second
    again = Piece(2, 30)  # another tensor at the address that has become free
    lives.follow(again, "again")
    del again
    later = Piece(3, 30)
    lives.follow(later, "as full once more")
    lives.close()
    del later
    assert lives.peak() == [("first", 10), ("again", 30)]
    assert Lifetimes().peak() == []


def test_memory_kept_for_the_way_back() -> None:
    # A linear layer keeps its input, tanh its output: 2x3, then 2x8 (kept by both sides) once.
    chain = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 5))
    assert model(chain, torch.randn(2, 3))["saved for the backward pass"] == 4 * (6 + 16)
    frozen = nn.Linear(3, 8).requires_grad_(False)
    assert model(frozen, torch.randn(2, 3))["saved for the backward pass"] == 0


def test_a_training_pass_that_cannot_be_is_told() -> None:
    explained = model(nn.BatchNorm1d(3), torch.randn(1, 3))
    assert "saved for the backward pass" not in explained.formulas
    assert "training mode fails (ValueError: Expected more than 1 value per channel" in notes(
        explained
    )


# The module is left as it was.


class Busy(nn.Module):
    """Changes everything it can while it runs."""

    def __init__(self) -> None:
        super().__init__()
        self.normal = nn.BatchNorm1d(4)
        self.table = nn.Embedding(5, 4, max_norm=0.5)  # renormed in place by a lookup
        self.drop = nn.Dropout(0.5)
        self.lstm = nn.LSTM(4, 4)
        self.calls, self.seen, self.facts = 0, [], {"last": None}
        self.register_buffer("sum", torch.zeros(4))
        self.generator = torch.Generator().manual_seed(3)
        self.plain = torch.zeros(2)
        self.lstm.eval()
        self.fail = False

    def forward(self, ids: Tensor, values: Tensor) -> Tensor:
        self.calls += 1
        self.seen.append(self.calls)
        self.facts["last"] = ids
        self.sum += 1
        self.plain.add_(torch.rand(2, generator=self.generator))
        self.new = values.relu_()
        random.random()
        np.random.random()  # noqa: NPY002
        out = self.drop(self.normal(self.table(ids) + values))
        if self.fail:
            raise RuntimeError("on purpose")
        return self.lstm(out)[0]


@pytest.mark.parametrize("fail", [False, True])
def test_nothing_is_changed(fail: bool) -> None:
    module = Busy().train()
    module.fail = fail
    module.lstm.eval()
    ids, values = torch.tensor([1, 2, 4]), torch.randn(3, 4)
    state = copy.deepcopy(module.state_dict())
    given, generator = values.clone(), module.generator.get_state()
    attributes = {path: set(vars(layer)) for path, layer in module.named_modules()}
    randomness = torch.get_rng_state(), random.getstate(), str(np.random.get_state())  # noqa: NPY002
    fused = torch.backends.mha.get_fastpath_enabled()
    with pytest.raises(SettingsError) if fail else nullcontext():
        model(module, (ids, values))
    assert all(torch.equal(module.state_dict()[name], tensor) for name, tensor in state.items())
    assert torch.equal(values, given)
    assert (module.calls, module.seen, module.facts) == (0, [], {"last": None})
    assert torch.equal(module.plain, torch.zeros(2))
    assert torch.equal(module.generator.get_state(), generator)
    assert attributes == {path: set(vars(layer)) for path, layer in module.named_modules()}
    assert [layer.training for layer in module.modules()] == [True, True, True, True, False]
    for layer in module.modules():
        assert not layer._forward_hooks
        assert not layer._forward_pre_hooks
    assert all(parameter.grad is None for parameter in module.parameters())
    assert torch.equal(torch.get_rng_state(), randomness[0])
    assert (random.getstate(), str(np.random.get_state())) == randomness[1:]  # noqa: NPY002
    assert torch.backends.mha.get_fastpath_enabled() == fused
    assert torch.is_grad_enabled()


def test_a_module_explains_itself_the_same_again() -> None:
    module, inputs = WHOLE["recurrent"]
    assert model(module, inputs) == model(module, inputs)


# What a user can get wrong.


def test_a_failing_forward_names_the_layer_and_keeps_its_error() -> None:
    module = nn.Sequential(nn.Linear(3, 4), nn.Sequential(nn.ReLU(), nn.Linear(5, 4)))
    with pytest.raises(SettingsError) as caught:
        model(module, torch.randn(2, 3))
    assert str(caught.value) == (
        "the forward pass of 1.1 (Linear): got RuntimeError: mat1 and mat2 shapes cannot be "
        "multiplied (2x4 and 5x4); expected a forward pass of Sequential without an error on "
        "2 x 3. Give the arguments of its forward pass: a tensor, a tuple of arguments, or a "
        "mapping of keyword arguments, on the module's device."
    )
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_a_forward_with_other_arguments() -> None:
    with pytest.raises(SettingsError, match=r"pass of Linear \(Linear\): got TypeError"):
        model(nn.Linear(3, 4), {"numbers": 3})


def test_a_failure_that_the_module_catches_is_no_failure() -> None:
    class Careful(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.wrong, self.right = nn.Linear(9, 9), nn.Linear(3, 4)

        def forward(self, x: Tensor) -> Tensor:
            try:
                return self.wrong(x)
            except RuntimeError:
                return self.right(x)

    explained = check(Careful(), torch.randn(2, 3))
    assert [row["calls"] for row in table(explained).values()] == [1, 0, 1]
    assert explained["total multiply-adds"] == 24


def test_a_lazy_layer() -> None:
    with pytest.raises(SettingsError) as caught:
        model(nn.Sequential(nn.ReLU(), nn.LazyLinear(4)), torch.randn(2, 3))
    assert str(caught.value) == (
        "'weight' of 1 (LazyLinear): got a lazy layer that has no sizes yet; expected a layer "
        "with known sizes. Call the module once on an input, then explain it."
    )


def test_no_example_input() -> None:
    with pytest.raises(SettingsError) as caught:
        model(nn.Linear(3, 4))
    assert str(caught.value) == (
        "Explaining Linear needs an example input: a tensor, a tuple of arguments, or a mapping of "
        "keyword arguments. Shapes, multiply-adds and memory depend on it."
    )


def test_no_model_at_all() -> None:
    with pytest.raises(SettingsError) as caught:
        model(3)
    assert str(caught.value) == (
        "the model to explain: got an object of type int; expected a poet, its folder, or "
        "a torch.nn.Module. Give one of these."
    )
