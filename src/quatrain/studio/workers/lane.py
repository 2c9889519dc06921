"""Lanes: workers of one kind, with a bounded queue, time limits and cancellation."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from quatrain.studio.workers.frames import Message
from quatrain.studio.workers.worker import TaskError, Worker

GRACE_S = 2.0
"""Seconds that a task which nobody waits for may go on before its process is killed.

A line of verse is written in less, and a new process takes about two seconds to be ready."""

_USUAL_S = 0.05
"""First guess of the time that a task of a lane takes, in seconds."""

_NEW_SHARE = 0.2
"""Weight of the latest task in the running mean of the time that tasks take."""


class BusyError(Exception):
    """A lane's queue is full.

    Attributes:
        retry_after_s: seconds after which there should be room, a whole number.
    """

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"the queue is full; try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class TimeLimitError(Exception):
    """A task took longer than it may.

    Attributes:
        limit_s: the limit, in seconds.
    """

    def __init__(self, limit_s: float) -> None:
        super().__init__(f"stopped after {limit_s:g} s")
        self.limit_s = limit_s


class Lane:
    """Worker processes of one kind, and the requests that wait for them.

    Args:
        name: a name for the metrics.
        processes: number of processes.
        queue: most requests that wait.
        limit_s: longest time of a task, in seconds, unless it has a limit of its own.
        warm_up: function that loads what tasks need; a process that no request waits for runs it.
        niceness: by how much the processes give way to others that want a core, 0 to 19.

    Attributes:
        cancelled: tasks that were cancelled so far.
        expired: tasks that reached their time limit so far.
        refused: requests that found the queue full so far.
        lost: processes that ended by themselves so far.
    """

    def __init__(
        self,
        name: str,
        processes: int,
        queue: int,
        limit_s: float,
        warm_up: Callable[[], Any] | None = None,
        niceness: int = 0,
    ) -> None:
        self.name, self.processes, self.queue, self.limit_s = name, processes, queue, limit_s
        self.cancelled = self.expired = self.refused = self.lost = 0
        self._warm_up = warm_up
        self._niceness = niceness
        self._count = 0  # processes that run or are being started
        self._starting = 0
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        self._waiting: deque[asyncio.Future[Worker]] = deque()
        self._background: set[asyncio.Task[None]] = set()
        self._mean_s = _USUAL_S
        self._closed = False

    @property
    def waiting(self) -> int:
        """Number of requests that wait for a process."""
        return len(self._waiting)

    @property
    def ready(self) -> int:
        """Number of processes that wait for a task."""
        return len(self._idle)

    async def start(self) -> None:
        """Start a process and let it load what it needs; requests start all others."""
        if not self._count:
            self._count += 1
            await self._add_worker(warm=True)

    def start_soon(self) -> None:
        """Start a process in the background if none was started: requests are about to come."""
        if not self._count:
            self._count += 1
            self._do(self._add_worker(warm=True))

    async def close(self) -> None:
        """End the processes at once."""
        self._closed = True
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_exception(_closed_error())
        await asyncio.gather(*(worker.stop() for worker in self._workers))
        self._workers.clear()
        self._idle.clear()

    async def run(
        self, function: Callable[..., Any], *arguments: Any, limit_s: float | None = None
    ) -> Any:
        """Return the result of a function, run in a worker with plain data.

        Cancelled when the calling task is.

        Args:
            function: a function of a module; its arguments and its result are JSON.
            arguments: its arguments.
            limit_s: longest time it may take, in seconds, once it has a process.

        Raises:
            BusyError: the queue is full.
            TimeLimitError: it took too long.
            UserError: the function raised it.
            TaskError: the function failed otherwise, or its process ended.
        """
        result = None
        async with aclosing(self._messages(function, arguments, limit_s)) as messages:
            async for message in messages:
                result = message.get("result")
        return result

    async def stream(
        self, function: Callable[..., Iterator[Any]], *arguments: Any, limit_s: float | None = None
    ) -> AsyncGenerator[Any, None]:
        """Yield what a generator yields, run in a worker with plain data.

        Use it within `contextlib.aclosing`, so that leaving the loop cancels the generator. The
        arguments and errors are those of `run`.
        """
        async with aclosing(self._messages(function, arguments, limit_s)) as messages:
            async for message in messages:
                if "item" in message:
                    yield message["item"]

    async def _messages(
        self, function: Callable[..., Any], arguments: tuple[Any, ...], limit_s: float | None
    ) -> AsyncGenerator[Message, None]:
        limit_s = self.limit_s if limit_s is None else limit_s
        worker = await self._claim()
        loop = asyncio.get_running_loop()
        start = loop.time()
        ended = False
        try:
            await worker.begin(function, arguments)
            while not ended:
                left_s = max(0.0, start + limit_s - loop.time())
                message = await asyncio.wait_for(worker.receive(), left_s)
                ended = "result" in message
                yield message
        except TimeoutError:
            self.expired += 1
            raise TimeLimitError(limit_s) from None
        except (asyncio.CancelledError, GeneratorExit):
            self.cancelled += not ended
            raise
        except TaskError as failure:
            ended = not failure.worker_lost
            raise
        except Exception:  # what the function raised
            ended = True
            raise
        finally:
            self._mean_s += _NEW_SHARE * (loop.time() - start - self._mean_s)
            if ended:
                self._release(worker)
            else:
                self._do(self._retire(worker))

    async def _claim(self) -> Worker:
        """Return a process that is free, at once or when one is.

        Raises:
            BusyError: too many requests wait already.
            TaskError: the lane is closed.
        """
        if self._closed:
            raise _closed_error()
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive:
                return worker
            self._do(self._replace(worker))
        if len(self._waiting) >= self.queue:
            self.refused += 1
            raise BusyError(max(1, math.ceil(self._mean_s * self.queue / self.processes)))
        future: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        self._grow()
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and future.exception() is None:
                self._release(future.result())
            else:
                with contextlib.suppress(ValueError):
                    self._waiting.remove(future)
            raise

    def _release(self, worker: Worker) -> None:
        """Give a process to the next request, or let it wait for one."""
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(worker)
                return
        self._idle.append(worker)

    async def _retire(self, worker: Worker) -> None:
        """Let a process end a task that nobody waits for, or replace it after a while."""
        await worker.cancel()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(worker.drain(), GRACE_S)
            if worker.is_alive:
                self._release(worker)
                return
        await self._replace(worker)

    async def _replace(self, worker: Worker) -> None:
        self.lost += not worker.is_alive
        self._workers.discard(worker)
        await worker.stop()
        await self._add_worker(warm=True)

    def _grow(self) -> None:
        """Start one more process if requests wait; one at a time, as they share the processor."""
        if self._waiting and not self._starting and self._count < self.processes:
            self._count += 1
            self._do(self._add_worker(warm=False))

    async def _add_worker(self, *, warm: bool) -> None:
        self._starting += 1
        try:
            worker = await Worker.start(self._niceness)
            self._workers.add(worker)
            if warm and self._warm_up is not None:
                await worker.begin(self._warm_up, ())
                await worker.drain()
        except OSError as error:
            self._give_up(error)
            return
        finally:
            self._starting -= 1
        self._release(worker)
        self._grow()

    def _give_up(self, error: OSError) -> None:
        """Tell those that wait that no process can be started; later requests try again."""
        self._count -= 1
        while self._count == 0 and self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                where = f"no process can be started: {error.strerror}"
                future.set_exception(TaskError(where, worker_lost=True))

    def _do(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine in the background until the lane is closed."""
        if self._closed:
            coroutine.close()
            return
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(coroutine)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def _closed_error() -> TaskError:
    return TaskError("the server is stopping", worker_lost=True)


@dataclass(frozen=True)
class Lanes:
    """The lanes of a server.

    Attributes:
        check: checks and scans; short, and never held up by the others.
        words: rhymes, words and other words for one of a line.
        write: writing and other lines.
        inside: experiments and exercises; it starts when a page or a request asks for it.
    """

    check: Lane
    words: Lane
    write: Lane
    inside: Lane

    def __iter__(self) -> Iterator[Lane]:
        return iter((self.check, self.words, self.write, self.inside))

    async def start(self) -> None:
        """Start a process of each lane but `inside`, one after another: checks are ready first."""
        for lane in (self.check, self.write, self.words):
            await lane.start()

    async def close(self) -> None:
        """End the processes of all lanes."""
        await asyncio.gather(*(lane.close() for lane in self))
