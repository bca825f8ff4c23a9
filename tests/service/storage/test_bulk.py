from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipelines.cases import Step
from pipelines.contracts import PipelineError
from pipelines.messages import Told
from service.storage.bulk import MOST, UNDO_WITHIN, BulkRepository
from service.storage.conflicts import ConflictError, NotFoundError
from service.storage.queue_tables import BulkMove
from service.wiring import Odzew
from tests.conftest import sign_in

pytestmark = pytest.mark.usefixtures("loaded")
NOW = datetime.now(UTC)
ASSIGN = Step("assign", "Ewa", NOW, owner="Jan")
CLOSE = Step("close", "Ewa", NOW, "Test answers")


@pytest.fixture(autouse=True)
def _colleagues(odzew: Odzew, workspace: str) -> None:
    for name in ("Ewa", "Ola"):
        sign_in(odzew, workspace, name)


def cases(client: TestClient) -> dict[str, dict[str, Any]]:
    items = client.get("/v1/queue?state=all&limit=200").json()["items"]
    return {one["id"]: one for one in items}


def standing(client: TestClient) -> dict[str, tuple[Any, ...]]:
    names = ("state", "owner", "snoozed_until", "contacted_at", "priority")
    return {case: tuple(one[name] for name in names) for case, one in cases(client).items()}


def moved(odzew: Odzew, workspace: str, picked: dict[str, int | None], step: Step) -> BulkMove:
    with odzew.database.transaction() as session:
        clock = odzew.rules(workspace).clock
        return BulkRepository(session, workspace).move(picked, step, clock)


def undone(
    odzew: Odzew, workspace: str, bulk: str, who: str = "Ewa", after: timedelta = timedelta(0)
) -> BulkMove:
    with odzew.database.transaction() as session:
        clock = odzew.rules(workspace).clock
        return BulkRepository(session, workspace).undo(bulk, who, NOW + after, clock)


def said(refusal: dict[str, Any]) -> str:
    return str(Told.of_json({"message": refusal["why"], "facts": refusal["facts"]}))


@pytest.mark.parametrize("step", [ASSIGN, CLOSE], ids=["assign", "close"])
def test_many_cases_are_moved_and_put_back(
    odzew: Odzew, workspace: str, client: TestClient, step: Step
) -> None:
    waiting, sleeping, owned, *_ = cases(client)
    client.post(f"/v1/cases/{waiting}/contact")
    client.post(f"/v1/cases/{waiting}/wait")
    client.post(f"/v1/cases/{waiting}/assign", json={"owner": "Ewa"})
    client.post(f"/v1/cases/{owned}/assign", json={"owner": "Ola"})
    tomorrow = (NOW + timedelta(days=1)).isoformat()
    client.post(f"/v1/cases/{sleeping}/snooze", json={"until": tomorrow, "note": "Later"})
    before = standing(client)
    bulk = moved(odzew, workspace, dict.fromkeys(before), step)
    not_mine = [owned] if step.move == "close" else []
    assert [one["case"] for one in bulk.refused] == not_mine
    assert {one["case"] for one in bulk.moved} == set(before) - set(not_mine)
    for case, one in cases(client).items():
        if case not in not_mine:
            assert (one["owner"] == "Jan", one["state"] == "closed").count(True) == 1
    back = undone(odzew, workspace, bulk.id)
    assert (back.move, len(back.moved), back.refused) == ("undo", len(bulk.moved), [])
    assert standing(client) == before
    events = client.get(f"/v1/cases/{sleeping}").json()["events"]
    assert [one["move"] for one in events[-2:]] == [step.move, "undo"], "both are kept"


def test_a_case_that_cannot_be_moved_is_told_of_and_the_rest_moves(
    odzew: Odzew, workspace: str, client: TestClient
) -> None:
    first, second, third, *_ = found = cases(client)
    client.post(f"/v1/cases/{first}/close", json={"note": "Twice sent"})
    client.post(f"/v1/cases/{second}/assign", json={"owner": "Ola"})
    picked: dict[str, int | None] = {
        first: None,
        second: found[second]["revision"],
        third: found[third]["revision"],
        "cas_other": None,
    }
    bulk = moved(odzew, workspace, picked, ASSIGN)
    assert [one["case"] for one in bulk.moved] == [third]
    why = {one["case"]: said(one) for one in bulk.refused}
    assert "closed cannot take the move assign" in why[first]
    assert "Somebody changed this case" in why[second]
    assert "no case cas_other" in why["cas_other"]
    assert cases(client)[second]["owner"] == "Ola"
    assert cases(client)[third]["owner"] == "Jan"


def test_what_somebody_has_moved_since_stays_as_it_is(
    odzew: Odzew, workspace: str, client: TestClient
) -> None:
    first, second, *_ = cases(client)
    bulk = moved(odzew, workspace, {first: None, second: None}, CLOSE)
    client.post(f"/v1/cases/{first}/reopen", json={"note": "No"})
    back = undone(odzew, workspace, bulk.id)
    assert [one["case"] for one in back.moved] == [second]
    assert back.refused[0]["case"] == first
    assert "key:tests has moved this case since (reopen)" in said(back.refused[0])


def test_the_engines_clock_stands_in_no_ones_way(
    odzew: Odzew, workspace: str, client: TestClient
) -> None:
    bulk = moved(odzew, workspace, dict.fromkeys(cases(client)), ASSIGN)
    assert odzew.watch_cases(workspace, NOW + timedelta(days=30))
    assert undone(odzew, workspace, bulk.id).refused == []


def test_only_who_did_it_undoes_it_once_and_soon(
    odzew: Odzew, workspace: str, client: TestClient
) -> None:
    bulk = moved(odzew, workspace, dict.fromkeys(cases(client)), ASSIGN)
    with pytest.raises(ConflictError, match="Only Ewa"):
        undone(odzew, workspace, bulk.id, "Jan")
    with pytest.raises(ConflictError, match="10 minutes"):
        undone(odzew, workspace, bulk.id, after=UNDO_WITHIN + timedelta(seconds=1))
    back = undone(odzew, workspace, bulk.id, after=UNDO_WITHIN)
    with pytest.raises(ConflictError, match="undone already"):
        undone(odzew, workspace, bulk.id)
    with pytest.raises(ConflictError, match="nothing to undo"):
        undone(odzew, workspace, back.id)
    with pytest.raises(NotFoundError):
        undone(odzew, "wsp_other", bulk.id)


def test_none_and_too_many_are_refused(odzew: Odzew, workspace: str) -> None:
    with pytest.raises(PipelineError, match="Choose the cases"):
        moved(odzew, workspace, {}, ASSIGN)
    with pytest.raises(PipelineError, match=f"At most {MOST}"):
        moved(odzew, workspace, {str(at): None for at in range(MOST + 1)}, ASSIGN)
