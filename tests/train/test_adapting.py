"""Starting from a trained poet: which one is chosen, what comes over, and what it gained."""

from __future__ import annotations

import dataclasses
import json
import math
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import quatrain
from quatrain.config import Training
from quatrain.corpus import Prepared, Vocabulary, prepare
from quatrain.page.training import trained_as_json, trained_as_text
from quatrain.poet import Poet, artifact
from quatrain.poet.artifact import card
from quatrain.records import Adaptation, Poem
from quatrain.train import adapting
from quatrain.train.adapting import choice
from quatrain.train.adapting.sampling import sample_poems
from quatrain.train.folder import RunFolder
from quatrain.train.networks import build
from quatrain.train.preparation import prepare_words
from quatrain.train.report import NullReporter
from quatrain.train.size import propose, propose_words

Prepare = Callable[..., Prepared]

WORDS: dict[str, Any] = {
    "base": "scratch", "kind": "words", "hidden": 20, "embedding": 6, "filters": 2, "widths": 3,
    "projection": 12, "layers": 1, "batch": 4, "length": 12, "learning_rate": 0.02, "epochs": 3.0,
    "validations": 3, "threads": 1,
}  # fmt: skip
CHARACTERS: dict[str, Any] = {
    "base": "scratch", "hidden": 24, "embedding": 8, "layers": 1, "batch": 8, "length": 16,
    "learning_rate": 0.01, "epochs": 1.0, "validations": 3, "threads": 1,
}  # fmt: skip

ENGLISH = [
    "the kettle ticks, the window clouds\nand somebody has left the light\non in the hall above "
    "the crowds\nof coats that hang there overnight",
    "I drove the early bus to town\nand watched the fields go by in frost\na woman in a dressing "
    "gown\nwas calling for a cat she'd lost",
    "we said that we would write, and then\nthe summer went, the letters too\nI found your number "
    "once again\nand thought of it, and thought of you",
]
FRENCH = [
    "la lampe brûle encore au fond de la maison\net le vent de la mer passe sous la fenêtre\n"
    "je cherche dans la nuit le bout de l'horizon\net le nom du bateau qui ne veut pas paraître",
    "au matin le marché se remplit de couleurs\ndes pommes, des poissons, du pain sur une table\n"
    "une vieille en chantant marchande quelques fleurs\net compte dans sa main la monnaie",
    "le train s'en va sans bruit vers les champs de la mer\nun enfant dort encore au fond de la "
    "maison\nle vent de la nuit passe et le soir de l'hiver\ncherche dans la fenêtre un bout de "
    "l'horizon",
]


class Noting(NullReporter):
    def __init__(self) -> None:
        self.notes: list[str] = []

    def noted(self, message: str) -> None:
        self.notes.append(message)


def poems(texts: list[str]) -> list[Poem]:
    return [Poem.from_lines(text.split("\n")) for text in texts]


