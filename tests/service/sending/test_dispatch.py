from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread

import pytest

from pipelines.contracts import PipelineError
from pipelines.followup.grammar import NBSP
from service.sending.dispatch import Dispatcher
from service.storage.conflicts import ConflictError
from service.storage.do_not_contact import DoNotContact
from service.storage.draft_tables import MessageRow
from service.storage.messages import MessageRepository, take_step
from service.storage.outgoing import LEASE, WAITS, Outgoing
from tests.service.conftest import Mailbox, Received, free_port
from tests.service.sending.conftest import Sending, SendingHouse


def test_an_approved_draft_is_mailed_in_two_forms_once(sending: Sending, mailbox: Mailbox) -> None:
    draft = sending.approved()
    message = sending.send(draft)
    assert sending.round() == 1
    assert sending.round() == 0
    (mail,) = mailbox.mails
    case = sending.draft(message.case_id)
    assert mail["Message-ID"] == f"<{draft}@zipako.example>"
    assert mail["From"] == "Zipako <care@zipako.example>"
    assert mail["To"] == "Anna Wójcik <anna1@poczta.example>"
    assert mail["Reply-To"] == f"care+{message.case_id}@zipako.example"
    assert mail["Subject"] == case.subject.replace(NBSP, " ")
    assert mail["Content-Language"] == "pl"
    assert "https://odzew.example/no-more?token=" in mail["List-Unsubscribe"]
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == case.body.splitlines()
    assert "<p>" in html.get_content()
    assert [step for step, _ in sending.steps(message)] == ["put", "take", "accepted"]
    assert sending.message(message).state == "sent"


def test_what_was_not_approved_is_not_sent(sending: Sending, mailbox: Mailbox) -> None:
    draft = sending.draft(sending.answer()).id
    with pytest.raises(ConflictError, match="Approve it first"):
        sending.send(draft)
    sending.round()
    assert mailbox.mails == []


def test_an_address_that_is_refused_for_good_is_told_of_and_the_others_go_out(
    sending: Sending, mailbox: Mailbox
) -> None:
    messages = [sending.send(sending.approved()) for _ in range(10)]
    mailbox.refusals.append("550 no such box")
    assert sending.round() == 9
    states = sorted(sending.message(one).state for one in messages)
    assert states == ["failed"] + ["sent"] * 9
    assert len(mailbox.mails) == 9
    (failed,) = [one for one in messages if sending.message(one).state == "failed"]
    assert sending.steps(failed)[-1] == ("refused", "550 no such box")


def test_a_server_that_is_busy_is_tried_again_and_given_up_at_last(
    sending: Sending, mailbox: Mailbox
) -> None:
    message = sending.send(sending.approved())
    mailbox.refusals.extend(["451 later"] * (len(WAITS) + 1))
    for wait in WAITS:
        assert sending.round() == 0
        found = sending.message(message)
        assert (found.state, found.due_at - sending.now) == ("waiting", wait)
        assert sending.round() == 0
        sending.now = sending.now + wait
    sending.due_now()
    sending.round()
    assert sending.message(message).state == "failed"
    assert mailbox.mails == []


def test_a_server_that_is_not_there_leaves_all_waiting(house: SendingHouse) -> None:
    sending = house(
        smtp_url=f"smtp://127.0.0.1:{free_port()}", mail_from="Zipako <care@zipako.example>"
    )
    messages = [sending.send(sending.approved()) for _ in range(3)]
    assert sending.round() == 0
    assert {sending.message(one).state for one in messages} == {"waiting"}
    assert sorted(len(sending.steps(one)) for one in messages) == [1, 1, 3]


def test_a_text_that_is_refused_after_it_was_read_was_not_taken(
    sending: Sending, mailbox: Mailbox
) -> None:
    message = sending.send(sending.approved())
    mailbox.answers.append("452 disk full")
    assert sending.round() == 0
    assert sending.message(message).state == "waiting"
    sending.pass_by(minutes=2)
    assert sending.round() == 1
    assert len(mailbox.mails) == 1


