"""Signals during training: the first ends the run in order, a second Ctrl-C stops it at once."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType, TracebackType
from typing import Any

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
"""Ctrl-C, the polite kill, and the end of the terminal; Windows lacks the last."""

_LOOKS = 1.0
"""Seconds between two looks at the launcher."""


class Interrupt:
    """Context that catches Ctrl-C, SIGTERM and SIGHUP in the main thread.

    A signal that the program was started to ignore, as `nohup` does, stays ignored. The handler
    only remembers the signal: printing from it could fail in the middle of a line being printed.

    Attributes:
        signal: the first signal's number; None before one has come.
    """

    def __init__(self) -> None:
        self.signal: int | None = None
        self._before: dict[int, Any] = {}
        self._over = threading.Event()

    def __enter__(self) -> Interrupt:
        if "LOCAL_RANK" in os.environ:  # one of several processes that a launcher started
            watch = threading.Thread(target=self._watch_launcher, args=(os.getppid(),), daemon=True)
            watch.start()
        if threading.current_thread() is threading.main_thread():
            for name in _SIGNALS:
                number = getattr(signal, name, None)
                if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._receive)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _watch_launcher(self, launcher: int) -> None:
        """End the run in order when its launcher has died, as if SIGTERM had come."""
        while not self._over.wait(_LOOKS):
            if os.getppid() != launcher:
                self.signal = self.signal or int(signal.SIGTERM)
                return

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        # A terminal that closes and a system that shuts down may send theirs twice, so only the
        # keyboard is taken at its word.
        if self.signal is not None and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.signal = self.signal or number
