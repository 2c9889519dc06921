"""The process of a training: `python -m quatrain.studio.training.runner FOLDER`.

It runs `quatrain.train` on a job's folder, in a session of its own, so that neither the end of the
server nor Ctrl-C in its terminal reaches it. Every 0.2 s it looks whether its user wants it to
pause or to stop, and then does what Ctrl-C does to `quatrain train`.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from quatrain.errors import TrainingError, UserError
from quatrain.native import configure_native_libraries
from quatrain.studio.training.job import Job, Order, stopped_sentence
from quatrain.studio.training.names import without_options
from quatrain.studio.training.poets import clear_work, publish
from quatrain.studio.training.reporter import FileReporter

LOOK_SECONDS = 0.2
"""Seconds between two looks at what the user wants."""

LOCK_SECONDS = 5.0
"""Seconds to wait for the lock, which a server that looks at it holds for a moment."""

_NICENESS = 10
"""Added to the priority's number, so that writing verse on the desk goes before training."""

_SAMPLE_LINES, _SAMPLE_TEMPERATURE = 4, 0.7


def main(folder: str) -> int:
    """Train as the job in a folder says; return the exit status."""
    # Whoever started the server in the background had Ctrl-C ignored, which we would inherit.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(_NICENESS)
    configure_native_libraries()
    job = Job(Path(folder).resolve())
    order = job.order()
    if order is None:
        return 2
    lock = FileLock(job.lock, timeout=LOCK_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        return 3  # another server was faster
    try:
        job.begin_attempt(os.getpid())
        os.chdir(job.folder)
        _train_and_record(job, order)
    finally:
        lock.release()
    return 0


def _train_and_record(job: Job, order: Order) -> None:
    """Train, and write how it ended for the servers to read."""
    over = threading.Event()
    reporter = FileReporter(job.folder, lambda: _sample(job.poet))
    messages: list[str] | None = None
    try:
        try:
            threading.Thread(target=_watch, args=(job, over), daemon=True).start()
            messages = _train(job, order, reporter)
        except KeyboardInterrupt:
            messages = None
        over.set()
        _record(job, order, messages, reporter.notes)
    except UserError as error:
        parts = ("where", "found", "wanted", "remedy")
        facts = {name: _for_page(getattr(error, name), order) for name in parts}
        job.end("failed", _for_page(str(error), order), **facts)
    except MemoryError:
        job.end("failed", "Not enough memory. Train on fewer texts, or close other programs.")
    except Exception as error:
        traceback.print_exc()
        job.end(
            "failed",
            f"This is a bug in Quatrain: {type(error).__name__}. Please report it, with the file "
            f"log.txt of the desk's folder {Path(*job.folder.parts[-4:])}.",
        )
    finally:
        over.set()


def _train(job: Job, order: Order, reporter: FileReporter) -> list[str] | None:
    """Train from the start or from a checkpoint.

    Returns:
        What the trainer says at the end; None if it was interrupted.
    """
    from quatrain.train import train

    out = Path("poet")
    if job.can_resume():
        try:
            trained = train(order.source, out, resume=True, reporter=reporter)
        except TrainingError as error:
            if error.found == "a run that is finished":  # and then it was killed or paused
                return []
            raise
    else:
        trained = train(
            order.source,
            out,
            base=order.base_folder or order.base or None,
            minutes=order.minutes,
            overwrite=True,  # nothing but what an attempt left that saved no checkpoint
            reporter=reporter,
        )
    if trained.stopped == "interrupted":
        return None
    return [*filter(None, map(without_options, trained.messages))]


def _record(job: Job, order: Order, messages: list[str] | None, notes: list[str]) -> None:
    """Write the end of a run that did not fail: finished, paused or stopped."""
    if messages is not None:
        poet = publish(job, order)
        job.end("done", " ".join(messages), poet=poet, notes=notes)
    elif job.wanted() == "stop":
        poet = publish(job, order)
        job.end("stopped", stopped_sentence(poet), poet=poet, notes=notes)
    else:
        sentence = (
            "Paused: resume it to go on."
            if job.can_resume()
            else "Paused before anything was saved: it begins again when it is resumed."
        )
        job.end("paused", sentence, notes=notes)
        return
    clear_work(job)


def _for_page(text: str, order: Order) -> str:
    """Return a text that names the corpus and the poet, and not where the server keeps them."""
    named = text.replace(order.source, Path(order.source).name).replace(str(Path.cwd()), "")
    return without_options(named) or named


def _watch(job: Job, over: threading.Event) -> None:
    """Interrupt the training once, when its user wants it to pause or to stop."""
    while not over.wait(LOOK_SECONDS):
        if job.wanted() != "run":
            _thread.interrupt_main(signal.SIGINT)
            return


def _sample(poet: Path) -> str:
    """Write a few lines with the poet as it stands."""
    from quatrain.write import load

    return load(poet).write(lines=_SAMPLE_LINES, temperature=_SAMPLE_TEMPERATURE, seed=0).text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
