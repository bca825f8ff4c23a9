"""POST /v1/feedback[/batch] and GET /v1/feedback/{id}: answers come in and can be looked at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from pipelines.contracts import RejectedError
from pipelines.intake import dedupe_key
from pipelines.reception import Keyed
from service.api.schemas import ClassifyBatch, FeedbackBody, answer_of, feedback_json
from service.auth import ApiCaller, House
from service.storage.cases import CaseRepository, NotFoundError
from service.storage.feedback import FeedbackRepository
from service.wiring import Odzew

router = APIRouter(tags=["feedback"])


@router.post("/v1/feedback", status_code=201, responses={200: {"description": "Seen before"}})
def take(body: FeedbackBody, response: Response, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Take one answer in. What is acknowledged is stored; 200 where it was stored before."""
    answer = answer_of(body, now=datetime.now(UTC), timezone=odzew.settings.zone)
    taken = odzew.take_in(caller.workspace, [Keyed(dedupe_key(answer), answer)])
    response.status_code = 201 if taken.new[0] else 200
    return {**_stored(odzew, caller.workspace, taken.ids[0]), "new": taken.new[0]}


@router.post("/v1/feedback/batch")
def take_batch(body: ClassifyBatch, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Take up to 256 answers in; one that cannot be taken gives its error in its place."""
    now = datetime.now(UTC)
    results: list[dict[str, Any]] = [{} for _ in body.items]
    keyed: list[tuple[int, Keyed]] = []
    for at, record in enumerate(body.items):
        try:
            valid = FeedbackBody.model_validate(record)
            answer = answer_of(valid, now=now, timezone=odzew.settings.zone)
            keyed.append((at, Keyed(dedupe_key(answer), answer)))
        except ValidationError as error:
            first = error.errors()[0]
            results[at] = {"error": f"{'.'.join(map(str, first['loc']))}: {first['msg']}"}
        except RejectedError as error:
            results[at] = {"error": str(error)}
    if keyed:
        taken = odzew.take_in(caller.workspace, [one for _, one in keyed])
        for (at, _), feedback_id, is_new in zip(keyed, taken.ids, taken.new, strict=True):
            results[at] = {"id": feedback_id, "new": is_new}
    return {"results": results}


@router.get("/v1/feedback/{feedback_id}")
def look(feedback_id: str, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """One answer with its reading."""
    return _stored(odzew, caller.workspace, feedback_id)


def _stored(odzew: Odzew, workspace: str, feedback_id: str) -> dict[str, Any]:
    with odzew.database.snapshot() as session:
        row = FeedbackRepository(session, workspace).get(feedback_id)
        if row is None:
            raise NotFoundError(f"There is no feedback {feedback_id[:40]} here.")
        case = CaseRepository(session, workspace).of_feedback([row.id]).get(row.id)
        return {**feedback_json(row), "case_id": case}
