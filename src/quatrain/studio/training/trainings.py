"""The trainings of a desk: begun, watched, paused, resumed and stopped.

Any number of servers may share the folder. Each looks at it every few seconds and starts the
training that waits longest, if none runs; a lock sees to it that only one of them does.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from quatrain.errors import SettingsError
from quatrain.poet import bundled
from quatrain.studio.training.corpora import Corpora
from quatrain.studio.training.job import OVER, Job, Order, jobs_in, stopped_sentence
from quatrain.studio.training.limits import TrainingLimits
from quatrain.studio.training.names import title
from quatrain.studio.training.places import (
    all_trainings,
    is_identifier,
    new_identifier,
    trainings_of,
)
from quatrain.studio.training.poets import (
    clear_work,
    count_trained,
    delete_muse,
    muse_folder,
    muse_folders,
    publish,
)
from quatrain.studio.training.processes import Processes
from quatrain.studio.training.refusals import ConflictError, no_such, not_now, require_torch

LOOK_SECONDS = 2.0
"""Seconds between two looks for a training that waits."""

EVENT_SECONDS = 0.5
"""Seconds between two looks at a training that somebody follows."""

SCRATCH = "scratch"
"""Base of a poet that starts from none."""

_log = logging.getLogger("quatrain.studio")


class Trainings:
    """The trainings of a desk.

    Args:
        folder: the desk's.
        limits: how much is taken.
    """

    def __init__(self, folder: Path, limits: TrainingLimits | None = None) -> None:
        self.folder, self.limits = folder.resolve(), limits or TrainingLimits()
        self.corpora = Corpora(self.folder, self.limits)
        self._processes = Processes()
        self._creating = threading.Lock()
        self._watching: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._closed = False

    def start(self) -> None:
        """Begin to look for trainings that wait, in the running event loop."""
        self._watching = asyncio.get_running_loop().create_task(self._watch())

    async def close(self) -> None:
        """End the looking and the following; the trainings go on."""
        self._closed = True
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
            self._watching = None
        self._processes.let_go()

    def create(
        self, user: str, corpus: str, name: str, base: str = "", minutes: float = 20.0
    ) -> dict[str, Any]:
        """Put a training into the queue.

        Args:
            user: who asks.
            corpus: identifier of the corpus.
            name: name of the poet to be.
            base: the poet to start from, "scratch" for none, "" for the best that ships.
            minutes: training time.

        Raises:
            ExtraError: torch is not installed.
            MissingError: there is no such corpus.
            PoetError: there is no such base.
            SettingsError: the name or the time is impossible.
            ConflictError: the name is taken, or the user has too many trainings or poets.
            OSError: the folder cannot be written.
        """
        require_torch()
        shown = title(name, "poet")
        texts = self.corpora.texts(user, corpus)
        base_folder = ""
        if base and base != SCRATCH and base not in bundled():
            base_folder = str(muse_folder(self.folder, user, base))
        if not 0.01 <= minutes <= self.limits.minutes:
            raise SettingsError(
                "the training time",
                f"{minutes:g} minutes",
                f"0.01 to {self.limits.minutes:g} minutes",
                "Choose another time.",
            )
        folder = trainings_of(self.folder, user) / new_identifier()
        order = Order(
            name=shown,
            user=user,
            corpus=corpus,
            source=os.path.relpath(texts, folder),
            base=base,
            base_folder=base_folder,
            minutes=minutes,
            created=time.time(),
        )
        with self._creating:  # two requests at once can't both take the last room, or one name
            self._require_room(user, shown)
            job = Job.create(folder, order)
            self._forget_oldest(user)
        self._woken.set()
        return job.facts()

    def all_of(self, user: str) -> list[dict[str, Any]]:
        """Return a user's trainings, the newest first."""
        facts = [job.facts() for job in self._jobs(user)]
        return sorted(facts, key=lambda training: (-training["created"], training["id"]))

    def get(self, user: str, identifier: str) -> dict[str, Any]:
        """Return one of a user's trainings.

        Raises:
            MissingError: the user has none of that identifier.
        """
        return self._job(user, identifier).facts()

    async def follow(self, user: str, identifier: str) -> AsyncIterator[dict[str, Any]]:
        """Yield a training at once, whenever it has changed, and at last when it has ended.

        It stops too when the trainings are closed.

        Raises:
            MissingError: the user has none of that identifier, or it was deleted meanwhile.
        """
        before: dict[str, Any] = {}
        while True:
            facts = await asyncio.to_thread(self.get, user, identifier)
            if facts != before:
                before = facts
                yield facts
            if self._closed or facts["state"] in (*OVER, "failed", "paused"):
                return
            await asyncio.sleep(EVENT_SECONDS)

    def pause(self, user: str, identifier: str) -> dict[str, Any]:
        """Let a training save the poet and end, to be resumed.

        Raises:
            MissingError: the user has none of that identifier.
            ConflictError: it has ended.
        """
        job = self._job(user, identifier)
        state = job.state()
        if state not in ("waiting", "running", "paused"):
            raise not_now(state, "paused")
        job.want("pause")
        return job.facts()

    def stop(self, user: str, identifier: str) -> dict[str, Any]:
        """Let a training end for good; its poet stays as it is.

        Raises:
            MissingError: the user has none of that identifier.
            ConflictError: it has ended.
            OSError: the folder cannot be written.
        """
        job = self._job(user, identifier)
        state = job.state()
        if state in OVER:
            raise not_now(state, "stopped")
        job.want("stop")
        if state != "running":
            self._finish(job)
        return job.facts()

    def resume(self, user: str, identifier: str) -> dict[str, Any]:
        """Put a training that is paused or has failed into the queue again.

        Raises:
            MissingError: the user has none of that identifier.
            ConflictError: it runs, waits or has ended.
            ExtraError: torch is not installed.
        """
        require_torch()
        job = self._job(user, identifier)
        state = job.state()
        if state not in ("paused", "failed"):
            raise not_now(state, "resumed", saving=job.wanted() != "run")
        job.forget_end()
        self._woken.set()
        return job.facts()

    def delete(self, user: str, identifier: str) -> None:
        """Forget a training that does not run; a poet that came of it stays.

        Raises:
            MissingError: the user has none of that identifier.
            ConflictError: it runs.
        """
        job = self._job(user, identifier)
        if job.state() == "running":
            raise not_now("running", "deleted")
        (job.folder / "job.json").unlink(missing_ok=True)
        shutil.rmtree(job.folder, ignore_errors=True)

    def delete_corpus(self, user: str, identifier: str) -> None:
        """Delete a corpus that no unfinished training needs.

        Raises:
            MissingError: the user has none of that identifier.
            ConflictError: a training needs it.
        """
        for job in self._jobs(user):
            order = job.order()
            if order and order.corpus == identifier and job.state() not in OVER:
                raise ConflictError(
                    "the corpus",
                    f"the training of {order.name!r}, which is not finished",
                    "a corpus that no training needs",
                    "Stop or delete that training first.",
                    message=f"The training of {order.name!r} still needs these texts.",
                )
        self.corpora.delete(user, identifier)

    def delete_poet(self, user: str, name: str) -> None:
        """Delete a poet that a user has trained here.

        Raises:
            MissingError: there is none.
            ConflictError: a training that is not finished starts from it.
            OSError: the folder cannot be written.
        """
        for job in self._jobs(user):
            order = job.order()
            if order and order.base_folder and order.base == name and job.state() not in OVER:
                raise ConflictError(
                    "the poet",
                    f"the training of {order.name!r}, which starts from it",
                    "a poet that no training needs",
                    "Stop or delete that training first.",
                    message=f"The training of {order.name!r} still needs this poet.",
                )
        delete_muse(self.folder, user, name)

    def dispatch(self) -> list[str]:
        """Start the trainings whose turn it is; return their identifiers.

        Only one server at a time does; another leaves it to that one.
        """
        self._processes.reap()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        begun: list[str] = []
        try:
            with FileLock(self.folder / "trainings.lock", timeout=0):
                jobs = [Job(path) for path in all_trainings(self.folder)]
                states = {job.identifier: job.state() for job in jobs if job.order()}
                running = sum(state == "running" for state in states.values())
                waiting = [job for job in jobs if states.get(job.identifier) == "waiting"]
                waiting.sort(key=Job.since)
                room = max(0, self.limits.at_once - running)
                begun = [job.identifier for job in waiting[:room] if self._processes.launch(job)]
        except Timeout:
            pass
        return begun

    async def _watch(self) -> None:
        while True:
            self._woken.clear()
            try:
                await asyncio.to_thread(self.dispatch)
            except OSError as error:
                _log.warning("can't look for trainings: %s", error.strerror)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), LOOK_SECONDS)

    def _finish(self, job: Job) -> None:
        """Keep the poet of a training that has no process, and end it."""
        order = job.order()
        try:
            with FileLock(job.lock, timeout=1.0):
                name = publish(job, order) if order else None
                job.end("stopped", stopped_sentence(name), poet=name)
                clear_work(job)
        except Timeout:  # it has just begun, and will see by itself that it should stop
            return

    def _require_room(self, user: str, name: str) -> None:
        """Raise `ConflictError` if a user has too much, or the name is taken."""
        unfinished = []
        for job in self._jobs(user):
            order = job.order()
            if order and job.state() not in OVER:
                unfinished.append(order.name.casefold())
        if len(unfinished) >= self.limits.unfinished:
            raise ConflictError(
                "your trainings",
                f"{len(unfinished)} that are not finished",
                f"at most {self.limits.unfinished}",
                "Stop or delete one of them.",
                message="You have too many trainings that are not finished.",
            )
        trained = count_trained(self.folder, user)
        if trained + len(unfinished) >= self.limits.poets:
            raise ConflictError(
                "your poets",
                f"{trained:,} trained here",
                f"at most {self.limits.poets:,}",
                "Delete one that you no longer need.",
                message="There is no room for another poet.",
            )
        taken = {poet.casefold() for poet in muse_folders(self.folder, user)} | {SCRATCH}
        if name.casefold() in taken or name.casefold() in unfinished:
            raise ConflictError(
                "the name of the poet",
                repr(name),
                "a name that no other poet has",
                "Choose another name.",
                message=f"There is a poet {name!r} already.",
            )

    def _forget_oldest(self, user: str) -> None:
        """Forget the oldest finished trainings beyond those that are remembered."""
        finished = [job for job in self._jobs(user) if job.state() in OVER]
        finished.sort(key=Job.since)
        for job in finished[: max(0, len(finished) - self.limits.finished)]:
            shutil.rmtree(job.folder, ignore_errors=True)

    def _jobs(self, user: str) -> list[Job]:
        return jobs_in(trainings_of(self.folder, user))

    def _job(self, user: str, identifier: str) -> Job:
        job = Job(trainings_of(self.folder, user) / identifier)
        if not is_identifier(identifier) or job.order() is None:
            raise no_such("training", identifier)
        return job
