"""Queue and case in a real browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from service.storage.case_tables import CaseRow
from service.storage.draft_tables import DecisionRow, DraftRow
from tests.e2e.site import DESK, IN_A_BROWSER, PHONE, Site, open_page

pytestmark = IN_A_BROWSER


def names(page: Page) -> list[str]:
    return page.locator(".queue .name").all_inner_texts()


@pytest.fixture
def alone(site: Site) -> Site:
    """A site whose cases one person can approve."""
    site.odzew.settings = site.odzew.settings.model_copy(update={"two_approvers": False})
    return site


def test_a_person_edits_approves_and_sends_the_top_draft_and_it_leaves_the_queue(
    chromium: Browser, alone: Site
) -> None:
    site = alone
    page = open_page(chromium, site)
    before = names(page)
    assert len(before) >= 5
    page.locator(".queue .name").first.click()
    expect(page.get_by_role("heading", name=before[0], level=1)).to_be_visible()
    expect(page.locator("mark.negative").first).to_be_visible()
    expect(page.get_by_role("heading", name="Why P")).to_be_visible()
    message = page.get_by_label("Message")
    typed = message.input_value() + "\n\nPS. Zadzwonimy."
    message.fill(typed)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".letter").first).to_contain_text("PS. Zadzwonimy.")
    page.get_by_role("button", name="I sent it by hand").click()
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
    page.locator("select[name=language]").select_option("cs")
    if not script:
        page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/queue?**language=cs**")
    expect(page.get_by_text("Jana Dvořáková")).to_be_visible()
    expect(page.get_by_text("Anna Wójcik")).to_be_hidden()
    page.get_by_label("Sort").select_option("respond_by")
    if not script:
        page.get_by_role("button", name="Show").click()
    page.wait_for_url("**sort=respond_by**")
    expect(page.locator("select[name=language]")).to_have_value("cs")
    page.get_by_role("link", name="Reset").click()
    expect(page.get_by_text("Anna Wójcik")).to_be_visible()


def test_the_whole_way_works_without_script(chromium: Browser, alone: Site) -> None:
    site = alone
    page = open_page(chromium, site, script=False)
    before = names(page)
    page.locator(".queue .name").first.click()
    page.get_by_text("Reject this draft").click()
    page.get_by_label("Reason").fill("Wrong tone")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("Rejected by Ewa: “Wrong tone”")).to_be_visible()
    page.get_by_label("Subject").fill("Pańska przesyłka")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved by Ewa.")).to_be_visible()
    page.get_by_text("Close without contact").first.click()
    page.get_by_label("Why close").fill("Wrong number")
    page.get_by_role("button", name="Close without contact").click()
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
    for path in ("/queue", case, "/queue?state=closed"):
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
