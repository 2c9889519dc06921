"""Writing verse with a trained poet.

In: a poet's folder, and how to draw. Out: `Poem`s, at once or character by
character; next room `page`, or a `print`.
"""

from pathlib import Path

from quatrain.write.writer import Writer
from quatrain.write.writing import Writing

__all__ = ["Writer", "Writing", "load"]


def load(folder: str | Path) -> Writer:
    """Open a poet's folder to write with it.

    Example:
        poet = quatrain.load("my-poet")
        print(poet.write(lines=8, temperature=0.7, seed=1))

    Raises:
        PoetError: there is no poet, or it is damaged, of another kind or too new.
    """
    return Writer.load(folder)
