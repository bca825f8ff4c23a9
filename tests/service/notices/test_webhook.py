from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest

from tests.service.conftest import Received, free_port
from tests.service.notices.conftest import KEY, House, Telling


def test_a_notice_is_posted_once_signed_as_standard_webhooks_asks(
    posting: Telling, receiver: Received
) -> None:
    case = posting.answer(name="Zofia Nowak", phone="+48601234567")
    posting.spread()
    posting.deliver()
    posting.deliver()
    assert len(receiver.posts) == 2, "the P1 and that Anna was given it"
    bodies = {}
    for headers, body in receiver.posts:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(KEY.removeprefix("whsec_"))
        mark = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{mark}"
        assert headers["content-type"] == "application/json"
        content = json.loads(body)
        bodies[content["type"]] = content["data"]
        assert b"601 234" not in body
        assert "Zofia" not in body.decode()
    data = bodies["notice.new_p1"]
    assert data["workspace"] == "Demo"
    assert data["url"] == f"https://odzew.example/cases/{case}"
    assert (data["case"]["id"], data["case"]["priority"]) == (case, "P1")
    assert data["case"]["owner"] == "Anna"
    assert set(bodies) == {"notice.new_p1", "notice.assigned"}


def test_a_receiver_that_fails_twice_is_asked_a_third_time_with_the_same_id(
    posting: Telling, receiver: Received
) -> None:
    receiver.answers = [500, 503]
    posting.answer("The courier was a little late.", 5)
    posting.spread()
    for minutes, posts in ((0, 1), (1, 2), (4, 2), (1, 3), (600, 3)):
        posting.pass_by(minutes=minutes)
        posting.deliver()
        assert len(receiver.posts) == posts
    assert len({headers["webhook-id"] for headers, _ in receiver.posts}) == 1
    assert len({headers["webhook-timestamp"] for headers, _ in receiver.posts}) == 3
    assert [outcome for outcome, _ in posting.attempts()] == ["failed", "failed", "sent"]


@pytest.mark.parametrize(("status", "outcome"), [(302, "failed"), (404, "failed"), (410, "dead")])
def test_a_redirect_is_not_followed_and_410_is_for_good(
    posting: Telling, receiver: Received, status: int, outcome: str
) -> None:
    receiver.answers = [status]
    posting.answer("The courier was a little late.", 5)
    posting.spread()
    posting.deliver()
    assert len(receiver.posts) == 1
    ((found, detail),) = posting.attempts()
    assert (found, str(status) in detail) == (outcome, True)


def test_a_receiver_that_is_not_there_is_tried_again(house: House) -> None:
    telling = house(webhook_url=f"http://127.0.0.1:{free_port()}/", webhook_secret=KEY)
    telling.answer()
    telling.spread()
    telling.deliver()
    ((outcome, detail),) = telling.attempts()
    assert outcome == "failed"
    assert "refused" in detail


def test_without_a_webhook_nothing_is_kept_for_one(telling: Telling) -> None:
    telling.answer()
    telling.spread()
    assert telling.deliveries() == []
