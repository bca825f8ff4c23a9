"""Any bytes at any door of /v1: a clear 4xx, never a 5xx, and nothing stored unless it says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from starlette.testclient import TestClient

from pipelines.understanding import Reader
from service.app import create_app
from service.settings import Settings
from service.storage import access
from service.storage.all_tables import metadata
from service.wiring import Odzew
from tests.answers import ANSWERS
from tests.service.themed import DELIVERY, put_two_themes

ROUTES = {
    "/v1/classify",
    "/v1/classify/batch",
    "/v1/feedback",
    "/v1/feedback/batch",
    "/v1/cases/{case_id}/{move}",
    "/v1/cases/{case_id}/judge",
    "/v1/cases/{case_id}/drafts",
    "/v1/actions",
    "/v1/actions/{action_id}/drafts",
    "/v1/actions/{action_id}/{step}",
    "/v1/drafts/{draft_id}/revise",
    "/v1/drafts/{draft_id}/approve",
    "/v1/drafts/{draft_id}/reject",
    "/v1/drafts/{draft_id}/submit",
    "/v1/drafts/{draft_id}/send",
    "/v1/messages/{message_id}/{step}",
    "/v1/do-not-contact",
    "/v1/mail",
    "/v1/themes/refit",
    "/v1/themes/make",
    "/v1/themes/move",
    *(f"/v1/themes/{{theme_id}}/{what}" for what in ("rename", "merge", "split", "retire")),
    *(f"/v1/themes/{{theme_id}}/{what}" for what in ("pin", "place")),
    *(f"/v1/themes/changes/{{change_id}}/{what}" for what in ("undo", "accept")),
}
WITHOUT_BODY = {
    "/v1/themes/refit",
    "/v1/themes/changes/{change_id}/undo",
    "/v1/themes/changes/{change_id}/accept",
    "/v1/actions/{action_id}/drafts",
}
BODIED = sorted(ROUTES - WITHOUT_BODY)

# Any character, halves of surrogate pairs and NUL among them.
words = st.text(st.characters(exclude_categories=()), max_size=30)
numbers = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from([10**400, -(10**400), 2**63, 1e308, -0.0, 5e-324]),
)
plain = st.one_of(st.none(), st.booleans(), numbers, words)
anything = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4)
)
moments = st.one_of(
    st.datetimes().map(lambda one: one.isoformat()),
    st.sampled_from(["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "31.02.2025"]),
)
person = st.fixed_dictionaries(
    {"id": words | numbers},
    optional={name: words for name in ("name", "gender", "email", "phone", "tier", "account")},
)
comments = words | st.sampled_from([one["text"] for one in ANSWERS])
scales = st.sampled_from(["nps", "csat5", "1-5:lower", "9-1", "-"]) | st.fixed_dictionaries(
    {"min": numbers, "max": numbers}, optional={"higher_is_better": plain}
)


def mostly(valid: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Near-valid values reach the rooms behind the first check."""
    return st.one_of(valid, valid, valid, anything)


answers = st.fixed_dictionaries(
    {"text": mostly(comments)},
    optional={
        "score": mostly(st.integers(0, 10) | numbers),
        "scale": mostly(scales),
        "language": mostly(st.sampled_from(["pl", "cs", "de", "et-EE"])),
        "attributes": mostly(st.dictionaries(words, plain, max_size=3)),
        "external_id": mostly(words),
        "respondent": mostly(words | person),
        "survey": mostly(words),
        "occurred_at": mostly(moments),
    },
)
bodies = st.one_of(
    anything,
    answers,
    st.fixed_dictionaries({"items": mostly(st.lists(mostly(answers), max_size=4))}),
    st.fixed_dictionaries({"subject": words, "body": words}),
    st.fixed_dictionaries({"reason": words}),
    st.fixed_dictionaries({"note": words}),
    st.fixed_dictionaries({"channel": words, "because": words}),
    st.fixed_dictionaries({"theme": words, "title": words}, optional={"owner": words}),
    st.fixed_dictionaries({"words": st.dictionaries(words, plain, max_size=3)}),
)
sent = st.one_of(bodies.map(lambda body: json.dumps(body).encode()), st.binary(max_size=200))
AWKWARD = [
    b"",
    b"null",
    b"[" * 100_000,
    b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    b'{"text": "a", "score": ' + b"9" * 5_000 + b"}",
    b'{"text": "a", "score": 1e999}',
    b'{"text": "a", "score": -Infinity}',
    b'{"text": "\\ud800"}',
    b'{"text": "a", "\\udc00": 1}',
    b'{"text": "a", "attributes": {"\\ud800": [1]}}',
    b'{"items": [{"text": "a", "attributes": {"\\ud800": [1]}}, {"\\ud800": 1}]}',
    b'{"text": "a\\u0000b"}',
    b'{"text": "a", "text": {}}',
    b'\xff\xfe{\x00"\x00',
    '{"text": "Źle"}'.encode("cp1250"),
    '{"text": "Źle", "score": 3}'.encode("utf-16"),
    b'\xef\xbb\xbf{"text": "BOM"}',
    json.dumps({"text": "a" * 100_000}).encode(),
    json.dumps({"text": "0 " * 9_999, "score": 1}).encode(),
    json.dumps({"text": "@" * 20_000, "score": 1}).encode(),
]


