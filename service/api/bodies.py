"""Request bodies, in the shapes that design section 5 fixes, and the answer that one holds."""

from __future__ import annotations

import math
import sys
from datetime import date, datetime, tzinfo
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from models.contracts import LANGUAGES
from pipelines.advice import PlainValue
from pipelines.cases import Step
from pipelines.contracts import Answer, Level, RejectedError, Scale
from pipelines.intake import read_answer
from pipelines.intake_values import language_of, rejected
from pipelines.resolution import Resolution
from pipelines.segments import custom_scale, parse_scale

MAX_BATCH = 256


class Body(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", strict=False)


def _no_truth(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticCustomError("no_number", "must be a number, not true or false")
    if isinstance(value, int) and abs(value) > sys.float_info.max:
        return math.inf if value > 0 else -math.inf  # is told to be off its scale
    return value


def _no_true_id(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticCustomError("no_id", "must be text or a number, not true or false")
    return value


Number = Annotated[float, BeforeValidator(_no_truth)]
_NO_TRUE_ID = BeforeValidator(_no_true_id)


class CustomScale(Body):
    """A scale of the sender's own."""

    min: Number = Field(allow_inf_nan=False)
    max: Number = Field(allow_inf_nan=False)
    higher_is_better: bool = True


class RespondentBody(Body):
    """Who answered; `id` is the sender's own."""

    id: Annotated[str | int, _NO_TRUE_ID]
    name: str | None = None
    gender: str | None = None
    email: str | None = None
    phone: str | None = None
    tier: str | None = None
    account: str | None = None


Attributes = dict[str, PlainValue]


class ClassifyBody(Body):
    """A comment to read; nothing of it is stored."""

    text: str
    score: Number | None = None
    scale: str | CustomScale = "nps"
    language: str | None = None
    attributes: Attributes | None = None


class FeedbackBody(ClassifyBody):
    """An answer to take in."""

    external_id: Annotated[str | int | None, _NO_TRUE_ID] = None
    respondent: Annotated[str | int | RespondentBody | None, _NO_TRUE_ID] = None
    survey: str | None = None
    occurred_at: str | None = None


class ClassifyBatch(Body):
    """Up to 256 comments to read."""

    items: Annotated[
        list[Any],
        Field(min_length=1, max_length=MAX_BATCH, json_schema_extra={"items": {"type": "object"}}),
    ]


class ResolutionBody(Body):
    """How a case ended: outcome, root cause (a chain of whys, or why it is unknown), promise."""

    outcome: str
    causes: list[str] = Field(default_factory=list)
    unknown_because: str = ""
    promised: str = ""
    promised_by: date | None = None
    verify_on: date | None = None


class MoveBody(Body):
    """What goes with a move of a case.

    `note` with snooze, close and reopen; `owner` with assign; `until` with snooze; `resolution`
    with resolve. `revision`, where given, is the one that was looked at: a case that somebody
    changed since then is not moved, and a move that is sent again changes nothing.
    """

    note: str = ""
    owner: str | None = None
    until: AwareDatetime | None = None
    resolution: ResolutionBody | None = None
    revision: int | None = None

    def step(self, move: str, who: str, at: datetime) -> Step:
        """The move as the rules of cases take it."""
        ended = self.resolution
        return Step(
            move,
            who,
            at,
            self.note,
            self.owner,
            self.until,
            Resolution(**(ended.model_dump() | {"causes": tuple(ended.causes)})) if ended else None,
        )


class JudgeBody(Body):
    """The level that a person gives to a case instead of its own, and why."""

    level: Level
    note: Annotated[str, Field(min_length=1, max_length=2_000)]
    revision: int | None = None


def scale_of(given: str | CustomScale) -> Scale:
    """The scale a body names.

    Raises:
        RejectedError: unknown, or its ends do not rise.
    """
    if isinstance(given, str):
        return parse_scale(given)
    return custom_scale(given.min, given.max, higher_is_better=given.higher_is_better)


def answer_of(
    body: ClassifyBody, *, now: datetime, timezone: tzinfo, survey: str = "default"
) -> Answer:
    """The validated answer in a body.

    Raises:
        RejectedError: a field cannot be taken; the message names it.
    """
    _check_language(body.language)
    record: dict[str, object] = {
        "text": body.text,
        "score": body.score,
        "language": body.language,
        "attributes": body.attributes or {},
    }
    if isinstance(body, FeedbackBody):
        record |= {
            "external_id": body.external_id,
            "survey": body.survey,
            "occurred_at": body.occurred_at,
            **_respondent(body.respondent),
        }
    answer = read_answer(
        record, scale=scale_of(body.scale), survey=survey, now=now, timezone=timezone
    )
    if answer.unusable:
        raise RejectedError(f"{answer.unusable[0]} Where none is known, leave it out.")
    return answer


def _check_language(hint: str | None) -> None:
    if hint and hint.strip() and language_of(hint) is None:
        raise rejected(
            "language",
            f"{hint.strip()!r} is not read. Known are {', '.join(LANGUAGES)}; leave it out for "
            "any other, or where it is not known.",
        )


def _respondent(given: str | int | RespondentBody | None) -> dict[str, object]:
    if not isinstance(given, RespondentBody):
        return {"respondent": given}
    facts = given.model_dump()
    return {"respondent": facts.pop("id"), **facts}
