"""Themes: figures, excerpts, refits, people's edits, their history, and export."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from pipelines.theme_life.changes import Effect
from pipelines.theme_life.emerging import Group
from service.api.schemas import Body, excerpt_json, listed, theme_json
from service.auth import ApiCaller, House
from service.exporting import EXPORTS, export_themes
from service.storage.cases import NotFoundError
from service.storage.tables import ThemeChange
from service.storage.theme_figures import ThemeFigureRepository, ThemeFigures
from service.storage.themes import ThemeRepository
from service.theme_desk import MOST_EXCERPTS, ThemeDesk
from service.wiring import Odzew

router = APIRouter(tags=["themes"])

ExcerptId = Annotated[int, Field(ge=1, le=2**53)]
ExcerptIds = Annotated[list[ExcerptId], Field(min_length=1, max_length=MOST_EXCERPTS)]
ChangeId = Annotated[int, Path(ge=1, le=2**31)]


class Edit(Body):
    """What every edit takes: with `preview` nothing changes, and the effect is told."""

    preview: bool = False


class RenameBody(Edit):
    """A name, in one language or in all; an empty one takes a given name back."""

    name: str
    language: str | None = None


class MergeBody(Edit):
    """The theme to become a part of."""

    into: str


class SplitBody(Edit):
    """Excerpts of the theme that become one of their own."""

    excerpts: ExcerptIds
    name: str = ""


class RetireBody(Edit):
    """Why it is no theme (any more)."""

    reason: str = "not a theme"


class PinBody(Edit):
    """A phrase whose excerpts belong to the theme; `taken_away` unpins it."""

    phrase: str
    taken_away: bool = False


class PlaceBody(Edit):
    """Where the theme belongs; a field that is not sent stays, null takes it away."""

    touchpoint: str | None = None
    parent: str | None = None
    owner: str | None = None


class MakeBody(Edit):
    """Excerpts that become a theme."""

    excerpts: ExcerptIds
    name: str = ""


class MoveBody(Edit):
    """Excerpts and the theme they belong to; null for none."""

    excerpts: ExcerptIds
    theme: str | None


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
def emerging(caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Groups among the excerpts without a theme."""
    found = ThemeDesk(odzew, caller.workspace, caller.name).emerging()
    return {"items": [group_json(one) for one in found]}


@router.get("/v1/themes/changes")
def changes(caller: ApiCaller, odzew: House, theme: str | None = None) -> dict[str, Any]:
    """What changed about themes, newest first, and which change can be undone."""
    with odzew.database.snapshot() as session:
        repository = ThemeRepository(session, caller.workspace)
        rows = repository.changes(theme=theme)
        return {
            "items": [change_json(row) for row in rows],
            "undoable": repository.undoable(),
        }


