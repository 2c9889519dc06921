"""Steps that bring a database of drafts to the present tables, run by Alembic at the start.

To change the tables, change `models`, add a step to `versions` (its number goes into the name, and
into `NEWEST`), and run the tests, which compare both. A step must work on SQLite and PostgreSQL,
and on a database with drafts in it.
"""

NEWEST = "0001"
"""Number of the last step: the state of a database that this program works with."""

VERSION_TABLE = "quatrain_drafts_version"
"""The table that says which step a database is at. Alembic's own name could be another program's
in a shared database."""
