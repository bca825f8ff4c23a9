"""How results become JSON, in the shapes that design section 5 fixes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, tzinfo
from typing import Any

from models.contracts import ThemeMatch
from pipelines.contracts import Priority, Segment, Understanding
from service.storage.answer_tables import ExcerptRow, Feedback, Reading
from service.storage.case_tables import CaseRow
from service.storage.theme_tables import ThemeRow


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
