"""When a customer must have been answered: the segment's time after they wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipelines.contracts import Segment

HOURS: dict[Segment, int] = {"detractor": 24, "passive": 48, "promoter": 7 * 24}
"""Within how long each segment is contacted (the stricter of the field's guides)."""


def respond_by(occurred_at: datetime, segment: Segment) -> datetime:
    """The latest moment for a first contact, in the zone of `occurred_at`.

    The hours are hours that pass: a change of the clocks on the way neither adds nor takes one.
    """
    due = occurred_at.astimezone(UTC) + timedelta(hours=HOURS[segment])
    return due.astimezone(occurred_at.tzinfo)
