"""The queue's own tables: words to search, buckets, moves of many cases, saved views."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.storage.base import Base


class FeedbackWords(Base):
    """The words of an answer that were read, folded and masked, for search by words."""

    __tablename__ = "feedback_words"
    feedback_id: Mapped[str] = mapped_column(ForeignKey("feedback.id"), primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), index=True)
    words: Mapped[str] = mapped_column(Text)


class BucketMove(Base):
    """That a person wanted an answer in the queue which was in another bucket."""

    __tablename__ = "bucket_moves"
    feedback_id: Mapped[str] = mapped_column(ForeignKey("feedback.id"), primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), index=True)
    bucket: Mapped[str]
    who: Mapped[str]
    at: Mapped[datetime]


class BulkMove(Base):
    """What became of one move of many cases; one that undoes another names it.

    `moved` lists each case with the event that moved it and where it stood before; `refused` each
    case that was not moved with why: the message of an error, and its facts.
    """

    __tablename__ = "bulk_moves"
    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), index=True)
    move: Mapped[str]
    who: Mapped[str]
    at: Mapped[datetime]
    moved: Mapped[list[Any]]
    refused: Mapped[list[Any]]
    undoes: Mapped[str | None] = mapped_column(unique=True)


class SavedView(Base):
    """A view of the queue that a person gave a name: the query of its address."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("workspace_id", "person", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"))
    person: Mapped[str]
    name: Mapped[str]
    query: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
