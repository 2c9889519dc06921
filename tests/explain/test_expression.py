"""A formula's symbols, its numbers and its result are three readings of one tree."""

import ast
import math
import operator
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.explain.arithmetic.expression import (
    Ceiling,
    Constant,
    Expression,
    Floor,
    Number,
    Operation,
    Symbol,
    ceiling,
    floor,
    product,
    shape,
    total,
    wrap,
)
from quatrain.records import Formula

SIZE, KERNEL, PADDING, STRIDE = (
    Symbol("size", 32, "n"),
    Symbol("kernel", 5, "k"),
    Symbol("padding", 0, "p"),
    Symbol("stride", 1, "s"),
)
OUTPUT = (SIZE - KERNEL + 2 * PADDING) / STRIDE + 1


SIGNS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
ROUNDINGS = {"floor": math.floor, "ceil": math.ceil}


def read(text: str, numbers: Mapping[str, Fraction] | None = None) -> Fraction:
    """Compute a formula by Python's own grammar, with the numbers of its symbols, if it has any."""

    def compute(node: ast.expr) -> Fraction:
        match node:
            case ast.Constant(int(number)):
                return Fraction(number)
            case ast.Name(name):
                return (numbers or {})[name]
            case ast.UnaryOp(ast.USub(), inside):
                return -compute(inside)
            case ast.BinOp(left, sign, right):
                return SIGNS[type(sign)](compute(left), compute(right))
            case ast.Call(ast.Name(rounding), [inside]):
                return Fraction(ROUNDINGS[rounding](compute(inside)))
        raise AssertionError(f"{ast.dump(node)} in {text}")

    python = text.replace(" x ", " * ").replace("^", "**")
    return compute(ast.parse(python, mode="eval").body)


def named(tree: Expression, numbers: dict[str, Fraction]) -> Expression:
    """The same with a name of its own for every symbol; `numbers` gets what each stands for."""
    match tree:
        case Symbol():
            name = f"n{len(numbers)}"
            numbers[name] = Fraction(tree.number)
            return Symbol(name, tree.number)
        case Operation():
            left, right = (named(side, numbers) for side in (tree.left, tree.right))
            return Operation(tree.sign, left, right)
        case Floor() | Ceiling():
            return type(tree)(named(tree.inside, numbers))
    return tree


WHOLE = st.integers(-9, 9)


