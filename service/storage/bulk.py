"""One move of many cases at once, what became of each, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.cases import Former, Step
from pipelines.clock import Clock
from pipelines.contracts import PipelineError
from pipelines.messages import N_, Codes, ToldError
from service.storage.base import new_id
from service.storage.case_rows import former_json, former_of, status_of
from service.storage.case_tables import CaseEvent
from service.storage.cases import CaseRepository
from service.storage.conflicts import ConflictError, NotFoundError
from service.storage.contacts import count_if_sent_since
from service.storage.customers import customer_names
from service.storage.queue_tables import BulkMove

UNDO_WITHIN = timedelta(minutes=10)
"""How long a move of many cases can be taken back."""
MOST = 200
"""Cases of one such move."""
UNDO = "undo"


class BulkRepository:
    """Moves of many cases in one workspace."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace
        self._cases = CaseRepository(session, workspace)

    def move(self, cases: Mapping[str, int | None], step: Step, clock: Clock) -> BulkMove:
        """Make the same move with each case; those that cannot be moved stay as they are.

        Args:
            cases: ids, each with the revision that whoever moves it has looked at.
            step: what is done.
            clock: the workspace's.

        Raises:
            PipelineError: no case was chosen, or too many.
        """
        if not cases:
            raise PipelineError(N_("Choose the cases first: tick the boxes before them."))
        if len(cases) > MOST:
            raise PipelineError(
                N_("At most %(most)s cases are moved at once; choose fewer."), most=MOST
            )
        moved, refused = list[dict[str, Any]](), list[dict[str, Any]]()
        for case_id, revision in cases.items():
            try:
                with self._session.begin_nested():
                    moved.append(self._moved(case_id, revision, step, clock))
            except ToldError as error:
                refused.append(_refusal(case_id, error))
        return self._keep(step, moved, refused)

    def get(self, bulk_id: str) -> BulkMove | None:
        """A move of many cases, None where there is none of that id."""
        found = self._session.get(BulkMove, bulk_id)
        return found if found is not None and found.workspace_id == self._workspace else None

    def customers(self, case_ids: Sequence[str]) -> dict[str, str]:
        """Names of the customers of some cases."""
        return customer_names(self._session, self._workspace, case_ids)

    def step_of(self, bulk: BulkMove) -> tuple[str | None, str]:
        """To whom the cases of a move were given, None where to nobody, and the note with it."""
        event = self._session.get(CaseEvent, bulk.moved[0]["event"]) if bulk.moved else None
        return (event.details.get("owner"), event.note) if event is not None else (None, "")

    def can_undo(self, bulk: BulkMove, who: str, now: datetime) -> bool:
        """Whether somebody can still take a move of many cases back."""
        return self._obstacle(bulk, who, now) is None

    def undo(self, bulk_id: str, who: str, now: datetime, clock: Clock) -> BulkMove:
        """Put cases back where they stood, but for those that somebody has moved since.

        A message that went out while its case was closed counts as contact from then on.

        Raises:
            NotFoundError: no such move of many cases.
            ConflictError: it is somebody else's, too long ago, or was taken back before.
        """
        bulk = self.get(bulk_id)
        if bulk is None:
            raise NotFoundError(N_("There is no move of many cases %(id)s here."), id=bulk_id[:40])
        obstacle = self._obstacle(bulk, who, now)
        if obstacle is not None:
            raise obstacle
        moved, refused = list[dict[str, Any]](), list[dict[str, Any]]()
        for one in bulk.moved:
            try:
                with self._session.begin_nested():
                    step = Step(UNDO, who, now, former=former_of(one["former"]))
                    self._see_that_it_is_last(one["case"], one["event"])
                    moved.append(self._moved(one["case"], None, step, clock))
                    count_if_sent_since(self._session, self._workspace, one["case"], bulk.at, clock)
            except ToldError as error:
                refused.append(_refusal(one["case"], error))
        return self._keep(Step(UNDO, who, now), moved, refused, undoes=bulk.id)

    def _moved(
        self, case_id: str, revision: int | None, step: Step, clock: Clock
    ) -> dict[str, Any]:
        former = former_json(Former.of(status_of(self._cases.get(case_id))))
        self._cases.move(case_id, step, clock, revision=revision)
        return {"case": case_id, "event": self._last(case_id).id, "former": former}

    def _last(self, case_id: str) -> CaseEvent:
        query = select(CaseEvent).where(CaseEvent.case_id == case_id)
        return self._session.scalars(query.order_by(CaseEvent.id.desc()).limit(1)).one()

    def _see_that_it_is_last(self, case_id: str, event_id: int) -> None:
        last = self._last(case_id)
        if last.id != event_id:
            raise ConflictError(
                N_(
                    "%(who)s has moved this case since (%(move)s), so it stays as it is. Open it "
                    "and move it by hand."
                ),
                who=last.who,
                move=Codes("move", (last.move,)),
            )

    def _obstacle(self, bulk: BulkMove, who: str, now: datetime) -> ConflictError | None:
        if bulk.who != who:
            return ConflictError(
                N_("Only %(who)s, who did this, can undo it. Move the cases by hand."), who=bulk.who
            )
        if bulk.move == UNDO or not bulk.moved:
            return ConflictError(N_("There is nothing to undo. Move the cases by hand."))
        if now - bulk.at > UNDO_WITHIN:
            return ConflictError(
                N_("This can be undone for %(minutes)s minutes only. Move the cases by hand."),
                minutes=round(UNDO_WITHIN.total_seconds() / 60),
            )
        if self._session.scalar(select(BulkMove.id).where(BulkMove.undoes == bulk.id)):
            return ConflictError(N_("This was undone already."))
        return None

    def _keep(
        self,
        step: Step,
        moved: Sequence[Mapping[str, Any]],
        refused: Sequence[Mapping[str, Any]],
        undoes: str | None = None,
    ) -> BulkMove:
        kept = BulkMove(
            id=new_id("blk"),
            workspace_id=self._workspace,
            move=step.move,
            who=step.who,
            at=step.at,
            moved=list(moved),
            refused=list(refused),
            undoes=undoes,
        )
        self._session.add(kept)
        self._session.flush()
        return kept


def _refusal(case_id: str, error: ToldError) -> dict[str, Any]:
    said = error.told.to_json()
    return {"case": case_id, "why": said["message"], "facts": said["facts"]}
