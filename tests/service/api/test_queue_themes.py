from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from service.wiring import Odzew
from tests.service.api.case_steps import queue
from tests.service.themed import APP, DELIVERY, put_two_themes


@pytest.fixture(autouse=True)
def _themed(odzew: Odzew, workspace: str, loaded: dict[str, str]) -> None:
    assert loaded
    put_two_themes(odzew, workspace)


def edit(client: TestClient, theme: str, what: str, **body: object) -> None:
    assert client.post(f"/v1/themes/{theme}/{what}", json=body).status_code == 200


def ids(client: TestClient, theme: str) -> set[str]:
    return {one["id"] for one in queue(client, theme=theme, state="all")}


def test_the_queue_of_a_merged_theme_is_that_of_the_theme_it_is_now(
    client: TestClient, signed_in: TestClient
) -> None:
    both = ids(client, APP.id) | ids(client, DELIVERY.id)
    edit(client, APP.id, "merge", into=DELIVERY.id)
    assert ids(client, APP.id) == ids(client, DELIVERY.id) == both
    page = signed_in.get(f"/queue?theme={APP.id}").text
    assert f"“{APP.label}” was merged into “{DELIVERY.label}”, which is shown here." in page
    assert f'<option value="{DELIVERY.id}" selected>' in page
    assert "was merged into" not in signed_in.get(f"/queue?theme={DELIVERY.id}").text
    unsearched = signed_in.get(f"/queue?theme={APP.id}&sort=nearest").text
    assert f'<option value="{DELIVERY.id}" selected>' in unsearched


def test_a_merge_that_was_undone_is_followed_no_more(client: TestClient) -> None:
    before = ids(client, APP.id)
    edit(client, APP.id, "merge", into=DELIVERY.id)
    change = client.get("/v1/themes/changes").json()["undoable"]
    client.post(f"/v1/themes/changes/{change}/undo")
    assert ids(client, APP.id) == before


def test_the_queue_of_a_theme_that_is_none_any_more_says_so(
    client: TestClient, signed_in: TestClient
) -> None:
    edit(client, APP.id, "merge", into=DELIVERY.id)
    edit(client, DELIVERY.id, "retire", reason="seasonal")
    for theme in (APP, DELIVERY):
        answer = client.get(f"/v1/queue?theme={theme.id}")
        assert answer.status_code == 422
        assert f"“{theme.label}” is none any more: " in answer.json()["detail"]
    page = signed_in.get(f"/queue?theme={DELIVERY.id}", headers={"Accept-Language": "pl"})
    assert page.status_code == 422
    assert "nie jest już tematem: seasonal" in page.text
