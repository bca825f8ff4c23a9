"""The pages in each language, in a real browser: chosen in the header, at a desk and on a phone."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.e2e.site import DESK, IN_A_BROWSER, PHONE, Site, open_page
from tests.service.themed import put_two_themes

pytestmark = IN_A_BROWSER

SAID = {
    "pl": {
        "/queue": ["do odpowiedzi", "krytyk", "odpowiedzieć do", "w skali 0–10"],
        "case": ["Dlaczego P", "Najgorszy fragment: „", "Szkic odpowiedzi", "Zacznij kontakt"],
        "/team": ["sprawy otwarte w ostatnich 90 dniach", "Nikt"],
        "theme": ["Spójność", "Wymieniane razem z", "Przypnij frazę…", "fragment"],
    },
    "cs": {
        "/queue": ["k zodpovězení", "kritik", "odpovědět nejpozději", "na škále 0–10"],
        "case": ["Proč P", "Nejhorší úryvek: „", "Koncept odpovědi", "Zahájit kontakt"],
        "/team": ["případy otevřené v posledních 90 dnech", "Nikdo"],
        "theme": ["Soudržnost", "Zmiňováno spolu s", "Připnout frázi…", "úryv"],
    },
    "et": {
        "/queue": ["ootab vastust", "kriitik", "vastata hiljemalt", "skaalal 0–10"],
        "case": ["Miks P", "Halvim katkend: „", "Vastuse mustand", "Alusta suhtlust"],
        "/team": ["viimase 90 päeva jooksul avatud juhtumid", "Mitte keegi"],
        "theme": ["Sidusus", "Mainitakse koos", "Kinnita väljend…", "katkend"],
    },
}
NAMES = {"pl": "Polski", "cs": "Čeština", "et": "Eesti"}
DATES = {
    "pl": r"\b(pon|wt|śr|czw|pt|sob|niedz)\., \d+ \w+",
    "cs": r"\b(po|út|st|čt|pá|so|ne) \d+\. \d+\.",
    "et": r"\b[ETKNRLP], \d+\. \w+",
}


@pytest.mark.parametrize("code", SAID)
def test_pages_are_in_the_chosen_language(chromium: Browser, site: Site, code: str) -> None:
    theme = put_two_themes(site.odzew, site.workspace).themes[0].id
    page = open_page(chromium, site)
    page.get_by_role("form", name="Read in").get_by_title(NAMES[code]).click()
    page.wait_for_url("**/queue")
    case = page.locator(".queue .name").first.get_attribute("href") or ""
    addresses = {"case": case, "theme": f"/themes/{theme}"}
    for name, sentences in SAID[code].items():
        page.goto(site.address + addresses.get(name, name))
        expect(page.locator("html")).to_have_attribute("lang", code)
        for sentence in sentences:
            expect(page.locator("body")).to_contain_text(sentence)
        for size in (DESK, PHONE):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size["width"], (name, size)
        found = Axe().run(page)
        assert found.violations_count == 0, (name, found.generate_report())
    page.goto(f"{site.address}/queue")
    assert re.search(DATES[code], page.locator(".due").first.inner_text())


def test_a_language_is_chosen_without_script_and_leads_back(chromium: Browser, site: Site) -> None:
    page = open_page(chromium, site, script=False)
    page.goto(f"{site.address}/queue?state=all")
    page.get_by_title("Eesti").click()
    page.wait_for_url("**/queue?state=all")
    expect(page.get_by_role("heading", name="Järjekord", level=1)).to_be_visible()
    expect(page.get_by_title("Eesti")).to_have_attribute("aria-current", "true")
