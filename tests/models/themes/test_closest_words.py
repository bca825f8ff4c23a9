"""Words closest to a group stand in for phrases in a language that has too few."""

from __future__ import annotations

import numpy as np

from models.contracts import Vectors
from models.themes.closest_words import CLOSE, CLOSER, with_closest

MEANT = {"lawyer": 0.5, "letter": 0.25, "friday": 0.9, "court": 0.4, "parcel": 0.3, "prawnik": 0.6}
"""Cosine of a word with the middle of group 0."""
TEXTS = ["the lawyer wrote a letter", "Peter said friday", "court parcel", "court parcel"]


def meaning(words: list[str], languages: list[str]) -> Vectors:
    assert len(set(languages)) == 1
    cosines = np.array([MEANT.get(word, 0.0) for word in words])
    rows: Vectors = np.stack([cosines, np.sqrt(1 - cosines**2)], axis=1).astype(np.float32)
    return rows


def closest(
    words: dict[str, list[str]], texts: list[str], groups: list[int], language: str = "en"
) -> dict[str, list[str]]:
    middle = np.array([[1, 0]], np.float32)
    codes, near = [language] * len(texts), np.ones(len(texts), np.float32)
    return with_closest({0: words}, texts, codes, np.array(groups), near, middle, meaning)[0]


def test_the_closest_words_of_a_group_and_then_closer_ones_of_others_fill_up() -> None:
    assert CLOSE < MEANT["letter"] < MEANT["parcel"] < CLOSER < MEANT["court"]
    assert closest({}, TEXTS[:1], [0]) == {"en": ["lawyer", "letter"]}
    assert closest({}, TEXTS, [0, 0, -1, -1]) == {"en": ["lawyer", "court"]}


def test_phrases_that_read_as_a_name_come_first_and_are_enough() -> None:
    assert closest({"en": ["red card"]}, TEXTS[:1], [0]) == {"en": ["red card", "lawyer"]}
    enough = {"en": ["red card", "blue card"]}
    assert closest(enough, TEXTS[:1], [0]) == enough


def test_a_word_that_others_say_only_once_is_not_taken() -> None:
    assert closest({}, TEXTS[:3], [0, 0, -1]) == {"en": ["lawyer", "letter"]}


def test_words_come_in_base_form_and_what_no_dictionary_has_or_is_a_name_does_not() -> None:
    texts = ["do prawnika", "zorbik", "Anna"]
    assert closest({}, texts, [0] * 3, "pl") == {"pl": ["prawnik"]}


def test_a_language_without_texts_gets_no_words() -> None:
    assert set(closest({}, TEXTS, [0] * 4)) == {"en"}
