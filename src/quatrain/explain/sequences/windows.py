"""Overlapping windows over a text, with every count as a formula.

Source: Chollet, *Deep Learning with Python* (2017), section 8.1, cuts a text this way.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from quatrain.corpus import Windows
from quatrain.explain.arithmetic.expression import Symbol
from quatrain.explain.sequences.counts import WindowCounts, named
from quatrain.explain.sequences.pictures import windows_over
from quatrain.explain.sequences.running_text import RunningText, Text, running_text
from quatrain.explain.sequences.tables import (
    LEGEND,
    as_numbers,
    check,
    comparison,
    counts_of_windows,
    poem_of_place,
    shown,
    windows_of,
)
from quatrain.records import Explanation, Formula, Heading, Note, Part, Table

_FIRST, _LAST = 4, 2
"""Windows listed from the start and the end of the text."""


def windows(text: Text, *, length: int = 40, stride: int = 3, lanes: int = 16) -> Explanation:
    """Explain the windows over a text: how many, what they leave over, how often each counts.

    Args:
        text: a text, the path of verse, `anthology`, a poem, a corpus; or a prepared corpus, of
            which only the training poems count, as in training.
        length: N, characters of a window.
        stride: S, characters between the starts of two windows.
        lanes: L, windows read side by side; fewer if there are fewer.

    Returns:
        Formulas named "alphabet", "T, the running text", "windows", "covered", "left over at the
        end", "never seen between windows", "steps in a pass", "characters in a pass", "passes
        over the text", "windows that wait for the next pass", "windows around a character",
        "windows across a border", "windows within single poems", "reach of the gradient", "reach
        of the memory", "context of a prediction, on average".

    Raises:
        CorpusError: the text can't be read or is empty.
        SettingsError: a size is below 1, or the text is not longer than a window.
    """
    running = running_text(text)
    check(running, length=length, stride=stride, lanes=lanes)
    laid = windows_of(running, length, stride, lanes)
    counts = counts_of_windows(running, laid)
    return Explanation(
        f"Windows of {length:,} characters, one every {stride:,}, over {running.name}",
        (
            *as_numbers(running),
            *_layout(running, laid, counts),
            *_pass(laid, counts, running),
            *_coverage(running, laid, counts),
            *_borders(running, laid),
            *_reach(laid),
            *comparison(running, length, stride, lanes),
        ),
    )


def _layout(text: RunningText, laid: Windows, counts: WindowCounts) -> Iterator[Part]:
    yield Heading("Windows")
    yield counts.count.formula("windows")
    yield Note(
        f"Window k begins at position k S, from k = 0. It needs {laid.length:,} inputs and one "
        "more number, the target of the last input: k S + N + 1 is at most T."
    )
    yield windows_over(text, laid)
    numbers: list[int | None] = list(range(min(_FIRST, laid.sequences)))
    later = range(max(_FIRST, laid.sequences - _LAST), laid.sequences)
    if later and later[0] > _FIRST:
        numbers.append(None)
    numbers += later
    rows = tuple(
        ("…", "…", "…", "…")
        if number is None
        else (
            number,
            number * laid.stride,
            number * laid.stride + laid.length - 1,
            shown(laid.window(number)[:-1], text.vocabulary),
        )
        for number in numbers
    )
    yield Table(f"Inputs of the windows; {LEGEND}", ("window", "from", "to", "text"), rows)
    yield counts.covered.formula("covered", "numbers")
    yield counts.tail.formula("left over at the end", "numbers")
    if laid.stride > laid.length:
        yield counts.skipped.formula("never seen between windows", "numbers")
    yield Note(_left_over(text, laid, counts))


def _left_over(text: RunningText, laid: Windows, counts: WindowCounts) -> str:
    left = int(counts.tail.value)
    end = shown(text.tokens[text.size - left :], text.vocabulary)
    sentence = "After the inputs of the last window, "
    if left == 1:
        sentence += f"only its last target is left: {end}."
    else:
        others = "the other is" if left == 2 else "the others are"
        sentence += (
            f"{left:,} numbers are left: {end}. The first of them is the last target; {others} not "
            "used."
        )
    if laid.stride <= laid.length:
        return sentence
    missed = text.size - int(counts.covered.value)
    return (
        f"{sentence} The stride of {laid.stride:,} is larger than the length of "
        f"{laid.length:,}, so {laid.stride - laid.length:,} numbers between two windows are no "
        f"input of any. In all, {missed:,} of {text.size:,} numbers are never an input "
        f"({missed / text.size:.0%})."
    )


def _pass(laid: Windows, counts: WindowCounts, text: RunningText) -> Iterator[Part]:
    yield Heading("A pass over the text")
    yield counts.steps.formula("steps in a pass")
    yield counts.read.formula("characters in a pass")
    read = Symbol("characters in a pass", int(counts.read.value))
    yield (read / named("T", text.size)).formula("passes over the text")
    waiting = named("windows", laid.sequences) - named("L", laid.lanes) * named(
        "steps", laid.steps_per_epoch
    )
    yield waiting.formula("windows that wait for the next pass")
    yield Note(
        f"L = {laid.lanes:,} windows are read side by side, in an order that is shuffled for every "
        "pass. Each begins with a fresh state."
    )


def _coverage(text: RunningText, laid: Windows, counts: WindowCounts) -> Iterator[Part]:
    """Show how many numbers of the text are in how many windows."""
    yield Heading("How often a character is seen")
    yield counts.times.formula("windows around a character")
    least, greatest = laid.length // laid.stride, -(-laid.length // laid.stride)
    starts = np.arange(laid.sequences, dtype=np.int64) * laid.stride
    times = times_seen(text.size, starts, laid.length)
    numbers = {
        "0": times == 0,
        f"1 to {least - 1}": (times > 0) & (times < least),
        f"{least}": times == least,
        f"{greatest}": times == greatest,
    }
    counted = {label: int(found.sum()) for label, found in numbers.items()}
    rows = tuple(
        (label, number, round(number / text.size, 4)) for label, number in counted.items() if number
    )
    yield Table("Among the inputs of", ("windows", "numbers of the text", "share"), rows)
    if laid.stride <= laid.length:
        inside = f"{least:,}" if least == greatest else f"{least:,} or {greatest:,}"
        yield Note(
            f"Inside the text, a number is in {inside} windows. Near its two ends, there are fewer "
            "around it."
        )


def times_seen(size: int, starts: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """Return how many sequences have each number of a text among their inputs, (size,).

    Args:
        size: T, numbers in the text.
        starts: where each sequence begins, (sequences,).
        length: N, inputs of a sequence.
    """
    changes = np.zeros(size + 1, dtype=np.int64)
    np.add.at(changes, starts, 1)
    np.subtract.at(changes, starts + length, 1)
    return np.cumsum(changes[:-1])


def _borders(text: RunningText, laid: Windows) -> Iterator[Part]:
    """Count the windows that begin in one poem and end in another."""
    if text.poems == 1:
        return
    starts = np.arange(laid.sequences, dtype=np.int64) * laid.stride
    crossing = poem_of_place(text, starts) != poem_of_place(text, starts + laid.length - 1)
    lengths = np.diff(text.offsets)
    alone = np.maximum(-((laid.length - lengths) // laid.stride), 0)
    short = lengths[alone == 0]
    yield Heading("Across the borders of poems")
    number = int(crossing.sum())
    yield Formula("windows across a border", "", "", number)
    whole = named("windows", laid.sequences)
    yield (whole - named("across a border", number)).formula("windows inside one poem")
    yield Formula("windows if each poem is cut alone", "", "", int(alone.sum()))
    about = (text.poems - 1) * (laid.length - 1) / laid.stride
    note = (
        f"The text has {text.poems - 1:,} borders between poems. About (N - 1) / S windows cross "
        f"each, {about:,.0f} in all unless two borders are in one window; here {number:,} do, "
        f"{number / laid.sequences:.1%}. They show how a poem ends and another begins, and also "
        "that these two follow each other, which is chance."
    )
    if len(short):
        note += (
            f" Cut alone, {len(short):,} of the {text.poems:,} poems would give no window: they "
            f"have {laid.length:,} numbers or fewer, {int(short.sum()):,} together."
        )
    yield Note(note)


def _reach(laid: Windows) -> Iterator[Part]:
    size = named("N", laid.length)
    yield Heading("How far gradient and memory reach")
    yield size.formula("reach of the gradient", "characters")
    yield size.formula("reach of the memory", "characters")
    yield ((size + 1) / 2).formula("context of a prediction, on average", "characters")
    yield Note(
        "The first prediction of a window is made from one character, the last from N. What comes "
        "before the window is unknown to it."
    )
