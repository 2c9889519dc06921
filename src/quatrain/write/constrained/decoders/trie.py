"""A trie of words by their characters, and the part of it that a line allows.

In: tokens as numbers, with the text of each at one place of a line. Out: `Trie`, whose nodes are
intervals of the tokens sorted by their texts, as tokens that begin alike are neighbours. `TrieView`
keeps a running count of what is allowed, and so sees at once which characters lead to a token
that may come.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import Vocabulary
from quatrain.write.word_classes import Mask


class Node(NamedTuple):
    """The tokens from `low` up to `high`, whose first `depth` characters are the same."""

    low: int
    high: int
    depth: int


class Trie:
    """A trie of tokens by their characters.

    Args:
        numbers: the tokens' numbers.
        pieces: their texts, in characters of the alphabet; none is empty.
        alphabet: the poet's characters.

    Attributes:
        numbers: the tokens' numbers in the order of their texts.
        root: the node of all tokens.
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
        """Return the characters after a node, each with its child; 0 where a token ends."""
        edges = self._edges.get(node)
        if edges is None:
            low, high, depth = node
            column = self._codes[low:high, depth]
            starts = [0, *(np.flatnonzero(np.diff(column)) + 1).tolist()]
            ends = [*starts[1:], high - low]
            edges = self._edges[node] = tuple(
                (symbol, Node(low + start, low + end, depth + 1))
                for symbol, start, end in zip(column[starts].tolist(), starts, ends, strict=True)
            )
        return edges


class Continuations(NamedTuple):
    """Characters and tokens that may come after a node of a trie.

    Attributes:
        nodes: character -> its child.
        complete: numbers of the tokens that end at the node.
    """

    nodes: dict[int, Node]
    complete: tuple[int, ...]


class TrieView:
    """The part of a trie that leads to allowed tokens.

    Args:
        trie: the trie of all tokens.
        allowed: which tokens may come, (vocabulary,).
    """

    def __init__(self, trie: Trie, allowed: Mask) -> None:
        self.trie = trie
        # Allowed tokens among the first n of the trie: an interval has some if the count grows.
        self._counts = np.concatenate([[0], np.cumsum(allowed[trie.numbers])])
        self._continuations: dict[Node, Continuations] = {}

    def continuations(self, node: Node) -> Continuations:
        """Return what may come after a node so that an allowed token is written."""
        cached = self._continuations.get(node)
        if cached is not None:
            return cached
        counts = self._counts
        nodes = {
            symbol: child
            for symbol, child in self.trie.edges(node)
            if counts[child.high] > counts[child.low]
        }
        ended = nodes.pop(0, None)
        places = range(ended.low, ended.high) if ended else ()
        complete = tuple(
            int(self.trie.numbers[place]) for place in places if counts[place + 1] > counts[place]
        )
        self._continuations[node] = Continuations(nodes, complete)
        return self._continuations[node]