@router.post("/v1/themes/changes/{change_id}/undo")
def undo(change_id: ChangeId, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Take the newest change back."""
    return effect_json(ThemeDesk(odzew, caller.workspace, caller.name).undo(change_id))


@router.post("/v1/themes/changes/{change_id}/accept", status_code=204)
def accept(change_id: ChangeId, caller: ApiCaller, odzew: House) -> None:
    """Let a refit stand."""
    ThemeDesk(odzew, caller.workspace, caller.name).accept(change_id)


@router.get("/v1/themes/touchpoints")
def touchpoints(caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """The taxonomy in use."""
    found = odzew.taxonomy(caller.workspace).touchpoints
    return {"items": [asdict(one) for one in found]}


@router.put("/v1/themes/touchpoints")
def use_touchpoints(body: TaxonomyBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Use another taxonomy."""
    desk = ThemeDesk(odzew, caller.workspace, caller.name)
    return {"touchpoints": desk.use_taxonomy(body.yaml)}


@router.post("/v1/themes/make")
def make(body: MakeBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Make a theme of excerpts."""
    desk = ThemeDesk(odzew, caller.workspace, caller.name)
    return effect_json(desk.make(body.excerpts, body.name, preview=body.preview))


@router.post("/v1/themes/move")
def move(body: MoveBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Put excerpts under a theme or under none."""
    desk = ThemeDesk(odzew, caller.workspace, caller.name)
    return effect_json(desk.move(body.excerpts, body.theme, preview=body.preview))


@router.get("/v1/themes/{theme_id}")
def theme(theme_id: str, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """One theme with quotes in each language."""
    with odzew.database.snapshot() as session:
        row = ThemeRepository(session, caller.workspace).get(theme_id)
        if row is None:
            raise NotFoundError(f"There is no theme {theme_id[:40]} here.")
        quotes = ThemeFigureRepository(session, caller.workspace).quotes_by_language(theme_id, 3)
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
    """Excerpts of a theme, surest first; of `none`, those without a theme."""
    with odzew.database.snapshot() as session:
        wanted = None if theme_id == "none" else theme_id
        if wanted and ThemeRepository(session, caller.workspace).get(wanted) is None:
            raise NotFoundError(f"There is no theme {theme_id[:40]} here.")
        figures = ThemeFigureRepository(session, caller.workspace)
        rows = figures.quotes(wanted, limit=limit, offset=offset)
        items = [excerpt_json(row, with_theme=False) for row in rows]
        return listed(items, figures.size(wanted), limit=limit, offset=offset)


@router.get("/v1/themes/{theme_id}/parts")
def parts(theme_id: str, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """The parts a theme seems to have, each of which it may be split by."""
    _known(odzew, caller.workspace, theme_id)
    found = ThemeDesk(odzew, caller.workspace, caller.name).parts(theme_id)
    return {"items": [group_json(one) for one in found]}


@router.post("/v1/themes/{theme_id}/rename")
def rename(theme_id: str, body: RenameBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Give a theme a name."""
    desk = ThemeDesk(odzew, caller.workspace, caller.name)
    return effect_json(desk.rename(theme_id, body.name, body.language, preview=body.preview))


@router.post("/v1/themes/{theme_id}/merge")
def merge(theme_id: str, body: MergeBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Make a theme a part of another."""
    desk = ThemeDesk(odzew, caller.workspace, caller.name)
    return effect_json(desk.merge(theme_id, body.into, preview=body.preview))


@router.post("/v1/themes/{theme_id}/split")
def split(theme_id: str, body: SplitBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Make a theme of some of a theme's excerpts."""
    desk = ThemeDesk(odzew, caller.workspace, caller.name)
    return effect_json(desk.make(body.excerpts, body.name, source=theme_id, preview=body.preview))


@router.post("/v1/themes/{theme_id}/retire")
def retire(theme_id: str, body: RetireBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Say that a theme is none (any more)."""
    desk = ThemeDesk(odzew, caller.workspace, caller.name)
    return effect_json(desk.retire(theme_id, body.reason, preview=body.preview))


@router.post("/v1/themes/{theme_id}/pin")
def pin(theme_id: str, body: PinBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Pin a phrase to a theme, or unpin it."""
    desk = ThemeDesk(odzew, caller.workspace, caller.name)
    return effect_json(
        desk.pin(theme_id, body.phrase, taken_away=body.taken_away, preview=body.preview)
    )


@router.post("/v1/themes/{theme_id}/place")
def place(theme_id: str, body: PlaceBody, caller: ApiCaller, odzew: House) -> dict[str, Any]:
    """Set touchpoint, parent and owner."""
    wanted: dict[str, str | None] = {
        name: getattr(body, name)
        for name in ("touchpoint", "parent", "owner")
        if name in body.model_fields_set
    }
    desk = ThemeDesk(odzew, caller.workspace, caller.name)
    return effect_json(desk.place(theme_id, wanted, preview=body.preview))


def effect_json(effect: Effect) -> dict[str, Any]:
    """What an edit does, or did, to excerpts."""
    return {
        "moved": [
            {"from": one.source, "to": one.target, "count": one.count, "texts": list(one.texts)}
            for one in effect.moved
        ],
        "unthemed_share": {"before": effect.unthemed_share[0], "after": effect.unthemed_share[1]},
    }


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


def _known(odzew: Odzew, workspace: str, theme_id: str) -> None:
    with odzew.database.snapshot() as session:
        if ThemeRepository(session, workspace).get(theme_id) is None:
            raise NotFoundError(f"There is no theme {theme_id[:40]} here.")
