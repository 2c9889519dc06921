"""Bringing a database to the present tables, or refusing one that is not ours or too new."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from quatrain.errors import StorageError
from quatrain.studio.drafts.database import (
    Database,
    database_url,
    prepare_file,
    require_reachable,
    require_unicode,
    tables_of,
)
from quatrain.studio.drafts.migrations import NEWEST, VERSION_TABLE

_MIGRATIONS = Path(__file__).parent

_TABLES = frozenset({"drafts", "revisions", "versions"})

_LOCK = 0x7175_6174_7261_696E
"""Key of PostgreSQL's advisory lock during a migration: "quatrain" in ASCII."""


def open_database(location: str | Path) -> Database:
    """Open the database of drafts; create it, or bring it to the present tables, if need be.

    Several servers may do so at once: one creates the tables, the others wait.

    Args:
        location: the path of a file of SQLite, or a URL of SQLite or PostgreSQL.

    Raises:
        StorageError: it is another program's, or from a newer version of Quatrain, or can't be
            reached or written. Then nothing in it was changed.
        ExtraError: it is of PostgreSQL, and its driver is not installed.
    """
    url = database_url(location)
    database = Database(url)
    try:
        if database.is_sqlite:
            prepare_file(url)
            _require_ours(tables_of(url), database, alone=True)
        else:
            require_reachable(database)
        with database.connection() as connection:
            if not database.is_sqlite:
                require_unicode(connection, database.name)
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            tables = frozenset(inspect(connection).get_table_names())
            _require_ours(tables, database, alone=False)
            _migrate(connection, database, _state(connection) if VERSION_TABLE in tables else "")
        database.use_write_ahead_log()
    except BaseException:
        database.close()
        raise
    return database


def _require_ours(tables: frozenset[str], database: Database, *, alone: bool) -> None:
    """Require that a database is new or ours.

    Args:
        tables: names of its tables.
        database: the database, for the error.
        alone: whether no other program's tables may stand beside ours.

    Raises:
        StorageError: it is another program's.
    """
    others = tables if alone else tables & _TABLES
    if VERSION_TABLE in tables or not others:
        return
    listed = ", ".join(sorted(others)[:5])
    raise StorageError(
        database.name,
        f"the tables {listed}",
        "a new database, or one made by the desk",
        "Nothing was changed. Name another with --database.",
        message=f"{database.name} is the database of another program: it has the tables {listed}.",
    )


def _state(connection: Connection) -> str:
    row = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).first()  # noqa: S608
    return str(row[0]) if row else ""


def _migrate(connection: Connection, database: Database, state: str) -> None:
    """Run the steps that a database lacks.

    Raises:
        StorageError: it is at a step that this program doesn't know.
    """
    if state == NEWEST:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    steps = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if state and state not in steps:
        raise StorageError(
            database.name,
            f"drafts of a newer version of Quatrain (step {state})",
            f"a database up to step {NEWEST}",
            "Nothing was changed. Install the newer version again, or name another database with "
            "--database.",
            message=f"{database.name} was made by a newer version of Quatrain.",
        )
    command.upgrade(config, "head")
