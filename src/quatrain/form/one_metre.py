"""The one metre of a poem whose form leaves the metre open.

In: lines and a form. Out: the metre that most of the lines keep, and a finding about it. A
villanelle may be in any metre, but in one: once most lines show which, the others are held to it.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from quatrain.form.form import Form
from quatrain.form.metre import FEET, MetreAutomaton, MetreReader, metre_with
from quatrain.records import Finding

BROKEN = 6
"""Cost of a line that breaks a metre, beside those of licences: as much as three inversions.

So a poem in iambs with a few broken lines isn't read as one in anapaests that lack syllables
everywhere, which nearly any line can be.
"""

LONGEST = 8
"""Feet of the longest metre that is looked for: an octameter; longer lines are heard as two."""


def likeliest_metre(lines: Sequence[str], form: Form, reader: MetreReader) -> MetreAutomaton:
    """Return the metre that lines keep best with the licences of the form.

    If all keep the form's usual one, it is that. Else broken lines and licences are weighed.
    """
    usual = metre_with(*form.usual, form.allow)
    if all(reader.cost(line, usual) is not None for line in lines):
        return usual
    candidates = [usual, *_candidates(lines, form, reader)]
    return min(candidates, key=lambda metre: _cost(lines, metre, reader))


def _cost(lines: Sequence[str], metre: MetreAutomaton, reader: MetreReader) -> int:
    """Return the cost of reading some lines under a metre."""
    costs = (reader.cost(line, metre) for line in lines)
    return sum(BROKEN if cost is None else min(cost, BROKEN) for cost in costs)


def _candidates(lines: Sequence[str], form: Form, reader: MetreReader) -> Iterable[MetreAutomaton]:
    """Yield the metres that a line of middling length can keep."""
    typical = statistics.median(map(reader.count, lines)) if lines else 0
    for foot, places in FEET.items():
        for feet in range(1, LONGEST + 1):
            # A foot of two unstressed syllables may lack one; a line may end in one more, or two.
            least = feet * 2 - 1
            if least <= typical <= len(places) * feet + 2:
                yield metre_with(foot, feet, form.allow)


def metre_finding(kept: int, lines: int, metre: MetreAutomaton) -> Finding:
    """Return whether most lines keep the metre, so that it is the poem's.

    Args:
        kept: number of lines that keep it.
        lines: number of all lines.
        metre: the metre.
    """
    found = f"{metre} in {kept} of {lines} lines"
    return Finding(
        0,
        "one metre",
        2 * kept > lines,
        found,
        "one metre in all lines",
        f"The poem keeps no one metre; the nearest is {found}.",
    )
