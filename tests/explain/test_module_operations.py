"""Any torch module: operations, replaced weights and control flow, against counts by hand.

Every case gives its multiply-adds as a formula of its sizes. Torch's own counter is asked too where
it knows the operation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from quatrain.explain.model_summary.counting.element_wise import has_no_products
from quatrain.explain.model_summary.model import model
from quatrain.records import Explanation, Note


def notes(explained: Explanation) -> str:
    return "\n".join(part.text for part in explained.parts if isinstance(part, Note))


def random(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(3))


class Function(nn.Module):
    """A module that is one function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *arguments: Any) -> Any:
        return self.function(*arguments)


def multiply_adds(module: nn.Module, example: object) -> int:
    explained = model(module, example)
    assert "not known, so" not in notes(explained)
    return int(explained["total multiply-adds"])


# Weights that were replaced: the attributes of the layer no longer say what it computes.


def with_weight(layer: nn.Module, **weights: Tensor | None) -> nn.Module:
    for name, weight in weights.items():
        setattr(layer, name, None if weight is None else nn.Parameter(weight))
    return layer


REPLACED = {
    "a convolution of one channel": (
        with_weight(nn.Conv2d(4, 6, 3, bias=False), weight=random(6, 1, 3, 3)),
        (random(1, 1, 9, 9),),
        6 * 1 * 9 * 7 * 7,
    ),
    "a convolution of fewer filters": (
        with_weight(nn.Conv1d(4, 6, 3), weight=random(2, 4, 3), bias=random(2)),
        (random(2, 4, 9),),
        2 * 7 * 2 * 4 * 3,
    ),
    "a linear layer of fewer outputs": (
        with_weight(nn.Linear(10, 20), weight=random(7, 10), bias=random(7)),
        (random(3, 10),),
        3 * 10 * 7,
    ),
    "a transposed convolution": (
        with_weight(nn.ConvTranspose1d(4, 6, 3), weight=random(4, 2, 3), bias=random(2)),
        (random(1, 4, 5),),
        5 * 4 * 2 * 3,
    ),
    "a cell with more inputs": (
        with_weight(nn.GRUCell(3, 4, bias=False), weight_ih=random(12, 5)),
        (random(2, 5),),
        2 * 12 * (5 + 4),
    ),
    "a bag of longer vectors": (
        with_weight(nn.EmbeddingBag(6, 3, mode="sum"), weight=random(6, 5)),
        (torch.tensor([[1, 2], [3, 5]]), None, random(2, 2)),
        4 * 5,
    ),
    "a vocabulary that has grown": (
        nn.Sequential(
            with_weight(nn.Embedding(6, 3), weight=random(9, 3)),
            with_weight(nn.Linear(3, 6, bias=False), weight=random(9, 3)),
        ),
        (torch.tensor([[1, 8]]),),
        2 * 3 * 9,
    ),
}


@pytest.mark.parametrize("name", REPLACED)
def test_a_replaced_weight_is_counted_by_what_it_does(name: str) -> None:
    module, example, expected = REPLACED[name]
    if isinstance(module, nn.GRUCell):
        module.input_size = 5  # torch checks this one itself
    assert multiply_adds(module, example) == expected


def test_a_replaced_weight_is_told() -> None:
    module, example, _ = REPLACED["a linear layer of fewer outputs"]
    explained = model(module, example)
    assert explained.formulas["Linear: parameters"].symbols == "weight + bias"
    assert (
        "The attributes of Linear (Linear) stand for 600 multiply-adds, which is not what it ran"
        in notes(explained)
    )


def test_equal_products_of_other_sizes_are_no_formula() -> None:
    explained = model(with_weight(nn.Linear(4, 6, bias=False), weight=random(8, 3)), random(1, 3))
    assert explained["total multiply-adds"] == 24
    assert explained.formulas["Linear: parameters"].numbers == "8 x 3"


def test_a_hook_that_computes_is_counted() -> None:
    layer = nn.Linear(3, 4)
    layer.register_forward_hook(lambda _layer, _inputs, output: output @ random(4, 4))
    assert multiply_adds(layer, random(2, 3)) == 2 * 3 * 4 + 2 * 4 * 4


def test_a_layer_that_was_not_touched_keeps_its_formula() -> None:
    explained = model(nn.utils.parametrizations.spectral_norm(nn.Linear(3, 4)), random(2, 3))
    # In evaluation mode: W v, and u with that.
    assert explained["total multiply-adds"] == 2 * 3 * 4 + 4 * 3 + 4


# Single operations.