@pytest.fixture(scope="module")
def words_base(verse_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words") / "rain"
    quatrain.train(verse_file, folder, **WORDS)
    return folder


@pytest.fixture(scope="module")
def characters_base(verse_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("characters") / "drops"
    quatrain.train(verse_file, folder, **CHARACTERS)
    return folder


GAIN = Adaptation("verse", 1.2, 1.1, 12, 11, "the sea\n\nthe *sea*", "the bus\nthe stair")


# --- samples


def test_a_sample_has_whole_poems_up_to_its_size(prepare_in_memory: Prepare) -> None:
    prepared = prepare_in_memory(poems(ENGLISH), poems(ENGLISH[:1]))
    everything = sample_poems(prepared, prepared.training, 10_000)
    assert [poem.text for poem in everything] == ENGLISH
    two = sample_poems(prepared, prepared.training, len(ENGLISH[0]) + len(ENGLISH[1]) + 20)
    assert len(two) == 2
    assert {poem.text for poem in two} < set(ENGLISH)


def test_a_poem_longer_than_the_sample_is_cut_at_a_line(prepare_in_memory: Prepare) -> None:
    prepared = prepare_in_memory(poems(ENGLISH), poems(ENGLISH[:1]))
    (poem,) = sample_poems(prepared, prepared.validation, 70)
    assert poem.text == "\n".join(ENGLISH[0].split("\n")[:2])
    (poem,) = sample_poems(prepared, prepared.validation, 3)
    assert poem.text == ENGLISH[0].split("\n")[0]


# --- the choice


def test_no_shipped_poet_is_a_candidate_for_sizes_of_ones_own(prepare_in_memory: Prepare) -> None:
    prepared = prepare_in_memory(poems(ENGLISH[1:]), poems(ENGLISH[:1]))
    for settings in (Training(hidden=24), Training(kind="words", vocabulary=500)):
        chosen = adapting.choose_base(prepared, settings)
        assert (chosen.base, chosen.reasons, chosen.name) == (None, (), "scratch")


@pytest.mark.slow
def test_english_verse_starts_from_the_shipped_poet_that_predicts_it_best(
    prepare_in_memory: Prepare,
) -> None:
    prepared = prepare_in_memory(poems(ENGLISH[1:]), poems(ENGLISH[:1]))
    chosen = adapting.choose_base(prepared, Training())
    unseen = sample_poems(prepared, prepared.validation, 10_000)
    bits = {
        name: Poet.load(name).evaluate(unseen).bits_per_character for name in ("verse", "sonnets")
    }
    best = min(bits, key=lambda name: bits[name])
    assert chosen.name == best
    (reason,) = chosen.reasons
    assert f"Starts from {best!r}: {bits[best]:.2f} bits a character on one of your poems" in reason
    assert f"{max(bits.values()):.2f} for" in reason
    assert "a 5-gram of your own poems" in reason
    assert "So few poems make the comparison unsure" in reason


@pytest.mark.slow
def test_verse_in_another_language_starts_from_no_english_word(prepare_in_memory: Prepare) -> None:
    prepared = prepare_in_memory(poems(FRENCH[:2]), poems(FRENCH[2:]))
    chosen = adapting.choose_base(prepared, Training(kind="words"))
    assert chosen.base is None
    assert "predicts your poems worse than a 5-gram of them does" in chosen.reasons[0]
    assert "% of the words and marks are unknown to it" in chosen.reasons[0]
    assert "--from NAME starts from one all the same" in chosen.reasons[-1]


def test_words_are_compared_in_lower_case_and_characters_as_they_are() -> None:
    loud = poems([text.upper() for text in ENGLISH])
    quiet = poems(ENGLISH)
    order, lower = choice._own_score(loud[1:], quiet[:1], lower=True)
    _, same = choice._own_score(quiet[1:], quiet[:1], lower=True)
    _, cased = choice._own_score(loud[1:], quiet[:1], lower=False)
    assert order == 5
    assert lower.nats == same.nats
    assert cased.nats > same.nats


# --- what comes over


def test_a_character_keeps_its_rows_and_a_new_one_starts_as_unknown(
    characters_base: Path, prepare_in_memory: Prepare
) -> None:
    base = artifact.load(characters_base)
    old = base.vocabulary
    assert isinstance(old, Vocabulary)
    prepared = prepare_in_memory(poems(["a zebra ñ", "the miller counts"]), poems(["ab"]))
    new = prepared.vocabulary
    assert "ñ" not in old.characters
    settings = propose(
        90, new.size, adapting.inherit_architecture(Training(), base), adapting=True
    ).settings
    network = build(prepared, settings)
    adapting.copy_weights(network, base, new)
    tensors = network.tensors()
    for number, character in enumerate(new.characters, start=new.size - len(new.characters)):
        before = int(old.encode(character)[0])
        for name in ("embedding.weight", "output.weight", "output.bias"):
            np.testing.assert_array_equal(tensors[name][number], base.tensors[name][before])
    unknown = tensors["output.weight"][Vocabulary.UNKNOWN]
    tilde = new.size - len(new.characters) + new.characters.index("ñ")
    np.testing.assert_array_equal(tensors["output.weight"][tilde], unknown)
    np.testing.assert_array_equal(
        tensors["lstm.0.weight_hidden"], base.tensors["lstm.0.weight_hidden"]
    )
    assert torch.isfinite(network(torch.tensor([[0]]), network.start(1))[0]).all()


def test_an_adapted_poet_keeps_the_letters_that_its_own_poems_lack(
    characters_base: Path, tmp_path: Path
) -> None:
    source, out = tmp_path / "mine.txt", tmp_path / "mine"
    source.write_text("oh no\nno ñ\n\n\noh on\non no\n\n\nho ho\nno hoñ\n", encoding="utf-8")
    quatrain.train(source, out, base=characters_base, epochs=1.0, threads=1)
    old, new = Poet.load(characters_base).vocabulary, Poet.load(out).vocabulary
    assert isinstance(old, Vocabulary)
    assert isinstance(new, Vocabulary)
    assert set(old.characters) | {"ñ"} == set(new.characters)


def test_an_adaptation_has_fewer_passes_and_a_large_one_a_time() -> None:
    inherited = Training(hidden=800, layers=1, embedding=64)
    assert propose(50_000, 70, inherited, adapting=True).settings.epochs == 6
    assert propose(50_000, 70, inherited).settings.epochs == 40
    large = propose(9_000_000, 70, inherited, adapting=True).settings
    assert (large.epochs, large.minutes) == (None, 60)
    few, more, many = (
        propose_words(words, 20_000, 70, Training(), adapting=True).settings
        for words in (20_000, 400_000, 3_000_000)
    )
    assert (few.learning_rate, few.epochs) == (2e-4, 6)
    assert (more.learning_rate, more.epochs) == (1e-3, 4)
    assert (many.epochs, many.minutes) == (None, 60)
    own = propose_words(3_000_000, 20_000, 70, Training(epochs=1.0), adapting=True).settings
    assert (own.epochs, own.minutes) == (1, None)


def test_a_little_text_is_told_to_change_little() -> None:
    few, enough = (
        propose_words(words, 20_000, 70, Training(), adapting=True).reasons
        for words in (1_999, 2_000)
    )
    assert any("stays close to that one" in reason for reason in few)
    assert not any("stays close" in reason for reason in enough)


def test_poems_without_capitals_are_told(
    verse_file: Path, words_base: Path, tmp_path: Path
) -> None:
    folder, base = RunFolder(tmp_path / "run"), artifact.load(words_base)
    settings = adapting.inherit_architecture(Training(), base)
    text = verse_file.read_text(encoding="utf-8").replace("the tide", "I")
    lines = ["".join((line[:1].upper(), line[1:])) for line in text.split("\n")]
    for name, poems_text in (("capital", "\n".join(lines)), ("small", text.lower())):
        reporter, source = Noting(), tmp_path / f"{name}.txt"
        source.write_text(poems_text, encoding="utf-8")
        prepare_words(prepare(source, tmp_path / name), folder, settings, base, reporter)
        sentence = "Your poems have no capitals, so the poet writes none."
        assert (sentence in reporter.notes) == (name == "small")


# --- the gain


def test_the_nats_of_poems_add_up_to_the_score(words_base: Path, characters_base: Path) -> None:
    several = poems([*ENGLISH, "the miller counts nine loaves of bread"])
    for folder in (words_base, characters_base):
        poet = Poet.load(folder)
        nats = poet.poem_nats(several)
        assert nats.shape == (4,)
        assert math.isclose(nats.sum(), poet.evaluate(several).nats, rel_tol=1e-6)
        assert math.isclose(nats[3], poet.evaluate(several[3:]).nats, rel_tol=1e-5)


def test_a_poet_gains_nothing_over_itself(words_base: Path, prepare_in_memory: Prepare) -> None:
    prepared = prepare_in_memory(poems(ENGLISH[1:]), poems(ENGLISH[:1]))
    measured = adapting.measure_gain(artifact.load(words_base), words_base, prepared)
    assert (measured.share, measured.better, measured.poems) == (0.0, 0, 1)
    assert measured.sample_before == measured.sample_after
    sentence = adapting.gain_sentence(measured)
    assert sentence.startswith("Adapting gained nothing:")
    assert "Write with 'rain', or train on more poems." in sentence
    assert "On so few poems this may be chance; add more." in sentence


def test_a_gain_that_rounds_to_nothing_is_called_nothing() -> None:
    tiny = dataclasses.replace(GAIN, nats_per_character=GAIN.base_nats_per_character - 0.003)
    assert adapting.gain_sentence(tiny).startswith("Adapting gained nothing: 1.727 bits")
    small = dataclasses.replace(GAIN, nats_per_character=GAIN.base_nats_per_character - 0.004)
    assert adapting.gain_sentence(small).startswith("Adapting gained 0.006 bits")


def test_the_gain_is_told_in_bits_and_per_cent() -> None:
    sentence = adapting.gain_sentence(GAIN)
    assert math.isclose(GAIN.base_bits_per_character, 1.2 / math.log(2))
    assert sentence == (
        "Adapting gained 0.144 bits a character (8.3%): 1.587 on 12 poems it never saw, 1.731 "
        "with 'verse' as it is. It is better on 11 of them."
    )


@pytest.mark.slow
def test_an_adapted_poet_says_what_it_gained_and_keeps_both_samples(
    words_base: Path, tmp_path: Path
) -> None:
    source, out, reporter = tmp_path / "mine.txt", tmp_path / "mine", Noting()
    source.write_text("\n\n\n".join(ENGLISH), encoding="utf-8")
    trained = quatrain.train(
        source, out, base=words_base, epochs=2.0, validations=2, reporter=reporter, threads=1
    )
    measured = trained.adaptation
    assert measured is not None
    assert measured.base == "rain"
    assert math.isclose(
        measured.nats_per_character, trained.validation.nats_per_character, rel_tol=1e-4
    )
    assert trained.messages[-1] == adapting.gain_sentence(measured)
    poet = Poet.load(out)
    assert poet.config["adaptation"]["sample_after"] == measured.sample_after
    text = (out / "README.md").read_text(encoding="utf-8")
    assert "## Adapted from rain" in text
    assert "\n".join(f"    {line}" for line in measured.sample_before.splitlines()) in text
    shown = trained_as_text(trained).plain
    assert "Before, by 'rain':" in shown
    assert f"    {measured.sample_after.splitlines()[0]}" in shown
    facts = json.loads(trained_as_json(trained))["adaptation"]
    assert facts["bits_per_character"] == measured.bits_per_character
    assert facts["sample_before"] == measured.sample_before
    assert not any("Starts from" in note for note in reporter.notes)


@pytest.mark.slow
def test_a_base_that_changed_meanwhile_is_told(
    words_base: Path, characters_base: Path, tmp_path: Path
) -> None:
    class Stopping(NullReporter):
        def validated(self, validation: object) -> None:
            signal.raise_signal(signal.SIGINT)

    base, source, out = tmp_path / "base", tmp_path / "mine.txt", tmp_path / "mine"
    base.mkdir()
    for name in artifact.FILES:
        (base / name).write_bytes((words_base / name).read_bytes())
    source.write_text("\n\n\n".join(ENGLISH), encoding="utf-8")
    first = quatrain.train(
        source, out, base=base, epochs=60.0, batch=2, length=8, reporter=Stopping(), threads=1
    )
    assert (first.stopped, first.adaptation) == ("interrupted", None)
    for name in artifact.FILES:
        (base / name).write_bytes((characters_base / name).read_bytes())
    again = quatrain.train(source, out, resume=True)
    assert again.adaptation is None
    assert again.messages[-1] == (
        "The poet 'base' that this one started from has changed or is gone, so the gain over it "
        "is not known."
    )


def test_the_card_of_a_run_from_scratch_has_no_gain(words_base: Path) -> None:
    config = dict(Poet.load(words_base).config)
    assert "Adapted from" not in card.write(config)
    config["adaptation"] = dataclasses.asdict(GAIN)
    text = card.write(config)
    assert "| gain | 8.3% |" in text
    assert "    the *sea*" in text  # a code block: nothing is escaped, nothing is markup
