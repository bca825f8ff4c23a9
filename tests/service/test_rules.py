from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from pipelines.rules import KINDS
from pipelines.rules.documents import shipped
from service.storage import access
from service.storage.rules import RuleRepository
from service.wiring import Odzew
from tests.answers import ANSWERS


def urgent_waiting() -> str:
    entries = yaml.safe_load(shipped("weights"))
    entries["signals"]["waiting"] = 77
    return str(yaml.safe_dump(entries))


def post(browser: TestClient, kind: str, action: str, content: str, seen: int = 0) -> Any:
    form = {"action": action, "content": content, "seen": str(seen)}
    return browser.post(f"/rules/{kind}", data=form)


@pytest.mark.parametrize("kind", KINDS)
def test_each_document_has_a_page_with_what_is_in_use(signed_in: TestClient, kind: str) -> None:
    page = signed_in.get(f"/rules/{kind}")
    assert page.status_code == 200
    (shown,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.DOTALL)
    assert yaml.safe_load(unescape(shown)) == yaml.safe_load(shipped(kind))
    assert "come with Odzew" in page.text


def test_rules_that_nobody_knows_are_not_found(signed_in: TestClient) -> None:
    assert signed_in.get("/rules/dice").status_code == 404
    form = {"action": "use", "content": "", "seen": "0"}
    assert signed_in.post("/rules/dice", data=form).status_code == 404


def test_pages_of_rules_ask_who_it_is(browser: TestClient) -> None:
    assert browser.get("/rules/weights").status_code == 401


def test_a_trial_shows_the_new_order_and_changes_nothing(
    signed_in: TestClient, loaded: dict[str, str], odzew: Odzew, workspace: str
) -> None:
    before = odzew.rules(workspace)
    page = signed_in.post(
        "/rules/weights", data={"action": "try", "content": urgent_waiting(), "seen": "0"}
    )
    assert page.status_code == 200
    assert "What this would have done" in page.text
    cases = re.findall(r'href="/cases/(cas_\w+)"', page.text)
    assert 5 <= len(cases) <= len(ANSWERS)
    assert "waiting: 77" in page.text, "what was typed stays"
    assert odzew.rules(workspace) is before


def test_weights_put_in_use_judge_what_arrives_from_then_on(
    signed_in: TestClient, client: TestClient, odzew: Odzew, workspace: str
) -> None:
    body = {"text": "I had to wait two hours in the queue at the counter.", "score": 3}
    before = client.post("/v1/classify", json=body).json()
    assert "waiting" in before["signals"]
    page = signed_in.post(
        "/rules/weights",
        data={"action": "use", "content": urgent_waiting(), "seen": "0"},
        follow_redirects=True,
    )
    assert page.status_code == 200
    assert "Your own rules" in page.text
    after = client.post("/v1/classify", json=body).json()
    points = {one["code"]: one["points"] for one in after["priority"]["reasons"]}
    assert points["waiting"] == 77
    assert after["priority"]["score"] > before["priority"]["score"]
    assert odzew.rules(workspace).weights.signals["waiting"] == 77


def test_shipped_rules_come_back_and_every_version_is_kept(
    signed_in: TestClient, odzew: Odzew, workspace: str
) -> None:
    post(signed_in, "weights", "use", urgent_waiting())
    with odzew.database.snapshot() as session:
        (first,) = RuleRepository(session, workspace).history("weights")
        assert first.who == "Ewa"
    post(signed_in, "weights", "use", "", seen=first.id)
    with odzew.database.snapshot() as session:
        newest, oldest = RuleRepository(session, workspace).history("weights")
    assert (newest.content, oldest.id) == ("", first.id)
    assert odzew.rules(workspace).weights.signals["waiting"] != 77


