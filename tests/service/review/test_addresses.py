"""Addresses that people open by hand, by a reload, or with more in them than a page knows."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from service.app import _ROOMS
from service.review.language import LANGUAGES
from tests.service.api.case_steps import draft_of, top

pytestmark = pytest.mark.usefixtures("loaded", "reviewers")
BLOCK = "apology.detractor.not-sensitive"
POSTS = sorted(
    route.path
    for room in _ROOMS
    for route in room.router.routes
    if "POST" in (getattr(route, "methods", None) or ())
)


def sent_message(client: TestClient, draft: str) -> str:
    for person in ("Ewa", "Jan"):
        client.post(f"/v1/drafts/{draft}/approve", json={"person": person})
    sent = client.post(f"/v1/drafts/{draft}/send", json={"way": "by_hand", "person": "Ewa"})
    return str(sent.json()["message"]["id"])


OF_THINGS_THAT_ARE_NOT_HERE = (
    *("/actions/{action_id}", "/actions/{action_id}/letters"),
    *("/notices/stop", "/no-more", "/messages/{message_id}", "/templates/proposals/{number}"),
    *(f"/templates/{{code}}/{{file}}/{end}" for end in ("back", "{block}", "{block}/preview")),
)
"""Pages of links in mails, and of messages, proposals and blocks: these are told not to be here."""


@pytest.mark.parametrize("path", POSTS)
def test_an_address_for_forms_leads_back_to_its_page(
    client: TestClient, signed_in: TestClient, path: str
) -> None:
    case = top(client)
    known = {
        **{"case_id": case, "draft_id": draft_of(client, case)["id"], "kind": "clock"},
        **{"bulk_id": "blk_1", "view_id": 1, "change_id": 1, "what": "undo", "feedback_id": "fb_1"},
        **{"delivery_id": 1, "message_id": "msg_1", "number": 1, "block": "apology-1"},
        **{"code": "en", "file": "message", "action_id": "act_1"},
    }
    page = signed_in.get(path.format(**known))
    if path in OF_THINGS_THAT_ARE_NOT_HERE:
        assert page.status_code in (200, 400, 404, 422)
        return
    assert page.status_code == 200, page.text
    rooms = {"drafts": "cases", "language": "queue", "sign-out": "queue"}
    room = path.split("/")[1]
    assert page.url.path.split("/")[1] == rooms.get(room, room)


def test_machines_and_other_methods_are_still_told(
    client: TestClient, signed_in: TestClient
) -> None:
    assert client.get("/v1/classify").status_code == 405
    assert client.get("/queue/bulk", headers={"Accept": "*/*"}).status_code == 405
    assert signed_in.delete("/queue/bulk").status_code == 405


def test_who_is_not_signed_in_is_led_to_a_page_that_says_so(browser: TestClient) -> None:
    assert browser.get("/queue/bulk").status_code == 401


@pytest.mark.parametrize("path", ["/queue?", "/themes?", "/queue/buckets?bucket=praise&", "/team?"])
def test_what_a_page_does_not_know_of_its_address_is_told_and_left_out(
    signed_in: TestClient, path: str
) -> None:
    said = "The address asks for what this page does not know: colour, stat. It was left out."
    page = signed_in.get(f"{path}stat=new&colour=red")
    assert page.status_code == 200
    assert said in page.text
    assert "does not know" not in signed_in.get(path).text


def test_what_is_given_twice_is_told_and_the_last_counts(signed_in: TestClient) -> None:
    page = signed_in.get("/queue?language=cs&language=et")
    assert "gives this more than once: language. The last one counts." in page.text
    assert '<option value="et" selected>' in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_the_language_of_the_page(signed_in: TestClient, language: str) -> None:
    page = signed_in.get("/queue?stat=new", headers={"Accept-Language": language}).text
    assert '<p class="note" role="status">' in page
    assert ("The address asks" in page) == (language == "en")


@pytest.mark.parametrize("query", ["state=new&state=all", "limit=3&limit=5", "theme=a&theme="])
def test_machines_are_refused_what_is_given_twice(client: TestClient, query: str) -> None:
    answer = client.get(f"/v1/queue?{query}")
    assert answer.status_code == 422
    name = query.partition("=")[0]
    assert answer.json()["detail"] == (
        f"The parameter '{name}' is given 2 times. Give it once, with one value."
    )
