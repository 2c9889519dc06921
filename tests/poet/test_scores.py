"""One definition of a score: in training, on disk, in a list of poets, and in an evaluation."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

import quatrain
from quatrain.config import Cleaning
from quatrain.corpus import PreparedWords
from quatrain.corpus.spelling import Speller
from quatrain.page import evaluation
from quatrain.page.notebook import as_html
from quatrain.poet import Poet, compare
from quatrain.poet.registry import list_poets
from quatrain.records import Comparison, Score

TINY: dict[str, Any] = {
    "kind": "words", "hidden": 16, "embedding": 6, "filters": 2, "widths": 3, "projection": 12,
    "layers": 1, "batch": 2, "length": 8, "epochs": 2.0, "validations": 2, "threads": 1,
    "patience": 0, "learning_rate": 0.02,
}  # fmt: skip

RARE = ("quillwort", "marram", "dulse", "samphire", "sandwort", "eyebright", "thrift", "orache")


@pytest.fixture(scope="module")
def verse_with_rare_words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Poems that each have a word of their own, so that unseen poems have unknown words."""
    path = tmp_path_factory.mktemp("shore") / "shore.txt"
    poems = [
        f"The {rare} grows beside the wall\nand {rare} listens to the tide\n"
        f"the tide goes out beyond the wall\nand takes the {number} boats outside"
        for number in ("seven", "eight", "nine")
        for rare in RARE
    ]
    order = np.random.default_rng(1).permutation(len(poems)).tolist()
    path.write_text("\n\n\n".join(poems[k] for k in order) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def poet(verse_with_rare_words: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("poets") / "shore"
    quatrain.train(verse_with_rare_words, folder, **TINY, vocabulary=12)
    return folder


@pytest.mark.slow
def test_every_place_gives_the_same_score(poet: Path, verse_with_rare_words: Path) -> None:
    evaluated = compare(str(poet), verse_with_rare_words)
    score = next(iter(evaluated.scores.values()))
    assert score.spelling_nats > 0
    bits = pytest.approx(score.bits_per_character, abs=1e-4)
    config = json.loads((poet / "config.json").read_text())
    assert config["validation"]["bits_per_character"] == bits
    rows = [json.loads(line) for line in (poet / "metrics.jsonl").read_text().splitlines()]
    assert next(row for row in reversed(rows) if row["best"])["bits_per_character"] == bits
    listed = next(summary for summary in list_poets(poet.parent) if summary.name == str(poet))
    assert listed.bits_per_character == bits
    assert config["validation"]["perplexity_per_word"] == pytest.approx(
        score.perplexity_per_word, rel=1e-3
    )
    assert f"| bits per character | {score.bits_per_character:.4g} |" in (
        poet / "README.md"
    ).read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_letter_too_rare_for_the_alphabet_is_no_exception(tmp_path: Path) -> None:
    path = tmp_path / "strange.txt"
    names = (
        "\u0153uvre",
        "na\u00efvet\u00e9",
        "\u00c6r\u00f8",
        "\u03a9mega",
        "sm\u00f6rg\u00e5s",
        "fa\u00e7ade",
    )
    poems = [
        f"The {name} stands beside the {place}\nand {name} waits for {what}\n\n"
        f"the {place} is dark and {what} is late\nand nobody has come to {name}"
        for place, what in (("pier", "rain"), ("mill", "snow"), ("gate", "May"), ("well", "us"))
        for name in names
    ]
    path.write_text("\n\n\n".join(poems) + "\n", encoding="utf-8")
    settings = Cleaning(drop_duplicates=False)
    poet = tmp_path / "poet"
    quatrain.train(path, poet, cleaning=settings, **TINY, vocabulary=15)
    score = next(iter(compare(str(poet), path).scores.values()))
    words = PreparedWords.open(poet / "training" / "data")
    assert words.spelling_nats(words.validation) == pytest.approx(score.spelling_nats)
    config = json.loads((poet / "config.json").read_text())
    assert config["validation"]["bits_per_character"] == pytest.approx(
        score.bits_per_character, abs=1e-4
    )


@pytest.mark.slow
def test_the_letters_are_those_of_the_unknown_words(poet: Path) -> None:
    words = PreparedWords.open(poet / "training" / "data")
    speller = Speller(words.vocabulary.words)
    known = Poet.load(poet).vocabulary.numbers
    text = "the dulse is in the boats"
    expected = sum(speller.nats(word) for word in text.split() if word not in known)
    assert Poet.load(poet).evaluate(text).spelling_nats == pytest.approx(expected)


@pytest.mark.slow
def test_training_and_validation_are_charged_alike(poet: Path) -> None:
    # The last row's training loss has the letters too: else every poet would seem to overfit.
    words = PreparedWords.open(poet / "training" / "data")
    letters = words.spelling_nats(words.training) / words.characters(words.training)
    rows = [json.loads(line) for line in (poet / "metrics.jsonl").read_text().splitlines()]
    assert all(row["training_nats"] > letters for row in rows)
    assert letters > 0.1
    assert rows[-1]["training_nats"] == pytest.approx(rows[-1]["nats_per_character"], abs=1.0)


def words_and_characters() -> Comparison:
    return Comparison(
        "shore.txt",
        "shore",
        {
            "shore (LSTM)": Score(120.0, 100, 3, 2, words=24, spelling_nats=24.0),
            "unigram": Score(300.0, 100, 0, 2),
        },
        (),
    )


def shown(comparison: Comparison) -> str:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(evaluation.as_text(comparison))
    return capture.get()


def test_a_column_holds_one_unit() -> None:
    text = shown(words_and_characters())
    head, poet, unigram = text.splitlines()[:3]
    assert head.split() == ["model", "nats/character", "bits/character", "perplexity/character"]
    assert poet.split()[-3:] == ["1.200", f"{1.2 / math.log(2):.3f}", f"{math.exp(1.2):.2f}"]
    assert unigram.split()[-1] == f"{math.exp(3.0):.2f}"
    assert (
        f"perplexity per word, mark and line end is {math.exp(5):.2f}; with every unknown word as "
        f"one symbol, {math.exp(4):.2f}." in " ".join(text.split())
    )


def test_json_names_what_each_perplexity_is_per() -> None:
    numbers = json.loads(evaluation.as_json(words_and_characters()))
    assert numbers["perplexity_per_word"] == pytest.approx(math.exp(5))
    assert numbers["closed_vocabulary_perplexity"] == pytest.approx(math.exp(4))
    unigram = numbers["models"]["unigram"]
    assert unigram["perplexity_per_word"] is None
    assert unigram["perplexity_per_character"] == pytest.approx(math.exp(3))
    assert "perplexity" not in numbers


def test_a_score_of_characters_has_no_perplexity_per_word() -> None:
    score = Score(300.0, 100, 0, 2)
    assert (score.perplexity_per_word, score.closed_vocabulary_perplexity) == (None, None)
    assert "perplexity per word" not in str(as_html(score))
