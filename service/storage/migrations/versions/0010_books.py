"""Books of templates: proposals and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(200), nullable=False)


def _number(name: str, *, counts: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), autoincrement=counts, nullable=False)


def _at() -> sa.Column[object]:
    return sa.Column("at", sa.DateTime(), nullable=False)


def _of_workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"], ["workspaces.id"], name=f"fk_{table}_workspace_id_workspaces"
    )


def upgrade() -> None:
    """Move the tables to this revision."""
    op.create_table(
        "book_proposals",
        *(_number("id", counts=True), _word("workspace_id"), _word("language"), _word("file")),
        sa.Column("changes", sa.JSON(), nullable=False),
        *(_number("seen"), _word("who"), _at()),
        sa.Column("why", sa.Text(), nullable=False),
        _of_workspace("book_proposals"),
        sa.PrimaryKeyConstraint("id", name="pk_book_proposals"),
        sa.UniqueConstraint("id", "who", name="uq_book_proposals_id_who"),
    )
    op.create_index(
        "ix_book_proposals_workspace_id_language_file",
        "book_proposals",
        ["workspace_id", "language", "file"],
    )
    op.create_table(
        "book_decisions",
        *(_number("id", counts=True), _word("workspace_id"), _number("proposal_id")),
        *(_word("proposed_by"), _word("verdict"), _word("who"), _at()),
        _of_workspace("book_decisions"),
        sa.ForeignKeyConstraint(
            ["proposal_id", "proposed_by"],
            ["book_proposals.id", "book_proposals.who"],
            name="fk_book_decisions_proposal_id_proposed_by_book_proposals",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_book_decisions"),
        sa.UniqueConstraint("proposal_id", name="uq_book_decisions_proposal_id"),
        sa.CheckConstraint(
            "verdict IN ('published', 'withdrawn')", name="ck_book_decisions_verdict"
        ),
        sa.CheckConstraint(
            "verdict <> 'published' OR lower(who) <> lower(proposed_by)",
            name="ck_book_decisions_four_eyes",
        ),
    )
    op.create_index("ix_book_decisions_workspace_id", "book_decisions", ["workspace_id"])
