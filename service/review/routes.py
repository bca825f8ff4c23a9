"""The pages' routes: sign-in, queue and case."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from pipelines.contracts import PipelineError
from service.api.cases import queue_filter
from service.auth import COOKIE, House, Person
from service.review.comments import ShownComment, signals_of
from service.review.contexts import (
    CasePage,
    QueuePage,
    SimilarAnswer,
    card_of,
    facts_of,
    given,
    history_of,
    moves_of,
    queue_url,
)
from service.review.pages import error_page, moment, render
from service.storage import access
from service.storage.cases import CaseRepository, Sort, tidy
from service.storage.feedback import FeedbackRepository
from service.storage.themes import ThemeRepository
from service.wiring import Odzew

router = APIRouter(include_in_schema=False)

_PAGE = 30
_SIMILAR = 4
_SEE_OTHER = 303


@router.get("/")
def start(person: Person) -> Response:
    """The queue is where work starts."""
    return RedirectResponse("/queue", _SEE_OTHER)


@router.get("/sign-in")
def sign_in(request: Request, odzew: House, token: str = "") -> Response:
    """Sign in by a link that works once."""
    with odzew.database.transaction() as session:
        browser = access.use_link(session, token, datetime.now(UTC))
    if browser is None:
        return error_page(
            request,
            401,
            "This sign-in link was used or is too old. `odzew serve` prints a new one.",
        )
    response = RedirectResponse("/queue", _SEE_OTHER)
    response.set_cookie(
        COOKIE,
        browser,
        max_age=int(access.SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=odzew.settings.secure_cookies,
    )
    return response


@router.post("/sign-out")
def sign_out(request: Request, person: Person, odzew: House) -> Response:
    """End this browser's session."""
    with odzew.database.transaction() as session:
        access.end_session(session, request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/", _SEE_OTHER)
    response.delete_cookie(COOKIE)
    return response


@router.get("/queue")
def queue(
    person: Person,
    odzew: House,
    state: str = "new",
    segment: str = "",
    priority: str = "",
    language: str = "",
    theme: str = "",
    sort: Sort = "priority",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """The triaged queue."""
    wanted = queue_filter(state, segment, priority, language, theme, sort)
    zone = odzew.settings.zone
    with odzew.database.snapshot() as session:
        cases = CaseRepository(session, person.workspace)
        rows, total = cases.queue(wanted, limit=_PAGE, offset=offset)
        page = QueuePage(
            cards=tuple(card_of(row, zone) for row in rows),
            total=total,
            first=offset + 1,
            wanted=wanted,
            counts=cases.counts(wanted.state),
            themes=ThemeRepository(session, person.workspace).names(),
            overdue=cases.overdue(datetime.now(UTC)),
            previous=queue_url(wanted, max(0, offset - _PAGE)) if offset else None,
            following=queue_url(wanted, offset + _PAGE) if offset + _PAGE < total else None,
        )
    return render("queue.html", page=page, person=person.name, here="queue")


@router.get("/cases/{case_id}")
def case(case_id: str, person: Person, odzew: House) -> Response:
    """One case: the comment as it was read, why this priority, the draft."""
    return _case_page(odzew, person.workspace, person.name, case_id)


def _case_page(
    odzew: Odzew,
    workspace: str,
    name: str,
    case_id: str,
    *,
    problem: str = "",
    typed: tuple[str, str] | None = None,
) -> Response:
    zone = odzew.settings.zone
    with odzew.database.snapshot() as session:
        cases = CaseRepository(session, workspace)
        row = cases.get(case_id)
        drafts = cases.drafts(row.id)
        draft, decision = drafts[-1] if drafts else (None, None)
        page = CasePage(
            card=card_of(row, zone),
            occurred=moment(row.feedback.occurred_at, zone),
            survey=row.feedback.survey,
            comment=ShownComment.of(row.feedback).folded(),
            signals=signals_of(row.feedback.reading),
            sentiment=row.feedback.reading.sentiment_score,
            is_mixed=row.feedback.reading.is_mixed,
            facts=facts_of(row.feedback),
            reasons=tuple(row.reasons),
            draft=draft,
            decision=decision,
            history=history_of(cases.events(row.id), drafts, zone),
            similar=_similar(odzew, session, workspace, row.feedback_id),
            moves=moves_of(row.state),
            revision=row.revision,
        )
    response = render(
        "case.html", page=page, person=name, here="queue", problem=problem, typed=typed
    )
    response.status_code = 409 if problem else 200
    return response


def _similar(
    odzew: Odzew, session: Any, workspace: str, feedback_id: str
) -> tuple[SimilarAnswer, ...]:
    """Answers near to the worst excerpt of this one."""
    repository = FeedbackRepository(session, workspace)
    own = repository.get(feedback_id)
    if own is None or not own.reading.excerpts:
        return ()
    worst = min(own.reading.excerpts, key=lambda excerpt: excerpt.sentiment_score)
    vector = repository.points([worst.id])[0].vector
    near = [hit.feedback_id for hit in odzew.similar(workspace, feedback_id, vector, _SIMILAR)]
    found = repository.several(near)
    cases = CaseRepository(session, workspace).of_feedback(near)
    return tuple(
        SimilarAnswer(
            cases.get(one),
            ShownComment.of(found[one]).text,
            found[one].reading.language,
            given(found[one]),
        )
        for one in near
        if one in found
    )


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
        case_id = CaseRepository(session, person.workspace).draft(draft_id)[0].case_id
    try:
        with odzew.database.transaction() as session:
            cases = CaseRepository(session, person.workspace)
            _decide(cases, draft_id, person.name, action, subject, body, reason)
    except PipelineError as error:
        return _case_page(
            odzew,
            person.workspace,
            person.name,
            case_id,
            problem=str(error),
            typed=None if action == "reject" else (subject, body),
        )
    return RedirectResponse(f"/cases/{case_id}", _SEE_OTHER)


def _decide(
    cases: CaseRepository,
    draft_id: str,
    who: str,
    action: str,
    subject: str,
    body: str,
    reason: str,
) -> None:
    now = datetime.now(UTC)
    if action == "reject":
        cases.reject(draft_id, who=who, at=now, reason=reason)
        return
    if action not in ("save", "approve"):
        raise PipelineError("A draft can be saved, approved or rejected.")
    draft, _ = cases.draft(draft_id)
    if tidy(subject, body) != tidy(draft.subject, draft.body):
        draft = cases.revise(draft_id, subject=subject, body=body, who=who, at=now)
    if action == "approve":
        cases.approve(draft.id, who=who, at=now)


@router.post("/cases/{case_id}/move")
def move(
    case_id: str,
    person: Person,
    odzew: House,
    move: Annotated[str, Form()],
    revision: Annotated[int, Form()],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Move a case."""
    try:
        with odzew.database.transaction() as session:
            CaseRepository(session, person.workspace).move(
                case_id,
                move,
                who=person.name,
                at=datetime.now(UTC),
                note=note,
                revision=revision,
            )
    except PipelineError as error:
        return _case_page(odzew, person.workspace, person.name, case_id, problem=str(error))
    return RedirectResponse(f"/cases/{case_id}", _SEE_OTHER)
