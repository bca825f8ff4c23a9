"""The tables of answers: who gave them, what came, and what the models read in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.storage.base import Base
from service.storage.theme_tables import ThemeRow, to_theme

UNDERSTANDING_FORMAT = 2
"""Version kept in stored JSON, so that later code knows what it reads."""


class Respondent(Base):
    """Who answered; `known_by` is what a search finds them by."""

    __tablename__ = "respondents"
    __table_args__ = (UniqueConstraint("workspace_id", "external_id"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    external_id: Mapped[str]
    name: Mapped[str | None]
    gender: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    tier: Mapped[str | None]
    account: Mapped[str | None]
    known_by: Mapped[str] = mapped_column(Text, server_default="")


class Feedback(Base):
    """One answer as it came; never changed."""

    __tablename__ = "feedback"
    __table_args__ = (
        UniqueConstraint("workspace_id", "dedupe_key"),
        Index(None, "workspace_id", "occurred_at"),
    )
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    dedupe_key: Mapped[str]
    external_id: Mapped[str | None]
    survey: Mapped[str]
    scale: Mapped[dict[str, Any]]
    score: Mapped[float | None]
    text: Mapped[str] = mapped_column(Text)
    language_hint: Mapped[str | None]
    attributes: Mapped[dict[str, Any]]
    respondent_id: Mapped[str | None] = mapped_column(ForeignKey("respondents.id"), index=True)
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]

    respondent: Mapped[Respondent | None] = relationship(lazy="raise")
    reading: Mapped[Reading] = relationship(lazy="raise", back_populates="feedback")


class Reading(Base):
    """What the models said of one answer, beside the versions that said it."""

    __tablename__ = "readings"
    feedback_id: Mapped[str] = mapped_column(ForeignKey("feedback.id"), primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    language: Mapped[str]
    language_confidence: Mapped[float]
    segment: Mapped[str | None]
    sentiment_label: Mapped[str | None]
    sentiment_score: Mapped[float | None]
    sentiment_confidence: Mapped[float | None]
    signals: Mapped[list[Any]]
    pii: Mapped[list[Any]]
    is_mixed: Mapped[bool] = mapped_column(server_default=false())
    mismatch: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    cuts: Mapped[list[Any]] = mapped_column(server_default="[]")
    priority: Mapped[dict[str, Any]]
    bucket: Mapped[str] = mapped_column(server_default="queue", index=True)
    model_version: Mapped[str]
    format: Mapped[int]
    read_at: Mapped[datetime]

    feedback: Mapped[Feedback] = relationship(lazy="raise", back_populates="reading")
    excerpts: Mapped[list[ExcerptRow]] = relationship(
        lazy="raise",
        order_by="ExcerptRow.start",
        primaryjoin="Reading.feedback_id == foreign(ExcerptRow.feedback_id)",
        viewonly=True,
    )


class ExcerptRow(Base):
    """A clause of a comment; its theme is the one of the current theme model.

    `text` is what may be shown: clear words in which personal data is masked and white space is
    single. `start` and `end` are of the comment as it came.
    """

    __tablename__ = "excerpts"
    __table_args__ = (
        Index(None, "workspace_id", "theme_id", "feedback_id"),
        to_theme("theme_id"),
        to_theme("second_theme_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    feedback_id: Mapped[str] = mapped_column(ForeignKey("feedback.id"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str]
    sentiment_label: Mapped[str]
    sentiment_score: Mapped[float]
    sentiment_confidence: Mapped[float]
    signals: Mapped[list[Any]]
    theme_id: Mapped[str | None]
    theme_confidence: Mapped[float | None]
    second_theme_id: Mapped[str | None]
    concept: Mapped[str | None]
    map_x: Mapped[float | None]
    map_y: Mapped[float | None]
    vector: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    theme: Mapped[ThemeRow | None] = relationship(
        lazy="raise",
        primaryjoin="and_(ExcerptRow.workspace_id == ThemeRow.workspace_id,"
        " foreign(ExcerptRow.theme_id) == ThemeRow.id)",
        viewonly=True,
    )
