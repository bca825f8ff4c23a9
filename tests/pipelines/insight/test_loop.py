from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.insight.loop import (
    CaseTimes,
    Spread,
    by_attribute,
    by_owner,
    by_theme,
    figures,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLAIN = CaseTimes(
    state="new",
    owner=None,
    themes=("thm_1", "thm_2"),
    attributes=(("shop", "Brno"),),
    started_at=NOW - 10 * HOUR,
    contacted_at=None,
    resolved_at=None,
    respond_by=NOW + HOUR,
    due_soon_at=NOW + HOUR / 2,
    is_second_level=False,
)


def reached(hours: float, **changes: object) -> CaseTimes:
    at = PLAIN.started_at + hours * HOUR
    return replace(PLAIN, state="contacting", contacted_at=at, **changes)  # type: ignore[arg-type]


def test_what_is_open_due_soon_and_late_is_counted() -> None:
    cases = [
        PLAIN,
        replace(PLAIN, due_soon_at=NOW),
        replace(PLAIN, respond_by=NOW, due_soon_at=NOW - HOUR),
        replace(PLAIN, state="waiting", respond_by=NOW - HOUR),
        replace(PLAIN, state="closed", respond_by=NOW - HOUR),
    ]
    whole = figures(cases, by_owner, NOW)[0]
    assert (whole.cases, whole.open, whole.due_soon, whole.late) == (5, 4, 1, 1)
    assert whole.closed_share == pytest.approx(0.2)


def test_hours_are_told_by_their_median_and_what_nine_in_ten_keep_to() -> None:
    whole = figures([reached(hours) for hours in range(1, 12)], by_owner, NOW)[0]
    assert whole.first_contact == Spread(6, 10)
    assert whole.to_resolve is None


def test_recovered_are_those_who_said_that_it_worked() -> None:
    verified, back = replace(PLAIN, state="verified"), replace(PLAIN, is_second_level=True)
    assert figures([PLAIN], by_owner, NOW)[0].recovered_share is None
    assert figures([verified] * 3 + [back, PLAIN], by_owner, NOW)[0].recovered_share == 0.75


def test_cases_count_for_each_part_they_belong_to() -> None:
    cases = [PLAIN, replace(PLAIN, owner="Ewa", themes=(), attributes=())]
    names = {part: [row.name for row in figures(cases, part, NOW)] for part in (by_owner, by_theme)}
    assert names == {by_owner: ["all", "", "Ewa"], by_theme: ["all", "thm_1", "thm_2"]}
    assert [row.cases for row in figures(cases, by_attribute("shop"), NOW)] == [2, 1]
    assert figures([], by_owner, NOW)[0].cases == 0
