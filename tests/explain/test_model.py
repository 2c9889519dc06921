"""A poet, layer by layer, against its tensors, the trainer's network, and by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from quatrain.corpus import Vocabulary
from quatrain.errors import ExtraError, PoetError, SettingsError
from quatrain.explain.model_summary.model import model
from quatrain.poet import CharacterPoet, artifact
from quatrain.poet.network import CharacterSize
from quatrain.records import Note, Table
from quatrain.train.networks import CharacterNetwork

SIZES = [
    CharacterSize(9, 5, 8, 1),
    CharacterSize(12, 3, 4, 2),
    CharacterSize(9, 30, 4, 3),
    CharacterSize(60, 2, 3, 1),
]


def poet_of(size: CharacterSize) -> CharacterPoet:
    generator = np.random.default_rng(3)
    tensors = {
        name: generator.normal(0, 0.5, shape).astype(np.float32)
        for name, shape in size.shapes.items()
    }
    special = Vocabulary(("\n",)).size - 1
    characters = ("\n", *(chr(0x61 + number) for number in range(size.alphabet - special - 1)))
    return CharacterPoet(tensors, Vocabulary(characters), name="tiny")


@pytest.mark.parametrize("size", SIZES)
def test_totals_against_the_tensors_and_the_trainer(size: CharacterSize) -> None:
    poet = poet_of(size)
    explained = model(poet)
    assert explained["total parameters"] == size.parameters
    network = CharacterNetwork(
        alphabet=size.alphabet,
        embedding=size.embedding,
        hidden=size.hidden,
        layers=size.layers,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=1,
        generator=torch.Generator(),
    )
    assert explained["parameters in training"] == network.parameter_count()
    in_torch = model(network, (torch.tensor([[2]]), network.start(1)))
    assert explained["total multiply-adds"] == in_torch["total multiply-adds"]
    assert in_torch["total parameters"] == network.parameter_count()
    products = sum(
        int(np.prod(shape))
        for name, shape in size.shapes.items()
        if name != "embedding.weight" and not name.endswith("bias")
    )
    assert explained["total multiply-adds"] == products
    state = poet.network.lstm.start(1)
    assert explained["memory of a poem's state"] == sum(h.nbytes + c.nbytes for h, c in state)
    assert explained["memory of the parameters"] == 4 * size.parameters


def test_a_small_poet_by_hand() -> None:
    explained = model(poet_of(CharacterSize(12, 3, 4, 2)))
    assert explained.title == "tiny, layer by layer"
    table = next(part for part in explained.parts if isinstance(part, Table))
    assert [row[:6] for row in table.rows] == [
        ("embedding", "Embedding", "1", "3", 1, 36),
        ("lstm.0", "LSTM", "3", "4", 1, 4 * 4 * 8),
        ("lstm.1", "LSTM", "4", "4", 1, 4 * 4 * 9),
        ("output", "Linear", "4", "12", 1, 60),
        ("softmax", "Softmax", "12", "12", 1, 0),
    ]
    assert [row[7] for row in table.rows] == [0, 112, 128, 48, 0]
    assert sum(row[6] for row in table.rows) == pytest.approx(100)
    below = explained.formulas["lstm.0: parameters"]
    assert (below.symbols, below.numbers) == (
        "gates x hidden x (embedding + hidden + 1)",
        "4 x 4 x (3 + 4 + 1)",
    )
    above = explained.formulas["lstm.1: multiply-adds"]
    assert (above.symbols, above.numbers) == (
        "gates x hidden x (hidden below + hidden)",
        "4 x 4 x (4 + 4)",
    )
    assert explained.formulas["output: parameters"].numbers == "4 x 12 + 12"
    assert explained.formulas["parameters in training"].numbers == "368 + 2 x 4 x 4"
    assert explained["memory of a poem's state"] == 2 * 2 * 4 * 4
    # States before and after, 2 x 16 numbers; then 12 logits and 12 probabilities
    # are more than the vector of 4 and the 16 inputs of the gates.
    assert explained["peak activation memory"] == 4 * (32 + 24)
    notes = " ".join(part.text for part in explained.parts if isinstance(part, Note))
    assert "embedding (Embedding: a lookup)" in notes
    assert "softmax (Softmax: exponentials and their sum)" in notes


def test_the_widest_step_can_be_the_gates() -> None:
    explained = model(poet_of(CharacterSize(9, 30, 4, 3)))
    assert explained["peak activation memory"] == 4 * (2 * 2 * 3 * 4 + 30 + 4 * 4)


def test_a_folder_is_opened(tmp_path: Path) -> None:
    poet = poet_of(CharacterSize(9, 5, 8, 1))
    tensors = {
        "embedding.weight": poet.network.embedding.weight,
        "lstm.0.weight_input": poet.network.lstm.layers[0].weight_input,
        "lstm.0.weight_hidden": poet.network.lstm.layers[0].weight_hidden,
        "lstm.0.bias": poet.network.lstm.layers[0].bias,
        "output.weight": poet.network.output.weight,
        "output.bias": poet.network.output.bias,
    }
    config = artifact.describe(
        version="0.2.0", tensors=tensors, corpus={}, training={}, validation={}, created=""
    )
    artifact.save(
        tmp_path / "tiny",
        tensors=tensors,
        config=config,
        vocabulary=poet.vocabulary,
        words=(),
        card="",
    )
    assert model(tmp_path / "tiny") == model(str(tmp_path / "tiny")) == model(poet)


def test_a_poet_needs_no_torch() -> None:
    code = (
        "import sys; from quatrain.explain.model_summary import model, module; "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PoetError, match="There is no poet"):
        model(tmp_path / "nobody")


def test_an_example_input_for_a_poet() -> None:
    with pytest.raises(SettingsError) as caught:
        model(poet_of(SIZES[0]), (1, 2))
    assert str(caught.value) == (
        "the example input: got an object of type tuple; expected none. Leave it out: a poet "
        "is explained for one character of one poem."
    )


def test_without_torch_a_module_cannot_be_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ExtraError) as caught:
        model(object(), 1)
    assert str(caught.value) == (
        "Explaining a torch module needs the package 'torch'. Install it, in Quatrain's source "
        "folder, with: pip install '.[train]'"
    )
