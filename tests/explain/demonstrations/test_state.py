"""Values of controls: what is taken, what is refused, and in which words."""

import pytest

from quatrain.errors import SettingsError
from quatrain.explain import demonstrate
from quatrain.explain.demonstrations.state import complete_state, grid_text, read_state
from quatrain.records import Choice, GridField, Slider, TextField

CONTROLS = (
    Slider("n", "image", "n", 1, 14, 1, 10),
    Slider("t", "temperature", "t", 0.1, 2.0, 0.05, 1.0),
    Choice("image", "image of", (("letter", "a letter"), ("own", "your own")), "letter"),
    TextField("text", "your text", "the tide is out", 20),
    GridField("drawing", "your image", 2, 3, 0, 9, ()),
)


def test_what_is_not_given_takes_its_first_value() -> None:
    state = complete_state(CONTROLS, {"n": 3, "t": 1})
    assert dict(state) == {
        "n": 3,
        "t": 1.0,
        "image": "letter",
        "text": "the tide is out",
        "drawing": (),
    }
    assert state.whole("n") == 3
    assert isinstance(state["t"], float)
    assert state.number("n") == 3.0
    assert state.text("image") == "letter"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("n", "12", "got '12'; expected a whole number from 1 to 14"),
        ("n", 15, "got 15; expected a whole number from 1 to 14"),
        ("n", 10**400, "expected a whole number from 1 to 14"),
        ("n", 2.5, "got 2.5; expected a whole number from 1 to 14"),
        ("n", True, "got True; expected a whole number"),
        ("n", None, "got None; expected a whole number"),
        ("n", float("nan"), "got nan; expected a whole number"),
        ("t", float("inf"), "got inf; expected a number from 0.1 to 2"),
        ("t", 0, "got 0; expected a number from 0.1 to 2"),
        ("image", "leter", "Did you mean 'letter'?"),
        ("image", 3, "got 3; expected one of letter, own"),
        ("text", "x" * 21, "a text of 21 characters; expected at most 20"),
        ("text", ["x"], "expected a text"),
        ("drawing", "0,1", "got '0,1'; expected rows of whole numbers from 0 to 9"),
        ("drawing", [[1], [2, 3]], "rows of 1 to 2 numbers; expected rows of equal length"),
        ("drawing", [[]], "expected rows of equal length"),
        ("drawing", [[1]] * 3, "3 rows of 1; expected at most 2 rows of 3"),
        ("drawing", [[10]], "got 10; expected rows of whole numbers from 0 to 9"),
        ("drawing", [[0.5]], "got 0.5"),
        ("drawing", [["<b>"]], "got '<b>'"),
        ("m", 1, "no control 'm' here; there are n, t, image, text, drawing"),
        ("imag", "own", "Did you mean 'image'?"),
    ],
)
def test_a_wrong_value_is_refused_with_the_numbers(name: str, value: object, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        complete_state(CONTROLS, {name: value})
    assert words in str(caught.value)
    assert len(str(caught.value)) < 400


def test_whole_floats_are_taken_where_json_makes_them() -> None:
    state = complete_state(CONTROLS, {"n": 3.0, "drawing": [[1.0, 2]]})
    assert state.whole("n") == 3
    assert state.grid("drawing") == ((1, 2),)


def test_values_are_read_from_the_text_of_an_address() -> None:
    texts = {"n": "12", "t": "0.5", "image": "own", "text": "7", "drawing": "1,2/3,4"}
    state = complete_state(CONTROLS, read_state(CONTROLS, texts))
    assert dict(state) == {
        "n": 12,
        "t": 0.5,
        "image": "own",
        "text": "7",
        "drawing": ((1, 2), (3, 4)),
    }
    assert grid_text(state.grid("drawing")) == "1,2/3,4"
    assert read_state(CONTROLS, {"drawing": ""}) == {"drawing": []}


@pytest.mark.parametrize("text", ["", "twelve", "1e999", "nan", "١٢", "9" * 5000, "0x10", "1_0"])
def test_an_address_with_nonsense_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"a whole number from 1 to 14"):
        complete_state(CONTROLS, read_state(CONTROLS, {"n": text}))


def test_an_unknown_topic_names_the_nearest() -> None:
    with pytest.raises(SettingsError, match="Did you mean 'convolution'"):
        demonstrate("convolutions")
    with pytest.raises(SettingsError, match="Choose one of them"):
        demonstrate("<script>")
