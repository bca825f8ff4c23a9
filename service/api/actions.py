"""Actions against themes: planned, moved on, and told to the customers who raised the theme."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from service import draft_desk
from service.action_desk import ActionDesk
from service.action_reach import reach_of
from service.api.bodies import Body
from service.api.draft_schemas import draft_json, finding_json
from service.auth import ApiCaller, House
from service.storage.action_tables import ActionRow
from service.storage.actions import ActionRepository

router = APIRouter(tags=["actions"])


class PlanBody(Body):
    """What is to be done about a theme, and by whom."""

    theme: str
    title: str
    owner: str | None = None


class StepBody(Body):
    """What customers are told where an action ends: whole sentences, by language."""

    words: dict[str, str] = {}  # noqa: RUF012 - Pydantic copies it


@router.get("/v1/actions")
def actions(caller: ApiCaller, odzew: House, theme: str | None = None) -> dict[str, Any]:
    """Actions, the newest first, perhaps of one theme."""
    with odzew.database.snapshot() as session:
        found = ActionRepository(session, caller.workspace).listed(theme)
        return {"items": [action_json(one) for one in found]}


@router.post("/v1/actions", status_code=201)
def plan(body: PlanBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Plan an action against a theme."""
    with odzew.database.transaction() as session:
        row = ActionRepository(session, caller.workspace).plan(
            body.theme,
            body.title,
            who=f"key:{caller.name}",
            at=datetime.now(UTC),
            owner=body.owner,
        )
        return action_json(row)


@router.get("/v1/actions/{action_id}")
def action(action_id: str, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """One action: what happened to it, whom it would be told to, and what the silent are told."""
    now = datetime.now(UTC)
    desk = ActionDesk(odzew, caller.workspace, f"key:{caller.name}")
    with odzew.database.snapshot() as session:
        row = ActionRepository(session, caller.workspace).get(action_id)
        reach = reach_of(odzew, session, caller.workspace, row, now)
        return {
            **action_json(row),
            "events": [
                {"at": one.at.isoformat(), "who": one.who, "step": one.step, "words": one.words}
                for one in row.events
            ],
            "to_write": len(reach.recipients),
            "left_out": dict(reach.left_out),
            "to_those_who_did_not_answer": [
                {
                    "language": draft.text.language,
                    "subject": draft.text.subject,
                    "body": draft.text.body,
                    "findings": [finding_json(one) for one in found],
                }
                for draft, found in desk.silent(session, row, now)
            ],
        }


@router.get("/v1/actions/{action_id}/drafts")
def letters(
    action_id: str,
    caller: ApiCaller,
    odzew: House,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> dict[str, Any]:
    """The newest draft of each customer who was drafted a message about an action."""
    with odzew.database.snapshot() as session:
        repository = ActionRepository(session, caller.workspace)
        repository.get(action_id)
        found = repository.letters(action_id, limit=limit, offset=offset)
        return {
            "items": [
                {
                    **draft_json(one),
                    "feedback": letter.feedback_id,
                    "is_sure": letter.is_sure,
                    "findings": [
                        finding_json(said)
                        for said in draft_desk.findings(odzew, session, caller.workspace, one)
                    ],
                }
                for one, letter in found
            ],
            "total": repository.count_letters(action_id),
        }


@router.post("/v1/actions/{action_id}/drafts", status_code=201)
def draft(action_id: str, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Draft a message to each who raised the theme and is not written to yet; sends nothing."""
    desk = ActionDesk(odzew, caller.workspace, f"key:{caller.name}")
    return {"drafted": desk.draft(action_id, datetime.now(UTC))}


@router.post("/v1/actions/{action_id}/{step}")
def take(
    action_id: str, step: str, caller: ApiCaller, odzew: House, body: StepBody | None = None
) -> dict[str, Any]:
    """Move an action on: start, finish (with words), decline (with words), reopen."""
    with odzew.database.transaction() as session:
        desk = ActionDesk(odzew, caller.workspace, f"key:{caller.name}")
        words = body.words if body else {}
        return action_json(desk.take(session, action_id, step, words, datetime.now(UTC)))


def action_json(row: ActionRow) -> dict[str, Any]:
    """An action as it stands."""
    return {
        "id": row.id,
        "theme": row.theme_id,
        "title": row.title,
        "owner": row.owner,
        "state": row.state,
        "since": row.since.isoformat(),
        "words": row.words,
        "created_at": row.created_at.isoformat(),
    }
