"""The theme pages in a real browser: tree, map with its lasso, edits, and the phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from service.refits import Refit
from tests.e2e.site import DESK, IN_A_BROWSER, PHONE, Site, open_page
from tests.service.themed import APP, DELIVERY, put_two_themes

pytestmark = IN_A_BROWSER


@pytest.fixture
def themed(site: Site) -> Site:
    """The site with two themes."""
    put_two_themes(site.odzew, site.workspace)
    return site


def open_map(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/themes/map")
    expect(page.locator("#map[data-ready]")).to_be_visible(timeout=30_000)


def drag_round(page: Page) -> None:
    """Draw a line round all of the map."""
    box = page.locator("#map .nsewdrag").first.bounding_box()
    assert box is not None
    left, top = box["x"] + 5, box["y"] + 5
    right, bottom = left + box["width"] - 10, top + box["height"] - 10
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top)):
        page.mouse.move(x, y, steps=4)
    page.mouse.up()


def test_excerpts_chosen_on_the_map_become_a_theme(chromium: Browser, themed: Site) -> None:
    page = open_page(chromium, themed)
    open_map(page, themed)
    page.get_by_label("Only").select_option(DELIVERY.id)
    drag_round(page)
    chosen = page.locator("#chosen")
    expect(chosen.get_by_role("heading")).to_contain_text("excerpts chosen")
    expect(chosen.locator("q").first).to_be_visible()
    chosen.get_by_label("Name").fill("Lost and found")
    chosen.get_by_role("button", name="Make a theme").click()
    expect(page.get_by_role("heading", name="What this would do")).to_be_visible()
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("heading", name="Lost and found", level=1)).to_be_visible()


def test_a_search_by_meaning_marks_points_and_shows_them(chromium: Browser, themed: Site) -> None:
    page = open_page(chromium, themed)
    open_map(page, themed)
    page.get_by_label("Search by meaning").fill("the parcel never came")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#chosen").get_by_role("heading")).to_contain_text("nearest to")
    expect(page.locator("#map-count")).to_contain_text("found")
    page.get_by_label("Colour by").select_option("mood")
    page.get_by_label("Only").select_option("none")
    expect(page.locator("#map-count")).to_contain_text("excerpts")


def test_a_merge_is_previewed_made_and_undone_without_script(
    chromium: Browser, themed: Site
) -> None:
    page = open_page(chromium, themed, script=False)
    page.goto(f"{themed.address}/themes/{APP.id}")
    page.get_by_label("Merge into").select_option(DELIVERY.id)
    page.get_by_role("button", name="Merge").click()
    expect(page.get_by_text("would get another theme")).to_be_visible()
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("heading", name=DELIVERY.label, level=1)).to_be_visible()
    page.goto(f"{themed.address}/themes/changes")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone", exact=True)).to_be_visible()
    page.goto(f"{themed.address}/themes")
    expect(page.locator(".tree").get_by_text(APP.label, exact=True)).to_be_visible()


def test_an_excerpt_without_a_theme_is_put_under_one(chromium: Browser, themed: Site) -> None:
    page = open_page(chromium, themed)
    page.goto(f"{themed.address}/themes/{DELIVERY.id}")
    page.get_by_role("button", name="Not a theme").click()
    page.get_by_role("button", name="Do it").click()
    page.goto(f"{themed.address}/themes/none")
    page.locator(".pick input").first.check()
    page.get_by_label("Theme", exact=True).select_option(APP.id)
    page.get_by_role("button", name="Move").click()
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("heading", name="Without a theme", level=1)).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text(f"to “{APP.label}”")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_excerpts_chosen_from_the_list_become_a_theme_and_come_back(
    chromium: Browser, themed: Site, script: bool
) -> None:
    page = open_page(chromium, themed, script=script)
    page.goto(f"{themed.address}/themes/{DELIVERY.id}/excerpts")
    boxes = page.locator(".pick input")
    count = boxes.count()
    for at in range(3):
        boxes.nth(at).check()
    page.get_by_label("Name").fill("Lockers")
    page.get_by_role("button", name="Split off").click()
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("heading", name="Lockers", level=1)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.goto(f"{themed.address}/themes/{DELIVERY.id}/excerpts")
    expect(boxes).to_have_count(count)


def test_all_on_a_page_are_chosen_with_one_box(chromium: Browser, themed: Site) -> None:
    page = open_page(chromium, themed)
    page.goto(f"{themed.address}/themes/{DELIVERY.id}/excerpts")
    page.get_by_label("Choose all on this page").check()
    assert page.locator(".pick input:not(:checked)").count() == 0


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_refit_is_followed_to_its_end(chromium: Browser, themed: Site, script: bool) -> None:
    page = open_page(chromium, themed, script=script)
    with Refit(themed.odzew.settings.home, themed.workspace, "Ola") as refit:
        refit.at(1, excerpts=1_234)
        page.goto(f"{themed.address}/themes/changes")
        page.get_by_role("link", name="See how far it is").click()
        expect(page.get_by_text("Step 2 of 3")).to_contain_text("1,234 excerpts")
        refit.done(1)
        expect(page.get_by_text("Done after")).to_be_visible()
    page.get_by_role("link", name="Read the report").click()
    expect(page.locator("#change-1")).to_be_in_viewport()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1280", "390"])
def test_no_theme_page_scrolls_sideways(
    chromium: Browser, themed: Site, size: dict[str, int]
) -> None:
    page = open_page(chromium, themed, size=size)
    for path in (
        "",
        f"/{DELIVERY.id}",
        f"/{DELIVERY.id}/excerpts",
        "/none",
        "/changes",
        "/refit",
        "/touchpoints",
        "/map",
    ):
        page.goto(f"{themed.address}/themes{path}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], path
