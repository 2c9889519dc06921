"""Where a run happens: processor or GPU, its precision, its processes, its trackers.

`accelerate` does the work; `accelerate launch` decides how many processes there
are and on which machines, and this module only reads what it decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from accelerate import Accelerator

from quatrain.config import Training
from quatrain.errors import SettingsError

_TRACKERS = ("tensorboard", "mlflow", "wandb")
_ACCELERATE_NAMES = {"float32": "no", "bfloat16": "bf16", "float16": "fp16"}


def precision(wanted: str) -> str:
    """The precision of the matrix products: `wanted`, or for "auto" the best that is native here.

    Where a processor multiplies bfloat16 natively its products take a third of
    the time; weights, states and sums stay float32 either way.

    Raises:
        SettingsError: float16 without a GPU.
    """
    if wanted == "auto":
        if torch.cuda.is_available():
            native = torch.cuda.is_bf16_supported()
        elif torch.backends.mps.is_available():
            native = False
        else:
            native = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
        return "bfloat16" if native else "float32"
    if wanted == "float16" and not torch.cuda.is_available():
        raise SettingsError(
            "setting 'precision'",
            "'float16' without a GPU",
            "'float32', 'bfloat16' or 'auto'",
            "Leave precision on 'auto'.",
        )
    return wanted


def accelerator(
    settings: Training, folder: Path | None = None, trackers: Sequence[str] = ()
) -> Accelerator:
    """The accelerator of this process.

    Args:
        settings: `precision` and `threads` are read.
        folder: where trackers that write files put them.
        trackers: "tensorboard", "mlflow" or "wandb".

    Raises:
        SettingsError: the precision or a tracker is not to be had here.
    """
    for tracker in trackers:
        if tracker not in _TRACKERS:
            raise SettingsError(
                "tracker", repr(tracker), f"one of {', '.join(_TRACKERS)}", "Correct the name."
            )
    gpu = torch.cuda.is_available() or torch.backends.mps.is_available()
    chosen = precision(settings.precision)
    if not gpu:
        torch.set_flush_denormal(True)  # numbers too small to matter cost a hundred times the time
    if settings.threads is not None:
        torch.set_num_threads(settings.threads)
    try:
        made = Accelerator(
            cpu=not gpu,
            mixed_precision=_ACCELERATE_NAMES[chosen],
            log_with=list(trackers) or None,
            project_dir=str(folder) if folder else None,
        )
        if trackers:
            made.init_trackers("quatrain")
    except (ImportError, ValueError) as error:
        raise SettingsError(
            f"trackers {', '.join(trackers)}",
            str(error),
            "installed packages of those names",
            "Install them with pip, or leave --tracker out.",
        ) from error
    return made
