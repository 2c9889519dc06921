"""The text that the pages train on."""

from __future__ import annotations

import quatrain


def anthology_as_text() -> str:
    """Return the anthology as text: a title, an empty line, the poem, three empty lines."""
    poems = quatrain.read("anthology").poems
    return "\n\n\n\n".join(f"{poem.title}\n\n{poem.text}" for poem in poems) + "\n"
