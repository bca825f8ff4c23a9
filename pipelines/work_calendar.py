"""When people work: working hours of a week, public holidays, free days, on a zone's wall clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

import holidays

from pipelines.contracts import PipelineError
from pipelines.messages import N_

Running: TypeAlias = Literal["always", "working_days", "working_hours"]
"""While a time runs: every hour that passes, every hour of a working day, or working hours only."""
RUNNING: tuple[Running, ...] = ("always", "working_days", "working_hours")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = timedelta(days=1)


class ClockError(PipelineError):
    """Working hours or a time limit that cannot be kept; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Window:
    """Working hours of one day by the clock on the wall, without `end`; 24:00 is `time.min`."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.end != time.min and self.end <= self.start:
            raise ClockError(
                N_(
                    "Working hours from %(start)s to %(end)s end before they begin. Write the "
                    "earlier time first; work over midnight is two stretches, of two days."
                ),
                start=f"{self.start:%H:%M}",
                end=f"{self.end:%H:%M}",
            )


@dataclass(frozen=True)
class WorkCalendar:
    """When people work.

    Attributes:
        zone: whose wall clock and dates are meant.
        week: windows of Monday to Sunday; a day without one is free.
        countries: codes (ISO 3166-1 alpha-2) whose public holidays are free.
        days_off: other free days.
    """

    zone: ZoneInfo
    week: tuple[tuple[Window, ...], ...]
    countries: tuple[str, ...] = ()
    days_off: frozenset[date] = field(default=frozenset())

    def __post_init__(self) -> None:
        if len(self.week) != len(WEEKDAYS) or not any(self.week):
            raise ClockError(
                N_("A working week has hours on at least one day. Give one day some under week.")
            )
        for name, windows in zip(WEEKDAYS, self.week, strict=True):
            for earlier, later in pairwise(windows):
                if earlier.end == time.min or later.start < earlier.end:
                    raise ClockError(
                        N_(
                            "Working hours of %(day)s overlap or are out of order. List them from "
                            "morning to evening, each beginning when the one before has ended."
                        ),
                        day=name,
                    )
        known = holidays.list_supported_countries()
        for code in self.countries:
            if code not in known:
                raise ClockError(
                    N_(
                        "No calendar of public holidays is known for “%(code)s”. Use a two-letter "
                        "code such as PL, CZ or EE, and list other free days under days_off."
                    ),
                    code=code[:20],
                )

    def is_free(self, day: date) -> bool:
        """Whether nobody works on that day."""
        return (
            not self.week[day.weekday()]
            or day in self.days_off
            or any(day in _public_holidays(code, day.year) for code in self.countries)
        )

    def spans(self, day: date, running: Running) -> Iterator[tuple[datetime, datetime]]:
        """When a time runs on a day, in UTC: while the clock on the wall shows such hours.

        Where clocks are put forward, hours that they leave out are lost; where they are put back,
        hours that come twice count twice.
        """
        if running == "always":
            yield _at(day, time.min), _at(day + _DAY, time.min)
        elif not self.is_free(day):
            whole = (Window(time.min, time.min),)
            for window in whole if running == "working_days" else self.week[day.weekday()]:
                last = day + _DAY if window.end == time.min else day
                start, end = _at(day, window.start), _at(last, window.end)
                for offset, since, until in self._offsets(day):
                    from_, to = max(start - offset, since), min(end - offset, until)
                    if from_ < to:
                        yield from_, to

    def _offsets(self, day: date) -> list[tuple[timedelta, datetime, datetime]]:
        """The zone's offsets around a day, each with since when and until when it holds."""
        since, until = _at(day - _DAY, time.min), _at(day + 2 * _DAY, time.min)
        first, last = self._offset(since), self._offset(until)
        if first == last:
            return [(first, since, until)]
        before, after = since, until
        while after - before > timedelta(seconds=1):
            middle = before + (after - before) / 2
            before, after = (middle, after) if self._offset(middle) == first else (before, middle)
        change = after.replace(microsecond=0)
        return [(first, since, change), (last, change, until)]

    def _offset(self, moment: datetime) -> timedelta:
        return moment.astimezone(self.zone).utcoffset() or timedelta(0)


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, UTC)


@lru_cache(maxsize=256)
def _public_holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))
