from __future__ import annotations

import pytest

from pipelines.followup.vocatives import Gender, vocative


@pytest.mark.parametrize(
    ("word", "gender", "called"),
    [
        *[("Marek", "m", "Marku"), ("Sylwester", "m", "Sylwestrze"), ("Samuel", "m", "Samuelu")],
        *[("Hugo", "m", "Hugo"), ("Józio", "m", "Józiu"), ("Radzim", "m", "Radzimie")],
        *[("Ola", "f", "Olu"), ("Adela", "f", "Adelo"), ("Urszula", "f", "Urszulo")],
        *[("Stella", "f", "Stello"), ("Nadia", "f", "Nadio"), ("Kaja", "f", "Kaju")],
        *[
            ("Pola", "f", None),
            ("Fabiola", "f", None),
            ("Chwalibóg", "m", None),
            ("Lew", "m", None),
        ],
        *[
            ("Kowalska", "f", None),
            ("Oleksandr", "m", None),
            ("Qwart", "m", None),
            ("Anna", "m", None),
        ],
    ],
)
def test_polish_given_names_are_called_where_usage_is_not_divided(
    word: str, gender: Gender, called: str | None
) -> None:
    assert vocative(word, "pl", gender) == called
    assert vocative(word, "pl", gender, is_family=True) is None


@pytest.mark.parametrize(
    ("word", "gender", "called"),
    [
        *[("Havel", "m", "Havle"), ("Kozel", "m", "Kozle"), ("Němec", "m", "Němče")],
        *[("Kučera", "m", "Kučero"), ("Dolejší", "m", "Dolejší"), ("Petrů", "m", "Petrů")],
        *[("Müller", "m", "Müllere"), ("Nováková", "f", "Nováková"), ("Smith", "f", "Smith")],
        *[("Smith", "m", None), ("Weiss", "m", None), ("García", "m", None), ("Lee", "m", None)],
        *[("Tesar", "m", None), ("Malá", "m", None)],
        *[("Svoboda", "f", None), ("Шевченко", "m", None)],
    ],
)
def test_czech_family_names_are_called_where_they_are_czech(
    word: str, gender: Gender, called: str | None
) -> None:
    assert vocative(word, "cs", gender, is_family=True) == called


def test_czech_given_names_are_called_where_they_are_common() -> None:
    assert vocative("Zdeněk", "cs", "m") == "Zdeňku"
    assert vocative("Lucie", "cs", "f") == "Lucie"
    assert vocative("Lucie", "cs", "m") is None
    assert vocative("Kevin", "cs", "m") is None
