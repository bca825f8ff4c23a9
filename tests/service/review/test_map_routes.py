from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from models.themes import ThemeModel
from service.wiring import Odzew
from tests.service.themed import APP, DELIVERY, put_two_themes

SWATCHES = re.compile(r'data-key="([^"]+)".*?swatch ([\w-]+)"')


@pytest.fixture
def themed(odzew: Odzew, workspace: str, loaded: dict[str, str]) -> ThemeModel:
    """Two themes over the dozen answers."""
    assert loaded
    return put_two_themes(odzew, workspace)


def theme_of_excerpts(client: TestClient) -> dict[int, str | None]:
    """Theme of every excerpt, by id."""
    found: dict[int, str | None] = {}
    for theme in (DELIVERY.id, APP.id, "none"):
        listed = client.get(f"/v1/themes/{theme}/excerpts?limit=500").json()["items"]
        found |= {one["id"]: None if theme == "none" else theme for one in listed}
    return found


@pytest.mark.usefixtures("themed")
def test_the_map_is_given_every_excerpt_once(client: TestClient, signed_in: TestClient) -> None:
    points = signed_in.get("/themes/points.json").json()
    wanted = theme_of_excerpts(client)
    assert sorted(points["ids"]) == sorted(wanted)
    themes = [None if at < 0 else points["names"][at]["id"] for at in points["themes"]]
    assert dict(zip(points["ids"], themes, strict=True)) == wanted


@pytest.mark.usefixtures("themed")
def test_points_say_mood_and_language_as_excerpts_do(
    client: TestClient, signed_in: TestClient
) -> None:
    points = signed_in.get("/themes/points.json").json()
    listed = client.get(f"/v1/themes/{DELIVERY.id}/excerpts?limit=500").json()["items"]
    for one in listed:
        at = points["ids"].index(one["id"])
        assert points["keys"]["mood"][points["moods"][at]] == one["sentiment"]["label"]
        assert points["keys"]["language"][points["languages"][at]] == one["language"]


@pytest.mark.usefixtures("themed")
def test_the_legend_names_themes_with_share_and_link_and_each_colour_once(
    client: TestClient, signed_in: TestClient
) -> None:
    page = signed_in.get("/themes/map").text
    wanted = theme_of_excerpts(client)
    for theme in (DELIVERY, APP):
        share = sum(one == theme.id for one in wanted.values()) / len(wanted)
        line = page.split(f'data-key="{theme.id}"')[1].split("</li>")[0]
        assert f"<small>{share * 100:.0f}%</small>" in line
        assert f'href="/themes/{theme.id}"' in line
    for by in ("theme", "mood", "language"):
        legend = page.split(f'data-by="{by}"')[1].split("</ul>")[0]
        keys, colours = zip(*SWATCHES.findall(legend), strict=True)
        assert len(set(colours)) == len(set(keys)) == len(keys)


@pytest.mark.usefixtures("themed")
def test_some_excerpts_are_shown_with_words_theme_and_case(
    client: TestClient, signed_in: TestClient
) -> None:
    one, other = client.get(f"/v1/themes/{DELIVERY.id}/excerpts").json()["items"][:2]
    piece = signed_in.get(f"/themes/map/excerpts?ids={other['id']},{one['id']},x").text
    assert re.findall(r'data-id="(\d+)"', piece) == [str(other["id"]), str(one["id"])]
    assert DELIVERY.label in piece
    assert "/cases/" in piece
    assert "<html" not in piece


@pytest.mark.usefixtures("themed")
@pytest.mark.parametrize("path", ["/themes/map/found", "/themes/map"])
def test_a_search_by_meaning_finds_the_excerpt_that_says_it(
    client: TestClient, signed_in: TestClient, path: str
) -> None:
    first = client.get(f"/v1/themes/{DELIVERY.id}/excerpts").json()["items"][0]
    page = signed_in.get(path, params={"q": f" {first['text']} "}).text
    ids = re.findall(r'data-ids="([\d,]+)"', page)[0].split(",")
    assert ids[0] == str(first["id"])
    assert re.findall(r'data-id="(\d+)"', page)[0] == str(first["id"])


@pytest.mark.usefixtures("themed")
@pytest.mark.parametrize("path", ["/themes/map/found", "/themes/map"])
def test_a_search_for_nothing_or_without_a_hit_says_what_to_write(
    signed_in: TestClient, path: str
) -> None:
    assert "then press Search" in signed_in.get(path, params={"q": "  "}).text
    without = signed_in.get(path, params={"q": "<?>"}).text
    assert "nothing to compare “&lt;?&gt;” with" in without
    assert "Write a few words" in without


@pytest.mark.usefixtures("loaded")
def test_without_themes_the_map_says_how_to_find_some(signed_in: TestClient) -> None:
    page = signed_in.get("/themes/map").text
    assert "No themes yet" in page
    assert "plotly" not in page
    assert signed_in.get("/themes/points.json").json()["ids"] == []


@pytest.mark.usefixtures("themed")
def test_with_one_theme_or_none_left_the_map_says_how_to_make_another(
    client: TestClient, signed_in: TestClient
) -> None:
    assert "one theme so far" not in signed_in.get("/themes/map").text
    for theme, told in ((APP, "There is one theme so far"), (DELIVERY, "No excerpt has a theme")):
        client.post(f"/v1/themes/{theme.id}/retire", json={"reason": "no theme"})
        assert told in signed_in.get("/themes/map").text
    points = signed_in.get("/themes/points.json").json()
    assert set(points["themes"]) == {-1}


@pytest.mark.usefixtures("themed")
def test_a_preview_of_an_edit_names_it(client: TestClient, signed_in: TestClient) -> None:
    ids = [one["id"] for one in client.get(f"/v1/themes/{APP.id}/excerpts").json()["items"]]
    fields = {"kind": "make", "name": "Both", "excerpts": ",".join(map(str, ids))}
    page = signed_in.post("/themes/edit", data=fields).text
    assert "Make" in page
    assert "“Both”" in unescape(page)
