"""The script that Alembic runs to bring a database to the present tables; `opening` calls it."""

from __future__ import annotations

from alembic import context

from quatrain.studio.drafts.migrations import VERSION_TABLE
from quatrain.studio.drafts.models import Base


def run() -> None:
    """Run the steps in the transaction of the connection, so that all happen or none."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        version_table=VERSION_TABLE,
        transactional_ddl=True,
    )
    context.run_migrations()


run()
