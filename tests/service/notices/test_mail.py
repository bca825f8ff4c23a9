from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from itertools import pairwise

import pytest
from sqlalchemy import delete

from pipelines.cases import Step
from pipelines.notices.choices import Quiet
from service.notices import mail
from service.notices.delivery import Postman
from service.storage.case_tables import CaseAlert, CaseAnswer, CaseEvent, CaseRow
from service.storage.cases import CaseRepository
from service.storage.draft_tables import DecisionRow, DraftRow
from service.storage.outbox import LEASE, TRIES, WAITS, Outbox
from tests.service.conftest import Mailbox, free_port
from tests.service.notices.conftest import LOUD, TEAM, House, Telling


def parts(message: EmailMessage) -> tuple[str, str]:
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


def move(telling: Telling, case: str, **step: object) -> None:
    with telling.odzew.database.transaction() as session:
        clock = telling.odzew.rules(telling.workspace).clock
        made = Step(at=telling.now, **step)  # type: ignore[arg-type]
        CaseRepository(session, telling.workspace).move(case, made, clock)


def test_a_p1_is_mailed_in_two_forms_in_the_persons_language(
    mailing: Telling, mailbox: Mailbox
) -> None:
    case = mailing.answer(name="Zofia Nowak", email="zofia@poczta.example", phone="+48601234567")
    mailing.spread()
    assert mailing.deliver() == 2
    anna, ola = sorted(mailbox.mails, key=lambda one: one["To"])
    assert (anna["To"], ola["To"]) == ("Anna <anna@example.com>", "Ola <ola@example.com>")
    assert anna["From"] == "Odzew <odzew@example.com>"
    assert anna["Subject"].startswith("Nowa sprawa P1")
    assert ola["Subject"].startswith("New P1")
    assert re.fullmatch(r"<ntc_\w+@example\.com>", anna["Message-ID"])
    assert (anna["Content-Language"], anna["Auto-Submitted"]) == ("pl", "auto-generated")
    assert anna["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(
        r"<https://odzew\.example/notices/stop\?token=[\w.-]+>", anna["List-Unsubscribe"]
    )
    for text in parts(anna):
        assert f"https://odzew.example/cases/{case}" in text
        assert "https://odzew.example/notices/settings" in text
        assert "poparzyła dziecko" in text


def test_no_personal_data_of_a_customer_is_mailed(mailing: Telling, mailbox: Mailbox) -> None:
    mailing.answer(name="Zofia Nowak", email="zofia@poczta.example", phone="+48601234567")
    mailing.spread()
    mailing.deliver()
    for message in mailbox.mails:
        for text in (str(message["Subject"]), *parts(message)):
            assert not re.search(r"Zofia|Nowak|poczta|601 ?234|\+48", text)


def test_a_mail_that_was_taken_is_not_sent_again(mailing: Telling, mailbox: Mailbox) -> None:
    mailing.answer()
    mailing.spread()
    mailing.deliver()
    mailing.pass_by(days=3)
    assert mailing.deliver() == 0
    assert len(mailbox.mails) == 2
    assert [outcome for outcome, _ in mailing.attempts()] == ["sent", "sent"]


