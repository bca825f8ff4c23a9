"""When a case counts as contacted: once its message was taken, and not before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from pipelines.cases import MoveError, Step
from pipelines.contracts import ENGINE
from pipelines.resolution import Resolution
from service.storage import outgoing
from service.storage.bulk import BulkRepository
from service.storage.case_tables import CaseEvent, CaseRow
from service.storage.cases import CaseRepository
from service.storage.draft_tables import MessageRow
from service.storage.messages import MessageRepository
from service.storage.outgoing import LEASE, WAITS, Outgoing
from tests.service.conftest import Mailbox
from tests.service.sending.conftest import Sending

NIGHT = datetime(2026, 11, 25, 21, 30, tzinfo=UTC)


def case_of(sending: Sending, case: str) -> CaseRow:
    with sending.odzew.database.snapshot() as session:
        return CaseRepository(session, sending.workspace).get(case)


def standing(sending: Sending, message: MessageRow) -> tuple[Any, ...]:
    """State, owner and moment of contact of a message's case."""
    case = case_of(sending, message.case_id)
    return case.state, case.owner, case.contacted_at


def contacts(sending: Sending, message: MessageRow) -> list[CaseEvent]:
    with sending.odzew.database.snapshot() as session:
        events = CaseRepository(session, sending.workspace).events(message.case_id)
        return [one for one in events if one.move == "contact"]


def move(sending: Sending, case: str, move: str, who: str, **more: Any) -> None:
    step = Step(move, who, sending.now, "why", **more)
    with sending.odzew.database.transaction() as session:
        CaseRepository(session, sending.workspace).move(case, step, sending.clock)


def say(sending: Sending, message: MessageRow, step: str, who: str = "Jan") -> None:
    with sending.odzew.database.transaction() as session:
        repository = MessageRepository(session, sending.workspace)
        repository.by_person(message.id, step, sending.clock, who=who, at=sending.now)


def begun(sending: Sending) -> MessageRow:
    """A message that a process has begun to hand in and knows nothing more of."""
    message = sending.send(sending.approved())
    with sending.odzew.database.transaction() as session:
        assert Outgoing(session).claim(sending.now, ["mail"]) is not None
    sending.now += 2 * LEASE
    sending.round()
    assert sending.message(message).state == "uncertain"
    return message


def test_a_case_is_contacted_once_its_message_was_taken_by_whoever_put_it_in(
    sending: Sending,
) -> None:
    draft = sending.approved()
    before = case_of(sending, sending.draft_row(draft).case_id)
    message = sending.send(draft)
    assert standing(sending, message) == ("new", None, None)
    assert case_of(sending, message.case_id).respond_by == before.respond_by
    assert contacts(sending, message) == []
    sending.pass_by(minutes=3)
    assert sending.round() == 1
    assert standing(sending, message) == ("contacting", "Ewa", sending.now)
    (event,) = contacts(sending, message)
    assert (event.who, event.before, event.note) == ("Ewa", "new", "Message sent")


def test_the_clock_runs_on_while_a_message_waits_for_the_morning(sending: Sending) -> None:
    sending.now = NIGHT
    message = sending.send(sending.approved())
    assert sending.round() == 0
    assert standing(sending, message) == ("new", None, None)
    sending.now = sending.message(message).due_at
    assert sending.round() == 1
    assert standing(sending, message) == ("contacting", "Ewa", sending.now)
    assert sending.now - NIGHT > timedelta(hours=7)


@pytest.mark.parametrize("way", ["by_hand", "export"])
def test_what_leaves_by_a_persons_hand_counts_at_once(sending: Sending, way: str) -> None:
    message = sending.send(sending.approved(), way)
    assert standing(sending, message) == ("contacting", "Ewa", sending.now)
    assert sending.message(message).state == "sent"


def test_a_message_that_fails_or_is_put_off_or_taken_back_contacts_nobody(
    sending: Sending, mailbox: Mailbox
) -> None:
    failed, put_off, taken_back = (sending.send(sending.approved()) for _ in range(3))
    say(sending, taken_back, "cancel")
    mailbox.refusals.extend(["550 no such box", "451 later"])
    assert sending.round() == 0
    for one in (failed, put_off, taken_back):
        assert standing(sending, one) == ("new", None, None)
    sending.now += WAITS[0]
    assert sending.round() == 1
    states = {standing(sending, one)[0] for one in (failed, put_off)}
    assert states == {"new", "contacting"}


def test_an_uncertain_message_counts_once_somebody_says_it_was_sent(sending: Sending) -> None:
    message = begun(sending)
    assert standing(sending, message) == ("new", None, None)
    say(sending, message, "was_sent", who="Jan")
    assert standing(sending, message) == ("contacting", "Ewa", sending.now)


def test_a_process_that_learns_late_that_a_message_was_taken_counts_it(sending: Sending) -> None:
    message = begun(sending)
    with sending.odzew.database.transaction() as session:
        Outgoing(session).end(message.id, "accepted", "250 OK", sending.now, sending.clock)
    assert standing(sending, message) == ("contacting", "Ewa", sending.now)


