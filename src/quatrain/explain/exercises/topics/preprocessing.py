"""From a text to sequences: tokens, windows, streams, and what is lost at the borders.

The numbers come from `corpus.Windows`, `corpus.Streams` and `corpus.Vocabulary`, which training
uses.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from quatrain.corpus import Streams, Vocabulary, Windows
from quatrain.explain.arithmetic.expression import Expression, Symbol
from quatrain.explain.exercises.building import Problems, Topic, mistakes
from quatrain.explain.exercises.number_stream import NumberStream
from quatrain.explain.sequences.counts import StreamCounts, WindowCounts
from quatrain.records import Note, Part, Poem, Question

_LINES = (
    "Salt on the sill,",
    "a lamp for the boats,",
    "the tide going out.",
    "Rain on the slate,",
    "the gate left open.",
    "A gull on the wall,",
    "no wind in the reeds,",
    "the kettle, a moon.",
)
"""Lines of verse to count, written for this."""


def _problems(draw: NumberStream, level: int) -> Problems:
    if level == 1:
        return _one_poem(draw)
    if level == 2:
        return _passes(draw)
    return _borders(draw)


def _one_poem(draw: NumberStream) -> Problems:
    lines = draw.shuffled(_LINES)[: draw.whole(2, 3)]
    poem = Poem.from_lines(lines)
    vocabulary = Vocabulary.from_counts(Counter("".join(lines)))
    tokens = vocabulary.encode_poem(poem)
    length, stride = draw.whole(8, 14), draw.whole(2, 5)
    letters, breaks = sum(map(len, lines)), len(lines)
    given = (
        Note("A poem is cut into characters: " + " / ".join(lines)),
        Note(
            "Every character is one number, spaces and signs too, and so is the line break after "
            "each line (the stroke above, with its spaces, is a line break and nothing else). The "
            "poem begins with START and ends with END."
        ),
    )
    count = Symbol("characters", letters) + Symbol("line breaks", breaks) + 2
    pairs = Symbol("numbers", len(tokens)) - 1
    return Problems(
        (
            Question(
                0,
                "How many numbers does the poem become?",
                "whole number",
                len(tokens),
                mistakes(
                    ("the line breaks are left out", letters + 2),
                    ("START and END are left out", letters + breaks),
                    ("the break after the last line is left out", letters + breaks + 1),
                    (
                        "the spaces are left out",
                        len(tokens) - sum(line.count(" ") for line in lines),
                    ),
                    (
                        "words are counted instead of characters",
                        sum(len(line.split()) for line in lines),
                    ),
                ),
                (count.formula("numbers"),),
            ),
            Question(
                0,
                "How many pairs of an input and a target, one later, does it give?",
                "whole number",
                len(tokens) - 1,
                mistakes(
                    ("the last number is taken for an input: nothing follows it", len(tokens)),
                    ("START is left out: it predicts the first letter", len(tokens) - 2),
                    ("only letters are counted, no line breaks and no END", letters),
                ),
                (pairs.formula("pairs"),),
            ),
            _windows_question(len(tokens), length, stride),
        ),
        given,
    )


def _windows_question(total: int, length: int, stride: int) -> Question:
    counts = WindowCounts(total, length, stride)
    right = _windows(total, length, stride, 1).sequences
    cases = (
        ("the floor is taken without the first window", (total - length - 1) // stride),
        ("the windows are laid end to end, without overlap", total // length),
        ("no target is needed after the last window", (total - length) // stride + 1),
        ("the length isn't taken off", total // stride),
        ("the stride is left out", total - length),
    )
    return Question(
        0,
        f"A text of T = {total:,} numbers is cut into windows of N = {length} inputs, one every S "
        f"= {stride}; each needs one more number after it, the last target. How many windows are "
        "there?",
        "whole number",
        right,
        mistakes(*(case if case[1] != right else None for case in cases)),
        (
            Note(
                "A window at k S needs k S + N + 1 numbers, so k is at most (T - N - 1) / S, "
                "rounded down; with k = 0 that is one more, or ceil((T - N) / S)."
            ),
            counts.count.formula("windows"),
        ),
    )


def _windows(total: int, length: int, stride: int, lanes: int) -> Windows:
    return Windows(
        np.zeros(total, np.uint16),
        np.array([0, total]),
        [0],
        lanes=lanes,
        length=length,
        stride=stride,
        seed=0,
    )


def _streams(total: int, length: int, lanes: int) -> Streams:
    return Streams(
        np.zeros(total, np.uint16), np.array([0, total]), [0], lanes=lanes, length=length, seed=0
    )


def _passes(draw: NumberStream) -> Problems:
    total, length = draw.whole(3000, 20000), draw.choice((20, 25, 40, 50))
    stride, lanes = draw.choice((3, 4, 5, 7)), draw.choice((8, 16, 32))
    windows, streams = _windows(total, length, stride, lanes), _streams(total, length, lanes)
    window_counts = WindowCounts(total, length, stride, windows.lanes)
    counts = StreamCounts(total, length, streams.lanes)
    lane = int(counts.lane.value)
    seen = lanes * length * streams.steps_per_epoch
    return Problems(
        (
            _windows_question(total, length, stride),
            _exact(
                f"The windows are read in batches of L = {lanes}. How many steps has a pass, if an "
                "incomplete batch waits for the next pass?",
                "steps",
                window_counts.steps,
                windows.steps_per_epoch,
                ("an incomplete batch is counted too", -(-windows.sequences // lanes)),
                ("the numbers of the text are divided, not the windows", total // lanes),
                ("the batch is forgotten", windows.sequences),
                ("windows without overlap are counted", total // length // lanes),
            ),
            _exact(
                f"The same text is read as L = {lanes} contiguous streams, {length} numbers of "
                "each at a step. How many steps has a pass?",
                "steps",
                counts.steps,
                streams.steps_per_epoch,
                ("the streams are left out: the text is one lane", (total - 1) // length),
                ("an incomplete step is counted too", -(-((total - 1) // lanes) // length)),
                ("the windows' stride is used", windows.steps_per_epoch),
                ("the length of a step is left out", (total - 1) // lanes),
                steps=(counts.lane.formula("numbers in a lane"),),
            ),
            _exact(
                "How many of the text's numbers are never an input in that pass of the streams?",
                "numbers left over",
                counts.left,
                total - seen,
                ("the last number, which is only a target, is not counted", total - seen - 1),
                ("only what the lanes leave over is counted", total - lanes * lane),
                ("only one lane is looked at", lane - length * streams.steps_per_epoch),
                ("the numbers that are read are given", seen),
            ),
        )
    )


def _borders(draw: NumberStream) -> Problems:
    lengths = [draw.whole(60, 160) for _ in range(3)]
    total, length, stride = sum(lengths), draw.choice((12, 16, 20)), draw.choice((3, 4, 5))
    starts = np.arange(_windows(total, length, stride, 1).sequences) * stride
    borders = np.cumsum(lengths)[:-1]
    across = sum(_crossing(starts, length, border) for border in borders)
    inner = draw.whole(length + lengths[0], total - 2 * length)
    apart = [_windows(size, length, stride, 1).sequences for size in lengths]
    listed = ", ".join(map(str, lengths))
    lanes = draw.choice((2, 3, 4))
    streams = _streams(total, length, lanes)
    lane = (total - 1) // lanes
    return Problems(
        (
            _windows_question(total, length, stride),
            _counted(
                "How many of these windows begin in one poem and end, with their last input, in "
                "the next?",
                across,
                "Windows that begin before a border and reach a number after it, for the borders "
                f"at {borders[0]} and {borders[1]}: {across}.",
                ("only one border is counted", _crossing(starts, length, borders[0])),
                (
                    "every window is taken to start at a multiple of its length",
                    int(sum(border % length > 0 for border in borders)),
                ),
                (
                    "all windows that start up to the length before a border are counted, "
                    "whatever the stride",
                    len(borders) * (length - 1),
                ),
                ("the windows that lie inside one poem are given", len(starts) - across),
            ),
            _counted(
                "How many windows are there if each poem is cut alone, so that none crosses a "
                "border?",
                sum(apart),
                f"The poems alone give {', '.join(map(str, apart))} windows.",
                ("the windows that cross are taken off the others", len(starts) - across),
                ("the poems are taken as one text", len(starts)),
                (
                    "no target is needed after the last window of a poem",
                    sum((size - length) // stride + 1 for size in lengths),
                ),
            ),
            _containing(starts, inner, length, stride),
            _counted(
                f"As {lanes} streams, over how many numbers can the state carry what was read, "
                "from the first input of a lane to the last of a pass?",
                streams.steps_per_epoch * length,
                f"A lane has {lane} numbers; {streams.steps_per_epoch} steps of {length} are read "
                f"of it: {streams.steps_per_epoch * length}.",
                ("the gradient's reach is given: one step", length),
                ("the lanes are left out", (total - 1) // length * length),
                ("what is left over at the end of a lane is counted", lane),
            ),
        ),
        (Note(f"Three poems of {listed} numbers stand in a row and are one text."),),
    )


def _crossing(starts: NDArray[np.int64], length: int, border: int) -> int:
    """Return the number of windows that begin before a border and reach a number after it."""
    return int(((starts < border) & (starts + length > border)).sum())


def _containing(starts: NDArray[np.int64], inner: int, length: int, stride: int) -> Question:
    """Ask how many windows have a position among their inputs."""
    containing = int(((starts <= inner) & (starts + length > inner)).sum())
    at_start = int(((starts <= stride) & (starts + length > stride)).sum())
    return _counted(
        f"How many of the windows of the whole text have the number at position {inner} "
        "among their inputs, counting from 0?",
        containing,
        f"Windows start at multiples of {stride}; those from {inner - length + 1} to "
        f"{inner} contain the position: {containing}.",
        ("every position is taken to be in N windows", length),
        ("windows without overlap are taken: one has it", 1),
        ("N / S is rounded the wrong way", length // stride - (-length // stride) - containing),
        ("the windows near the start of the text are counted", at_start),
    )


def _counted(text: str, right: int, solution: str, *wrong: tuple[str, int]) -> Question:
    cases = (case if case[1] != right else None for case in wrong)
    return Question(0, text, "whole number", right, mistakes(*cases), (Note(solution),))


def _exact(
    text: str,
    name: str,
    formula: Expression,
    right: int,
    *wrong: tuple[str, int],
    steps: tuple[Part, ...] = (),
) -> Question:
    cases = (case if case[1] != right else None for case in wrong)
    return Question(
        0, text, "whole number", right, mistakes(*cases), (*steps, formula.formula(name))
    )


PREPROCESSING = Topic(
    "preprocessing",
    "From a text to sequences",
    (
        "the numbers of a poem, its pairs, its windows",
        "windows and batches, streams, what is left over",
        "borders between poems, how often a character is seen, how far memory reaches",
    ),
    _problems,
)
