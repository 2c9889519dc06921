"""The sum of all bias terms of one line.

In: the terms of this folder. Out: `LogitBias`, which a decoder adds to the poet's logits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quatrain.write.bias.agreement import Agreement
from quatrain.write.bias.repetition import DOUBLED_WORD_PENALTY


@dataclass(frozen=True)
class LogitBias:
    """Nats added to the logits of words while a line is written.

    Attributes:
        fixed: terms that hold for the whole line, (vocabulary,).
        repeat_penalty: taken from a word that the line has already, (vocabulary,).
        doubled_word_penalty: taken from the word drawn last, which would stand beside itself.
        agreement: pairs of words that do not go together, or None to ignore them.
    """

    fixed: NDArray[np.float32]
    repeat_penalty: NDArray[np.floating]
    doubled_word_penalty: float = DOUBLED_WORD_PENALTY
    agreement: Agreement | None = None

    def add_to(self, logits: NDArray[np.float32], drawn: Sequence[int]) -> None:
        """Add the bias of every word to logits in place, (vocabulary,).

        Args:
            logits: of the next word.
            drawn: numbers of the line's words so far, in the order of writing.
        """
        drawn = list(drawn)
        logits += self.fixed
        logits[drawn] -= self.repeat_penalty[drawn]
        logits[drawn[-1:]] -= self.doubled_word_penalty
        if drawn and self.agreement:
            self.agreement.add_to(logits, drawn[-1])

    def of_word(self, number: int, drawn: Sequence[int]) -> float:
        """Return the bias of one word, the same as `add_to` adds, in nats.

        Args:
            number: the word.
            drawn: numbers of the line's words so far, in the order of writing.
        """
        nats = float(self.fixed[number])
        nats -= float(self.repeat_penalty[number]) if number in drawn else 0.0
        nats -= self.doubled_word_penalty if drawn and drawn[-1] == number else 0.0
        if drawn and self.agreement:
            nats += self.agreement.of_word(drawn[-1], number)
        return nats