def test_whoever_comes_second_is_told_and_loses_nothing(signed_in: TestClient) -> None:
    post(signed_in, "weights", "use", urgent_waiting())
    page = signed_in.post(
        "/rules/weights", data={"action": "use", "content": "# mine\n", "seen": "0"}
    )
    assert page.status_code in (409, 422)
    late = signed_in.post(
        "/rules/weights", data={"action": "use", "content": urgent_waiting(), "seen": "0"}
    )
    assert late.status_code == 409
    assert "Somebody put other rules in use" in late.text
    assert "waiting: 77" in late.text


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("clock", "week: [", "no YAML"),
        ("clock", "zone: Mars/Olympus", "no IANA time zone"),
        ("weights", "segments: {detractor: many}", "segments.detractor"),
        ("weights", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "document"),
    ],
)
def test_bad_rules_are_refused_with_the_entry_named_and_kept_on_the_page(
    signed_in: TestClient, odzew: Odzew, workspace: str, kind: str, content: str, words: str
) -> None:
    for action in ("try", "use"):
        page = signed_in.post(
            f"/rules/{kind}", data={"action": action, "content": content, "seen": "0"}
        )
        assert page.status_code == 422
        assert words in unescape(page.text)
    with odzew.database.snapshot() as session:
        assert RuleRepository(session, workspace).history(kind) == []


def test_a_clock_put_in_use_sets_when_new_answers_are_due(
    signed_in: TestClient, client: TestClient
) -> None:
    entries = yaml.safe_load(shipped("clock"))
    entries["segments"]["detractor"] = {"hours": 1, "running": "always"}
    entries["priorities"] = {}
    post(signed_in, "clock", "use", yaml.safe_dump(entries))
    found = client.post("/v1/classify", json={"text": "Nobody came.", "score": 1}).json()
    left = datetime.fromisoformat(found["priority"]["respond_by"]) - datetime.now(UTC)
    assert timedelta(minutes=55) < left <= timedelta(hours=1)
    page = signed_in.get("/rules/clock")
    assert "Examples" in page.text


def test_rules_of_one_workspace_are_not_anothers(
    signed_in: TestClient, odzew: Odzew, workspace: str
) -> None:
    post(signed_in, "weights", "use", urgent_waiting())
    with odzew.database.transaction() as session:
        other = access.ensure_workspace(session, "Other", datetime.now(UTC))
    assert odzew.rules(workspace).weights.signals["waiting"] == 77
    assert odzew.rules(other).weights.signals["waiting"] != 77


TEAM = "members: {Anna: {capacity: 3}}\n"


@pytest.mark.parametrize(
    ("kind", "content", "english", "polish"),
    [
        ("clock", "week: [1]", "week: give names with", "week: podaj nazwy z wartościami"),
        ("clock", "zone: Mars", "“Mars” is no IANA time zone", "„Mars” nie jest strefą czasową"),
        ("clock", "{}", "week: this is missing", "week: brakuje tej wartości"),
        ("weights", "unsure: yes", "unsure: give a whole number", "unsure: podaj liczbę całkowitą"),
        ("weights", "extra: 1", "extra: there is no such entry", "extra: nie ma takiej pozycji"),
        ("team", "members: {Anna: {capacity: true}}", "give a whole number", "liczbę całkowitą"),
        ("team", "members: {Anna: {email: anna}}", "“anna” is no e-mail", "„anna” to nie adres"),
        ("team", "members: {Anna: {email: a@b}}", "“a@b” is no e-mail", "„a@b” to nie adres"),
        ("team", TEAM + TEAM, "“members” stands twice", "„members” występuje dwa razy"),
        ("team", TEAM + "default_owner: Bob", "nobody here is called Bob", "nie ma tu nikogo"),
        (
            "team",
            TEAM + "rules: [{when: {theme: thm_none}, to: [Anna]}]",
            "rules.1.when.theme: there is no theme thm_none",
            "rules.1.when.theme: nie ma tematu thm_none",
        ),
        (
            "team",
            "members: {Anna: {area: {themes: [thm_none]}}}",
            "members.Anna.area.themes: there is no theme",
            "nie ma tematu thm_none",
        ),
        ("team", TEAM + "rules: [{when: {language: xx}, to: [Anna]}]", "“xx” is no", "„xx” nie"),
    ],
)
def test_a_mistake_is_told_plainly_in_the_readers_language_and_nothing_is_stored(
    signed_in: TestClient,
    odzew: Odzew,
    workspace: str,
    kind: str,
    content: str,
    english: str,
    polish: str,
) -> None:
    form = {"action": "use", "content": content, "seen": "0"}
    for code, said in (("en", english), ("pl", polish)):
        page = signed_in.post(f"/rules/{kind}", data=form, headers={"Accept-Language": code})
        assert page.status_code == 422
        assert said in unescape(page.text)
        assert "Input should" not in page.text
        assert "Field required" not in page.text
    with odzew.database.snapshot() as session:
        assert RuleRepository(session, workspace).history(kind) == []


