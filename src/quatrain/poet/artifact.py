"""A poet's folder, written whole and read with distrust.

    config.json        what the poet is, the size and hash of the others, and where it comes from
    model.safetensors  the tensors, named as in `network.Size.shapes` or `word_network.WordSize`,
                       in float32, or matrices in 8 bits with a scale for each row
    vocab.json         its alphabet or its words, and the words of the texts it was trained on
    copies.safetensors which runs of words stand in these texts, as hashes; may be missing
    README.md          the card: the same facts for people; not read back, so it may be edited

Saving first writes the new files to `.saving/` inside the folder, `config.json`
last, and then moves them over the old ones, `config.json` last again. While
`.saving/config.json` is there, the new poet is complete: what `.saving/` holds
counts, and what it no longer holds has been moved. A crash at any point
therefore leaves the old poet or the new one, never half of each.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from quatrain.corpus.vocabulary import Vocabulary, is_control
from quatrain.corpus.word_vocabulary import WordVocabulary
from quatrain.errors import CorpusError, InternalError, OutputError, PoetError
from quatrain.poet import tensors as tensor_files
from quatrain.poet.copy_index import NgramIndex
from quatrain.poet.network import Size
from quatrain.poet.tensors import RESTORE
from quatrain.poet.word_network import WordSize

FORMAT = "quatrain-poet"
FORMAT_VERSION = 2
CHARACTERS, WORDS = "character-lstm", "word-cnn-lstm"
KINDS = (CHARACTERS, WORDS)
CONFIG, MODEL, VOCABULARY, CARD = "config.json", "model.safetensors", "vocab.json", "README.md"
COPIES = "copies.safetensors"
FILES = (CONFIG, MODEL, VOCABULARY, COPIES, CARD)
SAVING = ".saving"

_CONFIG_BYTES = 4 * 2**20
_VOCABULARY_BYTES = 64 * 2**20
_COPIES_BYTES = 8 * 2**20
_HEADER_BYTES = 2**20
_LIMITS: dict[str, dict[str, tuple[int, int]]] = {
    CHARACTERS: {
        "alphabet": (1, 65_536),
        "embedding": (1, 16_384),
        "hidden": (1, 16_384),
        "layers": (1, 64),
    },
    WORDS: {
        "vocabulary": (1, 65_536),
        "letters": (1, 65_536),
        "embedding": (1, 1024),
        "filters": (1, 1024),
        "widths": (1, 12),
        "highway": (0, 16),
        "hidden": (1, 16_384),
        "layers": (1, 64),
        "projection": (1, 16_384),
    },
}
"""Least and most of every size of a network, by kind."""

_DIRECTIONS = ("forward", "reversed")
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a poet's folder holds, checked.

    Attributes:
        folder: where it was read.
        config: all of `config.json`.
        kind: `CHARACTERS` or `WORDS`.
        tensors: name -> float32 array, as in the size's `shapes`.
        vocabulary: the alphabet, or the words.
        words: word types of the training text, in lower case.
        direction: "forward", or "reversed" if lines are read from their end.
        training_ngrams: index of the runs of words in the training text; None if it has none.
    """

    folder: Path
    config: Mapping[str, Any]
    kind: str
    tensors: Mapping[str, NDArray[np.float32]]
    vocabulary: Vocabulary | WordVocabulary
    words: frozenset[str]
    direction: str
    training_ngrams: NgramIndex | None = None


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
    """The facts of `config.json`; `save` adds the hashes of the files.

    Args:
        version: of Quatrain.
        tensors: the network's; only their shapes are looked at.
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


def size_of(tensors: Mapping[str, NDArray[Any]]) -> Size | WordSize:
    """Read the sizes of a network off its tensors.

    Raises:
        InternalError: the tensors are not those of a poet.
    """
    kind = WordSize if "letters.weight" in tensors else Size
    size: Size | WordSize
    try:
        size = kind.of(tensors)
    except (KeyError, ValueError, IndexError):
        raise InternalError(f"no poet has the tensors {sorted(tensors)}") from None
    found = {name: tensor.shape for name, tensor in tensors.items()}
    if found != size.shapes:
        raise InternalError(f"tensors of the shapes {found} where {size.shapes} were expected")
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
        folder: made, with its parents, if it is not there.
        tensors: name -> array, as in the size's `shapes`.
        config: from `describe`; its `stored` says how the tensors are kept.
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
    if config["network"] != asdict(size) or _symbols(size) != vocabulary.size:
        raise InternalError(
            f"tensors of {size}, a config of {config['network']} and {vocabulary.size} symbols"
        )
    stored = {name: np.ascontiguousarray(value, np.float32) for name, value in tensors.items()}
    for name, value in stored.items():
        if not np.isfinite(value).all():
            raise InternalError(f"the tensor {name} holds values that are not finite")
    if config["stored"] == "int8":
        stored = tensor_files.quantised(stored)
    if isinstance(vocabulary, WordVocabulary):
        lists = {"vocabulary": vocabulary.facts(), "words": sorted(words)}
    else:
        lists = {"characters": list(vocabulary.characters), "words": sorted(words)}
    files = {MODEL: safetensors.numpy.save(stored), VOCABULARY: json.dumps(lists).encode()}
    if training_ngrams is not None:
        files[COPIES] = training_ngrams.to_bytes()
    facts = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in files.items()
    }
    files[CARD] = card.encode()
    files[CONFIG] = json.dumps({**config, "files": facts}, indent=2).encode()
    saving = folder / SAVING
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (saving / CONFIG).exists():
            _move(saving, folder)
        elif saving.exists():
            shutil.rmtree(saving)
        saving.mkdir()
        for name, content in files.items():
            _write(saving / name, content)
        _move(saving, folder)
        if training_ngrams is None:
            (folder / COPIES).unlink(missing_ok=True)  # of the poet before
    except OSError as error:
        raise OutputError(
            str(folder),
            error.strerror or str(error),
            "a folder that can be written",
            "Choose another folder, or make room in this one.",
        ) from error


def _symbols(size: Size | WordSize) -> int:
    """How many symbols a network of this size scores."""
    return size.vocabulary if isinstance(size, WordSize) else size.alphabet


def _write(path: Path, content: bytes) -> None:
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _move(saving: Path, folder: Path) -> None:
    for name in (MODEL, VOCABULARY, COPIES, CARD, CONFIG):
        if (saving / name).exists():  # else moved before a crash, or there is none
            (saving / name).replace(folder / name)
    shutil.rmtree(saving)


def is_poet(folder: Path) -> bool:
    """Return whether a folder's `config.json` says that it holds a poet, and check no more."""
    try:
        if not (folder / CONFIG).is_file():  # opening a pipe would wait for its other end
            return False
        with (folder / CONFIG).open(encoding="utf-8") as file:
            return bool(json.loads(file.read(_CONFIG_BYTES)).get("format") == FORMAT)
    except (OSError, ValueError, AttributeError, RecursionError):
        return False


