"""Marks of cases in the queue: a customer wrote back, or an answer to them is on its way."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.storage.case_tables import CaseRow
from service.storage.draft_tables import MessageRow
from service.storage.replies import unread_kinds

_OF_MESSAGES: Final = {
    "waiting": "on_its_way",
    "sending": "on_its_way",
    "uncertain": "uncertain",
    "failed": "failed",
}
MARKS: Final = ("reply", "bounce", "on_its_way", "uncertain", "failed")
"""In the order in which they are shown."""


def marks_of(session: Session, case_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Marks of some cases, of those that have any.

    A message is marked as long as its customer was not contacted, so that nobody writes twice.
    """
    found = unread_kinds(session, case_ids)
    query = (
        select(MessageRow.case_id, MessageRow.state)
        .join(CaseRow, CaseRow.id == MessageRow.case_id)
        .where(MessageRow.case_id.in_(case_ids), MessageRow.state.in_(_OF_MESSAGES))
        .where(CaseRow.contacted_at.is_(None))
    )
    for row in session.execute(query):
        found.setdefault(row.case_id, set()).add(_OF_MESSAGES[row.state])
    return {
        case_id: tuple(mark for mark in MARKS if mark in marks) for case_id, marks in found.items()
    }
