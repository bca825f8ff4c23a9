"""Cases, their events, drafts and decisions in SQL, and the queue that is read from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, Select, UnaryExpression, func, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.exc import StaleDataError

from pipelines.cases import MAX_NOTE, check_words, next_state
from pipelines.contracts import PipelineError
from service.storage.feedback import case_event
from service.storage.tables import (
    CaseEvent,
    CaseRow,
    DecisionRow,
    DraftRow,
    ExcerptRow,
    Feedback,
    Reading,
    new_id,
)

Sort: TypeAlias = Literal["priority", "respond_by", "newest"]
SORTS: tuple[Sort, ...] = ("priority", "respond_by", "newest")
MAX_SUBJECT, MAX_DRAFT = 300, 20_000


_WHOLE = (
    joinedload(CaseRow.feedback).joinedload(Feedback.respondent),
    joinedload(CaseRow.feedback)
    .joinedload(Feedback.reading)
    .selectinload(Reading.excerpts)
    .joinedload(ExcerptRow.theme),
)
"""A case with all that is shown of its answer."""


class NotFoundError(Exception):
    """There is no such thing in this workspace."""


class ConflictError(PipelineError):
    """Somebody else changed it meanwhile, or it was decided before."""


@dataclass(frozen=True)
class QueueFilter:
    """What of the queue to show; None shows all of a kind."""

    state: str | None = "new"
    segment: str | None = None
    level: str | None = None
    language: str | None = None
    theme: str | None = None
    sort: Sort = "priority"


class CaseRepository:
    """Cases of one workspace."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def queue(
        self, wanted: QueueFilter, *, limit: int, offset: int = 0
    ) -> tuple[list[CaseRow], int]:
        """One page of cases with their answers, in order, and how many there are in all."""
        base = self._filtered(wanted)
        total = self._session.scalar(select(func.count()).select_from(base.subquery()))
        page = base.options(*_WHOLE).order_by(*_order(wanted.sort)).limit(limit).offset(offset)
        return list(self._session.scalars(page).unique()), int(total or 0)

    def opened_since(self, since: datetime, most: int) -> list[CaseRow]:
        """The newest cases with their answers, as their pages show them."""
        query = (
            select(CaseRow)
            .where(CaseRow.workspace_id == self._workspace, CaseRow.opened_at >= since)
            .options(*_WHOLE)
            .order_by(CaseRow.opened_at.desc(), CaseRow.id)
            .limit(most)
        )
        return list(self._session.scalars(query).unique())

    def counts(self, state: str | None) -> dict[str, dict[str, int]]:
        """How many cases of a state there are by segment, level and language."""
        columns = {
            "segment": CaseRow.segment,
            "level": CaseRow.level,
            "language": CaseRow.language,
        }
        counted: dict[str, dict[str, int]] = {}
        for name, column in columns.items():
            query = select(column, func.count()).where(*self._of_state(state)).group_by(column)
            counted[name] = {str(key): int(n) for key, n in self._session.execute(query) if key}
        query = (
            select(CaseRow.state, func.count())
            .where(CaseRow.workspace_id == self._workspace)
            .group_by(CaseRow.state)
        )
        counted["state"] = {str(key): int(n) for key, n in self._session.execute(query)}
        return counted

    def overdue(self, now: datetime) -> int:
        """How many new cases are past their time."""
        query = select(func.count()).where(*self._of_state("new"), CaseRow.respond_by < now)
        return int(self._session.scalar(query) or 0)

    def get(self, case_id: str) -> CaseRow:
        """One case with all that its page shows of the answer.

        Raises:
            NotFoundError: not in this workspace.
        """
        query = (
            select(CaseRow)
            .where(CaseRow.workspace_id == self._workspace, CaseRow.id == case_id)
            .options(*_WHOLE)
        )
        case = self._session.scalars(query).unique().one_or_none()
        if case is None:
            raise NotFoundError(f"There is no case {case_id[:40]} here.")
        return case

    def of_feedback(self, feedback_ids: Sequence[str]) -> dict[str, str]:
        """Case ids by feedback id."""
        query = select(CaseRow.feedback_id, CaseRow.id).where(
            CaseRow.workspace_id == self._workspace, CaseRow.feedback_id.in_(feedback_ids)
        )
        return {row.feedback_id: row.id for row in self._session.execute(query)}

    def events(self, case_id: str) -> list[CaseEvent]:
        """What happened to a case, oldest first."""
        query = select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id)
        return list(self._session.scalars(query))

    def drafts(self, case_id: str) -> list[tuple[DraftRow, DecisionRow | None]]:
        """Drafts of a case with their decisions, oldest first."""
        query = (
            select(DraftRow, DecisionRow)
            .outerjoin(DecisionRow, DecisionRow.draft_id == DraftRow.id)
            .where(DraftRow.case_id == case_id)
            .order_by(DraftRow.number)
        )
        return [(draft, decision) for draft, decision in self._session.execute(query)]

    def move(
        self,
        case_id: str,
        move: str,
        *,
        who: str,
        at: datetime,
        note: str = "",
        revision: int | None = None,
    ) -> CaseRow:
        """Move a case and record who did it.

        Raises:
            NotFoundError: not in this workspace.
            MoveError: its state does not allow the move, or the note is missing.
            ConflictError: it is not at `revision` any more, or another moved it just now.
        """
        case = self.get(case_id)
        if revision is not None and case.revision != revision:
            raise ConflictError("Somebody changed this case meanwhile. Look at it again.")
        before = case.state
        case.state = next_state(before, move, note)
        self._session.add(case_event(case.id, at, who, move, before, case.state, note.strip()))
        try:
            self._session.flush()
        except StaleDataError as error:
            raise ConflictError("Somebody moved this case just now. Look at it again.") from error
        return case

    def draft(self, draft_id: str) -> tuple[DraftRow, DecisionRow | None]:
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
            raise NotFoundError(f"There is no draft {draft_id[:40]} here.")
        return row[0], row[1]

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

    def approve(self, draft_id: str, *, who: str, at: datetime) -> DecisionRow:
        """Approve the newest draft of a case; a new case moves to contacting.

        Raises:
            NotFoundError: not in this workspace.
            ConflictError: a newer draft is there, or this one was decided about.
            MoveError: the case is closed or resolved.
        """
        draft = self._newest(draft_id, may_be_rejected=False)
        case = self.get(draft.case_id)
        if case.state != "contacting":
            self.move(case.id, "contact", who=who, at=at, note="Draft approved")
        return self._decide(draft, "approved", who, at, "")

    def reject(self, draft_id: str, *, who: str, at: datetime, reason: str) -> DecisionRow:
        """Reject the newest draft of a case; the case stays where it is.

        Raises:
            NotFoundError: not in this workspace.
            ConflictError: a newer draft is there, or this one was decided about.
            PipelineError: no reason, or too long a one.
        """
        if not reason.strip():
            raise PipelineError("Rejecting a draft needs a reason that says what is wrong with it.")
        check_words("A reason", reason, MAX_NOTE)
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
        draft, decision = self.draft(draft_id)
        newest = self._session.scalar(
            select(func.max(DraftRow.number)).where(DraftRow.case_id == draft.case_id)
        )
        if newest != draft.number:
            raise ConflictError("There is a newer draft of this case. Look at it again.")
        if decision is not None and not (may_be_rejected and decision.verdict == "rejected"):
            raise ConflictError(f"This draft was {decision.verdict} by {decision.who} before.")
        return draft

    def _of_state(self, state: str | None) -> list[ColumnElement[bool]]:
        conditions = [CaseRow.workspace_id == self._workspace]
        if state is not None:
            conditions.append(CaseRow.state == state)
        return conditions

    def _filtered(self, wanted: QueueFilter) -> Select[CaseRow]:
        query = select(CaseRow).where(*self._of_state(wanted.state))
        for name in ("segment", "level", "language"):
            value = getattr(wanted, name)
            if value is not None:
                query = query.where(getattr(CaseRow, name) == value)
        if wanted.theme is not None:
            about = select(ExcerptRow.feedback_id).where(
                ExcerptRow.workspace_id == self._workspace, ExcerptRow.theme_id == wanted.theme
            )
            query = query.where(CaseRow.feedback_id.in_(about))
        return query


def _order(sort: Sort) -> tuple[UnaryExpression[Any], ...]:
    if sort == "respond_by":
        return (CaseRow.respond_by.asc(), CaseRow.priority_score.desc(), CaseRow.id.asc())
    if sort == "newest":
        return (CaseRow.opened_at.desc(), CaseRow.priority_score.desc(), CaseRow.id.asc())
    return (CaseRow.priority_score.desc(), CaseRow.respond_by.asc(), CaseRow.id.asc())


def tidy(subject: str, body: str) -> tuple[str, str]:
    """Subject and text as they are kept: one line, and lines that end in a newline only."""
    return re.sub(r"[ \t\r\n]+", " ", subject).strip(), body.replace("\r\n", "\n").strip()


def _check_draft(subject: str, body: str) -> None:
    if not subject or not body:
        raise PipelineError("A draft needs a subject and a text; write both.")
    check_words("A subject", subject, MAX_SUBJECT)
    check_words("A draft", body, MAX_DRAFT)