@contextmanager
def silent_after_the_text() -> Iterator[int]:
    """An SMTP server that reads a message and hangs up without a word."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _ = listening.accept()
        with line, line.makefile("rwb") as file:
            file.write(b"220 here\r\n")
            file.flush()
            for told in file:
                command = told[:4].upper()
                file.write(b"354 go on\r\n" if command == b"DATA" else b"250 OK\r\n")
                file.flush()
                if command == b"DATA":
                    while file.readline() not in (b".\r\n", b""):
                        pass
                    return

    thread = Thread(target=serve)
    thread.start()
    yield listening.getsockname()[1]
    thread.join()
    listening.close()


def test_a_line_that_breaks_off_after_the_text_leaves_it_uncertain_and_not_sent_again(
    house: SendingHouse,
) -> None:
    with silent_after_the_text() as port:
        sending = house(smtp_url=f"smtp://127.0.0.1:{port}", mail_from="Z <care@zipako.example>")
        message = sending.send(sending.approved())
        assert sending.round() == 0
    found = sending.message(message)
    assert found.state == "uncertain"
    sending.pass_by(days=3)
    assert sending.round() == 0
    assert sending.message(message).state == "uncertain"


def test_a_process_that_dies_leaves_its_message_uncertain_after_a_while(
    sending: Sending, mailbox: Mailbox
) -> None:
    message = sending.send(sending.approved())
    with sending.odzew.database.transaction() as session:
        assert Outgoing(session).claim(sending.now, ["mail"]) is not None
    sending.pass_by(minutes=1)
    assert sending.round() == 0
    assert sending.message(message).state == "sending"
    sending.now += LEASE
    assert sending.round() == 0
    assert sending.message(message).state == "uncertain"
    assert mailbox.mails == []
    with sending.odzew.database.transaction() as session:
        repository = MessageRepository(session, sending.workspace)
        repository.by_person(message.id, "again", sending.clock, who="Jan", at=sending.now)
    assert sending.round() == 1
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("step", ["was_sent", "cancel"])
def test_a_person_says_what_became_of_an_uncertain_message(sending: Sending, step: str) -> None:
    message = sending.send(sending.approved())
    with sending.odzew.database.transaction() as session:
        Outgoing(session).claim(sending.now, ["mail"])
    sending.now += 2 * LEASE
    sending.round()
    with sending.odzew.database.transaction() as session:
        repository = MessageRepository(session, sending.workspace)
        repository.by_person(
            message.id, step, sending.clock, who="Jan", at=sending.now, note="I asked her"
        )
    assert sending.message(message).state == {"was_sent": "sent", "cancel": "cancelled"}[step]
    assert sending.steps(message)[-1] == (step, "I asked her")
    assert sending.round() == 0


def test_a_message_that_was_taken_back_can_be_sent_in_another_way(
    sending: Sending, mailbox: Mailbox
) -> None:
    draft = sending.approved()
    message = sending.send(draft)
    with sending.odzew.database.transaction() as session:
        repository = MessageRepository(session, sending.workspace)
        repository.by_person(message.id, "cancel", sending.clock, who="Jan", at=sending.now)
    again = sending.send(draft, "by_hand")
    assert again.id == message.id
    assert sending.message(message).state == "sent"
    assert sending.round() == 0
    assert mailbox.mails == []


def test_nothing_is_sent_to_whom_asked_for_no_more_meanwhile(
    sending: Sending, mailbox: Mailbox
) -> None:
    message = sending.send(sending.approved())
    with sending.odzew.database.transaction() as session:
        listed = DoNotContact(session, sending.workspace)
        listed.add("ANNA1@poczta.example ", why="asked", who="Jan", at=sending.now)
    assert sending.round() == 0
    assert sending.message(message).state == "failed"
    assert mailbox.mails == []
    other = sending.approved(email="anna1@poczta.example")
    with pytest.raises(ConflictError, match="not to contact"):
        sending.send(other, "by_hand")


def test_mail_waits_for_the_morning_of_the_customers_country(
    sending: Sending, mailbox: Mailbox
) -> None:
    sending.now = datetime(2026, 11, 25, 21, 30, tzinfo=UTC)
    message = sending.send(sending.approved())
    assert sending.message(message).due_at == datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
    assert sending.round() == 0
    sending.now = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
    assert sending.round() == 1
    estonian = sending.approved(text="Pakk jäi kolm päeva hiljaks ja oli katki.")
    sending.now = datetime(2026, 11, 26, 21, 30, tzinfo=UTC)
    late = sending.send(estonian)
    assert sending.message(late).due_at == datetime(2026, 11, 27, 5, 0, tzinfo=UTC)


def test_a_message_that_comes_to_be_due_in_quiet_hours_is_held(
    sending: Sending, mailbox: Mailbox
) -> None:
    message = sending.send(sending.approved())
    mailbox.refusals.append("451 later")
    sending.round()
    sending.now = datetime(2026, 11, 25, 22, 0, tzinfo=UTC)
    assert sending.round() == 0
    assert sending.steps(message)[-1] == ("put_off", "Quiet hours of the customer.")
    assert sending.message(message).tries == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Anna\r\nBcc: all@example.com", ""),
        ("Müller, Jürgen", "Jürgen Müller"),
        ("x" * 300, ""),
        ("{{ 7*7 }} {% for i in x %}", ""),
        (None, ""),
    ],
)
def test_a_name_breaks_no_header_and_what_is_none_stands_in_none(
    sending: Sending, mailbox: Mailbox, name: str | None, shown: str
) -> None:
    sending.send(sending.approved(name=name))
    assert sending.round() == 1
    (mail,) = mailbox.mails
    (address,) = mail["To"].addresses
    assert (address.display_name, address.addr_spec) == (shown, "anna1@poczta.example")
    assert mail["Bcc"] is None


@pytest.mark.parametrize("email", [None, "", "none", "a@b@c.example", "żółw@poczta.example"])
def test_who_has_no_usable_address_is_mailed_nothing(sending: Sending, email: str | None) -> None:
    draft = sending.approved(email=email)
    with pytest.raises(PipelineError, match="No usable e-mail address"):
        sending.send(draft)
    assert sending.send(draft, "by_hand").state == "sent"


def test_a_ticket_of_the_help_desk_is_answered(house: SendingHouse, receiver: Received) -> None:
    base = receiver.url.partition("/hook")[0]
    sending = house(
        help_desk_url=f"{base}/api/v2/tickets/{{ticket}}.json",
        help_desk_user="me/token",
        help_desk_secret="s3cret",
    )
    message = sending.send(sending.approved(attributes={"ticket": "17"}), "help_desk")
    assert sending.round() == 1
    ((headers, body),) = receiver.posts
    assert headers["authorization"].startswith("Basic ")
    comment = json.loads(body)["ticket"]["comment"]
    assert comment == {"body": sending.draft(message.case_id).body, "public": True}
    for status, state in ((500, "waiting"), (404, "failed")):
        receiver.answers.append(status)
        other = sending.send(sending.approved(attributes={"ticket": "18"}), "help_desk")
        sending.round()
        assert sending.message(other).state == state
    with pytest.raises(PipelineError, match="names no ticket"):
        sending.send(sending.approved(), "help_desk")


def test_a_message_is_posted_to_a_webhook_with_its_id_and_signed(
    house: SendingHouse, receiver: Received
) -> None:
    sending = house(message_webhook_url=receiver.url, webhook_secret="whsec_" + "QUJD" * 8)
    message = sending.send(sending.approved(phone="+48601234567"), "webhook")
    assert sending.round() == 1
    ((headers, body),) = receiver.posts
    assert headers["webhook-id"] == message.id
    assert headers["webhook-signature"].startswith("v1,")
    assert re.search(rb'"to": "\+48601234567"', body)


def test_ways_that_are_not_set_up_say_who_sets_them_up(house: SendingHouse) -> None:
    sending = house()
    draft = sending.approved()
    for way, setting in (
        ("mail", "ODZEW_SMTP_URL"),
        ("help_desk", "ODZEW_HELP_DESK_URL"),
        ("webhook", "ODZEW_MESSAGE_WEBHOOK_URL"),
    ):
        with pytest.raises(PipelineError, match=setting):
            sending.send(draft, way)
    with pytest.raises(PipelineError, match="by one of"):
        sending.send(draft, "pigeon")
    assert Dispatcher(sending.odzew).round(lambda: sending.now) == 0


def test_a_message_that_comes_back_before_its_server_took_it_stays_so(sending: Sending) -> None:
    message = sending.send(sending.approved())
    with sending.odzew.database.transaction() as session:
        assert Outgoing(session).claim(sending.now, ["mail"]) is not None
        take_step(session, session.get_one(MessageRow, message.id), "bounce", "mail", sending.now)
    with sending.odzew.database.transaction() as session:
        Outgoing(session).end(message.id, "accepted", "250 Ok", sending.now, sending.clock)
    with sending.odzew.database.snapshot() as session:
        steps = MessageRepository(session, sending.workspace).steps(message.id)
    assert sending.message(message).state == "bounced"
    assert [one.step for one in steps] == ["put", "take", "bounce", "accepted"]
