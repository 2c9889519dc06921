"""Cancellation, as a worker process learns of it from the server."""

from __future__ import annotations


class Orders:
    """Latest messages of the server to a worker process; changed in place.

    Attributes:
        task: number of the task that the process works on; tasks are numbered in order.
        cancelled: number of the last task that was cancelled.
    """

    def __init__(self) -> None:
        self.task = 0
        self.cancelled = -1

    def stop_asked(self) -> bool:
        """Return whether nobody waits for the present task any more."""
        return self.task <= self.cancelled


ORDERS = Orders()
"""The orders of this process."""
