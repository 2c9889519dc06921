"""What a public function returns shows itself in a notebook."""

import importlib
import inspect
import types
import typing
from collections.abc import Callable, Iterator

import pytest

import quatrain
from quatrain.records import Listing

ROOMS = ("corpus", "explain", "form", "meaning", "poet", "sound", "word_search", "write")

PLAIN = {
    "a text, a number or a path": {str, int, float, bool, type(None), "Path"},
    "numbers for NumPy": {"ndarray", "LSTMState", "State"},
    "comes line by line": {"PoemStream", "Filling", "Iterator", "LineAlternatives"},
    "work that goes on in steps": {"Generation", "DraftGeneration", "WordRevision"},
    "for programs, not for readers": {"Database", "WordVocabulary", "Unigram", "Critic", "Word"},
}
"""Types without rich output, by reason."""


def functions() -> Iterator[tuple[str, Callable[..., object]]]:
    for name in quatrain.__all__:
        if name not in quatrain._PACKAGES:
            yield f"quatrain.{name}", getattr(quatrain, name)
    yield "quatrain.train", importlib.import_module("quatrain.train.run").train
    writer = importlib.import_module("quatrain.write.writer.writer").Writer
    for name, member in inspect.getmembers(writer, inspect.isfunction):
        if not name.startswith("_"):
            yield f"Writer.{name}", member
    for room in ROOMS:
        module = importlib.import_module(f"quatrain.{room}")
        for name in module.__all__:
            yield f"quatrain.{room}.{name}", getattr(module, name)


FUNCTIONS = {
    name: function
    for name, function in functions()
    if callable(function) and not inspect.isclass(function) and inspect.isroutine(function)
}


def returned(function: Callable[..., object]) -> object:
    annotation = inspect.signature(inspect.unwrap(function)).return_annotation
    if isinstance(annotation, str):
        annotation = eval(annotation, vars(inspect.getmodule(function)))  # noqa: S307
    return annotation


def is_plain(kind: object) -> bool:
    kinds = set().union(*PLAIN.values())
    return kind in kinds or getattr(kind, "__name__", "") in kinds


def silent(kind: object) -> Iterator[object]:
    """Yield the types in an annotation that have no rich output."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if is_plain(origin):
        return
    if origin is Listing or (inspect.isclass(kind) and hasattr(kind, "_repr_html_")):
        return
    if origin in (types.UnionType, typing.Union, list, tuple, dict) or (
        origin is not None and arguments
    ):
        for argument in arguments:
            if argument is not Ellipsis:
                yield from silent(argument)
    else:
        yield kind


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_a_public_function_returns_shows_itself(name: str) -> None:
    function = FUNCTIONS[name]
    for kind in silent(returned(function)):
        assert is_plain(kind), f"{name} returns {kind}, which a notebook shows as its repr"


def test_there_are_functions_to_test() -> None:
    assert {"quatrain.find_words", "quatrain.forms", "Writer.write"} <= set(FUNCTIONS)
    assert len(FUNCTIONS) > 50
