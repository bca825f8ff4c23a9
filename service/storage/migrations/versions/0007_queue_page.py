"""One index holds all that the queue asks of cases, one all that it asks of themes."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the tables to this revision."""
    for columns in (
        "state_priority_score",
        "state_segment_level_language_owner",
        "priority_score",
    ):
        op.drop_index(f"ix_cases_workspace_id_{columns}", "cases")
    op.create_index(
        "ix_cases_queue",
        "cases",
        [
            *("workspace_id", "state", "segment", "level", "language", "owner"),
            *("priority_score", "respond_by", "id"),
        ],
    )
    op.drop_index("ix_excerpts_workspace_id_theme_id", "excerpts")
    op.create_index(
        "ix_excerpts_workspace_id_theme_id_feedback_id",
        "excerpts",
        ["workspace_id", "theme_id", "feedback_id"],
    )
