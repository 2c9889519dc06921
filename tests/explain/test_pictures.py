"""Pictures of layers: their cells against loops by hand, torch and plain NumPy."""

from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.explain.arithmetic.convolution import convolution
from quatrain.explain.arithmetic.invariance import CORNERS, corner_blocks, pooling_corners
from quatrain.explain.arithmetic.layers import embedding, highway, linear
from quatrain.explain.arithmetic.lstm import lstm
from quatrain.explain.arithmetic.pooling import pooling, pooling_of
from quatrain.explain.lstm_gradients.case import by_hand
from quatrain.explain.lstm_gradients.report import Case, gradients
from quatrain.explain.pictures.positions import Shown
from quatrain.records import Bars, CellGrid, Chart, Explanation, Grids, Heatmap, Note, Place


def grids(explanation: Explanation) -> Grids:
    (found,) = (part for part in explanation.pictures if isinstance(part, Grids))
    return found


def hatched(grid: CellGrid, label: str) -> set[Place]:
    """The cells under a pattern, by the labels of their rows and columns."""
    return {
        (int(grid.rows[row]), int(grid.columns[column]))
        for hatching in grid.hatchings
        if hatching.label == label
        for row, column in hatching.cells
    }


def outlined(grid: CellGrid, label: str) -> set[Place]:
    return {
        (int(grid.rows[row]), int(grid.columns[column]))
        for outline in grid.outlines
        if outline.label == label
        for row, column in outline.cells
    }


def shown(grid: CellGrid) -> set[Place]:
    return set(product(map(int, grid.rows), map(int, grid.columns)))


SIDE = st.tuples(st.integers(1, 12), st.integers(1, 12))
THREE = st.tuples(st.integers(1, 3), st.integers(1, 3))


def covered(
    step: Place, kernel: Place, stride: Place, padding: Place, dilation: Place
) -> set[Place]:
    """The positions under one window, counted from the first true one, by two loops."""
    return {
        (
            step[0] * stride[0] - padding[0] + row * dilation[0],
            step[1] * stride[1] - padding[1] + column * dilation[1],
        )
        for row in range(kernel[0])
        for column in range(kernel[1])
    }


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(SIDE, THREE, THREE, st.tuples(st.integers(0, 2), st.integers(0, 2)), THREE)
def test_windows_and_what_none_sees_are_those_of_loops(
    size: Place, kernel: Place, stride: Place, padding: Place, dilation: Place
) -> None:
    steps = [
        (size[at] + 2 * padding[at] - dilation[at] * (kernel[at] - 1) - 1) // stride[at] + 1
        for at in (0, 1)
    ]
    if min(steps) < 1:
        return
    explanation = convolution(
        (*size, 1), filters=1, kernel=kernel, stride=stride, padding=padding, dilation=dilation
    )
    ((image, result),) = grids(explanation).bands
    windows = {
        step: covered(step, kernel, stride, padding, dilation)
        for step in product(range(steps[0]), range(steps[1]))
    }
    pixels = set(product(range(size[0]), range(size[1])))
    assert hatched(image, "never seen") == pixels - set().union(*windows.values())
    assert hatched(image, "padding") == shown(image) - pixels
    assert shown(image) >= pixels
    order = sorted(windows)
    labels = ["first window", "second window", "last window"]
    chosen = dict(zip(labels, (order[0], order[min(1, len(order) - 1)], order[-1]), strict=True))
    if len(order) == 1:
        chosen = {"the only window": order[0]}
    elif len(order) == 2:
        del chosen["second window"]
    assert {outline.label for outline in image.outlines} == set(chosen)
    for label, step in chosen.items():
        assert outlined(image, label) == windows[step]
        assert outlined(result, label) == {step}


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.integers(1, 4), st.integers(1, 4)), THREE, THREE,
    st.tuples(st.integers(0, 1), st.integers(0, 1)), THREE,
)  # fmt: skip
def test_outputs_that_no_input_reaches_are_those_of_torch(
    size: Place, kernel: Place, stride: Place, padding: Place, dilation: Place
) -> None:
    if any(
        (size[at] - 1) * stride[at] - 2 * padding[at] + dilation[at] * (kernel[at] - 1) + 1 < 1
        for at in (0, 1)
    ):
        return
    layer = torch.nn.ConvTranspose2d(
        1, 1, kernel, stride, padding, bias=False, dilation=dilation, dtype=torch.float64
    )
    torch.nn.init.ones_(layer.weight)
    reached = layer(torch.ones((1, 1, *size), dtype=torch.float64))[0, 0].detach().numpy() != 0
    explanation = convolution(
        (*size, 1), filters=1, kernel=kernel, stride=stride, padding=padding, dilation=dilation,
        transposed=True,
    )  # fmt: skip
    ((_, result),) = grids(explanation).bands
    assert hatched(result, "reached by no input") == {
        (int(row), int(column)) for row, column in np.argwhere(~reached)
    }
    places = set(product(range(reached.shape[0]), range(reached.shape[1])))
    assert hatched(result, "cut off by the padding") == shown(result) - places


