"""The observer of a forward pass: which layer runs which operations on which shapes.

In: a module, its calls and operations while it runs. Out: counts per layer, and the lifetimes
of tensors, for `module`.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.expression import Expression, Symbol, total
from quatrain.explain.model_summary.counting.expected_shapes import has_expected_shapes
from quatrain.explain.model_summary.counting.formulas import Call, Entries, Rule, reason, rule_of
from quatrain.explain.model_summary.counting.operations import (
    Operation,
    is_uncounted,
    multiply_adds,
)
from quatrain.explain.model_summary.counting.shared_memory import Overlaps
from quatrain.explain.model_summary.dispatch import (
    dispatching,
    protecting,
    run_decomposed,
    run_higher_order,
)
from quatrain.explain.model_summary.memory import Lifetimes, Originals
from quatrain.explain.model_summary.report import LayerSummary, Work
from quatrain.explain.model_summary.values import first_line, shapes_of, storage_of, tensors_in

if TYPE_CHECKING:
    from torch.nn import Module


class Observer:
    """Recorder of layer calls and operations during a forward pass.

    Attributes:
        layers: module -> its counts, in the order of the tree.
        memory: the lifetimes of the tensors.
        remarks: sentences on what is shared, packed or hidden.
        frozen: number of parameters that need no gradients.
        parameter_bytes: memory of the parameters, shared memory once.
    """

    def __init__(self, module: Module, example: object, originals: Originals) -> None:
        self.layers: dict[Module, LayerSummary] = {}
        self.memory = Lifetimes()
        self.remarks: list[str] = []
        self.frozen = self.parameter_bytes = 0
        self._module = module
        self._originals = originals
        self._fixed = originals.storages
        self._used: dict[int, str] = {}  # storage of a parameter -> path of the module that used it
        overlaps = Overlaps(module.parameters())
        for path, layer in module.named_modules():
            self.layers[layer] = self._layer(path_of(path, module), layer, overlaps)
        # Start inside the module itself: work before its hooks run is its own.
        self._stack: list[tuple[LayerSummary, Work]] = [(self.layers[module], Work())]
        for path, layer in module.named_modules(remove_duplicate=False):
            first = self.layers[layer].path
            if path_of(path, module) != first:
                self.remarks.append(f"{path} is the same module as {first} and is listed there.")
        for tensor in tensors_in(example):
            if (storage := storage_of(tensor)) is not None and storage._cdata not in self._fixed:
                self.memory.follow(storage, "the example input")

    def _layer(self, path: str, layer: Module, overlaps: Overlaps) -> LayerSummary:
        rule = rule_of(layer)
        own: list[Expression] = []
        shared: list[Expression] = []
        for name, parameter in layer._parameters.items():
            if parameter is None:
                continue
            entries = f"{path}.{name}" if name.isdigit() else name
            own.append(Entries(entries, tuple(parameter.shape)))
            numbers, owner, its_name = overlaps.claim(parameter, path, name)
            count = parameter.numel() - numbers
            self.frozen += 0 if parameter.requires_grad else count
            self.parameter_bytes += count * parameter.element_size()
            if not numbers:
                continue
            shared.append(Symbol(f"{name} shared with {owner}", numbers))
            self.remarks.append(
                f"The {name} of {path} shares memory with the {its_name} of {owner}: {numbers:,} "
                "numbers are counted there and not again."
            )
        held = total(*own) if own else None
        formula = None if rule is None else rule.parameters(layer)
        if held is not None and formula is not None and formula.value == held.value:
            held = formula if has_expected_shapes(layer) else held
        for part in shared:
            held = None if held is None else held - part
        self.remarks += _packed_remarks(path, layer)
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
                formula = _formula(rule, layer, Call(bound.arguments, output))
            if formula is not None and _agree(rule, layer, formula, work):
                counts.work.add(formula)
            else:
                counts.work.update(work)
                counts.by_operations = counts.by_operations or bool(work)
                if formula is not None:
                    counts.attribute_count = (counts.attribute_count or 0) + int(formula.value)
            counts.calls += 1
            counts.inputs[shapes_of((arguments, keywords))] += 1
            counts.outputs[shapes_of(output)] += 1

        try:
            hooks.callback(layer.register_forward_pre_hook(enter, prepend=True).remove)
            hooks.callback(layer.register_forward_hook(leave, with_kwargs=True).remove)
        except RuntimeError:  # torch.jit allows no hooks: its work counts where it is called
            self.remarks.append(
                f"{counts.path} is compiled by torch.jit, so its inside isn't listed."
            )

    def _pop(self, layer: LayerSummary) -> Work:
        """Leave `layer` and return the work of the operations it ran itself."""
        while self._stack[-1][0] is not layer:  # a call inside failed and the module went on
            inner, operations = self._stack.pop()
            inner.work.update(operations)
        return self._stack.pop()[1]

    def run(self, arguments: tuple[Any, ...], keywords: dict[str, Any], *, gradients: bool) -> None:
        """Run one forward pass and record it.

        Raises:
            SettingsError: the forward pass fails (its error is the cause).
        """
        import torch

        fused = torch.backends.mha.get_fastpath_enabled()
        torch.backends.mha.set_fastpath_enabled(False)
        try:
            with (
                torch.inference_mode(False),
                torch.enable_grad() if gradients else torch.no_grad(),
            ):
                with dispatching(protecting(self._originals)):
                    set_mode(self._module, training=False)
                with dispatching(self._operation):
                    output = self._module(*arguments, **keywords)
                    del output
            while self._stack:
                layer, operations = self._stack.pop()
                layer.work.update(operations)
                layer.by_operations = layer.by_operations or bool(operations)
        except Exception as error:
            raise self._failure(error, (arguments, keywords)) from error
        finally:
            torch.backends.mha.set_fastpath_enabled(fused)
            self.memory.close()

    def _failure(self, error: Exception, example: object) -> SettingsError:
        inner, kind = self._stack[-1][0], type(self._module).__name__
        return SettingsError(
            f"the forward pass of {inner.path} ({inner.kind})",
            f"{type(error).__name__}: {first_line(error)}",
            f"a forward pass of {kind} without an error on "
            f"{shapes_of(example) or 'an example input without tensors'}",
            "Give the arguments of its forward pass: a tensor, a tuple of arguments, or a mapping "
            "of keyword arguments, on the module's device.",
        )

    def _operation(self, mode: Any, function: Any, arguments: Any, keywords: dict[str, Any]) -> Any:
        layer, work = self._stack[-1]
        read = (storage_of(tensor) for tensor in tensors_in((arguments, keywords)))
        before = {storage._cdata for storage in read if storage is not None}
        for key in before & self._fixed:
            self._used.setdefault(key, layer.path)
        self._originals.save_before_write(function, arguments, keywords)
        if getattr(function, "_schema", None) is None:
            output, observed = run_higher_order(mode, function, arguments, keywords)
            work.uncounted.update([] if observed else [function.name()])
        elif (output := run_decomposed(mode, function, arguments, keywords)) is NotImplemented:
            output = function(*arguments, **keywords)
            operation = Operation.from_call(function, arguments, keywords, output)
            terms = multiply_adds(operation)
            if terms is not None:
                work.add(terms)
            elif is_uncounted(operation):
                work.uncounted[operation.name] += 1
        for tensor in tensors_in(output):
            storage = storage_of(tensor)
            if storage is not None and storage._cdata not in before | self._fixed:
                self.memory.follow(storage, f"made in {layer.name}")
        return output

    def call_remarks(self) -> Iterator[str]:
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


def set_mode(module: Module, *, training: bool) -> None:
    """Put a module into training or evaluation mode, as its own `train` does it."""
    try:
        module.train(training)
    except NotImplementedError:  # a module from `torch.export` has one mode
        for layer in module.modules():
            layer.training = training


def path_of(path: str, module: Module) -> str:
    """Return the path of a layer; of the module itself the name of its class."""
    return path or type(module).__name__


def _formula(rule: Rule, layer: Module, call: Call) -> Expression | None:
    """Return the multiply-adds of a call by formula; None if the rule can't read its inputs."""
    if any(tensor.is_nested for tensor in tensors_in((call.arguments, call.output))):
        return None
    return rule.multiply_adds(layer, call)


def _agree(rule: Rule | None, layer: Module, formula: Expression, work: Work) -> bool:
    """Return whether a formula says what the operations did.

    Where an operation hides its work inside, the shapes of the parameters decide.
    """
    if work.uncounted:
        covers = frozenset() if rule is None else rule.covers
        return covers.issuperset(work.uncounted) and has_expected_shapes(layer)
    return formula.value == work.multiply_adds


def _packed_remarks(path: str, layer: Module) -> Iterator[str]:
    """Yield a remark on every packed object of a layer, as quantised layers hold them."""
    import torch

    for value in vars(layer).values():
        if isinstance(value, torch.ScriptObject):
            yield (
                f"{path} ({type(layer).__name__}) holds packed weights{_packed_numbers(value)}, "
                "which torch doesn't list as parameters: they aren't among the parameters here."
            )


def _packed_numbers(packed: Any) -> str:
    """Return how many numbers a packed object holds, as a phrase; empty if it doesn't say."""
    try:
        return f" of {sum(tensor.numel() for tensor in tensors_in(packed.unpack())):,} numbers"
    except Exception:  # each kind of packed object has its own methods
        return ""
