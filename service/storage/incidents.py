"""Incidents in SQL: one row a spike, brought up to date and reopened, never doubled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.insight.spikes import TOGETHER, Incident, Spike
from service.storage.base import new_id
from service.storage.occasions import keep_spike
from service.storage.theme_tables import ThemeIncident


class IncidentRepository:
    """Incidents of one workspace."""

    def __init__(self, session: Session, workspace: str) -> None:
        self._session, self._workspace = session, workspace

    def listed(self, *, theme: str | None = None, limit: int = 100) -> list[ThemeIncident]:
        """Incidents, the latest first."""
        query = select(ThemeIncident).where(ThemeIncident.workspace_id == self._workspace)
        if theme is not None:
            query = query.where(ThemeIncident.theme_id == theme)
        query = query.order_by(ThemeIncident.last_week.desc(), ThemeIncident.id).limit(limit)
        return list(self._session.scalars(query))

    def rising(self, since: date) -> set[str]:
        """Ids of themes that emerged in a week that began at `since` or later."""
        query = select(ThemeIncident.theme_id).where(
            ThemeIncident.workspace_id == self._workspace,
            ThemeIncident.direction == "emerging",
            ThemeIncident.last_week >= since,
        )
        return set(self._session.scalars(query))

    def keep(self, incidents: Sequence[Incident]) -> int:
        """Bring the rows to what was found; gives how many are new.

        An incident is the one that is stored where theme and direction are the same and their weeks
        meet or nearly do; its id stays.
        """
        known = self.listed(limit=10_000)
        new = 0
        for one in incidents:
            row = next((row for row in known if _is_same(row, one)), None)
            is_news = row is None or one.reopened > row.reopened
            if row is None:
                row = ThemeIncident(
                    id=new_id("inc"),
                    workspace_id=self._workspace,
                    theme_id=one.theme,
                    direction=one.direction,
                    found_at=datetime.now(UTC),
                )
                self._session.add(row)
                known.append(row)
                new += 1
            row.first_week, row.last_week = one.first_week, one.last_week
            row.weeks = [_json(spike) for spike in one.spikes]
            row.reopened = one.reopened
            if is_news and one.direction == "emerging":
                keep_spike(self._session, row, datetime.now(UTC))
        self._session.flush()
        return new


def _is_same(row: ThemeIncident, one: Incident) -> bool:
    return (
        (row.theme_id, row.direction) == (one.theme, one.direction)
        and row.first_week - TOGETHER <= one.last_week
        and one.first_week <= row.last_week + TOGETHER
    )


def _json(spike: Spike) -> dict[str, Any]:
    return asdict(spike) | {"week": spike.week.isoformat()}
