"""A worker process as the server sees it: start it, send it a task, read what it sends."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from typing import Any

from quatrain import errors
from quatrain.studio.workers.frames import LENGTH, Message, packed

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""Variables that set the threads of matrix products: one for each worker, as each has a core."""


class TaskError(Exception):
    """A task ended by an exception that nobody foresaw, or with its process.

    Attributes:
        where: type of the exception and where it came from, without any of the user's text.
        out_of_memory: whether memory was short.
        worker_lost: whether the process ended.
    """

    def __init__(
        self, where: str, *, out_of_memory: bool = False, worker_lost: bool = False
    ) -> None:
        super().__init__(where)
        self.where = where
        self.out_of_memory = out_of_memory
        self.worker_lost = worker_lost


class Worker:
    """A process that works on one task at a time. Start one with `Worker.start()`."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._task = 0
        self._messages: asyncio.Queue[Message | None] = asyncio.Queue()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, niceness: int = 0) -> Worker:
        """Start a process with the modules of this one, which gives way to others by `niceness`."""
        path = os.pathsep.join(part or os.getcwd() for part in sys.path)  # noqa: PTH109
        environment = {**os.environ, "PYTHONPATH": path}
        for variable in _THREADS:
            environment.setdefault(variable, "1")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "quatrain.studio.workers.process",
            str(niceness),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=environment,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """True while the process runs and answers."""
        return self._process.returncode is None and not self._reading.done()

    async def begin(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        """Send a task; the one before must have ended."""
        self._task += 1
        name = f"{function.__module__}:{function.__qualname__}"
        await self._send({"task": self._task, "function": name, "arguments": list(arguments)})

    async def cancel(self) -> None:
        """Tell the process that nobody waits for its task; a generator ends at its next item."""
        await self._send({"cancel": self._task})

    async def receive(self) -> Message:
        """Return the next `item` or the `result` of the task.

        Raises:
            UserError: the task raised it.
            TaskError: the task failed otherwise, or the process ended.
        """
        message = await self._messages.get()
        if message is None:
            self._messages.put_nowait(None)
            raise TaskError("the worker process ended", worker_lost=True)
        if "error" in message:
            raise _user_error(message["error"])
        if "failure" in message:
            failure = message["failure"]
            raise TaskError(failure["where"], out_of_memory=failure["memory"])
        return message

    async def drain(self) -> None:
        """Read what is left of a task that nobody waits for any more."""
        while True:
            message = await self._messages.get()
            if message is None:
                self._messages.put_nowait(None)
            if message is None or "item" not in message:
                return

    async def stop(self) -> None:
        """End the process at once."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        if self._process.stdin is not None:
            self._process.stdin.close()
            with contextlib.suppress(OSError):
                await self._process.stdin.wait_closed()

    async def _send(self, message: Message) -> None:
        stream = self._process.stdin
        if stream is None:
            raise TaskError("the worker process has no input", worker_lost=True)
        # A process that has ended is found by `receive`.
        with contextlib.suppress(OSError):
            stream.write(packed(message))
            await stream.drain()

    async def _read(self) -> None:
        stream = self._process.stdout
        try:
            while stream is not None:
                (size,) = LENGTH.unpack(await stream.readexactly(LENGTH.size))
                self._messages.put_nowait(_message(await stream.readexactly(size)))
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            self._messages.put_nowait(None)


def _message(body: bytes) -> Message:
    message: Message = json.loads(body)
    return message


def _user_error(parts: dict[str, str]) -> errors.UserError:
    kind = getattr(errors, parts["kind"], errors.UserError)
    if not (isinstance(kind, type) and issubclass(kind, errors.UserError)):
        kind = errors.UserError
    return kind(
        parts["where"],
        parts["found"],
        parts["wanted"],
        parts["remedy"],
        message=parts["message"],
    )
