"""Training poets of words: a whole run, resumed, adapted, and what users get wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import quatrain
import quatrain.config
from quatrain.config import Cleaning
from quatrain.corpus import Prepared, PreparedWords
from quatrain.errors import CorpusError, PoetError, SettingsError
from quatrain.poet import Poet, WordPoet, artifact, bundled
from quatrain.records import Poem, Trained
from quatrain.train import adapting
from quatrain.train import checkpoint as disk
from quatrain.train.corpus_facts import CorpusFacts
from quatrain.train.networks import build
from quatrain.train.report import NullReporter
from quatrain.train.size import kind_for, propose_words
from quatrain.write import load

TINY: dict[str, Any] = {
    "kind": "words", "hidden": 20, "embedding": 6, "filters": 2, "widths": 3, "projection": 12,
    "layers": 1, "batch": 4, "length": 12, "dropout": 0.2, "recurrent_dropout": 0.1,
    "word_dropout": 0.05, "learning_rate": 0.02, "epochs": 3.0, "validations": 3, "threads": 1,
    "patience": 0,
}  # fmt: skip


class Noting(NullReporter):
    def __init__(self) -> None:
        self.notes: list[str] = []

    def noted(self, message: str) -> None:
        self.notes.append(message)


@pytest.fixture(scope="module")
def base(verse_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words") / "base"
    quatrain.train(verse_file, folder, **TINY)
    return folder


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Poems that share their shape with `verse_file` and have words of their own."""
    path = tmp_path_factory.mktemp("others") / "others.txt"
    lines = [
        f"the {who} counts nine {what} in the {where}"
        for who in ("weaver", "miller", "farrier", "ferryman")
        for what in ("lanterns", "loaves", "shadows")
        for where in ("rain", "orchard", "belfry")
    ]
    order = np.random.default_rng(0).permutation(len(lines)).tolist()
    poems = ["\n".join(lines[k] for k in order[n : n + 4]) for n in range(0, len(lines), 4)]
    path.write_text("\n\n\n".join(poems) + "\n", encoding="utf-8")
    return path


def test_a_run_leaves_a_poet_that_learned(base: Path) -> None:
    rows = [json.loads(line) for line in (base / "metrics.jsonl").read_text().splitlines()]
    assert rows[-1]["perplexity_per_word"] < rows[0]["perplexity_per_word"] < 60
    poet = Poet.load(base)
    assert isinstance(poet, WordPoet)
    assert poet.backwards
    assert set(poet.config["training"]) >= set(TINY)
    poem = load(base).write(lines=4, seed=1)
    assert len(poem.lines) == 4


def test_validation_in_training_is_the_poets_own_score(base: Path) -> None:
    words = PreparedWords.open(base / "training" / "data")
    poet = Poet.load(base)
    assert isinstance(poet, WordPoet)
    poems = [words.tokens[words.offsets[k] : words.offsets[k + 1]] for k in words.validation]
    nats = sum(float(part.sum()) for part in poet.surprisals(poems))
    nats += words.spelling_nats(words.validation)
    rows = [json.loads(line) for line in (base / "metrics.jsonl").read_text().splitlines()]
    best = next(row for row in reversed(rows) if row["best"])
    characters = words.characters(words.validation)
    assert best["nats_per_character"] == pytest.approx(nats / characters, rel=1e-4)
    predictions = words.predictions(words.validation)
    assert best["perplexity_per_word"] == pytest.approx(np.exp(nats / predictions), rel=1e-3)


def test_torch_and_numpy_write_the_same_greedy_text(base: Path) -> None:
    words = PreparedWords.open(base / "training" / "data")
    read = artifact.load(base)
    settings = disk.read(base / "training" / "last.safetensors").facts["settings"]
    network = build(words, quatrain.config.Training(**settings)).eval()
    adapting.copy_weights(network, read, words.vocabulary)
    poet = WordPoet.from_artifact(read)
    number, state = poet.vocabulary.START, network.start(1)
    other, stepped = number, poet.start()
    for _ in range(60):
        with torch.no_grad():
            logits, state = network(torch.tensor([[number]]), state)
        numpys, stepped = poet.step(np.array([other]), stepped)
        np.testing.assert_allclose(numpys[0], logits[0, 0].numpy(), atol=1e-4)
        number, other = int(logits[0, 0].argmax()), int(numpys[0].argmax())
        assert number == other


