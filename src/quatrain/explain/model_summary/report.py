"""What was seen of a module, and the explanation made of it.

In: `Observed`, from `module` (torch) or `whole` (a poet). Out: `records.Explanation`.
Nothing here imports torch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from quatrain.explain.arithmetic.expression import Expression, Symbol, total
from quatrain.records import Cell, Explanation, Formula, Heading, Note, Part, Table

_TERMS = 8
"""Terms of a sum shown one by one; what is smaller is put together."""

WHAT_IS_COUNTED = (
    "A multiply-add is a multiplication whose result is added into a sum: the inner products of "
    "matrix products and convolutions, the zeros of padding included. What works element by "
    "element (biases, activations, the products with a gate, normalisation) is not counted."
)


class Work:
    """Multiply-adds, equal pieces put together.

    Attributes:
        uncounted: operations that multiply and add by no known rule -> how often.
    """

    def __init__(self) -> None:
        self.uncounted: Counter[str] = Counter()
        self._pieces: dict[tuple[str, str], Expression] = {}
        self._times: Counter[tuple[str, str]] = Counter()

    def add(self, piece: Expression, times: int = 1) -> None:
        """Once more, or `times` more."""
        key = piece.text("symbols"), piece.text("numbers")
        self._pieces[key] = piece
        self._times[key] += times

    def update(self, other: Work) -> None:
        """All of another's, too."""
        for key, times in other._times.items():
            self.add(other._pieces[key], times)
        self.uncounted.update(other.uncounted)

    def __bool__(self) -> bool:
        return bool(self._pieces)

    @property
    def expression(self) -> Expression | None:
        """The sum, None if nothing was added."""
        terms = [
            (piece if self._times[key] == 1 else Symbol("times", self._times[key]) * piece)
            for key, piece in self._pieces.items()
        ]
        return _sum(terms)


@dataclass(slots=True)
class Layer:
    """One module of the tree.

    Attributes:
        path: its name from the top, with dots.
        kind: its class.
        container: whether its own children do the work, so that it has no counts itself.
        parameters: those it holds itself, the ones counted elsewhere taken off.
        reason: why it has no multiply-adds, or empty.
        outside: whether `work` was counted operation by operation, not by a rule for its kind.
        inputs, outputs: shapes of its calls, as text -> how often.
        calls: how often it was called.
        work: the multiply-adds of all calls, without those of children.
    """

    path: str
    kind: str
    container: bool = False
    parameters: Expression | None = None
    reason: str = ""
    outside: bool = False
    inputs: Counter[str] = field(default_factory=Counter)
    outputs: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    work: Work = field(default_factory=Work)

    @property
    def name(self) -> str:
        """Its path; with its kind where the last part is a number, as in a sequence."""
        return f"{self.path} ({self.kind})" if self.path.rpartition(".")[2].isdigit() else self.path

    @property
    def parameter_count(self) -> int:
        """As a number."""
        return 0 if self.parameters is None else int(self.parameters.value)

    @property
    def multiply_adds(self) -> int:
        """As a number."""
        done = self.work.expression
        return 0 if done is None else int(done.value)


@dataclass(frozen=True, slots=True)
class Observed:
    """A whole model, as seen.

    Attributes:
        title: of the explanation.
        layers: in the order of the tree.
        introduction: paragraphs before the table.
        formulas: more totals and the memory.
        remarks: paragraphs at the end: what is shared, never called, not counted.
    """

    title: str
    layers: Sequence[Layer]
    introduction: Sequence[str]
    formulas: Sequence[Part]
    remarks: Sequence[str]


def explanation(observed: Observed) -> Explanation:
    """What was seen as parts in reading order."""
    parts: list[Part] = [Note(text) for text in observed.introduction]
    parts.append(_table(observed.layers))
    parts.append(Heading("Layer by layer"))
    parts += _layers(observed.layers)
    parts.append(Heading("In all"))
    parts += _totals(observed.layers)
    parts += observed.formulas
    if observed.remarks:
        parts.append(Heading("Worth knowing"))
        parts += [Note(text) for text in observed.remarks]
    return Explanation(observed.title, tuple(parts))


def outside(layers: Iterable[Layer]) -> Iterator[str]:
    """Remarks on what was counted by its operations, and what was not counted."""
    for layer in layers:
        if layer.outside:
            yield (
                f"{layer.path} ({layer.kind}) computes outside of any known layer: its "
                f"{layer.multiply_adds:,} multiply-adds are those of the operations it ran."
            )
        for name, times in layer.work.uncounted.items():
            yield (
                f"{layer.path} ran {name} ({times:,} {'call' if times == 1 else 'calls'}), "
                "whose multiply-adds are not known and not counted."
            )


