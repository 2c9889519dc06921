"""What is asked of native libraries before they are loaded.

The command line calls `settle` first of all. A library must not change its
host's process, so the Python face does not; who embeds Quatrain may call it
before importing torch, or set the variable.
"""

from __future__ import annotations

import ctypes
import os
import sys

_SPINS = "1000"
_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
"""Names of parameters in glibc's malloc.h."""
_MOST = 2**31 - 1


def settle() -> None:
    """Ask for short waits and for memory that is kept."""
    _wait_briefly()
    _keep_memory()


def _wait_briefly() -> None:
    """Let torch's threads spin little; a choice the user made in the environment stays.

    Threads of GNU OpenMP wait for one another by spinning, by default for milliseconds
    (GOMP_SPINCOUNT). Alone on the machine that is fastest. Beside any other busy program the
    spinning takes the processor from the very thread that is waited for, and a training step
    has been seen to take 300 times as long. With a thousand spins it was a tenth slower alone, and
    seven times as slow beside the same company, not hundreds (docs/decisions/0004-training.md).
    """
    os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)


def _keep_memory() -> None:
    """Let malloc keep what is freed, up to 2 GiB, for the next training step.

    glibc asks the kernel for every large array anew and gives it back at once; each page is then
    zeroed and mapped again at every step. With 768 cells in two layers that was a fifth of the
    step (docs/decisions/0004-training.md). Other C libraries are left as they are, and so is
    what the user set in the environment.
    """
    if not sys.platform.startswith("linux"):
        return
    set_parameter = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_parameter is None:
        return
    if "MALLOC_MMAP_MAX_" not in os.environ:
        set_parameter(_MMAP_MAX, 0)
    if "MALLOC_TRIM_THRESHOLD_" not in os.environ:
        set_parameter(_TRIM_THRESHOLD, _MOST)
