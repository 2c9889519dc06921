"""Settings of native libraries, made before they are loaded: short waits, memory that is reused.

The command line calls `configure_native_libraries` before anything else. A library must not
change its host's process, so `import quatrain` does not. If you embed Quatrain, call it before
importing torch, or set the variables yourself.
"""

from __future__ import annotations

import ctypes
import os
import sys

_SPINS = "1000"
"""Spins before a waiting thread sleeps."""
_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
"""Names of parameters in glibc's malloc.h."""
_MOST = 2**31 - 1
"""The largest value of a parameter: bytes of memory that malloc keeps."""


def configure_native_libraries() -> None:
    """Limit how long threads spin, and let malloc keep the memory it frees."""
    _limit_spinning()
    _keep_freed_memory()


def _limit_spinning() -> None:
    """Limit how long torch's threads spin, unless the user has set GOMP_SPINCOUNT.

    Threads of GNU OpenMP wait for one another by spinning, by default for milliseconds. On an
    idle machine that is fastest. Beside another busy program the spinning takes the processor
    from the very thread that is waited for, and a training step took up to 300 times as long.
    With a thousand spins it was a tenth slower on an idle machine, and seven times slower beside
    the same program (docs/decisions/0004-training.md).
    """
    os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)


def _keep_freed_memory() -> None:
    """Let malloc keep freed memory, up to 2 GiB, for the next training step.

    glibc requests every large array from the kernel and returns it at once; each page is then
    zeroed and mapped again at every step. With 768 cells in two layers that was a fifth of the
    step (docs/decisions/0004-training.md). Other C libraries are not changed, nor is anything
    that the user has set in the environment.
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
