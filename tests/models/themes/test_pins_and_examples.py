from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.contracts import Themed
from models.themes import Pin, ThemeModel
from models.themes import model as stored
from tests.models.themes.little_model import (
    LOCKER,
    REFUND,
    axis,
    between,
    examples,
    first,
    ids,
    made,
    retired,
)


def pinned(*pins: tuple[str, str]) -> ThemeModel:
    return replace(made(), pins=tuple(Pin(*pin) for pin in pins))


@pytest.mark.parametrize(
    ("phrase", "text", "language"),
    [
        ("zwrot pieniędzy", "Do dziś nie ma ZWROTU PIENIĘDZY.", "pl"),
        ("kurýr", "Celý den bez kurýra", "cs"),
        ("kuller", "Kulleri ootasin kaua", "et"),
        ("late courier", "Two late couriers!", "en"),
    ],
)
def test_a_pinned_phrase_gives_its_theme_in_whatever_form_it_is_said(
    phrase: str, text: str, language: str
) -> None:
    (found,) = pinned((phrase, "thm_refund")).assign(axis(0), [text], [language])
    assert found.first is not None
    assert (found.first.id, found.first.confidence) == ("thm_refund", 1.0)
    assert found.second is None


def test_forms_of_a_pinned_phrase_are_those_of_the_excerpt_s_language() -> None:
    model = pinned(("zwrot", "thm_refund"))
    found = model.assign(axis(0, 0, 0), ["Brak zwrotu"] * 3, ["pl", "en", "other"])
    assert [one.first and one.first.id for one in found] == [
        "thm_refund",
        "thm_courier",
        "thm_courier",
    ]


def test_a_pin_gives_a_theme_to_what_is_near_none_and_nothing_to_who_does_not_say_it() -> None:
    model = pinned(("refund", "thm_refund"))
    assert ids(model.assign(axis(5, 5), ["No refund yet", "Nothing"], ["en", "en"])) == [
        ("thm_refund", None),
        (None, None),
    ]


@pytest.mark.parametrize("text", ["ok", "brak", "Pole.", "-", "test"])
def test_a_stock_answer_has_no_theme_wherever_it_lies(text: str) -> None:
    found = made().assign(axis(0, 0), [text, "the courier"], ["en", "en"])
    assert found[0] == Themed()
    assert found[1].first is not None


def test_pins_are_not_looked_for_without_texts() -> None:
    assert first(pinned(("refund", "thm_refund")).assign(axis(0))) == "thm_courier"


def test_texts_and_languages_of_different_number_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        pinned(("refund", "thm_refund")).assign(axis(0, 1), ["one", "other"], ["en"])


def test_a_pin_to_a_retired_theme_gives_none() -> None:
    model = retired(pinned(("refund", "thm_refund")), REFUND)
    assert model.assign(axis(0), ["Where is my refund"], ["en"]) == [Themed()]


def test_an_example_goes_before_a_pin_and_a_pin_before_a_prototype() -> None:
    model = replace(pinned(("refund", "thm_refund")), examples=examples(axis(0), LOCKER))
    texts, codes = ["Refunds please", "Refunds please", "Courier"], ["en"] * 3
    found = model.assign(np.concatenate([axis(0), between(0, 5, 20), axis(1)]), texts, codes)
    assert ids(found) == [("thm_locker", None), ("thm_refund", None), ("thm_refund", None)]
    assert found[0].first is not None
    assert found[0].first.confidence == 1
    assert first(made().assign(axis(0), texts[:1], ["en"])) == "thm_courier"


def test_an_example_is_for_the_same_words_and_not_for_like_ones() -> None:
    model = replace(made(), examples=examples(axis(0), LOCKER))
    noisy = (axis(0) + 1e-3).astype(np.float16).astype(np.float32)
    assert first(model.assign(noisy)) == "thm_locker"
    assert first(model.assign(between(0, 5, 5))) == "thm_courier"


@pytest.mark.parametrize("at_once", [1, 3, 4, 7, 10])
def test_examples_are_found_however_many_excerpts_are_compared_at_once(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "_AT_ONCE", at_once)
    model = replace(made(), examples=examples(axis(5, 6), LOCKER, REFUND))
    found = model.assign(axis(0, 5, 1, 6, 5, 7, 6))
    assert [one.first and one.first.id for one in found] == [
        "thm_courier",
        "thm_locker",
        "thm_refund",
        "thm_refund",
        "thm_locker",
        None,
        "thm_refund",
    ]


def test_of_two_examples_the_nearer_one_counts() -> None:
    both = np.concatenate([between(0, 5, 1.5), axis(0)])
    model = replace(made(), examples=examples(both, REFUND, LOCKER))
    assert ids(model.assign(both)) == [("thm_refund", None), ("thm_locker", None)]


def test_an_excerpt_that_people_took_out_of_every_theme_has_none_whatever_it_says() -> None:
    model = replace(pinned(("refund", "thm_refund")), examples=examples(axis(0), -1))
    assert model.assign(axis(0), ["Refund"], ["en"]) == [Themed()]


def test_an_example_of_a_retired_theme_has_none() -> None:
    model = retired(replace(made(), examples=examples(axis(0), LOCKER)), LOCKER)
    assert model.assign(axis(0)) == [Themed()]
