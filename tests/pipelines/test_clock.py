from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.clock import Limit, Pause, moment_after, next_day, passed
from pipelines.work_calendar import RUNNING, ClockError, Running, Window, WorkCalendar

MINUTE = timedelta(minutes=1)
WARSAW, TALLINN, PRAGUE = (ZoneInfo(f"Europe/{city}") for city in ("Warsaw", "Tallinn", "Prague"))
ZONES = (
    WARSAW,
    TALLINN,
    PRAGUE,
    ZoneInfo("UTC"),
    ZoneInfo("America/New_York"),
    ZoneInfo("Africa/Cairo"),
)
COUNTRIES = ((), ("PL",), ("CZ",), ("EE",), ("PL", "CZ"))


PUBLIC = {
    code: holidays.country_holidays(code, years=(2025, 2026, 2027)) for code in ("PL", "CZ", "EE")
}


def hours(*ends: tuple[int, int]) -> tuple[Window, ...]:
    return tuple(Window(clock(start), clock(end)) for start, end in ends)


def clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


DAYS = (
    hours((9 * 60, 17 * 60)),
    hours((8 * 60, 12 * 60), (13 * 60, 24 * 60)),
    hours((0, 24 * 60)),
    hours((60, 150)),
    hours((150, 185), (23 * 60, 23 * 60 + 7)),
    (),
)


def office(
    zone: ZoneInfo = WARSAW, countries: tuple[str, ...] = ("PL",), days_off: Sequence[date] = ()
) -> WorkCalendar:
    """Monday to Friday from nine to five."""
    week = (hours((9 * 60, 17 * 60)),) * 5 + ((), ())
    return WorkCalendar(zone, week, countries, frozenset(days_off))


def runs(calendar: WorkCalendar, minute: datetime, running: Running) -> bool:
    """Whether a minute counts, told from nothing but the clock on the wall and its date."""
    if running == "always":
        return True
    wall = minute.astimezone(calendar.zone)
    if wall.date() in calendar.days_off or not calendar.week[wall.weekday()]:
        return False
    if any(wall.date() in PUBLIC[code] for code in calendar.countries):
        return False
    if running == "working_days":
        return True
    return any(
        window.start <= wall.time() and (window.end == time.min or wall.time() < window.end)
        for window in calendar.week[wall.weekday()]
    )


CHANGES = [datetime(2026, *day, tzinfo=UTC) for day in ((3, 27), (10, 23), (12, 22), (6, 1))]
"""Days near which moments are drawn: changes of the clocks, Christmas, and summer."""
TABLE_DAYS = 24


def drawn_calendar(chance: random.Random) -> WorkCalendar:
    """A calendar of any zone and week, with or without holidays."""
    week = [chance.choice(DAYS) for _ in range(7)]
    week[chance.randrange(5)] = DAYS[0]
    days_off = frozenset(
        (chance.choice(CHANGES) + timedelta(days=chance.randrange(5))).date()
        for _ in range(chance.randrange(4))
    )
    return WorkCalendar(chance.choice(ZONES), tuple(week), chance.choice(COUNTRIES), days_off)


def drawn_times(chance: random.Random) -> tuple[datetime, datetime, Limit, list[Pause]]:
    """The beginning of a table, a moment to the minute after it, a limit and pauses."""
    start = chance.choice(CHANGES)
    started = start + chance.randrange(60 * 24 * 4) * MINUTE
    pauses = []
    for _ in range(chance.randrange(3)):
        begin = started + chance.randrange(-600, 60 * 24 * 3) * MINUTE
        lasts = chance.choice([None, 1, 30, 600, 4_000])
        pauses.append(Pause(begin, None if lasts is None else begin + lasts * MINUTE))
    limit = Limit(chance.choice([1 / 60, 0.25, 1, 4, 9, 12, 24]), chance.choice(RUNNING))
    return start, started, limit, pauses


