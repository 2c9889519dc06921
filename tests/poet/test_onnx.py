"""A poet as ONNX: run by onnxruntime, it is the same poet."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from quatrain.corpus import WordVocabulary
from quatrain.errors import ExtraError, InternalError, OutputError
from quatrain.poet import Poet, WordPoet
from quatrain.poet import onnx as exporting
from quatrain.poet.network import WordSize


@pytest.fixture(scope="module")
def words() -> WordPoet:
    vocabulary = WordVocabulary.from_counts(
        dict.fromkeys(["a", "moth", "goes", "by", "the", "lamp"], 1)
    )
    size = WordSize(vocabulary.size, vocabulary.letters, 4, 3, 3, 1, 10, 2, 6)
    generator = np.random.default_rng(5)
    tensors = {
        name: generator.normal(0, 0.5, shape).astype(np.float32)
        for name, shape in size.shapes.items()
    }
    return WordPoet(tensors, vocabulary)


@pytest.mark.parametrize("kind", ["poet", "words"])
def test_greedy_text_is_the_poets_own(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    poet: Poet = request.getfixturevalue(kind)
    assert exporting.export(poet, tmp_path / "step.onnx") < 1e-4
    session = onnxruntime.InferenceSession(
        str(tmp_path / "step.onnx"), providers=["CPUExecutionProvider"]
    )
    inputs = session.get_inputs()
    assert [each.name for each in inputs] == ["ids", "hidden.0", "cell.0", "hidden.1", "cell.1"]
    carried = {each.name: np.zeros((1, each.shape[1]), np.float32) for each in inputs[1:]}
    number, state = poet.vocabulary.START, poet.start()
    for _ in range(30):
        logits, state = poet.step(np.array([number]), state)
        actual, *after = session.run(None, {"ids": np.array([number]), **carried})
        np.testing.assert_allclose(actual, logits, atol=1e-4)
        carried = dict(zip(carried, after, strict=True))
        number = int(logits.argmax())
        assert number == int(actual.argmax())


def test_a_graph_that_is_not_the_poet_is_not_written(
    words: WordPoet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_vectors", lambda poet: 2 * poet.vectors(np.arange(11)))
    with pytest.raises(InternalError, match="the exported step differs from the poet's by"):
        exporting.export(words, tmp_path / "step.onnx")
    assert not (tmp_path / "step.onnx").exists()


def test_a_file_that_cannot_be_written(words: WordPoet, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="expected a file that can be written"):
        exporting.export(words, tmp_path / "nowhere" / "step.onnx")


def test_the_extra_is_named(
    words: WordPoet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ExtraError, match=r"pip install '\.\[onnx\]'"):
        exporting.export(words, tmp_path / "step.onnx")
