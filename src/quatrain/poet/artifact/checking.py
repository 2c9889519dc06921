"""Checks of the files in a poet's folder, because anybody may have written them.

In: the content of a file. Out: the checked values, or a `PoetError` if training never writes such.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quatrain.corpus.vocabulary import Vocabulary, is_control
from quatrain.corpus.word_vocabulary import WordVocabulary
from quatrain.errors import CorpusError, PoetError
from quatrain.poet.artifact.layout import (
    CONFIG,
    FORMAT,
    FORMAT_VERSION,
    KINDS,
    LIMITS,
    WORDS,
    Size,
    damaged,
)
from quatrain.poet.network import CharacterSize, WordSize
from quatrain.poet.ngram_index import NgramIndex


def json_object(path: Path, content: bytes) -> dict[str, Any]:
    """Return the object that a JSON file holds."""
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise damaged(path, f"no JSON ({error})", "a JSON object") from error
    if not isinstance(parsed, dict):
        raise damaged(path, f"a JSON {type(parsed).__name__}", "a JSON object")
    return parsed


def network_size(path: Path, config: Mapping[str, Any]) -> Size:
    """Return the network's sizes, after checking the format and the kind.

    Args:
        path: of `config.json`, for errors.
        config: its content.
    """
    _check_format(path, config)
    kind = config.get("kind")
    if kind not in KINDS:
        raise PoetError(
            str(path),
            f"a poet of the kind {kind!r:.60}",
            " or ".join(map(repr, KINDS)),
            "Install a newer Quatrain, or give another poet.",
        )
    network, limits = config.get("network"), LIMITS[kind]
    if not isinstance(network, dict) or set(network) != set(limits):
        raise damaged(path, f"the network {network!r}", f"sizes of {', '.join(limits)}")
    for name, (least, most) in limits.items():
        if type(network[name]) is not int or not least <= network[name] <= most:
            raise damaged(
                path, f"the {name} {network[name]!r}", f"a number from {least} to {most:,}"
            )
    return WordSize(**network) if kind == WORDS else CharacterSize(**network)


def _check_format(path: Path, config: Mapping[str, Any]) -> None:
    if config.get("format") != FORMAT:
        raise PoetError(
            str(path),
            f"the format {config.get('format')!r}",
            f"{FORMAT!r}",
            "Give the folder of a poet made with: quatrain train",
        )
    version = config.get("format_version")
    if type(version) is not int or version < 1:
        raise damaged(path, f"the format version {version!r}", f"{FORMAT_VERSION} or less")
    if version > FORMAT_VERSION:
        raise PoetError(
            str(path),
            f"the format version {version}, of a newer Quatrain",
            f"{FORMAT_VERSION} or less",
            "Install a newer Quatrain.",
        )


def choice(path: Path, config: Mapping[str, Any], name: str, choices: tuple[str, ...]) -> str:
    """Return a field that is one of a few words; without it (format 1), the first of them."""
    value = config.get(name, choices[0])
    if value not in choices:
        raise damaged(path, f"the {name} {value!r:.60}", " or ".join(map(repr, choices)))
    return str(value)


def file_facts(path: Path, config: Mapping[str, Any], name: str) -> tuple[int, str]:
    """Return the size in bytes and the sha256 of a file, as `config.json` says."""
    files = config.get("files")
    facts = files.get(name) if isinstance(files, dict) else None
    size, digest = (
        (facts.get("bytes"), facts.get("sha256")) if isinstance(facts, dict) else (None, None)
    )
    if type(size) is not int or not isinstance(digest, str):
        raise damaged(path, f"no size and hash of {name}", "both, under 'files'")
    return size, digest


def compare(path: Path, content: bytes, facts: tuple[int, str]) -> None:
    """Raise `PoetError` if a file is not the one that `config.json` was saved with."""
    size, digest = facts
    if len(content) != size:
        raise damaged(path, f"{len(content):,} bytes", f"{size:,} bytes, as {CONFIG} says")
    actual = hashlib.sha256(content).hexdigest()
    if actual != digest:
        raise damaged(
            path,
            f"altered content (sha256 {actual[:12]}...)",
            f"the content {CONFIG} was saved with (sha256 {digest[:12]}...)",
        )


def vocabulary(
    path: Path, content: bytes, size: Size
) -> tuple[Vocabulary | WordVocabulary, frozenset[str]]:
    """Return the vocabulary and the word types of the training text.

    Args:
        path: of `vocab.json`, for errors.
        content: of `vocab.json`.
        size: of the network, which the vocabulary must fit.
    """
    parsed = json_object(path, content)
    lists = ("words",) if isinstance(size, WordSize) else ("characters", "words")
    for name in lists:
        entries = parsed.get(name)
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            raise damaged(path, f"no list of {name}", "a list of texts")
    words = frozenset(parsed["words"])
    try:
        if isinstance(size, WordSize):
            return _word_vocabulary(path, parsed, size), words
        return _alphabet(path, parsed, size), words
    except CorpusError as error:
        raise damaged(path, error.found, error.wanted) from error


def _alphabet(path: Path, parsed: Mapping[str, Any], size: CharacterSize) -> Vocabulary:
    alphabet = Vocabulary(tuple(parsed["characters"]))
    if alphabet.size != size.alphabet:
        raise damaged(
            path,
            f"an alphabet of {alphabet.size}, special symbols included",
            f"{size.alphabet}, as {CONFIG} says",
        )
    if "\n" not in alphabet.characters:
        raise damaged(path, "an alphabet without a line break", "one with it")
    for character in filter(is_control, alphabet.characters):
        raise PoetError(
            str(path),
            f"the control character U+{ord(character):04X} in the alphabet",
            "characters that a terminal shows and does not obey",
            "Training never makes such an alphabet: take the poet from a source you trust.",
        )
    return alphabet


def _word_vocabulary(path: Path, parsed: Mapping[str, Any], size: WordSize) -> WordVocabulary:
    facts = parsed.get("vocabulary")
    if not isinstance(facts, dict):
        raise damaged(path, "no vocabulary", "one of words")
    words = WordVocabulary.from_facts(facts)
    for name, actual, expected in (
        ("words", words.size, size.vocabulary),
        ("letters", words.letters, size.letters),
    ):
        if actual != expected:
            raise damaged(
                path,
                f"{actual:,} {name}, special symbols included",
                f"{expected:,}, as {CONFIG} says",
            )
    return words


def ngram_index(path: Path, content: bytes) -> NgramIndex:
    """Return the index of the training text."""
    try:
        return NgramIndex.from_bytes(content)
    except ValueError as error:
        raise damaged(path, f"no index ({error})", "one of runs of words") from error
