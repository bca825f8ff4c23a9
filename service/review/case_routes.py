"""The case page: the comment as it was read, and the moves of the case."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from pipelines.cases import allowed_moves
from pipelines.contracts import LEVELS, PipelineError
from pipelines.followup.news import praises_somebody
from service.auth import House, Person
from service.review.comments import ShownComment, signals_of
from service.review.contexts import (
    CasePage,
    call_of,
    card_of,
    facts_of,
    others_of,
    reasons_of,
)
from service.review.draft_contexts import panel_of, replies_of
from service.review.history import history_of
from service.review.language import told
from service.review.move_form import MoveForm
from service.review.pages import moment, render
from service.review.similar import similar_cases
from service.storage.access import Caller
from service.storage.case_rows import status_of
from service.storage.cases import CaseRepository
from service.storage.drafts import DraftRepository
from service.storage.judging import JUDGE, JudgingRepository
from service.storage.readings import understanding_of
from service.storage.replies import look_at, unread_kinds
from service.storage.watch import CaseWatch
from service.team import check_owner, people_of
from service.wiring import Odzew

router = APIRouter(include_in_schema=False)

_SEE_OTHER = 303
_GLANCE = "odzew-glance"
"""A header of requests that want no more of the page than the draft."""


@router.get("/cases/{case_id}")
def case(case_id: str, request: Request, person: Person, odzew: House) -> Response:
    """One case: the comment as it was read, why this priority, the draft.

    What came back in it counts as looked at, unless a script glances at the draft alone.
    """
    page = case_page(odzew, person, case_id)
    if _GLANCE not in request.headers:
        with odzew.database.snapshot() as session:
            is_unread = bool(unread_kinds(session, [case_id]))
        if is_unread:
            with odzew.database.transaction() as session:
                look_at(session, case_id, datetime.now(UTC))
    return page


def case_page(
    odzew: Odzew,
    person: Caller,
    case_id: str,
    *,
    problem: str = "",
    typed: tuple[str, str] | None = None,
    form: MoveForm | None = None,
) -> Response:
    """The page of a case, with what is wrong and what was typed, where something is."""
    workspace = person.workspace
    zone = odzew.settings.zone
    with odzew.database.snapshot() as session:
        cases = CaseRepository(session, workspace)
        row = cases.get(case_id)
        drafts = DraftRepository(session, workspace).of_case(row.id)
        answers = cases.answers(row.id)
        page = CasePage(
            card=card_of(row, zone),
            occurred=moment(row.feedback.occurred_at, zone),
            call=call_of(row.feedback, zone),
            survey=row.feedback.survey,
            comment=ShownComment.of(row.feedback).folded(),
            signals=signals_of(row.feedback.reading),
            praises=praises_somebody(understanding_of(row.feedback)),
            sentiment=row.feedback.reading.sentiment_score,
            is_mixed=row.feedback.reading.is_mixed,
            facts=facts_of(row.feedback),
            levels=tuple(level for level in LEVELS if level != row.level),
            reasons=reasons_of(row.reasons),
            draft=panel_of(odzew, session, person, drafts, typed, datetime.now(UTC)),
            replies=replies_of(session, row.id, row.language, zone),
            history=history_of(
                cases.events(row.id),
                drafts,
                CaseWatch(session, workspace).alerts(row.id),
                answers,
                zone,
            ),
            similar=similar_cases(odzew, session, workspace, row),
            others=others_of(answers, row.feedback_id, zone),
            status=status_of(row),
            moves=allowed_moves(row.state),
            people=people_of(odzew, session, person),
            is_mine=row.owner == person.name,
            revision=row.revision,
            zone=zone,
        )
    response = render(
        "case.html",
        page=page,
        person=person.name,
        here="queue",
        problem=problem,
        typed=typed,
        form=form or MoveForm.for_day(datetime.now(zone)),
    )
    response.status_code = 409 if problem else 200
    return response


@router.post("/cases/{case_id}/judge")
def judge(
    case_id: str,
    person: Person,
    odzew: House,
    level: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
    revision: Annotated[int | None, Form()] = None,
) -> Response:
    """Give a case another priority; what was typed stays where that cannot be."""
    try:
        with odzew.database.transaction() as session:
            JudgingRepository(session, person.workspace).judge(
                case_id,
                level,
                odzew.rules(person.workspace),
                who=person.name,
                at=datetime.now(UTC),
                note=note,
                revision=revision,
            )
    except PipelineError as error:
        form = MoveForm.for_day(datetime.now(odzew.settings.zone))
        typed = form.model_copy(update={"move": JUDGE, "outcome": level, "note": note})
        return case_page(odzew, person, case_id, problem=told(error), form=typed)
    return RedirectResponse(f"/cases/{case_id}", _SEE_OTHER)


@router.post("/cases/{case_id}/move")
def move(case_id: str, person: Person, odzew: House, form: Annotated[MoveForm, Form()]) -> Response:
    """Move a case; what was typed stays on the page where it cannot be moved."""
    now = datetime.now(UTC)
    try:
        step = form.step(person.name, now, odzew.settings.zone)
        clock = odzew.rules(person.workspace).clock
        with odzew.database.transaction() as session:
            check_owner(odzew, session, person.workspace, step.owner)
            CaseRepository(session, person.workspace).move(
                case_id, step, clock, revision=form.revision
            )
    except PipelineError as error:
        return case_page(odzew, person, case_id, problem=told(error), form=form)
    return RedirectResponse(f"/cases/{case_id}", _SEE_OTHER)
