"""A training run on disk: everything the next step depends on, in one file.

One safetensors file holds the tensors (weights, optimizer, averages, carried
states, random generators) and, as JSON in its header, the numbers (step,
budget, best score). It is written beside its target, flushed to the disk and
then moved into its place. A process killed at any moment leaves either the old
checkpoint or the new one, never half of one.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from quatrain.errors import OutputError, TrainingError
from quatrain.poet.artifact.tensors import enough_memory

VERSION = 3
"""Version of the checkpoint's format. Scores in version 2 left out the letters of unknown words:
a run can't go on with the best of one kind and compare it with the other."""

PROBE = ".quatrain-probe"
"""A file that is written and removed to see whether a folder can be written. A process that was
killed in between leaves it."""


@dataclass(frozen=True)
class Checkpoint:
    """Tensors by name, and numbers that JSON can hold."""

    tensors: dict[str, Tensor]
    facts: dict[str, Any]

    def part(self, prefix: str) -> dict[str, Tensor]:
        """Return the tensors whose names start with `prefix.`, named without it."""
        start = f"{prefix}."
        return {
            name.removeprefix(start): tensor
            for name, tensor in self.tensors.items()
            if name.startswith(start)
        }


def write(path: Path, checkpoint: Checkpoint) -> None:
    """Write `checkpoint` to `path`, atomically and durably.

    Raises:
        OutputError: the disk is full or the folder cannot be written; what was
            at `path` before is still there.
    """
    tensors = {
        name: tensor.detach().to("cpu").contiguous() for name, tensor in checkpoint.tensors.items()
    }
    facts = {"quatrain_checkpoint": str(VERSION), "facts": json.dumps(checkpoint.facts)}
    partial = path.with_suffix(".partial")
    try:
        path.parent.mkdir(exist_ok=True)  # not above: a folder that is gone is no mistake of ours
        with partial.open("wb") as file:
            with enough_memory(sum(tensor.nbytes for tensor in tensors.values())):
                content = save(tensors, metadata=facts)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        _flush_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise unwritable(path, error) from error


def _flush_folder(folder: Path) -> None:
    """Make the renaming itself durable, where the system lets folders be flushed."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read(path: Path) -> Checkpoint:
    """Read a checkpoint to the CPU.

    Raises:
        TrainingError: there is none, it is damaged, or it is of another version.
    """
    if not path.is_file():
        raise TrainingError(
            str(path),
            "no checkpoint",
            "one written by an interrupted training run",
            "Check the folder, or train without --resume.",
            message=f"There is no checkpoint {path} to resume from.",
        )
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        version = int(header["quatrain_checkpoint"])
        facts = json.loads(header["facts"])
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise TrainingError(
            str(path),
            f"a damaged checkpoint ({error})",
            "one written by an interrupted training run",
            "Train again with --overwrite; the poet beside it, if any, still writes.",
        ) from error
    if version != VERSION:
        raise TrainingError(
            str(path),
            f"checkpoint version {version}",
            f"version {VERSION}",
            "Resume with the version of Quatrain that began the run.",
        )
    return Checkpoint(tensors, facts)


def require_room(folder: Path, needed: int) -> None:
    """Raise `OutputError` unless `folder` can be written and has `needed` bytes free."""
    probe = folder / PROBE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"room")
        probe.unlink()
    except OSError as error:
        raise unwritable(folder, error) from error
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise OutputError(
            str(folder),
            f"{free / 1e6:,.0f} MB free",
            f"{needed / 1e6:,.0f} MB for the data, the checkpoints and the poet",
            "Free some space, or choose a folder on another disk.",
            message=f"The disk of {folder} has {free / 1e6:,.0f} MB free; the data, the "
            f"checkpoints and the poet need {needed / 1e6:,.0f} MB.",
        )


def unwritable(path: Path, error: OSError) -> OutputError:
    """Return the error for a path of a run that could not be written."""
    if error.errno == errno.ENOENT and not path.parent.exists():
        return OutputError(
            str(path),
            "a folder that is gone",
            "the folder of the run",
            "Start the run again, and leave its folder in place until it has ended.",
            message=f"{path} can't be written: its folder was removed or renamed.",
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputError(
            str(path),
            "a full disk",
            "room for a checkpoint",
            "Free some space and run again with --resume; the last checkpoint is intact.",
            message=f"The disk is full: {path} can't be written.",
        )
    return OutputError(
        str(path),
        error.strerror or str(error),
        "a folder that can be written",
        "Choose another folder, or change its permissions.",
        message=f"{path} can't be written: {error.strerror or error}.",
    )


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Return the optimizer's state as named tensors: `<parameter index>.<quantity>`."""
    state = optimizer.state_dict()["state"]
    return {
        f"{index}.{name}": value
        for index, quantities in state.items()
        for name, value in quantities.items()
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Put back what `optimizer_tensors` gave, copied: the optimizer changes its own in place."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        index, name = key.split(".", 1)
        state.setdefault(int(index), {})[name] = value.clone()
    whole = optimizer.state_dict()
    whole["state"] = state
    optimizer.load_state_dict(whole)
