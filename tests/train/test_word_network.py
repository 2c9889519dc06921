"""The word network in torch: its letters, its sampled softmax, its weights on the way out."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn import functional

from quatrain.corpus import WordVocabulary
from quatrain.poet.network import WordNetwork as Layers
from quatrain.poet.network import WordSize, WordStepper
from quatrain.train.adapting import predict_output_rows
from quatrain.train.networks import Dropout, WordNetwork

WORDS = "the a lamp is low kettle thoughtfulst o gull 's , . -- moth wings harbour".split()  # noqa: SIM905
VOCABULARY = WordVocabulary.from_counts(dict.fromkeys(WORDS, 1))


def network(
    *, dropout: Dropout | None = None, negatives: int = 0, seed: int = 1, **sizes: int
) -> WordNetwork:
    size = {"embedding": 5, "filters": 2, "widths": 4, "highway": 2, "hidden": 12, "layers": 2,
            "projection": 7}  # fmt: skip
    return WordNetwork(
        WordSize(VOCABULARY.size, VOCABULARY.letters, **size | sizes),
        spellings=torch.from_numpy(VOCABULARY.spellings),
        counts=torch.arange(VOCABULARY.size).flip(0),
        dropout=dropout or Dropout(),
        negatives=negatives,
        unknown=VOCABULARY.UNKNOWN,
        seed=seed,
        generator=torch.Generator().manual_seed(2),
    )


def ids(time: int = 9, batch: int = 3) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(0).integers(0, VOCABULARY.size, (time, batch)))


def test_a_words_vector_by_hand() -> None:
    trained = network(highway=1)
    with torch.no_grad():
        part = trained.words
        letters = part.letters.weight[VOCABULARY.spell("lamp")]  # begin, l, a, m, p, end
        pooled = []
        for width, kernel in enumerate(part.kernels, start=1):
            answers = [
                torch.einsum("fek,ke->f", kernel.weight, letters[place : place + width])
                for place in range(6 - width + 1)
            ]
            pooled.append(torch.stack(answers).amax(dim=0) + kernel.bias)
        mixed = torch.tanh(torch.cat(pooled))
        gate = torch.sigmoid(part.gates[0](mixed))
        expected = gate * functional.relu(part.transforms[0](mixed)) + (1 - gate) * mixed
        found = part(torch.tensor([VOCABULARY.numbers["lamp"]]))[0]
    torch.testing.assert_close(found, expected)


def test_a_words_vector_does_not_depend_on_its_neighbours() -> None:
    words = network().words
    with torch.no_grad():
        together = words(torch.arange(VOCABULARY.size))
        alone = torch.cat([words(torch.tensor([k])) for k in range(VOCABULARY.size)])
    torch.testing.assert_close(together, alone)


@pytest.mark.parametrize("changes", [{}, {"layers": 1, "highway": 0}, {"widths": 6}])
def test_numpy_gives_the_same_vectors_and_logits(changes: dict[str, int]) -> None:
    trained = network(**changes).eval()
    tensors = trained.tensors()
    size = WordSize.from_tensors(tensors)
    assert size.shapes == {name: value.shape for name, value in tensors.items()}
    assert size.parameters == sum(value.size for value in tensors.values())
    layers = Layers.from_tensors(tensors)
    read = ids()
    with torch.no_grad():
        logits, _ = trained(read, trained.start(3))
        vectors = trained.words(torch.arange(VOCABULARY.size)).numpy()
    np.testing.assert_allclose(layers.vectors(VOCABULARY.spellings), vectors, atol=1e-5)
    queries, _ = layers.read(layers.vectors(VOCABULARY.spellings)[read.numpy()])
    np.testing.assert_allclose(layers.output.value(queries), logits.numpy(), atol=1e-4)
    stepper = WordStepper(layers, VOCABULARY.spellings)
    state = stepper.start(3)
    for time in range(len(read)):
        stepped, state = stepper.step(read[time].numpy(), state)
        np.testing.assert_allclose(stepped, logits[time].numpy(), atol=1e-4)


def test_the_way_back_is_that_of_finite_differences() -> None:
    trained = network().double().eval()
    read, wanted = ids(4, 2), ids(4, 2).flip(0)
    total, _ = trained(read, [(h.double(), c.double()) for h, c in trained.start(2)], wanted)
    total.backward()
    generator = np.random.default_rng(1)
    for name, parameter in trained.named_parameters():
        flat, gradient = parameter.data.view(-1), parameter.grad.view(-1)
        for place in generator.integers(0, len(flat), 2).tolist():
            if name == "words.letters.weight" and place < parameter.shape[1]:
                continue  # the padding's vector is never learned
            kept, sums = float(flat[place]), []
            for step in (1e-6, -1e-6):
                flat[place] = kept + step
                start = [(h.double(), c.double()) for h, c in trained.start(2)]
                sums.append(trained(read, start, wanted)[0].item())
            flat[place] = kept
            assert (sums[0] - sums[1]) / 2e-6 == pytest.approx(float(gradient[place]), abs=1e-5)


def test_surprise_is_the_full_softmaxs() -> None:
    trained = network(negatives=4)
    read, wanted = ids(), ids().flip(0)
    with torch.no_grad():
        logits, _ = trained(read, trained.start(3))
        expected = functional.cross_entropy(
            logits.flatten(0, 1), wanted.flatten(), reduction="none"
        ).view(wanted.shape)
        found, _ = trained.surprisal(read, wanted, trained.start(3))
        total, _ = trained.eval()(read, trained.start(3), wanted, VOCABULARY.START)
    torch.testing.assert_close(found, expected)
    counted = expected[wanted != VOCABULARY.START].sum()
    assert float(total) == pytest.approx(float(counted), rel=1e-5)


def test_the_sampled_softmax_comes_to_the_full_one_with_many_draws() -> None:
    trained = network(negatives=20_000)
    read, wanted = ids(30, 4), ids(30, 4).flip(0)
    with torch.no_grad():
        sampled, _ = trained.train()(read, trained.start(4), wanted)
        full, _ = trained.eval()(read, trained.start(4), wanted)
    assert float(sampled) == pytest.approx(float(full), rel=1e-3)


def test_word_dropout_reads_the_unknown_word() -> None:
    trained = network(dropout=Dropout(words=0.95)).train()
    read = torch.full((400, 1), VOCABULARY.numbers["gull"])
    vectors = trained.words(torch.tensor([VOCABULARY.UNKNOWN, VOCABULARY.numbers["gull"]]))
    seen: list[torch.Tensor] = []
    trained.lstm[0].register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    trained(read, trained.start(1))
    unknown = (seen[0][:, 0] - vectors[0]).abs().amax(dim=1) < 1e-6
    known = (seen[0][:, 0] - vectors[1]).abs().amax(dim=1) < 1e-6
    assert bool((unknown | known).all())
    assert 0.9 < float(unknown.float().mean()) < 0.99


def test_weights_go_out_and_come_back() -> None:
    one, other = network(seed=1).eval(), network(seed=9).eval()
    other.copy_weights({name: torch.from_numpy(value) for name, value in one.tensors().items()})
    read = ids()
    with torch.no_grad():
        torch.testing.assert_close(
            one(read, one.start(3))[0], other(read, other.start(3))[0], rtol=1e-4, atol=1e-5
        )


def test_it_begins_as_the_unigram_model() -> None:
    trained = network().eval()
    with torch.no_grad():
        trained.output.weight.zero_()
        logits, _ = trained(ids(), trained.start(3))
    counts = np.arange(VOCABULARY.size)[::-1] + 0.5
    expected = np.log(counts / counts.sum())
    np.testing.assert_allclose(
        torch.log_softmax(logits, -1)[0, 0].numpy(), expected, rtol=1e-4, atol=1e-5
    )


def test_scores_are_foretold_by_a_ridge_regression() -> None:
    generator = np.random.default_rng(3)
    features, weights = generator.normal(size=(500, 6)), generator.normal(size=(6, 4))
    scored = features @ weights + 2.0
    wanted = generator.normal(size=(3, 6))
    np.testing.assert_allclose(
        predict_output_rows(features, scored, wanted), wanted @ weights + 2, atol=0.05
    )
    middle = features.mean(axis=0)
    centred, answers = features - middle, scored - scored.mean(axis=0)
    augmented = np.vstack([centred, np.eye(6)])
    solved, *_ = np.linalg.lstsq(augmented, np.vstack([answers, np.zeros((6, 4))]), rcond=None)
    np.testing.assert_allclose(
        predict_output_rows(features, scored, wanted),
        (wanted - middle) @ solved + scored.mean(axis=0),
        atol=1e-9,
    )
    assert math.isfinite(float(predict_output_rows(features[:1], scored[:1], wanted).sum()))
