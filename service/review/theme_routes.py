"""The theme pages: the tree, the map, one theme, excerpts without one, history and touchpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Response
from fastapi.responses import JSONResponse, RedirectResponse

from pipelines.contracts import PipelineError
from pipelines.theme_life.changes import Effect
from pipelines.theme_life.edits import ThemeEditError
from service.auth import House, Person
from service.exporting import EXPORTS, export_themes
from service.review.contexts import queue_url
from service.review.pages import moment, render
from service.review.theme_contexts import (
    ThemeCard,
    branches,
    effect_lines,
    happenings,
    history,
)
from service.storage.access import Caller
from service.storage.cases import CaseRepository, NotFoundError, QueueFilter
from service.storage.incidents import IncidentRepository
from service.storage.theme_figures import ThemeFigureRepository
from service.storage.themes import ThemeRepository
from service.theme_desk import ThemeDesk
from service.wiring import Odzew

router = APIRouter(prefix="/themes", include_in_schema=False)

_SEE_OTHER = 303
_PAGE = 40
_FOUND = 200
"""Excerpts that a search by meaning shows."""
_QUERY = 300
_WITH_PLOTS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; frame-ancestors 'none'; form-action 'self'"
    )
}
"""plotly.js compiles its shaders' bindings and writes style sheets; only the map lets it."""


@router.get("")
def tree(person: Person, odzew: House) -> Response:
    """Root causes under touchpoints, with share, sentiment, trend and NPS."""
    odzew.watch_themes(person.workspace)
    touchpoints = odzew.taxonomy(person.workspace).touchpoints
    with odzew.database.snapshot() as session:
        repository = ThemeRepository(session, person.workspace)
        figures = ThemeFigureRepository(session, person.workspace)
        found = figures.overview()
        incidents = IncidentRepository(session, person.workspace).listed(limit=12)
        names = repository.names()
        rising = {one.theme_id for one in incidents if one.direction == "emerging"}
        quotes = figures.one_quote_each()
        cards = [
            ThemeCard(one, quotes.get(one.theme.id, ("", "")), rises=one.theme.id in rising)
            for one in found.themes
        ]
        retired = repository.retired()
    return _page(
        "themes.html",
        person,
        "tree",
        found=found,
        branches=branches(cards, touchpoints),
        happenings=happenings(incidents, names),
        retired=retired,
    )


@router.get("/map")
def map_page(person: Person, odzew: House, q: str = "") -> Response:
    """Every excerpt as a point."""
    with odzew.database.snapshot() as session:
        names = ThemeRepository(session, person.workspace).names()
    page = _page("map.html", person, "map", names=names, q=q[:_QUERY])
    page.headers.update(_WITH_PLOTS)
    return page


@router.get("/points.json")
def points(person: Person, odzew: House) -> Response:
    """The map's points, column by column; themes as places in a list."""
    with odzew.database.snapshot() as session:
        found = ThemeFigureRepository(session, person.workspace).points()
        names = ThemeRepository(session, person.workspace).names()
    order = sorted({one for one in found.themes if one in names}, key=lambda one: names[one])
    place = {theme: at for at, theme in enumerate(order)}
    return JSONResponse(
        {
            "ids": found.ids,
            "x": found.x,
            "y": found.y,
            "themes": [place.get(one or "", -1) for one in found.themes],
            "moods": found.moods,
            "languages": found.languages,
            "names": [{"id": one, "label": names[one]} for one in order],
        }
    )


@router.get("/excerpts.json")
def excerpts(
    person: Person, odzew: House, ids: Annotated[str, Query(max_length=4_000)] = ""
) -> Response:
    """Texts of some excerpts, for the map."""
    wanted = [int(one) for one in ids.split(",") if one.strip().isdecimal()][:_FOUND]
    with odzew.database.snapshot() as session:
        rows = ThemeFigureRepository(session, person.workspace).excerpts(wanted)
        cases = CaseRepository(session, person.workspace).of_feedback(
            [row.feedback_id for row in rows]
        )
    return JSONResponse(
        [
            {
                "id": row.id,
                "text": row.text,
                "language": row.language,
                "mood": row.sentiment_label,
                "case": cases.get(row.feedback_id),
            }
            for row in rows
        ]
    )


@router.get("/search.json")
def search(person: Person, odzew: House, q: Annotated[str, Query(max_length=_QUERY)]) -> Response:
    """Excerpts that mean what is asked for, nearest first."""
    return JSONResponse({"ids": odzew.search(person.workspace, q, _FOUND)})