def load(folder: str | Path) -> Artifact:
    """Read and check a poet's folder. Nothing in it is ever executed.

    A folder that a training run saves into at this moment is read again.

    Raises:
        PoetError: there is no poet, or it is damaged, of another kind or too new.
    """
    folder = Path(folder)
    for _ in range(_ATTEMPTS):
        config = _read(folder, CONFIG, _CONFIG_BYTES)
        try:
            return _checked(folder, config)
        except PoetError:
            if _read(folder, CONFIG, _CONFIG_BYTES) == config:
                raise
    return _checked(folder, _read(folder, CONFIG, _CONFIG_BYTES))


def _checked(folder: Path, content: bytes) -> Artifact:
    config = _parsed(folder / CONFIG, content)
    size = _network(folder, config)
    limits = {MODEL: 4 * size.parameters + _HEADER_BYTES, VOCABULARY: _VOCABULARY_BYTES}
    if isinstance(config.get("files"), dict) and COPIES in config["files"]:
        limits[COPIES] = _COPIES_BYTES
    contents = {}
    for name, most in limits.items():
        facts = _facts(folder, config, name)
        contents[name] = _read(folder, name, most)
        _compare(folder / name, contents[name], facts)
    vocabulary, words = _vocabulary(folder / VOCABULARY, contents[VOCABULARY], size)
    direction = _word(folder, config, "direction", _DIRECTIONS)
    stored = _word(folder, config, "stored", tensor_files.STORED)
    tensors = tensor_files.read(folder / MODEL, contents[MODEL], size, stored)
    ngrams = _ngrams(folder / COPIES, contents[COPIES]) if COPIES in contents else None
    return Artifact(folder, config, config["kind"], tensors, vocabulary, words, direction, ngrams)


