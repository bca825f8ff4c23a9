"""Pages of actions, of praise passed on, and of a draft written anew."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from service.storage.answer_tables import ExcerptRow
from service.wiring import Odzew
from tests.service.test_action_desk import DONE, LOST, end, felt, raise_it
from tests.service.themed import DELIVERY, put_two_themes


@pytest.fixture(autouse=True)
def _themes(odzew: Odzew, workspace: str, loaded: dict[str, str], reviewers: None) -> None:
    put_two_themes(odzew, workspace)


def planned(signed_in: TestClient) -> str:
    """Address of an action that Ewa plans on the page of a theme."""
    form = {"theme": DELIVERY.id, "title": "Ring <before> the courier comes", "owner": "Jan"}
    page = signed_in.post("/actions", data=form)
    assert page.status_code == 200
    return str(page.url.path)


def told(signed_in: TestClient, address: str) -> Any:
    return signed_in.post(address, data={"step": "finish", **DONE})


def offered(page: str) -> list[str]:
    """Messages that can be ticked."""
    return re.findall(r'name="chosen" value="(\w+)"(?![^>]* disabled)', page)


def ticked(page: str) -> list[str]:
    return re.findall(r'name="chosen" value="(\w+)"[^>]* checked', page)


def test_an_action_is_planned_on_its_theme_and_listed(signed_in: TestClient) -> None:
    address = planned(signed_in)
    for page in ("/actions", f"/themes/{DELIVERY.id}", address):
        text = signed_in.get(page).text
        assert "Ring &lt;before&gt; the courier comes" in text
        assert "planned" in text.lower()
    assert signed_in.post(address, data={"step": "start"}).status_code == 200
    assert "Under way" in signed_in.get("/actions").text


def test_what_was_typed_stays_where_it_cannot_be_told_so(signed_in: TestClient) -> None:
    address = planned(signed_in)
    page = signed_in.post(address, data={"step": "finish", "pl": DONE["pl"], "en": "too short"})
    assert page.status_code == 409
    assert "Write whole sentences (en)" in page.text
    assert DONE["pl"] in page.text
    assert "too short" in page.text
    assert "<details open>" in page.text


def test_messages_are_drafted_read_approved_and_sent_from_the_page(
    client: TestClient, signed_in: TestClient
) -> None:
    end(client, *(raise_it(client, f"a-{number}") for number in range(2)))
    address = planned(signed_in)
    page = told(signed_in, address)
    assert "2 customers are not written to yet." in page.text
    page = signed_in.post(f"{address}/letters", data={"action": "draft"})
    assert "2 messages were drafted." in page.text
    assert page.text.count("Anna Lis") == 2 * 2  # a link and a box to tick for each
    chosen = offered(page.text)
    page = signed_in.post(f"{address}/letters", data={"action": "approve", "chosen": chosen})
    assert "2 messages are approved." in page.text
    sent = {"action": "send", "way": "by_hand", "chosen": ticked(page.text)}
    page = signed_in.post(f"{address}/letters", data=sent)
    assert "2 messages are in the outbox." in page.text
    assert not offered(page.text)


def test_only_those_whose_own_words_bear_it_out_are_ticked(
    client: TestClient, signed_in: TestClient, odzew: Odzew
) -> None:
    end(client, sure := raise_it(client, "sure"), raise_it(client, "unsure"))
    feedback = client.get(f"/v1/cases/{sure}").json()["feedback"]["id"]
    with odzew.database.transaction() as session:
        session.execute(
            update(ExcerptRow)
            .where(ExcerptRow.feedback_id == feedback)
            .values(concept="delivery_late")
        )
    address = planned(signed_in)
    told(signed_in, address)
    page = signed_in.post(f"{address}/letters", data={"action": "draft"}).text
    assert len(offered(page)) == 2
    assert ticked(page) == offered(page)[:1]
    assert page.count("Is this about it?") == 1
    assert page.count(LOST) == 2


def test_messages_that_stand_in_the_way_of_better_words_are_written_anew(
    client: TestClient, signed_in: TestClient
) -> None:
    end(client, *(raise_it(client, f"a-{number}") for number in range(3)))
    address = planned(signed_in)
    told(signed_in, address)
    page = signed_in.post(f"{address}/letters", data={"action": "draft"})
    first, second, third = offered(page.text)
    signed_in.post(f"{address}/letters", data={"action": "approve", "chosen": first})
    signed_in.post(f"/drafts/{second}", data={"action": "reject", "reason": "Too blunt"})
    words = {**DONE, "pl": "Kurierzy dzwonią teraz godzinę przed przyjazdem."}
    page = signed_in.post(address, data={"step": "finish", **words})
    assert "2 customers are not written to yet." in page.text
    shown = signed_in.post(f"{address}/letters", data={"action": "draft"}).text
    assert shown.count(words["pl"]) >= 2
    assert first in offered(shown)
    assert third not in offered(shown)


@pytest.mark.parametrize(
    ("language", "words", "said"),
    [
        ("pl", "Jesteście debilami, więc to zmieniliśmy.", "rude word"),
        ("pl", "Zwrócimy każdemu 50 zł i damy kupon rabatowy.", "not allowed"),
        (
            "pl",
            "We have changed everything about our couriers since then.",
            "look like the language",
        ),
    ],
)
def test_what_customers_must_not_read_does_not_end_an_action(
    signed_in: TestClient, language: str, words: str, said: str
) -> None:
    address = planned(signed_in)
    page = signed_in.post(address, data={"step": "finish", language: words})
    assert page.status_code == 409
    assert said in page.text
    assert "planned" in page.text


def test_what_cannot_be_sent_is_told_with_how_many(
    client: TestClient, signed_in: TestClient
) -> None:
    end(client, *(raise_it(client, f"a-{number}") for number in range(2)))
    address = planned(signed_in)
    told(signed_in, address)
    page = signed_in.post(f"{address}/letters", data={"action": "draft"})
    sent = {"action": "send", "way": "by_hand", "chosen": offered(page.text)}
    page = signed_in.post(f"{address}/letters", data=sent)
    assert page.status_code == 409
    assert "2 × This draft is not approved. Approve it first." in page.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"action": "approve"}, "Tick the messages"),
        ({"action": "burn", "chosen": "drf_1"}, "Messages can be drafted, approved or sent."),
        ({"action": "approve", "chosen": "drf_none"}, "1 × There is no draft drf_none here."),
        ({"action": "draft"}, "Say first that it is done"),
    ],
)
def test_a_form_that_asks_for_nothing_sensible_is_told(
    signed_in: TestClient, form: dict[str, str], said: str
) -> None:
    page = signed_in.post(f"{planned(signed_in)}/letters", data=form)
    assert page.status_code == 409
    assert said in page.text


def test_the_silent_are_told_on_the_page_and_only_ways_that_are_there_are_offered(
    signed_in: TestClient,
) -> None:
    address = planned(signed_in)
    page = told(signed_in, address).text
    assert "Those who did not answer" in page
    assert DONE["en"] in page
    assert 'value="mail"' not in page


def test_a_theme_or_action_that_is_not_here_is_no_page(signed_in: TestClient) -> None:
    assert signed_in.get("/actions/act_none").status_code == 404
    form = {"theme": "thm_none", "title": "x"}
    assert signed_in.post("/actions", data=form).status_code == 404


def praised(client: TestClient, text: str) -> str:
    body = {"text": text, "score": 10, "respondent": {"id": "kind", "name": "Jan Nowak"}}
    taken = client.post("/v1/feedback", json=body).json()
    felt(client, taken["id"], 0.9)
    return str(taken["case_id"])


def test_praise_is_passed_on_from_its_case(client: TestClient, signed_in: TestClient) -> None:
    case = praised(client, "Pani Katarzyna z infolinii była bardzo miła i pomocna.")
    assert f"/cases/{case}/praise" in signed_in.get(f"/cases/{case}").text
    page = signed_in.get(f"/cases/{case}/praise")
    assert page.status_code == 200
    assert 'value="Katarzyna"' in page.text
    assert "Pani Katarzyno" in page.text
    named = signed_in.get(f"/cases/{case}/praise?name=Marek%20Lis&turn=1").text
    assert "Panie Marku" in named
    note = client.get(f"/v1/cases/{case}/praise?name=Marek%20Lis").json()
    assert (note["name"], note["language"]) == ("Marek Lis", "pl")
    assert note["body"].startswith("Panie Marku")


@pytest.mark.parametrize("name", ["<script>", "{{ 7*7 }}", "a" * 200, "Иван", "x@y.example"])
def test_a_name_that_cannot_be_written_is_in_no_salutation(
    client: TestClient, signed_in: TestClient, name: str
) -> None:
    case = praised(client, "Pani Katarzyna z infolinii była bardzo miła i pomocna.")
    note = client.get(f"/v1/cases/{case}/praise", params={"name": name}).json()
    assert note["body"].startswith("Szanowni Państwo,")
    page = signed_in.get(f"/cases/{case}/praise", params={"name": name})
    assert page.status_code == 200
    assert "<script>" not in page.text


def test_a_case_without_praise_has_no_note(client: TestClient, signed_in: TestClient) -> None:
    case = raise_it(client, "a-1")
    assert "/praise" not in signed_in.get(f"/cases/{case}").text
    assert signed_in.get(f"/cases/{case}/praise").status_code == 422
    assert signed_in.get("/cases/cas_none/praise").status_code == 404


def test_a_draft_is_written_anew_for_another_channel(
    client: TestClient, signed_in: TestClient
) -> None:
    case = raise_it(client, "a-1", phone="+48 600 100 200")
    page = signed_in.post(f"/cases/{case}/redraft", data={"channel": "sms"})
    assert page.status_code == 200
    first, second = client.get(f"/v1/cases/{case}/drafts").json()["items"]
    assert (first["number"], second["number"], second["author"]) == (1, 2, "odzew")
    assert first["subject"]
    assert not second["subject"]
    assert 'name="subject"' not in page.text
    saved = {"action": "save", "subject": "", "body": second["body"] + " PS."}
    assert signed_in.post(f"/drafts/{second['id']}", data=saved).status_code == 200
    assert len(client.get(f"/v1/cases/{case}/drafts").json()["items"]) == 3
    refused = signed_in.post(f"/cases/{case}/redraft", data={"channel": "email"})
    assert refused.status_code == 409
    assert "Ewa is at work on this draft." in refused.text


def test_a_suggestion_is_refused_with_the_reason(client: TestClient, signed_in: TestClient) -> None:
    case = raise_it(client, "a-1", "Proponuję, żeby kurier dzwonił przed przyjazdem.")
    because = "Kurierzy nie mają na to czasu na trasie."
    form = {"action": "decline", "because": because}
    assert signed_in.post(f"/cases/{case}/redraft", data=form).status_code == 200
    draft = client.get(f"/v1/cases/{case}/drafts").json()["items"][-1]
    assert draft["purpose"] == "declined"
    assert because in draft["body"].replace("\N{NO-BREAK SPACE}", " ")
    empty = signed_in.post(f"/cases/{case}/redraft", data={"action": "decline", "because": " "})
    assert empty.status_code == 409
    assert "Say in a whole sentence" in empty.text


def test_a_reason_in_another_language_blocks_the_message(
    client: TestClient, signed_in: TestClient
) -> None:
    case = raise_it(client, "a-1", "Proponuję, żeby kurier dzwonił przed przyjazdem.")
    because = "Our couriers have no time for that on their way, we are sorry to say."
    body = {"because": because}
    draft = client.post(f"/v1/cases/{case}/drafts", json=body).json()
    page = signed_in.get(f"/cases/{case}").text
    assert "does not look like the language of the message" in page
    refused = client.post(f"/v1/drafts/{draft['id']}/approve", json={"person": "Ewa"})
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"channel": "pigeon"}, "There is no channel pigeon."),
        ({"because": "nie"}, "Write whole sentences (pl)"),
        ({"because": "Patrz {{ contact }} i tyle na ten temat."}, "plain words"),
    ],
)
def test_what_cannot_be_drafted_is_told(
    client: TestClient, body: dict[str, str], said: str
) -> None:
    case = raise_it(client, "a-1")
    answer = client.post(f"/v1/cases/{case}/drafts", json=body)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert len(client.get(f"/v1/cases/{case}/drafts").json()["items"]) == 1


def test_who_wants_no_contact_is_not_drafted_to(client: TestClient) -> None:
    case = raise_it(client, "a-1", "Paczka zginęła. Proszę się ze mną nie kontaktować.")
    answer = client.post(f"/v1/cases/{case}/drafts", json={})
    assert answer.status_code == 422
    assert "asked not to be contacted" in answer.json()["detail"]
