"""The program of a worker process: it reads tasks from its input and writes what they give.

The server starts `python -m quatrain.studio.workers.process`. The input ends when the server does,
however it ends, and then so does the worker, even in the middle of a task.

Messages in: `{"task": 7, "function": "module:name", "arguments": [...]}` and `{"cancel": 7}`.
Messages out, for a task: any number of `item`, then one of `result`, `error` (what a `UserError`
says) and `failure` (where an unexpected exception came from).
"""

from __future__ import annotations

import importlib
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from inspect import isgenerator
from typing import Any, BinaryIO

from quatrain.errors import UserError
from quatrain.studio.logs import place_of
from quatrain.studio.workers.frames import Message, packed, read_frame
from quatrain.studio.workers.stopping import ORDERS


class _Inbox:
    """Messages of the server, read in a thread of their own while tasks run."""

    def __init__(self, stream: BinaryIO) -> None:
        self.tasks: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._stream = stream
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while (message := read_frame(self._stream)) is not None:
            if "cancel" in message:
                ORDERS.cancelled = int(message["cancel"])
            else:
                self.tasks.put(message)
        os._exit(1)  # the server has ended


def main() -> None:
    """Work on tasks until the server ends, with the niceness that is the first argument."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to answer
    inbox = _Inbox(os.fdopen(os.dup(0), "rb"))
    out = os.fdopen(os.dup(1), "wb")
    # What a library prints must not come between the messages.
    silence = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(silence, number)
    while True:
        message = inbox.tasks.get()
        _work(message, out)


def _work(message: Message, out: BinaryIO) -> None:
    task = ORDERS.task = int(message["task"])

    def send(kind: str, value: Any) -> None:
        out.write(packed({"task": task, kind: value}))
        out.flush()

    try:
        result = _function(message["function"])(*message["arguments"])
        if isgenerator(result):
            for item in result:
                if ORDERS.stop_asked():
                    result.close()
                    break
                send("item", item)
            result = None
        send("result", result)
    except BrokenPipeError:
        os._exit(1)
    except UserError as error:
        parts = {
            name: str(getattr(error, name))
            for name in ("where", "found", "wanted", "remedy", "message")
        }
        send("error", {"kind": type(error).__name__, **parts})
    except Exception as error:
        send("failure", {"where": place_of(error), "memory": isinstance(error, MemoryError)})


def _function(name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    return function


if __name__ == "__main__":
    main()
