"""Whatever people do in whatever order, nothing gets into the outbox without who has to approve."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pipelines.contracts import Answer, PipelineError
from pipelines.reception import Keyed
from pipelines.segments import NPS
from pipelines.understanding import Reader
from service.settings import Settings
from service.storage import access
from service.storage.base import new_id
from service.storage.conflicts import NotFoundError
from service.storage.draft_tables import DecisionRow, DraftRow, MessageRow
from service.storage.drafts import DraftRepository
from service.storage.messages import MessageRepository
from service.storage.outgoing import Outgoing
from service.wiring import Odzew
from tests.homes import Home

NOW = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
MAY = {"Ewa": True, "Jan": True, "Ola": False}
PEOPLE = st.sampled_from(sorted(MAY))


class Review(RuleBasedStateMachine):
    """One case, three people of whom one may not approve, and somebody who writes into tables."""

    reader: Reader
    empty: Home

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        home = Path(self.folder.name)
        self.empty.copy_to(home)
        self.odzew = Odzew(Settings(home=home), self.reader)
        with self.odzew.database.transaction() as session:
            self.workspace = access.ensure_workspace(session, "Demo", NOW)
        answer = Answer("The courier was rude and late.", 2, NPS, "s", NOW)
        self.odzew.take_in(self.workspace, [Keyed("k", answer)])
        self.now = NOW
        self.needed = 1

    def teardown(self) -> None:
        self.odzew.close()
        self.folder.cleanup()

    def drafts(self, session: Session) -> list[DraftRow]:
        case = session.query(DraftRow.case_id).limit(1).scalar()
        return DraftRepository(session, self.workspace).of_case(str(case))

    def act(self, what: Any) -> bool:
        """Do something in a transaction; what people are refused changes nothing."""
        self.now += timedelta(minutes=1)
        try:
            with self.odzew.database.transaction() as session:
                what(session, DraftRepository(session, self.workspace), self.drafts(session))
        except (PipelineError, NotFoundError):
            return False
        return True

    @rule(who=PEOPLE, words=st.sampled_from(["One.", "Two."]))
    def revise(self, who: str, words: str) -> None:
        self.act(
            lambda _, repository, drafts: repository.revise(
                drafts[-1].id, subject="x", body=words, who=who, at=self.now
            )
        )

    @rule(who=PEOPLE, at=st.integers(0, 3))
    def approve(self, who: str, at: int) -> None:
        self.act(
            lambda _, repository, drafts: repository.approve(
                drafts[-1 - at % len(drafts)].id,
                who=who,
                at=self.now,
                may=MAY[who],
                needed=self.needed,
            )
        )

    @rule(who=PEOPLE)
    def submit(self, who: str) -> None:
        self.act(lambda _, repository, drafts: repository.submit(drafts[-1].id, who=who, at=NOW))

    @rule(who=PEOPLE)
    def reject(self, who: str) -> None:
        self.act(
            lambda _, repository, drafts: repository.reject(
                drafts[-1].id, who=who, at=self.now, reason="no"
            )
        )

    @rule(needed=st.sampled_from([1, 2]))
    def the_case_becomes_graver_or_less_so(self, needed: int) -> None:
        self.needed = needed

    @rule(who=PEOPLE, at=st.integers(0, 3), way=st.sampled_from(["mail", "by_hand"]))
    def send(self, who: str, at: int, way: Any) -> None:
        self.act(
            lambda session, _, drafts: MessageRepository(session, self.workspace).put(
                drafts[-1 - at % len(drafts)].id,
                self.odzew.rules(self.workspace).clock,
                way=way,
                recipient="a@b.example",
                mail_id="x",
                who=who,
                at=self.now,
                due_at=self.now,
            )
        )

    @rule(step=st.sampled_from(["accepted", "lost", "refused", "put_off"]))
    def a_process_sends(self, step: Any) -> None:
        def go(session: Session, *_: Any) -> None:
            message = Outgoing(session).claim(self.now, ["mail"])
            if message is not None:
                clock = self.odzew.rules(self.workspace).clock
                Outgoing(session).end(message.id, step, "", self.now, clock)

        self.act(go)

    @rule(step=st.sampled_from(["was_sent", "again", "cancel"]), who=PEOPLE)
    def a_person_says(self, step: str, who: str) -> None:
        def go(session: Session, _: Any, drafts: list[DraftRow]) -> None:
            for one in drafts:
                if one.message is not None:
                    repository = MessageRepository(session, self.workspace)
                    clock = self.odzew.rules(self.workspace).clock
                    repository.by_person(one.message.id, step, clock, who=who, at=self.now)

        self.act(go)

    @rule(at=st.integers(0, 3))
    def somebody_writes_a_message_into_the_table(self, at: int) -> None:
        """Past all our code: the database itself lets in only what may be sent."""
        with self.odzew.database.snapshot() as session:
            drafts = self.drafts(session)
            draft = drafts[-1 - at % len(drafts)]
            is_allowed = draft is drafts[-1] and draft.message is None and ready(draft)
            row = MessageRow(
                id=new_id("msg"),
                workspace_id=self.workspace,
                case_id=draft.case_id,
                draft_id=draft.id,
                **{"way": "mail", "recipient": "a@b.example", "state": "waiting"},
                **{"mail_id": "y", "who": "nobody", "created_at": NOW, "due_at": NOW, "tries": 0},
            )
        try:
            with self.odzew.database.transaction() as session:
                session.add(row)
        except IntegrityError:
            assert not is_allowed
        else:
            assert is_allowed

    @rule(what=st.sampled_from(["draft", "decision", "message"]))
    def somebody_changes_what_was_written(self, what: str) -> None:
        with self.odzew.database.snapshot() as session:
            drafts = self.drafts(session)
            is_there = {
                "draft": True,
                "decision": any(one.decisions for one in drafts),
                "message": any(one.message for one in drafts),
            }[what]
        changes: dict[str, Any] = {
            "draft": update(DraftRow).values(body="Forged."),
            "decision": update(DecisionRow).values(verdict="approved", may_approve=True),
            "message": update(MessageRow).values(mail_id="forged"),
        }
        if not is_there:
            return
        with pytest.raises(IntegrityError), self.odzew.database.transaction() as session:
            session.execute(changes[what])

    @rule(state=st.sampled_from(["waiting", "sending"]))
    def somebody_wakes_messages_in_the_table(self, state: str) -> None:
        """Past all our code: what was taken back stays so once its draft is rejected."""
        with self.odzew.database.snapshot() as session:
            back = [
                one
                for one in self.drafts(session)
                if one.message and one.message.state == "cancelled"
            ]
            are_allowed = all(map(ready, back))
        woken = update(MessageRow).where(MessageRow.state == "cancelled").values(state=state)
        try:
            with self.odzew.database.transaction() as session:
                session.execute(woken)
                if are_allowed:
                    session.rollback()
        except IntegrityError:
            assert not are_allowed
        else:
            assert are_allowed

    @rule(who=PEOPLE)
    def somebody_forges_an_approval_without_the_role(self, who: str) -> None:
        with self.odzew.database.snapshot() as session:
            draft = self.drafts(session)[-1].id
        forged = DecisionRow(
            draft_id=draft,
            **{"verdict": "approved", "who": who, "at": NOW, "reason": ""},
            **{"may_approve": False, "needed": 1},
        )
        with pytest.raises(IntegrityError), self.odzew.database.transaction() as session:
            session.add(forged)

    @invariant()
    def what_is_in_the_outbox_was_approved(self) -> None:
        with self.odzew.database.snapshot() as session:
            for draft in self.drafts(session):
                if draft.message is not None and draft.message.state != "cancelled":
                    assert ready(draft)


def ready(draft: DraftRow) -> bool:
    """Whether as many people as must have approved this very text, told by the rows alone."""
    approved = {one.who: one.needed for one in draft.decisions if one.verdict == "approved"}
    rejected = any(one.verdict == "rejected" for one in draft.decisions)
    allowed = all(MAY[who] for who in approved)
    return bool(approved) and allowed and not rejected and len(approved) >= max(approved.values())


def test_what_was_taken_back_and_rejected_is_not_sent_again(
    reader: Reader, empty_home: Home
) -> None:
    class Machine(Review):
        pass

    Machine.reader, Machine.empty = reader, empty_home
    review = Machine()
    review.approve("Ewa", 0)
    review.send("Ewa", 0, "mail")
    review.a_person_says("cancel", "Ewa")
    review.reject("Ewa")
    review.a_person_says("again", "Ewa")
    review.somebody_wakes_messages_in_the_table("waiting")
    review.a_process_sends("accepted")
    with review.odzew.database.snapshot() as session:
        (draft,) = review.drafts(session)
        assert draft.message is not None
        assert draft.message.state == "cancelled"
    review.teardown()


def test_nothing_is_in_the_outbox_without_the_approvals_it_needs(
    reader: Reader, empty_home: Home
) -> None:
    class Machine(Review):
        pass

    Machine.reader, Machine.empty = reader, empty_home
    run_state_machine_as_test(
        Machine, settings=settings(max_examples=40, stateful_step_count=25, deadline=None)
    )