def named_weights(grid: CellGrid, rows: range, columns: range) -> np.ndarray[tuple[int, int]]:
    """The matrix whose entries are the numbers of the weights, from 1; 0 for none."""
    return np.array(
        [
            [0 if (text := grid.values[row][column]) is None else int(str(text)[1:]) + 1
             for column in columns]
            for row in rows
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("length", "kernel", "stride", "padding", "dilation"),
    [(9, 3, 1, 0, 1), (9, 3, 2, 1, 1), (10, 2, 3, 0, 2), (5, 5, 1, 2, 1), (1, 1, 1, 0, 1)],
)
def test_the_rows_of_a_text_are_the_matrix_of_torch(
    length: int, kernel: int, stride: int, padding: int, dilation: int
) -> None:
    explanation = convolution(
        (length, 1), filters=1, kernel=kernel, stride=stride, padding=padding, dilation=dilation
    )
    ((grid,),) = grids(explanation).bands
    inputs = [column for column, text in enumerate(grid.values[0]) if text != "0"]
    weight = torch.arange(1.0, kernel + 1)[None, None]
    matrix = torch.nn.functional.conv1d(
        torch.eye(length)[:, None], weight, None, stride, padding, dilation
    )[:, 0].T.numpy()  # fmt: skip
    ours = named_weights(grid, range(1, len(grid.values)), range(inputs[0], inputs[0] + length))
    assert ours.tolist() == matrix.tolist()
    unseen = {place for hatching in grid.hatchings if hatching.label == "never seen"
              for place in hatching.cells}  # fmt: skip
    assert {column - inputs[0] for _, column in unseen} == set(
        np.flatnonzero((matrix == 0).all(0)).tolist()
    )


def test_the_rows_of_a_transposed_text_are_the_matrix_of_torch() -> None:
    explanation = convolution(
        (4, 1), filters=1, kernel=3, stride=4, padding=1, output_padding=1, transposed=True
    )
    ((grid,),) = grids(explanation).bands
    matrix = torch.nn.functional.conv_transpose1d(
        torch.eye(4)[:, None], torch.arange(1.0, 4)[None, None], None, 4, 1, 1
    )[:, 0].numpy()  # fmt: skip
    outputs = [column for column, text in enumerate(grid.values[-1]) if text]
    ours = named_weights(grid, range(4), range(outputs[0], outputs[-1] + 1))
    assert ours.tolist() == matrix.tolist()
    assert grid.rows == ("x0", "x1", "x2", "x3", "output")


@pytest.mark.parametrize("kind", ["max", "average"])
@pytest.mark.parametrize(("stride", "padding"), [(2, 0), (3, 1), (1, 1)])
def test_numbers_of_a_pooled_matrix_are_those_of_torch(
    kind: str, stride: int, padding: int
) -> None:
    numbers = np.random.default_rng(7).integers(-5, 6, (7, 6)).astype(float)
    pool = torch.nn.MaxPool2d if kind == "max" else torch.nn.AvgPool2d
    inputs = torch.tensor(numbers[None, None], requires_grad=True)
    value = pool(3, stride, padding)(inputs)
    value.sum().backward()
    assert inputs.grad is not None
    explanation = pooling_of(
        numbers, kind="max" if kind == "max" else "average", window=3, stride=stride,
        padding=padding,
    )  # fmt: skip
    (image, result), (back, arriving) = grids(explanation).bands
    inside = slice(padding, padding + 7), slice(padding, padding + 6)
    for grid, wanted in ((image, numbers), (back, inputs.grad[0, 0].numpy())):
        ours = np.array(grid.values, float)[inside]
        np.testing.assert_allclose(ours, wanted)
    np.testing.assert_allclose(np.array(result.values, float), value[0, 0].detach().numpy())
    assert {number for row in arriving.values for number in row} == {1.0}
    assert image.limits == result.limits == (numbers.min(), numbers.max())


def test_what_goes_over_the_end_is_not_called_padding() -> None:
    (image, _), _ = grids(pooling_of(np.ones((3, 3)), ceil_mode=True)).bands
    assert hatched(image, "outside the input") == {(3, at) for at in range(4)} | {
        (at, 3) for at in range(4)
    }
    assert hatched(image, "padding") == set()


def test_the_four_corners_have_the_gradients_of_torch() -> None:
    explanation = pooling_corners()
    images = torch.tensor(corner_blocks()[:, None], requires_grad=True)
    bands = grids(explanation).bands
    for place, pool in ((1, torch.nn.AvgPool2d(2)), (3, torch.nn.MaxPool2d(2))):
        images.grad = None
        value = pool(images)
        value.sum().backward()
        assert images.grad is not None
        for at, name in enumerate(CORNERS):
            assert bands[at][0].title == f"Image, {name}"
            np.testing.assert_array_equal(bands[at][place].values, value[at, 0].detach().numpy())
            np.testing.assert_array_equal(bands[at][place + 1].values, images.grad[at, 0].numpy())
    text = "\n".join(part.text for part in explanation.parts if isinstance(part, Note))
    assert "in every image 16 of 16 pixels get 0.25 each" in text
    assert "to 4 pixels, the first maximum of each window, and they are 4 different sets" in text


def test_long_axes_show_their_ends_and_the_ends_of_the_windows() -> None:
    explanation = convolution((10_000, 9_999, 3), filters=2, kernel=7_000, stride=3)
    ((image, result),) = grids(explanation).bands
    rows, columns = list(map(int, image.rows)), list(map(int, image.columns))
    assert max(len(rows), len(columns), len(result.rows), len(result.columns)) < 50
    assert {0, 3, 6_999, 7_002, 9_999} <= set(rows) | set(columns)
    for positions, gaps in ((rows, image.row_gaps), (columns, image.column_gaps)):
        jumps = [at for at in range(1, len(positions)) if positions[at] != positions[at - 1] + 1]
        assert list(gaps) == jumps
    assert outlined(image, "first window") == {
        (row, column) for row, column in shown(image) if max(row, column) < 7_000
    }
    # 1,001 windows down end at row 9,999; 1,000 windows across end at column 9,996.
    assert hatched(image, "never seen") == {place for place in shown(image) if place[1] > 9_996}


@given(st.integers(1, 200), st.lists(st.integers(-5, 210), max_size=4))
def test_shown_positions_are_in_order_with_no_small_gap(count: int, telling: list[int]) -> None:
    positions = Shown.of(count, telling)
    assert list(positions.positions) == sorted(set(positions.positions))
    assert positions.positions[0] == 0
    assert positions.positions[-1] == count - 1
    assert {at for at in telling if 0 <= at < count} <= set(positions.positions)
    for gap in positions.gaps:
        assert positions.positions[gap] - positions.positions[gap - 1] > 3


def test_weights_and_lookups_have_their_sizes() -> None:
    weights, x, b, y = grids(linear(4, 3)).bands[0]
    assert [list(row) for row in weights.values] == [
        [f"w{row},{column}" for column in range(4)] for row in range(3)
    ]
    assert (len(x.values), len(b.values), len(y.values)) == (4, 3, 3)
    assert len(grids(linear(4, 3, bias=False)).bands[0]) == 3
    big = grids(linear(5_000, 7_000)).bands[0][0]
    assert (big.rows[-1], big.columns[-1], len(big.values)) == ("6999", "4999", 8)
    one_hot, table, vector = grids(embedding(65, 64)).bands[0]
    assert [row[0] for row in one_hot.values].count(1) == 1
    assert table.outlines[0].cells == tuple((2, column) for column in range(len(table.values[0])))
    assert len(vector.values) == 1
    assert len(grids(embedding(1, 1)).bands[0][1].values) == 1


def test_the_blocks_of_an_lstm_add_up_to_its_parameters() -> None:
    explanation = lstm(3, 5, biases=2)
    *blocks, sums = grids(explanation).bands[0]
    total = 0
    for row in range(4):
        parts = [int(str(block.values[row][0]).split("= ")[1]) for block in blocks]
        assert sum(parts) == int(str(sums.values[row][0]).split("= ")[1])
        total += sum(parts)
    module = torch.nn.LSTM(3, 5)
    assert total == explanation["total"] == sum(map(torch.numel, module.parameters()))
    assert blocks[0].rows == ("i, input gate", "f, forget gate", "g, candidate", "o, output gate")


@pytest.mark.parametrize("bias", [-2.0, 0.0, 100.0, -100.0, 1.2345])
def test_the_gate_of_a_highway_is_a_sigmoid(bias: float) -> None:
    (chart,) = highway(4, layers=3, gate_bias=bias).pictures
    assert isinstance(chart, Chart)
    changed, carried, through, own = (np.array(curve, float) for curve in chart.curves.values())
    with np.errstate(over="ignore"):
        wanted = 1 / (1 + np.exp(-np.array(chart.x)))
    np.testing.assert_allclose(changed, wanted, atol=1e-12)
    np.testing.assert_allclose(carried, 1 - wanted, atol=1e-12)
    np.testing.assert_allclose(through, (1 - wanted) ** 3, atol=1e-12)
    (at,) = np.flatnonzero(~np.isnan(own))
    assert chart.x[at] == bias


def test_deltas_are_the_gradients_by_hand() -> None:
    (picture,) = gradients(hidden=2, steps=3, seed=5, autograd=None).pictures
    assert isinstance(picture, Heatmap)
    case = Case.random(hidden=2, inputs=2, steps=3, seed=5, target=1, loss="binary")
    by_name = by_hand(case)[0]
    for label, values in zip(picture.y, picture.values, strict=True):
        name, _, cell = label.partition(", cell ")
        assert list(values) == by_name[name][:, int(cell) - 1].tolist()
    assert picture.x == ("1", "2", "3")


@pytest.mark.slow
def test_bars_of_a_model_add_up_to_its_totals() -> None:
    from quatrain.explain.model_summary.model import model

    network = torch.nn.Sequential(*(torch.nn.Linear(4, 4) for _ in range(40)))
    explanation = model(network, torch.zeros(1, 4))
    parameters, work = explanation.pictures
    assert isinstance(parameters, Bars)
    assert isinstance(work, Bars)
    assert sum(parameters.values) == explanation["total parameters"] == 40 * 20
    assert sum(work.values) == explanation["total multiply-adds"]
    assert len(parameters.values) == 24
    assert parameters.labels[-1] == "17 smaller layers"


@pytest.mark.parametrize(
    ("sizes", "read"),
    [
        (
            (32, 32),
            "Read as a text of 32 positions with 32 channels. For a grey picture of 32 x 32",
        ),
        ((40, 1), "Read as a text of 40 positions with 1 channel."),
        ((3, 32, 32), "Read as a picture of 3 x 32 with 32 channels, because channels come last."),
        ((32, 32, 3), None),
        ((28, 28, 1), None),
    ],
)
def test_sizes_that_could_mean_another_input_say_how_they_were_read(
    sizes: tuple[int, ...], read: str | None
) -> None:
    for explanation in (convolution(sizes, filters=1, kernel=2), pooling(sizes, window=2)):
        notes = [part.text for part in explanation.parts if isinstance(part, Note)]
        assert [note for note in notes if note.startswith("Read as")] == [
            note for note in notes if read is not None and note.startswith(read)
        ]
        if read is not None:
            assert any(note.startswith(read) for note in notes)
