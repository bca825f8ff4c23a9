"""Cases as the tests of the API find them, make them and move them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from starlette.testclient import TestClient

WHOLE = {
    "note": "why",
    "owner": "key:tests",
    "until": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
    "resolution": {"outcome": "solved", "causes": ["No key", "Nobody gives out keys"]},
}
UNHAPPY = {"text": "Still no parcel, and nobody calls back. I am furious.", "score": 0}
HAPPY = {"text": "Thank you, all is fine now, very kind people.", "score": 10}
NUMBERS = count()
WAYS: dict[str, list[str]] = {
    "new": [],
    "assigned": ["assign"],
    "contacting": ["contact"],
    "waiting": ["contact", "wait"],
    "snoozed": ["snooze"],
    "resolved": ["contact", "resolve"],
    "verified": ["contact", "resolve", "verify"],
    "closed": ["close"],
}


def queue(client: TestClient, **query: object) -> list[dict[str, Any]]:
    answer = client.get("/v1/queue", params={"limit": 200, **query})  # type: ignore[dict-item]
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.json()["items"]
    assert answer.json()["total"] == len(items)
    return items


def top(client: TestClient) -> str:
    return str(queue(client)[0]["id"])


def draft_of(client: TestClient, case: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/cases/{case}/drafts").json()["items"][-1]
    return found


def state_of(client: TestClient, case: str) -> str:
    return str(client.get(f"/v1/cases/{case}").json()["state"])


def made(client: TestClient, state: str) -> str:
    """A case of its own, moved to a state."""
    body = {**UNHAPPY, "external_id": f"made-{next(NUMBERS)}"}
    case = str(client.post("/v1/feedback", json=body).json()["case_id"])
    for move in WAYS[state]:
        assert client.post(f"/v1/cases/{case}/{move}", json=WHOLE).status_code == 200
    assert state_of(client, case) == state
    return case


def wrote(client: TestClient, said: dict[str, object], number: int) -> str | None:
    body = {**said, "external_id": f"again-{number}", "respondent": "cus-again"}
    found: str | None = client.post("/v1/feedback", json=body).json()["case_id"]
    return found
