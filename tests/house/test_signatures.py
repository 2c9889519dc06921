"""Options as keywords or as one object: the same call, and the same signature for readers."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from quatrain.signatures import with_options


@dataclass(frozen=True, kw_only=True)
class TeaOptions:
    """How tea is made.

    Attributes:
        cups: how many.
        sugar: spoons by cup.
    """

    cups: int = 1
    sugar: Mapping[int, int] = field(default_factory=dict)


class Kettle:
    @with_options(TeaOptions)
    def pour(self, options: TeaOptions) -> TeaOptions:
        """Pour the tea."""
        return options

    @with_options(TeaOptions)
    def pour_many(self, cups: int, options: TeaOptions) -> tuple[int, TeaOptions]:
        """Pour several cups."""
        return cups, options


@with_options(TeaOptions)
def brew(leaf: str, options: TeaOptions) -> tuple[str, TeaOptions]:
    return leaf, options


def test_keywords_and_an_object_are_the_same_call() -> None:
    kettle, options = Kettle(), TeaOptions(cups=2)
    assert kettle.pour(cups=2) == kettle.pour(options) == kettle.pour(options=options) == options
    assert kettle.pour_many(3, sugar={1: 2}) == (3, TeaOptions(sugar={1: 2}))
    assert kettle.pour_many(cups=3) == (3, TeaOptions())
    assert brew("green", cups=2) == brew("green", options) == ("green", options)


def test_the_signature_and_the_help_show_every_option() -> None:
    shown = inspect.signature(Kettle().pour)
    assert str(shown.replace(return_annotation=inspect.Signature.empty)) == (
        "(*, cups: int = 1, sugar: collections.abc.Mapping[int, int] = {})"
    )
    assert shown.return_annotation is TeaOptions
    names = list(inspect.signature(Kettle.pour_many).parameters)
    assert names == ["self", "cups", "sugar"]
    assert inspect.getdoc(Kettle.pour) == (
        "Pour the tea.\n\nOptions:\n    cups: how many.\n    sugar: spoons by cup."
    )


def test_a_misspelled_option_names_the_nearest() -> None:
    with pytest.raises(TypeError, match=r"pour\(\) got .* 'cup'. Did you mean 'cups'\?"):
        Kettle().pour(cup=1)
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        Kettle().pour_many(sugar={})
