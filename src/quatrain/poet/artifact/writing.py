"""Writing a poet's folder.

In: a network's tensors, its vocabulary, and facts about its training. Out: the files of the
folder, moved into place so that a crash leaves the old poet or the new one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from quatrain.corpus.vocabulary import Vocabulary
from quatrain.corpus.word_vocabulary import WordVocabulary
from quatrain.errors import InternalError, OutputError
from quatrain.poet.artifact import tensors as tensor_files
from quatrain.poet.artifact.layout import (
    CARD,
    CHARACTERS,
    CONFIG,
    COPIES,
    FORMAT,
    FORMAT_VERSION,
    MODEL,
    SAVING,
    VOCABULARY,
    WORDS,
    Size,
)
from quatrain.poet.network import CharacterSize, WordSize
from quatrain.poet.ngram_index import NgramIndex


def describe(
    *,
    version: str,
    tensors: Mapping[str, NDArray[Any]],
    corpus: Mapping[str, Any],
    training: Mapping[str, Any],
    validation: Mapping[str, Any],
    created: str,
    direction: str = "forward",
    stored: str = "float32",
) -> dict[str, Any]:
    """Return the facts of `config.json`; `save` adds the hashes of the files.

    Args:
        version: of Quatrain.
        tensors: the network's; only their shapes matter.
        corpus: what the poet was trained on: name, sha256, poems, licence and so on.
        training: the settings of the run.
        validation: how well the poet predicts poems it was not trained on.
        created: a date, as 2025-01-31.
        direction: "forward", or "reversed" for lines read from their end.
        stored: "float32", or "int8" for matrices in 8 bits.
    """
    size = size_of(tensors)
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "kind": WORDS if isinstance(size, WordSize) else CHARACTERS,
        "quatrain": version,
        "network": asdict(size),
        "direction": direction,
        "stored": stored,
        "corpus": dict(corpus),
        "training": dict(training),
        "validation": dict(validation),
        "created": created,
    }


def size_of(tensors: Mapping[str, NDArray[Any]]) -> Size:
    """Read the sizes of a network off its tensors.

    Raises:
        InternalError: the tensors are not those of a poet.
    """
    kind = WordSize if "letters.weight" in tensors else CharacterSize
    size: Size
    try:
        size = kind.from_tensors(tensors)
    except (KeyError, ValueError, IndexError):
        raise InternalError(f"no poet has the tensors {sorted(tensors)}") from None
    shapes = {name: tensor.shape for name, tensor in tensors.items()}
    if shapes != size.shapes:
        raise InternalError(f"tensors of the shapes {shapes} where {size.shapes} were expected")
    return size


def save(
    folder: str | Path,
    *,
    tensors: Mapping[str, NDArray[Any]],
    config: Mapping[str, Any],
    vocabulary: Vocabulary | WordVocabulary,
    words: Iterable[str],
    card: str,
    training_ngrams: NgramIndex | None = None,
) -> None:
    """Write a poet's folder, or replace the poet in it; other files there are kept.

    Args:
        folder: created, with its parents, if it is not there.
        tensors: name -> array, as in the size's `shapes`.
        config: from `describe`; its `stored` says how the matrices are stored.
        vocabulary: of the training text.
        words: word types of the training text, in lower case.
        card: the text of README.md.
        training_ngrams: index of the training text.

    Raises:
        OutputError: the folder cannot be written.
        InternalError: the tensors, the config and the vocabulary do not agree, or a tensor
            holds a value that is not finite.
    """
    folder = Path(folder)
    size = size_of(tensors)
    if config["network"] != asdict(size) or size.symbols != vocabulary.size:
        raise InternalError(
            f"tensors of {size}, a config of {config['network']} and {vocabulary.size} symbols"
        )
    files = {
        MODEL: _model(tensors, config["stored"]),
        VOCABULARY: _vocabulary(vocabulary, words),
    }
    if training_ngrams is not None:
        files[COPIES] = training_ngrams.to_bytes()
    facts = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in files.items()
    }
    files[CARD] = card.encode()
    files[CONFIG] = json.dumps({**config, "files": facts}, indent=2).encode()
    try:
        _replace(folder, files)
    except OSError as error:
        raise OutputError(
            str(folder),
            error.strerror or str(error),
            "a folder that can be written",
            "Choose another folder, or free some space in this one.",
        ) from error


def _model(tensors: Mapping[str, NDArray[Any]], stored: str) -> bytes:
    """Return the content of `model.safetensors`."""
    arrays = {name: np.ascontiguousarray(value, np.float32) for name, value in tensors.items()}
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise InternalError(f"the tensor {name} holds values that are not finite")
    if stored == "int8":
        arrays = tensor_files.quantise(arrays)
    with tensor_files.enough_memory(sum(array.nbytes for array in arrays.values())):
        return safetensors.numpy.save(arrays)


def _vocabulary(vocabulary: Vocabulary | WordVocabulary, words: Iterable[str]) -> bytes:
    """Return the content of `vocab.json`."""
    if isinstance(vocabulary, WordVocabulary):
        lists = {"vocabulary": vocabulary.facts(), "words": sorted(words)}
    else:
        lists = {"characters": list(vocabulary.characters), "words": sorted(words)}
    return json.dumps(lists).encode()


def _replace(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into `.saving/`, then move them over the old ones."""
    saving = folder / SAVING
    folder.mkdir(parents=True, exist_ok=True)
    if (saving / CONFIG).exists():  # an earlier save was complete but not moved: finish it
        _move(saving, folder)
    elif saving.exists():
        shutil.rmtree(saving)
    saving.mkdir()
    for name, content in files.items():
        _write(saving / name, content)
    _move(saving, folder)
    if COPIES not in files:
        (folder / COPIES).unlink(missing_ok=True)  # of the poet before


def _write(path: Path, content: bytes) -> None:
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _move(saving: Path, folder: Path) -> None:
    for name in (MODEL, VOCABULARY, COPIES, CARD, CONFIG):
        if (saving / name).exists():  # otherwise there is none, or it was moved before a crash
            (saving / name).replace(folder / name)
    shutil.rmtree(saving)
