"""What goes wrong with a database: told in a sentence, and nothing acknowledged is lost."""

import hashlib
import os
import resource
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from starlette.testclient import TestClient
from tests.studio.conftest import ADDRESS

from quatrain.errors import StorageError
from quatrain.studio.app import create_app
from quatrain.studio.drafts import (
    Document,
    Draft,
    DraftQuery,
    DraftStore,
    StorageBusyError,
    StorageFullError,
    StoreOpener,
    database,
    migrations,
    new_document,
)
from quatrain.studio.drafts.migrations.opening import open_database
from quatrain.studio.drafts.models import Base
from quatrain.studio.settings import StudioSettings

NOBODY = 65534
"""User without rights, on Linux."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "drafts.sqlite"


@pytest.fixture
def store(file: Path) -> Iterator[DraftStore]:
    store = DraftStore.open(file)
    yield store
    store.close()


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let this process write no file beyond a size, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_the_steps_lead_to_the_tables_of_the_models(store: DraftStore, file: Path) -> None:
    opened = open_database(file)
    with opened.connection() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": migrations.VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, Base.metadata) == []
    opened.close()
    folder = Path(migrations.__file__).parent
    assert ScriptDirectory(folder).get_heads() == [migrations.NEWEST]


def test_a_database_of_a_newer_version_is_told_and_not_touched(
    store: DraftStore, file: Path
) -> None:
    store.create("", [new_document("Kept", ["a line"])])
    store.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"UPDATE {migrations.VERSION_TABLE} SET version_num = '0999'")  # noqa: S608
        connection.execute("ALTER TABLE drafts RENAME TO poems")
        connection.commit()
    before = digest(file)
    with pytest.raises(StorageError, match="newer version of Quatrain") as caught:
        DraftStore.open(file)
    assert digest(file) == before
    assert "Install the newer version" in caught.value.remedy


def test_a_database_of_another_program_is_not_touched(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    before = digest(file)
    with pytest.raises(StorageError, match="another program: it has the tables songs"):
        DraftStore.open(file)
    assert digest(file) == before


@pytest.mark.parametrize("content", [b"Dear diary. " * 500, b"SQLite format 3\0" + b"x" * 5_000])
def test_a_file_that_is_no_database_is_not_touched(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(StorageError, match="no SQLite database"):
        DraftStore.open(file)
    assert file.read_bytes() == content


def test_a_folder_or_a_place_that_can_not_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path, tmp_path / "file" / "below" / "drafts.sqlite"):
        with pytest.raises(StorageError, match="can't be opened") as caught:
            DraftStore.open(path)
        assert caught.value.remedy


@contextmanager
def without_rights() -> Iterator[None]:
    """Be a user without rights; root may read and write everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_no_permission_is_told(store: DraftStore, file: Path, tmp_path: Path) -> None:
    store.close()
    for folder in [tmp_path, *tmp_path.parents[:2]]:
        folder.chmod(0o755)
    file.chmod(0o400)
    tmp_path.chmod(0o555)
    try:
        for path in (file, tmp_path / "new" / "drafts.sqlite"):
            with without_rights(), pytest.raises(StorageError, match="Permission denied"):
                DraftStore.open(path)
    finally:
        tmp_path.chmod(0o755)


def fill(store: DraftStore, draft: Draft) -> tuple[Draft, StorageFullError]:
    """Save until the disk is full; return the last draft acknowledged, and the error."""
    for number in range(1_000):
        try:
            draft = store.save("", draft.id, draft.version, long_document(number))
        except StorageFullError as error:
            return draft, error
    pytest.fail("the disk never filled")


def long_document(number: int) -> Document:
    return new_document("", [f"{number} {'ash ' * 2_000}"])


@pytest.mark.slow
def test_a_full_disk_loses_nothing_that_was_acknowledged(store: DraftStore, file: Path) -> None:
    (draft,) = store.create("", [new_document("", ["start"])])
    with largest_file(file.stat().st_size + 200_000):
        draft, error = fill(store, draft)
        assert "Everything saved before is safe" in error.remedy
        assert store.get("", draft.id) == draft
        with pytest.raises(StorageFullError):
            store.create("", [long_document(0)])
    assert store.get("", draft.id) == draft
    saved = store.save("", draft.id, draft.version, long_document(1_001))
    store.close()
    again = DraftStore.open(file)
    assert again.get("", draft.id) == saved
    assert len(again.listed("", DraftQuery()).drafts) == 1
    again.close()


