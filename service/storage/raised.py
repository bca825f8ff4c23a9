"""Who raised a theme: customers with their newest answer about it, and where their cases stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from pipelines.improvement import ActionState
from service.storage.answer_tables import ExcerptRow, Feedback, Reading
from service.storage.case_tables import CaseAnswer, CaseRow

_AT_ONCE = 500
COMPLAINT: Final = -0.3
"""Sentiment of an excerpt from which down it complains."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A customer's newest answer about a theme, with its case."""

    feedback_id: str
    case_id: str
    case_state: str


class RaisedThemes:
    """Who raised the themes of one workspace."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def by(self, theme: str, state: ActionState, until: datetime) -> list[Raised]:
        """Customers who complained of a theme or suggested something about it, newest first.

        Args:
            theme: id of a living theme.
            state: of the action; of one that is declined, only those who suggested something.
            until: aware; who wrote later is not told of what was done before.
        """
        query = (
            select(
                *(Feedback.id, Feedback.respondent_id, CaseRow.id.label("case_id"), CaseRow.state),
                *(ExcerptRow.sentiment_score, ExcerptRow.signals),
            )
            .join(ExcerptRow, ExcerptRow.feedback_id == Feedback.id)
            .join(CaseAnswer, CaseAnswer.feedback_id == Feedback.id)
            .join(CaseRow, CaseRow.id == CaseAnswer.case_id)
            .where(ExcerptRow.workspace_id == self._workspace, ExcerptRow.theme_id == theme)
            .where(Feedback.respondent_id.is_not(None), Feedback.occurred_at <= until)
            .order_by(Feedback.occurred_at.desc(), Feedback.id)
        )
        found: dict[str, Raised] = {}
        for row in self._session.execute(query):
            suggests = any(hit["name"] == "suggestion" for hit in row.signals)
            if suggests or (state == "done" and row.sentiment_score <= COMPLAINT):
                found.setdefault(row.respondent_id, Raised(row.id, row.case_id, row.state))
        return list(found.values())

    def answers(self, feedback_ids: Sequence[str]) -> dict[str, Feedback]:
        """Answers with all that is read of them, by id."""
        found: dict[str, Feedback] = {}
        for start in range(0, len(feedback_ids), _AT_ONCE):
            query = (
                select(Feedback)
                .where(Feedback.workspace_id == self._workspace)
                .where(Feedback.id.in_(feedback_ids[start : start + _AT_ONCE]))
                .options(
                    joinedload(Feedback.respondent),
                    joinedload(Feedback.reading)
                    .selectinload(Reading.excerpts)
                    .joinedload(ExcerptRow.theme),
                )
            )
            found |= {row.id: row for row in self._session.scalars(query).unique()}
        return found

    def said(self, feedback_ids: Sequence[str], theme: str) -> dict[str, list[ExcerptRow]]:
        """What some answers say of a theme."""
        query = (
            select(ExcerptRow)
            .where(ExcerptRow.workspace_id == self._workspace, ExcerptRow.theme_id == theme)
            .where(ExcerptRow.feedback_id.in_(feedback_ids))
            .order_by(ExcerptRow.id)
        )
        found: dict[str, list[ExcerptRow]] = {}
        for row in self._session.scalars(query):
            found.setdefault(row.feedback_id, []).append(row)
        return found
