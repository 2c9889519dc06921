"""Training: read a curve, choose where to stop, turn one measure into another."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from quatrain.explain.exercises.building import (
    THREE_DIGITS,
    Problems,
    Topic,
    mistakes,
    third_digit,
)
from quatrain.explain.exercises.number_stream import NumberStream
from quatrain.records import Chart, Formula, Note, Question, Table

_PATIENCE = (2, 3)
"""Validations without a better one after which the questions' runs stop."""


def _problems(draw: NumberStream, level: int) -> Problems:
    training, validation = _curves(draw, 10 if level == 1 else 14, noisy=level > 1)
    given = (_table(training, validation), _chart(training, validation))
    measured = (_gap(training, validation), _perplexity(validation))
    if level == 1:
        return Problems((_best(training, validation), *measured), given)
    patience = draw.choice(_PATIENCE)
    stop = (_stop(validation, patience), _kept(training, validation, patience))
    if level == 2:
        return Problems((_best(training, validation), *stop, _perplexity(validation)), given)
    work = (_steps(draw), _saved(validation, patience))
    return Problems((*stop, *work, _in_nats(validation)), given)


def _curves(draw: NumberStream, count: int, *, noisy: bool) -> tuple[list[float], list[float]]:
    """Draw bits per character: training falls, validation falls and rises again, all different."""
    turn = draw.whole(count // 3, count // 2 + 1)
    fall, rise = draw.decimal(0.08, 0.2), draw.decimal(0.03, 0.08)
    training, validation = [], []
    level = draw.decimal(2.6, 3.2)
    for epoch in range(count):
        training.append(round(level - fall * epoch * (1 - epoch / (3 * count)) - 0.1, 3))
        distance = (epoch - turn) * (fall / 2 if epoch < turn else rise)
        noise = draw.decimal(-0.06, 0.06, 3) if noisy else draw.decimal(-0.008, 0.008, 3)
        validation.append(round(level - fall * turn * 0.6 + abs(distance) + noise, 3))
    return training, validation


def stopping(validation: Sequence[float], patience: int) -> int:
    """Return the place at which a run stops: `patience` values in a row without a new best one.

    The rule of `train.loop`; the last place if it never applies.
    """
    best, stale = math.inf, 0
    for place, value in enumerate(validation):
        best, stale = (value, 0) if value < best else (best, stale + 1)
        if stale >= patience:
            return place
    return len(validation) - 1


def _table(training: Sequence[float], validation: Sequence[float]) -> Table:
    return Table(
        "Bits per character after each epoch; lower is better",
        ("epoch", "training", "validation"),
        tuple(
            (place + 1, *row) for place, row in enumerate(zip(training, validation, strict=True))
        ),
    )


def _chart(training: Sequence[float], validation: Sequence[float]) -> Chart:
    return Chart(
        "curve",
        "A training run",
        "epoch",
        "bits per character",
        tuple(float(place) for place in range(1, len(training) + 1)),
        {"training": tuple(training), "validation": tuple(validation)},
    )


def _first_rise(values: Sequence[float]) -> int:
    """Return the place before the first value that is higher than the one before it."""
    rises = [place for place in range(1, len(values)) if values[place] > values[place - 1]]
    return rises[0] - 1 if rises else len(values) - 1


def _best_place(values: Sequence[float]) -> int:
    return int(np.argmin(values))


def _epoch(text: str, right: int, solution: str, *wrong: tuple[str, int]) -> Question:
    """Ask for an epoch, counted from 1; the places here count from 0."""
    cases = ((mistake, place + 1) if place != right else None for mistake, place in wrong)
    return Question(0, text, "whole number", right + 1, mistakes(*cases), (Note(solution),))


def _best(training: Sequence[float], validation: Sequence[float]) -> Question:
    right = _best_place(validation)
    return _epoch(
        "After which epoch are the weights best for poems that the network hasn't seen?",
        right,
        f"The validation is lowest after epoch {right + 1}, {validation[right]:g} bits. After that "
        "the network learns its training poems by heart.",
        ("the lowest training loss is taken", _best_place(training)),
        ("the last epoch is taken", len(validation) - 1),
        ("the first rise is taken for the end", _first_rise(validation)),
        ("the highest value is taken", int(np.argmax(validation))),
        ("the epochs are counted from 0", right - 1),
        (
            "the smallest gap of the two curves is taken",
            int(np.argmin(np.abs(np.subtract(validation, training)))),
        ),
    )


def _stop(validation: Sequence[float], patience: int) -> Question:
    right = stopping(validation, patience)
    best = _best_place(validation[: right + 1])
    return _epoch(
        f"The run stops after {patience} epochs in a row that bring no new best validation. After "
        "which epoch does it stop (the last one if it never does)?",
        right,
        f"The best so far is epoch {best + 1}; {patience} epochs without a better one end with "
        f"epoch {right + 1}.",
        ("the best epoch is given, not the one where the run stops", best),
        ("the run stops one epoch too early", stopping(validation, patience - 1)),
        ("the run stops one epoch too late", stopping(validation, patience + 1)),
        (
            "rises from one epoch to the next are counted, not epochs without a new best",
            _rises(validation, patience),
        ),
        ("the run never stops by itself", len(validation) - 1),
    )


def _rises(values: Sequence[float], patience: int) -> int:
    """Return the place of the `patience`-th rise in a row, or the last place."""
    run = 0
    for place in range(1, len(values)):
        run = run + 1 if values[place] > values[place - 1] else 0
        if run >= patience:
            return place
    return len(values) - 1


def _kept(training: Sequence[float], validation: Sequence[float], patience: int) -> Question:
    end = stopping(validation, patience)
    right = _best_place(validation[: end + 1])
    return _epoch(
        "Of which epoch are the weights that this run keeps?",
        right,
        f"Up to epoch {end + 1} the validation is lowest after epoch {right + 1}.",
        ("the weights at the stop are taken", end),
        ("an epoch after the stop is taken, which is never reached", _best_place(validation)),
        ("the lowest training loss is taken", _best_place(training[: end + 1])),
        ("the patience is taken off the stop once too often", end - patience - 1),
        ("the first rise is taken for the end", _first_rise(validation)),
    )


def _saved(validation: Sequence[float], patience: int) -> Question:
    right = len(validation) - 1 - stopping(validation, patience)
    end = stopping(validation, patience)
    cases = (
        ("the epochs after the best are counted", len(validation) - 1 - _best_place(validation)),
        ("the epochs that were run are given", end + 1),
        ("the epoch of the stop is counted too", right + 1),
        ("it stops one epoch later", len(validation) - 1 - stopping(validation, patience + 1)),
    )
    return Question(
        0,
        f"How many of the {len(validation)} epochs does stopping save?",
        "whole number",
        right,
        mistakes(*(case if case[1] != right else None for case in cases)),
        (Note(f"The run stops after epoch {end + 1}: {len(validation)} - {end + 1} = {right}."),),
    )


def _gap(training: Sequence[float], validation: Sequence[float]) -> Question:
    place = _best_place(validation)
    right = validation[place] - training[place]
    return _measure(
        "By how many bits per character is the validation above the training after the best epoch?",
        "gap",
        ("validation - training", f"{validation[place]:g} - {training[place]:g}"),
        right,
        ("the last epoch is taken", validation[-1] - training[-1]),
        ("the sign is turned", -right),
        ("the lowest training loss is taken", validation[place] - min(training)),
        ("the first epoch is taken", validation[0] - training[0]),
    )


def _perplexity(validation: Sequence[float]) -> Question:
    bits = min(validation)
    return _measure(
        "What is the lowest validation as a perplexity per character?",
        "perplexity",
        ("2^bits", f"2^{bits:g}"),
        2**bits,
        ("e is taken instead of 2: the loss is in bits", math.exp(bits)),
        ("the bits are doubled", 2 * bits),
        ("the last epoch is taken", 2 ** validation[-1]),
        ("the highest validation is taken", 2 ** max(validation)),
        ("the square of the bits is taken", bits**2),
    )


def _in_nats(validation: Sequence[float]) -> Question:
    bits = min(validation)
    return _measure(
        "What is the lowest validation in nats per character?",
        "nats",
        ("bits x log 2", f"{bits:g} x {math.log(2):.6g}"),
        bits * math.log(2),
        ("it is divided by log 2", bits / math.log(2)),
        ("the logarithm of base 10 is taken", bits * math.log10(2)),
        ("the logarithm of the bits is taken", math.log(bits)),
        ("bits and nats are taken for the same", bits),
    )


def _steps(draw: NumberStream) -> Question:
    characters, lanes = draw.whole(50, 900) * 1000 + draw.whole(1, 999), draw.choice((16, 32, 64))
    length, epochs = draw.choice((40, 50, 100)), draw.whole(3, 12)
    per_step = lanes * length
    right = characters // per_step * epochs
    cases = (
        ("the parts of steps are rounded up", -(-characters // per_step) * epochs),
        ("the parts of all epochs are added up before rounding", characters * epochs // per_step),
        ("the epochs are left out", characters // per_step),
        ("the batch is left out", characters // length * epochs),
        ("the length is left out", characters // lanes * epochs),
    )
    return Question(
        0,
        f"A text of {characters:,} characters is read in steps of {lanes} sequences of {length} "
        f"characters; an epoch leaves out an incomplete step. How many steps are {epochs} epochs?",
        "whole number",
        right,
        mistakes(*(case if case[1] != right else None for case in cases)),
        (
            Formula(
                "steps",
                "epochs x floor(characters / (sequences x length))",
                f"{epochs} x floor({characters} / ({lanes} x {length}))",
                right,
            ),
        ),
    )


def _measure(
    text: str, name: str, formula: tuple[str, str], right: float, *wrong: tuple[str, float]
) -> Question:
    return Question(
        0,
        text,
        "number",
        right,
        mistakes(*wrong),
        (Formula(name, *formula, right),),
        tolerance=third_digit(right),
        rounding=THREE_DIGITS,
    )


TRAINING = Topic(
    "training",
    "Training: reading a curve",
    (
        "the best epoch, the gap of training and validation, perplexity",
        "a noisy curve, patience, and the weights that are kept",
        "patience, the steps of a run, what stopping saves, bits and nats",
    ),
    _problems,
)
