"""Many cases at once, new ones coming in, and one case whole on a small screen."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from pipelines.contracts import Answer, Person
from pipelines.reception import Keyed
from pipelines.segments import NPS
from tests.e2e.site import IN_A_BROWSER, PHONE, Site, open_page

pytestmark = IN_A_BROWSER
SMALL = {"width": 1280, "height": 800}
ANGRY = "The parcel never came and nobody answers. I am taking this to my solicitor."
MILD = "The parcel came in time, but the box was a little dirty."


def write(
    site: Site, *numbers: int, text: str = ANGRY, name: str = "Nora New", score: int = 0
) -> None:
    keyed = []
    for number in numbers:
        person = Person(f"new-{number}", name, phone="+48 600 000 001")
        now = datetime.now(UTC)
        answer = Answer(text, score, NPS, "delivery", now, f"new-{number}", "en", person)
        keyed.append(Keyed(f"id:new-{number}", answer))
    site.odzew.take_in(site.workspace, keyed)


def come_back(page: Page) -> None:
    """As a browser tells a page that somebody looks at it again."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_many_cases_are_given_closed_and_put_back(
    chromium: Browser, site: Site, script: bool
) -> None:
    page = open_page(chromium, site, script=script)
    names = page.locator(".queue .name").all_inner_texts()
    for at in (0, 1):
        page.get_by_role("checkbox", name=f"Choose {names[at]}").check()
    page.get_by_label("Give the chosen to").select_option("Ewa")
    page.get_by_role("button", name="Give", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("2 cases were given to Ewa.")
    page.get_by_role("checkbox", name=f"Choose {names[0]}").check()
    page.get_by_label("Close the chosen because").fill("Sent twice")
    page.get_by_role("button", name="Close without contact").click()
    expect(page.get_by_role("status")).to_contain_text("1 case was closed: Sent twice")
    assert names[0] not in page.locator(".queue .name").all_inner_texts()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("1 case was put back.")
    assert names[0] in page.locator(".queue .name").all_inner_texts()


def test_keys_choose_give_and_undo(chromium: Browser, site: Site) -> None:
    page = open_page(chromium, site)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator(".queue :checked").count() == 2
    expect(page.locator("#bulk")).to_be_in_viewport()
    page.keyboard.press("a")
    expect(page.get_by_label("Give the chosen to")).to_be_focused()
    page.get_by_label("Give the chosen to").select_option("Ewa")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("2 cases were given")
    page.keyboard.press("u")
    expect(page.get_by_role("status")).to_contain_text("2 cases were put back")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_url("**/cases/**#e")
    expect(page.get_by_label("Message")).to_be_focused()


def test_the_key_that_gives_chooses_the_case_in_use_where_none_is_chosen(
    chromium: Browser, site: Site
) -> None:
    page = open_page(chromium, site)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.get_by_label("Give the chosen to")).to_be_focused()
    expect(page.locator(".queue [name=case]").nth(1)).to_be_checked()
    assert page.locator(".queue :checked").count() == 1


def test_new_cases_come_in_and_nobody_loses_the_place(chromium: Browser, site: Site) -> None:
    page = open_page(chromium, site)
    names = page.locator(".queue .name")
    before = names.all_inner_texts()
    names.nth(4).focus()
    page.get_by_role("checkbox", name=f"Choose {before[4]}").check()
    names.nth(4).focus()
    place = names.nth(4).bounding_box()
    assert place is not None
    come_back(page)
    expect(page.locator("#fresh")).to_be_hidden()
    write(site, *range(3))
    come_back(page)
    bar = page.locator("#fresh")
    expect(bar).to_contain_text("New in this view: 3")
    assert names.all_inner_texts() == before, "nothing moves by itself"
    expect(names.nth(4)).to_be_focused()
    page.evaluate("document.querySelector('#fresh button').click()")  # as a mouse may, unfocused
    expect(bar).to_be_hidden()
    after = names.all_inner_texts()
    assert len(after) == len(before) + 3
    assert [name for name in after if name != "Nora New"] == before
    at = after.index(before[4])
    expect(names.nth(at)).to_be_focused()
    expect(page.get_by_role("checkbox", name=f"Choose {before[4]}")).to_be_checked()
    moved = names.nth(at).bounding_box()
    assert moved is not None
    assert moved["y"] == pytest.approx(place["y"], abs=2)
    come_back(page)
    expect(bar).to_be_hidden()
    page.reload()
    assert page.locator(".queue .name").all_inner_texts() == after, "each came in at its place"


