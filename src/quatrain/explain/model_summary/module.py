"""Any torch module, run once and watched.

In: a module and its example input. Out: `Observed`, next `report`. This module and
`gradients.autograd` alone may import torch, inside their functions.

Two things are counted at once. Hooks tell which layer runs on which shapes; layers that are
known are counted by formula (`counts`). A dispatch mode sees every operation below them; what
an unknown module computes itself is counted operation by operation (`operations`), and every
tensor made is followed until it is freed (`memory`).
"""

from __future__ import annotations

import copy
import inspect
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from quatrain.errors import ExtraError, InternalError, SettingsError
from quatrain.explain.arithmetic.expression import Expression, Symbol, total
from quatrain.explain.model_summary.counts import Call, Entries, reason, rule_of
from quatrain.explain.model_summary.memory import Lifetimes, Originals
from quatrain.explain.model_summary.operations import count, uncounted
from quatrain.explain.model_summary.report import (
    WHAT_IS_COUNTED,
    Layer,
    Observed,
    Work,
    outside,
    sum_of,
)
from quatrain.explain.model_summary.values import copied, shapes_of, storage_of, tensors_in
from quatrain.records import Formula, Note, Part

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

_INTRODUCTION = (
    WHAT_IS_COUNTED,
    "Everything is counted over one forward pass of the example input, in evaluation mode and "
    "without the fused shortcuts that torch takes around the layers of a transformer.",
)
_MEMORY = (
    "The peak is the most memory that tensors of the forward pass hold at once, without "
    "gradients: the example input and whatever operations made and had not yet freed, each piece "
    "of memory once, however many tensors look at it. Parameters and buffers are not in it, nor "
    "what a kernel uses inside itself."
)
_KEPT = (
    "Kept for the way back: what torch saves of a forward pass in training mode to compute "
    "gradients, each piece of memory once, without parameters and buffers."
)


def observe(module: object, example_input: object) -> Observed:
    """Run `module` on `example_input` and note every layer, its counts and its memory.

    The module is left as it was: training flags, buffers, parameters, attributes (lists, dicts
    and sets among them), hooks, gradients and the global random states are put back, also when
    its forward pass fails. Nothing it holds deeper than its own attributes is put back.

    Args:
        module: a torch module; one that `torch.compile` made is looked at as it was before.
        example_input: a tuple of positional arguments, a dict of keyword arguments, or else the
            one argument. Copies of the tensors in it are given to the module.

    Raises:
        ExtraError: torch is not installed.
        SettingsError: this is no module, there is no example input, a lazy layer has no sizes
            yet, or the forward pass fails (its error is the cause).
    """
    try:
        import torch
    except ImportError:
        raise ExtraError.missing("explaining a torch module", "torch", "train") from None
    module = getattr(module, "_orig_mod", module)
    if not isinstance(module, torch.nn.Module):
        raise SettingsError(
            "the model to explain",
            f"an object of type {type(module).__name__}",
            "a poet, the folder of one, or a torch.nn.Module",
            "Give one of these.",
        )
    if example_input is None:
        raise SettingsError(
            f"the example input of {type(module).__name__}",
            "none",
            "a tensor, a tuple of arguments, or a dict of keyword arguments",
            "Give one: shapes, multiply-adds and memory depend on it.",
        )
    _check_lazy(module)
    with _unchanged(module) as originals:
        arguments, keywords = _arguments(copied(example_input, {}))
        watch = _Watch(module, (arguments, keywords), originals)
        with ExitStack() as hooks:
            for layer in watch.layers:
                watch.attach(layer, hooks)
            watch.run(module, arguments, keywords)
        kept = _kept(module, arguments, keywords, originals)
    return watch.observed(module, kept)


def _check_lazy(module: Module) -> None:
    from torch.nn.parameter import is_lazy

    for path, layer in module.named_modules():
        for name, tensor in (*layer._parameters.items(), *layer._buffers.items()):
            if is_lazy(tensor):
                raise SettingsError(
                    f"{name!r} of {_path(path, module)} ({type(layer).__name__})",
                    "a lazy layer that has no sizes yet",
                    "a layer whose sizes are known",
                    "Call the module once on an input, then explain it.",
                )


