"""The pages in a real browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import select
from starlette.testclient import TestClient

from pipelines.understanding import Reader
from service.app import create_app
from service.settings import Settings
from service.storage import access
from service.storage.tables import CaseRow, DecisionRow, DraftRow
from service.wiring import Odzew
from tests.answers import ANSWERS

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not CHROMIUM.exists() and not os.environ.get("CI"),
        reason=f"{CHROMIUM} is missing: apt-get install chromium",
    ),
]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Site:
    """A running server over the dozen answers; the hosts browsers asked, and their complaints."""

    odzew: Odzew
    workspace: str
    address: str
    asked: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def link(self) -> str:
        """A fresh sign-in link."""
        with self.odzew.database.transaction() as session:
            token = access.create_link(session, self.workspace, "Ewa", datetime.now(UTC))
        return f"{self.address}/sign-in?token={token}"


@pytest.fixture
def site(tmp_path: Path, real_reader: Reader) -> Iterator[Site]:
    odzew = Odzew(Settings(home=tmp_path), real_reader)
    now = datetime.now(UTC)
    with odzew.database.transaction() as session:
        workspace = access.ensure_workspace(session, "Demo", now)
        key = access.create_key(session, workspace, "tests", now)[1]
    app = create_app(odzew)
    with TestClient(app, headers={"Authorization": f"Bearer {key}"}) as client:
        client.post("/v1/feedback/batch", json={"items": ANSWERS})
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    found = Site(odzew, workspace, f"http://127.0.0.1:{listening.getsockname()[1]}")
    yield found
    server.should_exit = True
    thread.join()
    listening.close()
    odzew.close()
    assert found.complaints == []
    assert found.asked == {urlsplit(found.address).netloc}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield found
        found.close()


def open_page(
    chromium: Browser, site: Site, *, size: dict[str, int] = DESK, script: bool = True
) -> Page:
    """A signed-in page of a fresh browser."""
    context: BrowserContext = chromium.new_context(
        viewport={"width": size["width"], "height": size["height"]}, java_script_enabled=script
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.on("request", lambda request: site.asked.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: site.complaints.append(message.text))
    page.on("pageerror", lambda error: site.complaints.append(str(error)))
    page.goto(site.link())
    expect(page.get_by_role("heading", name="Queue", level=1)).to_be_visible()
    return page


def names(page: Page) -> list[str]:
    return page.locator(".queue .name").all_inner_texts()


def test_a_person_edits_and_approves_the_top_draft_and_it_leaves_the_queue(
    chromium: Browser, site: Site
) -> None:
    page = open_page(chromium, site)
    before = names(page)
    assert len(before) >= 5
    page.locator(".queue .name").first.click()
    expect(page.get_by_role("heading", name=before[0], level=1)).to_be_visible()
    expect(page.locator("mark.negative").first).to_be_visible()
    expect(page.get_by_role("heading", name="Why P")).to_be_visible()
    message = page.get_by_label("Message")
    typed = message.input_value() + "\n\nPS. Zadzwonimy jutro."
    message.fill(typed)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_have_text("Approved by Ewa.")
    expect(page.locator(".letter")).to_contain_text("PS. Zadzwonimy jutro.")
    page.get_by_role("link", name="← Queue").click()
    assert names(page) == before[1:]
    page.get_by_label("State").select_option("contacting")
    expect(page.locator(".queue .name")).to_have_text([before[0]])
    with site.odzew.database.snapshot() as session:
        decided = session.execute(
            select(DraftRow.number, DraftRow.author, DraftRow.body, DecisionRow.verdict)
            .join(DecisionRow, DecisionRow.draft_id == DraftRow.id)
            .join(CaseRow, CaseRow.id == DraftRow.case_id)
        ).one()
    assert tuple(decided) == (2, "Ewa", typed, "approved")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_filters_work(chromium: Browser, site: Site, script: bool) -> None:
    page = open_page(chromium, site, script=script)
    page.get_by_label("Language").select_option("cs")
    if not script:
        page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/queue?**language=cs**")
    expect(page.get_by_text("Jana Dvořáková")).to_be_visible()
    expect(page.get_by_text("Anna Wójcik")).to_be_hidden()
    page.get_by_label("Sort").select_option("respond_by")
    if not script:
        page.get_by_role("button", name="Show").click()
    page.wait_for_url("**sort=respond_by**")
    expect(page.get_by_label("Language")).to_have_value("cs")
    page.get_by_role("link", name="Reset").click()
    expect(page.get_by_text("Anna Wójcik")).to_be_visible()


def test_the_whole_way_works_without_script(chromium: Browser, site: Site) -> None:
    page = open_page(chromium, site, script=False)
    before = names(page)
    page.locator(".queue .name").first.click()
    page.get_by_text("Reject this draft").click()
    page.get_by_label("Reason").fill("Wrong tone")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("status")).to_contain_text("Rejected by Ewa: Wrong tone")
    page.get_by_label("Subject").fill("Pańska przesyłka")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_have_text("Approved by Ewa.")
    page.get_by_label("Why reopen").fill("No answer")
    page.get_by_role("button", name="Reopen").click()
    page.get_by_role("link", name="← Queue").click()
    assert names(page) == before
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("Open a sign-in link first")).to_be_visible()
    # The browser itself notes that the page after signing out is a 401.
    assert [("401" in one) for one in site.complaints] == [True]
    site.complaints.clear()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1280", "390"])
def test_no_page_scrolls_sideways(chromium: Browser, site: Site, size: dict[str, int]) -> None:
    page = open_page(chromium, site, size=size)
    case = page.locator(".queue .name").first.get_attribute("href")
    for path in ("/queue", case, "/themes", "/queue?state=closed"):
        page.goto(f"{site.address}{path}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], path


def test_the_keyboard_reaches_a_case(chromium: Browser, site: Site) -> None:
    page = open_page(chromium, site)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_focused()
    page.locator(".queue .name").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Message")).to_be_visible()
