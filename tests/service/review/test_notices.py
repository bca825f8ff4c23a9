from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from sqlalchemy import delete, select
from starlette.testclient import TestClient

from pipelines.notices.choices import Choices, Quiet
from service.notices.spreading import spread
from service.notices.stopping import Stop, StopLinks
from service.storage.notice_tables import DeliveryRow, NoticeRow, OccasionRow
from service.storage.notices import NoticeRepository
from service.storage.outbox import Outbox
from service.wiring import Odzew
from tests.conftest import sign_in

GRAVE = {
    "text": "Ładowarka zaczęła się palić i poparzyła dziecko, numer 601 234 567, dzwonię trzeci "
    "raz i oddaję sprawę do sądu.",
    "score": 0,
    "attributes": {"shop": "Gdynia"},
    "respondent": {"id": "r-1", "name": "Marta Wilk"},
}


@pytest.fixture
def told(odzew: Odzew, workspace: str, client: TestClient, signed_in: TestClient) -> TestClient:
    """A browser of Ewa, who was told of a new P1 and of one that is no longer here."""
    assert client.post("/v1/feedback", json=GRAVE).status_code == 201
    now = datetime.now(UTC)
    spread(odzew, workspace, now)
    with odzew.database.transaction() as session:
        NoticeRepository(session, workspace).add(
            *("Ewa", "breached", "cas_gone 1"), at=now, is_shown=True, case_id="cas_gone"
        )
    return signed_in


@pytest.mark.parametrize(
    ("kind", "count", "title", "where"),
    [
        ("daily", 1, "Your day", "/notices/digest?kind=daily"),
        ("weekly", 1, "Your week", "/notices/digest?kind=weekly"),
        ("breached", 12, "Cases past their time: 12", "/queue?state=all&only=late"),
        ("new_p1", 7, "New P1 cases: 7", "/queue?priority=P1&sort=newest"),
        ("assigned", 8, "Cases given to you: 8", "/queue?owner=Ewa&sort=newest"),
        ("spike", 7, "Themes on the rise: 7", "/themes"),
    ],
)
def test_digests_and_many_at_once_are_listed_and_lead_to_what_they_tell_of(
    signed_in: TestClient,
    odzew: Odzew,
    workspace: str,
    kind: Any,
    count: int,
    title: str,
    where: str,
) -> None:
    with odzew.database.transaction() as session:
        notice = NoticeRepository(session, workspace).add(
            *("Ewa", kind, "k"), at=datetime.now(UTC), is_shown=True, count=count
        )
    assert f">{title}</a>" in signed_in.get("/notices").text
    answer = signed_in.get(f"/notices/{notice.id}", follow_redirects=False)
    assert answer.headers["location"] == where


