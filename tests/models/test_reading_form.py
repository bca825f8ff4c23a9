from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.contracts import LANGUAGES, OTHER
from models.reading_form import reading_form


@pytest.mark.parametrize(
    ("raw", "language", "read"),
    [
        ("SUUUPER HOTEL!!!", "pl", "super hotel!!!"),
        ("goooood stuff", "en", "good stuff"),
        ("coool", "en", "cool"),
        ("väääga hea", "et", "väga hea"),
        ("moc dobřeee", "cs", "moc dobře"),
        ("jäääär", "et", "jäär"),
        (
            "KURIER sie Spoznil, pieniedzy nie oddali",
            "pl",
            "KURIER sie Spóźnił, pieniędzy nie oddali",
        ),
        ("Prilis dlouhe fronty", "cs", "Příliš dlouhé fronty"),
        ("voti jai puhkusele", "et", "võti jäi puhkusele"),
        ("  two \u00a0 spaces\t", "en", "two spaces"),
    ],
)
def test_what_hides_the_words_is_taken_away(raw: str, language: str, read: str) -> None:
    assert reading_form(raw, language) == read


@pytest.mark.parametrize(
    "text",
    [
        "Kurier się spóźnił o 2 godziny, ale przeprosił.",
        "Kurier spoznil się o 2 godziny",
        "Hotel bardzo dobry",
        "PKP i ZUS w jednym",
        "OK",
        "5 * 4 = 20 < 30",
        "snake_case a-b c++",
        "10/10 👍🏽",
        "Wii, AAA battery",
        "wait... what?!",
        "k***a, hotel 5* i f**k",
        "***** polecam",
        "- karaluchy",
        "+ lokalizacja",
    ],
)
def test_text_that_needs_nothing_stays_as_it_is(text: str) -> None:
    assert reading_form(text, "pl") == text


@given(st.text(max_size=120), st.sampled_from([*LANGUAGES, OTHER]))
def test_any_text_gives_one_line_that_is_its_own_reading_form(text: str, language: str) -> None:
    once = reading_form(text, language)
    assert once == " ".join(once.split())
    assert reading_form(once, language) == once


@pytest.mark.parametrize("unit", ["a", "ab", "*_", "<b", "&", "[a](b", "A", "!", "\u200b", "- "])
def test_time_grows_with_the_length_and_not_its_square(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    started = time.perf_counter()
    reading_form(text, "en")
    assert time.perf_counter() - started < 5.0
