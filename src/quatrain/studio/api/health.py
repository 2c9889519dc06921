"""The state of the server, and its figures."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import Field

from quatrain._version import __version__
from quatrain.studio.metrics import Metrics
from quatrain.studio.schemas.texts import Answer
from quatrain.studio.workers import Lanes

router = APIRouter(tags=["health"])


class Health(Answer):
    """The state of the server."""

    status: str = Field(default="ok", description='"ok", since it answers.')
    version: str = Field(description="Quatrain's version.")
    ready: dict[str, int] = Field(description="Processes that wait for work, by their kind.")
    waiting: dict[str, int] = Field(description="Requests that wait for a process, by its kind.")


@router.get("/healthz", operation_id="health", summary="Say whether the server runs")
async def health(request: Request) -> Health:
    """Return the state of the server. It needs no token."""
    lanes: Lanes = request.app.state.lanes
    return Health(
        status="ok",
        version=__version__,
        ready={lane.name: lane.ready for lane in lanes},
        waiting={lane.name: lane.waiting for lane in lanes},
    )


@router.get(
    "/metrics",
    operation_id="metrics",
    summary="Return figures for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(request: Request) -> Response:
    """Return requests, times, queues and cancellations in Prometheus's text format."""
    figures: Metrics = request.app.state.metrics
    return Response(figures.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
