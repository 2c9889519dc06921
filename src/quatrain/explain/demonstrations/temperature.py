"""Temperature: how a poet's next letters or words share the probability, and what is written then.

In: the state of the controls. Out: a `Demonstration`. The logits and the cuts are those of free
verse (`inspection.next_symbols`), the samples are poems of `poet.write`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from quatrain.config import Sampling
from quatrain.explain.arithmetic.expression import Symbol
from quatrain.explain.demonstrations.state import State
from quatrain.explain.inspection.next_symbols import NextSymbols, next_symbols, open_writer
from quatrain.records import (
    Choice,
    Control,
    Demonstration,
    Equation,
    Formula,
    Json,
    Note,
    Part,
    Section,
    Slider,
    Table,
    TextField,
)

TITLE = "Temperature"
LEAD = (
    "A poet gives each letter or word that may come next a number, its logit. Softmax makes "
    "probabilities of them. The temperature divides the logits first: cold verse is safe and "
    "repeats itself, hot verse is wild and misspells."
)

_TEXTS = {
    "river": "The river keeps the colour of the ",
    "lamp": "The bridge is late,\nand every lamp ",
    "none": "",
}
"""Beginnings by the name of their option."""

CONTROLS: tuple[Control, ...] = (
    Choice(
        "poet",
        "poet",
        (
            ("letters", "letters, letter by letter"),
            ("verse", "verse, word by word"),
            ("sonnets", "sonnets, word by word"),
        ),
        "letters",
    ),
    Choice(
        "start",
        "text before",
        (
            ("river", "the river keeps ..."),
            ("lamp", "the bridge is late ..."),
            ("none", "none: a poem begins"),
            ("own", "your own"),
        ),
        "river",
    ),
    TextField("text", "your text", "", 120),
    Slider("temperature", "temperature", "T", 0.1, 2.5, 0.05, 1.0),
    Slider("top_k", "top-k, 0 for all", "k", 0, 40, 1, 0),
    Slider("top_p", "top-p, 1 for all", "p", 0.05, 1.0, 0.05, 1.0),
    Slider("seed", "seed of the samples", "", 0, 99, 1, 0),
    Choice("samples", "samples", (("yes", "write some"), ("no", "none")), "yes"),
)

GRID = {
    "start": ("river", "lamp", "none"),
    "temperature": (0.1, 0.3, 0.5, 0.8, 1.0, 1.5, 2.5),
    "top_k": (0, 5),
    "top_p": (0.9, 1.0),
}

_BARS = 14
"""Symbols shown one by one."""

_SAMPLES = 2
"""Poems written at a temperature."""

_MOST_CHARACTERS = 160
"""Most characters of a sample: hot verse may end no line for long."""


@dataclass(frozen=True)
class _Tempered:
    """The distribution of the next symbol at 1, at the temperature, and after the cuts.

    Attributes:
        symbols: the symbols, likeliest first.
        sampling: the settings.
        plain, tempered, drawn: probabilities, each of shape (symbols,).
    """

    symbols: NextSymbols
    sampling: Sampling
    plain: NDArray[np.float64]
    tempered: NDArray[np.float64]
    drawn: NDArray[np.float64]

    @classmethod
    def of(cls, symbols: NextSymbols, sampling: Sampling) -> _Tempered:
        heat = Sampling(temperature=sampling.temperature)
        plain, tempered, drawn = (
            symbols.shares(settings) for settings in (Sampling(temperature=1.0), heat, sampling)
        )
        return cls(symbols, sampling, plain, tempered, drawn)

    @property
    def kept(self) -> int:
        """Number of symbols that may be drawn."""
        return int(np.count_nonzero(self.drawn))

    @property
    def is_cut(self) -> bool:
        """True if top-k or top-p leaves symbols out."""
        return self.sampling.top_k is not None or self.sampling.top_p is not None

    @property
    def kept_share(self) -> float:
        """Probability at the temperature of all symbols that the cuts leave."""
        return float(self.tempered[self.drawn > 0].sum())


def demonstrate(state: State) -> Demonstration:
    """Share the probability out at a temperature, and write samples if the state asks for them.

    Raises:
        SettingsError: the text has characters that the poet has never read.
    """
    poet, seed = state.text("poet"), state.whole("seed")
    text = state.text("text") if state.text("start") == "own" else _TEXTS[state.text("start")]
    symbols = next_symbols(poet, text)
    top_k, top_p = state.whole("top_k"), state.number("top_p")
    sampling = Sampling(
        temperature=state.number("temperature"),
        top_k=top_k or None,
        top_p=None if top_p == 1.0 else top_p,
    )
    shown = _Tempered.of(symbols, sampling)
    samples = _samples(poet, text, sampling, seed) if state.text("samples") == "yes" else None
    return Demonstration(
        topic="temperature",
        title=TITLE,
        lead=LEAD,
        controls=CONTROLS,
        state=dict(state),
        problem="",
        data={**_data(shown), "samples": samples},
        sections=tuple(_sections(shown)),
        python=_python(poet, symbols, sampling, seed),
        exercise=("temperature", 1),
        summary=_summary(shown),
    )


@lru_cache(maxsize=256)
def _samples(poet: str, text: str, sampling: Sampling, seed: int) -> tuple[Mapping[str, str], ...]:
    """Write a few short poems; each is what was given and what was written after it."""
    symbols = next_symbols(poet, text)
    poems = open_writer(poet).write_many(
        _SAMPLES,
        start=symbols.start,
        lines=symbols.full_lines + _lines(symbols),
        sampling=sampling,
        seed=seed,
        maximum_characters=_MOST_CHARACTERS,
    )
    given = symbols.start.rstrip("\n")
    return tuple(
        {"given": given, "written": poem.text.removeprefix(given)}
        if poem.text.startswith(given)
        else {"given": "", "written": poem.text}
        for poem in poems
    )


def _lines(symbols: NextSymbols) -> int:
    """Return the number of lines of a sample: two of letters, one of words, which are slower."""
    return 2 if symbols.unit == "letter" else 1


def _data(shown: _Tempered) -> dict[str, Json]:
    count = min(_BARS, len(shown.plain))
    rest = slice(count, None)
    return {
        "unit": shown.symbols.unit,
        "backwards": shown.symbols.backwards,
        "start": shown.symbols.start,
        "bars": [
            {
                "name": shown.symbols.names[place],
                "plain": float(shown.plain[place]),
                "tempered": float(shown.tempered[place]),
                "drawn": float(shown.drawn[place]),
            }
            for place in range(count)
        ],
        "rest": {
            "count": len(shown.plain) - count,
            "plain": float(shown.plain[rest].sum()),
            "tempered": float(shown.tempered[rest].sum()),
            "drawn": float(shown.drawn[rest].sum()),
        },
        "kept": shown.kept,
        "of": len(shown.plain),
        "kept_share": shown.kept_share,
        "entropy": _entropy(shown.drawn),
        "entropy_at_1": _entropy(shown.plain),
        "perplexity": 2 ** _entropy(shown.drawn),
    }


def _entropy(probabilities: NDArray[np.float64]) -> float:
    """Return the entropy in bits."""
    positive = probabilities[probabilities > 0]
    return float(-(positive * np.log2(positive)).sum()) + 0.0


def _sections(shown: _Tempered) -> Iterator[Section]:
    yield Section("Softmax at this temperature", tuple(_softmax(shown)))
    yield Section("How sure the poet is", tuple(_sureness(shown)))
    yield Section("What is cut off", tuple(_cuts(shown)))
    yield Section("What the poet reads", tuple(_reading(shown)))


def _softmax(shown: _Tempered) -> Iterator[Part]:
    temperature, logits = shown.sampling.temperature, shown.symbols.logits
    yield Equation(
        "p_j = exp(z_j / T) / sum_k exp(z_k / T)",
        r"p_j = \frac{e^{z_j / T}}{\sum_k e^{z_k / T}}",
        "the logits z, divided by T, through softmax",
    )
    total = float(np.exp((logits - logits[0]) / temperature).sum())
    yield Formula(
        "sum",
        "S = sum_k exp((z_k - z_1) / T)",
        "",
        total,
        latex_symbols=r"S = \sum_k e^{(z_k - z_1) / T}",
    )
    for number in range(1, min(2, len(logits)) + 1):
        gap = float(logits[number - 1] - logits[0])
        yield Formula(
            f"probability of {_quoted(shown.symbols.names[number - 1])}",
            f"p_{number} = exp((z_{number} - z_1) / T) / S",
            f"exp({gap:g} / {temperature:g}) / {total:g}",
            float(shown.tempered[number - 1]),
            latex_symbols=rf"p_{number} = \frac{{e^{{(z_{number} - z_1) / T}}}}{{S}}",
            latex_numbers=rf"\frac{{e^{{{gap:g} / {temperature:g}}}}}{{{total:g}}}",
        )
    yield Note("The largest logit is subtracted from all of them, which changes no quotient.")


def _quoted(name: str) -> str:
    return name if " " in name else f"“{name}”"


def _sureness(shown: _Tempered) -> Iterator[Part]:
    bits = _entropy(shown.drawn)
    yield Formula(
        "entropy of what is drawn from",
        "H = -sum_j p_j log2 p_j",
        "",
        bits,
        "bits",
        r"H = -\sum_j p_j \log_2 p_j",
    )
    yield Formula(
        "perplexity",
        "2^H",
        f"2^{bits:g}",
        2**bits,
        latex_symbols="2^H",
        latex_numbers=f"2^{{{bits:g}}}",
    )
    yield Note(
        f"That is as uncertain as a fair choice among {2**bits:.3g} {shown.symbols.unit}s. At "
        f"temperature 1 and without cuts it is {_entropy(shown.plain):.3g} bits."
    )


def _cuts(shown: _Tempered) -> Iterator[Part]:
    if not shown.is_cut:
        yield Note(f"Nothing: any of the {shown.kept:,} {shown.symbols.unit}s may be drawn.")
        return
    top_k, top_p = shown.sampling.top_k, shown.sampling.top_p
    if top_k is not None:
        yield Note(f"Top-k keeps the {top_k} likeliest.")
    if top_p is not None:
        of = "the probability that is left" if top_k is not None else "the probability"
        yield Note(
            f"Top-p keeps the fewest that together have {top_p:g} of {of} (Holtzman et al. 2020)."
        )
    yield Note(
        f"{shown.kept} of {len(shown.drawn):,} {shown.symbols.unit}s stay. Their probabilities at "
        f"this temperature add up to {shown.kept_share:.4g}, and are divided by that."
    )
    first = Symbol("p_1", float(shown.tempered[0]), "p_1")
    kept = Symbol("kept", shown.kept_share, r"\sum_{\text{kept}} p_j")
    yield (first / kept).formula(f"{_quoted(shown.symbols.names[0])} after the cut")


def _reading(shown: _Tempered) -> Iterator[Part]:
    symbols = shown.symbols
    if symbols.unit == "letter":
        yield Note("The poet has read the text letter by letter; the bars are the next letter.")
    elif symbols.backwards:
        yield Note(
            "The poet writes each line from its end, so that it can rhyme. It takes the text as "
            "whole lines; the bars are the word or mark that ends the next line."
        )
    else:
        yield Note("The poet takes the text as whole lines; the bars begin the next line.")
    if symbols.unknown:
        yield Note(f"It doesn't know {', '.join(symbols.unknown)}, and reads each as unknown.")
    if symbols.unit == "word":
        yield Note(
            "Slurs are never drawn, and words of another age only if the poet's diction has them. "
            "Below a temperature of 1, poems have a small bias against repetition."
        )
    yield Table(
        "The likeliest",
        (
            symbols.unit,
            "logit",
            "at T = 1",
            f"at T = {shown.sampling.temperature:g}",
            "after the cuts",
        ),
        tuple(
            (
                symbols.names[place],
                float(symbols.logits[place]),
                float(shown.plain[place]),
                float(shown.tempered[place]),
                float(shown.drawn[place]) if shown.drawn[place] else None,
            )
            for place in range(min(5, len(shown.plain)))
        ),
    )


def _python(poet: str, symbols: NextSymbols, sampling: Sampling, seed: int) -> str:
    lines = symbols.full_lines + _lines(symbols)
    return f"""\
