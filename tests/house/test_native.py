"""Native libraries are configured, and the user's own settings stay."""

import os
import platform
import subprocess
import sys

import pytest

from quatrain.native import configure_native_libraries


def test_threads_wait_briefly_unless_the_user_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GOMP_SPINCOUNT", raising=False)
    configure_native_libraries()
    assert os.environ["GOMP_SPINCOUNT"] == "1000"
    monkeypatch.setenv("GOMP_SPINCOUNT", "7")
    configure_native_libraries()
    assert os.environ["GOMP_SPINCOUNT"] == "7"


PAGES = """
import resource
import numpy as np
from quatrain.native import configure_native_libraries
{}
np.ones(8_000_000)  # 64 MB, freed at once
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    np.ones(8_000_000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc's malloc is asked")
def test_freed_memory_is_used_again() -> None:
    def pages_mapped(call: str) -> int:
        program = [sys.executable, "-c", PAGES.format(call)]
        return int(subprocess.run(program, check=True, capture_output=True, text=True).stdout)

    assert pages_mapped("configure_native_libraries()") * 10 < pages_mapped("")
