"""Progress of a training run, between 0 and 1, as a function of its step.

With a budget in epochs the number of steps is known at once. With a budget in
minutes it is planned from the measured speed, and planned again during the run, so that
the learning rate reaches zero when the time is up. In both cases progress depends only on the
step and the last plan. Both are saved, so a resumed run continues on the same curve.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

_UNPLANNED = 1_000_000  # before the first plan: progress stays near 0


@dataclass
class Budget:
    """Steps planned from `anchor_step` to `end_step`; seconds is None for a fixed number."""

    end_step: int
    seconds: float | None = None
    anchor_step: int = 0
    anchor_progress: float = 0.0
    anchor_seconds: float = 0.0

    @classmethod
    def of_steps(cls, steps: int) -> Budget:
        """Make a budget known in steps from the start."""
        return cls(end_step=max(1, steps))

    @classmethod
    def of_seconds(cls, seconds: float) -> Budget:
        """Make a budget in seconds, to be planned once the speed is known."""
        return cls(end_step=_UNPLANNED, seconds=seconds)

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> Budget:
        """Read what `facts` returned."""
        return cls(**facts)

    def facts(self) -> dict[str, Any]:
        """Return the plan as numbers for a checkpoint."""
        return asdict(self)

    def progress(self, step: int) -> float:
        """Return the share of the budget used after `step` steps, from 0 to 1."""
        span = self.end_step - self.anchor_step
        if span <= 0 or step >= self.end_step:
            return 1.0
        share = (step - self.anchor_step) / span
        return self.anchor_progress + (1.0 - self.anchor_progress) * share

    def plan(self, step: int, elapsed: float) -> None:
        """Plan the steps left from the speed since the last plan; a step budget ignores this.

        Args:
            step: steps done.
            elapsed: seconds spent in this run so far, the time before a resume included.
        """
        if self.seconds is None or step <= self.anchor_step:
            return
        per_step = (elapsed - self.anchor_seconds) / (step - self.anchor_step)
        left = self.seconds - elapsed
        progress = self.progress(step)
        self.end_step = step + max(0, math.floor(left / max(per_step, 1e-9)))
        self.anchor_step, self.anchor_progress, self.anchor_seconds = step, progress, elapsed


def learning_rate(progress: float, peak: float, warmup: float) -> float:
    """Return a linear rise over `warmup`, then a half cosine to zero.

    Loshchilov and Hutter 2017.
    """
    if progress < warmup:
        return peak * min(1.0, max(progress, 1e-3) / warmup)
    share = (progress - warmup) / max(1.0 - warmup, 1e-9)
    return peak * 0.5 * (1.0 + math.cos(math.pi * min(share, 1.0)))
