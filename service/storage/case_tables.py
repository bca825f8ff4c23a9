"""The tables of cases, their answers, events and alerts; rows of events are only ever added."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.storage.answer_tables import Feedback
from service.storage.base import Base


class CaseRow(Base):
    """One customer's small loop, as its events have left it.

    `feedback_id` is the most urgent of its answers. `alerted` is the last alert about its
    `respond_by`, which is due soon from `due_soon_at` on. `revision` guards against two people
    moving it at once.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index(None, "workspace_id", "state", "respond_by"),
        Index(None, "workspace_id", "owner", "state"),
        Index(None, "workspace_id", "respond_by"),
        # All that filters, counts and orders the queue, so that it is read from here alone.
        Index(
            "ix_cases_queue",
            *("workspace_id", "state", "segment", "level", "language", "owner"),
            *("priority_score", "respond_by", "id"),
        ),
        Index(None, "workspace_id", "opened_at"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    feedback_id: Mapped[str] = mapped_column(ForeignKey("feedback.id"), unique=True)
    state: Mapped[str]
    owner: Mapped[str | None]
    started_at: Mapped[datetime]
    contacted_at: Mapped[datetime | None]
    pauses: Mapped[list[Any]] = mapped_column(server_default="[]")
    snoozed_until: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    verify_on: Mapped[date | None]
    is_second_level: Mapped[bool] = mapped_column(server_default=false())
    segment: Mapped[str | None]
    language: Mapped[str]
    level: Mapped[str]
    priority_score: Mapped[int]
    reasons: Mapped[list[Any]]
    respond_by: Mapped[datetime]
    due_soon_at: Mapped[datetime | None]
    alerted: Mapped[str | None]
    opened_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column()

    feedback: Mapped[Feedback] = relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - read by SQLAlchemy


class CaseAnswer(Base):
    """An answer that belongs to a case."""

    __tablename__ = "case_answers"
    feedback_id: Mapped[str] = mapped_column(ForeignKey("feedback.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    joined_at: Mapped[datetime]


class CaseEvent(Base):
    """What happened to a case: who, when, which move, why; `details` is what the move carried."""

    __tablename__ = "case_events"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    at: Mapped[datetime]
    who: Mapped[str]
    move: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str]
    note: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


class CaseAlert(Base):
    """That a case is due soon, or should have been done by a moment; told once."""

    __tablename__ = "case_alerts"
    __table_args__ = (UniqueConstraint("case_id", "kind", "respond_by"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), index=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str]
    respond_by: Mapped[datetime]
    owner: Mapped[str | None]
    at: Mapped[datetime]
