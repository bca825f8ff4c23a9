from __future__ import annotations

import csv
import io
from typing import Any

import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from models.themes import ThemeModel
from pipelines.theme_life.touchpoints import SHIPPED
from service.storage.file_lock import hold
from service.storage.themes import ThemeRepository
from service.wiring import Odzew
from tests.answers import ANSWERS
from tests.service.themed import APP, DELIVERY, put_two_themes


@pytest.fixture
def themed(odzew: Odzew, workspace: str, loaded: dict[str, str]) -> ThemeModel:
    """Two themes over the dozen answers."""
    assert loaded
    return put_two_themes(odzew, workspace)


def theme_of_excerpts(client: TestClient) -> dict[int, str | None]:
    """Theme of every excerpt, by id."""
    found: dict[int, str | None] = {}
    for theme in (*[one["id"] for one in client.get("/v1/themes").json()["items"]], "none"):
        listed = client.get(f"/v1/themes/{theme}/excerpts?limit=500").json()
        found |= {one["id"]: None if theme == "none" else theme for one in listed["items"]}
    return found


def edit(client: TestClient, theme: str, what: str, **body: Any) -> Any:
    """An edit that must work."""
    answer = client.post(f"/v1/themes/{theme}/{what}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.usefixtures("loaded")
def test_before_a_fit_there_are_no_themes(client: TestClient) -> None:
    found = client.get("/v1/themes").json()
    assert (found["items"], found["model"], found["unthemed_share"]) == ([], None, 1.0)
    assert client.get("/v1/themes/changes").json() == {"items": [], "undoable": None}
    assert client.get("/v1/insight/spikes").json() == {"items": []}


@pytest.mark.usefixtures("loaded")
def test_a_fit_of_too_little_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/themes/refit")
    assert answer.status_code == 409
    assert "30" in answer.json()["detail"]


@pytest.mark.usefixtures("loaded")
def test_of_two_fits_at_once_one_runs(client: TestClient, odzew: Odzew, workspace: str) -> None:
    with hold(odzew.settings.home / f"refit-{workspace}.lock"):
        answer = client.post("/v1/themes/refit")
    assert answer.status_code == 409
    assert "being fitted already" in answer.json()["detail"]
    assert "30" in client.post("/v1/themes/refit").json()["detail"]


@pytest.mark.usefixtures("loaded")
def test_there_is_nothing_to_edit_before_a_fit(client: TestClient) -> None:
    answer = client.post("/v1/themes/thm_none/rename", json={"name": "x"})
    assert answer.status_code == 422
    assert "no themes yet" in answer.json()["detail"]


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
        assert -100 <= one["nps"] <= 100
        assert 0 <= one["evenness"] <= 1
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


@pytest.mark.usefixtures("themed")
def test_a_preview_tells_what_then_happens_and_changes_nothing(client: TestClient) -> None:
    before = theme_of_excerpts(client)
    told = edit(client, APP.id, "merge", into=DELIVERY.id, preview=True)
    assert theme_of_excerpts(client) == before
    assert edit(client, APP.id, "merge", into=DELIVERY.id) == told
    after = theme_of_excerpts(client)
    moved = sum(one["count"] for one in told["moved"])
    assert moved == sum(before[key] != after[key] for key in before) > 0


@pytest.mark.usefixtures("themed")
def test_a_merged_theme_is_retired_and_kept_and_an_undo_brings_it_back(client: TestClient) -> None:
    before = theme_of_excerpts(client)
    edit(client, APP.id, "merge", into=DELIVERY.id)
    assert [one["id"] for one in client.get("/v1/themes").json()["items"]] == [DELIVERY.id]
    assert client.get(f"/v1/themes/{APP.id}").json()["retired_at"]
    change = client.get("/v1/themes/changes").json()["undoable"]
    assert client.post(f"/v1/themes/changes/{change}/undo").status_code == 200
    assert theme_of_excerpts(client) == before
    assert client.get(f"/v1/themes/{APP.id}").json()["retired_at"] is None


@pytest.mark.usefixtures("themed")
def test_changes_are_undone_one_after_another_and_the_first_fit_is_not(client: TestClient) -> None:
    edit(client, DELIVERY.id, "rename", name="First")
    edit(client, DELIVERY.id, "rename", name="Second")
    labels = []
    while (change := client.get("/v1/themes/changes").json()["undoable"]) is not None:
        assert client.post(f"/v1/themes/changes/{change}/undo").status_code == 200
        labels.append(client.get(f"/v1/themes/{DELIVERY.id}").json()["label"])
    assert labels == ["First", DELIVERY.label]
    answer = client.post("/v1/themes/changes/1/undo")
    assert answer.status_code == 422
    assert "newest" in answer.json()["detail"]
    kinds = [one["kind"] for one in client.get("/v1/themes/changes").json()["items"]]
    assert kinds == ["undo", "undo", "rename", "rename", "refit"]


@pytest.mark.usefixtures("themed")
def test_a_refit_is_accepted_once_and_by_name(client: TestClient) -> None:
    assert client.post("/v1/themes/changes/1/accept").status_code == 204
    newest = client.get("/v1/themes/changes").json()["items"][0]
    assert (newest["kind"], newest["report"], newest["who"]) == ("accept", {"accepted": 1}, "tests")
    assert client.post("/v1/themes/changes/99/accept").status_code == 404


@pytest.mark.usefixtures("themed")
def test_a_name_is_given_in_one_language_or_all(client: TestClient) -> None:
    edit(client, DELIVERY.id, "rename", name="Zguba", language="pl")
    names = client.get(f"/v1/themes/{DELIVERY.id}").json()["names"]
    assert names == {"en": DELIVERY.label, "pl": "Zguba"}
    edit(client, DELIVERY.id, "rename", name="  Lost   things ")
    found = client.get(f"/v1/themes/{DELIVERY.id}").json()
    assert set(found["names"].values()) == {"Lost things"}
    read = client.post("/v1/classify", json={"text": ANSWERS[0]["text"]}).json()
    assert read["excerpts"][0]["theme"]["label"] == "Lost things"


@pytest.mark.usefixtures("themed")
def test_excerpts_are_moved_and_stay_moved_through_classify(client: TestClient) -> None:
    first = client.get(f"/v1/themes/{DELIVERY.id}/excerpts").json()["items"][0]
    body = {"excerpts": [first["id"]], "theme": APP.id}
    assert client.post("/v1/themes/move", json=body).json()["moved"][0]["count"] == 1
    assert theme_of_excerpts(client)[first["id"]] == APP.id
    text = next(one["text"] for one in ANSWERS if first["text"][:20] in one["text"])
    read = client.post("/v1/classify", json={"text": text}).json()
    own = next(one for one in read["excerpts"] if one["text"] == first["text"])
    assert own["theme"] == {"id": APP.id, "label": APP.label, "confidence": 1.0}
    out = client.post("/v1/themes/move", json={"excerpts": [first["id"]], "theme": None})
    assert out.status_code == 200
    assert theme_of_excerpts(client)[first["id"]] is None


@pytest.mark.usefixtures("themed")
def test_a_theme_is_split_by_excerpts_of_its_own(client: TestClient) -> None:
    ids = [one["id"] for one in client.get(f"/v1/themes/{DELIVERY.id}/excerpts").json()["items"]]
    assert len(ids) >= 6
    told = edit(client, DELIVERY.id, "split", excerpts=ids[:3], name="Lockers")
    target = next(one["to"] for one in told["moved"] if one["to"] not in {DELIVERY.id, APP.id})
    after = theme_of_excerpts(client)
    assert {after[one] for one in ids[:3]} == {target}
    assert client.get(f"/v1/themes/{target}").json()["label"] == "Lockers"
    others = [one for one, theme in after.items() if theme != DELIVERY.id]
    answer = client.post(f"/v1/themes/{DELIVERY.id}/split", json={"excerpts": others[:3]})
    assert answer.status_code == 422
    assert "its own" in answer.json()["detail"]


@pytest.mark.usefixtures("themed")
def test_a_pinned_phrase_decides_and_is_unpinned(client: TestClient) -> None:
    text = {"text": "Dnes se mi vůbec nechce psát o slavnostním ohňostroji."}
    edit(client, APP.id, "pin", phrase="slavnostní ohňostroj")
    found = client.post("/v1/classify", json=text).json()["excerpts"][0]["theme"]
    assert (found["id"], found["confidence"]) == (APP.id, 1.0)
    edit(client, APP.id, "pin", phrase="slavnostní ohňostroj", taken_away=True)
    again = client.post("/v1/classify", json=text).json()["excerpts"][0]["theme"]
    assert again is None or again["confidence"] < 1


@pytest.mark.usefixtures("themed")
def test_what_is_no_theme_catches_excerpts_and_names_none(client: TestClient) -> None:
    edit(client, APP.id, "retire", reason="small talk")
    found = client.get(f"/v1/themes/{APP.id}").json()
    assert found["retired_reason"] == "small talk"
    assert APP.id not in theme_of_excerpts(client).values()
    answer = client.post(f"/v1/themes/{APP.id}/rename", json={"name": "x"})
    assert answer.status_code == 404


@pytest.mark.usefixtures("themed")
def test_a_theme_is_placed_field_by_field(client: TestClient) -> None:
    edit(client, DELIVERY.id, "place", touchpoint="courier", owner="Ola")
    edit(client, DELIVERY.id, "place", parent=APP.id)
    found = client.get(f"/v1/themes/{DELIVERY.id}").json()
    assert (found["touchpoint"], found["owner"], found["parent"]) == ("courier", "Ola", APP.id)
    edit(client, DELIVERY.id, "place", touchpoint=None, parent=None)
    found = client.get(f"/v1/themes/{DELIVERY.id}").json()
    assert (found["touchpoint"], found["owner"], found["parent"]) == (None, "Ola", None)


@pytest.mark.usefixtures("themed")
@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("thm_none/rename", {"name": "x"}, 404, "no theme thm_none"),
        ("thm_app/rename", {"name": "Parcel lost"}, 422, "already"),
        ("thm_app/rename", {"name": "x" * 121}, 422, "120"),
        ("thm_app/rename", {"name": "x", "language": "xx"}, 422, "pl, cs, et, en"),
        ("thm_app/rename", {"title": "x"}, 422, "no such field"),
        ("thm_app/merge", {"into": "thm_app"}, 422, "itself"),
        ("thm_app/split", {"excerpts": []}, 422, "excerpts"),
        ("thm_app/split", {"excerpts": [999999]}, 404, "not here"),
        ("thm_app/place", {}, 422, "touchpoint, parent and owner"),
        ("thm_app/place", {"touchpoint": "moon"}, 422, "moon"),
        ("thm_app/place", {"parent": "thm_app"}, 422, "own parent"),
        ("thm_app/pin", {"phrase": "?"}, 422, "letters"),
        ("thm_app/pin", {"phrase": "abc", "taken_away": True}, 422, "not pinned"),
        ("move", {"excerpts": [1], "theme": "thm_none"}, 404, "no theme"),
        ("make", {"excerpts": [1], "name": "x"}, 422, "at least 3"),
    ],
)
def test_a_bad_edit_is_refused_with_a_reason_and_changes_nothing(
    client: TestClient, path: str, body: dict[str, Any], status: int, says: str
) -> None:
    before = theme_of_excerpts(client), client.get("/v1/themes/changes").json()
    answer = client.post(f"/v1/themes/{path}", json=body)
    assert (answer.status_code, says in answer.text) == (status, True), answer.text
    assert (theme_of_excerpts(client), client.get("/v1/themes/changes").json()) == before


