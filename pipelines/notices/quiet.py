"""Hours in which nobody is written to, and the moment at which a digest is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from pipelines.notices.choices import Choices, Digest, Quiet
from pipelines.work_calendar import WorkCalendar

LONGEST = timedelta(days=14)
"""Mail is held no longer, whatever the calendar says."""
_MINUTE = timedelta(minutes=1)


def is_quiet(moment: datetime, quiet: Quiet, calendar: WorkCalendar) -> bool:
    """Whether a person is left in peace at a moment, by the team's clock on the wall."""
    local = moment.astimezone(calendar.zone)
    if quiet.on_days_off and calendar.is_free(local.date()):
        return True
    at = local.time()
    if quiet.start <= quiet.end:
        return quiet.start <= at < quiet.end
    return at >= quiet.start or at < quiet.end


def held_until(moment: datetime, quiet: Quiet, calendar: WorkCalendar) -> datetime:
    """The first moment, by the minute, at or after one that is not quiet; in UTC.

    After `LONGEST` it is told all the same.
    """
    last = moment.astimezone(UTC) + LONGEST
    at = moment.astimezone(UTC)
    # Minute by minute, since where clocks are changed a minute of the wall may come twice or never.
    while at < last and is_quiet(at, quiet, calendar):
        at = at.replace(second=0, microsecond=0) + _MINUTE
    return min(at, last)


def digest_due(
    kind: Digest, choices: Choices, calendar: WorkCalendar, now: datetime
) -> date | None:
    """The day whose digest is due now, None where none is.

    On a working day from the person's hour on; the weekly one on the first working day of a week.
    """
    local = now.astimezone(calendar.zone)
    day = local.date()
    if calendar.is_free(day) or local.hour < choices.digest_hour:
        return None
    earlier = (day - timedelta(days=back) for back in range(1, day.weekday() + 1))
    if kind == "weekly" and not all(calendar.is_free(one) for one in earlier):
        return None
    return day