def test_a_case_that_is_somebody_elses_meanwhile_is_contacted_and_stays_theirs(
    sending: Sending,
) -> None:
    message = sending.send(sending.approved())
    move(sending, message.case_id, "assign", "Jan", owner="Jan")
    assert sending.round() == 1
    assert standing(sending, message) == ("contacting", "Jan", sending.now)
    (event,) = contacts(sending, message)
    assert (event.who, event.note) == (ENGINE, "Message of Ewa sent")


def end(sending: Sending, case: str, how: str) -> None:
    if how == "resolved":
        move(sending, case, "contact", "Ewa")
        move(sending, case, "resolve", "Ewa", resolution=Resolution("solved", ("No key",)))
    else:
        move(sending, case, "close", "Ewa")


@pytest.mark.parametrize("how", ["closed", "resolved"])
def test_a_case_that_was_ended_meanwhile_stays_so_and_its_message_is_sent(
    sending: Sending, mailbox: Mailbox, how: str
) -> None:
    first, second = sending.send(sending.approved()), sending.send(sending.approved())
    end(sending, first.case_id, how)
    assert sending.round() == 2
    assert len(mailbox.mails) == 2
    assert {sending.message(one).state for one in (first, second)} == {"sent"}
    assert standing(sending, first)[0] == how
    assert standing(sending, second)[0] == "contacting"


@pytest.mark.parametrize("how", ["closed", "resolved"])
def test_nothing_is_put_in_the_outbox_for_a_case_that_was_ended(sending: Sending, how: str) -> None:
    draft = sending.approved()
    end(sending, sending.draft_row(draft).case_id, how)
    with pytest.raises(MoveError):
        sending.send(draft)


@pytest.mark.parametrize("state", ["waiting", "snoozed", "contacting"])
def test_a_message_ends_a_wait_and_a_sleep_and_begins_no_contact_twice(
    sending: Sending, state: str
) -> None:
    message = sending.send(sending.approved())
    if state != "snoozed":
        move(sending, message.case_id, "contact", "Ewa")
    if state == "waiting":
        move(sending, message.case_id, "wait", "Ewa")
    if state == "snoozed":
        until = sending.now + timedelta(days=1)
        move(sending, message.case_id, "snooze", "Ewa", until=until)
    known = len(contacts(sending, message))
    assert sending.round() == 1
    assert standing(sending, message)[0] == "contacting"
    assert len(contacts(sending, message)) == known + (state != "contacting")


def test_message_and_case_are_kept_together_or_not_at_all(
    sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = sending.send(sending.approved())

    def die(*_: Any) -> None:
        raise RuntimeError("The process ends here.")

    monkeypatch.setattr(outgoing, "count_as_contact", die)
    with pytest.raises(RuntimeError):
        sending.round()
    assert sending.message(message).state == "sending"
    assert standing(sending, message) == ("new", None, None)
    monkeypatch.undo()
    sending.now += 2 * LEASE
    sending.round()
    assert sending.message(message).state == "uncertain", "it is not mailed again by itself"


def test_a_case_that_is_moved_while_its_message_is_kept_loses_neither(sending: Sending) -> None:
    sent = [sending.send(sending.approved()) for _ in range(8)]
    ready = Barrier(2)

    def hand_over() -> None:
        ready.wait()
        for one in sent:
            move(sending, one.case_id, "assign", "Jan", owner="Jan")

    other = Thread(target=hand_over)
    other.start()
    ready.wait()
    assert sending.round() == 8
    other.join()
    for one in sent:
        assert sending.message(one).state == "sent"
        state, owner, contacted_at = standing(sending, one)
        assert (state, owner) == ("contacting", "Jan")
        assert contacted_at is not None


def test_what_was_sent_while_its_case_was_closed_by_mistake_counts_once_that_is_undone(
    sending: Sending,
) -> None:
    first, second = sending.send(sending.approved()), sending.send(sending.approved())
    close = Step("close", "Jan", sending.now, "Wrong")
    ids = {first.case_id: None, second.case_id: None}
    with sending.odzew.database.transaction() as session:
        bulk = BulkRepository(session, sending.workspace).move(ids, close, sending.clock)
    say(sending, second, "cancel")
    sending.pass_by(minutes=1)
    assert sending.round() == 1
    sent_at = sending.now
    sending.pass_by(minutes=1)
    with sending.odzew.database.transaction() as session:
        many = BulkRepository(session, sending.workspace)
        undone = many.undo(bulk.id, "Jan", sending.now, sending.clock)
    assert (len(undone.moved), undone.refused) == (2, [])
    assert standing(sending, first) == ("contacting", "Ewa", sent_at)
    assert standing(sending, second) == ("new", None, None)


def test_cases_given_to_somebody_and_contacted_since_are_not_put_back(sending: Sending) -> None:
    message = sending.send(sending.approved())
    give = Step("assign", "Jan", sending.now, owner="Ola")
    with sending.odzew.database.transaction() as session:
        many = BulkRepository(session, sending.workspace)
        bulk = many.move({message.case_id: None}, give, sending.clock)
    sending.round()
    with sending.odzew.database.transaction() as session:
        many = BulkRepository(session, sending.workspace)
        undone = many.undo(bulk.id, "Jan", sending.now, sending.clock)
    assert [one["case"] for one in undone.refused] == [message.case_id]
    assert standing(sending, message)[:2] == ("contacting", "Ola")
