from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.notices.choices import OF_CASES, Choices
from pipelines.notices.recipients import Occasion, recipients, without_doubles
from pipelines.rules.documents import RuleError
from pipelines.rules.team import Member, team_of

TEAM = team_of(
    """
members:
  Anna: {}
  Ola: {lead: true}
  Piret: {area: {attributes: {shop: [Tartu, 7]}, themes: [thm_1]}}
  Jan: {}
"""
).members
ALL = {*TEAM, "You"}


def told(kind: str, **of: object) -> set[str]:
    occasion = Occasion(kind=kind, key="k", case_id="cas_1", **of)  # type: ignore[arg-type]
    return recipients(occasion, TEAM, ALL)


def test_whoever_is_given_a_case_hears_of_it_but_not_of_their_own_doing() -> None:
    assert told("assigned", owner="Anna", by="Jan") == {"Anna"}
    assert told("assigned", owner="Anna", by="Anna") == set()
    assert told("assigned", owner="Gone", by="Jan") == set()


@pytest.mark.parametrize("kind", ["new_p1", "breached"])
def test_a_p1_and_a_breach_are_told_to_owner_lead_and_area(kind: str) -> None:
    assert told(kind, owner="Anna") == {"Anna", "Ola"}
    assert told(kind, owner="Anna", places={"shop": ("TARTU",)}) == {"Anna", "Ola", "Piret"}
    assert told(kind, owner="Anna", places={"shop": ("7",)}) == {"Anna", "Ola", "Piret"}
    assert told(kind, owner="Anna", themes=frozenset({"thm_1"})) == {"Anna", "Ola", "Piret"}


def test_what_is_due_soon_is_the_owners_alone_and_the_leads_if_nobody_has_it() -> None:
    assert told("due_soon", owner="Anna", places={"shop": ("Tartu",)}) == {"Anna"}
    assert told("due_soon") == {"Ola"}
    assert told("due_soon", owner="Gone") == {"Ola"}


def test_a_spike_is_told_to_the_themes_owner_and_whose_area_it_is_in() -> None:
    spike = Occasion("spike", "k", theme_id="thm_1", owner="Jan", themes=frozenset({"thm_1"}))
    assert recipients(spike, TEAM, ALL) == {"Jan", "Ola", "Piret"}


def test_without_leads_what_nobody_has_is_told_to_everybody() -> None:
    team = {"Anna": Member(), "Jan": Member()}
    for kind in ("new_p1", "due_soon", "breached"):
        occasion = Occasion(kind, "k", case_id="cas_1")
        assert recipients(occasion, team, ALL) == ALL


@given(
    st.sampled_from((*OF_CASES, "spike")),
    st.sampled_from([*ALL, None, "Gone"]),
    st.sampled_from([*ALL, None]),
    st.booleans(),
)
def test_only_people_of_the_workspace_are_told(
    kind: str, owner: str | None, by: str | None, in_area: bool
) -> None:
    themes = frozenset({"thm_1"} if in_area else ())
    found = told(kind, owner=owner, by=by, themes=themes)
    assert found <= ALL
    if kind != "assigned":
        assert found


def test_of_one_case_the_gravest_is_told_and_themes_are_apart() -> None:
    p1, given_, due = (
        Occasion(kind, f"{kind} 1", case_id="cas_1") for kind in ("new_p1", "assigned", "due_soon")
    )
    other = Occasion("assigned", "a", case_id="cas_2")
    spikes = [Occasion("spike", key, theme_id=key) for key in ("x", "y")]
    found = without_doubles({"Anna": [given_, due, other, p1, *spikes], "Jan": [given_]})
    assert found == {"Anna": [other, p1, *spikes], "Jan": [given_]}


@pytest.mark.parametrize("address", ["anna", "a@", "a b@c.de", "a@b.c\nBcc: x@y.z", "<a@b.c>"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(RuleError, match="no e-mail address"):
        team_of(f"members: {{Anna: {{email: {address!r}}}}}".replace("'", '"'))


def test_choices_are_kept_whole() -> None:
    chosen = Choices(language="et", digest_hour=6).with_mail("spike", False)
    assert Choices.of_json(chosen.to_json()) == chosen
    assert not chosen.wants("spike", "mail")
    assert chosen.wants("spike", "app")
    assert chosen.with_mail("spike", True).wants("spike", "mail")
