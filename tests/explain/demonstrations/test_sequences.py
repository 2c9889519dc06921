"""The experiment with sequences, held against loops over every place of the text."""

from itertools import product

import numpy as np
import pytest

from quatrain.explain import demonstrate
from quatrain.explain import streams as explain_streams
from quatrain.explain import windows as explain_windows
from quatrain.records import Demonstration, Note, Poem

TEXT = "The tide goes out,\nand no one says a word."
SIZE = len(TEXT) + 3  # START, the last line break, END


def numbers(demonstration: Demonstration, name: str) -> list[int]:
    found = demonstration.data[name]
    assert isinstance(found, list)
    return found


def state_note(demonstration: Demonstration) -> str:
    section = next(s for s in demonstration.sections if s.title == "What is carried on")
    [note] = section.parts
    assert isinstance(note, Note)
    return note.text


@pytest.mark.parametrize(("length", "stride"), list(product((1, 7, 20, SIZE - 1), (1, 3, 9, 30))))
def test_windows_begin_at_every_stride_that_leaves_a_target(length: int, stride: int) -> None:
    shown = demonstrate("sequences", text=TEXT, n=length, s=stride)
    starts = [start for start in range(0, SIZE, stride) if start + length + 1 <= SIZE]
    assert numbers(shown, "starts") == starts
    times = [sum(start <= place < start + length for start in starts) for place in range(SIZE)]
    assert numbers(shown, "times") == times
    assert shown.data["never"] == times.count(0)
    explanation = explain_windows(Poem.from_text(TEXT), length=length, stride=stride, lanes=3)
    assert explanation["windows"] == len(starts)
    assert str(explanation.formulas["windows"]) in str(shown)


@pytest.mark.parametrize(("length", "lanes"), list(product((1, 4, 10, SIZE - 1), (1, 2, 3, 16))))
def test_streams_cut_the_text_into_lanes_and_lanes_into_steps(length: int, lanes: int) -> None:
    shown = demonstrate("sequences", text=TEXT, kind="streams", n=length, l=lanes)
    most = min(lanes, (SIZE - 1) // length)
    lane = (SIZE - 1) // most
    steps = lane // length
    starts = [at * lane + step * length for at in range(most) for step in range(steps)]
    assert numbers(shown, "starts") == starts
    assert (shown.data["lanes"], shown.data["steps"]) == (most, steps)
    assert max(numbers(shown, "times")) == 1
    explanation = explain_streams(Poem.from_text(TEXT), length=length, lanes=lanes)
    assert explanation["left over"] == shown.data["never"]


def test_the_signs_are_the_text_with_its_ends() -> None:
    shown = demonstrate("sequences", text=TEXT)
    signs = shown.data["signs"]
    assert isinstance(signs, list)
    assert "".join(map(str, signs)) == f"⊢{TEXT.replace(' ', '␣')}\n⊣".replace("\n", "↵")


def test_every_sequence_fits_and_has_a_target() -> None:
    for kind, length, stride, lanes in product(("windows", "streams"), (3, 11), (2, 12), (2, 5)):
        shown = demonstrate("sequences", text=TEXT, kind=kind, n=length, s=stride, l=lanes)
        assert max(numbers(shown, "starts")) + length < SIZE
        never = int((np.array(numbers(shown, "times")) == 0).sum())
        assert f"{never} of the text's {SIZE} numbers" in shown.summary


def test_what_is_carried_on_is_nothing_for_windows_and_the_state_for_streams() -> None:
    assert state_note(demonstrate("sequences", text=TEXT)).startswith("Nothing. Every window")
    shown = demonstrate("sequences", text=TEXT, kind="streams", n=5, l=2)
    assert "carried on 3 times" in state_note(shown)
    shown = demonstrate("sequences", text=TEXT, kind="streams", n=20, l=2)
    assert "only one step" in state_note(shown)


@pytest.mark.parametrize("text", ["", " \n "])
def test_an_empty_text_is_said(text: str) -> None:
    shown = demonstrate("sequences", text=text)
    assert shown.problem == "The text is empty. Write a line."
    assert shown.sections == ()


@pytest.mark.parametrize("kind", ["windows", "streams"])
def test_a_text_that_is_too_short_is_said_with_its_numbers(kind: str) -> None:
    shown = demonstrate("sequences", text="a", kind=kind)
    assert "need 11 numbers, and this text has 4: 1 character, 1 line break" in shown.problem
    assert shown.problem.endswith("a length of at most 3.")
    assert shown.data["signs"] == ["⊢", "a", "↵", "⊣"]
    assert demonstrate("sequences", text="a", kind=kind, n=3, l=1).problem == ""


def test_names_of_files_are_texts() -> None:
    shown = demonstrate("sequences", text="anthology")
    assert len(numbers(shown, "numbers")) == len("anthology") + 3
