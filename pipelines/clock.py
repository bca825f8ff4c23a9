"""When a customer must have been contacted: time that runs while people work, and pauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pipelines.contracts import Level, Segment
from pipelines.messages import N_
from pipelines.work_calendar import ClockError, Running, WorkCalendar

_DAY = timedelta(days=1)
_FARTHEST_DAYS = 3 * 366
"""So far is looked for working time; a calendar that has none there is refused."""
_NO_TIME = N_(
    "The calendar has no working time for three years. Give the week working hours or take some of "
    "the free days out."
)


@dataclass(frozen=True, slots=True)
class Limit:
    """Within how many hours somebody must be contacted, and while which hours count."""

    hours: float
    running: Running

    def __post_init__(self) -> None:
        if not 0 < self.hours <= 24 * 90:
            raise ClockError(
                N_("A time limit is more than 0 and at most %(most)s hours; %(hours)s is not."),
                most=24 * 90,
                hours=self.hours,
            )


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that does not count, while the customer is waited for; `end` is None while it lasts."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True)
class Clock:
    """How soon customers must be contacted.

    Attributes:
        calendar: when people work.
        segments: the limit of each segment.
        levels: limits of priorities, where they are stricter than the segment's.
        due_soon: a case is due soon when this share of its limit is left, 0-1.
        resolution: within what a case is resolved, from the first contact on.
    """

    calendar: WorkCalendar
    segments: Mapping[Segment, Limit]
    levels: Mapping[Level, Limit]
    due_soon: float = 0.25
    resolution: Limit = Limit(50, "working_hours")

    def respond_by(
        self,
        started: datetime,
        segment: Segment,
        level: Level | None = None,
        pauses: Sequence[Pause] = (),
    ) -> datetime | None:
        """The latest moment for a first contact: the earliest that segment and priority ask for.

        Args:
            started: when the customer wrote, aware.
            segment: whose limit holds.
            level: whose limit holds too, if it has one.
            pauses: when the clock stood still.

        Returns:
            In the calendar's zone; None while a pause lasts that begins before the limit is
            reached.

        Raises:
            ClockError: the calendar has no working time for years.
        """
        limits = [self.segments[segment]]
        if level is not None and level in self.levels:
            limits.append(self.levels[level])
        due = [moment_after(self.calendar, started, one, pauses) for one in limits]
        known = [one for one in due if one is not None]
        # Two moments of one zone are compared by the wall, where an hour may come twice.
        return min(known, key=lambda one: one.astimezone(UTC)) if len(known) == len(due) else None

    def resolve_by(self, contacted: datetime, pauses: Sequence[Pause] = ()) -> datetime | None:
        """The latest moment to resolve a case; None while a pause lasts.

        Args:
            contacted: when the customer was first contacted, aware.
            pauses: when the customer was waited for.

        Raises:
            ClockError: the calendar has no working time for years.
        """
        return moment_after(self.calendar, contacted, self.resolution, pauses)

    def soon_from(
        self, started: datetime, until: datetime, pauses: Sequence[Pause] = ()
    ) -> datetime:
        """From when on only the last share of the working hours until a moment is left.

        Where nobody works in between, hours are counted as they pass.
        """
        working = passed(self.calendar, started, until, "working_hours", pauses)
        share = 1 - self.due_soon
        if not working or any(pause.end is None for pause in pauses):
            return max(started, started + (until - started) * share)
        limit = Limit(working * share / timedelta(hours=1), "working_hours")
        return moment_after(self.calendar, started, limit, pauses) or until


def working_moment(calendar: WorkCalendar, latest: datetime) -> datetime:
    """The last moment until `latest` at which people work, in the calendar's zone.

    Raises:
        ClockError: the calendar has no working time for years.
    """
    moment = latest.astimezone(calendar.zone)
    for back in range(_FARTHEST_DAYS):
        spans = [*calendar.spans(moment.date() - back * _DAY, "working_hours")]
        for start, end in reversed(spans):
            if start < latest:
                return min(end, latest).astimezone(calendar.zone)
    raise ClockError(_NO_TIME)


def next_day(calendar: WorkCalendar, moment: datetime) -> datetime:
    """When people work again after the day that a moment falls into, in the calendar's zone.

    Raises:
        ClockError: the calendar has no working time for years.
    """
    day = moment.astimezone(calendar.zone).date()
    for ahead in range(1, _FARTHEST_DAYS):
        for start, _ in calendar.spans(day + ahead * _DAY, "working_hours"):
            return start.astimezone(calendar.zone)
    raise ClockError(_NO_TIME)


def moment_after(
    calendar: WorkCalendar, started: datetime, limit: Limit, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """The moment at which a limit is used up; None while a pause lasts that begins before it.

    Args:
        calendar: when people work.
        started: aware.
        limit: how much may pass.
        pauses: when nothing passes, in any order.

    Raises:
        ClockError: the calendar has no working time for years.
    """
    left = timedelta(hours=limit.hours)
    for start, end in _running(calendar, started, limit.running, pauses):
        if left <= end - start:
            return (start + left).astimezone(calendar.zone)
        left -= end - start
    if any(pause.end is None for pause in pauses):
        return None
    raise ClockError(_NO_TIME)


def passed(
    calendar: WorkCalendar,
    started: datetime,
    until: datetime,
    running: Running,
    pauses: Sequence[Pause] = (),
) -> timedelta:
    """How much time ran from `started` to `until`; nothing if `until` is earlier."""
    stop = until.astimezone(UTC)
    total = timedelta(0)
    for start, end in _running(calendar, started, running, pauses):
        if start >= stop:
            break
        total += min(end, stop) - start
    return total


def _running(
    calendar: WorkCalendar, started: datetime, running: Running, pauses: Sequence[Pause]
) -> Iterator[tuple[datetime, datetime]]:
    """Stretches in which time runs from `started` on, pauses taken out, in order and in UTC."""
    begin = started.astimezone(UTC)
    still = [
        (pause.start.astimezone(UTC), pause.end.astimezone(UTC) if pause.end else None)
        for pause in sorted(pauses, key=lambda pause: pause.start)
    ]
    first = (begin if running == "always" else started.astimezone(calendar.zone)).date()
    for ahead in range(_FARTHEST_DAYS):
        for start, end in calendar.spans(first + ahead * _DAY, running):
            at = max(start, begin)
            for pause, resumed in still:
                if pause < end and (resumed is None or resumed > at):
                    if at < pause:
                        yield at, pause
                    if resumed is None:
                        return
                    at = resumed
            if at < end:
                yield at, end
