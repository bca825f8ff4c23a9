"""Answers of a few plain words are read by their words, and nothing else is."""

from __future__ import annotations

import tomllib

import pytest

from models import short_answers
from models.contracts import LANGUAGES


@pytest.mark.parametrize(
    ("text", "language", "mood"),
    [
        ("Drogo", "pl", "negative"),
        ("Bardzo drogo!!!", "pl", "negative"),
        ("nie polecam", "pl", "negative"),
        ("ŚWIETNA OBSŁUGA", "pl", "positive"),
        ("Szybko i tanio.", "pl", "positive"),
        ("bez uwag", "pl", "neutral"),
        ("Cennik", "pl", "neutral"),
        ("Drahé", "cs", "negative"),
        ("drahe", "cs", "negative"),
        ("Nízké ceny!", "cs", "positive"),
        ("není špatné", "cs", "positive"),
        ("Kallis!", "et", "negative"),
        ("pole paha", "et", "positive"),
        ("Ei tööta", "et", "negative"),
        ("Expensive!", "en", "negative"),
        ("It wasn't bad", "en", "positive"),
        ("so-so", "en", "neutral"),
        ("Nie najgorzej", "pl", "positive"),
        ("Całkiem nieźle", "pl", "positive"),
        ("Není to vůbec špatné", "cs", "positive"),
        ("Špatné to nebylo", "cs", "positive"),
        ("Polnud viga", "et", "positive"),
        ("Polnud üldse paha", "et", "positive"),
        ("Not bad at all", "en", "positive"),
        ("Could be worse", "en", "neutral"),
        ("lipa", "cs", "negative"),
        ("kehv", "other", "negative"),
    ],
)
def test_plain_words_are_read(text: str, language: str, mood: str) -> None:
    read = short_answers.read(text, language)
    assert read is not None
    assert read.label == mood
    assert read.confidence == pytest.approx(short_answers.CONFIDENCE)
    assert (read.score > 0) - (read.score < 0) == {"negative": -1, "neutral": 0, "positive": 1}[
        mood
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "pl"),
        ("???", "en"),
        ("Drogo 😊", "pl"),
        ("drogo, ale szybko", "pl"),
        ("nie", "pl"),
        ("very", "en"),
        ("not service", "en"),
        ("drogo tanio drogo tanio drogo tanio", "pl"),
        ("dear Mr Smith", "en"),
        ("xyz", "other"),
    ],
)
def test_anything_else_is_left_to_the_encoder(text: str, language: str) -> None:
    assert short_answers.read(text, language) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_listed_under_two_moods(language: str) -> None:
    table = tomllib.loads(short_answers.FILE.read_text("utf-8"))[language]
    kinds = ("positive", "negative", "neutral", "around", "things")
    words = [word for kind in kinds for word in table[kind].split()]
    assert len(words) == len(set(words))
    assert all(word == word.lower() and word.isascii() for word in words)
