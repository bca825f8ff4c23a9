"""What people say of a priority holds, moves the clock, and becomes cases for evaluation."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from pipelines.contracts import LEVELS
from pipelines.triage import JUDGED
from service.wiring import Odzew
from tests.service.command import odzew as typed

pytestmark = pytest.mark.usefixtures("loaded")
WHY = "Their boiler leaks onto the socket."


def some_case(client: TestClient, level: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/v1/queue", params={"priority": level}).json()["items"][0]
    return found


def judge(client: TestClient, case: str, level: str, **more: object) -> Any:
    return client.post(f"/v1/cases/{case}/judge", json={"level": level, "note": WHY, **more})


def due(priority: dict[str, str]) -> datetime:
    return datetime.fromisoformat(priority["respond_by"])


@pytest.mark.parametrize("level", LEVELS)
def test_a_judged_case_is_at_its_level_for_a_reason_that_adds_up(
    client: TestClient, level: str
) -> None:
    case = next(some_case(client, one) for one in ("P2", "P3") if one != level)
    after = judge(client, case["id"], level).json()["priority"]
    assert after["level"] == level
    assert sum(one["points"] for one in after["reasons"]) == after["score"]
    assert after["reasons"][-1]["code"] == JUDGED
    assert level in after["reasons"][-1]["text"]


def test_another_priority_moves_the_moment_it_is_due(client: TestClient) -> None:
    case = some_case(client, "P2")
    sooner = judge(client, case["id"], "P1").json()["priority"]
    assert due(sooner) < due(case["priority"])
    back = judge(client, case["id"], "P2").json()["priority"]
    assert due(back) == due(case["priority"])
    assert [one["code"] for one in back["reasons"]].count(JUDGED) == 1


def test_time_that_runs_out_does_not_overrule_a_person(
    odzew: Odzew, workspace: str, client: TestClient
) -> None:
    case = some_case(client, "P2")
    judge(client, case["id"], "P3")
    odzew.watch_cases(workspace, datetime.now(UTC) + timedelta(days=30))
    after = client.get(f"/v1/cases/{case['id']}").json()["priority"]
    assert "breached" in {one["code"] for one in after["reasons"]}
    assert after["level"] == "P3"


def test_who_and_why_is_kept(client: TestClient, signed_in: TestClient) -> None:
    case = some_case(client, "P2")
    typed = {"level": "P1", "note": WHY, "revision": case["revision"]}
    page = signed_in.post(f"/cases/{case['id']}/judge", data=typed)
    assert "Ewa put it at P1" in page.text
    assert f"The priority was changed from P2 to P1: “{WHY}”" in page.text
    event = client.get(f"/v1/cases/{case['id']}").json()["events"][-1]
    assert (event["move"], event["who"], event["note"]) == ("judge", "Ewa", WHY)
    assert event["details"]["instead_of"] == "P2"


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"level": "P9"}, 422, "level: give one of"),
        ({"level": "P2"}, 409, "has priority P2 already"),
        ({"level": "P1", "note": "  "}, 409, "Say in a few words why"),
        ({"level": "P1", "revision": 99}, 409, "Somebody changed this case meanwhile"),
    ],
)
def test_what_cannot_be_judged_is_said_and_changes_nothing(
    client: TestClient, body: dict[str, object], status: int, said: str
) -> None:
    case = some_case(client, "P2")
    answer = judge(client, case["id"], **body)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert said in answer.json()["detail"]
    assert client.get(f"/v1/cases/{case['id']}").json()["priority"] == case["priority"]


def test_on_the_page_what_was_typed_stays(client: TestClient, signed_in: TestClient) -> None:
    case = some_case(client, "P2")
    typed = {"level": "P1", "note": WHY, "revision": 99}
    page = signed_in.post(f"/cases/{case['id']}/judge", data=typed)
    assert page.status_code == 409
    assert WHY in page.text
    assert "<option selected>P1</option>" in page.text


def test_judged_cases_are_evaluated(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    odzew: Odzew,
    client: TestClient,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from models import encoder
    from pipelines.understanding import Reader
    from tests.stand_in import StandInEncoder

    reader = odzew.reader
    monkeypatch.setenv("ODZEW_HOME", str(odzew.settings.home))
    monkeypatch.setenv("ODZEW_WORKSPACE", "Demo")
    monkeypatch.setattr(encoder, "open_encoder", lambda *_, **__: StandInEncoder())
    monkeypatch.setattr(Reader, "load", lambda _: reader)
    monkeypatch.setattr("eval.gates.load", list)
    assert typed(monkeypatch, "eval", "--from-reviews") == 2
    assert "Nobody has changed a priority yet" in capsys.readouterr().err
    case = some_case(client, "P2")
    judge(client, case["id"], "P3")
    judge(client, case["id"], "P1")
    assert typed(monkeypatch, "eval", "--from-reviews") == 0
    assert "triage_reviews" in capsys.readouterr().out
    with (odzew.settings.home / "reviews" / "triage_reviews.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["level"], row["note"], row["language"]) == ("P1", WHY, case["language"])
    assert row["text"]


@pytest.mark.parametrize("note", ["a\u0000b", "\ud800", "x" * 2_001])
def test_a_note_that_cannot_be_kept_is_refused(client: TestClient, note: str) -> None:
    case = some_case(client, "P2")
    body = json.dumps({"level": "P1", "note": note})
    answer = client.post(
        f"/v1/cases/{case['id']}/judge",
        content=body,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code in (409, 422)
    assert client.get(f"/v1/cases/{case['id']}").json()["priority"] == case["priority"]


def test_a_case_is_told_in_one_form_by_whichever_door(client: TestClient) -> None:
    case = some_case(client, "P2")
    judged = judge(client, case["id"], "P1").json()
    looked = client.get(f"/v1/cases/{case['id']}").json()
    assert judged["priority"] == looked["priority"]
    zone = looked["feedback"]["priority"]["respond_by"][-6:]
    assert judged["priority"]["respond_by"].endswith(zone)
    until = (datetime.now(UTC) + timedelta(days=2)).astimezone(ZoneInfo("Asia/Tokyo"))
    body = {"note": "They asked for Monday", "until": until.isoformat()}
    slept = client.post(f"/v1/cases/{case['id']}/snooze", json=body).json()
    looked = client.get(f"/v1/cases/{case['id']}").json()
    assert {name: looked[name] for name in slept} == slept