@pytest.mark.slow
def test_an_interrupted_run_resumes_to_the_same_weights(
    base: Path, verse_file: Path, tmp_path: Path
) -> None:
    class Stopping(NullReporter):
        def advanced(self, advance: object) -> None:
            import signal

            signal.raise_signal(signal.SIGINT)

    out = tmp_path / "poet"
    first = quatrain.train(verse_file, out, reporter=Stopping(), **TINY)
    assert first.stopped == "interrupted"
    again = quatrain.train(verse_file, out, resume=True)
    assert again.stopped == "budget"
    wanted, found = artifact.load(base).tensors, artifact.load(out).tensors
    assert all((found[name] == value).all() for name, value in wanted.items())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "capital_lines", "after", "i"),
    [
        ("the kettle ticks. my sister and i\nread on\nin london", False, set(), "i"),
        ("The kettle ticks. My sister and I\nread on\nin London", False, {"."}, "I"),
        ("The kettle ticks. My sister and I\nRead on\nIn London", True, {"."}, "I"),
    ],
)
def test_an_adapted_poet_sets_capitals_as_its_corpus_does(
    text: str,
    capital_lines: bool,
    after: set[str],
    i: str,
    prepare_in_memory: Callable[..., Prepared],
) -> None:
    poems = [Poem.from_text(f"{text}\n{text}")] * 3
    shipped = artifact.load(bundled()["verse"])
    style = adapting.words(prepare_in_memory(poems[:2], poems[2:]), shipped).vocabulary.style
    assert (style.capital_lines, style.words["i"]) == (capital_lines, i)
    assert after <= style.capital_after  # and what the base learned of marks that the poems lack
    assert bool(style.capital_after) == bool(after)
    assert "," not in style.capital_after
    assert style.words.get("london", "london") == ("london" if i == "i" else "London")
    assert ("rome" in style.words) == (i == "I")  # the base's spelling of what the poems lack
    facts = CorpusFacts(style=style)
    assert CorpusFacts.from_facts(json.loads(json.dumps(facts.facts()))) == facts


def test_an_adapted_poet_starts_where_its_base_stands(
    base: Path, others: Path, tmp_path: Path
) -> None:
    shared = {"epochs": 1.0, "validations": 2, "batch": 2, "length": 8, "learning_rate": 0.01}
    reporter = Noting()
    adapted = quatrain.train(others, tmp_path / "adapted", base=base, reporter=reporter, **shared)
    scratch = quatrain.train(others, tmp_path / "scratch", **TINY | shared)
    assert adapted.validation.perplexity_per_word < 0.8 * scratch.validation.perplexity_per_word
    poet = Poet.load(tmp_path / "adapted")
    assert isinstance(poet, WordPoet)
    old = Poet.load(base)
    assert isinstance(old, WordPoet)
    assert poet.vocabulary.words[: len(old.vocabulary.words)] == old.vocabulary.words
    assert {"weaver", "belfry"} <= set(poet.vocabulary.words)
    assert poet.config["corpus"]["base"]["poet"] == "base"
    new = len(poet.vocabulary.words) - len(old.vocabulary.words)
    assert any(f"and {new} new ones from your poems" in note for note in reporter.notes)
    assert (poet.is_adapted, poet.diction) == (True, "modern")
    own = {token for poem in quatrain.read(others) for token in poem.text.lower().split()}
    assert {"weaver", "belfry"} <= poet.words
    assert 0 < len(poet.words) <= len(own) < len(poet.vocabulary.words)


def test_the_base_comes_unchanged_into_the_new_network(
    base: Path, others: Path, prepare_in_memory: Callable[..., Prepared]
) -> None:
    read = artifact.load(base)
    poems = quatrain.read(others)
    words = adapting.words(prepare_in_memory(poems[:-2], poems[-2:]), read)
    settings = propose_words(
        900, words.vocabulary.size, words.vocabulary.letters,
        adapting.inherit_architecture(quatrain.config.Training(), read), adapting=True,
    ).settings  # fmt: skip
    network = build(words, settings)
    adapting.copy_weights(network, read, words.vocabulary)
    tensors = network.tensors()
    for name, value in read.tensors.items():
        np.testing.assert_array_equal(tensors[name][: len(value)], value)
    new = tensors["output.weight"][len(read.tensors["output.weight"]) :]
    assert len(new) > 0
    assert np.isfinite(new).all()
    assert np.abs(new).max() < 10 * np.abs(read.tensors["output.weight"]).max()


