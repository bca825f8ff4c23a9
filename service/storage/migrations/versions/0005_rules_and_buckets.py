"""Workspaces have rules of their own, and readings say where an answer is found."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the tables to this revision."""
    op.create_table(
        "rule_documents",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_rule_documents_workspace_id_workspaces"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rule_documents"),
    )
    op.create_index("ix_rule_documents_workspace_id", "rule_documents", ["workspace_id"])
    with op.batch_alter_table("readings") as table:
        table.add_column(
            sa.Column("bucket", sa.String(200), nullable=False, server_default="queue")
        )
    op.create_index("ix_readings_bucket", "readings", ["bucket"])
    # What was read before had a case where it was to be answered, and else said next to nothing.
    op.execute(
        sa.text(
            "UPDATE readings SET bucket = 'no_comment' WHERE feedback_id NOT IN "
            "(SELECT feedback_id FROM cases)"
        )
    )
