"""The protocol of a critic: what writing asks of a judge of lines.

In: a text, and lines that may follow it. Out: their log probabilities. Nothing in this room knows
forms or poets; `write` knows nothing but this protocol.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable


@runtime_checkable
class Critic(Protocol):
    """A judge of lines: a language model, a server, or anything else that scores text.

    The poet proposes finished lines that all keep the form. The critic scores them, and the
    search draws one of them by both. No word ever comes from a critic, so that whatever it says,
    the poem keeps its form.

    Attributes:
        name: a name that a poem records in its settings. Leave out folders: a poem may be shared.
    """

    name: str

    def log_probabilities(self, before: str, candidates: Sequence[str]) -> Sequence[float]:
        r"""Return the log probability of each candidate after a text, in nats, (candidates,).

        Writing calls this once a line, with the candidates of one poem. The same arguments should
        return the same numbers, or the same seed will not give the same poem. A constant added to
        all numbers changes nothing.

        Args:
            before: the prompt and the poem so far. It ends in a line break or is empty.
            candidates: texts to read after it, none twice. Each ends in a line break. Where your
                own line comes next in the poem, it follows in every candidate.

        Returns:
            A finite number for each candidate, in their order.
        """
