"""Actions and who was told of them; what an excerpt is clearly about; approvals that hold."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the tables to this revision."""
    op.add_column("excerpts", _word("concept", nullable=True))
    op.create_table(
        "actions",
        *(_word("id"), _word("workspace_id"), _word("theme_id"), _word("title")),
        *(_word("owner", nullable=True), _word("state")),
        sa.Column("words", sa.JSON(), nullable=False),
        *(_moment("created_at"), _moment("since")),
        sa.PrimaryKeyConstraint("id", name="pk_actions"),
        _to("actions", "workspace_id", "workspaces"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "theme_id"],
            ["themes.workspace_id", "themes.id"],
            name="fk_actions_workspace_id_theme_id_themes",
        ),
    )
    op.create_index("ix_actions_workspace_id_theme_id", "actions", ["workspace_id", "theme_id"])
    op.create_table(
        "action_events",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        *(_word("action_id"), _moment("at"), _word("who"), _word("step")),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_action_events"),
        _to("action_events", "action_id", "actions"),
    )
    op.create_index("ix_action_events_action_id", "action_events", ["action_id"])
    op.create_table(
        "action_letters",
        *(_word("draft_id"), _word("action_id"), _word("case_id"), _word("feedback_id")),
        sa.Column("is_sure", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("draft_id", name="pk_action_letters"),
        sa.UniqueConstraint("action_id", "case_id", name="uq_action_letters_action_id_case_id"),
        _to("action_letters", "draft_id", "drafts"),
        _to("action_letters", "action_id", "actions"),
        _to("action_letters", "case_id", "cases"),
        _to("action_letters", "feedback_id", "feedback"),
    )
    op.create_index("ix_action_letters_case_id", "action_letters", ["case_id"])
    _keep_messages_approved()


def _keep_messages_approved() -> None:
    """A message that was taken back is handed in again only while its draft is approved."""
    unapproved = """
        NEW.state <> OLD.state AND NEW.state IN ('waiting', 'sending') AND (
        EXISTS (SELECT 1 FROM decisions WHERE draft_id = NEW.draft_id AND verdict = 'rejected')
        OR (SELECT count(DISTINCT who) FROM decisions
          WHERE draft_id = NEW.draft_id AND verdict = 'approved' AND may_approve)
        < coalesce((SELECT max(needed) FROM decisions
          WHERE draft_id = NEW.draft_id AND verdict = 'approved'), 1))
    """
    name, said = "messages_stay_approved", "not approved as it must be"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON messages FOR EACH ROW WHEN {unapproved} "
            f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        )
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {unapproved} THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'check_violation'; "
        "END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE UPDATE ON messages FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def _word(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(200), nullable=nullable)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(), nullable=False)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
