"""GET /v1/themes, a theme, its excerpts, and POST /v1/themes/refit."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query

from service.api.schemas import excerpt_json, listed, theme_json
from service.auth import ApiCaller, House
from service.storage.cases import NotFoundError
from service.storage.themes import ThemeFigures, ThemeRepository

router = APIRouter(tags=["themes"])


def figures_json(one: ThemeFigures) -> dict[str, Any]:
    """A theme with its figures."""
    return {
        **theme_json(one.theme),
        "size": one.size,
        "share": round(one.share, 4),
        "sentiment": round(one.sentiment, 4),
        "weekly": list(one.weekly),
        "languages": one.languages,
        "open_cases": one.open_cases,
    }


@router.get("/v1/themes")
def themes(caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Themes, largest first, with size, sentiment and weekly trend."""
    with odzew.database.snapshot() as session:
        repository = ThemeRepository(session, caller.workspace)
        figures, unthemed, excerpts = repository.list_figures()
        return {
            "items": [figures_json(one) for one in figures],
            "excerpts": excerpts,
            "unthemed": unthemed,
            "unthemed_share": round(unthemed / excerpts, 4) if excerpts else 0.0,
            "model": repository.model_version(),
        }


@router.post("/v1/themes/refit")
def refit(caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Fit themes on all feedback; 409 while another fit runs or there is too little."""
    return asdict(odzew.refit_themes(caller.workspace))


@router.get("/v1/themes/{theme_id}")
def theme(theme_id: str, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """One theme with quotes in each language."""
    with odzew.database.snapshot() as session:
        repository = ThemeRepository(session, caller.workspace)
        row = repository.get(theme_id)
        if row is None:
            raise NotFoundError(f"There is no theme {theme_id[:40]} here.")
        quotes = repository.quotes_by_language(theme_id, 3)
        return {
            **theme_json(row),
            "quotes": {
                code: [excerpt_json(one, with_theme=False) for one in found]
                for code, found in quotes.items()
            },
        }


@router.get("/v1/themes/{theme_id}/excerpts")
def excerpts(
    theme_id: str,
    caller: ApiCaller,
    odzew: House,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> dict[str, Any]:
    """Excerpts of a theme, surest first."""
    with odzew.database.snapshot() as session:
        repository = ThemeRepository(session, caller.workspace)
        if repository.get(theme_id) is None:
            raise NotFoundError(f"There is no theme {theme_id[:40]} here.")
        rows = repository.quotes(theme_id, limit=limit, offset=offset)
        items = [excerpt_json(row, with_theme=False) for row in rows]
        return listed(items, repository.size(theme_id), limit=limit, offset=offset)
