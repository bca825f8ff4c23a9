"""The tables of actions against themes, what happened to them, and who was written to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.storage.base import Base


class ActionRow(Base):
    """What the company does about a theme, as its events have left it.

    Attributes:
        state: one of `pipelines.improvement.ACTION_STATES`.
        words: what customers are told of it, by language.
        since: when it came to its state.
    """

    __tablename__ = "actions"
    __table_args__ = (
        Index(None, "workspace_id", "theme_id"),
        ForeignKeyConstraint(["workspace_id", "theme_id"], ["themes.workspace_id", "themes.id"]),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    theme_id: Mapped[str]
    title: Mapped[str]
    owner: Mapped[str | None]
    state: Mapped[str]
    words: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    since: Mapped[datetime]

    events: Mapped[list[ActionEvent]] = relationship(lazy="raise", order_by="ActionEvent.id")


class ActionEvent(Base):
    """What happened to an action: who, when, which step; rows are only added."""

    __tablename__ = "action_events"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    action_id: Mapped[str] = mapped_column(ForeignKey("actions.id"), index=True)
    at: Mapped[datetime]
    who: Mapped[str]
    step: Mapped[str]
    words: Mapped[dict[str, Any]]


class ActionLetter(Base):
    """That a customer was drafted a message about an action, once; the draft is a case's.

    Attributes:
        feedback_id: the answer that raised the theme.
        is_sure: whether the customer's own words bear out that they raised it.
    """

    __tablename__ = "action_letters"
    __table_args__ = (UniqueConstraint("action_id", "case_id"),)
    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    action_id: Mapped[str] = mapped_column(ForeignKey("actions.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    feedback_id: Mapped[str] = mapped_column(ForeignKey("feedback.id"))
    is_sure: Mapped[bool]
