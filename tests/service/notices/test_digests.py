from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from pipelines.cases import Step
from pipelines.notices.choices import Digest
from service.notices.digests import DigestRoom, write_digests
from service.notices.people import person
from service.storage.cases import CaseRepository
from service.storage.notice_tables import NoticeRow
from service.storage.notices import NoticeRepository
from tests.service.conftest import Mailbox
from tests.service.notices.conftest import Telling


def monday(telling: Telling, hour: int) -> datetime:
    """A Monday to come, by the team's clock."""
    day = telling.now.astimezone(telling.odzew.settings.zone)
    day += timedelta(days=(7 - day.weekday()) % 7 or 7)
    while day.date().isoformat() in ("2026-12-28", "2027-01-04"):  # close to holidays
        day += timedelta(days=7)
    return day.replace(hour=hour, minute=1)


def write(telling: Telling) -> int:
    return write_digests(telling.odzew, telling.workspace, telling.now)


def told(telling: Telling) -> list[tuple[str, str]]:
    return [one for one in telling.notices() if one[1] in ("daily", "weekly")]


def test_on_monday_morning_everybody_with_something_to_say_has_both_once(
    mailing: Telling, mailbox: Mailbox
) -> None:
    early, late = (monday(mailing, hour) for hour in (7, 8))
    mailing.now = early - timedelta(days=4)
    case = mailing.answer()
    mailing.answer("The courier was a little late.", 5)
    mailing.now = early
    assert write(mailing) == 0, "it is too early"
    mailing.now = late
    assert write(mailing) >= 4
    assert write(mailing) == 0
    mailing.pass_by(hours=5)
    assert write(mailing) == 0
    assert {("Anna", "daily"), *((name, "weekly") for name in ("Anna", "Jan", "Ola"))} <= {
        *told(mailing)
    }
    assert mailing.deliver() >= 3
    weekly = [one for one in mailbox.mails if "Twój tydzień" in one["Subject"]]
    daily = [one for one in mailbox.mails if "Twój dzień" in one["Subject"]]
    assert len(weekly) == len(daily) == 1
    body = weekly[0].get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "poparzyła dziecko" in text, "real answers are in it"
    assert "The courier was a little late." in text
    assert "601 234" not in text
    assert f"https://odzew.example/cases/{case}" in text


def test_answers_count_on_the_day_they_were_given_whenever_they_come_in(telling: Telling) -> None:
    telling.now = monday(telling, 8)
    case = telling.answer(days_ago=3)
    telling.answer("The courier was a little late.", 5, days_ago=2)
    with telling.odzew.database.transaction() as session:
        step = Step("close", "Anna", telling.now, "By phone")
        clock = telling.odzew.rules(telling.workspace).clock
        CaseRepository(session, telling.workspace).move(case, step, clock)
    with telling.odzew.database.snapshot() as session:
        calendar = telling.odzew.rules(telling.workspace).clock.calendar
        room = DigestRoom(session, telling.workspace, calendar, telling.now)
        rules = telling.odzew.rules(telling.workspace)
        week = room.week(person(session, telling.workspace, rules, "Ola"))
    (part,) = week.parts
    assert (part.answers, part.cases, part.closed_share) == (2, 2, 0.5)


def test_who_has_nothing_to_hear_is_left_in_peace_for_the_day(telling: Telling) -> None:
    telling.now = monday(telling, 8)
    assert write(telling) == 0
    with telling.odzew.database.snapshot() as session:
        rows = list(session.scalars(select(NoticeRow)))
    assert len(rows) == 6
    assert not any(row.is_shown for row in rows)
    telling.answer()
    assert write(telling) == 0, "today's was looked at"
    telling.pass_by(days=1)
    assert write(telling) > 0


def test_tuesday_has_no_weekly_and_sunday_has_nothing(telling: Telling) -> None:
    sunday = monday(telling, 12) - timedelta(days=1)
    telling.now = monday(telling, 8)
    telling.answer()
    telling.pass_by(days=1)
    write(telling)
    assert {kind for _, kind in told(telling)} == {"daily"}
    telling.now = sunday
    before = told(telling)
    write(telling)
    assert told(telling) == before


def test_who_is_away_has_no_digest(mailing: Telling) -> None:
    mailing.now = monday(mailing, 8)
    away = f"absent: [{mailing.now:%Y-%m-%d}..{mailing.now + timedelta(days=1):%Y-%m-%d}]"
    mailing.team(f"members: {{Anna: {{{away}}}}}")
    assert write(mailing) == 0
    assert told(mailing) == []


@pytest.mark.parametrize("kind", ["daily", "weekly"])
def test_a_digest_that_has_nothing_left_to_say_is_dropped(mailing: Telling, kind: Digest) -> None:
    mailing.now = monday(mailing, 8)
    mailing.team("members: {Anna: {email: a@example.com}}")
    with mailing.odzew.database.transaction() as session:
        NoticeRepository(session, mailing.workspace).add(
            "Anna", kind, "2026-01-01", at=mailing.now, is_shown=True, channel="mail"
        )
    mailing.deliver()
    assert mailing.attempts() == [("dropped", "There is nothing left to say.")]
