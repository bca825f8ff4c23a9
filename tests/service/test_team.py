from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from service.storage import access
from service.wiring import Odzew
from tests.conftest import sign_in
from tests.service.api.case_steps import queue, top

pytestmark = pytest.mark.usefixtures("loaded")


def give(client: TestClient, case: str, owner: str) -> tuple[int, str]:
    answer = client.post(f"/v1/cases/{case}/assign", json={"owner": owner})
    return answer.status_code, str(answer.json().get("detail", ""))


def offered(page: str) -> list[str]:
    """Whom the queue offers to give cases to."""
    (options,) = re.findall(r'<select name="owner" data-key="a">(.*?)</select>', page, re.DOTALL)
    return [name for name in re.findall(r'value="([^"]*)"', options) if name]


def test_where_nobody_is_known_it_is_said_how_people_are_added(client: TestClient) -> None:
    status, said = give(client, top(client), "Ghost")
    assert status == 409
    assert said.startswith("There is no Ghost here, nor anybody else yet. Add people with `odzew")


def test_two_people_without_a_team_give_cases_to_one_another_and_to_nobody_else(
    odzew: Odzew, workspace: str, client: TestClient, signed_in: TestClient
) -> None:
    sign_in(odzew, workspace, "Jan")  # `odzew users add`, and Jan has not come in yet
    sign_in(odzew, workspace, access.FIRST)  # printed by a start, and nobody has used it
    first, second, *_ = [one["id"] for one in queue(client)]
    assert give(client, first, "Jan") == (200, "")
    status, said = give(client, second, "Ghost")
    assert status == 409
    assert "There is no Ghost here. A case is given to one of: Ewa, Jan. Others" in said
    refused = signed_in.post(f"/cases/{second}/move", data={"move": "assign", "owner": "ewa"})
    assert refused.status_code == 409
    assert "There is no ewa here" in refused.text
    many = {"move": "assign", "owner": "Ghost", "case": second}
    assert "There is no Ghost here" in signed_in.post("/queue/bulk", data=many).text
    assert offered(signed_in.get("/queue").text) == ["Ewa", "Jan"]
    assert {one["owner"] for one in queue(client)} == {None, "Jan"}


def test_who_has_signed_out_is_still_known(
    odzew: Odzew, workspace: str, client: TestClient, browser: TestClient
) -> None:
    browser.get(sign_in(odzew, workspace, access.FIRST))
    browser.post("/sign-out")
    assert give(client, top(client), access.FIRST)[0] == 200


def test_a_team_takes_cases_and_so_does_a_machine_by_its_key(
    client: TestClient, signed_in: TestClient
) -> None:
    content = "members: {Anna: {}}\ndefault_owner: Ewa\n"
    signed_in.post("/rules/team", data={"action": "use", "seen": 0, "content": content})
    case = top(client)
    assert "one of: Anna, Ewa." in give(client, case, "Nobody")[1]
    assert give(client, case, "Anna")[0] == 200
    assert give(client, case, "key:tests")[0] == 200
    assert give(client, case, "key:gone")[0] == 409
