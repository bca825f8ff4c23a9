"""The queue marks cases in which something came back, or to which an answer is on its way."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from starlette.testclient import TestClient

from service.notices.spreading import spread
from service.wiring import Odzew
from tests.service.review.test_outbox import approved

CAME_BACK = "/queue?state=all&only=came_back"
WROTE = '<span class="mark reply">the customer wrote back</span>'


def answered(client: TestClient, signed_in: TestClient, number: int = 1) -> str:
    """A case whose customer wrote back to what Ewa sent; gives its id."""
    draft = approved(client, signed_in, number, email=f"amy{number}@mail.example")
    signed_in.post(f"/drafts/{draft}", data={"action": "send", "way": "by_hand"})
    mail = f"From: amy{number}@mail.example\nMessage-ID: <{number}@mail.example>\n\nStill nothing."
    headers = {"content-type": "message/rfc822"}
    taken = client.post("/v1/mail", content=mail.encode(), headers=headers)
    assert taken.json()["kind"] == "reply"
    return str(taken.json()["case_id"])


def test_a_reply_is_marked_counted_and_listed_until_the_case_is_opened(
    client: TestClient, signed_in: TestClient
) -> None:
    assert CAME_BACK.partition("?")[2].replace("&", "&amp;") in signed_in.get("/queue").text
    assert "What came back: <b>" not in signed_in.get("/queue").text
    case = answered(client, signed_in)
    page = signed_in.get(CAME_BACK).text
    assert f'data-id="{case}"' in page
    assert WROTE in page
    assert "What came back: <b>1</b>" in signed_in.get("/queue").text
    # The draft that is read over the queue shows nothing of it.
    signed_in.get(f"/cases/{case}", headers={"Odzew-Glance": "draft"})
    assert WROTE in signed_in.get(CAME_BACK).text
    assert "Still nothing." in signed_in.get(f"/cases/{case}").text
    assert "No case fits these filters." in signed_in.get(CAME_BACK).text
    assert WROTE not in signed_in.get("/queue?state=all").text
    assert "What came back: <b>" not in signed_in.get("/queue").text


def test_a_reply_is_no_news_once_the_case_is_moved(
    client: TestClient, signed_in: TestClient
) -> None:
    case = answered(client, signed_in)
    assert client.get("/v1/queue?state=all&only=came_back").json()["total"] == 1
    signed_in.post(f"/cases/{case}/move", data={"move": "wait"}, follow_redirects=False)
    assert client.get("/v1/queue?state=all&only=came_back").json()["total"] == 0


def test_the_bell_rings_for_whoever_has_the_case(
    odzew: Odzew, workspace: str, client: TestClient, signed_in: TestClient
) -> None:
    case = answered(client, signed_in)
    spread(odzew, workspace, datetime.now(UTC))
    page = signed_in.get("/notices").text
    assert "Wrote back: Amy 1" in page
    (notice,) = re.findall(r'href="(/notices/ntc_\w+)">Wrote back', page)
    assert signed_in.get(notice).url.path == f"/cases/{case}"


def test_many_who_wrote_back_at_once_lead_to_their_list(
    odzew: Odzew, workspace: str, client: TestClient, signed_in: TestClient
) -> None:
    for number in range(7):
        answered(client, signed_in, number)
    spread(odzew, workspace, datetime.now(UTC))
    page = signed_in.get("/notices").text
    (notice,) = re.findall(r'href="(/notices/ntc_\w+)">Customers who wrote back: 3', page)
    listed = signed_in.get(notice)
    assert str(listed.url).endswith(CAME_BACK)
    assert listed.text.count(WROTE) == 7


def test_a_rejected_draft_tells_the_reason_apart_from_what_to_do(
    client: TestClient, signed_in: TestClient
) -> None:
    body = {"text": "The courier was late.", "score": 4, "external_id": "o-1"}
    case = client.post("/v1/feedback", json=body).json()["case_id"]
    draft = client.get(f"/v1/cases/{case}/drafts").json()["items"][-1]["id"]
    reason = {"action": "reject", "reason": "Too stiff"}
    page = signed_in.post(f"/drafts/{draft}", data=reason).text
    assert "Rejected by Ewa: “Too stiff”. Edit it and approve, or answer by phone." in page
