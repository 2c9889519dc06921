"""Reading uploaded texts, in a worker."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from quatrain.config import Cleaning, Split
from quatrain.corpus import read, statistics, stream
from quatrain.errors import CorpusError, UserError
from quatrain.page import corpus as corpus_page
from quatrain.studio.training.names import without_options
from quatrain.train import size

_MOST_REASONS = 40
"""Files that a report names because they can't be read."""

_SYMBOLS = 4
"""The line break and three symbols, which every character-level poet has besides its alphabet."""


def read_texts(folder: str, most_characters: int) -> dict[str, Any]:
    """Read the files of a folder, remove those that can't be read, and report on them.

    Args:
        folder: of the files.
        most_characters: of verse in all.

    Returns:
        The report, `page.corpus.as_record`, its "not_read" with the reasons.

    Raises:
        CorpusError: none of the files can be read, or they hold no verse or too much.
    """
    root = Path(folder)
    refused: list[str] = []
    try:
        with_verse, skipped = _measure(root, most_characters)
    except CorpusError as error:
        refused = _remove_unreadable(root, most_characters)
        if not refused:
            raise _without_folder(error, folder) from error
        if not any(root.iterdir()):
            raise CorpusError(
                "the upload",
                "no file that can be read",
                "at least one text",
                "",
                message="None of the files can be read. " + " ".join(refused[:_MOST_REASONS]),
            ) from error
        with_verse, skipped = _measure(root, most_characters)
    for path in sorted(root.iterdir()):
        if path.name not in with_verse:
            refused += [] if path.name in skipped else [f"{path.name}: it holds no verse"]
            path.unlink()
    refused += skipped.values()
    try:
        counts = statistics(read(root))
    except UserError as error:
        raise _without_folder(error, folder) from error
    plan = size.propose(
        round(counts.characters * (1 - Split().validation)), len(counts.alphabet) + _SYMBOLS
    )
    record = corpus_page.as_record(counts, [*map(without_options, plan.reasons)], root=folder)
    record["not_read"] = [*refused[:_MOST_REASONS], *record["not_read"]]
    return record


def _measure(source: Path, most_characters: int) -> tuple[set[str], dict[str, str]]:
    """Read a source in bounded memory, to see that it can be read and is not too much.

    A compressed file may hold a thousand times what its size says.

    Returns:
        The names of the files with verse, and of those that are skipped, each with the reason.

    Raises:
        CorpusError: it can't be read, or holds too much.
    """
    characters, with_verse = 0, set()
    poems = stream(source, cleaning=Cleaning(drop_duplicates=False))
    try:
        for poem in poems:
            with_verse.add(Path(poem.source).name)
            characters += len(poem.text)
            if characters > most_characters:
                raise CorpusError(
                    "the texts",
                    f"more than {most_characters:,} characters",
                    f"at most {most_characters:,}",
                    "Upload a part of them.",
                    message=f"The texts have more than {most_characters:,} characters.",
                )
        skipped = {
            path.name: reason
            for reason in poems.report.skipped_names
            for path in (source.iterdir() if source.is_dir() else ())
            if reason.startswith(f"{path.name} (")
        }
    finally:
        poems.close()
    return with_verse, skipped


def _remove_unreadable(root: Path, most_characters: int) -> list[str]:
    """Remove the files that can't be read each by itself; return why, a sentence for each."""
    refused = []
    for path in sorted(root.iterdir()):
        try:
            _measure(path, most_characters)
        except UserError as error:
            refused.append(without_options(str(_without_folder(error, str(root)))))
            path.unlink()
    return refused


def _without_folder(error: UserError, folder: str) -> UserError:
    """Return an error whose sentences name files, and not where the server keeps them."""

    def shown(text: str) -> str:
        return text.replace(f"{folder}{os.sep}", "").replace(folder, "the upload")

    return type(error)(
        shown(error.where),
        shown(error.found),
        error.wanted,
        shown(error.remedy),
        message=shown(error.message),
    )
