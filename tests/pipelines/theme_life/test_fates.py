from __future__ import annotations

import numpy as np
import pytest

from pipelines.theme_life.fates import SHOWN, Fate, Kind, counted, kept_share, shown
from tests.models.made_up_texts import around


def test_kept_share_is_over_excerpts_that_had_a_theme() -> None:
    assert kept_share(["a", "a", "b", None], ["a", "b", None, "a"]) == pytest.approx(1 / 3)
    assert kept_share(["a", None], ["a", None]) == 1.0
    assert kept_share([None, None], ["a", None]) == 1.0
    assert kept_share([], []) == 1.0


def test_fates_count_excerpts_before_after_and_stayed() -> None:
    before = ["a"] * 4 + ["b"] * 4 + [None] * 2
    after = ["a"] * 3 + ["c"] + ["b"] * 4 + ["c"] * 2
    found = counted(
        [Fate("kept", "a", "A"), Fate("kept", "b", "B"), Fate("new", "c", "C")], before, after
    )
    assert [(fate.before, fate.after, fate.stayed) for fate in found] == [
        (4, 3, 3),
        (4, 4, 4),
        (0, 3, 0),
    ]


@pytest.mark.parametrize(
    ("after", "kind"), [(100, "kept"), (124, "kept"), (125, "grown"), (81, "kept"), (80, "shrunk")]
)
def test_growth_of_a_quarter_is_said(after: int, kind: str) -> None:
    now = ["a"] * after + [None] * (400 - after)
    (found,) = counted([Fate("kept", "a", "A")], ["a"] * 100 + [None] * 300, now)
    assert found.kind == kind


def test_what_is_not_kept_stays_what_it_is_however_it_grows() -> None:
    (found,) = counted([Fate("split", "a", "A", other="b")], ["a", "b", "b"], ["a", "a", "a"])
    assert (found.kind, found.other, found.before, found.after) == ("split", "b", 1, 3)


@pytest.mark.parametrize(
    ("kind", "theme", "own"),
    [("new", "b", 1), ("split", "b", 1), ("merged", "a", 0), ("retired", "a", 0)],
)
def test_what_came_or_went_is_shown_by_its_most_central_excerpts(
    kind: Kind, theme: str, own: int
) -> None:
    vectors = np.concatenate([around(0, 20, 1), around(1, 20, 2)])
    before = ["a"] * 20 + [None] * 20
    after = [None] * 20 + ["b"] * 20
    (found,) = shown([Fate(kind, theme, theme)], range(100, 140), vectors, before, after)
    rows = range(20 * own, 20 * own + 20)
    middle = vectors[rows].mean(axis=0)
    nearest = sorted(rows, key=lambda at: -float(vectors[at] @ middle))[:SHOWN]
    assert found.excerpts == tuple(100 + at for at in nearest)


def test_of_what_stayed_no_excerpt_is_shown_nor_of_what_has_none() -> None:
    stayed = [Fate("kept", "a", "A"), Fate("grown", "a", "A"), Fate("retired", "c", "C")]
    found = shown(stayed, [1, 2], around(0, 2, 1), ["a", "a"], ["a", "a"])
    assert [fate.excerpts for fate in found] == [(), (), ()]
