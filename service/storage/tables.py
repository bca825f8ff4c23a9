"""The tables of answers, readings, themes and cases; rows of case events are only ever added."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

UNDERSTANDING_FORMAT = 2
"""Version kept in stored JSON, so that later code knows what it reads."""


def new_id(prefix: str) -> str:
    """A random id such as `cas_9f2c...`; the prefix says what it is an id of."""
    return f"{prefix}_{secrets.token_hex(8)}"


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes, kept in UTC in databases that know no zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values: they are a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A datetime without a zone was about to be stored.")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """All tables; constraint names are fixed, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy, never changed
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        str: String(200),
    }


def _to_theme(column: str) -> ForeignKeyConstraint:
    """A reference to a theme of the same workspace."""
    return ForeignKeyConstraint(["workspace_id", column], ["themes.workspace_id", "themes.id"])


class Workspace(Base):
    """A tenant."""

    __tablename__ = "workspaces"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_at: Mapped[datetime]


class ApiKey(Base):
    """A key of a survey platform; only its hash is kept.

    `approves` lets it say which person approved a draft.
    """

    __tablename__ = "api_keys"
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    approves: Mapped[bool] = mapped_column(server_default=false())


class SignInLink(Base):
    """A link that signs one person in once."""

    __tablename__ = "sign_in_links"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    person: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class BrowserSession(Base):
    """A signed-in browser."""

    __tablename__ = "browser_sessions"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    person: Mapped[str]
    expires_at: Mapped[datetime]


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
        _to_theme("theme_id"),
        _to_theme("second_theme_id"),
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
    map_x: Mapped[float | None]
    map_y: Mapped[float | None]
    vector: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    theme: Mapped[ThemeRow | None] = relationship(
        lazy="raise",
        primaryjoin="and_(ExcerptRow.workspace_id == ThemeRow.workspace_id,"
        " foreign(ExcerptRow.theme_id) == ThemeRow.id)",
        viewonly=True,
    )


class ThemeRow(Base):
    """A root cause that excerpts share, as the model in use has it; a retired one keeps its row.

    Ids are a workspace's own: where two hold the same excerpts, their themes have the same ids.
    """

    __tablename__ = "themes"
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    names: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    keywords: Mapped[dict[str, Any]]
    touchpoint: Mapped[str | None]
    parent_id: Mapped[str | None]
    owner: Mapped[str | None]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    retired_reason: Mapped[str | None]

    def name_in(self, language: str) -> str:
        """Its name in a language, or its label where it has none there."""
        return self.names.get(language) or self.label


class ThemeChange(Base):
    """A change of the themes; rows are only added, the newest says which model is in use.

    `stands_for` is the row whose model is in use after it: its own, or for an undo an earlier one.
    `before` is the row that was in use before it.
    """

    __tablename__ = "theme_changes"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), index=True)
    at: Mapped[datetime]
    who: Mapped[str]
    kind: Mapped[str]
    themes: Mapped[list[Any]]
    report: Mapped[dict[str, Any]]
    before: Mapped[int | None]
    stands_for: Mapped[int | None]
    undoes: Mapped[int | None]
    version: Mapped[str]
    excerpt_count: Mapped[int]
    made_from: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class ThemeIncident(Base):
    """A spike of one theme, from its first week to its last; one that comes back is reopened."""

    __tablename__ = "theme_incidents"
    __table_args__ = (_to_theme("theme_id"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), index=True)
    theme_id: Mapped[str] = mapped_column(index=True)
    first_week: Mapped[date]
    last_week: Mapped[date]
    direction: Mapped[str]
    weeks: Mapped[list[Any]]
    reopened: Mapped[int]
    found_at: Mapped[datetime]
    closed_by: Mapped[str | None]


class TaxonomyRow(Base):
    """A workspace's own taxonomy of touchpoints, as YAML; the newest is in use."""

    __tablename__ = "taxonomies"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), index=True)
    at: Mapped[datetime]
    who: Mapped[str]
    content: Mapped[str] = mapped_column(Text)


class RuleDocument(Base):
    """A version of a workspace's rules document, as YAML; the newest of a kind is in use."""

    __tablename__ = "rule_documents"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), index=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    who: Mapped[str]
    content: Mapped[str] = mapped_column(Text)


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
