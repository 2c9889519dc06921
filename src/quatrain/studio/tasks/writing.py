"""Writing as tasks: lines for empty places, other lines, other words.

A document comes as `schemas.Document` dumps it, but for its poets: pairs of the name that was asked
for and the folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from quatrain.errors import SettingsError
from quatrain.records import Poem
from quatrain.studio.tasks import loaded
from quatrain.studio.workers.stopping import ORDERS
from quatrain.write import WriteOptions, Writer, fill

Event = dict[str, Any]
"""Name and data of a server-sent event."""


def write(document: dict[str, Any], only: list[int] | None, seed: int | None) -> Iterator[Event]:
    """Yield the lines for the empty places of a document, each as it is found.

    Args:
        document: the document.
        only: numbers of the lines to write, or None for all that are empty.
        seed: of what is drawn at random, or None to draw one.

    Raises:
        SettingsError: a line that should be written is locked.
    """
    locked = [n for n, line in enumerate(document["lines"], 1) if line["locked"]]
    for number in only or ():
        if number in locked:
            raise SettingsError(
                "only",
                f"line {number}, which is locked",
                "lines that may be changed",
                "Unlock it, or leave it out.",
                message=f"Line {number} is locked.",
            )
    if only is None and locked:
        only = _empty_places(document)
    poets, names = _poets(document)
    filling = fill(poets, _texts(document), _options(document, seed), only=only, stop=_stop_asked)
    reported = lines = 0
    while True:
        line = next(filling, None)
        for note in filling.notes[reported:]:
            yield _event("note", message=note)
        reported = len(filling.notes)
        if line is None:
            break
        lines += 1
        by = names.get(line.poet, line.poet)
        yield _event("line", number=line.number, text=line.text, by=by)
    yield _event("done", seed=filling.seed, lines=lines)


def line_alternatives(
    document: dict[str, Any], number: int, count: int, begin: str, seed: int | None
) -> Iterator[Event]:
    """Yield other lines for one of a document, each as it is found.

    Several poets take turns, each with a share of the lines.

    Args:
        document: the document.
        number: of the line, from 1.
        count: most lines.
        begin: text that each begins with.
        seed: of what is drawn at random, or None to draw one.
    """
    poets, names = _poets(document)
    options = _options(document, seed)
    seed = options.seed_or_random()
    options = _options(document, seed)
    yielded: set[str] = set()
    for turn, poet in enumerate(poets[:count]):
        share = count // len(poets) + (turn < count % len(poets))
        found = poet.line_alternatives(
            _texts(document), number, options, count=max(1, share), begin=begin, stop=_stop_asked
        )
        for other in found:
            if other.text in yielded:
                continue
            yielded.add(other.text)
            by = names.get(other.poet, other.poet)
            yield _event("alternative", text=other.text, by=by, differs=other.differs)
    yield _event("done", seed=seed, lines=len(yielded))


def word_alternatives(document: dict[str, Any], number: int, word: int, count: int) -> str:
    """Return other words for one of a line, with which the poem keeps its form.

    Args:
        document: the document.
        number: of the line, from 1.
        word: number of the word in the line, from 1.
        count: most words.

    Raises:
        SettingsError: there is no such line or word, or the line is locked or empty.
        FormError: another line breaks the form, or no other word fits.
    """
    place, row = _place(document, number)
    poets, _ = _poets(document)
    others = poets[0].alternatives(
        row, place, word, count=count, form=document["form"] or "free-verse"
    )
    alternatives = [
        {
            "word": other.word,
            "text": other.poem.lines[place - 1].text,
            "difference": round(other.difference, 3),
        }
        for other in others
    ]
    return json.dumps({"alternatives": alternatives})


def _place(document: dict[str, Any], number: int) -> tuple[int, Poem]:
    """Return the number of a line among those that are written, and these as a poem."""
    lines = document["lines"]
    if number > len(lines) or not lines[number - 1]["text"].strip() or lines[number - 1]["locked"]:
        state = "locked" if number <= len(lines) and lines[number - 1]["locked"] else "not written"
        raise SettingsError(
            "line",
            f"line {number}, which is {state}",
            "a line with words that may be changed",
            "Choose another line.",
            message=f"Line {number} is {state}.",
        )
    rows = [line["text"] for line in lines if line["text"].strip()]
    place = sum(bool(line["text"].strip()) for line in lines[:number])
    return place, Poem.from_lines(rows)


def _poets(document: dict[str, Any]) -> tuple[list[Writer], dict[str, str]]:
    """Return the poets of a document, and their own names -> the names they were asked by."""
    poets: list[Writer] = [loaded.poet(folder) for _, folder in document["muses"]]
    names = {poet.name: name for poet, (name, _) in zip(poets, document["muses"], strict=True)}
    return poets, names


def _texts(document: dict[str, Any]) -> list[str]:
    return [line["text"] for line in document["lines"]]


def _empty_places(document: dict[str, Any]) -> list[int]:
    """Return the numbers of the lines that are empty and not locked."""
    return [
        number
        for number, line in enumerate(document["lines"], 1)
        if not line["text"].strip() and not line["locked"]
    ]


def _options(document: dict[str, Any], seed: int | None) -> WriteOptions:
    """Return how a document asks to be written."""
    settings, theme = document["settings"], document["theme"].strip()
    return WriteOptions(
        form=document["form"] or None,
        metre=document["metre"].strip(),
        about=theme,
        strength=settings["strength"] if theme else None,
        temperature=settings["temperature"],
        contrast=settings["contrast"],
        diction=settings["diction"],
        seed=seed,
    )


def _stop_asked() -> bool:
    return ORDERS.stop_asked()


def _event(name: str, **data: Any) -> Event:
    return {"event": name, "data": data}