class Door:
    """A client of one workspace, and what its house holds."""

    def __init__(self, odzew: Odzew, client: TestClient) -> None:
        self.odzew, self.client = odzew, client
        first = client.post("/v1/feedback", json=ANSWERS[0]).json()["case_id"]
        self.case = first
        self.draft = client.get(f"/v1/cases/{first}/drafts").json()["items"][0]["id"]
        with odzew.database.transaction() as session:
            workspace = access.ensure_workspace(session, "Demo", datetime.now(UTC))
            token = access.create_link(session, workspace, "Ewa", datetime.now(UTC))
        put_two_themes(odzew, workspace)
        plan = {"theme": DELIVERY.id, "title": "Ring first"}
        self.action = client.post("/v1/actions", json=plan).json()["id"]
        client.get(f"/sign-in?token={token}", follow_redirects=False)

    def rows(self) -> dict[str, int]:
        """How many rows each table has, by one query."""
        counts = [
            select(func.count()).select_from(table).scalar_subquery().label(table.name)
            for table in metadata.sorted_tables
        ]
        with self.odzew.database.snapshot() as session:
            return dict(session.execute(select(*counts)).one()._mapping)

    def knock(self, route: str, content: bytes) -> None:
        before = self.rows()
        path = route.format(
            **{"case_id": self.case, "move": "close", "draft_id": self.draft},
            **{"message_id": "msg_1", "step": "finish", "theme_id": "thm_a", "change_id": 1},
            **{"action_id": self.action},
        )
        answer = self.client.post(
            path, content=content, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code < 500, answer.text
        after = self.rows()
        if answer.is_success and answer.content:
            json.loads(answer.text, parse_constant=refuse)
        elif not answer.is_success:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"]
            assert after == before
        assert after["readings"] == after["feedback"]
        assert after["drafts"] >= after["cases"]


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, reader: Reader) -> Iterator[Door]:
    odzew = Odzew(Settings(home=tmp_path_factory.mktemp("bad-bytes")), reader)
    now = datetime.now(UTC)
    with odzew.database.transaction() as session:
        workspace = access.ensure_workspace(session, "Demo", now)
        key = access.create_key(session, workspace, "tests", now)[1]
    headers = {"Authorization": f"Bearer {key}"}
    with TestClient(create_app(odzew), headers=headers, raise_server_exceptions=False) as client:
        yield Door(odzew, client)
    odzew.close()


def test_the_doors_are_all_that_the_api_takes_posts_at(door: Door) -> None:
    paths = door.client.get("/openapi.json").json()["paths"]
    assert {path for path, methods in paths.items() if "post" in methods} == ROUTES


@pytest.mark.parametrize("route", BODIED)
@settings(max_examples=25, deadline=None)
@given(content=sent)
def test_any_bytes_get_an_answer(door: Door, route: str, content: bytes) -> None:
    door.knock(route, content)


@pytest.mark.parametrize("route", sorted(ROUTES - {"/v1/themes/refit"}))
def test_awkward_bytes_get_an_answer(door: Door, route: str) -> None:
    for content in AWKWARD:
        door.knock(route, content)


def test_a_refit_reads_no_body(client: TestClient) -> None:
    # In a workspace of its own: what the other tests stored would be fitted.
    for content in AWKWARD:
        assert client.post("/v1/themes/refit", content=content).status_code == 409


@settings(max_examples=30, deadline=None)
@given(fields=st.dictionaries(st.sampled_from(["action", "subject", "body", "reason"]), words))
def test_any_form_gets_a_page(door: Door, fields: dict[str, str]) -> None:
    data = {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}
    for path in (f"/drafts/{door.draft}", f"/cases/{door.case}/move"):
        answer = door.client.post(
            path, data=data, headers={"Accept": "text/html"}, follow_redirects=False
        )
        assert answer.status_code < 500


@settings(max_examples=40, deadline=None)
@given(path=st.binary(max_size=20), query=st.binary(max_size=20))
def test_any_address_gets_an_answer(door: Door, path: bytes, query: bytes) -> None:
    address = "".join(f"%{byte:02x}" for byte in path)
    ending = "".join(f"%{byte:02x}" for byte in query)
    for room in ("/v1/cases/", "/v1/feedback/", "/v1/themes/", "/cases/", "/static/"):
        answer = door.client.get(f"{room}{address}?{ending}=1", follow_redirects=False)
        assert answer.status_code < 500
    assert door.client.get(f"/v1/queue?theme={ending}").status_code in (200, 422)


@settings(max_examples=20, deadline=None)
@given(key=st.binary(max_size=30))
def test_any_key_and_cookie_get_an_answer(door: Door, key: bytes) -> None:
    shown = bytes(byte for byte in key if byte >= 32 and byte != 127)
    answer = door.client.get("/v1/queue", headers={b"Authorization": b"Bearer " + shown})
    assert answer.status_code == 401
    page = door.client.get("/queue", headers={b"Cookie": b"odzew_session=" + shown})
    assert page.status_code == 401


def test_a_form_that_is_no_form_gets_an_answer(door: Door) -> None:
    for kind in (
        b"multipart/form-data; boundary=x",
        b"multipart/form-data",
        b"text/plain",
        b"\xff",
    ):
        answer = door.client.post(
            f"/drafts/{door.draft}", content=b"--x\r\n\xff\x00", headers={b"Content-Type": kind}
        )
        assert answer.status_code in (400, 401, 422), kind
