"""Tasks that fail, wait and end in every way, for the tests of the lanes."""

import ctypes
import os
import time
from collections.abc import Iterator
from typing import Any

from quatrain.errors import FormError
from quatrain.studio.workers.stopping import ORDERS


def double(number: int) -> int:
    return 2 * number


def same(value: Any) -> Any:
    return value


def own_pid() -> int:
    return os.getpid()


def own_niceness() -> int:
    return os.nice(0)


def sleep(seconds: float) -> str:
    time.sleep(seconds)
    return "awake"


def count(most: int) -> Iterator[int]:
    yield from range(most)


def until_stopped() -> Iterator[str]:
    yield "begun"
    while not ORDERS.stop_asked():
        time.sleep(0.01)


def refuse() -> None:
    raise FormError(
        "line 3", "ten syllables", "seven", "Leave one out.", message="Too long: \udc80"
    )


def fail() -> None:
    raise ValueError("a text that the user wrote")


def fail_late() -> Iterator[int]:
    yield 1
    raise ValueError("a text that the user wrote")


def run_out_of_memory() -> None:
    raise MemoryError


def exit_at_once() -> None:
    os._exit(3)


def crash() -> None:
    ctypes.string_at(0)


def print_much() -> str:
    for _ in range(20_000):
        print("noise on standard output")  # noqa: T201
        os.write(2, b"noise on standard error\n")
    return "quiet"
