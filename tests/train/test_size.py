"""The proposed size: complete, monotone, honest about small corpora."""

import pytest

from quatrain.config import Training
from quatrain.train.size import parameters, propose

CORPORA = [3_000, 50_000, 300_000, 1_000_000, 10_000_000, 60_000_000]


@pytest.mark.parametrize("characters", CORPORA)
def test_nothing_is_left_open(characters: int) -> None:
    settings = propose(characters, 70).settings
    for name in ("embedding", "hidden", "layers", "dropout", "batch", "length", "learning_rate"):
        assert getattr(settings, name) is not None, name
    assert (settings.minutes is None) != (settings.epochs is None)


def test_more_text_gets_more_cells_and_less_dropout() -> None:
    sizes = [propose(characters, 70) for characters in CORPORA]
    assert [size.parameters for size in sizes] == sorted(size.parameters for size in sizes)
    dropouts = [size.settings.dropout for size in sizes[1:]]
    assert dropouts == sorted(dropouts, reverse=True)


def test_what_the_user_sets_stays() -> None:
    given = Training(hidden=99, epochs=2.0, learning_rate=0.5)
    settings = propose(1_000_000, 70, given).settings
    assert (settings.hidden, settings.epochs, settings.minutes) == (99, 2.0, None)
    assert settings.learning_rate == 0.5


def test_a_small_corpus_is_warned_of_and_a_large_one_is_not() -> None:
    small = propose(19_999, 60).reasons
    assert any("expect invented words" in reason for reason in small)
    assert not any("invented" in reason for reason in propose(20_000, 60).reasons)


def test_windows_get_the_textbook_length_and_a_stride() -> None:
    settings = propose(100_000, 60, Training(sequences="windows")).settings
    assert (settings.length, settings.stride) == (40, 3)


def test_parameters_by_hand() -> None:
    # embedding 10 x 4; LSTM 4 x 8 x (4 + 8 + 1) and 4 x 8 x (8 + 8 + 1); output 10 x (8 + 1)
    assert parameters(10, 4, 8, 2) == 40 + 416 + 544 + 90


def test_two_lines_are_enough_for_a_chunk() -> None:
    assert propose(19, 12).settings.length == 9


def test_a_budget_of_the_user_counts_alone() -> None:
    settings = propose(10_000_000, 70, Training(epochs=2.0)).settings
    assert (settings.epochs, settings.minutes) == (2.0, None)
    settings = propose(10_000, 70, Training(minutes=2.0)).settings
    assert (settings.epochs, settings.minutes) == (None, 2.0)
