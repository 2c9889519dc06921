"""Lanes of worker processes, in which everything runs that takes the processor.

In: a function of `studio.tasks` and plain data. Out: its result, or what its generator yields,
one by one. A lane has a fixed number of processes and a bounded queue, so that no load of one
kind can hold up another, and more than it can hold is refused at once.

- `frames`: messages as JSON on a pipe, with their length before them.
- `process`: what runs in a worker; it ends when its pipe does, so it never outlives the server.
- `stopping`: whether the task of a worker is still wanted; a long task asks it.
- `worker`: a worker as the server sees it.
- `lane`: workers of one kind, their queue, time limits and cancellation.
"""

from quatrain.studio.workers.lane import BusyError, Lane, Lanes, TimeLimitError
from quatrain.studio.workers.worker import TaskError

__all__ = ["BusyError", "Lane", "Lanes", "TaskError", "TimeLimitError"]
