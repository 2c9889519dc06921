"""What every topic promises, at its first state, at the ends of its sliders and anywhere else."""

import contextlib
import json
import math
import random
import types
from collections.abc import Iterator

import pytest

from quatrain.errors import SettingsError
from quatrain.explain import demonstrate
from quatrain.explain.demonstrations.topics import MODULES, find_topic, list_topics
from quatrain.explain.exercises.topics import TOPICS as EXERCISES
from quatrain.records import Choice, Control, Demonstration, GridField, Picture, Slider, TextField

OPEN_POETS = {"line", "temperature"}
"""Topics that open poets, which takes seconds."""
TOPICS = [
    pytest.param(topic, marks=pytest.mark.slow) if topic in OPEN_POETS else topic
    for topic in MODULES
]
MOST_COMBINATIONS = 3100
HOSTILE = (
    "",
    " ",
    "</script><b>x",
    "\x00\x1b[31m",
    "\u202e\ud800",
    "é" * 40,
    "a\nb\n\nc",
    "0" * 60,
)


def check(demonstration: Demonstration) -> None:
    """Assert what holds of every demonstration."""
    assert demonstration.title
    assert demonstration.summary.endswith(".")
    assert demonstration.problem == "" or demonstration.problem.endswith((".", "?"))
    assert set(demonstration.state) == {control.name for control in demonstration.controls}
    topic, level = demonstration.exercise
    assert topic in EXERCISES
    assert level in (1, 2, 3)
    assert demonstration.problem or demonstration.sections
    assert all(section.parts for section in demonstration.sections)
    parts = [part for section in demonstration.sections for part in section.parts]
    assert not any(isinstance(part, Picture) for part in parts), "the page draws; a picture is slow"
    json.dumps(demonstration.data)
    compile(demonstration.python, "snippet", "exec")


def ends(topic: str) -> Iterator[dict[str, object]]:
    controls = find_topic(topic).controls
    yield {}
    for control in controls:
        match control:
            case Slider():
                yield {control.name: control.low}
                yield {control.name: control.high}
            case Choice():
                yield from ({control.name: option} for option, _ in control.options)
            case TextField():
                yield from ({control.name: text[: control.longest]} for text in HOSTILE)
            case GridField():
                full = [[control.low] * control.columns] * control.rows
                yield {control.name: full}
                yield {control.name: [[control.high]]}
    sliders = [control for control in controls if isinstance(control, Slider)]
    yield {slider.name: slider.low for slider in sliders}
    yield {slider.name: slider.high for slider in sliders}


def draw_value(draw: random.Random, control: Control) -> object:
    match control:
        case Slider():
            steps = math.floor((control.high - control.low) / control.step + 1e-9)
            value = control.low + draw.randint(0, steps) * control.step
            return value if isinstance(value, int) else min(round(value, 9), control.high)
        case Choice():
            return draw.choice(control.options)[0]
        case TextField():
            letters = "abc xyz,.\n\té\u0301\U0001f600<&"
            text = "".join(draw.choices(letters, k=draw.randint(0, 60)))
            return draw.choice((control.value, text))[: control.longest]
        case GridField():
            rows, columns = draw.randint(1, control.rows), draw.randint(1, control.columns)
            return [
                [draw.randint(control.low, control.high) for _ in range(columns)]
                for _ in range(rows)
            ]


@pytest.mark.parametrize("topic", TOPICS)
def test_the_ends_of_every_control_are_shown(topic: str) -> None:
    for state in ends(topic):
        if any(isinstance(value, str) for value in state.values()):
            with contextlib.suppress(SettingsError):
                check(demonstrate(topic, **state))
        else:
            check(demonstrate(topic, **state))


@pytest.mark.slow
@pytest.mark.parametrize("topic", TOPICS)
def test_no_state_raises_anything_but_a_settings_error(topic: str) -> None:
    draw = random.Random(f"states of {topic}")
    controls = find_topic(topic).controls
    for _ in range(150):
        state = {control.name: draw_value(draw, control) for control in controls}
        try:
            check(demonstrate(topic, **state))
        except SettingsError:
            assert any(isinstance(control, TextField) for control in controls), state


@pytest.mark.parametrize("topic", TOPICS)
def test_the_grid_of_a_static_page_is_made_of_allowed_states(topic: str) -> None:
    subject = find_topic(topic)
    controls = {control.name: control for control in subject.controls}
    assert 1 <= math.prod(map(len, subject.grid.values())) <= MOST_COMBINATIONS
    for name, values in subject.grid.items():
        assert len(set(values)) == len(values)
        assert controls[name].value in values, "the first value must be on the page"
        for value in values:
            check(demonstrate(topic, **{name: value}))


def test_the_list_names_every_topic_once() -> None:
    assert [topic.name for topic in list_topics()] == list(MODULES)
    assert len({topic.title for topic in list_topics()}) == len(MODULES)
    for topic in list_topics():
        names = [control.name for control in topic.controls]
        assert len(set(names)) == len(names)
        assert topic.lead.endswith(".")


@pytest.mark.slow
@pytest.mark.parametrize("topic", TOPICS)
def test_the_python_lines_run_and_print(topic: str, capsys: pytest.CaptureFixture[str]) -> None:
    draw = random.Random(f"snippets of {topic}")
    controls = find_topic(topic).controls
    states: list[dict[str, object]] = [{}]
    states += [{control.name: draw_value(draw, control) for control in controls} for _ in range(4)]
    for state in states:
        try:
            shown = demonstrate(topic, **state)
        except SettingsError:
            continue
        if shown.problem:
            continue
        module = types.ModuleType("snippet")
        exec(compile(shown.python, "snippet", "exec"), module.__dict__)  # noqa: S102  our own lines
        assert capsys.readouterr().out.strip()
