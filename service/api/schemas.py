"""Request bodies and how results become JSON, in the shapes that design section 5 fixes."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, tzinfo
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from models.contracts import LANGUAGES, ThemeMatch
from pipelines.advice import PlainValue
from pipelines.cases import Step
from pipelines.contracts import (
    Answer,
    Level,
    Priority,
    RejectedError,
    Scale,
    Segment,
    Understanding,
)
from pipelines.intake import read_answer
from pipelines.intake_values import language_of, rejected
from pipelines.resolution import Resolution
from pipelines.segments import custom_scale, parse_scale
from service.storage.answer_tables import ExcerptRow, Feedback, Reading
from service.storage.case_tables import CaseRow
from service.storage.theme_tables import ThemeRow

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


def understanding_json(
    read: Understanding, segment: Segment | None, priority: Priority
) -> dict[str, Any]:
    """What /v1/classify answers."""
    return {
        "language": {"code": read.language.code, "confidence": read.language.confidence},
        "segment": segment,
        "sentiment": (_mood(read.sentiment) | {"mixed": read.is_mixed} if read.sentiment else None),
        "mismatch": asdict(read.mismatch) if read.mismatch else None,
        "excerpts": [
            {
                "text": excerpt.text,
                "start": excerpt.start,
                "end": excerpt.end,
                "sentiment": _mood(excerpt.sentiment),
                "theme": _match_json(excerpt.theme),
                "second_theme": _match_json(excerpt.second),
                "signals": [hit.name for hit in excerpt.signals],
                "evidence": [asdict(hit) for hit in excerpt.signals],
            }
            for excerpt in read.excerpts
        ],
        "themes": [
            {
                "id": theme.id,
                "label": theme.label,
                "confidence": theme.confidence,
                "sentiment": theme.sentiment,
            }
            for theme in read.themes
        ],
        "signals": list(read.signals),
        "priority": priority_json(priority),
        "pii": [asdict(found) for found in read.pii],
        "cuts": [asdict(cut) for cut in read.cuts],
        "model": {"version": read.model, "themes": read.themes_version},
    }


def _match_json(match: ThemeMatch | None) -> dict[str, Any] | None:
    return asdict(match) if match else None


def _mood(mood: Any) -> dict[str, Any]:
    return {"label": mood.label, "score": mood.score, "confidence": mood.confidence}


def priority_json(priority: Priority) -> dict[str, Any]:
    """A priority with its reasons."""
    return {
        "level": priority.level,
        "score": priority.score,
        "respond_by": priority.respond_by.isoformat(),
        "reasons": _reasons(asdict(reason) for reason in priority.reasons),
    }


def _reasons(reasons: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Reasons as machines are told them: in English."""
    return [{name: one[name] for name in ("code", "points", "text")} for one in reasons]


def feedback_json(row: Feedback) -> dict[str, Any]:
    """A stored answer with its reading, loaded with excerpts and themes."""
    reading = row.reading
    return {
        "id": row.id,
        "external_id": row.external_id,
        "survey": row.survey,
        "score": row.score,
        "scale": row.scale,
        "text": row.text,
        "attributes": row.attributes,
        "respondent": row.respondent.external_id if row.respondent else None,
        "occurred_at": row.occurred_at.isoformat(),
        "received_at": row.received_at.isoformat(),
        "language": {"code": reading.language, "confidence": reading.language_confidence},
        "segment": reading.segment,
        "sentiment": _whole_mood(reading),
        "mismatch": reading.mismatch,
        "excerpts": [excerpt_json(excerpt) for excerpt in reading.excerpts],
        "signals": reading.signals,
        "priority": {
            **{key: reading.priority[key] for key in ("level", "score", "respond_by")},
            "reasons": _reasons(reading.priority["reasons"]),
        },
        "pii": reading.pii,
        "cuts": reading.cuts,
        "model": {"version": reading.model_version},
    }


def _stored_mood(row: Reading | ExcerptRow) -> dict[str, Any] | None:
    if row.sentiment_label is None:
        return None
    return {
        "label": row.sentiment_label,
        "score": row.sentiment_score,
        "confidence": row.sentiment_confidence,
    }


def _whole_mood(row: Reading) -> dict[str, Any] | None:
    mood = _stored_mood(row)
    return mood | {"mixed": row.is_mixed} if mood else None


def excerpt_json(row: ExcerptRow, *, with_theme: bool = True) -> dict[str, Any]:
    """A stored excerpt."""
    found = {
        "id": row.id,
        "text": row.text,
        "start": row.start,
        "end": row.end,
        "language": row.language,
        "feedback_id": row.feedback_id,
        "sentiment": _stored_mood(row),
        "signals": list(dict.fromkeys(hit["name"] for hit in row.signals)),
        "evidence": row.signals,
    }
    if with_theme:
        found["theme"] = (
            {"id": row.theme.id, "label": row.theme.label, "confidence": row.theme_confidence}
            if row.theme
            else None
        )
    return found


def _moment(at: datetime | None) -> str | None:
    """A moment in UTC, whether it was just set or read from the database."""
    return at.astimezone(UTC).isoformat() if at else None


def case_json(case: CaseRow, zone: tzinfo) -> dict[str, Any]:
    """A case with its answer; what it is due by is told by the team's clock, in `zone`."""
    return {
        "id": case.id,
        "state": case.state,
        "segment": case.segment,
        "language": case.language,
        "priority": {
            "level": case.level,
            "score": case.priority_score,
            "respond_by": case.respond_by.astimezone(zone).isoformat(),
            "reasons": _reasons(case.reasons),
        },
        "owner": case.owner,
        "opened_at": _moment(case.opened_at),
        "contacted_at": _moment(case.contacted_at),
        "snoozed_until": _moment(case.snoozed_until),
        "resolved_at": _moment(case.resolved_at),
        "resolution": case.resolution,
        "second_level": case.is_second_level,
        "revision": case.revision,
        "feedback": feedback_json(case.feedback),
    }


def theme_json(theme: ThemeRow) -> dict[str, Any]:
    """A theme without its figures."""
    return {
        "id": theme.id,
        "label": theme.label,
        "names": theme.names,
        "keywords": theme.keywords,
        "touchpoint": theme.touchpoint,
        "parent": theme.parent_id,
        "owner": theme.owner,
        "created_at": theme.created_at.isoformat(),
        "retired_at": theme.retired_at.isoformat() if theme.retired_at else None,
        "retired_reason": theme.retired_reason,
    }


def listed(items: Sequence[Any], total: int, *, limit: int, offset: int) -> dict[str, Any]:
    """One page of a list."""
    return {"items": list(items), "total": total, "limit": limit, "offset": offset}
