"""Parts that the explanations of windows and of streams share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from quatrain.corpus import Streams, Vocabulary, Windows
from quatrain.corpus.vocabulary import Tokens
from quatrain.errors import SettingsError
from quatrain.explain.arithmetic.expression import Symbol
from quatrain.explain.sequences.counts import StreamCounts, WindowCounts, named
from quatrain.explain.sequences.running_text import RunningText
from quatrain.layers.shapes import whole
from quatrain.records import Heading, Note, Part, Table

SIGNS = {"\n": "↵", " ": "␣"}
START_SIGN, END_SIGN, UNKNOWN_SIGN = "⊢", "⊣", "?"
"""Signs for characters that can't be seen, for START and END, and for unknown characters."""

LEGEND = "⊢ is START, ⊣ END, ↵ a line break, ␣ a space"

_FIRST, _LAST = 8, 4
"""Positions that the table of characters shows at both ends of the text."""

_SHOWN = 60
"""Signs of a sequence that a table shows; of a longer one, only both ends."""

_OTHER_LENGTH = 100
"""Length that the comparison adds to the reader's own."""


def check(text: RunningText, **numbers: int) -> None:
    """Check the sizes of sequences over a text.

    Raises:
        SettingsError: one is not a whole number of at least 1, or the text is too short for the
            length.
    """
    for name, number in numbers.items():
        whole(f"setting {name!r}", number, 1)
    length = numbers["length"]
    if text.size <= length:
        most = text.size - 1
        raise SettingsError(
            "setting 'length'",
            f"{length:,}",
            f"at most {most:,}",
            f"Give a longer text, or a length of at most {most:,}.",
            message=f"A sequence of {length:,} characters and the target after it need "
            f"{length + 1:,} numbers, and this text has {text.size:,}: {_made_of(text)}.",
        )


def windows_of(text: RunningText, length: int, stride: int, lanes: int) -> Windows:
    """Lay out windows over the text."""
    where = (text.tokens, text.offsets, range(text.poems))
    return Windows(*where, lanes=lanes, length=length, stride=stride, seed=0)


def streams_of(text: RunningText, length: int, lanes: int, seed: int) -> Streams:
    """Lay out streams over the text."""
    where = (text.tokens, text.offsets, range(text.poems))
    return Streams(*where, lanes=lanes, length=length, seed=seed)


def signs(tokens: Tokens, vocabulary: Vocabulary) -> list[str]:
    """Return a visible sign for each number."""
    special = {
        Vocabulary.START: START_SIGN,
        Vocabulary.END: END_SIGN,
        Vocabulary.UNKNOWN: UNKNOWN_SIGN,
    }
    characters = (
        special.get(number) or vocabulary.characters[number - len(special)]
        for number in tokens.tolist()
    )
    return [SIGNS.get(character, character) for character in characters]


def shown(tokens: Tokens, vocabulary: Vocabulary) -> str:
    """Return numbers as visible signs; the middle of a long row is left out."""
    if len(tokens) <= _SHOWN:
        return "".join(signs(tokens, vocabulary))
    half = _SHOWN // 2
    first, last = tokens[:half], tokens[-half + 1 :]
    return f"{''.join(signs(first, vocabulary))}…{''.join(signs(last, vocabulary))}"


def as_numbers(text: RunningText) -> Iterator[Part]:
    """Show how characters become numbers, and what is predicted from what."""
    size = len(text.vocabulary.characters) + Symbol("START, END and unknown", 3)
    total = named("characters", text.characters) + named("line breaks", text.breaks)
    yield Heading("Characters as numbers")
    yield size.formula("alphabet", "numbers")
    yield (total + named("poems", text.poems) * 2).formula("T, the running text", "numbers")
    yield Note(
        "Every character is one number, and so is every line break; a blank line between stanzas "
        "is one more break. A poem begins with START and ends with END. The target of each "
        "position is the number one position later."
    )
    last = text.size - 1
    ends = range(_FIRST), range(max(_FIRST, last - _LAST), last)
    places: list[int | None] = [place for place in ends[0] if place < last]
    if ends[1] and ends[1][0] > _FIRST:
        places.append(None)
    places += ends[1]
    rows = tuple(("…",) * 5 if place is None else _pair(text, place) for place in places)
    heading = ("position", "character", "input", "target", "that is")
    yield Table(f"The pairs of {text.name}", heading, rows)


def comparison(text: RunningText, length: int, stride: int, lanes: int) -> Iterator[Part]:
    """Compare what a pass costs with windows and with streams."""
    rows = []
    for size in sorted({length, *([_OTHER_LENGTH] if text.size > _OTHER_LENGTH else [])}):
        laid = streams_of(text, size, lanes, 0)
        rows.append(_cost("streams", text, laid, None))
        rows += [
            _cost("windows", text, windows_of(text, size, step, lanes), step)
            for step in sorted({1, stride, size})
        ]
    heading = ("kind", "N", "S", "sequences", "L", "steps", "characters", "times T")
    yield Heading("What a pass costs")
    yield Table("In one pass over the same text", heading, tuple(rows))


def counts_of_streams(text: RunningText, laid: Streams) -> StreamCounts:
    """Return the formulas for streams over a text."""
    return StreamCounts(text.size, laid.length, laid.lanes)


def counts_of_windows(text: RunningText, laid: Windows) -> WindowCounts:
    """Return the formulas for windows over a text."""
    return WindowCounts(text.size, laid.length, laid.stride, laid.lanes)


def poem_of_place(text: RunningText, places: np.ndarray) -> np.ndarray:
    """Return the poem that each place of the text belongs to, from 0."""
    return np.searchsorted(text.offsets, places, side="right") - 1


def ends(count: int, first: int) -> list[int | None]:
    """Return the first numbers below `count` and the last, with None for a gap."""
    if count <= first + 1:
        return list(range(count))
    gap: list[int | None] = [None] if count > first + 1 else []
    return [*range(first), *gap, count - 1]


def _pair(text: RunningText, place: int) -> tuple[int | str, ...]:
    sign, after = text.sign(place), text.sign(place + 1)
    return (
        place,
        SIGNS.get(sign, sign),
        int(text.tokens[place]),
        int(text.tokens[place + 1]),
        SIGNS.get(after, after),
    )


def _cost(
    kind: str, text: RunningText, laid: Streams | Windows, stride: int | None
) -> tuple[str | int | float | None, ...]:
    read = laid.steps_per_epoch * laid.characters_per_step
    return (
        kind,
        laid.length,
        stride,
        laid.sequences,
        laid.lanes,
        laid.steps_per_epoch,
        read,
        round(read / text.size, 2),
    )


def _made_of(text: RunningText) -> str:
    poems = "2 for START and END"
    if text.poems > 1:
        poems = f"{2 * text.poems:,} for START and END of {text.poems:,} poems"
    characters, breaks = (
        f"{count:,} {noun}" + ("" if count == 1 else "s")
        for count, noun in ((text.characters, "character"), (text.breaks, "line break"))
    )
    return f"{characters}, {breaks}, {poems}"
