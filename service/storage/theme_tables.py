"""The tables of themes: as they are, how they came to be so, and their incidents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from service.storage.base import Base


def to_theme(column: str) -> ForeignKeyConstraint:
    """A reference to a theme of the same workspace."""
    return ForeignKeyConstraint(["workspace_id", column], ["themes.workspace_id", "themes.id"])


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
    __table_args__ = (to_theme("theme_id"),)
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
