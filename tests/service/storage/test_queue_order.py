from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from service.storage.case_tables import CaseRow
from service.storage.queue import QueueFilter, QueueRepository
from service.storage.queue_order import Today
from service.wiring import Odzew

pytestmark = pytest.mark.usefixtures("loaded")

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
TODAY = Today(NOW, datetime(2026, 11, 26, 7, tzinfo=UTC))
HOUR = timedelta(hours=1)


def ordered(odzew: Odzew, workspace: str, *cases: tuple[str, int, float]) -> list[int]:
    """Places, in the queue, of cases given as level, points and hours until they are due."""
    with odzew.database.transaction() as session:
        rows = list(session.scalars(select(CaseRow).order_by(CaseRow.id)))[: len(cases)]
        assert len(rows) == len(cases)
        for row, (level, points, hours) in zip(rows, cases, strict=True):
            row.level, row.priority_score, row.respond_by = level, points, NOW + hours * HOUR
            row.owner = "Ewa"
        session.flush()
        mine = QueueFilter(owner="Ewa")
        found, total = QueueRepository(session, workspace).queue(mine, today=TODAY, limit=50)
        assert total == len(cases)
        ids = [row.id for row in rows]
        return [ids.index(row.id) for row in found]


def test_a_new_p1_stands_above_all_that_is_late_and_less_urgent(
    odzew: Odzew, workspace: str
) -> None:
    late = [("P2", 70, -20.0), ("P3", 44, -90.0), ("P3", 30, -1.0), ("P4", 10, -200.0)]
    assert ordered(odzew, workspace, *late, ("P1", 80, 4.0)) == [4, 0, 1, 2, 3]


def test_who_needs_an_answer_today_stands_above_who_does_not(odzew: Odzew, workspace: str) -> None:
    cases = [("P2", 72, 30.0), ("P3", 40, -3.0), ("P4", 5, 18.9), ("P2", 50, 2.0), ("P3", 44, 19.1)]
    assert ordered(odzew, workspace, *cases) == [3, 1, 2, 0, 4]


def test_of_one_level_what_is_late_comes_first_then_points_then_time(
    odzew: Odzew, workspace: str
) -> None:
    cases = [("P1", 99, 3.0), ("P1", 75, -3.0), ("P2", 60, 5.0), ("P2", 60, 4.0), ("P2", 46, -1.0)]
    assert ordered(odzew, workspace, *cases) == [1, 0, 4, 3, 2]


def test_a_p1_is_for_today_though_nobody_works_before_it_is_due(
    odzew: Odzew, workspace: str
) -> None:
    assert ordered(odzew, workspace, ("P2", 70, 5.0), ("P1", 74, 70.0)) == [1, 0]


def test_cases_for_today_are_counted(odzew: Odzew, workspace: str) -> None:
    with odzew.database.transaction() as session:
        repository = QueueRepository(session, workspace)
        rows = list(session.scalars(select(CaseRow)))
        for at, row in enumerate(rows):
            row.level, row.respond_by = "P2", NOW + (-HOUR, HOUR, 40 * HOUR)[min(at, 2)]
        session.flush()
        assert repository.for_today(TODAY) == (1, 2)
        rows[-1].level = "P1"
        session.flush()
        assert repository.for_today(TODAY) == (1, 3)
