"""Write `docs/sonnets.md`, twelve sonnets with the seeds 1 to 12, to standard output.

    python docs/workshop/sonnets.py > docs/sonnets.md

`tests/house/test_docs.py` compares what this prints with the page.
"""

from __future__ import annotations

import sys

COUNT = 12

_OPENING = """\
# Twelve sonnets

<!-- Made by docs/workshop/sonnets.py; do not edit. -->

The poet `verse` wrote these with nothing set but the form and the seeds 1 to 12. No sonnet is left
out and no word is changed. You get the same with `quatrain write verse --form sonnet --seed 1`, and
so on. [Poems that hang together](benchmarks.md#poems-that-hang-together) measures such sonnets
beside people's.
"""


def page() -> str:
    """Return the page in Markdown."""
    import quatrain

    poems = quatrain.load("verse").write_many(COUNT, form="sonnet", seed=1)
    parts = [f"## Seed {poem.seed}\n\n```text\n{poem.text}\n```\n" for poem in poems]
    return "\n".join([_OPENING, *parts])


if __name__ == "__main__":
    sys.stdout.buffer.write(page().encode())
