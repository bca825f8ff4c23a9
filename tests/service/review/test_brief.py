from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from service.storage.answer_tables import ExcerptRow
from service.storage.theme_tables import ThemeRow
from service.wiring import Odzew

OPEN = {
    "text": "Pračka teče a technik pořád nepřišel. Dodnes čekám.",
    "score": 1,
    "respondent": {"id": "cus-9", "name": "Jana Malá", "phone": "+420 601 123 456"},
}


@pytest.fixture
def case(client: TestClient) -> str:
    first = {"text": "Vše v pořádku.", "score": 9, "respondent": "cus-9", "external_id": "first"}
    client.post("/v1/feedback", json=first)
    return str(client.post("/v1/feedback", json=OPEN).json()["case_id"])


def test_the_brief_says_whom_to_call_what_to_ask_and_what_they_said_before(
    signed_in: TestClient, case: str
) -> None:
    page = signed_in.get(f"/cases/{case}/brief").text
    for words in (
        'href="tel:+420601123456"',
        "What are you still waiting for",
        "Do not interrupt.",
        "Yes, by their own words:",
        "Nobody has resolved such a case yet.",
        "Vše v pořádku.",
    ):
        assert words in page
    assert page.count("<li>", page.index("Five questions"), page.index("What not to do")) == 5


def test_the_brief_quotes_whole_parts_for_what_is_still_open(
    odzew: Odzew, workspace: str, client: TestClient, signed_in: TestClient, case: str
) -> None:
    page = signed_in.get(f"/cases/{case}/brief").text
    told = page[page.index("Yes, by their own words:") : page.index("What helped before")]
    with odzew.database.snapshot() as session:
        parts = {one.text for one in session.scalars(select(ExcerptRow))}
    quotes = re.findall("<q[^>]*>([^<]+)</q>", told)
    assert quotes
    assert set(quotes) <= parts
    assert len(quotes) == len(set(quotes))


def test_the_brief_says_what_helped_before_in_cases_of_its_themes(
    odzew: Odzew, workspace: str, client: TestClient, signed_in: TestClient, case: str
) -> None:
    other = {"text": "Pračka zase teče a nikdo nevolá.", "score": 2, "external_id": "other"}
    solved = client.post("/v1/feedback", json=other).json()["case_id"]
    with odzew.database.transaction() as session:
        theme = {"workspace_id": workspace, "id": "thm_1", "label": "Leak", "keywords": {}}
        session.add(ThemeRow(**theme, names={}, created_at=datetime.now(UTC)))
        session.flush()
        session.execute(update(ExcerptRow).values(theme_id="thm_1"))
    ended = {"outcome": "compensated", "causes": ["A worn seal", "Seals are not checked"]}
    for move in ("contact", "resolve"):
        client.post(f"/v1/cases/{solved}/{move}", json={"resolution": ended})
    page = signed_in.get(f"/cases/{case}/brief?language=cs").text
    assert "odškodněno · příčina: Seals are not checked" in page
    assert "Takový případ zatím nikdo nevyřešil." not in page


def test_the_brief_speaks_the_callers_language_and_keeps_the_customers(
    signed_in: TestClient, case: str
) -> None:
    page = signed_in.get(f"/cases/{case}/brief?language=et").text
    assert "Viis küsimust" in page
    assert '<p class="comment" lang="cs">' in page
    assert signed_in.get(f"/cases/{case}/brief?language=xx").status_code == 422
    assert signed_in.get("/cases/cas_none/brief").status_code == 404


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("pl", "wtorek, 25 listopada 2025"),
        ("cs", "úterý 25. listopadu 2025"),
        ("et", "teisipäev, 25. november 2025"),
        ("en", "Tuesday, 25 November 2025"),
    ],
)
def test_the_brief_writes_its_days_as_the_callers_language_does(
    client: TestClient, signed_in: TestClient, language: str, day: str
) -> None:
    when = {"external_id": "dated", "occurred_at": "2025-11-25T12:00:00Z"}
    case = client.post("/v1/feedback", json=OPEN | when).json()["case_id"]
    assert f"{day}, " in signed_in.get(f"/cases/{case}/brief?language={language}").text