@pytest.mark.slow
def test_a_disk_without_room_loses_nothing_either(tmp_path: Path) -> None:
    """A file system of 1 MB, which runs out of blocks instead of out of a limit."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small file system")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a file system")
    try:
        store = DraftStore.open(disk / "drafts.sqlite")
        (draft,) = store.create("", [new_document("", ["start"])])
        draft, error = fill(store, draft)
        assert "the disk is full" in str(error)
        assert store.get("", draft.id) == draft
        store.close()
        again = DraftStore.open(disk / "drafts.sqlite")
        assert again.get("", draft.id) == draft
        again.close()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_a_problem_that_says_so(settings: StudioSettings) -> None:
    line = "ash " * 20_000
    with TestClient(create_app(settings), base_url=ADDRESS) as client:
        draft = client.post("/api/drafts", json={"document": {}}).json()
        path = f"/api/drafts/{draft['id']}"
        with largest_file(30_000):
            body = {"version": 1, "document": {"lines": [{"text": line}]}}
            answer = client.put(path, json=body)
        assert answer.status_code == 507
        assert answer.json()["title"] == "Nothing can be saved now"
        assert client.get(path).json() == draft
        assert client.put(path, json=body).status_code == 200


def test_a_lock_that_is_held_too_long(
    file: Path, settings: StudioSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_S", 0.1)
    with TestClient(create_app(settings), base_url=ADDRESS) as client:
        draft = client.post("/api/drafts", json={"document": {}}).json()
        path = f"/api/drafts/{draft['id']}"
        body = {"version": 1, "document": {"title": "Late"}}
        with closing(sqlite3.connect(settings.folder / "desk.sqlite")) as other:
            other.execute("BEGIN IMMEDIATE")
            answer = client.put(path, json=body)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
            assert "locked" in answer.json()["detail"]
            assert client.get(path).json() == draft
        assert client.put(path, json=body).json()["version"] == 2


def test_a_lock_that_is_soon_given_back_is_waited_for(store: DraftStore, file: Path) -> None:
    (draft,) = store.create("", [new_document("", ["start"])])
    other = sqlite3.connect(file, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.2, other.rollback)
    timer.start()
    assert store.save("", draft.id, 1, new_document("", ["later"])).version == 2
    timer.join()
    other.close()


def test_a_file_that_was_moved_away_takes_no_more_saves(store: DraftStore, file: Path) -> None:
    """Otherwise they would be acknowledged, and gone with the next start."""
    (draft,) = store.create("", [new_document("", ["start"])])
    file.rename(file.with_suffix(".moved"))
    with pytest.raises(StorageFullError, match="moved or deleted"):
        store.save("", draft.id, 1, new_document("", ["lost"]))
    file.with_suffix(".moved").rename(file)
    assert store.save("", draft.id, 1, new_document("", ["kept"])).version == 2


def test_two_servers_work_on_one_file(store: DraftStore, file: Path) -> None:
    other = DraftStore.open(file)
    (draft,) = store.create("", [new_document("", ["start"])])
    for number in range(6):
        draft = (store, other)[number % 2].save(
            "", draft.id, draft.version, new_document("", [f"line {number}"])
        )
    assert store.get("", draft.id) == other.get("", draft.id) == draft
    other.close()


def test_many_programs_may_start_at_once(file: Path) -> None:
    """One creates the tables, the others wait for it."""
    failures: list[Exception] = []

    def start() -> None:
        try:
            DraftStore.open(file).close()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_server_of_postgresql_that_is_not_there() -> None:
    pytest.importorskip("psycopg", reason="needs the extra 'postgres'")
    with pytest.raises(StorageError, match="can't be reached") as caught:
        DraftStore.open("postgresql://ada:a-secret@127.0.0.1:1/poems?connect_timeout=2")
    assert "a-secret" not in str(caught.value)
    assert "--database" in caught.value.remedy


def test_a_server_of_postgresql_that_went_away_is_a_reason_to_try_again() -> None:
    pytest.importorskip("psycopg", reason="needs the extra 'postgres'")
    gone = database.Database(
        database.database_url("postgresql://ada@127.0.0.1:1/poems?connect_timeout=2")
    )
    with pytest.raises(StorageBusyError, match="does not answer"), gone.reading() as session:
        session.execute(text("SELECT 1"))


@pytest.mark.slow
def test_connections_that_postgresql_ended_are_made_again(postgres_database: str) -> None:
    store = DraftStore.open(postgres_database)
    (draft,) = store.create("", [new_document("", ["start"])])
    other = database.Database(database.database_url(postgres_database))
    with other.writing() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
    assert store.save("", draft.id, 1, new_document("", ["later"])).version == 2
    other.close()
    store.close()


@pytest.mark.parametrize(
    "url", ["poems", "mysql://host/poems", "sqlite://", "sqlite:///x?mode=memory", "http://[", ""]
)
def test_a_url_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(StorageError, match="no URL of a database"):
        DraftStore.open(url)


def test_a_store_is_opened_once_the_file_is_put_right(file: Path) -> None:
    time_s = [0.0]
    opener = StoreOpener(file, lambda: time_s[0])
    file.write_bytes(b"Dear diary. " * 500)
    with pytest.raises(StorageError, match="no SQLite database"):
        opener.store()
    file.unlink()
    with pytest.raises(StorageError):  # the answer of a moment ago
        opener.store()
    time_s[0] = 3.0
    assert opener.store() is opener.store()
    opener.close()


def test_the_file_is_the_users_own(store: DraftStore, file: Path) -> None:
    store.create("", [new_document("", ["private"])])
    modes = {path.name: path.stat().st_mode & 0o077 for path in file.parent.glob("drafts.sqlite*")}
    assert set(modes.values()) == {0}
    assert len(modes) == 3


def test_a_commit_waits_for_the_disk(store: DraftStore, file: Path) -> None:
    """EXTRA (3) and WAL: what is acknowledged survives a power cut, by SQLite's own promise."""
    opened = open_database(file)
    with opened.connection() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 3
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    opened.close()


def test_busy_is_a_kind_of_storage_error() -> None:
    assert issubclass(StorageBusyError, StorageError)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:river-stone@127.0.0.1:port/poems",
        "postgres//ada:river-stone@127.0.0.1/poems",
        "postgresql://ada:river/stone@127.0.0.1:port/poems?password=river",
        "mysql://ada:river-stone@127.0.0.1/poems?password=river",
        "poems?password=river",
    ],
)
def test_a_wrong_url_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(StorageError, match="is no URL of a database") as caught:
        database.database_url(url)
    error = caught.value
    for part in (str(error), error.where, error.found, error.wanted, error.remedy):
        assert "river" not in part
        assert "stone" not in part


def test_a_database_is_named_without_its_password() -> None:
    pytest.importorskip("psycopg", reason="needs the extra 'postgres'")
    url = database.database_url("postgresql://ada:river@127.0.0.1/poems?password=stone")
    assert database.Database(url).name == "postgresql+psycopg://ada:***@127.0.0.1/poems"
