from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from service import meanings
from service.wiring import Odzew

pytestmark = pytest.mark.usefixtures("loaded")


def found(client: TestClient, **query: object) -> list[Any]:
    answer = client.get("/v1/queue", params={"state": "all", **query})  # type: ignore[dict-item]
    assert answer.status_code == 200, answer.text
    assert answer.json()["total"] == len(answer.json()["items"])
    return [one["feedback"]["external_id"] for one in answer.json()["items"]]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("uokik", {"pl-1"}),
        ("zasilka pondeli", {"cs-1"}),
        ("ZÁSILKA", {"cs-1"}),
        ("katki", {"et-3"}),
        ("solicitor parcel", {"en-1"}),
        ("solicitor paczka", set()),
        ("100%", set()),
        ("_", set()),
    ],
)
def test_words_are_found_whatever_their_marks(
    client: TestClient, words: str, ids: set[str]
) -> None:
    assert set(found(client, q=words)) == ids


def test_a_search_narrows_with_filters(client: TestClient) -> None:
    everything = set(found(client, q="a"))
    czech = set(found(client, q="a", language="cs"))
    assert czech
    assert czech < everything
    assert czech == {one for one in everything if one.startswith("cs")}


def test_personal_data_is_not_searched(client: TestClient) -> None:
    body = {"text": "Write to jan.novak@example.com at once, nothing works.", "score": 0}
    client.post("/v1/feedback", json={**body, "external_id": "mail"})
    assert found(client, q="at once") == ["mail"]
    assert found(client, q="novak@example") == []


def test_meaning_finds_the_nearest_first_and_nothing_far(
    client: TestClient, odzew: Odzew, workspace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Box byl zase plný, pro balík jsem musel přes celé město."
    hits = odzew.meanings.answers(workspace, text)
    assert len({one.feedback_id for one in hits}) == len(hits)
    closeness = [one.similarity for one in hits]
    assert closeness == sorted(closeness, reverse=True)
    monkeypatch.setattr(meanings, "_NEAR", closeness[2])
    assert found(client, q=text, by="meaning", sort="nearest")[0] == "cs-3"
    assert len(found(client, q=text, by="meaning")) == 3
    assert set(found(client, q=text, by="meaning", language="cs")) < set(found(client))
    assert found(client, q=text, by="meaning", language="cs", segment="promoter") == []
    assert found(client, q=" ", by="meaning") == found(client), "nothing is no search"


@pytest.mark.parametrize(
    "asked",
    ["vaculikova", "Jitka VACUL", "jitka@example", "600 000 014", "+420600000014", "c-17", "bajer"],
)
def test_a_caller_is_found_by_what_they_say_they_are(client: TestClient, asked: str) -> None:
    caller = {
        **{"id": "C-17", "name": "Jitka Vaculíková", "email": "Jitka@example.com"},
        **{"phone": "+420 600-000-014", "account": "Bajer s.r.o."},
    }
    late = {"text": "Balík nepřišel.", "score": 2, "external_id": "caller", "respondent": caller}
    client.post("/v1/feedback", json=late)
    assert found(client, q=asked) == ["caller"]
    assert found(client, q=f"{asked} nobody") == []


def test_a_customer_is_found_by_the_newest_of_what_is_known(client: TestClient) -> None:
    more = {"text": "Thank you.", "score": 9, "respondent": {"id": "r-1", "name": "Anna Maj"}}
    client.post("/v1/feedback", json=more)
    assert found(client, q="anna maj") == ["pl-1"]
    assert found(client, q="wójcik") == []


def test_a_search_looks_at_every_answer_of_a_case(client: TestClient) -> None:
    more = {"text": "Also the invoice is wrong, please mend it.", "score": 8}
    client.post("/v1/feedback", json={**more, "respondent": {"id": "r-1"}})
    assert found(client, q="invoice") == ["pl-1"]


def test_what_is_late_and_what_was_read_unsurely_are_asked_for(client: TestClient) -> None:
    old = {"text": "Nothing came for weeks.", "score": 2, "occurred_at": "2020-01-05T10:00:00Z"}
    client.post("/v1/feedback", json={**old, "external_id": "old"})
    assert found(client, only="late") == ["old"]
    unsure = {
        one["feedback"]["external_id"]
        for one in client.get("/v1/queue?state=all&limit=200").json()["items"]
        if "unsure" in {reason["code"] for reason in one["priority"]["reasons"]}
    }
    assert set(found(client, only="unsure")) == unsure


@pytest.mark.parametrize("query", [{"by": "smell"}, {"only": "mine"}, {"q": "x" * 301}])
def test_what_nobody_offers_is_refused(client: TestClient, query: dict[str, str]) -> None:
    assert client.get("/v1/queue", params=query).status_code == 422
