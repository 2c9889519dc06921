"""What is asked of native libraries, in the environment, before they are loaded.

The command line calls `settle` first of all. A library must not change its
host's environment, so the Python face does not; who embeds Quatrain may call it
before importing NumPy or torch, or set the two variables.
"""

from __future__ import annotations

import os
from pathlib import Path

_WIDE = {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}
_SPINS = "1000"


def settle(processor: Path = Path("/proc/cpuinfo")) -> None:
    """Ask for wide kernels and short waits; a choice the user made in the environment stays.

    OPENBLAS_CORETYPE: the OpenBLAS in NumPy's wheels picks its kernels by the processor's
    model, and on an x86 model newer than itself falls back to 256-bit vectors, at half the
    speed. Where `processor` (Linux's description) lists what the 512-bit kernels need, they
    are asked for. `benchmarks/sample.py` measures both.

    GOMP_SPINCOUNT: torch's threads wait for one another by spinning, by default for
    milliseconds. Alone on the machine that is fastest; beside any other busy program the
    spinning takes the processor from the very thread that is waited for, and a training step
    has been seen to take 300 times as long. A thousand spins cost a step 5 % alone, and
    beside another run a step takes what its share of the processor says.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)
    try:
        described = processor.read_text(encoding="utf-8")
    except OSError:
        return
    flags = next((line for line in described.splitlines() if line.startswith("flags")), "")
    if set(flags.split()) >= _WIDE:
        os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")
