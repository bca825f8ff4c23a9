"""The pages of proposed wordings: the history, what one changes, publishing it, going back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from pipelines.contracts import PipelineError
from pipelines.messages import N_
from service.auth import House, Person
from service.book_desk import BookDesk
from service.book_proposals import ProposalDesk
from service.review.book_words import FILES, part_of, when_of
from service.review.language import _, told
from service.review.pages import render
from service.storage.access import Caller
from service.storage.books import BookRepository, changes_of
from service.storage.conflicts import ConflictError
from service.wiring import Odzew

router = APIRouter(prefix="/templates", include_in_schema=False)

_SEE_OTHER = 303
_MOST = 200


@router.get("/history")
def history(person: Person, odzew: House) -> Response:
    """Every proposal, newest first, with who wrote and who published it."""
    with odzew.database.snapshot() as session:
        found = BookRepository(session, person.workspace).history(_MOST)
    return render(
        "book_history.html",
        person=person.name,
        here="templates",
        zone=odzew.settings.zone,
        files={key: _(name) for key, name in FILES.items()},
        touched=sorted({(one.language, one.file) for one, _decision in found}),
        proposals=[(one, decision, len(changes_of(one))) for one, decision in found],
    )


@router.get("/proposals/{number}")
def proposal(number: int, person: Person, odzew: House) -> Response:
    """What one proposal changes, and how that reads."""
    return _page(odzew, person, number)


@router.post("/proposals/{number}")
def decide(number: int, person: Person, odzew: House, action: Annotated[str, Form()]) -> Response:
    """Publish a proposal, or take it from the table."""
    desk = ProposalDesk(odzew, person.workspace, person.name)
    try:
        if action == "publish":
            desk.publish(number)
        elif action == "withdraw":
            desk.withdraw(number)
        else:
            raise PipelineError(N_("A proposal can be published or withdrawn."))
    except PipelineError as error:
        page = _page(odzew, person, number, problem=told(error))
        page.status_code = 409 if isinstance(error, ConflictError) else 422
        return page
    return RedirectResponse(f"/templates/proposals/{number}", _SEE_OTHER)


@router.get("/{code}/{file}/back")
def back_to_file(code: str, file: str, person: Person) -> Response:
    """Versions are gone back to on the page of the file."""
    return RedirectResponse(f"/templates/{code}/{file}", _SEE_OTHER)


@router.post("/{code}/{file}/back")
def go_back(
    code: str, file: str, person: Person, odzew: House, version: Annotated[int, Form()]
) -> Response:
    """Propose the wordings of an earlier version."""
    desk = BookDesk(odzew, person.workspace, person.name, code)
    why = (
        _("Back to version %(number)s", number=str(version)) if version else _("Back to what ships")
    )
    number = desk.go_back(file, version, why)
    return RedirectResponse(f"/templates/proposals/{number}", _SEE_OTHER)


def _page(odzew: Odzew, person: Caller, number: int, *, problem: str = "") -> Response:
    view = ProposalDesk(odzew, person.workspace, person.name).view(number)
    return render(
        "book_proposal.html",
        person=person.name,
        here="templates",
        zone=odzew.settings.zone,
        view=view,
        code=view.proposal.language,
        file_name=_(FILES[view.proposal.file]),
        is_own=view.proposal.who.casefold() == person.name.casefold(),
        blocks=[
            (
                one,
                part_of(one.shipped) if one.shipped else one.name,
                when_of(one.shipped) if one.shipped else "",
                told(one.trouble) if one.trouble else "",
            )
            for one in view.blocks
        ],
        problem=problem,
    )
