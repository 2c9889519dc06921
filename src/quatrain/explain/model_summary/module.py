"""Any torch module, observed during one forward pass.

In: a module and its example input. Out: a `ModelSummary` for `report`. In this package only
this module and `lstm_gradients.autograd` may import torch, inside their functions.

Two mechanisms work together. Hooks report which layer runs on which shapes; known layers are
counted by formula (`counts`). A dispatch mode sees every operation below them: the computations
of an unknown module are counted operation by operation (`operations`), and every new tensor is
followed until it is freed (`memory`).
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
from quatrain.explain.model_summary.operations import is_uncounted, multiply_adds
from quatrain.explain.model_summary.report import (
    MODULE_INTRODUCTION,
    PEAK_MEMORY,
    SAVED_FOR_BACKWARD,
    LayerSummary,
    ModelSummary,
    Work,
    counting_remarks,
    sum_of,
)
from quatrain.explain.model_summary.values import (
    copy_tensors,
    first_line,
    shapes_of,
    split_arguments,
    storage_of,
    tensors_in,
)
from quatrain.records import Formula, Note, Part

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


def observe(module: object, example_input: object) -> ModelSummary:
    """Run `module` on `example_input` and record every layer, its counts and its memory.

    The module is left as it was: training flags, buffers, parameters, attributes (including
    lists, dicts and sets), hooks, gradients and the global random states are restored, even if
    the forward pass fails. Objects inside its attributes are not restored.

    Args:
        module: a torch module; for a result of `torch.compile`, the original module is used.
        example_input: a tuple of positional arguments, a dict of keyword arguments, or else the
            only argument. The module gets copies of its tensors.

    Raises:
        ExtraError: torch is not installed.
        SettingsError: this is not a module, there is no example input, a lazy layer has no sizes
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
            "a poet, its folder, or a torch.nn.Module",
            "Give one of these.",
        )
    if example_input is None:
        raise SettingsError(
            f"the example input of {type(module).__name__}",
            "none",
            "a tensor, a tuple of arguments, or a dict of keyword arguments",
            "Shapes, multiply-adds and memory depend on it.",
            message=f"Explaining {type(module).__name__} needs an example input: a tensor, a tuple "
            "of arguments, or a dict of keyword arguments.",
        )
    _check_lazy(module)
    with _restoring(module) as originals:
        arguments, keywords = split_arguments(copy_tensors(example_input, {}))
        observer = _Observer(module, (arguments, keywords), originals)
        with ExitStack() as hooks:
            for layer in observer.layers:
                observer.attach(layer, hooks)
            observer.run(module, arguments, keywords)
        saved = _saved_for_backward(module, arguments, keywords, originals)
    return observer.summary(module, saved)


def _check_lazy(module: Module) -> None:
    from torch.nn.parameter import is_lazy

    for path, layer in module.named_modules():
        for name, tensor in (*layer._parameters.items(), *layer._buffers.items()):
            if is_lazy(tensor):
                raise SettingsError(
                    f"{name!r} of {_path(path, module)} ({type(layer).__name__})",
                    "a lazy layer that has no sizes yet",
                    "a layer with known sizes",
                    "Call the module once on an input, then explain it.",
                )


def _path(path: str, module: Module) -> str:
    return path or type(module).__name__


