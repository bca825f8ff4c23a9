from __future__ import annotations

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from models.contracts import ThemeMatch
from models.themes import Theme, ThemeModel
from pipelines import theme_life
from service.storage.tables import ExcerptRow
from service.storage.themes import ThemeRepository
from service.wiring import Odzew
from tests.answers import ANSWERS

DELIVERY = Theme("thm_delivery", "parcel · lost", {"en": ["parcel", "lost"], "pl": ["paczka"]})
APP = Theme("thm_app", "app", {"en": ["app"]})


@pytest.fixture
def themed(odzew: Odzew, workspace: str, loaded: dict[str, str]) -> ThemeModel:
    """A model of two themes: the first excerpts' own vectors are their centres."""
    with odzew.database.transaction() as session:
        repository = ThemeRepository(session, workspace)
        _, vectors = repository.excerpts()
        centres = vectors[[0, -1]]
        thresholds = centres[:, 0] * 0 + 0.05
        model = ThemeModel("v1", (DELIVERY, APP), centres, thresholds, 10.0)
        model = ThemeModel.from_bytes(model.to_bytes())
        theme_life.install(repository, model)
    return model


@pytest.mark.usefixtures("loaded")
def test_before_a_fit_there_are_no_themes(client: TestClient) -> None:
    found = client.get("/v1/themes").json()
    assert (found["items"], found["model"], found["unthemed_share"]) == ([], None, 1.0)


@pytest.mark.usefixtures("loaded")
def test_a_fit_of_too_little_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/themes/refit")
    assert answer.status_code == 409
    assert "30" in answer.json()["detail"]


@pytest.mark.usefixtures("themed")
def test_figures_of_themes_add_up(client: TestClient) -> None:
    found = client.get("/v1/themes").json()
    sizes = [one["size"] for one in found["items"]]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(sizes) + found["unthemed"] == found["excerpts"]
    for one in found["items"]:
        assert sum(one["languages"].values()) == one["size"] == sum(one["weekly"])
        assert one["share"] == pytest.approx(one["size"] / found["excerpts"], abs=1e-4)
        assert -1 <= one["sentiment"] <= 1
        listed = client.get(f"/v1/themes/{one['id']}/excerpts").json()
        assert listed["total"] == len(listed["items"]) == one["size"]


def test_a_new_answer_gets_the_themes_of_the_model_in_use(
    client: TestClient, themed: ThemeModel
) -> None:
    # The very comment whose first excerpt is the centre of the first theme.
    read = client.post("/v1/classify", json={"text": ANSWERS[0]["text"], "score": 0}).json()
    assert read["excerpts"][0]["theme"]["id"] == DELIVERY.id
    assert read["model"]["themes"] == themed.version
    body = {**ANSWERS[0], "external_id": "pl-1b"}
    stored = client.post("/v1/feedback", json=body).json()
    assert stored["excerpts"][0]["theme"]["label"] == DELIVERY.label


@pytest.mark.usefixtures("themed")
def test_the_queue_is_filtered_by_theme(client: TestClient) -> None:
    found = client.get(f"/v1/queue?theme={DELIVERY.id}").json()
    assert found["total"] > 0
    for case in found["items"]:
        themes = {one["theme"] and one["theme"]["id"] for one in case["feedback"]["excerpts"]}
        assert DELIVERY.id in themes
    assert client.get("/v1/queue?theme=thm_none").json()["total"] == 0


def test_a_theme_that_a_refit_leaves_out_is_retired_and_kept(
    client: TestClient, odzew: Odzew, workspace: str, themed: ThemeModel
) -> None:
    smaller = ThemeModel("v2", (DELIVERY,), themed.centroids[:1], themed.thresholds[:1], 10.0)
    with odzew.database.transaction() as session:
        repository = ThemeRepository(session, workspace)
        theme_life.install(repository, ThemeModel.from_bytes(smaller.to_bytes()))
    found = client.get("/v1/themes").json()
    assert [one["id"] for one in found["items"]] == [DELIVERY.id]
    assert client.get(f"/v1/themes/{APP.id}").json()["retired_at"]
    assert client.get(f"/v1/themes/{APP.id}/excerpts").json()["total"] == 0


def test_a_stored_answer_never_names_a_theme_that_is_no_longer_there(
    client: TestClient, odzew: Odzew, workspace: str, themed: ThemeModel, loaded: dict[str, str]
) -> None:
    with odzew.database.transaction() as session:
        repository = ThemeRepository(session, workspace)
        stored, _ = repository.excerpts()
        cleared: dict[int, ThemeMatch | None] = {one.id: None for one in stored}
        repository.replace_model(themed, cleared)
        session.execute(update(ExcerptRow).values(theme_confidence=None))
    found = client.get(f"/v1/feedback/{loaded['pl-1']}").json()
    assert [one["theme"] for one in found["excerpts"]] == [None] * len(found["excerpts"])


@pytest.mark.usefixtures("themed")
def test_the_pages_show_themes_with_quotes_in_each_language(
    client: TestClient, signed_in: TestClient
) -> None:
    assert DELIVERY.label in signed_in.get("/themes").text
    page = signed_in.get(f"/themes/{DELIVERY.id}").text
    quotes = client.get(f"/v1/themes/{DELIVERY.id}").json()["quotes"]
    assert len(quotes) > 1
    for rows in quotes.values():
        assert rows[0]["text"].split()[0] in page
    assert DELIVERY.label in signed_in.get(f"/queue?theme={DELIVERY.id}").text
