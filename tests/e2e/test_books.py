"""Templates in a real browser: edited with a live preview, published by a second person, used."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from starlette.testclient import TestClient

from service.app import create_app
from service.storage import access
from service.storage.drafts import DraftRepository
from tests.e2e.site import DESK, IN_A_BROWSER, PHONE, Site, open_page
from tests.service.storage.test_books import NOW

pytestmark = IN_A_BROWSER

BLOCK = "/templates/en/message/apology.detractor.not-sensitive"
OWN = "We at {{ company }} are truly sorry about it."


def test_a_wording_is_seen_while_it_is_typed_and_used_once_a_second_person_publishes_it(
    chromium: Browser, site: Site
) -> None:
    page = open_page(chromium, site)
    page.get_by_role("link", name="Templates").click()
    page.locator(f"a[href='{BLOCK}']").first.click()
    preview = page.get_by_label("Preview", exact=True)
    expect(preview.locator(".said")).to_have_count(10)
    new = page.get_by_label("A new wording")
    new.fill("We will refund you in full.")
    expect(preview.get_by_text("promises money back").first).to_be_visible()
    new.fill(OWN)
    expect(preview.locator(".said").first).to_have_text("We at Zipako are truly sorry about it.")
    expect(preview.locator(".said").last).to_have_text("We at Zipako are truly sorry about it.")
    for number in range(1, 5):
        page.get_by_role("textbox", name=f"Wording {number}", exact=True).fill("")
    expect(preview.get_by_text("Fewer than four wordings")).to_be_visible()
    page.get_by_label("Why").fill("One voice for all")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("so somebody else publishes it")).to_be_visible()
    expect(page.locator("ins")).to_have_text([OWN])
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)

    second = open_page(chromium, site, person="Piotr")
    second.goto(page.url)
    second.get_by_role("button", name="Publish").click()
    expect(second.get_by_role("status")).to_contain_text("Published by Piotr")
    assert "We at Zipako are truly sorry about it." in next_draft(site)


def next_draft(site: Site) -> str:
    """The draft to an answer that comes in now."""
    with site.odzew.database.transaction() as session:
        key = access.create_key(session, site.workspace, "more", NOW)[1]
    client = TestClient(create_app(site.odzew), headers={"Authorization": f"Bearer {key}"})
    body = {"text": "The parcel never came and nobody answers my letters.", "score": 1}
    case_id = client.post("/v1/feedback", json=body).json()["case_id"]
    with site.odzew.database.snapshot() as session:
        return DraftRepository(session, site.workspace).of_case(case_id)[0].body


def test_the_way_works_without_script(chromium: Browser, site: Site) -> None:
    page = open_page(chromium, site, script=False)
    page.goto(f"{site.address}{BLOCK}")
    page.get_by_label("A new wording").fill(OWN)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".said").first).to_have_text("We at Zipako are truly sorry about it.")
    page.get_by_label("Why").fill("Warmer")
    page.get_by_role("button", name="Propose").click()
    expect(page.locator("ins")).to_have_text([OWN])


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1280", "390"])
def test_no_page_of_templates_scrolls_sideways_or_leaves_anybody_out(
    chromium: Browser, site: Site, size: dict[str, int]
) -> None:
    page = open_page(chromium, site, size=size)
    for path in ("/templates/pl/message", BLOCK, "/templates/history"):
        page.goto(f"{site.address}{path}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], path
        found = Axe().run(page)
        assert found.violations_count == 0, (path, found.generate_report())
