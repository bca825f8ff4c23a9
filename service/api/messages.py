"""Messages on their way to customers, mail that comes back, and who wants none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from pipelines.followup.outgoing import MessageState
from service.api.draft_schemas import AddressBody, NoteBody, message_json
from service.auth import ApiCaller, House
from service.sending.inbound import take_in
from service.storage.do_not_contact import DoNotContact
from service.storage.messages import MessageRepository
from service.team import check_speaker

router = APIRouter(tags=["messages"])


@router.get("/v1/messages")
def messages(
    caller: ApiCaller,
    odzew: House,
    state: MessageState | None = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 200,
) -> dict[str, Any]:
    """Messages, newest first."""
    states = (state,) if state else get_args(MessageState)
    with odzew.database.snapshot() as session:
        found = MessageRepository(session, caller.workspace).listed(states, limit=limit)
        return {"items": [message_json(one) for one in found]}


@router.get("/v1/messages/{message_id}")
def message(message_id: str, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """One message with what happened to it."""
    with odzew.database.snapshot() as session:
        repository = MessageRepository(session, caller.workspace)
        return message_json(repository.get(message_id), repository.steps(message_id))


@router.post("/v1/messages/{message_id}/{step}")
def step(
    message_id: str, step: str, caller: ApiCaller, odzew: House, body: NoteBody | None = None
) -> dict[str, Any]:
    """Say that an uncertain message was sent (`was_sent`), send it `again`, or `cancel` it."""
    who, now = f"key:{caller.name}", datetime.now(UTC)
    check_speaker(caller)
    clock, note = odzew.rules(caller.workspace).clock, body.note if body else ""
    with odzew.database.transaction() as session:
        repository = MessageRepository(session, caller.workspace)
        repository.by_person(message_id, step, clock, who=who, at=now, note=note)
        return message_json(repository.get(message_id), repository.steps(message_id))


@router.post(
    "/v1/mail",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"message/rfc822": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def mail(request: Request, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Take in a mail as it came (RFC 5322): a customer's answer, or a message that came back."""
    content, now = await request.body(), datetime.now(UTC)
    reply = await run_in_threadpool(take_in, odzew, caller.workspace, content, now)
    return {"id": reply.id, "case_id": reply.case_id, "kind": reply.kind}


@router.get("/v1/do-not-contact")
def do_not_contact(caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Addresses that nothing is sent to."""
    with odzew.database.snapshot() as session:
        return {
            "items": [
                {"address": one.address, "why": one.why, "who": one.who, "at": one.at.isoformat()}
                for one in DoNotContact(session, caller.workspace).listed()
            ]
        }


@router.post("/v1/do-not-contact", status_code=201)
def put_address(body: AddressBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Send nothing to an address any more."""
    who, now = f"key:{caller.name}", datetime.now(UTC)
    with odzew.database.transaction() as session:
        listed = DoNotContact(session, caller.workspace)
        listed.add_typed(body.address, why=body.why, who=who, at=now)
    return {"address": body.address}


@router.delete("/v1/do-not-contact/{address}", status_code=204)
def take_address(address: str, caller: ApiCaller, odzew: House) -> None:
    """Send to an address again."""
    with odzew.database.transaction() as session:
        DoNotContact(session, caller.workspace).remove(address)