@pytest.mark.usefixtures("themed")
def test_a_taxonomy_of_ones_own_replaces_the_one_shipped_and_goes_again(client: TestClient) -> None:
    shipped = client.get("/v1/themes/touchpoints").json()["items"]
    assert len(shipped) >= 40
    texts = "{pl: Dostawa, cs: Doručení, et: Tarne, en: Delivery}"
    other = "{pl: Aplikacja, cs: Aplikace, et: Rakendus, en: App}"
    yaml = (
        f"- {{key: parcels, name: {texts}, description: {texts}}}\n"
        f"- {{key: phones, name: {other}, description: {other}}}\n"
    )
    answer = client.put("/v1/themes/touchpoints", json={"yaml": yaml})
    assert answer.json() == {"touchpoints": 2}
    keys = [one["key"] for one in client.get("/v1/themes/touchpoints").json()["items"]]
    assert keys == ["parcels", "phones"]
    places = {one["touchpoint"] for one in client.get("/v1/themes").json()["items"]}
    assert places <= {"parcels", "phones", None}
    bad = client.put("/v1/themes/touchpoints", json={"yaml": "- {key: parcels}"})
    assert bad.status_code == 422
    assert "Touchpoint" in bad.json()["detail"] or "2 to" in bad.json()["detail"]
    changes = client.get("/v1/themes/changes").json()
    again = client.put("/v1/themes/touchpoints", json={"yaml": yaml.replace("\n", "\r\n")})
    assert again.json() == {"touchpoints": 2}
    assert client.get("/v1/themes/changes").json() == changes, "the one in use changes nothing"
    client.put("/v1/themes/touchpoints", json={"yaml": SHIPPED.read_text("utf-8")})
    assert client.get("/v1/themes/touchpoints").json()["items"] == shipped