OPERATIONS: dict[str, tuple[Callable[..., Any], tuple[Any, ...], int]] = {
    "addmm in place": (Tensor.addmm_, (random(3, 5), random(3, 4), random(4, 5)), 3 * 4 * 5),
    "baddbmm": (torch.baddbmm, (random(2, 3, 5), random(2, 3, 4), random(2, 4, 5)), 2 * 3 * 4 * 5),
    "addbmm": (torch.addbmm, (random(3, 5), random(2, 3, 4), random(2, 4, 5)), 2 * 3 * 4 * 5),
    "addmv": (torch.addmv, (random(3), random(3, 4), random(4)), 3 * 4),
    "addr": (torch.addr, (random(3, 4), random(3), random(4)), 3 * 4),
    "tensordot": (torch.tensordot, (random(2, 3, 4), random(3, 4, 5)), 2 * 12 * 5),
    "multi_dot": (
        lambda *factors: torch.linalg.multi_dot(factors),
        (random(2, 3), random(3, 4), random(4, 5)),
        2 * 3 * 4 + 2 * 4 * 5,
    ),
    "a power of a matrix": (
        lambda a: torch.linalg.matrix_power(a, 3),
        (random(4, 4),),
        2 * 4 * 4 * 4,
    ),
    "covariance": (torch.cov, (random(3, 5),), 3 * 5 * 3),
    "bilinear": (
        functional.bilinear,
        (random(5, 3), random(5, 4), random(2, 3, 4)),
        5 * 2 * (3 * 4 + 4),
    ),
    "time, batch, channels": (
        torch.conv_tbc,
        (random(8, 2, 3), random(3, 3, 5), random(5)),
        6 * 2 * 3 * 3 * 5,
    ),
    "convolution in oneDNN": (
        lambda x, w: torch.mkldnn_convolution(x, w, None, [0, 0], [1, 1], [1, 1], 1),
        (random(2, 2, 6, 6), random(3, 2, 3, 3)),
        2 * 16 * 3 * 2 * 9,
    ),
    "weights in 8 bits": (
        torch._weight_int8pack_mm,
        (
            random(8, 32).bfloat16(),
            torch.ones(16, 32, dtype=torch.int8),
            torch.ones(16).bfloat16(),
        ),
        8 * 32 * 16,
    ),
    "integers": (
        torch._int_mm,
        (torch.ones(32, 16, dtype=torch.int8), torch.ones(16, 8, dtype=torch.int8)),
        32 * 16 * 8,
    ),
    "a weighted bag": (
        lambda i, w, s: functional.embedding_bag(i, w, per_sample_weights=s, mode="sum"),
        (torch.tensor([[1, 2, 0]]), random(6, 4), random(1, 3)),
        3 * 4,
    ),
    "a grid": (
        lambda t: functional.affine_grid(t, [2, 1, 4, 5], align_corners=False),
        (random(2, 2, 3),),
        2 * 4 * 5 * 2 * 3,
    ),
    "patches": (
        lambda x, w: w @ functional.unfold(x, 3),
        (random(2, 3, 5, 5), random(4, 27)),
        2 * 4 * 27 * 9,
    ),
    "grouped queries": (
        lambda q, k: functional.scaled_dot_product_attention(q, k, k, enable_gqa=True),
        (random(2, 4, 5, 8), random(2, 2, 5, 8)),
        2 * 4 * 5 * 5 * (8 + 8),
    ),
    "vmap": (
        lambda x, w: torch.vmap(lambda row: row @ w)(x),
        (random(5, 2, 3), random(3, 4)),
        5 * 2 * 3 * 4,
    ),
    "jvp": (
        lambda x, w: torch.func.jvp(lambda row: row @ w, (x,), (x,)),
        (random(2, 3), random(3, 4)),
        2 * 2 * 3 * 4 + 2 * 3 * 4,  # the value, its derivative, and the zero tangent of `w`
    ),
    "the gradient of a function": (
        lambda x, w: torch.func.grad(lambda row: (row @ w).sum())(x),
        (random(2, 3), random(3, 4)),
        2 * (2 * 3 * 4),
    ),
    "a convolution's gradients": (
        lambda x, w: torch.autograd.grad(
            functional.conv1d(x.requires_grad_(), w.requires_grad_()).sum(), (x, w)
        ),
        (random(2, 3, 7), random(4, 3, 3)),
        3 * (2 * 5 * 4 * 3 * 3),
    ),
    "no product at all": (
        lambda x: torch.cat(
            [
                functional.normalize(x).cumsum(0).sort()[0].roll(1).flip(0),
                functional.gelu(x).clone().masked_fill(x > 0, 0).scatter_add(0, (x > 9).long(), x),
                torch._foreach_mul([x], [x])[0] + torch.bernoulli(x.sigmoid()) + x.norm(),
                functional.interpolate(x[None, None], scale_factor=1.0, mode="bicubic")[0, 0],
                functional.max_pool2d(x[None], 1)[0] + functional.pad(x, (1, 1))[:, 1:-1],
                functional.rms_norm(x, (4,)) + functional.mse_loss(x, x) + torch.kron(x, x).sum(),
            ]
        ),
        (random(3, 4),),
        0,
    ),
}


@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated")  # in `jvp`
@pytest.mark.parametrize("name", OPERATIONS)
def test_operations(name: str) -> None:
    function, example, expected = OPERATIONS[name]
    assert multiply_adds(Function(function), example) == expected


IN_TORCH = ["baddbmm", "tensordot", "multi_dot", "covariance", "patches", "vmap", "jvp"]


