"""POST /v1/classify and /v1/classify/batch: read comments and store nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError

from pipelines.contracts import Answer, RejectedError
from pipelines.reception import comment_of, judge
from service.api.schemas import ClassifyBatch, ClassifyBody, answer_of, understanding_json
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
    return {"results": classify_records(odzew, caller.workspace, body.items)}


def classify_records(
    odzew: Odzew, workspace: str, records: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Answers in the order of the records; a bad record's answer is {"error": ...}."""
    now = datetime.now(UTC)
    results: list[dict[str, Any]] = [{} for _ in records]
    answers: list[tuple[int, Answer]] = []
    for at, record in enumerate(records):
        try:
            body = ClassifyBody.model_validate(record)
            answers.append((at, answer_of(body, now=now, timezone=odzew.settings.zone)))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            results[at] = {"error": f"{where}: {first['msg']}"}
        except RejectedError as error:
            results[at] = {"error": str(error)}
    read = read_answers(odzew, workspace, [answer for _, answer in answers])
    for (at, _), result in zip(answers, read, strict=True):
        results[at] = result
    return results


def read_answers(odzew: Odzew, workspace: str, answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """What the models and the rules say of answers, as JSON."""
    read = odzew.reader.read(
        [comment_of(answer) for answer in answers],
        odzew.themes(workspace),
        odzew.language_priors(workspace),
    )
    return [
        understanding_json(understanding, *judge(understanding, answer))
        for understanding, answer in zip(read, answers, strict=True)
    ]
