from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.followup.names import read_name

NO_NAMES = [
    *(None, "", "  ", "aaa", "Anonim", "???", "x@y.cz", "asdf", "-", "12345", "Klient", "Xxx Xxx"),
    *("Nowak Sp. z o.o.", "Papírna s.r.o.", "Tamm OÜ", "Smith Ltd", "Іван Петренко", "Jan 2"),
    *("J.", "zákazník", "http://a.cz", "Brrr", "conor", "田中", "Anna {{x}}", "A" * 80),
]


@pytest.mark.parametrize("raw", NO_NAMES)
def test_what_is_no_name_of_a_person_is_not_read_as_one(raw: str | None) -> None:
    assert read_name(raw) is None


@pytest.mark.parametrize(
    ("raw", "words", "family", "titles"),
    [
        ("Anna Nowak", "Anna Nowak", "Nowak", ()),
        ("anna nowak", "Anna Nowak", "Nowak", ()),
        ("JAN NOVÁK-DVOŘÁK", "Jan Novák-Dvořák", "Novák-Dvořák", ()),
        ("Nowak, Anna", "Anna Nowak", "Nowak", ()),
        ("mgr inż. Bogdan Pluta", "Bogdan Pluta", "Pluta", ("master",)),
        ("Josef Hanzlík, Ph.D.", "Josef Hanzlík", "Hanzlík", ("doctor",)),
        ("MUDr. Josef Hanzlík", "Josef Hanzlík", "Hanzlík", ("doctor",)),
        ("Kinga P.", "Kinga", None, ()),
        ("Pádraig Ó Sé", "Pádraig Ó Sé", "Ó Sé", ()),
        ("Cian O'Dowd", "Cian O'Dowd", "O'Dowd", ()),
        ("Kenny McAuslan", "Kenny McAuslan", "McAuslan", ()),
        ("Anna Maria Smith", "Anna Maria Smith", "Smith", ()),
        ("Ms Jane Doe", "Jane Doe", "Doe", ("woman",)),
    ],
)
def test_a_name_is_read_with_its_titles(
    raw: str, words: str, family: str | None, titles: tuple[str, ...]
) -> None:
    name = read_name(raw)
    assert name is not None
    assert (name.words, name.family, name.titles) == (words, family, titles)


@given(st.text(max_size=80))
def test_a_read_name_holds_only_letters_and_marks_of_names(raw: str) -> None:
    name = read_name(raw)
    if name is not None:
        assert all(char.isalpha() or char in " -'’." for char in name.words)
        assert name.words.startswith(name.given)
