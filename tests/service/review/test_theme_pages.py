from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.themes import ThemeModel
from service.app import create_app
from service.storage import access
from service.wiring import Odzew
from tests.answers import ANSWERS
from tests.conftest import KeyMaker, sign_in
from tests.service.themed import APP, DELIVERY, put_two_themes

LISTED = f"/themes/{DELIVERY.id}/excerpts"


@pytest.fixture
def themed(odzew: Odzew, workspace: str, loaded: dict[str, str]) -> ThemeModel:
    """Two themes over the dozen answers."""
    assert loaded
    return put_two_themes(odzew, workspace)


@pytest.fixture
def pages(themed: ThemeModel, signed_in: TestClient) -> TestClient:
    """Ewa's browser, where there are themes."""
    assert themed.themes
    return signed_in


def chosen(page: str) -> list[str]:
    """Numbers of the excerpts that a list offers."""
    return re.findall(r'name="excerpts" value="(\d+)"', page)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a preview."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def done(pages: TestClient, **fields: Any) -> Any:
    """An edit that is previewed and then made by the preview's own form."""
    shown = pages.post("/themes/edit", data=fields)
    assert shown.status_code == 200, shown.text
    return pages.post("/themes/edit", data=hidden(shown.text))


def theme_ids(client: TestClient) -> set[str]:
    return {one["id"] for one in client.get("/v1/themes").json()["items"]}


def test_the_list_has_every_excerpt_of_the_theme(client: TestClient, pages: TestClient) -> None:
    wanted = client.get(f"/v1/themes/{DELIVERY.id}/excerpts").json()["items"]
    assert chosen(pages.get(LISTED).text) == [str(one["id"]) for one in wanted]
    assert LISTED in pages.get(f"/themes/{DELIVERY.id}").text


def test_the_list_is_filtered_by_language_sentiment_and_words(
    client: TestClient, pages: TestClient
) -> None:
    wanted = client.get(f"/v1/themes/{DELIVERY.id}/excerpts").json()["items"]
    found = chosen(pages.get(f"{LISTED}?language=pl").text)
    assert found
    assert len(found) < len(wanted)
    bad = [str(one["id"]) for one in wanted if one["sentiment"]["label"] == "negative"]
    assert chosen(pages.get(f"{LISTED}?mood=negative").text) == bad
    word = wanted[0]["text"].split()[0]
    assert str(wanted[0]["id"]) in chosen(pages.get(LISTED, params={"words": word.upper()}).text)
    nothing = pages.get(f"{LISTED}?words=zzzz").text
    assert "No excerpt fits this filter" in nothing


def test_words_are_found_without_their_accents(client: TestClient, pages: TestClient) -> None:
    client.post("/v1/feedback", json={"text": "Zażółć gęślą jaźń, łódź i źdźbło w paczce."})
    client.post("/v1/feedback", json={"text": "Inny komentarz o paczce."})
    listed = [f"/themes/{one}/excerpts" for one in (DELIVERY.id, APP.id)]
    found = [
        one
        for path in (*listed, "/themes/none")
        for one in chosen(pages.get(path, params={"words": "ZDZBLO lodz"}).text)
    ]
    assert len(found) == 1


@pytest.mark.parametrize("query", ["language=xx", "mood=angry", "offset=-1", "words=" + "x" * 301])
def test_a_filter_that_is_none_is_refused(pages: TestClient, query: str) -> None:
    assert pages.get(f"{LISTED}?{query}").status_code == 422


def test_a_long_list_is_paged_and_what_lies_past_its_end_is_its_last_page(
    client: TestClient, pages: TestClient
) -> None:
    items = [{"text": f"Paczka numer {one} nie dotarła na miejsce."} for one in range(120)]
    client.post("/v1/feedback/batch", json={"items": items})
    listed = max(
        (f"/themes/{one}" for one in (f"{DELIVERY.id}/excerpts", f"{APP.id}/excerpts", "none")),
        key=lambda path: len(chosen(pages.get(path).text)),
    )
    first = pages.get(listed)
    seen, page = chosen(first.text), first
    while following := re.search(r'href="([^"]+)" rel="next"', page.text):
        page = pages.get(following[1].replace("&amp;", "&"))
        seen += chosen(page.text)
    assert len(seen) == len(set(seen)) >= 100
    assert f"of {len(seen)}" in first.text
    assert chosen(pages.get(f"{listed}?offset=9999").text) == chosen(page.text)