def test_another_kind_of_base_is_refused(base: Path, verse_file: Path, tmp_path: Path) -> None:
    with pytest.raises(PoetError, match=r"is a word-level poet, and kind is 'characters'"):
        quatrain.train(verse_file, tmp_path / "out", base=base, kind="characters")
    with pytest.raises(PoetError, match=r"has hidden 20, not 99"):
        quatrain.train(verse_file, tmp_path / "out", base=base, hidden=99)
    with pytest.raises(PoetError, match=r"no folder and no shipped poet has that name"):
        quatrain.train(verse_file, tmp_path / "out", base=tmp_path / "nobody")
    assert not (tmp_path / "out").exists()


def test_a_damaged_base_is_told(base: Path, verse_file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in artifact.FILES:
        (copy / name).write_bytes((base / name).read_bytes())
    (copy / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(PoetError, match=r"got 7 bytes; expected [\d,]+ bytes"):
        quatrain.train(verse_file, tmp_path / "out", base=copy)


def run(text: str, folder: Path, **changes: Any) -> tuple[Trained, list[str]]:
    source, reporter = folder / "verse.txt", Noting()
    source.write_text(text, encoding="utf-8")
    trained = quatrain.train(source, folder / "poet", reporter=reporter, **TINY | changes)
    return trained, reporter.notes


def test_a_corpus_of_one_line(tmp_path: Path) -> None:
    with pytest.raises((CorpusError, SettingsError)) as caught:
        run("one gull above the harbour wall\n", tmp_path)
    assert re.search("got .*; expected ", str(caught.value))


def test_a_vocabulary_of_one_word(tmp_path: Path) -> None:
    poems = ["\n".join(["no " * n] * n) for n in (3, 4, 5, 6)]
    keep = Cleaning(drop_duplicates=False)
    trained, _ = run("\n\n\n".join(poems), tmp_path, cleaning=keep)
    assert trained.validation.unknown == 0
    assert set(load(tmp_path / "poet").write(lines=3).text.lower().split()) == {"no"}


def test_words_of_two_hundred_letters(tmp_path: Path) -> None:
    poems = [f"the {letter * 200} sings\nand {letter * 3} goes by" for letter in "abcdefgh"]
    run("\n\n\n".join(poems), tmp_path)
    assert load(tmp_path / "poet").write(lines=2, seed=3).lines


def test_adapting_to_another_script_tells_what_is_unknown(base: Path, tmp_path: Path) -> None:
    source, reporter = tmp_path / "greek.txt", Noting()
    poems = [f"η λάμπα {word} χαμηλά\nκαι η νύχτα {word}" for word in ("αυτή", "σβήνει", "μένει")]
    source.write_text("\n\n\n".join(poems * 2), encoding="utf-8")
    quatrain.train(source, tmp_path / "out", base=base, epochs=1.0, reporter=reporter)
    share = next(note for note in reporter.notes if "count as unknown" in note)
    assert float(share.split("%")[0]) > 40


def test_the_kind_is_chosen_by_the_corpus_and_told(verse_file: Path, tmp_path: Path) -> None:
    assert kind_for(599_999)[0] == "characters"
    assert kind_for(600_000)[0] == "words"
    reporter = Noting()
    quatrain.train(
        verse_file,
        tmp_path / "poet",
        hidden=8,
        embedding=4,
        layers=1,
        epochs=0.1,
        reporter=reporter,
    )
    assert any("learns letter by letter" in note for note in reporter.notes)
    assert not isinstance(Poet.load(tmp_path / "poet"), WordPoet)


def test_a_settings_kind_must_be_the_datas(prepare_in_memory: Callable[..., Prepared]) -> None:
    poems = [Poem.from_lines(["a lamp"]), Poem.from_lines(["a gull"])]
    with pytest.raises(SettingsError, match="setting 'kind'"):
        build(prepare_in_memory(poems[:1], poems[1:]), quatrain.config.Training(kind="words"))
