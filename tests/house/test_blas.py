"""The wide kernels are asked for only where the processor has them."""

from pathlib import Path

import pytest

from quatrain.blas import prefer_wide_kernels

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
def test_what_is_asked_for(
    described: str | None,
    before: str | None,
    after: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import os

    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    if before:
        monkeypatch.setenv("OPENBLAS_CORETYPE", before)
    processor = tmp_path / "cpuinfo"
    if described is not None:
        processor.write_text(described)
    prefer_wide_kernels(processor)
    assert os.environ.get("OPENBLAS_CORETYPE") == after
