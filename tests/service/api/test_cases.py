from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipelines.cases import MOVES, STATES
from service.review.queue_contexts import queue_url
from service.storage.queue import SORTS, QueueFilter

pytestmark = pytest.mark.usefixtures("loaded")


def queue(client: TestClient, **query: object) -> list[dict[str, Any]]:
    answer = client.get("/v1/queue", params={"limit": 200, **query})  # type: ignore[dict-item]
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.json()["items"]
    assert answer.json()["total"] == len(items)
    return items


def top(client: TestClient) -> str:
    return str(queue(client)[0]["id"])


def draft_of(client: TestClient, case: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/cases/{case}/drafts").json()["items"][-1]
    return found


def state_of(client: TestClient, case: str) -> str:
    return str(client.get(f"/v1/cases/{case}").json()["state"])


def test_all_detractors_are_in_the_queue(client: TestClient) -> None:
    found = {one["feedback"]["external_id"] for one in queue(client, segment="detractor")}
    assert {"pl-1", "cs-1", "cs-3", "et-1", "en-1"} <= found


@pytest.mark.parametrize(
    ("name", "key"),
    [("segment", "segment"), ("language", "language"), ("state", "state")],
)
def test_filters_part_the_queue(client: TestClient, name: str, key: str) -> None:
    everything = queue(client, state="all")
    values = {one[key] for one in everything}
    parts = [queue(client, **{"state": "all", name: value}) for value in values]
    assert sorted(one["id"] for part in parts for one in part) == sorted(
        one["id"] for one in everything
    )
    for value, part in zip(values, parts, strict=True):
        assert {one[key] for one in part} == {value}


def test_the_priority_filter_parts_the_queue(client: TestClient) -> None:
    parts = {level: queue(client, priority=level) for level in ("P1", "P2", "P3", "P4")}
    assert sum(map(len, parts.values())) == len(queue(client))
    assert sum(map(bool, parts.values())) > 1
    for level, part in parts.items():
        assert {one["priority"]["level"] for one in part} <= {level}


def test_filters_narrow_together(client: TestClient) -> None:
    found = queue(client, language="cs", segment="detractor")
    assert {one["feedback"]["external_id"] for one in found} == {"cs-1", "cs-3"}


def test_the_queue_is_sorted_as_asked(client: TestClient) -> None:
    moment = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    late = [
        {"text": "Przesyłka doszła po terminie.", "score": score, "occurred_at": moment}
        for score in (8, 2)
    ]
    mild, sharp = (client.post("/v1/feedback", json=one).json()["case_id"] for one in late)
    by = {sort: queue(client, sort=sort) for sort in SORTS if sort != "nearest"}
    ids = [one["id"] for one in by["priority"]]
    assert ids[:2] == [sharp, mild], "past their time first, the more urgent of them before"
    scores = [one["priority"]["score"] for one in by["priority"]]
    assert scores[1] < scores[2], "though others are more urgent in themselves"
    assert scores[2:] == sorted(scores[2:], reverse=True)
    respond_by = [one["priority"]["respond_by"] for one in by["respond_by"]]
    assert respond_by == sorted(respond_by)
    opened = [one["opened_at"] for one in by["newest"]]
    assert opened == sorted(opened, reverse=True)
    assert {by["newest"][0]["id"], by["newest"][1]["id"]} == {mild, sharp}
    client.post(f"/v1/cases/{sharp}/close", json={"note": "By phone"})
    assert queue(client, state="closed")[0]["id"] == sharp
    assert queue(client, state="all")[0]["id"] == mild, "what has ended is not late"


def test_pages_of_the_queue_join_without_gap_or_overlap(client: TestClient) -> None:
    whole = [one["id"] for one in queue(client)]
    joined = []
    for offset in range(0, len(whole), 2):
        page = client.get(f"/v1/queue?limit=2&offset={offset}").json()
        assert page["total"] == len(whole)
        joined += [one["id"] for one in page["items"]]
    assert joined == whole


WHOLE = {
    "note": "why",
    "owner": "key:tests",
    "until": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
    "resolution": {"outcome": "solved", "causes": ["No key", "Nobody gives out keys"]},
}
UNHAPPY = {"text": "Still no parcel, and nobody calls back. I am furious.", "score": 0}
HAPPY = {"text": "Thank you, all is fine now, very kind people.", "score": 10}
NUMBERS = count()
WAYS: dict[str, list[str]] = {
    "new": [],
    "assigned": ["assign"],
    "contacting": ["contact"],
    "waiting": ["contact", "wait"],
    "snoozed": ["snooze"],
    "resolved": ["contact", "resolve"],
    "verified": ["contact", "resolve", "verify"],
    "closed": ["close"],
}


def made(client: TestClient, state: str) -> str:
    """A case of its own, moved to a state."""
    body = {**UNHAPPY, "external_id": f"made-{next(NUMBERS)}"}
    case = str(client.post("/v1/feedback", json=body).json()["case_id"])
    for move in WAYS[state]:
        assert client.post(f"/v1/cases/{case}/{move}", json=WHOLE).status_code == 200
    assert state_of(client, case) == state
    return case


@pytest.mark.parametrize("state", STATES)
def test_moves_are_those_of_the_table(client: TestClient, state: str) -> None:
    for move, rule in MOVES.items():
        case = made(client, state)
        other = {**WHOLE, "owner": "Jan"}
        before = client.get(f"/v1/cases/{case}").json()
        answer = client.post(f"/v1/cases/{case}/{move}", json=other)
        if state in rule.leads and not rule.of_engine:
            after = answer.json()["state"]
            assert (answer.status_code, after) != (200, "by owner")
            event = client.get(f"/v1/cases/{case}").json()["events"][-1]
            assert (event["move"], event["before"], event["after"]) == (move, state, after)
            assert (event["who"], event["note"]) == ("key:tests", "why")
        else:
            assert answer.status_code == (422 if rule.of_engine else 409)
            assert client.get(f"/v1/cases/{case}").json() == before


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
    assert "root cause: The van broke down" in page.text
    assert state_of(client, case) == "resolved"


def wrote(client: TestClient, said: dict[str, object], number: int) -> str | None:
    body = {**said, "external_id": f"again-{number}", "respondent": "cus-again"}
    found: str | None = client.post("/v1/feedback", json=body).json()["case_id"]
    return found


def test_a_second_answer_joins_the_open_case_of_its_customer(client: TestClient) -> None:
    case = wrote(client, {"text": "The parcel came late again.", "score": 5}, 1)
    before = client.get(f"/v1/cases/{case}").json()
    assert wrote(client, UNHAPPY, 2) == case
    after = client.get(f"/v1/cases/{case}").json()
    assert [one["external_id"] for one in after["answers"]] == ["again-2", "again-1"]
    assert after["priority"]["score"] > before["priority"]["score"]
    assert after["feedback"]["external_id"] == "again-2", "the more urgent one leads"
    assert after["events"][-1]["move"] == "answer"
    assert wrote(client, HAPPY, 3) == case
    assert client.get(f"/v1/cases/{case}").json()["feedback"]["external_id"] == "again-2"


def test_an_answer_ends_the_wait_for_it(client: TestClient) -> None:
    case = wrote(client, UNHAPPY, 1)
    for move in ("contact", "wait"):
        client.post(f"/v1/cases/{case}/{move}")
    wrote(client, HAPPY, 2)
    assert state_of(client, str(case)) == "contacting"


@pytest.mark.parametrize(
    ("said", "state", "second_level"), [(HAPPY, "verified", False), (UNHAPPY, "assigned", True)]
)
def test_an_answer_after_the_end_says_whether_it_worked(
    client: TestClient, said: dict[str, object], state: str, second_level: bool
) -> None:
    case = wrote(client, UNHAPPY, 1)
    for move in ("contact", "resolve"):
        client.post(f"/v1/cases/{case}/{move}", json=WHOLE)
    assert wrote(client, said, 2) == case
    found = client.get(f"/v1/cases/{case}").json()
    assert (found["state"], found["second_level"]) == (state, second_level)


def test_after_a_closed_case_a_new_one_begins(client: TestClient) -> None:
    case = wrote(client, UNHAPPY, 1)
    client.post(f"/v1/cases/{case}/close", json=WHOLE)
    assert wrote(client, UNHAPPY, 2) not in (case, None)


def test_two_answers_of_a_customer_in_one_batch_are_one_case(client: TestClient) -> None:
    items = [{**UNHAPPY, "external_id": f"both-{at}", "respondent": "cus-both"} for at in range(2)]
    results = client.post("/v1/feedback/batch", json={"items": items}).json()["results"]
    cases = {client.get(f"/v1/feedback/{one['id']}").json()["case_id"] for one in results}
    assert len(cases) == 1


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


def test_the_queue_page_shows_what_the_api_gives(client: TestClient, signed_in: TestClient) -> None:
    page = signed_in.get(queue_url(QueueFilter(language="cs", segment="detractor"))).text
    for case in queue(client, language="cs", segment="detractor"):
        assert f"/cases/{case['id']}" in page
    assert "Anna Wójcik" not in page
    assert "Jana Dvořáková" in page


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


def test_a_happy_answer_does_not_rewrite_the_letter_to_an_unhappy_customer(
    client: TestClient,
) -> None:
    case = str(wrote(client, UNHAPPY, 1))
    before = draft_of(client, case)
    assert wrote(client, HAPPY, 2) == case
    assert draft_of(client, case) == before


def test_a_case_is_given_to_somebody_of_the_team(client: TestClient, signed_in: TestClient) -> None:
    case = top(client)
    assert client.post(f"/v1/cases/{case}/assign", json={"owner": "Ghost"}).status_code == 200
    team = {"action": "use", "seen": 0, "content": "members: {Anna: {}}"}
    assert signed_in.post("/rules/team", data=team).status_code == 200
    refused = client.post(f"/v1/cases/{case}/assign", json={"owner": "Nobody"})
    assert refused.status_code == 409
    assert "one of: Anna, Ewa" in refused.json()["detail"]
    assert client.post(f"/v1/cases/{case}/assign", json={"owner": "Anna"}).status_code == 200


def test_a_promise_is_for_a_day_to_come(client: TestClient) -> None:
    case = made(client, "contacting")
    ended = {"outcome": "solved", "causes": ["No key"], "promised": "A new key"}
    late = {"resolution": {**ended, "promised_by": "2020-12-01"}}
    refused = client.post(f"/v1/cases/{case}/resolve", json=late)
    assert refused.status_code == 409
    assert "has passed" in refused.json()["detail"]
