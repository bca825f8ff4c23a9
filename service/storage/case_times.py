"""Cases as the figures of the small loop count them."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.insight.loop import CaseTimes
from service.storage.answer_tables import ExcerptRow, Feedback
from service.storage.case_tables import CaseRow


def case_times(session: Session, workspace: str, since: datetime) -> list[CaseTimes]:
    """The cases of a workspace that were opened since a moment."""
    recent = (CaseRow.workspace_id == workspace) & (CaseRow.opened_at >= since)
    themes: dict[str, set[str]] = defaultdict(set)
    about = (
        select(ExcerptRow.feedback_id, ExcerptRow.theme_id)
        .join(CaseRow, CaseRow.feedback_id == ExcerptRow.feedback_id)
        .where(recent, ExcerptRow.theme_id.is_not(None))
    )
    for feedback_id, theme_id in session.execute(about):
        themes[feedback_id].add(str(theme_id))
    query = (
        select(
            CaseRow.feedback_id,
            CaseRow.state,
            CaseRow.owner,
            CaseRow.started_at,
            CaseRow.contacted_at,
            CaseRow.resolved_at,
            CaseRow.respond_by,
            CaseRow.due_soon_at,
            CaseRow.is_second_level,
            Feedback.attributes,
        )
        .join(Feedback, Feedback.id == CaseRow.feedback_id)
        .where(recent)
    )
    return [
        CaseTimes(
            state=row.state,
            owner=row.owner,
            themes=tuple(sorted(themes[row.feedback_id])),
            attributes=tuple((name, str(value)) for name, value in row.attributes.items()),
            started_at=row.started_at,
            contacted_at=row.contacted_at,
            resolved_at=row.resolved_at,
            respond_by=row.respond_by,
            due_soon_at=row.due_soon_at,
            is_second_level=row.is_second_level,
        )
        for row in session.execute(query)
    ]
