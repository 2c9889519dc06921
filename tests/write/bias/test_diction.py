"""Diction: archaic words are left out in every form and search, unless they are given."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import quatrain
from quatrain.errors import FormError, PoetError, SettingsError
from quatrain.form import check, names, parse
from quatrain.poet import Poet, WordVocabulary, bundled, bundled_words, tokens
from quatrain.poet.network import WordSize
from quatrain.records import Poem
from quatrain.write import WordWriter, Writer, archaic_rate
from quatrain.write.bias import Diction, archaic_tokens
from quatrain.write.free.adjacency import AdjacencyRules

BOTH = pytest.mark.parametrize("backwards", [False, True], ids=["forward", "reversed"])


@cache
def stranger(backwards: bool) -> WordWriter:
    """A poet with the shipped words and weights drawn at random, which loves no word of today."""
    return at_random(bundled_words(), backwards=backwards)


def at_random(
    vocabulary: WordVocabulary, *, backwards: bool, config: dict[str, object] | None = None,
    words: Iterable[str] = (),
) -> WordWriter:  # fmt: skip
    generator = np.random.default_rng(5)
    size = WordSize(vocabulary.size, vocabulary.letters, 4, 2, 3, 1, 8, 1, 6)
    tensors = {
        name: generator.normal(0, 0.7, shape).astype(np.float32)
        for name, shape in size.shapes.items()
    }
    archaic = Diction.of("modern", vocabulary).archaic
    tensors["output.bias"][archaic] += 4.0
    for sign in ("'d", "‘"):
        if sign in vocabulary.numbers:
            tensors["output.bias"][vocabulary.numbers[sign]] += 4.0
    return WordWriter(
        tensors, vocabulary, backwards=backwards, config=config, words=words, name="stranger"
    )


def few(known: Iterable[str], **options: Any) -> WordWriter:
    counts = {word: 90 - place for place, word in enumerate(known)}
    return at_random(WordVocabulary.from_counts(counts), backwards=True, **options)


def unwanted(poem: Poem) -> set[str]:
    """Return the tokens of a poem that modern diction leaves out, ambiguous words included."""
    vocabulary = bundled_words()
    left_out = Diction.of("modern", vocabulary).archaic
    lines = [tokens.line_tokens(line.text) for line in poem.lines]
    return {token for line in lines for token in line if left_out[vocabulary.numbers[token]]} | {
        token for line in lines for token in archaic_tokens(line)
    }


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize("form", names())
def test_no_archaic_word_comes_in_any_form_whatever_the_weights(form: str, backwards: bool) -> None:
    poet = stranger(backwards)
    for poem in poet.write_many(2, form=form, seed=3, particles=4, diction="modern"):
        assert unwanted(poem) == set()
        assert check(poem, form).kept


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize("search", ["particles", "beam"])
def test_no_archaic_word_comes_over_many_seeds_in_either_search(
    search: str, backwards: bool
) -> None:
    poet = stranger(backwards)
    poems = poet.write_many(
        12, form="ballad", seed=40, particles=4, search=search, diction="modern", contrast=0.5
    )
    assert set().union(*map(unwanted, poems)) == set()
    assert archaic_rate(poet.write_many(4, form="ballad", seed=40, particles=4)) > 100


@BOTH
def test_no_archaic_word_comes_without_a_form(backwards: bool) -> None:
    poet = stranger(backwards)
    poems = poet.write_many(6, lines=8, seed=1, diction="modern")
    assert set().union(*map(unwanted, poems)) == set()
    assert archaic_rate(poet.write_many(3, lines=8, seed=1)) > 100


@pytest.mark.slow
def test_a_character_level_poet_leaves_them_out_in_a_form() -> None:
    poet = quatrain.load("letters")
    assert poet.diction == "modern"
    for poem in poet.write_many(3, form="limerick", seed=5):
        assert unwanted(poem) == set()
        assert poem.settings["diction"] == "modern"


def test_without_a_form_a_character_level_poet_says_that_it_cannot() -> None:
    poet = quatrain.load("letters")
    with pytest.raises(SettingsError, match=r"letter by letter.*Give a form, or take a word-level"):
        poet.write(lines=2, diction="modern")
    assert "diction" not in poet.write(lines=2, seed=1).settings


def test_shipped_poets_name_their_diction() -> None:
    dictions = {name: Poet.load(path).diction for name, path in bundled().items()}
    assert dictions == {"letters": "modern", "sonnets": "any", "verse": "modern"}


# Which diction a poet takes


def test_a_poet_trained_from_nothing_writes_as_its_texts_do() -> None:
    poet = few(["thou", "art", "late"])
    assert (poet.diction, poet.is_adapted) == ("any", False)
    assert "diction" not in poet.write(lines=1, seed=1).settings


def test_words_of_the_texts_that_a_poet_was_adapted_to_are_never_archaic_for_it() -> None:
    config = {"corpus": {"base": {"poet": "verse"}}}
    poet = few(["thy", "lamp", "ere", "thou", "day"], config=config, words=["thy", "lamp", "day"])
    assert (poet.diction, poet.is_adapted) == ("modern", True)
    text = " ".join(poem.text.lower() for poem in poet.write_many(20, lines=4, seed=1))
    assert "thy" in text.split()
    assert not {"ere", "thou"} & set(text.split())


def test_an_adapted_poet_whose_texts_have_past_tenses_in_d_keeps_them() -> None:
    vocabulary = bundled_words()
    assert Diction.of("modern", vocabulary, {"lov"}).past_d
    assert Diction.of("modern", vocabulary, {"'d"}).past_d
    assert not Diction.of("modern", vocabulary, {"love", "walked"}).past_d


def test_lines_with_archaic_words_go_on_in_any_diction(verse: Writer) -> None:
    for demands in (
        {"start": "O thou"},
        {"fixed": {2: "and thou hast said that to me"}},
        {"end": "o'er."},
    ):
        assert "diction" not in verse.begin(form="haiku", **demands).settings
    for demands in ({}, {"start": "The lamp"}, {"include": ["thou"]}):
        assert verse.begin(form="haiku", **demands).settings["diction"] == "modern"


def test_an_unknown_diction_is_refused_wherever_it_stands() -> None:
    with pytest.raises(SettingsError, match=r"'diction'.*'modern' or 'any' or 'archaic'"):
        quatrain.write.WriteOptions(diction="old")


# Words that are given


@pytest.mark.slow
def test_words_that_you_give_come_in_modern_diction(verse: Writer) -> None:
    poem = verse.write(
        form="sonnet", seed=2, diction="modern", start="Lo, the", include=["yonder", "hath"],
        rhyme={"B": ["thee", "be"]}, end="o'er the door.", particles=4,
    )  # fmt: skip
    assert unwanted(poem) == {"lo", "yonder", "hath", "thee", "o'er"}


def test_a_start_in_d_may_be_given(verse: Writer) -> None:
    poem = verse.write(form="haiku", seed=2, diction="modern", start="He lov'd", particles=4)
    assert poem.text.startswith("He lov'd")


# Errors, and what the words are worth


def test_an_error_says_when_only_archaic_words_would_do() -> None:
    poet = few(["lamp", "kettle", "thee", "me", "a", "red"])
    form = parse('stanzas = ["AA"]\nsyllables = [3]\n', "two", "here")
    assert poet.write(form=form, diction="any", seed=1).form
    with pytest.raises(FormError, match=r"Archaic words would make it possible.*diction='any'"):
        poet.write(form=form, diction="modern", seed=1)


def test_an_error_while_writing_says_that_archaic_words_were_left_out() -> None:
    poet = few(["lamp", "damp", "kettle", "thee", "ye", "a", "red"])
    form = parse('stanzas = ["ABAB"]\nsyllables = [3]\n', "four", "here")
    with pytest.raises(FormError, match=r"No line \d .*Archaic words were left out; diction='any'"):
        poet.write(form=form, diction="modern", seed=1, particles=1)


def test_other_errors_do_not_speak_of_diction() -> None:
    poet = few(["lamp", "kettle", "thou"])
    with pytest.raises(FormError) as caught:
        poet.write(form="sonnet", diction="modern", seed=1)
    assert "rchaic" not in str(caught.value)


def test_archaic_diction_prefers_archaic_words(verse: Writer) -> None:
    rates = {
        diction: archaic_rate(verse.write_many(4, lines=8, seed=1, diction=diction))
        for diction in ("modern", "any", "archaic")
    }
    assert rates["modern"] == 0.0
    assert rates["any"] < rates["archaic"]


def test_in_modern_diction_d_follows_pronouns_only() -> None:
    vocabulary = bundled_words()
    rules = AdjacencyRules(vocabulary, backwards=False, diction=Diction.of("modern", vocabulary))
    number = vocabulary.numbers
    for word, fits in (("he", True), ("they", True), ("walk", False), ("moon", False)):
        assert bool(rules.allowed([number[word]])[number["'d"]]) is fits


def test_in_modern_diction_no_d_is_drawn_before_its_word() -> None:
    """It would force a pronoun: five *I'd* or *you'd* in 1,000 words of free verse, not 0.04."""
    vocabulary = bundled_words()
    modern = AdjacencyRules(vocabulary, backwards=True, diction=Diction.of("modern", vocabulary))
    plain = AdjacencyRules(vocabulary, backwards=True)
    d = vocabulary.numbers["'d"]
    assert (plain.allowed([])[d], modern.allowed([])[d]) == (True, False)


def test_archaic_phrases_of_modern_words_are_left_out() -> None:
    vocabulary = bundled_words()
    modern, spared = Diction.of("modern", vocabulary), {"mine", "to", "-", "day"}
    archaic = ("To-day the lamp is low", "I lift mine eyes", "an hundred lamps", "mine own door")
    today = ("The door is mine again", "mine is low", "mine, all mine", "mine and yours", "a day")
    for line in map(tokens.line_tokens, (*archaic, *today)):
        assert modern.has_phrase(line) is (line in map(tokens.line_tokens, archaic))
        assert not Diction.of("any", vocabulary).has_phrase(line)
    for text in ("To-day the lamp is low", "I lift mine eyes"):
        assert not Diction.of("modern", vocabulary, spared).has_phrase(tokens.line_tokens(text))


# Revision of a word


def test_no_archaic_word_replaces_one_of_a_poem_of_today(verse: Writer) -> None:
    poem = Poem.from_lines(["The lamp is low and cold,", "the window takes the winter rain."])
    options = verse.alternatives(poem, 1, "low", form="free-verse", count=40)
    assert not [option.word for option in options if archaic_tokens([option.word.lower()])]


def test_a_damaged_diction_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(bundled()["letters"], tmp_path / "poet")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "diction": "old"}))
    with pytest.raises(PoetError, match="the diction 'old'"):
        quatrain.load(folder)
