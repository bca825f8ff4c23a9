from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from service.review.queue_contexts import queue_url
from service.storage.queue import QueueFilter
from service.storage.queue_order import SORTS
from tests.service.api.case_steps import (
    queue,
)

pytestmark = pytest.mark.usefixtures("loaded")


def test_all_detractors_are_in_the_queue(client: TestClient) -> None:
    found = {one["feedback"]["external_id"] for one in queue(client, segment="detractor")}
    assert {"pl-1", "cs-1", "cs-3", "et-1", "en-1"} <= found


@pytest.mark.parametrize(
    ("name", "key"),
    [("segment", "segment"), ("language", "language"), ("state", "state")],
)
def test_filters_part_the_queue(client: TestClient, name: str, key: str) -> None:
    everything = queue(client, state="all")
    values = {one[key] for one in everything}
    parts = [queue(client, **{"state": "all", name: value}) for value in values]
    assert sorted(one["id"] for part in parts for one in part) == sorted(
        one["id"] for one in everything
    )
    for value, part in zip(values, parts, strict=True):
        assert {one[key] for one in part} == {value}


def test_the_priority_filter_parts_the_queue(client: TestClient) -> None:
    parts = {level: queue(client, priority=level) for level in ("P1", "P2", "P3", "P4")}
    assert sum(map(len, parts.values())) == len(queue(client))
    assert sum(map(bool, parts.values())) > 1
    for level, part in parts.items():
        assert {one["priority"]["level"] for one in part} <= {level}


def test_filters_narrow_together(client: TestClient) -> None:
    found = queue(client, language="cs", segment="detractor")
    assert {one["feedback"]["external_id"] for one in found} == {"cs-1", "cs-3"}


def test_the_queue_is_sorted_as_asked(client: TestClient) -> None:
    moment = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    late = [
        {"text": "Przesyłka doszła po terminie.", "score": score, "occurred_at": moment}
        for score in (8, 2)
    ]
    mild, sharp = (client.post("/v1/feedback", json=one).json()["case_id"] for one in late)
    by = {sort: queue(client, sort=sort) for sort in SORTS if sort != "nearest"}
    ids = [one["id"] for one in by["priority"]]
    levels = {one["id"]: one["priority"]["level"] for one in by["priority"]}
    assert levels[ids[0]] == "P1"
    assert "P1" not in (levels[sharp], levels[mild])
    assert ids.index(sharp) < ids.index(mild), "of two that are late the more urgent one"
    for late_one in (sharp, mild):
        below = ids[ids.index(late_one) + 1 :]
        assert {one for one in ids if levels[one] == levels[late_one]} - {sharp, mild} <= {*below}
    respond_by = [one["priority"]["respond_by"] for one in by["respond_by"]]
    assert respond_by == sorted(respond_by)
    opened = [one["opened_at"] for one in by["newest"]]
    assert opened == sorted(opened, reverse=True)
    assert {by["newest"][0]["id"], by["newest"][1]["id"]} == {mild, sharp}
    client.post(f"/v1/cases/{sharp}/close", json={"note": "By phone"})
    assert queue(client, state="closed")[0]["id"] == sharp
    everything = [one["id"] for one in queue(client, state="all")]
    assert everything.index(mild) < everything.index(sharp), "what has ended is not late"


def test_pages_of_the_queue_join_without_gap_or_overlap(client: TestClient) -> None:
    whole = [one["id"] for one in queue(client)]
    joined = []
    for offset in range(0, len(whole), 2):
        page = client.get(f"/v1/queue?limit=2&offset={offset}").json()
        assert page["total"] == len(whole)
        joined += [one["id"] for one in page["items"]]
    assert joined == whole


def test_the_queue_page_shows_what_the_api_gives(client: TestClient, signed_in: TestClient) -> None:
    page = signed_in.get(queue_url(QueueFilter(language="cs", segment="detractor"))).text
    for case in queue(client, language="cs", segment="detractor"):
        assert f"/cases/{case['id']}" in page
    assert "Anna Wójcik" not in page
    assert "Jana Dvořáková" in page
