"""The engine's drafts of a workspace with what people approved in their place."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from pipelines.contracts import ENGINE
from pipelines.followup.learning import Lesson
from pipelines.followup.plan import PlanError, from_json
from service.storage.case_tables import CaseRow
from service.storage.draft_rows import standing
from service.storage.draft_tables import DraftRow

_APPROVED = ("approved", "sent")


def lessons(session: Session, workspace: str, most: int = 5_000) -> list[Lesson]:
    """What became of the newest drafts that people decided about, by case and number.

    A draft that is in nobody's hands yet teaches nothing; nor does one of an earlier version.
    """
    newest = (
        select(DraftRow.id)
        .join(CaseRow, CaseRow.id == DraftRow.case_id)
        .where(CaseRow.workspace_id == workspace)
        .order_by(DraftRow.created_at.desc())
        .limit(most)
    )
    query = (
        select(DraftRow)
        .where(DraftRow.id.in_(newest))
        .options(selectinload(DraftRow.decisions), joinedload(DraftRow.message))
        .order_by(DraftRow.case_id, DraftRow.number)
    )
    found = []
    for _, group in groupby(session.scalars(query), key=lambda draft: draft.case_id):
        run: list[DraftRow] = []
        for draft in group:
            if draft.author == ENGINE and run:
                found.append(_lesson(run))
                run = []
            run.append(draft)
        found.append(_lesson(run))
    return [one for one in found if one is not None]


def _lesson(run: list[DraftRow]) -> Lesson | None:
    """Of a draft of the engine and the revisions that followed it."""
    machine = run[0]
    if machine.author != ENGINE:
        return None
    states = [standing(draft) for draft in run]
    both = zip(run, states, strict=True)
    final = next((draft.body for draft, state in both if state in _APPROVED), None)
    if final is None and "rejected" not in states:
        return None
    try:
        plan = from_json(machine.plan["plan"])
    except (PlanError, KeyError):
        return None
    return Lesson(machine.case_id, plan, machine.plan.get("said", ()), machine.body, final)
