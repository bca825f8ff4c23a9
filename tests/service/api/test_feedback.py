from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from pipelines.ports import Neighbour, VectorPoint
from service.storage.answer_tables import Respondent
from service.storage.case_tables import CaseEvent
from service.storage.draft_tables import DraftRow
from service.storage.feedback import FeedbackRepository
from service.wiring import Odzew
from tests.answers import ANSWERS


def test_an_answer_is_stored_with_reading_case_and_draft(client: TestClient, odzew: Odzew) -> None:
    answer = client.post("/v1/feedback", json=ANSWERS[0])
    assert answer.status_code == 201
    stored = answer.json()
    assert stored["new"] is True
    assert stored["text"] == ANSWERS[0]["text"]
    assert stored["respondent"] == "r-1"
    assert stored["attributes"] == {"shop": "Gdynia"}
    assert stored["segment"] == "detractor"
    assert stored["excerpts"]
    look = client.get(f"/v1/feedback/{stored['id']}").json()
    assert look == {name: value for name, value in stored.items() if name != "new"}
    case = client.get(f"/v1/cases/{stored['case_id']}").json()
    assert [event["move"] for event in case["events"]] == ["open"]
    (draft,) = case["drafts"]
    assert (draft["number"], draft["author"], draft["language"]) == (1, "odzew", "pl")
    assert draft["decision"] is None


def test_every_excerpt_is_indexed(client: TestClient, odzew: Odzew, workspace: str) -> None:
    client.post("/v1/feedback/batch", json={"items": ANSWERS})
    with odzew.database.snapshot() as session:
        stored = FeedbackRepository(session, workspace).excerpt_ids()
    assert odzew.meanings.index
    assert odzew.meanings.index.ids(workspace) == stored != set()


def test_the_same_external_id_is_seen_before(client: TestClient) -> None:
    first = client.post("/v1/feedback", json=ANSWERS[0])
    again = client.post("/v1/feedback", json=ANSWERS[0])
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "new": False}


def test_the_same_external_id_with_other_content_is_refused_and_told_what_to_do(
    client: TestClient,
) -> None:
    first = client.post("/v1/feedback", json=ANSWERS[0]).json()
    other = {**ANSWERS[0], "text": "Something else", "score": 9}
    again = client.post("/v1/feedback", json=other)
    assert again.status_code == 409
    said = again.json()["detail"]
    assert f"stored already as {first['id']} with other content (text, score)" in said
    assert "under an external_id of its own" in said
    kept = client.get(f"/v1/feedback/{first['id']}").json()
    assert kept == {name: value for name, value in first.items() if name != "new"}
    items = [ANSWERS[0], other, ANSWERS[3], {**ANSWERS[3], "score": 2}]
    results = client.post("/v1/feedback/batch", json={"items": items}).json()["results"]
    assert results[0] == {"id": first["id"], "new": False}
    assert results[2]["new"] is True
    assert "(text, score)" in results[1]["error"]
    assert "(score)" in results[3]["error"]
    assert client.get("/v1/queue?state=all").json()["total"] == 2


def test_without_an_id_the_same_words_of_the_same_person_and_moment_are_one_answer(
    client: TestClient,
) -> None:
    body = {"text": "Dobrze", "respondent": "r-1", "occurred_at": "2026-01-05T10:00:00Z"}
    statuses = [client.post("/v1/feedback", json=body).status_code for _ in range(2)]
    other = client.post("/v1/feedback", json={**body, "text": "Źle"})
    assert [*statuses, other.status_code] == [201, 200, 201]


def test_two_anonymous_answers_stay_two(client: TestClient) -> None:
    statuses = [client.post("/v1/feedback", json={"text": "ok"}).status_code for _ in range(2)]
    assert statuses == [201, 201]


def test_one_id_sent_by_many_at_once_is_stored_once(client: TestClient) -> None:
    def send(_: int) -> int:
        return client.post("/v1/feedback", json=ANSWERS[0]).status_code

    with ThreadPoolExecutor(6) as threads:
        statuses = sorted(threads.map(send, range(12)))
    assert statuses == [200] * 11 + [201]
    assert client.get("/v1/queue").json()["total"] == 1


def test_a_batch_takes_the_good_and_names_the_bad_in_place(client: TestClient) -> None:
    items = [
        ANSWERS[0],
        {"text": "Dobrze", "score": 11},
        ANSWERS[0],
        {"text": "a", "occurred_at": "2999-01-01"},
        {"text": "a", "occurred_at": "yesterday"},
        {"text": "x\u0000y"},
        {"text": "a" * 100_001},
        {"text": "a", "attributes": {"nested": {"a": 1}}},
        {},
        ANSWERS[3],
    ]
    answer = client.post("/v1/feedback/batch", json={"items": items})
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [one.get("new") for one in results[:3]] == [True, None, False]
    assert results[0]["id"] == results[2]["id"]
    for result, word in zip(
        results[1:2] + results[3:9],
        ("11", "future", "yesterday", "U+0000", "100,001", "nested", "text"),
        strict=True,
    ):
        assert set(result) == {"error"}
        assert word in result["error"]
    assert results[9]["new"] is True
    assert client.get("/v1/queue?state=all").json()["total"] == 2


