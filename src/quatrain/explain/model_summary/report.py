"""A summary of a model by layer, and the explanation made from it.

In: a `ModelSummary`, from `module` (torch) or `model` (a poet). Out: `records.Explanation`.
Nothing here imports torch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from quatrain.explain.arithmetic.expression import Expression, Symbol, total
from quatrain.records import Bars, Cell, Explanation, Formula, Heading, Note, Part, Table

_MOST_TERMS = 8
"""Most terms of a sum shown one by one; the smallest are combined."""

_MOST_BARS = 24
"""Most bars of a picture: what a page holds; the smallest layers share the last one."""

MULTIPLY_ADDS_COUNTED = (
    "A multiply-add is a multiplication whose result is added to a sum: the inner products of "
    "matrix products and convolutions, including the zeros of padding. Element-wise work (biases, "
    "activations, multiplications by a gate, normalisation) isn't counted."
)
"""Definition of a multiply-add, for the top of a summary."""


MODULE_INTRODUCTION = (
    MULTIPLY_ADDS_COUNTED,
    "Everything is counted over one forward pass of the example input, in evaluation mode and "
    "without torch's fused fast path for transformer layers.",
)
PEAK_MEMORY = (
    "The peak is the most memory that tensors of the forward pass use at once, without gradients: "
    "the example input, and results of operations that aren't freed yet. Memory shared by several "
    "tensors counts once. Parameters, buffers and temporary memory inside kernels don't count."
)
SAVED_FOR_BACKWARD = (
    "Saved for the backward pass: what torch saves from a forward pass in training mode to compute "
    "gradients. Shared memory counts once; parameters and buffers don't count."
)
GRADIENTS_NEEDED = (
    "The forward pass needs gradients, so it ran with them: the multiply-adds of the gradients "
    "it computes count where it computes them, and the peak includes what autograd keeps for them."
)
"""Notes of the explanation of a torch module."""


class Work:
    """A sum of multiply-adds, with equal terms combined.

    Attributes:
        uncounted: name of an operation without a known count -> number of calls.
    """

    def __init__(self) -> None:
        self.uncounted: Counter[str] = Counter()
        self._terms: dict[tuple[str, str], Expression] = {}
        self._times: Counter[tuple[str, str]] = Counter()

    def add(self, term: Expression, times: int = 1) -> None:
        """Add a term, once or `times` times."""
        key = term.text("symbols"), term.text("numbers")
        self._terms[key] = term
        self._times[key] += times

    def update(self, other: Work) -> None:
        """Add all terms of another sum."""
        for key, times in other._times.items():
            self.add(other._terms[key], times)
        self.uncounted.update(other.uncounted)

    def __bool__(self) -> bool:
        return bool(self._terms)

    @property
    def multiply_adds(self) -> int:
        """Number of multiply-adds."""
        expression = self.expression
        return 0 if expression is None else int(expression.value)

    @property
    def expression(self) -> Expression | None:
        """Formula of the sum; None if nothing was added."""
        terms = [
            (term if self._times[key] == 1 else Symbol("times", self._times[key]) * term)
            for key, term in self._terms.items()
        ]
        return _sum(terms)


@dataclass(slots=True)
class LayerSummary:
    """Counts of one module of the tree.

    Attributes:
        path: its name from the top, with dots.
        kind: the name of its class.
        container: whether its children do all the work.
        parameters: formula of its own parameters, without those counted elsewhere.
        reason: why it has no multiply-adds, or empty.
        by_operations: whether `work` was counted operation by operation, not by a rule for its
            kind.
        attribute_count: the multiply-adds that its attributes say, if they are not those it ran.
        inputs, outputs: shapes of its calls, as text -> number of calls.
        calls: number of calls.
        work: the multiply-adds of all calls, without those of children.
    """

    path: str
    kind: str
    container: bool = False
    parameters: Expression | None = None
    reason: str = ""
    by_operations: bool = False
    attribute_count: int | None = None
    inputs: Counter[str] = field(default_factory=Counter)
    outputs: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    work: Work = field(default_factory=Work)

    @property
    def name(self) -> str:
        """Its path; with its kind if the last part is a number, as in a sequence."""
        return f"{self.path} ({self.kind})" if self.path.rpartition(".")[2].isdigit() else self.path

    @property
    def parameter_count(self) -> int:
        """Number of its own parameters."""
        return 0 if self.parameters is None else int(self.parameters.value)

    @property
    def multiply_adds(self) -> int:
        """Number of multiply-adds of all calls."""
        return self.work.multiply_adds


@dataclass(frozen=True, slots=True)
class ModelSummary:
    """Counts of a whole model.

    Attributes:
        title: the title of the explanation.
        layers: one entry per module, in the order of the tree.
        introduction: paragraphs before the table.
        formulas: further totals and the memory.
        remarks: paragraphs at the end about shared, unused and uncounted layers.
    """

    title: str
    layers: Sequence[LayerSummary]
    introduction: Sequence[str]
    formulas: Sequence[Part]
    remarks: Sequence[str]


def explain_summary(summary: ModelSummary) -> Explanation:
    """Return a summary as parts in reading order."""
    parts: list[Part] = [Note(text) for text in summary.introduction]
    parts.append(_table(summary.layers))
    parts += bars(summary.layers)
    parts.append(Heading("Layer by layer"))
    parts += _layers(summary.layers)
    parts.append(Heading("Totals"))
    parts += _totals(summary.layers)
    parts += summary.formulas
    if summary.remarks:
        parts.append(Heading("Remarks"))
        parts += [Note(text) for text in summary.remarks]
    return Explanation(summary.title, tuple(parts))


def counting_remarks(layers: Iterable[LayerSummary]) -> Iterator[str]:
    """Yield remarks on layers counted by operations, and on operations not counted."""
    for layer in layers:
        if layer.attribute_count is not None:
            yield (
                f"The attributes of {layer.path} ({layer.kind}) stand for "
                f"{layer.attribute_count:,} multiply-adds, which is not what it ran: a weight was "
                "replaced, a hook computes, or derivatives are taken along. Its "
                f"{layer.multiply_adds:,} multiply-adds are counted from the operations it ran."
            )
        elif layer.by_operations:
            yield (
                f"{layer.path} ({layer.kind}) computes outside of any known layer: its "
                f"{layer.multiply_adds:,} multiply-adds are counted from the operations it ran."
            )
        for name, times in layer.work.uncounted.items():
            yield (
                f"{layer.path} ran {name} ({times:,} {'call' if times == 1 else 'calls'}), "
                "whose multiply-adds are not known, so they aren't counted."
            )


def sum_of(name: str, terms: Sequence[tuple[str, int]], unit: str = "") -> Formula:
    """Return the sum of named numbers; the smallest are combined, one alone has no formula."""
    expression = _sum([Symbol(term, number) for term, number in terms])
    if expression is None or len(terms) == 1:
        return Formula(name, "", "", sum(number for _, number in terms), unit)
    return expression.formula(name, unit)


def _sum(terms: Sequence[Expression]) -> Expression | None:
    if len(terms) > _MOST_TERMS:
        by_size = sorted(terms, key=lambda term: -term.value)
        largest = set(map(id, by_size[: _MOST_TERMS - 1]))
        smaller = sum(int(term.value) for term in by_size[_MOST_TERMS - 1 :])
        terms = [term for term in terms if id(term) in largest]
        terms = [*terms, Symbol("the rest", smaller)]
    return total(*terms) if terms else None


def _table(layers: Sequence[LayerSummary]) -> Table:
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


def _row(layer: LayerSummary, parameters: int, multiply_adds: int) -> tuple[Cell, ...]:
    own = None if layer.container and layer.parameters is None else layer.parameter_count
    unknown = layer.container or layer.work.uncounted
    work = None if unknown and not layer.work else layer.multiply_adds
    return (
        layer.path,
        layer.kind,
        _shapes(layer.inputs),
        _shapes(layer.outputs),
        layer.calls,
        own,
        _percent(own, parameters),
        work,
        _percent(work, multiply_adds),
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


def _layers(layers: Sequence[LayerSummary]) -> list[Part]:
    parts: list[Part] = []
    groups: dict[tuple[object, ...], list[LayerSummary]] = {}
    without: dict[tuple[str, str], list[str]] = {}
    for layer in layers:
        formulas = [(formula.symbols, formula.numbers) for formula in _formulas(layer)]
        if formulas:
            groups.setdefault((layer.kind, *formulas), []).append(layer)
        if layer.calls and not (layer.container or layer.multiply_adds or layer.work.uncounted):
            without.setdefault((layer.kind, layer.reason), []).append(layer.path)
    for first, *others in groups.values():
        parts += _formulas(first)
        if others:
            paths = join_names([layer.path for layer in others])
            parts.append(Note(f"The formulas of {first.path} also hold for {paths}."))
    if without:
        kinds = (
            f"{join_names(paths)} ({kind}{': ' if reason else ''}{reason})"
            for (kind, reason), paths in without.items()
        )
        parts.append(Note(f"Without multiply-adds: {'; '.join(kinds)}."))
    return parts


def _formulas(layer: LayerSummary) -> list[Formula]:
    formulas = []
    if layer.parameters is not None:
        formulas.append(layer.parameters.formula(f"{layer.path}: parameters"))
    if (work := layer.work.expression) is not None and layer.multiply_adds:
        formulas.append(work.formula(f"{layer.path}: multiply-adds"))
    return formulas


def join_names(names: Sequence[str]) -> str:
    """Join names with commas; if there are many, give the number of the last ones."""
    if len(names) > _MOST_TERMS:
        return f"{', '.join(names[: _MOST_TERMS - 1])} and {len(names) - _MOST_TERMS + 1:,} others"
    return ", ".join(names)


def _totals(layers: Sequence[LayerSummary]) -> list[Part]:
    parameters = [(layer.name, layer.parameter_count) for layer in layers if layer.parameter_count]
    work = [(layer.name, layer.multiply_adds) for layer in layers if layer.multiply_adds]
    return [sum_of("total parameters", parameters), sum_of("total multiply-adds", work)]


def bars(layers: Sequence[LayerSummary]) -> list[Bars]:
    """Draw the parameters and the multiply-adds of the layers, the largest of many."""
    found = []
    for name, label, counts in (
        ("model-parameters", "parameters", [layer.parameter_count for layer in layers]),
        ("model-multiply-adds", "multiply-adds", [layer.multiply_adds for layer in layers]),
    ):
        pairs = [(layer.name, count) for layer, count in zip(layers, counts, strict=True) if count]
        if not pairs:
            continue
        shown, rest = _largest(pairs)
        found.append(
            Bars(
                name,
                f"{label.capitalize()} by layer",
                label,
                (*(path for path, _ in shown), *([f"{len(rest)} smaller layers"] if rest else [])),
                (*(count for _, count in shown), *([sum(n for _, n in rest)] if rest else [])),
            )
        )
    return found


def _largest(
    pairs: Sequence[tuple[str, int]],
) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """Return the largest amounts in the order of the layers, and the others."""
    if len(pairs) <= _MOST_BARS:
        return list(pairs), []
    order = sorted(range(len(pairs)), key=lambda place: -pairs[place][1])
    chosen = set(order[: _MOST_BARS - 1])
    return (
        [pair for place, pair in enumerate(pairs) if place in chosen],
        [pair for place, pair in enumerate(pairs) if place not in chosen],
    )
