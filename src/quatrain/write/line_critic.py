"""A critic's part in the choice of a line.

In: a `Critic`, and the lines that a search has finished. Out: what each line's log weight gains:
its log probability by the critic, times a strength. The search draws a line by the sum of that and
its own weight, so that lines follow

    (poet's weight) * (critic's probability) ** strength

At strength 1 both count alike (a product of experts, Hinton 2002).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from quatrain.critic import Critic
from quatrain.errors import CriticError

DEFAULT_STRENGTH = 0.5
"""Strength of a critic unless you set one: the middle of what `benchmarks/critic.py` tried.

Its measures do not tell strengths of 0.25 to 1 apart.
"""


class LineCritic:
    """Scores the lines of poems that are being written.

    Args:
        critic: scores texts.
        strength: power of its probabilities, above 0.
        prompt: text that it reads before the poem, such as a title.
    """

    def __init__(self, critic: Critic, strength: float, prompt: str) -> None:
        self._critic, self._strength = critic, strength
        self._prompt = f"{prompt.strip()}\n\n" if prompt.strip() else ""

    def log_weights(self, before: str, lines: Sequence[str], after: str = "") -> list[float]:
        """Return what the log weight of each line gains, in nats, (lines,).

        Args:
            before: the poem so far; it ends in a line break or is empty.
            lines: that may come next, without their line breaks.
            after: text known to follow the line, with its line break.

        Raises:
            CriticError: the critic does not return a finite number for each line.
        """
        candidates = list(dict.fromkeys(f"{line}\n{after}" for line in lines))
        if len(candidates) < 2:  # a constant changes nothing
            return [0.0] * len(lines)
        scores = list(self._critic.log_probabilities(self._prompt + before, candidates))
        if len(scores) != len(candidates):
            raise self._wrong(f"{len(scores)} scores for {len(candidates)} lines")
        for candidate, score in zip(candidates, scores, strict=True):
            if not math.isfinite(score):
                raise self._wrong(f"the score {score} for the line {candidate.splitlines()[0]!r}")
        by_text = dict(zip(candidates, scores, strict=True))
        return [self._strength * float(by_text[f"{line}\n{after}"]) for line in lines]

    def _wrong(self, found: str) -> CriticError:
        return CriticError(
            f"the critic {self._critic.name}",
            found,
            "one finite number for each line, its log probability in nats",
            "Write without it, or mend it.",
        )


def default_prompt(form: str, theme: str) -> str:
    """Return the prompt of a poem: its form and theme in words, such as "A sonnet about the sea".

    Args:
        form: name of the form, such as "shakespearean-sonnet".
        theme: words of the theme, or empty.
    """
    words = form.replace("-", " ").replace("_", " ").strip() or "poem"
    article = "An" if words[0].lower() in "aeiou" else "A"
    return f"{article} {words} about {theme.strip()}" if theme.strip() else f"{article} {words}"
