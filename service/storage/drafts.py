"""Drafts of follow-ups and what people said of them; both are only ever added."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from pipelines.cases import check_contact
from pipelines.contracts import ENGINE, PipelineError
from pipelines.followup.drafting import Draft
from pipelines.followup.review import Verdict, check_verdict
from pipelines.messages import N_
from pipelines.words import MAX_NOTE, check_words
from service.storage.answer_tables import Feedback
from service.storage.base import new_id
from service.storage.case_rows import status_of
from service.storage.case_tables import CaseRow
from service.storage.cases import CaseRepository
from service.storage.conflicts import ConflictError, NotFoundError
from service.storage.draft_rows import is_news_of_ended, opinions, standing
from service.storage.draft_tables import DecisionRow, DraftRow, MessageRow

MAX_SUBJECT, MAX_DRAFT = 300, 20_000


class DraftRepository:
    """Drafts of one workspace."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def of_case(self, case_id: str) -> list[DraftRow]:
        """Drafts of a case with their decisions and messages, oldest first."""
        query = _whole().where(DraftRow.case_id == case_id).order_by(DraftRow.number)
        return list(self._session.scalars(query))

    def get(self, draft_id: str) -> DraftRow:
        """A draft with its decisions and its message.

        Raises:
            NotFoundError: not in this workspace.
        """
        query = (
            _whole()
            .join(CaseRow, CaseRow.id == DraftRow.case_id)
            .where(DraftRow.id == draft_id, CaseRow.workspace_id == self._workspace)
            .execution_options(populate_existing=True)
        )
        row = self._session.scalars(query).one_or_none()
        if row is None:
            raise NotFoundError(N_("There is no draft %(id)s here."), id=draft_id[:40])
        return row

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
            .outerjoin(MessageRow, MessageRow.draft_id == DraftRow.id)
            .where(Feedback.respondent_id == customer, DecisionRow.verdict == "approved")
            # A revision of what was approved but not sent is no second message.
            .where((DraftRow.case_id != draft.case_id) | MessageRow.id.is_not(None))
            .where(DraftRow.id != draft.id)
            .order_by(DecisionRow.at.desc())
            .limit(1)
        )
        return self._session.scalar(query)

    def revise(self, draft_id: str, *, subject: str, body: str, who: str, at: datetime) -> DraftRow:
        """Add a person's text as the next draft; the one it replaces stays as it was.

        Nobody has approved the new one yet, whoever approved the old.

        Raises:
            NotFoundError: not in this workspace.
            ConflictError: a newer draft is there, or this one is on its way or sent.
            PipelineError: subject or body is empty or too long.
        """
        old = self.newest(draft_id)
        if standing(old) == "sent":
            raise ConflictError(
                N_("This draft was sent, or is on its way. It cannot be changed any more.")
            )
        subject, body = tidy(subject, body)
        _check_draft(subject, body, has_subject=bool(old.subject))
        return self._add(old, subject, body, who, at)

    def add(self, case_id: str, draft: Draft, at: datetime) -> DraftRow:
        """Add what the engine wrote as the next draft of a case."""
        newest = self._newest_of(case_id, is_locked=True)
        row = DraftRow.of_engine(case_id, newest.number + 1 if newest else 1, draft, at)
        self._session.add(row)
        self._session.flush()
        return self.get(row.id)

    def check_free(self, case_id: str) -> None:
        """See that nobody is at work on a draft of a case, and none is approved.

        Raises:
            ConflictError: somebody is, or one is.
        """
        newest = self._newest_of(case_id, is_locked=True)
        if newest is None:
            return
        state = standing(newest)
        if state == "approved":
            raise ConflictError(N_("This draft is approved. Reject it before it is drafted anew."))
        if state in ("draft", "in_review") and newest.author != ENGINE:
            raise ConflictError(
                N_("%(name)s is at work on this draft. Reject it first, or edit it."),
                name=newest.author,
            )

    def is_untouched(self, case_id: str) -> bool:
        """Whether the newest draft of a case is the engine's and nobody has said anything of it."""
        newest = self._newest_of(case_id, is_locked=True)
        return newest is not None and newest.author == ENGINE and standing(newest) == "draft"

    def next_turn(self, case_id: str) -> int:
        """The turn of the next message to a case's customer: one on for each that was sent."""
        newest = self._newest_of(case_id)
        if newest is None:
            return 0
        turn = int(newest.plan.get("plan", {}).get("turn", newest.number))
        return turn + (standing(newest) == "sent")

    def _newest_of(self, case_id: str, *, is_locked: bool = False) -> DraftRow | None:
        if is_locked:
            self._lock(case_id)
        query = _whole().where(DraftRow.case_id == case_id).order_by(DraftRow.number.desc())
        return self._session.scalars(query.limit(1)).one_or_none()

    def follow_up(self, draft_id: str, *, who: str, at: datetime) -> DraftRow:
        """Begin another message of a case, once the newest was sent, on the same plan.

        Raises:
            NotFoundError: not in this workspace.
            ConflictError: a newer draft is there, or this one was not sent.
        """
        old = self.newest(draft_id)
        if standing(old) != "sent":
            raise ConflictError(N_("This draft was not sent. Edit it instead."))
        return self._add(old, old.subject, greeting(old), who, at)

    def submit(self, draft_id: str, *, who: str, at: datetime, note: str = "") -> DecisionRow:
        """Ask others to look at the newest draft of a case.

        Raises:
            NotFoundError: not in this workspace.
            ConflictError: a newer draft is there.
            ReviewError: it is in review or was decided about.
        """
        check_words(N_("A note"), note, MAX_NOTE)
        draft = self.newest(draft_id)
        return self._decide(draft, "submitted", who, at, note.strip())

    def approve(
        self, draft_id: str, *, who: str, at: datetime, may: bool, needed: int, note: str = ""
    ) -> DecisionRow:
        """Approve the newest draft of a case.

        Args:
            draft_id: of a draft.
            who: approves.
            at: when.
            may: whether their role lets them.
            needed: how many different people must approve.
            note: who said so for them, where they did not do so themselves.

        Raises:
            NotFoundError: not in this workspace.
            ConflictError: a newer draft is there.
            ReviewError: it was decided about, or they may not.
            MoveError: the case is closed or resolved, and the draft answers it.
            OwnerError: somebody else has the case, and one approval is enough.
        """
        draft = self.newest(draft_id)
        case = CaseRepository(self._session, self._workspace).get(draft.case_id)
        if not is_news_of_ended(draft, case):
            check_contact(status_of(case), case.owner if needed > 1 and case.owner else who, at)
        return self._decide(draft, "approved", who, at, note, may=may, needed=needed)

    def reject(self, draft_id: str, *, who: str, at: datetime, reason: str) -> DecisionRow:
        """Reject the newest draft of a case; the case stays where it is.

        Raises:
            NotFoundError: not in this workspace.
            ConflictError: a newer draft is there.
            ReviewError: it is on its way, sent, or was rejected before.
            PipelineError: no reason, or too long a one.
        """
        if not reason.strip():
            raise PipelineError(
                N_("Rejecting a draft needs a reason that says what is wrong with it.")
            )
        check_words(N_("A reason"), reason, MAX_NOTE)
        return self._decide(self.newest(draft_id), "rejected", who, at, reason.strip())

    def newest(self, draft_id: str) -> DraftRow:
        """A draft that is the newest of its case.

        Raises:
            NotFoundError: not in this workspace.
            ConflictError: there is a newer one.
        """
        draft = self.get(draft_id)
        self._lock(draft.case_id)
        draft = self.get(draft_id)
        newest = self._session.scalar(
            select(func.max(DraftRow.number)).where(DraftRow.case_id == draft.case_id)
        )
        if newest != draft.number:
            raise ConflictError(N_("There is a newer draft of this case. Look at it again."))
        return draft

    def _lock(self, case_id: str) -> None:
        # One at a time: what is said of a draft hangs on what was said before.
        locked = select(CaseRow.id).where(CaseRow.id == case_id).with_for_update()
        self._session.execute(locked)

    def _add(self, old: DraftRow, subject: str, body: str, who: str, at: datetime) -> DraftRow:
        """The next draft of a case, on the plan of the one before."""
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
        return self.get(new.id)

    def _decide(
        self,
        draft: DraftRow,
        verdict: Verdict,
        who: str,
        at: datetime,
        reason: str,
        *,
        may: bool = False,
        needed: int = 1,
    ) -> DecisionRow:
        check_verdict(standing(draft), opinions(draft), verdict, who, may=may)
        decision = DecisionRow(
            draft_id=draft.id,
            verdict=verdict,
            who=who,
            at=at,
            reason=reason,
            may_approve=may,
            needed=needed,
        )
        self._session.add(decision)
        self._session.flush()
        return decision


def greeting(draft: DraftRow) -> str:
    """The salutation and the end of a draft, with a place in between that has to be filled in."""
    paragraphs = draft.body.split("\n\n")
    return "\n\n".join((paragraphs[0], "[…]", paragraphs[-1]))


def tidy(subject: str, body: str) -> tuple[str, str]:
    """Subject and text as they are kept: one line, and lines that end in a newline only."""
    return re.sub(r"[ \t\r\n]+", " ", subject).strip(), body.replace("\r\n", "\n").strip()


def _whole() -> Select[DraftRow]:
    return select(DraftRow).options(selectinload(DraftRow.decisions), joinedload(DraftRow.message))


def _check_draft(subject: str, body: str, *, has_subject: bool) -> None:
    if not body or (has_subject and not subject):
        raise PipelineError(
            N_("A draft needs a subject and a text; write both.")
            if has_subject
            else N_("A draft needs a text; write it.")
        )
    check_words(N_("A subject"), subject, MAX_SUBJECT)
    check_words(N_("A draft"), body, MAX_DRAFT)
