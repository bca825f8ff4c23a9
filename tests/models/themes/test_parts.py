"""Parts of a theme are found where they are clear, and dense groups where excerpts crowd."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from models.contracts import Vectors
from models.themes import parts
from models.themes.parts import MOST_PARTS, dense_groups, parts_of
from tests.models.made_up_texts import DIMENSIONS, around

NONE = np.zeros((0, DIMENSIONS), np.float32)


def crowds(*counts: int, spread: float = 0.1) -> Vectors:
    """So many vectors round one axis after another."""
    made = [around(at, count, 60 + at, spread) for at, count in enumerate(counts)]
    return np.concatenate(made)


def scattered(count: int) -> Vectors:
    """Vectors that are near nothing and far from each other."""
    return around(DIMENSIONS - 1, count, 77, 30)


def of_each(found: NDArray[np.int64], *counts: int) -> list[set[int]]:
    """Numbers that each crowd has got."""
    return [set(own.tolist()) for own in np.split(found, np.cumsum(counts)[:-1])]


# Parts


@pytest.mark.parametrize("counts", [(30, 30), (60, 12), (20, 20, 20), (15, 15, 15, 15)])
def test_parts_that_are_clear_are_found(counts: tuple[int, ...]) -> None:
    each = of_each(parts_of(crowds(*counts)), *counts)
    assert all(len(numbers) == 1 for numbers in each)
    assert set.union(*each) == set(range(len(counts)))


def test_there_are_never_more_parts_than_people_can_oversee() -> None:
    assert len(np.unique(parts_of(crowds(*[15] * 7)))) <= MOST_PARTS


def test_where_all_are_alike_there_is_one_part() -> None:
    assert parts_of(np.repeat(crowds(1), 50, axis=0)).tolist() == [0] * 50


@pytest.mark.parametrize("spread", [0.1, 0.25, 0.5, 1.0])
def test_a_round_heap_does_not_fall_apart(spread: float) -> None:
    assert parts_of(around(0, 100, 5, spread)).tolist() == [0] * 100


@pytest.mark.parametrize("count", [0, 1, 2 * MOST_PARTS - 1])
def test_too_few_to_part_are_all_in_one(count: int) -> None:
    rows = scattered(count) if count else NONE
    assert parts_of(rows).tolist() == [0] * count


def test_vectors_that_are_said_again_do_not_make_too_few_into_enough() -> None:
    few = np.repeat(crowds(2, 2), 20, axis=0)
    assert set(parts_of(few).tolist()) == {0}


def test_the_same_vectors_have_the_same_parts_and_one_vector_one_part() -> None:
    rows = np.concatenate([scattered(40), scattered(40)])
    found = parts_of(rows)
    assert np.array_equal(found, parts_of(rows))
    assert np.array_equal(found[:40], found[40:])


def test_of_very_many_excerpts_those_not_looked_at_go_to_the_nearest_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "_LOOKED_AT", 30)
    rows = crowds(61, 62)
    found = parts_of(rows)
    assert len(found) == 123
    assert of_each(found, 61, 62) in ([{0}, {1}], [{1}, {0}])


def test_a_part_of_a_single_excerpt_beside_a_great_many_is_no_error() -> None:
    rows = np.concatenate([around(0, 1_500, 1, 0.002), around(1, 1, 2)])
    found = parts_of(rows)
    assert len(found) == len(rows)


# Dense groups


def test_crowds_are_groups_of_their_own_and_most_of_what_lies_between_is_in_none() -> None:
    rows = np.concatenate([crowds(20, 15), scattered(12)])
    found = dense_groups(rows, 5)
    crowd, other, _ = of_each(found, 20, 15, 12)
    assert len(crowd) == len(other) == 1
    assert len((crowd | other) - {-1}) == 2
    assert (found[35:] == -1).mean() >= 0.5


@pytest.mark.parametrize("smallest", [3, 5, 8, 15])
def test_no_group_is_smaller_than_asked_for(smallest: int) -> None:
    found = dense_groups(np.concatenate([crowds(20, 20, 4, 7, 10), scattered(30)]), smallest)
    _, counts = np.unique(found[found >= 0], return_counts=True)
    assert len(counts) >= 2
    assert counts.min() >= smallest


def test_a_small_crowd_has_a_group_of_its_own_only_where_so_small_a_one_is_asked_for() -> None:
    counts = 20, 20, 6
    first, second, small = of_each(dense_groups(crowds(*counts), 5), *counts)
    assert len((first | second | small) - {-1}) == 3
    assert len(small) == 1
    assert len({*dense_groups(crowds(*counts), 10).tolist()} - {-1}) <= 2


def test_what_lies_scattered_makes_no_group() -> None:
    assert set(dense_groups(scattered(40), 5).tolist()) == {-1}


@pytest.mark.parametrize("count", [0, 1, 4])
def test_fewer_than_a_group_needs_are_in_none(count: int) -> None:
    rows = np.repeat(crowds(1), count, axis=0) if count else NONE
    assert dense_groups(rows, 5).tolist() == [-1] * count


def test_a_single_crowd_is_a_group_though_there_is_no_other() -> None:
    crowd, between = of_each(dense_groups(np.concatenate([crowds(20), scattered(30)]), 5), 20, 30)
    assert len(crowd) == 1
    assert crowd != {-1}
    assert -1 in between


def test_excerpts_of_one_and_the_same_vector_are_one_group() -> None:
    (number,) = {*dense_groups(np.repeat(crowds(1), 50, axis=0), 5).tolist()}
    assert number >= 0


def test_excerpts_of_a_group_are_nearer_to_each_other_than_chance() -> None:
    rows = np.concatenate([crowds(20, 15, 8), scattered(60)])
    found = dense_groups(rows, 5)
    chosen = sorted(set(found.tolist()) - {-1})
    assert chosen
    for group in chosen:
        own = rows[found == group]
        apart = (own @ own.T)[~np.eye(len(own), dtype=bool)]
        assert apart.mean() >= parts.LEAST_LIKENESS


def test_the_same_vectors_have_the_same_groups() -> None:
    rows = np.concatenate([crowds(20, 15), scattered(12)])
    assert np.array_equal(dense_groups(rows, 5), dense_groups(rows, 5))
