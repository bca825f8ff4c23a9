from __future__ import annotations

import numpy as np

from models.themes import Theme
from tests.models.themes.little_model import (
    axis,
    everything,
    prototypes,
)


def test_a_given_name_goes_before_a_found_one_of_its_language() -> None:
    theme = Theme("thm_a", {"en": "Found", "pl": "Znaleziony"}, {}, given={"pl": "Nadany"})
    assert [theme.name(code) for code in ("pl", "en", "et", "other")] == [
        "Nadany",
        "Found",
        "Found",
        "Found",
    ]
    assert theme.label == "Found"


def test_a_theme_without_an_english_name_is_labelled_in_the_first_language_that_has_one() -> None:
    assert Theme("thm_a", {"et": "Raha", "cs": "Peníze"}, {}).label == "Peníze"
    assert Theme("thm_a", {"et": "Raha"}, {}, given={"et": "Tasu"}).label == "Tasu"
    assert Theme("thm_a", {}, {}).label == "?"


def test_prototypes_that_get_other_owners_stand_in_the_order_of_those() -> None:
    own = prototypes(axis(0, 1, 2), [0, 1, 2], [0.1, 0.2, 0.3])
    moved = own.owned_by(np.array([1, 0, 1]))
    assert moved.owners.tolist() == [0, 1, 1]
    assert np.array_equal(moved.centroids, axis(1, 0, 2))
    assert moved.thresholds.tolist() == np.array([0.2, 0.1, 0.3], np.float32).tolist()


def test_prototypes_are_put_together_and_picked_out_with_all_they_have() -> None:
    one, other = everything().prototypes, prototypes(axis(5), [3], [0.25])
    both = one + other
    assert len(both) == len(one) + 1
    assert both.owners.tolist() == [*one.owners.tolist(), 3]
    assert both.held.tolist() == [False, True, False, False, False]
    last = both.of(both.owners == 3)
    assert np.array_equal(last.centroids, axis(5))
    assert (last.thresholds.tolist(), last.held.tolist()) == ([0.25], [False])
