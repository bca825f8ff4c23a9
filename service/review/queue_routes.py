"""The queue page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.api.cases import queue_filter
from service.auth import House, Person
from service.review.contexts import QueuePage, card_of, queue_url
from service.review.pages import render
from service.storage.queue import TO_ANSWER, QueueRepository, Sort
from service.storage.themes import ThemeRepository
from service.team import people_of

router = APIRouter(include_in_schema=False)

_PAGE = 30


@router.get("/queue")
def queue(
    person: Person,
    odzew: House,
    state: str = TO_ANSWER,
    segment: str = "",
    priority: str = "",
    language: str = "",
    theme: str = "",
    owner: str = "",
    sort: Sort = "priority",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """The triaged queue."""
    wanted = queue_filter(state, segment, priority, language, theme, owner, sort)
    zone, now = odzew.settings.zone, datetime.now(UTC)
    with odzew.database.snapshot() as session:
        cases = QueueRepository(session, person.workspace)
        rows, total = cases.queue(wanted, now=now, limit=_PAGE, offset=offset)
        page = QueuePage(
            cards=tuple(card_of(row, zone) for row in rows),
            total=total,
            first=offset + 1,
            wanted=wanted,
            counts=cases.counts(wanted.state),
            people=people_of(odzew, session, person),
            me=person.name,
            themes=ThemeRepository(session, person.workspace).names(),
            overdue=cases.overdue(now),
            previous=queue_url(wanted, max(0, offset - _PAGE)) if offset else None,
            following=queue_url(wanted, offset + _PAGE) if offset + _PAGE < total else None,
        )
    return render("queue.html", page=page, person=person.name, here="queue")
