"""The machine of a run: processor or GPU, precision, processes, trackers.

`accelerate` does the work; `accelerate launch` decides how many processes there
are and on which machines, and this module only reads what it decided.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from accelerate.tracking import filter_trackers
from accelerate.utils import is_mlflow_available, is_tensorboard_available, is_wandb_available

from quatrain.config import Precision, Training
from quatrain.errors import SettingsError

_TRACKERS = {
    "tensorboard": is_tensorboard_available,
    "mlflow": is_mlflow_available,
    "wandb": is_wandb_available,
}
_ACCELERATE_NAMES = {"float32": "no", "bfloat16": "bf16", "float16": "fp16"}


def precision(setting: Precision) -> Precision:
    """Return the precision of the matrix products; for "auto" the best that is native here.

    Where a processor multiplies bfloat16 natively its products take a third of
    the time; weights, states and sums stay float32 either way.

    Raises:
        SettingsError: float16 without a GPU; bfloat16 on a processor that cannot.
    """
    if setting == "auto":
        if torch.cuda.is_available():
            native = torch.cuda.is_bf16_supported()
        elif torch.backends.mps.is_available():
            native = False
        else:
            native = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
        return "bfloat16" if native else "float32"
    if setting == "float16" and not torch.cuda.is_available():
        raise SettingsError(
            "setting 'precision'",
            "'float16' without a GPU",
            "'float32', 'bfloat16' or 'auto'",
            "Leave precision on 'auto'.",
            message="The precision 'float16' needs a GPU.",
        )
    if setting == "bfloat16" and not bfloat16_runs():
        raise SettingsError(
            "setting 'precision'",
            "'bfloat16' on a processor without AVX-512",
            "'float32' or 'auto'",
            "Leave precision on 'auto'.",
            message="The precision 'bfloat16' needs a processor with AVX-512.",
        )
    return setting


def bfloat16_runs() -> bool:
    """Return whether an LSTM in bfloat16 runs here; oneDNN has none for older processors."""
    if torch.cuda.is_available() or not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return True
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def accelerator(settings: Training) -> Accelerator:
    """Make the accelerator of this process.

    Args:
        settings: `precision` is read.

    Raises:
        SettingsError: the precision is not available here.
    """
    gpu = torch.cuda.is_available() or torch.backends.mps.is_available()
    # accelerate keeps the precision of the first run of a process for all later ones.
    AcceleratorState._reset_state()
    mixed = _ACCELERATE_NAMES[precision(settings.precision)]
    return Accelerator(cpu=not gpu, mixed_precision=mixed)


_SHORTAGES = re.compile(
    "memory|bad_alloc|could not create a primitive$|can't start new thread|Resource temporarily"
)
"""Messages of torch, oneDNN and Python where there is too little memory, or no thread left."""


def is_shortage(error: BaseException) -> bool:
    """Return whether an error means that the machine has too little memory."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    return isinstance(error, MemoryError) or _SHORTAGES.search(str(error)) is not None


def cores() -> int:
    """Return the number of cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux tells
        return os.cpu_count() or 1


@contextmanager
def processor(settings: Training) -> Iterator[None]:
    """Set up the processor for a run, and afterwards as the host program had it.

    Numbers too small to matter are flushed to zero (they cost a hundred times the time), and
    torch uses `settings.threads` threads, at most one per core: more only wait for one another,
    and where the system refuses to start one, the program ends at once.
    """
    threads = torch.get_num_threads()
    smallest = torch.finfo(torch.float32).tiny
    flushed = (torch.tensor(smallest) / 2).item() == 0.0
    torch.set_flush_denormal(True)
    if settings.threads is not None:
        torch.set_num_threads(min(settings.threads, cores()))
    try:
        yield
    finally:
        torch.set_flush_denormal(flushed)
        torch.set_num_threads(threads)


def check_trackers(names: Sequence[str]) -> None:
    """Raise `SettingsError` if a tracker is unknown or not installed."""
    for name in names:
        if name not in _TRACKERS:
            raise SettingsError(
                "tracker",
                repr(name),
                f"one of {', '.join(_TRACKERS)}",
                "Correct the name.",
            )
        if not _TRACKERS[name]():
            raise SettingsError(
                f"tracker {name!r}",
                "no such package",
                "an installed one",
                f"Install it with: pip install {name}",
                message=f"The tracker {name!r} is not installed.",
            )


def start_trackers(accelerator: Accelerator, folder: Path, names: Sequence[str]) -> None:
    """Send what is logged to trackers too.

    Args:
        accelerator: of this process.
        folder: where trackers that write files put them.
        names: trackers, checked by `check_trackers`.
    """
    if names:
        accelerator.log_with = filter_trackers(list(names), folder)
        accelerator.project_configuration.set_directories(str(folder))
        accelerator.init_trackers("quatrain")
