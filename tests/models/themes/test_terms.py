"""Terms mean the same in every language, are found however bent, and set a group apart."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from models.contracts import LANGUAGES
from models.themes.terms import term_names, terms_of, terms_said


def named(english: str) -> int:
    """Place of the term of that English name."""
    return next(at for at, own in enumerate(term_names()) if own["en"] == english)


def test_every_term_has_a_name_in_every_language_and_no_two_have_the_same() -> None:
    for code in LANGUAGES:
        names = [own[code] for own in term_names()]
        assert all(name and name == name.strip() for name in names)
        if code == "en":
            assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The driver left it with my neighbours", "en"),
        ("Kurierzy zostawiają paczki u sąsiadów", "pl"),
        ("kuryr to hodil k sousedum", "cs"),
        ("Kuller andis selle naabrile", "et"),
    ],
)
def test_a_term_is_found_in_whatever_form_with_accents_or_without(text: str, language: str) -> None:
    assert {named("courier"), named("neighbour")} <= terms_said(text, language)


def test_a_term_of_several_words_needs_them_all() -> None:
    assert named("nobody answers") in terms_said("I called and nobody answers", "en")
    assert named("nobody answers") not in terms_said("Nobody came, she answers for it", "en")


def test_a_text_of_no_known_language_says_no_term() -> None:
    assert terms_said("Der Fahrer war nett", "other") == set()


def groups_of_two() -> tuple[list[str], list[str], NDArray[np.int64]]:
    """Parcels with couriers in one group and with invoices in the other."""
    one = ["The courier took my parcel", "Kurier zabrał przesyłkę", "Kuller viis paki"] * 3
    other = ["The invoice of the parcel", "Faktura za przesyłkę", "Arve paki eest"] * 3
    return one + other, ["en", "pl", "et"] * 6, np.repeat([0, 1], 9)


def test_a_group_s_terms_are_what_it_says_oftener_than_others_in_all_languages_together() -> None:
    texts, languages, groups = groups_of_two()
    found = terms_of(texts, languages, groups, np.ones(18, np.float32), np.eye(2, dtype=np.float32))
    assert next(own["en"] for own in found[0]) == "courier"
    assert [own["et"] for own in found[1]] == ["arve"]


def test_what_too_few_texts_say_and_texts_that_say_nothing_give_no_terms() -> None:
    texts, languages, groups = groups_of_two()
    near, middles = np.ones(18, np.float32), np.eye(2, dtype=np.float32)
    lone = [text if at in (0, 1) else "xyz" for at, text in enumerate(texts)]
    assert terms_of(lone, languages, groups, near, middles) == [[], []]
    assert terms_of(["xyz"] * 18, languages, groups, near, middles) == [[], []]
