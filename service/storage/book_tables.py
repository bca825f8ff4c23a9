"""The tables of templates: what people proposed to change in books, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.storage.base import Base


class BookProposal(Base):
    """Wordings that a person wants changed in one file of one language's book; never changed.

    Attributes:
        changes: with a version; block -> `BlockChange.to_json`, or None for "as it ships".
        seen: the version of the workspace's books that it was written over, 0 for what ships.
    """

    __tablename__ = "book_proposals"
    __table_args__ = (
        UniqueConstraint("id", "who"),
        Index(None, "workspace_id", "language", "file"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    language: Mapped[str]
    file: Mapped[str]
    changes: Mapped[dict[str, Any]]
    seen: Mapped[int]
    who: Mapped[str]
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(Text)


class BookDecision(Base):
    """What became of a proposal; the id of one that was published is a version of the books.

    Who proposed stands here too, so that the database itself holds that nobody publishes what they
    proposed.
    """

    __tablename__ = "book_decisions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["proposal_id", "proposed_by"], ["book_proposals.id", "book_proposals.who"]
        ),
        UniqueConstraint("proposal_id"),
        CheckConstraint("verdict IN ('published', 'withdrawn')", name="ck_book_decisions_verdict"),
        CheckConstraint(
            "verdict <> 'published' OR lower(who) <> lower(proposed_by)",
            name="ck_book_decisions_four_eyes",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), index=True)
    proposal_id: Mapped[int]
    proposed_by: Mapped[str]
    verdict: Mapped[str]
    who: Mapped[str]
    at: Mapped[datetime]
