"""A desk for tests: its folder is new, its workers are few."""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="needs the extra 'studio'")

from starlette.testclient import TestClient

from quatrain.studio.app import create_app
from quatrain.studio.settings import StudioSettings

ADDRESS = "http://127.0.0.1:8360"


@pytest.fixture
def settings(tmp_path: Path) -> StudioSettings:
    """Return the settings of a desk in a new folder."""
    return StudioSettings(
        folder=tmp_path / "desk", check_processes=1, write_processes=1, warm=False
    )


@pytest.fixture
def client(settings: StudioSettings) -> Iterator[TestClient]:
    """Return a client of a running desk; its workers start when they are first needed."""
    with TestClient(create_app(settings), base_url=ADDRESS) as client:
        yield client