@router.get("/none")
def unthemed(
    person: Person, odzew: House, offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0
) -> Response:
    """Excerpts without a theme, and the groups that form among them."""
    desk = ThemeDesk(odzew, person.workspace, person.name)
    with odzew.database.snapshot() as session:
        figures = ThemeFigureRepository(session, person.workspace)
        rows = figures.quotes(None, limit=_PAGE, offset=offset)
        count, total = figures.size(None), ThemeRepository(session, person.workspace).count()
        names = ThemeRepository(session, person.workspace).names()
        cases = CaseRepository(session, person.workspace).of_feedback(
            [row.feedback_id for row in rows]
        )
        groups = desk.emerging() if names and not offset else ()
        shown = {
            one.excerpts: [row.text for row in figures.excerpts(one.excerpts[:3])] for one in groups
        }
    return _page(
        "unthemed.html",
        person,
        "none",
        rows=rows,
        cases=cases,
        count=count,
        total=total,
        groups=[(one, shown[one.excerpts]) for one in groups],
        names=sorted(names.items(), key=lambda one: one[1].casefold()),
        offset=offset,
        following=offset + _PAGE if offset + _PAGE < count else None,
    )


@router.get("/changes")
def changes(person: Person, odzew: House) -> Response:
    """What changed, by whom, and what can be undone."""
    with odzew.database.snapshot() as session:
        repository = ThemeRepository(session, person.workspace)
        lines = history(
            repository.changes(),
            _all_names(repository),
            odzew.settings.zone,
            repository.undoable(),
        )
    return _page("changes.html", person, "changes", lines=lines)


@router.post("/changes/{change_id}/{what}")
def decide(
    change_id: Annotated[int, Path(ge=1, le=2**31)], what: str, person: Person, odzew: House
) -> Response:
    """Undo a change, or accept a refit."""
    desk = ThemeDesk(odzew, person.workspace, person.name)
    if what == "undo":
        desk.undo(change_id)
    elif what == "accept":
        desk.accept(change_id)
    else:
        raise NotFoundError("There is nothing at this address.")
    return RedirectResponse("/themes/changes", _SEE_OTHER)


@router.post("/refit")
def refit(person: Person, odzew: House) -> Response:
    """Fit themes on all feedback, now."""
    odzew.refit_themes(person.workspace, who=person.name)
    return RedirectResponse("/themes/changes", _SEE_OTHER)


@router.get("/touchpoints")
def touchpoints(person: Person, odzew: House) -> Response:
    """The taxonomy, and a field to replace it."""
    return _touchpoints(person, odzew)


@router.post("/touchpoints")
def use_touchpoints(person: Person, odzew: House, content: Annotated[str, Form()] = "") -> Response:
    """Use another taxonomy; an empty one stands for the one shipped."""
    try:
        ThemeDesk(odzew, person.workspace, person.name).use_taxonomy(content)
    except PipelineError as error:
        return _touchpoints(person, odzew, problem=str(error), typed=content)
    return RedirectResponse("/themes/touchpoints", _SEE_OTHER)


@router.get("/export.{kind}")
def export(kind: str, person: Person, odzew: House) -> Response:
    """Every excerpt with its theme, as a file."""
    if kind not in EXPORTS:
        raise NotFoundError("Themes are exported as .csv or .parquet.")
    content = export_themes(odzew, person.workspace, kind)
    name = f'attachment; filename="odzew-themes.{kind}"'
    return Response(content, media_type=EXPORTS[kind], headers={"Content-Disposition": name})


@router.post("/edit")
def edit(
    person: Person,
    odzew: House,
    kind: Annotated[str, Form()],
    theme: Annotated[str, Form()] = "",
    into: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "",
    phrase: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    touchpoint: Annotated[str | None, Form()] = None,
    parent: Annotated[str | None, Form()] = None,
    owner: Annotated[str | None, Form()] = None,
    excerpts: Annotated[str, Form()] = "",
    step: Annotated[str, Form()] = "preview",
) -> Response:
    """Show what an edit would do, or make it."""
    fields = {
        "kind": kind,
        "theme": theme,
        "into": into,
        "name": name,
        "language": language,
        "phrase": phrase,
        "reason": reason,
        "touchpoint": touchpoint,
        "parent": parent,
        "owner": owner,
        "excerpts": excerpts,
    }
    desk = ThemeDesk(odzew, person.workspace, person.name)
    preview = step != "make"
    try:
        effect = _edited(desk, fields, preview=preview)
    except PipelineError as error:
        return _effect_page(odzew, person, fields, None, str(error))
    if preview:
        return _effect_page(odzew, person, fields, effect, "")
    where = into or theme
    return RedirectResponse(f"/themes/{where}" if where and kind != "retire" else "/themes", 303)