def test_chosen_excerpts_are_moved_and_the_list_says_so_and_undoes_it(
    client: TestClient, pages: TestClient
) -> None:
    before = chosen(pages.get(LISTED).text)
    after = done(
        pages, kind="move", source=DELIVERY.id, theme=APP.id, excerpts=before[:2], back=LISTED
    )
    assert after.url.path == LISTED
    assert "Moved excerpts" in after.text
    assert f"to “{APP.label}” · 2 excerpts moved" in after.text
    assert set(before[:2]).isdisjoint(chosen(after.text))
    undo = re.search(r'action="(/themes/changes/\d+/undo)"', after.text)
    assert undo is not None
    pages.post(undo[1])
    assert chosen(pages.get(LISTED).text) == before
    gone = client.get(f"/v1/themes/changes?theme={DELIVERY.id}").json()["items"]
    assert [one["kind"] for one in gone] == ["undo", "move", "refit"]


def test_what_does_not_belong_is_taken_out(pages: TestClient) -> None:
    own = chosen(pages.get(LISTED).text)
    done(pages, kind="take_out", source=DELIVERY.id, excerpts=own[0], back=LISTED)
    assert own[0] not in chosen(pages.get(LISTED).text)
    assert own[0] in chosen(pages.get("/themes/none").text)


def test_a_split_leads_to_the_new_theme(client: TestClient, pages: TestClient) -> None:
    before, own = theme_ids(client), chosen(pages.get(LISTED).text)
    after = done(
        pages, kind="split", source=DELIVERY.id, name="Lockers", excerpts=own[:3], back=LISTED
    )
    (made,) = theme_ids(client) - before
    assert after.url.path == f"/themes/{made}"
    assert f"“Lockers” from “{DELIVERY.label}”" in after.text


def test_all_that_fit_a_filter_are_chosen_at_once(client: TestClient, pages: TestClient) -> None:
    fields = {"kind": "move", "source": DELIVERY.id, "theme": APP.id}
    shown = pages.post("/themes/edit", data={**fields, "every": f"theme={DELIVERY.id}&language=pl"})
    wanted = chosen(pages.get(f"{LISTED}?language=pl").text)
    assert hidden(shown.text)["excerpts"].split(",") == wanted


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"kind": "move", "theme": APP.id}, 422, "at least one excerpt"),
        ({"kind": "split", "source": DELIVERY.id}, 422, "at least one excerpt"),
        ({"kind": "take_out", "source": DELIVERY.id}, 422, "at least one excerpt"),
        ({"kind": "move", "excerpts": "1"}, 422, "Choose the theme"),
        ({"kind": "split", "excerpts": "1"}, 422, "Choose the theme"),
        ({"kind": "rename", "name": "x"}, 422, "Choose a theme"),
        ({"kind": "merge", "theme": APP.id}, 422, "Choose a theme"),
        ({"kind": "move", "theme": "thm_x", "excerpts": "1"}, 422, "no theme thm_x"),
        ({"kind": "move", "theme": APP.id, "excerpts": "1,x"}, 404, "not here"),
        ({"kind": "move", "theme": APP.id, "excerpts": "9" * 5_000}, 404, "not here"),
        ({"kind": "move", "theme": APP.id, "excerpts": "9" * 19}, 404, "not here"),
        ({"kind": "juggle", "theme": APP.id}, 404, "no such edit"),
        (
            {
                "kind": "move",
                "theme": APP.id,
                "excerpts": ",".join(map(str, range(1, 10_001))),
            },
            404,
            "not here",
        ),
        (
            {"kind": "move", "theme": APP.id, "excerpts": ",".join(map(str, range(20_001)))},
            422,
            "20,000",
        ),
    ],
)
def test_a_bad_form_is_answered_with_what_to_do(
    client: TestClient, pages: TestClient, fields: dict[str, str], status: int, says: str
) -> None:
    answer = pages.post("/themes/edit", data=fields)
    assert (answer.status_code, says in answer.text) == (status, True), answer.text
    assert "“”" not in answer.text
    assert "/themes/changes" in answer.text
    assert [one["kind"] for one in client.get("/v1/themes/changes").json()["items"]] == ["refit"]


def test_ten_thousand_chosen_one_by_one_are_read(pages: TestClient) -> None:
    answer = pages.post(
        "/themes/edit",
        data={"kind": "move", "theme": APP.id, "excerpts": [str(one) for one in range(10_000)]},
    )
    assert (answer.status_code, "not here" in answer.text) == (404, True)


