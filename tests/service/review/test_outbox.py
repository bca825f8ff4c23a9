from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from service.sending.dispatch import UNSUBSCRIBE
from service.sending.last_look import LastLook
from service.signing import SignedTokens
from service.wiring import Odzew


def approved(client: TestClient, signed_in: TestClient, number: int, **person: Any) -> str:
    """A case whose draft Ewa has approved; gives the draft's id."""
    body = {
        "text": "The courier was late and the box was torn.",
        "score": 4,
        "external_id": f"o-{number}",
        "respondent": {"id": f"r-{number}", "name": f"Amy {number}", **person},
    }
    case = client.post("/v1/feedback", json=body).json()["case_id"]
    draft = client.get(f"/v1/cases/{case}/drafts").json()["items"][-1]
    typed = {"subject": draft["subject"], "body": draft["body"], "action": "approve"}
    page = signed_in.post(f"/drafts/{draft['id']}", data=typed)
    assert "Approved by Ewa." in page.text
    return str(draft["id"])


def test_what_is_approved_stands_in_the_outbox_until_it_is_sent(
    client: TestClient, signed_in: TestClient
) -> None:
    draft = approved(client, signed_in, 1)
    page = signed_in.get("/outbox").text
    before = page.partition("Approved, not sent")[2].partition("<h2>")[0]
    assert "Amy 1" in before
    assert "Amy 1" not in page.partition("Sent in the last")[2]
    sent = signed_in.post(f"/drafts/{draft}", data={"action": "send", "way": "by_hand"})
    assert sent.status_code == 200
    page = signed_in.get("/outbox").text
    assert "Amy 1" in page.partition("Sent in the last")[2]
    assert "Amy 1" not in page.partition("Approved, not sent")[2].partition("<h2>")[0]


def test_a_way_that_is_shut_says_why_on_the_case(client: TestClient, signed_in: TestClient) -> None:
    draft = approved(client, signed_in, 1)
    case = client.get("/v1/queue?state=all").json()["items"][0]["id"]
    assert "whoever runs Odzew sets ODZEW_SMTP_URL" in signed_in.get(f"/cases/{case}").text
    refused = signed_in.post(f"/drafts/{draft}", data={"action": "send", "way": "mail"})
    assert refused.status_code == 409
    assert "ODZEW_SMTP_URL" in refused.text
    assert client.get("/v1/messages").json() == {"items": []}


def test_messages_are_taken_out_in_a_file_once(client: TestClient, signed_in: TestClient) -> None:
    approved(client, signed_in, 1, email="amy@mail.example")
    approved(client, signed_in, 2)
    approved(client, signed_in, 3, email="eve@mail.example", **{"name": "=HYPERLINK(1)"})
    file = signed_in.post("/outbox/export")
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert [row["email"] for row in rows] == ["amy@mail.example", "eve@mail.example"]
    assert [row["name"] for row in rows] == ["Amy 1", "'=HYPERLINK(1)"]
    assert all("Zipako" in row["text"] for row in rows)
    again = signed_in.post("/outbox/export")
    assert again.status_code == 409
    assert "nothing to take out" in again.text
    states = [one["way"] for one in client.get("/v1/messages").json()["items"]]
    assert states == ["export", "export"]


def test_who_is_on_the_list_is_sent_nothing_until_they_are_taken_off(
    client: TestClient, signed_in: TestClient
) -> None:
    draft = approved(client, signed_in, 1, email="amy@mail.example", phone="+44 20 7946 0000")
    typed = {"address": "+44 (20) 7946-0000", "why": "Asked by phone"}
    page = signed_in.post("/do-not-contact", data=typed)
    assert "+442079460000" in page.text
    assert "Asked by phone" in page.text
    other = client.post(
        "/v1/feedback",
        json={
            "text": "Late again.",
            "score": 4,
            "respondent": {"id": "r-2", "phone": "+442079460000"},
        },
    ).json()["case_id"]
    assert "list of those not to contact" in signed_in.get(f"/cases/{other}").text
    refused = signed_in.post(f"/drafts/{draft}", data={"action": "send", "way": "by_hand"})
    assert refused.status_code == 409
    assert "list of those not to contact" in refused.text
    signed_in.post("/do-not-contact", data={"address": "+442079460000", "action": "remove"})
    sent = signed_in.post(f"/drafts/{draft}", data={"action": "send", "way": "by_hand"})
    assert sent.status_code == 200


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", ""),
        ("   ", ""),
        ("x" * 321, ""),
        ("a@b.example", "x" * 2_001),
        ("a\x00@b.example", ""),
        ("a@b", ""),
    ],
)
def test_what_cannot_be_listed_is_refused_and_kept_in_the_form(
    signed_in: TestClient, address: str, why: str
) -> None:
    page = signed_in.post("/do-not-contact", data={"address": address, "why": why})
    assert page.status_code == 422
    assert "Nobody is on the list." in page.text


