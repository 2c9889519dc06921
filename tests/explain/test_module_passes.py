"""Any torch module: forward passes with gradients, example inputs, state, and shared memory."""

from __future__ import annotations

import threading
from collections import ChainMap, OrderedDict, UserDict, UserList, defaultdict, deque, namedtuple
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from quatrain.errors import SettingsError
from quatrain.explain.model_summary.model import model
from quatrain.records import Explanation, Note


def notes(explained: Explanation) -> str:
    return "\n".join(part.text for part in explained.parts if isinstance(part, Note))


class Function(nn.Module):
    """A module that is one function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *arguments: Any, **keywords: Any) -> Any:
        return self.function(*arguments, **keywords)


# Forward passes that compute gradients.


class Forces(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, 1))

    def forward(self, places: Tensor) -> tuple[Tensor, Tensor]:
        places.requires_grad_()
        energy = self.net(places)
        return energy, -torch.autograd.grad(energy.sum(), places)[0]


def test_forces_cost_what_the_energy_costs_once_more() -> None:
    explained = model(Forces(), torch.randn(4, 3))
    assert explained["total multiply-adds"] == 2 * 4 * (3 * 6 + 6 * 1)
    assert "The forward pass needs gradients, so it ran with them" in notes(explained)
    assert isinstance(explained["saved for the backward pass"], int)


def test_steps_of_learning_inside_a_forward_pass() -> None:
    class Adapts(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(3, 4)

        def forward(self, x: Tensor) -> Tensor:
            steps = torch.optim.SGD(self.layer.parameters(), lr=0.1)
            for _ in range(2):
                steps.zero_grad()
                self.layer(x).pow(2).sum().backward()
                steps.step()
            return self.layer(x)

    module = Adapts()
    before = module.layer.weight.detach().clone()
    # Three forward products, and two for the gradient of the weight.
    assert model(module, torch.randn(2, 3))["total multiply-adds"] == 5 * 2 * 3 * 4
    assert torch.equal(module.layer.weight, before)
    assert module.layer.weight.grad is None


def test_second_derivatives() -> None:
    class Curvature(nn.Module):
        def forward(self, x: Tensor, weight: Tensor) -> Tensor:
            x = x.detach().requires_grad_()
            value = (x @ weight).pow(3).sum()
            first = torch.autograd.grad(value, x, create_graph=True)[0]
            return torch.autograd.grad(first.sum(), x)[0]

    # x W; back to x; and through both: the gradient of the gradient, and of x W.
    inputs = torch.randn(2, 3), torch.randn(3, 4)
    assert model(Curvature(), inputs)["total multiply-adds"] == 4 * 2 * 3 * 4


def test_a_pass_that_needs_no_gradients_runs_without() -> None:
    explained = model(nn.Linear(3, 4), torch.randn(2, 3))
    assert "needs gradients" not in notes(explained)


def test_gradients_that_a_module_holds_stay() -> None:
    class Accumulates(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(3, 4)

        def forward(self, x: Tensor) -> Tensor:
            self.layer(x).sum().backward()
            return self.layer(x)

    module, inputs = Accumulates(), torch.randn(2, 3)
    module(inputs)
    gradient = module.layer.weight.grad
    before = gradient.clone()
    model(module, inputs)
    assert module.layer.weight.grad is gradient
    assert torch.equal(gradient, before)


def test_replaced_memory_and_flags_are_restored() -> None:
    class Doubles(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(3, 4)

        def forward(self, x: Tensor) -> Tensor:
            self.layer.weight.data = 2 * self.layer.weight.data
            self.layer.weight.requires_grad_(False)
            return self.layer(x)

    module = Doubles()
    address, before = module.layer.weight.data_ptr(), module.layer.weight.detach().clone()
    model(module, torch.randn(2, 3))
    assert module.layer.weight.data_ptr() == address
    assert torch.equal(module.layer.weight, before)
    assert module.layer.weight.requires_grad


# Example inputs.


class Holder:
    def __init__(self, a: Tensor) -> None:
        self.a = a


class Slotted:
    __slots__ = ("a",)

    def __init__(self, a: Tensor) -> None:
        self.a = a


class Listed(list):
    pass


Named = namedtuple("Named", "a")

HOLDERS: dict[str, tuple[Callable[[Tensor], Any], Callable[[Any], Tensor]]] = {
    "dict": (lambda t: {"a": t}, lambda x: x["a"]),
    "UserDict": (lambda t: UserDict(a=t), lambda x: x["a"]),
    "MappingProxyType": (lambda t: MappingProxyType({"a": t}), lambda x: x["a"]),
    "OrderedDict": (lambda t: OrderedDict(a=t), lambda x: x["a"]),
    "defaultdict": (lambda t: defaultdict(list, a=t), lambda x: x["a"]),
    "ChainMap": (lambda t: ChainMap({"a": t}), lambda x: x["a"]),
    "UserList": (lambda t: UserList([t]), lambda x: x[0]),
    "a derived list": (lambda t: Listed([t]), lambda x: x[0]),
    "deque": (lambda t: deque([t]), lambda x: x[0]),
    "set": (lambda t: {t}, lambda x: next(iter(x))),
    "namedtuple": (Named, lambda x: x.a),
    "object": (Holder, lambda x: x.a),
    "object with slots": (Slotted, lambda x: x.a),
    "all together": (lambda t: {"b": [UserDict(c=(Holder(t),))]}, lambda x: x["b"][0]["c"][0].a),
}


@pytest.mark.parametrize("name", HOLDERS)
def test_inputs_are_copied_in_whatever_holds_them(name: str) -> None:
    hold, take = HOLDERS[name]
    inputs = torch.ones(2, 3)

    def overwrite(held: Any) -> Tensor:
        take(held).mul_(0)
        return take(held) @ torch.ones(3, 4)

    explained = model(Function(overwrite), (hold(inputs),))
    assert torch.equal(inputs, torch.ones(2, 3))
    assert explained["total multiply-adds"] == 24
    assert explained.parts[2].rows[0][2] == "2 x 3"


def test_what_has_no_copy_is_told() -> None:
    explained = model(Function(lambda _lock, x: x * 2), (threading.Lock(), torch.ones(2)))
    assert "holds objects that can't be copied (lock): they were passed as they are" in notes(
        explained
    )


def test_a_result_of_operations_may_be_an_input() -> None:
    inputs = torch.ones(2, 3, requires_grad=True) * 2
    explained = model(Function(lambda x: x.mul_(0)), inputs)
    assert "training mode" not in notes(explained).replace("in training mode to", "")
    assert torch.equal(inputs, torch.full((2, 3), 2.0))


@pytest.mark.parametrize("mapping", [dict, UserDict, lambda m: MappingProxyType(m)])
def test_a_mapping_of_names_is_keyword_arguments(mapping: Callable[[Any], Any]) -> None:
    example = mapping({"a": torch.randn(2, 3), "b": torch.randn(3, 4)})
    assert model(Function(lambda a, b: a @ b), example)["total multiply-adds"] == 24


def test_a_mapping_of_numbers_is_one_argument() -> None:
    example = {0: torch.randn(2, 3), 1: torch.randn(3, 4)}
    assert model(Function(lambda held: held[0] @ held[1]), example)["total multiply-adds"] == 24


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
@pytest.mark.parametrize("layout", [torch.strided, torch.jagged])
def test_nested_tensors(layout: torch.layout) -> None:
    rows = [torch.randn(2, 3), torch.randn(5, 3)]
    nested = torch.nested.nested_tensor(rows, layout=layout)
    explained = model(nn.Linear(3, 4), nested)
    assert explained["total multiply-adds"] == (2 + 5) * 3 * 4
    shape = "nested 7 x 3" if layout is torch.jagged else "nested (2 x 3, 5 x 3)"
    assert explained.parts[2].rows[0][2] == shape


# State: both passes begin with the module as it was.


class Remembers(nn.Module):
    """Saves other things for the backward pass once it has run."""

    def __init__(self, memory: Any) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 4)
        self.memory = memory

    def forward(self, x: Tensor) -> Tensor:
        past = self.memory["past"] if isinstance(self.memory, dict) else self.memory.past
        past.append(self.layer(x))
        return past[0].tanh() if len(past) == 1 else past[0].exp() * past[1].sin()


class Past:
    def __init__(self) -> None:
        self.past: list[Tensor] = []


@pytest.mark.parametrize("make", [lambda: {"past": []}, Past])
def test_the_training_pass_does_not_see_the_evaluation_pass(make: Callable[[], Any]) -> None:
    module = Remembers(make())
    # The input of the layer, and the output of tanh.
    assert model(module, torch.randn(2, 3))["saved for the backward pass"] == 4 * (6 + 8)
    held = module.memory["past"] if isinstance(module.memory, dict) else module.memory.past
    assert held == []


def test_an_input_that_is_changed_in_place_is_whole_in_the_second_pass() -> None:
    def grow(x: Tensor) -> Tensor:
        x.resize_(x.shape[0] + 1, 3)
        return x @ torch.ones(3, 4, requires_grad=True)

    assert model(Function(grow), torch.ones(2, 3))["saved for the backward pass"] == 4 * 3 * 3


def test_a_module_that_keeps_its_normalisation_fixed_trains_on_one_example() -> None:
    class Fixed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.normal = nn.BatchNorm1d(3)

        def train(self, mode: bool = True) -> Fixed:
            super().train(mode)
            self.normal.eval()
            return self

        def forward(self, x: Tensor) -> Tensor:
            return self.normal(x)

    explained = model(Fixed(), torch.randn(1, 3))
    assert "training mode fails" not in notes(explained)
    assert "saved for the backward pass" in explained.formulas


def test_what_cannot_be_observed_is_not_called_a_failure() -> None:
    explained = model(Function(torch.func.grad(lambda x: x.pow(2).sum())), torch.ones(3))
    assert "What training saves can't be observed here (RuntimeError: torch.func" in notes(
        explained
    )
    assert "training mode fails" not in notes(explained)


def test_a_failure_does_not_blame_the_input() -> None:
    def fail(_x: Tensor) -> Tensor:
        raise ValueError("no such table")

    with pytest.raises(SettingsError, match="got ValueError: no such table; expected a forward"):
        model(Function(fail), torch.ones(2))


# Parameters: packed, shared, in buffers.


@pytest.mark.filterwarnings("ignore")
def test_packed_weights_are_told() -> None:
    layers = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 5))
    quantised = torch.ao.quantization.quantize_dynamic(layers, {nn.Linear})
    explained = model(quantised, torch.randn(2, 3))
    assert explained["total parameters"] == 0
    assert explained["total multiply-adds"] == 2 * 3 * 4 + 2 * 4 * 5
    assert "holds packed weights of 16 numbers, which torch doesn't list" in notes(explained)
    assert "holds packed weights of 25 numbers, which torch doesn't list" in notes(explained)


def test_numbers_in_buffers_are_told() -> None:
    explained = model(nn.BatchNorm1d(3), torch.randn(2, 3))
    assert explained["numbers in buffers"] == 3 + 3 + 1
    assert "numbers in buffers" not in model(nn.ReLU(), torch.randn(2)).formulas


def pairs() -> Iterator[tuple[Tensor, Tensor, int]]:
    """Yield two weights of 3 x 3, and how many numbers they hold together."""
    flat, wide, array = torch.randn(18), torch.randn(3, 6), np.ones((3, 3), np.float32)
    yield flat[:9].view(3, 3), flat[:9].view(3, 3), 9
    yield flat[:9].view(3, 3), flat[:9].view(3, 3).t(), 9
    yield flat[:9].view(3, 3), flat[9:].view(3, 3), 18
    yield flat[:9].view(3, 3), flat[3:12].view(3, 3), 12
    yield wide[:, :3], wide[:, 3:], 18
    yield wide[:, :3], wide[:, 2:5], 15
    yield torch.from_numpy(array), torch.from_numpy(array), 9
    yield torch.randn(3, 3), torch.randn(3, 3), 18


@pytest.mark.parametrize(("one", "other", "expected"), list(pairs()))
def test_two_parameters_over_one_memory(one: Tensor, other: Tensor, expected: int) -> None:
    module = nn.Sequential(nn.Linear(3, 3, bias=False), nn.Linear(3, 3, bias=False))
    module[0].weight, module[1].weight = nn.Parameter(one), nn.Parameter(other)
    explained = model(module, torch.randn(2, 3))
    assert explained["total parameters"] == expected
    assert explained["memory of the parameters"] == 4 * expected
    told = "The weight of 1 shares memory with the weight of 0"
    assert (told in notes(explained)) == (expected < 18)
    assert explained["total multiply-adds"] == 2 * 2 * 9


def test_shared_memory_on_meta() -> None:
    with torch.device("meta"):
        module = nn.Sequential(nn.Linear(3, 3, bias=False), nn.Linear(3, 3, bias=False))
        module[1].weight = nn.Parameter(module[0].weight.data.t())
        explained = model(module, torch.empty(2, 3))
    assert explained["total parameters"] == 9


def test_a_tensor_of_the_module_as_an_input_stays_the_same_tensor() -> None:
    table = nn.Embedding(5, 3)
    explained = model(table, torch.tensor([1, 2]))
    shared = nn.ModuleList([table])
    shared.forward = lambda weight: functional.linear(torch.ones(1, 3), weight)  # type: ignore[method-assign]
    assert model(shared, table.weight)["peak activation memory"] == 4 * (3 + 5)
    assert explained["total parameters"] == 15


# Modules that other tools of torch make.


@pytest.mark.slow
def test_an_exported_module_has_one_mode() -> None:
    layers = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 5))
    exported = torch.export.export(layers, (torch.randn(2, 3),)).module()
    explained = model(exported, torch.randn(2, 3))
    assert explained["total multiply-adds"] == 2 * 3 * 4 + 2 * 4 * 5


def test_a_traced_graph_is_its_layers() -> None:
    graph = torch.fx.symbolic_trace(nn.Sequential(nn.Linear(3, 4), nn.Conv1d(2, 3, 2)))
    assert model(graph, torch.randn(2, 3))["total multiply-adds"] == 2 * 3 * 4 + 3 * 3 * 2 * 2


@pytest.mark.slow
def test_a_module_of_fake_tensors() -> None:
    from torch._subclasses import FakeTensorMode

    with FakeTensorMode():
        explained = model(nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)), torch.randn(2, 3))
    assert explained["total multiply-adds"] == 2 * 3 * 4


@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated")  # in `hessian`
def test_second_derivatives_of_a_function_are_counted_where_they_are_taken() -> None:
    class Curvature(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(2, 4)

        def forward(self, x: Tensor) -> Tensor:
            return torch.func.hessian(lambda place: self.layer(place).tanh().sum())(x)

    explained = model(Curvature(), torch.randn(2))
    assert "not known, so" not in notes(explained)
    assert "or derivatives are taken along" in notes(explained)


def test_a_sparse_buffer_stays() -> None:
    class Graph(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("edges", torch.eye(3).to_sparse())

        def forward(self, x: Tensor) -> Tensor:
            return self.edges @ x

    assert "Graph ran aten::mm (1 call), whose multiply-adds" in notes(
        model(Graph(), torch.randn(3, 2))
    )