def _ngrams(path: Path, content: bytes) -> NgramIndex:
    try:
        return NgramIndex.from_bytes(content)
    except ValueError as error:
        raise PoetError(
            str(path), f"no index ({error})", "one of runs of words", RESTORE
        ) from error


def _word(folder: Path, config: Mapping[str, Any], name: str, known: tuple[str, ...]) -> str:
    """One of a few words; a poet of format 1 has the first without saying so."""
    value = config.get(name, known[0])
    if value not in known:
        wanted = " or ".join(map(repr, known))
        raise PoetError(str(folder / CONFIG), f"the {name} {value!r:.60}", wanted, RESTORE)
    return str(value)


def _read(folder: Path, name: str, most: int) -> bytes:
    """The content of a file of the poet, from a finished save or from the folder itself."""
    path = folder / name
    try:
        if (folder / SAVING / CONFIG).exists():
            with contextlib.suppress(FileNotFoundError):
                return _content(folder / SAVING / name, most)
        return _content(path, most)
    except (FileNotFoundError, NotADirectoryError):
        if folder.is_dir() and name != CONFIG:
            found = "no such file"
            raise PoetError(str(path), found, "a file of the poet", RESTORE) from None
        if folder.is_dir():
            found, remedy = f"no {CONFIG} in the folder", "Give the folder that holds it."
        elif folder.exists():
            found, remedy = "a file", f"Give the folder that holds {CONFIG}."
        else:
            found, remedy = "no such folder", "Check the path."
        raise PoetError(
            str(folder), found, "a poet's folder", f"{remedy} A poet is made with: quatrain train"
        ) from None
    except OSError as error:
        raise PoetError(
            str(path), error.strerror or str(error), "a file that can be read", RESTORE
        ) from error


def _content(path: Path, most: int) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):  # to open a pipe is to wait for its other end
        raise PoetError(str(path), "no regular file", "a file of the poet", RESTORE)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            raise PoetError(str(path), f"{size:,} bytes", f"at most {most:,} bytes", RESTORE)
        return file.read(size + 1)  # one more, so that what grows meanwhile has another size


