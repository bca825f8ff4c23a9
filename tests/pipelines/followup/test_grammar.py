from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.followup.grammar import (
    NBSP,
    deadline,
    locale_of,
    small,
    typeset,
    vocalised,
)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("pl", "do wtorku 24 listopada, do godz. 15:00"),
        ("cs", "nejpozději v úterý 24. listopadu do 15:00"),
        ("et", "hiljemalt teisipäeval, 24. novembril kell 15.00"),
        ("en", "by 15:00 on Tuesday 24 November"),
    ],
)
def test_a_deadline_is_said_as_the_language_says_it(language: str, expected: str) -> None:
    said = deadline(datetime(2026, 11, 24, 15, tzinfo=UTC), locale_of(language))
    assert said.replace(NBSP, " ") == expected


def test_estonian_months_stand_in_the_adessive() -> None:
    said = [deadline(datetime(2026, month, 2, 9, tzinfo=UTC), "et") for month in range(1, 13)]
    months = [text.split(NBSP)[1].split()[0] for text in said]
    assert months == [
        *("jaanuaril", "veebruaril", "märtsil", "aprillil", "mail", "juunil"),
        *("juulil", "augustil", "septembril", "oktoobril", "novembril", "detsembril"),
    ]


def test_one_letter_words_never_end_a_line_in_polish_and_czech() -> None:
    assert typeset("w domu i  z psem", "pl") == f"w{NBSP}domu i{NBSP}z{NBSP}psem"
    assert typeset("v domě a k tomu", "cs") == f"v{NBSP}domě a{NBSP}k{NBSP}tomu"
    assert typeset("a dog", "en") == "a dog"


@pytest.mark.parametrize(
    ("language", "preposition", "phrase", "expected"),
    [
        ("cs", "s", "zásilkou", "se zásilkou"),
        ("cs", "s", "dopravou", "s dopravou"),
        ("cs", "v", "středu", "ve středu"),
        ("cs", "v", "obchodě", "v obchodě"),
        ("cs", "k", "kurýrovi", "ke kurýrovi"),
        ("cs", "k", "dopravě", "k dopravě"),
        ("cs", "k", "platbě", "k platbě"),
        ("cs", "k", "vrácení zboží", "k vrácení zboží"),
        ("cs", "k", "smluvním podmínkám", "ke smluvním podmínkám"),
        ("cs", "k", "zprávám", "ke zprávám"),
        ("cs", "k", "dveřím", "ke dveřím"),
        ("cs", "v", "srpnu", "v srpnu"),
        ("cs", "v", "třech dnech", "ve třech dnech"),
        ("cs", "z", "skladu", "ze skladu"),
        ("pl", "w", "wtorek", "we wtorek"),
        ("pl", "w", "sklepie", "w sklepie"),
        ("pl", "z", "sklepu", "ze sklepu"),
        ("pl", "z", "zamówieniem", "z zamówieniem"),
        ("et", "s", "saadetis", "s saadetis"),
    ],
)
def test_prepositions_take_a_vowel_where_the_word_asks_for_it(
    language: str, preposition: str, phrase: str, expected: str
) -> None:
    assert vocalised(phrase, preposition, language) == expected


def test_americans_read_months_before_days() -> None:
    moment = datetime(2026, 11, 24, 15, tzinfo=UTC)
    said = deadline(moment, locale_of("en", "en_US")).replace(NBSP, " ")
    assert said == "by 3:00 PM on Tuesday, November 24"


def test_a_phrase_within_a_sentence_begins_small() -> None:
    assert small("Ile kosztuje?") == "ile kosztuje?"
    assert small("") == ""
