"""Drafts on the case page: saved, reviewed and sent; and what became of a message."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from pipelines.contracts import PipelineError
from pipelines.messages import N_
from service import redrafts
from service.auth import House, Person
from service.draft_desk import approve
from service.review.case_routes import case_page
from service.review.language import told
from service.sending.desk import SendingDesk
from service.storage.access import Caller
from service.storage.conflicts import ConflictError, NotFoundError
from service.storage.drafts import DraftRepository, tidy
from service.storage.messages import MessageRepository
from service.wiring import Odzew

router = APIRouter(include_in_schema=False)

_SEE_OTHER = 303


@router.get("/drafts/{draft_id}")
def draft(draft_id: str, person: Person, odzew: House) -> Response:
    """A draft is read on the page of its case."""
    with odzew.database.snapshot() as session:
        case_id = DraftRepository(session, person.workspace).get(draft_id).case_id
    return RedirectResponse(f"/cases/{case_id}#draft", _SEE_OTHER)


@router.get("/messages/{message_id}")
def read_message(message_id: str, person: Person, odzew: House) -> Response:
    """A message is read on the page of its case."""
    with odzew.database.snapshot() as session:
        case_id = MessageRepository(session, person.workspace).get(message_id).case_id
    return RedirectResponse(f"/cases/{case_id}#draft", _SEE_OTHER)


@router.post("/drafts/{draft_id}")
def decide(
    draft_id: str,
    person: Person,
    odzew: House,
    action: Annotated[str, Form()],
    subject: Annotated[str, Form()] = "",
    body: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    way: Annotated[str, Form()] = "",
    seen: Annotated[int | None, Form()] = None,
) -> Response:
    """Save, review or send a draft; an edited text is first saved as a person's revision."""
    with odzew.database.snapshot() as session:
        case_id = DraftRepository(session, person.workspace).get(draft_id).case_id
    try:
        with odzew.database.transaction() as session:
            if action in ("save", "submit", "approve"):
                _of_text(odzew, session, person, draft_id, action, (subject, body), reason, seen)
            else:
                _of_whole(odzew, session, person, draft_id, action, reason, way)
    except PipelineError as error:
        typed = (subject, body) if subject or body else None
        return case_page(odzew, person, case_id, problem=told(error), typed=typed)
    return RedirectResponse(f"/cases/{case_id}#draft", _SEE_OTHER)


def _of_text(
    odzew: Odzew,
    session: Session,
    person: Caller,
    draft_id: str,
    action: str,
    typed: tuple[str, str],
    note: str,
    seen: int | None,
) -> None:
    """What is done with a text as it stands in the form; `seen` are the decisions it showed."""
    now, who = datetime.now(UTC), person.name
    drafts = DraftRepository(session, person.workspace)
    draft = drafts.get(draft_id)
    if seen is not None and seen != len(draft.decisions):
        raise ConflictError(N_("Somebody decided about this draft meanwhile. Look at it again."))
    if tidy(*typed) != tidy(draft.subject, draft.body):
        draft = drafts.revise(draft_id, subject=typed[0], body=typed[1], who=who, at=now)
    if action == "submit":
        drafts.submit(draft.id, who=who, at=now, note=note)
    if action == "approve":
        approve(odzew, session, person.workspace, draft.id, who=who, at=now)


def _of_whole(
    odzew: Odzew,
    session: Session,
    person: Caller,
    draft_id: str,
    action: str,
    reason: str,
    way: str,
) -> None:
    """What is done with a draft as it is kept."""
    now, who = datetime.now(UTC), person.name
    if action == "reject":
        drafts = DraftRepository(session, person.workspace)
        drafts.reject(draft_id, who=who, at=now, reason=reason)
    elif action == "another":
        DraftRepository(session, person.workspace).follow_up(draft_id, who=who, at=now)
    elif action == "send":
        SendingDesk(odzew, session, person.workspace).send(draft_id, way, who=who, now=now)
    else:
        raise PipelineError(N_("A draft can be saved, submitted, approved, rejected or sent."))


@router.post("/cases/{case_id}/redraft")
def redraft(
    case_id: str,
    person: Person,
    odzew: House,
    channel: Annotated[str, Form()] = "",
    because: Annotated[str, Form()] = "",
    action: Annotated[str, Form()] = "answer",
) -> Response:
    """Draft a case anew: for another channel, or to say why a suggestion is not taken up."""
    try:
        if action == "decline" and not because.strip():
            raise PipelineError(N_("Say in a whole sentence why the suggestion is not taken up."))
        with odzew.database.transaction() as session:
            redrafts.redraft(
                odzew,
                session,
                person.workspace,
                case_id,
                channel=channel,
                because=because if action == "decline" else "",
                at=datetime.now(UTC),
            )
    except NotFoundError:
        raise
    except PipelineError as error:
        return case_page(odzew, person, case_id, problem=told(error))
    return RedirectResponse(f"/cases/{case_id}#draft", _SEE_OTHER)


@router.post("/messages/{message_id}")
def message(
    message_id: str,
    person: Person,
    odzew: House,
    step: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Say what became of a message, have it sent again, or take it back."""
    with odzew.database.snapshot() as session:
        case_id = MessageRepository(session, person.workspace).get(message_id).case_id
    clock, now = odzew.rules(person.workspace).clock, datetime.now(UTC)
    try:
        with odzew.database.transaction() as session:
            MessageRepository(session, person.workspace).by_person(
                message_id, step, clock, who=person.name, at=now, note=note
            )
    except PipelineError as error:
        return case_page(odzew, person, case_id, problem=told(error))
    return RedirectResponse(f"/cases/{case_id}#draft", _SEE_OTHER)