def bell(page: str) -> str:
    found = re.search(r'class="bell"[^>]*aria-label="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_the_bell_counts_on_every_page_what_is_not_read(told: TestClient) -> None:
    for address in ("/queue", "/themes", "/team", "/notices"):
        assert bell(told.get(address).text) == "Notices: 2 not read yet"
    told.post("/notices/read")
    assert bell(told.get("/queue").text) == "Notices: 0 not read yet"


def test_the_page_lists_what_was_told_with_masked_words(told: TestClient) -> None:
    page = unescape(told.get("/notices").text)
    assert ">New P1: Marta Wilk</a>" in page
    assert "601 234" not in page
    assert "What this was about is no longer here." in page
    assert "Nowa sprawa P1" in told.get("/notices", headers={"Accept-Language": "pl"}).text


def test_opening_a_notice_leads_to_the_case_and_reads_it(
    told: TestClient, odzew: Odzew, workspace: str
) -> None:
    with odzew.database.snapshot() as session:
        notice = session.scalars(select(NoticeRow).where(NoticeRow.kind == "new_p1")).one()
    answer = told.get(f"/notices/{notice.id}", follow_redirects=False)
    assert answer.headers["location"] == f"/cases/{notice.case_id}"
    assert bell(told.get("/queue").text) == "Notices: 1 not read yet"
    assert told.get("/notices/ntc_none").status_code == 404
    told.get(sign_in(odzew, workspace, "Jan"))
    assert told.get(f"/notices/{notice.id}").status_code == 404, "it is somebody else's"


def test_choices_are_kept_and_shown_again(
    signed_in: TestClient, odzew: Odzew, workspace: str
) -> None:
    assert "ODZEW_SMTP_URL" in signed_in.get("/notices/settings").text
    form: dict[str, Any] = {
        "app": ["new_p1", "daily"],
        "mail": ["new_p1"],
        "quiet_start": "21:15",
        "quiet_end": "06:30",
        "p1_always": "true",
        "digest_hour": "7",
        "language": "et",
    }
    page = signed_in.post("/notices/settings", data=form)
    assert page.status_code == 200
    assert "Saved." in page.text
    assert 'value="21:15"' in page.text
    with odzew.database.snapshot() as session:
        choices = NoticeRepository(session, workspace).choices()["Ewa"]
    assert choices.wants("new_p1", "mail")
    assert not choices.wants("spike", "app")
    assert (choices.language, choices.digest_hour) == ("et", 7)
    assert choices.quiet == Quiet(
        choices.quiet.start, choices.quiet.end, on_days_off=False, p1_always=True
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "fi"},
        {"quiet_start": "25:00"},
        {"digest_hour": "24"},
        {"mail": ["gossip"]},
        {"quiet_end": ""},
    ],
)
def test_choices_that_cannot_be_kept_are_refused(
    signed_in: TestClient, odzew: Odzew, workspace: str, wrong: dict[str, Any]
) -> None:
    form = {"quiet_start": "21:00", "quiet_end": "06:00", "digest_hour": "7", "language": "et"}
    assert signed_in.post("/notices/settings", data=form | wrong).status_code == 422
    with odzew.database.snapshot() as session:
        assert NoticeRepository(session, workspace).choices() == {}


def test_quiet_hours_of_no_length_are_told_to_be_none(signed_in: TestClient) -> None:
    form = {"quiet_start": "07:00", "quiet_end": "07:00", "digest_hour": "7", "language": "et"}
    page = signed_in.post("/notices/settings", data=form).text
    assert "There are no quiet hours: they begin and end at 07:00." in page
    page = signed_in.post("/notices/settings", data=form | {"quiet_end": "07:01"}).text
    assert "There are no quiet hours" not in page
    assert "The same time in both stands for no quiet hours." in page


def test_a_form_that_does_not_fit_is_told_in_the_readers_language(signed_in: TestClient) -> None:
    form = {"quiet_start": "25:00", "quiet_end": "07:00", "digest_hour": "7", "language": "et"}
    for code, said in (
        ("pl", "podaj godzinę, na przykład 07:00"),
        ("cs", "zadejte čas, například 07:00"),
        ("et", "sisestage kellaaeg, näiteks 07:00"),
    ):
        page = signed_in.post("/notices/settings", data=form, headers={"Accept-Language": code})
        assert page.status_code == 422
        assert f"quiet_start: {said}" in page.text


@pytest.mark.usefixtures("told")
def test_digests_are_shown_as_of_now_by_person_and_place(
    signed_in: TestClient, client: TestClient
) -> None:
    body = {"text": "The app logs me out all the time.", "score": 3, "attributes": {"shop": "Ełk"}}
    client.post("/v1/feedback", json=body)
    page = unescape(signed_in.get("/notices/digest").text)
    assert re.search(r"P1 cases that came in since [^<]+: 1<", page)
    assert "Marta Wilk ·" in page
    assert "601 234" not in page
    week = unescape(signed_in.get("/notices/digest?kind=weekly").text)
    assert "All answers" in week
    assert '<option value="shop=Gdynia">' in week
    place = unescape(signed_in.get("/notices/digest", params={"place": "shop=Ełk"}).text)
    assert "shop: Ełk" in place
    assert signed_in.get("/notices/digest?kind=hourly").status_code == 422


