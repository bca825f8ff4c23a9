from __future__ import annotations

import pytest

from pipelines.reasons import SENTENCES, reason


def test_a_reason_is_told_in_english_and_keeps_what_another_language_needs() -> None:
    found = reason("detractor", 30, score=3.0, low=0.0, high=10.0)
    assert found.text == "Detractor: 3 on 0–10"
    assert found.facts["sentence"] == "detractor"
    assert found.facts["values"] == {"score": 3.0, "low": 0.0, "high": 10.0}


def test_the_customers_words_follow_the_sentence() -> None:
    found = reason("waiting", 6, words="třetí týden")
    assert found.text == "Had to wait: “třetí týden”"
    assert found.facts["words"] == "třetí týden"


def test_a_sentence_may_be_another_than_the_codes() -> None:
    found = reason("tenure", 0, "tenure_unread", value="50%")
    assert found.code == "tenure"
    assert found.text == "Years as a customer: “50%” is no number and does not count"


@pytest.mark.parametrize("key", SENTENCES)
def test_sentences_end_without_a_full_stop(key: str) -> None:
    assert not SENTENCES[key].endswith(".")
