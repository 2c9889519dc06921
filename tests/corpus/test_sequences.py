"""Streams and windows against the definition, written out."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quatrain.corpus import Streams, Windows
from quatrain.corpus import sequences as module
from quatrain.errors import SettingsError


def corpus(lengths: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Poems whose every token is different, so that a token says where it comes from."""
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return np.arange(offsets[-1], dtype=np.uint16), offsets


def laid_out(tokens: np.ndarray, offsets: np.ndarray, order: np.ndarray) -> np.ndarray:
    return np.concatenate([tokens[offsets[poem] : offsets[poem + 1]] for poem in order])


@pytest.fixture(params=["one array", "pieces"])
def storage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "pieces":
        monkeypatch.setattr(module, "_IN_MEMORY", 0)


@pytest.mark.usefixtures("storage")
@pytest.mark.parametrize("poems", [[0, 1, 2, 3, 4], [4, 1]])
def test_streams_are_the_permuted_poems_cut_into_lanes(poems: list[int]) -> None:
    tokens, offsets = corpus([7, 30, 1, 12, 25])
    streams = Streams(tokens, offsets, poems, lanes=3, length=4, seed=5)
    total = sum(int(offsets[poem + 1] - offsets[poem]) for poem in poems)
    lane = (total - 1) // 3
    assert streams.steps_per_epoch == lane // 4
    for epoch in range(3):
        generator = np.random.Generator(np.random.PCG64([5, epoch]))
        text = laid_out(tokens, offsets, np.array(poems)[generator.permutation(len(poems))])
        for step in range(streams.steps_per_epoch):
            inputs, targets = streams.batch(epoch * streams.steps_per_epoch + step)
            assert inputs.shape == targets.shape == (4, 3)
            assert inputs.dtype == targets.dtype == np.int64
            for number in range(3):
                start = number * lane + step * 4
                assert inputs[:, number].tolist() == text[start : start + 4].tolist()
                assert targets[:, number].tolist() == text[start + 1 : start + 5].tolist()


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=12),
    st.integers(1, 9),
    st.integers(1, 12),
)
def test_an_epoch_reads_each_character_at_most_once_and_leaves_little(
    lengths: list[int], lanes: int, length: int
) -> None:
    tokens, offsets = corpus(lengths)
    if len(tokens) <= length:
        with pytest.raises(SettingsError):
            Streams(tokens, offsets, range(len(lengths)), lanes=lanes, length=length, seed=0)
        return
    streams = Streams(tokens, offsets, range(len(lengths)), lanes=lanes, length=length, seed=0)
    seen = np.concatenate([streams.batch(s)[0].ravel() for s in range(streams.steps_per_epoch)])
    assert len(set(seen.tolist())) == len(seen)
    assert len(seen) == streams.sequences * length
    assert streams.steps_per_epoch * streams.characters_per_step == len(seen)
    assert 0 < len(tokens) - len(seen) <= streams.lanes * length


@pytest.mark.usefixtures("storage")
def test_a_step_is_found_by_its_number_alone() -> None:
    tokens, offsets = corpus([50, 60, 70])
    one = Streams(tokens, offsets, range(3), lanes=2, length=5, seed=1)
    steps = [one.batch(step) for step in range(60)]
    other = Streams(tokens, offsets, range(3), lanes=2, length=5, seed=1)
    for step in (59, 0, 31, 17):
        assert np.array_equal(other.batch(step)[0], steps[step][0])


def test_the_state_is_fresh_at_the_first_step_of_an_epoch_only() -> None:
    tokens, offsets = corpus([41])
    streams = Streams(tokens, offsets, [0], lanes=1, length=10, seed=0)
    assert [streams.fresh(step) for step in range(9)] == [True, False, False, False] * 2 + [True]


@pytest.mark.usefixtures("storage")
@pytest.mark.parametrize("kind", [Streams, Windows])
def test_ranks_get_their_lanes_of_the_same_batch(kind: type) -> None:
    tokens, offsets = corpus([90, 90])
    stride = {"stride": 3} if kind is Windows else {}
    found = kind(tokens, offsets, [0, 1], lanes=4, length=6, seed=0, **stride)
    whole = found.batch(1)
    parts = [found.batch(1, slice(0, 2)), found.batch(1, slice(2, 4))]
    for side in (0, 1):
        assert np.array_equal(np.hstack([part[side] for part in parts]), whole[side])


