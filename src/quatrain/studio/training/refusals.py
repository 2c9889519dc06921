"""Refusals that have an HTTP status of their own; any other `UserError` is a 422."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from quatrain.errors import ExtraError, UserError


class RefusalError(UserError):
    """A request that cannot be met.

    Attributes:
        status: the HTTP status of the answer.
    """

    status: ClassVar[int] = 422


class MissingError(RefusalError):
    """There is nothing of this name or number, or it belongs to somebody else."""

    status = 404


class ConflictError(RefusalError):
    """The request does not fit the present state."""

    status = 409


class TooLargeError(RefusalError):
    """A file or an upload is larger than the desk takes."""

    status = 413


class NoRoomError(RefusalError):
    """The disk is full."""

    status = 507


def no_such(what: str, identifier: str) -> MissingError:
    """Return the refusal for a corpus or a training that is not there."""
    return MissingError(
        f"the {what}",
        repr(identifier[:60]),
        f"one of your {'corpora' if what == 'corpus' else what + 's'}",
        "Load the page again: it may have been deleted.",
        message=f"There is no such {what}.",
    )


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turn an error of the file system into a refusal that says what to do.

    Raises:
        NoRoomError: the disk is full, or the desk's folder cannot be written.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise NoRoomError(
            "the desk's folder",
            f"an error of the system ({reason})",
            "a folder with room that can be written",
            "Free some space, or check who may write there; then try again.",
            message=f"The desk's folder can't be written: {reason}.",
        ) from error


def require_torch() -> None:
    """Raise `ExtraError` if training is not installed."""
    for package in ("torch", "accelerate"):
        if importlib.util.find_spec(package) is None:
            raise ExtraError(
                "training",
                f"no package {package!r}",
                "the extra 'train'",
                "Install it with: pip install 'quatrain[train]'. Then start the desk again.",
                message=f"Training needs the package {package!r}.",
            )


def not_now(state: str, wanted: str, *, saving: bool = False) -> ConflictError:
    """Return the refusal of something that a training in this state can't do."""
    names = {"waiting": "waits for its turn", "running": "is running", "failed": "has failed"}
    sentence = f"The training {names.get(state, f'is {state}')}, so it can't be {wanted}."
    remedy = "Pause or stop it first." if wanted == "deleted" else ""
    if saving and state == "running":
        sentence, remedy = "The training is still saving.", "Try again in a moment."
    return ConflictError(
        "the training", state, f"one that can be {wanted}", remedy, message=sentence
    )
