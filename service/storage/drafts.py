"""Drafts of follow-ups and what people decided about them; both are only ever added."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipelines.cases import Step
from pipelines.clock import Clock
from pipelines.contracts import PipelineError
from pipelines.messages import N_, Told
from pipelines.words import MAX_NOTE, check_words
from service.storage.cases import CaseRepository
from service.storage.conflicts import ConflictError, NotFoundError
from service.storage.tables import CaseRow, DecisionRow, DraftRow, Feedback, new_id

MAX_SUBJECT, MAX_DRAFT = 300, 20_000

_DECIDED = {
    "approved": N_("This draft was approved by %(name)s before."),
    "rejected": N_("This draft was rejected by %(name)s before."),
}


class DraftRepository:
    """Drafts of one workspace."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def of_case(self, case_id: str) -> list[tuple[DraftRow, DecisionRow | None]]:
        """Drafts of a case with their decisions, oldest first."""
        query = (
            select(DraftRow, DecisionRow)
            .outerjoin(DecisionRow, DecisionRow.draft_id == DraftRow.id)
            .where(DraftRow.case_id == case_id)
            .order_by(DraftRow.number)
        )
        return [(draft, decision) for draft, decision in self._session.execute(query)]

    def get(self, draft_id: str) -> tuple[DraftRow, DecisionRow | None]:
        """A draft and what was decided about it.

        Raises:
            NotFoundError: not in this workspace.
        """
        query = (
            select(DraftRow, DecisionRow)
            .join(CaseRow, CaseRow.id == DraftRow.case_id)
            .outerjoin(DecisionRow, DecisionRow.draft_id == DraftRow.id)
            .where(DraftRow.id == draft_id, CaseRow.workspace_id == self._workspace)
        )
        row = self._session.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(N_("There is no draft %(id)s here."), id=draft_id[:40])
        return row[0], row[1]

    def last_approved(self, draft: DraftRow) -> str | None:
        """The newest text that the customer of a draft was approved, itself aside."""
        own = select(Feedback.respondent_id).join(CaseRow, CaseRow.feedback_id == Feedback.id)
        customer = self._session.scalar(own.where(CaseRow.id == draft.case_id))
        if customer is None:
            return None
        query = (
            select(DraftRow.body)
            .join(DecisionRow, DecisionRow.draft_id == DraftRow.id)
            .join(CaseRow, CaseRow.id == DraftRow.case_id)
            .join(Feedback, Feedback.id == CaseRow.feedback_id)
            .where(Feedback.respondent_id == customer, DecisionRow.verdict == "approved")
            .where(DraftRow.id != draft.id)
            .order_by(DecisionRow.at.desc())
            .limit(1)
        )
        return self._session.scalar(query)

    def revise(self, draft_id: str, *, subject: str, body: str, who: str, at: datetime) -> DraftRow:
        """Add a person's text as the next draft; the one it replaces stays as it was.

        Raises:
            NotFoundError: not in this workspace.
            ConflictError: a newer draft is there, or this one was decided about.
            PipelineError: subject or body is empty or too long.
        """
        old = self._newest(draft_id, may_be_rejected=True)
        subject, body = tidy(subject, body)
        _check_draft(subject, body)
        new = DraftRow(
            id=new_id("drf"),
            case_id=old.case_id,
            number=old.number + 1,
            author=who,
            language=old.language,
            subject=subject,
            body=body,
            plan=old.plan,
            created_at=at,
        )
        self._session.add(new)
        self._session.flush()
        return new

    def approve(self, draft_id: str, clock: Clock, *, who: str, at: datetime) -> DecisionRow:
        """Approve the newest draft of a case, which moves to contacting if it is not there.

        Raises:
            NotFoundError: not in this workspace.
            ConflictError: a newer draft is there, or this one was decided about.
            MoveError: the case is closed or resolved.
            OwnerError: somebody else has the case.
        """
        draft = self._newest(draft_id, may_be_rejected=False)
        cases = CaseRepository(self._session, self._workspace)
        if cases.get(draft.case_id).state != "contacting":
            said = Told(N_("Draft approved"))
            cases.move(draft.case_id, Step("contact", who, at, str(said), said=said), clock)
        return self._decide(draft, "approved", who, at, "")

    def reject(self, draft_id: str, *, who: str, at: datetime, reason: str) -> DecisionRow:
        """Reject the newest draft of a case; the case stays where it is.

        Raises:
            NotFoundError: not in this workspace.
            ConflictError: a newer draft is there, or this one was decided about.
            PipelineError: no reason, or too long a one.
        """
        if not reason.strip():
            raise PipelineError(
                N_("Rejecting a draft needs a reason that says what is wrong with it.")
            )
        check_words(N_("A reason"), reason, MAX_NOTE)
        draft = self._newest(draft_id, may_be_rejected=False)
        return self._decide(draft, "rejected", who, at, reason.strip())

    def _decide(
        self, draft: DraftRow, verdict: str, who: str, at: datetime, reason: str
    ) -> DecisionRow:
        decision = DecisionRow(draft_id=draft.id, verdict=verdict, who=who, at=at, reason=reason)
        self._session.add(decision)
        self._session.flush()
        return decision

    def _newest(self, draft_id: str, *, may_be_rejected: bool) -> DraftRow:
        draft, decision = self.get(draft_id)
        newest = self._session.scalar(
            select(func.max(DraftRow.number)).where(DraftRow.case_id == draft.case_id)
        )
        if newest != draft.number:
            raise ConflictError(N_("There is a newer draft of this case. Look at it again."))
        if decision is not None and not (may_be_rejected and decision.verdict == "rejected"):
            raise ConflictError(_DECIDED[decision.verdict], name=decision.who)
        return draft


def tidy(subject: str, body: str) -> tuple[str, str]:
    """Subject and text as they are kept: one line, and lines that end in a newline only."""
    return re.sub(r"[ \t\r\n]+", " ", subject).strip(), body.replace("\r\n", "\n").strip()


def _check_draft(subject: str, body: str) -> None:
    if not subject or not body:
        raise PipelineError(N_("A draft needs a subject and a text; write both."))
    check_words(N_("A subject"), subject, MAX_SUBJECT)
    check_words(N_("A draft"), body, MAX_DRAFT)
