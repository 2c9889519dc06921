"""Pooling in numbers: against PyTorch, against pooling by hand, and the files it reads."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from quatrain.errors import CorpusError, SettingsError
from quatrain.explain.arithmetic import matrix as matrices
from quatrain.explain.arithmetic.invariance import (
    CORNERS,
    corner_blocks,
    pooling_corners,
    pooling_invariance,
    shapes,
)
from quatrain.explain.arithmetic.matrix import LARGEST_FILE, read_matrix
from quatrain.explain.arithmetic.pooling import pooling, pooling_of
from quatrain.records import Chart, Explanation, Matrix, Note, Table


def notes(explanation: Explanation) -> str:
    return "\n".join(part.text for part in explanation.parts if isinstance(part, Note))


def matrix(explanation: Explanation, title: str) -> NDArray[np.float64]:
    (found,) = (
        part.values
        for part in explanation.parts
        if isinstance(part, Matrix) and part.title == title
    )
    return np.array(found, np.float64)


def table(explanation: Explanation) -> Table:
    (found,) = (part for part in explanation.parts if isinstance(part, Table))
    return found


def test_four_corners() -> None:
    images = corner_blocks()
    assert images.tolist() == [
        [[1, 1, 1, 0], [1, 1, 1, 0], [1, 1, 1, 0], [0, 0, 0, 0]],
        [[0, 1, 1, 1], [0, 1, 1, 1], [0, 1, 1, 1], [0, 0, 0, 0]],
        [[0, 0, 0, 0], [0, 1, 1, 1], [0, 1, 1, 1], [0, 1, 1, 1]],
        [[0, 0, 0, 0], [1, 1, 1, 0], [1, 1, 1, 0], [1, 1, 1, 0]],
    ]
    averages = [
        [[1, 0.5], [0.5, 0.25]],
        [[0.5, 1], [0.25, 0.5]],
        [[0.25, 0.5], [0.5, 1]],
        [[0.5, 0.25], [1, 0.5]],
    ]
    explanation = pooling_corners()
    for corner, image, average in zip(CORNERS, images, averages, strict=True):
        assert matrix(explanation, f"Image, {corner}").tolist() == image.tolist()
        assert matrix(explanation, f"Average pooling, {corner}").tolist() == average
        assert matrix(explanation, f"Max pooling, {corner}").tolist() == [[1, 1], [1, 1]]
        assert matrix(pooling_of(image, kind="average"), "Result").tolist() == average
        assert matrix(pooling_of(image, kind="max"), "Result").tolist() == [[1, 1], [1, 1]]


def test_what_the_corners_show_is_counted() -> None:
    explanation = pooling_corners()
    text = notes(explanation)
    assert "4 different results after average pooling and 1 after max pooling" in text
    assert "but 16 of 16 means do" in text
    # Only the block's inner corner is alone in its window: one pixel of nine, in four images.
    assert "There are 36 ways to lose one pixel of a block: 32 of them change no maximum" in text
    assert (
        "and 0 change no mean. Of 144 numbers, max pooling keeps 140 and average pooling 108"
        in text
    )
    rows = table(explanation).rows
    assert [row[:2] for row in rows][:2] == [
        ("top left", "top right"),
        ("top left", "bottom right"),
    ]
    # Neighbours differ in 3 + 3 pixels, and after averaging in .5, .5, .25, .25.
    assert rows[0][2:] == pytest.approx((6**0.5, 0.625**0.5, 0))
    assert {row[4] for row in rows} == {0.0}
    filled = matrix(pooling_of(np.ones((4, 4))), "Result")
    assert (filled == matrix(explanation, "Max pooling, top left")).all()


def test_maxima_and_where_their_gradient_goes() -> None:
    explanation = pooling_of([[1, 3, 2, 2], [3, 0, 2, 2]], gradient=[[5, 7]])
    assert explanation.title == "Max pooling of a 2 x 4 matrix with windows of 2 x 2"
    assert table(explanation).columns[-2:] == ("maximum", "first at")
    assert table(explanation).rows == (
        ("0, 0", "0 to 1", "0 to 1", "1 3 / 3 0", 3.0, "0, 1"),
        ("0, 1", "0 to 1", "2 to 3", "2 2 / 2 2", 2.0, "0, 2"),
    )
    assert matrix(explanation, "Gradient of the matrix").tolist() == [[0, 5, 7, 0], [0, 0, 0, 0]]
    text = notes(explanation)
    assert "In 2 of the 2 windows above, the maximum occurs more than once." in text
    assert "2 of 8 numbers of the matrix get a gradient other than 0." in text
    assert "The gradient of the result sums to 12, that of the matrix to 12." in text


def test_means_and_how_their_gradient_spreads() -> None:
    explanation = pooling_of([[1, 2, 3], [4, 5, 6], [7, 8, 9]], kind="average", window=2, stride=1)
    assert table(explanation).rows[3] == ("1, 1", "1 to 2", "1 to 2", "5 6 / 8 9", 28.0, 4, 7.0)
    assert matrix(explanation, "Result").tolist() == [[3, 4], [6, 7]]
    assert matrix(explanation, "Gradient of the matrix").tolist() == [
        [0.25, 0.5, 0.25],
        [0.5, 1, 0.5],
        [0.25, 0.5, 0.25],
    ]
    share = explanation.formulas["share of each number"]
    assert (share.symbols, share.numbers, share.value) == (
        "1 / (window height x window width)",
        "1 / (2 x 2)",
        0.25,
    )


def test_padding_in_a_window() -> None:
    ones = np.ones((2, 2))
    counted = pooling_of(ones, kind="average", window=2, stride=2, padding=1)
    assert table(counted).rows[0] == ("0, 0", "-1 to 0", "-1 to 0", "0 0 / 0 1", 1.0, 4, 0.25)
    assert "Padding is 0 and counts towards the mean." in notes(counted)
    assert "of the result sums to 4, that of the matrix to 1. The difference goes to the pad" in (
        notes(counted)
    )
    ignored = pooling_of(ones, kind="average", window=2, stride=2, padding=1, count_padding=False)
    assert table(ignored).rows[0] == ("0, 0", "-1 to 0", "-1 to 0", ". . / . 1", 1.0, 1, 1.0)
    most = pooling_of(-ones, window=2, stride=2, padding=1)
    assert table(most).rows[0] == ("0, 0", "-1 to 0", "-1 to 0", ". . / . -1", -1.0, "0, 0")
    assert "A dot is a position outside the matrix" in notes(most)
    over = pooling_of(np.ones((3, 3)), kind="average", window=2, ceil_mode=True)
    assert "The quotient is rounded up, and the last window goes over the end by 1." in notes(over)
    assert "A window divides by the numbers it counts: 1 to 4." in notes(over)
    assert table(over).rows[3] == ("1, 1", "2 to 3", "2 to 3", "1 . / . .", 1.0, 1, 1.0)


def test_rows_and_columns_that_no_window_reaches() -> None:
    text = notes(pooling_of(np.ones((5, 5))))
    assert "3 / 2 leaves a remainder of 1" in text
    assert "Never seen, counting from 0: row and column 4." in text


def test_large_matrices_are_shown_in_part() -> None:
    large = np.arange(40.0 * 30).reshape(40, 30)
    explanation = pooling_of(large, window=5)
    assert len(table(explanation).rows) == 24
    assert "24 of 48 windows aren't shown." in notes(explanation)
    assert table(explanation).rows[0][3] == "0 1 2 3 4 30 31 32 33 34 60 61 62 63 64 90 ... (25 " \
        "numbers)"  # fmt: skip
    shown = matrix(explanation, "Matrix: the first 16 x 16 of 40 x 30")
    assert shown.tolist() == large[:16, :16].tolist()


SMALL = st.integers(1, 3)


@st.composite
def pooled(draw: st.DrawFn) -> tuple[tuple[int, int], dict[str, Any]]:
    window = draw(SMALL), draw(SMALL)
    padding = tuple(draw(st.integers(0, width // 2)) for width in window)
    height, width = (
        draw(st.integers(max(1, extent - 2 * at_edge), 8))
        for extent, at_edge in zip(window, padding, strict=True)
    )
    return (height, width), {
        "window": window,
        "stride": draw(st.none() | st.tuples(SMALL, SMALL)),
        "padding": padding,
        "ceil_mode": draw(st.booleans()),
    }


@settings(max_examples=150, deadline=None)
@given(pooled(), st.sampled_from(["max", "average"]), st.booleans(), st.integers(0, 9))
def test_shapes_values_and_gradients_are_those_of_torch(
    case: tuple[tuple[int, int], dict[str, Any]], kind: Any, count_padding: bool, seed: int
) -> None:
    size, chosen = case
    if kind == "max":
        module: torch.nn.Module = torch.nn.MaxPool2d(*[
            chosen[name] for name in ("window", "stride", "padding")
        ], ceil_mode=chosen["ceil_mode"])  # fmt: skip
    else:
        module = torch.nn.AvgPool2d(
            chosen["window"],
            chosen["stride"],
            chosen["padding"],
            chosen["ceil_mode"],
            count_padding,
        )
    numbers = np.random.default_rng(seed).integers(0, 4, size).astype(np.float64)
    given_ = torch.tensor(numbers[None, None], requires_grad=True)
    wide = any(
        width > length + 2 * padding
        for width, length, padding in zip(chosen["window"], size, chosen["padding"], strict=True)
    )
    try:
        value = module(given_)
    except RuntimeError:
        value = None
    if value is None or wide:  # torch lets a wide window hang over the end in ceil mode
        with pytest.raises(SettingsError):
            pooling((*size, 2), kind=kind, **chosen, count_padding=count_padding)
        return
    value.sum().backward()
    shape = pooling((*size, 2), kind=kind, **chosen, count_padding=count_padding)
    assert shape["output shape"] == (*value.shape[2:], 2)
    assert shape["total"] == sum(parameter.numel() for parameter in module.parameters()) == 0
    explanation = pooling_of(numbers, kind=kind, **chosen, count_padding=count_padding)
    result = matrix(explanation, "Result")
    np.testing.assert_allclose(result, value.detach().numpy()[0, 0], atol=1e-12)
    for row in table(explanation).rows:
        at = tuple(int(place) for place in str(row[0]).split(","))
        assert row[4 if kind == "max" else 6] == pytest.approx(result[at])
        if kind == "max":
            found = tuple(int(place) for place in str(row[5]).split(","))
            assert numbers[found] == row[4]
        else:
            assert isinstance(row[4], float)
            assert isinstance(row[5], int)
            assert row[4] / row[5] == pytest.approx(result[at])
    assert given_.grad is not None
    np.testing.assert_allclose(
        matrix(explanation, "Gradient of the matrix"), given_.grad.numpy()[0, 0], atol=1e-12
    )


def test_shapes_of_a_picture_and_of_a_line() -> None:
    picture = pooling((32, 32, 3), window=2)
    assert picture.title == "Max pooling of 32 x 32 x 3 with windows of 2 x 2"
    height = picture.formulas["output height and width"]
    assert (height.symbols, height.numbers, height.value) == (
        "(input - window + 2 x padding) / stride + 1",
        "(32 - 2 + 2 x 0) / 2 + 1",
        16,
    )
    assert picture["total"] == 0
    assert picture["output shape"] == (16, 16, 3)
    assert picture["share of the numbers kept"] == 0.25
    assert picture["comparisons"] == 16 * 16 * 3 * 3
    assert picture["memory of the output"] == 16 * 16 * 3 * 4
    line = pooling((34, 20), kind="average", window=3, stride=2, padding=1, ceil_mode=True)
    assert line.formulas["output length"].numbers == "ceil((34 - 3 + 2 x 1) / 2) + 1"
    assert line["output shape"] == (18, 20)
    assert (line["additions"], line["divisions"]) == (18 * 20 * 2, 18 * 20)
    assert "but are counted as full" in notes(line)
    dropped = pooling((3, 1), window=1, stride=3, ceil_mode=True)
    assert dropped.formulas["output length"].numbers == "ceil((3 - 1 + 2 x 0) / 3) + 1 - 1"
    assert "a window that would start after the end is dropped" in notes(dropped)


def test_invariance_is_measured() -> None:
    explanation = pooling_invariance(images=30, shifts=4, size=24)
    charts = {chart.name: chart for chart in explanation.pictures if isinstance(chart, Chart)}
    assert list(charts) == [
        "pooling-shift-distance",
        "pooling-shift-unchanged",
        "pooling-missing-distance",
        "pooling-missing-unchanged",
    ]
    for chart in charts.values():
        assert list(chart.curves) == ["max", "average", "no pooling"]
        assert {curve[0] for curve in chart.curves.values()} == {
            0.0 if "distance" in chart.name else 1.0
        }
    assert charts["pooling-shift-distance"].x == (0, 1, 2, 3, 4)
    assert explanation == pooling_invariance(images=30, shifts=4, size=24)
    assert explanation != pooling_invariance(images=30, shifts=4, size=24, seed=1)


def test_invariance_of_no_pooling_is_what_counting_gives() -> None:
    explanation = pooling_invariance(images=40, shifts=2, size=16, seed=3)
    random = np.random.default_rng(3)
    drawn = shapes(random, 40, 16, 2)
    lost = random.random(drawn.shape) < 0.3
    black = drawn.sum((1, 2))
    gone = (drawn * lost).sum((1, 2))
    (distance,) = (part for part in explanation.pictures if part.name.endswith("missing-distance"))
    (unchanged,) = (
        part for part in explanation.pictures if part.name.endswith("missing-unchanged")
    )
    assert isinstance(distance, Chart)
    assert isinstance(unchanged, Chart)
    assert distance.curves["no pooling"][3] == pytest.approx(np.sqrt(gone / black).mean())
    assert unchanged.curves["no pooling"][3] == pytest.approx((1 - gone / black).mean())
    kept = unchanged.curves["max"][3]
    assert kept is not None
    assert kept > (1 - gone / black).mean()


def test_shapes_stay_inside_their_margin() -> None:
    drawn = shapes(np.random.default_rng(0), 50, 20, 5)
    assert drawn.shape == (50, 20, 20)
    assert set(np.unique(drawn)) == {0, 1}
    assert (drawn.sum((1, 2)) > 0).all()
    inside = drawn[:, 5:15, 5:15].sum()
    assert inside == drawn.sum()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: pooling((4, 4, 1), window=5),
            "the windows along the height: got a kernel of 5; expected at most 4, the input of 4 "
            "with padding of 0 before and 0 after. Take a smaller kernel, more padding or a "
            "larger input.",
        ),
        (
            lambda: pooling((4, 4, 1), window=2, kind="median"),  # type: ignore[arg-type]
            "'kind' of the pooling: got 'median'; expected 'max' or 'average'. Choose one of them.",
        ),
        (
            lambda: pooling((4, 4, 1), window=0),
            "'window' of the pooling layer along the height: got 0; expected a whole number of at "
            "least 1. Give another number.",
        ),
        (
            lambda: pooling((4, 1), window=2, stride=0),
            "'stride' of the MaxPool1d layer along the length: got 0; expected a whole number of "
            "at least 1. Give another number.",
        ),
        (
            lambda: pooling((4, 1), window=2, padding=2),
            "'padding' of the MaxPool1d layer along the length: got 2 beside a window of 2; "
            "expected at most 1, so that every window meets the input. Take less padding or a "
            "larger window.",
        ),
        (
            lambda: pooling_of([[1, 2], [3]]),
            "the matrix to pool: got rows of unequal length, or an entry that is not a "
            "number; expected rows of equal length, of numbers up to 1e+300. Correct it.",
        ),
        (
            lambda: pooling_of([1, 2]),
            "the matrix to pool: got shape (2,); expected rows of equal length, of numbers "
            "up to 1e+300. Correct it.",
        ),
        (
            lambda: pooling_of([[1], [-1e301]], kind="average"),
            "the matrix to pool: got -1e+301 at row 1, column 0, counting from 0; expected "
            "rows of equal length, of numbers up to 1e+300. Correct it.",
        ),
        (
            lambda: pooling_of([[1, np.nan]]),
            "the matrix to pool: got nan at row 0, column 1, counting from 0; expected rows "
            "of equal length, of numbers up to 1e+300. Correct it.",
        ),
        (
            lambda: pooling_of(np.ones((4, 4)), gradient=[[1, 1]]),
            "the gradient of the result: got 1 x 2; expected 2 x 2, the shape of the "
            "result. Give one number for every number of the result.",
        ),
        (
            lambda: pooling_of(np.ones((800, 800)), window=(90, 90), stride=1),
            "the windows of the pooling: got 4,094,720,100 numbers in all windows together; "
            "expected at most 500,000,000. Take smaller windows, a larger stride or a part of the "
            "matrix.",
        ),
        (
            lambda: pooling_invariance(size=20, shifts=8),
            "'size' of the invariance curve: got 20 pixels for shifts of up to 8; expected at "
            "least 24, so that shapes stay inside. Use larger images or smaller shifts.",
        ),
        (
            lambda: pooling_invariance(images=10_000),
            "the images of the invariance curve: got 10,000 of 32 x 32 pixels, changed in 28 "
            "ways: 286,720,000 pixels; expected at most 50,000,000. Use fewer or smaller images, "
            "or smaller shifts.",
        ),
        (
            lambda: pooling_invariance(images=0),
            "'images' of the invariance curve: got 0; expected a whole number of at least 1. Give "
            "another number.",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_numbers(call: Any, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        call()
    assert str(caught.value) == message


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 99), st.sampled_from(["\n", "\r\n"]))
def test_matrices_come_back_from_their_file(
    tmp_path_factory: pytest.TempPathFactory, rows: int, columns: int, seed: int, end: str
) -> None:
    numbers = np.random.default_rng(seed).normal(size=(rows, columns))
    path = tmp_path_factory.mktemp("matrix") / "matrix.csv"
    path.write_bytes(end.join(",".join(map(repr, row)) for row in numbers.tolist()).encode())
    found = read_matrix(path)
    assert found.dtype == np.float64
    assert (found == numbers).all()


@pytest.mark.parametrize(
    ("text", "matrix"),
    [
        ("1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("\ufeff1, 2\n\n3 ,4\n\n", [[1, 2], [3, 4]]),
        ('"1","-2.5e3"\n', [[1, -2500]]),
        ("7", [[7]]),
    ],
)
def test_forms_a_matrix_may_have(tmp_path: Path, text: str, matrix: list[list[float]]) -> None:
    path = tmp_path / "matrix.csv"
    path.write_bytes(text.encode())
    assert read_matrix(str(path)).tolist() == matrix


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "a word": (
        b"1,2\n3,4\n5,six\n",
        ", row 3, column 2: got 'six'; expected a finite number such as 0.5. Correct the entry.",
    ),
    "a heading": (
        b"a,b\n1,2\n",
        ", row 1, column 1: got 'a'; expected a finite number such as 0.5. Correct the entry.",
    ),
    "a hole": (
        b"1,2\n3,\n",
        ", row 2, column 2: got nothing; expected a finite number such as 0.5. Correct the entry.",
    ),
    "semicolons": (
        b"1;2\n",
        ", row 1, column 1: got '1;2'; expected a finite number such as 0.5. Correct the entry.",
    ),
    "not a number": (
        b"1,nan\n",
        ", row 1, column 2: got 'nan'; expected a finite number such as 0.5. Correct the entry.",
    ),
    "infinite": (
        b"1\n\n1e999\n",
        ", row 3, column 1: got '1e999'; expected a finite number such as 0.5. Correct the entry.",
    ),
    "underscores": (
        b"1_000\n",
        ", row 1, column 1: got '1_000'; expected a finite number such as 0.5. Correct the entry.",
    ),
    "ragged": (
        b"1,2\n3,4,5\n",
        ", row 2: got 3 numbers; expected 2, as in the first row. Give every row the same "
        "number of entries.",
    ),
    "one too few": (
        b"1,2\n3\n",
        ", row 2: got 1 number; expected 2, as in the first row. Give every row the same "
        "number of entries.",
    ),
    "empty": (
        b"",
        ": got no numbers; expected comma-separated numbers, a row of the matrix per line. Check "
        "that this is the right file.",
    ),
    "blank": (
        b"\n  \n",
        ": got no numbers; expected comma-separated numbers, a row of the matrix per line. Check "
        "that this is the right file.",
    ),
    "other bytes": (
        b"1,\xff\n",
        ": got the byte 0xff at position 2; expected text in UTF-8. Save the file in UTF-8.",
    ),
    "zeros": (
        b"1,2\x00\n",
        ": got bytes that are not text; expected comma-separated numbers. Correct the file.",
    ),
    "quotation marks": (
        b'1,"2\n',
        ", row 1: got unexpected end of data; expected comma-separated numbers. Correct the file.",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_files_that_hold_no_matrix(tmp_path: Path, name: str) -> None:
    data, message = UNREADABLE[name]
    path = tmp_path / "matrix.csv"
    path.write_bytes(data)
    with pytest.raises(CorpusError) as caught:
        read_matrix(path)
    assert str(caught.value) == f"{path}{message}"


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="There is no file of comma-separated numbers"):
        read_matrix(tmp_path / "none.csv")
    with pytest.raises(CorpusError, match="got a folder; expected a file of comma-separated"):
        read_matrix(tmp_path)


def test_files_that_are_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)  # a hole: nothing is written, and nothing may be read
    with pytest.raises(CorpusError, match=r"got 16,777,217 bytes; expected at most 16,777,216\."):
        read_matrix(path)
    monkeypatch.setattr(matrices, "MOST_NUMBERS", 5)
    path.write_bytes(b"1,2\n3,4\n5,6\n")
    with pytest.raises(CorpusError, match=r"row 3: got more than 5 numbers; expected a matrix of"):
        read_matrix(path)
