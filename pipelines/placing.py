"""Where an answer goes: a case of its own, or the one that its customer has already."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pipelines.assignment import CaseFacts, Load, choose, choose_second
from pipelines.cases import OPEN, Status, Step, take
from pipelines.contracts import ENGINE
from pipelines.messages import N_, Told
from pipelines.ports import CustomerCase, Placement, Received, StepTaken
from pipelines.rules.team import Team
from pipelines.triage import effective_segment


def place(
    received: Sequence[Received],
    cases: Mapping[str, CustomerCase],
    team: Team,
    load: Load,
    today: date,
) -> list[Placement]:
    """Give answers their cases, in the order in which they came.

    An answer of a customer with an open case joins it; one whose case is resolved says whether it
    worked: the case is verified, or reopened on the second level and given to whom the team's
    rules name for that. Other answers that somebody should look at begin a case, which is given to
    a member of the team.

    Args:
        received: new answers.
        cases: the newest case of each customer, by the customer's external id.
        team: who is given new cases.
        load: what each member has.
        today: where the team is.

    Returns:
        Of the answers that belong to a case.
    """
    newest = dict(cases)
    placed = []
    for one in received:
        person = one.answer.respondent
        known = newest.get(person.external_id) if person else None
        placement = _joined(one, known, team, load, today) if known else None
        if placement is None and one.opening is not None:
            placement = _opened(one, team, load, today)
        if placement is None:
            continue
        placed.append(placement)
        if person:
            score = max(one.priority.score, known.score if known else 0)
            newest[person.external_id] = CustomerCase(placement.case_id, placement.status, score)
    return placed


def _joined(
    one: Received, known: CustomerCase, team: Team, load: Load, today: date
) -> Placement | None:
    """The case goes on with the answer; None where it had ended."""
    status, at = known.status, one.received_at
    answer = {"answer": one.feedback_id}
    wrote = Told(N_("Answer %(answer)s"), answer)
    if status.state in OPEN:
        step = Step.of_engine("answer", at, wrote)
    elif status.state != "resolved":
        return None
    elif is_unhappy(one):
        unhappy = Told(N_("Still unhappy: answer %(answer)s"), answer)
        step = Step.of_engine("reopen", at, unhappy, is_unhappy=True)
    else:
        step = Step.of_engine("verify", at, wrote)
    after = take(status, step)
    steps = [StepTaken(step, status.state, after.state)]
    if step.is_unhappy:
        given = choose_second(team, facts_of(one), load, today)
        if given.why is not None and given.owner not in (None, after.owner):
            why = Told(N_("Second level: %(why)s"), {"why": given.why})
            handed = Step.of_engine("assign", at, why, owner=given.owner)
            after = take(before := after, handed)
            load.give(str(given.owner))
            steps.append(StepTaken(handed, before.state, after.state))
    leads = step.move == "reopen" or (step.move == "answer" and one.priority.score > known.score)
    return Placement(one, known.id, False, leads, after, tuple(steps))


def _opened(one: Received, team: Team, load: Load, today: date) -> Placement:
    at = one.received_at
    status = Status("new", started_at=one.answer.occurred_at)
    steps = [StepTaken(Step("open", ENGINE, at), None, "new")]
    given = choose(team, facts_of(one), load, today)
    if given.owner is not None and given.why is not None:
        step = Step.of_engine("assign", at, given.why, owner=given.owner)
        status = take(status, step)
        load.give(given.owner)
        steps.append(StepTaken(step, "new", status.state))
    elif given.why is not None:
        steps[0] = StepTaken(Step.of_engine("open", at, given.why), None, "new")
    return Placement(one, f"cas_{secrets.token_hex(8)}", True, True, status, tuple(steps))


def is_unhappy(one: Received) -> bool:
    """Whether a customer whose case was handled is not content."""
    return effective_segment(one.segment, one.understanding) == "detractor"


def facts_of(one: Received) -> CaseFacts:
    """What the team's rules ask of an answer."""
    person = one.answer.respondent
    return CaseFacts(
        language=one.understanding.language.code,
        segment=one.segment,
        level=one.priority.level,
        themes=frozenset(theme.id for theme in one.understanding.themes),
        account=person.account if person else None,
        attributes=one.answer.attributes,
    )


def customers_of(received: Iterable[Received]) -> set[str]:
    """External ids of those who wrote."""
    return {one.answer.respondent.external_id for one in received if one.answer.respondent}
