"""Demonstrations as JSON and LaTeX: plain, marked, and safe whatever is in a text."""

import json
import math
import re
from dataclasses import replace
from typing import NoReturn

import pytest

from quatrain.explain import demonstrate
from quatrain.explain.arithmetic.expression import Symbol, floor
from quatrain.explain.demonstrations.topics import MODULES
from quatrain.page.demonstration import as_data, as_json, as_latex
from quatrain.records import (
    Chart,
    Demonstration,
    Formula,
    GridField,
    Note,
    Section,
    Slider,
    TextField,
)


def shown(*parts: Formula | Note, **fields: object) -> Demonstration:
    demonstration = Demonstration(
        topic="tides",
        title="Tides",
        lead="Water comes. Water goes.",
        controls=(
            Slider("n", "size", "n", 1, 3, 1, 2),
            TextField("text", "your text", "low tide", 20),
            GridField("drawing", "your image", 2, 2, 0, 9, ()),
        ),
        state={"n": 2, "text": "low tide", "drawing": ((1, 2), (3, 4))},
        problem="",
        data={"rows": ((1, 2.5), (None, True))},
        sections=(Section("Size", parts),) if parts else (),
        python="import quatrain\n",
        exercise=("convolution", 1),
        summary="Two rows.",
    )
    return replace(demonstration, **fields)


def test_the_json_is_the_record_with_html_in_place_of_parts() -> None:
    data = json.loads(as_json(shown(Note("Low & high."))))
    assert data["controls"] == [
        {
            "kind": "slider",
            "name": "n",
            "label": "size",
            "symbol": "n",
            "low": 1,
            "high": 3,
            "step": 1,
            "value": 2,
        },
        {"kind": "text", "name": "text", "label": "your text", "value": "low tide", "longest": 20},
        {
            "kind": "grid",
            "name": "drawing",
            "label": "your image",
            "rows": 2,
            "columns": 2,
            "low": 0,
            "high": 9,
            "value": [],
        },
    ]
    assert data["state"] == {"n": 2, "text": "low tide", "drawing": [[1, 2], [3, 4]]}
    assert data["data"] == {"rows": [[1, 2.5], [None, True]]}
    assert data["exercise"] == ["convolution", 1]
    assert data["sections"][0]["title"] == "Size"
    assert "<p>Low &amp; high.</p>" in data["sections"][0]["html"]


def test_what_is_no_number_is_null() -> None:
    data = {"curve": [math.nan, math.inf, -math.inf, 1e300]}
    assert as_data(shown(data=data))["data"] == {"curve": [None, None, None, 1e300]}
    assert "NaN" not in as_json(shown(data=data))


def test_data_of_another_kind_is_a_bug_that_is_found() -> None:
    with pytest.raises(TypeError, match="set is no plain data"):
        as_json(shown(data={"seen": {1, 2}}))


def test_hostile_text_is_escaped() -> None:
    hostile = '<img src=x onerror="alert(1)"></script>'
    html = as_data(shown(Note(hostile)))["sections"]
    assert "<img" not in str(html)
    assert "&lt;img" in str(html)


def test_a_letter_and_its_number_have_the_same_class() -> None:
    pytest.importorskip("latex2mathml")
    n, s = Symbol("n", 10, "n"), Symbol("s", 10, "s")
    formula = (floor((n + 2) / s) + 1 + n).formula("out")
    html = str(as_data(shown(formula))["sections"])
    assert re.findall(r'<(\w+) class="(v-\w)">(\w+)<', html) == [
        ("mi", "v-n", "n"),
        ("mi", "v-s", "s"),
        ("mi", "v-n", "n"),
        ("mn", "v-n", "10"),
        ("mn", "v-s", "10"),
        ("mn", "v-n", "10"),
    ]
    negative = (Symbol("n", -3, "n") - Symbol("s", -2, "s")).formula("out")
    assert "v-n" not in str(as_data(shown(negative))["sections"])


def test_latex_has_the_summary_and_each_section() -> None:
    latex = as_latex(demonstrate("convolution", n=12))
    for text in ("A 3 by 3 kernel", r"\textbf{Shape of the output}", r"\left\lfloor"):
        assert text in latex


@pytest.mark.parametrize("topic", MODULES)
def test_no_picture_is_drawn_for_a_page_that_draws_one_itself(
    topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise AssertionError("a picture was drawn")

    monkeypatch.setattr("quatrain.page.explanation_html.image", refuse)
    sections = as_data(demonstrate(topic))["sections"]
    assert "<img" not in json.dumps(sections)


def test_pictures_are_left_to_the_page() -> None:
    chart = Chart("rise", "The tide rises", "hours", "metres", (0.0, 1.0), {"tide": (0.5, 0.7)})
    demonstration = shown(Note("High water."))
    demonstration = replace(demonstration, sections=(Section("Tide", (chart, Note("Low."))),))
    assert as_data(demonstration)["sections"] == [
        {"title": "Tide", "html": '<div class="explained"><p>Low.</p></div>'}
    ]
    assert "Picture" not in as_latex(demonstration)
