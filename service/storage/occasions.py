"""Keeps what people are to be told of, in the transaction in which it happens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pipelines.cases import OPEN, Step
from service.storage.case_tables import CaseAlert, CaseRow
from service.storage.draft_tables import ReplyRow
from service.storage.notice_tables import OccasionRow
from service.storage.theme_tables import ThemeIncident

_NEWS = timedelta(days=3)
"""How long ago a customer may have written for it to be news; a year that is imported is none."""


def keep_moves(session: Session, case: CaseRow, steps: Sequence[Step], *, is_news: bool) -> None:
    """Keep that somebody was given a case, and that there is a new P1.

    Args:
        session: the one in which the case was moved.
        case: after the moves.
        steps: the moves.
        is_news: whether an answer now leads the case, or it was reopened.
    """
    for step in steps:
        if step.move == "assign":
            _keep(session, case, "assigned", step.at.isoformat(), step.at, step.owner, step.who)
    is_reopened = any(step.move == "reopen" for step in steps)
    is_recent = case.started_at >= steps[-1].at - _NEWS
    if case.level == "P1" and case.state in OPEN and is_recent and (is_news or is_reopened):
        _keep(session, case, "new_p1", case.started_at.isoformat(), steps[-1].at)


def keep_alert(session: Session, case: CaseRow, alert: CaseAlert) -> None:
    """Keep that a case is due soon or late."""
    _keep(session, case, alert.kind, alert.respond_by.isoformat(), alert.at)


def keep_reply(session: Session, case: CaseRow, reply: ReplyRow) -> None:
    """Keep that a customer wrote back, or that a message to them came back."""
    kind = {"reply": "replied", "bounce": "bounced"}.get(reply.kind)
    if kind is not None:
        _keep(session, case, kind, reply.id, reply.at)


def keep_spike(session: Session, incident: ThemeIncident, at: datetime) -> None:
    """Keep that a theme is on the rise, or rises again."""
    session.add(
        OccasionRow(
            workspace_id=incident.workspace_id,
            kind="spike",
            key=f"{incident.id} {incident.reopened}",
            theme_id=incident.theme_id,
            at=at,
        )
    )


def _keep(
    session: Session,
    case: CaseRow,
    kind: str,
    which: str,
    at: datetime,
    owner: str | None = None,
    by: str | None = None,
) -> None:
    session.add(
        OccasionRow(
            workspace_id=case.workspace_id,
            kind=kind,
            key=f"{case.id} {which}",
            case_id=case.id,
            owner=owner,
            by=by,
            at=at,
        )
    )
