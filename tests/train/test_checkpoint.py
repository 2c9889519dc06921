"""Checkpoints: whole or not at all, and every error says what to do."""

import errno
import os
from pathlib import Path

import pytest
import torch

from quatrain.errors import OutputError, TrainingError
from quatrain.train import checkpoint as disk

SAVED = disk.Checkpoint(
    {"network.weight": torch.arange(6.0).reshape(2, 3), "state.0.cell": torch.ones(1)},
    {"step": 7, "best": float("inf")},
)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "training" / "last.safetensors"
    disk.write(path, SAVED)
    read = disk.read(path)
    assert read.facts == SAVED.facts
    assert torch.equal(read.part("network")["weight"], SAVED.tensors["network.weight"])
    assert list(read.part("state")) == ["0.cell"]
    assert [file.name for file in path.parent.iterdir()] == ["last.safetensors"]


def test_a_full_disk_keeps_the_old_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "last.safetensors"
    disk.write(path, SAVED)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError) as told:
        disk.write(path, disk.Checkpoint({}, {"step": 8}))
    assert str(told.value) == (
        f"The disk is full: {path} can't be written. "
        "Free some space and run again with --resume; the last checkpoint is intact."
    )
    assert disk.read(path).facts["step"] == 7
    assert len(list(tmp_path.iterdir())) == 1


def test_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "none.safetensors"
    with pytest.raises(TrainingError) as told:
        disk.read(path)
    assert str(told.value) == (
        f"There is no checkpoint {path} to resume from. "
        "Check the folder, or train without --resume."
    )


@pytest.mark.parametrize("keep", [0, 4, 40, -5])
def test_a_truncated_checkpoint_is_named(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "last.safetensors"
    disk.write(path, SAVED)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(TrainingError, match=r"last.safetensors: got a damaged checkpoint"):
        disk.read(path)


def test_an_unwritable_folder_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(OutputError, match="can't be written: Not a directory"):
        disk.require_room(blocked / "inside", 0)


def test_too_little_room_is_told_before_training(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"MB free; .* need 1,000,000,000,000 MB"):
        disk.require_room(tmp_path, 10**18)
    assert not list(tmp_path.iterdir())


def test_an_optimizer_comes_back_exactly() -> None:
    def network() -> torch.nn.Linear:
        made = torch.nn.Linear(3, 2)
        torch.nn.init.ones_(made.weight)
        torch.nn.init.zeros_(made.bias)
        return made

    def step(made: torch.nn.Linear, optimizer: torch.optim.Optimizer) -> None:
        made(torch.arange(3.0)).square().sum().backward()
        optimizer.step()
        optimizer.zero_grad()

    first = network()
    optimizer = torch.optim.AdamW(first.parameters(), lr=0.1)
    step(first, optimizer)
    second = network()
    second.load_state_dict(first.state_dict())
    other = torch.optim.AdamW(second.parameters(), lr=0.1)
    disk.restore_optimizer(other, disk.optimizer_tensors(optimizer))
    step(first, optimizer)
    step(second, other)
    assert torch.equal(first.weight, second.weight)
