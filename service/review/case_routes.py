"""The case page: the comment as it was read, the draft, and the moves of the case."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from pipelines.cases import allowed_moves
from pipelines.contracts import ENGINE, LEVELS, PipelineError
from pipelines.messages import N_
from service.auth import House, Person
from service.draft_desk import approve, findings
from service.review.comments import ShownComment, signals_of
from service.review.contexts import (
    CasePage,
    call_of,
    card_of,
    facts_of,
    history_of,
    others_of,
    reasons_of,
)
from service.review.draft_words import why_of
from service.review.language import told
from service.review.move_form import MoveForm
from service.review.pages import moment, render
from service.review.similar import similar_cases
from service.storage.access import Caller
from service.storage.case_rows import status_of
from service.storage.cases import CaseRepository
from service.storage.drafts import DraftRepository, tidy
from service.storage.judging import JUDGE, JudgingRepository
from service.storage.tables import DecisionRow, DraftRow
from service.storage.watch import CaseWatch
from service.team import check_owner, people_of
from service.wiring import Odzew

router = APIRouter(include_in_schema=False)

_SEE_OTHER = 303


@router.get("/cases/{case_id}")
def case(case_id: str, person: Person, odzew: House) -> Response:
    """One case: the comment as it was read, why this priority, the draft."""
    return _case_page(odzew, person, case_id)


def _case_page(
    odzew: Odzew,
    person: Caller,
    case_id: str,
    *,
    problem: str = "",
    typed: tuple[str, str] | None = None,
    form: MoveForm | None = None,
) -> Response:
    workspace = person.workspace
    zone = odzew.settings.zone
    with odzew.database.snapshot() as session:
        cases = CaseRepository(session, workspace)
        row = cases.get(case_id)
        drafts = DraftRepository(session, workspace).of_case(row.id)
        draft, decision = drafts[-1] if drafts else (None, None)
        answers = cases.answers(row.id)
        page = CasePage(
            card=card_of(row, zone),
            occurred=moment(row.feedback.occurred_at, zone),
            call=call_of(row.feedback, zone),
            survey=row.feedback.survey,
            comment=ShownComment.of(row.feedback).folded(),
            signals=signals_of(row.feedback.reading),
            sentiment=row.feedback.reading.sentiment_score,
            is_mixed=row.feedback.reading.is_mixed,
            facts=facts_of(row.feedback),
            levels=tuple(level for level in LEVELS if level != row.level),
            reasons=reasons_of(row.reasons),
            draft=draft,
            findings=_findings(odzew, session, workspace, draft, decision, typed),
            why=why_of(draft.plan) if draft and draft.author == ENGINE else (),
            decision=decision,
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


def _findings(
    odzew: Odzew,
    session: Session,
    workspace: str,
    draft: DraftRow | None,
    decision: DecisionRow | None,
    typed: tuple[str, str] | None,
) -> tuple[tuple[str, str], ...]:
    """Weight and words of what the linter says, nothing once a draft is approved."""
    if draft is None or (decision is not None and decision.verdict == "approved"):
        return ()
    found = findings(odzew, session, workspace, draft, typed)
    return tuple((one.weight, told(one.told)) for one in found)


@router.get("/drafts/{draft_id}")
def draft(draft_id: str, person: Person, odzew: House) -> Response:
    """A draft is read on the page of its case."""
    with odzew.database.snapshot() as session:
        case_id = DraftRepository(session, person.workspace).get(draft_id)[0].case_id
    return RedirectResponse(f"/cases/{case_id}", _SEE_OTHER)


@router.post("/drafts/{draft_id}")
def decide(
    draft_id: str,
    person: Person,
    odzew: House,
    action: Annotated[str, Form()],
    subject: Annotated[str, Form()] = "",
    body: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Save, approve or reject a draft; an edited text is first saved as a person's revision."""
    with odzew.database.snapshot() as session:
        case_id = DraftRepository(session, person.workspace).get(draft_id)[0].case_id
    try:
        with odzew.database.transaction() as session:
            _decide(odzew, session, person, draft_id, action, subject, body, reason)
    except PipelineError as error:
        return _case_page(
            odzew,
            person,
            case_id,
            problem=told(error),
            typed=None if action == "reject" else (subject, body),
        )
    return RedirectResponse(f"/cases/{case_id}", _SEE_OTHER)


def _decide(
    odzew: Odzew,
    session: Session,
    person: Caller,
    draft_id: str,
    action: str,
    subject: str,
    body: str,
    reason: str,
) -> None:
    now, who = datetime.now(UTC), person.name
    drafts = DraftRepository(session, person.workspace)
    if action == "reject":
        drafts.reject(draft_id, who=who, at=now, reason=reason)
        return
    if action not in ("save", "approve"):
        raise PipelineError(N_("A draft can be saved, approved or rejected."))
    draft, _ = drafts.get(draft_id)
    if tidy(subject, body) != tidy(draft.subject, draft.body):
        draft = drafts.revise(draft_id, subject=subject, body=body, who=who, at=now)
    if action == "approve":
        approve(odzew, session, person.workspace, draft.id, who=who, at=now)


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
        return _case_page(odzew, person, case_id, problem=told(error), form=typed)
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
        return _case_page(odzew, person, case_id, problem=told(error), form=form)
    return RedirectResponse(f"/cases/{case_id}", _SEE_OTHER)
