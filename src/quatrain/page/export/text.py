"""A poem as plain text."""

from __future__ import annotations

from quatrain.page import scansion
from quatrain.page.export.marked_poem import LEGEND, MarkedPoem
from quatrain.page.export.rows import row


def as_text(marked: MarkedPoem) -> str:
    """Return a poem as text: the title, an empty row, the stanzas with empty rows between.

    With marks, they stand above the lines, and the letters of the rhymes beside them, for a font
    whose letters all have one width.
    """
    if marked.scansion is not None and marked.scheme is not None:
        plain = scansion.as_text(marked.scansion, marked.scheme).plain
        return "\n".join(map(row, [*plain.split("\n"), "", LEGEND])) + "\n"
    poem = marked.poem
    head = f"{row(poem.title)}\n\n" if poem.title.strip() else ""
    stanzas = ("\n".join(row(line.text) for line in stanza) for stanza in poem.stanzas)
    return head + "\n\n".join(stanzas) + "\n"
