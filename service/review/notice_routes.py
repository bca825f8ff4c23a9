"""The pages of notices: what I was told, my digests, what I want to be told, and ending mail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from models.contracts import LANGUAGES
from pipelines.messages import N_
from pipelines.notices.choices import KINDS, Choices, Digest
from pipelines.notices.letter import words
from pipelines.notices.places import place_of_many
from pipelines.notices.week import Part, Week
from pipelines.notices.writing import Writer
from service.auth import COOKIE, House, Person
from service.notices.digests import DigestRoom
from service.notices.letters import LetterRoom
from service.notices.people import person as recipient
from service.notices.stopping import Stop, StopLinks
from service.review.language import _, language
from service.review.notice_forms import ChoicesForm
from service.review.pages import moment, render
from service.storage.access import caller_of_session
from service.storage.conflicts import NotFoundError
from service.storage.notice_facts import NoticeFacts
from service.storage.notice_tables import NoticeRow
from service.storage.notices import NoticeRepository
from service.storage.outbox import TRIES, Outbox
from service.wiring import Odzew

router = APIRouter(prefix="/notices", include_in_schema=False)

_LISTED = 100
_TROUBLE_KEPT = timedelta(days=14)
_TROUBLES = 30
_SEE_OTHER = 303


@dataclass(frozen=True)
class NoticeLine:
    """A notice on the page.

    Attributes:
        title: kind and customer; blank where what it tells of is gone.
        theme: of the case; blank where none is known, or the title names it.
    """

    id: str
    kind: str
    title: str
    theme: str
    words: str
    language: str
    at: str
    is_read: bool


@router.get("")
def notices(person: Person, odzew: House) -> Response:
    """What I was told, newest first, and what could not be delivered."""
    now, zone = datetime.now(UTC), odzew.settings.zone
    with odzew.database.snapshot() as session:
        rows = NoticeRepository(session, person.workspace).listed(person.name, _LISTED)
        writer = _letters(odzew, session, person.workspace).writer(language())
        lines = _lines(NoticeFacts(session, person.workspace), rows, writer, odzew)
        troubles = Outbox(session).troubles(person.workspace, now - _TROUBLE_KEPT, _TROUBLES)
        return render(
            "notices.html",
            person=person.name,
            here="notices",
            tab="list",
            lines=lines,
            unread=sum(not line.is_read for line in lines),
            troubles=[(one, writer.kind(one.delivery.notice.kind)) for one in troubles],  # type: ignore[arg-type]
            tries=TRIES,
            zone=zone,
        )


@router.get("/read")
@router.get("/deliveries")
def all_of_them() -> Response:
    """What was read, or is delivered again, is listed with the others."""
    return RedirectResponse("/notices", _SEE_OTHER)


@router.post("/read")
def read_all(person: Person, odzew: House) -> Response:
    """Mark all as read."""
    with odzew.database.transaction() as session:
        NoticeRepository(session, person.workspace).mark_read(person.name, datetime.now(UTC))
    return RedirectResponse("/notices", _SEE_OTHER)


@router.post("/deliveries/{delivery_id}")
def try_again(delivery_id: int, person: Person, odzew: House) -> Response:
    """Begin anew with a delivery that was given up."""
    with odzew.database.transaction() as session:
        Outbox(session).try_again(person.workspace, delivery_id, datetime.now(UTC))
    return RedirectResponse("/notices", _SEE_OTHER)


@router.get("/digest")
def digest(
    person: Person, odzew: House, kind: Digest = "daily", place: str = "", theme: str = ""
) -> Response:
    """My digest as of now, or the week of one place or theme."""
    now, workspace = datetime.now(UTC), person.workspace
    rules = odzew.rules(workspace)
    name, _, value = place.partition("=")
    parts = [Part("place", name, value)] if value else [Part("theme", value=theme)] if theme else []
    with odzew.database.snapshot() as session:
        room = DigestRoom(session, workspace, rules.clock.calendar, now)
        me = recipient(session, workspace, rules, person.name)
        is_week = kind == "weekly" or bool(parts)
        told = room.week(me, parts) if is_week else room.day(me)
        names = NoticeFacts(session, workspace).customers(told.case_ids)
        writer = replace(_letters(odzew, session, workspace).writer(language()), customers=names)
        letter = writer.of_week(told) if isinstance(told, Week) else writer.of_day(told, now)
        places = room.places() if is_week else {}
    return render(
        "digest.html",
        person=person.name,
        here="notices",
        tab="weekly" if is_week else "daily",
        letter=letter,
        places=places,
        place=place,
        base=odzew.settings.pages,
    )


@router.get("/settings")
def settings(person: Person, odzew: House, saved: bool = False) -> Response:
    """What I want to be told, where and when."""
    rules = odzew.rules(person.workspace)
    with odzew.database.snapshot() as session:
        chosen = NoticeRepository(session, person.workspace).choices().get(person.name)
        me = recipient(session, person.workspace, rules, person.name)
    return render(
        "notice_settings.html",
        person=person.name,
        here="notices",
        tab="settings",
        choices=chosen or Choices(language=language()),
        kinds=[(kind, words(language())["kind"][kind]) for kind in KINDS],
        languages=LANGUAGES,
        me=me,
        zone=rules.clock.calendar.zone.key,
        is_mailing=odzew.settings.mail_server is not None,
        is_posting=odzew.settings.webhook is not None,
        saved=saved,
    )


@router.post("/settings")
def choose(person: Person, odzew: House, form: Annotated[ChoicesForm, Form()]) -> Response:
    """Keep what I chose."""
    with odzew.database.transaction() as session:
        repository = NoticeRepository(session, person.workspace)
        repository.choose(person.name, form.choices(), datetime.now(UTC))
    return RedirectResponse("/notices/settings?saved=true", _SEE_OTHER)


@router.get("/stop")
def stop(odzew: House, token: str = "") -> Response:
    """Ask whether to send no more mail of a kind; the link is proof enough of who asks."""
    return _stop_page(odzew, token)


@router.post("/stop")
def stop_now(
    odzew: House,
    token: Annotated[str, Query()] = "",
    action: Annotated[str, Form()] = "stop",
) -> Response:
    """Send no more mail of a kind, or send it again; mail programs post here by one click."""
    found = _stop_of(odzew, token)
    with odzew.database.transaction() as session:
        repository = NoticeRepository(session, found.workspace)
        rules = odzew.rules(found.workspace)
        choices = recipient(session, found.workspace, rules, found.person).choices
        chosen = choices.with_mail(found.kind, action == "resume")
        repository.choose(found.person, chosen, datetime.now(UTC))
    return _stop_page(odzew, token)


@router.get("/{notice_id}")
def open_notice(notice_id: str, person: Person, odzew: House) -> Response:
    """Go to what a notice is about, which is to read it."""
    with odzew.database.transaction() as session:
        repository = NoticeRepository(session, person.workspace)
        notice = repository.get(person.name, notice_id)
        if notice is None:
            raise NotFoundError(
                N_("There is no such notice of yours. All that you have are listed.")
            )
        repository.mark_read(person.name, datetime.now(UTC), only=notice_id)
        return RedirectResponse(_where(notice), _SEE_OTHER)


def unread_of(odzew: Odzew, request: Request) -> int:
    """How many notices whoever sends a request has not read."""
    with odzew.database.snapshot() as session:
        caller = caller_of_session(session, request.cookies.get(COOKIE, ""), datetime.now(UTC))
        if caller is None:
            return 0
        return NoticeRepository(session, caller.workspace).unread(caller.name)


def _where(notice: NoticeRow) -> str:
    if notice.kind in ("daily", "weekly"):
        return f"/notices/digest?kind={notice.kind}"
    if notice.case_id is not None:
        return f"/cases/{notice.case_id}"
    if notice.theme_id is not None:
        return f"/themes/{notice.theme_id}"
    return place_of_many(notice.kind, notice.person)  # type: ignore[arg-type]


def _letters(odzew: Odzew, session: Session, workspace: str) -> LetterRoom:
    calendar = odzew.rules(workspace).clock.calendar
    return LetterRoom(session, workspace, calendar, "", datetime.now(UTC))


def _lines(
    facts: NoticeFacts, rows: list[NoticeRow], writer: Writer, odzew: Odzew
) -> list[NoticeLine]:
    ids = [row.case_id for row in rows if row.case_id]
    cases, names = facts.cases(ids), facts.customers(ids)
    writer = replace(writer, customers=names)
    lines = []
    for row in rows:
        kind: Any = row.kind
        case = cases.get(row.case_id or "")
        spike = facts.spike(row.key) if row.kind == "spike" and row.count == 1 else None
        is_gone = row.kind not in ("daily", "weekly") and row.count == 1 and not (case or spike)
        lines.append(
            NoticeLine(
                row.id,
                writer.kind(kind),
                "" if is_gone else writer.title(kind, case or spike, row.count),
                writer.names.get(case.themes[0], "")
                if case and case.themes and case.id in names
                else "",
                case.words if case else "",
                case.language if case else "",
                moment(row.at, odzew.settings.zone),
                row.read_at is not None,
            )
        )
    return lines


def _stop_of(odzew: Odzew, token: str) -> Stop:
    found = StopLinks(odzew.settings.home).read(token)
    if found is None:
        raise HTTPException(
            404,
            _("This link is not whole. Open it again from the mail, or sign in and choose there."),
        )
    return found


def _stop_page(odzew: Odzew, token: str) -> Response:
    found = _stop_of(odzew, token)
    rules = odzew.rules(found.workspace)
    with odzew.database.snapshot() as session:
        choices = recipient(session, found.workspace, rules, found.person).choices
    names = words(language())["kind"]
    return render(
        "notice_stop.html",
        person=None,
        kind=names[found.kind],
        is_on=choices.wants(found.kind, "mail"),
        others=[(names[kind], choices.wants(kind, "mail")) for kind in KINDS if kind != found.kind],
        token=token,
    )
