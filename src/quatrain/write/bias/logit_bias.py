"""The sum of all bias terms of one line.

In: the terms of this folder. Out: `LogitBias`, which the search adds to the poet's scores.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quatrain.write.bias.agreement import Agreement, Term
from quatrain.write.bias.repetition import DOUBLED_WORD_BIAS, JOINED_WORD_BIAS, REPEAT_BIAS
from quatrain.write.word_classes import Mask


@dataclass(frozen=True)
class LogitBias:
    """Nats added to the scores of words while a line is written.

    Scores are logits divided by the temperature.

    Attributes:
        whole_line: terms that stay the same for the whole line, (vocabulary,).
        once_a_line: words that get `REPEAT_BIAS` once the line has them, (vocabulary,).
        doubled_word_bias: for the word drawn last, which would stand beside itself.
        agreement: pairs of words that do not go together, or None to ignore them.
        openings: word -> nats for a line that opens with it.
        backwards: whether lines are written from their end. The opening is then drawn last, when
            hardly anything else may come, and a bias on its score would change nothing. So the
            search takes `openings` as factors of what may come, which count in a line's weight.
        conjunctions: ids of *and* and its kin; a word that they would join to itself loses nats.
    """

    whole_line: NDArray[np.float32]
    once_a_line: Mask
    doubled_word_bias: float = DOUBLED_WORD_BIAS
    agreement: Agreement | None = None
    openings: Mapping[int, float] = field(default_factory=dict)
    backwards: bool = False
    conjunctions: Collection[int] = ()

    def _terms(self, drawn: list[int]) -> Iterator[Term]:
        """Yield the terms that depend on the words of the line so far, in the order of writing."""
        if not drawn and not self.backwards:
            yield from (([word_id], nats) for word_id, nats in self.openings.items())
        yield [word_id for word_id in drawn if self.once_a_line[word_id]], REPEAT_BIAS
        yield drawn[-1:], self.doubled_word_bias
        if drawn and drawn[-1] in self.conjunctions:
            joined = [word_id for word_id in drawn[-2:-1] if self.once_a_line[word_id]]
            yield joined, JOINED_WORD_BIAS
        if drawn and self.agreement:
            yield from self.agreement.terms(drawn[-1])

    def add_to(self, scores: NDArray[np.float32], drawn: Sequence[int]) -> None:
        """Add the bias of every word to its score in place.

        Args:
            scores: of the next word, (vocabulary,).
            drawn: ids of the line's words so far, in the order of writing.
        """
        scores += self.whole_line
        for word_ids, nats in self._terms(list(drawn)):
            scores[word_ids] += nats

    def of_word(self, word_id: int, drawn: Sequence[int]) -> float:
        """Return the bias of one word in nats, the same that `add_to` adds.

        Args:
            word_id: the word.
            drawn: ids of the line's words so far, in the order of writing.
        """
        total = float(self.whole_line[word_id])
        for word_ids, nats in self._terms(list(drawn)):
            if word_id in word_ids:
                total += nats
        return total
