"""The map places what is alike together, and the same vector always in the same place."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from models.contracts import Vectors
from models.themes import Atlas, atlas, fit_atlas
from tests.models.made_up_texts import A_CAUSE, CAUSES, DIMENSIONS, around, corpus

SEED = 42


def groups() -> NDArray[np.int64]:
    return np.repeat(np.arange(len(CAUSES)), A_CAUSE)


@cache
def laid_out() -> Atlas:
    """The map of the corpus, made once."""
    return fit_atlas(corpus().vectors, groups(), seed=SEED)


def same(one: Atlas, other: Atlas) -> bool:
    return all(np.array_equal(part, other.arrays()[name]) for name, part in one.arrays().items())


def spread(places: Vectors) -> float:
    """Mean distance from the middle."""
    return float(np.linalg.norm(places - places.mean(axis=0), axis=1).mean())


def test_excerpts_of_one_group_lie_together_and_groups_lie_apart_unseen_ones_too() -> None:
    places = [laid_out().place(around(at, 40, 900 + at)) for at in range(len(CAUSES))]
    middles = [one.mean(axis=0) for one in places]
    nearest = min(float(np.linalg.norm(one - other)) for one, other in combinations(middles, 2))
    assert nearest > 2 * max(spread(one) for one in places)


def test_most_places_lie_within_one_of_the_middle() -> None:
    places = laid_out().place(corpus().vectors)
    assert places.shape == (len(corpus().texts), 2)
    assert places.dtype == np.float32
    assert (np.abs(places) <= 1.1).mean() > 0.9
    assert spread(places) > 0.2


def test_the_same_vector_has_the_same_place_whatever_stands_beside_it() -> None:
    rows = corpus().vectors
    together = laid_out().place(rows)
    alone = np.concatenate([laid_out().place(rows[at : at + 1]) for at in range(len(rows))])
    assert np.allclose(together, alone, atol=1e-5)
    assert np.array_equal(together, laid_out().place(rows))


def test_no_vectors_have_no_places() -> None:
    assert laid_out().place(np.zeros((0, DIMENSIONS), np.float32)).shape == (0, 2)


def test_the_same_input_gives_the_same_map_and_another_seed_another() -> None:
    assert same(fit_atlas(corpus().vectors, groups(), seed=SEED), laid_out())
    assert not same(fit_atlas(corpus().vectors, groups(), seed=7), laid_out())


def test_a_map_that_was_saved_and_loaded_places_the_same_to_the_byte() -> None:
    arrays = laid_out().arrays()
    assert all(one.dtype == np.float16 for one in arrays.values())
    loaded = Atlas.of(arrays)
    rows = around(0, 50, 31, 0.6)
    assert loaded.place(rows).tobytes() == laid_out().place(rows).tobytes()


def test_an_archive_that_lacks_a_part_of_the_map_is_a_key_error() -> None:
    arrays = laid_out().arrays()
    del arrays["atlas.output_bias"]
    with pytest.raises(KeyError, match="output_bias"):
        Atlas.of(arrays)


@pytest.mark.parametrize("seed", [SEED, 7])
def test_a_new_map_begins_from_the_one_before_and_so_looks_like_it(seed: int) -> None:
    """Most excerpts are of two new causes: still every old one is about where it was."""
    new = np.concatenate([around(10, 200, 5), around(11, 100, 6)])
    rows = np.concatenate([corpus().vectors, new])
    both = np.concatenate([groups(), np.repeat([4, 5], [200, 100])])
    known = corpus().vectors
    was = laid_out().place(known)

    def likeness(made: Atlas) -> float:
        return float(np.corrcoef(was.ravel(), made.place(known).ravel())[0, 1])

    assert likeness(fit_atlas(rows, both, seed=seed, before=laid_out())) > 0.7
    assert likeness(fit_atlas(rows, both, seed=seed)) < 0.5


def test_a_blank_map_is_no_hindrance_to_begin_from() -> None:
    new = fit_atlas(corpus().vectors, groups(), seed=SEED, before=Atlas.blank(DIMENSIONS))
    assert spread(new.place(corpus().vectors)) > 0.2


@pytest.mark.parametrize("count", [0, 1, 3])
def test_fewer_than_four_excerpts_lie_in_the_middle(count: int) -> None:
    made = fit_atlas(around(0, count, 1), np.zeros(count, np.int64), seed=SEED)
    assert same(made, Atlas.blank(DIMENSIONS))
    assert made.place(around(1, 5, 2)).tolist() == [[0, 0]] * 5


@pytest.mark.parametrize("count", [4, 5, 10, 17])
def test_a_few_excerpts_are_laid_out(count: int) -> None:
    rows = around(0, count, 1, 0.8)
    places = fit_atlas(rows, np.zeros(count, np.int64), seed=SEED).place(rows)
    assert np.isfinite(places).all()
    assert spread(places) > 0


def test_excerpts_of_one_and_the_same_vector_lie_in_one_place() -> None:
    rows = np.repeat(around(0, 1, 1), 40, axis=0)
    places = fit_atlas(rows, np.zeros(40, np.int64), seed=SEED).place(rows)
    assert np.isfinite(places).all()
    assert spread(places) == pytest.approx(0, abs=1e-5)


def test_of_very_many_excerpts_every_so_manieth_is_laid_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(atlas, "MOST", 60)
    every_third = fit_atlas(corpus().vectors[::3], groups()[::3], seed=SEED)
    assert same(fit_atlas(corpus().vectors, groups(), seed=SEED), every_third)
    assert not same(every_third, laid_out())


def test_a_map_keeps_its_values_in_half_precision_s_steps() -> None:
    for part in (laid_out().hidden, laid_out().output):
        assert part.dtype == np.float32
        assert np.array_equal(part, part.astype(np.float16).astype(np.float32))
