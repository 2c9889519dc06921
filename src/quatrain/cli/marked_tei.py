"""`quatrain scan --tei` of a TEI document: scansions written into the document itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from quatrain.cli.streams import echo, echo_bytes

if TYPE_CHECKING:
    from quatrain.corpus.tei.marking import PoemPlaces
    from quatrain.records import RhymeScheme, Scansion


def print_marked(
    path: Path, poems: Iterable[tuple[Scansion, RhymeScheme]], *, keep_all: bool = False
) -> None:
    """Print a TEI document with metre and rhymes added to its lines; tell what has none.

    Args:
        path: the document.
        poems: its poems, scanned.
        keep_all: whether they were read with `keep_all`.
    """
    from quatrain._version import __version__
    from quatrain.corpus.tei.marking import Marking
    from quatrain.page.tei import declarations

    marking = Marking(path, keep_all=keep_all)
    attributes: defaultdict[int, dict[str, str]] = defaultdict(dict)
    without = 0
    for places, (scansion, scheme) in zip(marking.poems, poems, strict=True):
        without += _add(attributes, places, scansion, scheme)
    data = marking.write(
        attributes, lambda prefix, is_p4: declarations(__version__, prefix, is_p4=is_p4)
    )
    echo_bytes(data)
    if marking.present:
        _note(f"attributes (met, real, rhyme) that were there already stay: {marking.present:,}")
    if without:
        _note(f"lines without metre, too long to scan or without an <l> of their own: {without:,}")


def _note(text: str) -> None:
    """Tell something on standard error."""
    echo(f"quatrain: {text}", err=True)


def _add(
    attributes: defaultdict[int, dict[str, str]],
    places: PoemPlaces,
    scansion: Scansion,
    scheme: RhymeScheme,
) -> int:
    """Add the attributes of a poem; return how many lines get none."""
    from quatrain.page.tei import part_marks, rhyme_mark

    if len(places.lines) != len(scansion.lines):
        return len(scansion.lines)
    without = 0
    for parts, line in zip(places.lines, scansion.lines, strict=True):
        marks = part_marks(line, [text for text, _ in parts])
        marked = False
        for (_, element), mark in zip(parts, marks, strict=True):
            if element is not None and mark:
                attributes[element].update(mark)
                marked = True
        without += not marked
    for group, numbers in places.groups.items():
        attributes[group]["rhyme"] = rhyme_mark([scheme.letters[number] for number in numbers])
    return without
