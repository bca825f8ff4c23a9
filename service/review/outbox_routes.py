"""The outbox, the list of those not to contact, and the page on which customers ask for no more."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form, HTTPException, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from pipelines.contracts import PipelineError
from pipelines.messages import N_
from service.auth import House, Person
from service.review.language import _, told
from service.review.names import named
from service.review.pages import moment, render
from service.sending.desk import SendingDesk
from service.sending.dispatch import UNSUBSCRIBE
from service.sending.last_look import LastLook
from service.signing import SignedTokens
from service.storage.access import Caller
from service.storage.cases import CaseRepository
from service.storage.do_not_contact import DoNotContact
from service.storage.draft_tables import DraftRow, MessageRow
from service.storage.messages import MessageRepository
from service.wiring import Odzew

router = APIRouter(include_in_schema=False)

_SEE_OTHER = 303
_SHOWN: Final = timedelta(days=14)
_TROUBLED: Final = ("uncertain", "failed", "bounced")


@dataclass(frozen=True)
class OutboxLine:
    """A draft or message in a list; `way` is blank where none is chosen yet."""

    case_id: str
    name: str
    language: str
    subject: str
    way: str
    state: str
    who: str
    at: str


@dataclass(frozen=True)
class MailboxLine:
    """The mailbox that answers are fetched from.

    Attributes:
        read_at: when it was read last, blank where it never was.
        problem: what went wrong since, blank where nothing did.
        failed_at: when that was.
    """

    read_at: str
    problem: str
    failed_at: str


@dataclass(frozen=True)
class OutboxPage:
    """The outbox; `mailbox` is None where none is set up, or it was not looked into yet."""

    troubled: tuple[OutboxLine, ...]
    ready: tuple[OutboxLine, ...]
    waiting: tuple[OutboxLine, ...]
    sent: tuple[OutboxLine, ...]
    can_export: bool
    mailbox: MailboxLine | None


@router.get("/outbox")
def outbox(person: Person, odzew: House) -> Response:
    """What waits, what went wrong, and what was sent."""
    return _outbox_page(odzew, person)


@router.post("/outbox/export")
def export(person: Person, odzew: House) -> Response:
    """Approved drafts with an e-mail address as CSV; they are marked as sent in this way."""
    now = datetime.now(UTC)
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(("case", "email", "name", "language", "subject", "text"))
    count = 0
    with odzew.database.transaction() as session:
        messages = MessageRepository(session, person.workspace)
        desk = SendingDesk(odzew, session, person.workspace)
        for draft in messages.ready():
            if not any(one.way == "export" for one in desk.ways(draft, now).open):
                continue
            sent = desk.send(draft.id, "export", who=person.name, now=now)
            customer = messages.customer_of(draft.case_id).respondent
            name = customer.name if customer else ""
            row = (draft.case_id, sent.recipient, name or "", draft.language)
            writer.writerow([_cell(one) for one in (*row, draft.subject, draft.body)])
            count += 1
    if not count:
        return _outbox_page(odzew, person, problem=_("There is nothing to take out in a file."))
    return Response(
        "\ufeff" + file.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="odzew-{now:%Y-%m-%d-%H%M}.csv"'},
    )


@router.get("/do-not-contact")
def do_not_contact(person: Person, odzew: House) -> Response:
    """The list of those not to contact."""
    return _list_page(odzew, person)


@router.post("/do-not-contact")
def change_list(
    person: Person,
    odzew: House,
    address: Annotated[str, Form()] = "",
    why: Annotated[str, Form()] = "",
    action: Annotated[str, Form()] = "add",
) -> Response:
    """Put an address on the list or take it off."""
    try:
        with odzew.database.transaction() as session:
            listed = DoNotContact(session, person.workspace)
            if action == "remove":
                listed.remove(address)
            else:
                listed.add_typed(address, why=why, who=person.name, at=datetime.now(UTC))
    except PipelineError as error:
        return _list_page(odzew, person, problem=told(error), typed=(address, why))
    return RedirectResponse("/do-not-contact", _SEE_OTHER)


@router.get("/no-more")
def no_more(odzew: House, token: str = "") -> Response:
    """Where a customer asks for no more messages; nothing is changed by looking."""
    return _no_more_page(odzew, token)


@router.post("/no-more")
def no_more_now(odzew: House, token: str = "") -> Response:
    """Write to a customer no more: by the page's button, or by one click in their mail program."""
    workspace, address = _customer(odzew, token)
    with odzew.database.transaction() as session:
        listed = DoNotContact(session, workspace)
        listed.add(address, why="asked by a link", who="customer", at=datetime.now(UTC))
    return _no_more_page(odzew, token)


