"""Compute the classes of the shipped poets' words and store them in the package.

    python scripts/prepare_word_classes.py

Run it again when the shipped poets or the data of `sound` change; a test compares.
"""

from __future__ import annotations

from pathlib import Path

from quatrain.form import Checker
from quatrain.poet import bundled_words
from quatrain.write import word_classes


def main() -> None:
    """Write the file beside `quatrain.write.word_classes`."""
    path = Path(word_classes.__file__).parent / word_classes.SHIPPED
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    classes = word_classes.WordClasses(bundled_words(), Checker().reader)
    classes.save(path)
    print(f"{path}: {path.stat().st_size:,} bytes, {len(classes.classes)} classes")


if __name__ == "__main__":
    main()
