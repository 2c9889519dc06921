"""Temperature: distributions, their order, how sure a poet is."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from quatrain.explain.exercises.building import (
    THREE_DECIMALS,
    THREE_DIGITS,
    WITHIN_0_001,
    Problems,
    Topic,
    mistakes,
    third_digit,
)
from quatrain.explain.exercises.number_stream import NumberStream
from quatrain.layers import softmax
from quatrain.records import Formula, Question, Table

_LETTERS = ("e", "t", "a", "o")
_NAMES = ("A", "B", "C")
_DRAWN = 40
"""Letters of a sample."""


def _problems(draw: NumberStream, level: int) -> Problems:
    count = 3 if level == 1 else 4
    logits = _logits(draw, count)
    temperature = draw.choice((0.5, 0.8, 1.25, 2.0))
    table = Table(
        "What a poet predicts for the next letter",
        ("letter", "logit"),
        tuple(zip(_LETTERS, logits, strict=False)),
    )
    if level == 1:
        return Problems(
            (
                _distribution(logits, 1.0),
                _order_of_samples(draw, logits),
                _distribution(logits, temperature),
            ),
            (table,),
        )
    if level == 2:
        return Problems(
            (
                _distribution(logits, temperature),
                _ratio(logits, temperature),
                _entropy(logits, temperature),
                _order_of_samples(draw, logits),
            ),
            (table,),
        )
    return Problems(
        (
            _from_probabilities(logits, temperature),
            _temperature_for(draw, logits),
            _entropy(logits, temperature),
            _surprisal(logits, temperature),
        ),
        (table,),
    )


def _logits(draw: NumberStream, count: int) -> list[float]:
    """Draw logits in falling order, all at least 0.3 apart."""
    logits = [draw.decimal(1.0, 2.5, 1)]
    for _ in range(count - 1):
        logits.append(round(logits[-1] - draw.decimal(0.3, 1.2, 1), 1))
    return logits


def _probabilities(logits: Sequence[float], temperature: float = 1.0) -> tuple[float, ...]:
    values = softmax(np.asarray(logits, float) / temperature)
    return tuple(map(float, values))


def _distribution(logits: list[float], temperature: float) -> Question:
    right = _probabilities(logits, temperature)
    exponentials = [math.exp(logit / temperature) for logit in logits]
    share = [logit / sum(logits) for logit in logits] if sum(logits) else []
    return Question(
        0,
        f"What are the probabilities of the letters at temperature {temperature:g}, in the order "
        "of the table?",
        "numbers",
        right,
        mistakes(
            (
                "the logits are multiplied by the temperature instead of divided",
                _probabilities(logits, 1 / temperature),
            )
            if temperature != 1
            else None,
            ("the temperature is left out", _probabilities(logits)) if temperature != 1 else None,
            ("the exponentials are not divided by their sum", tuple(exponentials)),
            ("the logits are divided by their sum, without exponentials", tuple(share))
            if share
            else None,
            (
                "the probabilities are divided by the temperature, not the logits",
                tuple(value / temperature for value in _probabilities(logits)),
            )
            if temperature != 1
            else None,
            (
                "powers of 2 are taken instead of e",
                _probabilities([logit * math.log(2) for logit in logits], temperature),
            ),
            ("the order is turned", right[::-1]),
        ),
        (
            Table(
                f"Logits divided by {temperature:g}, exponentials, and their shares of the sum "
                f"{sum(exponentials):.6g}",
                ("letter", "logit / T", "exp(logit / T)", "probability"),
                tuple(
                    (letter, logit / temperature, power, value)
                    for letter, logit, power, value in zip(
                        _LETTERS, logits, exponentials, right, strict=False
                    )
                ),
            ),
        ),
        tolerance=WITHIN_0_001,
        rounding=THREE_DECIMALS,
    )


def _order_of_samples(draw: NumberStream, logits: list[float]) -> Question:
    """Ask for the temperatures of three samples; each has its expected number of each letter."""
    temperatures = (0.3, 1.0, 4.0)
    order = draw.shuffled(_NAMES)
    counts = {
        name: _counts(_probabilities(logits, temperature))
        for name, temperature in zip(order, temperatures, strict=True)
    }
    shown = {
        name: "".join(
            draw.shuffled(
                [
                    letter
                    for letter, times in zip(_LETTERS, counts[name], strict=False)
                    for _ in range(times)
                ]
            )
        )
        for name in _NAMES
    }
    # Sorted by the share of the likeliest letter: the colder, the larger.
    right = tuple(sorted(_NAMES, key=lambda name: -counts[name][0]))
    by_kinds = tuple(sorted(_NAMES, key=lambda name: counts[name][0]))
    by_name = tuple(_NAMES)
    middle = (right[1], right[0], right[2])
    cases = (
        ("the order is turned: from the highest temperature", by_kinds),
        ("the samples are left as they are listed", by_name),
        ("the two coldest are exchanged", middle),
        ("the two hottest are exchanged", (right[0], right[2], right[1])),
    )
    return Question(
        0,
        "Three samples of letters were drawn from these logits, at three temperatures. Put them in "
        "order, the lowest temperature first.",
        "order",
        right,
        mistakes(*(case if case[1] != right else None for case in cases)),
        (
            Table(
                "How often each letter occurs; the likeliest is more frequent the lower the "
                "temperature",
                ("sample", *_LETTERS[: len(logits)]),
                tuple((name, *counts[name]) for name in right),
            ),
        ),
        (Table("Samples", ("sample", "letters"), tuple(shown.items())),),
        options=_NAMES,
    )


def _counts(probabilities: Sequence[float]) -> list[int]:
    """Return whole numbers of letters, `_DRAWN` in all; the likeliest takes the rest."""
    rest = [round(_DRAWN * value) for value in probabilities[1:]]
    return [_DRAWN - sum(rest), *rest]


def _ratio(logits: list[float], temperature: float) -> Question:
    gap = logits[0] - logits[-1]
    right = math.exp(gap / temperature)
    first, last = _LETTERS[0], _LETTERS[len(logits) - 1]
    return Question(
        0,
        f"At temperature {temperature:g}, how many times as probable is {first} as {last}?",
        "number",
        right,
        mistakes(
            ("the temperature is left out", math.exp(gap)),
            ("the gap is multiplied by the temperature", math.exp(gap * temperature)),
            ("the ratio of the logits is taken", logits[0] / logits[-1]) if logits[-1] else None,
            ("the gap of the logits is given, not its exponential", gap / temperature),
            ("the fraction is turned over", 1 / right),
        ),
        (
            Formula(
                "ratio",
                "exp((first logit - last logit) / T)",
                f"exp(({logits[0]:g} - {logits[-1]:g}) / {temperature:g})",
                right,
                latex_symbols=r"e^{(z_1 - z_n) / T}",
                latex_numbers=rf"e^{{({logits[0]:g} - ({logits[-1]:g})) / {temperature:g}}}",
            ),
        ),
        tolerance=third_digit(right),
        rounding=THREE_DIGITS,
    )


def _entropy(logits: list[float], temperature: float) -> Question:
    probabilities = _probabilities(logits, temperature)
    nats = -sum(value * math.log(value) for value in probabilities)
    right = nats / math.log(2)
    untempered = _probabilities(logits)
    return Question(
        0,
        f"What is the entropy at temperature {temperature:g}, in bits?",
        "number",
        right,
        mistakes(
            ("natural logarithms are taken: that is in nats", nats),
            ("the temperature is left out", -sum(p * math.log2(p) for p in untempered)),
            (
                "the logarithms are added without their probabilities",
                -sum(math.log2(p) for p in probabilities),
            ),
            ("the sign is forgotten", -right),
            ("all letters are taken to be equally probable", math.log2(len(logits))),
        ),
        (
            Table(
                "Each letter's share of the entropy, in bits",
                ("letter", "p", "-p log2 p"),
                tuple(
                    (letter, p, -p * math.log2(p))
                    for letter, p in zip(_LETTERS, probabilities, strict=False)
                ),
            ),
        ),
        tolerance=third_digit(right),
        rounding=THREE_DIGITS,
    )


def _from_probabilities(logits: list[float], temperature: float) -> Question:
    rounded = [round(value, 2) for value in _probabilities(logits)[1:]]
    given = (round(1 - sum(rounded), 2), *(max(value, 0.01) for value in rounded))
    right = _probabilities([math.log(value) for value in given], temperature)
    powers = [value ** (1 / temperature) for value in given]
    listed = ", ".join(f"{value:g}" for value in given)
    return Question(
        0,
        f"Another poet gives four letters the probabilities {listed} at temperature 1. What are "
        f"they at temperature {temperature:g}?",
        "numbers",
        right,
        mistakes(
            ("the powers are not divided by their sum", tuple(powers)),
            (
                "the power is T instead of 1 / T",
                _probabilities([math.log(value) for value in given], 1 / temperature),
            ),
            ("the probabilities are taken for logits", _probabilities(given, temperature)),
            ("they are left as they are", given),
            ("they are divided by the temperature", tuple(value / temperature for value in given)),
        ),
        (
            Table(
                f"p^(1 / {temperature:g}), and its share of the sum {sum(powers):.6g}",
                ("p", "power", "probability"),
                tuple(zip(given, powers, right, strict=True)),
            ),
        ),
        tolerance=WITHIN_0_001,
        rounding=THREE_DECIMALS,
    )


def _temperature_for(draw: NumberStream, logits: list[float]) -> Question:
    times = draw.choice((2, 3, 5, 10, 20))
    gap = logits[0] - logits[1]
    right = gap / math.log(times)
    return Question(
        0,
        f"At which temperature is {_LETTERS[0]} exactly {times} times as probable as "
        f"{_LETTERS[1]}?",
        "number",
        right,
        mistakes(
            ("the fraction is turned over", 1 / right),
            ("the logarithm is left out", gap / times),
            ("the logarithm of base 10 is taken", gap / math.log10(times)),
            ("the logarithm of base 2 is taken", gap / math.log2(times)),
            (
                "the logits themselves are compared, not their difference",
                logits[0] / math.log(times),
            ),
        ),
        (
            Formula(
                "T",
                "(first logit - second logit) / log(ratio)",
                f"({logits[0]:g} - ({logits[1]:g})) / log({times})",
                right,
                latex_symbols=r"\frac{z_1 - z_2}{\log r}",
                latex_numbers=rf"\frac{{{logits[0]:g} - ({logits[1]:g})}}{{\log {times}}}",
            ),
        ),
        tolerance=third_digit(right),
        rounding=THREE_DIGITS,
    )


def _surprisal(logits: list[float], temperature: float) -> Question:
    place = len(logits) - 1
    probability = _probabilities(logits, temperature)[place]
    right = -math.log2(probability)
    return Question(
        0,
        f"How many bits of surprisal does the letter {_LETTERS[place]} have at temperature "
        f"{temperature:g}?",
        "number",
        right,
        mistakes(
            ("natural logarithms are taken: that is in nats", -math.log(probability)),
            ("the temperature is left out", -math.log2(_probabilities(logits)[place])),
            ("the sign is forgotten", -right),
            ("the probability is given, not its logarithm", probability),
            (
                "it is multiplied by the probability: that is its share of the entropy",
                right * probability,
            ),
        ),
        (
            Formula(
                "surprisal",
                "-log2 p",
                f"-log2 {probability:.6g}",
                right,
                "bits",
                r"-\log_2 p",
                rf"-\log_2 {probability:.6g}",
            ),
        ),
        tolerance=third_digit(right),
        rounding=THREE_DIGITS,
    )


TEMPERATURE = Topic(
    "temperature",
    "Temperature",
    (
        "distributions of three letters, the order of three samples",
        "four letters, how many times as probable, entropy",
        "from probabilities to another temperature, a temperature for a ratio, surprisal",
    ),
    _problems,
)
