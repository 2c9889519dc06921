"""What training writes of its gradients: their norms, the memory horizon, the picture of both."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

import quatrain
from quatrain.config import Training
from quatrain.corpus import Prepared
from quatrain.errors import OutputError, TrainingError
from quatrain.layers import horizon as definition
from quatrain.poet.network import CharacterNetwork as NumpyNetwork
from quatrain.records import Poem, Validation
from quatrain.train import curve
from quatrain.train import horizon as training
from quatrain.train.device import accelerator
from quatrain.train.learner import Learner
from quatrain.train.metrics import json_row, tracker_values
from quatrain.train.networks import CharacterNetwork

CPU = torch.device("cpu")
TINY: dict[str, Any] = {
    "hidden": 24, "embedding": 8, "layers": 2, "dropout": 0.2, "batch": 8, "length": 16,
    "recurrent_dropout": 0.1, "learning_rate": 0.01, "epochs": 1.0, "validations": 3, "threads": 1,
}  # fmt: skip


def network(layers: int = 2, hidden: int = 24, dropout: float = 0.5) -> CharacterNetwork:
    return CharacterNetwork(
        alphabet=20, embedding=8, hidden=hidden, layers=layers, dropout=dropout,
        recurrent_dropout=dropout, seed=3, generator=torch.Generator().manual_seed(5),
    )  # fmt: skip


def poems(*lengths: int) -> list[np.ndarray]:
    generator = np.random.default_rng(1)
    return [generator.integers(0, 20, length).astype(np.uint8) for length in lengths]


@pytest.mark.parametrize("layers", [1, 2])
def test_torch_and_numpy_give_the_same_norms_for_the_same_poet(layers: int) -> None:
    trained = network(layers)
    predictions = definition.draw_predictions(poems(90, 200, 40), 0, windows=12)
    here = training.gradient_by_lag(trained, predictions, CPU)
    assert here.shape[0] > 40
    layers_of = NumpyNetwork.from_tensors(trained.tensors())
    there = definition.gradient_by_lag(
        layers_of.embedding, layers_of.lstm, layers_of.output, predictions
    )
    np.testing.assert_allclose(there, here, rtol=1e-4, atol=1e-8)
    assert definition.horizon(there) == training.horizon(trained, predictions, CPU)


def test_the_norms_are_those_of_one_prediction_after_another() -> None:
    trained = network(dropout=0.0)
    predictions = definition.draw_predictions(poems(30, 50), 2, windows=5, longest=20)
    norms = np.zeros((20, 5))
    for window in range(5):
        length = int(predictions.lengths[window])
        ids = torch.from_numpy(predictions.ids[:length, window : window + 1])
        vectors = trained.embedding(ids).detach().requires_grad_()
        values = vectors
        for layer in trained.lstm:
            values, _ = layer(values)
        target = torch.tensor([predictions.targets[window]])
        loss = functional.cross_entropy(trained.output(values[-1]), target)
        (gradient,) = torch.autograd.grad(loss, vectors)
        norms[:length, window] = gradient.norm(dim=-1)[:, 0].numpy()
    expected = definition.mean_by_lag(norms, predictions.lengths)
    found = training.gradient_by_lag(trained, predictions, CPU)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-8)


def test_the_look_leaves_the_network_its_gradients_and_its_dropout_alone() -> None:
    trained = network().train()
    trained.embedding.weight.grad = torch.full_like(trained.embedding.weight, 7.0)
    before = {name: value.clone() for name, value in trained.state_dict().items()}
    state, globally = trained.dropout.generator.get_state(), torch.get_rng_state()
    predictions = definition.draw_predictions(poems(90), 0, windows=4)
    assert training.horizon(trained, predictions, CPU)
    assert torch.equal(trained.dropout.generator.get_state(), state)
    assert torch.equal(torch.get_rng_state(), globally)
    assert all(torch.equal(before[name], value) for name, value in trained.state_dict().items())
    assert torch.equal(trained.embedding.weight.grad, torch.full((20, 8), 7.0))
    assert trained.output.weight.grad is None


def test_a_network_in_which_nothing_comes_back_has_no_horizon() -> None:
    predictions = definition.draw_predictions(poems(90), 0, windows=4)
    for weight in (0.0, math.nan):
        trained = network()
        torch.nn.init.constant_(trained.output.weight, weight)
        assert training.horizon(trained, predictions, CPU) is None


def learner_of(settings: Training) -> Learner:
    trained = network(dropout=0.0)
    return Learner(settings, trained, lanes=8, ignored=0, accelerator=accelerator(settings))


@pytest.mark.parametrize("clip", [1e-3, 100.0])
def test_gradient_norms_are_those_before_clipping(clip: float) -> None:
    settings = Training(
        **TINY | {"clip": clip, "dropout": 0.0, "recurrent_dropout": 0.0, "precision": "float32"}
    )
    learner = learner_of(settings)
    assert learner.gradient_norms() == {}
    generator = np.random.default_rng(0)
    inputs, targets = generator.integers(1, 20, (2, 16, 8))
    copy = network()
    copy.load_state_dict(learner.network.state_dict())
    learner.step(inputs, targets, 0.01)
    logits, _ = copy.eval()(torch.from_numpy(inputs), copy.start(8))
    functional.cross_entropy(logits.flatten(0, 1), torch.from_numpy(targets).flatten()).backward()
    parts = {"embedding": copy.embedding, "lstm.0": copy.lstm[0], "lstm.1": copy.lstm[1]}
    expected = {
        name: math.sqrt(sum(float(weight.grad.square().sum()) for weight in part.parameters()))
        for name, part in {**parts, "output": copy.output}.items()
    }
    found = learner.gradient_norms()
    assert list(found) == ["embedding", "lstm.0", "lstm.1", "output"]
    assert found == pytest.approx(expected, rel=1e-4)
    assert math.hypot(*found.values()) == pytest.approx(float(learner.gradient_norm), rel=1e-5)


@pytest.mark.parametrize("largest", [1e38, math.nan])
def test_where_the_norm_is_not_finite_no_layer_has_one(largest: float) -> None:
    settings = Training(**TINY | {"precision": "float32"})
    learner = learner_of(settings)
    inputs, targets = np.random.default_rng(0).integers(1, 20, (2, 16, 8))
    torch.nn.init.uniform_(learner.network.output.weight, -1.0, 1.0)
    learner.network.output.weight.data.mul_(largest)
    learner.step(inputs, targets, 0.01)
    assert not math.isfinite(float(learner.gradient_norm))
    assert learner.gradient_norms() == {}


@pytest.fixture(scope="module")
def trained(verse_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gradients") / "poet"
    quatrain.train(verse_file, folder, **TINY)
    return folder


def rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def test_every_validation_says_norms_and_horizon(trained: Path) -> None:
    told = rows(trained)
    assert len(told) == 3
    for row in told:
        norms = row["gradient_norms"]
        assert list(norms) == ["embedding", "lstm.0", "lstm.1", "output"]
        assert math.hypot(*norms.values()) == pytest.approx(row["gradient_norm"], rel=1e-5)
        assert 1 <= row["horizon"] <= definition.WINDOW_CHARACTERS


def test_the_horizon_of_the_last_row_is_the_poets_own(trained: Path) -> None:
    data = Prepared.open(trained / "training" / "data")
    poet = quatrain.load(trained)
    best = min(rows(trained), key=lambda row: row["nats_per_character"])
    settings = Training(**TINY)
    order = np.random.Generator(np.random.PCG64(0)).permutation(data.validation)
    per_epoch = data.characters(data.training) // 128 * 128
    predictions = training.predictions_of(data, order.tolist(), settings, per_epoch)
    network = poet.network
    norms = definition.gradient_by_lag(network.embedding, network.lstm, network.output, predictions)
    assert definition.horizon(norms) == best["horizon"]


@pytest.mark.parametrize(
    ("settings", "characters", "windows"),
    [
        ({"epochs": 30.0, "validations": 20}, 84_000, 10),
        ({"epochs": 1.0, "validations": 20}, 10_000, 4),
        ({"epochs": 15.0, "validations": 20}, 3_000_000, 64),
        ({"minutes": 5.0}, 84_000, 16),
    ],
)
def test_a_look_costs_a_hundredth_of_the_characters_between_two(
    settings: dict[str, Any],
    characters: int,
    windows: int,
    prepare_in_memory: Callable[..., Prepared],
) -> None:
    verses = [Poem.from_lines(["the tide goes out"] * 30)]
    data = prepare_in_memory(verses, verses)
    found = training.predictions_of(data, [1], Training(**settings), characters)
    assert found.ids.shape == (128, windows)


def test_rows_of_earlier_versions_are_read_and_trackers_get_plain_numbers() -> None:
    row = {
        "step": 3, "epoch": 0.5, "progress": 0.1, "seconds": 2.0, "training_nats": 2.5,
        "nats_per_character": 2.25, "bits_per_character": 3.25, "learning_rate": 0.01,
        "gradient_norm": 0.5, "best": True,
    }  # fmt: skip
    old = Validation(**row)
    assert (old.gradient_norms, old.horizon) == ({}, None)
    assert tracker_values(old) == {name: value for name, value in row.items() if name != "best"}
    new = replace(old, gradient_norms={"embedding": 0.25, "lstm.0": 0.5}, horizon=9)
    assert tracker_values(new) == tracker_values(old) | {
        "gradient_norm/embedding": 0.25, "gradient_norm/lstm.0": 0.5, "horizon": 9,
    }  # fmt: skip


def strictly(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def test_a_row_has_null_for_what_json_cannot_say() -> None:
    infinite = Validation(3, 0.5, 0.1, 2.0, math.nan, 2.25, 3.25, 0.01, math.inf, best=True)
    row = json.loads(json.dumps(json_row(infinite)), parse_constant=strictly)
    assert [name for name, value in row.items() if value is None] == [
        "training_nats", "gradient_norm", "horizon", "perplexity_per_word",
    ]  # fmt: skip
    assert not {"training_nats", "gradient_norm", "horizon"} & set(tracker_values(infinite))


@pytest.mark.slow
def test_a_run_goes_on_and_is_drawn_where_a_norm_is_infinite(
    verse_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, steps = Learner.step, []

    def overflowing(learner: Learner, *given: Any) -> torch.Tensor:
        loss = step(learner, *given)
        steps.append(loss)
        if len(steps) > 5:
            learner.gradient_norm = torch.tensor(math.inf)
        return loss

    monkeypatch.setattr(Learner, "step", overflowing)
    folder = tmp_path / "poet"
    quatrain.train(verse_file, folder, **TINY)
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    last = json.loads(lines[-1], parse_constant=strictly)
    assert (last["gradient_norm"], last["gradient_norms"]) == (None, {})
    assert (folder / "loss.png").read_bytes().startswith(b"\x89PNG")


def test_the_best_of_a_loss_that_was_once_no_number_is_drawn(trained: Path, tmp_path: Path) -> None:
    told = rows(trained)
    told[0] |= {"nats_per_character": None, "training_nats": None}
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in told))
    curve.draw(tmp_path / "metrics.jsonl", tmp_path / "loss.svg")
    best = min(row["nats_per_character"] for row in told[1:])
    assert f"best: {best:.3f} nats" in (tmp_path / "loss.svg").read_text()


@pytest.mark.parametrize(
    ("line", "found", "wanted"),
    [
        ("[]", "line 2 is []", "the metrics of a training run"),
        ("3", "line 2 is 3", "the metrics of a training run"),
        ('{"gradient_norms": {"output": 1.0}, "horizon": 3}', "the row {", "numbers as 'epoch'"),
        ('{"gradient_norms": {"output": 1.0}, "epoch": 1.0}', "the row {", "numbers as 'epoch'"),
        ('{"gradient_norms": {"output": "x"}, "epoch": 1.0, "horizon": 3}', "the row {", "numbers"),
        ('{"gradient_norms": [1.0], "epoch": 1.0, "horizon": 3}', "the row {", "numbers as"),
        ('{"gradient_norms": {"output": 1.0}, "epoch": "x", "horizon": 3}', "the row {", "numbers"),
    ],
)
def test_rows_that_no_run_wrote_are_told(
    trained: Path, tmp_path: Path, line: str, found: str, wanted: str
) -> None:
    altered = tmp_path / "metrics.jsonl"
    altered.write_text(json.dumps(rows(trained)[0]) + f"\n{line}\n")
    with pytest.raises(TrainingError) as told:
        curve.draw_gradients(altered, tmp_path / "g.png")
    assert str(told.value).startswith(f"{altered}: got {found}")
    assert f"; expected {wanted}" in str(told.value)


def test_a_row_without_gradients_or_horizon_is_drawn_round(trained: Path, tmp_path: Path) -> None:
    told = rows(trained)
    told[0] |= {"gradient_norms": {}, "gradient_norm": None}
    told[1] |= {"horizon": None}
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in told))
    curve.draw_gradients(tmp_path / "metrics.jsonl", tmp_path / "g.svg")
    assert (tmp_path / "g.svg").exists()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "begins"), [("g.png", b"\x89PNG"), ("g.svg", b"<?xml")])
def test_the_picture_shows_every_layer_and_the_horizon(
    name: str, begins: bytes, trained: Path, tmp_path: Path
) -> None:
    curve.draw_gradients(trained / "metrics.jsonl", tmp_path / name)
    drawn = (tmp_path / name).read_bytes()
    assert drawn.startswith(begins)
    if name.endswith("svg"):
        for text in (b"embedding", b"lstm.0", b"lstm.1", b"output", b"memory horizon"):
            assert b"<!-- " + text in drawn


def test_no_metrics_and_old_metrics_are_told(trained: Path, tmp_path: Path) -> None:
    gone, old = tmp_path / "metrics.jsonl", tmp_path / "old.jsonl"
    with pytest.raises(TrainingError) as told:
        curve.draw_gradients(gone, tmp_path / "g.png")
    assert str(told.value) == (
        f"{gone}: got no such file; expected the metrics of a training run. Give the folder that "
        "a run was trained in: a poet that was only copied may lack them."
    )
    keep = [{k: v for k, v in row.items() if k != "gradient_norms"} for row in rows(trained)]
    old.write_text("".join(json.dumps(row) + "\n" for row in keep))
    with pytest.raises(TrainingError) as told:
        curve.draw_gradients(old, tmp_path / "g.png")
    assert str(told.value) == (
        f"{old}: got 3 validations, none with gradient norms; expected a run that wrote them. "
        "Train again: runs of earlier versions did not write them."
    )
    with pytest.raises(OutputError) as suffix:
        curve.draw_gradients(trained / "metrics.jsonl", tmp_path / "g.pdf")
    assert str(suffix.value) == (
        f"{tmp_path / 'g.pdf'}: got the suffix '.pdf'; expected .png or .svg. Choose another name."
    )
    with pytest.raises(OutputError, match="No such file"):
        curve.draw_gradients(trained / "metrics.jsonl", tmp_path / "nowhere" / "g.png")
