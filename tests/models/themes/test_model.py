"""What the model gives an excerpt: by example before pin before prototype, or nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.contracts import Themed
from models.themes import ThemeModel
from tests.models.themes.little_model import (
    COURIER,
    DIMENSIONS,
    LOCKER,
    REFUND,
    ROUNDING,
    SHARP,
    axis,
    between,
    everything,
    first,
    ids,
    made,
    prototypes,
    retired,
)


def test_an_excerpt_has_the_theme_of_the_nearest_prototype_with_its_english_label() -> None:
    found = made().assign(axis(2, 0, 1))
    assert ids(found) == [("thm_locker", None), ("thm_courier", None), ("thm_refund", None)]
    assert [one.first.label for one in found if one.first] == ["Locker", "Courier", "Refund"]


def test_confidence_is_the_theme_s_share_by_sharpness() -> None:
    (sure,), (torn,) = made().assign(axis(0)), made().assign(between(0, 1, 44))
    assert sure.first is not None
    assert torn.first is not None
    assert torn.second is not None
    assert sure.first.confidence == pytest.approx(np.exp(SHARP) / (np.exp(SHARP) + 2), abs=ROUNDING)
    assert 0 < torn.second.confidence < torn.first.confidence < 0.55
    assert torn.first.confidence + torn.second.confidence <= 1


def test_below_its_threshold_an_excerpt_is_left_without_a_theme_and_on_it_is_not() -> None:
    assert made().assign(axis(5)) == [Themed()]
    assert ids(made().assign(np.concatenate([between(0, 5, 59), between(0, 5, 61)]))) == [
        ("thm_courier", None),
        (None, None),
    ]
    on_it = replace(made(), prototypes=prototypes(axis(0, 1, 2), [0, 1, 2], [1.0, 1.0, 1.0]))
    assert first(on_it.assign(axis(0))) == "thm_courier"


def test_each_theme_has_a_threshold_of_its_own() -> None:
    model = replace(made(), prototypes=prototypes(axis(0, 1, 2), [0, 1, 2], [0.9, 0.3, 0.3]))
    assert first(model.assign(between(0, 5, 45))) is None
    assert first(model.assign(between(1, 5, 45))) == "thm_refund"


def test_the_second_theme_is_what_an_excerpt_is_about_besides() -> None:
    assert ids(made().assign(between(0, 1, 40))) == [("thm_courier", "thm_refund")]
    assert ids(made().assign(between(0, 1, 50))) == [("thm_refund", "thm_courier")]


def test_there_is_no_second_theme_below_its_threshold_nor_without_a_first() -> None:
    assert ids(made().assign(between(0, 1, 20))) == [("thm_courier", None)]
    strict = replace(made(), prototypes=prototypes(axis(0, 1, 2), [0, 1, 2], [0.9, 0.3, 0.3]))
    assert ids(strict.assign(between(0, 1, 40))) == [(None, None)]


def test_a_model_of_one_theme_gives_no_second_and_a_confidence_of_one() -> None:
    model = replace(made(), themes=made().themes[:1], prototypes=prototypes(axis(0), [0]))
    (found,) = model.assign(axis(0))
    assert found.first is not None
    assert (found.first.confidence, found.second) == (1.0, None)


def merged() -> ThemeModel:
    """Courier has two prototypes, far from each other and with thresholds of their own."""
    own = prototypes(axis(0, 3, 1, 2), [COURIER, COURIER, REFUND, LOCKER], [0.5, 0.9, 0.5, 0.5])
    return replace(made(), prototypes=own)


def test_a_theme_of_several_prototypes_is_had_by_what_is_near_any_of_them() -> None:
    assert ids(merged().assign(axis(0, 3, 1))) == [
        ("thm_courier", None),
        ("thm_courier", None),
        ("thm_refund", None),
    ]


def test_each_prototype_of_a_theme_has_a_threshold_of_its_own() -> None:
    assert first(merged().assign(between(0, 5, 45))) == "thm_courier"
    assert first(merged().assign(between(3, 5, 45))) is None


def test_a_theme_is_not_its_own_second_and_its_prototypes_do_not_share_its_confidence() -> None:
    (found,) = merged().assign(between(0, 3, 10))
    assert found.first is not None
    assert found.second is None
    best = np.exp(SHARP * np.cos(np.radians(10)))
    assert found.first.confidence == pytest.approx(best / (best + 2), abs=ROUNDING)
    assert ids(merged().assign(between(0, 3, 45) * 0.8 + axis(1) * 0.6)) == [
        ("thm_refund", "thm_courier")
    ]


def test_the_nearest_prototype_and_its_cosine_are_given_sure_or_not() -> None:
    best, cosines = merged().nearest(np.concatenate([axis(3), between(2, 5, 80)]))
    assert best.tolist() == [1, 3]
    assert cosines.tolist() == pytest.approx([1, np.cos(np.radians(80))], abs=1e-6)


def test_what_falls_to_a_retired_theme_is_left_without_one() -> None:
    model = retired(made(), COURIER)
    assert ids(model.assign(axis(0, 1))) == [(None, None), ("thm_refund", None)]
    assert ids(model.assign(between(0, 1, 40))) == [(None, None)]
    assert ids(model.assign(between(0, 1, 50))) == [("thm_refund", None)]


def test_nothing_to_assign_gives_nothing_and_no_theme_leaves_everything_without_one() -> None:
    nothing = np.zeros((0, DIMENSIONS), np.float32)
    assert everything().assign(nothing) == []
    assert everything().assign(nothing, [], []) == []
    bare = replace(made(), themes=(), prototypes=prototypes(nothing, []))
    assert bare.assign(axis(0, 1)) == [Themed(), Themed()]


def test_an_excerpt_s_theme_does_not_depend_on_what_stands_beside_it() -> None:
    generator = np.random.default_rng(8)
    rows = generator.normal(size=(200, DIMENSIONS))
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    texts = ["zwrotu pieniędzy brak" if at % 9 == 0 else "paczka" for at in range(200)]
    codes = ["pl"] * 200
    model = replace(everything(), themes=made().themes)
    together = model.assign(vectors, texts, codes)
    alone = [
        model.assign(vectors[at : at + 1], texts[at : at + 1], codes[at : at + 1])[0]
        for at in range(200)
    ]
    assert ids(together) == ids(alone)
    assert len(set(ids(together))) > 3
    for one, other in zip(together, alone, strict=True):
        if one.first and other.first:
            assert one.first.confidence == pytest.approx(other.first.confidence, abs=ROUNDING)