def sum_of(name: str, terms: Sequence[tuple[str, int]], unit: str = "") -> Formula:
    """Named numbers added, the smaller ones put together; one alone needs no formula."""
    added = _sum([Symbol(term, number) for term, number in terms])
    if added is None or len(terms) == 1:
        return Formula(name, "", "", sum(number for _, number in terms), unit)
    return added.formula(name, unit)


def _sum(terms: Sequence[Expression]) -> Expression | None:
    if len(terms) > _TERMS:
        by_size = sorted(terms, key=lambda term: -term.value)
        shown = set(map(id, by_size[: _TERMS - 1]))
        smaller = sum(int(term.value) for term in by_size[_TERMS - 1 :])
        terms = [term for term in terms if id(term) in shown]
        terms = [*terms, Symbol("the smaller others", smaller)]
    return total(*terms) if terms else None


def _table(layers: Sequence[Layer]) -> Table:
    parameters = sum(layer.parameter_count for layer in layers)
    multiply_adds = sum(layer.multiply_adds for layer in layers)
    return Table(
        "Layers",
        (
            "layer",
            "kind",
            "input",
            "output",
            "calls",
            "parameters",
            "% of parameters",
            "multiply-adds",
            "% of multiply-adds",
        ),
        tuple(_row(layer, parameters, multiply_adds) for layer in layers),
    )


def _row(layer: Layer, parameters: int, multiply_adds: int) -> tuple[Cell, ...]:
    own = None if layer.container and layer.parameters is None else layer.parameter_count
    unknown = layer.container or layer.work.uncounted
    done = None if unknown and not layer.work else layer.multiply_adds
    return (
        layer.path,
        layer.kind,
        _shapes(layer.inputs),
        _shapes(layer.outputs),
        layer.calls,
        own,
        _percent(own, parameters),
        done,
        _percent(done, multiply_adds),
    )


def _shapes(shapes: Counter[str]) -> str | None:
    if not shapes:
        return None
    first, *others = shapes
    if len(others) > 1:
        return f"{first}; {len(others)} others"
    return "; ".join((first, *others))


def _percent(part: int | None, whole: int) -> float | None:
    return None if part is None or not whole else 100 * part / whole


def _layers(layers: Sequence[Layer]) -> list[Part]:
    parts: list[Part] = []
    alike: dict[tuple[object, ...], list[Layer]] = {}
    without: dict[tuple[str, str], list[str]] = {}
    for layer in layers:
        formulas = [(formula.symbols, formula.numbers) for formula in _formulas(layer)]
        if formulas:
            alike.setdefault((layer.kind, *formulas), []).append(layer)
        if layer.calls and not (layer.container or layer.multiply_adds or layer.work.uncounted):
            without.setdefault((layer.kind, layer.reason), []).append(layer.path)
    for first, *others in alike.values():
        parts += _formulas(first)
        if others:
            paths = listed([layer.path for layer in others])
            parts.append(Note(f"The formulas of {first.path} hold for {paths} as well."))
    if without:
        kinds = (
            f"{listed(paths)} ({kind}{': ' if reason else ''}{reason})"
            for (kind, reason), paths in without.items()
        )
        parts.append(Note(f"Without multiply-adds: {'; '.join(kinds)}."))
    return parts


def _formulas(layer: Layer) -> list[Formula]:
    formulas = []
    if layer.parameters is not None:
        formulas.append(layer.parameters.formula(f"{layer.path}: parameters"))
    if (work := layer.work.expression) is not None and layer.multiply_adds:
        formulas.append(work.formula(f"{layer.path}: multiply-adds"))
    return formulas


def listed(names: Sequence[str]) -> str:
    """Names with commas, the last ones as their number where there are many."""
    if len(names) > _TERMS:
        return f"{', '.join(names[: _TERMS - 1])} and {len(names) - _TERMS + 1:,} others"
    return ", ".join(names)


def _totals(layers: Sequence[Layer]) -> list[Part]:
    parameters = [(layer.name, layer.parameter_count) for layer in layers if layer.parameter_count]
    done = [(layer.name, layer.multiply_adds) for layer in layers if layer.multiply_adds]
    return [sum_of("total parameters", parameters), sum_of("total multiply-adds", done)]
