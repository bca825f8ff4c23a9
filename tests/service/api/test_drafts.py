from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.service.api.case_steps import (
    draft_of,
    queue,
    state_of,
    top,
)

pytestmark = pytest.mark.usefixtures("loaded")


def test_a_revision_is_added_and_the_engines_text_stays(client: TestClient) -> None:
    case = top(client)
    first = draft_of(client, case)
    text = {"subject": "Pańska  przesyłka", "body": "Dzień dobry,\r\nsprawdzamy. "}
    answer = client.post(f"/v1/drafts/{first['id']}/revise", json=text)
    assert answer.status_code == 201
    old, new = client.get(f"/v1/cases/{case}/drafts").json()["items"]
    assert old == first
    assert (new["number"], new["author"]) == (2, "key:tests")
    assert (new["subject"], new["body"]) == ("Pańska przesyłka", "Dzień dobry,\nsprawdzamy.")
    assert new["language"] == first["language"]


def test_only_the_newest_draft_is_decided_about(client: TestClient) -> None:
    first = draft_of(client, top(client))
    client.post(f"/v1/drafts/{first['id']}/revise", json={"subject": "a", "body": "b"})
    for action, body in (
        ("approve", None),
        ("reject", {"reason": "x"}),
        ("revise", {"subject": "c", "body": "d"}),
    ):
        answer = client.post(f"/v1/drafts/{first['id']}/{action}", json=body)
        assert answer.status_code == 409
        assert "newer draft" in answer.json()["detail"]


def test_approving_moves_the_case_to_contacting_and_out_of_the_queue(client: TestClient) -> None:
    case = top(client)
    draft = draft_of(client, case)
    answer = client.post(f"/v1/drafts/{draft['id']}/approve")
    assert answer.status_code == 200
    decision = answer.json()["decision"]
    assert (decision["verdict"], decision["who"]) == ("approved", "key:tests")
    assert state_of(client, case) == "contacting"
    assert case not in {one["id"] for one in queue(client)}
    assert case in {one["id"] for one in queue(client, state="contacting")}


def test_an_approved_draft_is_final(client: TestClient) -> None:
    draft = draft_of(client, top(client))["id"]
    client.post(f"/v1/drafts/{draft}/approve")
    for action, body in (
        ("approve", None),
        ("reject", {"reason": "x"}),
        ("revise", {"subject": "c", "body": "d"}),
    ):
        answer = client.post(f"/v1/drafts/{draft}/{action}", json=body)
        assert answer.status_code == 409
        assert "approved by key:tests" in answer.json()["detail"]


def test_a_rejected_draft_can_be_revised_but_not_decided_about_again(client: TestClient) -> None:
    case = top(client)
    first = draft_of(client, case)
    draft = first["id"]
    rejected = client.post(f"/v1/drafts/{draft}/reject", json={"reason": "Zły ton"})
    assert rejected.json()["decision"]["reason"] == "Zły ton"
    assert state_of(client, case) == "new"
    assert client.post(f"/v1/drafts/{draft}/reject", json={"reason": "again"}).status_code == 409
    assert client.post(f"/v1/drafts/{draft}/approve").status_code == 409
    assert state_of(client, case) == "new"
    mended = {"subject": "c", "body": first["body"]}
    new = client.post(f"/v1/drafts/{draft}/revise", json=mended)
    assert client.post(f"/v1/drafts/{new.json()['id']}/approve").status_code == 200


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
    answer = client.post(f"/v1/drafts/{new}/approve")
    assert answer.status_code == 422
    assert answer.json()["detail"] == (
        "Mend this before approving: “[name]” is a place that was not filled in."
    )
    assert state_of(client, case) == "new"
    mended = {"subject": "c", "body": first["body"]}
    again = client.post(f"/v1/drafts/{new}/revise", json=mended).json()["id"]
    assert client.post(f"/v1/drafts/{again}/approve").status_code == 200


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
    assert client.post(f"/v1/drafts/{draft}/approve").status_code == 409
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
    case = top(client)
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
    case = top(client)
    draft = draft_of(client, case)
    typed = {"subject": draft["subject"], "body": draft["body"].replace("\n", "\r\n")}
    signed_in.post(f"/drafts/{draft['id']}", data={**typed, "action": "approve"})
    new = draft_of(client, case)
    assert (new["number"], new["author"]) == (1, "odzew")
    assert new["decision"]["verdict"] == "approved"
