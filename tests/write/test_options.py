"""The options of writing: declared once, seen by readers, recorded in the poem."""

import inspect
from dataclasses import fields, replace

import pytest

from quatrain.config import Sampling
from quatrain.errors import SettingsError
from quatrain.form import load
from quatrain.write import CharacterWriter, WriteOptions, Writer
from quatrain.write.option_checks import form_needed
from quatrain.write.options import SEARCH_NAMES

NAMES = [option.name for option in fields(WriteOptions) if option.init]


@pytest.mark.parametrize("method", ["write", "write_many", "begin", "revise"])
def test_every_method_shows_every_option(method: str) -> None:
    shown = inspect.signature(getattr(Writer, method)).parameters
    assert set(NAMES) <= set(shown)
    assert shown["seed"].default is None
    help_text = inspect.getdoc(getattr(Writer, method)) or ""
    for name in NAMES:
        assert f"    {name}: " in help_text, name


def test_an_object_and_keywords_write_the_same_poem(writer: CharacterWriter) -> None:
    options = WriteOptions(lines=3, seed=5, temperature=0.9)
    assert writer.write(options) == writer.write(lines=3, seed=5, temperature=0.9)
    assert writer.begin(options).poems == writer.write_many(1, options)


def test_without_a_seed_one_is_drawn_and_the_poem_says_which(writer: CharacterWriter) -> None:
    first, second = writer.write(lines=3), writer.write(lines=3)
    assert first.seed is not None
    assert first.seed != second.seed
    assert first == writer.write(lines=3, seed=first.seed)


def test_the_four_options_override_a_sampling() -> None:
    sampling = Sampling(temperature=0.5, top_k=7)
    options = WriteOptions(sampling=sampling, temperature=1)
    assert options.drawing == Sampling(temperature=1.0, top_k=7)
    assert replace(options, top_k=3).drawing == Sampling(temperature=1.0, top_k=3)


def test_a_poem_records_what_is_not_default() -> None:
    assert WriteOptions().provenance() == {"temperature": 0.8}
    options = WriteOptions(
        poems=3, seed=1, lines=14, form=load("sonnet"), strength=0, about="sea", avoid=["love"],
        fixed={2: "The lamp"}, may_copy=True, temperature=0, search="beam",
    )  # fmt: skip
    assert options.provenance() == {
        "temperature": 0.0, "lines": 14, "form": load("sonnet"), "strength": 0, "about": "sea",
        "avoid": ("love",), "fixed": {2: "The lamp"}, "may_copy": True, "search": "beam",
    }  # fmt: skip


def test_options_below_the_form_need_one() -> None:
    values = {
        "end": "a", "fixed": {1: "a"}, "rhyme": {"A": ["a"]}, "include": ["a"], "avoid": ["a"],
        "acrostic": "a", "about": "a", "strength": 0.0, "particles": 1, "search": SEARCH_NAMES[0],
        "may_copy": True, "metre": "iambic 4",
    }  # fmt: skip
    with_critic = {"critic", "critic_strength", "critic_prompt"}
    assert {*values, "guard", *with_critic} == set(NAMES[NAMES.index("form") + 1 :])
    for name, value in values.items():
        with pytest.raises(SettingsError) as caught:
            WriteOptions(**{name: value}).check_without_form()  # type: ignore[arg-type]
        assert str(caught.value) == str(form_needed(name))
