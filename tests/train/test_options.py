"""The options of a run: one record, shown in the signature of `quatrain.train`."""

import dataclasses
import inspect
from pathlib import Path
from typing import Any

import pytest

import quatrain
from quatrain.config import Split, Training, settings
from quatrain.errors import SettingsError
from quatrain.train.corpus_facts import BaseFacts, CorpusFacts
from quatrain.train.options import TrainOptions


def test_the_signature_shows_every_option_with_its_default() -> None:
    parameters = inspect.signature(quatrain.train).parameters
    assert list(parameters)[:2] == ["source", "out"]
    for field in dataclasses.fields(TrainOptions):
        assert parameters[field.name].kind is inspect.Parameter.KEYWORD_ONLY
        assert parameters[field.name].default == field.default


def test_an_unknown_option_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="Did you mean 'hidden'"):
        quatrain.train("anthology", tmp_path, hiden=3)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("trackers", "wandb", "got 'wandb'; expected a list of texts"),
        ("cleaning", True, "got True; expected a Cleaning"),
        ("base", 3, "got 3; expected a text or a Path"),
        ("reporter", "me", "got 'me'; expected a Reporter"),
        ("overwrite", 1, "got 1; expected true or false"),
    ],
)
def test_an_option_of_the_wrong_type_is_refused(name: str, value: Any, message: str) -> None:
    with pytest.raises(SettingsError, match=f"setting {name!r}: {message}"):
        TrainOptions(**{name: value})


def test_a_resumed_run_may_change_only_what_is_not_its_own() -> None:
    options = TrainOptions(hidden=9, split=Split(seed=2), resume=True, copy_index=False)
    assert options.changes() == {"hidden": 9, "split": Split(seed=2)}
    assert options.training() == Training(hidden=9)


def test_a_flag_replaces_what_it_contradicts() -> None:
    table = {"minutes": 5.0, "sequences": "windows", "stride": 4}
    kept = settings(Training, table, {"hidden": 9})
    assert (kept.minutes, kept.stride, kept.hidden) == (5.0, 4, 9)
    replaced = settings(Training, table, {"epochs": 2.0, "sequences": "streams"})
    assert (replaced.minutes, replaced.epochs, replaced.stride) == (None, 2.0, None)


def test_the_facts_of_a_corpus_come_back() -> None:
    base = BaseFacts("verse", None, {"model.safetensors": {"bytes": 3}})
    facts = CorpusFacts(name="rain", poems=3, split=Split(seed=4), licence="", base=base)
    assert set(facts.facts()) == {"name", "poems", "split", "licence", "base"}
    assert CorpusFacts.from_facts(facts.facts()) == facts
