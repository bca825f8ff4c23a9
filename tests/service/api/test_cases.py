from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from pipelines.cases import MOVES, STATES
from tests.service.api.case_steps import (
    UNHAPPY,
    WHOLE,
    made,
    queue,
    state_of,
    top,
)

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.usefixtures("signed_in")
def test_moves_are_those_of_the_table(client: TestClient, state: str) -> None:
    body = {**WHOLE, "owner": "Ewa"}
    stays = made(client, state)
    before = client.get(f"/v1/cases/{stays}").json()
    for move, rule in MOVES.items():
        if state in rule.leads and not rule.of_engine:
            case = made(client, state)
            answer = client.post(f"/v1/cases/{case}/{move}", json=body)
            after = answer.json()["state"]
            assert (answer.status_code, after) != (200, "by owner")
            event = client.get(f"/v1/cases/{case}").json()["events"][-1]
            assert (event["move"], event["before"], event["after"]) == (move, state, after)
            assert (event["who"], event["note"]) == ("key:tests", "why")
        else:
            answer = client.post(f"/v1/cases/{stays}/{move}", json=body)
            assert answer.status_code == (422 if rule.of_engine else 409)
            assert client.get(f"/v1/cases/{stays}").json() == before


def test_a_case_tells_its_owner_sleep_and_end(client: TestClient) -> None:
    asleep = client.get(f"/v1/cases/{made(client, 'snoozed')}").json()
    assert asleep["snoozed_until"] == WHOLE["until"]
    ended = client.get(f"/v1/cases/{made(client, 'resolved')}").json()
    assert ended["owner"] == "key:tests"
    assert ended["resolution"]["causes"] == ["No key", "Nobody gives out keys"]
    assert ended["resolution"]["verify_on"] > ended["resolved_at"][:10]
    assert ended["events"][-1]["details"]["resolution"] == ended["resolution"]


def test_a_move_that_is_sent_again_changes_nothing(client: TestClient) -> None:
    case = top(client)
    body = {"note": "Nobody home", "revision": client.get(f"/v1/cases/{case}").json()["revision"]}
    first = client.post(f"/v1/cases/{case}/close", json=body)
    again = client.post(f"/v1/cases/{case}/close", json=body)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert len(client.get(f"/v1/cases/{case}").json()["events"]) == 2
    other = client.post(f"/v1/cases/{case}/close", json={**body, "note": "Other words"})
    assert other.status_code == 409


def test_of_two_people_one_has_the_case(client: TestClient, signed_in: TestClient) -> None:
    case = made(client, "assigned")
    page = signed_in.post(f"/cases/{case}/move", data={"move": "contact"})
    assert page.status_code == 409
    assert "key:tests has this case" in page.text
    taken = signed_in.post(f"/cases/{case}/move", data={"move": "assign", "owner": "Ewa"})
    assert "is yours" in taken.text
    assert client.post(f"/v1/cases/{case}/contact").status_code == 409
    assert queue(client, owner="Ewa", state="assigned")[0]["id"] == case


def test_a_resolution_that_lacks_something_stays_on_the_page(
    client: TestClient, signed_in: TestClient
) -> None:
    case = top(client)
    signed_in.post(f"/cases/{case}/move", data={"move": "contact"})
    typed = {"move": "resolve", "outcome": "explained", "cause": ["The van broke down", "", ""]}
    page = signed_in.post(f"/cases/{case}/move", data={**typed, "verify_on": "someday"})
    assert page.status_code == 409
    assert "someday" in page.text
    assert "The van broke down" in page.text
    assert state_of(client, case) == "contacting"
    page = signed_in.post(f"/cases/{case}/move", data={**typed, "verify_on": ""})
    assert "Root cause: “The van broke down”" in page.text
    assert state_of(client, case) == "resolved"


