"""Writing as tasks: lines for empty places, other lines, other words.

A document comes as `schemas.Document` dumps it, but for its poets: pairs of the name that was asked
for and the folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from quatrain.errors import FormError, SettingsError
from quatrain.form import check_draft
from quatrain.records import LineAlternative
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
    for number in sorted(set(only or ()).intersection(locked)):
        raise _locked(number)
    poets, names = _poets(document)
    texts, options = _texts(document), _options(document, seed)
    filling = fill(poets, texts, options, only=only, skip=locked, stop=_stop_asked)
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

    Raises:
        SettingsError: the line is locked.
        FormError: no line keeps the form, or none that begins so.
    """
    lines = document["lines"]
    if number <= len(lines) and lines[number - 1]["locked"]:
        raise _locked(number)
    poets, names = _poets(document)
    seed = _options(document, seed).seed_or_random()
    options = _options(document, seed)
    yielded: set[str] = set()
    for turn, poet in enumerate(poets[:count]):
        share = count // len(poets) + (turn < count % len(poets))
        found = poet.line_alternatives(
            _texts(document), number, options, count=max(1, share), begin=begin, stop=_stop_asked
        )
        for other in _ends(found, number) if begin.strip() else found:
            if other.text in yielded:
                continue
            yielded.add(other.text)
            by = names.get(other.poet, other.poet)
            yield _event("alternative", text=other.text, by=by, differs=other.differs)
    yield _event("done", seed=seed, lines=len(yielded))


def _ends(found: Iterator[LineAlternative], number: int) -> Iterator[LineAlternative]:
    """Yield lines that begin as was asked, or say that there are none."""
    try:
        yield from found
    except FormError as error:
        raise FormError(
            error.where,
            error.found,
            error.wanted,
            "Take away its last words, or ask for alternatives.",
            message=f"Nothing that begins like line {number} keeps the form.",
        ) from error


def word_alternatives(document: dict[str, Any], number: int, word: int, count: int) -> str:
    """Return other words for one of a line, with which the poem keeps its form.

    Args:
        document: the document.
        number: of the line, from 1.
        word: number of the word in the line, from 1.
        count: most words.

    Raises:
        SettingsError: there is no such line or word, the line is locked, or the first poet is a
            character-level one.
        FormError: no other word fits. If the line breaks its form already, the error says how,
            and what would mend it.
    """
    lines = document["lines"]
    if number <= len(lines) and lines[number - 1]["locked"]:
        raise _locked(number)
    poets, _ = _poets(document)
    try:
        others = poets[0].word_alternatives(
            _texts(document), number, word, _options(document, seed=0), count=count
        )
    except FormError as error:
        raise _with_repairs(error, document, number) from error
    alternatives = [
        {"word": other.word, "text": other.text, "difference": round(other.difference, 3)}
        for other in others
    ]
    return json.dumps({"alternatives": alternatives})


def _with_repairs(error: FormError, document: dict[str, Any], number: int) -> FormError:
    """Return why no word fits, with what is wrong with the line as it is, if something is."""
    lines = document["lines"]
    checked = check_draft(
        _texts(document),
        document["form"] or None,
        metre=document["metre"].strip(),
        gaps=[line["gap"] for line in lines],
    )
    faults = [fault for line in checked.lines if line.number == number for fault in line.faults]
    if not faults:
        return error
    repairs = [repair.label.replace("*", "") for fault in faults for repair in fault.repairs]
    briefs = " and ".join(fault.brief for fault in faults)
    remedy = f"Mend the line first. {repairs[0]}" if repairs else "Ask for other lines."
    return FormError(
        error.where,
        error.found,
        error.wanted,
        remedy,
        message=f"No other word alone makes line {number} keep its form: {briefs}.",
    )


def _locked(number: int) -> SettingsError:
    return SettingsError(
        "the line",
        f"line {number}, which is locked",
        "a line that may be changed",
        "Unlock it first.",
        message=f"Line {number} is locked.",
    )


def _poets(document: dict[str, Any]) -> tuple[list[Writer], dict[str, str]]:
    """Return the poets of a document, and their own names -> the names they were asked by."""
    poets: list[Writer] = [loaded.poet(folder) for _, folder in document["muses"]]
    names = {poet.name: name for poet, (name, _) in zip(poets, document["muses"], strict=True)}
    return poets, names


def _texts(document: dict[str, Any]) -> list[str]:
    return [line["text"] for line in document["lines"]]


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
