from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.notices.choices import Choices, Quiet
from pipelines.notices.quiet import LONGEST, digest_due, held_until, is_quiet
from pipelines.work_calendar import Window, WorkCalendar

DAY = (Window(time(8), time(16)),)
WARSAW = ZoneInfo("Europe/Warsaw")
OFFICE = WorkCalendar(WARSAW, (*[DAY] * 5, (), ()), ("PL",))
NEVER_OPEN = WorkCalendar(
    WARSAW,
    (DAY, *[()] * 6),
    (),
    frozenset(date(2026, 1, 5) + timedelta(weeks=n) for n in range(99)),
)
MOMENTS = st.integers(0, 2 * 365 * 86_400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
QUIET = st.builds(Quiet, st.times(), st.times(), st.booleans(), st.booleans())
MINUTE = timedelta(minutes=1)


@given(MOMENTS, QUIET)
@example(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), Quiet(time(1), time(2, 30), False))
@example(datetime(2026, 10, 25, 0, 40, tzinfo=UTC), Quiet(time(1), time(2, 30), False))
def test_mail_waits_for_the_first_minute_that_is_not_quiet(moment: datetime, quiet: Quiet) -> None:
    quiet = Quiet(
        quiet.start.replace(second=0, microsecond=0),
        quiet.end.replace(second=0, microsecond=0),
        quiet.on_days_off,
    )
    until = held_until(moment, quiet, OFFICE)
    assert until >= moment
    if until == moment:
        assert not is_quiet(moment, quiet, OFFICE)
        return
    assert not is_quiet(until, quiet, OFFICE)
    at = moment
    while at < until:
        assert is_quiet(at, quiet, OFFICE)
        at += MINUTE
    assert is_quiet(until - MINUTE, quiet, OFFICE)


@given(MOMENTS)
def test_no_hours_and_no_days_off_hold_nothing(moment: datetime) -> None:
    assert held_until(moment, Quiet(time(6), time(6), False), OFFICE) == moment


def test_mail_of_friday_night_waits_for_monday_and_over_a_holiday() -> None:
    friday = datetime(2026, 11, 27, 22, tzinfo=WARSAW)
    assert held_until(friday, Quiet(), OFFICE) == datetime(2026, 11, 30, 7, tzinfo=WARSAW)
    eve = datetime(2026, 11, 10, 23, tzinfo=WARSAW)  # Independence Day follows
    assert held_until(eve, Quiet(), OFFICE) == datetime(2026, 11, 12, 7, tzinfo=WARSAW)
    assert held_until(eve, Quiet(on_days_off=False), OFFICE) == datetime(
        2026, 11, 11, 7, tzinfo=WARSAW
    )


def test_a_calendar_of_free_days_alone_holds_mail_two_weeks_at_most() -> None:
    moment = datetime(2026, 1, 6, tzinfo=UTC)
    assert held_until(moment, Quiet(), NEVER_OPEN) == moment + LONGEST


def test_a_digest_is_due_on_working_days_from_the_persons_hour_on() -> None:
    choices = Choices(digest_hour=9)
    early, late = (datetime(2026, 11, 26, hour, 5, tzinfo=WARSAW) for hour in (8, 9))
    assert digest_due("daily", choices, OFFICE, early) is None
    assert digest_due("daily", choices, OFFICE, late) == date(2026, 11, 26)
    saturday = datetime(2026, 11, 28, 12, tzinfo=WARSAW)
    assert digest_due("daily", choices, OFFICE, saturday) is None


def test_a_weekly_digest_is_due_on_the_first_working_day_of_a_week() -> None:
    due = [
        digest_due("weekly", Choices(), OFFICE, datetime(2026, 11, day, 12, tzinfo=WARSAW))
        for day in range(23, 30)
    ]
    assert due == [date(2026, 11, 23), *[None] * 6]
    easter = [
        digest_due("weekly", Choices(), OFFICE, datetime(2026, 4, day, 12, tzinfo=WARSAW))
        for day in range(6, 9)
    ]
    assert easter == [None, date(2026, 4, 7), None]
