"""Where an answer goes: a case of its own, or the one that its customer has already."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from models.labels import says_nothing
from pipelines.assignment import CaseFacts, Load, choose, choose_second
from pipelines.cases import OPEN, Status, Step, take
from pipelines.contracts import ENGINE
from pipelines.messages import N_, Told
from pipelines.ports import CustomerCase, Placement, Received, StepTaken
from pipelines.rules.team import Team
from pipelines.triage import effective_segment

COMES_BACK_WITHIN = timedelta(days=30)
"""From the day on which a customer was to be asked whether it worked."""


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
    rules name for that. Whoever is unhappy again soon after it was verified has it reopened too.
    Other answers that somebody should look at begin a case, which is given to a member of the team.

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
    """The case goes on with the answer; None where it had ended, or where nothing is said of it."""
    step = _next_step(one, known.status)
    if step is None:
        return None
    status = known.status
    after = take(status, step)
    steps = [StepTaken(step, status.state, after.state)]
    if step.is_unhappy:
        given = choose_second(team, facts_of(one), load, today)
        if given.why is not None and given.owner not in (None, after.owner):
            why = Told(N_("Second level: %(why)s"), {"why": given.why})
            handed = Step.of_engine("assign", step.at, why, owner=given.owner)
            after = take(before := after, handed)
            load.give(str(given.owner))
            steps.append(StepTaken(handed, before.state, after.state))
    leads = step.move == "reopen" or (step.move == "answer" and one.priority.score > known.score)
    return Placement(one, known.id, False, leads, after, tuple(steps))


def _next_step(one: Received, status: Status) -> Step | None:
    """What an answer does to the newest case of its customer; None where it is not about it."""
    at = one.received_at
    answer = {"answer": one.feedback_id}
    if status.state in OPEN:
        return Step.of_engine("answer", at, Told(N_("Answer %(answer)s"), answer))
    if is_unhappy(one) and status.state == "resolved":
        said = Told(N_("Still unhappy: answer %(answer)s"), answer)
        return Step.of_engine("reopen", at, said, is_unhappy=True)
    if is_unhappy(one) and status.state == "verified" and _is_soon_after(one, status):
        said = Told(N_("Unhappy again: answer %(answer)s"), answer)
        return Step.of_engine("reopen", at, said, is_unhappy=True)
    if status.state == "resolved" and not _says_nothing(one):
        return Step.of_engine("verify", at, Told(N_("Answer %(answer)s"), answer))
    return None


def _is_soon_after(one: Received, status: Status) -> bool:
    """Whether a customer wrote so soon after a case was to be verified that it is about it."""
    if status.resolved_at is None or one.answer.occurred_at < status.resolved_at:
        return False
    asked_on = status.verify_on or status.resolved_at.date()
    return one.answer.occurred_at.date() <= asked_on + COMES_BACK_WITHIN


def _says_nothing(one: Received) -> bool:
    """Whether an answer has neither a score nor words that say something, such as a bare "ok"."""
    said = (excerpt.text for excerpt in one.understanding.excerpts)
    return one.answer.score is None and all(map(says_nothing, said))


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
