"""What people say of a priority: each judgement is an event of its case, and is learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from pipelines.cases import MoveError
from pipelines.contracts import LEVELS, Level, Priority, Reason
from pipelines.messages import N_
from pipelines.rules import Rules
from pipelines.triage import judged
from pipelines.words import MAX_NOTE, check_words
from service.storage.answer_tables import Feedback
from service.storage.case_rows import status_of
from service.storage.case_tables import CaseEvent, CaseRow
from service.storage.cases import WHOLE, CaseRepository
from service.storage.conflicts import ConflictError

JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The level that a person gave to an answer, and why."""

    feedback: Feedback
    level: Level
    note: str


class JudgingRepository:
    """Judgements of one workspace's priorities."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def judge(
        self,
        case_id: str,
        level: str,
        rules: Rules,
        *,
        who: str,
        at: datetime,
        note: str,
        revision: int | None = None,
    ) -> CaseRow:
        """Put a case at another level; the moment it is due moves with it.

        Args:
            case_id: of a case.
            level: one of `LEVELS`.
            rules: the workspace's.
            who: a person.
            at: aware.
            note: why the level that it had is wrong.
            revision: of the case that they have looked at.

        Raises:
            NotFoundError: no such case in this workspace.
            MoveError: no such level, the case has it already, or the note is missing or too long.
            ConflictError: somebody changed the case since they looked.
        """
        cases = CaseRepository(self._session, self._workspace)
        case = cases.get(case_id)
        if revision is not None and case.revision != revision:
            raise ConflictError(N_("Somebody changed this case meanwhile. Look at it again."))
        _check(case, level, note)
        reasons = tuple(Reason(**stored) for stored in case.reasons)
        said: Level = level  # type: ignore[assignment]
        before = Priority(case.level, case.priority_score, case.respond_by, reasons)  # type: ignore[arg-type]
        after = judged(before, said, who, rules.weights)
        details = {"level": level, "instead_of": case.level, "feedback": case.feedback_id}
        case.level, case.priority_score = after.level, after.score
        case.reasons = [asdict(one) for one in after.reasons]
        cases.put(case, status_of(case), rules.clock)
        self._session.add(
            CaseEvent(
                case_id=case.id,
                at=at,
                who=who,
                move=JUDGE,
                before=case.state,
                after=case.state,
                note=note.strip(),
                details=details,
            )
        )
        try:
            self._session.flush()
        except StaleDataError as error:
            raise ConflictError(
                N_("Somebody moved this case just now. Look at it again.")
            ) from error
        return case

    def judgements(self) -> Sequence[Judgement]:
        """The last judgement of each answer that still leads its case, oldest first."""
        query = (
            select(CaseEvent, CaseRow)
            .join(CaseRow, CaseRow.id == CaseEvent.case_id)
            .where(CaseRow.workspace_id == self._workspace, CaseEvent.move == JUDGE)
            .options(*WHOLE)
            .order_by(CaseEvent.id)
        )
        found: dict[str, Judgement] = {}
        for event, case in self._session.execute(query).unique():
            if event.details["feedback"] == case.feedback_id:
                found.pop(case.feedback_id, None)
                found[case.feedback_id] = Judgement(
                    case.feedback, event.details["level"], event.note
                )
        return list(found.values())


def _check(case: CaseRow, level: str, note: str) -> None:
    if level not in LEVELS:
        raise MoveError(N_("A priority is one of %(levels)s."), levels=", ".join(LEVELS))
    if level == case.level:
        raise MoveError(N_("This case has priority %(level)s already."), level=level)
    if not note.strip():
        raise MoveError(N_("Say in a few words why the priority is another."))
    check_words(N_("A note"), note, MAX_NOTE)
