"""A word poet in memory and on disk: scores, spellings, eight bits, damage."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import quatrain
from quatrain.corpus import WordVocabulary
from quatrain.corpus.spelling import Speller
from quatrain.errors import CorpusError, PoetError
from quatrain.layers import log_softmax
from quatrain.poet import (
    CharacterPoet,
    Poet,
    WordPoet,
    artifact,
    bundled,
    list_poets,
    resolve,
)
from quatrain.poet.artifact import card
from quatrain.poet.artifact.tensors import quantise
from quatrain.poet.network import WordNetwork, WordSize, WordStepper, WordVectors
from quatrain.records import Poem

WORDS = ["the", ",", "lamp", "is", "low", "kettle", "sings", "a", "moth", "goes", "by", "thought"]
VOCABULARY = WordVocabulary.from_counts({word: 90 - k for k, word in enumerate(WORDS)})
SIZE = WordSize(VOCABULARY.size, VOCABULARY.letters, 4, 3, 3, 1, 10, 2, 6)
POEMS = [
    Poem.from_lines(["The lamp is low,", "the kettle sings", "", "a moth goes by"]),
    Poem.from_lines(["The wick is low"]),
    Poem.from_lines(["A moth, a lamp"]),
]


@pytest.fixture
def tensors() -> dict[str, np.ndarray]:
    generator = np.random.default_rng(5)
    return {
        name: generator.normal(0, 0.5, shape).astype(np.float32)
        for name, shape in SIZE.shapes.items()
    }


@pytest.fixture(params=[False, True], ids=["forward", "reversed"])
def poet(request: pytest.FixtureRequest, tensors: dict[str, np.ndarray]) -> WordPoet:
    return WordPoet(tensors, VOCABULARY, backwards=request.param, name="tiny")


@pytest.fixture
def save(tensors: dict[str, np.ndarray]) -> Callable[..., Path]:
    def write(folder: Path, **facts: Any) -> Path:
        config = artifact.describe(
            version="0.1.0", tensors=tensors, corpus={"name": "verses"}, training={},
            validation={"bits_per_character": 1.5}, created="2025-01-31",
            **{"direction": "reversed"} | facts,
        )  # fmt: skip
        artifact.save(
            folder, tensors=tensors, config=config, vocabulary=VOCABULARY, words=["the"],
            card=card.write(config),
        )  # fmt: skip
        return folder

    return write


def edit(path: Path, change: Callable[[Any], Any]) -> None:
    read = json.loads(path.read_text())
    change(read)
    path.write_text(json.dumps(read))


def test_vectors_looked_up_are_those_of_the_layers(poet: WordPoet) -> None:
    generator = np.random.default_rng(2)
    letters, longest = poet.vocabulary.letters, 2 * poet.vocabulary.spellings.shape[1]
    spellings = generator.integers(1, letters, (400, longest))
    lengths = generator.integers(1, longest + 1, 400)
    lengths[:3] = 1, 2, longest
    spellings[np.arange(longest) >= lengths[:, None]] = 0
    expected = poet.network.vectors(spellings)
    made = WordVectors(poet.network)
    np.testing.assert_allclose(made.compute(spellings), expected, atol=1e-5)
    np.testing.assert_allclose(made.compute(spellings[1:2]), expected[1:2], atol=1e-5)


@pytest.mark.parametrize("rows", [1, 2, 7, 24, 25])
@pytest.mark.parametrize("words", [63, 64, 130])
def test_logits_in_blocks_are_those_of_one_product(rows: int, words: int) -> None:
    size = WordSize(words, VOCABULARY.letters, 4, 3, 3, 1, 10, 2, 6)
    generator = np.random.default_rng(rows)
    tensors = {
        name: generator.normal(0, 0.5, shape).astype(np.float32)
        for name, shape in size.shapes.items()
    }
    network = WordNetwork.from_tensors(tensors)
    stepper = WordStepper(network, np.zeros((words, 9), np.intp))
    queries = generator.normal(size=(rows, size.projection)).astype(np.float32)
    logits = stepper._logits(queries)
    assert logits.shape == (rows, words)
    assert logits.flags.c_contiguous
    assert logits == pytest.approx(network.output.value(queries), abs=1e-5)


def test_a_score_is_the_sum_of_the_steps(poet: WordPoet) -> None:
    nats = 0.0
    for poem in POEMS:
        ids = poet.encode(poem)
        state = poet.start()
        for read, wanted in pairwise(ids):
            logits, state = poet.step(np.array([read]), state)
            nats -= float(log_softmax(logits)[0, wanted])
    speller = Speller(VOCABULARY.words)
    score = poet.evaluate(POEMS)
    assert score.nats == pytest.approx(nats + speller.nats("wick"), rel=1e-5)
    assert (score.unknown, score.poems, score.words) == (1, 3, 17 + 6 + 7)
    assert score.characters == sum(len(poem.text) + 2 for poem in POEMS)
    assert score.spelling_nats == pytest.approx(speller.nats("wick"))
    assert score.perplexity_per_word == pytest.approx(math.exp(score.nats / 30))
    assert score.closed_vocabulary_perplexity == pytest.approx(math.exp(nats / 30), rel=1e-5)
    assert score.perplexity_per_character == pytest.approx(math.exp(score.nats_per_character))


def test_poems_scored_together_are_scored_as_alone(poet: WordPoet) -> None:
    together = poet.surprisals([poet.encode(poem) for poem in POEMS])
    for poem, nats in zip(POEMS, together, strict=True):
        np.testing.assert_allclose(nats, poet.surprisals([poet.encode(poem)])[0], rtol=1e-4)


def test_nothing_to_score(poet: WordPoet) -> None:
    with pytest.raises(CorpusError, match="There are no poems to score"):
        poet.evaluate([])


def test_spellings_add_up_to_one_over_short_words() -> None:
    speller = Speller(["ab", "a", "ba"])
    # Of all words of up to one letter, over the thousand letters that are allowed for.
    empty, single = math.exp(-speller.nats("")), math.exp(-speller.nats("a"))
    assert 0 < empty < single < 1
    begun = sum(
        math.exp(-speller.nats(word)) for word in ("", "a", "b", "ab", "ba", "aa", "bb", "aba")
    )
    assert begun < 1


def test_a_likely_spelling_is_cheaper_than_an_unlikely_one() -> None:
    speller = Speller(["thought", "thoughtful", "bought", "brought", "though"])
    assert speller.nats("wrought") < speller.nats("tghworu") < speller.nats("tghworu€")


def test_near_words_are_those_of_like_letters(poet: WordPoet) -> None:
    near = poet.nearest_words("Thought", 3)
    assert len(near) == 3
    assert "thought" not in dict(near)
    cosines = [cosine for _, cosine in poet.nearest_words("thoughts", len(WORDS))]
    assert cosines == sorted(cosines, reverse=True)
    vectors = poet.network.vectors(np.array([VOCABULARY.spell("thoughts")]))[0]
    known = poet.network.vectors(np.array([VOCABULARY.spell("thought")]))[0]
    expected = vectors @ known / np.linalg.norm(vectors) / np.linalg.norm(known)
    assert dict(poet.nearest_words("thoughts", len(WORDS)))["thought"] == pytest.approx(
        expected, rel=1e-5
    )


def test_a_folder_comes_back(save: Callable[..., Path], tmp_path: Path) -> None:
    poet = Poet.load(save(tmp_path / "poet"))
    assert isinstance(poet, WordPoet)
    assert poet.backwards
    assert poet.vocabulary == VOCABULARY
    assert poet.words == {"the"}


def test_eight_bits_are_within_half_a_step(
    save: Callable[..., Path], tensors: dict[str, np.ndarray], tmp_path: Path
) -> None:
    whole, eighth = save(tmp_path / "whole"), save(tmp_path / "eighth", stored="int8")
    size = {folder: (folder / "model.safetensors").stat().st_size for folder in (whole, eighth)}
    assert size[eighth] < size[whole]
    read = artifact.load(eighth).tensors
    for name, value in tensors.items():
        if value.ndim == 1:
            assert (read[name] == value).all()
            continue
        rows = value.reshape(len(value), -1)
        step = np.abs(rows).max(axis=1, keepdims=True) / 127
        gap = np.abs(read[name].reshape(rows.shape) - rows)
        assert (gap <= 0.5001 * step).all(), name
        assert read[name].dtype == np.float32


def test_a_row_of_zeros_stays_zero() -> None:
    stored = quantise({"w": np.zeros((2, 3), np.float32)})
    assert (stored["w"] == 0).all()
    assert (stored["w.scale"] == 1).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda c: c.update(direction="sideways"),
            "the direction 'sideways'; expected 'forward' or",
        ),
        (lambda c: c.update(stored="int3"), "the stored 'int3'; expected 'float32' or 'int8'"),
        (lambda c: c.update(stored="int8"), "no tensor "),
        (
            lambda c: c["network"].update(highway=-1),
            "the highway -1; expected a number from 0 to 16",
        ),
        (lambda c: c["network"].update(vocabulary=999), "expected 999, as config.json says"),
        (lambda c: c["network"].update(letters=99), "expected 99, as config.json says"),
        (lambda c: c["network"].pop("letters"), "expected sizes of vocabulary, letters"),
    ],
)
def test_a_config_that_does_not_fit(
    save: Callable[..., Path], tmp_path: Path, change: Callable[[Any], Any], message: str
) -> None:
    folder = save(tmp_path / "poet")
    edit(folder / "config.json", change)
    with pytest.raises(PoetError) as caught:
        Poet.load(folder)
    assert message in str(caught.value)


def test_each_kind_says_that_it_is_not_the_other(save: Callable[..., Path], tmp_path: Path) -> None:
    folder = save(tmp_path / "poet")
    with pytest.raises(PoetError, match="is a word-level poet; a character-level one is needed"):
        CharacterPoet.load(folder)
    assert WordPoet.load(folder).name == "poet"


def test_one_base_class_opens_either_kind(save: Callable[..., Path], tmp_path: Path) -> None:
    assert type(Poet.load(save(tmp_path / "poet"))) is WordPoet
    assert type(Poet.load("letters")) is CharacterPoet
    assert isinstance(quatrain.load("verse"), quatrain.Poet)


def test_a_poet_that_only_reads_says_how_to_write(poet: WordPoet) -> None:
    with pytest.raises(AttributeError, match=r"only reads\. Open one .* quatrain\.load\('tiny'\)"):
        poet.write  # type: ignore[attr-defined]  # noqa: B018
    assert not hasattr(poet, "generate")


def test_a_name_that_is_nobodys(tmp_path: Path) -> None:
    with pytest.raises(PoetError, match="no folder and no shipped poet has that name"):
        resolve(tmp_path / "nobody")


def test_a_shipped_name_is_found_beside_a_folder_that_is_no_poet(
    save: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sonnets").mkdir()
    ours = resolve("sonnets")
    assert ours == bundled()["sonnets"]
    save(tmp_path / "sonnets")
    assert resolve("sonnets") == Path("sonnets")


@pytest.mark.slow
def test_the_shipped_poets_open_and_write(tmp_path: Path) -> None:
    assert set(bundled()) >= {"verse", "sonnets", "letters"}
    megabytes = 0.0
    for name in bundled():
        poem = quatrain.load(name).write(lines=4, seed=1, temperature=0.7)
        assert len(poem.lines) == 4
        megabytes += next(each.megabytes for each in list_poets(tmp_path) if each.name == name)
    assert megabytes < 27  # two of them for the index of what `verse` must not copy


def test_poets_are_found_and_the_broken_ones_told(
    save: Callable[..., Path], tmp_path: Path
) -> None:
    save(tmp_path / "a" / "good")
    bad = save(tmp_path / "bad")
    (bad / "model.safetensors").write_bytes(b"")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "config.json").write_text("{}")
    own = [each for each in list_poets(tmp_path) if not each.shipped]
    assert [each.name for each in own] == [str(bad), str(tmp_path / "a" / "good")]
    assert own[0].trouble.startswith("got 0 bytes")
    assert (own[1].kind, own[1].direction, own[1].corpus) == ("words", "reversed", "verses")
    assert own[1].parameters == SIZE.parameters
    assert own[1].bits_per_character == 1.5
