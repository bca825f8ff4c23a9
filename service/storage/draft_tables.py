"""The tables of drafts, what people said of them, and messages; triggers keep what was written.

The database itself refuses a message whose draft lacks an approval it needs, is not the newest of
its case or was rejected, and any change to the text of a draft or to a decision (see migrations
0011 and 0013).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipelines.contracts import ENGINE
from pipelines.followup.drafting import Draft
from service.storage.base import Base, new_id


class DraftRow(Base):
    """A follow-up as the engine (`author` "odzew") or a person wrote it; rows are only added."""

    __tablename__ = "drafts"
    id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    number: Mapped[int]
    author: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    plan: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    decisions: Mapped[list[DecisionRow]] = relationship(lazy="raise", order_by="DecisionRow.id")
    message: Mapped[MessageRow | None] = relationship(lazy="raise", back_populates="draft")

    @property
    def purpose(self) -> str:
        """What it is for, one of `pipelines.followup.plan.PURPOSES`."""
        return str(self.plan.get("plan", {}).get("purpose", "answer"))

    @classmethod
    def of_engine(cls, case_id: str, number: int, draft: Draft, at: datetime) -> DraftRow:
        """What the engine wrote, as a case's draft of that number."""
        return cls(
            id=new_id("drf"),
            case_id=case_id,
            number=number,
            author=ENGINE,
            language=draft.text.language,
            subject=draft.text.subject,
            body=draft.text.body,
            plan=draft.to_json(),
            created_at=at,
        )


class DecisionRow(Base):
    """What a person said of a draft; rows are only added.

    Attributes:
        verdict: one of `pipelines.followup.review.Verdict`.
        may_approve: whether their role let them approve.
        needed: of an approval, how many different people must approve.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("draft_id", "verdict", "who"),
        CheckConstraint("verdict <> 'approved' OR may_approve", name="ck_decisions_role"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.id"), index=True)
    verdict: Mapped[str]
    who: Mapped[str]
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    may_approve: Mapped[bool]
    needed: Mapped[int]


class MessageRow(Base):
    """An approved draft on its way to the customer; a draft has one at most.

    Attributes:
        way: one of `pipelines.followup.outgoing.WAYS`.
        recipient: an e-mail address, a number, or the id of a ticket.
        state: one of `MessageState`.
        mail_id: the Message-ID, made of the draft's id, so that it is always the same.
        due_at: when it is tried next; while it is being handed in, until when a process may do so.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index(None, "state", "due_at"),
        Index(None, "workspace_id", "state", "created_at"),
        Index(None, "workspace_id", "mail_id"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.id"), unique=True)
    way: Mapped[str]
    recipient: Mapped[str] = mapped_column(Text)
    state: Mapped[str]
    mail_id: Mapped[str]
    who: Mapped[str]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tries: Mapped[int]
    ended_at: Mapped[datetime | None]

    draft: Mapped[DraftRow] = relationship(lazy="raise", back_populates="message")


class MessageStepRow(Base):
    """What happened to a message: who or what did it, and what was said; rows are only added."""

    __tablename__ = "message_steps"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), index=True)
    at: Mapped[datetime]
    who: Mapped[str]
    step: Mapped[str]
    detail: Mapped[str] = mapped_column(Text)


class ReplyRow(Base):
    """What came back of a message: a reply, a bounce or an automatic answer.

    Attributes:
        mail_id: its own Message-ID; taken in once.
        seen_at: when somebody first looked at it, or moved its case; None until then.
    """

    __tablename__ = "replies"
    __table_args__ = (
        UniqueConstraint("workspace_id", "mail_id"),
        Index(None, "workspace_id", "seen_at"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))
    kind: Mapped[str]
    sender: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    mail_id: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


class DoNotContactRow(Base):
    """An address that nothing is sent to any more: an e-mail address or a number, in one form."""

    __tablename__ = "do_not_contact"
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    address: Mapped[str] = mapped_column(Text, primary_key=True)
    why: Mapped[str] = mapped_column(Text)
    who: Mapped[str]
    at: Mapped[datetime]
