"""Drafts that name no touchpoint and could, once themes are known."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from pipelines.cases import TO_CONTACT
from pipelines.contracts import ENGINE
from service.storage.answer_tables import ExcerptRow
from service.storage.case_tables import CaseRow
from service.storage.draft_tables import DraftRow


def unnamed(session: Session, workspace: str, most: int) -> list[tuple[str, str]]:
    """Cases to contact with an untouched answer that names no touchpoint, with its channel.

    Only those in which something is clear by its own words; the newest cases come first.
    """
    clear = exists().where(
        ExcerptRow.feedback_id == CaseRow.feedback_id,
        ExcerptRow.concept.is_not(None),
        ExcerptRow.theme_id.is_not(None),
    )
    newer = aliased(DraftRow)
    is_newest = ~exists().where(newer.case_id == DraftRow.case_id, newer.number > DraftRow.number)
    query = (
        select(DraftRow.case_id, DraftRow.plan)
        .join(CaseRow, CaseRow.id == DraftRow.case_id)
        .where(CaseRow.workspace_id == workspace, CaseRow.state.in_(TO_CONTACT))
        .where(DraftRow.author == ENGINE, is_newest, clear, ~DraftRow.decisions.any())
        .order_by(CaseRow.opened_at.desc(), CaseRow.id)
        .limit(most)
    )
    plans = ((case, kept.get("plan", {})) for case, kept in session.execute(query))
    return [
        (case, str(plan["channel"]))
        for case, plan in plans
        if plan.get("topic", "?") is None and plan.get("purpose", "answer") == "answer"
    ]
