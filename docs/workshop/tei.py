"""The table of TEI elements, made from the table that the reader uses."""

from __future__ import annotations

from quatrain.corpus.tei.elements import ELEMENTS, Rule
from workshop.tables import table


def elements() -> str:
    """Return what is done with every element, as Markdown."""
    rows = []
    for rule in Rule:
        counted = rule in {
            Rule.BESIDE,
            Rule.ASIDE,
            Rule.FIGURE,
            Rule.ABOUT,
            Rule.PROSE,
            Rule.HEADING,
        }
        kinds: dict[str, list[str]] = {}
        for name, treatment in ELEMENTS.items():
            if treatment.rule is rule:
                kind = treatment.kind if counted else ""
                kinds.setdefault(kind.replace(f"<{name}>", ""), []).append(f"`{name}`")
        for kind, names in sorted(kinds.items()):
            count = (kind or "its own name") if counted else ""
            rows.append((rule.value, count, " ".join(sorted(names, key=str.lower))))
    return table(("what Quatrain does", "counted as", "elements"), rows)
