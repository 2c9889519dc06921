"""Figures about the server, as Prometheus reads them."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from quatrain.studio.workers import Lanes

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)
"""Upper bounds of the times counted, in seconds; a check should be under a tenth."""


class Metrics:
    """Counts of requests and the state of the lanes, in a registry of their own."""

    def __init__(self, lanes: Lanes) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "quatrain_requests",
            "Requests, by method, route and status.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "quatrain_request_seconds",
            "Seconds until an answer began, by route.",
            ("route",),
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._registry.register(_LaneCollector(lanes))

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return all figures in Prometheus's text format."""
        return generate_latest(self._registry)


class _LaneCollector(Collector):
    """Reads the state of the lanes when it is asked for."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes

    def collect(self) -> Iterator[Metric]:
        """Yield the figures."""
        waiting = GaugeMetricFamily(
            "quatrain_lane_waiting", "Requests that wait for a process.", labels=("lane",)
        )
        ready = GaugeMetricFamily(
            "quatrain_lane_ready", "Processes that wait for work.", labels=("lane",)
        )
        ends = CounterMetricFamily(
            "quatrain_lane_ends", "Tasks and processes that ended early.", labels=("lane", "how")
        )
        for lane in self._lanes:
            waiting.add_metric((lane.name,), lane.waiting)
            ready.add_metric((lane.name,), lane.ready)
            for how in ("cancelled", "expired", "refused", "lost"):
                ends.add_metric((lane.name, how), getattr(lane, how))
        yield from (waiting, ready, ends)
