"""The history of themes, what is undone and accepted in it, and refits with how far they are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import RedirectResponse

from pipelines.messages import N_
from service.auth import House, Person
from service.refits import STEPS, newest_refit
from service.review.pages import moment, theme_page
from service.review.theme_words import ThemeWords
from service.storage.conflicts import NotFoundError
from service.storage.theme_history import ThemeHistory
from service.theme_desk import ThemeDesk

router = APIRouter(prefix="/themes", include_in_schema=False)

_SEE_OTHER = 303


@router.get("/changes")
def changes(person: Person, odzew: House) -> Response:
    """What changed, by whom, and what can be undone."""
    words = ThemeWords.of(odzew, person.workspace)
    with odzew.database.snapshot() as session:
        history = ThemeHistory(session, person.workspace)
        lines = words.history(history.listed(), odzew.settings.zone, history.undoable())
    refit = newest_refit(odzew.settings.home, person.workspace)
    return theme_page(
        "changes.html",
        person,
        "changes",
        lines=lines,
        is_fitting=refit is not None and refit.state == "running",
    )


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
        raise NotFoundError(N_("There is nothing at this address."))
    return RedirectResponse("/themes/changes", _SEE_OTHER)


@router.post("/refit")
def refit(person: Person, odzew: House) -> Response:
    """Fit themes on all feedback, in the background."""
    odzew.start_refit(person.workspace, who=person.name)
    return RedirectResponse("/themes/refit", _SEE_OTHER)


@router.get("/refit")
def refit_page(person: Person, odzew: House) -> Response:
    """How far the newest refit is, and what came of it."""
    found = newest_refit(odzew.settings.home, person.workspace)
    line = None
    if found is not None and found.change is not None:
        words = ThemeWords.of(odzew, person.workspace)
        with odzew.database.snapshot() as session:
            row = ThemeHistory(session, person.workspace).get(found.change)
            line = words.history([row], odzew.settings.zone)[0]
    return theme_page(
        "refit.html",
        person,
        "changes",
        refit=found,
        steps=STEPS,
        started=moment(found.started_at, odzew.settings.zone) if found else "",
        line=line,
    )