@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated")  # in `jvp`
@pytest.mark.parametrize("name", IN_TORCH)
def test_operations_that_torch_counts(name: str) -> None:
    function, example, expected = OPERATIONS[name]
    with FlopCounterMode(display=False) as counter:
        function(*example)
    assert counter.get_total_flops() == 2 * expected


@torch.library.custom_op("tests::hidden_product", mutates_args=())
def hidden_product(left: Tensor, right: Tensor) -> Tensor:
    """An operation that nobody knows."""
    return left @ right


NAMED: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "_cdist_forward": (torch.cdist, (random(4, 5), random(6, 5))),
    "_euclidean_dist": (torch.cdist, (random(40, 5), random(50, 5))),
    "_pdist_forward": (functional.pdist, (random(6, 5),)),
    "_fft_r2c": (lambda x: torch.fft.fft(x).abs(), (random(8),)),
    "_linalg_svd": (lambda x: torch.linalg.svd(x)[1], (random(4, 4),)),
    "_linalg_det": (torch.det, (random(4, 4),)),
    "linalg_qr": (lambda x: torch.linalg.qr(x)[0], (random(4, 4),)),
    "linalg_matrix_exp": (torch.matrix_exp, (random(4, 4),)),
    "ormqr": (torch.ormqr, (random(4, 3), random(3), random(4, 2))),
    "_trilinear": (
        lambda x: torch._trilinear(x, x, x, [], [], [], [0]),
        (random(4, 3),),
    ),
    "sparse_sampled_addmm": (
        lambda a, b, c: torch.sparse.sampled_addmm(a.to_sparse_csr(), b, c),
        (torch.eye(3), random(3, 4), random(4, 3)),
    ),
    "tests::hidden_product": (hidden_product, (random(2, 3), random(3, 4))),
}


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support")
@pytest.mark.parametrize("name", NAMED)
def test_an_operation_on_no_list_is_named(name: str) -> None:
    function, example = NAMED[name]
    full = name if "::" in name else f"aten::{name}"
    assert f"Function ran {full} (1 call), whose multiply-adds" in notes(
        model(Function(function), example)
    )


def test_no_operation_of_torch_with_a_product_passes_for_free() -> None:
    products = "mm bmm addmm mv dot linear convolution matmul conv_tbc linalg_qr _cdist_forward"
    more = "_fft_c2c cholesky_inverse _embedding_bag _trilinear _flash_attention_forward"
    for name in (*products.split(), *more.split()):
        packet = getattr(torch.ops.aten, name)
        assert not any(has_no_products(getattr(packet, o)) for o in packet.overloads()), name


# Control flow and attention as operations that take functions.


class Branches(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.one, self.other = nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cond(
            x.sum() > 0, lambda x: self.one(x), lambda x: self.other(self.other(x)), (x,)
        )


@pytest.mark.slow
def test_the_branch_that_runs_is_counted() -> None:
    assert multiply_adds(Branches(), torch.ones(3, 4)) == 3 * 16
    assert multiply_adds(Branches(), -torch.ones(3, 4)) == 2 * 3 * 16


@pytest.mark.slow
def test_every_round_of_a_loop_is_counted() -> None:
    from torch._higher_order_ops.while_loop import while_loop

    layer = nn.Linear(5, 5)

    def rounds(x: Tensor) -> Any:
        start = torch.tensor(0), x
        return while_loop(lambda n, _x: n < 4, lambda n, x: (n + 1, layer(x)), start)

    assert multiply_adds(Function(rounds), random(2, 5)) == 4 * 2 * 25


@pytest.mark.slow
def test_map_and_scan() -> None:
    from torch._higher_order_ops import scan
    from torch._higher_order_ops.map import map as map_rows

    mapped = Function(lambda x, w: map_rows(lambda row, w: row @ w, x, w))
    assert multiply_adds(mapped, (random(5, 2, 3), random(3, 4))) == 5 * 2 * 3 * 4
    scanned = Function(lambda x, w: scan(lambda state, row: (state @ w, row @ w), x[0], x))
    assert multiply_adds(scanned, (random(5, 2, 3), random(3, 3))) == 5 * 2 * (2 * 3 * 3)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:flex_attention called without torch.compile")
def test_flex_attention() -> None:
    from torch.nn.attention.flex_attention import create_block_mask, flex_attention

    def masked(x: Tensor) -> Any:
        mask = create_block_mask(lambda _b, _h, i, j: i >= j, None, None, 16, 16, device="cpu")
        return flex_attention(x, x, x, block_mask=mask)

    inputs = random(2, 3, 16, 8)
    every_pair = 2 * 3 * 16 * 16 * (8 + 8)
    assert multiply_adds(Function(lambda x: flex_attention(x, x, x)), inputs) == every_pair
    assert multiply_adds(Function(masked), inputs) == every_pair


@pytest.mark.slow
def test_compiled_functions_run_as_they_were_written() -> None:
    product = torch.compile(lambda x, w: x @ w, backend="eager")
    assert multiply_adds(Function(product), (random(2, 3), random(3, 4))) == 2 * 3 * 4
