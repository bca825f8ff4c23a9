from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.assignment import Load
from pipelines.cases import Status, Step, take
from pipelines.contracts import Answer, Person
from pipelines.followup.planning import Voice
from pipelines.placing import place
from pipelines.ports import CustomerCase, Placement, Received
from pipelines.reception import Keyed, understand
from pipelines.resolution import Resolution
from pipelines.rules.team import Team, team_of
from pipelines.segments import NPS
from pipelines.understanding import Reader
from tests.pipelines.house import RULES

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
VOICE = Voice("Sowa", "Ewa Nowak", "ewa@sowa.example", "Europe/Warsaw")
TEAM = """
members:
  Anna: {capacity: 4}
  Ola: {capacity: 2}
rules:
  - {when: {second_level: true, segment: detractor}, to: [Ola]}
default_owner: Boss
"""
NO_SECOND = "members: {Anna: {}, Ola: {}}"


def received(reader: Reader, score: float) -> Received:
    person = Person("R-1", "Jan Nowak")
    text = "The courier was late and nobody answers the phone. I am still waiting!"
    answer = Answer(text, score, NPS, "delivery", NOW, respondent=person)
    (one,) = understand(
        [Keyed("key", answer)],
        known=(),
        reader=reader,
        themes=None,
        priors={},
        voice=VOICE,
        rules=RULES,
        standings={},
        now=NOW,
    )
    return one


def resolved() -> CustomerCase:
    before = NOW - timedelta(days=9)
    status = take(Status("assigned", before, owner="Anna"), Step("contact", "Anna", before))
    ended = Resolution("solved", ("The depot was closed",))
    status = take(status, Step("resolve", "Anna", before, resolution=ended))
    return CustomerCase("cas_1", status, 50)


def reopened(one: Received, team: Team, load: Load | None = None) -> Placement:
    (placement,) = place([one], {"R-1": resolved()}, team, load or Load({}, {}), date(2026, 11, 22))
    return placement


def test_a_case_of_the_second_level_goes_to_whom_the_rules_name(reader: Reader) -> None:
    load = Load({}, {})
    placement = reopened(received(reader, 1), team_of(TEAM), load)
    assert placement.status.owner == "Ola"
    assert placement.status.is_second_level
    assert [taken.step.move for taken in placement.steps] == ["reopen", "assign"]
    assert placement.steps[-1].step.note == "Second level: By rule 1 of the team"
    assert load.open_cases == {"Ola": 1}


@pytest.mark.parametrize(
    ("team", "owner"), [(NO_SECOND, "Anna"), (TEAM.replace("[Ola]", "[Anna]"), "Anna")]
)
def test_without_such_a_rule_it_stays_with_whoever_had_it(
    team: str, owner: str, reader: Reader
) -> None:
    placement = reopened(received(reader, 1), team_of(team))
    assert placement.status.owner == owner
    assert [taken.step.move for taken in placement.steps] == ["reopen"]


def test_where_those_are_full_it_goes_to_the_default_owner(reader: Reader) -> None:
    placement = reopened(received(reader, 1), team_of(TEAM), Load({"Ola": 2}, {}))
    assert placement.status.owner == "Boss"


def test_rules_of_the_second_level_are_not_for_new_cases(reader: Reader) -> None:
    (placement,) = place([received(reader, 1)], {}, team_of(TEAM), Load({}, {}), NOW.date())
    assert placement.is_new
    assert placement.steps[-1].step.note == "In turn"
