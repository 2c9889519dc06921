"""Finding and opening a poet of either kind, by its folder or by the name of a shipped one.

In: a path or a name. Out: a `CharacterPoet` or a `WordPoet`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from quatrain.corpus.word_vocabulary import WordVocabulary
from quatrain.errors import PoetError
from quatrain.poet import artifact
from quatrain.poet.poet import CharacterPoet
from quatrain.poet.word_poet import WordPoet
from quatrain.records import PoetSummary


def shipped() -> dict[str, Path]:
    """The poets that come with Quatrain: name -> folder, in order of name."""
    room = Path(str(resources.files("quatrain.poet"))) / "shipped"
    return {path.parent.name: path.parent for path in sorted(room.glob(f"*/{artifact.CONFIG}"))}


def found(given: str | Path) -> Path:
    """The folder of a poet given by its path, or by the name of a shipped one.

    A poet's folder of that name in the present one goes first.

    Raises:
        PoetError: neither is there.
    """
    path = Path(given)
    ours = shipped()
    if path.exists() and (artifact.is_poet(path) or str(given) not in ours):
        return path
    if str(given) in ours:
        return ours[str(given)]
    named = f" Shipped are: {', '.join(ours)}." if ours else ""
    raise PoetError(
        str(given),
        "no such folder",
        "a poet's folder, or the name of a shipped poet",
        f"Check the path. A poet is made with: quatrain train.{named}",
    )


def shipped_words() -> WordVocabulary:
    """The words of the shipped poets of words, and how they stand on the page."""
    path = shipped()["verse"] / artifact.VOCABULARY
    facts = json.loads(path.read_text(encoding="utf-8"))
    return WordVocabulary.from_facts(facts["vocabulary"])


def opened(given: str | Path) -> CharacterPoet | WordPoet:
    """Open a poet of either kind.

    Raises:
        PoetError: there is no poet, or it is damaged or too new.
    """
    read = artifact.load(found(given))
    kind = WordPoet if isinstance(read.vocabulary, WordVocabulary) else CharacterPoet
    return kind.of(read)


def summaries(folder: str | Path = ".") -> list[PoetSummary]:
    """The shipped poets, and those in a folder or up to two levels below it.

    Each is opened and checked; one that cannot be says why.

    Raises:
        PoetError: there is no such folder.
    """
    if not Path(folder).is_dir():
        found = "a file" if Path(folder).exists() else "no such folder"
        raise PoetError(str(folder), found, "a folder to look for poets in", "Check the path.")
    return [
        *(_summary(name, path, shipped=True) for name, path in shipped().items()),
        *(_summary(str(path), path, shipped=False) for path in _nearby(Path(folder))),
    ]


def _summary(name: str, path: Path, *, shipped: bool) -> PoetSummary:
    try:
        read = artifact.load(path)
    except PoetError as error:
        return PoetSummary(name, shipped, trouble=f"got {error.found}; {error.remedy}")
    corpus, score = read.config.get("corpus", {}), read.config.get("validation", {})
    title = corpus.get("name") if isinstance(corpus, dict) else None
    bits = score.get("bits_per_character") if isinstance(score, dict) else None
    return PoetSummary(
        name=name,
        shipped=shipped,
        kind="words" if read.kind == artifact.WORDS else "characters",
        direction=read.direction,
        parameters=sum(tensor.size for tensor in read.tensors.values()),
        corpus=str(title or ""),
        bits_per_character=float(bits) if isinstance(bits, int | float) else None,
        megabytes=sum((path / file).stat().st_size for file in artifact.FILES
                      if (path / file).exists()) / 1e6,
    )  # fmt: skip


def _nearby(folder: Path) -> Iterator[Path]:
    """The poets' folders in a folder, itself or one or two levels below, in order."""
    for pattern in (artifact.CONFIG, f"*/{artifact.CONFIG}", f"*/*/{artifact.CONFIG}"):
        for path in sorted(folder.glob(pattern)):
            if path.is_file() and artifact.is_poet(path.parent):
                yield path.parent