@pytest.mark.usefixtures("themed")
def test_exports_hold_every_excerpt_with_its_theme(client: TestClient) -> None:
    wanted = theme_of_excerpts(client)
    content = client.get("/v1/themes/export").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert {int(row["excerpt"]): row["theme"] or None for row in rows} == wanted
    table = pq.read_table(io.BytesIO(client.get("/v1/themes/export?format=parquet").content))
    assert (
        dict(zip(table["excerpt"].to_pylist(), table["theme"].to_pylist(), strict=True)) == wanted
    )
    assert client.get("/v1/themes/export?format=xls").status_code == 422


def test_a_spreadsheet_takes_no_exported_text_for_a_formula(
    client: TestClient, odzew: Odzew, workspace: str
) -> None:
    client.post("/v1/feedback", json={"text": "=HYPERLINK(1) is what the parcel said"})
    content = client.get("/v1/themes/export").content.decode("utf-8-sig")
    texts = [row["text"] for row in csv.DictReader(io.StringIO(content))]
    assert texts
    assert not any(text.startswith("=") for text in texts)


def test_a_model_of_an_older_version_is_as_none_until_the_next_fit(
    client: TestClient, odzew: Odzew, workspace: str, themed: ThemeModel
) -> None:
    from sqlalchemy import update

    from service.storage.theme_tables import ThemeChange

    assert themed.themes
    with odzew.database.transaction() as session:
        session.execute(update(ThemeChange).values(content=b"of long ago", version="old"))
    read = client.post("/v1/classify", json={"text": ANSWERS[0]["text"]}).json()
    assert read["excerpts"][0]["theme"] is None
    answer = client.post(f"/v1/themes/{APP.id}/rename", json={"name": "x"})
    assert "no themes yet" in answer.json()["detail"]
    with odzew.database.snapshot() as session:
        assert ThemeRepository(session, workspace).current_model() is None


