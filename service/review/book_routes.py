"""The pages of templates: blocks of each book, a form with a live preview, files in and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from models.contracts import LANGUAGES
from pipelines.contracts import PipelineError
from pipelines.followup.wording import MAX_WORDING
from pipelines.messages import N_
from service.auth import House, Person
from service.book_desk import BookDesk
from service.book_shelf import Trial
from service.review.book_words import FILES, part_of, slots_shown, when_of
from service.review.language import _, language, told
from service.review.pages import render
from service.storage.access import Caller
from service.storage.books import BookRepository
from service.storage.conflicts import ConflictError
from service.wiring import Odzew

router = APIRouter(prefix="/templates", include_in_schema=False)

_SEE_OTHER = 303
Typed = Annotated[list[str] | None, Form()]
Numbers = Annotated[list[int] | None, Form()]


@router.get("")
def start() -> Response:
    """E-mails in the reader's language come first."""
    return RedirectResponse(f"/templates/{language()}/message", _SEE_OTHER)


@router.get("/{code}/{file}")
def book(code: str, file: str, person: Person, odzew: House) -> Response:
    """The blocks of one file of a book, as they are in use."""
    return _book(odzew, person, code, file)


@router.get("/{code}/{file}/file")
def export(code: str, file: str, person: Person, odzew: House) -> Response:
    """The file as TOML, with the workspace's own wordings."""
    content = BookDesk(odzew, person.workspace, person.name, code).export(file)
    disposition = f'attachment; filename="{code}-{file}.toml"'
    return Response(
        content, media_type="application/toml", headers={"Content-Disposition": disposition}
    )


@router.post("/{code}/{file}/file")
async def take(
    code: str,
    file: str,
    person: Person,
    odzew: House,
    content: Annotated[UploadFile, File()],
    why: Annotated[str, Form()] = "",
) -> Response:
    """Propose what a file changes."""
    given = await content.read()
    return await run_in_threadpool(_take, odzew, person, code, file, given, why)


@router.get("/{code}/{file}/{block}")
def block(
    code: str, file: str, block: str, person: Person, odzew: House, new: str = ""
) -> Response:
    """A block's wordings in a form, and how they read in messages; `new` is one to add."""
    return _block(odzew, person, code, file, block, new=new[:MAX_WORDING])


@router.post("/{code}/{file}/{block}/preview")
def preview(
    code: str,
    file: str,
    block: str,
    person: Person,
    odzew: House,
    wording: Typed = None,
    again: Numbers = None,
) -> Response:
    """Only the part of the page that shows messages, for the wordings that are being typed."""
    desk = BookDesk(odzew, person.workspace, person.name, code)
    typed = _typed(desk, file, block, wording, again)
    trial, problem = _tried(desk, file, block, typed)
    return render("book_preview.html", trial=trial, problem=problem, code=code)


@router.post("/{code}/{file}/{block}")
def change(
    code: str,
    file: str,
    block: str,
    person: Person,
    odzew: House,
    action: Annotated[str, Form()],
    book: Annotated[str, Form()],
    seen: Annotated[int, Form()],
    wording: Typed = None,
    again: Numbers = None,
    why: Annotated[str, Form()] = "",
) -> Response:
    """Show how typed wordings read, or propose them."""
    desk = BookDesk(odzew, person.workspace, person.name, code)
    typed = _typed(desk, file, block, wording, again)
    problem, status = "", 200
    try:
        if action == "propose":
            number = desk.propose(file, block, typed, why=why, book=book, seen=seen)
            return RedirectResponse(f"/templates/proposals/{number}", _SEE_OTHER)
        if action != "preview":
            raise PipelineError(N_("Wordings can be previewed or proposed."))
    except PipelineError as error:
        problem, status = told(error), 409 if isinstance(error, ConflictError) else 422
    page = _block(odzew, person, code, file, block, typed=typed, why=why, problem=problem)
    page.status_code = status
    return page


def _take(odzew: Odzew, person: Caller, code: str, file: str, content: bytes, why: str) -> Response:
    try:
        number = BookDesk(odzew, person.workspace, person.name, code).take(file, content, why)
    except PipelineError as error:
        page = _book(odzew, person, code, file, why=why, problem=told(error))
        page.status_code = 422
        return page
    return RedirectResponse(f"/templates/proposals/{number}", _SEE_OTHER)


def _typed(
    desk: BookDesk, file: str, block: str, wording: list[str] | None, again: list[int] | None
) -> list[str]:
    """What stands in the form's fields, with what ships where it is wanted back."""
    _shelf, state = desk.state(file, block)
    typed = [*(wording or state.shipped.texts)]
    for at in again or ():
        if 0 <= at < min(len(typed), len(state.shipped.texts)):
            typed[at] = state.shipped.texts[at]
    return typed


def _tried(desk: BookDesk, file: str, block: str, typed: list[str]) -> tuple[Trial | None, str]:
    try:
        return desk.try_out(file, block, typed), ""
    except PipelineError as error:
        return None, told(error)


def _book(
    odzew: Odzew, person: Caller, code: str, file: str, *, why: str = "", problem: str = ""
) -> Response:
    shelf = BookDesk(odzew, person.workspace, person.name, code).shelf(file)
    with odzew.database.snapshot() as session:
        waiting = BookRepository(session, person.workspace).waiting()
    return render(
        "books.html",
        person=person.name,
        here="templates",
        code=code,
        codes=LANGUAGES,
        file=file,
        files=[(key, _(name)) for key, name in FILES.items()],
        blocks=[(one, part_of(one.shipped), when_of(one.shipped)) for one in shelf.blocks],
        troubles=[(one.block, told(one.told)) for one in shelf.troubles],
        waiting=waiting,
        why=why,
        problem=problem,
    )


def _block(
    odzew: Odzew,
    person: Caller,
    code: str,
    file: str,
    block: str,
    *,
    typed: list[str] | None = None,
    why: str = "",
    problem: str = "",
    new: str = "",
) -> Response:
    desk = BookDesk(odzew, person.workspace, person.name, code)
    shelf, state = desk.state(file, block)
    places = [one for one in state.wordings if one.shipped is not None]
    besides = [one for one in state.wordings if one.shipped is None]
    fields = typed if typed is not None else [one.text for one in (*places, *besides)]
    if not fields[len(places) :] or fields[-1].strip():
        fields = [*fields, new]
    trial, unread = _tried(desk, file, block, fields)
    return render(
        "book_block.html",
        person=person.name,
        here="templates",
        code=code,
        file=file,
        file_name=_(FILES[file]),
        block=state.shipped,
        part=part_of(state.shipped),
        when=when_of(state.shipped),
        state=state,
        fields=[
            (text, state.shipped.texts[at] if at < len(state.shipped.texts) else "")
            for at, text in enumerate(fields)
        ],
        changed=[one for one in state.wordings if one.was is not None],
        slots=slots_shown(state.shipped, code),
        book=shelf.book.version.partition("+")[0],
        seen=shelf.version,
        why=why,
        trial=trial,
        problem=problem or unread,
    )
