"""Two texts side by side: every line of both is there, in order, and what is alike is paired."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.studio.drafts.comparing import Row, compared

LINES = st.lists(
    st.sampled_from(["ash", "ash tree", "brook", "the cold brook", "dusk"]), max_size=9
)


def sides(rows: list[Row]) -> tuple[list[str], list[str]]:
    before = [row.before for row in rows if row.before is not None]
    return before, [row.after for row in rows if row.after is not None]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(before=LINES, after=LINES)
def test_both_texts_can_be_read_from_the_rows(before: list[str], after: list[str]) -> None:
    rows = compared(before, after)
    assert sides(rows) == (before, after)
    for row in rows:
        assert (row.change == "same") is (row.before == row.after)
        assert (row.change == "added") is (row.before is None)
        assert (row.change == "removed") is (row.after is None)
        old = "".join(word.text for word in row.words if word.change != "added")
        new = "".join(word.text for word in row.words if word.change != "removed")
        assert row.change != "changed" or (old, new) == (row.before, row.after)


def test_a_line_between_others_is_found_beside_the_one_it_became() -> None:
    before = ["The gate was open.", "A dog ran by.", "Nobody came."]
    after = ["A wind got up.", "The gate was closed.", "Nobody came.", "Snow fell."]
    assert [(row.change, row.before, row.after) for row in compared(before, after)] == [
        ("added", None, "A wind got up."),
        ("changed", "The gate was open.", "The gate was closed."),
        ("removed", "A dog ran by.", None),
        ("same", "Nobody came.", "Nobody came."),
        ("added", None, "Snow fell."),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("copies", [1, 2, 10_000])
def test_the_longest_poems_are_compared(copies: int) -> None:
    """In seconds; `difflib` alone takes minutes."""
    draw = random.Random(0)
    before = [f"line {number % (10_000 // copies)} of the ballad" for number in range(10_000)]
    after = [f"{line} changed" if draw.random() < 0.3 else line for line in before]
    rows = compared(before, after)
    assert sides(rows) == (before, after)
