"""Create the tables of drafts, revisions and versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("latest", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
        sa.Column("first_line", sa.Text, nullable=False),
        sa.Column("haystack", sa.Text, nullable=False),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.Column("trashed", sa.BigInteger),
    )
    op.create_index("ix_drafts_owner_updated", "drafts", ["owner", "updated", "id"])
    op.create_table(
        "revisions",
        sa.Column(
            "draft_id",
            sa.String(36),
            sa.ForeignKey("drafts.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("undo_to", sa.Integer),
        sa.Column("began", sa.BigInteger, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("base", sa.Integer),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_index("ix_revisions_undo_to", "revisions", ["draft_id", "undo_to"])
    op.create_table(
        "versions",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("draft_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id", "number"],
            ["revisions.draft_id", "revisions.number"],
            ondelete="CASCADE",
            name="fk_versions_revision",
        ),
    )
    op.create_index("ix_versions_draft", "versions", ["draft_id", "created"])
