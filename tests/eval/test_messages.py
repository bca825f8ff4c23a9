"""Measuring messages: spelling, readability, and names."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.spelling.lookup import dictionary_has, own_words, unknown_words
from eval.tasks import vocatives
from eval.tasks.drafts import readability
from models.contracts import LANGUAGES
from pipelines.followup.book import load_book


@pytest.mark.parametrize(
    ("language", "text", "unknown"),
    [
        ("pl", "Dziekujemy za opinię, Panie Piotrze.", ["Dziekujemy"]),
        ("cs", "Děkujeme za zpětnou vazbu, mrzi nás to.", ["mrzi"]),
        ("et", "Täname Teid tagasiside est.", ["est"]),
        (
            "en",
            "We are sory; don’t hesitate to write to x@y.example or https://a.example/zzqq.",
            ["sory"],
        ),
    ],
)
def test_misspelt_words_are_found_and_addresses_passed_over(
    language: str, text: str, unknown: list[str]
) -> None:
    assert unknown_words(text, language) == unknown


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_for_touchpoints_are_spelt_right(language: str) -> None:
    for key, topic in load_book(language).topics.items():
        for text in (*topic.forms.values(), *topic.questions):
            assert unknown_words(text, language) == [], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_own_word_says_why_and_is_in_no_dictionary(language: str) -> None:
    for word, why in own_words(language).items():
        assert why
        assert not dictionary_has(word, language), word


def test_short_sentences_of_short_words_read_easier() -> None:
    assert readability("We are sorry. We will call you.") < 10
    assert readability("Communication difficulties notwithstanding, reimbursement follows.") > 60


def test_only_a_wrong_form_counts_as_wrong(tmp_path: Path) -> None:
    rows = ["language,kind,gender,nominative,vocative"]
    rows += ["pl,first,M,Marek,Marku", "pl,first,M,Jan,Jano", "pl,first,M,Qwart,Qwarcie"]
    (tmp_path / "vocatives_some.csv").write_text("\n".join([*rows, "pl,first,M,Wilk,"]), "utf-8")
    (result,) = [one for one in vocatives.run(tmp_path) if one.dataset == "vocatives_some"]
    assert result.metrics == {"right_share": 0.25, "avoided_share": 0.5, "wrong_share": 0.25}
    assert [(one.text, one.answer) for one in result.mistakes] == [("Jan", "Janie")]
