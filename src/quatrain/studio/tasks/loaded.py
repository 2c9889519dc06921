"""Models and data that a worker process keeps, each loaded on first use."""

from __future__ import annotations

from functools import cache, lru_cache

from quatrain.errors import PoetError
from quatrain.form import check_draft
from quatrain.records import Poem
from quatrain.sound import Ear, Rhymer, Scanner, Schemer
from quatrain.word_search import word_panel
from quatrain.write import CharacterWriter, WordWriter, load

FIRST_POET = "verse"
"""Poet that is loaded before anyone asks."""

_MOST_POETS = 4
"""Poets that a process keeps loaded; one takes up to 100 MB."""


@cache
def ear() -> Ear:
    """Return the ear, which has the lexicon."""
    return Ear()


@cache
def scanner() -> Scanner:
    """Return the scanner."""
    return Scanner(ear())


@cache
def schemer() -> Schemer:
    """Return the finder of rhyme schemes."""
    return Schemer(Rhymer(ear()))


@lru_cache(maxsize=_MOST_POETS)
def poet(name: str) -> CharacterWriter | WordWriter:
    """Return a poet, by its name or its folder.

    Raises:
        PoetError: there is no such poet, or it can't be opened.
    """
    return load(name)


def load_checker() -> None:
    """Load what checks and scans need, and use it once."""
    lines = ["The lamps are lit along the harbour wall,", "I hear the evening tide begin to call."]
    check_draft(lines, "heroic-couplets")
    check_draft(lines)
    poem = Poem.from_lines(lines)
    scanner().scan(poem)
    schemer().scheme(poem)


def load_first_poet() -> None:
    """Load the first poet and what it needs to write in a form."""
    try:
        generation = poet(FIRST_POET).begin(form="heroic-couplets", seed=0)
    except PoetError:  # no poet is installed; a request that needs one says so
        return
    next(generation.pieces())


def load_words() -> None:
    """Load what the panel of a word needs, with the first poet if it is there."""
    try:
        word_panel("harbour", poet=poet(FIRST_POET))
    except PoetError:
        return
