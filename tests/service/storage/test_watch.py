from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from service.wiring import Odzew

SAD = {"text": "The courier was late and nobody answers the phone.", "score": 2}


def case_of(client: TestClient, case: str) -> dict[str, object]:
    found: dict[str, object] = client.get(f"/v1/cases/{case}").json()
    return found


@pytest.fixture
def case(client: TestClient) -> str:
    return str(client.post("/v1/feedback", json=SAD).json()["case_id"])


def due_at(client: TestClient, case: str) -> datetime:
    moment = case_of(client, case)["priority"]["respond_by"]  # type: ignore[index]
    return datetime.fromisoformat(moment)


def test_a_case_is_told_of_once_when_due_soon_and_once_when_late(
    odzew: Odzew, workspace: str, client: TestClient, signed_in: TestClient, case: str
) -> None:
    due = due_at(client, case)
    score = case_of(client, case)["priority"]["score"]  # type: ignore[index]
    assert odzew.watch_cases(workspace, datetime.now(UTC)) == []
    kinds = []
    for moment in (due - timedelta(minutes=1), due, due + timedelta(hours=1)):
        for _ in range(2):
            kinds.append([one.kind for one in odzew.watch_cases(workspace, moment)])
    assert kinds == [["due_soon"], [], ["breached"], [], [], []]
    after = case_of(client, case)["priority"]
    assert after["respond_by"] == due.isoformat(), "the deadline stays"  # type: ignore[index]
    assert after["score"] == score + 8  # type: ignore[index]
    assert sum(one["points"] for one in after["reasons"]) == after["score"]  # type: ignore[index]
    history = signed_in.get(f"/cases/{case}").text.partition(">History<")[2]
    assert "The case is due soon" in history
    assert "The time for this case has run out" in history


def test_a_case_judged_to_another_moment_and_back_stops_no_clock(
    odzew: Odzew, workspace: str, client: TestClient, case: str
) -> None:
    due, level = due_at(client, case), case_of(client, case)["priority"]["level"]  # type: ignore[index]
    late = due + timedelta(minutes=1)
    assert [one.kind for one in odzew.watch_cases(workspace, late)] == ["breached"]
    for other in ("P1", level):
        body = {"level": other, "note": "Looked at it again"}
        assert client.post(f"/v1/cases/{case}/judge", json=body).status_code == 200
    assert due_at(client, case) == due
    assert odzew.watch_cases(workspace, late) == []
    assert odzew.watch_cases(workspace, late + timedelta(days=1)) == []


def test_what_was_contacted_in_time_is_not_told_of(
    odzew: Odzew, workspace: str, client: TestClient, case: str
) -> None:
    due = due_at(client, case)
    client.post(f"/v1/cases/{case}/contact")
    assert due_at(client, case) > due, "from now on it is to be resolved"
    assert odzew.watch_cases(workspace, due) == []
    client.post(f"/v1/cases/{case}/wait")
    assert odzew.watch_cases(workspace, due + timedelta(days=60)) == []


def test_a_snoozed_case_wakes_by_itself(
    odzew: Odzew, workspace: str, client: TestClient, case: str
) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    body = {"note": "Back on Monday", "until": until.isoformat()}
    assert client.post(f"/v1/cases/{case}/snooze", json=body).status_code == 200
    odzew.watch_cases(workspace, until - timedelta(minutes=1))
    assert case_of(client, case)["state"] == "snoozed"
    odzew.watch_cases(workspace, until)
    found = case_of(client, case)
    assert (found["state"], found["snoozed_until"]) == ("new", None)
    assert found["events"][-1]["who"] == "odzew"  # type: ignore[index]
