"""The order of the queue: who must hear from somebody today, and what of them comes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, UnaryExpression, and_, case, or_

from pipelines.cases import TIMED
from pipelines.clock import next_day
from pipelines.work_calendar import WorkCalendar
from service.storage.case_tables import CaseRow

Sort: TypeAlias = Literal["priority", "respond_by", "newest", "nearest"]
SORTS: tuple[Sort, ...] = ("priority", "respond_by", "newest", "nearest")
_AT_ONCE = "P1"


@dataclass(frozen=True)
class Today:
    """The moment at which the queue is looked at, and when the next day of work begins."""

    now: datetime
    until: datetime

    @classmethod
    def at(cls, now: datetime, calendar: WorkCalendar) -> Today:
        """The day that a moment falls into, by the calendar of a workspace."""
        return cls(now, next_day(calendar, now))


def is_late(now: datetime) -> ColumnElement[bool]:
    """Whether a case is past its time."""
    return and_(CaseRow.state.in_(TIMED), CaseRow.respond_by < now)


def is_for(today: Today) -> ColumnElement[bool]:
    """Whether a case needs somebody today: it is a P1, or due before the next day of work."""
    soon = or_(CaseRow.level == _AT_ONCE, CaseRow.respond_by < today.until)
    return and_(CaseRow.state.in_(TIMED), soon)


def order_of(sort: Sort, near: tuple[str, ...], today: Today) -> tuple[UnaryExpression[Any], ...]:
    """What the queue is sorted by.

    By priority are first the cases for today, so that nobody who needs an answer today stands
    below somebody who does not; among them and among the others the more urgent level, of one
    level what is past its time, then points.

    Args:
        sort: of `SORTS`.
        near: ids of the answers that a search by meaning found, nearest first.
        today: when it is looked at.
    """
    if sort == "nearest" and near:
        place = {feedback: at for at, feedback in enumerate(near)}
        nearest = case(place, value=CaseRow.feedback_id, else_=len(place))
        return (nearest.asc(), CaseRow.priority_score.desc(), CaseRow.id.asc())
    if sort == "respond_by":
        return (CaseRow.respond_by.asc(), CaseRow.priority_score.desc(), CaseRow.id.asc())
    if sort == "newest":
        return (CaseRow.opened_at.desc(), CaseRow.priority_score.desc(), CaseRow.id.asc())
    return (
        case((is_for(today), 0), else_=1).asc(),
        CaseRow.level.asc(),
        case((is_late(today.now), 0), else_=1).asc(),
        CaseRow.priority_score.desc(),
        CaseRow.respond_by.asc(),
        CaseRow.id.asc(),
    )
