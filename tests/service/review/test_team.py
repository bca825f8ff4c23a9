from __future__ import annotations

import pytest
from starlette.testclient import TestClient


@pytest.mark.usefixtures("loaded")
def test_the_team_page_counts_by_person_theme_and_place(
    client: TestClient, signed_in: TestClient
) -> None:
    case = client.get("/v1/queue").json()["items"][0]["id"]
    signed_in.post(f"/cases/{case}/move", data={"move": "assign", "owner": "Ewa"})
    page = signed_in.get("/team").text
    assert '<a href="/queue?owner=Ewa">Ewa</a>' in page
    assert '<a href="/queue?owner=nobody">Nobody</a>' in page
    body = {"text": "Late again.", "score": 2, "attributes": {"shop & bar": "<Brno>"}}
    client.post("/v1/feedback", json=body)
    page = signed_in.get("/team", params={"by": "shop & bar"}).text
    assert "&lt;Brno&gt;" in page
    assert "By shop &amp; bar" in page
    assert signed_in.get("/team?by=theme").status_code == 200
    unheard = signed_in.get("/team?by=unheard-of", headers={"Accept-Language": "et"})
    assert unheard.status_code == 422
    assert "atribuuti „unheard-of“" in unheard.text
    assert "owner, theme, shop, shop &amp; bar" in unheard.text


def test_an_empty_workspace_has_a_team_page(signed_in: TestClient) -> None:
    assert "All" in signed_in.get("/team").text
