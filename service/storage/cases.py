"""Cases and their events in SQL: a row is what its events have left of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.exc import StaleDataError

from pipelines.assignment import Load
from pipelines.cases import OPEN, Status, Step, due, take
from pipelines.clock import Clock
from pipelines.contracts import ENGINE
from pipelines.followup.drafting import Draft
from pipelines.messages import N_
from pipelines.ports import CustomerCase, Placement, StepTaken
from pipelines.triage import clock_segment, effective_segment
from service.storage.answer_tables import ExcerptRow, Feedback, Reading, Respondent
from service.storage.case_rows import complete, details_of, event_of, pause_json, status_of
from service.storage.case_tables import CaseAnswer, CaseEvent, CaseRow
from service.storage.conflicts import ConflictError, NotFoundError
from service.storage.draft_tables import DecisionRow, DraftRow
from service.storage.occasions import keep_moves
from service.storage.replies import look_at

_KEYS_A_QUERY = 500
WHOLE = (
    joinedload(CaseRow.feedback).joinedload(Feedback.respondent),
    joinedload(CaseRow.feedback)
    .joinedload(Feedback.reading)
    .selectinload(Reading.excerpts)
    .joinedload(ExcerptRow.theme),
)
"""A case with all that is shown of its answer."""


class CaseRepository:
    """Cases of one workspace; implements `pipelines.ports.CaseStore`."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def get(self, case_id: str) -> CaseRow:
        """One case with all that its page shows of the answer.

        Raises:
            NotFoundError: not in this workspace.
        """
        query = (
            select(CaseRow)
            .where(CaseRow.workspace_id == self._workspace, CaseRow.id == case_id)
            .options(*WHOLE)
        )
        case = self._session.scalars(query).unique().one_or_none()
        if case is None:
            raise NotFoundError(N_("There is no case %(id)s here."), id=case_id[:40])
        return case

    def of_feedback(self, feedback_ids: Sequence[str]) -> dict[str, str]:
        """Case ids by feedback id."""
        query = (
            select(CaseAnswer.feedback_id, CaseAnswer.case_id)
            .join(CaseRow, CaseRow.id == CaseAnswer.case_id)
            .where(CaseRow.workspace_id == self._workspace)
            .where(CaseAnswer.feedback_id.in_(feedback_ids))
        )
        return {row.feedback_id: row.case_id for row in self._session.execute(query)}

    def answers(self, case_id: str) -> list[Feedback]:
        """All answers of a case, newest first, with what their pages show."""
        query = (
            select(Feedback)
            .join(CaseAnswer, CaseAnswer.feedback_id == Feedback.id)
            .where(CaseAnswer.case_id == case_id, Feedback.workspace_id == self._workspace)
            .options(
                joinedload(Feedback.respondent),
                joinedload(Feedback.reading)
                .selectinload(Reading.excerpts)
                .joinedload(ExcerptRow.theme),
            )
            .order_by(Feedback.occurred_at.desc())
        )
        return list(self._session.scalars(query).unique())

    def events(self, case_id: str) -> list[CaseEvent]:
        """What happened to a case, oldest first."""
        query = select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id)
        return list(self._session.scalars(query))

    def move(
        self, case_id: str, step: Step, clock: Clock, *, revision: int | None = None
    ) -> CaseRow:
        """Move a case and record who did it; a step that is sent again changes nothing.

        Args:
            case_id: of a case.
            step: what is done.
            clock: the workspace's.
            revision: of the case that whoever moves it has looked at.

        Raises:
            NotFoundError: not in this workspace.
            MoveError: its state does not allow the move, or something is missing.
            OwnerError: somebody else has it.
            ConflictError: it is not at `revision` any more, or another moved it just now.
        """
        case = self.get(case_id)
        if revision is not None and case.revision != revision:
            if case.revision == revision + 1 and self._is_last(case.id, step):
                return case
            raise ConflictError(N_("Somebody changed this case meanwhile. Look at it again."))
        before = status_of(case)
        after = take(before, step)
        self.put(case, after, clock)
        step = complete(step)
        self._session.add(event_of(case.id, StepTaken(step, before.state, after.state)))
        keep_moves(self._session, case, [step], is_news=False)
        if step.who != ENGINE and step.said is None:  # whoever moves it has looked at it
            look_at(self._session, case.id, step.at)
        try:
            self._session.flush()
        except StaleDataError as error:
            raise ConflictError(
                N_("Somebody moved this case just now. Look at it again.")
            ) from error
        return case

    def _is_last(self, case_id: str, step: Step) -> bool:
        """Whether the newest event of a case is this very step."""
        query = select(CaseEvent).where(CaseEvent.case_id == case_id)
        last = self._session.scalars(query.order_by(CaseEvent.id.desc()).limit(1)).one()
        said = (last.move, last.who, last.note, last.details)
        again = complete(replace(step, at=last.at))
        return said == (again.move, again.who, again.note.strip(), details_of(again))

    def resolved_with(self, theme_ids: Collection[str], most: int) -> list[CaseRow]:
        """Cases about some themes that people have resolved, the newest first."""
        about = select(ExcerptRow.feedback_id).where(
            ExcerptRow.workspace_id == self._workspace, ExcerptRow.theme_id.in_(theme_ids)
        )
        query = (
            select(CaseRow)
            .where(CaseRow.workspace_id == self._workspace, CaseRow.resolved_at.is_not(None))
            .where(CaseRow.feedback_id.in_(about))
            .order_by(CaseRow.resolved_at.desc())
            .limit(most)
        )
        return list(self._session.scalars(query))

    def newest_of(self, customers: Collection[str]) -> dict[str, CustomerCase]:
        """See `CaseStore.newest_of`."""
        wanted, found = list(customers), dict[str, CustomerCase]()
        for start in range(0, len(wanted), _KEYS_A_QUERY):
            query = (
                select(Respondent.external_id, CaseRow)
                .join(Feedback, Feedback.respondent_id == Respondent.id)
                .join(CaseRow, CaseRow.feedback_id == Feedback.id)
                .where(Respondent.workspace_id == self._workspace)
                .where(Respondent.external_id.in_(wanted[start : start + _KEYS_A_QUERY]))
                .order_by(CaseRow.opened_at, CaseRow.id)
                # Nobody moves them before the answers are placed (SQLite locks as a whole).
                .with_for_update(of=CaseRow)
            )
            for customer, case in self._session.execute(query):
                found[customer] = CustomerCase(case.id, status_of(case), case.priority_score)
        return found

    def load(self) -> Load:
        """See `CaseStore.load`."""
        having = (
            select(CaseRow.owner, func.count())
            .where(CaseRow.workspace_id == self._workspace, CaseRow.owner.is_not(None))
            .group_by(CaseRow.owner)
        )
        opened = having.where(CaseRow.state.in_(OPEN))
        turns = having.with_only_columns(CaseRow.owner, func.max(CaseRow.opened_at)).order_by(
            func.max(CaseRow.opened_at)
        )
        return Load(
            {str(owner): int(count) for owner, count in self._session.execute(opened)},
            {str(owner): at for at, (owner, _) in enumerate(self._session.execute(turns), 1)},
        )

    def place(self, placements: Sequence[Placement], clock: Clock) -> None:
        """See `CaseStore.place`."""
        known = {
            case.id: case
            for case in self._session.scalars(
                select(CaseRow)
                .where(CaseRow.id.in_([one.case_id for one in placements if not one.is_new]))
                .options(joinedload(CaseRow.feedback).joinedload(Feedback.reading))
            )
        }
        for one in placements:
            if one.is_new:
                known[one.case_id] = _opened(one, self._workspace)
                self._session.add(known[one.case_id])
        self._session.flush()
        leading: dict[str, Sequence[str]] = {}
        for one in placements:
            case = known[one.case_id]
            if one.leads:
                _lead(case, one)
                leading[case.id] = one.received.understanding.signals
            self.put(case, one.status, clock, signals=leading.get(case.id))
            answer = CaseAnswer(
                feedback_id=one.received.feedback_id,
                case_id=case.id,
                joined_at=one.received.received_at,
            )
            self._session.add_all([answer, *(event_of(case.id, taken) for taken in one.steps)])
            keep_moves(self._session, case, [taken.step for taken in one.steps], is_news=one.leads)
            if one.leads and one.received.opening is not None and one.received.opening.draft:
                self._add_draft(case.id, one, one.received.opening.draft)
        self._session.flush()

    def _add_draft(self, case_id: str, one: Placement, draft: Draft) -> None:
        """The engine's draft, unless a person is at work on one."""
        newest = self._session.execute(
            select(DraftRow.number, DraftRow.author, DecisionRow.verdict)
            .outerjoin(DecisionRow, DecisionRow.draft_id == DraftRow.id)
            .where(DraftRow.case_id == case_id)
            .order_by(DraftRow.number.desc())
            .limit(1)
        ).one_or_none()
        if newest is not None and newest.author != ENGINE and newest.verdict is None:
            return
        number = newest.number + 1 if newest else 1
        self._session.add(DraftRow.of_engine(case_id, number, draft, one.received.received_at))
        self._session.flush()

    def put(
        self,
        case: CaseRow,
        status: Status,
        clock: Clock,
        *,
        signals: Sequence[str] | None = None,
    ) -> None:
        """Write a status into a case's row, with the moment until which it is due.

        It is counted from the first answer that nobody has replied to, whichever leads the case.
        """
        case.state, case.owner = status.state, status.owner
        case.started_at, case.contacted_at = status.started_at, status.contacted_at
        case.pauses = [pause_json(pause) for pause in status.pauses]
        case.snoozed_until, case.resolved_at = status.snoozed_until, status.resolved_at
        case.resolution = status.resolution.to_json() if status.resolution else None
        case.verify_on, case.is_second_level = status.verify_on, status.is_second_level
        said = case.feedback.reading.signals if signals is None else signals
        segment = clock_segment(case.segment or "passive", said)  # type: ignore[arg-type]
        moment = due(status, clock, segment, case.level)  # type: ignore[arg-type]
        started = status.contacted_at or status.started_at
        case.due_soon_at = clock.soon_from(started, moment, status.pauses) if moment else None
        if moment is not None and moment != case.respond_by:
            case.respond_by, case.alerted = moment, None


def _opened(one: Placement, workspace: str) -> CaseRow:
    case = CaseRow(
        id=one.case_id,
        workspace_id=workspace,
        state="new",
        started_at=one.status.started_at,
        pauses=[],
        opened_at=one.received.received_at,
        respond_by=one.received.priority.respond_by,
    )
    _lead(case, one)
    return case


def _lead(case: CaseRow, one: Placement) -> None:
    """Make an answer the one that a case is about."""
    received, priority = one.received, one.received.priority
    case.feedback_id = received.feedback_id
    case.segment = effective_segment(received.segment, received.understanding)
    case.language = received.understanding.language.code
    case.level, case.priority_score = priority.level, priority.score
    case.reasons = [asdict(reason) for reason in priority.reasons]
