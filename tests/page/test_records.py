"""Explanations printed plainly, as a record prints itself."""

import numpy as np
import pytest

from quatrain.errors import SettingsError
from quatrain.records import (
    Chart,
    Equation,
    Explanation,
    Formula,
    Heading,
    Heatmap,
    Matrix,
    Note,
    Table,
)


def test_an_explanation_prints_itself() -> None:
    explanation = Explanation(
        "A layer",
        (
            Heading("Counts"),
            Formula("weights", "a x b", "2 x 1000", 2000, "parameters"),
            Formula("output shape", "", "", (28, 28, 8)),
            Equation("y = a x", "y = a x", "linear"),
            Note("That is all."),
            Table("Rows", ("layer", "count"), (("one", 1), ("two", None))),
            Matrix("M", ((1.0, None), (0.5, 2.0))),
            Heatmap("map", "A map", "x", "y", "v", ("a",), ("b",), ((1.0,),)),
            Chart("chart", "A chart", "x", "y", (0.0,), {"c": (1.0,)}),
        ),
    )
    assert str(explanation).splitlines() == [
        "A layer",
        "",
        "Counts",
        "weights: a x b = 2 x 1000 = 2000 parameters",
        "output shape: 28 x 28 x 8",
        "y = a x    linear",
        "That is all.",
        "Rows",
        "layer\tcount",
        "one\t1",
        "two\t-",
        "M",
        "1\t-",
        "0.5\t2",
        "[picture map] A map",
        "[picture chart] A chart",
    ]


def test_of_two_formulas_of_one_name_the_first_is_found() -> None:
    twice = (Formula("n", "", "", 1), Formula("m", "", "", 2), Formula("n", "", "", 3))
    explanation = Explanation("", twice)
    assert list(explanation.formulas) == ["n", "m"]
    assert explanation["n"] == 1


PARTS = Explanation(
    "A layer",
    (
        Formula("weights", "a x b", "2 x 3", 6),
        Heading("Steps"),
        Equation("y = a x", "y = a x"),
        Note("Never seen: two rows."),
        Heading("Figures"),
        Table("Rows", ("n",), ((1,),)),
        Matrix.of("M", np.array([[1, 2], [3, 4]])),
        Table("Rows", ("n",), ((2,),)),
        Chart("chart", "A chart", "x", "y", (0.0,), {"c": (1.0,)}),
    ),
)


@pytest.mark.parametrize(
    ("names", "places"),
    [
        (("weights",), [0]),
        (("Steps",), [2, 3]),
        (("Figures",), [5, 6, 7, 8]),
        (("y = a",), [2]),
        (("Never seen",), [3]),
        (("Rows",), [5]),
        (("M", "weights"), [6, 0]),
        (("chart",), [8]),
        (("A chart",), [8]),
        (("Fig",), [5, 6, 7, 8]),
        (("ch",), [8]),
        ((), []),
    ],
)
def test_parts_are_found_by_their_names(names: tuple[str, ...], places: list[int]) -> None:
    found = PARTS.only(*names)
    assert found.title == ""
    assert found.parts == tuple(PARTS.parts[place] for place in places)


def test_tables_and_matrices_are_found_by_their_titles() -> None:
    assert PARTS.tables == {"Rows": PARTS.parts[5]}
    assert PARTS.matrices["M"].values == ((1.0, 2.0), (3.0, 4.0))


def test_a_part_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(SettingsError) as caught:
        PARTS.only("wieghts")
    assert caught.value.remedy == "Did you mean 'weights'?"
    assert caught.value.wanted == (
        "'weights', 'Steps', 'y = a x', 'Never seen: two rows.', 'Figures', 'Rows', 'M', "
        "'chart', 'A chart'"
    )
    with pytest.raises(SettingsError, match="no parts with a name"):
        Explanation("", ()).only("")
