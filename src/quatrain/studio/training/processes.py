"""The processes of trainings that a server has started; they outlive it."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time

from quatrain.studio.training.job import Job

START_SECONDS = 30.0
"""Seconds that a new process may take until it holds its training's lock; it takes about one."""

_LOOK_SECONDS = 0.02
"""Seconds between two looks at a process that starts."""

_log = logging.getLogger("quatrain.studio")


class Processes:
    """Starts the processes of trainings, and notices when they have ended.

    Attributes:
        running: identifier of a training -> its process, as far as this server started it.
    """

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()
        self._let_go = False

    def launch(self, job: Job) -> bool:
        """Start the process of a training, and wait until it holds its lock.

        Returns:
            Whether it was started; none is once the processes were let go.

        Raises:
            OSError: the training's folder is gone or cannot be written.
        """
        log_file = job.folder / "log.txt"
        with self._lock, log_file.open("ab") as log:
            if self._let_go:
                return False
            process = subprocess.Popen(
                [sys.executable, "-m", "quatrain.studio.training.runner", str(job.folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # on Windows
                cwd=job.folder,
            )
            self.running[job.identifier] = process
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            with self._lock:
                # The status of a process that was let go is made up, and says nothing of it.
                if self._let_go or (job.folder / "attempt.json").exists():
                    return True
                has_ended = process.poll() is not None
            if has_ended:
                reason = f"The last lines of {log_file} say why."
                job.end("failed", f"The process of the training did not start. {reason}")
                return True
            time.sleep(_LOOK_SECONDS)
        _log.warning("a training took more than %g s to start", START_SECONDS)
        return True

    def reap(self) -> None:
        """Forget the processes that have ended."""
        with self._lock:
            for identifier, process in list(self.running.items()):
                if process.poll() is not None:
                    del self.running[identifier]
                    _log.info("the process of a training ended with status %d", process.returncode)

    def let_go(self) -> None:
        """Leave the processes to themselves; the system takes care of them."""
        with self._lock:
            self._let_go = True
            for process in self.running.values():
                if process.poll() is None:
                    process.returncode = 0  # or it would warn that nobody waited for it
            self.running.clear()
