"""What is asked of native libraries, and that the user's choice stays."""

import os

import pytest

from quatrain.native import settle


def test_threads_wait_briefly_unless_the_user_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("GOMP_SPINCOUNT", raising=False)
    settle()
    assert os.environ["GOMP_SPINCOUNT"] == "1000"
    monkeypatch.setenv("GOMP_SPINCOUNT", "7")
    settle()
    assert os.environ["GOMP_SPINCOUNT"] == "7"