def test_a_theme_of_weights_must_be_there(signed_in: TestClient) -> None:
    entries = {**yaml.safe_load(shipped("weights")), "themes": {"thm_none": 6}}
    form = {"action": "try", "content": yaml.safe_dump(entries), "seen": "0"}
    page = signed_in.post("/rules/weights", data=form)
    assert page.status_code == 422
    assert "themes.thm_none: there is no theme thm_none" in page.text


def test_a_default_owner_is_a_member_or_somebody_who_has_signed_in(
    signed_in: TestClient, odzew: Odzew, workspace: str
) -> None:
    page = signed_in.post(
        "/rules/team",
        data={"action": "use", "content": TEAM + "default_owner: Ewa", "seen": "0"},
    )
    assert page.status_code == 200
    assert odzew.rules(workspace).team.default_owner == "Ewa"


def test_norway_has_holidays(signed_in: TestClient, odzew: Odzew, workspace: str) -> None:
    content = shipped("clock").replace("holidays: [PL]", "holidays: [NO]")
    post(signed_in, "clock", "use", content)
    assert odzew.rules(workspace).clock.calendar.is_free(date(2027, 5, 17))


def test_stored_rules_that_are_not_taken_any_more_stop_nothing_and_say_so(
    signed_in: TestClient, client: TestClient, odzew: Odzew, workspace: str
) -> None:
    with odzew.database.transaction() as session:
        RuleRepository(session, workspace).put(
            "team", "members: {}\nmembers: {}", who="Ewa", at=datetime.now(UTC)
        )
    assert client.post("/v1/classify", json={"text": "Late.", "score": 1}).status_code == 200
    page = signed_in.get("/rules/team")
    assert page.status_code == 200
    assert "These rules cannot be used" in page.text
    assert "“members” stands twice" in page.text
    post(signed_in, "weights", "use", urgent_waiting())
    assert odzew.rules(workspace).weights.signals["waiting"] == 77, "the others can be changed"


def test_a_trial_of_the_clock_shows_when_cases_and_examples_would_be_due(
    signed_in: TestClient, loaded: dict[str, str]
) -> None:
    assert loaded
    plain = signed_in.get("/rules/clock").text
    assert plain.count('<th scope="col">Contact by</th>') == 1
    assert "By the rules you try" not in plain
    entries = yaml.safe_load(shipped("clock"))
    entries["segments"]["detractor"]["hours"] = 90
    page = post(signed_in, "clock", "try", yaml.safe_dump(entries)).text
    assert page.count('<th scope="col">By the rules you try</th>') == 2, "of cases and examples"
    cases, examples = page.split("<h2>Examples</h2>")
    moved = re.findall(r"<td>([^<]*\d\d:\d\d)</td><td><b>([^<]*\d\d:\d\d)</b></td>", examples)
    assert len(moved) == 3, "the unhappy of three moments, but for P1"
    assert all(before != after for before, after in moved)
    same = re.findall(r"<td>([^<]*\d\d:\d\d)</td><td>([^<]*\d\d:\d\d)</td>", examples)
    assert all(before == after for before, after in same[1:])
    assert re.search(r"<td>[^<]*\d\d:\d\d</td><td>(<b>)?[^<]*\d\d:\d\d", cases)
    weights = post(signed_in, "weights", "try", urgent_waiting()).text
    assert "By the rules you try" not in weights


def test_rules_that_are_put_in_use_are_told_once(signed_in: TestClient) -> None:
    page = post(signed_in, "weights", "use", urgent_waiting())
    assert "Your rules are in use now (no. 1)." in page.text
    assert "in use now" not in signed_in.get("/rules/weights").text
    form = {"action": "use", "content": "", "seen": "1"}
    again = signed_in.post("/rules/weights", data=form)
    assert "The rules that come with Odzew are in use again." in again.text
    assert "in use" not in signed_in.get("/rules/weights?used=1").text.split("<form")[-1][:200]
    assert "Your rules are in use now" not in signed_in.get("/rules/weights?used=1").text
