"""The page of the taxonomy of touchpoints, where a workspace can bring its own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from pipelines.contracts import PipelineError
from pipelines.theme_life.touchpoints import SHIPPED
from service.auth import House, Person
from service.review.language import told
from service.review.pages import theme_page
from service.storage.access import Caller
from service.storage.themes import ThemeRepository
from service.theme_desk import ThemeDesk
from service.wiring import Odzew

router = APIRouter(prefix="/themes/touchpoints", include_in_schema=False)


@router.get("")
def touchpoints(person: Person, odzew: House) -> Response:
    """The taxonomy, and a field to replace it."""
    return _page(person, odzew)


@router.post("")
def use_touchpoints(person: Person, odzew: House, content: Annotated[str, Form()] = "") -> Response:
    """Use another taxonomy; an empty one stands for the one shipped."""
    try:
        ThemeDesk(odzew, person.workspace, person.name).use_taxonomy(content)
    except PipelineError as error:
        return _page(person, odzew, problem=told(error), typed=content)
    return RedirectResponse("/themes/touchpoints", 303)


def _page(person: Caller, odzew: Odzew, *, problem: str = "", typed: str | None = None) -> Response:
    with odzew.database.snapshot() as session:
        own = ThemeRepository(session, person.workspace).taxonomy()
    page = theme_page(
        "touchpoints.html",
        person,
        "touchpoints",
        touchpoints=odzew.touchpoints(person.workspace),
        content=typed if typed is not None else own or SHIPPED.read_text("utf-8"),
        is_own=own is not None,
        problem=problem,
    )
    page.status_code = 422 if problem else 200
    return page
