"""The document of working hours and time limits: `clock.yaml`."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, field_validator, model_validator

from pipelines.advice import EntryError
from pipelines.clock import Clock, Limit
from pipelines.contracts import SEGMENTS, Level, Segment
from pipelines.messages import N_
from pipelines.rules.documents import Document, Number, RuleError, parse
from pipelines.work_calendar import WEEKDAYS, ClockError, Running, Window, WorkCalendar

Weekday: TypeAlias = Literal[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
]
_STRETCH = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*")
_MIDNIGHT = 24


def _day(written: object) -> object:
    if isinstance(written, str | date):
        return written
    raise EntryError(N_("give a day such as 2026-12-31"))


DayOff: TypeAlias = Annotated[date, BeforeValidator(_day)]
"""Never a bare number, which would be seconds since 1970."""


class LimitRule(Document):
    """A limit's hours and while which hours it runs."""

    hours: Number
    running: Running


class ClockDocument(Document):
    """`clock.yaml` as it is written."""

    zone: str | None = None
    week: dict[Weekday, str | None]
    holidays: tuple[str, ...] = ()
    days_off: tuple[DayOff, ...] = ()
    segments: dict[Segment, LimitRule]
    priorities: dict[Level, LimitRule]
    resolution: LimitRule = LimitRule(hours=50, running="working_hours")
    due_soon: Annotated[Number, Field(gt=0, lt=1)] = 0.25

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value is not None:
            zone_of(value)
        return value

    @model_validator(mode="after")
    def _every_segment(self) -> ClockDocument:
        missing = [name for name in SEGMENTS if name not in self.segments]
        if missing:
            raise EntryError(
                N_("segments lack a limit for %(missing)s; add it"), missing=", ".join(missing)
            )
        return self


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name.

    Raises:
        EntryError: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise EntryError(
            N_("“%(name)s” is no IANA time zone; write one such as Europe/Tallinn"), name=name[:60]
        ) from error


def clock_of(content: str, zone: ZoneInfo) -> Clock:
    """The clock that a document describes.

    Args:
        content: YAML of the shape of `clock.yaml`.
        zone: where the document names none.

    Raises:
        RuleError: it cannot be read or kept.
    """
    written = parse(ClockDocument, content)
    week = {str(day): stretches for day, stretches in written.week.items()}
    try:
        calendar = WorkCalendar(
            ZoneInfo(written.zone) if written.zone else zone,
            tuple(_windows(name, week.get(name)) for name in WEEKDAYS),
            tuple(code.upper() for code in written.holidays),
            frozenset(written.days_off),
        )
        return Clock(
            calendar,
            {name: _limit(rule) for name, rule in written.segments.items()},
            {name: _limit(rule) for name, rule in written.priorities.items()},
            written.due_soon,
            _limit(written.resolution),
        )
    except ClockError as error:
        raise RuleError(error.told.message, **error.told.facts) from error


def _limit(rule: LimitRule) -> Limit:
    return Limit(rule.hours, rule.running)


def _windows(day: str, written: str | None) -> tuple[Window, ...]:
    if not written or not written.strip():
        return ()
    return tuple(_window(day, stretch) for stretch in written.split(","))


def _window(day: str, stretch: str) -> Window:
    found = _STRETCH.fullmatch(stretch)
    if found is None:
        raise ClockError(
            N_("Working hours of %(day)s: “%(written)s” is no stretch such as 08:00-16:30."),
            day=day,
            written=stretch.strip()[:40],
        )
    start, end = (_time(day, found[at], found[at + 1]) for at in (1, 3))
    return Window(start, end)


def _time(day: str, hour: str, minute: str) -> time:
    if int(hour) > _MIDNIGHT or int(minute) > 59 or (int(hour) == _MIDNIGHT and int(minute)):
        raise ClockError(
            N_(
                "Working hours of %(day)s: %(time)s is no time of day. Write one from 00:00 to "
                "24:00."
            ),
            day=day,
            time=f"{hour}:{minute}",
        )
    return time(int(hour) % _MIDNIGHT, int(minute))
