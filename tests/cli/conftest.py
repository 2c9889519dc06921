"""Real commands for the tests: under a pseudo-terminal, or with streams of their own."""

import os
import select
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

QUATRAIN = (sys.executable, "-m", "quatrain")


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a command: a plain terminal, and one thread per library."""
    kept = {
        name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS"}
    }
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return kept | threads | {"TERM": "xterm-256color", "PYTHONUTF8": "1"} | more


def _on_terminal(
    *arguments: object, folder: Path, seconds: float = 60, columns: int = 200
) -> tuple[int, str]:
    """Return the exit status of a command, and every byte a terminal got of it as text."""
    import fcntl
    import pty
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen(
        [*QUATRAIN, *map(str, arguments)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=folder,
        env=environment(),
        start_new_session=True,
    )
    os.close(slave)
    received, end = b"", time.monotonic() + seconds
    while time.monotonic() < end:
        if not select.select([master], [], [], 0.2)[0]:
            if process.poll() is not None:
                break
            continue
        try:
            piece = os.read(master, 65536)
        except OSError:  # Linux: the other end is closed
            break
        if not piece:
            break
        received += piece
    os.close(master)
    return process.wait(seconds), received.decode("utf-8", "surrogateescape")


@pytest.fixture
def on_terminal() -> Callable[..., tuple[int, str]]:
    """Run a command under a pseudo-terminal."""
    pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    return _on_terminal


@pytest.fixture
def command() -> Callable[..., subprocess.Popen[str]]:
    """Start a command with streams of its own, read as text."""

    def start(
        *arguments: object, variables: dict[str, str] | None = None, **options: Any
    ) -> subprocess.Popen[str]:
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        line = [*QUATRAIN, *map(str, arguments)]
        return subprocess.Popen(line, env=environment(**(variables or {})), text=True, **streams)

    return start