def test_a_mail_after_a_crash_is_the_same_mail(
    mailing: Telling, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing.answer()
    mailing.spread()

    class CrashError(BaseException):
        """The process ends after the mail was taken and before that is kept."""

    def crash(*arguments: object) -> None:
        raise CrashError

    with monkeypatch.context() as patch:
        patch.setattr(Postman, "_record", crash)
        with pytest.raises(CrashError):
            mailing.deliver()
    mailing.pass_by(seconds=LEASE.total_seconds() - 1)
    mailing.deliver()
    assert len(mailbox.mails) == 2, "the one that crashed is another's until its lease is over"
    mailing.pass_by(seconds=1)
    mailing.deliver()
    ids = [message["Message-ID"] for message in mailbox.mails]
    assert len(ids) == 3
    assert len(set(ids)) == 2


def test_an_address_that_is_refused_for_now_is_tried_again_and_for_good_is_given_up(
    mailing: Telling, mailbox: Mailbox
) -> None:
    mailbox.refusals = ["450 later", "550 no such user"]
    mailing.answer()
    mailing.spread()
    assert mailing.deliver() == 0
    assert mailing.attempts() == [
        ("failed", "The address was refused: 450 later"),
        ("dead", "The address was refused: 550 no such user"),
    ]
    mailing.pass_by(minutes=1)
    assert mailing.deliver() == 1
    assert mailing.deliver() == 0


def test_a_server_that_is_not_there_costs_one_try_a_round_and_ends_after_some(
    house: House,
) -> None:
    telling = house(smtp_url=f"smtp://127.0.0.1:{free_port()}", mail_from="o@example.com")
    telling.answer()
    telling.spread()
    telling.deliver()
    assert len(telling.attempts()) == 1, "the others wait for the next round"
    for _ in range(2 * TRIES):
        telling.pass_by(seconds=WAITS[-1].total_seconds())
        telling.deliver()
    assert [one.outcome for one in telling.deliveries()] == ["dead", "dead"]
    assert [outcome for outcome, _ in telling.attempts()].count("dead") == 2
    assert len(telling.attempts()) == 2 * TRIES
    assert "Connection refused" in telling.attempts()[-1][1]


def test_what_was_given_up_can_be_begun_anew(mailing: Telling, mailbox: Mailbox) -> None:
    mailbox.refusals = ["550 no such user"]
    mailing.answer()
    mailing.spread()
    mailing.deliver()
    (dead,) = [one for one in mailing.deliveries() if one.outcome == "dead"]
    with mailing.odzew.database.transaction() as session:
        since = mailing.now - timedelta(days=1)
        (trouble,) = Outbox(session).troubles(mailing.workspace, since, 10)
        assert trouble.detail == "The address was refused: 550 no such user"
        Outbox(session).try_again(mailing.workspace, dead.id, mailing.now)
    assert mailing.deliver() == 1
    with mailing.odzew.database.snapshot() as session:
        assert Outbox(session).troubles(mailing.workspace, since, 10) == []


@pytest.mark.parametrize("always", [True, False])
def test_quiet_hours_hold_a_mail_until_they_end(
    mailing: Telling, mailbox: Mailbox, always: bool
) -> None:
    zone = mailing.odzew.settings.zone
    night = datetime.combine(mailing.now.astimezone(zone).date(), time(23), zone)
    mailing.now = night
    quiet = Quiet(time(20), time(7), on_days_off=False, p1_always=always)
    mailing.choose("Anna", replace(LOUD, quiet=quiet))
    mailing.answer()
    mailing.spread()
    assert mailing.deliver() == (2 if always else 1)
    mailing.pass_by(hours=7, minutes=59)
    assert mailing.deliver() == 0
    mailing.pass_by(minutes=1)
    assert mailing.deliver() == (0 if always else 1)
    assert len(mailbox.mails) == 2
    assert [one.tries for one in mailing.deliveries()] == [1, 1], "waiting is no try"


def test_what_was_seen_to_overnight_is_not_mailed(mailing: Telling, mailbox: Mailbox) -> None:
    case = mailing.answer()
    mailing.spread()
    move(mailing, case, move="contact", who="Anna")
    assert mailing.deliver() == 0
    assert mailing.attempts() == [("dropped", "The case was seen to meanwhile.")] * 2
    assert not mailbox.mails


def test_a_case_that_was_given_on_is_not_mailed_to_who_had_it(mailing: Telling) -> None:
    case = mailing.answer("The courier was a little late.", 5)
    mailing.spread()
    move(mailing, case, move="assign", who="Ola", owner="Ola")
    assert mailing.deliver() == 0
    assert mailing.attempts() == [("dropped", "The case was seen to meanwhile.")]


def test_a_case_that_was_erased_meanwhile_is_not_mailed(mailing: Telling) -> None:
    case = mailing.answer()
    mailing.spread()
    with mailing.odzew.database.transaction() as session:
        session.execute(delete(DecisionRow))
        for table in (DraftRow, CaseEvent, CaseAlert, CaseAnswer):
            session.execute(delete(table).where(table.case_id == case))
        session.execute(delete(CaseRow).where(CaseRow.id == case))
    assert mailing.deliver() == 0
    assert mailing.attempts() == [("dropped", "The case is no longer here.")] * 2


def test_who_has_left_the_team_or_wants_no_mail_any_more_gets_none(mailing: Telling) -> None:
    mailing.answer()
    mailing.spread()
    mailing.team(TEAM.replace("Anna: {email: anna@example.com, languages: [pl, en]}", "Anna: {}"))
    mailing.choose("Ola", LOUD.with_mail("new_p1", False))
    assert mailing.deliver() == 0
    assert {detail for _, detail in mailing.attempts()} == {
        "They have no address here any more, or are away.",
        "They want no mail of this kind any more.",
    }


def test_who_has_no_address_or_is_away_is_told_on_their_page_only(mailing: Telling) -> None:
    away = f"absent: [{mailing.now:%Y-%m-%d}..{mailing.now + timedelta(days=1):%Y-%m-%d}]"
    mailing.team(f"members: {{Jan: {{lead: true}}, Ola: {{lead: true, email: o@b.cz, {away}}}}}")
    mailing.answer()
    mailing.spread()
    assert {person for person, kind in mailing.notices() if kind == "new_p1"} == {"Jan", "Ola"}
    assert mailing.deliveries() == []


def test_mail_waits_where_a_restart_forgot_the_server(
    mailing: Telling, mailbox: Mailbox, house: House
) -> None:
    mailing.answer()
    mailing.spread()
    without = house()
    assert Telling(without.odzew, mailing.workspace, mailing.now).deliver() == 0
    assert mailing.deliver() == 2


def test_what_cannot_be_written_is_kept_as_a_failure_and_others_go_on(
    mailing: Telling, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing.answer()
    mailing.spread()
    calls = []

    def once_broken(*arguments: object, **named: object) -> EmailMessage:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("a secret thing")
        return mail.message_of(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("service.notices.delivery.message_of", once_broken)
    assert mailing.deliver() == 1
    assert ("failed", "RuntimeError") in mailing.attempts()


def test_attempts_are_only_added(mailing: Telling, mailbox: Mailbox) -> None:
    mailbox.refusals = ["450 later"] * 3
    mailing.answer("The courier was a little late.", 5)
    mailing.spread()
    seen: list[list[tuple[str, str]]] = []
    for wait in WAITS[:4]:
        mailing.deliver()
        seen.append(mailing.attempts())
        mailing.pass_by(seconds=wait.total_seconds())
    for earlier, later in pairwise(seen):
        assert later[: len(earlier)] == earlier
    assert [outcome for outcome, _ in seen[-1]] == ["failed"] * 3 + ["sent"]
