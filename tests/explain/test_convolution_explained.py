"""The arithmetic of a convolution, against PyTorch and against counting one by one."""

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.convolution import convolution
from quatrain.records import Explanation, Formula, Note


def notes(explanation: Explanation) -> str:
    return "\n".join(part.text for part in explanation.parts if isinstance(part, Note))


def formula(explanation: Explanation, name: str) -> tuple[str, str]:
    found = explanation.formulas[name]
    return found.symbols, found.numbers


def test_the_example_of_a_small_picture() -> None:
    explanation = convolution((32, 32, 3), filters=8, kernel=5)
    assert explanation.title == "Convolution of 32 x 32 x 3 with 8 filters of 5 x 5"
    assert explanation.formulas["weights"] == Formula(
        "weights",
        "filters x kernel height x kernel width x channels",
        "8 x 5 x 5 x 3",
        600,
        latex_symbols=r"\text{filters} \times \text{kernel height} \times \text{kernel width} "
        r"\times \text{channels}",
        latex_numbers=r"8 \times 5 \times 5 \times 3",
    )
    assert explanation["biases"] == 8
    assert formula(explanation, "total") == ("weights + biases", "600 + 8")
    assert explanation["total"] == 608
    assert formula(explanation, "output height and width") == (
        "(input - kernel + 2 x padding) / stride + 1",
        "(32 - 5 + 2 x 0) / 1 + 1",
    )
    assert explanation["output height and width"] == 28
    assert explanation["output shape"] == (28, 28, 8)
    assert formula(explanation, "multiply-adds") == (
        "output height x output width x filters x kernel height x kernel width x channels",
        "28 x 28 x 8 x 5 x 5 x 3",
    )
    assert explanation["multiply-adds"] == 470_400
    assert explanation["additions of biases"] == 6_272
    assert formula(explanation, "receptive field") == (
        "dilation x (kernel - 1) + 1",
        "1 x (5 - 1) + 1",
    )
    assert explanation["memory of the parameters"] == 2_432
    assert explanation["memory of the output"] == 25_088
    assert explanation.formulas["memory of the output"].unit == "bytes"
    assert formula(explanation, "a dense layer of the same shapes") == (
        "input numbers x output numbers + output numbers",
        "3072 x 6272 + 6272",
    )
    assert "31,700 times as many parameters" in notes(explanation)
    assert "seen" not in notes(explanation)


def test_a_stride_that_does_not_divide() -> None:
    explanation = convolution((32, 32, 3), filters=8, kernel=5, stride=2)
    assert formula(explanation, "output height and width") == (
        "floor((input - kernel + 2 x padding) / stride) + 1",
        "floor((32 - 5 + 2 x 0) / 2) + 1",
    )
    assert explanation["output shape"] == (14, 14, 8)
    text = notes(explanation)
    assert (
        "The stride doesn't divide evenly: 27 / 2 leaves a remainder of 1. The quotient is rounded "
        "down, and the last window ends at row and column 30.\n"
        "Never seen, counting from 0: row and column 31.\n"
        "In total, 63 of 1,024 pixels are never seen." in text
    )


def test_what_is_cut_off_may_be_padding() -> None:
    text = notes(convolution((10, 3), filters=2, kernel=3, stride=2, padding=((0, 1),)))
    assert "Never seen" not in text
    explanation = convolution((10, 3), filters=2, kernel=4, stride=3, padding=1)
    assert "ends at position 8.\nNever seen, counting from 0: position 9." in notes(explanation)
    explanation = convolution((10, 3), filters=2, kernel=3, stride=3, padding=((1, 4),))
    text = notes(explanation)
    assert "12 / 3" not in text  # divides: 10 - 3 + 5 = 12
    explanation = convolution((10, 3), filters=2, kernel=3, stride=5, padding=((0, 4),))
    text = notes(explanation)
    assert "11 / 5 leaves a remainder of 1" in text
    assert "ends at a position in the padding" in text
    assert "Never seen, counting from 0: positions 3, 4, 8, 9." in text