def counted(
    table: np.ndarray, start: datetime, started: datetime, limit: Limit, pauses: Sequence[Pause]
) -> datetime | None:
    """The minute at which a limit is used up, by counting minutes; `table` has one each."""
    counts = table.copy()
    counts[: (started - start) // MINUTE] = False
    last = len(table)
    for one in pauses:
        begin = max((one.start - start) // MINUTE, 0)
        end = len(table) if one.end is None else max((one.end - start) // MINUTE, 0)
        counts[begin:end] = False
        last = min(last, begin) if one.end is None else last
    used = np.flatnonzero(counts.cumsum() == round(limit.hours * 60))
    if not len(used):
        assert last < len(table), "without a pause that lasts, the table is long enough"
        return None
    return start + (int(used[0]) + 1) * MINUTE


@pytest.mark.slow
def test_the_clock_is_a_counter_of_minutes_on_10000_random_instants() -> None:
    chance = random.Random(20261129)
    for _ in range(10):
        calendar = drawn_calendar(chance)
        tables = {
            (start, running): np.array(
                [runs(calendar, start + at * MINUTE, running) for at in range(60 * 24 * TABLE_DAYS)]
            )
            for start in CHANGES
            for running in RUNNING
        }
        for _ in range(1_000):
            start, started, limit, pauses = drawn_times(chance)
            expected = counted(tables[start, limit.running], start, started, limit, pauses)
            found = moment_after(calendar, started.astimezone(calendar.zone), limit, pauses)
            assert in_utc(found) == expected, (calendar, started, limit, pauses)


def in_utc(moment: datetime | None) -> datetime | None:
    """Python compares moments of one zone by the wall, where 02:30 may come twice."""
    return None if moment is None else moment.astimezone(UTC)


@settings(max_examples=200)
@given(st.randoms(use_true_random=False))
def test_what_passed_until_the_limit_is_the_limit(chance: random.Random) -> None:
    calendar = drawn_calendar(chance)
    _, started, limit, pauses = drawn_times(chance)
    due = moment_after(calendar, started, limit, pauses)
    if due is not None:
        assert passed(calendar, started, due, limit.running, pauses) == timedelta(hours=limit.hours)
        assert due.tzinfo is calendar.zone


@settings(max_examples=100)
@given(st.randoms(use_true_random=False))
def test_more_time_never_ends_sooner_and_a_pause_never_shortens(chance: random.Random) -> None:
    calendar = drawn_calendar(chance)
    _, started, limit, pauses = drawn_times(chance)
    ends = [
        in_utc(moment_after(calendar, started, Limit(each, limit.running)))
        for each in (1, 2, 5, 24, 48)
    ]
    assert all(a < b for a, b in pairwise(one for one in ends if one))
    paused = in_utc(moment_after(calendar, started, limit, pauses))
    freely = in_utc(moment_after(calendar, started, limit))
    assert freely is not None
    assert paused is None or paused >= freely


@pytest.mark.parametrize(
    ("started", "limit", "due"),
    [
        # Friday afternoon: the rest on Monday.
        ((2026, 6, 12, 16, 30), Limit(4, "working_hours"), (2026, 6, 15, 12, 30)),
        # Before work, on a Saturday and on Corpus Christi (a Thursday): from the next opening.
        ((2026, 6, 15, 6, 0), Limit(4, "working_hours"), (2026, 6, 15, 13, 0)),
        ((2026, 6, 13, 12, 0), Limit(4, "working_hours"), (2026, 6, 15, 13, 0)),
        ((2026, 6, 4, 10, 0), Limit(4, "working_hours"), (2026, 6, 5, 13, 0)),
        # A detractor on Friday noon is due on Monday noon, one on Tuesday on Wednesday.
        ((2026, 6, 12, 12, 0), Limit(24, "working_days"), (2026, 6, 15, 12, 0)),
        ((2026, 6, 9, 12, 0), Limit(24, "working_days"), (2026, 6, 10, 12, 0)),
        # The clocks are put forward on 29 March and back on 25 October, both Sundays.
        ((2026, 3, 28, 12, 0), Limit(24, "always"), (2026, 3, 29, 13, 0)),
        ((2026, 10, 24, 12, 0), Limit(24, "always"), (2026, 10, 25, 11, 0)),
        # Christmas Eve is a day off in Poland since 2025, and the two days after it.
        ((2026, 12, 23, 16, 0), Limit(2, "working_hours"), (2026, 12, 28, 10, 0)),
    ],
)
def test_examples_of_an_office_in_warsaw(
    started: tuple[int, ...], limit: Limit, due: tuple[int, ...]
) -> None:
    at = datetime(*started, tzinfo=WARSAW)  # type: ignore[misc,arg-type]
    assert moment_after(office(), at, limit) == datetime(*due, tzinfo=WARSAW)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("country", "day"),
    [("PL", date(2026, 11, 11)), ("CZ", date(2026, 11, 17)), ("EE", date(2026, 2, 24))],
)
def test_each_country_has_its_own_holidays(country: str, day: date) -> None:
    assert office(countries=(country,)).is_free(day)
    others = {"PL", "CZ", "EE"} - {country}
    assert not any(office(countries=(other,)).is_free(day) for other in others)


def test_working_hours_that_a_change_of_the_clocks_cuts() -> None:
    """Clocks go from 02:00 to 03:00, and half a year later from 03:00 to 02:00."""
    night = WorkCalendar(WARSAW, (hours((150, 180 + 30)),) * 7)
    lost = datetime(2026, 3, 29, 0, 0, tzinfo=WARSAW)
    twice = datetime(2026, 10, 25, 0, 0, tzinfo=WARSAW)
    day = timedelta(hours=22)
    assert passed(night, lost, lost + day, "working_hours") == timedelta(minutes=30)
    assert passed(night, twice, twice + day, "working_hours") == timedelta(minutes=90)


def test_a_pause_that_lasts_leaves_the_limit_open_until_it_ends() -> None:
    started = datetime(2026, 6, 9, 10, 0, tzinfo=WARSAW)
    limit = Limit(4, "working_hours")
    paused = started + timedelta(hours=1)
    assert moment_after(office(), started, limit, [Pause(paused)]) is None
    resumed = [Pause(paused, paused + timedelta(days=1))]
    assert moment_after(office(), started, limit, resumed) == started + timedelta(hours=28)
    after = [Pause(started + timedelta(hours=5))]
    assert moment_after(office(), started, limit, after) == started + timedelta(hours=4)


def test_days_off_of_ones_own_are_free() -> None:
    started = datetime(2026, 6, 9, 16, 0, tzinfo=WARSAW)
    calendar = office(days_off=[date(2026, 6, 10)])
    due = moment_after(calendar, started, Limit(2, "working_hours"))
    assert due == datetime(2026, 6, 11, 10, 0, tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("moment", "next_one"),
    [
        ("2026-06-09T00:00", "2026-06-10T09:00"),
        ("2026-06-09T23:59", "2026-06-10T09:00"),
        ("2026-06-12T12:00", "2026-06-15T09:00"),  # a Friday
        ("2026-06-13T12:00", "2026-06-15T09:00"),
        ("2026-12-24T12:00", "2026-12-28T09:00"),
    ],
)
def test_the_next_day_of_work_is_the_first_after_this_one(moment: str, next_one: str) -> None:
    at, then = (datetime.fromisoformat(one).replace(tzinfo=WARSAW) for one in (moment, next_one))
    assert next_day(office(), at) == then
    assert next_day(office(), at.astimezone(UTC)) == then


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: office(countries=("XX",)), "two-letter code such as PL"),
        (lambda: Window(time(17), time(9)), "end before they begin"),
        (lambda: WorkCalendar(WARSAW, ((),) * 7), "at least one"),
        (lambda: WorkCalendar(WARSAW, (DAYS[0],) * 5), "at least one day"),
        (
            lambda: WorkCalendar(WARSAW, (hours((540, 720), (700, 800)), *((),) * 6)),
            "monday overlap",
        ),
        (lambda: Limit(0, "always"), "more than 0 and at most 2,160"),
        (lambda: Limit(float("nan"), "always"), "more than 0 and at most 2,160"),
        (lambda: Limit(24 * 91, "always"), "more than 0 and at most 2,160"),
    ],
)
def test_rules_that_cannot_be_kept_say_what_to_change(make: object, words: str) -> None:
    with pytest.raises(ClockError, match=words):
        make()  # type: ignore[operator]


def test_a_calendar_without_any_working_time_is_told() -> None:
    sundays = WorkCalendar(
        WARSAW,
        ((),) * 6 + (DAYS[0],),
        (),
        frozenset(date(2026, 1, 4) + timedelta(days=7 * week) for week in range(160)),
    )
    with pytest.raises(ClockError, match="no working time"):
        moment_after(sundays, datetime(2026, 1, 1, tzinfo=WARSAW), Limit(1, "working_hours"))
