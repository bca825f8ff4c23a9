from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from service.app import create_app
from service.auth import COOKIE
from service.storage import access
from service.storage.access_tables import ApiKey, BrowserSession, SignInLink
from service.wiring import Odzew
from tests.conftest import KeyMaker, sign_in

PAGES = ("/", "/queue", "/cases/cas_1", "/themes", "/themes/thm_1")


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer odz_wrong", "Basic b2R6OnE=", "odz_bare"]
)
def test_the_api_is_shut_without_a_valid_key(client: TestClient, header: str | None) -> None:
    client.headers.pop("Authorization")
    headers = {} if header is None else {"Authorization": header}
    answer = client.post("/v1/classify", json={"text": "Dobrze"}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "odzew keys create" in answer.json()["detail"]


def test_a_key_opens_the_api_until_it_is_revoked(
    client: TestClient, odzew: Odzew, workspace: str
) -> None:
    assert client.get("/v1/queue").status_code == 200
    with odzew.database.transaction() as session:
        assert access.revoke_key(session, workspace, "tests", datetime.now(UTC)) == 1
    assert client.get("/v1/queue").status_code == 401
    with odzew.database.transaction() as session:
        assert access.revoke_key(session, workspace, "tests", datetime.now(UTC)) == 0


def test_secrets_are_kept_as_hashes_only(odzew: Odzew, workspace: str, new_key: KeyMaker) -> None:
    secret = new_key(workspace)
    token = sign_in(odzew, workspace).partition("=")[2]
    with odzew.database.transaction() as session:
        browser = access.use_link(session, token, datetime.now(UTC))
    odzew.database.close()
    assert browser
    content = (odzew.settings.home / "odzew.sqlite3").read_bytes()
    for one in (secret, token, browser):
        assert one.encode() not in content
    with odzew.database.snapshot() as session:
        columns = (ApiKey.sha256, SignInLink.sha256, BrowserSession.sha256)
        stored = [session.scalars(select(column)).one() for column in columns]
    assert [len(one) for one in stored] == [64, 64, 64]


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_shut_without_a_session(browser: TestClient, page: str) -> None:
    answer = browser.get(page)
    assert answer.status_code == 401
    assert "sign-in link" in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_shut_to_an_invented_session(browser: TestClient, page: str) -> None:
    browser.cookies.set(COOKIE, "invented")
    assert browser.get(page).status_code == 401


def test_an_api_key_opens_no_page(client: TestClient) -> None:
    assert client.get("/queue").status_code == 401


def test_a_session_opens_no_api(signed_in: TestClient) -> None:
    assert signed_in.get("/v1/queue").status_code == 401


def test_a_link_signs_in_once(odzew: Odzew, workspace: str, browser: TestClient) -> None:
    link = sign_in(odzew, workspace)
    answer = browser.get(link, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/queue")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert browser.get("/queue").status_code == 200
    browser.cookies.clear()
    assert browser.get(link).status_code == 401
    assert browser.get("/queue").status_code == 401


def test_a_link_expires(odzew: Odzew, workspace: str) -> None:
    now = datetime.now(UTC)
    with odzew.database.transaction() as session:
        token = access.create_link(session, workspace, "Ewa", now)
        assert access.use_link(session, token, now + access.LINK_LIFE) is None
        just_before = now + access.LINK_LIFE - timedelta(seconds=1)
        assert access.use_link(session, token, just_before) is not None


def test_a_session_expires(odzew: Odzew, workspace: str) -> None:
    now = datetime.now(UTC)
    with odzew.database.transaction() as session:
        browser = access.use_link(session, access.create_link(session, workspace, "Ewa", now), now)
        assert browser
        seen = access.caller_of_session(session, browser, now + timedelta(days=13))
        assert seen == access.Caller(workspace, "Ewa")
        assert access.caller_of_session(session, browser, now + access.SESSION_LIFE) is None


def test_signing_out_ends_the_session_on_the_server_too(signed_in: TestClient) -> None:
    token = signed_in.cookies[COOKIE]
    assert signed_in.post("/sign-out", follow_redirects=False).status_code == 303
    signed_in.cookies.set(COOKIE, token)
    assert signed_in.get("/queue").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "", "Origin": "http://testserver"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
    ],
)
def test_posts_from_other_sites_are_refused(signed_in: TestClient, headers: dict[str, str]) -> None:
    if "Sec-Fetch-Site" not in headers:
        signed_in.headers.pop("Sec-Fetch-Site")
    answer = signed_in.post("/sign-out", headers=headers)
    assert answer.status_code == 403
    assert signed_in.get("/queue").status_code == 200


def test_a_post_from_our_own_page_is_taken_from_a_browser_without_fetch_metadata(
    signed_in: TestClient,
) -> None:
    signed_in.headers.pop("Sec-Fetch-Site")
    answer = signed_in.post(
        "/sign-out", headers={"Origin": "http://testserver"}, follow_redirects=False
    )
    assert answer.status_code == 303


def test_another_workspace_sees_nothing(
    client: TestClient, odzew: Odzew, loaded: dict[str, str], new_key: KeyMaker
) -> None:
    case = client.get("/v1/queue").json()["items"][0]
    draft = client.get(f"/v1/cases/{case['id']}/drafts").json()["items"][0]["id"]
    with odzew.database.transaction() as session:
        other = access.ensure_workspace(session, "Other", datetime.now(UTC))
    client.headers["Authorization"] = f"Bearer {new_key(other)}"
    assert client.get("/v1/queue?state=all").json()["total"] == 0
    assert client.get("/v1/themes").json()["excerpts"] == 0
    reads = (
        f"/v1/feedback/{loaded['pl-1']}",
        f"/v1/cases/{case['id']}",
        f"/v1/cases/{case['id']}/drafts",
    )
    assert [client.get(address).status_code for address in reads] == [404] * 3
    posts: tuple[tuple[str, dict[str, str] | None], ...] = (
        (f"/v1/cases/{case['id']}/contact", None),
        (f"/v1/drafts/{draft}/submit", None),
        (f"/v1/drafts/{draft}/revise", {"subject": "a", "body": "b"}),
        (f"/v1/drafts/{draft}/reject", {"reason": "a"}),
    )
    assert [client.post(address, json=body).status_code for address, body in posts] == [404] * 4
    # The same id is another answer there.
    sent = client.post("/v1/feedback", json={"text": "Dobrze", "external_id": "pl-1"})
    assert sent.status_code == 201
    with TestClient(create_app(odzew), headers={"Sec-Fetch-Site": "same-origin"}) as browser:
        assert browser.get(sign_in(odzew, other)).status_code == 200
        assert browser.get(f"/cases/{case['id']}").status_code == 404
        moved = browser.post(f"/cases/{case['id']}/move", data={"move": "contact", "revision": 1})
        assert moved.status_code == 404
        decided = browser.post(f"/drafts/{draft}", data={"action": "approve"})
        assert decided.status_code == 404
        assert "Anna Wójcik" not in browser.get("/queue?state=all").text
