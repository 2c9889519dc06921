"""What is asked of native libraries, in the environment, before they are loaded.

The command line calls `settle` first of all. A library must not change its
host's environment, so the Python face does not; who embeds Quatrain may call it
before importing torch, or set the variable.
"""

from __future__ import annotations

import os

_SPINS = "1000"


def settle() -> None:
    """Ask torch's threads for short waits; a choice the user made in the environment stays.

    Threads of GNU OpenMP wait for one another by spinning, by default for milliseconds
    (GOMP_SPINCOUNT). Alone on the machine that is fastest. Beside any other busy program the
    spinning takes the processor from the very thread that is waited for, and a training step
    has been seen to take 300 times as long. With a thousand spins it was 7 % slower alone, and
    seven times as slow beside the same company, not hundreds (docs/decisions/0004-training.md).
    """
    os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)
