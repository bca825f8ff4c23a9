"""Cases have owners, clocks that pause and alert, resolutions and several answers."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the tables to this revision."""
    op.create_table(
        "case_answers",
        sa.Column("feedback_id", sa.String(200), nullable=False),
        sa.Column("case_id", sa.String(200), nullable=False),
        sa.Column("joined_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name="fk_case_answers_feedback_id_feedback"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_answers_case_id_cases"),
        sa.PrimaryKeyConstraint("feedback_id", name="pk_case_answers"),
    )
    op.create_index("ix_case_answers_case_id", "case_answers", ["case_id"])
    op.create_table(
        "case_alerts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.String(200), nullable=False),
        sa.Column("case_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("respond_by", sa.DateTime(), nullable=False),
        sa.Column("owner", sa.String(200), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_case_alerts_workspace_id_workspaces"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_alerts_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_case_alerts"),
        sa.UniqueConstraint(
            "case_id", "kind", "respond_by", name="uq_case_alerts_case_id_kind_respond_by"
        ),
    )
    op.create_index("ix_case_alerts_workspace_id", "case_alerts", ["workspace_id"])
    op.execute(
        sa.text(
            "INSERT INTO case_answers (feedback_id, case_id, joined_at) "
            "SELECT feedback_id, id, opened_at FROM cases"
        )
    )
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("owner", sa.String(200), nullable=True))
        table.add_column(sa.Column("started_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("contacted_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("pauses", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("snoozed_until", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("resolved_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("resolution", sa.JSON(), nullable=True))
        table.add_column(sa.Column("verify_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("due_soon_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("alerted", sa.String(200), nullable=True))
        table.add_column(
            sa.Column("is_second_level", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute(sa.text("UPDATE cases SET started_at = opened_at"))
    last_move = "(SELECT max(at) FROM case_events WHERE case_id = cases.id AND after = '{}')"
    op.execute(sa.text(f"UPDATE cases SET contacted_at = {last_move.format('contacting')}"))  # noqa: S608 - no words of a user's
    op.execute(
        sa.text(
            f"UPDATE cases SET resolved_at = {last_move.format('resolved')} "  # noqa: S608 - see above
            "WHERE state = 'resolved'"
        )
    )
    with op.batch_alter_table("cases") as table:
        table.alter_column("started_at", existing_type=sa.DateTime(), nullable=False)
    op.create_index(
        "ix_cases_workspace_id_state_respond_by", "cases", ["workspace_id", "state", "respond_by"]
    )
    for columns in (
        ("workspace_id", "owner", "state"),
        ("workspace_id", "respond_by"),
        ("workspace_id", "priority_score"),
        ("workspace_id", "state", "segment", "level", "language", "owner"),
    ):
        op.create_index(f"ix_cases_{'_'.join(columns)}", "cases", columns)
    with op.batch_alter_table("case_events") as table:
        table.add_column(sa.Column("details", sa.JSON(), nullable=False, server_default="{}"))
