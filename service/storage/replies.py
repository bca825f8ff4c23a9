"""Replies and returned messages that nobody has looked at yet."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from service.storage.draft_tables import ReplyRow

NEWS: Final = ("reply", "bounce")
"""Kinds that somebody is to look at; others are kept and change nothing."""


def is_new() -> ColumnElement[bool]:
    """Whether somebody is to look at what came back, and nobody has."""
    return and_(ReplyRow.seen_at.is_(None), ReplyRow.kind.in_(NEWS))


def look_at(session: Session, case_id: str, at: datetime) -> None:
    """Keep that somebody has looked at what came back in a case."""
    new = update(ReplyRow).where(ReplyRow.case_id == case_id, ReplyRow.seen_at.is_(None))
    session.execute(new.values(seen_at=at))


def is_unread(session: Session, reply_id: str) -> bool:
    """Whether nobody has looked at one thing that came back."""
    query = select(ReplyRow.id).where(ReplyRow.id == reply_id, is_new())
    return session.scalar(query) is not None


def count_unread(session: Session, workspace: str) -> int:
    """In how many cases something came back that nobody has looked at."""
    cases = func.count(ReplyRow.case_id.distinct())
    query = select(cases).where(ReplyRow.workspace_id == workspace, is_new())
    return int(session.scalar(query) or 0)


def unread_kinds(session: Session, case_ids: Collection[str]) -> dict[str, set[str]]:
    """Of some cases, the kinds of what came back that nobody has looked at."""
    query = select(ReplyRow.case_id, ReplyRow.kind).where(ReplyRow.case_id.in_(case_ids), is_new())
    found: dict[str, set[str]] = {}
    for row in session.execute(query):
        found.setdefault(row.case_id, set()).add(row.kind)
    return found
