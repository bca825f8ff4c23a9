"""Where in the pages those things are that a notice or digest tells of together."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from pipelines.notices.choices import Kind


def place_of_many(kind: Kind, person: str) -> str:
    """The list that holds what a notice of several things tells a person of."""
    if kind == "spike":
        return "/themes"
    chosen: Mapping[str, Mapping[str, str]] = {
        "new_p1": {"priority": "P1", "sort": "newest"},
        "due_soon": {"owner": person, "sort": "respond_by"},
        "breached": {"state": "all", "only": "late"},
        "assigned": {"owner": person, "sort": "newest"},
        "replied": {"state": "all", "only": "came_back"},
        "bounced": {"state": "all", "only": "came_back"},
    }
    return _queue(chosen[kind])


def place_of_list(name: str, person: str) -> str:
    """The view of the queue that holds the cases of a list of a person's day."""
    chosen: Mapping[str, Mapping[str, str]] = {
        "breached": {"state": "all", "owner": person, "only": "late"},
        "due_today": {"owner": person, "sort": "respond_by"},
        "new_p1": {"priority": "P1", "sort": "newest"},
        "open": {"state": "all", "owner": person},
    }
    return _queue(chosen[name])


def _queue(chosen: Mapping[str, str]) -> str:
    return f"/queue?{urlencode(chosen)}"
