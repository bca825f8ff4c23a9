from __future__ import annotations

from html import unescape

import pytest
from starlette.testclient import TestClient

ADDED = " We mean it."


def decided(client: TestClient, signed_in: TestClient, number: int, how: str) -> None:
    """An unhappy customer's draft: changed and approved, approved as it is, or rejected."""
    body = {"text": "The courier was rude and late.", "score": 4, "external_id": f"l-{number}"}
    case = client.post("/v1/feedback", json={**body, "respondent": {"id": "one"}}).json()["case_id"]
    draft = client.get(f"/v1/cases/{case}/drafts").json()["items"][-1]
    paragraphs = draft["body"].split("\n\n")
    if how == "changed":
        paragraphs[1] += ADDED
    typed = {"subject": draft["subject"], "body": "\n\n".join(paragraphs)}
    form = {"reason": "Wrong"} if how == "rejected" else typed
    action = "reject" if how == "rejected" else "approve"
    assert signed_in.post(f"/drafts/{draft['id']}", data={**form, "action": action}).is_success
    client.post(f"/v1/cases/{case}/close", json={"note": "Done"})


def test_nobody_has_decided_yet(signed_in: TestClient) -> None:
    page = signed_in.get("/templates/learning").text
    assert "Nobody has approved or rejected a draft in this language yet." in page
    assert signed_in.get("/templates/learning?code=xx").status_code == 200


def test_what_people_change_is_told_by_block(client: TestClient, signed_in: TestClient) -> None:
    decided(client, signed_in, 1, "as it is")
    decided(client, signed_in, 2, "rejected")
    page = unescape(signed_in.get("/templates/learning?code=en").text)
    first = page.partition('<section class="panel block">')[2].partition("</section>")[0]
    assert "<dt>Kept as it was</dt><dd>1 (50%)</dd>" in first
    assert "<dt>In a rejected draft</dt><dd>1</dd>" in first
    assert "Nobody has approved" in signed_in.get("/templates/learning?code=pl").text


@pytest.mark.parametrize("times", [2, 9])
def test_a_change_that_cases_share_is_offered_as_a_wording(
    client: TestClient, signed_in: TestClient, times: int
) -> None:
    # Of nine signatures in four wordings, three are in the same.
    for number in range(times):
        body = {"text": "The courier was rude and late.", "score": 4, "external_id": f"s-{number}"}
        case = client.post("/v1/feedback", json=body).json()["case_id"]
        draft = client.get(f"/v1/cases/{case}/drafts").json()["items"][-1]
        text = draft["body"].replace("Zipako", "the company Zipako")
        typed = {"subject": draft["subject"], "body": text, "action": "approve"}
        assert signed_in.post(f"/drafts/{draft['id']}", data=typed).is_success
    page = unescape(signed_in.get("/templates/learning?code=en").text)
    assert "The commonest changes" in page
    assert ("Make it a wording" in page) == (times == 9)
    if times == 9:
        offer = page.partition('</small> <a href="')[2].partition('"')[0]
        assert "the company {{ company }}</textarea>" in unescape(signed_in.get(offer).text)
