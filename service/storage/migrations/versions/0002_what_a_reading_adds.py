"""Readings say whether a comment is mixed, how its score contradicts it, and what was not read."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the tables to this revision; older readings said none of it."""
    with op.batch_alter_table("readings") as table:
        table.add_column(
            sa.Column("is_mixed", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(sa.Column("mismatch", sa.JSON(none_as_null=True), nullable=True))
        table.add_column(sa.Column("cuts", sa.JSON(), nullable=False, server_default="[]"))
