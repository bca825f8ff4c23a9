from __future__ import annotations

import pytest

from pipelines.followup.estonian import CASES, declined


@pytest.mark.parametrize(
    ("name", "genitive"),
    [
        *[("Mari Tamm", "Mari Tamme"), ("Jaan Kask", "Jaan Kase"), ("Anu Mägi", "Anu Mägi")],
        *[("Kaja Kallas", "Kaja Kallase"), ("Peep Kõrgesaar", "Peep Kõrgesaare")],
        *[("Rein Lepik", "Rein Lepiku"), ("Olev Hermann", "Olev Hermanni"), ("Tõnis", "Tõnise")],
        *[("Carl Jakobson", "Carl Jakobsoni")],
        *[("Igor Ivanov", "Igor Ivanovi"), ("Katrin", "Katrini")],
        *[("Peeter", "Peetri"), ("Mart", "Mardi"), ("Anne", "Anne"), ("Anna-Liisa", "Anna-Liisa")],
        *[("Eva Müller", "Eva Mülleri"), ("Liis Metsamaa", "Liis Metsamaa")],
    ],
)
def test_names_are_declined_by_their_last_word(name: str, genitive: str) -> None:
    forms = declined(name)
    assert forms == {"gen": genitive, "all": f"{genitive}le", "com": f"{genitive}ga"}
    assert set(forms) == set(CASES)


@pytest.mark.parametrize(
    "name",
    [
        *("Kert", "Mari Smith", "Mike", "Piotr Wójcik", "Jaan Kolk", "Erich", "Jean-Luc", "Zoë"),
        *("Vello Vaher Kruup", "Tanel Padar"),
    ],
)
def test_names_whose_forms_are_not_settled_are_not_declined(name: str) -> None:
    assert declined(name) is None
