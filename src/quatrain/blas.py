"""Which kernels NumPy's matrix products use, decided before NumPy is loaded.

The OpenBLAS in NumPy's wheels picks its kernels by the processor's model. On an
x86 model newer than itself it falls back to 256-bit vectors, which halves the
speed of a processor that has 512-bit ones. The command line asks for the wide
kernels where the processor says it has them; a library must not change its
host's environment, so Python users who want them set OPENBLAS_CORETYPE=SkylakeX
themselves. `benchmarks/sample.py` measures both.
"""

from __future__ import annotations

import os
from pathlib import Path

_NEEDED = {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}


def prefer_wide_kernels(processor: Path = Path("/proc/cpuinfo")) -> None:
    """Ask OpenBLAS for its AVX-512 kernels if `processor` lists all they need.

    A choice the user made in the environment stays. Without the file (other
    systems than Linux) nothing is asked for.
    """
    try:
        described = processor.read_text(encoding="utf-8")
    except OSError:
        return
    flags = next((line for line in described.splitlines() if line.startswith("flags")), "")
    if set(flags.split()) >= _NEEDED:
        os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")
