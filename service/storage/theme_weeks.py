"""Counts from SQL what spikes are looked for in: answers by week, theme and stratum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.insight.history import History, Said, history
from service.storage.answer_tables import ExcerptRow, Feedback, Reading

_CHANNELS = ("channel", "source")
"""Attributes that say where an answer came from."""


def theme_history(session: Session, workspace: str) -> History:
    """Answers of a workspace that say something, and those that speak of each theme."""
    own = ExcerptRow.workspace_id == workspace
    answers = session.execute(
        select(
            Feedback.id,
            Feedback.occurred_at,
            Feedback.survey,
            Feedback.attributes,
            Reading.language,
        )
        .join(Reading, Reading.feedback_id == Feedback.id)
        .where(
            Feedback.workspace_id == workspace,
            Feedback.id.in_(select(ExcerptRow.feedback_id).where(own)),
        )
    )
    said = {
        row.id: Said(row.occurred_at.date(), row.language, row.survey, _channel(row.attributes))
        for row in answers
    }
    pairs = session.execute(
        select(ExcerptRow.theme_id, ExcerptRow.feedback_id)
        .where(own, ExcerptRow.theme_id.is_not(None))
        .distinct()
    )
    return history(said, [(str(row.theme_id), row.feedback_id) for row in pairs])


def _channel(attributes: Mapping[str, Any]) -> str:
    """What an answer says of where it came from; blank where it says nothing."""
    return next((str(attributes[name]) for name in _CHANNELS if attributes.get(name)), "")
