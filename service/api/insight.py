"""What the figures say: incidents of themes that rise or fall."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from service.auth import ApiCaller, House
from service.storage.incidents import IncidentRepository
from service.storage.theme_tables import ThemeIncident

router = APIRouter(tags=["insight"])


@router.get("/v1/insight/spikes")
def spikes(caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Incidents, the latest first; what arrived since is looked at."""
    odzew.watch_themes(caller.workspace)
    with odzew.database.snapshot() as session:
        rows = IncidentRepository(session, caller.workspace).listed()
        return {"items": [incident_json(row) for row in rows]}


def incident_json(row: ThemeIncident) -> dict[str, Any]:
    """An incident."""
    return {
        "id": row.id,
        "theme": row.theme_id,
        "direction": row.direction,
        "first_week": row.first_week.isoformat(),
        "last_week": row.last_week.isoformat(),
        "weeks": row.weeks,
        "reopened": row.reopened,
        "found_at": row.found_at.isoformat(),
    }
