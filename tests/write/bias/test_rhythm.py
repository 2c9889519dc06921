"""The bias against a poem that slides into triple time, counted by hand."""

import pytest

from quatrain.write.bias import rhythm_bias
from quatrain.write.bias.rhythm import HIGHEST_MARGIN, MEAN_MARGIN, RHYTHM_BIAS

SURPLUS = HIGHEST_MARGIN - MEAN_MARGIN


def test_a_clear_line_pays_nothing() -> None:
    assert rhythm_bias(MEAN_MARGIN, []) == 0.0
    assert rhythm_bias(20.0, [20.0, 20.0]) == 0.0


def test_a_first_line_pays_what_it_lacks() -> None:
    assert rhythm_bias(MEAN_MARGIN - 3.0, []) == -3.0 * RHYTHM_BIAS


def test_clear_lines_make_up_for_one_in_another_rhythm() -> None:
    margin = MEAN_MARGIN - 2 * SURPLUS
    assert rhythm_bias(margin, [9.0, 9.0]) == 0.0
    assert rhythm_bias(margin, [9.0]) == pytest.approx(-SURPLUS * RHYTHM_BIAS)


def test_what_earlier_lines_lack_is_paid_until_it_is_made_up() -> None:
    before = [MEAN_MARGIN - 3.0]
    assert rhythm_bias(MEAN_MARGIN, before) == -3.0 * RHYTHM_BIAS
    assert rhythm_bias(50.0, before) == pytest.approx((SURPLUS - 3.0) * RHYTHM_BIAS)
