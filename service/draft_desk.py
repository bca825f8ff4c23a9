"""Drafts as people work on them: looked over by the linter, approved only when nothing blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pipelines.contracts import ENGINE, PipelineError
from pipelines.followup.findings import Finding
from pipelines.followup.lint import lint, promises
from pipelines.followup.plan import DraftPlan, PlanError, from_json
from pipelines.followup.review import SecondReason, second_reasons
from pipelines.messages import N_, Told
from service.storage.cases import CaseRepository
from service.storage.draft_tables import DecisionRow, DraftRow
from service.storage.drafts import DraftRepository
from service.team import may_approve
from service.wiring import Odzew


def findings(
    odzew: Odzew,
    session: Session,
    workspace: str,
    draft: DraftRow,
    typed: tuple[str, str] | None = None,
) -> list[Finding]:
    """What the linter says of a draft, or of the subject and body typed in its place.

    Nothing of a draft whose plan an earlier version made.
    """
    plan = plan_of(draft.plan)
    if plan is None:
        return []
    subject, body = typed or (draft.subject, draft.body)
    newer = [] if typed else _newer_answers(session, workspace, draft)
    return newer + lint(
        plan,
        subject,
        body,
        last=DraftRepository(session, workspace).last_approved(draft),
        today=datetime.now(plan.respond_by.tzinfo).date(),
        allowed=odzew.rules(workspace).promises.allowed,
        detect=detector(odzew),
        by_person=typed is not None or draft.author != ENGINE,
    )


def _newer_answers(session: Session, workspace: str, draft: DraftRow) -> list[Finding]:
    """A warning where the customer wrote again and the engine's draft is about what came before."""
    if draft.author != ENGINE or draft.purpose != "answer":
        return []
    cases = CaseRepository(session, workspace)
    newest, led = cases.answers(draft.case_id)[0], cases.get(draft.case_id).feedback
    if newest.id == led.id:
        return []
    said = Told(N_("The customer wrote again since; this answers what they wrote before."))
    return [Finding("newer_answer", "warning", said)]


def approve(
    odzew: Odzew,
    session: Session,
    workspace: str,
    draft_id: str,
    *,
    who: str,
    at: datetime,
    note: str = "",
) -> DecisionRow:
    """Approve a draft that nothing blocks; see `DraftRepository.approve`.

    Raises:
        PipelineError: the linter blocks it; the message says why.
    """
    drafts = DraftRepository(session, workspace)
    draft = drafts.get(draft_id)
    for one in findings(odzew, session, workspace, draft):
        if one.weight == "blocking":
            raise PipelineError(N_("Mend this before approving: %(what)s"), what=one.told)
    may = may_approve(odzew, workspace, who)
    needed = 2 if reasons_for_two(odzew, session, workspace, draft) else 1
    return drafts.approve(draft_id, who=who, at=at, may=may, needed=needed, note=note)


def reasons_for_two(
    odzew: Odzew, session: Session, workspace: str, draft: DraftRow
) -> tuple[SecondReason, ...]:
    """Why two people have to approve a draft; empty where one is enough."""
    if not odzew.settings.two_approvers:
        return ()
    plan = plan_of(draft.plan)
    level = CaseRepository(session, workspace).get(draft.case_id).level
    is_compensating = plan is not None and bool(promises(plan, draft.body))
    return second_reasons(plan, level, is_compensating=is_compensating)


def plan_of(kept: Mapping[str, Any]) -> DraftPlan | None:
    """The plan kept with a draft, None where an earlier version made it."""
    try:
        return from_json(kept["plan"])
    except (PlanError, KeyError):
        return None


def detector(odzew: Odzew) -> Callable[[str], tuple[str, float]]:
    """Gives the language of a text and how sure that is."""

    def detect(text: str) -> tuple[str, float]:
        (found,) = odzew.reader.languages.detect_many([text])
        return found.code, found.confidence

    return detect
