"""Drafts through the API and their form: revised, reviewed by one or two people, rejected."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.storage import access
from service.storage.rules import RuleRepository
from service.wiring import Odzew
from tests.service.api.case_steps import draft_of, queue, state_of, top

pytestmark = pytest.mark.usefixtures("loaded", "reviewers")


def of_level(client: TestClient, *levels: str) -> str:
    """The first case of some levels."""
    return next(str(one["id"]) for one in queue(client) if one["priority"]["level"] in levels)


def approve(client: TestClient, draft: str, person: str = "Ewa") -> Any:
    return client.post(f"/v1/drafts/{draft}/approve", json={"person": person})


def usual(client: TestClient) -> str:
    """A case whose draft one person can approve."""
    return of_level(client, "P2", "P3")


def test_a_revision_is_added_and_the_engines_text_stays(client: TestClient) -> None:
    case = top(client)
    first = draft_of(client, case)
    text = {"subject": "Pańska  przesyłka", "body": "Dzień dobry,\r\nsprawdzamy. "}
    answer = client.post(f"/v1/drafts/{first['id']}/revise", json=text)
    assert answer.status_code == 201
    old, new = client.get(f"/v1/cases/{case}/drafts").json()["items"]
    assert old == {**first, "is_newest": False}
    assert (new["number"], new["author"]) == (2, "key:tests")
    assert (new["subject"], new["body"]) == ("Pańska przesyłka", "Dzień dobry,\nsprawdzamy.")
    assert new["language"] == first["language"]


def test_only_the_newest_draft_is_decided_about(client: TestClient) -> None:
    first = draft_of(client, top(client))
    client.post(f"/v1/drafts/{first['id']}/revise", json={"subject": "a", "body": "b"})
    for action, body in (
        ("approve", {"person": "Ewa"}),
        ("reject", {"reason": "x"}),
        ("revise", {"subject": "c", "body": "d"}),
    ):
        answer = client.post(f"/v1/drafts/{first['id']}/{action}", json=body)
        assert answer.status_code == 409
        assert "newer draft" in answer.json()["detail"]


def test_an_approved_draft_waits_to_be_sent_and_its_case_stays_in_the_queue(
    client: TestClient,
) -> None:
    case = usual(client)
    draft = draft_of(client, case)
    assert (draft["state"], draft["second_approval_because"]) == ("draft", [])
    answer = approve(client, draft["id"])
    assert answer.status_code == 200
    assert answer.json()["state"] == "approved"
    decision = answer.json()["decision"]
    assert (decision["verdict"], decision["who"]) == ("approved", "Ewa")
    assert state_of(client, case) == "new"
    sent = client.post(
        f"/v1/drafts/{draft['id']}/send", json={"way": "by_hand", "person": "Ewa"}
    ).json()
    assert (sent["state"], sent["message"]["state"]) == ("sent", "sent")
    assert state_of(client, case) == "contacting"
    assert case not in {one["id"] for one in queue(client)}


def test_a_p1_draft_is_approved_by_two_different_people(client: TestClient) -> None:
    case = of_level(client, "P1")
    draft = draft_of(client, case)
    assert draft["second_approval_because"] == ["P1", "legal"]
    assert approve(client, draft["id"]).json()["state"] == "in_review"
    send = {"way": "by_hand", "person": "Ewa"}
    refused = client.post(f"/v1/drafts/{draft['id']}/send", json=send)
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "This draft is not approved: 1 more must approve it first.",
    )
    again = approve(client, draft["id"])
    assert again.status_code == 422
    assert "waits for a second person" in again.json()["detail"]
    assert approve(client, draft["id"], "Jan").json()["state"] == "approved"
    assert client.post(f"/v1/drafts/{draft['id']}/send", json=send).status_code == 200


def test_what_two_people_approved_is_approved_anew_once_it_is_changed(client: TestClient) -> None:
    case = of_level(client, "P1")
    draft = draft_of(client, case)
    approve(client, draft["id"])
    approve(client, draft["id"], "Jan")
    text = {"subject": draft["subject"], "body": draft["body"] + "\n\nPS."}
    new = client.post(f"/v1/drafts/{draft['id']}/revise", json=text).json()
    assert (new["state"], new["decisions"]) == ("draft", [])
    send = {"way": "by_hand", "person": "Ewa"}
    for one in (draft["id"], new["id"]):
        assert client.post(f"/v1/drafts/{one}/send", json=send).status_code == 409
    assert state_of(client, case) == "new"


def test_an_approved_draft_can_be_rejected_until_it_is_sent(client: TestClient) -> None:
    draft = draft_of(client, usual(client))["id"]
    approve(client, draft)
    assert approve(client, draft, "Jan").status_code == 422
    rejected = client.post(f"/v1/drafts/{draft}/reject", json={"reason": "Wrong name"})
    assert rejected.json()["state"] == "rejected"
    send = client.post(f"/v1/drafts/{draft}/send", json={"way": "by_hand", "person": "Ewa"})
    assert send.status_code == 409


def test_what_was_sent_is_final(client: TestClient) -> None:
    draft = draft_of(client, usual(client))["id"]
    approve(client, draft)
    send = {"way": "by_hand", "person": "Ewa"}
    assert client.post(f"/v1/drafts/{draft}/send", json=send).status_code == 200
    for action, body in (
        ("approve", {"person": "Jan"}),
        ("reject", {"reason": "x"}),
        ("revise", {"subject": "c", "body": "d"}),
        ("submit", None),
        ("send", send),
    ):
        answer = client.post(f"/v1/drafts/{draft}/{action}", json=body)
        assert answer.status_code in (409, 422), action
    assert len(client.get("/v1/messages").json()["items"]) == 1


def test_a_review_is_asked_for_once(client: TestClient) -> None:
    draft = draft_of(client, usual(client))["id"]
    asked = client.post(f"/v1/drafts/{draft}/submit", json={"note": "Is the tone right?"})
    assert (asked.json()["state"], asked.json()["decision"]) == ("in_review", None)
    assert asked.json()["decisions"][0]["reason"] == "Is the tone right?"
    assert client.post(f"/v1/drafts/{draft}/submit").status_code == 422
    assert approve(client, draft).json()["state"] == "approved"


@pytest.mark.parametrize("person", ["Nobody", "", "key:tests", "tests"])
def test_only_somebody_who_is_known_approves(client: TestClient, person: str) -> None:
    draft = draft_of(client, usual(client))["id"]
    answer = approve(client, draft, person)
    assert answer.status_code == 422
    assert "Ewa, Jan" in answer.json()["detail"]


def test_a_key_that_was_not_made_for_it_approves_nothing(
    client: TestClient, odzew: Odzew, workspace: str
) -> None:
    draft = draft_of(client, usual(client))["id"]
    with odzew.database.transaction() as session:
        secret = access.create_key(session, workspace, "plain", datetime.now(UTC))[1]
    client.headers["Authorization"] = f"Bearer {secret}"
    answer = approve(client, draft)
    assert answer.status_code == 422
    assert "odzew keys create NAME --approves" in answer.json()["detail"]
    assert client.post(f"/v1/drafts/{draft}/approve").status_code == 422


def test_who_the_team_does_not_let_approve_does_not(
    client: TestClient, odzew: Odzew, workspace: str
) -> None:
    with odzew.database.transaction() as session:
        RuleRepository(session, workspace).put(
            "team", "members: {Jan: {approves: false}}\n", who="Ewa", at=datetime.now(UTC)
        )
    draft = draft_of(client, usual(client))["id"]
    answer = approve(client, draft, "Jan")
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("Jan may not approve drafts.")
    assert approve(client, draft).status_code == 200


def test_a_rejected_draft_can_be_revised_but_not_decided_about_again(client: TestClient) -> None:
    case = top(client)
    first = draft_of(client, case)
    draft = first["id"]
    rejected = client.post(f"/v1/drafts/{draft}/reject", json={"reason": "Zły ton"})
    assert rejected.json()["decision"]["reason"] == "Zły ton"
    assert state_of(client, case) == "new"
    assert client.post(f"/v1/drafts/{draft}/reject", json={"reason": "again"}).status_code == 422
    assert approve(client, draft).status_code == 422
    assert state_of(client, case) == "new"
    mended = {"subject": "c", "body": first["body"]}
    new = client.post(f"/v1/drafts/{draft}/revise", json=mended)
    assert approve(client, new.json()["id"]).status_code == 200


def test_a_draft_that_the_linter_blocks_is_not_approved_until_it_is_mended(
    client: TestClient,
) -> None:
    case = top(client)
    first = draft_of(client, case)
    assert not [one for one in first["findings"] if one["weight"] == "blocking"]
    worse = {"subject": "c", "body": first["body"] + "\n\n[name]"}
    new = client.post(f"/v1/drafts/{first['id']}/revise", json=worse).json()["id"]
    (found,) = [one for one in draft_of(client, case)["findings"] if one["rule"] == "empty_slot"]
    assert (found["weight"], found["words"]) == ("blocking", "[name]")
    answer = approve(client, new)
    assert answer.status_code == 422
    assert answer.json()["detail"] == (
        "Mend this before approving: “[name]” is a place that was not filled in."
    )
    assert state_of(client, case) == "new"
    mended = {"subject": "c", "body": first["body"]}
    again = client.post(f"/v1/drafts/{new}/revise", json=mended).json()["id"]
    assert approve(client, again).status_code == 200


def test_who_asks_for_no_contact_gets_no_draft(client: TestClient) -> None:
    body = {"text": "The parcel never came. Please do not contact me any more.", "score": 0}
    taken = client.post("/v1/feedback", json=body).json()
    assert "asks_no_contact" in taken["signals"]
    assert client.get(f"/v1/cases/{taken['case_id']}/drafts").json() == {"items": []}


def test_a_customer_reads_other_words_in_the_next_message(client: TestClient) -> None:
    body = {"text": "The courier was rude and late.", "score": 1, "respondent": {"id": "again"}}
    first = client.post("/v1/feedback", json={**body, "external_id": "a"}).json()["case_id"]
    before = client.get(f"/v1/cases/{first}/drafts").json()["items"][-1]["body"].split("\n\n")
    client.post(f"/v1/cases/{first}/close", json={"note": "Phoned"})
    second = client.post("/v1/feedback", json={**body, "external_id": "b"}).json()["case_id"]
    after = client.get(f"/v1/cases/{second}/drafts").json()["items"][-1]["body"].split("\n\n")
    assert not set(before[1:]) & set(after[1:])


def test_a_draft_of_a_closed_case_cannot_be_approved(client: TestClient) -> None:
    case = top(client)
    draft = draft_of(client, case)["id"]
    client.post(f"/v1/cases/{case}/close", json={"note": "Phoned"})
    assert approve(client, draft).status_code == 409
    assert draft_of(client, case)["decision"] is None


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("revise", {"subject": " ", "body": "b"}),
        ("revise", {"subject": "a", "body": ""}),
        ("revise", {"subject": "a" * 301, "body": "b"}),
        ("revise", {"subject": "a", "body": "b" * 20_001}),
        ("revise", {"subject": "a\u0000", "body": "b"}),
        ("revise", {"subject": "a", "body": "b\u0007"}),
        ("revise", {"subject": "a"}),
        ("reject", {"reason": ""}),
        ("reject", {"reason": "x" * 2_001}),
        ("reject", {"reason": "x\u0000"}),
        ("reject", {}),
    ],
)
def test_words_that_cannot_be_kept_change_nothing(
    client: TestClient, action: str, body: dict[str, str]
) -> None:
    case = top(client)
    before = client.get(f"/v1/cases/{case}").json()
    answer = client.post(f"/v1/drafts/{before['drafts'][0]['id']}/{action}", json=body)
    assert answer.status_code == 422
    assert client.get(f"/v1/cases/{case}").json() == before


def test_the_page_of_a_stale_case_says_so_and_keeps_what_was_typed(
    client: TestClient, signed_in: TestClient
) -> None:
    case = top(client)
    draft = draft_of(client, case)["id"]
    client.post(f"/v1/drafts/{draft}/revise", json={"subject": "Theirs", "body": "Their text"})
    mine = {"action": "approve", "subject": "Mine", "body": "My careful text"}
    page = signed_in.post(f"/drafts/{draft}", data=mine)
    assert page.status_code == 409
    assert "newer draft" in page.text
    assert "My careful text" in page.text
    assert state_of(client, case) == "new"
    moved = signed_in.post(f"/cases/{case}/move", data={"move": "contact", "revision": 99})
    assert moved.status_code == 409
    assert "Look at it again" in moved.text


def test_a_rejection_without_a_reason_leaves_the_draft_on_the_page(
    client: TestClient, signed_in: TestClient
) -> None:
    draft = draft_of(client, top(client))
    page = signed_in.post(f"/drafts/{draft['id']}", data={"action": "reject", "reason": " "})
    assert page.status_code == 409
    assert draft["body"].splitlines()[0] in page.text


def test_the_page_edits_and_approves_in_one_step(client: TestClient, signed_in: TestClient) -> None:
    case = usual(client)
    draft = draft_of(client, case)
    typed = {"subject": draft["subject"], "body": draft["body"] + "\r\n\r\nPS. Dziękuję."}
    page = signed_in.post(f"/drafts/{draft['id']}", data={**typed, "action": "approve"})
    assert page.status_code == 200
    assert "Approved by Ewa" in page.text
    new = draft_of(client, case)
    assert (new["number"], new["author"]) == (2, "Ewa")
    assert new["body"].endswith("PS. Dziękuję.")
    assert new["decision"]["who"] == "Ewa"


def test_approving_an_unchanged_draft_adds_no_revision(
    client: TestClient, signed_in: TestClient
) -> None:
    case = usual(client)
    draft = draft_of(client, case)
    typed = {"subject": draft["subject"], "body": draft["body"].replace("\n", "\r\n")}
    signed_in.post(f"/drafts/{draft['id']}", data={**typed, "action": "approve"})
    new = draft_of(client, case)
    assert (new["number"], new["author"]) == (1, "odzew")
    assert new["decision"]["verdict"] == "approved"


def test_a_draft_about_what_came_before_the_newest_answer_says_so(client: TestClient) -> None:
    person = {"id": "again", "email": "again@example.com"}
    first = {"text": "Still no parcel, I am furious.", "score": 0, "respondent": person}
    case = client.post("/v1/feedback", json=first).json()["case_id"]
    rules = [one["rule"] for one in draft_of(client, case)["findings"]]
    assert "newer_answer" not in rules
    happy = {"text": "It is here now, thank you.", "score": 10, "respondent": person}
    assert client.post("/v1/feedback", json=happy).json()["case_id"] == case
    rules = [one["rule"] for one in draft_of(client, case)["findings"]]
    assert "newer_answer" in rules


def test_an_answer_without_words_is_answered_in_the_language_it_came_with(
    client: TestClient,
) -> None:
    body = {"text": "", "score": 3, "language": "pl", "respondent": {"id": "p", "name": "Jan Lis"}}
    case = client.post("/v1/feedback", json=body).json()["case_id"]
    draft = draft_of(client, case)
    assert (draft["language"], draft["body"].split("\n")[0]) == ("pl", "Panie Janie,")
