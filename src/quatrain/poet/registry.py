"""Finding poets: by folder, by the name of a shipped poet, or in a folder of folders.

In: a path or a name. Out: a poet's folder, or a summary of every poet at hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from quatrain.corpus.word_vocabulary import WordVocabulary
from quatrain.errors import PoetError
from quatrain.poet import artifact
from quatrain.records import Listing, PoetSummary


def bundled() -> dict[str, Path]:
    """Return the poets that come with Quatrain, name -> folder, sorted by name."""
    root = Path(str(resources.files("quatrain.poet"))) / "shipped"
    return {path.parent.name: path.parent for path in sorted(root.glob(f"*/{artifact.CONFIG}"))}


def resolve(poet: str | Path) -> Path:
    """Return the folder of a poet, from its path or the name of a shipped one.

    A poet's folder of that name in the current directory comes first.

    Raises:
        PoetError: there is neither.
    """
    if not isinstance(poet, str | Path):
        raise PoetError(
            "the poet",
            f"{poet!r:.60}",
            "the name of a poet, or its folder",
            "Write for example quatrain.load('verse').",
        )
    path, name = Path(poet), str(poet)
    shipped = bundled()
    if path.exists() and (name not in shipped or artifact.is_poet(path)):
        return path
    if name in shipped:
        return shipped[name]
    names = f" Shipped poets: {', '.join(shipped)}." if shipped else ""
    raise PoetError(
        name,
        "no such folder",
        "a poet's folder, or the name of a shipped poet",
        f"Check the path, or train a poet with: quatrain train.{names}",
        message=f"There is no poet {name!r}: no folder and no shipped poet has that name.",
    )


def bundled_words() -> WordVocabulary:
    """Return the vocabulary of the shipped word-level poets."""
    path = bundled()["verse"] / artifact.VOCABULARY
    facts = json.loads(path.read_text(encoding="utf-8"))
    return WordVocabulary.from_facts(facts["vocabulary"])


def list_poets(folder: str | Path = ".") -> Listing[PoetSummary]:
    """Return the shipped poets, and those in a folder or up to two levels below it.

    Each is opened and checked; the summary of one that can't be opened says why.

    Raises:
        PoetError: there is no such folder.
    """
    root = Path(folder)
    if not root.is_dir():
        problem = "is a file, not a folder" if root.exists() else "does not exist"
        raise PoetError(
            str(folder),
            "a file" if root.exists() else "no such folder",
            "a folder to look for poets in",
            "Check the path.",
            message=f"{folder} {problem}.",
        )
    return Listing(
        [
            *(_summary(name, path, shipped=True) for name, path in bundled().items()),
            *(_summary(str(path), path, shipped=False) for path in _poets_below(root)),
        ]
    )


def _summary(name: str, path: Path, *, shipped: bool) -> PoetSummary:
    try:
        files = artifact.load(path)
    except PoetError as error:
        return PoetSummary(name, shipped, trouble=f"got {error.found}; {error.remedy}")
    corpus, score = files.config.get("corpus", {}), files.config.get("validation", {})
    title = corpus.get("name") if isinstance(corpus, dict) else None
    bits = score.get("bits_per_character") if isinstance(score, dict) else None
    sizes = [(path / file).stat().st_size for file in artifact.FILES if (path / file).exists()]
    return PoetSummary(
        name=name,
        shipped=shipped,
        kind="words" if files.kind == artifact.WORDS else "characters",
        direction=files.direction,
        parameters=sum(tensor.size for tensor in files.tensors.values()),
        corpus=str(title or ""),
        bits_per_character=float(bits) if isinstance(bits, int | float) else None,
        megabytes=sum(sizes) / 1e6,
    )


def _poets_below(folder: Path) -> Iterator[Path]:
    """Yield the poets' folders in a folder: itself, or one or two levels below, sorted."""
    for pattern in (artifact.CONFIG, f"*/{artifact.CONFIG}", f"*/*/{artifact.CONFIG}"):
        for path in sorted(folder.glob(pattern)):
            if path.is_file() and artifact.is_poet(path.parent):
                yield path.parent
