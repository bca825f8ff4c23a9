"""When a customer must have been answered: the segment's time after they wrote."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipelines.contracts import Segment

HOURS: dict[Segment, int] = {"detractor": 24, "passive": 48, "promoter": 7 * 24}
"""Within how long each segment is contacted (the stricter of the field's guides)."""


def respond_by(occurred_at: datetime, segment: Segment) -> datetime:
    """The latest moment for a first contact, as aware as `occurred_at`."""
    return occurred_at + timedelta(hours=HOURS[segment])
