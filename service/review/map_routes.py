"""The map of themes: its page, its points, the excerpts behind them, and search by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from models.contracts import LANGUAGES, OTHER
from service.auth import House, Person
from service.review.language import language
from service.review.map_contexts import MOODS, Found, Lines, map_page
from service.review.pages import render, theme_page
from service.storage.cases import CaseRepository
from service.storage.theme_excerpts import ThemeExcerpts
from service.storage.theme_map import ThemeMap
from service.storage.themes import ThemeRepository
from service.wiring import Odzew

router = APIRouter(prefix="/themes", include_in_schema=False)

_FOUND = 100
"""Excerpts that a search by meaning shows."""
_LISTED = 40
"""Of those, so many are listed at once; as many as a script may ask for at once."""
_QUERY = 300
_DIGITS = 4
"""Decimals of a place: a map is a few units wide."""
_WITH_PLOTS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; frame-ancestors 'none'; form-action 'self'"
    )
}
"""plotly.js compiles its shaders' bindings and writes style sheets; only the map lets it."""

Asked = Annotated[str | None, Query(max_length=_QUERY)]


@router.get("/map")
def page(person: Person, odzew: House, q: Asked = None) -> Response:
    """Every excerpt as a point, with what its colours mean and what a search found."""
    found = None if q is None else _found(odzew, person.workspace, q)
    with odzew.database.snapshot() as session:
        names = ThemeRepository(session, person.workspace).names(language())
        shown = map_page(ThemeMap(session, person.workspace).mapped(), names)
    answer = theme_page("map.html", person, "map", page=shown, found=found)
    answer.headers.update(_WITH_PLOTS)
    return answer


@router.get("/points.json")
def points(person: Person, odzew: House) -> Response:
    """The map's points, column by column; themes, moods and languages as places in lists.

    Themes stand the largest first; -1 is without one.
    """
    with odzew.database.snapshot() as session:
        plotted = ThemeMap(session, person.workspace)
        found = plotted.points()
        themes = map_page(
            plotted.mapped(), ThemeRepository(session, person.workspace).names(language())
        ).themes
    codes = (*LANGUAGES, OTHER)
    place = {theme: at for at, (theme, _, _) in enumerate(themes)}
    return JSONResponse(
        {
            "ids": found.ids,
            "x": [round(one, _DIGITS) for one in found.x],
            "y": [round(one, _DIGITS) for one in found.y],
            "themes": [place.get(one or "", -1) for one in found.themes],
            "moods": [MOODS.index(one) for one in found.moods],
            "languages": [codes.index(one) for one in found.languages],
            "names": [{"id": one, "label": label} for one, label, _ in themes],
            "keys": {"mood": MOODS, "language": codes},
        }
    )


@router.get("/map/excerpts")
def excerpts(
    person: Person, odzew: House, ids: Annotated[str, Query(max_length=4_000)] = ""
) -> Response:
    """Some excerpts as a piece of a page, in the order asked for."""
    wanted = [int(one) for one in ids.split(",") if one.strip().isdecimal()][:_LISTED]
    with odzew.database.snapshot() as session:
        return render("map_lines.html", lines=_lines(session, person.workspace, wanted))


@router.get("/map/found")
def found(person: Person, odzew: House, q: Asked = "") -> Response:
    """What a search by meaning finds, as a piece of a page."""
    return render("map_found.html", found=_found(odzew, person.workspace, q or ""))


def _found(odzew: Odzew, workspace: str, query: str) -> Found:
    ids = odzew.meanings.excerpts(workspace, query, _FOUND)
    with odzew.database.snapshot() as session:
        return Found(query.strip(), tuple(ids), _lines(session, workspace, ids[:_LISTED]))


def _lines(session: Session, workspace: str, ids: Sequence[int]) -> Lines:
    rows = ThemeExcerpts(session, workspace).by_id(ids)
    cases = CaseRepository(session, workspace).of_feedback([row.feedback_id for row in rows])
    return Lines(tuple(rows), cases, ThemeRepository(session, workspace).names(language()))