def test_what_is_no_address_is_told_to_whoever_typed_it(
    client: TestClient, signed_in: TestClient
) -> None:
    page = signed_in.post("/do-not-contact", data={"address": "not an address"})
    assert "“not an address” is neither an e-mail address nor a telephone number" in page.text
    refused = client.post("/v1/do-not-contact", json={"address": "not an address"})
    assert refused.status_code == 422
    assert "write one such as anna@example.com or +48 600 100 200" in refused.json()["detail"]


def test_a_customer_without_a_name_is_called_alike_everywhere(
    client: TestClient, signed_in: TestClient
) -> None:
    approved(client, signed_in, 9, name=None)
    case = client.get("/v1/queue?state=all").json()["items"][0]["id"]
    for page in ("/queue", f"/cases/{case}", "/outbox"):
        assert "Unknown customer" in signed_in.get(page).text, page
        assert "r-9" not in signed_in.get("/outbox").text


def test_a_number_is_one_however_it_is_dialled_abroad(client: TestClient) -> None:
    client.post("/v1/do-not-contact", json={"address": "0048 600 100 200"})
    client.post("/v1/do-not-contact", json={"address": "+48 600-100-200"})
    (one,) = client.get("/v1/do-not-contact").json()["items"]
    assert one["address"] == "+48600100200"


def test_a_customer_ends_all_messages_by_a_link_and_without_signing_in(
    odzew: Odzew, workspace: str, client: TestClient, browser: TestClient
) -> None:
    token = SignedTokens(odzew.settings.home, UNSUBSCRIBE).token(workspace, "amy@mail.example")
    looked = browser.get(f"/no-more?token={token}")
    assert "Press the button" in looked.text
    assert client.get("/v1/do-not-contact").json() == {"items": []}
    # One click of a mail program (RFC 8058) comes from elsewhere and carries no session.
    headers = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    body = {"List-Unsubscribe": "One-Click"}
    assert browser.post(f"/no-more?token={token}", data=body, headers=headers).status_code == 200
    (one,) = client.get("/v1/do-not-contact").json()["items"]
    assert (one["address"], one["who"]) == ("amy@mail.example", "customer")
    assert "any more" in browser.get(f"/no-more?token={token}").text
    assert browser.get("/no-more?token=nonsense").status_code == 404
    assert browser.post("/no-more?token=").status_code == 404


def test_the_list_is_kept_through_the_api_too(client: TestClient) -> None:
    body = {"address": "Amy@mail.example", "why": "asked"}
    assert client.post("/v1/do-not-contact", json=body).status_code == 201
    assert client.post("/v1/do-not-contact", json={"address": " "}).status_code == 422
    (one,) = client.get("/v1/do-not-contact").json()["items"]
    assert (one["address"], one["why"]) == ("amy@mail.example", "asked")
    assert client.delete("/v1/do-not-contact/amy@mail.example").status_code == 204
    assert client.get("/v1/do-not-contact").json() == {"items": []}


def test_mail_comes_in_through_the_api(
    client: TestClient, signed_in: TestClient, odzew: Odzew
) -> None:
    draft = approved(client, signed_in, 1, email="amy@mail.example")
    signed_in.post(f"/drafts/{draft}", data={"action": "send", "way": "by_hand"})
    mail = "From: amy@mail.example\nMessage-ID: <1@mail.example>\n\nStill no parcel <b>."
    answer = client.post(
        "/v1/mail", content=mail.encode(), headers={"content-type": "message/rfc822"}
    )
    assert answer.json()["kind"] == "reply"
    page = signed_in.get(f"/cases/{answer.json()['case_id']}").text
    assert "Still no parcel &lt;b&gt;." in page
    refused = client.post("/v1/mail", content=b"hello")
    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        "This is no mail: send it as it came, with its headers (message/rfc822).",
    )


def test_the_outbox_says_when_the_mailbox_was_read_and_what_went_wrong(
    odzew: Odzew, signed_in: TestClient
) -> None:
    settings, now = odzew.settings, datetime.now(UTC)
    LastLook(now).failed("Authentication failed", now).write(settings.home)
    assert "mailbox" not in signed_in.get("/outbox").text, "none is set up"
    mailbox = SecretStr("imaps://care:secret@mail.example.com/")
    odzew.settings = settings.model_copy(update={"imap_url": mailbox})
    page = signed_in.get("/outbox").text
    assert "“Authentication failed”. It is tried again by itself." in page
    assert "Replies were last fetched from the mailbox:" in page
    LastLook(now).write(settings.home)
    page = signed_in.get("/outbox").text
    assert "tried again" not in page
    assert "last fetched" in page
    (settings.home / "mailbox.json").write_text("{broken")
    assert "mailbox" not in signed_in.get("/outbox").text
