"""Themes: figures, excerpts, refits, their history, touchpoints, and export."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from pipelines.theme_life.emerging import Group
from service.api.bodies import Body
from service.api.desk import Desk, effect_json
from service.api.excerpt_filters import AskedExcerpts, Offset
from service.api.shapes import excerpt_json, listed, theme_json
from service.auth import ApiCaller, House
from service.exporting import EXPORTS, export_themes
from service.storage.conflicts import NotFoundError
from service.storage.theme_excerpts import ThemeExcerpts
from service.storage.theme_figures import ThemeFigureRepository, ThemeFigures
from service.storage.theme_history import ThemeHistory
from service.storage.theme_quotes import ThemeQuotes
from service.storage.theme_tables import ThemeChange
from service.storage.themes import ThemeRepository

router = APIRouter(tags=["themes"])

ChangeId = Annotated[int, Path(ge=1, le=2**31)]


class TaxonomyBody(Body):
    """A taxonomy as YAML; an empty one stands for the one shipped."""

    yaml: str = Field(max_length=1_000_000)


def figures_json(one: ThemeFigures) -> dict[str, Any]:
    """A theme with its figures."""
    return {
        **theme_json(one.theme),
        "size": one.size,
        "share": round(one.share, 4),
        "sentiment": round(one.sentiment, 4),
        "nps": None if one.nps is None else round(one.nps, 1),
        "answers": one.answers,
        "weekly": list(one.weekly),
        "languages": one.languages,
        "evenness": round(one.evenness, 4),
        "open_cases": one.open_cases,
    }


@router.get("/v1/themes")
def themes(caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Themes, largest first, with size, sentiment and weekly trend."""
    with odzew.database.snapshot() as session:
        found = ThemeFigureRepository(session, caller.workspace).overview()
        return {
            "items": [figures_json(one) for one in found.themes],
            "excerpts": found.excerpts,
            "unthemed": found.unthemed,
            "unthemed_share": round(found.unthemed / found.excerpts, 4) if found.excerpts else 0.0,
            "model": ThemeRepository(session, caller.workspace).model_version(),
        }


@router.post("/v1/themes/refit")
def refit(caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Fit themes on all feedback; 409 while another fit runs or there is too little."""
    found = odzew.refit_themes(caller.workspace, who=caller.name)
    odzew.watch_themes(caller.workspace)
    return asdict(found)


@router.get("/v1/themes/export")
def export(
    caller: ApiCaller,
    odzew: House,
    format: Literal["csv", "parquet"] = "csv",  # noqa: A002
) -> Response:
    """Every excerpt with its theme, as a file."""
    content = export_themes(odzew, caller.workspace, format)
    name = f'attachment; filename="odzew-themes.{format}"'
    return Response(content, media_type=EXPORTS[format], headers={"Content-Disposition": name})


@router.get("/v1/themes/emerging")
def emerging(desk: Desk) -> dict[str, Any]:
    """Groups among the excerpts without a theme."""
    return {"items": [group_json(one) for one in desk.emerging()]}


@router.get("/v1/themes/changes")
def changes(caller: ApiCaller, odzew: House, theme: str | None = None) -> dict[str, Any]:
    """What changed about themes, newest first, and which change can be undone."""
    with odzew.database.snapshot() as session:
        history = ThemeHistory(session, caller.workspace)
        return {
            "items": [change_json(row) for row in history.listed(theme=theme)],
            "undoable": history.undoable(),
        }


@router.post("/v1/themes/changes/{change_id}/undo")
def undo(change_id: ChangeId, desk: Desk) -> dict[str, Any]:
    """Take the newest change back; 409 where it is not the newest, or was undone."""
    return effect_json(desk.undo(change_id))


@router.post("/v1/themes/changes/{change_id}/accept", status_code=204)
def accept(change_id: ChangeId, desk: Desk) -> None:
    """Let a refit stand; 409 where it was accepted or undone."""
    desk.accept(change_id)


@router.get("/v1/themes/touchpoints")
def touchpoints(caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """The taxonomy in use."""
    found = odzew.touchpoints(caller.workspace)
    return {"items": [asdict(one) for one in found]}


@router.put("/v1/themes/touchpoints")
def use_touchpoints(body: TaxonomyBody, desk: Desk) -> dict[str, Any]:
    """Use another taxonomy."""
    return {"touchpoints": desk.use_taxonomy(body.yaml)}


@router.get("/v1/themes/{theme_id}")
def theme(theme_id: str, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """One theme with quotes in each language."""
    with odzew.database.snapshot() as session:
        row = ThemeRepository(session, caller.workspace).get(theme_id)
        if row is None:
            raise NotFoundError(f"There is no theme {theme_id[:40]} here.")
        quotes = ThemeQuotes(session, caller.workspace).by_language(theme_id, 3)
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
    asked: AskedExcerpts,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Offset = 0,
) -> dict[str, Any]:
    """Excerpts of a theme, surest first; of `none`, those without a theme, newest first."""
    with odzew.database.snapshot() as session:
        wanted = None if theme_id == "none" else theme_id
        if wanted and ThemeRepository(session, caller.workspace).get(wanted) is None:
            raise NotFoundError(f"There is no theme {theme_id[:40]} here.")
        rows, total = ThemeExcerpts(session, caller.workspace).page(
            replace(asked, theme=wanted), limit=limit, offset=offset
        )
        items = [excerpt_json(row, with_theme=False) for row in rows]
        return listed(items, total, limit=limit, offset=offset)


@router.get("/v1/themes/{theme_id}/parts")
def parts(theme_id: str, caller: ApiCaller, odzew: House, desk: Desk) -> dict[str, Any]:
    """The parts a theme seems to have, each of which it may be split by."""
    with odzew.database.snapshot() as session:
        if ThemeRepository(session, caller.workspace).get(theme_id) is None:
            raise NotFoundError(f"There is no theme {theme_id[:40]} here.")
    return {"items": [group_json(one) for one in desk.parts(theme_id)]}


def group_json(one: Group) -> dict[str, Any]:
    """A group of excerpts that could be a theme."""
    return {**asdict(one), "label": one.label, "size": len(one.excerpts)}


def change_json(row: ThemeChange) -> dict[str, Any]:
    """A change of the themes."""
    return {
        "id": row.id,
        "at": row.at.isoformat(),
        "who": row.who,
        "kind": row.kind,
        "themes": row.themes,
        "report": row.report,
        "undoes": row.undoes,
        "model": row.version,
    }
