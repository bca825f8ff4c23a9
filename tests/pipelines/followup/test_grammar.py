from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.followup.grammar import (
    NBSP,
    deadline,
    gender_of,
    locale_of,
    salutation,
    small,
    typeset,
    vocalised,
)
from pipelines.followup.names import read_name


def greet(raw: str | None, gender: str | None, language: str) -> str:
    return salutation(read_name(raw), gender, language)


@pytest.mark.parametrize(
    ("raw", "gender", "expected"),
    [
        ("Anna Kostrzewa", "f", "Pani Anno,"),
        ("Marek Szulc", "m", "Panie Marku,"),
        ("Aleksander Baran", "m", "Panie Aleksandrze,"),
        ("Stanisław Gołąb", "m", "Panie Stanisławie,"),
        ("Paweł Kotas", "m", "Panie Pawle,"),
        ("Jerzy Stachura", "m", "Panie Jerzy,"),
        ("Kuba", "m", "Panie Kubo,"),
        ("Maja", "f", "Pani Maju,"),
        ("Kamila Strzelec", "f", "Pani Kamilo,"),
        ("Kinga P.", "f", "Pani Kingo,"),
        ("Oleksandr Bondar", "m", "Szanowny Panie,"),
        ("Kirsty Nairn", "f", "Szanowna Pani,"),
        ("Kowalski Jan", "m", "Szanowny Panie,"),
        ("dr Katarzyna Wnęk", "f", "Szanowna Pani Doktor,"),
        ("prof. Jan Wilk", "m", "Szanowny Panie Profesorze,"),
        ("mgr inż. Bogdan Pluta", "m", "Panie Bogdanie,"),
        ("Anna Kostrzewa", None, "Szanowni Państwo,"),
        ("aaa", None, "Szanowni Państwo,"),
        ("aaa", "f", "Szanowna Pani,"),
    ],
)
def test_polish_salutations_are_in_the_vocative(
    raw: str, gender: str | None, expected: str
) -> None:
    assert greet(raw, gender, "pl") == expected


@pytest.mark.parametrize(
    ("raw", "gender", "expected"),
    [
        ("Jana Nováková", "f", "Vážená paní Nováková,"),
        ("Petr Novák", "m", "Vážený pane Nováku,"),
        ("Ladislav Petrů", "m", "Vážený pane Petrů,"),
        ("Adam Němec", "m", "Vážený pane Němče,"),
        ("Svatopluk Janda", "m", "Vážený pane Jando,"),
        ("Karel Černý", "m", "Vážený pane Černý,"),
        ("Jan Novák-Dvořák", "m", "Vážený pane Nováku-Dvořáku,"),
        ("Nováková Jana", "f", "Vážená paní Nováková,"),
        ("Novák Petr", "m", "Vážený pane Nováku,"),
        ("Šárka Dolejší", "f", "Vážená paní Dolejší,"),
        ("Mgr. Alena Pospíchalová", "f", "Vážená paní magistro,"),
        ("MUDr. Josef Hanzlík", "m", "Vážený pane doktore,"),
        ("Ing. Petr Malý, Ph.D.", "m", "Vážený pane doktore,"),
        ("Jana Nováková", None, "Dobrý den,"),
        ("Anonym", None, "Dobrý den,"),
        ("x@y.cz", "m", "Vážený pane,"),
    ],
)
def test_czech_salutations_are_in_the_vocative(raw: str, gender: str | None, expected: str) -> None:
    assert greet(raw, gender, "cs") == expected


@pytest.mark.parametrize(
    ("raw", "language", "expected"),
    [
        ("Mari Tamm", "et", "Tere, Mari Tamm!"),
        ("prof. Rein Taal", "et", "Tere, Rein Taal!"),
        ("aaa", "et", "Tere!"),
        (None, "et", "Tere!"),
        ("Anna Smith", "en", "Dear Anna Smith,"),
        ("Dr Anjali Menon", "en", "Dear Dr Menon,"),
        ("Rev. Alan Cuthbert", "en", "Hello,"),
        ("???", "en", "Hello,"),
    ],
)
def test_estonian_and_english_salutations_need_no_gender(
    raw: str | None, language: str, expected: str
) -> None:
    assert {greet(raw, gender, language) for gender in ("f", "m", None)} == {expected}


@pytest.mark.parametrize(
    ("raw", "language", "gender"),
    [
        ("Anna Kostrzewa", "pl", "f"),
        ("Marek Szulc", "pl", "m"),
        ("Marta Zięba", "pl", "f"),
        ("Jerzy Stachura", "pl", "m"),
        ("Kuba", "pl", None),
        ("Nowak Anna", "pl", None),
        ("Oleksandr Bondar", "pl", None),
        ("Alex Nowak", "pl", None),
        ("Anna Kowalski", "pl", None),
        ("Jana Nováková", "cs", "f"),
        ("Nováková Jana", "cs", "f"),
        ("Petr Svoboda", "cs", "m"),
        ("Zuzana Malá", "cs", "f"),
        ("Karen Smith", "cs", None),
        ("Nikola Novák", "cs", None),
        ("Mari Tamm", "et", None),
        ("Mr John Smith", "pl", "m"),
    ],
)
def test_gender_is_read_off_a_name_only_where_it_is_sure(
    raw: str, language: str, gender: str | None
) -> None:
    assert gender_of(read_name(raw), language) == gender


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
