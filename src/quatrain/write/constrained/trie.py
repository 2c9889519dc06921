"""Words as a trie of their characters, and the part of it that a line allows.

In: tokens as numbers and as they would be written at one place of a line. Out: `Trie`, whose
nodes are intervals of the tokens in the order of their spellings: those that begin alike are
neighbours. With the running sum of what is allowed, `Narrowed` knows at once which characters
lead on to a token that may come.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import Vocabulary


class Node(NamedTuple):
    """The tokens from `low` up to `high`, which have their first `depth` characters in common."""

    low: int
    high: int
    depth: int


class Trie:
    """Tokens by their characters.

    Args:
        numbers: of the tokens.
        pieces: their texts, in characters of the alphabet; none is empty.
        alphabet: of the poet.

    Attributes:
        numbers: in the order of their texts.
        root: the node of all.
    """

    def __init__(self, numbers: Sequence[int], pieces: Sequence[str], alphabet: Vocabulary) -> None:
        lengths = np.array([len(piece) for piece in pieces])
        codes = np.zeros((len(pieces), int(lengths.max()) + 1), np.uint16)  # 0 ends a text
        rows = np.repeat(np.arange(len(pieces)), lengths)
        columns = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        codes[rows, columns] = alphabet.encode("".join(pieces))
        order = np.lexsort(codes.T[::-1])
        self.numbers: NDArray[np.intp] = np.array(numbers, np.intp)[order]
        self.root = Node(0, len(order), 0)
        self._codes = codes[order]
        self._edges: dict[Node, tuple[tuple[int, Node], ...]] = {}

    def edges(self, node: Node) -> tuple[tuple[int, Node], ...]:
        """The characters after a node, each with the node behind it; 0 where a token ends."""
        found = self._edges.get(node)
        if found is None:
            low, high, depth = node
            column = self._codes[low:high, depth]
            starts = [0, *(np.flatnonzero(np.diff(column)) + 1).tolist()]
            ends = [*starts[1:], high - low]
            found = self._edges[node] = tuple(
                (symbol, Node(low + start, low + end, depth + 1))
                for symbol, start, end in zip(column[starts].tolist(), starts, ends, strict=True)
            )
        return found


class Onward(NamedTuple):
    """What may come after a node.

    Attributes:
        nodes: character -> the node behind it.
        complete: the tokens that end at the node.
    """

    nodes: dict[int, Node]
    complete: tuple[int, ...]


class Narrowed:
    """The tokens of a trie that are allowed.

    Args:
        trie: of all.
        allowed: by number, (vocabulary,).
    """

    def __init__(self, trie: Trie, allowed: NDArray[np.bool_]) -> None:
        self.trie = trie
        self._sums = np.concatenate([[0], np.cumsum(allowed[trie.numbers])])
        self._onward: dict[Node, Onward] = {}

    def onward(self, node: Node) -> Onward:
        """What may come after a node so that an allowed token is written."""
        found = self._onward.get(node)
        if found is None:
            sums = self._sums
            nodes = {
                symbol: after
                for symbol, after in self.trie.edges(node)
                if sums[after.high] > sums[after.low]
            }
            ended = nodes.pop(0, None)
            places = range(ended.low, ended.high) if ended else ()
            complete = tuple(
                int(self.trie.numbers[place]) for place in places if sums[place + 1] > sums[place]
            )
            found = self._onward[node] = Onward(nodes, complete)
        return found
