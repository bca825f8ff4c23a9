"""Cases that time has caught up with: they wake, are due soon, or should have been done by now."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from pipelines.cases import TIMED, Step
from pipelines.contracts import Priority, Reason
from pipelines.messages import N_, Told
from pipelines.rules import Rules
from pipelines.triage import BREACHED, DUE_SOON, in_time
from service.storage.answer_tables import Feedback
from service.storage.case_tables import CaseAlert, CaseRow
from service.storage.cases import CaseRepository
from service.storage.occasions import keep_alert


class CaseWatch:
    """The clock of one workspace's cases."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def look(self, rules: Rules, now: datetime, most: int) -> list[CaseAlert | None]:
        """See to the cases whose time has come; gives an alert, or None for one that woke, of each.

        A case is woken when its sleep is over. A case that is due soon or late is judged again,
        and told of once: the next alert about it is of another kind or another moment.

        Args:
            rules: the workspace's.
            now: aware.
            most: cases to see to; the rest is for the next look.
        """
        alerted = CaseRow.alerted
        is_late = and_(CaseRow.respond_by <= now, or_(alerted.is_(None), alerted != BREACHED))
        is_soon = and_(CaseRow.due_soon_at <= now, CaseRow.respond_by > now, alerted.is_(None))
        query = (
            select(CaseRow)
            .where(CaseRow.workspace_id == self._workspace, CaseRow.state.in_(TIMED))
            .where(or_(is_late, is_soon, CaseRow.snoozed_until <= now))
            .options(joinedload(CaseRow.feedback).joinedload(Feedback.reading))
            .order_by(CaseRow.respond_by)
            .limit(most)
        )
        return [self._see_to(case, rules, now) for case in self._session.scalars(query).all()]

    def alerts(self, case_id: str) -> list[CaseAlert]:
        """What was told of a case, oldest first."""
        query = select(CaseAlert).where(
            CaseAlert.workspace_id == self._workspace, CaseAlert.case_id == case_id
        )
        return list(self._session.scalars(query.order_by(CaseAlert.id)))

    def _see_to(self, case: CaseRow, rules: Rules, now: datetime) -> CaseAlert | None:
        if case.snoozed_until is not None and case.snoozed_until <= now:
            cases = CaseRepository(self._session, self._workspace)
            cases.move(
                case.id, Step.of_engine("wake", now, Told(N_("Its sleep is over"))), rules.clock
            )
            return None
        self._judge(case, rules, now)
        case.alerted = BREACHED if case.respond_by <= now else DUE_SOON
        if self._was_told(case):  # judged to another moment and back
            return None
        alert = CaseAlert(
            workspace_id=self._workspace,
            case_id=case.id,
            kind=case.alerted,
            respond_by=case.respond_by,
            owner=case.owner,
            at=now,
        )
        self._session.add(alert)
        keep_alert(self._session, case, alert)
        self._session.flush()
        return alert

    def _was_told(self, case: CaseRow) -> bool:
        own = select(CaseAlert.id).where(
            CaseAlert.case_id == case.id,
            CaseAlert.kind == case.alerted,
            CaseAlert.respond_by == case.respond_by,
        )
        return self._session.scalar(own) is not None

    def _judge(self, case: CaseRow, rules: Rules, now: datetime) -> None:
        reasons = tuple(Reason(**stored) for stored in case.reasons)
        before = Priority(case.level, case.priority_score, case.respond_by, reasons)  # type: ignore[arg-type]
        after = in_time(before, case.contacted_at or case.started_at, rules, now=now)
        case.level, case.priority_score = after.level, after.score
        case.reasons = [asdict(reason) for reason in after.reasons]
