"""Numbers drawn from a text: the same for ever, on every machine.

The generators of Python and NumPy may give other numbers in another version. A student's sheet
must stay what it is, so the numbers are digests of the text and a counter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class NumberStream:
    """A source of numbers that moves on with every draw.

    Args:
        key: any text, lone surrogates included.
    """

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
        self._drawn = 0

    def whole(self, least: int, most: int) -> int:
        """Draw a whole number from `least` to `most`, both included."""
        counter = self._drawn.to_bytes(8, "big")
        self._drawn += 1
        digest = hashlib.sha256(self._key + counter).digest()
        # 256 bits over a few values: the bias of the remainder is below 1e-70.
        return least + int.from_bytes(digest, "big") % (most - least + 1)

    def decimal(self, least: float, most: float, digits: int = 2) -> float:
        """Draw a number with `digits` decimals from `least` to `most`."""
        scale = 10.0**digits
        return self.whole(round(least * scale), round(most * scale)) / scale

    def choice(self, items: Sequence[Item]) -> Item:
        """Draw one of some items."""
        return items[self.whole(0, len(items) - 1)]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """Return the items in a random order (Fisher and Yates)."""
        order = list(items)
        for last in range(len(order) - 1, 0, -1):
            other = self.whole(0, last)
            order[last], order[other] = order[other], order[last]
        return order
