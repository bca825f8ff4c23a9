"""The small loop of one case in a real browser, and every page of it by the rules of WCAG 2.2."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.e2e.site import DESK, IN_A_BROWSER, PHONE, Site, open_page

pytestmark = IN_A_BROWSER

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_case_is_taken_called_resolved_and_verified(
    chromium: Browser, site: Site, script: bool
) -> None:
    page = open_page(chromium, site, script=script)
    page.locator(".queue .name").first.click()
    page.get_by_role("button", name="Take it", exact=True).click()
    expect(page.get_by_text("is yours")).to_be_visible()
    page.get_by_role("link", name="Call brief").click()
    expect(page.get_by_role("heading", name="Five questions")).to_be_visible()
    page.get_by_role("link", name="et", exact=True).click()
    expect(page.get_by_role("heading", name="Viis küsimust")).to_be_visible()
    page.go_back()
    page.go_back()
    page.get_by_role("button", name="Start contact").click()
    page.get_by_role("button", name="Wait for the customer").click()
    page.get_by_text("Resolve", exact=True).first.click()
    page.get_by_label("Outcome").select_option("solved")
    page.get_by_label("Why did it happen?").fill("The courier had no key")
    page.get_by_label("Unknown, because").fill("Nobody knows")
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_role("alert")).to_contain_text("not both")
    expect(page.get_by_label("Why did it happen?")).to_have_value("The courier had no key")
    page.get_by_label("Unknown, because").fill("")
    page.get_by_label("Outcome").select_option("solved")
    page.get_by_role("button", name="Resolve").click()
    expect(page.locator(".moving")).to_contain_text("The courier had no key")
    page.get_by_role("button", name="It worked").click()
    expect(page.locator(".case-title")).to_contain_text("verified")
    if not script:
        site.complaints.clear()  # the browser itself notes that a refused form is a 409
    else:
        assert all("409" in one for one in site.complaints)
        site.complaints.clear()


def test_keys_go_through_the_queue_and_work_a_case(chromium: Browser, site: Site) -> None:
    page = open_page(chromium, site)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    names = page.locator(".queue .name")
    for key, at in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(names.nth(at)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/**")
    page.keyboard.press("a")
    expect(page.get_by_text("is yours")).to_be_visible()
    page.keyboard.press("e")
    expect(page.get_by_label("Message")).to_be_focused()
    page.keyboard.type("ra")  # while typing, keys are letters
    expect(page.get_by_text("is yours")).to_be_visible()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("c")
    expect(page.locator(".case-title")).to_contain_text("being contacted")
    page.keyboard.press("r")
    expect(page.get_by_label("Outcome")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1280", "390"])
def test_pages_of_the_small_loop_keep_the_rules_of_access(
    chromium: Browser, site: Site, size: dict[str, int], scheme: str
) -> None:
    page = open_page(chromium, site, size=size)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    case = page.locator(".queue .name").first.get_attribute("href")
    found = {}
    for path in (
        "/queue",
        "/queue?q=balík&by=meaning&sort=nearest",
        "/queue/buckets?bucket=praise",
        f"{case}",
        f"{case}/brief",
        "/rules/weights",
        "/rules/clock",
        "/team",
        "/notices/digest",
        "/notices/digest?kind=weekly",
        "/themes",
    ):
        page.goto(f"{site.address}{path}")
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": _RULES}})
        wrong = [
            (one["id"], [node["html"][:120] for node in one["nodes"][:3]])
            for one in results.response["violations"]
        ]
        if wrong:
            found[path] = wrong
    assert found == {}, json.dumps(found, indent=1)
