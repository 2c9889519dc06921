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
from quatrain.records import Trained
from quatrain.studio.training.job import Job, Order
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
    try:
        threading.Thread(target=_watch, args=(job, over), daemon=True).start()
        trained = _train(job, order, reporter)
        over.set()
        _record(job, order, trained, reporter)
    except KeyboardInterrupt:
        over.set()
        _record(job, order, None, reporter)
    except UserError as error:
        over.set()
        parts = ("where", "found", "wanted", "remedy")
        facts = {name: _for_page(getattr(error, name), order) for name in parts}
        job.end("failed", _for_page(str(error), order), **facts)
    except MemoryError:
        over.set()
        job.end("failed", "Not enough memory. Train on fewer texts, or close other programs.")
    except Exception as error:
        over.set()
        traceback.print_exc()
        job.end(
            "failed",
            f"This is a bug in Quatrain: {type(error).__name__}. Please report it, with the file "
            f"{job.folder / 'log.txt'}.",
        )


def _train(job: Job, order: Order, reporter: FileReporter) -> Trained | None:
    """Train from the start or from a checkpoint; None if an earlier process had finished."""
    from quatrain.train import train

    out = Path("poet")
    if job.can_resume():
        try:
            return train(order.source, out, resume=True, reporter=reporter)
        except TrainingError as error:
            if error.found == "a run that is finished":
                return None
            raise
    return train(
        order.source,
        out,
        base=order.base_folder or order.base or None,
        minutes=order.minutes,
        overwrite=True,  # nothing but what an attempt left that saved no checkpoint
        reporter=reporter,
    )


def _record(job: Job, order: Order, trained: Trained | None, reporter: FileReporter) -> None:
    """Write the end of a run that failed in nothing: finished, paused or stopped."""
    interrupted = trained is not None and trained.stopped == "interrupted"
    messages = [] if trained is None else [*map(without_options, trained.messages)]
    notes = reporter.notes
    if trained is not None and not interrupted:
        job.end("done", " ".join(messages), poet=publish(job, order), notes=notes)
    elif trained is None and _was_finished(job):
        job.end("done", "The training is done.", poet=publish(job, order), notes=notes)
    elif job.wanted() == "stop":
        name = publish(job, order)
        sentence = (
            "Stopped: the poet is kept as it is."
            if name
            else "Stopped before there was a poet to keep."
        )
        job.end("stopped", sentence, poet=name, notes=notes)
    else:
        saved = job.can_resume()
        job.end(
            "paused",
            "Paused: resume it to go on."
            if saved
            else "Paused before anything was saved: it begins again when it is resumed.",
            notes=notes,
        )
        return
    clear_work(job)


def _for_page(text: str, order: Order) -> str:
    """Return a text that names the corpus and the poet, and not where the server keeps them."""
    named = text.replace(order.source, Path(order.source).name).replace(str(Path.cwd()), "")
    return without_options(named) or named


def _was_finished(job: Job) -> bool:
    """Return whether the checkpoint is that of a finished run."""
    from quatrain.train import checkpoint

    try:
        facts = checkpoint.read(job.poet / "training" / "last.safetensors").facts
    except UserError:
        return False
    return bool(facts["progress"]["finished"])


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
