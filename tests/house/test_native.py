"""What is asked of native libraries, and that the user's choice stays."""

import os
from pathlib import Path

import pytest

from quatrain.native import settle

WIDE = "flags\t\t: fpu avx2 avx512f avx512dq avx512cd avx512bw avx512vl\n"


@pytest.mark.parametrize(
    ("described", "before", "after"),
    [
        (WIDE, None, "SkylakeX"),
        (WIDE, "Haswell", "Haswell"),
        (WIDE.replace(" avx512vl", ""), None, None),
        ("Features\t: fp asimd sve\n", None, None),
        (None, None, None),
    ],
)
def test_wide_kernels_are_asked_for_only_where_the_processor_has_them(
    described: str | None,
    before: str | None,
    after: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    if before:
        monkeypatch.setenv("OPENBLAS_CORETYPE", before)
    processor = tmp_path / "cpuinfo"
    if described is not None:
        processor.write_text(described)
    settle(processor)
    assert os.environ.get("OPENBLAS_CORETYPE") == after


def test_threads_wait_briefly_unless_the_user_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    monkeypatch.delenv("GOMP_SPINCOUNT", raising=False)
    settle(tmp_path)
    assert os.environ["GOMP_SPINCOUNT"] == "1000"
    monkeypatch.setenv("GOMP_SPINCOUNT", "7")
    settle(tmp_path)
    assert os.environ["GOMP_SPINCOUNT"] == "7"
