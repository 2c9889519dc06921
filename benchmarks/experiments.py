"""How long the desk's server takes for an experiment, and what its worker process adds.

A real server is started in a folder of its own. For each topic, requests with random values of all
sliders and choices go out one after the other, as from a slider that is moved. The same states are
computed in this process: the difference is HTTP and the way to the worker and back. Then twenty
requests a second come from each of a few people at once.

    python benchmarks/experiments.py
    python benchmarks/experiments.py --states 500 --people 8
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import Sequence

from machine import machine
from quatrain.explain import demonstrate
from quatrain.explain.demonstrations.topics import Topic, list_topics
from quatrain.page.demonstration import as_json
from quatrain.records import Choice, Slider
from serve import Connection, milliseconds, opening, served

SHARES = (0.5, 0.95, 1.0)
EACH_S = 1 / 20
"""Seconds between two requests of someone who moves a slider."""

SECONDS = 10.0
"""Seconds that people move sliders for."""


def states(topic: Topic, count: int) -> list[dict[str, float | str]]:
    """Draw values for the sliders and choices of a topic."""
    draw = random.Random(topic.name)
    drawn: list[dict[str, float | str]] = []
    for _ in range(count):
        state: dict[str, float | str] = {}
        for control in topic.controls:
            if isinstance(control, Slider):
                steps = round((control.high - control.low) / control.step)
                value = control.low + draw.randint(0, steps) * control.step
                state[control.name] = min(round(value, 6), control.high)
            elif isinstance(control, Choice):
                state[control.name] = draw.choice(control.options)[0]
        drawn.append(state)
    return drawn


async def asked(
    connection: Connection, topic: str, state: dict[str, float | str]
) -> tuple[float, int]:
    """Return the seconds until an answer is read, and its bytes."""
    start = time.perf_counter()
    status, parts = await connection.ask("POST", f"/api/inside/{topic}", {"state": state})
    body = b"".join([part async for part in parts])
    if status != 200:
        raise RuntimeError(f"{topic} {state}: {status} {body[:200]!r}")
    return time.perf_counter() - start, len(body)


async def measured(port: int, topic: Topic, count: int) -> list[str]:
    """Return the cells of a topic's row."""
    connection = Connection(port)
    drawn = states(topic, count)
    await asked(connection, topic.name, {})
    answers = [await asked(connection, topic.name, state) for state in drawn]
    computed: list[float] = []
    as_json(demonstrate(topic.name))
    for state in drawn:
        start = time.perf_counter()
        as_json(demonstrate(topic.name, **state))
        computed.append(time.perf_counter() - start)
    over_http = [seconds for seconds, _ in answers]
    size = sum(size for _, size in answers) / len(answers) / 1000
    return [
        topic.name,
        *(milliseconds(over_http, share) for share in SHARES),
        *(milliseconds(computed, share) for share in SHARES[:2]),
        f"{size:.0f}",
    ]


async def storm(port: int, topics: Sequence[Topic], people: int) -> list[str]:
    """Return the cells of the row of several people who move sliders at once."""
    times: list[float] = []
    end = time.perf_counter() + SECONDS

    async def move(number: int) -> None:
        connection, topic = Connection(port), topics[number % len(topics)]
        for state in states(topic, int(SECONDS / EACH_S)):
            start = time.perf_counter()
            if start > end:
                return
            times.append((await asked(connection, topic.name, state))[0])
            await asyncio.sleep(max(0.0, EACH_S - (time.perf_counter() - start)))

    await asyncio.gather(*map(move, range(people)))
    cells = [milliseconds(times, share) for share in SHARES]
    return [str(people), f"{len(times) / SECONDS:.0f}", *cells]


async def run(port: int, count: int, people: int) -> None:
    """Print both tables."""
    topics = list_topics()
    print("| topic | median ms | p95 | most | computed, median | p95 | kB |")
    print("| --- |" + " ---: |" * 6)
    for topic in topics:
        print(f"| {' | '.join(await measured(port, topic, count))} |", flush=True)
    print("\n| people | requests a second | median ms | p95 | most |\n|" + " ---: |" * 5)
    print(f"| {' | '.join(await storm(port, topics, people))} |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--states", type=int, default=100, help="states of each topic")
    parser.add_argument("--people", type=int, default=4, help="people who move sliders at once")
    given = parser.parse_args()
    print(machine("fastapi"), "\n")
    with served() as (_, port, start):
        asyncio.run(opening(port, start))
        asyncio.run(run(port, given.states, given.people))


if __name__ == "__main__":
    main()
