"""Any torch module, observed during one forward pass.

In: a module and its example input. Out: a `ModelSummary` for `report`.

Two mechanisms work together. Hooks report which layer runs on which shapes; known layers have a
formula (`counting.formulas`). A dispatch mode sees every operation below them (`observer`),
counts it (`counting.operations`), and follows every new tensor until it is freed (`memory`). A
formula is shown where it says what the operations did; elsewhere the operations count.

A second pass in training mode measures what is saved for the backward pass. Each pass starts
from the module and the example as they were (`restoring`).
"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import AbstractContextManager, ExitStack, nullcontext
from typing import TYPE_CHECKING, Any

from quatrain.errors import ExtraError, InternalError, SettingsError
from quatrain.explain.model_summary.dispatch import dispatching, protecting
from quatrain.explain.model_summary.observer import Observer, path_of, set_mode
from quatrain.explain.model_summary.report import (
    GRADIENTS_NEEDED,
    MODULE_INTRODUCTION,
    PEAK_MEMORY,
    SAVED_FOR_BACKWARD,
    ModelSummary,
    counting_remarks,
    sum_of,
)
from quatrain.explain.model_summary.restoring import restoring
from quatrain.explain.model_summary.values import (
    Copier,
    first_line,
    split_arguments,
    storage_of,
)
from quatrain.records import Formula, Note, Part

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


def observe(module: object, example_input: object) -> ModelSummary:
    """Run `module` on `example_input` and record every layer, its counts and its memory.

    The module is left as it was: training flags, buffers, parameters, attributes (with what
    lists, dicts, sets and objects in them hold), hooks, gradients and the global random states
    are restored, even if the forward pass fails.

    Args:
        module: a torch module; for a result of `torch.compile`, the original module is used.
        example_input: a tuple of positional arguments, a mapping of keyword arguments, or else
            the only argument. The module gets copies.

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
            "a tensor, a tuple of arguments, or a mapping of keyword arguments",
            "Shapes, multiply-adds and memory depend on it.",
            message=f"Explaining {type(module).__name__} needs an example input: a tensor, a tuple "
            "of arguments, or a mapping of keyword arguments.",
        )
    _check_lazy(module)
    copier = Copier((*module.modules(), *module.parameters(), *module.buffers()))
    try:
        observer, gradients = _observe_pass(module, copier, example_input, False), False
    except SettingsError:
        # A forward pass may need gradients, for forces or for steps of learning. Any error may
        # come of their absence, so the pass is run again with them.
        observer, gradients = _observe_pass(module, copier, example_input, True), True
    if copier.uncopied:
        observer.remarks.append(
            f"The example input holds objects that can't be copied ({', '.join(copier.uncopied)}): "
            "they were passed as they are, and the forward pass may have changed them."
        )
    saved = _saved_for_backward(module, copier, example_input)
    return _summary(module, observer, saved, gradients=gradients)


def _check_lazy(module: Module) -> None:
    from torch.nn.parameter import is_lazy

    for path, layer in module.named_modules():
        for name, tensor in (*layer._parameters.items(), *layer._buffers.items()):
            if is_lazy(tensor):
                raise SettingsError(
                    f"{name!r} of {path_of(path, module)} ({type(layer).__name__})",
                    "a lazy layer that has no sizes yet",
                    "a layer with known sizes",
                    "Call the module once on an input, then explain it.",
                )


def _observe_pass(module: Module, copier: Copier, example: Any, gradients: bool) -> Observer:
    """Return the record of one forward pass in evaluation mode."""
    compiler = _COMPILER in sys.modules
    try:
        return _observed(module, copier.copy(example), gradients)
    except SettingsError:
        if compiler or _COMPILER not in sys.modules:
            raise
        # `cond` and the like have loaded the compiler, which refuses to be observed: now it can
        # be told to stand aside. Loading it beforehand would take a second for every module.
        return _observed(module, copier.copy(example), gradients)


_COMPILER = "torch._dynamo"


