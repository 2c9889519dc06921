"""The poem that `quatrain revise` gets: where it is read from, and its file written again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from quatrain.cli.line_numbers import in_words
from quatrain.cli.options import report_reading, standard_input
from quatrain.cli.streams import echo
from quatrain.errors import OutputError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from quatrain.corpus.poem_file import PoemFile
    from quatrain.records import Poem

DEFAULT_POET = "verse"
"""The shipped poet that revises a poem whose file doesn't say which poet wrote it."""


def read_poem(path: str, number: int, *, keep_all: bool) -> PoemFile:
    """Return a poem by its number, from 1, in its file; note if it is the first of several."""
    from quatrain.corpus import stream_all
    from quatrain.corpus.poem_file import PoemFile
    from quatrain.records import Poem

    stream = None
    if path == "-":
        poems: Iterator[Poem] = iter([standard_input(keep_all=keep_all, exact=True)])
    else:
        poems = stream = stream_all(path, keep_all=keep_all)
    poem = next(poems, Poem(()))
    for place in range(1, number):
        following = next(poems, None)
        if following is None:
            raise SettingsError(
                "--poem", str(number), f"1 to {place}: {path} has no more", "Correct the number."
            )
        poem = following
    if number == 1 and next(poems, None) is not None:
        echo(f"{path} holds several poems: this is the first. --poem 2 takes the next.", err=True)
    if not poem.lines:
        raise SettingsError(path, "no poem", "a poem of at least one line", "Give another file.")
    if stream is None:
        return PoemFile(Path(path), poem)
    report_reading(stream.report)
    return PoemFile.of(Path(poem.source or path), poem)


def default_poet(file: PoemFile) -> Path:
    """Return the poet that wrote a poem, if it is here, else the default one, and say which.

    A poem may come from anywhere: its poet is a shipped one or a folder where you are, no path.
    """
    from quatrain.poet import bundled

    name = file.poet
    plain = bool(name) and name not in {".", ".."} and Path(name).name == name
    if plain and (name in bundled() or (Path(name) / "config.json").is_file()):
        return Path(name)
    why = f"The poet {name!r} isn't here" if name else "The file names no poet"
    echo(f"{why}: {DEFAULT_POET} revises the poem. --poet takes another.", err=True)
    return Path(DEFAULT_POET)


def check_rewritable(path: str, file: PoemFile, lines: Sequence[int]) -> None:
    """Raise before anything is written, which takes a while, if a file can't be rewritten."""
    if path == "-":
        raise SettingsError(
            "--in-place",
            "standard input",
            "a file",
            "Leave it out, and save what is printed.",
            message="--in-place rewrites a file, not standard input.",
        )
    if not Path(path).is_file():
        raise OutputError(
            path,
            "a folder" if Path(path).is_dir() else "no file of your own",
            "one file",
            "Give the file that holds the poem, or leave --in-place out.",
            message=f"--in-place rewrites one file, and {path} is none.",
        )
    file.rewritten(file.poem, lines)
    for place, name in ((file.path, "file"), (file.path.resolve().parent, "folder")):
        if not os.access(place, os.W_OK):
            raise OutputError(
                str(place),
                f"a {name} that is read-only",
                "one that can be written",
                "Change its permissions, or leave --in-place out and save what is printed.",
                message=f"The {name} {place} is read-only.",
            )


def rewrite(file: PoemFile, revised: Poem) -> None:
    """Write another version of a poem into its file, and say where the old file is.

    Raises:
        CorpusError: a line can't be changed in this file.
        OutputError: the file can't be written.
    """
    from quatrain.text_files import replace_file

    pairs = zip(file.poem.lines, revised.lines, strict=True)
    changed = [number for number, (old, new) in enumerate(pairs, 1) if old != new]
    if not changed:
        echo(f"{file.path}: every line is as it was, so nothing was written.", err=True)
        return
    backup = replace_file(file.path, file.content, file.rewritten(revised, changed))
    was = f"The file as it was is {backup}."
    echo(f"{file.path}: {in_words(changed)} rewritten. {was}", err=True)
