"""The files that several pictures are drawn to, from one name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from quatrain.errors import OutputError
from quatrain.page.figures.drawing import SUFFIXES, check_path
from quatrain.records import Picture


def picture_files(pictures: Sequence[Picture], figure: Path) -> tuple[Path, ...]:
    """Return a file for each picture.

    One picture is drawn to the file. Of several, each is drawn to STEM-NAME, with the picture's
    name, and what the name repeats of the stem is left out: `flow.png` gives `flow-cell.png` for
    the picture "flow-cell". In a folder, each file is the picture's name, as PNG.

    Args:
        pictures: the pictures.
        figure: a file, or a folder that exists.

    Raises:
        OutputError: no picture can be drawn there.
    """
    if figure.is_dir() and figure.suffix.lower() not in SUFFIXES:
        names = (f"{picture.name}.png" for picture in pictures)
        return tuple(figure / name for name in _distinct(names))
    check_figure(figure)
    if len(pictures) == 1:
        return (figure,)
    stem = figure.stem
    short = [_without(stem, picture.name) for picture in pictures]
    if len(set(short)) < len(short):
        short = [picture.name for picture in pictures]
    names = (f"{stem}-{name}{figure.suffix}" if name else figure.name for name in short)
    return tuple(figure.with_name(name) for name in _distinct(names))


def check_figure(figure: Path) -> None:
    """Check before a long computation that pictures can be drawn there.

    Raises:
        OutputError: it is neither a folder that exists nor a file that a picture can be drawn to.
    """
    if figure.is_dir() and figure.suffix.lower() not in SUFFIXES:
        return
    if not figure.suffix:
        raise OutputError(
            f"the picture {figure}",
            "no suffix, and no folder of that name",
            f"a file that ends in {' or '.join(SUFFIXES)}, or a folder that exists",
            f"Write {figure}.png, or create the folder first.",
        )
    check_path(figure)


def _without(stem: str, name: str) -> str:
    """Return a name without the stem at its beginning or its end."""
    if name == stem:
        return ""
    return name.removeprefix(f"{stem}-").removesuffix(f"-{stem}")


def _distinct(names: Iterator[str]) -> Iterator[str]:
    """Yield names; one that occurs again gets a number."""
    taken: set[str] = set()
    for name in names:
        path, number = Path(name), 1
        while path.name in taken:
            number += 1
            path = Path(name).with_stem(f"{Path(name).stem}-{number}")
        taken.add(path.name)
        yield path.name
