"""What came back rings the bell of whoever has the case, once, until somebody has looked at it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from pipelines.cases import Step
from pipelines.contracts import ENGINE
from pipelines.notices.choices import Choices, Quiet
from service.notices.delivery import Postman
from service.notices.spreading import spread
from service.storage.cases import CaseRepository
from service.storage.draft_tables import MessageRow
from service.storage.notice_tables import AttemptRow, NoticeRow
from service.storage.notices import NoticeRepository
from service.storage.queue_marks import marks_of
from service.storage.replies import count_unread, look_at
from service.storage.rules import RuleRepository
from tests.service.conftest import Mailbox
from tests.service.sending.conftest import Sending
from tests.service.sending.test_inbound import BOUNCE, move, reply, sent, take

TEAM = """
members:
  Ewa: {email: ewa@zipako.example, capacity: 0}
  Jan: {capacity: 0}
  Ola: {capacity: 0, lead: true}
"""
"""Nobody has room, so a case is that of whoever contacts its customer."""
LOUD = Choices(quiet=Quiet(end=Quiet().start, on_days_off=False))


@pytest.fixture(autouse=True)
def _team(sending: Sending) -> None:
    with sending.odzew.database.transaction() as session:
        rules = RuleRepository(session, sending.workspace)
        rules.put("team", TEAM, who="Ewa", at=sending.now)
        NoticeRepository(session, sending.workspace).choose("Ewa", LOUD, sending.now)
    spread(sending.odzew, sending.workspace, sending.now)


def told(sending: Sending) -> list[tuple[str, str]]:
    """Person and kind of the notices about what came back."""
    spread(sending.odzew, sending.workspace, sending.now)
    with sending.odzew.database.snapshot() as session:
        rows = session.scalars(select(NoticeRow).where(NoticeRow.kind.in_(("replied", "bounced"))))
        return sorted((row.person, row.kind) for row in rows)


def bounce(message: MessageRow, action: bytes = b"failed") -> bytes:
    return BOUNCE.replace(b"MAIL-ID", message.mail_id.encode()).replace(b"ACTION", action)


def marks(sending: Sending, message: MessageRow) -> tuple[str, ...]:
    with sending.odzew.database.snapshot() as session:
        return marks_of(session, [message.case_id]).get(message.case_id, ())


def unread(sending: Sending) -> int:
    with sending.odzew.database.snapshot() as session:
        return count_unread(session, sending.workspace)


def test_a_customer_who_wrote_back_is_told_of_to_whoever_has_the_case_once(
    sending: Sending,
) -> None:
    message = sent(sending)
    assert (marks(sending, message), unread(sending)) == ((), 0)
    for _ in range(2):
        take(sending, reply(message.mail_id))
        assert told(sending) == [("Ewa", "replied")]
    assert (marks(sending, message), unread(sending)) == (("reply",), 1)
    take(sending, reply(message.mail_id, mail_id="<r-2@poczta.example>"))
    assert told(sending) == [("Ewa", "replied")] * 2
    assert unread(sending) == 1, "cases are counted"


def test_a_message_that_came_back_is_told_of_too_and_one_that_is_late_is_not(
    sending: Sending,
) -> None:
    message = sent(sending)
    take(sending, bounce(message, b"delayed"))
    assert (told(sending), marks(sending, message)) == ([], ())
    again = bounce(message).replace(b"bounce-1@", b"bounce-2@")
    take(sending, again)
    assert told(sending) == [("Ewa", "bounced")]
    assert marks(sending, message) == ("bounce",)


def test_an_automatic_answer_rings_no_bell(sending: Sending) -> None:
    message = sent(sending)
    take(sending, reply(message.mail_id, "Jestem na urlopie.", Auto_Submitted="auto-replied"))
    assert (told(sending), marks(sending, message), unread(sending)) == ([], (), 0)


def test_what_came_back_in_a_case_that_nobody_has_is_told_to_the_leads(sending: Sending) -> None:
    message = sending.send(sending.approved())
    take(sending, reply(message.mail_id))
    assert told(sending) == [("Ola", "replied")]


def test_the_mark_goes_once_somebody_has_looked_or_moved_the_case(sending: Sending) -> None:
    looked, moved = sent(sending), sent(sending)
    for at, one in enumerate((looked, moved)):
        sender = f"Anna <anna{at + 1}@poczta.example>"
        take(sending, reply(one.mail_id, sender=sender, mail_id=f"<r-{at}@poczta.example>"))
    assert unread(sending) == 2
    with sending.odzew.database.transaction() as session:
        look_at(session, looked.case_id, sending.now)
        step = Step("wait", "Ewa", sending.now)
        CaseRepository(session, sending.workspace).move(moved.case_id, step, sending.clock)
    assert (marks(sending, looked), marks(sending, moved), unread(sending)) == ((), (), 0)


def test_what_the_engine_does_with_a_case_looks_at_nothing(sending: Sending) -> None:
    first = sent(sending)
    take(sending, reply(first.mail_id))
    move(sending, first.case_id, "wait")
    assert marks(sending, first) == ("reply",)
    waiting = sending.send(sending.approved())
    take(sending, reply(waiting.mail_id, mail_id="<r-9@poczta.example>"))
    sending.round()
    assert marks(sending, waiting) == ("reply",), "a message that goes out was read by nobody"
    with sending.odzew.database.snapshot() as session:
        events = CaseRepository(session, sending.workspace).events(first.case_id)
    assert events[-1].who == ENGINE


def test_the_owner_gets_a_mail_of_it_unless_somebody_has_looked_meanwhile(
    sending: Sending, mailbox: Mailbox
) -> None:
    seen, unseen = sent(sending), sent(sending)
    for at, one in enumerate((seen, unseen)):
        sender = f"Anna <anna{at + 1}@poczta.example>"
        take(sending, reply(one.mail_id, sender=sender, mail_id=f"<r-{at}@poczta.example>"))
    with sending.odzew.database.transaction() as session:
        chosen = replace(LOUD, language="pl")
        NoticeRepository(session, sending.workspace).choose("Ewa", chosen, sending.now)
    spread(sending.odzew, sending.workspace, sending.now)
    mailbox.mails.clear()
    with sending.odzew.database.transaction() as session:
        look_at(session, seen.case_id, sending.now)
    Postman(sending.odzew).round(lambda: sending.now)
    about = [mail for mail in mailbox.mails if "Odpowiedź klienta" in str(mail["Subject"])]
    assert len(about) == 1
    body = about[0].get_body(("plain",))
    assert body is not None
    assert f"/cases/{unseen.case_id}" in body.get_content()
    assert "Dziękuję" not in body.get_content(), "the reply itself stays in the house"
    with sending.odzew.database.snapshot() as session:
        assert "The case was seen to meanwhile." in session.scalars(select(AttemptRow.detail)).all()


def test_a_message_on_its_way_marks_a_case_that_was_not_contacted(
    sending: Sending, mailbox: Mailbox
) -> None:
    message = sending.send(sending.approved())
    assert marks(sending, message) == ("on_its_way",)
    mailbox.refusals.append("550 no such box")
    sending.round()
    assert marks(sending, message) == ("failed",)
    move(sending, message.case_id, "contact")
    assert marks(sending, message) == (), "somebody called instead"
    other = sending.send(sending.approved())
    sending.round()
    assert marks(sending, other) == ()
