"""The queue page: one page of cases with filters, views, and what became of many at once."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import Response
from sqlalchemy.orm import Session

from pipelines.messages import Told
from service.review.contexts import card_of
from service.review.language import _, language, told
from service.review.pages import render
from service.review.queue_contexts import (
    BulkForm,
    BulkResult,
    QueuePage,
    View,
    ViewForm,
    queue_address,
    queue_url,
    shipped_views,
    view_query,
)
from service.storage.access import Caller
from service.storage.bulk import BulkRepository
from service.storage.queue import QueueFilter, QueueRepository
from service.storage.queue_marks import marks_of
from service.storage.queue_order import Today
from service.storage.replies import count_unread
from service.storage.themes import ThemeRepository
from service.storage.views import ViewRepository
from service.team import people_of
from service.wiring import Odzew

_PAGE = 30
_SHOWN_REFUSALS = 20


def followed(odzew: Odzew, person: Caller, asked: str, shown: str | None) -> str:
    """What is said where the theme that was asked for was merged since its address was kept."""
    if not asked or shown is None or asked == shown:
        return ""
    with odzew.database.snapshot() as session:
        repository = ThemeRepository(session, person.workspace)
        theme, other = repository.get(asked), repository.get(shown)
    if theme is None or other is None:
        return ""
    return _(
        "“%(theme)s” was merged into “%(other)s”, which is shown here.",
        theme=theme.name_in(language()),
        other=other.name_in(language()),
    )


def queue_page(
    odzew: Odzew,
    person: Caller,
    wanted: QueueFilter,
    offset: int,
    bulk: str = "",
    since: int | None = None,
    *,
    problem: str = "",
    note: str = "",
    typed: BulkForm | None = None,
    naming: ViewForm | None = None,
) -> Response:
    """The queue as somebody sees it.

    Args:
        odzew: the house.
        person: who looks.
        wanted: what they filter and search for.
        offset: how many cases stand on earlier pages.
        bulk: id of the move of many cases whose outcome is told.
        since: the event after which cases are new to them; None where they look anew.
        problem: what could not be done.
        note: what else is to be said.
        typed: of a move of many cases that could not be done.
        naming: of a view that could not be kept.
    """
    zone, now = odzew.settings.zone, datetime.now(UTC)
    today = Today.at(now, odzew.rules(person.workspace).clock.calendar)
    with odzew.database.snapshot() as session:
        cases = QueueRepository(session, person.workspace)
        rows, total = cases.queue(wanted, today=today, limit=_PAGE, offset=offset)
        late, for_today = cases.for_today(today)
        marks = marks_of(session, [row.id for row in rows])
        arrived = set() if since is None else cases.arrived(wanted, since, now)
        page = QueuePage(
            cards=tuple(card_of(row, zone, marks.get(row.id, ())) for row in rows),
            total=total,
            first=offset + 1,
            wanted=wanted,
            counts=cases.counts(wanted.state),
            people=people_of(odzew, session, person),
            me=person.name,
            themes=ThemeRepository(session, person.workspace).names(language()),
            late=late,
            for_today=for_today,
            came_back=count_unread(session, person.workspace),
            newest_event=cases.newest_event(),
            elsewhere=len(arrived - {row.id for row in rows}),
            views=_views(session, person, view_query(wanted)),
            query=view_query(wanted),
            can_search=odzew.meanings.index is not None,
            bulk=_result(session, person, bulk, now),
            previous=queue_url(wanted, max(0, offset - _PAGE)) if offset else None,
            following=queue_url(wanted, offset + _PAGE) if offset + _PAGE < total else None,
        )
    return render(
        "queue.html",
        page=page,
        person=person.name,
        here="queue",
        problem=problem,
        note=note,
        typed=typed or BulkForm(),
        naming=naming or ViewForm(),
    )


def _views(session: Session, person: Caller, here: str) -> tuple[View, ...]:
    shipped = (
        View(name, queue_url(wanted), view_query(wanted) == here)
        for name, wanted in shipped_views(person.name)
    )
    saved = (
        View(one.name, queue_address(one.query), one.query == here, one.id)
        for one in ViewRepository(session, person.workspace, person.name).all()
    )
    return (*shipped, *saved)


def _result(session: Session, person: Caller, bulk_id: str, now: datetime) -> BulkResult | None:
    many = BulkRepository(session, person.workspace)
    bulk = many.get(bulk_id) if bulk_id else None
    if bulk is None:
        return None
    shown = bulk.refused[:_SHOWN_REFUSALS]
    names = many.customers([one["case"] for one in (*bulk.moved, *shown)])
    return BulkResult(
        bulk.id,
        bulk.move,
        *many.step_of(bulk),
        tuple((one["case"], names.get(one["case"], "")) for one in bulk.moved),
        tuple(
            (
                one["case"],
                names.get(one["case"], ""),
                told(Told.of_json({"message": one["why"], "facts": one["facts"]})),
            )
            for one in shown
        ),
        many.can_undo(bulk, person.name, now),
    )
