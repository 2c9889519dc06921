"""Processes that share the work of a command, and end with it however it ends."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait

from quatrain.errors import SettingsError


@contextmanager
def worker_processes(count: int) -> Iterator[ProcessPoolExecutor]:
    """Start processes, and end them with the block; work that has not begun is dropped.

    Args:
        count: how many.

    Raises:
        SettingsError: the system ended one of them, as it does when memory is short.
    """
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_end_with_parent)
    try:
        yield pool
    except BrokenProcessPool as error:
        raise SettingsError(
            "--jobs",
            f"{count} processes, of which the system ended one",
            "processes that fit into memory",
            "Use fewer processes.",
            message=f"The system ended one of the {count} processes, perhaps for lack of memory.",
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _end_with_parent() -> None:
    """Let this worker end when its parent does, even by SIGKILL.

    The parent holds the other end of a pipe, which the system closes when the parent ends. Without
    this a worker waits for ever: it holds both ends of the queue it reads its work from. Ctrl-C
    reaches every process of a terminal, and is the parent's to answer.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_wait_for_end, args=(parent.sentinel,), daemon=True).start()


def _wait_for_end(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