def test_a_rest_of_padding_alone() -> None:
    text = notes(convolution((9, 1), filters=1, kernel=3, stride=3, padding=((0, 1),)))
    assert "the last window ends at position 8.\nOnly padding is cut off; all positions" in text


def test_windows_that_step_over_positions() -> None:
    text = notes(convolution((40, 9, 1), filters=1, kernel=(1, 3), stride=(2, 1)))
    assert "rows 1, 3, 5, 7, 9, 11, ..., 39 (20 in total)." in text
    assert (
        "Windows that span 1 and start 2 apart, with a dilation of 1, skip rows inside the input."
        in (text)
    )
    assert "In total, 180 of 360 pixels are never seen." in text


def test_each_axis_has_its_own_formula_where_they_differ() -> None:
    explanation = convolution(
        (32, 31, 4),
        filters=8,
        kernel=(5, 3),
        stride=(3, 4),
        padding=(1, (0, 2)),
        dilation=(1, 2),
        groups=4,
        bias=False,
    )
    assert formula(explanation, "output height") == (
        "floor((input - kernel + 2 x padding) / stride) + 1",
        "floor((32 - 5 + 2 x 1) / 3) + 1",
    )
    assert formula(explanation, "output width") == (
        "(input - (dilation x (kernel - 1) + 1) + padding before + padding after) / stride + 1",
        "(31 - (2 x (3 - 1) + 1) + 0 + 2) / 4 + 1",
    )
    assert formula(explanation, "weights") == (
        "filters x kernel height x kernel width x channels / groups",
        "8 x 5 x 3 x 4 / 4",
    )
    assert explanation["biases"] == explanation["additions of biases"] == 0
    assert explanation["total"] == 120
    assert explanation["receptive field, height"] == explanation["receptive field, width"] == 5
    assert "a filter sees 1 of 4 channels (depthwise)" in notes(explanation)


def test_a_transposed_convolution() -> None:
    explanation = convolution(
        (10, 4),
        filters=6,
        kernel=3,
        stride=4,
        padding=1,
        groups=2,
        transposed=True,
        output_padding=1,
    )
    assert explanation.title == "Transposed convolution of 10 x 4 with 6 filters of 3"
    assert formula(explanation, "output length") == (
        "(input - 1) x stride - 2 x padding + kernel + output padding",
        "(10 - 1) x 4 - 2 x 1 + 3 + 1",
    )
    assert explanation["output shape"] == (38, 6)
    assert formula(explanation, "weights") == (
        "channels x kernel x filters / groups",
        "4 x 3 x 6 / 2",
    )
    assert formula(explanation, "multiply-adds") == (
        "input length x channels x kernel x filters / groups",
        "10 x 4 x 3 x 6 / 2",
    )
    assert "No input reaches positions 2, 6, 10, 14, 18, 22, ..., 34 (9 in total)" in (
        notes(explanation)
    )
    uneven = convolution(
        (4, 4, 1), filters=1, kernel=2, stride=2, padding=((0, 1), (0, 1)), dilation=2,
        transposed=True,
    )  # fmt: skip
    assert formula(uneven, "output height and width") == (
        "(input - 1) x stride - padding before - padding after + dilation x (kernel - 1) + 1",
        "(4 - 1) x 2 - 0 - 1 + 2 x (2 - 1) + 1",
    )


def test_one_place_shares_nothing() -> None:
    explanation = convolution((5, 3), filters=4, kernel=5)
    assert explanation["a dense layer of the same shapes"] == explanation["total"] == 64
    text = notes(explanation)
    assert "15, and they are used at the only position." in text
    assert "1 times as many parameters" in text


SIZES = st.integers(1, 9)
SMALL = st.integers(1, 3)


