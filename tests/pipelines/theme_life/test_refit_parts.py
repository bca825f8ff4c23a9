from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from models.themes import ThemeModel
from pipelines.theme_life import identity, membership
from pipelines.theme_life.refit import settle
from tests.models.made_up_texts import DIMENSIONS, Corpus, around
from tests.pipelines.theme_life.fake_store import found_in, heap, heaps
from tests.pipelines.theme_life.settling import (
    CAUSES,
    WEATHER,
    corpus_of,
    fates,
    first,
    leaning,
    themes_of,
)


def with_two_causes_in_one() -> tuple[Corpus, ThemeModel]:
    """A corpus in which the first fit did not tell two causes apart, and its model."""
    content = heaps(*leaning(0.8), corpus_of(30, 1))
    found = found_in(content, late="courier", rude="courier")
    return content, settle(found, None, None).model


def test_a_theme_is_split_where_a_large_part_of_it_stands_for_itself() -> None:
    content, model = with_two_causes_in_one()
    courier = model.themes[0].id
    again = settle(found_in(content, late="courier"), model, None, made_from=len(content.texts))
    (split,) = fates(again, "split")
    assert (split.label, split.other) == ("rude", courier)
    assert split.evidence["part"] >= 0.25
    assert split.evidence["mainly"] > 0.6
    assert split.evidence["apart"] > 0.08
    assert [theme.id for theme in again.model.themes[:-1]] == [theme.id for theme in model.themes]
    themes = themes_of(again.model, content)
    own = [at for at, cause in zip(themes, content.causes, strict=True) if cause == "rude"]
    assert own.count(split.theme) >= 0.9 * len(own)


def test_a_theme_is_not_split_into_parts_that_lie_together() -> None:
    content = heaps(*leaning(0.1), corpus_of(30, 1))
    model = settle(found_in(content, late="courier", rude="courier"), None, None).model
    again = settle(found_in(content, late="courier"), model, None, made_from=len(content.texts))
    assert not fates(again, "split")
    assert [theme.id for theme in again.model.themes] == [theme.id for theme in model.themes]


def test_a_theme_is_not_split_for_a_small_part() -> None:
    content = heaps(*leaning(0.8), corpus_of(120, 1))
    model = settle(found_in(content, late="courier", rude="courier"), None, None).model
    again = settle(found_in(content, late="courier"), model, None, made_from=len(content.texts))
    assert not fates(again, "split")


def test_themes_that_people_merged_are_not_split_again() -> None:
    content = heaps(*leaning(0.8), corpus_of(30, 1))
    model = settle(found_in(content, courier="late"), None, None).model
    late, rude = (theme.id for theme in model.themes[:2])
    merged = membership.Merge(late, rude).apply(model)
    found = found_in(content, courier="late")
    again = settle(found, merged, None, made_from=len(content.texts))
    assert again.model.version == merged.version
    assert not fates(again, "split")


def test_a_theme_that_people_named_is_not_split() -> None:
    content, model = with_two_causes_in_one()
    renamed = identity.Rename(model.themes[0].id, "Ours").apply(model)
    again = settle(found_in(content, late="courier"), renamed, None, made_from=len(content.texts))
    assert not fates(again, "split")


def test_what_people_retired_does_not_come_back_as_a_part_of_it() -> None:
    content, model = with_two_causes_in_one()
    retired = identity.Retire(model.themes[0].id).apply(model)
    again = settle(found_in(content, late="courier"), retired, None, made_from=len(content.texts))
    assert len(again.model.themes) == len(model.themes)
    themes = themes_of(again.model, content)
    own = [at for at, cause in zip(themes, content.causes, strict=True) if cause == "rude"]
    assert set(own) == {None}


def test_a_refit_never_makes_a_second_theme_of_one_id() -> None:
    content, settled = first()
    own = settled.model.prototypes
    away = own.centroids.copy()
    away[0] = np.eye(DIMENSIONS)[WEATHER]
    moved = replace(settled.model, prototypes=replace(own, centroids=away))
    again = settle(found_in(content), moved, None, made_from=len(content.texts))
    assert len(again.model.themes) == len(CAUSES) + 1
    assert len(again.model.places) == len(again.model.themes)


def near_twins() -> tuple[Corpus, ThemeModel]:
    """A corpus in which the first fit told apart what is one, and its model."""
    content = heaps(*leaning(0.15), heap("refund", 1, 30, 2), heap("locker", 2, 30, 3))
    return content, settle(found_in(content), None, None).model


def test_two_themes_that_a_fit_finds_to_be_one_are_merged() -> None:
    content, model = near_twins()
    again = settle(found_in(content, late="rude"), model, None, made_from=len(content.texts))
    (merged,) = fates(again, "merged")
    assert {merged.theme, merged.other} == {theme.id for theme in model.themes[:2]}
    assert merged.evidence["inside"] >= 0.7
    assert merged.evidence["cosine"] >= 0.85
    assert len(again.model.themes) == len(model.themes) - 1
    assert merged.theme not in again.model.places
    before, after = themes_of(model, content), themes_of(again.model, content)
    assert after == [merged.other if one == merged.theme else one for one in before]


def _renamed(model: ThemeModel, theme: str) -> ThemeModel:
    return identity.Rename(theme, "Ours").apply(model)


def _pinned(model: ThemeModel, theme: str) -> ThemeModel:
    return membership.PinPhrase(theme, "a phrase").apply(model)


def _owned(model: ThemeModel, theme: str) -> ThemeModel:
    return identity.Place(theme, {"owner": "Ewa"}).apply(model)


def _placed(model: ThemeModel, theme: str) -> ThemeModel:
    return identity.Place(theme, {"touchpoint": None}).apply(model)


def _given(model: ThemeModel, theme: str) -> ThemeModel:
    return membership.Move(around(WEATHER, 1, 1), theme).apply(model)


def _retired(model: ThemeModel, theme: str) -> ThemeModel:
    return identity.Retire(theme).apply(model)


@pytest.mark.parametrize("at", [0, 1])
@pytest.mark.parametrize("touch", [_renamed, _pinned, _owned, _placed, _given, _retired])
def test_themes_that_people_touched_are_not_merged(
    touch: Callable[[ThemeModel, str], ThemeModel], at: int
) -> None:
    content, model = near_twins()
    touched = touch(model, model.themes[at].id)
    again = settle(found_in(content, late="rude"), touched, None, made_from=len(content.texts))
    assert not fates(again, "merged")
    assert [theme.id for theme in again.model.themes] == [theme.id for theme in model.themes]


def test_two_themes_that_lie_apart_are_not_merged_though_one_cluster_holds_both() -> None:
    content = heaps(*leaning(0.8), corpus_of(30, 1))
    model = settle(found_in(content, courier="late"), None, None).model
    found = found_in(content, courier="late", rude="late")
    again = settle(found, model, None, made_from=len(content.texts))
    assert not fates(again, "merged")
    assert len(again.model.themes) == len(model.themes)