def _parsed(path: Path, content: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise PoetError(str(path), f"no JSON ({error})", "a JSON object", RESTORE) from error
    if not isinstance(parsed, dict):
        found = f"a JSON {type(parsed).__name__}"
        raise PoetError(str(path), found, "a JSON object", RESTORE)
    return parsed


def _network(folder: Path, config: Mapping[str, Any]) -> Size | WordSize:
    path = str(folder / CONFIG)
    if config.get("format") != FORMAT:
        raise PoetError(
            path,
            f"the format {config.get('format')!r}",
            f"{FORMAT!r}",
            "Give the folder of a poet made with: quatrain train",
        )
    version = config.get("format_version")
    if type(version) is not int or version < 1:
        raise PoetError(
            path, f"the format version {version!r}", f"{FORMAT_VERSION} or less", RESTORE
        )
    if version > FORMAT_VERSION:
        raise PoetError(
            path,
            f"the format version {version}, of a newer Quatrain",
            f"{FORMAT_VERSION} or less",
            "Upgrade with: pip install --upgrade quatrain",
        )
    kind = config.get("kind")
    if kind not in KINDS:
        raise PoetError(
            path,
            f"a poet of the kind {kind!r:.60}",
            " or ".join(map(repr, KINDS)),
            "Upgrade with: pip install --upgrade quatrain, or give another poet.",
        )
    network, limits = config.get("network"), _LIMITS[kind]
    if not isinstance(network, dict) or set(network) != set(limits):
        raise PoetError(path, f"the network {network!r}", f"sizes of {', '.join(limits)}", RESTORE)
    for name, (least, most) in limits.items():
        if type(network[name]) is not int or not least <= network[name] <= most:
            raise PoetError(
                path,
                f"the {name} {network[name]!r}",
                f"a number from {least} to {most:,}",
                RESTORE,
            )
    return WordSize(**network) if kind == WORDS else Size(**network)


def _facts(folder: Path, config: Mapping[str, Any], name: str) -> tuple[int, str]:
    files = config.get("files")
    facts = files.get(name) if isinstance(files, dict) else None
    size, digest = (
        (facts.get("bytes"), facts.get("sha256")) if isinstance(facts, dict) else (None, None)
    )
    if type(size) is not int or not isinstance(digest, str):
        raise PoetError(
            str(folder / CONFIG), f"no size and hash of {name}", "both, under 'files'", RESTORE
        )
    return size, digest


def _compare(path: Path, content: bytes, facts: tuple[int, str]) -> None:
    size, digest = facts
    if len(content) != size:
        raise PoetError(
            str(path), f"{len(content):,} bytes", f"{size:,} bytes, as {CONFIG} says", RESTORE
        )
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise PoetError(
            str(path),
            f"altered content (sha256 {found[:12]}...)",
            f"the content {CONFIG} was saved with (sha256 {digest[:12]}...)",
            RESTORE,
        )


def _vocabulary(
    path: Path, content: bytes, size: Size | WordSize
) -> tuple[Vocabulary | WordVocabulary, frozenset[str]]:
    parsed = _parsed(path, content)
    lists = ("words",) if isinstance(size, WordSize) else ("characters", "words")
    for name in lists:
        entries = parsed.get(name)
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            raise PoetError(str(path), f"no list of {name}", "a list of texts", RESTORE)
    if isinstance(size, WordSize):
        return _word_vocabulary(path, parsed, size), frozenset(parsed["words"])
    try:
        vocabulary = Vocabulary(tuple(parsed["characters"]))
    except CorpusError as error:
        raise PoetError(str(path), error.found, error.wanted, RESTORE) from error
    if vocabulary.size != size.alphabet:
        raise PoetError(
            str(path),
            f"an alphabet of {vocabulary.size}, special symbols included",
            f"{size.alphabet}, as {CONFIG} says",
            RESTORE,
        )
    if "\n" not in vocabulary.characters:
        raise PoetError(str(path), "an alphabet without a line break", "one with it", RESTORE)
    for character in filter(is_control, vocabulary.characters):
        raise PoetError(
            str(path),
            f"the control character U+{ord(character):04X} in the alphabet",
            "characters that a terminal shows and does not obey",
            "No training makes such an alphabet: take the poet from a source you trust.",
        )
    return vocabulary, frozenset(parsed["words"])


def _word_vocabulary(path: Path, parsed: Mapping[str, Any], size: WordSize) -> WordVocabulary:
    facts = parsed.get("vocabulary")
    if not isinstance(facts, dict):
        raise PoetError(str(path), "no vocabulary", "one of words", RESTORE)
    try:
        vocabulary = WordVocabulary.from_facts(facts)
    except CorpusError as error:
        raise PoetError(str(path), error.found, error.wanted, RESTORE) from error
    for name, found, wanted in (
        ("words", vocabulary.size, size.vocabulary),
        ("letters", vocabulary.letters, size.letters),
    ):
        if found != wanted:
            raise PoetError(
                str(path),
                f"{found:,} {name}, special symbols included",
                f"{wanted:,}, as {CONFIG} says",
                RESTORE,
            )
    return vocabulary