@st.composite
def settings_of(draw: st.DrawFn) -> tuple[tuple[int, ...], dict[str, Any]]:
    axes = draw(st.integers(1, 2))
    several = [draw(SIZES) for _ in range(axes)]
    groups = draw(SMALL)
    channels, filters = groups * draw(SMALL), groups * draw(SMALL)

    def each(numbers: st.SearchStrategy[int]) -> tuple[int, ...]:
        return tuple(draw(numbers) for _ in range(axes))

    chosen = {
        "filters": filters,
        "kernel": each(SMALL),
        "stride": each(SMALL),
        "padding": each(st.integers(0, 3)),
        "dilation": each(SMALL),
        "groups": groups,
        "bias": draw(st.booleans()),
    }
    return (*several, channels), chosen


def module_of(inputs: tuple[int, ...], chosen: dict[str, Any], kind: str) -> torch.nn.Module:
    class_ = getattr(torch.nn, f"{kind}{len(inputs) - 1}d")
    rest = {name: value for name, value in chosen.items() if name not in ("filters", "kernel")}
    module = class_(inputs[-1], chosen["filters"], chosen["kernel"], **rest)
    assert isinstance(module, torch.nn.Module)
    return module


def counted(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def reached(module: torch.nn.Module, inputs: tuple[int, ...]) -> tuple[torch.Size, torch.Tensor]:
    """The output's shape, and which positions of the input it depends on."""
    for parameter in module.parameters():
        torch.nn.init.ones_(parameter)
    given_ = torch.ones(1, inputs[-1], *inputs[:-1], requires_grad=True)
    outputs = module(given_)
    outputs.sum().backward()
    assert given_.grad is not None
    return outputs.shape, given_.grad[0, 0] != 0


@settings(max_examples=150, deadline=None)
@given(settings_of())
def test_counts_shapes_and_what_is_seen_are_those_of_torch(
    case: tuple[tuple[int, ...], dict[str, Any]],
) -> None:
    inputs, chosen = case
    axes = len(inputs) - 1
    span = [chosen["dilation"][i] * (chosen["kernel"][i] - 1) + 1 for i in range(axes)]
    fits = all(span[i] <= inputs[i] + 2 * chosen["padding"][i] for i in range(axes))
    if not fits:
        with pytest.raises(SettingsError, match=r"^the windows along the \w+: got a kernel of \d"):
            convolution(inputs, **chosen)
        return
    explanation = convolution(inputs, **chosen)
    module = module_of(inputs, chosen, "Conv")
    shape, seen = reached(module, inputs)
    assert explanation["total"] == counted(module)
    assert explanation["output shape"] == (*shape[2:], shape[1])
    lost = int((~seen).sum())
    text = notes(explanation)
    if axes == 2 and lost:
        assert f"In total, {lost:,} of {seen.numel():,} pixels are never seen." in text
    else:
        assert ("Never seen" in text) == bool(lost)
    names = ["receptive field", "receptive field, height", "receptive field, width"]
    fields = [explanation[name] for name in names if name in explanation.formulas]
    assert set(fields) == set(span)


@settings(max_examples=100, deadline=None)
@given(settings_of(), st.integers(0, 2))
def test_transposed_ones_too(
    case: tuple[tuple[int, ...], dict[str, Any]], output_padding: int
) -> None:
    inputs, chosen = case
    axes = len(inputs) - 1
    assume(
        all(output_padding < max(chosen["stride"][i], chosen["dilation"][i]) for i in range(axes))
    )
    outputs = [
        (inputs[i] - 1) * chosen["stride"][i]
        - 2 * chosen["padding"][i]
        + chosen["dilation"][i] * (chosen["kernel"][i] - 1)
        + output_padding
        + 1
        for i in range(axes)
    ]
    if min(outputs) < 1:
        with pytest.raises(SettingsError, match="expected at least 1"):
            convolution(inputs, **chosen, transposed=True, output_padding=output_padding)
        return
    explanation = convolution(inputs, **chosen, transposed=True, output_padding=output_padding)
    module = module_of(inputs, chosen | {"output_padding": output_padding}, "ConvTranspose")
    for parameter in module.parameters():
        torch.nn.init.ones_(parameter)
    if chosen["bias"]:
        torch.nn.init.zeros_(module.get_parameter("bias"))
    value = module(torch.ones(1, inputs[-1], *inputs[:-1]))[0]
    assert explanation["total"] == counted(module)
    assert explanation["output shape"] == (*value.shape[1:], value.shape[0])
    assert ("No input reaches" in notes(explanation)) == bool((value == 0).any())


@settings(max_examples=60, deadline=None)
@given(SMALL, SMALL, SMALL)
def test_how_many_inputs_meet_in_an_output_of_a_transposed_one(
    kernel: int, stride: int, dilation: int
) -> None:
    module = torch.nn.ConvTranspose1d(1, 1, kernel, stride, dilation=dilation, bias=False)
    torch.nn.init.ones_(module.weight)
    most = int(module(torch.ones(1, 1, 20)).max())
    explanation = convolution(
        (20, 1), filters=1, kernel=kernel, stride=stride, dilation=dilation, transposed=True
    )
    assert explanation["receptive field"] == most


def one_by_one(
    inputs: torch.Tensor, weight: torch.Tensor, chosen: dict[str, Any], outputs: Sequence[int]
) -> tuple[torch.Tensor, int]:
    """A convolution in loops, by its definition, and how many multiply-adds it took."""
    before = chosen["padding"]
    value = torch.zeros(len(weight), *outputs)
    count = 0
    of_group, filters = len(inputs) // chosen["groups"], len(weight) // chosen["groups"]
    for filter_, *place in product(range(len(weight)), *map(range, outputs)):
        for channel, *position in product(*map(range, weight.shape[1:])):
            at = [
                step * chosen["stride"][i] + position[i] * chosen["dilation"][i] - before[i]
                for i, step in enumerate(place)
            ]
            inside = all(0 <= at[i] < inputs.shape[i + 1] for i in range(len(at)))
            factor = inputs[filter_ // filters * of_group + channel, *at] if inside else 0.0
            value[filter_, *place] += weight[filter_, channel, *position] * factor
            count += 1
    return value, count


@settings(max_examples=12, deadline=None)
@given(settings_of())
def test_multiply_adds_counted_one_by_one(
    case: tuple[tuple[int, ...], dict[str, Any]],
) -> None:
    *sizes, channels = case[0]
    inputs, chosen = (*(min(size, 4) for size in sizes), channels), case[1] | {"bias": False}
    try:
        explanation = convolution(inputs, **chosen)
    except SettingsError:
        assume(False)
    shape = explanation["output shape"]
    assert isinstance(shape, tuple)
    module = module_of(inputs, chosen, "Conv")
    given_ = torch.randn(channels, *inputs[:-1])
    with torch.no_grad():
        value, count = one_by_one(given_, module.get_parameter("weight"), chosen, shape[:-1])
        torch.testing.assert_close(module(given_[None])[0], value)
    assert explanation["multiply-adds"] == count
    assert explanation["additions of biases"] == 0
    biased = convolution(inputs, **chosen | {"bias": True})
    assert biased["additions of biases"] == value.numel()


@settings(max_examples=30, deadline=None)
@given(settings_of())
def test_multiply_adds_of_a_transposed_one_counted_one_by_one(
    case: tuple[tuple[int, ...], dict[str, Any]],
) -> None:
    inputs, chosen = case
    explanation = convolution(inputs, **chosen | {"padding": 0}, transposed=True)
    groups = chosen["groups"]
    count = 0
    for _ in product(*map(range, inputs[:-1])):
        for channel, filter_ in product(range(inputs[-1]), range(chosen["filters"])):
            if channel // (inputs[-1] // groups) == filter_ // (chosen["filters"] // groups):
                count += prod(chosen["kernel"])
    assert explanation["multiply-adds"] == count


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_same_keeps_the_size_as_torch_does(kernel: int, dilation: int) -> None:
    module = torch.nn.Conv1d(1, 1, kernel, padding="same", dilation=dilation)
    explanation = convolution((7, 1), filters=1, kernel=kernel, padding="same", dilation=dilation)
    assert explanation["output shape"] == (module(torch.ones(1, 1, 7)).shape[2], 1) == (7, 1)


REFUSED: dict[str, tuple[tuple[int, ...], dict[str, Any], str]] = {
    "kernel wider than the input": (
        (4, 4, 1),
        {"kernel": (7, 3), "padding": 1},
        "the windows along the height: got a kernel of 7; expected at most 6, the input of 4 with "
        "padding of 1 before and 1 after. Take a smaller kernel, more padding or a larger input.",
    ),
    "no kernel": (
        (4, 1),
        {"kernel": 0},
        "'kernel' of the convolution layer along the length: got 0; expected a whole number of at "
        "least 1. Give another number.",
    ),
    "stride 0": (
        (4, 1),
        {"stride": 0},
        "'stride' of the convolution layer along the length: got 0; expected a whole number of at "
        "least 1. Give another number.",
    ),
    "negative size": (
        (-4, 1),
        {},
        "the input's length in the convolution layer: got -4; expected a whole number of at least "
        "1. Give another number.",
    ),
    "no channels": (
        (4, 0),
        {},
        "the input's channels in the convolution layer: got 0; expected a whole number of at "
        "least 1. Give another number.",
    ),
    "an image without channels": (
        (32, 32),
        {"kernel": (5, 5)},
        "The kernel has 2 sizes, but the input has only one axis: two numbers mean length x "
        "channels. For an image give height x width x channels, such as 32x32x1.",
    ),
    "half a filter": (
        (4, 1),
        {"filters": 2.5},
        "'filters' of the convolution layer: got 2.5; expected a whole number of at least 1. "
        "Give another number.",
    ),
    "groups": (
        (4, 6),
        {"groups": 4, "filters": 8},
        "'groups' of the convolution layer: got 4 groups for 6 channels and 8 filters; expected a "
        "number that divides both, such as 2. Change the groups, or the channels and filters.",
    ),
    "too many axes": (
        (4, 4, 4, 1),
        {},
        "the input of the convolution layer: got 4 sizes (4 x 4 x 4 x 1); expected (length, "
        "channels) or (height, width, channels). Give the size along each axis, then the "
        "channels; a grey picture has 1 channel.",
    ),
    "too large": (
        (10**9, 1),
        {},
        "the input's length in the convolution layer: got 1,000,000,000; expected at most 100,000. "
        "Give a smaller size.",
    ),
    "same when transposed": (
        (4, 1),
        {"padding": "same", "transposed": True},
        "'padding' of the transposed convolution layer: got 'same'; expected numbers. Give the "
        "padding as numbers.",
    ),
    "nothing left": (
        (2, 1),
        {"padding": 3, "transposed": True},
        "the output along the length: got (2 - 1) x 1 - 2 x 3 + 3 = -2; expected at least 1. Use "
        "less padding, a larger kernel or a larger input.",
    ),
    "too many outputs": (
        (1000, 1),
        {"stride": 10**11, "transposed": True},
        "the output along the length: got (1000 - 1) x 100000000000 - 2 x 0 + 3 = "
        "99,900,000,000,003; expected at most 100,000. Use a smaller stride, dilation, kernel or "
        "input.",
    ),
    "output padding": (
        (2, 1),
        {"stride": 2, "output_padding": 2, "transposed": True},
        "'output_padding' along the length: got 2; expected less than the stride of 2 or the "
        "dilation of 1. Use less output padding, or a larger input.",
    ),
    "output padding of no transposed one": (
        (4, 1),
        {"output_padding": 1},
        "'output_padding' of the convolution layer: got 1; expected 0. Give it for a transposed "
        "convolution only, once or for each axis.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused_with_its_numbers(name: str) -> None:
    inputs, given_, message = REFUSED[name]
    with pytest.raises(SettingsError) as caught:
        convolution(inputs, **({"filters": 2, "kernel": 3} | given_))
    assert str(caught.value) == message
