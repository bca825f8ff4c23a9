"""The tables of notices: what happened, who is told, where it is sent, and every try."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.storage.base import Base


class OccasionRow(Base):
    """Something to tell, kept in the transaction in which it happened.

    It holds ids only, so that nothing of a customer is left here once they are erased; `key` says
    which occasion it is, of its kind. `owner` was given a case, by `by`. `told_at` is when notices
    were made of it.
    """

    __tablename__ = "occasions"
    __table_args__ = (Index(None, "workspace_id", "told_at"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    kind: Mapped[str]
    key: Mapped[str]
    case_id: Mapped[str | None]
    theme_id: Mapped[str | None]
    owner: Mapped[str | None]
    by: Mapped[str | None]
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]


class NoticeRow(Base):
    """That one person is told of one thing, once; the blank person is the workspace's webhook.

    Attributes:
        key: of the occasion, of the first of several, or the day of a digest.
        count: how many occasions it tells of.
        is_shown: whether it is listed on the person's page.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("workspace_id", "person", "kind", "key"),
        Index(None, "workspace_id", "person", "is_shown", "at"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    person: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str]
    case_id: Mapped[str | None]
    theme_id: Mapped[str | None]
    count: Mapped[int]
    is_shown: Mapped[bool]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class DeliveryRow(Base):
    """A notice on its way by mail or webhook, as its tries have left it.

    `due_at` is when it is tried next; `ended_at` is set once it was sent, dropped or given up,
    which `outcome` says.
    """

    __tablename__ = "notice_deliveries"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        Index(None, "ended_at", "due_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), index=True)
    notice_id: Mapped[str] = mapped_column(ForeignKey("notices.id"))
    channel: Mapped[str]
    due_at: Mapped[datetime]
    tries: Mapped[int]
    outcome: Mapped[str | None]
    ended_at: Mapped[datetime | None]

    notice: Mapped[NoticeRow] = relationship(lazy="raise")


class AttemptRow(Base):
    """What came of one try of a delivery; rows are only added."""

    __tablename__ = "notice_attempts"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("notice_deliveries.id"), index=True)
    at: Mapped[datetime]
    outcome: Mapped[str]
    detail: Mapped[str] = mapped_column(Text)


class ChoicesRow(Base):
    """What one person chose to be told of, as `Choices.to_json` gives it."""

    __tablename__ = "notice_choices"
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    at: Mapped[datetime]
