from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.contracts import LANGUAGES
from pipelines.followup.book import FACTS, FILES, load_book
from pipelines.followup.own_wordings import BlockChange
from pipelines.followup.slots import slots_of
from service.review.book_words import FILES as FILE_NAMES
from service.review.book_words import PARTS, SLOTS
from service.review.draft_words import BECAUSE
from service.storage.books import BookRepository
from service.storage.drafts import DraftRepository
from service.wiring import Odzew
from tests.conftest import sign_in
from tests.service.storage.test_books import NOW

BLOCK = "/templates/en/message/apology.detractor.not-sensitive"
NEW = "We at {{ company }} are truly sorry about it."


def wordings(page: str) -> list[str]:
    found = re.findall(r'<textarea name="wording"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    return [unescape(one) for one in found]


def told(page: str) -> str:
    return unescape(" ".join(re.findall(r'role="alert">(.*?)</p>', page, re.DOTALL)))


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(book|seen)" value="(\w+)">', page))


def propose(browser: TestClient, add: str = NEW, address: str = BLOCK, **more: object) -> Any:
    page = browser.get(address).text
    typed = [*wordings(page)[:-1], add]
    form = {"wording": typed, "why": "Warmer", "action": "propose", **hidden(page), **more}
    return browser.post(address, data=form)


def number_of(answer: Any) -> int:
    return int(str(answer.url).rpartition("/")[2])


def publish(browser: TestClient, odzew: Odzew, workspace: str, number: int) -> TestClient:
    browser.get(sign_in(odzew, workspace, "Piotr"))
    page = browser.post(f"/templates/proposals/{number}", data={"action": "publish"})
    assert "Published by Piotr" in page.text
    return browser


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_has_a_page_with_its_blocks_in_words(
    signed_in: TestClient, language: str, file: str
) -> None:
    page = signed_in.get(f"/templates/{language}/{file}")
    assert page.status_code == 200
    blocks = load_book(language).blocks[file]
    assert page.text.count('class="panel block"') == len(blocks)
    assert {block.part for block in blocks} <= set(PARTS)


def test_every_condition_slot_and_file_has_words() -> None:
    assert set(BECAUSE) == FACTS
    assert set(SLOTS) == {slot for language in LANGUAGES for slot in slots_of(language)}
    assert set(FILE_NAMES) == set(FILES)


@pytest.mark.parametrize(
    "address",
    ["/templates/xx/message", "/templates/en/topics", "/templates/en/message/none", BLOCK + "x"],
)
def test_what_is_not_there_is_not_found(signed_in: TestClient, address: str) -> None:
    assert signed_in.get(address).status_code == 404
    assert signed_in.get("/templates/proposals/7").status_code == 404


def test_pages_of_templates_ask_who_it_is(browser: TestClient) -> None:
    for address in ("/templates/en/message", BLOCK, "/templates/history"):
        assert browser.get(address).status_code == 401


def test_a_preview_shows_the_wording_in_ten_messages_the_workspaces_own_first(
    signed_in: TestClient, loaded: dict[str, str]
) -> None:
    page = signed_in.get(BLOCK)
    typed = [*wordings(page.text)[:-1], NEW]
    shown = signed_in.post(f"{BLOCK}/preview", data={"wording": typed})
    assert shown.status_code == 200
    assert "<html" not in shown.text
    readings = re.findall(r'class="said"[^>]*>(.*?)</p>', shown.text)
    assert len(readings) == 10
    assert len(set(readings)) == 1
    assert readings[0].startswith("We at ")
    first, *_, last = re.findall(r"<li><p class=\"said\".*?</small>", shown.text, re.DOTALL)
    assert "/cases/cas_" in first
    assert "made up" in last


def test_a_preview_says_what_the_linter_finds_and_changes_nothing(signed_in: TestClient) -> None:
    typed = ["We will refund you in full.", "", "", ""]
    page = signed_in.post(f"{BLOCK}/preview", data={"wording": typed})
    assert "Must be mended" in page.text
    assert "promises money back, which was not allowed" in page.text
    assert "Fewer than four wordings" in page.text
    assert "We will refund" not in signed_in.get(BLOCK).text


def test_the_button_previews_without_a_script_and_keeps_what_was_typed(
    signed_in: TestClient,
) -> None:
    page = propose(signed_in, action="preview")
    assert page.status_code == 200
    assert NEW in wordings(page.text)
    assert "We at " in page.text


@pytest.mark.parametrize(
    ("add", "english", "polish"),
    [
        ("{{ company", "“{{ company” is not closed", "„{{ company” nie jest zamknięte"),
        ("{{ 9 ** 9 }}", "“{{ 9 ** 9 }}”: templates do not calculate", "szablony nie liczą"),
        ("{{ company.__class__ }}", "company has no forms", "company nie ma form"),
        ("{{ contact() }}", "without round brackets", "bez nawiasów"),
        ("{% for a in [1] %}{% endfor %}", "loops are not offered", "pętli"),
        ("{{ refund }}", "there is no slot refund", "nie ma pola refund"),
        ("x" * 1001, "at most 1,000 characters", "Sformułowanie: najwyżej"),
        ("We will refund you in full.", "promises money back", "na którą nie ma zgody"),
        ("", "Nothing is changed", "Nic nie zmieniono"),
    ],
)
def test_a_wording_that_cannot_be_used_is_refused_with_why_and_kept_on_the_page(
    signed_in: TestClient, odzew: Odzew, workspace: str, add: str, english: str, polish: str
) -> None:
    for language, words in (("en", english), ("pl", polish)):
        signed_in.headers["Accept-Language"] = language
        page = propose(signed_in, add)
        assert page.status_code == 422
        assert words in told(page.text)
        assert add in wordings(page.text)
    with odzew.database.snapshot() as session:
        assert BookRepository(session, workspace).history(10) == []


def test_a_reason_is_asked_for(signed_in: TestClient) -> None:
    page = propose(signed_in, why=" ")
    assert "Say why" in told(page.text)


def test_who_proposed_is_told_that_somebody_else_publishes_and_how_to_get_one(
    signed_in: TestClient,
) -> None:
    answer = propose(signed_in)
    page = signed_in.get(str(answer.url))
    assert "odzew users add NAME" in page.text
    assert 'value="publish"' not in page.text
    forced = signed_in.post(f"/templates/proposals/{number_of(answer)}", data={"action": "publish"})
    assert forced.status_code == 409
    assert "ask somebody else" in told(forced.text)


def test_what_a_second_person_publishes_words_the_next_draft_which_names_its_book(
    signed_in: TestClient, client: TestClient, odzew: Odzew, workspace: str
) -> None:
    book = odzew.books.of(workspace)("en")
    own = "We are sorry, truly."
    texts = ["", *([""] * (len(wordings(signed_in.get(BLOCK).text)) - 2)), own]
    answer = propose(signed_in, wording=texts)
    publish(signed_in, odzew, workspace, number_of(answer))
    body = {"text": "The parcel never came and nobody answered my calls.", "score": 1}
    case_id = client.post("/v1/feedback", json=body).json()["case_id"]
    with odzew.database.snapshot() as session:
        draft = DraftRepository(session, workspace).of_case(case_id)[0]
    assert own in draft.body
    assert draft.plan["book"].startswith(f"{book.version}+")
    assert "Fewer than four wordings" in signed_in.get("/templates/en/message").text


def test_a_wording_of_odzews_comes_back_by_its_box(
    signed_in: TestClient, odzew: Odzew, workspace: str
) -> None:
    before = wordings(signed_in.get(BLOCK).text)
    answer = propose(signed_in, wording=["", *before[1:]])
    publish(signed_in, odzew, workspace, number_of(answer))
    off = wordings(signed_in.get(BLOCK).text)
    assert off[0] == ""
    page = propose(signed_in, "", action="preview", again="0")
    assert wordings(page.text) == before


def test_a_proposal_shows_what_it_changes(signed_in: TestClient) -> None:
    before = wordings(signed_in.get(BLOCK).text)
    answer = propose(signed_in, wording=["We are sorry.", "", *before[2:]])
    page = unescape(answer.text)
    assert re.findall(r"<del>(.*?)</del>", page) == before[:2]
    assert re.findall(r"<ins>(.*?)</ins>", page) == ["We are sorry."]
    assert page.count('class="said"') == 10


def test_going_back_is_proposed_too_and_the_history_names_everybody(
    signed_in: TestClient, odzew: Odzew, workspace: str
) -> None:
    before = wordings(signed_in.get(BLOCK).text)
    answer = propose(signed_in)
    publish(signed_in, odzew, workspace, number_of(answer))
    history = signed_in.get("/templates/history").text
    assert "proposed by Ewa" in history
    assert "published by Piotr" in history
    back = signed_in.post("/templates/en/message/back", data={"version": "0"})
    assert re.findall(r"<del>(.*?)</del>", back.text) == [NEW]
    signed_in.get(sign_in(odzew, workspace, "Ewa"))
    signed_in.post(f"/templates/proposals/{number_of(back)}", data={"action": "publish"})
    assert wordings(signed_in.get(BLOCK).text) == before
    again = signed_in.post("/templates/en/message/back", data={"version": "0"})
    assert again.status_code == 422


def test_whoever_comes_second_is_told_and_loses_nothing(
    signed_in: TestClient, odzew: Odzew, workspace: str
) -> None:
    page = signed_in.get(BLOCK).text
    seen = hidden(page)["seen"]
    publish(signed_in, odzew, workspace, number_of(propose(signed_in)))
    late = propose(signed_in, "We are sorry, and mean it.", seen=seen)
    assert late.status_code == 409
    assert "changed this block meanwhile" in told(late.text)
    assert "We are sorry, and mean it." in wordings(late.text)


def test_an_upgrade_under_own_wordings_is_shown_and_ends_once_they_are_proposed_again(
    signed_in: TestClient, odzew: Odzew, workspace: str
) -> None:
    name = BLOCK.rpartition("/")[2]
    block = next(one for one in load_book("en").blocks["message"] if one.name == name)
    earlier = BlockChange(
        ("As it shipped once.", *block.texts[1:]), {"As it shipped once.": "We are sorry."}, ()
    )
    with odzew.database.transaction() as session:
        books = BookRepository(session, workspace)
        row = books.propose("en", "message", {name: earlier}, seen=0, who="Ewa", at=NOW, why="-")
        books.publish(row.id, who="Piotr", at=NOW)
    assert "changed under yours" in signed_in.get("/templates/en/message").text
    page = signed_in.get(BLOCK).text
    assert "As it shipped once." in page
    assert wordings(page)[0] == "We are sorry."
    publish(signed_in, odzew, workspace, number_of(propose(signed_in, "")))
    assert "changed under yours" not in signed_in.get("/templates/en/message").text
    assert wordings(signed_in.get(BLOCK).text)[0] == "We are sorry."


def test_a_file_goes_out_and_its_changes_come_back_as_a_proposal(signed_in: TestClient) -> None:
    sent = signed_in.get("/templates/en/message/file")
    assert "attachment" in sent.headers["content-disposition"]
    first = load_book("en").blocks["message"][0].texts[0]
    changed = sent.text.replace(f'"{first}"', '"About what you told us"', 1)
    form = {"why": "From the agency"}
    taken = signed_in.post(
        "/templates/en/message/file", data=form, files={"content": ("a.toml", changed)}
    )
    assert re.findall(r"<ins>(.*?)</ins>", taken.text) == ["About what you told us"]
    same = signed_in.post(
        "/templates/en/message/file", data=form, files={"content": ("a.toml", sent.text)}
    )
    assert same.status_code == 422
    assert "changes nothing" in told(same.text)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[[block]]", "[[block", "no TOML file"),
        ("text = [", 'text = ["We at {{ company }} will refund you.", ', "promises money back"),
        ("text = [", 'text = ["{{ 1 + 1 }}", ', "do not calculate"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_why(
    signed_in: TestClient, old: str, new: str, words: str
) -> None:
    content = signed_in.get("/templates/en/short/file").text.replace(old, new, 1)
    page = signed_in.post(
        "/templates/en/short/file", data={"why": "-"}, files={"content": ("a.toml", content)}
    )
    assert page.status_code == 422
    assert words in told(page.text)
    assert signed_in.get("/templates/history").text.count("<li>") == 0
