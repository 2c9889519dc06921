"""Division of a corpus into training and validation.

`divide_poems` takes a keyed hash, a length and a group for every poem and returns two lists of
poem indices. Only the single poem of a corpus is itself divided, by `divide_lines`.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import CorpusError


def digest(text: bytes, seed: int) -> int:
    """Return a poem's place in the order of division: blake2b of its text, keyed by the seed."""
    key = seed.to_bytes(8, "little", signed=True)
    return int.from_bytes(hashlib.blake2b(text, digest_size=8, key=key).digest(), "little")


def divide_poems(
    digests: NDArray[np.uint64],
    lengths: NDArray[np.int64],
    groups: NDArray[np.int64] | None,
    share: float,
    where: str,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Set whole poems apart for validation until their share of the characters is reached.

    Near-duplicates form one group and stay on one side. Groups are taken in the order of
    their first poem's digest, so where a poem stands in the source does not matter. A group
    that would take validation past one and a half times its share is passed over, so one
    long poem does not swallow the training text; if every group is that long, the shortest
    is taken.

    Args:
        digests: each poem's `digest`, shape (poems,).
        lengths: each poem's characters, framed as `prepared.framed` does, shape (poems,).
        groups: the index of the first poem of each poem's group, shape (poems,); None if no
            poem is nearly the same as another.
        share: of the characters, for validation.
        where: the corpus, for the error.

    Returns:
        Indices of the training poems and of the validation poems, both ascending.

    Raises:
        CorpusError: all poems are near-duplicates of one another.
    """
    if groups is None:
        groups = np.arange(len(digests))
    firsts, members = np.unique(groups, return_inverse=True)
    if len(firsts) < 2:
        raise CorpusError(
            where,
            f"{len(groups)} poems, all nearly the same",
            "at least two poems that differ, one to train on and one to validate with",
            "Add other poems, or let duplicates be dropped: then the one left is divided.",
        )
    sizes = np.bincount(members, weights=lengths).astype(np.int64)
    target = share * float(lengths.sum())
    order = np.argsort(digests[firsts], kind="stable")
    taken: list[int] = []
    characters = 0
    for group in order.tolist():
        size = int(sizes[group])
        if characters + size <= 1.5 * target:
            taken.append(group)
            characters += size
        if characters >= target:
            break
    if not taken:
        taken = [int(order[np.argmin(sizes[order])])]
    validates = np.isin(members, taken)
    return np.flatnonzero(~validates), np.flatnonzero(validates)


def divide_lines(text: str, share: float, where: str) -> tuple[str, str]:
    """Divide the only poem of a corpus: the last share of its lines validates.

    Raises:
        CorpusError: the poem has a single line.
    """
    breaks = [at for at, character in enumerate(text) if character == "\n"]
    ends = [at for at in breaks if at and text[at - 1] != "\n"]
    lines = len(ends) + 1
    if lines < 2:
        raise CorpusError(
            where,
            "a single line",
            "at least two lines, one to train on and one to validate with",
            "Add more verse.",
        )
    last = min(max(1, round(share * lines)), lines - 1)
    cut = ends[lines - last - 1]
    return text[:cut], text[cut:].lstrip("\n")
