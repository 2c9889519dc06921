"""Functions that take their options as keywords, although the options are one object.

In: a frozen dataclass of options, and a function whose last parameter is such an object. Out: a
function that callers give the fields as keywords, or a ready object. Both ways are known to
`help`, to `inspect.signature` and to a type checker, and no option is listed twice.

Example:
    @with_options(WriteOptions)
    def write(self, options: WriteOptions) -> Poem: ...

    poet.write(lines=4, seed=1)
    poet.write(WriteOptions(lines=4, seed=1))
"""

from __future__ import annotations

import dataclasses
import difflib
import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, overload

Fields = ParamSpec("Fields")
"""The fields of an options class, as its constructor takes them."""

Keywords = ParamSpec("Keywords")
"""A function's parameters where the options are keywords."""

Whole = ParamSpec("Whole")
"""A function's parameters where the options are one object."""

Options = TypeVar("Options")
First = TypeVar("First")
Second = TypeVar("Second")
Third = TypeVar("Third")
Self_contra = TypeVar("Self_contra", contravariant=True)
Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)


class Call(Protocol[Keywords, Whole, Result_co]):
    """A function that takes its options either way."""

    @overload
    def __call__(self, *args: Keywords.args, **kwargs: Keywords.kwargs) -> Result_co: ...
    @overload
    def __call__(self, *args: Whole.args, **kwargs: Whole.kwargs) -> Result_co: ...


class Function(Protocol[Self_contra, Keywords, Whole, Result_co]):
    """A function or method that takes its options either way."""

    @overload
    def __call__(
        self, first: Self_contra, /, *args: Keywords.args, **kwargs: Keywords.kwargs
    ) -> Result_co: ...
    @overload
    def __call__(
        self, first: Self_contra, /, *args: Whole.args, **kwargs: Whole.kwargs
    ) -> Result_co: ...
    def __get__(self, instance: Self_contra, owner: Any, /) -> Call[Keywords, Whole, Result_co]:
        """Bind a method to its object."""


class with_options(Generic[Fields, Options]):  # noqa: N801  a decorator
    """Let a function take the fields of its last parameter as keywords.

    Args:
        make: the dataclass of the options.
    """

    def __init__(self, make: Callable[Fields, Options]) -> None:
        self._make: Callable[..., Options] = make
        self._parameters = _parameters(make)

    @overload
    def __call__(
        self, function: Callable[[Options], Result]
    ) -> Call[Fields, [Options], Result]: ...
    @overload
    def __call__(
        self, function: Callable[[First, Options], Result]
    ) -> Function[First, Fields, [Options], Result]: ...
    @overload
    def __call__(
        self, function: Callable[[First, Second, Options], Result]
    ) -> Function[First, Concatenate[Second, Fields], [Second, Options], Result]: ...
    @overload
    def __call__(
        self, function: Callable[[First, Second, Third, Options], Result]
    ) -> Function[First, Concatenate[Second, Third, Fields], [Second, Third, Options], Result]: ...
    def __call__(self, function: Callable[..., Any]) -> Any:
        """Wrap the function."""
        *leading, last = inspect.signature(function).parameters.values()
        names = [parameter.name for parameter in leading]

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            if len(args) > len(leading) or last.name in kwargs:
                options = args[-1] if len(args) > len(leading) else kwargs[last.name]
                self._check_options(function.__name__, options)
                return function(*args, **kwargs)
            named = {name: kwargs.pop(name) for name in names[len(args) :] if name in kwargs}
            self._check_names(function.__name__, kwargs)
            return function(*args, **named, **{last.name: self._make(**kwargs)})

        call.__doc__ = _with_attributes(function, self._make)
        call.__dict__["__signature__"] = inspect.Signature(
            [*leading, *(option for option in self._parameters if option.name not in names)],
            return_annotation=inspect.signature(function).return_annotation,
        )
        return call

    def _check_options(self, function: str, options: object) -> None:
        """Raise `TypeError` for a single value where a whole options object belongs."""
        if isinstance(self._make, type) and not isinstance(options, self._make):
            raise TypeError(
                f"{function}() takes its options by name, as in {function}(seed=1), "
                f"or one {self._make.__name__}; got {options!r:.60}"
            )

    def _check_names(self, function: str, keywords: dict[str, Any]) -> None:
        """Raise `TypeError` for a keyword that is no option, with the nearest that is one."""
        names = [parameter.name for parameter in self._parameters]
        for name in keywords:
            if name not in names:
                near = difflib.get_close_matches(name, names, n=1)
                hint = f". Did you mean {near[0]!r}?" if near else ""
                raise TypeError(f"{function}() got an unexpected keyword argument {name!r}{hint}")


def _parameters(make: Callable[..., Any]) -> list[inspect.Parameter]:
    """Return the fields of a dataclass as parameters, with the defaults that users see.

    A dataclass's own signature hides a default that its factory makes, as `{}`.
    """
    made: dict[str, object] = {}
    if dataclasses.is_dataclass(make):
        for field in dataclasses.fields(make):
            if field.default_factory is not dataclasses.MISSING:
                made[field.name] = field.default_factory()
    return [
        parameter.replace(default=made.get(name, parameter.default))
        for name, parameter in inspect.signature(make).parameters.items()
    ]


def _with_attributes(function: Callable[..., Any], make: Callable[..., Any]) -> str:
    """Return a function's docstring, followed by what the options' class says of its fields."""
    own, options = inspect.getdoc(function) or "", inspect.getdoc(make) or ""
    _, _, attributes = options.partition("\nAttributes:\n")
    return f"{own}\n\nOptions:\n{attributes}" if attributes else own
