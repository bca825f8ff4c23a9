"""The rules pages: what makes an answer urgent and how soon it is due, tried before it is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from pipelines.contracts import LEVELS, PipelineError
from pipelines.messages import N_
from pipelines.rules import KINDS, Rules
from pipelines.rules.trial import Shift, Trial
from service.auth import House, Person
from service.review.contexts import card_of
from service.review.language import _, told
from service.review.pages import moment, render
from service.rule_desk import RuleDesk, again, examples
from service.storage.cases import CaseRepository
from service.storage.conflicts import ConflictError
from service.wiring import Odzew

router = APIRouter(prefix="/rules", include_in_schema=False)

TITLES = {
    "weights": N_("What makes an answer urgent"),
    "team": N_("Who is given which case"),
    "clock": N_("How soon an answer is due"),
    "promises": N_("What messages may promise"),
}
_SEE_OTHER = 303
_SHOWN = 20


@dataclass(frozen=True)
class TrialLine:
    """A case in the order of the rules that are tried, with when it is due by both."""

    shift: Shift
    name: str
    preview: str
    due_before: str
    due_after: str


@dataclass(frozen=True)
class DueLine:
    """An example of the clock: when it is due by the rules in use, and by those that are tried."""

    written: str
    segment: str
    level: str
    due: str
    tried: str | None


@dataclass(frozen=True)
class TrialView:
    """What the rules that are tried would have done: the first cases, and levels in a table."""

    trial: Trial
    lines: tuple[TrialLine, ...]
    table: tuple[tuple[str, tuple[int, ...]], ...]


@router.get("")
def start() -> Response:
    """Weights are what is looked at most."""
    return RedirectResponse("/rules/weights", _SEE_OTHER)


@router.get("/{kind}")
def rules(kind: str, person: Person, odzew: House, used: int = 0) -> Response:
    """A rules document with its history, and a field to try and use another.

    `used` is the number of the version that was just put in use.
    """
    return _page(odzew, person.workspace, person.name, kind, used=used)


@router.post("/{kind}")
def change(
    kind: str,
    person: Person,
    odzew: House,
    action: Annotated[str, Form()],
    seen: Annotated[int, Form()],
    content: Annotated[str, Form()] = "",
) -> Response:
    """Try a document on the last month, or put it in use."""
    desk = RuleDesk(odzew, person.workspace, person.name)
    try:
        if action == "use":
            used = desk.use(kind, content, seen)
            return RedirectResponse(f"/rules/{kind}?used={used}", _SEE_OTHER)
        if action != "try":
            raise PipelineError(N_("Rules can be tried or put in use."))
        tried, trial = desk.try_out(kind, content)
    except PipelineError as error:
        page = _page(odzew, person.workspace, person.name, kind, typed=content, problem=told(error))
        page.status_code = 409 if isinstance(error, ConflictError) else 422
        return page
    return _page(
        odzew,
        person.workspace,
        person.name,
        kind,
        typed=content,
        view=_view(odzew, person.workspace, trial, tried.clock.calendar.zone),
        tried=tried,
    )


def _page(
    odzew: Odzew,
    workspace: str,
    name: str,
    kind: str,
    *,
    typed: str | None = None,
    problem: str = "",
    view: TrialView | None = None,
    tried: Rules | None = None,
    used: int = 0,
) -> Response:
    desk = RuleDesk(odzew, workspace, name)
    in_use, is_own, versions = desk.document(kind)
    if typed is None and (trouble := desk.trouble(kind)):
        problem = told(trouble)
    rules = odzew.rules(workspace)
    zone = rules.clock.calendar.zone
    return render(
        "rules.html",
        person=name,
        here="rules",
        kind=kind,
        kinds=[(one, _(TITLES[one])) for one in reversed(KINDS)],
        title=_(TITLES[kind]),
        content=in_use if typed is None else typed,
        is_own=is_own,
        versions=[(one.id, moment(one.at, zone), one.who, bool(one.content)) for one in versions],
        seen=versions[0].id if versions else 0,
        problem=problem,
        is_just_used=bool(versions) and versions[0].id == used,
        view=view,
        clock=_due_lines(rules, tried),
    )


def _due_lines(in_use: Rules, tried: Rules | None) -> list[DueLine]:
    """Examples of the clock by the rules in use, beside them by those that are tried."""
    zone = (tried or in_use).clock.calendar.zone
    found = examples(tried or in_use, datetime.now(UTC))
    return [
        DueLine(
            moment(one.written, zone),
            one.segment,
            one.level,
            moment(now.due, zone),
            moment(one.due, zone) if tried else None,
        )
        for one, now in zip(found, again(in_use, found), strict=True)
    ]


def _view(odzew: Odzew, workspace: str, trial: Trial, zone: ZoneInfo) -> TrialView:
    first = trial.shifts[:_SHOWN]
    with odzew.database.snapshot() as session:
        cases = CaseRepository(session, workspace)
        cards = [card_of(cases.get(one.case_id), odzew.settings.zone) for one in first]
    table = tuple((old, tuple(trial.levels[old, new] for new in LEVELS)) for old in LEVELS)
    lines = (
        TrialLine(
            one,
            card.name,
            card.preview,
            moment(one.before.respond_by, zone),
            moment(one.after.respond_by, zone),
        )
        for one, card in zip(first, cards, strict=True)
    )
    return TrialView(trial, tuple(lines), table)
