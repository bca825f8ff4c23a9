"""Pages of actions: planned against a theme, moved on, and told to those who raised it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import RedirectResponse

from models.contracts import LANGUAGES
from pipelines.contracts import PipelineError
from pipelines.improvement import ACTION_STATES, STEPS
from pipelines.messages import N_
from service.action_desk import ActionDesk, Outcome
from service.auth import House, Person
from service.praise import praise_note
from service.review.action_contexts import action_page, lines_of
from service.review.language import ngettext, told
from service.review.pages import render, theme_page
from service.sending.desk import SendingDesk
from service.storage.access import Caller
from service.storage.actions import ActionRepository
from service.wiring import Odzew

router = APIRouter(include_in_schema=False)

_SEE_OTHER = 303
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


@router.get("/actions")
def actions(person: Person, odzew: House) -> Response:
    """Every action, by where it stands."""
    with odzew.database.snapshot() as session:
        lines = lines_of(session, person.workspace, odzew.settings.zone)
    return theme_page("actions.html", person, "actions", lines=lines, states=ACTION_STATES)


@router.post("/actions")
def plan(
    person: Person,
    odzew: House,
    theme: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
    owner: Annotated[str, Form()] = "",
) -> Response:
    """Plan an action against a theme."""
    with odzew.database.transaction() as session:
        row = ActionRepository(session, person.workspace).plan(
            theme, title, who=person.name, at=datetime.now(UTC), owner=owner
        )
        address = f"/actions/{row.id}"
    return RedirectResponse(address, _SEE_OTHER)


@router.get("/actions/{action_id}")
def action(action_id: str, person: Person, odzew: House, offset: Offset = 0) -> Response:
    """One action: its steps, the messages about it, and what the silent are told."""
    return _page(odzew, person, action_id, offset)


@router.post("/actions/{action_id}")
def take(
    action_id: str,
    person: Person,
    odzew: House,
    step: Annotated[str, Form()] = "",
    pl: Annotated[str, Form()] = "",
    cs: Annotated[str, Form()] = "",
    et: Annotated[str, Form()] = "",
    en: Annotated[str, Form()] = "",
) -> Response:
    """Move an action on; what was typed stays where that cannot be."""
    words = {"pl": pl, "cs": cs, "et": et, "en": en}
    try:
        with odzew.database.transaction() as session:
            desk = ActionDesk(odzew, person.workspace, person.name)
            desk.take(session, action_id, step, words, datetime.now(UTC))
    except PipelineError as error:
        return _page(odzew, person, action_id, problem=told(error), typed=(step, words))
    return RedirectResponse(f"/actions/{action_id}", _SEE_OTHER)


@router.post("/actions/{action_id}/letters")
def letters(
    action_id: str,
    person: Person,
    odzew: House,
    action: Annotated[str, Form()] = "",
    way: Annotated[str, Form()] = "",
    chosen: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Draft the messages about an action, or approve or send those that are ticked."""
    desk, now = ActionDesk(odzew, person.workspace, person.name), datetime.now(UTC)
    try:
        if action == "draft":
            count = desk.draft(action_id, now)
            said = ngettext("%(num)s message was drafted.", "%(num)s messages were drafted.", count)
            return _page(odzew, person, action_id, said=said)
        if not chosen:
            raise PipelineError(N_("Tick the messages that this is for."))
        outcome = _act(desk, action, way, chosen, now)
    except PipelineError as error:
        return _page(odzew, person, action_id, problem=told(error))
    done = [
        ngettext("%(num)s message is approved.", "%(num)s messages are approved.", outcome.count)
        if action == "approve"
        else ngettext(
            "%(num)s message is in the outbox.",
            "%(num)s messages are in the outbox.",
            outcome.count,
        )
    ][: outcome.count]
    if outcome.waiting:
        done.append(
            ngettext(
                "%(num)s more waits for a second person.",
                "%(num)s more wait for a second person.",
                outcome.waiting,
            )
        )
    counts = Counter(told(one) for _, one in outcome.refused)
    why = "\n".join(f"{count} × {what}" for what, count in counts.items())
    return _page(odzew, person, action_id, said=" ".join(done), problem=why)


def _act(desk: ActionDesk, action: str, way: str, chosen: list[str], now: datetime) -> Outcome:
    if action == "approve":
        return desk.approve(chosen, now)
    if action == "send":
        return desk.send(chosen, way, now)
    raise PipelineError(N_("Messages can be drafted, approved or sent."))


@router.get("/cases/{case_id}/praise")
def praise(
    case_id: str, person: Person, odzew: House, name: str = "", turn: Offset = 0
) -> Response:
    """The note by which a colleague hears of a customer's praise."""
    now = datetime.now(UTC)
    note = praise_note(odzew, person.workspace, case_id, name=name, now=now, turn=turn)
    return render(
        "praise.html",
        case_id=case_id,
        note=note,
        findings=[(one.weight, told(one.told)) for one in note.findings],
        turn=turn,
        person=person.name,
        here="queue",
    )


def _page(
    odzew: Odzew,
    person: Caller,
    action_id: str,
    offset: int = 0,
    *,
    said: str = "",
    problem: str = "",
    typed: tuple[str, dict[str, str]] = ("", {}),
) -> Response:
    with odzew.database.snapshot() as session:
        page = action_page(odzew, session, person, action_id, offset, datetime.now(UTC))
        ways = SendingDesk(odzew, session, person.workspace).set_up()
    response = theme_page(
        "action.html",
        person,
        "actions",
        page=page,
        steps=[step for step, leads in STEPS.items() if page.line.row.state in leads],
        languages=LANGUAGES,
        ways=ways,
        said=said,
        problem=problem,
        typed=typed,
    )
    response.status_code = 409 if problem else 200
    return response
