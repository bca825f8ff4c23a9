"""Drafts are reviewed by several people, and sent: messages, what comes back, who wants none."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_UNAPPROVED = """
    (SELECT count(DISTINCT who) FROM decisions
      WHERE draft_id = NEW.draft_id AND verdict = 'approved' AND may_approve)
    < coalesce((SELECT max(needed) FROM decisions
      WHERE draft_id = NEW.draft_id AND verdict = 'approved'), 1)
    OR EXISTS (SELECT 1 FROM decisions WHERE draft_id = NEW.draft_id AND verdict = 'rejected')
    OR EXISTS (SELECT 1 FROM drafts AS newer JOIN drafts AS own ON own.case_id = newer.case_id
      WHERE own.id = NEW.draft_id AND newer.number > own.number)
    OR NOT EXISTS (SELECT 1 FROM drafts JOIN cases ON cases.id = drafts.case_id
      WHERE drafts.id = NEW.draft_id AND drafts.case_id = NEW.case_id
      AND cases.workspace_id = NEW.workspace_id)
"""
_RULES = (
    ("messages_are_approved", "messages", "INSERT", _UNAPPROVED, "not approved as it must be"),
    (
        "messages_keep_their_draft",
        "messages",
        "UPDATE",
        "NEW.draft_id <> OLD.draft_id OR NEW.mail_id <> OLD.mail_id",
        "a message stays that of its draft",
    ),
    (
        "drafts_are_kept",
        "drafts",
        "UPDATE",
        "NEW.subject <> OLD.subject OR NEW.body <> OLD.body OR NEW.case_id <> OLD.case_id"
        " OR NEW.number <> OLD.number",
        "the text of a draft is kept; add a revision",
    ),
    ("decisions_are_kept", "decisions", "UPDATE", None, "decisions are only added"),
)
"""Name, table, event, when it is refused, and what is said."""


def upgrade() -> None:
    """Move the tables to this revision."""
    op.add_column(
        "api_keys", sa.Column("approves", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    with op.batch_alter_table("decisions") as decisions:
        decisions.drop_constraint("uq_decisions_draft_id", type_="unique")
        decisions.add_column(
            sa.Column("may_approve", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        decisions.add_column(sa.Column("needed", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("decisions") as decisions:
        decisions.alter_column("may_approve", server_default=None)
        decisions.alter_column("needed", server_default=None)
        decisions.create_unique_constraint(
            "uq_decisions_draft_id_verdict_who", ["draft_id", "verdict", "who"]
        )
        decisions.create_check_constraint(
            "ck_decisions_role", "verdict <> 'approved' OR may_approve"
        )
        decisions.create_index("ix_decisions_draft_id", ["draft_id"])
    _create_messages()
    op.create_table(
        "do_not_contact",
        _word("workspace_id"),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        _word("who"),
        _moment("at"),
        sa.PrimaryKeyConstraint("workspace_id", "address", name="pk_do_not_contact"),
        _to("do_not_contact", "workspace_id", "workspaces"),
    )
    for rule in _RULES:
        _refuse(*rule)


def _create_messages() -> None:
    op.create_table(
        "messages",
        _word("id"),
        *(_word("workspace_id"), _word("case_id"), _word("draft_id"), _word("way")),
        sa.Column("recipient", sa.Text(), nullable=False),
        *(_word("state"), _word("mail_id"), _word("who")),
        *(_moment("created_at"), _moment("due_at")),
        sa.Column("tries", sa.Integer(), nullable=False),
        _moment("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("draft_id", name="uq_messages_draft_id"),
        _to("messages", "workspace_id", "workspaces"),
        _to("messages", "case_id", "cases"),
        _to("messages", "draft_id", "drafts"),
    )
    for columns in (
        ("case_id",),
        ("state", "due_at"),
        ("workspace_id", "state", "created_at"),
        ("workspace_id", "mail_id"),
    ):
        op.create_index(f"ix_messages_{'_'.join(columns)}", "messages", list(columns))
    op.create_table(
        "message_steps",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _word("message_id"),
        _moment("at"),
        *(_word("who"), _word("step")),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_steps"),
        _to("message_steps", "message_id", "messages"),
    )
    op.create_index("ix_message_steps_message_id", "message_steps", ["message_id"])
    op.create_table(
        "replies",
        *(_word("id"), _word("workspace_id"), _word("case_id")),
        _word("message_id", nullable=True),
        _word("kind"),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("sender", "subject", "body", "mail_id")
        ),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name="pk_replies"),
        sa.UniqueConstraint("workspace_id", "mail_id", name="uq_replies_workspace_id_mail_id"),
        _to("replies", "workspace_id", "workspaces"),
        _to("replies", "case_id", "cases"),
        _to("replies", "message_id", "messages"),
    )
    op.create_index("ix_replies_case_id", "replies", ["case_id"])


def _refuse(name: str, table: str, event: str, when: str | None, said: str) -> None:
    """A trigger that refuses a change of a row for which `when` holds; every one without it."""
    if op.get_bind().dialect.name == "sqlite":
        condition = f"WHEN {when}" if when else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        )
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {when or 'true'} THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'check_violation'; "
        "END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def _word(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(200), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(), nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