class _Observer:
    """Recorder of layer calls and operations during a forward pass.

    Attributes:
        layers: module -> its counts, in the order of the tree.
    """

    def __init__(self, module: Module, example: object, originals: Originals) -> None:
        self.layers: dict[Module, LayerSummary] = {}
        self._memory = Lifetimes()
        self._originals = originals
        self._fixed = originals.storages
        self._used: dict[int, str] = {}  # storage of a parameter -> path of the module that used it
        self._remarks: list[str] = []
        owners: dict[int, tuple[str, str]] = {}
        for path, layer in module.named_modules():
            self.layers[layer] = self._layer(_path(path, module), layer, owners)
        # Start inside the module itself: work before its hooks run is its own.
        self._stack: list[tuple[LayerSummary, Work]] = [(self.layers[module], Work())]
        for path, layer in module.named_modules(remove_duplicate=False):
            first = self.layers[layer].path
            if _path(path, module) != first:
                self._remarks.append(f"{path} is the same module as {first} and is listed there.")
        for tensor in tensors_in(example):
            if (storage := storage_of(tensor)) is not None and storage._cdata not in self._fixed:
                self._memory.follow(storage, "the example input")

    def _layer(self, path: str, layer: Module, owners: dict[int, tuple[str, str]]) -> LayerSummary:
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
                f"The {name} of {path} is the {there} of {owner}, one tensor under two names: its "
                f"{parameter.numel():,} numbers are counted there and not again."
            )
        held = total(*own) if own else None
        formula = None if rule is None else rule.parameters(layer)
        if held is not None and formula is not None and formula.value == held.value:
            held = formula
        for part in shared:
            held = None if held is None else held - part
        return LayerSummary(
            path,
            type(layer).__name__,
            container=rule is None and next(layer.children(), None) is not None,
            parameters=held,
            reason=reason(layer),
        )

    def attach(self, layer: Module, hooks: ExitStack) -> None:
        """Record every call of `layer` until `hooks` is closed."""
        counts, rule = self.layers[layer], rule_of(layer)

        def enter(_layer: Module, _arguments: object) -> None:
            self._stack.append((counts, Work()))

        def leave(layer: Module, arguments: Any, keywords: Any, output: Any) -> None:
            work = self._pop(counts)
            formula = None
            if rule is not None:
                bound = inspect.signature(layer.forward).bind(*arguments, **keywords)
                formula = rule.multiply_adds(layer, Call(bound.arguments, output))
            if formula is None:
                counts.work.update(work)
                counts.by_operations = counts.by_operations or bool(work)
            else:
                counts.work.add(formula)
            counts.calls += 1
            counts.inputs[shapes_of((arguments, keywords))] += 1
            counts.outputs[shapes_of(output)] += 1

        try:
            hooks.callback(layer.register_forward_pre_hook(enter, prepend=True).remove)
            hooks.callback(layer.register_forward_hook(leave, with_kwargs=True).remove)
        except RuntimeError:  # torch.jit allows no hooks: its work counts where it is called
            self._remarks.append(
                f"{counts.path} is compiled by torch.jit, so its inside isn't listed."
            )

    def _pop(self, layer: LayerSummary) -> Work:
        """Leave `layer` and return the work of the operations it ran itself."""
        while self._stack[-1][0] is not layer:  # a call inside failed and the module went on
            inner, operations = self._stack.pop()
            inner.work.update(operations)
        return self._stack.pop()[1]

    def run(self, module: Module, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        """Run one forward pass and record it."""
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
            root.by_operations = root.by_operations or bool(operations)
        except Exception as error:
            raise self._failure(module, error, (arguments, keywords)) from error
        finally:
            torch.backends.mha.set_fastpath_enabled(fused)
            self._memory.close()

    def _failure(self, module: Module, error: Exception, example: object) -> SettingsError:
        inner = self._stack[-1][0]
        return SettingsError(
            f"the forward pass of {inner.path} ({inner.kind})",
            f"{type(error).__name__}: {first_line(error)}",
            f"an example input that {type(module).__name__} can read, not "
            f"{shapes_of(example) or 'one without tensors'}",
            "Give the arguments of its forward pass: a tensor, a tuple of arguments, or a dict of "
            "keyword arguments, on the module's device.",
        )

    def _operation(self, function: Any, arguments: Any, keywords: dict[str, Any]) -> Any:
        layer, work = self._stack[-1]
        read = (storage_of(tensor) for tensor in tensors_in((arguments, keywords)))
        before = {storage._cdata for storage in read if storage is not None}
        for key in before & self._fixed:
            self._used.setdefault(key, layer.path)
        self._originals.save_before_write(function, arguments, keywords)
        output = function(*arguments, **keywords)
        schema = getattr(function, "_schema", None)
        name = str(function) if schema is None else schema.name
        terms = multiply_adds(name, arguments, output)
        if terms is not None:
            work.add(terms)
        elif is_uncounted(name, arguments):
            work.uncounted[name] += 1
        for tensor in tensors_in(output):
            storage = storage_of(tensor)
            if storage is not None and storage._cdata not in before | self._fixed:
                self._memory.follow(storage, f"made in {layer.name}")
        return output

    def summary(self, module: Module, saved: int | str) -> ModelSummary:
        """Return the summary of the whole pass.

        `saved` are the bytes saved for the backward pass, or the reason why they aren't known.
        """
        layers = tuple(self.layers.values())
        parameters = list(module.parameters())
        counted = sum(layer.parameter_count for layer in layers)
        if counted != sum(parameter.numel() for parameter in parameters):
            raise InternalError(f"{counted} parameters in the layers of {type(module).__name__}")
        frozen = sum(p.numel() for p in parameters if not p.requires_grad)
        memory: Counter[str] = Counter()
        for owner, size in self._memory.peak():
            memory[owner] += size
        held = sum(p.numel() * p.element_size() for p in parameters)
        formulas: list[Part] = [
            Formula("frozen parameters", "", "", frozen),
            Formula("memory of the parameters", "", "", held, "bytes"),
            sum_of("peak activation memory", list(memory.items()), "bytes"),
            Note(PEAK_MEMORY),
        ]
        if isinstance(saved, int):
            formulas += [
                Formula("saved for the backward pass", "", "", saved, "bytes"),
                Note(SAVED_FOR_BACKWARD),
            ]
        remarks = [*self._remarks, *self._calls(), *counting_remarks(layers)]
        if isinstance(saved, str):
            remarks.append(f"What training saves isn't known: a forward pass in {saved}")
        title = f"{type(module).__name__}, layer by layer"
        return ModelSummary(title, layers, MODULE_INTRODUCTION, formulas, remarks)

    def _calls(self) -> Iterator[str]:
        """Yield remarks on modules called several times, or never."""
        for layer, counts in self.layers.items():
            storages = [storage_of(p) for p in layer._parameters.values() if p is not None]
            users = {self._used.get(storage._cdata) for storage in storages if storage is not None}
            user = next(iter(users - {None}), None)
            counted = f"its {counts.parameter_count:,} parameters are counted"
            if counts.calls > 1 and not counts.container:
                once = f"{counted} once, its" if counts.parameters else "its"
                calls = f"was called {counts.calls:,} times"
                yield f"{counts.path} {calls}: {once} multiply-adds each time."
            elif not counts.calls and user is not None and user != counts.path:
                yield (
                    f"{counts.path} was never called as a module: {user} computes with its "
                    "weights, and the multiply-adds are counted there."
                )
            elif not counts.calls and (counts.parameters or not counts.container):
                end = f"; {counted}." if counts.parameters else "."
                yield f"{counts.path} was never called in this forward pass{end}"


def _mode(operation: Callable[..., Any]) -> Any:
    """Return a context in which torch passes every operation to `operation`."""
    from torch.utils._python_dispatch import TorchDispatchMode

    class Mode(TorchDispatchMode):  # type: ignore[no-untyped-call]
        def __torch_dispatch__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            return operation(func, args, kwargs or {})

    return Mode()  # type: ignore[no-untyped-call]


def _saved_for_backward(
    module: Module, arguments: tuple[Any, ...], keywords: dict[str, Any], originals: Originals
) -> int | str:
    """Return the bytes saved for a backward pass in training mode, or why that fails."""
    import torch

    def operation(function: Any, arguments: Any, keywords: dict[str, Any]) -> Any:
        originals.save_before_write(function, arguments, keywords)
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
        return f"training mode fails ({type(error).__name__}: {first_line(error)})."
    held = {s._cdata: s for s in map(storage_of, saved) if s is not None}
    return sum(int(s.nbytes()) for key, s in held.items() if key not in originals.storages)


@contextmanager
def _restoring(module: Module) -> Iterator[Originals]:
    """Restore afterwards everything a forward pass can change in and around a module."""
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
            for tensor, original in contents:
                dense = tensor.layout == torch.strided and not tensor.is_meta
                if dense and not torch.equal(tensor, original):
                    tensor.copy_(original)
