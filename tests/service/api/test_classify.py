from __future__ import annotations

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from models.contracts import POLARITIES
from service.storage.all_tables import metadata
from service.wiring import Odzew
from tests.answers import ANSWERS


def rows(odzew: Odzew) -> dict[str, int]:
    with odzew.database.snapshot() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


def test_a_comment_is_read_and_judged(client: TestClient) -> None:
    text = ANSWERS[0]["text"] + " Mój numer: 600 700 800."
    read = client.post("/v1/classify", json={"text": text, "score": 0}).json()
    assert read["language"]["code"] == "pl"
    assert read["segment"] == "detractor"
    assert read["sentiment"]["label"] in POLARITIES
    assert "authority_complaint" in read["signals"]
    assert read["themes"] == []
    assert read["model"]["themes"] is None
    for excerpt in read["excerpts"]:
        assert text[excerpt["start"] : excerpt["end"]] == excerpt["text"]
        assert excerpt["theme"] is None
    (phone,) = read["pii"]
    assert text[phone["start"] : phone["end"]] == "600 700 800"


def test_the_reasons_add_up_to_the_priority(client: TestClient) -> None:
    items = [{"text": one["text"], "score": one["score"]} for one in ANSWERS]
    for read in client.post("/v1/classify/batch", json={"items": items}).json()["results"]:
        priority = read["priority"]
        assert sum(reason["points"] for reason in priority["reasons"]) == priority["score"]
        assert priority["level"] in ("P1", "P2", "P3", "P4")


@pytest.mark.parametrize(
    ("scale", "score", "segment"),
    [
        ("nps", 6, "detractor"),
        ("nps", 7, "passive"),
        ("csat5", 5, "promoter"),
        ("ces7", 6, "promoter"),
        ("stars5", 1, "detractor"),
        ("1-10:lower", 1, "promoter"),
        ({"min": 0, "max": 100}, 95, "promoter"),
        ({"min": 1, "max": 5, "higher_is_better": False}, 5, "detractor"),
    ],
)
def test_the_segment_follows_the_scale(
    client: TestClient, scale: object, score: float, segment: str
) -> None:
    body = {"text": "Dobrze", "score": score, "scale": scale}
    assert client.post("/v1/classify", json=body).json()["segment"] == segment


def test_without_a_score_there_is_no_segment(client: TestClient) -> None:
    assert client.post("/v1/classify", json={"text": "Dobrze"}).json()["segment"] is None


def test_a_score_without_words_is_read_too(client: TestClient) -> None:
    read = client.post("/v1/classify", json={"text": "", "score": 2}).json()
    assert (read["segment"], read["sentiment"], read["excerpts"]) == ("detractor", None, [])


def test_the_language_that_the_sender_names_is_believed(client: TestClient) -> None:
    read = client.post("/v1/classify", json={"text": "super", "language": "cs"}).json()
    assert read["language"] == {"code": "cs", "confidence": 1.0}


def test_nothing_is_stored(client: TestClient, odzew: Odzew) -> None:
    before = rows(odzew)
    client.post("/v1/classify", json=dict(text=ANSWERS[0]["text"], score=0))
    client.post("/v1/classify/batch", json={"items": [{"text": "Dobrze"}, {"text": 1}]})
    assert rows(odzew) == before


def test_a_bad_item_gives_its_error_in_its_place(client: TestClient) -> None:
    items: list[object] = [
        {"text": "Dobrze", "score": 9},
        {"text": "Dobrze", "score": 11},
        {"score": 3, "shop": "x"},
        {"text": "", "score": None},
        {"text": "Halb", "scale": "smileys"},
        {"text": "Hea", "score": 9},
        "Hea",
        None,
    ]
    results = client.post("/v1/classify/batch", json={"items": items}).json()["results"]
    assert [sorted(one) == ["error"] for one in results] == [False, *[True] * 4, False, True, True]
    assert "11" in results[1]["error"]
    assert "smileys" in results[4]["error"]
    assert results[5]["language"]["code"] == "et"
    assert results[6] == results[7] == {"error": "body: send one JSON object"}


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({"score": 3}, "text: this is missing; add it"),
        ({"text": "a", "shop": 1}, "shop: there is no such field; see /openapi.json"),
        ({"text": "a", "score": True}, "score: must be a number, not true or false"),
        ({"text": "a", "score": 11}, "score 11 is outside the scale 0 to 10"),
        ({"text": "a", "language": "de"}, "language: 'de' is not read. Known are pl, cs, et, en"),
        ({"text": "a", "language": "other"}, "leave it out"),
        ({"text": "a" * 100_001}, "text: has 100,001 characters, at most 100,000"),
        ({"text": "\u200b\u200d"}, "both are blank"),
    ],
)
def test_what_cannot_be_read_is_refused_in_the_same_words_alone_and_in_a_batch(
    client: TestClient, item: dict[str, object], said: str
) -> None:
    alone = client.post("/v1/classify", json=item)
    assert alone.status_code == 422
    assert said in alone.json()["detail"]
    batch = client.post("/v1/classify/batch", json={"items": [item]})
    assert batch.json() == {"results": [{"error": alone.json()["detail"]}]}


@pytest.mark.parametrize("hint", ["cs", "cs-CZ", " CS ", "", None])
def test_known_languages_and_none_are_taken(client: TestClient, hint: str | None) -> None:
    body = {"text": "super", "language": hint}
    assert client.post("/v1/classify", json=body).status_code == 200


@pytest.mark.parametrize("route", ["/v1/classify/batch", "/v1/feedback/batch"])
def test_a_batch_has_a_bound_on_its_characters(client: TestClient, route: str) -> None:
    items = [{"text": "a" * 100_000}] * 20 + [{"text": "b"}]
    answer = client.post(route, json={"items": items})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(
        "items: the texts have 2,000,001 characters together, at most 2,000,000"
    )


@pytest.mark.parametrize("items", [[], [{"text": "a"}] * 257, "a", None])
def test_a_batch_has_1_to_256_items(client: TestClient, items: object) -> None:
    assert client.post("/v1/classify/batch", json={"items": items}).status_code == 422


def test_equal_comments_are_read_equally_alone_and_in_a_batch(client: TestClient) -> None:
    alone = client.post("/v1/classify", json={"text": ANSWERS[3]["text"]}).json()
    items = [{"text": one["text"]} for one in ANSWERS]
    among = client.post("/v1/classify/batch", json={"items": items}).json()["results"][3]
    for name in ("language", "sentiment", "excerpts", "signals"):
        assert alone[name] == among[name]


def test_a_greeting_is_given_as_cut_and_in_no_excerpt(client: TestClient) -> None:
    read = client.post("/v1/classify", json={"text": "Dear John, the parcel is late."}).json()
    assert read["cuts"] == [{"type": "greeting", "start": 0, "end": 10}]
    assert [one["text"] for one in read["excerpts"]] == ["the parcel is late."]