def combined(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    positive = st.integers(1, 9)
    return st.one_of(
        st.builds(lambda a, b: a + b, inner, inner),
        st.builds(lambda a, b: a - b, inner, inner),
        st.builds(lambda a, b: a * b, inner, inner),
        st.builds(lambda a, b: a / b, inner, positive),
        st.builds(lambda a, b: a / Symbol("d", b), inner, positive),
        st.builds(lambda a, b, c: a / (Symbol("d", b) * c), inner, positive, positive),
        st.builds(lambda a, b: a ** Constant(b), inner, st.integers(0, 2)),
        st.builds(lambda a, b: b - a, inner, WHOLE),
        st.builds(lambda a, b: b + a, inner, WHOLE),
        st.builds(lambda a, b: b * a, inner, WHOLE),
        st.builds(floor, inner),
        st.builds(ceiling, inner),
    )


TREES = st.recursive(st.builds(lambda number: Symbol("n", number), WHOLE), combined, max_leaves=8)


@settings(max_examples=300, deadline=None)
@given(TREES)
def test_the_numbers_compute_to_the_value(tree: Expression) -> None:
    assert read(tree.text("numbers")) == tree.value


@settings(max_examples=100, deadline=None)
@given(TREES)
def test_the_symbols_compute_to_the_value_as_well(tree: Expression) -> None:
    numbers: dict[str, Fraction] = {}
    text = named(tree, numbers).text("symbols")
    assert read(text, numbers) == tree.value


@settings(max_examples=100, deadline=None)
@given(TREES)
def test_braces_are_balanced_and_whole_results_whole(tree: Expression) -> None:
    for reading in ("symbols", "numbers"):
        latex = tree.latex(reading)
        assert latex.count("{") == latex.count("}")
        assert latex.count(r"\left") == latex.count(r"\right")
    value = tree.value
    assert isinstance(value, int) == (Fraction(value).denominator == 1)


def test_the_output_of_a_convolution() -> None:
    assert OUTPUT.formula("output height", "pixels") == Formula(
        "output height",
        "(size - kernel + 2 x padding) / stride + 1",
        "(32 - 5 + 2 x 0) / 1 + 1",
        28,
        "pixels",
        r"\frac{n - k + 2 \times p}{s} + 1",
        r"\frac{32 - 5 + 2 \times 0}{1} + 1",
    )


A, B, C = Symbol("a", 7), Symbol("b", 3), Symbol("c", 2)


@pytest.mark.parametrize(
    ("tree", "symbols", "latex"),
    [
        (A - (B + C), "a - (b + c)", r"\text{a} - \left(\text{b} + \text{c}\right)"),
        (A - B + C, "a - b + c", r"\text{a} - \text{b} + \text{c}"),
        (A - (B - C), "a - (b - c)", r"\text{a} - \left(\text{b} - \text{c}\right)"),
        (A / (B * C), "a / (b x c)", r"\frac{\text{a}}{\text{b} \times \text{c}}"),
        (A / B * C, "a / b x c", r"\frac{\text{a}}{\text{b}} \times \text{c}"),
        ((A + B) * C, "(a + b) x c", r"\left(\text{a} + \text{b}\right) \times \text{c}"),
        ((A * B) ** 2, "(a x b)^2", r"\left(\text{a} \times \text{b}\right)^{2}"),
        (A ** (B + C), "a^(b + c)", r"\text{a}^{\text{b} + \text{c}}"),
        ((A**B) ** C, "(a^b)^c", r"\left(\text{a}^{\text{b}}\right)^{\text{c}}"),
        (A ** (B**C), "a^(b^c)", r"\text{a}^{\text{b}^{\text{c}}}"),
        ((A / B) ** 2, "(a / b)^2", r"\left(\frac{\text{a}}{\text{b}}\right)^{2}"),
        (floor(A / B) + 1, "floor(a / b) + 1", r"\left\lfloor \frac{\text{a}}{\text{b}} "
         r"\right\rfloor + 1"),
        (ceiling(A / B), "ceil(a / b)", r"\left\lceil \frac{\text{a}}{\text{b}} \right\rceil"),
        (5 - A, "5 - a", r"5 - \text{a}"),
        (total(A, B, 1), "a + b + 1", r"\text{a} + \text{b} + 1"),
        (product(4, A, B + C), "4 x a x (b + c)", r"4 \times \text{a} \times \left(\text{b} + "
         r"\text{c}\right)"),
    ],
)  # fmt: skip
def test_parentheses_stand_where_they_are_needed(
    tree: Expression, symbols: str, latex: str
) -> None:
    assert tree.text("symbols") == symbols
    assert tree.latex("symbols") == latex


def test_a_negative_number_stands_in_parentheses_beside_a_sign() -> None:
    below = Symbol("loss", -3)
    assert (5 - below).text("numbers") == "5 - (-3)"
    assert (5 - below).text("symbols") == "5 - loss"
    assert (below**2).text("numbers") == "(-3)^2"
    assert (below * 2).latex("numbers") == r"\left(-3\right) \times 2"
    assert below.text("numbers") == "-3"
    assert (A + Constant(-1)).text("symbols") == "a + (-1)"


@pytest.mark.parametrize(
    ("tree", "value"),
    [
        (wrap(1) / 3 * 3, 1),
        (wrap(7) / 2, Fraction(7, 2)),
        (wrap(2) ** -2, Fraction(1, 4)),
        (floor(wrap(-7) / 2), -4),
        (ceiling(wrap(7) / 2), 4),
        (wrap(2) ** 70 + 1, 2**70 + 1),
        (Symbol("rate", 0.25) * 2, 0.5),
        (wrap(1.5) / 2, 0.75),
        (wrap(2) ** 0.5, 2**0.5),
    ],
)
def test_whole_numbers_stay_exact(tree: Expression, value: Number) -> None:
    assert tree.value == value
    assert type(tree.value) is type(value)


def test_a_formula_of_no_whole_number_has_a_float() -> None:
    formula = (wrap(7) / 2).formula("mean")
    assert formula.value == 3.5
    assert type(formula.value) is float


def test_long_and_tiny_numbers_in_latex() -> None:
    assert Symbol("rate", 1e-7).latex("numbers") == r"1 \times 10^{-7}"
    assert Symbol("rate", 2.5e9).text("numbers") == "2.5e+09"
    assert (Symbol("rate", 1e-7) ** 2).latex("numbers") == r"\left(1 \times 10^{-7}\right)^{2}"
    assert Symbol("large", 10**12).latex("numbers") == "1000000000000"


def test_names_are_escaped_in_latex_unless_they_bring_their_own() -> None:
    assert Symbol("50 % of a_b", 1).latex("symbols") == r"\text{50 \% of a\_b}"
    assert Symbol("a^b", 1).latex("symbols") == r"\text{a\textasciicircum{}b}"
    assert Symbol("weights", 1, "W_{x}").latex("symbols") == "W_{x}"


def test_a_shape_is_a_tuple() -> None:
    assert shape("output shape", Symbol("height", 28), Symbol("filters", 8)) == Formula(
        "output shape",
        "height x filters",
        "",
        (28, 8),
        latex_symbols=r"\text{height} \times \text{filters}",
    )
