from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.contracts import LANGUAGES
from models.labels import KEYWORDS, SEPARATOR, content_words, keywords, label

TEXTS = [
    ("The courier never rang the bell", "en", 0),
    ("Couriers leave without ringing the bell", "en", 0),
    ("Kurier nie zadzwonił do drzwi", "pl", 0),
    ("Znowu nie było kuriera", "pl", 0),
    ("My refund has not come", "en", 1),
    ("Still waiting for refunds, Bartholomew", "en", 1),
    ("Zwrotu nadal nie ma", "pl", 1),
    ("Czekam na zwrot od miesiąca", "pl", 1),
]


def found() -> dict[int, dict[str, list[str]]]:
    texts, languages, groups = (list(column) for column in zip(*TEXTS, strict=True))
    return keywords(texts, languages, groups)


def test_forms_of_one_word_count_together_and_name_their_group() -> None:
    words = found()
    assert "courier" in words[0]["en"]
    assert "kurier" in words[0]["pl"]
    assert words[1]["en"][0] == "refund"
    assert "zwrot" in words[1]["pl"]


def test_a_word_of_a_single_text_names_nothing() -> None:
    assert "bartholomew" not in found()[1]["en"]


def test_a_word_that_every_group_uses_names_none() -> None:
    texts = [f"parcel {word}" for word in ("courier", "courier", "refund", "refund")]
    words = keywords(texts, ["en"] * 4, [0, 0, 1, 1])
    assert words[0]["en"] == ["courier"]
    assert words[1]["en"] == ["refund"]


def test_a_language_without_telling_words_is_left_out_and_every_group_is_there() -> None:
    words = keywords(["ok", "ok", "xyz"], ["et", "et", "other"], [0, 1, 2])
    assert words == {0: {}, 1: {}, 2: {}}


def test_a_label_is_english_where_there_is_any_and_else_in_the_order_of_languages() -> None:
    assert label({"pl": ["zwrot"], "en": ["refund", "money"]}) == f"refund{SEPARATOR}money"
    assert label({"et": ["raha"], "cs": ["peníze"]}) == "peníze"
    assert label({"en": list("abcdef")}).count(SEPARATOR) == 2
    assert label({}) == label({"en": []}) == "?"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The lockers were full", "en", "locker"),
        ("Automaty były pełne", "pl", "automat"),
        ("Bez kurýrů", "cs", "kurýr"),
        ("Kullerid ei helistanud", "et", "kuller"),
    ],
)
def test_words_are_brought_to_their_dictionary_form(
    text: str, language: str, expected: str
) -> None:
    assert expected in content_words(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("and the it was not", "en"),
        ("ale to nie jest się", "pl"),
        ("ale to není se", "cs"),
        ("aga see ei ole ja", "et"),
    ],
)
def test_words_that_say_nothing_are_left_out(text: str, language: str) -> None:
    assert content_words(text, language) == []


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.text(max_size=40), st.sampled_from((*LANGUAGES, "other")), st.integers(-1, 3)),
        max_size=8,
    )
)
def test_any_texts_give_each_group_at_most_a_few_words_of_its_own_texts(
    rows: list[tuple[str, str, int]],
) -> None:
    words = keywords([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])
    assert words.keys() == {group for _, _, group in rows}
    for group, languages in words.items():
        for code, best in languages.items():
            own = [r[0] for r in rows if r[1] == code and r[2] == group]
            assert len(best) <= KEYWORDS
            assert len(set(best)) == len(best)
            assert set(best) <= {word for text in own for word in content_words(text, code)}
