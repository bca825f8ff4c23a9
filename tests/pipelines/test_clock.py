from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clock import HOURS, respond_by
from pipelines.contracts import SEGMENTS, Segment

WARSAW = ZoneInfo("Europe/Warsaw")
MOMENTS = st.builds(
    lambda seconds, zone: datetime.fromtimestamp(seconds, zone),
    st.integers(0, 4_000_000_000),
    st.sampled_from([UTC, WARSAW]),
)


@given(MOMENTS, st.sampled_from(SEGMENTS))
def test_the_time_that_passes_until_then_is_the_segments(
    moment: datetime, segment: Segment
) -> None:
    """Also where the clocks are changed on the way."""
    due = respond_by(moment, segment)
    assert due.astimezone(UTC) - moment.astimezone(UTC) == timedelta(hours=HOURS[segment])
    assert due.tzinfo is moment.tzinfo


def test_the_worse_the_segment_the_sooner() -> None:
    assert HOURS["detractor"] < HOURS["passive"] < HOURS["promoter"]
    assert HOURS["detractor"] <= 24
    assert HOURS["promoter"] <= 7 * 24


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (datetime(2026, 10, 24, 12, tzinfo=WARSAW), datetime(2026, 10, 25, 11, tzinfo=WARSAW)),
        (datetime(2026, 3, 28, 12, tzinfo=WARSAW), datetime(2026, 3, 29, 13, tzinfo=WARSAW)),
        (datetime(2026, 6, 1, 12, tzinfo=WARSAW), datetime(2026, 6, 2, 12, tzinfo=WARSAW)),
    ],
)
def test_a_detractor_has_an_answer_within_24_hours_by_any_clock(
    moment: datetime, due: datetime
) -> None:
    assert respond_by(moment, "detractor") == due