def test_a_new_case_on_another_page_is_told_and_led_to(chromium: Browser, site: Site) -> None:
    write(site, *range(30))
    page = open_page(chromium, site)
    bar = page.locator("#fresh")
    assert page.locator(".queue .card").count() == 30
    write(site, 99, text=MILD, name="Wiola Further", score=8)
    for _ in range(2):
        come_back(page)
        expect(bar).to_contain_text("New in this view: 1")
    expect(page.get_by_role("button", name="Bring them in")).to_be_hidden()
    assert "Wiola Further" not in page.locator(".queue").inner_text()
    write(site, 100, name="Nina Here")
    come_back(page)
    expect(bar).to_contain_text("New in this view: 2")
    page.get_by_role("button", name="Bring them in").click()
    expect(page.locator(".queue")).to_contain_text("Nina Here")
    come_back(page)
    page.wait_for_timeout(300)
    expect(bar).to_be_hidden()
    write(site, 101, text=MILD, name="Wiktor Further", score=8)
    come_back(page)
    page.get_by_role("link", name="Show the newest first").click()
    expect(page.locator(".queue .name").first).to_have_text("Wiktor Further")


def test_who_comes_back_while_the_page_is_being_fetched_is_told_of_what_came_since(
    chromium: Browser, site: Site
) -> None:
    write(site, 1)
    page = open_page(chromium, site)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/queue?since=*", hold, times=1)
    come_back(page)
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(50)
    (first,) = held
    stale = first.fetch()  # as the queue was before the case came in
    write(site, 2, name="Nina Since")
    come_back(page)
    first.fulfill(response=stale)
    expect(page.locator("#fresh")).to_contain_text("New in this view: 1")


def test_a_new_case_that_does_not_fit_the_filters_is_not_told(
    chromium: Browser, site: Site
) -> None:
    page = open_page(chromium, site)
    page.goto(f"{site.address}/queue?language=cs")
    write(site, 1)
    with page.expect_response("**/queue?language=cs&since=*"):
        come_back(page)
    page.wait_for_timeout(100)
    expect(page.locator("#fresh")).to_be_hidden()


def test_a_case_is_whole_on_a_small_screen(chromium: Browser, site: Site) -> None:
    write(site, 1, text=" ".join([ANGRY] * 25), name="Lena Long")
    page = open_page(chromium, site, size=SMALL)
    page.get_by_text("Lena Long").click()
    expect(page.get_by_role("heading", name="Lena Long", level=1)).to_be_visible()
    assert page.evaluate("scrollY") == 0
    for what in (
        page.locator(".case-title .level"),
        page.locator(".case-title .due"),
        page.get_by_role("link", name="Call brief"),
        page.get_by_role("region", name="Comment"),
        page.get_by_role("region", name="Why P"),
        page.get_by_role("region", name="Customer"),
        page.get_by_role("link", name="+48 600 000 001"),
        page.get_by_text("best around"),
        page.get_by_role("region", name="This case"),
        page.get_by_role("button", name="Take it", exact=True),
        page.get_by_role("button", name="Start contact"),
        page.get_by_text("Close without contact").first,
    ):
        box = what.bounding_box()
        assert box is not None
        assert box["y"] >= 0, what
        assert box["y"] + box["height"] <= SMALL["height"], what
    comment = page.get_by_role("region", name="Comment")
    assert comment.evaluate("one => one.scrollHeight > one.clientHeight")
    comment.focus()
    page.keyboard.press("End")
    for _ in range(50):
        if comment.evaluate("one => one.scrollTop") > 0:
            break
        page.wait_for_timeout(100)
    assert comment.evaluate("one => one.scrollTop") > 0
    assert page.evaluate("scrollY") == 0


