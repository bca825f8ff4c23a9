from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.greetings import greeting_end
from models.own_words import find_cuts, own_words
from models.personal_data.given_names import is_called

GREETINGS = [
    "Szanowna Pani Nowak,",
    "Szanowni Państwo,",
    "Dzień dobry,",
    "Dzień dobry Panie Marku,",
    "Dzień dobry, Szanowni Państwo,",
    "Witam serdecznie,",
    "Witam Pani Basiu",
    "Droga Pani Kasiu,",
    "Cześć!",
    "Hej",
    "Vážený pane Dvořáku,",
    "Vážení,",
    "Dobrý den,",
    "Dobrý den přeji.",
    "Milý Petře,",
    "Ahoj Petře",
    "Zdravím",
    "Lugupeetud proua Kask",
    "Tere hommikust,",
    "Tere Mart,",
    "Tere, Liisa!",
    "Kallis Mari,",
    "Dear John,",
    "Dear Mr. Smith-O'Neil,",
    "Dear Sir or Madam,",
    "Dear Customer Service Team,",
    "Hi Bob",
    "HELLO MARY!",
    "Hi there!",
    "Good morning.",
    "Good evening Mr Smith,",
]
SENTENCES = [
    "Dear me, what a mess",
    "Dear God, what a mess",
    "Hi-fi sounds great",
    "Hey Google never understands me",
    "Hello? Anyone there?",
    "Hello Great.",
    "Good evening, lovely meal",
    "Good day, the kids loved it",
    "Milý personál, děkuji",
    "Milá paní, děkuji",
    "Milá paní Nováková, děkuji",
    "Dobrý den mi zkazila vaše prodavačka",
    "Witam Polecam!",
    "Witam Polecam, szybka dostawa",
    "Witam Pani Kasia, która mnie obsługiwała, była super",
    "Część, która przyszła, jest pęknięta",
    "Czesc, ktora przyszla, jest peknieta",
    "Drogi sklep, nie polecam",
    "Kallis pood, ei soovita",
    "Tere Tore pood",
    "hej.pl jest super",
    "Super! Hello Mary!",
    "",
]


@pytest.mark.parametrize("greeting", GREETINGS)
def test_a_greeting_is_cut_and_what_follows_is_read(greeting: str) -> None:
    (alone,) = find_cuts(greeting)
    assert (alone.type, alone.start, alone.end) == ("greeting", 0, len(greeting))
    text = f"\n {greeting}\npakk kadus"
    (cut,) = find_cuts(text)
    assert text[cut.start : cut.end] == greeting
    assert own_words(text, (cut,)).split() == ["pakk", "kadus"]


@pytest.mark.parametrize("greeting", [one for one in GREETINGS if one[-1] in ",.!"])
def test_the_sentence_behind_a_greeting_is_read(greeting: str) -> None:
    assert greeting_end(f"{greeting} kde je balík?") == len(greeting)


@pytest.mark.parametrize("text", SENTENCES)
def test_what_only_looks_like_a_greeting_is_read(text: str) -> None:
    assert find_cuts(text) == ()


@pytest.mark.parametrize(
    ("text", "greeting"),
    [
        ("Hello! Great! I love it", "Hello!"),
        ("Witam, Super! Polecam", "Witam,"),
        ("Hi, John here, the parcel is late", "Hi,"),
        ("Dobrý den, paní Nováková, vaše prodavačka, je hrubá", "Dobrý den,"),
        ("Tere, kes mulle helistab?", "Tere,"),
        ("Tere, Liisa! Pakk kadus", "Tere, Liisa!"),
        ("Hi.Great service", "Hi."),
    ],
)
def test_a_greeting_ends_before_what_may_be_a_sentence(text: str, greeting: str) -> None:
    assert text[: greeting_end(text)] == greeting


@pytest.mark.parametrize(
    "name", ["petre", "marku", "tomku", "basiu", "bob", "jano", "mary", "liisa", "mart", "tomasi"]
)
def test_a_first_name_is_known_as_somebody_is_called(name: str) -> None:
    assert is_called(name)


@pytest.mark.parametrize("word", ["polecam", "super", "great", "fresh", "basen", "hea", "kask"])
def test_what_only_begins_like_a_name_calls_nobody(word: str) -> None:
    assert not is_called(word)


@given(
    st.text(max_size=100)
    | st.lists(st.sampled_from([*GREETINGS, "Pan", "Kask", " "])).map(" ".join)
)
def test_a_greeting_lies_in_its_line(text: str) -> None:
    assert 0 <= greeting_end(text) <= len(text)


@pytest.mark.parametrize("unit", ["Hi ", "Hi, ", "Dear ", "pan ", "a", "A ", "Dear Pan Petr, "])
def test_time_does_not_grow_with_the_length(unit: str) -> None:
    text = unit * 100_000
    started = time.perf_counter()
    greeting_end(text)
    assert time.perf_counter() - started < 1.0
