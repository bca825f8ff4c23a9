"""Notices: occasions, who is told of them, deliveries with their tries, and people's choices."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _word(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(200), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(), nullable=nullable)


def _number() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), autoincrement=True, nullable=False)


def _of_workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"], ["workspaces.id"], name=f"fk_{table}_workspace_id_workspaces"
    )


def upgrade() -> None:
    """Move the tables to this revision."""
    op.create_table(
        "occasions",
        *(_number(), _word("workspace_id"), _word("kind"), _word("key")),
        *(_word(name, nullable=True) for name in ("case_id", "theme_id", "owner", "by")),
        *(_moment("at"), _moment("told_at", nullable=True)),
        _of_workspace("occasions"),
        sa.PrimaryKeyConstraint("id", name="pk_occasions"),
    )
    op.create_index("ix_occasions_workspace_id_told_at", "occasions", ["workspace_id", "told_at"])
    op.create_table(
        "notices",
        *(_word(name) for name in ("id", "workspace_id", "person", "kind", "key")),
        *(_word(name, nullable=True) for name in ("case_id", "theme_id")),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        *(_moment("at"), _moment("read_at", nullable=True)),
        _of_workspace("notices"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint(
            *("workspace_id", "person", "kind", "key"),
            name="uq_notices_workspace_id_person_kind_key",
        ),
    )
    op.create_index(
        "ix_notices_workspace_id_person_is_shown_at",
        "notices",
        ["workspace_id", "person", "is_shown", "at"],
    )
    op.create_table(
        "notice_deliveries",
        *(_number(), _word("workspace_id"), _word("notice_id"), _word("channel")),
        _moment("due_at"),
        sa.Column("tries", sa.Integer(), nullable=False),
        *(_word("outcome", nullable=True), _moment("ended_at", nullable=True)),
        _of_workspace("notice_deliveries"),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name="fk_notice_deliveries_notice_id_notices"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notice_deliveries"),
        sa.UniqueConstraint("notice_id", "channel", name="uq_notice_deliveries_notice_id_channel"),
    )
    for columns in (["workspace_id"], ["ended_at", "due_at"]):
        name = f"ix_notice_deliveries_{'_'.join(columns)}"
        op.create_index(name, "notice_deliveries", columns)
    op.create_table(
        "notice_attempts",
        *(_number(), sa.Column("delivery_id", sa.Integer(), nullable=False), _moment("at")),
        *(_word("outcome"), sa.Column("detail", sa.Text(), nullable=False)),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["notice_deliveries.id"],
            name="fk_notice_attempts_delivery_id_notice_deliveries",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notice_attempts"),
    )
    op.create_index("ix_notice_attempts_delivery_id", "notice_attempts", ["delivery_id"])
    op.create_table(
        "notice_choices",
        *(_word("workspace_id"), _word("person")),
        *(sa.Column("content", sa.JSON(), nullable=False), _moment("at")),
        _of_workspace("notice_choices"),
        sa.PrimaryKeyConstraint("workspace_id", "person", name="pk_notice_choices"),
    )
