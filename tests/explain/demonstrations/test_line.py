"""The experiment in which a poet reads a line: its data, its sentences, the cases with nothing."""

import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from quatrain.explain import demonstrate
from quatrain.explain.demonstrations.line import CONTROLS
from quatrain.poet import CharacterPoet
from quatrain.records import Demonstration, Formula, Slider

pytestmark = pytest.mark.slow  # they open shipped poets


def formulas(demonstration: Demonstration) -> Mapping[str, Formula]:
    return {
        part.name: part
        for section in demonstration.sections
        for part in section.parts
        if isinstance(part, Formula)
    }


def rows(demonstration: Demonstration, name: str) -> list[Mapping[str, Any]]:
    found = demonstration.data[name]
    assert isinstance(found, list)
    return found


def test_bits_add_up_to_the_score_of_the_poet() -> None:
    text = "The river keeps the colour of the rain."
    shown = demonstrate("line", text=text)
    poet = CharacterPoet.load("letters")
    ids = np.append(poet.vocabulary.START, poet.vocabulary.encode(text)).astype(int)
    bits = poet.surprisals([ids])[0].astype(float) / math.log(2)
    assert np.allclose([symbol["bits"] for symbol in rows(shown, "symbols")], bits, atol=2e-3)
    assert math.isclose(float(shown.data["bits"]), bits.sum(), abs_tol=1e-2)  # type: ignore[arg-type]
    value = formulas(shown)["per letter"].value
    assert isinstance(value, float)
    assert math.isclose(value, bits.mean(), abs_tol=1e-3)
    assert "39 letters" in shown.summary


def test_a_word_out_of_place_costs_more_bits_than_the_word_that_fits() -> None:
    plain, odd = (
        demonstrate("line", poet="verse", text=f"The lamp went out, and all the house was {word}.")
        for word in ("still", "tax")
    )
    bits = [
        {symbol["sign"]: symbol["bits"] for symbol in rows(shown, "symbols")}
        for shown in (plain, odd)
    ]
    assert bits[1]["tax"] > bits[0]["still"] + 2


def test_the_chosen_cell_is_drawn_below_the_liveliest_unless_it_is_one() -> None:
    shown = demonstrate("line")
    numbers = [cell["number"] for cell in rows(shown, "cells")]
    assert numbers[-1] == 0
    among = demonstrate("line", cell=numbers[2])
    assert [cell["number"] for cell in rows(among, "cells")] == numbers[:-1]
    count = len(rows(shown, "symbols"))
    for cell in rows(shown, "cells"):
        for name in ("input", "forget", "output", "candidate", "cell", "hidden"):
            assert len(cell[name]) == count
        product = np.array(cell["output"]) * np.array(cell["cell"])  # h = o tanh(c)
        assert np.allclose(product, cell["hidden"], atol=2e-3)


def test_a_cell_that_a_poet_lacks_is_said_and_the_rest_is_shown() -> None:
    [slider] = [control for control in CONTROLS if isinstance(control, Slider)]
    assert demonstrate("line", cell=int(slider.high)).problem == ""
    shown = demonstrate("line", poet="verse", cell=int(slider.high))
    assert "800 cells, from 0 to 799; there is no cell 895" in shown.problem
    assert rows(shown, "symbols")


def test_letters_that_the_poet_lacks_are_said() -> None:
    shown = demonstrate("line", text="na\u00efve \u2603")
    assert re.search(r"It doesn't know .*\u2603", str(shown))
    assert not rows(shown, "symbols")[-1]["known"]


@pytest.mark.parametrize("text", ["", "   "])
@pytest.mark.parametrize("poet", ["letters", "sonnets"])
def test_a_text_with_nothing_to_read_is_a_problem(text: str, poet: str) -> None:
    shown = demonstrate("line", text=text, poet=poet)
    assert shown.problem == "There is nothing to read. Write a line."
    assert rows(shown, "symbols") == []
    assert rows(shown, "lines")


def test_one_character_is_read() -> None:
    assert "1 letter with" in demonstrate("line", text="O").summary
