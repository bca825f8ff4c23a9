from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from service.wiring import Odzew
from tests.conftest import sign_in

pytestmark = pytest.mark.usefixtures("loaded")


def boxes(page: str) -> list[str]:
    return re.findall(r'name="case" value="([^"]+)"', page)


def test_chosen_cases_are_given_and_it_is_undone(signed_in: TestClient) -> None:
    chosen = boxes(signed_in.get("/queue?language=cs").text)
    sent = {"move": "assign", "owner": "Ewa", "case": chosen[:2], "back": "language=cs"}
    page = signed_in.post("/queue/bulk", data=sent)
    assert "2 cases were given to Ewa." in page.text
    given = page.text[page.text.index("Which cases") : page.text.index('class="views"')]
    for case in chosen[:2]:
        assert f'href="/cases/{case.partition(":")[0]}"' in given
    assert "Jana Dvořáková" in given
    assert str(page.url.query, "ascii").startswith("language=cs&bulk=blk_")
    mine = signed_in.get("/queue?owner=Ewa").text
    assert len(boxes(mine)) == 2
    undo = re.search(r'action="(/queue/bulk/blk_\w+/undo)"', page.text)
    assert undo is not None
    back = signed_in.post(undo[1], data={"back": "language=cs"})
    assert "2 cases were put back." in back.text
    assert boxes(signed_in.get("/queue?owner=Ewa").text) == []
    again = signed_in.post(undo[1], data={"back": "language=cs"})
    assert again.status_code == 409
    assert "This was undone already." in again.text


def test_those_that_were_not_moved_are_named_with_the_reason(signed_in: TestClient) -> None:
    first, second, *_ = boxes(signed_in.get("/queue").text)
    case = first.partition(":")[0]
    signed_in.post(f"/cases/{case}/move", data={"move": "close", "note": "By phone"})
    sent = {"move": "close", "note": "Test", "case": [first, second]}
    page = signed_in.post("/queue/bulk", data=sent).text
    assert "1 case was closed: Test" in page
    assert "1 was not moved:" in page
    assert re.search(rf'<li><a href="/cases/{case}">[^<]+</a>: Somebody changed this case', page)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"move": "assign", "owner": "Ewa"}, "Choose the cases first"),
        ({"move": "assign"}, "Choose whom"),
        ({"move": "close", "note": " "}, "Say why"),
        ({"move": "resolve"}, "Open one for other moves"),
    ],
)
def test_what_cannot_be_done_is_told_and_what_was_chosen_stays(
    signed_in: TestClient, sent: dict[str, str], said: str
) -> None:
    chosen = boxes(signed_in.get("/queue").text)[0]
    more = {} if "first" in said else {"case": chosen}
    page = signed_in.post("/queue/bulk", data={**sent, **more})
    assert page.status_code == 409
    assert said in page.text
    assert f'value="{chosen}" aria-label' in page.text
    assert (" checked" in page.text) == bool(more)


def test_views_are_saved_listed_and_deleted(
    odzew: Odzew, workspace: str, signed_in: TestClient
) -> None:
    page = signed_in.get("/queue?language=cs&q=bal%C3%ADk").text
    for name in ("Mine", "Late", "Unsure P1"):
        assert f">{name}</a>" in page
    assert 'name="back" value="language=cs&amp;q=bal%C3%ADk"' in page
    sent = {"name": "Czech boxes", "back": "language=cs&q=bal%C3%ADk&state=to_answer"}
    page = signed_in.post("/queue/views", data=sent).text
    shown = re.search(r'<a href="(/queue[^"]*)"( aria-current="page")?>Czech boxes</a>', page)
    assert shown is not None
    assert shown[1] == "/queue?language=cs&amp;q=bal%C3%ADk"
    assert shown[2]
    delete = re.search(r'action="(/queue/views/\d+/delete)"', page)
    assert delete is not None
    assert signed_in.get(sign_in(odzew, workspace, "Jan")).status_code == 200
    assert "Czech boxes" not in signed_in.get("/queue").text
    signed_in.post(delete[1])
    signed_in.get(sign_in(odzew, workspace, "Ewa"))
    assert "Czech boxes" in signed_in.get("/queue").text, "nobody deletes another's view"
    assert "Czech boxes" not in signed_in.post(delete[1]).text
    assert signed_in.post("/queue/views", data={"name": ""}).status_code == 409


def test_a_view_of_a_name_that_is_taken_is_kept_once_its_writer_says_so(
    signed_in: TestClient,
) -> None:
    signed_in.post("/queue/views", data={"name": "Calls", "back": "language=cs"})
    sent = {"name": "Calls", "back": "language=et"}
    refused = signed_in.post("/queue/views", data=sent)
    assert refused.status_code == 409
    assert "You have a view Calls already. Replace it, or choose another name." in refused.text
    assert 'value="Calls"' in refused.text, "what was typed stays"
    assert 'href="/queue?language=cs">Calls</a>' in refused.text
    button = re.search(r'<button name="(\w+)" value="(\w+)">Replace', refused.text)
    assert button is not None
    replaced = signed_in.post("/queue/views", data={**sent, button[1]: button[2]})
    assert 'href="/queue?language=et" aria-current="page">Calls</a>' in replaced.text
    assert "language=cs" not in replaced.text


