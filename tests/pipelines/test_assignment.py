from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.assignment import CaseFacts, Load, choose
from pipelines.rules.documents import RuleError
from pipelines.rules.team import Team, team_of

DAY = date(2026, 12, 28)
TEAM = team_of(
    """
members:
  Anna: {languages: [pl, en], capacity: 4}
  Jan: {languages: [cs], capacity: 2, absent: [2026-12-24..2026-12-31]}
  Mari: {capacity: 2}
rules:
  - {when: {level: P1, attributes: {region: North}}, to: [Mari]}
  - {when: {language: cs}, to: [Jan]}
  - {when: {theme: thm_1}, to: [Anna, Mari]}
everyone_else: [Anna, Mari]
default_owner: Boss
"""
)


def given_to(
    load: Load | None = None, team: Team = TEAM, **facts: object
) -> tuple[str | None, str]:
    plain: dict[str, object] = {"language": "pl", "segment": "detractor", "level": "P2"}
    found = choose(
        team,
        CaseFacts(**{**plain, **facts}),  # type: ignore[arg-type]
        load or Load({}, {}),
        DAY,
    )
    return found.owner, str(found.why or "")


def test_the_first_rule_that_fits_decides() -> None:
    assert given_to(level="P1", attributes={"region": "north"}) == ("Mari", "By rule 1 of the team")
    assert given_to(level="P1", attributes={"region": "south"})[0] == "Anna"
    assert given_to(themes=frozenset({"thm_1"})) == ("Anna", "By rule 3 of the team")
    assert given_to() == ("Anna", "In turn")


def test_whoever_is_away_full_or_without_the_language_is_passed_over() -> None:
    assert given_to(language="et")[0] == "Mari"
    assert given_to(Load({"Anna": 4}, {}))[0] == "Mari"
    owner, why = given_to(language="cs")
    assert owner == "Boss"
    assert why == "Nobody of Jan is there with room and the language: to the default owner"


def test_without_a_default_owner_the_case_stays_free_and_says_so() -> None:
    team = TEAM.model_copy(update={"default_owner": None})
    owner, why = given_to(team=team, language="cs")
    assert owner is None
    assert "no default owner" in why
    assert given_to(team=Team()) == (None, "")


@given(st.integers(1, 60))
def test_cases_go_round_by_the_room_that_each_has(count: int) -> None:
    team = team_of("members: {a: {capacity: 60}, b: {capacity: 30}, c: {capacity: 30}}")
    load = Load({}, {})
    got: Counter[str] = Counter()
    for _ in range(count):
        owner, _ = given_to(load, team)
        assert owner is not None
        load.give(owner)
        got[owner] += 1
    shares = [got["a"] / 60, got["b"] / 30, got["c"] / 30]
    assert max(shares) - min(shares) <= 1 / 30 + 1e-9


def test_of_two_with_the_same_room_it_is_the_turn_of_the_one_who_waited_longer() -> None:
    team = team_of("members: {a: {capacity: 9}, b: {capacity: 9}}")
    assert given_to(Load({"a": 1, "b": 1}, {"a": 2, "b": 1}), team)[0] == "b"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("members: {a: {languages: [xx]}}", "“xx” is no language"),
        ("members: {a: {absent: [2026-12-31..2026-12-24]}}", "no stretch of days"),
        ("members: {a: {absent: [2026-02-30..2026-03-01]}}", "2026-02-30"),
        ("members: {a: {capacity: -1}}", "capacity: give at least 0"),
        ("{members: {a: {}}, rules: [{when: {level: P9}, to: [a]}]}", "P1"),
        ("{members: {a: {}}, rules: [{when: {}, to: [b]}]}", "no member is called b"),
        ("{members: {a: {}}, everyone_else: [c]}", "no member is called c"),
        ("rulez: []", "rulez"),
    ],
)
def test_a_team_that_cannot_be_says_which_entry(content: str, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        team_of(content)
