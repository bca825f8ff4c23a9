from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from pipelines.cases import Step
from pipelines.contracts import ENGINE, PipelineError
from pipelines.resolution import Resolution
from service.draft_desk import approve
from service.sending.inbound import take_in, thread_of
from service.storage.cases import CaseRepository
from service.storage.do_not_contact import DoNotContact
from service.storage.draft_tables import MessageRow, ReplyRow
from service.storage.drafts import DraftRepository
from tests.service.conftest import Mailbox
from tests.service.sending.conftest import Sending

BOUNCE = b"""\
From: MAILER-DAEMON@mx.example
To: care@zipako.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-1@mx.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver your message.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; anna1@poczta.example
Action: ACTION
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: message/rfc822

Message-ID: <MAIL-ID>
From: care@zipako.example
To: anna1@poczta.example
Subject: x

text
--b--
"""


def sent(sending: Sending) -> MessageRow:
    message = sending.send(sending.approved())
    assert sending.round() == 1
    return message


def reply(
    about: str | None, text: str = "Dziękuję, ale paczki dalej nie ma.", **headers: str
) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = headers.pop("sender", "Anna <anna1@poczta.example>")
    message["To"] = headers.pop("to", "care@zipako.example")
    message["Subject"] = headers.pop("subject", "Re: Pani opinia")
    message["Message-ID"] = headers.pop("mail_id", "<r-1@poczta.example>")
    if about:
        message["In-Reply-To"] = f"<{about}>"
        message["References"] = f"<{about}>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def take(sending: Sending, content: bytes) -> ReplyRow:
    return take_in(sending.odzew, sending.workspace, content, sending.now)


def state(sending: Sending, case: str) -> str:
    with sending.odzew.database.snapshot() as session:
        return CaseRepository(session, sending.workspace).get(case).state


def move(sending: Sending, case: str, *moves: str) -> None:
    with sending.odzew.database.transaction() as session:
        for one in moves:
            ended = Resolution("solved", ("No key",)) if one == "resolve" else None
            CaseRepository(session, sending.workspace).move(
                case,
                Step(one, ENGINE, sending.now, "why", resolution=ended),
                sending.odzew.rules(sending.workspace).clock,
            )


def test_an_answer_comes_to_its_case_wakes_it_and_stands_in_the_thread(
    sending: Sending, mailbox: Mailbox
) -> None:
    message = sent(sending)
    move(sending, message.case_id, "wait")
    kept = take(sending, reply(message.mail_id))
    assert (kept.case_id, kept.message_id, kept.kind) == (message.case_id, message.id, "reply")
    assert kept.body == "Dziękuję, ale paczki dalej nie ma."
    assert state(sending, message.case_id) == "contacting"
    # The next message answers it in the same thread.
    draft = sending.draft(message.case_id)
    with sending.odzew.database.transaction() as session:
        drafts = DraftRepository(session, sending.workspace)
        with pytest.raises(PipelineError, match="cannot be changed any more"):
            drafts.revise(draft.id, subject="x", body="y", who="Ewa", at=sending.now)
        again = drafts.follow_up(draft.id, who="Ewa", at=sending.now)
        text = draft.body.replace("Z poważaniem", "Z pozdrowieniami")
        new = drafts.revise(
            again.id, subject=draft.subject, body=f"{text}\n\nPS.", who="Ewa", at=sending.now
        )
        approve(sending.odzew, session, sending.workspace, new.id, who="Ewa", at=sending.now)
    sending.send(new.id)
    assert sending.round() == 1
    second = mailbox.mails[-1]
    assert second["In-Reply-To"] == "<r-1@poczta.example>"
    assert second["References"].split() == [f"<{message.mail_id}>", "<r-1@poczta.example>"]
    assert second["Message-ID"] != mailbox.mails[0]["Message-ID"]