@router.get("/{theme_id}")
def theme(theme_id: str, person: Person, odzew: House) -> Response:
    """One theme: figures, quotes side by side, who and where, its history, and its edits."""
    taxonomy = odzew.taxonomy(person.workspace)
    with odzew.database.snapshot() as session:
        repository = ThemeRepository(session, person.workspace)
        figures = ThemeFigureRepository(session, person.workspace)
        found = next((one for one in figures.overview().themes if one.theme.id == theme_id), None)
        row = repository.get(theme_id)
        if row is None:
            raise NotFoundError("There is no such theme here.")
        names = repository.names()
        changed = repository.changes(theme=theme_id)
        lines = history(changed, _all_names(repository), odzew.settings.zone, None)
        if found is None:
            return _page("retired.html", person, "tree", theme=row, lines=lines)
        quotes = figures.quotes_by_language(theme_id, 5)
        ids = [row.feedback_id for rows in quotes.values() for row in rows]
        model = repository.current_model()
        return _page(
            "theme.html",
            person,
            "tree",
            card=ThemeCard(found),
            quotes=quotes,
            cases=CaseRepository(session, person.workspace).of_feedback(ids),
            queue=queue_url(QueueFilter(theme=theme_id)),
            spoken=figures.spoken(theme_id),
            cohesion=figures.cohesion(theme_id),
            stability=_stability(changed, theme_id),
            names=names,
            others=sorted(
                ((one, label) for one, label in names.items() if one != theme_id),
                key=lambda one: one[1].casefold(),
            ),
            touchpoints=taxonomy.touchpoints,
            pins=[pin.phrase for pin in model.pins if pin.theme == theme_id] if model else [],
            happenings=happenings(
                IncidentRepository(session, person.workspace).listed(theme=theme_id), names
            ),
            lines=lines,
            created=moment(row.created_at, odzew.settings.zone),
        )


@router.get("/{theme_id}/parts")
def parts(theme_id: str, person: Person, odzew: House) -> Response:
    """The parts a theme seems to have, each with a button to split it off."""
    with odzew.database.snapshot() as session:
        row = ThemeRepository(session, person.workspace).get(theme_id)
    if row is None:
        raise NotFoundError("There is no such theme here.")
    groups = ThemeDesk(odzew, person.workspace, person.name).parts(theme_id)
    with odzew.database.snapshot() as session:
        figures = ThemeFigureRepository(session, person.workspace)
        shown = [(one, figures.excerpts(one.excerpts[:5])) for one in groups]
    return _page("theme_parts.html", person, "tree", theme=row, groups=shown)


def _page(template: str, person: Caller, tab: str, **context: Any) -> Response:
    return render(template, person=person.name, here="themes", tab=tab, **context)


def _edited(desk: ThemeDesk, fields: Mapping[str, Any], *, preview: bool) -> Effect:
    theme, kind = str(fields["theme"]), fields["kind"]
    excerpts = [int(one) for one in str(fields["excerpts"]).split(",") if one.strip().isdecimal()]
    if kind == "rename":
        return desk.rename(theme, fields["name"], fields["language"] or None, preview=preview)
    if kind == "merge":
        return desk.merge(theme, fields["into"], preview=preview)
    if kind == "retire":
        return desk.retire(theme, fields["reason"], preview=preview)
    if kind in {"pin", "unpin"}:
        taken = kind == "unpin"
        return desk.pin(theme, fields["phrase"], taken_away=taken, preview=preview)
    if kind == "place":
        wanted = {
            name: fields[name] or None
            for name in ("touchpoint", "parent", "owner")
            if fields[name] is not None
        }
        return desk.place(theme, wanted, preview=preview)
    if kind in {"move", "split"} and not theme:
        raise ThemeEditError("Choose the theme first.")
    if kind == "move":
        return desk.move(excerpts, None if theme == "none" else theme, preview=preview)
    if kind in {"make", "split"}:
        source = theme if kind == "split" else None
        return desk.make(excerpts, fields["name"], source=source, preview=preview)
    raise NotFoundError("There is no such edit of themes.")


def _effect_page(
    odzew: Odzew, person: Caller, fields: Mapping[str, Any], effect: Effect | None, problem: str
) -> Response:
    with odzew.database.snapshot() as session:
        names = ThemeRepository(session, person.workspace).names()
    back = f"/themes/{fields['theme']}" if fields["theme"] in names else "/themes"
    page = _page(
        "effect.html",
        person,
        "tree",
        fields={name: value for name, value in fields.items() if value is not None},
        effect=effect,
        moved=effect_lines(effect, names) if effect else (),
        names=names,
        problem=problem,
        back=back,
    )
    page.status_code = 422 if problem else 200
    return page


def _touchpoints(
    person: Caller, odzew: Odzew, *, problem: str = "", typed: str | None = None
) -> Response:
    with odzew.database.snapshot() as session:
        own = ThemeRepository(session, person.workspace).taxonomy()
    page = _page(
        "touchpoints.html",
        person,
        "touchpoints",
        touchpoints=odzew.taxonomy(person.workspace).touchpoints,
        content=typed if typed is not None else own or "",
        is_own=own is not None,
        problem=problem,
    )
    page.status_code = 422 if problem else 200
    return page


def _all_names(repository: ThemeRepository) -> dict[str, str]:
    return {row.id: row.label for row in repository.retired()} | repository.names()


def _stability(changed: Any, theme_id: str) -> float | None:
    """Share of the theme's excerpts that were still its own after the last refit."""
    for row in changed:
        if row.kind == "refit":
            fate = next((one for one in row.report["fates"] if one["theme"] == theme_id), None)
            if fate and fate["before"]:
                return float(fate["stayed"] / fate["before"])
    return None
