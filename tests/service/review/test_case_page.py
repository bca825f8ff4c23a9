from __future__ import annotations

import re
from typing import Any

from starlette.testclient import TestClient

ANGRY = "The parcel never came and nobody answers my letters."
ENDED = {"outcome": "solved", "causes": ["The van broke down", "No spare van"]}


def sent(client: TestClient, number: int, text: str = ANGRY, **more: Any) -> str:
    body = {"text": text, "score": 1, "external_id": f"a-{number}", **more}
    return str(client.post("/v1/feedback", json=body).json()["case_id"])


def similar(page: str) -> list[str]:
    """What stands in each line of the similar cases."""
    _, _, rest = page.partition(">Similar cases</h2>")
    lines = re.findall(r"<li>(.*?)</li>", rest.partition("</ul>")[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in lines]


def test_similar_cases_that_were_resolved_come_first_with_how(
    client: TestClient, signed_in: TestClient
) -> None:
    cases = [sent(client, number) for number in range(8)]
    client.post(f"/v1/cases/{cases[3]}/contact")
    client.post(f"/v1/cases/{cases[3]}/resolve", json={"resolution": ENDED})
    client.post(f"/v1/cases/{cases[5]}/contact")
    unknown = {"outcome": "explained", "unknown_because": "The van is gone"}
    client.post(f"/v1/cases/{cases[5]}/resolve", json={"resolution": unknown})
    found = similar(signed_in.get(f"/cases/{cases[0]}").text)
    assert len(found) == 5
    ended = [line for line in found[:2] if "solved · The van broke down ← No spare van" in line]
    assert len(ended) == 1
    assert any("explained · root cause unknown: The van is gone" in line for line in found[:2])
    assert all("resolved" not in line for line in found[2:])
    assert all(f"/cases/{cases[0]}" not in line for line in found)


def test_another_answer_of_the_same_case_is_no_similar_case(
    client: TestClient, signed_in: TestClient
) -> None:
    person: dict[str, Any] = {"respondent": {"id": "r-1", "phone": "+48 600 000 001"}}
    case = sent(client, 1, **person)
    assert sent(client, 2, **person) == case
    page = signed_in.get(f"/cases/{case}").text
    assert "Similar cases" not in page
    assert 'href="tel:+48600000001"' in page
    assert "best around" in page
    assert "The same customer also wrote" in page


def test_a_case_whose_clock_stands_still_says_so(client: TestClient, signed_in: TestClient) -> None:
    case = sent(client, 1)
    assert "the clock stands still" not in signed_in.get(f"/cases/{case}").text
    client.post(f"/v1/cases/{case}/close", json={"note": "Twice sent"})
    assert "the clock stands still" in signed_in.get(f"/cases/{case}").text