def test_an_edit_leads_back_to_no_other_site(pages: TestClient) -> None:
    own = chosen(pages.get(LISTED).text)
    fields = {"kind": "move", "theme": APP.id, "excerpts": own[0], "step": "make"}
    for back in ("https://elsewhere.example/", "//elsewhere.example", "/themesx"):
        answer = pages.post("/themes/edit", data={**fields, "back": back}, follow_redirects=False)
        assert answer.headers["location"].startswith(f"/themes/{APP.id}?done=")


def test_an_edit_of_themes_that_changed_meanwhile_is_shown_again(
    client: TestClient, pages: TestClient
) -> None:
    shown = pages.post("/themes/edit", data={"kind": "merge", "theme": APP.id, "into": DELIVERY.id})
    client.post(f"/v1/themes/{DELIVERY.id}/rename", json={"name": "Parcels gone"})
    answer = pages.post("/themes/edit", data=hidden(shown.text))
    assert answer.status_code == 409
    assert "Somebody changed themes after you looked" in answer.text
    assert "“Parcels gone”" in answer.text
    assert "/themes/changes" in answer.text
    assert APP.id in theme_ids(client)
    again = pages.post("/themes/edit", data=hidden(answer.text))
    assert again.url.path == f"/themes/{DELIVERY.id}"
    assert APP.id not in theme_ids(client)


def test_a_form_sent_twice_is_made_once(client: TestClient, pages: TestClient) -> None:
    shown = pages.post("/themes/edit", data={"kind": "merge", "theme": APP.id, "into": DELIVERY.id})
    assert pages.post("/themes/edit", data=hidden(shown.text)).status_code == 200
    answer = pages.post("/themes/edit", data=hidden(shown.text))
    assert answer.status_code == 409
    assert f"“{APP.label}” is no theme any more: merged into “{DELIVERY.label}”" in answer.text
    kinds = [one["kind"] for one in client.get("/v1/themes/changes").json()["items"]]
    assert kinds == ["merge", "refit"]


def test_an_empty_field_takes_a_place_away(client: TestClient, pages: TestClient) -> None:
    shown = pages.post(
        "/themes/edit", data={"kind": "place", "theme": DELIVERY.id, "touchpoint": "courier"}
    )
    assert "touchpoint Courier" in shown.text
    pages.post("/themes/edit", data=hidden(shown.text))
    assert client.get(f"/v1/themes/{DELIVERY.id}").json()["touchpoint"] == "courier"
    done(pages, kind="place", theme=DELIVERY.id, touchpoint="", parent="", owner="")
    assert client.get(f"/v1/themes/{DELIVERY.id}").json()["touchpoint"] is None


def test_the_history_says_what_themes_were_called_then(
    client: TestClient, pages: TestClient
) -> None:
    client.post(f"/v1/themes/{DELIVERY.id}/rename", json={"name": "First"})
    client.post(f"/v1/themes/{APP.id}/merge", json={"into": DELIVERY.id})
    client.post(f"/v1/themes/{DELIVERY.id}/rename", json={"name": "Second"})
    client.post(f"/v1/themes/{DELIVERY.id}/rename", json={"name": "", "language": "pl"})
    page = pages.get("/themes/changes").text
    assert f"“{DELIVERY.label}” to “First”" in page
    assert f"“{APP.label}” into “First”" in page
    assert "“First” to “Second”" in page
    assert "“Second” back to the name its own words give it (Polish)" in page
    newest = client.get("/v1/themes/changes").json()["undoable"]
    client.post(f"/v1/themes/changes/{newest}/undo")
    assert f"no. {newest}: renamed “Second” back to" in pages.get("/themes/changes").text


def test_a_refit_is_accepted_once_and_then_said_to_be(
    client: TestClient, pages: TestClient
) -> None:
    assert "accepted by Ewa" in pages.post("/themes/changes/1/accept").text
    answer = pages.post("/themes/changes/1/accept")
    assert answer.status_code == 409
    assert "accepted already, by Ewa" in answer.text
    assert 'href="/themes/changes"' in answer.text
    assert client.post("/v1/themes/changes/1/accept").status_code == 409


def test_only_refits_are_accepted(client: TestClient, pages: TestClient) -> None:
    client.post(f"/v1/themes/{APP.id}/rename", json={"name": "x"})
    assert pages.post("/themes/changes/2/accept").status_code == 422
    assert pages.post("/themes/changes/99/accept").status_code == 404


