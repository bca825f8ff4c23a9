from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.perturbations import KINDS, perturb
from models.contracts import LANGUAGES
from pipelines.page import whole_form

TEXT = "Bardzo miła obsługa, ale naprawdę długo czekałem na śniadanie."


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_changes_a_text_and_always_in_the_same_way(kind: str) -> None:
    assert perturb(kind, TEXT, "pl") != TEXT
    assert perturb(kind, TEXT, "pl") == perturb(kind, TEXT, "pl")


@given(st.text(max_size=60), st.sampled_from(sorted(KINDS)), st.sampled_from(LANGUAGES))
def test_any_text_can_be_perturbed(text: str, kind: str, language: str) -> None:
    assert isinstance(perturb(kind, text, language), str)


@pytest.mark.parametrize("kind", ["markup", "invisible", "capitals"])
def test_the_reading_form_undoes_what_only_hides_the_words(kind: str) -> None:
    assert whole_form(perturb(kind, TEXT, "pl"), "pl").lower() == TEXT.lower()


def test_words_are_switched_to_english() -> None:
    assert "very" in perturb("code_switching", TEXT, "pl")
    assert perturb("code_switching", "all in English", "en") == "all in English"
