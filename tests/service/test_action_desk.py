"""Actions through the API and the desk: planned, ended, and told to those who raised the theme."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from service.action_desk import ActionDesk
from service.storage.actions import ActionRepository
from service.storage.answer_tables import ExcerptRow
from service.storage.do_not_contact import DoNotContact
from service.storage.drafts import DraftRepository
from service.wiring import Odzew
from tests.service.themed import APP, DELIVERY, put_two_themes

LOST = "Kurier zostawił paczkę pod drzwiami i zginęła."
DONE = {"pl": "Kurierzy dzwonią teraz przed przyjazdem.", "en": "Couriers ring first now, always."}


@pytest.fixture(autouse=True)
def _themes(odzew: Odzew, workspace: str, loaded: dict[str, str], reviewers: None) -> None:
    put_two_themes(odzew, workspace)


def raise_it(client: TestClient, name: str, text: str = LOST, **more: Any) -> str:
    """A customer raises the theme; gives the id of their case."""
    person = {"id": name, "name": "Anna Lis", "email": f"{name}@example.com", **more}
    body = {"text": text, "score": 3, "respondent": person}
    taken = client.post("/v1/feedback", json=body).json()
    felt(client, taken["id"], -0.8)
    return str(taken["case_id"])


def felt(client: TestClient, feedback: str, score: float) -> None:
    """Give an answer the sentiment that the stand-in encoder cannot read in it."""
    app: Any = client.app
    with app.state.odzew.database.transaction() as session:
        session.execute(
            update(ExcerptRow)
            .where(ExcerptRow.feedback_id == feedback)
            .values(sentiment_score=score)
        )


def end(client: TestClient, *cases: str) -> None:
    for case in cases:
        move = {"note": "Told on the phone"}
        assert client.post(f"/v1/cases/{case}/close", json=move).status_code == 200


def plan(client: TestClient, theme: str = DELIVERY.id) -> str:
    body = {"theme": theme, "title": "Couriers ring first", "owner": "Ewa"}
    answer = client.post("/v1/actions", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def done(client: TestClient) -> str:
    action = plan(client)
    answer = client.post(f"/v1/actions/{action}/finish", json={"words": DONE})
    assert (answer.status_code, answer.json()["state"]) == (200, "done")
    return action


def letters(client: TestClient, action: str) -> list[dict[str, Any]]:
    return list(client.get(f"/v1/actions/{action}/drafts").json()["items"])


def test_those_who_raised_it_are_drafted_a_message_once(client: TestClient) -> None:
    end(client, case := raise_it(client, "a-1"))
    action = done(client)
    shown = client.get(f"/v1/actions/{action}").json()
    assert shown["to_write"] == 1
    assert client.post(f"/v1/actions/{action}/drafts").json() == {"drafted": 1}
    (letter,) = letters(client, action)
    assert (letter["case_id"], letter["purpose"], letter["state"]) == (case, "we_did", "draft")
    assert DONE["pl"] in letter["body"].replace("\N{NO-BREAK SPACE}", " ")
    assert client.post(f"/v1/actions/{action}/drafts").json() == {"drafted": 0}
    assert client.get(f"/v1/actions/{action}").json()["left_out"]["told"] == 1
    assert client.get(f"/v1/cases/{case}").json()["state"] == "closed"


def test_who_is_not_written_to_is_counted_with_the_reason(
    client: TestClient, odzew: Odzew, workspace: str
) -> None:
    end(client, raise_it(client, "a-1"))
    raise_it(client, "still-open")
    end(client, raise_it(client, "no-address", email=None))
    end(client, raise_it(client, "listed"))
    with odzew.database.transaction() as session:
        DoNotContact(session, workspace).add(
            "listed@example.com", why="", who="Ewa", at=datetime.now(UTC)
        )
    shown = client.get(f"/v1/actions/{done(client)}").json()
    assert shown["to_write"] == 1
    left = shown["left_out"]
    assert {name: left[name] for name in ("no_address", "listed")} == {
        **{"no_address": 1, "listed": 1}
    }
    assert left["open"] == 1


def test_who_wrote_after_it_was_done_is_not_told(client: TestClient) -> None:
    action = done(client)
    end(client, raise_it(client, "later"))
    assert client.get(f"/v1/actions/{action}").json()["to_write"] == 0


def test_a_message_about_an_action_is_approved_and_sent_and_its_case_stays_closed(
    client: TestClient,
) -> None:
    end(client, case := raise_it(client, "a-1"))
    action = done(client)
    client.post(f"/v1/actions/{action}/drafts")
    (letter,) = letters(client, action)
    refused = client.post(
        f"/v1/drafts/{letter['id']}/send", json={"way": "by_hand", "person": "Ewa"}
    )
    assert refused.status_code == 409
    approved = client.post(f"/v1/drafts/{letter['id']}/approve", json={"person": "Ewa"})
    assert approved.status_code == 200, approved.text
    sent = client.post(f"/v1/drafts/{letter['id']}/send", json={"way": "by_hand", "person": "Ewa"})
    assert sent.status_code == 200, sent.text
    assert letters(client, action)[0]["message"]["state"] == "sent"
    assert client.get(f"/v1/cases/{case}").json()["state"] == "closed"


def test_several_are_approved_and_sent_each_by_itself(
    client: TestClient, odzew: Odzew, workspace: str
) -> None:
    end(client, *(raise_it(client, f"a-{number}") for number in range(3)))
    action = done(client)
    client.post(f"/v1/actions/{action}/drafts")
    ids = [one["id"] for one in letters(client, action)]
    client.post(f"/v1/drafts/{ids[0]}/reject", json={"reason": "Not this one"})
    desk, now = ActionDesk(odzew, workspace, "Ewa"), datetime.now(UTC)
    outcome = desk.approve(ids, now)
    assert outcome.count == 2
    assert [one for one, _ in outcome.refused] == [ids[0]]
    sent = desk.send(ids, "export", now)
    assert (sent.count, len(sent.refused)) == (2, 1)
    states = {one["id"]: one["state"] for one in letters(client, action)}
    assert states == {ids[0]: "rejected", ids[1]: "sent", ids[2]: "sent"}


def test_who_writes_again_is_answered_instead(client: TestClient) -> None:
    end(client, raise_it(client, "a-1"))
    action = done(client)
    client.post(f"/v1/actions/{action}/drafts")
    (letter,) = letters(client, action)
    raise_it(client, "a-1", "Znowu to samo, paczka zginęła!")
    newest = letters(client, action)
    if newest[0]["id"] != letter["id"]:  # the case was opened again, with an answer
        assert newest[0]["purpose"] == "answer"
        approve = client.post(f"/v1/drafts/{letter['id']}/approve", json={"person": "Ewa"})
        assert approve.status_code == 409


def test_a_refusal_goes_to_those_who_suggested_something(client: TestClient) -> None:
    end(client, raise_it(client, "complains"))
    wish = f"{LOST} Proponuję, żeby kurier dzwonił przed przyjazdem."
    end(client, raise_it(client, "suggests", wish))
    action = plan(client)
    words = {"words": {"pl": "Kurierzy mają na to za mało czasu na trasie."}}
    assert client.post(f"/v1/actions/{action}/decline", json=words).status_code == 200
    shown = client.get(f"/v1/actions/{action}").json()
    assert shown["to_those_who_did_not_answer"] == []
    assert shown["to_write"] <= 1
    assert "complains" not in str(letters(client, action))


def test_the_silent_are_told_in_each_language_with_words(client: TestClient) -> None:
    shown = client.get(f"/v1/actions/{done(client)}").json()
    texts = {one["language"]: one for one in shown["to_those_who_did_not_answer"]}
    assert set(texts) == set(DONE)
    for code, one in texts.items():
        assert DONE[code] in one["body"].replace("\N{NO-BREAK SPACE}", " ")
        assert not [found for found in one["findings"] if found["weight"] == "blocking"]


def test_an_answer_says_that_something_is_being_done_where_it_surely_is_about_that(
    client: TestClient, odzew: Odzew, workspace: str
) -> None:
    client.post(f"/v1/actions/{plan(client)}/start")
    with odzew.database.snapshot() as session:
        assert ActionRepository(session, workspace).in_use()[DELIVERY.id].state == "under_way"
    case = raise_it(client, "a-1")
    for concept, doing in ((None, None), ("delivery_late", "under_way")):
        with odzew.database.transaction() as session:
            session.execute(update(ExcerptRow).values(concept=concept))
        draft = client.post(f"/v1/cases/{case}/drafts", json={}).json()
        with odzew.database.snapshot() as session:
            kept = DraftRepository(session, workspace).get(draft["id"]).plan
        assert kept["plan"]["doing"] == doing
        assert ("action" in {one["part"] for one in kept["said"]}) == (doing is not None)


def test_an_action_of_a_merged_theme_is_against_the_one_it_became(
    client: TestClient, odzew: Odzew, workspace: str
) -> None:
    action = plan(client, APP.id)
    merged = client.post(f"/v1/themes/{APP.id}/merge", json={"into": DELIVERY.id})
    assert merged.status_code == 200, merged.text
    items = client.get(f"/v1/actions?theme={DELIVERY.id}").json()["items"]
    assert [one["id"] for one in items] == [action]
    refused = client.post("/v1/actions", json={"theme": APP.id, "title": "Too late"})
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/v1/actions", {"theme": "thm_none", "title": "x"}, 404, "no such theme"),
        ("/v1/actions", {"theme": DELIVERY.id, "title": " "}, 422, "Say in a few words"),
        ("/v1/actions/act_none/start", None, 404, "There is no action act_none"),
        ("/v1/actions/{id}/finish", {"words": {}}, 422, "at least one language"),
        ("/v1/actions/{id}/finish", {"words": {"de": "Wir rufen an, immer."}}, 422, "language de"),
        ("/v1/actions/{id}/reopen", None, 409, "cannot take this step"),
        ("/v1/actions/{id}/burn", None, 422, "There is no step burn"),
        ("/v1/actions/{id}/drafts", None, 422, "Say first that it is done"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(
    client: TestClient, path: str, body: Any, status: int, said: str
) -> None:
    action = plan(client)
    before = client.get("/v1/actions").json()
    answer = client.post(path.format(id=action), json=body)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text
    assert client.get("/v1/actions").json() == before


def test_who_waits_for_a_message_about_another_action_is_not_drafted_a_second(
    client: TestClient,
) -> None:
    end(client, raise_it(client, "a-1"))
    first, second = done(client), done(client)
    assert client.post(f"/v1/actions/{first}/drafts").json() == {"drafted": 1}
    for _ in range(2):
        assert client.post(f"/v1/actions/{second}/drafts").json() == {"drafted": 0}
        assert client.post(f"/v1/actions/{first}/drafts").json() == {"drafted": 0}
    assert client.get(f"/v1/actions/{second}").json()["left_out"]["busy"] == 1
    (letter,) = letters(client, first)
    client.post(f"/v1/drafts/{letter['id']}/approve", json={"person": "Ewa"})
    client.post(f"/v1/drafts/{letter['id']}/send", json={"way": "by_hand", "person": "Ewa"})
    assert client.post(f"/v1/actions/{second}/drafts").json() == {"drafted": 1}


def test_what_hardly_complains_raised_nothing(client: TestClient) -> None:
    person = {"id": "mild", "name": "Anna Lis", "email": "mild@example.com"}
    taken = client.post("/v1/feedback", json={"text": LOST, "score": 3, "respondent": person})
    felt(client, taken.json()["id"], -0.05)
    end(client, str(taken.json()["case_id"]))
    assert client.get(f"/v1/actions/{done(client)}").json()["to_write"] == 0