def test_an_answer_is_taken_in_once(sending: Sending) -> None:
    message = sent(sending)
    first, second = (take(sending, reply(message.mail_id)) for _ in range(2))
    assert first.id == second.id
    with sending.odzew.database.snapshot() as session:
        assert len(thread_of(session, message.case_id)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"to": "care+CASE@zipako.example"},
        {"to": "someone@zipako.example", "Delivered_To": "care+CASE@zipako.example"},
        {},
    ],
    ids=["its address", "where it was delivered", "its sender alone"],
)
def test_an_answer_without_a_reference_is_found_by_its_address(
    sending: Sending, headers: dict[str, str]
) -> None:
    message = sent(sending)
    named = {name: value.replace("CASE", message.case_id) for name, value in headers.items()}
    assert take(sending, reply(None, **named)).case_id == message.case_id


def test_mail_of_strangers_belongs_to_no_case(sending: Sending) -> None:
    sent(sending)
    for content in (
        reply(None, sender="Spam <a%@poczta.example>"),
        reply("other@zipako.example", sender="x@y.example", to="care+cas_00000000@zipako.example"),
    ):
        with pytest.raises(PipelineError, match="no open case"):
            take(sending, content)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Dziękuję bardzo, wszystko świetnie, pomogli mi państwo od razu.", "resolved"),
        ("To skandal, paczka dalej nie dotarła, jestem wściekła.", "assigned"),
    ],
)
def test_a_case_that_was_ended_is_reopened_by_an_unhappy_answer_only(
    sending: Sending, text: str, after: str
) -> None:
    message = sent(sending)
    move(sending, message.case_id, "resolve")
    take(sending, reply(message.mail_id, text))
    assert state(sending, message.case_id) == after


def test_a_message_that_comes_back_is_marked_and_its_address_not_used_again(
    sending: Sending,
) -> None:
    message = sent(sending)
    move(sending, message.case_id, "wait")
    content = BOUNCE.replace(b"MAIL-ID", message.mail_id.encode()).replace(b"ACTION", b"failed")
    assert take(sending, content).kind == "bounce"
    assert sending.message(message).state == "bounced"
    assert sending.steps(message)[-1] == ("bounce", "smtp; 550 5.1.1 no such user")
    assert state(sending, message.case_id) == "contacting"
    with sending.odzew.database.snapshot() as session:
        assert DoNotContact(session, sending.workspace).holds("anna1@poczta.example")


def test_a_message_that_is_only_late_stays_sent(sending: Sending) -> None:
    message = sent(sending)
    content = BOUNCE.replace(b"MAIL-ID", message.mail_id.encode()).replace(b"ACTION", b"delayed")
    assert take(sending, content).kind == "delayed"
    assert sending.message(message).state == "sent"


def test_an_automatic_answer_wakes_nothing(sending: Sending) -> None:
    message = sent(sending)
    move(sending, message.case_id, "wait")
    content = reply(message.mail_id, "Jestem na urlopie.", Auto_Submitted="auto-replied")
    assert take(sending, content).kind == "automatic"
    assert state(sending, message.case_id) == "waiting"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Unsubscribe", ""),
        ("Re: x", "unsubscribe"),
        ("Re: x", "STOP.\n\n> Dzień dobry"),
        ("Re: x", "Please unsubscribe me."),
        ("Re: x", "Proszę mnie wypisać"),
        ("Re: x", "Please do not contact me any more."),
        ("Re: x", "Proszę się ze mną więcej nie kontaktować."),
    ],
)
def test_who_asks_for_no_more_messages_gets_none(sending: Sending, subject: str, text: str) -> None:
    message = sent(sending)
    assert take(sending, reply(message.mail_id, text, subject=subject)).kind == "unsubscribe"
    with sending.odzew.database.snapshot() as session:
        assert DoNotContact(session, sending.workspace).holds("anna1@poczta.example")


def test_who_asks_for_no_more_in_a_mail_of_their_own_gets_none(sending: Sending) -> None:
    message = sent(sending)
    kept = take(sending, reply(None, "Please do not contact me any more.", subject="Hello"))
    assert (kept.kind, kept.case_id) == ("unsubscribe", message.case_id)
    with sending.odzew.database.snapshot() as session:
        assert DoNotContact(session, sending.workspace).holds("anna1@poczta.example")


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff", b"hello", b"{}", b"Subject: x\n\ny", b"\n" * 100],
)
def test_what_is_no_mail_is_refused_in_words(sending: Sending, content: bytes) -> None:
    with pytest.raises(PipelineError, match=r"no mail|no open case"):
        take(sending, content)