@pytest.mark.parametrize(
    "change",
    [
        {"score": -1},
        {"score": 10.5},
        {"occurred_at": "2999-01-01"},
        {"occurred_at": "soon"},
        {"text": "a\u0000"},
        {"text": "a" * 100_001},
        {"survey": "s" * 201},
        {"respondent": {"id": "r", "name": "n" * 201}},
        {"respondent": {"name": "No id"}},
        {"attributes": {"a": "v" * 501}},
        {"attributes": {str(number): 1 for number in range(51)}},
        {"scale": {"min": 5, "max": 1}},
        {"shop": "Gdynia"},
    ],
)
def test_what_cannot_be_taken_is_refused_and_not_half_stored(
    client: TestClient, odzew: Odzew, change: dict[str, Any]
) -> None:
    body = {"text": "Dobrze", "score": 3, "respondent": {"id": "r-77", "name": "Jan"}} | change
    answer = client.post("/v1/feedback", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"]
    with odzew.database.snapshot() as session:
        assert session.scalars(select(Respondent)).all() == []
    assert client.get("/v1/queue?state=all").json()["total"] == 0


def test_facts_about_a_respondent_are_brought_up_to_date(client: TestClient, odzew: Odzew) -> None:
    for person in (
        {"id": "r-1", "name": "Anna Wójcik", "email": "anna@example.com"},
        {"id": "r-1", "tier": "plus", "name": "Anna Lis"},
    ):
        client.post("/v1/feedback", json={"text": "Dobrze", "respondent": person})
    with odzew.database.snapshot() as session:
        (row,) = session.scalars(select(Respondent)).all()
    assert (row.name, row.tier, row.email) == ("Anna Lis", "plus", "anna@example.com")


def test_a_satisfied_word_opens_no_case(client: TestClient, odzew: Odzew) -> None:
    stored = client.post("/v1/feedback", json={"text": "ok", "score": 10}).json()
    assert stored["case_id"] is None
    with odzew.database.snapshot() as session:
        assert session.scalars(select(CaseEvent)).all() == []
        assert session.scalars(select(DraftRow)).all() == []


class BrokenIndex:
    """An index whose disk is full."""

    def upsert(self, points: Sequence[VectorPoint]) -> None:
        raise OSError("No space left on device")

    def search(self, workspace: str, vector: object, limit: int) -> list[Neighbour]:
        raise OSError("No space left on device")

    def close(self) -> None:
        """Nothing to close."""


def test_an_answer_is_acknowledged_though_the_index_fails(
    client: TestClient, odzew: Odzew, workspace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(odzew.meanings, "_index", BrokenIndex())
        answer = client.post("/v1/feedback", json=ANSWERS[0])
    assert answer.status_code == 201
    assert odzew.meanings.catch_up(workspace) == len(answer.json()["excerpts"])


@pytest.mark.parametrize(
    ("facts", "detail"),
    [
        ({"email": "not an address"}, "email: 'not an address' is no e-mail address: write one"),
        ({"email": "a@b"}, "email: 'a@b' is no e-mail address"),
        ({"email": "a@b.cz\nc@d.cz"}, "email: 'a@b.cz c@d.cz' is no e-mail address"),
        ({"phone": "none"}, "phone: 'none' is no telephone number: write one such as +48"),
    ],
)
def test_an_address_that_is_none_is_refused_alone_and_in_a_batch(
    client: TestClient, facts: dict[str, str], detail: str
) -> None:
    body = {**ANSWERS[0], "respondent": {"id": "r", **facts}}
    refused = client.post("/v1/feedback", json=body)
    assert refused.status_code == 422
    assert refused.json()["detail"].startswith(detail)
    assert "leave it out" in refused.json()["detail"]
    (one,) = client.post("/v1/feedback/batch", json={"items": [body]}).json()["results"]
    assert one == {"error": refused.json()["detail"]}


def test_numbers_are_taken_as_people_write_them(client: TestClient) -> None:
    for number in ("+48 600 100 200", "0048600100200", "(22) 123-45-67"):
        person = {"id": number, "email": " anna@example.com ", "phone": number}
        answer = client.post("/v1/feedback", json={"text": "Ok", "score": 9, "respondent": person})
        assert answer.status_code == 201


def test_a_comment_of_the_greatest_length_is_stored_and_shown_whole(
    client: TestClient, signed_in: TestClient
) -> None:
    text = "Kurier się spóźnił, nikt nie odbiera telefonu. " * 2_120
    text += "Nigdy więcej u was nie kupię!"
    stored = client.post("/v1/feedback", json={"text": text, "score": 0})
    assert stored.status_code == 201
    found = client.get(f"/v1/feedback/{stored.json()['id']}").json()
    assert found["text"] == text
    assert found["excerpts"][-1]["text"] == "Nigdy więcej u was nie kupię!"
    page = signed_in.get(f"/cases/{found['case_id']}").text
    assert "Nigdy więcej u was nie kupię!" in re.sub(r"<[^>]+>", "", page)
    assert signed_in.get("/queue").status_code == 200
