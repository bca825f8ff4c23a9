"""The theme desk of whoever calls, and how the effect of an edit is told."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends

from pipelines.theme_life.changes import Effect
from service.auth import ApiCaller, House
from service.theme_desk import ThemeDesk


def desk_of(caller: ApiCaller, odzew: House) -> ThemeDesk:
    """Where the caller changes themes."""
    return ThemeDesk(odzew, caller.workspace, caller.name)


Desk = Annotated[ThemeDesk, Depends(desk_of)]


def effect_json(effect: Effect) -> dict[str, Any]:
    """What an edit does, or did, to excerpts."""
    return {
        "moved": [
            {"from": one.source, "to": one.target, "count": one.count, "texts": list(one.texts)}
            for one in effect.moved
        ],
        "unthemed_share": {"before": effect.unthemed_share[0], "after": effect.unthemed_share[1]},
        "made": effect.made,
        "note": effect.note,
    }
