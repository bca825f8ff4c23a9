"""Folding keeps every offset."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.folding import fold


def test_letters_lose_case_and_diacritics() -> None:
    assert fold("ŻÓŁĆ, Příšerně, JÕUDNUD, don’t „ok”") == 'zolc, priserne, joudnud, don\'t "ok"'


@given(st.text())
def test_the_length_never_changes_and_folding_again_changes_nothing(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded
