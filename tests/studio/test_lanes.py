"""Lanes with real processes: results, errors, cancellation, time limits, crashes, full queues."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="needs the extra 'studio'")

from quatrain.errors import FormError
from quatrain.studio.app import NICENESS, lanes_of
from quatrain.studio.settings import StudioSettings
from quatrain.studio.workers import BusyError, Lane, TaskError, TimeLimitError

HERE = Path(__file__).parent

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def tasks(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the module of tasks, which workers find on the same path."""
    monkeypatch.syspath_prepend(str(HERE))
    import lane_tasks

    return lane_tasks


def in_lane(
    work: Callable[[Lane], Awaitable[Any]], *, processes: int = 1, queue: int = 4
) -> tuple[Any, Lane]:
    async def run() -> tuple[Any, Lane]:
        lane = Lane("test", processes, queue, limit_s=30)
        try:
            return await work(lane), lane
        finally:
            await lane.close()

    return asyncio.run(run())


WAIT_S = 120.0
"""Seconds that something may take to happen on a busy machine."""


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def test_results_come_back(tasks: Any) -> None:
    async def work(lane: Lane) -> Any:
        odd = {"text": "naïve \u2028 🌙", "half": "\ud800", "deep": [[[1.5, None, True]]]}
        assert await lane.run(tasks.same, odd) == odd
        return await asyncio.gather(*(lane.run(tasks.double, n) for n in range(4)))

    assert in_lane(work, processes=2)[0] == [0, 2, 4, 6]


def test_items_come_one_by_one(tasks: Any) -> None:
    async def work(lane: Lane) -> Any:
        async with aclosing(lane.stream(tasks.count, 3)) as items:
            return [item async for item in items]

    assert in_lane(work)[0] == [0, 1, 2]


def test_a_users_mistake_keeps_its_parts(tasks: Any) -> None:
    async def work(lane: Lane) -> Any:
        with pytest.raises(FormError, match="Too long") as caught:
            await lane.run(tasks.refuse)
        assert await lane.run(tasks.double, 1) == 2
        return caught.value

    error, lane = in_lane(work)
    assert (error.where, error.found, error.wanted) == ("line 3", "ten syllables", "seven")
    assert lane.lost == 0


def test_a_bug_names_its_place_but_no_text(tasks: Any) -> None:
    async def work(lane: Lane) -> Any:
        pid = await lane.run(tasks.own_pid)
        with pytest.raises(TaskError) as caught:
            await lane.run(tasks.fail)
        with pytest.raises(TaskError, match="ValueError"):
            async with aclosing(lane.stream(tasks.fail_late)) as items:
                assert [item async for item in items] == [1]
        with pytest.raises(TaskError) as short:
            await lane.run(tasks.run_out_of_memory)
        assert short.value.out_of_memory
        assert await lane.run(tasks.own_pid) == pid
        return caught.value

    error, _ = in_lane(work)
    assert error.where.startswith("ValueError at lane_tasks.py:")
    assert "user" not in str(error)


@pytest.mark.parametrize("end", ["exit_at_once", "crash"])
def test_a_process_that_dies_is_replaced(tasks: Any, end: str) -> None:
    async def work(lane: Lane) -> None:
        with pytest.raises(TaskError) as caught:
            await lane.run(getattr(tasks, end))
        assert caught.value.worker_lost
        assert await lane.run(tasks.double, 3) == 6

    _, lane = in_lane(work)
    assert lane.lost == 1


def test_a_process_killed_while_it_waits_is_replaced(tasks: Any) -> None:
    async def work(lane: Lane) -> None:
        pid = await lane.run(tasks.own_pid)
        os.kill(pid, signal.SIGKILL)
        while lane._idle[0].is_alive:
            await asyncio.sleep(0.01)
        assert await lane.run(tasks.own_pid) != pid

    in_lane(work)


def test_a_time_limit_ends_a_task(tasks: Any) -> None:
    async def work(lane: Lane) -> None:
        pid = await lane.run(tasks.own_pid)
        with pytest.raises(TimeLimitError, match=r"0\.2 s"):
            await lane.run(tasks.sleep, 600, limit_s=0.2)
        assert await lane.run(tasks.own_pid) != pid

    _, lane = in_lane(work)
    assert lane.expired == 1


def test_a_cancelled_generator_ends_and_its_process_stays(tasks: Any) -> None:
    async def work(lane: Lane) -> None:
        pid = await lane.run(tasks.own_pid)
        async with aclosing(lane.stream(tasks.until_stopped)) as items:
            assert await anext(items) == "begun"
        assert await lane.run(tasks.own_pid) == pid

    _, lane = in_lane(work)
    assert lane.cancelled == 1
    assert lane.lost == 0


def test_a_cancelled_task_that_goes_on_is_killed(tasks: Any) -> None:
    async def work(lane: Lane) -> None:
        pid = await lane.run(tasks.own_pid)
        task = asyncio.create_task(lane.run(tasks.sleep, 60))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await lane.run(tasks.own_pid) != pid
        assert not is_running(pid)

    in_lane(work)


def test_a_full_queue_refuses_and_says_when_to_come_again(tasks: Any) -> None:
    async def work(lane: Lane) -> None:
        await lane.run(tasks.double, 1)
        running = [asyncio.create_task(lane.run(tasks.sleep, 600)) for _ in range(3)]
        while lane.waiting < 2:
            await asyncio.sleep(0)
        with pytest.raises(BusyError) as caught:
            await lane.run(tasks.double, 1)
        assert caught.value.retry_after_s >= 1
        running[2].cancel()  # one that waits: it leaves the queue
        await asyncio.gather(running[2], return_exceptions=True)
        assert lane.waiting == 1
        await lane.close()
        assert len(await asyncio.gather(*running, return_exceptions=True)) == 3

    _, lane = in_lane(work, queue=2)
    assert lane.refused == 1


def test_a_process_that_cannot_be_started_is_told(
    tasks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(lane: Lane) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "executable", "/nothing/python")
            with pytest.raises(TaskError, match="no process can be started"):
                await lane.run(tasks.double, 1)
        return await lane.run(tasks.double, 1)

    assert in_lane(work)[0] == 2


def test_what_a_task_prints_goes_nowhere(tasks: Any, capfd: pytest.CaptureFixture[str]) -> None:
    async def work(lane: Lane) -> Any:
        return await lane.run(tasks.print_much)

    assert in_lane(work)[0] == "quiet"
    assert capfd.readouterr() == ("", "")


def test_closing_ends_the_processes(tasks: Any) -> None:
    async def work(lane: Lane) -> list[int]:
        pids = await asyncio.gather(*(lane.run(tasks.own_pid) for _ in range(6)))
        asyncio.create_task(lane.run(tasks.sleep, 60)).add_done_callback(
            lambda task: task.exception
        )
        await asyncio.sleep(0.1)
        return pids

    pids, _ = in_lane(work, processes=2, queue=8)
    assert not any(map(is_running, pids))


def test_a_closed_lane_refuses_those_that_wait_and_those_that_come(tasks: Any) -> None:
    async def work(lane: Lane) -> None:
        running = [asyncio.create_task(lane.run(tasks.sleep, 60)) for _ in range(2)]
        await asyncio.sleep(1)
        await lane.close()
        for failed in await asyncio.gather(*running, return_exceptions=True):
            assert isinstance(failed, TaskError)
        with pytest.raises(TaskError, match="the server is stopping"):
            await lane.run(tasks.double, 1)

    in_lane(work)


SERVER = """
import asyncio, sys
sys.path.insert(0, {path!r})
import lane_tasks
from quatrain.studio.workers import Lane

async def main():
    lane = Lane("test", 1, 4, limit_s=60)
    print(await lane.run(lane_tasks.own_pid), flush=True)
    await lane.run(lane_tasks.sleep, 60)

asyncio.run(main())
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_processes_end_with_the_server_even_when_it_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER.format(path=str(HERE))], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        pid = int(server.stdout.readline())
        assert is_running(pid)
        server.send_signal(signal.SIGKILL)
    wait_until(lambda: not is_running(pid))


def test_writing_gives_way_to_checks(tasks: Any, tmp_path: Path) -> None:
    async def run() -> list[int]:
        lanes = lanes_of(StudioSettings(folder=tmp_path))
        try:
            return [
                await lane.run(tasks.own_niceness)
                for lane in (lanes.check, lanes.words, lanes.write)
            ]
        finally:
            await lanes.close()

    own = os.nice(0)
    assert asyncio.run(run()) == [own, own, min(own + NICENESS, 19)]
