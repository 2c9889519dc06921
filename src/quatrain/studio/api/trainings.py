"""Operations on trainings, and on the poets that came of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from quatrain.errors import UserError
from quatrain.studio.problems import problem_content
from quatrain.studio.schemas.training import (
    CONFLICT,
    MISSING,
    NO_ROOM,
    NO_TORCH,
    Training,
    TrainingList,
    TrainingRequest,
)
from quatrain.studio.security import current_user
from quatrain.studio.training import Trainings, disk_errors

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: MISSING,
    409: CONFLICT,
    501: NO_TORCH,
    507: NO_ROOM,
}

router = APIRouter(prefix="/api/trainings", tags=["training"], responses=_PROBLEMS)

poets_router = APIRouter(prefix="/api/poets", tags=["training"], responses=_PROBLEMS)


def _trainings(request: Request) -> Trainings:
    trainings: Trainings = request.app.state.trainings
    return trainings


def _existing(request: Request, identifier: str) -> dict[str, Any]:
    """Return a training of the user, before an answer begins that can't fail any more."""
    return _trainings(request).get(current_user(request), identifier)


@router.post("", status_code=201, operation_id="begin_training", summary="Train a poet")
def begin_training(request: Request, body: TrainingRequest) -> Training:
    """Put a training into the queue. It survives the server, and goes on when it is resumed."""
    with disk_errors():
        facts = _trainings(request).create(
            current_user(request), body.corpus, body.name, body.base, body.minutes
        )
    return Training.model_validate(facts)


@router.get("", operation_id="list_trainings", summary="List the trainings")
def list_trainings(request: Request) -> TrainingList:
    """Return the trainings of the user, the newest first."""
    facts = _trainings(request).all_of(current_user(request))
    return TrainingList(trainings=[Training.model_validate(training) for training in facts])


@router.get("/{identifier}", operation_id="get_training", summary="Describe a training")
def get_training(request: Request, identifier: str) -> Training:
    """Return a training as it stands: its losses, samples, and the time left."""
    return Training.model_validate(_existing(request, identifier))


@router.get(
    "/{identifier}/events",
    operation_id="follow_training",
    summary="Follow a training",
    response_class=EventSourceResponse,
)
async def follow_training(
    request: Request, identifier: str, _: Annotated[dict[str, Any], Depends(_existing)]
) -> AsyncIterator[ServerSentEvent]:
    """Send the training now and whenever it has changed, as events `training`, until it rests."""
    try:
        async for facts in _trainings(request).follow(current_user(request), identifier):
            yield ServerSentEvent(event="training", data=facts)
    except UserError as error:  # it was deleted meanwhile
        yield ServerSentEvent(event="problem", data=problem_content(error))


@router.post("/{identifier}/pause", operation_id="pause_training", summary="Pause a training")
def pause_training(request: Request, identifier: str) -> Training:
    """Let a training save the poet and rest, to be resumed."""
    with disk_errors():
        facts = _trainings(request).pause(current_user(request), identifier)
    return Training.model_validate(facts)


@router.post("/{identifier}/resume", operation_id="resume_training", summary="Resume a training")
def resume_training(request: Request, identifier: str) -> Training:
    """Put a training that was paused or has failed into the queue again."""
    with disk_errors():
        facts = _trainings(request).resume(current_user(request), identifier)
    return Training.model_validate(facts)


@router.post("/{identifier}/stop", operation_id="stop_training", summary="Stop a training")
def stop_training(request: Request, identifier: str) -> Training:
    """End a training for good; the poet stays as it is."""
    with disk_errors():
        facts = _trainings(request).stop(current_user(request), identifier)
    return Training.model_validate(facts)


@router.delete(
    "/{identifier}", status_code=204, operation_id="delete_training", summary="Forget a training"
)
def delete_training(request: Request, identifier: str) -> None:
    """Forget a training that does not run; the poet that came of it stays."""
    with disk_errors():
        _trainings(request).delete(current_user(request), identifier)


@poets_router.delete(
    "/{name}", status_code=204, operation_id="delete_poet", summary="Delete a poet trained here"
)
def delete_poet(request: Request, name: str) -> None:
    """Delete a poet that the user has trained on this desk."""
    with disk_errors():
        _trainings(request).delete_poet(current_user(request), name)