def test_the_team_is_given_cases_by_its_rules(client: TestClient, signed_in: TestClient) -> None:
    team = (
        "members: {Anna: {capacity: 1}, Jan: {}, Boss: {capacity: 0}}\n"
        "rules: [{when: {attributes: {shop: Brno}}, to: [Anna]}]\n"
        "everyone_else: [Jan]\ndefault_owner: Boss\n"
    )
    page = signed_in.post("/rules/team", data={"action": "use", "seen": 0, "content": team})
    assert page.status_code == 200
    owners = []
    for number in range(3):
        body = {**UNHAPPY, "external_id": f"team-{number}", "attributes": {"shop": "brno"}}
        case = client.post("/v1/feedback", json=body).json()["case_id"]
        owners.append(client.get(f"/v1/cases/{case}").json()["owner"])
    body = {**UNHAPPY, "external_id": "team-else"}
    case = client.get(
        f"/v1/cases/{client.post('/v1/feedback', json=body).json()['case_id']}"
    ).json()
    assert (owners, case["owner"]) == (["Anna", "Boss", "Boss"], "Jan")
    assert case["events"][-1]["note"] == "In turn"


@pytest.mark.parametrize("note", ["", "  ", "x" * 2_001, "a\u0000b"])
def test_closing_needs_a_note_that_can_be_kept(client: TestClient, note: str) -> None:
    case = top(client)
    assert client.post(f"/v1/cases/{case}/close", json={"note": note}).status_code == 409
    assert state_of(client, case) == "new"


def test_the_case_page_shows_the_whole_comment_with_personal_data_masked(
    client: TestClient, signed_in: TestClient
) -> None:
    text = "Nikt nie odbiera. Dzwońcie pod 600 700 800, proszę!"
    case = client.post("/v1/feedback", json={"text": text, "score": 1}).json()["case_id"]
    page = signed_in.get(f"/cases/{case}").text
    assert "600 700 800" not in page.partition("Follow-up draft")[0]
    assert "Nikt nie odbiera." in page


def test_the_case_page_says_what_of_the_comment_was_not_read(
    client: TestClient, signed_in: TestClient
) -> None:
    text = "Dobrý den,\nbalík nedorazil.\n\nHezký den,\nJana Malá\n\n> Dobrý den,\n> je na cestě."
    case = client.post("/v1/feedback", json={"text": text, "score": 1}).json()["case_id"]
    page = signed_in.get(f"/cases/{case}").text
    assert '<span class="cut" title="Greeting, not read">Dobrý den,</span>' in page
    assert '<span class="cut" title="Signature, not read">Hezký den,' in page
    assert '<span class="cut" title="Quoted letter, not read">&gt; Dobrý den,' in page


def test_a_promise_is_for_a_day_to_come(client: TestClient) -> None:
    case = made(client, "contacting")
    ended = {"outcome": "solved", "causes": ["No key"], "promised": "A new key"}
    late = {"resolution": {**ended, "promised_by": "2020-12-01"}}
    refused = client.post(f"/v1/cases/{case}/resolve", json=late)
    assert refused.status_code == 409
    assert "has passed" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("language", "state", "move"),
    [
        ("en", "“new”", "“Hand over”, “Start contact”, “Snooze”, “Close without contact”"),
        ("pl", "„nowa”", "„Zacznij kontakt”"),
        ("cs", "„nový“", "„Zahájit kontakt“"),
        ("et", "„uus“", "„Alusta suhtlust“"),
    ],
)
def test_a_move_that_cannot_be_is_told_in_the_words_of_the_page(
    client: TestClient, signed_in: TestClient, language: str, state: str, move: str
) -> None:
    case = top(client)
    headers = {"Accept-Language": language}
    page = signed_in.post(f"/cases/{case}/move", data={"move": "wake"}, headers=headers)
    assert page.status_code == 409
    (problem,) = re.findall(r'<p class="problem" role="alert">(.*?)</p>', page.text)
    assert state in problem
    assert move in problem
    assert "wake" not in problem
    assert "contact," not in problem
    assert client.post(f"/v1/cases/{case}/wake").json()["detail"] == (
        "A case that is new cannot take the move wake; it can take assign, contact, snooze, close."
    )