@pytest.mark.parametrize("page", ["", "/settings", "/digest", "/ntc_1"])
def test_pages_ask_who_it_is(browser: TestClient, page: str) -> None:
    assert browser.get(f"/notices{page}").status_code == 401


def link(odzew: Odzew, workspace: str) -> str:
    token = StopLinks(odzew.settings.home).token(Stop(workspace, "Ewa", "daily"))
    return f"/notices/stop?token={token}"


def wants_mail(odzew: Odzew, workspace: str) -> bool:
    with odzew.database.snapshot() as session:
        chosen = NoticeRepository(session, workspace).choices().get("Ewa", Choices())
    return chosen.wants("daily", "mail")


def test_one_click_ends_mail_of_a_kind_without_signing_in(
    browser: TestClient, odzew: Odzew, workspace: str
) -> None:
    address = link(odzew, workspace)
    page = browser.get(address)
    assert page.status_code == 200
    assert "Your day" in page.text
    assert "New P1 case" in page.text, "the other kinds are listed"
    assert wants_mail(odzew, workspace), "to look is not to end"
    page = browser.post(address, data={"action": "stop"})
    assert "You get no more mail of this kind." in page.text
    assert not wants_mail(odzew, workspace)
    with odzew.database.snapshot() as session:
        chosen = NoticeRepository(session, workspace).choices()["Ewa"]
    assert chosen.wants("daily", "app")
    assert chosen.wants("weekly", "mail")
    browser.post(address, data={"action": "resume"})
    assert wants_mail(odzew, workspace)


def test_a_mail_program_ends_it_by_the_post_of_rfc_8058(
    odzew: Odzew, workspace: str, browser: TestClient
) -> None:
    browser.headers.pop("Sec-Fetch-Site")
    answer = browser.post(
        link(odzew, workspace),
        content="List-Unsubscribe=One-Click",
        headers={"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://mail.a"},
    )
    assert answer.status_code == 200
    assert not wants_mail(odzew, workspace)


@pytest.mark.parametrize("token", ["", "a.b", "x" * 5000, "WyJ3c3AiXQ.WyJ3c3AiXQ", "ł.ł"])
def test_a_wrong_link_is_not_found_and_ends_nothing(
    browser: TestClient, odzew: Odzew, workspace: str, token: str
) -> None:
    for answer in (
        browser.get("/notices/stop", params={"token": token}),
        browser.post("/notices/stop", params={"token": token}),
    ):
        assert answer.status_code == 404
        assert "This link is not whole" in answer.text
    assert wants_mail(odzew, workspace)


def test_what_could_not_be_delivered_is_shown_and_can_be_tried_again(
    told: TestClient, odzew: Odzew, workspace: str
) -> None:
    now = datetime.now(UTC)
    with odzew.database.transaction() as session:
        NoticeRepository(session, workspace).add(
            *("Jan", "weekly", "2026-01-05"), at=now, is_shown=True, channel="mail"
        )
        session.flush()
        delivery = session.scalars(select(DeliveryRow)).one()
        Outbox(session).record(delivery.id, "dead", "550 <no> such user", now)
    page = told.get("/notices").text
    assert "550 &lt;no&gt; such user" in page
    told.post(f"/notices/deliveries/{delivery.id}")
    with odzew.database.snapshot() as session:
        again = session.scalars(select(DeliveryRow)).one()
    assert (again.outcome, again.tries, again.ended_at) == (None, 0, None)
    assert told.post(f"/notices/deliveries/{delivery.id}").status_code == 404


def test_an_empty_page_says_what_will_be_there(signed_in: TestClient) -> None:
    assert "Nothing to tell" in signed_in.get("/notices").text


def test_nothing_is_left_that_a_customer_wrote_where_an_occasion_is_kept(
    told: TestClient, odzew: Odzew
) -> None:
    with odzew.database.transaction() as session:
        rows = list(session.scalars(select(OccasionRow)))
        assert rows
        session.execute(delete(OccasionRow))
    for row in rows:
        assert "dzieck" not in " ".join(map(str, vars(row).values()))
