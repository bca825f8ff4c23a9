from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipelines.contracts import BUCKETS
from service.bucket_desk import move_to_queue
from service.storage.buckets import OUTSIDE, BucketRepository
from service.storage.conflicts import ConflictError, NotFoundError
from service.storage.feedback import FeedbackRepository
from service.wiring import Odzew

NOW = datetime.now(UTC)
ASIDE = {
    "no_comment": {"text": "", "score": 9},
    "praise": {"text": "super", "score": 10},
    "other_language": {"text": "Все було добре, але довго чекали на пошті", "score": 9},
    "spam": {"text": "https://bit.ly/3xyz www.buy-now.shop", "score": 9},
}


def sent(client: TestClient) -> dict[str, dict[str, Any]]:
    return {
        bucket: client.post("/v1/feedback", json={**body, "external_id": bucket}).json()
        for bucket, body in ASIDE.items()
    }


@pytest.mark.usefixtures("loaded")
def test_every_answer_is_in_the_queue_or_in_one_bucket(
    odzew: Odzew, workspace: str, client: TestClient
) -> None:
    found = sent(client)
    assert {one["case_id"] for one in found.values()} == {None}
    with odzew.database.snapshot() as session:
        buckets = BucketRepository(session, workspace)
        counts = buckets.counts()
        listed: dict[str, list[str]] = {
            bucket: [row.id for row in buckets.answers(bucket, limit=50, offset=0)]
            for bucket in OUTSIDE
        }
        assert sum(counts.values()) == FeedbackRepository(session, workspace).count()
    assert tuple(counts) == BUCKETS
    for bucket, one in found.items():
        assert one["id"] in listed[bucket]
        assert counts[bucket] == len(listed[bucket])
    everything = [one for ids in listed.values() for one in ids]
    assert len(everything) == len(set(everything))


@pytest.mark.parametrize("bucket", ASIDE)
def test_a_person_moves_an_answer_to_the_queue_and_it_is_kept(
    odzew: Odzew, workspace: str, client: TestClient, bucket: str
) -> None:
    feedback = sent(client)[bucket]["id"]
    case = move_to_queue(odzew, workspace, feedback, who="Ewa", now=NOW)
    assert client.get(f"/v1/feedback/{feedback}").json()["case_id"] == case
    assert [one["id"] for one in client.get("/v1/queue").json()["items"]] == [case]
    shown = client.get(f"/v1/cases/{case}").json()
    assert (shown["events"][0]["move"], shown["events"][0]["who"]) == ("open", "Ewa")
    assert bucket in shown["events"][0]["note"]
    assert len(shown["drafts"]) == 1
    with odzew.database.snapshot() as session:
        buckets = BucketRepository(session, workspace)
        assert buckets.counts()[bucket] == 0
        assert buckets.counts()["queue"] == 1
        (kept,) = buckets.moved()
        assert (kept.feedback_id, kept.bucket, kept.who) == (feedback, bucket, "Ewa")
        row = FeedbackRepository(session, workspace).get(feedback)
        assert row is not None
        assert row.reading.bucket == bucket, "what the machine said stays"
    with pytest.raises(ConflictError, match="already"):
        move_to_queue(odzew, workspace, feedback, who="Ewa", now=NOW)


def test_an_answer_joins_its_customers_open_case(
    odzew: Odzew, workspace: str, client: TestClient
) -> None:
    person = {"respondent": {"id": "r-1"}}
    feedback = client.post("/v1/feedback", json={"text": "super", "score": 10, **person}).json()
    angry = {"text": "The parcel never came. I am furious.", "score": 0, **person}
    case = client.post("/v1/feedback", json=angry).json()["case_id"]
    assert move_to_queue(odzew, workspace, feedback["id"], who="Ewa", now=NOW) == case
    assert len(client.get(f"/v1/cases/{case}").json()["answers"]) == 2


def test_an_answer_that_is_not_there_is_not_moved(odzew: Odzew, workspace: str) -> None:
    with pytest.raises(NotFoundError):
        move_to_queue(odzew, workspace, "fb_none", who="Ewa", now=NOW)