def test_an_undo_that_comes_late_says_why(client: TestClient, pages: TestClient) -> None:
    client.post(f"/v1/themes/{APP.id}/rename", json={"name": "First"})
    client.post(f"/v1/themes/{APP.id}/rename", json={"name": "Second"})
    late = pages.post("/themes/changes/2/undo")
    assert (late.status_code, "beginning with no. 3" in late.text) == (409, True)
    assert 'href="/themes/changes"' in late.text
    assert pages.post("/themes/changes/3/undo").status_code == 200
    again = pages.post("/themes/changes/3/undo")
    assert (again.status_code, "undone already, by Ewa" in again.text) == (409, True)
    assert pages.post("/themes/changes/77/undo").status_code == 404


@pytest.fixture
def stranger(odzew: Odzew, new_key: KeyMaker) -> Any:
    """A browser of another workspace of the same answers and theme ids."""
    with odzew.database.transaction() as session:
        other = access.ensure_workspace(session, "Other", datetime.now(UTC))
    key = {"Authorization": f"Bearer {new_key(other)}"}
    app = create_app(odzew)
    with TestClient(app, headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}) as found:
        sent = found.post("/v1/feedback/batch", json={"items": ANSWERS}, headers=key)
        assert sent.status_code == 200
        put_two_themes(odzew, other)
        found.get(sign_in(odzew, other, "Olaf"))
        yield found


def test_workspaces_hold_the_same_theme_ids_and_see_only_their_own(
    client: TestClient, pages: TestClient, stranger: TestClient
) -> None:
    client.post(f"/v1/themes/{DELIVERY.id}/rename", json={"name": "Ours"})
    assert "Ours" in pages.get(f"/themes/{DELIVERY.id}").text
    assert "Ours" not in stranger.get(f"/themes/{DELIVERY.id}").text
    assert "Ours" not in stranger.get("/themes/export.csv").text
    ours, theirs = (set(chosen(one.get(LISTED).text)) for one in (pages, stranger))
    assert ours
    assert theirs
    assert ours.isdisjoint(theirs)
    fields = {"kind": "move", "theme": APP.id, "excerpts": ",".join(ours)}
    assert stranger.post("/themes/edit", data=fields).status_code == 404
    assert stranger.post("/themes/changes/3/undo").status_code == 404
    assert stranger.get(f"{LISTED}?done=3").text.count("Renamed") == 0


def test_a_rename_says_in_which_languages(pages: TestClient) -> None:
    fields = {"kind": "rename", "theme": APP.id, "name": "Mobile"}
    every = pages.post("/themes/edit", data=fields).text
    assert "to “Mobile” (Polish, Czech, Estonian and English)" in every
    one = pages.post("/themes/edit", data={**fields, "language": "et"}).text
    assert "to “Mobile” (Estonian)" in one


def test_an_edit_that_cannot_be_done_says_so_in_its_heading(pages: TestClient) -> None:
    own = chosen(pages.get(LISTED).text)
    shown = pages.post(
        "/themes/edit", data={"kind": "split", "source": DELIVERY.id, "excerpts": own[:2]}
    )
    assert shown.status_code == 422
    assert "<h1>This cannot be done</h1>" in shown.text
    assert "What this would do" not in shown.text


def test_a_phrase_that_is_pinned_elsewhere_is_told_before_it_is_moved(pages: TestClient) -> None:
    fields = {"kind": "pin", "phrase": "zwrot środków"}
    done(pages, **fields, theme=APP.id)
    shown = pages.post("/themes/edit", data={**fields, "theme": DELIVERY.id}).text
    assert f"pinned to “{APP.label}” already" in shown


def test_a_theme_is_called_by_its_name_in_the_readers_language(pages: TestClient) -> None:
    for code, name in (("pl", "Zaginiona paczka"), ("en", "Parcel lost"), ("cs", "Parcel lost")):
        for path in ("/themes", f"/themes/{DELIVERY.id}", "/queue?state=all"):
            assert name in pages.get(path, headers={"Accept-Language": code}).text, (code, path)


def test_why_a_theme_is_none_any_more_is_told_in_the_readers_language(pages: TestClient) -> None:
    shown = pages.post("/themes/edit", data={"kind": "merge", "theme": APP.id, "into": DELIVERY.id})
    pages.post("/themes/edit", data=hidden(shown.text))
    for code, said in (
        ("pl", "połączono z tematem „"),
        ("cs", "sloučeno s tématem „"),
        ("et", "ühendatud teemaga „"),
    ):
        for address in ("/themes", f"/themes/{APP.id}"):
            page = pages.get(address, headers={"Accept-Language": code}).text
            assert said in page
            assert "merged into" not in page


def test_the_field_for_touchpoints_begins_with_those_in_use(pages: TestClient) -> None:
    field = pages.get("/themes/touchpoints").text.partition("<textarea")[2]
    assert "- key: advertising" in field.partition("</textarea>")[0]
