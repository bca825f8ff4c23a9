"""POST /v1/classify and /v1/classify/batch: read comments and store nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter

from pipelines.contracts import Answer
from pipelines.reception import comment_of, judge
from service.api.batches import answers_of, check_size
from service.api.bodies import ClassifyBatch, ClassifyBody, answer_of
from service.api.shapes import understanding_json
from service.auth import ApiCaller, House
from service.wiring import Odzew

router = APIRouter(tags=["classify"])


@router.post("/v1/classify")
def classify(body: ClassifyBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Read one comment: language, sentiment, excerpts, themes, signals, priority."""
    answer = answer_of(body, now=datetime.now(UTC), timezone=odzew.settings.zone)
    return read_answers(odzew, caller.workspace, [answer])[0]


@router.post("/v1/classify/batch")
def classify_batch(body: ClassifyBatch, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Read up to 256 comments; one that cannot be read gives its error in its place."""
    check_size(body.items)
    return {"results": classify_records(odzew, caller.workspace, body.items)}


def classify_records(
    odzew: Odzew, workspace: str, records: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Answers in the order of the records; a bad record's answer is {"error": ...}."""
    now = datetime.now(UTC)
    found = answers_of(records, ClassifyBody, now=now, timezone=odzew.settings.zone)
    read = iter(read_answers(odzew, workspace, [one for one in found if isinstance(one, Answer)]))
    return [{"error": one} if isinstance(one, str) else next(read) for one in found]


def read_answers(odzew: Odzew, workspace: str, answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """What the models and the rules say of answers, as JSON."""
    read = odzew.reader.read(
        [comment_of(answer) for answer in answers],
        odzew.themes(workspace),
        odzew.language_priors(workspace),
    )
    rules, now = odzew.rules(workspace), datetime.now(UTC)
    return [
        understanding_json(understanding, *judge(understanding, answer, rules, now=now))
        for understanding, answer in zip(read, answers, strict=True)
    ]
