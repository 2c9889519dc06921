"""Compute what a form needs to know about the shipped poets' words, and store it in the package.

    python scripts/prepare_lexis.py

Run it again when the shipped poets or the data of `sound` change; a test compares.
"""

from __future__ import annotations

from pathlib import Path

from quatrain.form import Checker
from quatrain.poet import bundled_words
from quatrain.write import word_classes as lexis


def main() -> None:
    """Write the file beside `quatrain.write.word_classes`."""
    path = Path(lexis.__file__).parent / lexis.SHIPPED
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    found = lexis.WordClasses(bundled_words(), Checker().reader)
    found.save(path)
    print(f"{path}: {path.stat().st_size:,} bytes, {len(found.kinds)} classes")


if __name__ == "__main__":
    main()