def _outbox_page(odzew: Odzew, person: Caller, problem: str = "") -> Response:
    now = datetime.now(UTC)
    with odzew.database.snapshot() as session:
        messages = MessageRepository(session, person.workspace)
        ready = messages.ready()
        desk = SendingDesk(odzew, session, person.workspace)
        page = OutboxPage(
            troubled=_lines(odzew, session, person, messages.listed(_TROUBLED)),
            ready=tuple(_of_draft(odzew, session, person, one) for one in ready),
            waiting=_lines(odzew, session, person, messages.listed(("waiting", "sending"))),
            sent=_lines(odzew, session, person, messages.listed(("sent",), since=now - _SHOWN)),
            can_export=any(
                way.way == "export" for one in ready for way in desk.ways(one, now).open
            ),
            mailbox=_mailbox(odzew),
        )
    response = render("outbox.html", page=page, person=person.name, here="outbox", problem=problem)
    response.status_code = 409 if problem else 200
    return response


def _mailbox(odzew: Odzew) -> MailboxLine | None:
    settings = odzew.settings
    look = LastLook.read(settings.home)
    if settings.inbox is None or look == LastLook():
        return None
    read_at, failed_at = (
        moment(at, settings.zone) if at else "" for at in (look.read_at, look.failed_at)
    )
    return MailboxLine(read_at, look.problem, failed_at)


def _lines(
    odzew: Odzew, session: Session, person: Caller, rows: Iterable[MessageRow]
) -> tuple[OutboxLine, ...]:
    zone = odzew.settings.zone
    lines = []
    for row in rows:
        state = named(row.state, "message")
        if row.state == "waiting":
            state = f"{state} · {_('from %(moment)s', moment=moment(row.due_at, zone))}"
        lines.append(
            OutboxLine(
                *(row.case_id, _name(session, person, row.case_id)),
                *(row.draft.language, row.draft.subject),
                *(row.way, state, row.who, moment(row.created_at, zone)),
            )
        )
    return tuple(lines)


def _of_draft(odzew: Odzew, session: Session, person: Caller, draft: DraftRow) -> OutboxLine:
    approvals = [one for one in draft.decisions if one.verdict == "approved"]
    return OutboxLine(
        *(draft.case_id, _name(session, person, draft.case_id), draft.language, draft.subject),
        *("", named("approved", "draft"), ", ".join(one.who for one in approvals)),
        moment(approvals[-1].at, odzew.settings.zone),
    )


def _name(session: Session, person: Caller, case_id: str) -> str:
    customer = CaseRepository(session, person.workspace).get(case_id).feedback.respondent
    return (customer.name if customer else "") or _("Unknown customer")


def _cell(value: str) -> str:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in tuple("=+-@\t\r") else value


def _list_page(
    odzew: Odzew, person: Caller, problem: str = "", typed: tuple[str, str] = ("", "")
) -> Response:
    with odzew.database.snapshot() as session:
        listed = DoNotContact(session, person.workspace).listed()
    response = render(
        "do_not_contact.html",
        listed=listed,
        person=person.name,
        here="outbox",
        problem=problem,
        typed=typed,
        zone=odzew.settings.zone,
    )
    response.status_code = 422 if problem else 200
    return response


def _customer(odzew: Odzew, token: str) -> tuple[str, str]:
    found = SignedTokens(odzew.settings.home, UNSUBSCRIBE).read(token)
    if found is None or len(found) != 2:
        raise HTTPException(404, N_("This link is not whole. Open it from the message again."))
    return found[0], found[1]


def _no_more_page(odzew: Odzew, token: str) -> Response:
    workspace, address = _customer(odzew, token)
    with odzew.database.snapshot() as session:
        is_off = DoNotContact(session, workspace).holds(address)
    return render("no_more.html", token=token, address=address, is_off=is_off, person=None)
