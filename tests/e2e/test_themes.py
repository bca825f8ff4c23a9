"""The theme pages in a real browser: tree, map with its lasso, edits, and the phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from models.contracts import LANGUAGES
from models.labels import phrases
from service.refits import Refit
from tests.e2e.site import DESK, IN_A_BROWSER, PHONE, Site, open_page
from tests.service.themed import APP, DELIVERY, put_two_themes

pytestmark = IN_A_BROWSER


@pytest.fixture
def themed(site: Site) -> Site:
    """The site with two themes, and the dictionaries that names need, which take seconds."""
    put_two_themes(site.odzew, site.workspace)
    for language in LANGUAGES:
        phrases("parcel", language)
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


def ranges(page: Page) -> list[float]:
    """What the map shows from left to right."""
    return list(page.evaluate("document.querySelector('#map')._fullLayout.xaxis.range"))


def changed(page: Page, before: list[float]) -> None:
    """Wait until the map shows something else."""
    page.wait_for_function(
        "(left) => document.querySelector('#map')._fullLayout.xaxis.range[0] !== left",
        arg=before[0],
    )
    page.wait_for_timeout(200)


def place_of_a_point(page: Page) -> tuple[float, float]:
    """Where in the window the first excerpt of the theme at the top of the legend is."""
    found = page.evaluate(
        """() => {
          const room = document.querySelector("#map");
          const { left, top } = room.getBoundingClientRect(), { xaxis, yaxis } = room._fullLayout;
          const lot = room.data.findLast((one) => one.customdata);
          return [left + xaxis.l2p(lot.x[0]), top + yaxis.l2p(lot.y[0])];
        }"""
    )
    return float(found[0]), float(found[1])


def swipe(page: Page, *ways: tuple[float, float]) -> None:
    """Move fingers over the map: a start and an end for each, from its middle."""
    page.locator("#map").scroll_into_view_if_needed()
    box = page.locator("#map").bounding_box()
    assert box is not None
    top, bottom = max(box["y"], 0), min(box["y"] + box["height"], PHONE["height"])
    middle = box["x"] + box["width"] / 2, (top + bottom) / 2
    driver = page.context.new_cdp_session(page)
    pairs = list(zip(ways[::2], ways[1::2], strict=True))
    for step in range(9):
        points = [
            {
                "x": middle[0] + start[0] + (end[0] - start[0]) * step / 8,
                "y": middle[1] + start[1] + (end[1] - start[1]) * step / 8,
                "id": finger,
            }
            for finger, (start, end) in enumerate(pairs)
        ]
        kind = "touchMove" if step else "touchStart"
        driver.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(30)
    driver.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(300)


def test_excerpts_chosen_on_the_map_become_a_theme(chromium: Browser, themed: Site) -> None:
    page = open_page(chromium, themed)
    open_map(page, themed)
    page.get_by_label("Highlight").select_option(DELIVERY.id)
    before = ranges(page)
    page.get_by_role("button", name="Select").click()
    drag_round(page)
    assert ranges(page) == before
    chosen = page.locator("#chosen")
    expect(chosen.get_by_role("heading")).to_contain_text("Chosen excerpts")
    expect(chosen.locator("q").first).to_be_visible()
    chosen.get_by_label("Name of a new theme").fill("Lost and found")
    chosen.get_by_role("button", name="Make a theme").click()
    expect(page.get_by_role("heading", name="What this would do")).to_be_visible()
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("heading", name="Lost and found", level=1)).to_be_visible()


def test_excerpts_of_many_themes_are_made_a_theme_or_forgotten(
    chromium: Browser, themed: Site
) -> None:
    page = open_page(chromium, themed)
    open_map(page, themed)
    page.get_by_role("button", name="Select").click()
    drag_round(page)
    chosen = page.locator("#chosen")
    expect(chosen.get_by_role("button", name="Make a theme")).to_be_visible()
    listed = chosen.locator("li").count()
    chosen.get_by_role("button", name="more of").click()
    expect(chosen.locator("li")).not_to_have_count(listed)
    chosen.get_by_role("button", name="Clear").click()
    expect(chosen).to_contain_text("draw a line round")


def test_a_mouse_moves_the_map_and_keys_and_buttons_do_too(chromium: Browser, themed: Site) -> None:
    page = open_page(chromium, themed)
    open_map(page, themed)
    home = ranges(page)
    drag_round(page)
    page.mouse.move(1, 1)
    expect(page.locator("#chosen")).to_contain_text("draw a line round")
    page.get_by_role("button", name="Zoom in").click()
    changed(page, home)
    near = ranges(page)
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")
    changed(page, near)
    page.keyboard.press("0")
    page.wait_for_function(
        "(home) => document.querySelector('#map')._fullLayout.xaxis.range[0] === home", arg=home[0]
    )


def test_a_point_tells_its_words_and_theme(chromium: Browser, themed: Site) -> None:
    page = open_page(chromium, themed)
    open_map(page, themed)
    card = page.locator("#card")
    page.mouse.move(*place_of_a_point(page))
    expect(card.locator("q")).to_be_visible()
    expect(card.locator("a.theme, .chip")).to_be_visible()
    expect(card.get_by_role("button", name="Close")).to_have_count(0)
    page.mouse.click(*place_of_a_point(page))
    expect(card.get_by_role("button", name="Close")).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_the_legend_highlights_and_follows_the_colours(chromium: Browser, themed: Site) -> None:
    page = open_page(chromium, themed)
    open_map(page, themed)
    entry = page.locator(f'.legend button[data-key="{DELIVERY.id}"]')
    entry.click()
    expect(entry).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#map-count")).to_contain_text("highlighted")
    expect(page.get_by_label("Highlight")).to_have_value(DELIVERY.id)
    entry.click()
    expect(page.locator("#map-count")).to_contain_text("one point each")
    for by, line in (("mood", "negative"), ("language", "Polish")):
        page.get_by_label("Colour by").select_option(by)
        expect(page.locator(".legend").get_by_role("button", name=line)).to_be_visible()
        expect(entry).to_be_hidden()
    page.get_by_label("Colour by").select_option("theme")
    page.get_by_role("link", name=f"Open the theme {DELIVERY.label}").click()
    expect(page.get_by_role("heading", name=DELIVERY.label, level=1)).to_be_visible()


def test_on_a_phone_a_swipe_scrolls_a_pinch_zooms_and_then_a_swipe_moves(
    chromium: Browser, themed: Site
) -> None:
    page = open_page(chromium, themed, size=PHONE, touch=True)
    open_map(page, themed)
    home = ranges(page)
    swipe(page, (0, 0), (0, -120))
    page.wait_for_function("scrollY > 40")
    assert ranges(page) == home
    swipe(page, (-30, 0), (-80, 0), (30, 0), (80, 0))
    changed(page, home)
    near, scrolled = ranges(page), page.evaluate("scrollY")
    swipe(page, (0, 0), (60, -40))
    changed(page, near)
    assert page.evaluate("scrollY") == scrolled
    assert ranges(page)[1] - ranges(page)[0] == pytest.approx(near[1] - near[0])
    expect(page.locator("#chosen")).to_contain_text("draw a line round")


def test_a_search_by_meaning_marks_points_and_shows_them(chromium: Browser, themed: Site) -> None:
    page = open_page(chromium, themed)
    open_map(page, themed)
    page.get_by_label("Search by meaning").fill("the parcel never came")
    page.get_by_role("button", name="Search").click()
    chosen = page.locator("#chosen")
    expect(chosen.get_by_role("heading")).to_contain_text("Nearest in meaning")
    expect(chosen.locator("q").first).to_be_visible()
    expect(page.locator("#map-count")).to_contain_text("found")
    page.reload()
    expect(page.locator("#map[data-ready]")).to_be_visible(timeout=30_000)
    expect(chosen.locator("q").first).to_be_visible()
    chosen.locator("a.theme").first.focus()
    expect(page.locator("#ring")).to_be_visible()
    page.get_by_label("Search by meaning").fill("")
    page.get_by_role("button", name="Search").click()
    expect(chosen).to_contain_text("Nothing to search for")
    expect(page.locator("#map-count")).to_contain_text("one point each")


def test_without_script_the_map_searches_and_lists_themes(chromium: Browser, themed: Site) -> None:
    page = open_page(chromium, themed, script=False)
    page.goto(f"{themed.address}/themes/map")
    expect(page.get_by_text("The picture needs JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Select")).to_be_hidden()
    expect(page.get_by_label("Colour by")).to_be_hidden()
    page.get_by_label("Search by meaning").fill("the parcel never came")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#chosen q").first).to_be_visible()
    page.get_by_role("link", name=f"Open the theme {DELIVERY.label}").click()
    expect(page.get_by_role("heading", name=DELIVERY.label, level=1)).to_be_visible()


def test_a_preview_keeps_its_button_in_reach_on_a_phone(chromium: Browser, themed: Site) -> None:
    page = open_page(chromium, themed, size=PHONE)
    page.goto(f"{themed.address}/themes/{APP.id}")
    page.get_by_role("button", name="Not a theme").click()
    expect(page.get_by_role("button", name="Do it")).to_be_in_viewport()


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
    page.locator("select[name=theme]").select_option(APP.id)
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


def test_on_a_phone_the_tree_gives_quotes_the_width_and_the_map_speaks_of_fingers(
    chromium: Browser, themed: Site
) -> None:
    page = open_page(chromium, themed, size=PHONE)
    page.goto(f"{themed.address}/themes")
    box = page.locator(".tree q").first.bounding_box()
    assert box is not None
    assert box["width"] > 0.75 * PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    open_map(page, themed)
    expect(page.get_by_text("Tap a point to read it")).to_be_visible()
    expect(page.get_by_text("scroll to zoom")).to_be_hidden()
