from __future__ import annotations

import pytest
from starlette.testclient import TestClient

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


def test_the_brief_speaks_the_callers_language_and_keeps_the_customers(
    signed_in: TestClient, case: str
) -> None:
    page = signed_in.get(f"/cases/{case}/brief?language=et").text
    assert "Viis küsimust" in page
    assert '<p class="comment" lang="cs">' in page
    assert signed_in.get(f"/cases/{case}/brief?language=xx").status_code == 422
    assert signed_in.get("/cases/cas_none/brief").status_code == 404
