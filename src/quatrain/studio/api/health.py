"""Whether the server runs."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import Field

from quatrain._version import __version__
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