def _path(path: str, module: Module) -> str:
    return path or type(module).__name__


class _Watch:
    """Sees layers called and operations done.

    Attributes:
        layers: module -> what is noted of it, in the order of the tree.
    """

    def __init__(self, module: Module, example: object, originals: Originals) -> None:
        self.layers: dict[Module, Layer] = {}
        self._memory = Lifetimes()
        self._originals = originals
        self._fixed = originals.storages
        self._used: dict[int, str] = {}  # storage of a parameter -> who computed with it
        self._remarks: list[str] = []
        owners: dict[int, tuple[str, str]] = {}
        for path, layer in module.named_modules():
            self.layers[layer] = self._layer(_path(path, module), layer, owners)
        # The module itself is entered first: what runs before its hooks do is its own work, too.
        self._stack: list[tuple[Layer, Work]] = [(self.layers[module], Work())]
        for path, layer in module.named_modules(remove_duplicate=False):
            first = self.layers[layer].path
            if _path(path, module) != first:
                self._remarks.append(f"{path} is the same module as {first}, told there.")
        for tensor in tensors_in(example):
            if (storage := storage_of(tensor)) is not None and storage._cdata not in self._fixed:
                self._memory.follow(storage, "the example input")

    def _layer(self, path: str, layer: Module, owners: dict[int, tuple[str, str]]) -> Layer:
        rule = rule_of(layer)
        own: list[Expression] = []
        shared: list[Expression] = []
        for name, parameter in layer._parameters.items():
            if parameter is None:
                continue
            entries = f"{path}.{name}" if name.isdigit() else name
            own.append(Entries(entries, tuple(parameter.shape)))
            if id(parameter) not in owners:
                owners[id(parameter)] = path, name
                continue
            owner, there = owners[id(parameter)]
            shared.append(Symbol(f"{name} shared with {owner}", parameter.numel()))
            self._remarks.append(
                f"{path}: its {name} is the {there} of {owner}, one tensor under two names: its "
                f"{parameter.numel():,} numbers are counted there and not again."
            )
        held = total(*own) if own else None
        formula = None if rule is None else rule.parameters(layer)
        if held is not None and formula is not None and formula.value == held.value:
            held = formula
        for part in shared:
            held = None if held is None else held - part
        return Layer(
            path,
            type(layer).__name__,
            container=rule is None and next(layer.children(), None) is not None,
            parameters=held,
            reason=reason(layer),
        )

    def attach(self, layer: Module, hooks: ExitStack) -> None:
        """See every call of `layer` until `hooks` is closed."""
        seen, rule = self.layers[layer], rule_of(layer)

        def enter(_layer: Module, _arguments: object) -> None:
            self._stack.append((seen, Work()))

        def leave(layer: Module, arguments: Any, keywords: Any, output: Any) -> None:
            done = self._pop(seen)
            formula = None
            if rule is not None:
                bound = inspect.signature(layer.forward).bind(*arguments, **keywords)
                formula = rule.multiply_adds(layer, Call(bound.arguments, output))
            if formula is None:
                seen.work.update(done)
                seen.outside = seen.outside or bool(done)
            else:
                seen.work.add(formula)
            seen.calls += 1
            seen.inputs[shapes_of((arguments, keywords))] += 1
            seen.outputs[shapes_of(output)] += 1

        try:
            hooks.callback(layer.register_forward_pre_hook(enter, prepend=True).remove)
            hooks.callback(layer.register_forward_hook(leave, with_kwargs=True).remove)
        except RuntimeError:  # torch.jit allows none: its work is seen where it is called
            self._remarks.append(f"{seen.path} is compiled by torch.jit and seen from outside.")

    def _pop(self, layer: Layer) -> Work:
        """Leave `layer`: the operations it ran itself."""
        while self._stack[-1][0] is not layer:  # a call inside failed and the module went on
            inner, operations = self._stack.pop()
            inner.work.update(operations)
        return self._stack.pop()[1]

    def run(self, module: Module, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        """One forward pass, watched."""
        import torch

        fused = torch.backends.mha.get_fastpath_enabled()
        torch.backends.mha.set_fastpath_enabled(False)
        for layer in module.modules():
            layer.training = False
        try:
            with torch.inference_mode(False), torch.no_grad(), _mode(self._operation):
                output = module(*arguments, **keywords)
                del output
            root, operations = self._stack.pop()
            root.work.update(operations)
            root.outside = root.outside or bool(operations)
        except Exception as error:
            raise self._failure(module, error, (arguments, keywords)) from error
        finally:
            torch.backends.mha.set_fastpath_enabled(fused)
            self._memory.close()

    def _failure(self, module: Module, error: Exception, example: object) -> SettingsError:
        inner = self._stack[-1][0]
        return SettingsError(
            f"the forward pass of {inner.path} ({inner.kind})",
            f"{type(error).__name__}: {_first_line(error)}",
            f"an example input that {type(module).__name__} can read; given was "
            f"{shapes_of(example) or 'one without tensors'}",
            "Give what the module is called with: a tensor, a tuple of arguments, or a dict of "
            "keyword arguments, on the module's device.",
        )

    def _operation(self, function: Any, arguments: Any, keywords: dict[str, Any]) -> Any:
        given = (arguments, keywords)
        layer, work = self._stack[-1]
        read = (storage_of(tensor) for tensor in tensors_in(given))
        before = {storage._cdata for storage in read if storage is not None}
        for key in before & self._fixed:
            self._used.setdefault(key, layer.path)
        self._originals.keep(function, arguments, keywords)
        output = function(*arguments, **keywords)
        schema = getattr(function, "_schema", None)
        name = str(function) if schema is None else schema.name
        done = count(name, arguments, output)
        if done is not None:
            work.add(done)
        elif uncounted(name, arguments):
            work.uncounted[name] += 1
        for tensor in tensors_in(output):
            storage = storage_of(tensor)
            if storage is not None and storage._cdata not in before | self._fixed:
                self._memory.follow(storage, f"made in {layer.name}")
        return output

    def observed(self, module: Module, kept: int | str) -> Observed:
        """Everything that was seen."""
        layers = tuple(self.layers.values())
        parameters = list(module.parameters())
        counted = sum(layer.parameter_count for layer in layers)
        if counted != sum(parameter.numel() for parameter in parameters):
            raise InternalError(f"{counted} parameters in the layers of {type(module).__name__}")
        frozen = sum(p.numel() for p in parameters if not p.requires_grad)
        memory: Counter[str] = Counter()
        for owner, size in self._memory.fullest():
            memory[owner] += size
        held = sum(p.numel() * p.element_size() for p in parameters)
        formulas: list[Part] = [
            Formula("parameters that do not learn", "", "", frozen),
            Formula("memory of the parameters", "", "", held, "bytes"),
            sum_of("peak activation memory", list(memory.items()), "bytes"),
            Note(_MEMORY),
        ]
        if isinstance(kept, int):
            formulas += [Formula("kept for the way back", "", "", kept, "bytes"), Note(_KEPT)]
        remarks = [*self._remarks, *self._calls(), *outside(layers)]
        if isinstance(kept, str):
            remarks.append(f"What training keeps is not told: a forward pass in {kept}")
        title = f"{type(module).__name__}, layer by layer"
        return Observed(title, layers, _INTRODUCTION, formulas, remarks)

    def _calls(self) -> Iterator[str]:
        """Modules called several times, or never."""
        for layer, seen in self.layers.items():
            storages = [storage_of(p) for p in layer._parameters.values() if p is not None]
            users = {self._used.get(storage._cdata) for storage in storages if storage is not None}
            user = next(iter(users - {None}), None)
            counted = f"its {seen.parameter_count:,} parameters are counted"
            if seen.calls > 1 and not seen.container:
                once = f"{counted} once, its" if seen.parameters else "its"
                calls = f"was called {seen.calls:,} times"
                yield f"{seen.path} {calls}: {once} multiply-adds each time."
            elif not seen.calls and user is not None and user != seen.path:
                yield (
                    f"{seen.path} was never called as a module: {user} computes with its weights, "
                    "and the multiply-adds are told there."
                )
            elif not seen.calls and (seen.parameters or not seen.container):
                end = f"; {counted}." if seen.parameters else "."
                yield f"{seen.path} was never called in this forward pass{end}"


def _mode(operation: Callable[..., Any]) -> Any:
    """A context in which torch hands every operation to `operation` to be done."""
    from torch.utils._python_dispatch import TorchDispatchMode

    class Mode(TorchDispatchMode):  # type: ignore[no-untyped-call]
        def __torch_dispatch__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            return operation(func, args, kwargs or {})

    return Mode()  # type: ignore[no-untyped-call]


def _kept(
    module: Module, arguments: tuple[Any, ...], keywords: dict[str, Any], originals: Originals
) -> int | str:
    """Bytes saved for a backward pass in training mode, or why there is no such pass."""
    import torch

    def operation(function: Any, arguments: Any, keywords: dict[str, Any]) -> Any:
        originals.keep(function, arguments, keywords)
        return function(*arguments, **keywords)

    saved: list[Tensor] = []  # held, so that no two share an address
    for layer in module.modules():
        layer.training = True
    try:
        with (
            torch.inference_mode(False),
            torch.enable_grad(),
            torch.autograd.graph.saved_tensors_hooks(saved.append, lambda nothing: nothing),
            _mode(operation),
        ):
            output = module(*arguments, **keywords)
            del output
    except Exception as error:  # a batch of one cannot be normalised, for example
        return f"training mode fails ({type(error).__name__}: {_first_line(error)})."
    held = {s._cdata: s for s in map(storage_of, saved) if s is not None}
    return sum(int(s.nbytes()) for key, s in held.items() if key not in originals.storages)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), "") or "no message"


