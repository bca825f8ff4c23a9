from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from pipelines.contracts import PipelineError
from pipelines.messages import Told
from service.review import language
from service.review.language import _, listed, ngettext, number, preferred, told
from service.review.names import language_name, named
from service.review.pages import day, due, environment, moment, percent
from service.storage.conflicts import ConflictError

NAMES = {"pl": "Kolejka", "cs": "Fronta", "et": "Järjekord", "en": "Queue"}


@contextmanager
def spoken(code: str) -> Iterator[None]:
    token = language._visit.set(language.Visit(code))
    yield
    language._visit.reset(token)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("pl-PL,pl;q=0.9,en;q=0.8", "pl"),
        ("de-DE,de;q=0.9,cs;q=0.7,en;q=0.3", "cs"),
        ("en;q=0.2, ET;q=0.9", "et"),
        ("de, fr;q=0.5", "en"),
        ("pl;q=0", "en"),
        ("pl;q=high, cs", "cs"),
        ("", "en"),
        ("*", "en"),
    ],
)
def test_the_language_that_a_browser_likes_best_is_taken(header: str, code: str) -> None:
    assert preferred(header) == code


@pytest.mark.parametrize("code", NAMES)
def test_a_page_is_in_the_browsers_language_and_says_so(signed_in: TestClient, code: str) -> None:
    page = signed_in.get("/queue", headers={"Accept-Language": code})
    assert f"<h1>{NAMES[code]}</h1>" in page.text
    assert f'<html lang="{code}">' in page.text
    assert page.headers["Content-Language"] == code
    assert page.headers["Vary"] == "Accept-Language, Cookie"


def test_a_chosen_language_stays_and_leads_back(signed_in: TestClient) -> None:
    page = signed_in.get("/queue?state=all", headers={"Accept-Language": "et"})
    assert 'name="back" value="/queue?state=all"' in page.text
    chosen = signed_in.post(
        "/language", data={"language": "cs", "back": "/queue?state=all"}, follow_redirects=False
    )
    assert (chosen.status_code, chosen.headers["Location"]) == (303, "/queue?state=all")
    assert "SameSite=lax" in chosen.headers["Set-Cookie"]
    assert "<h1>Fronta</h1>" in signed_in.get("/queue", headers={"Accept-Language": "et"}).text


@pytest.mark.parametrize("back", ["https://elsewhere.example", "//elsewhere.example", "/\\x", "x"])
def test_choosing_a_language_leads_to_no_other_host(browser: TestClient, back: str) -> None:
    sent = {"language": "klingon", "back": back}
    chosen = browser.post("/language", data=sent, follow_redirects=False)
    assert chosen.headers["Location"] == "/"
    assert "Set-Cookie" not in chosen.headers


def test_an_error_is_told_in_the_readers_language(browser: TestClient) -> None:
    page = browser.get("/queue", headers={"Accept-Language": "pl"})
    assert page.status_code == 401
    assert "Brak zalogowania" in page.text
    assert '<html lang="pl">' in page.text


def test_machines_are_answered_in_english(client: TestClient) -> None:
    found = client.get("/v1/feedback/none", headers={"Accept-Language": "pl"}).json()
    assert found["title"] == "Not Found"


def test_requests_after_each_other_keep_their_own_language(browser: TestClient) -> None:
    assert 'lang="pl"' in browser.get("/queue", headers={"Accept-Language": "pl"}).text
    assert '<html lang="en">' in browser.get("/queue").text


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", "Mon, 3 Mar 2025, 15:05"),
        ("pl", "pon., 3 mar 2025, 15:05"),
        ("cs", "po 3. 3. 2025, 15:05"),
        ("et", "E, 3. märts 2025, 15:05"),
    ],
)
def test_moments_are_written_as_in_the_language(code: str, written: str) -> None:
    with spoken(code):
        assert moment(datetime(2025, 3, 3, 14, 5, tzinfo=UTC), ZoneInfo("Europe/Warsaw")) == written


def test_days_numbers_shares_and_lists_are_written_as_in_the_language() -> None:
    with spoken("cs"):
        assert day(date(2025, 3, 3)) == "3. 3. 2025"
        assert number(12345.5) == "12\xa0345,5"
        assert percent(0.123) == "12\xa0%"
        assert listed(["a", "b", "c"]) == "a, b a\xa0c"
        assert language_name("pl") == "polština"
        assert named("churn_risk", "signal") == "může odejít"
        assert named("unheard_of", "signal") == "unheard_of"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", ["1 excerpt", "2 excerpts", "5 excerpts", "22 excerpts"]),
        ("pl", ["1 fragment", "2 fragmenty", "5 fragmentów", "22 fragmenty"]),
        ("cs", ["1 úryvek", "2 úryvky", "5 úryvků", "22 úryvků"]),
        ("et", ["1 katkend", "2 katkendit", "5 katkendit", "22 katkendit"]),
    ],
)
def test_plurals_are_those_of_the_language(code: str, said: list[str]) -> None:
    with spoken(code):
        assert [ngettext("%(num)s excerpt", "%(num)s excerpts", n) for n in (1, 2, 5, 22)] == said


def test_a_deadline_is_told_in_the_language() -> None:
    now = datetime.now(UTC)
    with spoken("pl"):
        assert due(now + timedelta(hours=5, minutes=1)) == "za 5 godz."
        assert due(now - timedelta(days=3, minutes=1)) == "3 dni po terminie"
    with spoken("et"):
        assert due(now + timedelta(days=3, minutes=1)) == "3 päeva pärast"


def test_a_message_keeps_its_tags_and_escapes_what_it_is_given() -> None:
    template = environment.from_string('{{ _("<b>%(count)s</b> to answer", count=count) }}')
    with spoken("pl"):
        assert template.render(count="<i>") == "<b>&lt;i&gt;</b> do odpowiedzi"
        assert template.render(count=12345) == "<b>12\xa0345</b> do odpowiedzi"
        assert _("in %(span)s", span="2 h") == "za 2 h"


def test_an_error_is_told_with_its_facts_and_an_unmarked_one_as_it_is() -> None:
    known = ConflictError(
        "Refit no. %(number)s was undone, by %(name)s.", number="3", name="Ewa (50%)"
    )
    assert str(known) == "Refit no. 3 was undone, by Ewa (50%)."
    with spoken("pl"):
        assert told(known) == "Wyznaczanie nr 3 cofnięto (Ewa (50%))."
        assert told(ConflictError("Nobody marked 100% of this.")) == "Nobody marked 100% of this."
        long = PipelineError(
            "%(what)s has at most %(most)s characters; this one has %(count)s.",
            what=Told("A note"),
            most=2000,
            count=12345,
        )
        assert told(long) == "Notatka: najwyżej 2\xa0000 znaków, a jest 12\xa0345."
    assert str(long) == "A note has at most 2,000 characters; this one has 12,345."


@pytest.mark.usefixtures("loaded")
def test_machines_are_told_reasons_in_english_and_people_in_their_language(
    client: TestClient, signed_in: TestClient
) -> None:
    case = client.get("/v1/queue", headers={"Accept-Language": "pl"}).json()["items"][0]
    assert all(set(one) == {"code", "points", "text"} for one in case["priority"]["reasons"])
    assert any(one["text"].startswith("Worst part: “") for one in case["priority"]["reasons"])
    page = signed_in.get(f"/cases/{case['id']}", headers={"Accept-Language": "et"}).text
    assert "Halvim katkend: „" in page
    assert "Worst part" not in page
