from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from pipelines.cases import MOVES, MoveError, Status, Step, take
from pipelines.contracts import ENGINE, Answer, Person
from pipelines.reception import Keyed
from pipelines.resolution import Resolution
from pipelines.segments import NPS
from pipelines.understanding import Reader
from service.settings import Settings
from service.storage import access
from service.storage.answer_tables import Feedback, Reading
from service.storage.bulk import BulkRepository
from service.storage.case_rows import former_of, status_of
from service.storage.case_tables import CaseEvent, CaseRow
from service.storage.cases import CaseRepository
from service.storage.conflicts import ConflictError
from service.storage.draft_tables import DraftRow
from service.wiring import Odzew
from tests.stand_in import StandInEncoder, patterns_alone

PEOPLE = ("Ewa", "Jan")
TEXTS = (
    ("The courier never came and nobody answers.", 0),
    ("Thank you, all is fine now.", 10),
    ("ok", 8),
)
ENDED = Resolution("solved", ("The van broke down",))


class CrashError(Exception):
    """The process ended in the middle of a transaction."""


class Cases(RuleBasedStateMachine):
    """People and customers act on a real database, which may crash; events say what is true."""

    reader: Reader

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.odzew = Odzew(Settings(home=Path(self.folder.name)), self.reader)
        self.now = datetime.now(UTC)
        self.told: list[tuple[str, str, str]] = []
        """Case, move and who, of every move that somebody was told was made."""
        self.answered: list[str] = []
        self.written = 0

    @initialize()
    def open(self) -> None:
        with self.odzew.database.transaction() as session:
            self.workspace = access.ensure_workspace(session, "Demo", self.now)

    @rule(customer=st.sampled_from("abc"), text=st.sampled_from(TEXTS))
    def write(self, customer: str, text: tuple[str, int]) -> None:
        self.written += 1
        said = Answer(*text, NPS, "s", self.now, str(self.written), respondent=Person(customer))
        taken = self.odzew.take_in(self.workspace, [Keyed(str(self.written), said)])
        self.answered += taken.ids

    @rule(
        at=st.integers(0, 5),
        move=st.sampled_from(
            [one for one, its in MOVES.items() if one == "undo" or not its.of_engine]
        ),
        who=st.sampled_from([*PEOPLE, ENGINE]),
        owner=st.sampled_from(PEOPLE),
        looked=st.sampled_from(["now", "before", "not"]),
        crash=st.booleans(),
    )
    def act(self, at: int, move: str, who: str, owner: str, looked: str, crash: bool) -> None:
        cases = self.cases()
        if not cases:
            return
        case = cases[at % len(cases)]
        revision = {"now": case.revision, "before": case.revision - 1, "not": None}[looked]
        step = Step(move, who, self.now, "why", owner, self.now + timedelta(hours=5), ENDED)
        events = self.events(case.id)
        try:
            with self.odzew.database.transaction() as session:
                repository = CaseRepository(session, self.workspace)
                moved = repository.move(
                    case.id, step, self.odzew.rules(self.workspace).clock, revision=revision
                )
                if crash:
                    raise CrashError
        except (MoveError, ConflictError, CrashError):
            assert self.events(case.id) == events, "nothing half done"
            return
        if moved.revision != case.revision:
            assert looked != "before", "a stale look moves nothing"
            self.told.append((case.id, move, who))

    @rule(
        move=st.sampled_from(["assign", "close"]),
        who=st.sampled_from(PEOPLE),
        meanwhile=st.booleans(),
    )
    def move_all_and_undo(self, move: str, who: str, meanwhile: bool) -> None:
        """Whatever many cases were, undoing leaves them so, and what others did since too."""
        before = {case.id: self.shown(case) for case in self.cases()}
        if not before:
            return
        clock = self.odzew.rules(self.workspace).clock
        with self.odzew.database.transaction() as session:
            many = BulkRepository(session, self.workspace)
            step = Step(move, who, self.now, "why", "Jan" if move == "assign" else None)
            done = many.move(dict.fromkeys(before), step, clock)
        self.told += [(one["case"], move, who) for one in done.moved]
        if not done.moved:
            return
        since = done.moved[0]["case"] if meanwhile and move == "close" else None
        if since:
            with self.odzew.database.transaction() as session:
                again = Step("reopen", who, self.now, "No")
                CaseRepository(session, self.workspace).move(since, again, clock)
            self.told.append((since, "reopen", who))
        with self.odzew.database.transaction() as session:
            undone = BulkRepository(session, self.workspace).undo(done.id, who, self.now, clock)
        assert [one["case"] for one in undone.refused] == ([since] if since else [])
        after = {case.id: self.shown(case) for case in self.cases()}
        assert {case: one for case, one in after.items() if case != since} == {
            case: one for case, one in before.items() if case != since
        }

    @staticmethod
    def shown(case: CaseRow) -> tuple[Any, ...]:
        return status_of(case), case.respond_by, case.due_soon_at, case.alerted

    @rule(days=st.sampled_from([-1, 0, 3, 40]))
    def the_clock_jumps(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def restart(self) -> None:
        self.odzew.close()
        self.odzew = Odzew(Settings(home=Path(self.folder.name)), self.reader)

    @invariant()
    def a_row_is_what_its_events_leave(self) -> None:
        for case in self.cases():
            status = Status("new", started_at=case.started_at)
            for one in self.events(case.id):
                move, who, moment, note, before, after, details = one
                assert before in (None, status.state)
                if move == "open":
                    continue
                until = details.get("until")
                former = details.get("former")
                ended = details.get("resolution")
                step = Step(
                    move,
                    who,
                    moment,
                    note,
                    details.get("owner"),
                    datetime.fromisoformat(until) if until else None,
                    Resolution.of_json(ended) if ended else None,
                    is_unhappy=details.get("unhappy", False),
                    former=former_of(former) if former else None,
                )
                status = take(status, step)
                assert status.state == after
            # A second level and a clock that began anew are in the events too.
            assert status == replace(status_of(case), started_at=status.started_at)

    @invariant()
    def nothing_that_was_told_is_lost(self) -> None:
        with self.odzew.database.snapshot() as session:
            kept = session.execute(select(CaseEvent.case_id, CaseEvent.move, CaseEvent.who))
            moves = [tuple(row) for row in kept]
            for told in set(self.told):
                assert moves.count(told) == self.told.count(told)
            stored = set(session.scalars(select(Feedback.id)))
            assert set(self.answered) <= stored
            in_queue = set(
                session.scalars(select(Reading.feedback_id).where(Reading.bucket == "queue"))
            )
            assert in_queue <= set(
                CaseRepository(session, self.workspace).of_feedback(sorted(stored))
            )

    @invariant()
    def every_case_has_a_draft(self) -> None:
        with self.odzew.database.snapshot() as session:
            drafted = set(session.scalars(select(DraftRow.case_id)))
        assert {case.id for case in self.cases()} <= drafted

    def teardown(self) -> None:
        self.odzew.close()
        self.folder.cleanup()

    def cases(self) -> list[CaseRow]:
        with self.odzew.database.snapshot() as session:
            return list(session.scalars(select(CaseRow).order_by(CaseRow.id)))

    def events(self, case_id: str) -> list[tuple[Any, ...]]:
        with self.odzew.database.snapshot() as session:
            found = CaseRepository(session, self.workspace).events(case_id)
            return [(e.move, e.who, e.at, e.note, e.before, e.after, e.details) for e in found]


def test_no_illegal_state_no_lost_event_no_double_owner() -> None:
    Cases.reader = replace(Reader.load(StandInEncoder()), signals=patterns_alone())

    run_state_machine_as_test(
        Cases, settings=settings(deadline=None, max_examples=25, stateful_step_count=25)
    )
