"""Other cases about the same thing, those that people have resolved first, with how they ended."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from pipelines.resolution import Resolution
from service.review.comments import ShownComment
from service.review.contexts import SimilarCase, given
from service.storage.case_tables import CaseAnswer, CaseRow
from service.storage.feedback import FeedbackRepository
from service.wiring import Odzew

_LOOKED_AT = 60
"""Near answers among which cases that were resolved are looked for."""
_SHOWN = 5


def similar_cases(
    odzew: Odzew, session: Session, workspace: str, case: CaseRow
) -> tuple[SimilarCase, ...]:
    """Cases near to the worst excerpt of this one, each once."""
    excerpts = case.feedback.reading.excerpts
    if not excerpts:
        return ()
    worst = min(excerpts, key=lambda excerpt: excerpt.sentiment_score)
    feedback = FeedbackRepository(session, workspace)
    vector = feedback.points([worst.id])[0].vector
    hits = odzew.meanings.similar(workspace, case.feedback_id, vector, _LOOKED_AT)
    near = [hit.feedback_id for hit in hits]
    query = (
        select(CaseAnswer.feedback_id, CaseRow.id, CaseRow.state, CaseRow.resolution)
        .join(CaseRow, CaseRow.id == CaseAnswer.case_id)
        .where(CaseRow.workspace_id == workspace, CaseRow.id != case.id)
        .where(CaseAnswer.feedback_id.in_(near))
    )
    of_answer = {row.feedback_id: row for row in session.execute(query)}
    nearest: dict[str, Row[tuple[str, str, str, dict[str, Any] | None]]] = {}
    for one in near:
        if one in of_answer:
            nearest.setdefault(of_answer[one].id, of_answer[one])
    # The sort is stable: within each half the nearest stay first.
    first = sorted(nearest.values(), key=lambda row: row.resolution is None)[:_SHOWN]
    answers = feedback.several([row.feedback_id for row in first])
    return tuple(
        SimilarCase(
            row.id,
            row.state,
            ShownComment.of(answers[row.feedback_id]).text,
            answers[row.feedback_id].reading.language,
            given(answers[row.feedback_id]),
            Resolution.of_json(row.resolution) if row.resolution else None,
        )
        for row in first
    )