@pytest.mark.usefixtures("themed")
def test_the_pages_show_themes_with_quotes_in_each_language(
    client: TestClient, signed_in: TestClient
) -> None:
    tree = signed_in.get("/themes").text
    assert DELIVERY.label in tree
    assert "Delivery" in tree
    page = signed_in.get(f"/themes/{DELIVERY.id}").text
    quotes = client.get(f"/v1/themes/{DELIVERY.id}").json()["quotes"]
    assert len(quotes) > 1
    for rows in quotes.values():
        assert rows[0]["text"].split()[0] in page
    assert DELIVERY.label in signed_in.get(f"/queue?theme={DELIVERY.id}").text


@pytest.mark.usefixtures("themed")
def test_an_edit_on_the_page_is_shown_before_it_is_made(signed_in: TestClient) -> None:
    fields = {"kind": "merge", "theme": APP.id, "into": DELIVERY.id}
    shown = signed_in.post("/themes/edit", data=fields)
    assert "What this would do" in shown.text
    assert "Do it" in shown.text
    assert APP.label in signed_in.get("/themes").text
    done = signed_in.post("/themes/edit", data={**fields, "step": "make"})
    assert done.url.path == f"/themes/{DELIVERY.id}"
    assert "Merged" in signed_in.get("/themes/changes").text
    assert "is no theme any more" in signed_in.get(f"/themes/{APP.id}").text


