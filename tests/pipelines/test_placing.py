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


FURIOUS = "The courier was late and nobody answers the phone. I am still waiting!"


def received(
    reader: Reader, score: float | None, text: str = FURIOUS, wrote: datetime = NOW
) -> Received:
    person = Person("R-1", "Jan Nowak")
    answer = Answer(text, score, NPS, "delivery", wrote, respondent=person)
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


def verified() -> CustomerCase:
    """Resolved nine days ago, to be verified in five, and verified since."""
    known = resolved()
    status = take(known.status, Step("verify", "Anna", NOW - timedelta(days=1)))
    return CustomerCase(known.id, status, known.score)


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


@pytest.mark.parametrize("days", [-1, 0, 34])
def test_who_is_unhappy_again_soon_after_it_worked_has_the_case_reopened(
    reader: Reader, days: int
) -> None:
    one = received(reader, 1, wrote=NOW + timedelta(days=days))
    known = verified()
    (placement,) = place([one], {"R-1": known}, team_of(TEAM), Load({}, {}), NOW.date())
    assert (placement.case_id, placement.leads) == (known.id, True)
    assert placement.status.is_second_level
    assert placement.status.owner == "Ola"
    first = placement.steps[0]
    assert (first.before, first.step.move) == ("verified", "reopen")
    assert first.step.note == f"Unhappy again: answer {one.feedback_id}"


@pytest.mark.parametrize(
    ("score", "days"), [(1, 36), (1, -10), (9, 0)], ids=["too late", "before it", "content"]
)
def test_what_is_not_about_a_verified_case_begins_one_of_its_own(
    reader: Reader, score: int, days: int
) -> None:
    one = received(reader, score, wrote=NOW + timedelta(days=days))
    (placement,) = place([one], {"R-1": verified()}, team_of(TEAM), Load({}, {}), NOW.date())
    assert placement.is_new


@pytest.mark.parametrize(
    ("text", "score", "moves"),
    [
        ("OK.", None, []),
        ("👍", None, []),
        ("ok", 9, ["verify"]),
        ("It works again as it should.", None, ["verify"]),
    ],
)
def test_only_an_answer_that_says_something_verifies_a_case(
    reader: Reader, text: str, score: float | None, moves: list[str]
) -> None:
    one = received(reader, score, text)
    placements = place([one], {"R-1": resolved()}, team_of(TEAM), Load({}, {}), NOW.date())
    assert [taken.step.move for placed in placements for taken in placed.steps] == moves