@contextmanager
def _unchanged(module: Module) -> Iterator[Originals]:
    """Put back afterwards whatever a forward pass can change of a module and around it."""
    import numpy as np
    import torch

    layers = [(layer, dict(vars(layer))) for layer in module.modules()]
    values = [value for _, held in layers for value in held.values()]
    containers = [(v, copy.copy(v)) for v in values if isinstance(v, dict | list | set)]
    generators = [(v, v.get_state()) for v in values if isinstance(v, torch.Generator)]
    tensors = [tensor for tensor in values if isinstance(tensor, torch.Tensor)]
    tensors += list(module.buffers())
    contents = [(tensor.detach(), tensor.detach().clone()) for tensor in tensors]
    devices = {p.device for p in module.parameters() if p.device.type == "cuda"}
    originals = Originals((*module.parameters(), *module.buffers()))
    python, legacy = random.getstate(), np.random.get_state()  # noqa: NPY002 - forward may draw
    try:
        with torch.random.fork_rng(devices=sorted(device.index for device in devices)):
            yield originals
    finally:
        originals.restore()
        random.setstate(python)
        np.random.set_state(legacy)  # noqa: NPY002
        for generator, state in generators:
            generator.set_state(state)
        for layer, held in layers:
            for name in vars(layer).keys() - held.keys():
                del vars(layer)[name]
            vars(layer).update(held)
        for container, before in containers:
            container.clear()
            (container.extend if isinstance(container, list) else container.update)(before)
        with torch.no_grad():
            for tensor, copied in contents:
                dense = tensor.layout == torch.strided and not tensor.is_meta
                if dense and not torch.equal(tensor, copied):
                    tensor.copy_(copied)


def _arguments(example: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if isinstance(example, dict):
        return (), example
    return (example, {}) if type(example) is tuple else ((example,), {})