@pytest.mark.usefixtures("themed")
def test_a_bad_edit_on_the_page_says_why(signed_in: TestClient) -> None:
    fields = {"kind": "rename", "theme": APP.id, "name": DELIVERY.label}
    answer = signed_in.post("/themes/edit", data=fields)
    assert answer.status_code == 422
    assert "already" in answer.text


@pytest.mark.usefixtures("themed")
@pytest.mark.parametrize(
    "path",
    [
        *("/themes/map", "/themes/none", "/themes/changes", "/themes/touchpoints"),
        *(f"/themes/{DELIVERY.id}/parts", "/themes/export.csv", "/themes/export.parquet"),
    ],
)
def test_every_page_of_themes_is_there(signed_in: TestClient, path: str) -> None:
    assert signed_in.get(path).status_code == 200


@pytest.mark.usefixtures("themed")
def test_accents_do_not_matter_for_pins_and_a_phrase_pinned_elsewhere_is_told(
    client: TestClient,
) -> None:
    client.post("/v1/feedback", json={"text": "Czekam na zwrot środków od tygodni."})
    with_accents, without = (
        edit(client, APP.id, "pin", phrase=phrase, preview=True)
        for phrase in ("zwrot środków", "zwrot srodkow")
    )
    assert with_accents == without
    assert with_accents["note"] == ""
    edit(client, APP.id, "pin", phrase="zwrot środków")
    text = {"text": "Prosze o zwrot srodkow na konto."}
    found = client.post("/v1/classify", json=text).json()["excerpts"][0]["theme"]
    assert (found["id"], found["confidence"]) == (APP.id, 1.0)
    again = edit(client, DELIVERY.id, "pin", phrase="zwrot srodkow", preview=True)
    assert f"“{APP.label}”" in again["note"]


@pytest.mark.usefixtures("themed")
def test_a_blank_name_takes_the_given_one_back_as_the_description_says(client: TestClient) -> None:
    edit(client, APP.id, "rename", name="Mobile")
    edit(client, APP.id, "rename", name="  ")
    assert client.get(f"/v1/themes/{APP.id}").json()["label"] == APP.label
    described = client.get("/openapi.json").json()["components"]["schemas"]["RenameBody"]
    assert "Blank" in described["properties"]["name"]["description"]


@pytest.mark.usefixtures("themed")
def test_excerpts_of_a_theme_are_filtered_as_on_its_page(client: TestClient) -> None:
    path = f"/v1/themes/{DELIVERY.id}/excerpts"
    every = client.get(path).json()
    polish = client.get(path, params={"language": "pl"}).json()
    assert {one["language"] for one in polish["items"]} == {"pl"}
    assert 0 < polish["total"] < every["total"]
    bad = client.get(path, params={"mood": "negative"}).json()["items"]
    assert bad == [one for one in every["items"] if one["sentiment"]["label"] == "negative"]
    word = every["items"][0]["text"].split()[0]
    found = client.get(path, params={"words": word.upper()}).json()["items"]
    assert every["items"][0] in found
    assert client.get(path, params={"language": "xx"}).status_code == 422


@pytest.mark.usefixtures("themed")
def test_a_queue_of_a_theme_that_is_not_there_is_an_error(client: TestClient) -> None:
    assert client.get("/v1/queue", params={"theme": APP.id}).status_code == 200
    assert client.get("/v1/queue", params={"theme": ""}).status_code == 200
    answer = client.get("/v1/queue", params={"theme": "thm_nope"})
    assert answer.status_code == 422
    assert "There is no theme thm_nope here" in answer.json()["detail"]