import numpy as np
import quatrain

poet = quatrain.load({poet!r})
start = {symbols.start!r}
sampling = quatrain.config.Sampling(
    temperature={sampling.temperature!r}, top_k={sampling.top_k!r}, top_p={sampling.top_p!r}
)
generation = poet.begin(start=start, lines={symbols.full_lines + 2}, temperature=1.0, seed=0)
logits, allowed = generation.next_symbols
drawn = quatrain.write.sampling.distribution(logits, sampling, allowed)[0]
print("the likeliest:", np.sort(drawn)[::-1][:5])
print("entropy in bits:", -np.sum(drawn[drawn > 0] * np.log2(drawn[drawn > 0])))

poems = poet.write_many(
    {_SAMPLES}, start=start, lines={lines}, sampling=sampling, seed={seed},
    maximum_characters={_MOST_CHARACTERS},
)
print(*poems, sep="\\n\\n")
"""


def _summary(shown: _Tempered) -> str:
    name, share = _quoted(shown.symbols.names[0]), float(shown.drawn[0])
    cut = f", {shown.kept} of {len(shown.drawn):,} stay" if shown.is_cut else ""
    return (
        f"At temperature {shown.sampling.temperature:g} the likeliest {shown.symbols.unit}, {name},"
        f" has a probability of {share:.3f}{cut}; the entropy is {_entropy(shown.drawn):.2f} bits, "
        f"the perplexity {2 ** _entropy(shown.drawn):.1f}."
    )
