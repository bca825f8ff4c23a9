"""The tables of documents that a workspace writes as YAML: its taxonomy and its rules."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.storage.base import Base


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
