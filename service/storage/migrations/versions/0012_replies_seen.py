"""Whether somebody has looked at what came back; what is here already counts as looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the tables to this revision."""
    op.add_column("replies", sa.Column("seen_at", sa.DateTime(), nullable=True))
    op.execute("UPDATE replies SET seen_at = at")
    op.create_index("ix_replies_workspace_id_seen_at", "replies", ["workspace_id", "seen_at"])
