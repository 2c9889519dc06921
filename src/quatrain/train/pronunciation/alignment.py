"""Which letter says which phonemes: alignment by expectation-maximisation.

In: words and pronunciations. Out: for every letter the 0, 1 or 2 phonemes it says, a
chunk. After Jiampojamarn, Kondrak and Sherif 2007, "Applying many-to-many alignments and
hidden Markov models to letter-to-phoneme conversion", with single letters: silent
letters say nothing, x says K S. Next: `network`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quatrain.train.pronunciation.words import Phonemes

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_FLOOR = 1e-12  # so that no chunk is impossible for a letter


@dataclass(frozen=True, slots=True)
class _Group:
    """Pairs of one length: letters (pairs, I) and stressless phonemes (pairs, J), numbered."""

    pairs: Integers
    letters: Integers
    phonemes: Integers

    def chunks(self, kinds: int) -> tuple[Integers, Integers]:
        """Numbers of the chunks of one phoneme, (pairs, J), and of two, (pairs, J - 1)."""
        single = self.phonemes + 1
        return single, 1 + kinds + self.phonemes[:, :-1] * kinds + self.phonemes[:, 1:]


def align(
    pairs: Sequence[tuple[str, Phonemes]], *, iterations: int = 12
) -> list[tuple[Phonemes, ...] | None]:
    """The likeliest alignment of each (word, pronunciation).

    The model is one table, P(chunk | letter) without stress, begun even and improved so many
    times by the expected counts over all alignments of all pairs.

    Returns:
        Per pair, one chunk of phonemes per letter, with their stress digits; None where there
        are more than two phonemes per letter, as in abbreviations.
    """
    alphabet = {letter: number for number, letter in enumerate(_sorted(word for word, _ in pairs))}
    kinds = {
        phoneme: number
        for number, phoneme in enumerate(_sorted(map(_stressless, (said for _, said in pairs))))
    }
    groups = _grouped(pairs, alphabet, kinds)
    table = np.full((len(alphabet), 1 + len(kinds) + len(kinds) ** 2), 1.0)
    table /= table.shape[1]
    for _ in range(iterations):
        counts = np.full_like(table, _FLOOR)
        for group in groups:
            _add_expected(group, table, counts, len(kinds))
        table = counts / counts.sum(axis=1, keepdims=True)
    aligned: list[tuple[Phonemes, ...] | None] = [None] * len(pairs)
    for group in groups:
        for pair, lengths in zip(group.pairs, _likeliest(group, table, len(kinds)), strict=True):
            said = pairs[pair][1]
            ends = np.cumsum(lengths)
            aligned[pair] = tuple(
                said[end - length : end] for end, length in zip(ends, lengths, strict=True)
            )
    return aligned


def _sorted(sequences: Iterable[Iterable[str]]) -> list[str]:
    return sorted({symbol for sequence in sequences for symbol in sequence})


def _stressless(phonemes: Phonemes) -> list[str]:
    return [phoneme.rstrip("012") for phoneme in phonemes]


def _grouped(
    pairs: Sequence[tuple[str, Phonemes]], alphabet: dict[str, int], kinds: dict[str, int]
) -> list[_Group]:
    by_length: dict[tuple[int, int], list[int]] = {}
    for number, (word, said) in enumerate(pairs):
        if 0 < len(said) <= 2 * len(word):
            by_length.setdefault((len(word), len(said)), []).append(number)
    return [
        _Group(
            np.array(numbers),
            np.array([[alphabet[letter] for letter in pairs[n][0]] for n in numbers]),
            np.array([[kinds[phoneme] for phoneme in _stressless(pairs[n][1])] for n in numbers]),
        )
        for numbers in by_length.values()
    ]


def _scores(group: _Group, table: Floats, kinds: int) -> tuple[Floats, Floats, Floats]:
    """P(chunk | letter) for nothing, (pairs, I, 1); for phoneme j, (pairs, I, J); for j, j + 1."""
    single, double = group.chunks(kinds)
    letters = group.letters[:, :, None]
    return (
        table[letters, 0],
        table[letters, single[:, None, :]],
        table[letters, double[:, None, :]],
    )


def _add_expected(group: _Group, table: Floats, counts: Floats, kinds: int) -> None:
    """Add the expected number of each (letter, chunk) over all alignments of the group.

    forward[i][:, j] is the probability that the first i letters say the first j phonemes, over
    all ways; backward[i][:, j] that the letters from i on say the phonemes from j on.
    """
    nothing, one, two = _scores(group, table, kinds)
    pairs, letters, phonemes = one.shape
    forward = np.zeros((letters + 1, pairs, phonemes + 1))
    backward = np.zeros_like(forward)
    forward[0, :, 0] = backward[letters, :, phonemes] = 1.0
    for i in range(letters):
        forward[i + 1] = forward[i] * nothing[:, i]
        forward[i + 1, :, 1:] += forward[i, :, :-1] * one[:, i]
        forward[i + 1, :, 2:] += forward[i, :, :-2] * two[:, i]
    for i in reversed(range(letters)):
        backward[i] = backward[i + 1] * nothing[:, i]
        backward[i, :, :-1] += backward[i + 1, :, 1:] * one[:, i]
        backward[i, :, :-2] += backward[i + 1, :, 2:] * two[:, i]
    before = np.swapaxes(forward[:-1], 0, 1) / backward[0, :, :1, None]  # (pairs, I, J + 1)
    after = np.swapaxes(backward[1:], 0, 1)
    single, double = group.chunks(kinds)
    numbers = group.letters[:, :, None] * table.shape[1]
    for places, weights in (
        (numbers, (before * after * nothing).sum(axis=2, keepdims=True)),
        (numbers + single[:, None], before[:, :, :-1] * after[:, :, 1:] * one),
        (numbers + double[:, None], before[:, :, :-2] * after[:, :, 2:] * two),
    ):
        counts += np.bincount(places.ravel(), weights.ravel(), counts.size).reshape(counts.shape)


def _likeliest(group: _Group, table: Floats, kinds: int) -> Integers:
    """How many phonemes each letter says in the likeliest alignment, (pairs, I)."""
    nothing, one, two = (np.log(score) for score in _scores(group, table, kinds))
    pairs, letters, phonemes = one.shape
    best = np.full((pairs, phonemes + 1), -np.inf)
    best[:, 0] = 0.0
    choices = np.zeros((letters, pairs, phonemes + 1), np.int64)
    for i in range(letters):
        ways = np.full((3, pairs, phonemes + 1), -np.inf)
        ways[0] = best + nothing[:, i]
        ways[1, :, 1:] = best[:, :-1] + one[:, i]
        ways[2, :, 2:] = best[:, :-2] + two[:, i]
        choices[i] = ways.argmax(axis=0)
        best = ways.max(axis=0)
    lengths = np.zeros((pairs, letters), np.int64)
    rows, left = np.arange(pairs), np.full(pairs, phonemes)
    for i in reversed(range(letters)):
        lengths[:, i] = choices[i, rows, left]
        left -= lengths[:, i]
    return lengths