def _uncompiled() -> AbstractContextManager[Any]:
    """Return a context in which compiled functions run as they were written."""
    import torch

    return torch.compiler.set_stance("force_eager") if _COMPILER in sys.modules else nullcontext()


def _observed(module: Module, example: Any, gradients: bool) -> Observer:
    arguments, keywords = split_arguments(example)
    with restoring(module) as originals:
        observer = Observer(module, (arguments, keywords), originals)
        with ExitStack() as hooks:
            hooks.enter_context(_uncompiled())
            for layer in observer.layers:
                observer.attach(layer, hooks)
            observer.run(arguments, keywords, gradients=gradients)
    return observer


def _summary(
    module: Module, observer: Observer, saved: int | str, *, gradients: bool
) -> ModelSummary:
    """Return the summary of the whole pass.

    Args:
        module: the module.
        observer: the record of its forward pass.
        saved: the bytes saved for the backward pass, or the reason why they aren't known.
        gradients: whether the forward pass ran with gradients.
    """
    layers = tuple(observer.layers.values())
    parameters = list(module.parameters())
    counted = sum(layer.parameter_count for layer in layers)
    if counted > sum(parameter.numel() for parameter in parameters):
        raise InternalError(f"{counted} parameters in the layers of {type(module).__name__}")
    memory: Counter[str] = Counter()
    for owner, size in observer.memory.peak():
        memory[owner] += size
    formulas: list[Part] = [
        Formula("frozen parameters", "", "", observer.frozen),
        Formula("memory of the parameters", "", "", observer.parameter_bytes, "bytes"),
        sum_of("peak activation memory", list(memory.items()), "bytes"),
        Note(PEAK_MEMORY),
    ]
    if buffers := sum(buffer.numel() for buffer in module.buffers()):
        formulas.insert(1, Formula("numbers in buffers", "", "", buffers))
    if isinstance(saved, int):
        formulas += [
            Formula("saved for the backward pass", "", "", saved, "bytes"),
            Note(SAVED_FOR_BACKWARD),
        ]
    remarks = [*observer.remarks, *observer.call_remarks(), *counting_remarks(layers)]
    if gradients:
        remarks.append(GRADIENTS_NEEDED)
    if isinstance(saved, str):
        remarks.append(saved)
    title = f"{type(module).__name__}, layer by layer"
    return ModelSummary(title, layers, MODULE_INTRODUCTION, formulas, remarks)


def _saved_for_backward(module: Module, copier: Copier, example: Any) -> int | str:
    """Return the bytes saved for a backward pass in training mode, or a sentence why not."""
    import torch

    saved: list[Tensor] = []  # held, so that no two share an address

    def save(tensor: Tensor) -> Tensor:
        saved.append(tensor)
        return tensor

    hooks = torch.autograd.graph.saved_tensors_hooks(save, lambda tensor: tensor)
    storages, error = _training_pass(module, copier.copy(example), hooks)
    if error is None:
        held = {s._cdata: s for s in map(storage_of, saved) if s is not None}
        return sum(int(s.nbytes()) for key, s in held.items() if key not in storages)
    saved.clear()
    _, without = _training_pass(module, copier.copy(example), ExitStack())
    if without is None:  # `torch.func.grad`, for example, allows no hooks
        return (
            "What training saves can't be observed here "
            f"({type(error).__name__}: {first_line(error)})."
        )
    return (
        "What training saves isn't known: a forward pass in training mode fails "
        f"({type(without).__name__}: {first_line(without)})."
    )


def _training_pass(module: Module, example: Any, hooks: Any) -> tuple[set[int], Exception | None]:
    """Run a forward pass in training mode, and return the protected memory and its error."""
    import torch

    arguments, keywords = split_arguments(example)
    with restoring(module) as originals:
        try:
            with (
                torch.inference_mode(False),
                torch.enable_grad(),
                _uncompiled(),
                dispatching(protecting(originals)),
            ):
                set_mode(module, training=True)
                with hooks:
                    output = module(*arguments, **keywords)
                    del output
        except Exception as error:  # a batch of one cannot be normalised, for example
            return originals.storages, error
    return originals.storages, None
