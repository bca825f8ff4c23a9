"""Drafts of a case: revised, reviewed, and sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session

from pipelines.followup.review import ReviewError
from pipelines.messages import N_
from service import draft_desk, redrafts
from service.api.draft_schemas import (
    ApprovalBody,
    DraftBody,
    NoteBody,
    ReasonBody,
    RedraftBody,
    SendBody,
    draft_json,
    finding_json,
)
from service.auth import ApiCaller, House
from service.praise import praise_note
from service.sending.desk import SendingDesk
from service.storage.access import Caller
from service.storage.cases import CaseRepository
from service.storage.drafts import DraftRepository
from service.team import check_speaker, people_of
from service.wiring import Odzew

router = APIRouter(tags=["drafts"])


@router.get("/v1/cases/{case_id}/drafts")
def drafts(case_id: str, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Drafts of a case, oldest first, with what the linter says of each."""
    with odzew.database.snapshot() as session:
        found = CaseRepository(session, caller.workspace).get(case_id)
        drafts = DraftRepository(session, caller.workspace).of_case(found.id)
        return {
            "items": [
                {
                    **draft_json(draft),
                    "is_newest": draft is drafts[-1],
                    "findings": [
                        finding_json(one)
                        for one in draft_desk.findings(odzew, session, caller.workspace, draft)
                    ],
                    "second_approval_because": draft_desk.reasons_for_two(
                        odzew, session, caller.workspace, draft
                    ),
                }
                for draft in drafts
            ]
        }


@router.post("/v1/cases/{case_id}/drafts", status_code=201)
def redraft(case_id: str, body: RedraftBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Draft a case anew: for another channel, or to say why a suggestion is not taken up."""
    with odzew.database.transaction() as session:
        draft = redrafts.redraft(
            odzew,
            session,
            caller.workspace,
            case_id,
            channel=body.channel,
            because=body.because,
            at=datetime.now(UTC),
        )
        return draft_json(draft)


@router.get("/v1/cases/{case_id}/praise")
def praise(case_id: str, caller: ApiCaller, odzew: House, name: str = "") -> dict[str, Any]:
    """The note by which a colleague hears of the customer's praise; nothing is kept or sent.

    `name` is the colleague's; without it, it is what the comment calls them.
    """
    note = praise_note(odzew, caller.workspace, case_id, name=name, now=datetime.now(UTC))
    return {
        "name": note.name,
        "language": note.text.language,
        "subject": note.text.subject,
        "body": note.text.body,
        "findings": [finding_json(one) for one in note.findings],
    }


@router.post("/v1/drafts/{draft_id}/revise", status_code=201)
def revise(draft_id: str, body: DraftBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Add a person's text as the next draft, which nobody has approved yet."""
    with odzew.database.transaction() as session:
        draft = DraftRepository(session, caller.workspace).revise(
            draft_id,
            subject=body.subject,
            body=body.body,
            who=f"key:{caller.name}",
            at=datetime.now(UTC),
        )
        return draft_json(draft)


@router.post("/v1/drafts/{draft_id}/submit")
def submit(
    draft_id: str, caller: ApiCaller, odzew: House, body: NoteBody | None = None
) -> dict[str, Any]:
    """Ask people to look at the newest draft."""
    with odzew.database.transaction() as session:
        repository = DraftRepository(session, caller.workspace)
        who, note = f"key:{caller.name}", body.note if body else ""
        repository.submit(draft_id, who=who, at=datetime.now(UTC), note=note)
        return draft_json(repository.get(draft_id))


@router.post("/v1/drafts/{draft_id}/approve")
def approve(draft_id: str, body: ApprovalBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Say that a person approved the newest draft, if the linter lets it.

    The key must be made with `--approves`, and the person known in the workspace. Nothing is sent.
    """
    with odzew.database.transaction() as session:
        repository, now = DraftRepository(session, caller.workspace), datetime.now(UTC)
        repository.get(draft_id)
        _check_person(odzew, session, caller, body.person)
        draft_desk.approve(
            odzew,
            session,
            caller.workspace,
            draft_id,
            who=body.person,
            at=now,
            note=f"key:{caller.name}",
        )
        return draft_json(repository.get(draft_id))


@router.post("/v1/drafts/{draft_id}/reject")
def reject(draft_id: str, body: ReasonBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Reject the newest draft with a reason; also one that was approved and is not on its way."""
    with odzew.database.transaction() as session:
        repository = DraftRepository(session, caller.workspace)
        repository.reject(
            draft_id, who=f"key:{caller.name}", at=datetime.now(UTC), reason=body.reason
        )
        return draft_json(repository.get(draft_id))


@router.post("/v1/drafts/{draft_id}/send")
def send(draft_id: str, body: SendBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Put an approved draft in the outbox, as a person decided.

    Its case moves to contacting once the message was sent.
    """
    with odzew.database.transaction() as session:
        repository, now = DraftRepository(session, caller.workspace), datetime.now(UTC)
        repository.get(draft_id)
        _check_person(odzew, session, caller, body.person)
        desk = SendingDesk(odzew, session, caller.workspace)
        desk.send(draft_id, body.way, who=body.person, now=now)
        return draft_json(repository.get(draft_id))


def _check_person(odzew: Odzew, session: Session, caller: Caller, name: str) -> None:
    """See that a key may speak for a person, and that there is one of that name."""
    check_speaker(caller)
    # The key itself is nobody; whoever it speaks for has to be somebody.
    known = set(people_of(odzew, session, replace(caller, name=""))) - {""}
    if name not in known:
        raise ReviewError(
            N_("There is no %(name)s here. It is one of: %(people)s."),
            name=name[:60],
            people=", ".join(sorted(known)) or "–",
        )
