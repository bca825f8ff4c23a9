"""POST /v1/feedback[/batch] and GET /v1/feedback/{id}: answers come in and can be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Response

from pipelines.intake import dedupe_key
from pipelines.reception import Keyed
from service.api.batches import answers_of, check_size
from service.api.bodies import ClassifyBatch, FeedbackBody, answer_of
from service.api.shapes import feedback_json
from service.auth import ApiCaller, House
from service.storage.cases import CaseRepository
from service.storage.conflicts import ConflictError, NotFoundError
from service.storage.feedback import FeedbackRepository
from service.wiring import Odzew

router = APIRouter(tags=["feedback"])
_SEEN: dict[int | str, dict[str, Any]] = {
    200: {"description": "Seen before"},
    409: {"description": "Seen before with other content"},
}


@router.post("/v1/feedback", status_code=201, responses=_SEEN)
def take(body: FeedbackBody, response: Response, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Take one answer in. What is acknowledged is stored; 200 where it was stored before.

    409 where another content is stored under its `external_id`: nothing of it is taken.
    """
    answer = answer_of(body, now=datetime.now(UTC), timezone=odzew.settings.zone)
    taken = odzew.take_in(caller.workspace, [Keyed(dedupe_key(answer), answer)])
    refused = taken.refused[0]
    if refused is not None:
        raise ConflictError(refused.message, **refused.facts)
    response.status_code = 201 if taken.new[0] else 200
    return {**_stored(odzew, caller.workspace, taken.ids[0]), "new": taken.new[0]}


@router.post("/v1/feedback/batch")
def take_batch(body: ClassifyBatch, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Take up to 256 answers in; one that cannot be taken gives its error in its place."""
    check_size(body.items)
    found = answers_of(
        body.items, FeedbackBody, now=datetime.now(UTC), timezone=odzew.settings.zone
    )
    keyed = [Keyed(dedupe_key(one), one) for one in found if not isinstance(one, str)]
    stored: Iterator[dict[str, Any]] = iter(())
    if keyed:
        taken = odzew.take_in(caller.workspace, keyed)
        stored = (
            {"id": feedback_id, "new": is_new} if refused is None else {"error": str(refused)}
            for feedback_id, is_new, refused in zip(
                taken.ids, taken.new, taken.refused, strict=True
            )
        )
    return {"results": [{"error": one} if isinstance(one, str) else next(stored) for one in found]}


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
        bucket = "queue" if case else row.reading.bucket
        return {**feedback_json(row), "case_id": case, "bucket": bucket}