def test_a_text_too_short_for_the_lanes_gets_fewer() -> None:
    tokens, offsets = corpus([21])
    streams = Streams(tokens, offsets, [0], lanes=64, length=5, seed=0)
    assert (streams.lanes, streams.steps_per_epoch, streams.sequences) == (4, 1, 4)


@pytest.mark.parametrize("kind", [Streams, Windows])
def test_a_text_too_short_for_one_sequence_is_refused_with_the_numbers(kind: type) -> None:
    tokens, offsets = corpus([8])
    stride = {"stride": 1} if kind is Windows else {}
    with pytest.raises(SettingsError) as caught:
        kind(tokens, offsets, [0], lanes=1, length=8, seed=0, **stride)
    assert str(caught.value) == (
        "setting 'length': got 8 characters per sequence in training poems of 8 characters; "
        "expected poems of at least 9 characters. Train on more verse, or set length to 7 or less."
    )


def test_numbers_below_one_are_refused() -> None:
    tokens, offsets = corpus([8])
    with pytest.raises(SettingsError, match="setting 'stride': got 0; expected 1 or more"):
        Windows(tokens, offsets, [0], lanes=1, length=2, stride=0, seed=0)


@pytest.mark.usefixtures("storage")
@pytest.mark.parametrize(("length", "stride"), [(40, 3), (40, 1), (7, 7), (5, 11)])
def test_windows_are_the_textbooks(length: int, stride: int) -> None:
    """`for i in range(0, len(text) - length, stride): text[i : i + length]`, shuffled."""
    tokens, offsets = corpus([30, 100, 53])
    text = laid_out(tokens, offsets, np.array([2, 0]))
    wanted = [text[i : i + length + 1].tolist() for i in range(0, len(text) - length, stride)]
    windows = Windows(tokens, offsets, [2, 0], lanes=4, length=length, stride=stride, seed=0)
    assert windows.sequences == len(wanted) == math.ceil((len(text) - length) / stride)
    assert windows.steps_per_epoch == len(wanted) // windows.lanes
    orders = []
    for epoch in range(2):
        seen = []
        for step in range(windows.steps_per_epoch):
            inputs, targets = windows.batch(epoch * windows.steps_per_epoch + step)
            assert windows.fresh(step)
            for lane in range(windows.lanes):
                assert inputs[1:, lane].tolist() == targets[:-1, lane].tolist()
                seen.append([*inputs[:, lane].tolist(), int(targets[-1, lane])])
        assert len({tuple(window) for window in seen}) == len(seen)
        assert all(window in wanted for window in seen)
        orders.append(seen)
    assert len(wanted) < 8 or orders[0] != orders[1]


@given(st.integers(1, 3000), st.integers(0, 2**32))
def test_the_arithmetic_permutation_is_one(size: int, seed: int) -> None:
    keys = np.random.default_rng(seed).integers(0, 2**64, size=6, dtype=np.uint64)
    places = module._permuted(np.arange(size), size, keys)
    assert np.array_equal(np.sort(places), np.arange(size))


def test_the_arithmetic_permutation_mixes() -> None:
    """Neighbours land far apart, and every place is about equally likely."""
    size, draws = 100, 4000
    rng = np.random.default_rng(0)
    firsts = np.array(
        [
            module._permuted(
                np.array([0, 1]), size, rng.integers(0, 2**64, size=6, dtype=np.uint64)
            )
            for _ in range(draws)
        ]
    )
    expected = draws / size
    for column in firsts.T:
        chi_squared = ((np.bincount(column, minlength=size) - expected) ** 2 / expected).sum()
        assert chi_squared < 160  # 99.99 % of 99 degrees of freedom lie below
    assert np.abs(firsts[:, 0] - firsts[:, 1]).mean() == pytest.approx(size / 3, rel=0.1)
