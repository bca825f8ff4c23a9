from __future__ import annotations

import re
from html import unescape
from typing import Any

from starlette.testclient import TestClient

from pipelines.followup.book import load_book

ANGRY = "The parcel never came and nobody answers my letters."
ENDED = {"outcome": "solved", "causes": ["The van broke down", "No spare van"]}


def sent(client: TestClient, number: int, text: str = ANGRY, **more: Any) -> str:
    body = {"text": text, "score": 1, "external_id": f"a-{number}", **more}
    return str(client.post("/v1/feedback", json=body).json()["case_id"])


def similar(page: str) -> list[str]:
    """What stands in each line of the similar cases."""
    _, _, rest = page.partition(">Similar cases</h2>")
    lines = re.findall(r"<li>(.*?)</li>", rest.partition("</ul>")[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in lines]


def test_similar_cases_that_were_resolved_come_first_with_how(
    client: TestClient, signed_in: TestClient
) -> None:
    cases = [sent(client, number) for number in range(8)]
    client.post(f"/v1/cases/{cases[3]}/contact")
    client.post(f"/v1/cases/{cases[3]}/resolve", json={"resolution": ENDED})
    client.post(f"/v1/cases/{cases[5]}/contact")
    unknown = {"outcome": "explained", "unknown_because": "The van is gone"}
    client.post(f"/v1/cases/{cases[5]}/resolve", json={"resolution": unknown})
    found = similar(signed_in.get(f"/cases/{cases[0]}").text)
    assert len(found) == 5
    ended = [line for line in found[:2] if "solved · The van broke down ← No spare van" in line]
    assert len(ended) == 1
    assert any("explained · root cause unknown: The van is gone" in line for line in found[:2])
    assert all("resolved" not in line for line in found[2:])
    assert all(f"/cases/{cases[0]}" not in line for line in found)


def test_another_answer_of_the_same_case_is_no_similar_case(
    client: TestClient, signed_in: TestClient
) -> None:
    person: dict[str, Any] = {"respondent": {"id": "r-1", "phone": "+48 600 000 001"}}
    case = sent(client, 1, **person)
    assert sent(client, 2, **person) == case
    page = signed_in.get(f"/cases/{case}").text
    assert "Similar cases" not in page
    assert 'href="tel:+48600000001"' in page
    assert "best around" in page
    assert "The same customer also wrote" in page


def test_a_case_whose_clock_stands_still_says_so(client: TestClient, signed_in: TestClient) -> None:
    case = sent(client, 1)
    assert "the clock stands still" not in signed_in.get(f"/cases/{case}").text
    client.post(f"/v1/cases/{case}/close", json={"note": "Twice sent"})
    assert "the clock stands still" in signed_in.get(f"/cases/{case}").text


def history(page: str) -> list[str]:
    """What stands in each line of the history, newest first."""
    lines = re.findall(r'<ul class="history">(.*?)</ul>', page, re.DOTALL)[0].split("<br>")[1:]
    return [unescape(line.partition("</li>")[0]) for line in lines]


def test_the_history_says_what_the_customer_wrote_and_no_id(
    client: TestClient, signed_in: TestClient
) -> None:
    case = sent(client, 1, respondent="r-1")
    sent(client, 2, "Still nothing, write to jan@sowa.example", respondent="r-1")
    client.post(f"/v1/cases/{case}/contact")
    client.post(f"/v1/cases/{case}/resolve", json={"resolution": ENDED})
    sent(client, 3, "It never came!", respondent="r-1")
    page = signed_in.get(f"/cases/{case}").text
    assert not any("fb_" in line for line in history(page))
    reopened = next(line for line in history(page) if "reopened" in line)
    wrote = next(line for line in history(page) if line.startswith("The customer wrote"))
    because = "The case was reopened because the customer is still unhappy"
    assert reopened == f"{because}: “It never came!”"
    assert wrote.startswith("The customer wrote again: “Still nothing, write to ")
    assert "jan@sowa" not in wrote
    polish = history(signed_in.get(f"/cases/{case}", headers={"Accept-Language": "pl"}).text)
    assert "bo klient nadal jest niezadowolony: „It never came!”" in " ".join(polish)
    events = client.get(f"/v1/cases/{case}").json()["events"]
    assert re.fullmatch(r"Answer fb_\w+", events[1]["note"])
    assert "told" not in events[1]["details"]


def test_what_odzew_notes_itself_is_in_the_readers_language_and_peoples_words_stay(
    client: TestClient, signed_in: TestClient
) -> None:
    team = "members: {Anna: {}, Jan: {capacity: 0}}\nrules: [{when: {level: P4}, to: [Jan]}]\n"
    signed_in.post("/rules/team", data={"action": "use", "seen": 0, "content": team})
    case = sent(client, 1)
    signed_in.post(
        f"/cases/{case}/move", data={"move": "close", "note": "In turn"}, follow_redirects=True
    )
    for code, ours in (
        ("pl", "Zgodnie z kolejnością"),
        ("cs", "Podle pořadí"),
        ("et", "Järjekorra"),
    ):
        lines = history(signed_in.get(f"/cases/{case}", headers={"Accept-Language": code}).text)
        assert any(ours in line for line in lines), code
    assert client.get(f"/v1/cases/{case}").json()["events"][1]["note"] == "In turn"


def edit(signed_in: TestClient, case: str, added: str, action: str) -> Any:
    page = signed_in.get(f"/cases/{case}").text
    (draft,) = set(re.findall(r'action="/drafts/(\w+)"', page))
    body = unescape(page.partition('data-key="e">')[2].partition("</textarea>")[0])
    form = {"subject": "About it", "body": body + added, "action": action}
    return signed_in.post(f"/drafts/{draft}", data=form)


def test_the_linter_complains_of_an_edit_and_keeps_what_was_typed(
    client: TestClient, signed_in: TestClient
) -> None:
    case = sent(client, 1)
    assert "Must be mended:" not in signed_in.get(f"/cases/{case}").text
    blocked = edit(signed_in, case, "\n\nWe give you a discount.", "approve")
    assert blocked.status_code == 409
    assert "promises a discount or voucher, which was not allowed." in blocked.text
    assert "We give you a discount.</textarea>" in blocked.text
    assert "Approved by" not in signed_in.get(f"/cases/{case}").text
    assert edit(signed_in, case, "\n\nWe give you a discount.", "save").status_code == 200
    assert "Must be mended:" in signed_in.get(f"/cases/{case}").text


def test_what_a_person_may_know_is_a_warning_and_money_takes_a_second_person(
    client: TestClient, signed_in: TestClient
) -> None:
    case = sent(client, 1)
    words = "\n\nYour refund was paid today, says Mrs Smith from the depot."
    assert edit(signed_in, case, words, "save").status_code == 200
    promised = edit(signed_in, case, "\n\nWe will refund you.", "approve")
    assert promised.status_code == 409
    assert "“refund” promises money back, which was not allowed." in promised.text
    page = signed_in.get(f"/cases/{case}").text
    assert "“refund” speaks of money back: be sure that it is so." in page
    assert "Must be mended:" not in page
    assert "it promises money or a gift" in page


def test_the_page_says_why_each_sentence_of_a_draft_is_there(
    client: TestClient, signed_in: TestClient
) -> None:
    page = signed_in.get(f"/cases/{sent(client, 1)}").text
    why = page.partition("Why each sentence is there")[2].partition("</ol>")[0]
    assert why.count("<li>") >= 6
    assert "unhappy customer" in why
    polish = signed_in.get(f"/cases/{sent(client, 2)}", headers={"accept-language": "pl"}).text
    assert "niezadowolony klient" in polish


def test_the_page_names_the_version_of_the_templates_that_worded_a_draft(
    client: TestClient, signed_in: TestClient
) -> None:
    page = signed_in.get(f"/cases/{sent(client, 1)}").text
    assert f"Worded by version {load_book('en').version} of the templates." in page


def test_who_wants_no_contact_has_a_page_that_says_so(
    client: TestClient, signed_in: TestClient
) -> None:
    case = sent(client, 1, "It never came. Please do not contact me any more.")
    assert "the customer asked not to be contacted" in signed_in.get(f"/cases/{case}").text
