"""The case page shows clear words, what gave signals away, and folds what is long."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

MARKED_UP = (
    "<p>Obsługa <b>bardzo</b> miła.</p>**Nadal czekam** na zwrot&nbsp;pieniędzy: "
    "[tu](mailto:ala@example.com), tel. 600 700 800."
)


def stored(client: TestClient, text: str) -> dict[str, Any]:
    answer = client.post("/v1/feedback", json={"text": text, "score": 2, "language": "pl"})
    assert answer.status_code == 201
    return dict(answer.json())


def case_page(client: TestClient, browser: TestClient, text: str) -> str:
    page = browser.get(f"/cases/{stored(client, text)['case_id']}")
    assert page.status_code == 200
    return page.text


def comment_of(page: str) -> str:
    """What a reader sees of the comment, unfolded."""
    parts = re.findall(r'<p class="comment".*?</p>', page, re.S)
    without_themes = re.sub(r'<a class="theme.*?</a>', "", "".join(parts))
    return html.unescape(re.sub(r"<[^>]+>", "", without_themes))


def test_the_comment_is_shown_without_markup_and_masked(
    client: TestClient, signed_in: TestClient
) -> None:
    page = case_page(client, signed_in, MARKED_UP)
    assert comment_of(page).startswith("Obsługa"), "no blank line where a tag opens"
    seen = " ".join(comment_of(page).split())
    assert seen == ("Obsługa bardzo miła. Nadal czekam na zwrot pieniędzy: tu, tel. [phone].")
    assert "ala@example.com" not in page
    assert "**" not in page


def test_excerpts_are_clear_words_wherever_they_are_given(client: TestClient) -> None:
    found = client.get(f"/v1/feedback/{stored(client, MARKED_UP)['id']}").json()
    first, second = found["excerpts"]
    assert first["text"] == "Obsługa bardzo miła."
    assert MARKED_UP[first["start"] : first["end"]] == "Obsługa <b>bardzo</b> miła."
    assert second["text"] == "Nadal czekam na zwrot pieniędzy: tu, tel. [phone]."
    (hit,) = [one for one in second["evidence"] if one["name"] == "open_problem"]
    assert hit["text"] == "Nadal czekam"
    assert MARKED_UP[hit["start"] : hit["end"]] == "Nadal czekam"
    exported = client.get("/v1/themes/export", params={"format": "csv"}).text
    assert "Obsługa bardzo miła." in exported
    assert "<b>" not in exported
    assert "**" not in exported


def test_classify_answers_with_clear_words_and_offsets_into_the_comment(
    client: TestClient,
) -> None:
    body = {"text": MARKED_UP, "language": "pl"}
    answer = client.post("/v1/classify", json=body).json()
    texts = [one["text"] for one in answer["excerpts"]]
    assert texts[0] == "Obsługa bardzo miła."
    assert texts[1].startswith("Nadal czekam na zwrot\u00a0pieniędzy: tu")
    start, end = answer["excerpts"][1]["start"], answer["excerpts"][1]["end"]
    assert MARKED_UP[start:end].startswith("Nadal czekam** na zwrot&nbsp;pieniędzy: [tu](")
    assert any("Nadal czekam" in one["text"] for one in answer["priority"]["reasons"])


def test_each_signal_has_its_confidence_and_its_words_marked(
    client: TestClient, signed_in: TestClient
) -> None:
    page = case_page(client, signed_in, "Obsługa miła. <i>Nadal czekam</i> na zwrot pieniędzy.")
    (mark,) = re.findall(r'<b class="tell" title="(.*?)">(.*?)</b>', page)[:1]
    assert re.match(r"problem still open, \d\d% sure", mark[0])
    assert mark[1] == "Nadal czekam"
    (line,) = re.findall(r"<li><span class=\"signal\">problem still open.*?</li>", page, re.S)
    assert re.search(r"\d\d% sure", line)
    assert '<q lang="pl">Nadal czekam</q>' in line


def test_no_personal_data_is_shown_twice_where_evidence_ends_in_it(
    client: TestClient, signed_in: TestClient
) -> None:
    text = "Proszę o kontakt 600 700 800, nikt nie odpisuje"
    page = case_page(client, signed_in, text)
    assert comment_of(page).count("[phone]") == 1
    assert "600" not in comment_of(page)


LONG = " ".join(f"Zdanie numer {at} o tym, że paczka nadal nie dotarła." for at in range(700))


def test_a_long_comment_is_folded_and_loses_nothing(
    client: TestClient, signed_in: TestClient
) -> None:
    page = case_page(client, signed_in, LONG)
    shown, _, folded = page.partition('<details class="rest">')
    assert "<summary>The rest of the comment (" in folded
    assert "Zdanie numer 0 " in shown
    assert len(comment_of(shown)) < 2_500
    assert comment_of(page) == LONG
    assert len(re.findall(r"<q ", shown)) <= 3


def test_the_words_of_a_signal_are_folded_after_the_first_few(
    client: TestClient, signed_in: TestClient
) -> None:
    text = " ".join(
        f"Nadal nie mam {what}." for what in ("zwrotu", "paczki", "faktury", "listu", "kodu", "SMS")
    )
    page = case_page(client, signed_in, text)
    (line,) = re.findall(r"<li><span class=\"signal\">problem still open.*?</li>", page, re.S)
    at_once, _, more = line.partition("<details>")
    assert at_once.count("<q ") == 3
    assert "3 more" in more
    assert more.count("<q ") == 3


@pytest.mark.parametrize(
    "text",
    [
        "Krótko i na temat.",
        " ".join(["Zdanie o paczce."] * 100),
        "Nadal czekam.\n\nW dniu 12.03.2026 o 10:12 Sklep <s@example.com> napisał(a):\n"
        + "> Dzień dobry, zwrot jest w drodze do Państwa.\n" * 60,
    ],
    ids=["short", "just too long to be worth it", "a long letter"],
)
def test_only_what_is_long_is_folded_and_a_quoted_letter_too(
    text: str, client: TestClient, signed_in: TestClient
) -> None:
    page = case_page(client, signed_in, text)
    assert ('<details class="rest">' in page) is (len(text) > 2_000)
    assert comment_of(page) == text.replace("s@example.com", "[email]").strip()
    assert len(comment_of(page.partition('<details class="rest">')[0])) < 2_300
