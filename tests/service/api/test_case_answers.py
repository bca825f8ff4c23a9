from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.service.api.case_steps import (
    HAPPY,
    UNHAPPY,
    WHOLE,
    draft_of,
    state_of,
    wrote,
)

pytestmark = pytest.mark.usefixtures("loaded")


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


def test_who_is_unhappy_after_all_has_the_verified_case_reopened(client: TestClient) -> None:
    case = str(wrote(client, UNHAPPY, 1))
    for move in ("contact", "resolve"):
        client.post(f"/v1/cases/{case}/{move}", json=WHOLE)
    assert wrote(client, {"text": "OK."}, 2) is None
    assert state_of(client, case) == "resolved", "a bare word verifies nothing"
    assert wrote(client, HAPPY, 3) == case
    assert wrote(client, UNHAPPY, 4) == case
    found = client.get(f"/v1/cases/{case}").json()
    assert (found["state"], found["second_level"]) == ("assigned", True)
    moves = [event["move"] for event in found["events"]]
    assert moves == ["open", "contact", "resolve", "verify", "reopen"]


def test_after_a_closed_case_a_new_one_begins(client: TestClient) -> None:
    case = wrote(client, UNHAPPY, 1)
    client.post(f"/v1/cases/{case}/close", json=WHOLE)
    assert wrote(client, UNHAPPY, 2) not in (case, None)


def test_two_answers_of_a_customer_in_one_batch_are_one_case(client: TestClient) -> None:
    items = [{**UNHAPPY, "external_id": f"both-{at}", "respondent": "cus-both"} for at in range(2)]
    results = client.post("/v1/feedback/batch", json={"items": items}).json()["results"]
    cases = {client.get(f"/v1/feedback/{one['id']}").json()["case_id"] for one in results}
    assert len(cases) == 1


def test_a_happy_answer_does_not_rewrite_the_letter_to_an_unhappy_customer(
    client: TestClient,
) -> None:
    case = str(wrote(client, UNHAPPY, 1))
    before = draft_of(client, case)
    assert wrote(client, HAPPY, 2) == case
    after = draft_of(client, case)
    assert [one["rule"] for one in after.pop("findings")] == ["newer_answer"]
    assert before.pop("findings") == []
    assert after == before
