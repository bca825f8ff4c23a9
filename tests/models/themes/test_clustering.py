"""Of several layouts the size is taken at which they agree, and the one most like the others."""

from __future__ import annotations

import numpy as np
import pytest

from models.contracts import Vectors
from models.themes.clustering import COMPONENTS, LAYOUTS, SMALLEST, Layouts, Steadiest
from tests.models.made_up_texts import corpus


def layouts_of(clumps: Vectors, spreads: tuple[float, ...], jitter: float = 0.0) -> Vectors:
    """Clumps of seven points as so many layouts show them, each moved by chance."""
    parts = []
    for at, spread in enumerate(spreads):
        chance = np.random.default_rng(at)
        middles = clumps + chance.normal(scale=jitter, size=clumps.shape)
        points = np.repeat(middles, 7, axis=0)
        own = np.zeros((len(points), COMPONENTS))
        own[:, :2] = points + chance.normal(scale=spread, size=points.shape)
        parts.append(own)
    return np.concatenate(parts, axis=1).astype(np.float32)


CORNERS = np.array([[x, y] for x in range(8) for y in range(8)], np.float32)


def test_a_small_size_is_taken_where_layouts_agree_on_small_clumps() -> None:
    found = Steadiest().fit(layouts_of(CORNERS, (0.03, 0.03, 0.03)))
    assert len(np.unique(found.labels_)) == 64
    assert found.smallest == SMALLEST


def test_a_large_size_is_taken_where_layouts_agree_on_crowds_alone() -> None:
    crowds = np.array([[0, 0], [20, 0], [0, 20], [20, 20]], np.float32)
    found = Steadiest().fit(layouts_of(np.repeat(crowds, 16, axis=0), (0.5, 0.5, 0.5), jitter=1.5))
    assert len(np.unique(found.labels_[found.labels_ >= 0])) == 4
    assert found.smallest > SMALLEST


def test_of_the_layouts_the_one_most_like_the_others_is_taken() -> None:
    odd, even = layouts_of(CORNERS, (0.3,)), layouts_of(CORNERS, (0.03, 0.03))
    found = Steadiest().fit(np.concatenate([odd, even], axis=1))
    assert len(np.unique(found.labels_)) == 64


def test_layouts_that_agree_on_one_cloud_with_a_speck_do_not_win() -> None:
    chance = np.random.default_rng(0)
    parts = []
    for _ in range(3):
        own = np.zeros((448, COMPONENTS))
        own[:420, :2] = np.repeat(chance.permutation(CORNERS)[:60], 7, axis=0)
        own[420:, 0] = 100
        parts.append(own + chance.normal(scale=0.03, size=own.shape))
    found = Steadiest().fit(np.concatenate(parts, axis=1).astype(np.float32))
    assert len(np.unique(found.labels_)) > 50


def test_points_that_are_all_one_are_no_group_and_no_error() -> None:
    assert (Steadiest().fit(np.zeros((40, 2 * COMPONENTS), np.float32)).labels_ == -1).all()


@pytest.mark.filterwarnings("ignore::UserWarning")  # UMAP's, about its seed and its neighbours
@pytest.mark.parametrize(("laid_out", "count"), [(10_000, LAYOUTS), (500, 3), (1, 2)])
def test_many_excerpts_are_laid_out_fewer_times_and_twice_at_least(
    monkeypatch: pytest.MonkeyPatch, laid_out: int, count: int
) -> None:
    monkeypatch.setattr("models.themes.clustering._LAID_OUT", laid_out)
    made = Layouts(1).fit_transform(corpus().vectors)
    assert made.shape == (len(corpus().texts), count * COMPONENTS)
    parts = np.split(made, count, axis=1)
    assert not np.allclose(parts[0], parts[1])