def test_what_is_cut_in_a_panel_of_a_case_is_hinted_at(chromium: Browser, site: Site) -> None:
    write(site, 1, text=" ".join([ANGRY] * 25), name="Lena Long")
    page = open_page(chromium, site, size=SMALL)
    page.get_by_text("Lena Long").click()
    comment = page.get_by_role("region", name="Comment")
    assert comment.evaluate("one => one.scrollHeight > one.clientHeight")
    layers = comment.evaluate("one => getComputedStyle(one).backgroundAttachment").split(", ")
    assert layers[:4] == ["local", "local", "scroll", "scroll"], "shades lie still, covers move"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_on_a_phone_the_queue_is_seen_before_its_filters(
    chromium: Browser, site: Site, script: bool
) -> None:
    page = open_page(chromium, site, size=PHONE, script=script)
    expect(page.locator(".queue .card").first).to_be_in_viewport(ratio=0.9)
    expect(page.get_by_label("Owner")).to_be_hidden()
    page.get_by_text("Filters and search").click()
    page.get_by_label("Segment").select_option("detractor")
    page.get_by_label("Language").select_option("cs")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**segment=detractor**")
    expect(page.locator(".fold summary")).to_have_text(
        re.compile(r"Filters and search\s+detractor\s+Czech")
    )
    expect(page.get_by_label("Owner")).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.get_by_label("Owner")).to_be_visible()
    expect(page.locator(".fold summary")).to_be_hidden()


def test_on_a_phone_what_is_chosen_can_be_given_at_once(chromium: Browser, site: Site) -> None:
    page = open_page(chromium, site, size=PHONE)
    expect(page.locator("#bulk")).not_to_be_in_viewport()
    page.locator(".queue [name=case]").first.check()
    give = page.get_by_role("button", name="Give", exact=True)
    expect(give).to_be_in_viewport(ratio=1)
    page.get_by_label("Give the chosen to").select_option("Ewa")
    give.click()
    expect(page.get_by_role("status")).to_contain_text("1 case was given to Ewa.")


def test_on_a_phone_the_figures_of_the_team_are_all_seen(chromium: Browser, site: Site) -> None:
    page = open_page(chromium, site, size=PHONE)
    page.goto(f"{site.address}/team")
    for cell in page.locator("tbody tr").first.locator("th, td").all():
        box = cell.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE["width"]


def test_similar_cases_tell_how_they_were_resolved(chromium: Browser, site: Site) -> None:
    write(site, 1, name="Rita Resolved")
    write(site, 2, name="Nora New")
    page = open_page(chromium, site)
    page.get_by_text("Rita Resolved").click()
    page.get_by_role("button", name="Start contact").click()
    page.get_by_text("Resolve", exact=True).first.click()
    page.get_by_label("Outcome").select_option("solved")
    page.get_by_label("Why did it happen?").fill("The courier had no key")
    page.get_by_role("button", name="Resolve").click()
    page.goto(f"{site.address}/queue")
    page.get_by_text("Nora New").click()
    first = page.get_by_role("region", name="Similar cases").get_by_role("listitem").first
    expect(first).to_contain_text("solved · The courier had no key")


def test_an_answer_is_taken_out_of_its_bucket(chromium: Browser, site: Site) -> None:
    page = open_page(chromium, site, size=PHONE, script=False)
    page.get_by_role("link", name="Outside the queue").click()
    page.get_by_role("link", name="Praise").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    if page.get_by_role("button", name="Move to the queue").count():
        page.get_by_role("button", name="Move to the queue").first.click()
        expect(page.locator(".history")).to_contain_text("from those that only praise")
