"""The addresses of the queue: filters, search, saved views, and moves of many cases with undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from pipelines.cases import MoveError, Step
from pipelines.contracts import PipelineError
from pipelines.messages import N_
from service.api.queue_query import QueueQuery, UnsearchedError
from service.auth import House, Person
from service.review.language import told
from service.review.queue_contexts import (
    BulkForm,
    ViewForm,
    queue_address,
    view_query,
)
from service.review.queue_page import followed, queue_page
from service.storage.access import Caller
from service.storage.bulk import BulkRepository
from service.storage.queue import QueueFilter
from service.storage.views import ViewExistsError, ViewRepository
from service.team import check_owner
from service.wiring import Odzew

router = APIRouter(include_in_schema=False)

_SEE_OTHER = 303
_IN_BULK = ("assign", "close")


class ManyForm(BaseModel):
    """The form that moves many cases: `case` are ids with revisions, as `cas_1:3`."""

    move: str = ""
    case: list[str] = []
    owner: str = ""
    note: str = ""
    back: str = ""

    def cases(self) -> dict[str, int | None]:
        """Chosen cases with the revision that the person looked at."""
        chosen: dict[str, int | None] = {}
        for one in self.case:
            case_id, _, revision = one.partition(":")
            chosen[case_id] = int(revision) if revision.isdecimal() else None
        return chosen

    def step(self, who: str, at: datetime) -> Step:
        """The step that is asked for.

        Raises:
            MoveError: none that is made with many cases, or it lacks something.
        """
        if self.move not in _IN_BULK:
            raise MoveError(N_("Many cases can be assigned or closed. Open one for other moves."))
        if self.move == "assign" and not self.owner.strip():
            raise MoveError(N_("Choose whom to give the cases to."))
        if self.move == "close" and not self.note.strip():
            raise MoveError(N_("Say why the cases are closed."))
        owner = self.owner.strip() if self.move == "assign" else None
        return Step(self.move, who, at, self.note if self.move == "close" else "", owner)


@router.get("/queue")
def queue(
    person: Person,
    odzew: House,
    query: Annotated[QueueQuery, Depends()],
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    bulk: str = "",
    since: Annotated[int | None, Query(ge=0, le=2**62)] = None,
) -> Response:
    """The triaged queue; `since` is the number of the event that a page was looked at after."""
    try:
        wanted, problem = query.searched(odzew, person.workspace), ""
    except UnsearchedError as error:  # as the form sends it once the search is cleared
        unsorted = replace(query, sort="priority")
        wanted, problem = unsorted.searched(odzew, person.workspace), told(error)
    note = followed(odzew, person, query.theme, wanted.theme)
    return queue_page(odzew, person, wanted, offset, bulk, since, problem=problem, note=note)


@router.post("/queue/bulk")
def move_many(person: Person, odzew: House, form: Annotated[ManyForm, Form()]) -> Response:
    """Assign or close the chosen cases; what became of each is shown with a way to undo it."""
    try:
        step = form.step(person.name, datetime.now(UTC))
        clock = odzew.rules(person.workspace).clock
        with odzew.database.transaction() as session:
            check_owner(odzew, session, person.workspace, step.owner)
            done = BulkRepository(session, person.workspace).move(form.cases(), step, clock).id
    except PipelineError as error:
        typed = BulkForm(tuple(form.cases()), form.owner, form.note)
        return _refused(odzew, person, form.back, told(error), typed)
    return _back(form.back, bulk=done)


@router.post("/queue/bulk/{bulk_id}/undo")
def undo(bulk_id: str, person: Person, odzew: House, back: Annotated[str, Form()] = "") -> Response:
    """Put the cases of a move back where they stood."""
    clock = odzew.rules(person.workspace).clock
    try:
        with odzew.database.transaction() as session:
            many = BulkRepository(session, person.workspace)
            done = many.undo(bulk_id, person.name, datetime.now(UTC), clock).id
    except PipelineError as error:
        return _refused(odzew, person, back, told(error))
    return _back(back, bulk=done)


@router.post("/queue/views")
def save_view(
    person: Person,
    odzew: House,
    name: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
    replaces: Annotated[bool, Form()] = False,
) -> Response:
    """Keep the view under a name; one that is taken is refused unless the view replaces it."""
    try:
        with odzew.database.transaction() as session:
            views = ViewRepository(session, person.workspace, person.name)
            views.save(name, view_query(_wanted(back)), datetime.now(UTC), replaces=replaces)
    except PipelineError as error:
        naming = ViewForm(name, isinstance(error, ViewExistsError))
        return _refused(odzew, person, back, told(error), naming=naming)
    return _back(back)


@router.post("/queue/views/{view_id}/delete")
def delete_view(
    view_id: int, person: Person, odzew: House, back: Annotated[str, Form()] = ""
) -> Response:
    """Forget a view."""
    with odzew.database.transaction() as session:
        ViewRepository(session, person.workspace, person.name).remove(view_id)
    return _back(back)


def _wanted(back: str) -> QueueFilter:
    """The view that a form was sent from."""
    known = {name for name in QueueQuery.__dataclass_fields__}
    return QueueQuery(**{key: value for key, value in parse_qsl(back) if key in known}).filter()  # type: ignore[arg-type]


def _back(back: str, **more: str) -> Response:
    query = {key: value for key, value in parse_qsl(back) if key != "bulk"}
    return RedirectResponse(queue_address(urlencode({**query, **more})), _SEE_OTHER)


def _refused(
    odzew: Odzew,
    person: Caller,
    back: str,
    problem: str,
    typed: BulkForm | None = None,
    naming: ViewForm | None = None,
) -> Response:
    wanted = _wanted(back)
    page = queue_page(odzew, person, wanted, 0, problem=problem, typed=typed, naming=naming)
    page.status_code = 409
    return page
