"""Stepping and scoring, against the plain layers and against PyTorch."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.corpus import Vocabulary, read
from quatrain.errors import CorpusError, SettingsError, UserError
from quatrain.poet import CharacterPoet, uniform
from quatrain.poet.network import CharacterNetwork, CharacterSize, CharacterStepper
from quatrain.records import Poem, Score

Tensors = dict[str, np.ndarray]


def torch_logits(tensors: Tensors, ids: np.ndarray) -> np.ndarray:
    """The same network in PyTorch, float64: (time, batch) -> (time, batch, alphabet)."""
    weights = {name: torch.from_numpy(value).double() for name, value in tensors.items()}
    layers = sum(name.endswith("weight_hidden") for name in weights)
    hidden, embedding = weights["output.weight"].shape[1], weights["embedding.weight"].shape[1]
    lstm = torch.nn.LSTM(embedding, hidden, layers, dtype=torch.float64)
    with torch.no_grad():
        for k in range(layers):
            getattr(lstm, f"weight_ih_l{k}").copy_(weights[f"lstm.{k}.weight_input"])
            getattr(lstm, f"weight_hh_l{k}").copy_(weights[f"lstm.{k}.weight_hidden"])
            getattr(lstm, f"bias_ih_l{k}").copy_(weights[f"lstm.{k}.bias"])
            getattr(lstm, f"bias_hh_l{k}").zero_()
        values = weights["embedding.weight"][torch.from_numpy(ids.astype(np.int64))]
        values, _ = lstm(values)
        return (values @ weights["output.weight"].T + weights["output.bias"]).numpy()


@settings(max_examples=30, deadline=None)
@given(
    size=st.builds(
        CharacterSize, st.integers(3, 12), st.integers(1, 6), st.integers(1, 9), st.integers(1, 3)
    ),
    poems=st.integers(1, 5),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_stepper_equals_the_plain_layers_and_torch(
    size: CharacterSize, poems: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    tensors = {
        name: generator.normal(0, 0.8, shape).astype(np.float32)
        for name, shape in size.shapes.items()
    }
    ids = generator.integers(0, size.alphabet, (12, poems))
    network = CharacterNetwork.from_tensors(tensors)
    plain, _ = network.value(ids)
    stepper = CharacterStepper(network)
    state = stepper.start(poems)
    for now in range(len(ids)):
        logits, state = stepper.step(ids[now], state)
        assert logits.dtype == np.float32
        np.testing.assert_allclose(logits, plain[now], atol=1e-5)
    np.testing.assert_allclose(plain, torch_logits(tensors, ids), atol=1e-5)


def test_a_state_can_be_used_again_and_selected_from(poet: CharacterPoet) -> None:
    ids = np.array([5, 9, 7])
    _, state = poet.step(ids, poet.start(3))
    first, _ = poet.step(ids, state)
    again, after = poet.step(ids, state)
    np.testing.assert_array_equal(first, again)
    swapped, _ = poet.step(ids[[2, 0, 0]], state.select([2, 0, 0]))
    np.testing.assert_allclose(swapped, first[[2, 0, 0]], atol=1e-6)
    assert after.poems == 3
    assert state.select([2]).poems == 1


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (
            np.array([1, 2]),
            "the characters to step: got int64 of shape (2,); expected whole numbers of shape "
            "(1,), one per poem. Give one number of the vocabulary per poem of the state.",
        ),
        (
            np.array([0.5]),
            "the characters to step: got float64 of shape (1,); expected whole numbers of shape "
            "(1,), one per poem. Give one number of the vocabulary per poem of the state.",
        ),
        (
            np.array([-1]),
            "the characters to step: got numbers from -1 to -1; expected numbers from 0 to "
            "{last}. Encode the text with the poet's vocabulary.",
        ),
        (
            np.array([200]),
            "the characters to step: got numbers from 200 to 200; expected numbers from 0 to "
            "{last}. Encode the text with the poet's vocabulary.",
        ),
    ],
)
def test_ids_that_do_not_fit_are_refused(
    poet: CharacterPoet, ids: np.ndarray, message: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        poet.step(ids, poet.start(1))
    assert str(caught.value) == message.format(last=poet.vocabulary.size - 1)


def one_at_a_time(poet: CharacterPoet, tensors: Tensors, poems: list[Poem]) -> Score:
    """The definition of `Score`, followed by hand in PyTorch."""
    nats, characters, unknown = 0.0, 0, 0
    for poem in poems:
        text = "\n\n".join("\n".join(map(str, stanza)) for stanza in poem.stanzas) + "\n"
        known = poet.vocabulary.characters
        ids = [0, *(3 + known.index(c) if c in known else 2 for c in text), 1]
        logits = torch.from_numpy(torch_logits(tensors, np.array(ids[:-1])[:, None])[:, 0])
        nats += float(
            torch.nn.functional.cross_entropy(logits, torch.tensor(ids[1:]), reduction="sum")
        )
        characters += len(text) + 1
        unknown += ids.count(2)
    return Score(nats, characters, unknown, len(poems))


def test_the_score_is_the_definition(
    poet: CharacterPoet, tensors: Tensors, poems: list[Poem]
) -> None:
    expected = one_at_a_time(poet, tensors, poems)
    actual = poet.evaluate(poems)
    assert actual.characters == expected.characters == sum(len(poem.text) + 2 for poem in poems)
    assert (actual.unknown, actual.poems) == (expected.unknown, expected.poems)
    assert actual.unknown == 2  # one R and one q
    assert math.isclose(actual.nats, expected.nats, rel_tol=1e-6)


def test_the_score_does_not_depend_on_order_or_batching(
    poet: CharacterPoet, poems: list[Poem], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = poems * 3
    whole = poet.evaluate(many)
    assert math.isclose(poet.evaluate(many[::-1]).nats, whole.nats, rel_tol=1e-6)
    alone = sum(poet.evaluate([poem]).nats for poem in many)
    assert math.isclose(alone, whole.nats, rel_tol=1e-6)
    for batch, times in ((1, 1), (2, 7), (5, 1000)):
        monkeypatch.setattr("quatrain.poet.CharacterPoet.batch_size", batch)
        monkeypatch.setattr("quatrain.poet.poet.TIME_STEPS", times)
        assert math.isclose(poet.evaluate(many).nats, whole.nats, rel_tol=1e-6)


def test_a_long_poem_beside_short_ones(poet: CharacterPoet, poems: list[Poem]) -> None:
    long = Poem.from_lines(list(poems[2].text.split("\n")) * 12)
    together = poet.evaluate([poems[1], long, poems[3]])
    apart = sum(poet.evaluate([poem]).nats for poem in (poems[1], long, poems[3]))
    assert math.isclose(together.nats, apart, rel_tol=1e-6)


def test_anything_that_holds_poems_can_be_scored(poet: CharacterPoet, poems: list[Poem]) -> None:
    class Shelf:
        def __init__(self) -> None:
            self.poems = poems

    assert poet.evaluate(Shelf()) == poet.evaluate(iter(poems))


def test_one_poem_is_a_poem_and_not_its_lines(poet: CharacterPoet, poems: list[Poem]) -> None:
    assert poet.evaluate(poems[0]) == poet.evaluate([poems[0]])
    assert poet.evaluate(poems[0]).poems == 1
    assert uniform(poet.vocabulary).evaluate(poems[0]).poems == 1


@pytest.mark.parametrize("verse", ["one\ntwo", ["one", "two"], Poem.from_text("one\ntwo").lines])
def test_a_poem_is_scored_in_any_shape(poet: CharacterPoet, verse: str | list[str]) -> None:
    assert poet.evaluate(verse) == poet.evaluate(Poem.from_text("one\ntwo"))


def test_a_file_is_scored(poet: CharacterPoet, tmp_path: Path) -> None:
    path = tmp_path / "poems.txt"
    path.write_text("one\ntwo\n\n\n\nthree\nfour\n", encoding="utf-8")
    poems = read(str(path)).poems
    assert len(poems) == 2
    assert poet.evaluate(path) == poet.evaluate(poems)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("poems.txt", "'poems.txt' is the name of a file"),
        (Path("poems.txt"), "There is no file or folder poems.txt"),
        (iter([Poem.from_lines(["one"]), None]), "the poems to score: got None; expected a poem"),
        (["one", Poem.from_lines(["two"])], "Several poems"),
        (7, "the poems to score: got 7; expected a poem"),
    ],
)
def test_only_poems_can_be_scored(poet: CharacterPoet, given: object, message: str) -> None:
    with pytest.raises(UserError) as caught:
        poet.evaluate(given)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_no_poems_cannot_be_scored(poet: CharacterPoet) -> None:
    with pytest.raises(CorpusError) as caught:
        poet.evaluate([])
    assert str(caught.value) == ("There are no poems to score. Give a text that holds verse.")


def test_a_poet_says_what_it_is(poet: CharacterPoet) -> None:
    size = poet.vocabulary.size
    assert repr(poet) == f"<CharacterPoet 'tiny': 2 LSTM layers of 8 cells, an alphabet of {size}>"


def test_the_names_of_the_tensors() -> None:
    assert CharacterSize(10, 4, 3, 2).shapes == {
        "embedding.weight": (10, 4),
        "lstm.0.weight_input": (12, 4),
        "lstm.0.weight_hidden": (12, 3),
        "lstm.0.bias": (12,),
        "lstm.1.weight_input": (12, 3),
        "lstm.1.weight_hidden": (12, 3),
        "lstm.1.bias": (12,),
        "output.weight": (10, 3),
        "output.bias": (10,),
    }


@given(st.builds(CharacterSize, *[st.integers(1, 50)] * 3, st.integers(1, 4)))
def test_parameters_are_counted(size: CharacterSize) -> None:
    assert size.parameters == sum(math.prod(shape) for shape in size.shapes.values())


def test_wide_alphabets(tensors_of: Callable[..., Tensors]) -> None:
    vocabulary = Vocabulary(tuple(sorted({"\n", *map(chr, range(0x4E00, 0x4E00 + 400))})))
    poet = CharacterPoet(tensors_of(vocabulary.size), vocabulary)
    assert poet.evaluate([Poem.from_lines(["一丁七", "万丈三"])]).characters == 9