def test_a_search_that_finds_nothing_to_answer_goes_on_among_all_cases(
    signed_in: TestClient,
) -> None:
    case = boxes(signed_in.get("/queue?q=novotny").text)[0].partition(":")[0]
    signed_in.post(f"/cases/{case}/move", data={"move": "close", "note": "By phone"})
    page = signed_in.get("/queue?q=novotny").text
    way = re.search(r'<a href="([^"]+)">Search all cases</a>', page)
    assert way is not None
    assert case in signed_in.get(way[1].replace("&amp;", "&")).text
    assert "Search all cases" not in signed_in.get("/queue?q=xyz&state=all").text


def test_a_form_leads_back_to_the_queue_and_nowhere_else(signed_in: TestClient) -> None:
    sent = {"name": "x", "back": "//elsewhere.example?a=b&language=cs"}
    page = signed_in.post("/queue/views", data=sent, follow_redirects=False)
    assert page.headers["Location"].startswith("/queue?")


def test_a_bucket_lists_its_answers_and_gives_them_to_the_queue(
    client: TestClient, signed_in: TestClient
) -> None:
    client.post("/v1/feedback", json={"text": "http://win.top www.win.top", "score": 9})
    page = signed_in.get("/queue/buckets?bucket=spam").text
    assert "Spam (1)" in page
    assert "http://win.top" in page
    action = re.search(r'action="(/queue/buckets/fb_\w+)"', page)
    assert action is not None
    case = signed_in.post(action[1])
    assert case.url.path.startswith("/cases/cas_")
    assert "The answer was moved into the queue from spam" in case.text
    assert "Spam (0)" in signed_in.get("/queue/buckets?bucket=spam").text
    assert signed_in.post(action[1]).status_code == 409
    assert signed_in.get("/queue/buckets?bucket=queue").status_code == 422


def test_the_search_is_in_the_address_of_every_page(signed_in: TestClient) -> None:
    page = signed_in.get("/queue?q=bal%C3%ADk&by=words&only=&state=all").text
    assert 'name="q" value="balík"' in page
    assert "Petr Novotný" in page
    assert "Anna Wójcik" not in page
    assert "nearest in meaning" not in page
    assert "nearest in meaning" in signed_in.get("/queue?q=bal%C3%ADk&by=meaning").text


def test_a_theme_that_is_not_there_is_an_error(signed_in: TestClient) -> None:
    page = signed_in.get("/queue?theme=nope", headers={"Accept-Language": "pl"})
    assert page.status_code == 422
    assert "Nie ma tu tematu nope." in page.text
    assert "Wróć do kolejki" in page.text
    bad = signed_in.get("/queue?state=lost", headers={"Accept-Language": "cs"})
    assert bad.status_code == 422
    assert "state má jednu z hodnot: to_answer, new" in bad.text


@pytest.mark.parametrize("query", ["sort=nearest", "sort=nearest&by=meaning", "sort=nearest&q=a"])
def test_nearness_to_nothing_is_told_and_the_queue_is_in_its_usual_order(
    client: TestClient, signed_in: TestClient, query: str
) -> None:
    page = signed_in.get(f"/queue?{query}")
    assert page.status_code == 200, "the form sends this once the search is cleared"
    assert "The nearest come first only in a search by meaning." in page.text
    assert "The nearest come first" not in signed_in.get("/queue").text
    if "q=" not in query:
        assert boxes(page.text) == boxes(signed_in.get("/queue").text)
    answer = client.get(f"/v1/queue?{query}")
    assert answer.status_code == 422
    assert "search by meaning" in answer.json()["detail"]


def test_what_has_no_words_is_in_no_language(client: TestClient, signed_in: TestClient) -> None:
    for body in ({"text": "🙂", "score": 9}, {"text": "", "score": 8}, {"text": "", "score": 1}):
        answer = client.post("/v1/feedback", json=body).json()
        assert answer["bucket"] == ("queue" if body["score"] == 1 else "no_comment")
        assert answer["language"] == {"code": "other", "confidence": 0.0}
    client.post("/v1/feedback", json={"text": "Все було добре, але довго чекали", "score": 9})
    page = signed_in.get("/queue/buckets?bucket=no_comment").text
    assert page.count('<span class="chip">no words</span>') == 2
    assert "another language" not in page
    page = signed_in.get("/queue/buckets?bucket=other_language").text
    assert '<span class="chip">another language</span>' in page
    page = signed_in.get("/queue?language=other").text
    assert '<span class="chip">no words</span>' in page
    assert "another language or none" in page
