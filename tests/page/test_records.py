"""Explanations printed plainly, as a record prints itself."""

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
