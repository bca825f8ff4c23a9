"""GET /v1/queue, and cases with their moves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from pipelines.cases import PersonsMove
from service.api.bodies import JudgeBody, MoveBody
from service.api.draft_schemas import draft_json
from service.api.queue_query import QueueQuery
from service.api.shapes import case_json, feedback_json, listed
from service.auth import ApiCaller, House
from service.storage.case_rows import TOLD
from service.storage.cases import CaseRepository
from service.storage.drafts import DraftRepository
from service.storage.judging import JudgingRepository
from service.storage.queue import QueueRepository
from service.storage.queue_order import Today
from service.team import check_owner

router = APIRouter(tags=["cases"])

Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


@router.get("/v1/queue")
def queue(
    caller: ApiCaller,
    odzew: House,
    query: Annotated[QueueQuery, Depends()],
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    """Cases in the order in which they should be answered, those for today first.

    `state=all` is for every state.
    """
    wanted = query.searched(odzew, caller.workspace)
    calendar = odzew.rules(caller.workspace).clock.calendar
    today = Today.at(datetime.now(UTC), calendar)
    with odzew.database.snapshot() as session:
        rows, total = QueueRepository(session, caller.workspace).queue(
            wanted, today=today, limit=limit, offset=offset
        )
        return listed(
            [case_json(row, calendar.zone) for row in rows], total, limit=limit, offset=offset
        )


@router.get("/v1/cases/{case_id}")
def case(case_id: str, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """One case with its answer, events and drafts."""
    zone = odzew.rules(caller.workspace).clock.calendar.zone
    with odzew.database.snapshot() as session:
        repository = CaseRepository(session, caller.workspace)
        found = repository.get(case_id)
        return {
            **case_json(found, zone),
            "events": [
                {
                    "at": event.at.isoformat(),
                    "who": event.who,
                    "move": event.move,
                    "before": event.before,
                    "after": event.after,
                    "note": event.note,
                    "details": {
                        name: value for name, value in event.details.items() if name != TOLD
                    },
                }
                for event in repository.events(found.id)
            ],
            "answers": [feedback_json(one) for one in repository.answers(found.id)],
            "drafts": [
                draft_json(one)
                for one in DraftRepository(session, caller.workspace).of_case(found.id)
            ],
        }


@router.post("/v1/cases/{case_id}/judge")
def judge(case_id: str, body: JudgeBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Give a case another priority, with the reason; `odzew eval --from-reviews` learns of it."""
    rules = odzew.rules(caller.workspace)
    with odzew.database.transaction() as session:
        found = JudgingRepository(session, caller.workspace).judge(
            case_id,
            body.level,
            rules,
            who=f"key:{caller.name}",
            at=datetime.now(UTC),
            note=body.note,
            revision=body.revision,
        )
        return case_json(found, rules.clock.calendar.zone)


@router.post("/v1/cases/{case_id}/{move}")
def move_case(
    case_id: str, move: PersonsMove, caller: ApiCaller, odzew: House, body: MoveBody | None = None
) -> dict[str, Any]:
    """Move a case; the table of states and moves is in the guide."""
    body = body or MoveBody()
    step = body.step(move, f"key:{caller.name}", datetime.now(UTC))
    clock = odzew.rules(caller.workspace).clock
    with odzew.database.transaction() as session:
        check_owner(odzew, session, caller.workspace, step.owner)
        repository = CaseRepository(session, caller.workspace)
        moved = repository.move(case_id, step, clock, revision=body.revision)
        return case_json(moved, clock.calendar.zone)
